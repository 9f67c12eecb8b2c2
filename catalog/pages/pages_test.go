package pages

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"obsready/catalog"
)

// read gives the page of a text that must be readable without gaps.
func read(t *testing.T, file, text string) *catalog.Page {
	t.Helper()
	facts := Read(file, []byte(text))
	if len(facts.Pages) != 1 || len(facts.Gaps) != 0 {
		t.Fatalf("got %d pages and gaps %v", len(facts.Pages), facts.Gaps)
	}
	return facts.Pages[0]
}

const runbook = `---
title: Checkout is slow
reviewers: [ana, bo]
review:
  last: 2026-01-02
---

# CheckoutSlow {#slow}

Users wait. See the [dashboard](https://grafana.example.org/d/x "Latency") first.

Diagnosis
---------

1. Run ` + "`kubectl get pods`" + `.
2. Read https://example.org/logs, then [the manual][m].
   - nested

### Deeper

` + "```sh\nkubectl logs x # TODO later\n```" + `

## Diagnosis

<a href="/x.md#y">HTML <b>link</b></a> ![image](pic.png) <ops@example.org>

[m]: ../manual.md 'The manual'
`

func TestRead(t *testing.T) {
	p := read(t, "docs/runbooks/slow.md", runbook)
	if p.Title.Value != "Checkout is slow" || p.Title.At.Line != 2 || p.Title.At.Col != 8 {
		t.Errorf("got title %+v", p.Title)
	}
	var labels []string
	for _, l := range p.FrontMatter {
		labels = append(labels, l.Key+"="+l.Value)
	}
	if diff := cmp.Diff([]string{"title=Checkout is slow", "reviewers=ana", "reviewers=bo", "review.last=2026-01-02"}, labels); diff != "" {
		t.Error(diff)
	}
	headings := []catalog.Heading{
		{Level: 1, Text: "CheckoutSlow", Anchor: "checkoutslow", Words: 14, Code: 2, Links: 5, Steps: 3},
		{Level: 2, Text: "Diagnosis", Anchor: "diagnosis", Words: 6, Code: 2, Links: 2, Steps: 3},
		{Level: 3, Text: "Deeper", Anchor: "deeper", Code: 1},
		{Level: 2, Text: "Diagnosis", Anchor: "diagnosis-1", Words: 2, Links: 2},
	}
	if diff := cmp.Diff(headings, p.Headings, cmpopts.IgnoreFields(catalog.Heading{}, "At")); diff != "" {
		t.Error(diff)
	}
	file := func(line, col int) catalog.Place {
		return catalog.Place{File: "docs/runbooks/slow.md", Line: line, Col: col}
	}
	links := []catalog.PageLink{
		{Text: "dashboard", Target: "https://grafana.example.org/d/x", At: file(10, 21)},
		{Text: "https://example.org/logs", Target: "https://example.org/logs", At: file(16, 9)},
		{Text: "the manual", Target: "../manual.md", At: file(16, 40)},
		{Text: "HTML link", Target: "/x.md#y", At: file(27, 1)},
		{Text: "ops@example.org", Target: "mailto:ops@example.org", At: file(27, 58)},
	}
	if diff := cmp.Diff(links, p.Links); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"slow"}, p.Anchors); diff != "" {
		t.Error(diff)
	}
	if p.Words != 14 || p.Code != 2 || len(p.Placeholders) != 0 || p.Templated {
		t.Errorf("got %d words, %d code, placeholders %v", p.Words, p.Code, p.Placeholders)
	}
}

