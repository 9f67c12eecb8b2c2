package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

func TestTextFitsTheTerminal(t *testing.T) {
	for name, r := range manyReports() {
		for _, width := range []int{0, 81, 120, 250} {
			for _, zoom := range zooms(r) {
				zoom.Width, zoom.Color, zoom.Blocks = width, width%2 == 0, width%3 == 0
				for line := range strings.Lines(render(t, "text", r, zoom)) {
					line = strings.TrimSuffix(line, "\n")
					if got := widthOf(withoutColour(line)); got > max(80, width) {
						t.Errorf("%s at %d columns: this line has %d: %q", name, width, got, line)
					}
					if strings.TrimRight(line, " ") != line {
						t.Errorf("%s at %d columns: this line ends in spaces: %q", name, width, line)
					}
				}
			}
		}
	}
}

func manyReports() map[string]*scorecard.Report {
	return map[string]*scorecard.Report{"sample": sample(), "crowd": crowd(300), "odd": odd(), "empty": crowd(0), "past": lookedBack(sample()), "odd past": lookedBack(odd())}
}

// odd is a report of services whose names are hard to lay out: emoji of several parts, flags, letters of twice the width,
// letters that are written from right to left, and one without an end.
func odd() *scorecard.Report {
	estate := &catalog.Estate{}
	for i, name := range []string{
		strings.Repeat("👩🏽\u200d🚀", 50), strings.Repeat("🇩🇪", 60), strings.Repeat("☺\ufe0f", 70), strings.Repeat("결제", 60), strings.Repeat("שירות-תשלום/", 20),
		strings.Repeat("e\u0301", 100), strings.Repeat("x", 200), "a", "👨\u200d👩\u200d👧\u200d👦/" + strings.Repeat("👨\u200d👩\u200d👧\u200d👦", 40),
	} {
		team := &catalog.Team{ID: "team " + name, Name: text(name, "t.toml", i+1), Contact: text(name, "t.toml", i+2), At: place("t.toml", i+1)}
		svc := service(name, "1", team)
		svc.Alerts = []catalog.Linked[catalog.AlertRule]{alert(name, name+".yaml", 1, "")}
		estate.Services, estate.Teams = append(estate.Services, svc), append(estate.Teams, team)
	}
	return scorecard.Evaluate(estate, toyChecks(), scorecard.DefaultPolicy(), sample().Now, 1)
}

// lookedBack gives the report a history of weeks in which scores rose, with changes in the last one.
func lookedBack(r *scorecard.Report) *scorecard.Report {
	const weeks = 10
	h := &scorecard.History{Zone: "UTC", Teams: map[string][]scorecard.Standing{}, Services: map[string][]scorecard.Standing{}}
	rising := func(s scorecard.Summary) []scorecard.Standing {
		all := make([]scorecard.Standing, weeks)
		for i := range all {
			all[i] = scorecard.Standing{Services: s.Services, Ready: s.Ready, Levels: s.Levels, NotRated: s.NotRated, Score: s.Score}
			all[i].Score.Earned *= float64(i+1) / weeks
		}
		return all
	}
	for i := range weeks {
		h.Weeks = append(h.Weeks, scorecard.Week{End: r.Now.AddDate(0, 0, 7*(i+1-weeks))})
	}
	h.Weeks[3].Gap = "the clone ends here"
	h.Estate = rising(r.Summary)
	for _, c := range r.Teams {
		id := ""
		if c.Team != nil {
			id = c.Team.ID
		}
		h.Teams[id] = rising(c.Summary)
	}
	for i, c := range r.Cards {
		h.Services[c.Service.ID] = rising(scorecard.Summary{Services: 1, Score: c.Score})
		h.Moves = append(h.Moves, scorecard.Move{Week: weeks - 1, Service: c.Service.ID, Current: c.Service, From: checks.None, To: checks.Level(i%3 + 1), By: scorecard.ByTime})
		for k, result := range c.Results {
			shift := scorecard.Shift{Service: c.Service.ID, Current: c.Service, Check: result.Check, From: checks.Pass, To: result.Verdict, Gain: -float64(k),
				By: scorecard.ByCommit, Commit: scorecard.Commit{Hash: "0123456789abcdef", Subject: "Move " + c.Service.ID}}
			if i%2 == 0 {
				shift.From, shift.To, shift.Gain, shift.By = checks.Fail, checks.Pass, float64(k), scorecard.ByRules
			}
			h.Shifts = append(h.Shifts, shift)
		}
	}
	r.History = h
	return r
}

