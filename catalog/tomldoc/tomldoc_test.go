package tomldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

type days int

func (d *days) UnmarshalText(text []byte) error {
	if _, err := fmt.Sscanf(string(text), "%dd", (*int)(d)); err != nil {
		return fmt.Errorf("expected days, as in \"90d\"")
	}
	return nil
}

type site struct {
	At     catalog.Place
	URL    catalog.Text   `toml:"url" doc:"Address"`
	Suffix []catalog.Text `toml:"suffix"`
}

type sample struct {
	Name     catalog.Text         `toml:"name" required:"true" doc:"What it is called"`
	Kind     catalog.Text         `toml:"kind" enum:"request,batch"`
	Tier     catalog.Text         `toml:"tier" type:"integer" min:"1" max:"9"`
	Sampling catalog.Text         `toml:"sampling" type:"number|string"`
	Keep     days                 `toml:"keep"`
	Needs    []catalog.Text       `toml:"needs"`
	Share    float64              `toml:"share" min:"0" max:"1"`
	On       bool                 `toml:"on"`
	Count    int                  `toml:"count"`
	Word     string               `toml:"word"`
	Signals  signals              `toml:"signals" doc:"Selectors"`
	Sites    []site               `toml:"site" doc:"Published pages"`
	Levels   map[int]string       `toml:"levels"`
	Checks   map[string]checkRule `toml:"check" doc:"One check"`
	Inner    *signals             `toml:"inner"`
}

type signals struct {
	Metrics catalog.Text `toml:"metrics"`
	Logs    catalog.Text `toml:"logs"`
}

type checkRule struct {
	Off      bool   `toml:"off"`
	Severity string `toml:"severity" enum:"low,high"`
}

const good = `# é
name = "checkout"
kind = 'batch'
tier = 1
sampling = 0.5
keep = "90d"
needs = ["a", '''b''']
share = 1
on = true
count = 3
word = "w"
inner = { metrics = "m", logs = "l" }

[signals]
metrics = """
x"""

[[site]]
url = "https://a.example"
suffix = ".md"
[[site]]
suffix = [
  "é", "b",
]

[levels]
1 = "gold"

[check.alert-runbook]
off = true
[check."a.b"]
severity = "high"
`