func TestTOMLFrontMatter(t *testing.T) {
	p := read(t, "x.md", "+++\ntitle = \"Slow\" # name\n[extra]\nteams = [\"a\", \"b\"]\nwhen = 2026-01-02\n+++\nText\n")
	want := []catalog.Label{
		{Key: "title", Value: "Slow", At: catalog.Place{File: "x.md", Line: 2, Col: 9}},
		{Key: "extra.teams", Value: "a", At: catalog.Place{File: "x.md", Line: 4, Col: 10}},
		{Key: "extra.teams", Value: "b", At: catalog.Place{File: "x.md", Line: 4, Col: 15}},
		{Key: "extra.when", Value: "2026-01-02", At: catalog.Place{File: "x.md", Line: 5, Col: 8}},
	}
	if diff := cmp.Diff(want, p.FrontMatter); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenFrontMatterIsAGapBesideThePage(t *testing.T) {
	for name, text := range map[string]string{
		"yaml": "---\ntitle: [\n---\n# Heading\n",
		"toml": "+++\ntitle =\n+++\n# Heading\n",
		"huge": "---\na: " + strings.Repeat("x", maxFrontMatter) + "\n---\n# Heading\n",
	} {
		facts := Read("x.md", []byte(text))
		if len(facts.Gaps) != 1 || !facts.Gaps[0].Concerns(catalog.Runbooks) || len(facts.Pages) != 1 || facts.Pages[0].Title.Value != "Heading" {
			t.Errorf("%s: got %+v", name, facts)
		}
	}
}

func TestTitle(t *testing.T) {
	for text, want := range map[string]string{
		"## Second\n# First\n":  "First",
		"### Only\ntext\n":      "Only",
		"no heading\n":          "disk-full",
		"":                      "disk-full",
		"<h1>In HTML</h1>\n":    "In HTML",
		"# `code` & **bold**\n": "code & bold",
		"# snake_case _it_ \n":  "snake_case it",
		"---\ntitle: ''\n---\n": "disk-full",
	} {
		if got := read(t, "a/disk-full.html.md", text).Title.Value; got != want {
			t.Errorf("%q: got title %q, want %q", text, got, want)
		}
	}
}

func TestTemplates(t *testing.T) {
	p := read(t, "x.html.md.erb", "---\ntitle: <%= name %>\n---\n# A\n\n<% each do %>\n## <%= x %> b\n<% end %>\n---\n[t](<%= url %>) some words\n")
	if !p.Templated || len(p.Headings) != 2 || p.Headings[1].Text != "b" || p.Headings[1].At.Line != 7 {
		t.Errorf("got %+v", p.Headings)
	}
	if len(p.Links) != 1 || p.Links[0].Target != "<%= url %>" || p.Words != 3 {
		t.Errorf("got links %+v and %d words", p.Links, p.Words)
	}
	for text, want := range map[string]bool{
		"{{< hint >}}\ntext":                  true,
		"{% if x %} text":                     true,
		"{{ page.title }}":                    true,
		"[x]({{< ref \"y.md\" >}})":           false,
		"`{{ $labels.x }}` and {{ }}":         false,
		"```\n{{ .Values.x }}\n{% if %}\n```": false,
		"plain":                               false,
	} {
		if p := read(t, "x.md", text); p.Templated != want {
			t.Errorf("%q: got templated %v", text, p.Templated)
		}
	}
	if p := read(t, "x.md", "[x]({{< ref \"y.md\" >}})"); len(p.Links) != 1 || p.Links[0].Target != `{{< ref "y.md" >}}` {
		t.Errorf("got %+v", p.Links)
	}
}

func TestLinks(t *testing.T) {
	for text, want := range map[string]string{
		"[a](b (c) d)":                       "",
		"[a](b(c))":                          "b(c)",
		"[a](<b c>)":                         "b c",
		"[a]()":                              "",
		"\\[a](b)":                           "",
		"`[a](b)`":                           "",
		"[a [b](c)](d)":                      "c",
		"[![i](p.png)](b)":                   "b",
		"![i](p.png)":                        "",
		"[A  b]\n\n[a B]: <c>\n":             "c",
		"[x][] [y][x]\n\n[x]: t \"q\"\n":     "t t",
		"[ref][missing]":                     "",
		"[note]: just prose with words\n":    "",
		"(see https://a.example/b_(c).)":     "https://a.example/b_(c)",
		"[https://a.example](https://b.org)": "https://b.org",
		"<https://a.example> <b>":            "https://a.example",
		"<div>\n<a class=x href='y'>z</a>":   "y",
		"<!-- [a](b) --> text":               "",
		"| [a](b) | c |\n|---|---|\n":        "b",
		"> - [a](b)":                         "b",
	} {
		p := read(t, "x.md", text)
		var got []string
		for _, l := range p.Links {
			got = append(got, l.Target)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got links %q, want %q", text, got, want)
		}
	}
}

func TestHTMLHeadings(t *testing.T) {
	p := read(t, "x.md", "<h2 id=\"Imp\">Impact</h2>\n<p>two words</p>\n<h2>Next</h2>\n<pre>code here</pre>\n")
	want := []catalog.Heading{{Level: 2, Text: "Impact", Anchor: "impact", Words: 2}, {Level: 2, Text: "Next", Anchor: "next", Code: 1}}
	if diff := cmp.Diff(want, p.Headings, cmpopts.IgnoreFields(catalog.Heading{}, "At")); diff != "" {
		t.Error(diff)
	}
	if !HasAnchor(p, "#imp") {
		t.Errorf("got anchors %q", p.Anchors)
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]int{
		"one two-three, four's":        3,
		"a `b c` d":                    2,
		"- x\n- y z":                   3,
		"| a | b |\n|---|---|":         2,
		"see https://a.example":        1,
		"重启数据库服务":                      4,
		"![alt text](x.png)":           0,
		"!!! note\n\n    in the box\n": 4,
	} {
		if got := read(t, "x.md", text).Words; got != want {
			t.Errorf("%q: got %d words, want %d", text, got, want)
		}
	}
}

func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		cause      catalog.Cause
	}{
		"quotes":       {"x.md", strings.Repeat(">", 200_000), catalog.TooDeep},
		"lists":        {"x.md", strings.Repeat("- ", 100_000) + "a", catalog.TooDeep},
		"numbers":      {"x.md", strings.Repeat("1. ", 1000) + "a", catalog.TooDeep},
		"nested lines": {"x.md", strings.Repeat("- ", 50) + "a" + strings.Repeat("\n", 200_000), catalog.TooDeep},
		"not text":     {"x.md", "\xff\xfe", catalog.Encoding},
		"a NUL":        {"x.md", "a\x00", catalog.Encoding},
		"too large":    {"x.md", strings.Repeat("a", MaxBytes+1), catalog.TooLarge},
		"AsciiDoc":     {"runbooks/x.adoc", "= Title", catalog.Unsupported},
	} {
		facts := Read(c.file, []byte(c.text))
		if len(facts.Pages) != 0 || len(facts.Gaps) != 1 || facts.Gaps[0].Cause != c.cause || facts.Gaps[0].Detail == "" || !facts.Gaps[0].Concerns(catalog.Runbooks) {
			t.Errorf("%s: got %d pages and gaps %v", name, len(facts.Pages), facts.Gaps)
		}
	}
}

