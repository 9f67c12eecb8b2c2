package site

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// goldenReport is a small estate with a past. The words of actions and answers are scorecard's, so they are replaced.
func goldenReport() *scorecard.Report {
	r := evaluate(sampleEstate(6))
	lookBack(r, 9)
	answers := []scorecard.Answer{{Question: checks.Promise, Status: scorecard.Partly, Missing: []string{"an SLO of basket"},
		Clauses: []scorecard.Clause{{Text: "account promises `99.9 %`.", Evidence: []catalog.Place{at("a.yaml", 3)}}}}}
	for _, t := range r.Teams {
		t.Actions = []scorecard.Action{{Check: r.Checks[0], Services: []*catalog.Service{t.Cards[0].Service}, Gain: 2.5, Levels: 1, Text: "Set `owner`"}}
		t.Answers, t.Reflection, t.Guidelines = answers, scorecard.Reflection{}, nil
	}
	return r
}

// TestDetailGolden compares what a reader sees of a team, a check and a journey.
func TestDetailGolden(t *testing.T) {
	files := rendered(t, goldenReport(), details)
	for name, path := range map[string]string{"team": "teams/identity.html", "check": "checks/alert-runbook.html", "journey": "journeys/find-a-product.html"} {
		got := body(files[path])
		golden := filepath.Join("testdata", name+".golden")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("differs from %s (UPDATE_GOLDEN=1 rewrites it):\n%s", golden, diff)
		}
	}
}

// rendered gives the pages of a report that are wanted, by their paths.
func rendered(t *testing.T, r *scorecard.Report, wanted func(path string) bool) map[string]string {
	t.Helper()
	s, err := newSite(r)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	s.each(func(path, name string, view func(page) any) {
		if !wanted(path) {
			return
		}
		var b strings.Builder
		if err := s.templates.ExecuteTemplate(&b, name, view(s.page(path))); err != nil {
			t.Fatal(err)
		}
		files[path] = string(slim(clean([]byte(b.String()))))
	})
	return files
}

func details(path string) bool { return strings.Contains(path, "/") }

// TestBounded keeps pages small, however much there is to tell: 500 alerts of a service, and thousands of services of a
// check, a team and a journey.
func TestBounded(t *testing.T) {
	e := sampleEstate(2000)
	svc := e.Services[1]
	for i := range 500 {
		a := *svc.Alerts[0].Item
		a.Name, a.Runbook = said(fmt.Sprintf("Alert%03d", i), "alerts.yaml", i+1), catalog.ResolvedLink{}
		svc.Alerts = append(svc.Alerts, catalog.Linked[catalog.AlertRule]{Item: &a})
	}
	r := evaluate(e)
	lookBack(r, 27)
	e.Journeys[0].Services = e.Services
	limits := map[string]int{
		"services/basket.html": 90_000, "checks/runbook-substantive.html": 350_000, "checks/owner-team.html": 350_000, "teams/identity.html": 420_000, "journeys/find-a-product.html": 120_000,
	}
	files := rendered(t, r, func(path string) bool { return limits[path] > 0 })
	for path, limit := range limits {
		if n := len(files[path]); n == 0 || n > limit {
			t.Errorf("%s has %d bytes", path, n)
		}
	}
	if !strings.Contains(files["services/basket.html"], "more are not listed here") {
		t.Error("nothing says that alerts are left out")
	}
}

// TestNothingKnown asks for the pages of an estate of which no evidence could be read, and of a team without services.
func TestNothingKnown(t *testing.T) {
	e := sampleEstate(1)
	svc := e.Services[0]
	*svc = catalog.Service{ID: svc.ID, Name: svc.Name, At: svc.At, Owner: catalog.Owner{Ref: said("discovery", "s.toml", 1), Team: e.Teams[0]}}
	for _, kind := range catalog.Kinds {
		svc.Gaps = append(svc.Gaps, catalog.Gap{Kinds: []catalog.Kind{kind}, At: at("x.yaml", 2), Cause: catalog.Syntax, Detail: "it is no YAML"})
	}
	e.Journeys = nil
	files := rendered(t, evaluate(e), details)
	for path, words := range map[string][]string{
		"services/" + svc.ID + ".html":    {"could not be read (" + string(catalog.Syntax) + ")", "it is no YAML", "Nothing is known of an earlier time."},
		"teams/discovery.html":            {"evidence that could not be read counts as not earned"},
		"teams/payments.html":             {"No services yet."},
		"checks/dashboard-exists.html":    {"Not known for the one service that it applies to.", "Nowhere yet."},
		"checks/metrics-collected.html":   {"Where it is not known"},
		"checks/runbook-substantive.html": {"Where it is not known"},
	} {
		text := strings.Join(strings.Fields(body(files[path])), " ")
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
	}
}

// TestVerdictsHaveLinks proves that every check of a report can be linked to on every service's page.
func TestVerdictsHaveLinks(t *testing.T) {
	r := evaluate(sampleEstate(8))
	files := rendered(t, r, details)
	for i, c := range r.Cards {
		page := files[servicePaths(r.Cards).at[i]]
		for _, check := range r.Checks {
			if !strings.Contains(page, `id="`+anchor(check.ID)+`"`) {
				t.Errorf("%s has no verdict of %s", c.Service.ID, check.ID)
			}
		}
	}
}

func TestSnippets(t *testing.T) {
	for fix, want := range map[string][]string{
		"Set `exposure` to `internet`, as in `acme.io/exposure: internet`, or `data = [\"none\"]`.": {"acme.io/exposure: internet", `data = ["none"]`},
		"Run `cosign sign`, see `docs/a.md#x`. `a = 1` and again `a = 1`":                           {"a = 1"},
		"Write `{{ $value }}` or `https://x`":                                                       nil,
	} {
		if diff := cmp.Diff(want, snippets(fix)); diff != "" {
			t.Errorf("%s: %s", fix, diff)
		}
	}
}

func TestFirstSentence(t *testing.T) {
	for text, want := range map[string]string{
		"Set `owner`. Then wait.":             "Set `owner`.",
		"Write `a. B` into it. Done":          "Write `a. B` into it.",
		"Up to v1.2 of it\n\nMore":            "Up to v1.2 of it",
		"the fact, with x.y z. way out":       "the fact, with x.y z. way out",
		"":                                    "",
		"Say it, e.g. here,\nin two lines. A": "Say it, e.g. here, in two lines.",
	} {
		if got := firstSentence(text); got != want {
			t.Errorf("first sentence of %q is %q, want %q", text, got, want)
		}
	}
}