func TestDecode(t *testing.T) {
	var got sample
	f, problems := Decode("f.toml", []byte(good), &got)
	if problems != nil {
		t.Fatalf("problems: %v", problems)
	}
	at := func(line, col int) catalog.Place { return catalog.Place{File: "f.toml", Line: line, Col: col} }
	text := func(value string, line, col int) catalog.Text { return catalog.Text{Value: value, At: at(line, col)} }
	want := sample{
		Name: text("checkout", 2, 9), Kind: text("batch", 3, 9), Tier: text("1", 4, 8), Sampling: text("0.5", 5, 12), Keep: 90,
		Needs: []catalog.Text{text("a", 7, 11), text("b", 7, 18)}, Share: 1, On: true, Count: 3, Word: "w",
		Inner:   &signals{Metrics: text("m", 12, 22), Logs: text("l", 12, 34)},
		Signals: signals{Metrics: text("x", 15, 14)},
		Sites: []site{
			{At: at(18, 3), URL: text("https://a.example", 19, 8), Suffix: []catalog.Text{text(".md", 20, 11)}},
			{At: at(21, 3), Suffix: []catalog.Text{text("é", 23, 4), text("b", 23, 9)}},
		},
		Levels: map[int]string{1: "gold"},
		Checks: map[string]checkRule{"alert-runbook": {Off: true}, "a.b": {Severity: "high"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		path []any
		want string
	}{
		{[]any{"site", 1, "suffix", 0}, "f.toml:23:4"},
		{[]any{"site", 1, "suffix"}, "f.toml:22:10"},
		{[]any{"site", 1, "url"}, "f.toml:21:3"},
		{[]any{"site", 9}, "f.toml:18:3"},
		{[]any{"check", "a.b", "severity"}, "f.toml:32:13"},
		{[]any{"nothing"}, "f.toml:1:1"},
	} {
		if got := f.At(c.path...).String(); got != c.want {
			t.Errorf("At(%v) is %s, want %s", c.path, got, c.want)
		}
	}
	if got := f.KeyAt("check", "alert-runbook").String(); got != "f.toml:29:8" {
		t.Errorf("KeyAt is %s", got)
	}
	if !f.HasTables("site") || f.HasTables("needs") || f.HasTables("signals") || !f.Has("signals") || f.Has("x") {
		t.Error("Has and HasTables are wrong")
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"typo", "nmae = 'x'\n", `1:1: unknown key: unknown key "nmae". did you mean "name"?`},
		{"another sign", "[check.x]\nOff = true", `2:1: unknown key: unknown key "Off" in [check.x]. did you mean "off"?`},
		{"nothing near", "[signals]\nzzzzzz = 1\n", `2:1: unknown key: unknown key "zzzzzz" in [signals]. expected one of metrics, logs`},
		{"below a table", "[signals]\n  count = 1\n", `2:3: unknown key: unknown key "count" in [signals]. move it above the first [table]`},
		{"in another table", "logs = 'x'\n", `1:1: unknown key: unknown key "logs". move it into [signals]`},
		{"in a list of tables", "url = 'x'\n", `1:1: unknown key: unknown key "url". move it into [[site]]`},
		{"unknown table", "[singals]\nx = 1\n", `1:2: unknown key: unknown key "singals". did you mean "signals"?`},
		{"string for integer", "tier = 'one'", `1:9: bad value: tier is the string "one". expected an integer from 1 to 9`},
		{"integer for string", "name = 3", `1:8: bad value: name is the integer 3. expected a string`},
		{"out of bounds", "tier = 10", `1:8: bad value: tier is 10. expected an integer from 1 to 9`},
		{"share", "share = 1.5", `1:9: bad value: share is 1.5. expected a number from 0 to 1`},
		{"enum", "kind = 'requst'", `1:9: bad value: kind is "requst". expected one of request, batch. did you mean "request"?`},
		{"two types", "sampling = true", `1:12: bad value: sampling is the boolean true. expected a number or a string`},
		{"list for string", "name = ['a']", `1:8: bad value: name is a list. expected a string`},
		{"item", "needs = ['a', 1]", `1:15: bad value: needs[1] is the integer 1. expected a string`},
		{"single item", "needs = 1", `1:9: bad value: needs is the integer 1. expected a string`},
		{"table for list of tables", "[site]\nurl = 'x'\n", `1:2: bad value: site is a table. expected a list of tables, each with the header [[site]]`},
		{"string for table", "signals = 'x'", `1:12: bad value: signals is the string "x". expected a table`},
		{"inside a list of tables", "[[site]]\n[[site]]\nurll = 'x'", `3:1: unknown key: unknown key "urll" in [[site]]. did you mean "url"?`},
		{"inline", "signals = { metrcs = 'x' }", `1:13: unknown key: unknown key "metrcs" in [signals]. did you mean "metrics"?`},
		{"date", "name = 2024-01-01", `1:8: bad value: name is a date. expected a string`},
		{"text", "keep = 'x'", `1:9: bad value: keep is the string "x": expected days, as in "90d"`},
		{"integer key", "levels.one = 'gold'", `1:8: unknown key: unknown key "one" in [levels]. expected an integer`},
		{"syntax", "name = \n", `1:8: syntax: expected value but found '\n' instead`},
		{"twice", "# é\nname = 'a'\nname = 'b'\n", `3:1: syntax: Key 'name' has already been defined.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v sample
			_, problems := Decode("f", []byte(c.text), &v)
			if len(problems) != 1 || problems[0].String() != "f:"+c.want {
				t.Errorf("got  %v\nwant %s", problems, c.want)
			}
		})
	}
}

func TestRestIsTakenOver(t *testing.T) {
	var v sample
	_, problems := Decode("f", []byte("tier = 'x'\nname = 'a'\nneeds = ['a', 1, 'b']\n[[site]]\nurl = 1\nsuffix = 'x'\n"), &v)
	if len(problems) != 3 || problems[2].Path != "site[0].url" {
		t.Errorf("got %v", problems)
	}
	if v.Name.Value != "a" || len(v.Needs) != 2 || len(v.Sites) != 1 || len(v.Sites[0].Suffix) != 1 || !v.Tier.IsZero() {
		t.Errorf("got %+v", v)
	}
}

func TestHostile(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		cause catalog.Cause
	}{
		"arrays":      {"a = " + strings.Repeat("[", 1<<19), catalog.TooDeep},
		"tables":      {"a = " + strings.Repeat("{a=", 1<<18), catalog.TooDeep},
		"dotted key":  {strings.Repeat("a.", 1<<18) + "a = 1", catalog.TooDeep},
		"header":      {"[" + strings.Repeat("a.", 1<<18) + "a]", catalog.TooDeep},
		"size":        {strings.Repeat("#", 1<<20+1), catalog.TooDeep},
		"not text":    {"a = '\xff'", catalog.Encoding},
		"nul":         {"a = '\x00'", catalog.Encoding},
		"half string": {`a = "x`, catalog.Syntax},
	} {
		f, problems := Decode("f", []byte(c.text), &sample{})
		if f == nil || len(problems) != 1 || problems[0].Cause != c.cause {
			t.Errorf("%s: got %d problems, want one of cause %q", name, len(problems), c.cause)
		}
	}
	// Brackets and dots in strings and comments are no nesting.
	harmless := "# " + strings.Repeat("[.", 100) + "\nword = \"" + strings.Repeat(`[.\"'`, 100) + "\"\nname = '''" + strings.Repeat("[.'", 100) + "\n''''\n"
	if _, problems := Decode("f", []byte(harmless), &sample{}); problems != nil {
		t.Errorf("harmless text: %v", problems)
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{"onwer": "owner", "ownr": "owner", "depends-on": "depends_on", "Owner": "owner", "x": "", "completely": ""} {
		if got := Nearest(word, []string{"owner", "name", "depends_on"}); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("a.b.c = 1\n[[a.d]]\nx = [[1], {y = 2}]\n"))
	f.Add([]byte("[a]\n[[a]]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v sample
		file, problems := Decode("f", data, &v)
		lines := strings.Count(string(data), "\n") + 1
		for _, p := range problems {
			if p.At.File != "f" || p.At.Line > lines || p.Detail == "" || p.Cause == "" {
				t.Fatalf("an odd problem: %+v", p)
			}
		}
		if !v.Name.IsZero() && file.At("name") != v.Name.At {
			t.Fatalf("name is at %v and at %v", v.Name.At, file.At("name"))
		}
	})
}
