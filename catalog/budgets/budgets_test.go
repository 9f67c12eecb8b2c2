package budgets

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// prose is a policy in sentences, after the parts of the SRE workbook's example.
const prose = `# Error budget policy of the shop

| | |
|---|---|
| **Status** | Published |
| **Approvers** | Grace Hopper |
| **Approval date** | 2026-01-15 |
| **Revisit date** | 1 February 2027 |

## Goals

* Protect customers from repeated SLO misses

## SLO miss policy

If the shop is at or above its SLO, releases proceed as usual.

If the shop has spent its error budget of the last four weeks, we halt all
changes but security fixes until it is back within its SLO.

The team must work on reliability if:

1. A bug of our own made the shop exceed its error budget.

## Outages

If a single incident consumes more than 20 % of the budget, a postmortem is written.

## Escalation

When the parties disagree, the head of engineering decides.
`

// levels is a policy in a table and lists.
const levels = `---
title: Error budgets
last_reviewed: 2026-03-01
---
# Budgets

TODO: link the dashboard

## Error budget policy

We look at this policy every quarter.

| Budget left | What we do |
|---|---|
| > 50 % | ship as usual |
| 10-50 % | **freeze** risky releases |
| < 10 % | only fixes for reliability |

At 100% consumed:

- Stop all feature releases.
- TODO: who tells sales?
- Continue normal on-call.

Exceptions need approval by the VP of engineering.

### Example

If the budget is exhausted in an example, we freeze everything.

## Something else

If the budget is spent, releases stop.
`

// read reads a page with its policy.
func read(file string, data []byte, hint Hint) (*catalog.BudgetPolicy, bool) {
	facts := pages.Read(file, data)
	if len(facts.Pages) == 0 {
		return nil, false
	}
	return Read(facts.Pages[0], data, hint)
}

// show writes what was found, one line each, with the line in the file.
func show(p *catalog.BudgetPolicy) string {
	var b strings.Builder
	for _, list := range []struct {
		name  string
		texts []catalog.Text
	}{{"trigger", p.Triggers}, {"consequence", p.Consequences}, {"decider", p.Deciders}, {"review", []catalog.Text{p.Review}}, {"approved", []catalog.Text{p.Approved}}} {
		for _, t := range list.texts {
			if t.Value != "" {
				fmt.Fprintf(&b, "%s %d: %s\n", list.name, t.At.Line, t.Value)
			}
		}
	}
	return b.String()
}

