package postmortems

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/pages"
)

func read(t *testing.T, file, text string) (*catalog.Postmortem, bool) {
	t.Helper()
	o, gaps := pages.ReadOutline(file, []byte(text))
	if o == nil {
		t.Fatalf("%s: %v", file, gaps)
	}
	return ReadPage(o, file)
}

func TestIsPath(t *testing.T) {
	for file, want := range map[string]bool{
		"docs/postmortems/2026-05-02-queue.md": true, "post-mortems/queue.md": true, "PM2024-001 Ingress is down.md": true, "PM2022-009 - Bad AMI": true,
		"incidents/2026-05-02-queue.md": true, "incidents/INC-2041/README.md": true, "postmortems/2026-05-02-queue/README.md": true, "docs/pir/queue.md": true,
		"docs/rca-2041.md": true, "docs/incident-report-2026-05.md": true, "postmortems/template.md": true, "docs/postmortems/queue.adoc": true,
		"retrospectives/2026-outage-of-search.md": true, "payments/postmortem.md": true,
		"postmortems/README.md": false, "postmortems/index.md": false, "docs/postmortem-process.md": false, "docs/postmortem-guidelines.md": false,
		"retrospectives/2026-sprint-12.md": false, "runbooks/queue.md": false, "incidents/how-we-work.md": false, "postmortems/data.json": false, "incidents/README.md": false,
		"PM2024-001.png": false, "docs/arcade.md": false,
	} {
		if got := IsPath(file); got != want {
			t.Errorf("%s: got %v", file, got)
		}
	}
}

const report = `---
services: [checkout, ledger]
severity: SEV-2
---
# INC-2041: payments are refused

- **Date:** 2026-05-02
- **Status:** final

## Executive summary

Customers could not pay.

## Impact

412 customers could not pay for 38 minutes.

## Timeline (UTC)

| Time | Event |
|------|-------|
| 10:00 | deploy |
| 10:38 | rollback |

## How was it detected?

Support was called. No alert fired.

## Root cause analysis

The pool was sized for last year. Connections
ran out.

### Contributing factors

1. No load test
2. An old limit, e.g. of 2024

## Lessons learned

### What went well

- Rollback

### What could have gone better

- [ ] nothing was monitored

### Where we got lucky

- It was night

## Action items

### Prevention

| # | Action | Owner | Due date | Ticket |
|---|--------|-------|----------|--------|
| 1 | Size the pool | Ada | 2026-06-01 | [PAY-7](https://acme.example/browse/PAY-7) |
`

func TestReadPage(t *testing.T) {
	p, ok := read(t, "docs/postmortems/2026-05-02-payments.md", report)
	if !ok || p.Template {
		t.Fatalf("got %+v, %v", p, ok)
	}
	if p.ID.Value != "INC-2041" || p.Date.Value != "2026-05-02" || p.Severity.Value != "SEV-2" || p.Status.Value != "final" || p.Security {
		t.Errorf("got %+v", p)
	}
	if len(p.Services) != 2 || p.Services[1].Value != "ledger" {
		t.Errorf("got services %v", p.Services)
	}
	for part, heading := range map[catalog.PostmortemPart]string{
		catalog.Impact: "Impact", catalog.Timeline: "Timeline (UTC)", catalog.DetectionGap: "How was it detected?", catalog.ContributingFactors: "Root cause analysis",
		catalog.WentWell: "What went well", catalog.WentPoorly: "What could have gone better", catalog.ActionItems: "Action items", catalog.Improvements: "Prevention",
	} {
		if !slices.ContainsFunc(p.Sections, func(s catalog.PostmortemSection) bool { return s.Part == part && s.Heading.Value == heading && !s.Open }) {
			t.Errorf("no %s under %q in %+v", part, heading, p.Sections)
		}
	}
	want := []string{"24 The pool was sized for last year.", "24 Connections ran out.", "29 No load test", "30 An old limit, e.g. of 2024"}
	var causes []string
	for _, c := range p.Causes {
		causes = append(causes, fmt.Sprint(c.At.Line-7, " ", c.Value))
	}
	if !slices.Equal(causes, want) {
		t.Errorf("got causes %q", causes)
	}
	if len(p.Gap) != 1 || p.Gap[0].Value != "No alert fired." {
		t.Errorf("got gaps %v", p.Gap)
	}
	if len(p.Actions) != 1 || p.Actions[0].Ticket.Value != "https://acme.example/browse/PAY-7" || p.Actions[0].Text.Value != "Size the pool" || p.Actions[0].Owner.Value != "Ada" {
		t.Errorf("got actions %+v", p.Actions)
	}
}

