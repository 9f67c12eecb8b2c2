package reports

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// lineForm is what a program that reads the format may rely on.
var lineForm = regexp.MustCompile(`^.+?:[1-9][0-9]*:[1-9][0-9]*: (unknown: )?.+ \[[a-z-]+\] \(.+\)$`)

func TestLinesHaveOneForm(t *testing.T) {
	for _, r := range []*scorecard.Report{sample(), crowd(300)} {
		for line := range strings.Lines(render(t, "lines", r, Options{})) {
			if line = strings.TrimSuffix(line, "\n"); !lineForm.MatchString(line) {
				t.Errorf("%q has another form", line)
			}
		}
	}
}

// linesFor gives the lines about one service "a" and one "b", whose checks each state the given requirements.
func linesFor(t *testing.T, announced bool, run func(in *checks.Inspection)) []string {
	t.Helper()
	estate := &catalog.Estate{Services: []*catalog.Service{{ID: "a"}, {ID: "b"}}}
	policy := scorecard.DefaultPolicy()
	policy.Checks = map[string]scorecard.CheckPolicy{"second": {Announced: announced}}
	var set []*checks.Check
	for _, id := range []string{"first", "second"} {
		set = append(set, toy(id, id, checks.Alerts, checks.Know, checks.Low, checks.Gold, catalog.Alerts, run))
	}
	out := render(t, "lines", scorecard.Evaluate(estate, set, policy, sample().Now, 1), Options{})
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n")
}

func TestLinesTellACauseOnce(t *testing.T) {
	got := linesFor(t, true, func(in *checks.Inspection) {
		in.Unmetf(catalog.Place{File: in.Service.ID, Line: 9}, "nine in %s", in.Service.ID).Because("key", "one cause")
		in.Unmetf(catalog.Place{File: in.Service.ID, Line: 7, Col: 2}, "seven in %s", in.Service.ID).Because("key", "one cause")
	})
	if want := []string{"a:7:2: one cause, and 3 more places [first] (a and 1 more) (4 announced)"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinesTellAGapOnce(t *testing.T) {
	got := linesFor(t, false, func(in *checks.Inspection) {
		in.Undecidedf(catalog.Place{File: "values.yaml"}, "it is a template")
	})
	if want := []string{"values.yaml:1:1: unknown: it is a template [first] (a and 1 more)"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinesNameAnAddressAsItIs(t *testing.T) {
	got := linesFor(t, false, func(in *checks.Inspection) {
		in.Unmetf(catalog.Place{File: "https://grafana.example/d/pay"}, "it is dead")
	})
	if want := "https://grafana.example/d/pay: it is dead [first] (a and 1 more)"; len(got) == 0 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinesStandInTheOrderOfPlaces(t *testing.T) {
	got := linesFor(t, true, func(in *checks.Inspection) {
		if in.Service.ID == "b" {
			in.Unmetf(catalog.Place{File: "y"}, "is wrong")
			in.Unmetf(catalog.Place{File: "x", Line: 10}, "is wrong")
			in.Unmetf(catalog.Place{File: "x", Line: 9}, "is\nwrong")
			in.Unmetf(catalog.Place{}, "stands nowhere")
			in.Metf(catalog.Place{File: "x"}, "is fine")
		}
	})
	want := []string{
		"-:1:1: stands nowhere [first] (b)", "-:1:1: stands nowhere [second] (b) (announced)",
		"x:9:1: is wrong [first] (b)", "x:9:1: is wrong [second] (b) (announced)",
		"x:10:1: is wrong [first] (b)", "x:10:1: is wrong [second] (b) (announced)",
		"y:1:1: is wrong [first] (b)", "y:1:1: is wrong [second] (b) (announced)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLinesSummarizeOnATerminalOnly(t *testing.T) {
	fine := toy("fine", "fine", checks.Alerts, checks.Know, checks.Low, checks.Gold, catalog.Alerts, func(in *checks.Inspection) { in.Metf(in.Service.At, "fine") })
	r := scorecard.Evaluate(sampleEstate(), []*checks.Check{fine}, scorecard.DefaultPolicy(), sample().Now, 1)
	if out := render(t, "lines", r, Options{}); out != "" {
		t.Errorf("got %q for a program, want nothing", out)
	}
	if out, want := render(t, "lines", r, Options{Width: 80}), "0 findings. All 6 services are at their required level\n"; out != want {
		t.Errorf("got %q for a terminal, want %q", out, want)
	}
	out := render(t, "lines", sample(), Options{Width: 80})
	if want := "\n\n10 findings, 3 unknown. 2 of 6 services are at their required level\n"; !strings.HasSuffix(out, want) {
		t.Errorf("got %q at the end, want %q", out[max(0, len(out)-len(want)):], want)
	}
}