// zooms gives options that show everything, the long lists of it, and a team and a service of the report.
func zooms(r *scorecard.Report) []Options {
	all := []Options{{}, {All: true}}
	some := r.Cards
	if len(some) > 20 {
		some = some[:2]
	}
	for _, c := range some {
		all = append(all, Options{Service: c.Service.ID}, Options{Service: c.Service.ID, All: true})
		if t := c.Service.Owner.Team; t != nil {
			all = append(all, Options{Team: t.ID})
		}
	}
	return all
}

func TestChecksFitTheTerminal(t *testing.T) {
	all := toyChecks()
	all[0].Title = strings.Repeat("words that go on and on ", 10)
	var b bytes.Buffer
	if err := WriteChecks(&b, all, Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if got := widthOf(withoutColour(strings.TrimSuffix(line, "\n"))); got > 80 {
			t.Errorf("this line has %d columns: %q", got, line)
		}
	}
	if n := strings.Count(b.String(), "on and on"); n < 8 {
		t.Errorf("the title is not whole:\n%s", b.String())
	}
}

func TestColourIsAskedForAndNeverAlone(t *testing.T) {
	for _, f := range Formats() {
		for _, o := range zooms(sample()) {
			r := lookedBack(sample())
			o.Width = 130
			without := render(t, f.Name, r, o)
			o.Color = true
			with := render(t, f.Name, r, o)
			if strings.Contains(without, "\x1b") {
				t.Errorf("%s has colour that nobody asked for", f.Name)
			}
			if withoutColour(with) != without {
				t.Errorf("%s says something else in colour", f.Name)
			}
		}
	}
}

func withoutColour(text string) string {
	for _, code := range []tone{strong, quiet, bad, good, unsure, named, "0"} {
		text = strings.ReplaceAll(text, "\x1b["+string(code)+"m", "")
	}
	return text
}

