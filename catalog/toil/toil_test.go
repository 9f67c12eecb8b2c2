package toil

import (
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/pages"
)

func TestIsPath(t *testing.T) {
	for file, want := range map[string]bool{
		"toil.toml": true, "teams/payments/toil.csv": true, "toil-log.csv": true, "payments-toil.md": true, "toil/2026.toml": true, "teams/x/toil-logs/may.csv": true, "TOIL.md": true,
		"toilet.md": false, "toil.go": false, "teams/toil.toml/x.json": false, "turmoil.csv": false,
	} {
		if got := IsPath(file); got != want {
			t.Errorf("%s: got %v", file, got)
		}
	}
}

func TestHoursPerYear(t *testing.T) {
	for _, c := range []struct {
		often, lasts string
		want         float64
	}{
		{"12 per month", "45m", 108}, {"3x/week", "2 h", 312}, {"weekly", "1.5 hours", 78}, {"daily", "10 min", 41.67}, {"twice a quarter", "half a day", 32},
		{"every 2 weeks", "1 day", 208}, {"per deployment (40/month)", "15 minutes", 120}, {"per release, 2 per week", "1h 30m", 156}, {"once a year", "2 days", 16},
		{"5-10 per week", "30-60 min", 292.5}, {"~3 times a month", "about 20 minutes", 12}, {"every monday", "an hour", 52}, {"hourly", "30s", 16.67}, {"every other week", "half an hour", 13},
		{"each working day", "0,5 h", 125}, {"Monthly", "45 min each", 9}, {"every 6 months", "1 week", 80}, {"2 daily", "6m", 50}, {"four times a year", "quarter of an hour", 1},
		{"3 per sprint", "1h", 78}, {"twice daily", "3 minutes", 25}, {"10 requests per week", "5m", 43.33}, {"1,000 per month", "5m", 1000},
		// Not readable:
		{"often", "45m", 0}, {"weekly", "long", 0}, {"", "", 0}, {"per deployment", "1h", 0}, {"0 per week", "1h", 0}, {"weekly", "45", 0}, {"every 0 weeks", "1h", 0},
		{"biweekly", "1h", 0}, {"weekly", "1:30", 0}, {"1000000 per day", "1 week", 0},
	} {
		got, ok := HoursPerYear(c.often, c.lasts)
		if got != c.want || ok != (c.want > 0) {
			t.Errorf("%q of %q: got %g, want %g", c.often, c.lasts, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for text, want := range map[string]float64{
		"35%": 35, "35 %": 35, "0.35": 35, "35": 35, "50 percent of our time": 50, "30-40 %": 40, "~20%": 20, "0.5%": 0.5, "100%": 100, "0": 0,
		"a lot": -1, "": -1, "120%": -1, "-5%": -1, "half": -1,
	} {
		got, ok := Percent(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %g, want %g", text, got, want)
		}
	}
}

func TestCategory(t *testing.T) {
	for word, want := range map[string]string{"deployments": "deployments", "Deploy": "deployments", "data-fixes": "data fixes", "access_requests": "access requests", "misc": "other", "rotations": "", "": ""} {
		if got, ok := Category(word); got != want || ok != (want != "") {
			t.Errorf("%q: got %q", word, got)
		}
	}
	for _, c := range catalog.ToilCategories {
		if got, _ := Category(c); got != c {
			t.Errorf("%q is %q", c, got)
		}
	}
}

func TestReadTOML(t *testing.T) {
	facts, ok := ReadTOML("toil.toml", []byte(`[toil]
team = "payments"
share = "lots"

[[task]]
task = "restart"
categry = "data fixes"
often = "12 per month"
lasts = "45m"
done = true

[[task]]
team = "ledger"
`))
	if !ok || len(facts.ToilLogs) != 1 {
		t.Fatalf("got %+v, %v", facts, ok)
	}
	l := facts.ToilLogs[0]
	if l.Team.Value != "payments" || l.Percent != -1 || len(l.Entries) != 2 || l.Entries[0].Hours != 108 || !l.Entries[0].Done || l.Entries[0].Team.Value != "payments" || l.Entries[1].Team.Value != "ledger" {
		t.Errorf("got %+v", l)
	}
	var gaps []string
	for _, g := range facts.Gaps {
		gaps = append(gaps, g.At.String()+" "+g.Detail)
	}
	want := []string{
		`toil.toml:7:1 unknown key "categry" in [[task]]. did you mean "category"?`,
		`toil.toml:3:10 share "lots" is no share of time. write share = "35%"`,
		`toil.toml:12:3 the entry has no task. write task = "what is done by hand"`,
	}
	if !slices.Equal(gaps, want) {
		t.Errorf("got gaps %q", gaps)
	}
	if _, ok := ReadTOML("toil/readme.toml", nil); ok {
		t.Error("an empty file is a log")
	}
}

func TestReadCSV(t *testing.T) {
	for name, text := range map[string]string{
		"comma":     "task,category,often,lasts,ticket,done\n\"rotate keys, all\",access,monthly,2 h,OPS-1,no\n",
		"semicolon": "Task;Type;Frequency;Duration (hours);Automation ticket;Automated\nrotate keys, all;access;monthly;2;OPS-1;\n",
		"tab":       "# a comment\nactivity\tcategory\thow often\ttime\tissue\nrotate keys, all\taccess\t1/month\t120 min\tOPS-1\n",
		"total":     "task,category,hours per month,ticket\n\"rotate keys, all\",access,2,OPS-1\n",
	} {
		facts, ok := ReadCSV("toil.csv", []byte(text))
		if !ok || len(facts.ToilLogs) != 1 || len(facts.ToilLogs[0].Entries) != 1 {
			t.Fatalf("%s: got %+v", name, facts)
		}
		e := facts.ToilLogs[0].Entries[0]
		if e.Task.Value != "rotate keys, all" || e.Hours != 24 || e.Ticket.Value != "OPS-1" || e.Category.Value != "access" || e.Done {
			t.Errorf("%s: got %+v", name, e)
		}
		if e.Ticket.At.Line != strings.Count(text, "\n") || e.Ticket.At.Col < 5 {
			t.Errorf("%s: ticket at %v", name, e.Ticket.At)
		}
	}
	facts, _ := ReadCSV("toil.csv", []byte("task,often,lasts\nä,weekly,1h\nb,\"we\"ekly,1h\n"))
	if len(facts.Gaps) != 1 || facts.Gaps[0].At.Line != 3 || facts.Gaps[0].Cause != catalog.Syntax || facts.ToilLogs[0].Entries[0].Often.At.Col != 3 {
		t.Errorf("got %+v", facts)
	}
	if _, ok := ReadCSV("toil.csv", []byte("name,price\nx,1\n")); ok {
		t.Error("any table is a log")
	}
	if facts, ok := ReadCSV("toil.csv", []byte("\xff\xfe")); !ok || len(facts.Gaps) != 1 {
		t.Errorf("got %+v", facts)
	}
}

func TestReadPage(t *testing.T) {
	o, _ := pages.ReadOutline("toil.md", []byte(`# Toil

- Team: payments
- Share: 35 %

| Task | Category | Times per week | Minutes | Ticket | Owner |
|------|----------|----------------|---------|--------|-------|
| restart | data fixes | 3 | 20 | [#7](https://example.org/issues/7) | Ada |
| | | | | | |

| Term | Meaning |
|------|---------|
| toil | work |
`))
	l, ok := ReadPage(o)
	if !ok || len(l.Entries) != 1 || l.Percent != 35 || l.Team.Value != "payments" {
		t.Fatalf("got %+v, %v", l, ok)
	}
	if e := l.Entries[0]; e.Hours != 52 || e.Ticket.Value != "https://example.org/issues/7" || e.Owner.Value != "Ada" || e.At.Line != 8 || e.At.Col != 3 {
		t.Errorf("got %+v", e)
	}
	if o, _ = pages.ReadOutline("toil.md", []byte("# Toil\n\nIt is bad.\n")); o == nil {
		t.Fatal("not read")
	}
	if _, ok := ReadPage(o); ok {
		t.Error("a page without a table is a log")
	}
}

func FuzzHoursPerYear(f *testing.F) {
	f.Add("12 per month", "45m")
	f.Add("per deployment (40/month)", "half a day")
	f.Add("per x (per y (weekly))", "1h 1h 1h 1h 1h")
	f.Fuzz(func(t *testing.T, often, lasts string) {
		if n, ok := HoursPerYear(often, lasts); n < 0 || ok != (n > 0) || n > maxHours {
			t.Errorf("%q of %q: %g", often, lasts, n)
		}
		if n, _ := Percent(often); n < 0 || n > 100 {
			t.Errorf("%q: %g", often, n)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("task,often,lasts\n\"a\nb\",weekly,1h\n"))
	f.Add([]byte("[toil]\nshare = 1\n[[task]]\ntask = 2\n"))
	f.Add([]byte("task;often;lasts\r\nx;\"1 per \"\"week\";2h\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func(string, []byte) (catalog.Facts, bool){ReadCSV, ReadTOML} {
			facts, _ := read("toil", data)
			for _, l := range facts.ToilLogs {
				for _, e := range l.Entries {
					if e.At.File != "toil" || e.At.Line < 1 || e.At.Col < 1 {
						t.Errorf("%+v stands nowhere", e)
					}
				}
			}
			for _, g := range facts.Gaps {
				if g.Detail == "" || g.At.File == "" || !g.Concerns(catalog.ToilLogs) {
					t.Errorf("gap %+v", g)
				}
			}
		}
	})
}

// TestReadCSVHeaderBounds takes no cell of a file without real columns for one.
func TestReadCSVHeaderBounds(t *testing.T) {
	for name, header := range map[string]string{
		"long titles": "task" + strings.Repeat(" and a long tale", 20) + ",often" + strings.Repeat(" and more", 30) + ",lasts",
		"far columns": strings.Repeat("x,", maxColumns) + "task,often,lasts",
	} {
		if facts, ok := ReadCSV("toil.csv", []byte(header+"\nrestart,weekly,1h\n")); ok {
			t.Errorf("%s: got %+v", name, facts)
		}
	}
	if _, ok := ReadCSV("toil.csv", []byte(strings.Repeat("x,", maxColumns-3)+"task,often,lasts\n")); !ok {
		t.Error("a hundred columns were not read")
	}
}