// TestHostile reads texts on which Markdown parsers need quadratic time: a regression makes this test slow.
func TestHostile(t *testing.T) {
	const size = 64 << 10
	for _, unit := range []string{
		"[a](", "[a](<b", "[a](((", "![", "[", "]", "[a][", "[a]: b\n", "[a]: b\n(\n", "*a_", "`a ``b ", "<a b='", "<!--", "<code>",
		"<h2>b</h2>", "<a href=b>", "a\n=\n", "###### a\n", "https://", "{{", "{#a ", "TODO list ", "[add ", "|a", "- - -\n", "\\", "中",
	} {
		read(t, "x.md", "x "+strings.Repeat(unit, size/len(unit)))
	}
	var ticks strings.Builder
	for i := 1; ticks.Len() < size/2; i++ {
		ticks.WriteString(strings.Repeat("`", i) + "a ")
	}
	read(t, "x.md", ticks.String()+strings.Repeat("a\n", size/4))
	read(t, "x.md", strings.Repeat("![", size/6)+"a"+strings.Repeat("](b)", size/6))
	read(t, "x.md", strings.Repeat("[", size/2)+strings.Repeat("]", size/2))
}

func TestLineEndsAndByteOrderMark(t *testing.T) {
	p := read(t, "x.md", "\xef\xbb\xbf---\r\ntitle: T\r\n---\r\n\r\n# H\r\n\r\ntext\r\n")
	if p.Title.Value != "T" || len(p.Headings) != 1 || p.Headings[0].At.Line != 5 || p.Headings[0].Words != 1 {
		t.Errorf("got %+v", p)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x.md", runbook)
	f.Add("x.md.erb", "<% a %>\n# <%= b\n%> c\n[d](<%= e %>)")
	f.Add("x.md", "+++\na.b = {c = [1]}\n+++\n![a [b](c)](d) <a id=x>\n> - 1. <h2>y</h2>")
	f.Fuzz(func(t *testing.T, file, text string) {
		facts := Read(file, []byte(text))
		if len(facts.Pages)+len(facts.Gaps) == 0 {
			t.Fatal("neither a page nor a gap")
		}
		lines := strings.Count(text, "\n") + 1
		check := func(p catalog.Place) {
			if p.File != file || p.Line < 0 || p.Line > lines || p.Col < 0 || p.Col > len(text)+1 {
				t.Fatalf("bad place %v in %d lines", p, lines)
			}
		}
		for _, g := range facts.Gaps {
			check(g.At)
			if g.Detail == "" || g.Cause == "" || !g.Concerns(catalog.Runbooks) {
				t.Fatalf("an empty gap: %+v", g)
			}
		}
		for _, p := range facts.Pages {
			check(p.Title.At)
			for _, l := range p.FrontMatter {
				check(l.At)
			}
			for _, l := range p.Links {
				check(l.At)
			}
			for _, x := range p.Placeholders {
				check(x.At)
			}
			for _, h := range p.Headings {
				check(h.At)
				if h.Text == "" || h.Words > p.Words || h.Code > p.Code || h.Links > len(p.Links) || h.Anchor != "" && !HasAnchor(p, h.Anchor) {
					t.Fatalf("bad heading %+v", h)
				}
			}
			Section(p, "impact")
		}
	})
}