func TestTextIsShortAndSaysWhatItLeavesOut(t *testing.T) {
	out := render(t, "text", crowd(300), Options{})
	for _, want := range []string{"and 288 more services", "and 214 more teams, 75 teams without services", "Left out", "--all prints every list in full"} {
		if !strings.Contains(out, want) {
			t.Errorf("found no %q in:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "\n"); n > 80 {
		t.Errorf("%d lines", n)
	}
	all := render(t, "text", crowd(300), Options{All: true})
	for i := range 300 {
		if want := strconv.Itoa(i + 10000)[1:] + "-long"; !strings.Contains(all, want) {
			t.Fatalf("all of it has no %s", want)
		}
	}
	if strings.Contains(all, "Left out") || strings.Contains(all, " more services") {
		t.Errorf("all of it leaves something out:\n%s", all)
	}
}

func TestWideTerminalsShowMore(t *testing.T) {
	r := lookedBack(sample())
	narrow, wide := render(t, "text", r, Options{Width: 80, Blocks: true}), render(t, "text", r, Options{Width: 120, Blocks: true})
	for _, want := range []string{"8 WEEKS", "█ +"} {
		if strings.Contains(narrow, want) || !strings.Contains(wide, want) {
			t.Errorf("%q is for wide terminals only:\n%s\n%s", want, narrow, wide)
		}
	}
	for _, title := range []string{"SERVICE ", "TEAM", "UNKNOWN", "NEEDS"} {
		if !strings.Contains(wide, title) {
			t.Errorf("found no %q in:\n%s", title, wide)
		}
	}
	if plain := render(t, "text", r, Options{Width: 120}); strings.ContainsAny(plain, "▁▂▃▄▅▆▇█") || !strings.Contains(plain, "+") {
		t.Errorf("the terminal does not draw blocks:\n%s", plain)
	}
}

func TestTextTellsWhatChanged(t *testing.T) {
	if out := render(t, "text", sample(), Options{}); strings.Contains(out, "CHANGED") || strings.Contains(out, "Trend") {
		t.Errorf("nobody looked back:\n%s", out)
	}
	r := lookedBack(sample())
	out := render(t, "text", r, Options{})
	for _, want := range []string{"WHAT CHANGED SINCE 23 FEBRUARY 2026: 12 GAINED, 11 LOST, 6 LEVELS UP", "Move checkout", "01234567", "and 7 more changes", "3 services", "on 23 February 2026", "in 9 weeks"} {
		if !strings.Contains(out, want) {
			t.Errorf("found no %q in:\n%s", want, out)
		}
	}
	zoomed := render(t, "text", r, Options{Service: "checkout"})
	if !strings.Contains(zoomed, "0 GAINED, 3 LOST, 1 LEVEL UP") || strings.Contains(zoomed, "ledger") {
		t.Errorf("another service's changes, or not its own:\n%s", zoomed)
	}
	r.History.Shifts, r.History.Moves = nil, nil
	if out := render(t, "text", r, Options{}); !strings.Contains(out, "no verdict and no level is another than it was") {
		t.Errorf("nothing changed, and that is not told:\n%s", out)
	}
}

// An earlier report stands in for a history, and beside one it tells what only a live Grafana showed.
func TestTextComparesWithAnEarlierReport(t *testing.T) {
	r := sample()
	c := &scorecard.Comparison{Now: r.Now.AddDate(0, 0, -3), Ruled: true, Standing: scorecard.Standing{Services: 6, Score: scorecard.Score{Earned: 1, Possible: 4}}}
	c.Shifts = []scorecard.Shift{
		{Service: "checkout", Current: r.Cards[1].Service, Check: r.Checks[0], From: checks.Pass, To: checks.Fail, By: scorecard.ByLive},
		{Service: "ledger", Current: r.Cards[2].Service, Check: r.Checks[1], From: checks.Fail, To: checks.Pass, By: scorecard.ByRules},
	}
	r.Comparison = c
	out := render(t, "text", r, Options{})
	for _, want := range []string{"WHAT CHANGED SINCE THE REPORT OF 27 FEBRUARY 2026: 1 GAINED, 1 LOST", "live Grafana", "the rules", "judged by other rules", "25 % on 27 February 2026"} {
		if !strings.Contains(out, want) {
			t.Errorf("found no %q in:\n%s", want, out)
		}
	}
	out = render(t, "text", lookedBack(r), Options{})
	if !strings.Contains(out, "SINCE THE REPORT OF 27 FEBRUARY 2026: 0 GAINED, 1 LOST") {
		t.Errorf("beside a history, an earlier report tells only what Grafana showed:\n%s", out)
	}
}

func TestServiceShowsEveryCheck(t *testing.T) {
	r := sample()
	for _, c := range r.Cards {
		for _, o := range []Options{{Service: c.Service.ID, Width: 250}, {Service: c.Service.ID, Width: 250, All: true}} {
			out := render(t, "text", r, o)
			for _, check := range r.Checks {
				if !strings.Contains(out, check.ID) {
					t.Errorf("%s: found no %s in:\n%s", c.Service.ID, check.ID, out)
				}
			}
		}
	}
	out := render(t, "text", r, Options{Service: "checkout", Width: 250})
	for _, want := range []string{`services/checkout/alerts.yaml:12:3: alert "CheckoutSlow" links to no runbook. add a runbook_url`, "fix: Add what is missing", "KEEPS IT FROM BRONZE: 1 CHECK"} {
		if !strings.Contains(out, want) {
			t.Errorf("found no %q in:\n%s", want, out)
		}
	}
}

func TestTeamShowsItsServicesByPillar(t *testing.T) {
	out := render(t, "text", sample(), Options{Team: "payments"})
	for _, want := range []string{"Team payments of", "PILLAR     CHECKOUT  LEDGER", "THE FOUR QUESTIONS", "NEXT BEST ACTIONS"} {
		if !strings.Contains(out, want) {
			t.Errorf("found no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "search") {
		t.Errorf("another team's service:\n%s", out)
	}
}

func TestZoomedLines(t *testing.T) {
	for _, o := range []Options{{Service: "checkout"}, {Team: "payments"}} {
		out := render(t, "lines", sample(), o)
		if !strings.Contains(out, "(checkout)") || strings.Contains(out, "(search)") {
			t.Errorf("%+v:\n%s", o, out)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	many := make([]string, 15)
	for i := range many {
		many[i] = fmt.Sprintf("s%02d", i)
	}
	for _, test := range []struct {
		err  UnknownName
		want string
	}{
		{UnknownName{"service", "chekout", []string{"cart", "checkout"}}, `unknown service "chekout". did you mean "checkout"?`},
		{UnknownName{"service", "Pay", []string{"cart", "payments", "payouts"}}, `unknown service "Pay". did you mean "payments" or "payouts"?`},
		{UnknownName{"team", "zzz", []string{"a", "b"}}, `unknown team "zzz". expected one of a, b`},
		{UnknownName{"team", "zzz", nil}, `unknown team "zzz". the catalog has none`},
		{UnknownName{"service", "qqqq", many}, `unknown service "qqqq". expected one of s00, s01, s02, s03, s04, s05, s06, s07, s08, s09, s10, s11 and 3 more`},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	for _, format := range []string{"text", "lines", "markdown"} {
		f, err := ByName(format)
		if err != nil {
			t.Fatal(err)
		}
		var unknown *UnknownName
		if err := f.Write(io.Discard, sample(), Options{Service: "chekout"}); !errors.As(err, &unknown) {
			t.Errorf("%s: got error %v", format, err)
		}
		if err := f.Write(io.Discard, sample(), Options{Team: "paymnts"}); !errors.As(err, &unknown) {
			t.Errorf("%s: got error %v", format, err)
		}
	}
}

// TestAWideTableIsSplit has a matrix of more services than fit beside each other.
func TestAWideTableIsSplit(t *testing.T) {
	wide := table{splits: true, columns: []column{{title: "pillar"}}, rows: [][]cell{{{text: "alerts"}}}}
	for i := range 20 {
		wide.columns = append(wide.columns, column{title: fmt.Sprintf("service-%02d", i), least: 12})
		wide.rows[0] = append(wide.rows[0], cell{text: "pass"})
	}
	seen := map[string]int{}
	for _, part := range wide.parts(80) {
		if part.columns[0].title != "pillar" || total(part.fit(80)) > 80 {
			t.Errorf("a part is %v", part.columns)
		}
		for _, c := range part.columns {
			seen[c.title]++
		}
	}
	if len(seen) != 21 {
		t.Errorf("%d columns are left", len(seen))
	}
	if parts := wide.parts(1000); len(parts) != 1 {
		t.Errorf("%d parts", len(parts))
	}
}

func TestServicesNotReadyComeFirstByTier(t *testing.T) {
	var got []string
	for _, s := range serviceSections(sample(), sample().Cards, Options{}, usual) {
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
		{"a_very_long_word", 9, "a_very_l…", "…ong_word", []string{"a_very_", "long_word"}},
		{"👩🏽\u200d🚀👩🏽\u200d🚀", 3, "👩🏽\u200d🚀…", "…👩🏽\u200d🚀", []string{"👩🏽\u200d🚀", "👩🏽\u200d🚀"}},
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