func TestProse(t *testing.T) {
	p, ok := read("docs/error-budget-policy.md", []byte(prose), Path)
	if !ok || p.Page.Title.Value != "Error budget policy of the shop" || p.At.Line != 1 {
		t.Fatalf("got ok %t, %+v", ok, p)
	}
	const want = `trigger 18: If the shop has spent its error budget of the last four weeks, we halt all changes but security fixes until it is back within its SLO.
trigger 27: If a single incident consumes more than 20 % of the budget, a postmortem is written.
trigger 14: SLO miss policy
consequence 18: If the shop has spent its error budget of the last four weeks, we halt all changes but security fixes until it is back within its SLO.
consequence 27: If a single incident consumes more than 20 % of the budget, a postmortem is written.
decider 31: When the parties disagree, the head of engineering decides.
decider 6: Grace Hopper
review 8: 1 February 2027
approved 7: 2026-01-15
`
	if got := show(p); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestLevels(t *testing.T) {
	p, ok := read("docs/slo.md", []byte(levels), Maybe)
	if !ok || p.At.Line != 9 {
		t.Fatalf("got ok %t, %+v", ok, p)
	}
	const want = `trigger 16: Budget left: 10-50 %
trigger 17: Budget left: < 10 %
trigger 19: At 100% consumed:
consequence 16: freeze risky releases
consequence 17: only fixes for reliability
consequence 21: Stop all feature releases.
decider 25: Exceptions need approval by the VP of engineering.
review 11: 2026-06-01
`
	if got := show(p); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestSections reads a policy that says under its headings, and not in conditions, when it applies and what changes.
func TestSections(t *testing.T) {
	p, ok := read("error-budget-policy.md", []byte(`# Error budget policy

## When it applies

- The error budget of the last 30 days is spent.

## What changes

- Releases of the service stop, except for fixes of the cause.
`), Path)
	if !ok {
		t.Fatal("it is not taken for a policy")
	}
	const want = "trigger 5: The error budget of the last 30 days is spent.\nconsequence 9: Releases of the service stop, except for fixes of the cause.\n"
	if got := show(p); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestOnlyWhatIsOne reads pages with the weakest hint.
func TestOnlyWhatIsOne(t *testing.T) {
	for text, want := range map[string]bool{
		"# SLO and error budget policy\n":                         true,
		"# Checkout\n\n## Error budgets: our policy\n":            true,
		"# Error budget enforcement\n":                            true,
		"# Checkout\n\nOur error budget policy is on the wiki.\n": false,
		"# Privacy policy\n":                                      false,
		"# Error budgets\n":                                       false,
		"# How we came to write the very first error budget policy of this company and what it has to do with the weather outside\n": false,
	} {
		if _, ok := read("docs/slo.md", []byte(text), Maybe); ok != want {
			t.Errorf("%q: got %t", text, ok)
		}
		if _, ok := read("docs/slo.md", []byte(text), Named); !ok {
			t.Errorf("%q is no policy although it is named as one", text)
		}
	}
}

// TestPlaceholders makes sure that what waits to be written does not count.
func TestPlaceholders(t *testing.T) {
	p, _ := read("error-budget-policy.md", []byte(`# Error budget policy

**Approved:** <date>
**Next review:** TBD
**Approvers:** TBD

- If the budget is exhausted: TODO freeze releases
- Escalation: [insert name of the CTO here] decides
`), Path)
	if got := show(p); got != "" {
		t.Errorf("got\n%s", got)
	}
}

func TestReview(t *testing.T) {
	for text, want := range map[string]string{
		"We revisit this policy on 2026-03-01.":                               "2026-03-01",
		"Next review: **March 3rd, 2026**":                                    "March 3rd, 2026",
		"This policy is reviewed once a year.":                                "once a year",
		"## Review cadence\n\nWeekly in the sync, quarterly as a whole.":      "quarterly",
		"## Quarterly review\n\n- Does it work?":                              "Quarterly",
		"Burn is looked at weekly.\n\nThe policy is reviewed every 6 months.": "every 6 months",
		"Daily SLO numbers are mailed.":                                       "",
		"## Review\n\nNumbers weekly.\n\nTargets monthly.":                    "monthly",
		"It was written on 2020-01-01.":                                       "",
	} {
		p, _ := read("error-budget-policy.md", []byte("# Error budget policy\n\n"+text+"\n"), Path)
		if p.Review.Value != want {
			t.Errorf("%q: got %q, want %q", text, p.Review.Value, want)
		}
	}
}

func TestPaths(t *testing.T) {
	for file, want := range map[string][2]bool{
		"docs/error-budget-policy.md":          {true, true},
		"docs/slo/ERROR_BUDGET_POLICY.md":      {true, true},
		"teams/pay/error-budget-policies.md":   {true, true},
		"slo-policy.mdx":                       {true, true},
		"docs/slos.md":                         {false, true},
		"docs/error-budgets.md":                {false, true},
		"docs/privacy-policy.md":               {false, false},
		"templates/error-budget-policy.md":     {false, false},
		"docs/error-budget-policy-template.md": {false, false},
		"docs/error-budget-policy.txt":         {false, false},
		"docs/slots.md":                        {false, false},
	} {
		if got := [2]bool{IsPath(file), MayHold(file)}; got != want {
			t.Errorf("%s: got %v, want %v", file, got, want)
		}
	}
}

// TestLongTexts reads pages that are made to be slow or large.
func TestLongTexts(t *testing.T) {
	for name, text := range map[string]string{
		"cells":     "# Error budget policy\n\n|budget" + strings.Repeat("|", 30_000) + "\n|-|-|\n" + strings.Repeat("|50%|freeze|\n", 2_000),
		"sentence":  "# Error budget policy\n\n" + strings.Repeat("if the budget is exhausted we freeze ", 2_000),
		"lines":     "# Error budget policy\n\n" + strings.Repeat("If the budget is exhausted, we freeze.\n", 2_000),
		"nested":    "# Error budget policy\n\n" + strings.Repeat("- If the budget is spent:\n  - freeze\n", 2_000),
		"headings":  strings.Repeat("# Error budget policy (50% consumed)\n", 2_000),
		"emphasis":  "# Error budget policy\n\n" + strings.Repeat("*a ", 20_000),
		"fences":    "# Error budget policy\n\n```\n" + strings.Repeat("If the budget is exhausted, we freeze.\n", 2_000),
		"unhealthy": "# Error budget policy\n\n" + strings.Repeat("> ", 90) + "If the budget is spent, we freeze.\n",
	} {
		p, _ := read("error-budget-policy.md", []byte(text), Path)
		if p == nil {
			continue // a gap of the page
		}
		if n := max(len(p.Triggers), len(p.Consequences), len(p.Deciders)); n > 2*maxTexts {
			t.Errorf("%s: %d texts are kept", name, n)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("error-budget-policy.md", []byte(prose), 1)
	f.Add("docs/slo.md", []byte(levels), 0)
	f.Add("x.md", []byte("+++\na = 1\n+++\n# Error budget policy\n> - if budget gone:\n>\t1. stop releases\n| a | b |\n|--|\n"), 2)
	f.Fuzz(func(t *testing.T, file string, data []byte, hint int) {
		p, ok := read(file, data, Hint(hint%3))
		if !ok {
			return
		}
		if p.Page == nil {
			t.Fatal("a policy without its page")
		}
		lines := strings.Count(string(data), "\n") + 1
		for _, list := range [][]catalog.Text{p.Triggers, p.Consequences, p.Deciders} {
			for _, text := range list {
				if text.Value == "" || !utf8.ValidString(text.Value) || utf8.RuneCountInString(text.Value) > 2*maxText {
					t.Fatalf("text %q", text.Value)
				}
				if text.At.File != file || text.At.Line < 1 || text.At.Line > lines || text.At.Col < 0 {
					t.Fatalf("place %+v of %q is not in the file", text.At, text.Value)
				}
			}
		}
		again, _ := read(file, data, Hint(hint%3))
		if show(again) != show(p) {
			t.Fatal("two readings differ")
		}
	})
}
