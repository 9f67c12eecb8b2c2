package pages

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const outlined = `---
service: checkout
---
# Payments stood still

**Date:** 2026-03-01
**Severity**: SEV-1 ([how we count](sev.md))

**Impact**

Nobody could pay
for 40 minutes.

## Action items

- [x] Alert on refused cards. Owner: **Ada**
  1. nested *step*
- [ ] Runbook

  with a second paragraph

| Action | Owner | Due |
|--------|:-----:|----|
| Add \| test | [Grace](g.md) | 2026-04-01 |
| Short |

Setext
------

[g]: https://example.org
After a definition
| A | B |
|---|---|
| 1 | 2 |

` + "```sh\nkubectl rollout undo\n```" + `

| Key | Value |
|---|---|
| Status | done |
`

// show writes an outline so that a test can compare it.
func show(o *Outline) string {
	var b strings.Builder
	for _, s := range o.Sections {
		fmt.Fprintf(&b, "%d %q\n", s.Heading.Level, s.Heading.Text)
		for _, p := range s.Paragraphs {
			fmt.Fprintf(&b, "  p %d:%d %q in %d lines\n", p.At.Line, p.At.Col, p.Value, len(p.Lines))
		}
		for _, i := range s.Items {
			fmt.Fprintf(&b, "  i %d:%d %q depth %d ordered %t box %t checked %t\n", i.At.Line, i.At.Col, i.Value, i.Depth, i.Ordered, i.Box, i.Checked)
		}
		for _, t := range s.Tables {
			for _, row := range append(t.Rows[:0:0], append(t.Rows, t.Header)...) {
				for _, c := range row {
					fmt.Fprintf(&b, "  c %d:%d %q", c.At.Line, c.At.Col, c.Value)
				}
				fmt.Fprintln(&b)
			}
		}
		for _, c := range s.Code {
			fmt.Fprintf(&b, "  code %d %q\n", c.At.Line, c.Value)
		}
	}
	return b.String()
}

func TestOutline(t *testing.T) {
	o, gaps := ReadOutline("pm.md", []byte(outlined))
	if gaps != nil {
		t.Fatal(gaps)
	}
	want := `0 ""
1 "Payments stood still"
  p 6:1 "Date: 2026-03-01 Severity: SEV-1 (how we count)" in 2 lines
7 "Impact"
  p 11:1 "Nobody could pay for 40 minutes." in 2 lines
2 "Action items"
  i 16:3 "Alert on refused cards. Owner: Ada" depth 1 ordered false box true checked true
  i 17:6 "nested step" depth 2 ordered true box false checked false
  i 18:3 "Runbook with a second paragraph" depth 1 ordered false box true checked false
  c 24:3 "Add | test"  c 24:17 "Grace"  c 24:33 "2026-04-01"
  c 25:3 "Short"  c 25:1 ""  c 25:1 ""
  c 22:3 "Action"  c 22:12 "Owner"  c 22:20 "Due"
2 "Setext"
  p 31:1 "After a definition" in 1 lines
  c 34:3 "1"  c 34:7 "2"
  c 32:3 "A"  c 32:7 "B"
  c 42:3 "Status"  c 42:12 "done"
  c 40:3 "Key"  c 40:9 "Value"
  code 37 "kubectl rollout undo"
`
	if diff := cmp.Diff(want, show(o)); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"service": "checkout", "date": "2026-03-01", "severity": "SEV-1 (how we count)", "status": "done", "owner": ""} {
		if got := o.Field(name).Value; got != want {
			t.Errorf("field %q is %q, want %q", name, got, want)
		}
	}
	if got := o.Find("impact", "action items"); !cmp.Equal(got, []int{2, 3}) {
		t.Errorf("found the sections %v", got)
	}
	if table := o.Sections[3].Tables[0]; table.Column("due date", "due") != 2 || table.Column("who") != -1 {
		t.Errorf("the columns of %v are not found", table.Header)
	}
	if whole := o.Whole(1); len(whole.Items) != 3 || len(whole.Code) != 1 {
		t.Errorf("the whole page has %d items and %d code blocks", len(whole.Items), len(whole.Code))
	}
}

// The page of an outline is what Read gives.
func TestOutlineKeepsThePage(t *testing.T) {
	o, _ := ReadOutline("pm.md", []byte(outlined))
	if diff := cmp.Diff(Read("pm.md", []byte(outlined)).Pages[0], o.Page); diff != "" {
		t.Error(diff)
	}
}

func TestOutlineOfCorpora(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpora/postmortems/*.md")
	if len(files) == 0 {
		t.Skip("no corpora here")
	}
	items, rows := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o, gaps := ReadOutline(file, data)
		if len(gaps) > 0 {
			t.Errorf("%s: %v", file, gaps)
			continue
		}
		for _, s := range o.Sections {
			items += len(s.Items)
			for _, table := range s.Tables {
				rows += len(table.Rows)
			}
		}
	}
	if items < 200 || rows < 150 {
		t.Errorf("%d items and %d rows in %d postmortems", items, rows, len(files))
	}
}

func FuzzOutline(f *testing.F) {
	f.Add(outlined)
	f.Add("| a |\n|---|\n| \\| |\n")
	f.Add("- [ ] x\n\n  | a | b |\n  |--|--|\n  | c")
	f.Fuzz(func(t *testing.T, text string) {
		o, gaps := ReadOutline("x.md", []byte(text))
		if o == nil && len(gaps) == 0 {
			t.Fatal("neither outline nor gap")
		}
		if o == nil {
			return
		}
		lines := strings.Count(text, "\n") + 1
		for _, s := range o.Sections {
			for _, text := range s.Texts() {
				if text.At.Line < 1 || text.At.Line > lines || text.At.Col < 1 {
					t.Errorf("%q stands at %v", text.Value, text.At)
				}
			}
			for _, table := range s.Tables {
				for _, row := range table.Rows {
					if len(row) != len(table.Header) {
						t.Errorf("a row of %d cells under %d", len(row), len(table.Header))
					}
				}
			}
		}
		o.Fields()
	})
}