func TestActions(t *testing.T) {
	for text, want := range map[string]string{
		"- Alert on age (owner: Ada, due: 2026-04-01)":                                           "Ada|2026-04-01||open",
		"- Alert on age, @ada by 2026-04-01":                                                     "@ada|2026-04-01||open",
		"- Alert on age — Ada, 1 April 2026":                                                     "Ada|1 April 2026||open",
		"- Alert on age (payments team, due 2026-04-01)":                                         "payments team|2026-04-01||open",
		"- [x] Alert on age [#123](https://github.com/acme/x/issues/123)":                        "||https://github.com/acme/x/issues/123|done",
		"- [ ] Alert on age PAY-12":                                                              "||PAY-12|open",
		"- ✅ Alert on age":                                                                       "|||done",
		"- [DONE] Alert on age":                                                                  "|||done",
		"- Fix what CVE-2026-1 broke in UTF-8":                                                   "|||open",
		"- Alert on age by Q3 2026":                                                              "|Q3 2026||open",
		"- Platform owner: automate the restore":                                                 "Platform owner|||open",
		"- Alert on age\n  - Owner: Ada\n  - Due: 2026-04-01\n  - Status: Done":                  "Ada|2026-04-01||done",
		"- Prevention:\n  - Alert on age @ada":                                                   "@ada|||open",
		"### 1. Alert on age\n\n**Owner**: Ada\n**Due date**: April 2026":                        "Ada|April 2026||open",
		"| Task | Assignee | ETA | State |\n|-|-|-|-|\n| Alert | Ada | May 2026 | in progress |": "Ada|May 2026||open",
		"| Task | Owner | Due |\n|-|-|-|\n| Alert | TBD | Done on 2026-05-18 |":                  "|Done on 2026-05-18||done",
		"- Since 2026-04-01 it is late, so fix it by 2026-04-01":                                 "|2026-04-01||open",
		"- The alert of 2026-04-01 was late":                                                     "|||open",
		"None.":                                                                                  "", "- N/A": "", "- [Action 1]": "", "| Action | Owner |\n|-|-|\n| | |": "", "We will see.": "", "- config/a.yaml": "",
	} {
		p, ok := read(t, "postmortems/x.md", "# It broke\n\n## Action items\n\n"+text+"\n")
		if !ok {
			t.Fatalf("%q: no postmortem", text)
		}
		var got []string
		for _, a := range p.Actions {
			state := "open"
			if a.Done {
				state = "done"
			}
			got = append(got, strings.Join([]string{a.Owner.Value, a.Due.Value, a.Ticket.Value, state}, "|"))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A heading that only holds other parts together is no part of its own.
func TestFramesAreNoParts(t *testing.T) {
	p, _ := read(t, "postmortems/x.md", "# It broke\n\n## Lessons learned\n\n### What went well\n\nAll.\n\n### What went poorly\n\nTBD\n")
	if len(p.Sections) != 2 || p.Sections[0].Part != catalog.WentWell || p.Sections[1].Part != catalog.WentPoorly || !p.Sections[1].Open {
		t.Errorf("got %+v", p.Sections)
	}
}

func TestIsDone(t *testing.T) {
	for status, want := range map[string]bool{"Done": true, "closed (2026-05-18)": true, "x": true, "✅": true, "yes": true, "resolved in #12": true,
		"": false, "open": false, "not done": false, "done when the proxy is there": false, "Completed: 50 %, in progress": false, "close to done": false, "max": false} {
		if got := IsDone(status); got != want {
			t.Errorf("%q: got %t", status, got)
		}
	}
}

func TestTemplates(t *testing.T) {
	for file, text := range map[string]string{
		"postmortems/template.md": "# Postmortem\n\n## Impact\n",
		"docs/pir-example.md":     strings.Replace(report, "# INC-2041:", "# PIR INC-2041:", 1),
		"postmortems/new.md":      "# Postmortem: [Incident title]\n\n## Impact\n\nwho\n",
		"postmortems/form.md":     "# Postmortem\n\nDate: YYYY-MM-DD\n\n## Impact\n\n- Users affected:\n\n## Timeline\n\n- HH:MM\n\n## Root cause\n\n[why]\n",
	} {
		if p, ok := read(t, file, text); !ok || !p.Template {
			t.Errorf("%s: got %+v", file, p)
		}
	}
	if p, ok := read(t, "postmortems/draft.md", "# It broke\n\nDate: 2026-05-02\n\n## Impact\n\nAll users.\n\n## Root cause\n\nTBD\n"); !ok || p.Template {
		t.Errorf("a draft is taken for a form: %+v", p)
	}
}

func TestSampleInTheNameOfAnIncident(t *testing.T) {
	if p, ok := read(t, "postmortems/2026-05-02-sample-rate.md", report); !ok || p.Template {
		t.Errorf("got %+v", p)
	}
}

func TestGapsAmongFactors(t *testing.T) {
	for factor, want := range map[string]bool{
		"Alerting not catching NodeNotReady": true, "Our alerting threshold for this service was set too high": true, "No monitoring of certificates": true,
		"The fix was not caught in review": false, "A high load on the nodes": false,
	} {
		if p, _ := read(t, "postmortems/x.md", "# It broke\n\n## Contributing factors\n\n- "+factor+"\n"); (len(p.Gap) > 0) != want {
			t.Errorf("%q: got %v", factor, p.Gap)
		}
	}
}

// A summary tells the impact when it tells what users saw.
func TestImpactInTheSummary(t *testing.T) {
	for summary, want := range map[string]bool{"All services returned status 503.": true, "The version was changed.": false} {
		p, _ := read(t, "postmortems/x.md", "# It broke\n\n## Summary\n\n"+summary+"\n")
		if got := slices.ContainsFunc(p.Sections, func(s catalog.PostmortemSection) bool { return s.Part == catalog.Impact }); got != want {
			t.Errorf("%q: impact is told: %t", summary, got)
		}
	}
}

func TestOtherPagesAreNone(t *testing.T) {
	for file, text := range map[string]string{
		"docs/runbooks/x.md":                     report,
		"docs/notes.md":                          "# Notes\n\n## Impact\n\nx\n\n## Timeline\n\nx\n\n## Action items\n\n- x\n",
		"_posts/2018-01-11-outage-postmortem.md": "# Major outage\n\nWe were down.\n\n[We have published a postmortem](https://status.example/incidents/1).\n",
		"incidents/incident.md":                  "# How we handle incidents\n\nCall somebody.\n",
	} {
		if p, ok := read(t, file, text); ok {
			t.Errorf("%s: got %+v", file, p)
		}
	}
	if _, ok := read(t, "docs/payments-refused.md", strings.Replace(report, "# INC-2041:", "# Postmortem INC-2041:", 1)); !ok {
		t.Error("a report outside of a collection is not found by its title")
	}
}

func TestSecurity(t *testing.T) {
	for title, want := range map[string]bool{
		"CVE-2026-1 in the parser": true, "Leaked API key in a log": true, "Data breach of the mail system": true, "Credential leak": true,
		"SLO breach of search": false, "Breach of the memory limit": false, "Key rotation failed": false,
	} {
		if p, _ := read(t, "postmortems/x.md", "# "+title+"\n\nx\n"); p.Security != want {
			t.Errorf("%q: got %v", title, p.Security)
		}
	}
	if p, _ := read(t, "postmortems/x.md", "# It broke\n\nx\n\n- Category: Security Incident\n"); !p.Security {
		t.Error("the category is not seen")
	}
}

// TestCorpora reads the public postmortems, where they are at hand.
func TestCorpora(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpora/postmortems/PM*")
	if len(files) == 0 {
		t.Skip("no corpora here")
	}
	actions := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := read(t, filepath.Base(file), string(data))
		if !ok || p.Template || p.ID.Value != filepath.Base(file)[:10] || len(p.Sections) < 4 || len(p.Causes) == 0 {
			t.Errorf("%s: got %+v", file, p)
		}
		actions += len(p.Actions)
	}
	if actions < 50 {
		t.Errorf("got %d actions", actions)
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add(report)
	f.Add("# x\n\n## Actions\n\n- [x] a b (owner: , due: 2026-13-01)\n  - Owner:\n\n| a |\n|-|\n|| ||\n")
	f.Add("## Root cause\n\n@ . ! ? x. y.\n\n- \n")
	f.Fuzz(func(t *testing.T, text string) {
		o, _ := pages.ReadOutline("postmortems/x.md", []byte(text))
		if o == nil {
			return
		}
		p, ok := ReadPage(o, "postmortems/x.md")
		if !ok {
			return
		}
		lines := strings.Count(strings.ReplaceAll(text, "\r\n", "\n"), "\n") + 1
		valid := func(at catalog.Place) bool {
			return at.File == "postmortems/x.md" && at.Line >= 1 && at.Line <= lines && at.Col >= 1
		}
		for _, a := range p.Actions {
			if !valid(a.At) || a.Text.Value == "" || utf8.RuneCountInString(a.Text.Value) > 500 {
				t.Errorf("action %+v", a)
			}
		}
		for _, c := range slices.Concat(p.Causes, p.Gap) {
			if !valid(c.At) || c.Value == "" {
				t.Errorf("sentence %+v", c)
			}
		}
	})
}

func TestHeadingsOfParts(t *testing.T) {
	for heading, want := range map[string]catalog.PostmortemPart{
		"How did this happen?": catalog.ContributingFactors, "How was this possible": catalog.ContributingFactors, "How did it happen": catalog.ContributingFactors,
		"Call to action": "", "A call to action for maintainers": "", "What you can do": "", "Recommended actions for users": "", "Action items": catalog.ActionItems,
	} {
		if got := partOf(heading); got != want {
			t.Errorf("%q is %q, want %q", heading, got, want)
		}
	}
}

// "N/A" below a heading or behind a name says nothing.
func TestNotApplicableIsBlank(t *testing.T) {
	p, _ := read(t, "postmortems/x.md", "# It broke\n\nImpact: N/A\n\n## Root cause\n\nn/a\n\n## What went well\n\nNot applicable.\n\n## Timeline\n\n- 10:00 N/A was shown\n")
	var got []string
	for _, s := range p.Sections {
		got = append(got, fmt.Sprintf("%s %t", s.Part, s.Open))
	}
	if diff := cmp.Diff("contributing factors true, what went well true, timeline false", strings.Join(got, ", ")); diff != "" {
		t.Error(diff)
	}
}
