package reports

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/scorecard"
)

func TestTextFitsTheTerminal(t *testing.T) {
	reports := map[string]*scorecard.Report{"sample": sample(), "crowd": crowd(300), "empty": crowd(0)}
	for name, r := range reports {
		for _, width := range []int{0, 80, 81, 97, 120, 250} {
			out := render(t, "text", r, Options{Width: width, Color: width%2 == 0})
			for line := range strings.Lines(out) {
				line = strings.TrimSuffix(line, "\n")
				if got := widthOf(line); got > max(80, width) {
					t.Errorf("%s at %d columns: this line has %d: %q", name, width, got, line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s at %d columns: this line ends in spaces: %q", name, width, line)
				}
			}
		}
	}
}

func TestChecksFitTheTerminal(t *testing.T) {
	all := toyChecks()
	all[0].Title = strings.Repeat("words that go on and on ", 10)
	var b bytes.Buffer
	if err := WriteChecks(&b, all, Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if got := widthOf(strings.TrimSuffix(line, "\n")); got > 80 {
			t.Errorf("this line has %d columns: %q", got, line)
		}
	}
	if n := strings.Count(b.String(), "on and on"); n < 8 {
		t.Errorf("the title is not whole:\n%s", b.String())
	}
}

func TestColourIsAskedForAndNeverAlone(t *testing.T) {
	for _, f := range Formats() {
		without, with := render(t, f.Name, sample(), Options{}), render(t, f.Name, sample(), Options{Color: true})
		if strings.Contains(without, "\x1b") {
			t.Errorf("%s has colour that nobody asked for", f.Name)
		}
		for _, code := range []tone{strong, quiet, bad, good, unsure, named} {
			with = strings.ReplaceAll(with, "\x1b["+string(code)+"m", "")
		}
		if strings.ReplaceAll(with, "\x1b[0m", "") != without {
			t.Errorf("%s says something else in colour", f.Name)
		}
	}
}

func TestTextCapsItsTables(t *testing.T) {
	out := render(t, "text", crowd(300), Options{})
	for _, want := range []string{"and 260 more services", "and 206 more teams, 75 teams without services"} {
		if !strings.Contains(out, want) {
			t.Errorf("found no %q in:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "\n"); n > 150 {
		t.Errorf("%d lines", n)
	}
}

func TestServicesNotReadyComeFirstByTier(t *testing.T) {
	var got []string
	for _, s := range serviceSections(sample().Cards) {
		for _, row := range s.table.rows {
			got = append(got, row[0].text)
		}
	}
	if want := []string{"checkout", "search", hostileService, "mail", "ledger", "zlib"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHeadline(t *testing.T) {
	tests := []struct {
		services, ready int
		want            string
	}{
		{0, 0, "There are no services to judge"},
		{1, 0, "The service is not at its required level"},
		{1, 1, "The service is at its required level"},
		{12, 0, "0 of 12 services are at their required level"},
		{12, 1, "1 of 12 services is at its required level"},
		{12, 7, "7 of 12 services are at their required level"},
		{1200, 1200, "All 1,200 services are at their required level"},
	}
	for _, test := range tests {
		if got := headline(scorecard.Summary{Services: test.services, Ready: test.ready}).text; got != test.want {
			t.Errorf("%d of %d: got %q, want %q", test.ready, test.services, got, test.want)
		}
	}
}

func TestRoundingHidesNothing(t *testing.T) {
	almost := scorecard.Score{Earned: 999, Possible: 1000, Unknown: 1}
	if got := scoreText(almost); got != "99 %" {
		t.Errorf("999 of 1000 shows as %s", got)
	}
	if got := unknownText(almost); got != "1 %" {
		t.Errorf("1 unknown of 1000 shows as %q", got)
	}
	if got := scoreText(scorecard.Score{Earned: 29, Possible: 29}); got != "100 %" {
		t.Errorf("29 of 29 shows as %s", got)
	}
}

func TestNumbersAndNouns(t *testing.T) {
	for _, test := range [][2]string{
		{number(-1234), "-1,234"}, {number(-123), "-123"}, {number(1234567), "1,234,567"}, {number(999), "999"},
		{count(1, string(catalog.Services)), "1 service entry"}, {count(2, string(catalog.Services)), "2 service entries"},
		{count(2, string(catalog.Owners)), "2 CODEOWNERS files"}, {count(93, "day"), "93 days"}, {count(2, string(catalog.IncidentProcesses)), "2 incident processes"}, {count(2, string(catalog.SecurityPolicies)), "2 security policies"}, {pointsText(4970), "4,970 points"}, {pointsText(1), "1 point"}, {pointsText(8.25), "8.2 points"},
	} {
		if test[0] != test[1] {
			t.Errorf("got %q, want %q", test[0], test[1])
		}
	}
}

func TestWrapAndCut(t *testing.T) {
	tests := []struct {
		text  string
		width int
		cut   string
		end   string
		lines []string
	}{
		{"", 5, "", "", []string{""}},
		{"short", 5, "short", "short", []string{"short"}},
		{"a few words", 5, "a fe…", "…ords", []string{"a few", "words"}},
		{"unbreakable", 4, "unb…", "…ble", []string{"unbr", "eaka", "ble"}},
		{"漢字かな", 5, "漢字…", "…かな", []string{"漢字", "かな"}},
		{"漢a", 1, "漢…", "…", []string{"漢", "a"}}, // one character at least, or wrapping would never end
	}
	for _, test := range tests {
		if got := cutStart(test.text, test.width); got != test.end {
			t.Errorf("cutStart(%q, %d) = %q, want %q", test.text, test.width, got, test.end)
		}
		if got := wrap(test.text, test.width); !slices.Equal(got, test.lines) {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.width, got, test.lines)
		}
		if got := cut(test.text, test.width); got != test.cut {
			t.Errorf("cut(%q, %d) = %q, want %q", test.text, test.width, got, test.cut)
		}
	}
}

// TestHugeNames would not end if cutting cost the square of a name's length.
func TestHugeNames(t *testing.T) {
	r := sample()
	r.Cards[0].Service.ID = strings.Repeat("a/", 1<<16)
	for _, f := range Formats() {
		render(t, f.Name, r, Options{})
	}
}
