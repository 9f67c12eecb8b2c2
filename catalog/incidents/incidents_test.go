package incidents

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/pages"
)

func TestPaths(t *testing.T) {
	for file, want := range map[string]bool{
		"docs/incident-response.md":                 true,
		"docs/INCIDENT_RESPONSE.md":                 true,
		"source/manual/incident-what-to-do.html.md": true,
		"docs/incidents.md":                         true,
		"severity-levels.md":                        true,
		"docs/severities.md":                        true,
		"on-call/handbook.md":                       true,
		"docs/being_oncall.md":                      true,
		"incident-management/before/roles.md":       true,
		"docs/during/during_an_incident.md":         true,
		"training/incident_commander.md":            true,
		"docs/on-call.md":                           true,
		"incidents/2026-01-06-incident-502.md":      false,
		"docs/postmortems/incident-process.md":      false,
		"docs/incident-report.md":                   false,
		"docs/incident-response-template.md":        false,
		"docs/post-incident-process.md":             false,
		"skills/ops/incident-response.md":           false,
		"course/exercise-05/incident-response.md":   false,
		"docs/architecture.md":                      false,
		"docs/coincidental.md":                      false,
		"docs/incident-response.yaml":               false,
	} {
		if got := IsPath(file); got != want {
			t.Errorf("%s: got %t", file, got)
		}
	}
}

func read(t *testing.T, file, text string) (*catalog.IncidentProcess, bool) {
	t.Helper()
	o, gaps := pages.ReadOutline(file, []byte(text))
	if o == nil {
		t.Fatal(gaps)
	}
	return ReadPage(o)
}

var names = []string{"severities", "commander", "communication", "diagnosis", "mitigation", "customers", "timeline", "first", "follow-up"}

// show writes what was found, one line for each text.
func show(p *catalog.IncidentProcess) string {
	var b strings.Builder
	for i, list := range lists(p) {
		for _, t := range *list {
			fmt.Fprintf(&b, "%s %d: %s\n", names[i], t.At.Line, t.Value)
		}
	}
	return b.String()
}

const process = `---
last_reviewed: 2026-05-01
---
# Incident response

| Severity | Meaning | Example |
|---|---|---|
| SEV-1 | Nobody can pay | all cards refused |
| SEV-2 | Paying is slow | |

## Roles

- **Incident commander (IC)**: decides and delegates.
- **Operations lead**: the only one who changes the system.
- **Communications lead**: keeps management informed
  - updates the status page for customers
- **Subject matter experts**
- **Scribe**: TODO

## During an incident

The scribe keeps a timeline. Restore the service
before you look for the root cause.

1. Mitigate.
2. Root cause analysis.

## Afterwards

Record follow-up actions with owner and due date.
`

func TestProcess(t *testing.T) {
	p, ok := read(t, "docs/incident-response.md", process)
	if !ok {
		t.Fatal("it is none")
	}
	const want = `severities 8: SEV-1 | Nobody can pay | all cards refused
severities 9: SEV-2 | Paying is slow
commander 13: Incident commander (IC): decides and delegates.
communication 15: Communications lead: keeps management informed
diagnosis 17: Subject matter experts
mitigation 14: Operations lead: the only one who changes the system.
customers 15: Communications lead: keeps management informed
timeline 22: The scribe keeps a timeline.
first 22: Restore the service before you look for the root cause.
first 26: Root cause analysis.
follow-up 30: Record follow-up actions with owner and due date.
`
	if diff := cmp.Diff(want, show(p)); diff != "" {
		t.Error(diff)
	}
	if p.Reviewed.Value != "2026-05-01" || len(p.Placeholders) != 1 || p.At.Line != 4 {
		t.Errorf("reviewed %q, placeholders %v, at %v", p.Reviewed.Value, p.Placeholders, p.At)
	}
}

// Each text says one thing, or nothing.
func TestParts(t *testing.T) {
	for text, want := range map[string]string{
		"### P1\n\nDown\n\n### P2\n\nSlow":                                                        "severities severities",
		"## Severity\n\n- Critical: down\n- Minor: slow":                                          "severities severities",
		"## Severity\n\nClassify as Sev1/Sev2/Sev3.":                                              "severities",
		"```\nAssess severity (P1-P4)\n  +-- P1 --> page\n```":                                    "severities",
		"```\nAction items:\nRoot cause first\n```":                                               "",
		"## Severity\n\n- SEV-1: down":                                                            "",
		"- Critical thinking helps\n- Major cities":                                               "",
		"Assign an incident lead.":                                                                "commander",
		"The incident manager runs the call.":                                                     "commander",
		"Ask the incident commander when in doubt.":                                               "",
		"## Roles\n\n| Role | Duty |\n|---|---|\n| Communications | informs teams |":              "communication",
		"## External communication\n\nThe support team posts to the status page every half hour.": "customers customers",
		"Your communications lead must manage:\n\n- external communications\n- escalations":       "communication customers",
		"## External communication\n\nSee the wiki.":                                              "",
		"The technical lead investigates.":                                                        "diagnosis",
		"The technical lead investigates and fixes.":                                              "diagnosis mitigation",
		"## Roles\n\n- Technical lead\n- Resolver":                                                "diagnosis mitigation mitigation",
		"## Roles\n\n- On-call engineer: finds the cause":                                         "diagnosis",
		"The engineering manager fixes the budget.":                                               "",
		"Document all actions with timestamps.":                                                   "timeline",
		"Correlate by timestamp.":                                                                 "",
		"Response timelines are kept in the contract.":                                            "",
		"Stop the bleeding.":                                                                      "first",
		"Mitigation first, root cause later.":                                                     "first",
		"Our first priority is to restore the service.":                                           "first",
		"Find the root cause, then fix it.":                                                       "",
		"1. Find the root cause\n2. Mitigate":                                                     "",
		"Track action items in the tracker.":                                                      "follow-up",
		"Have a look at the follow-up.":                                                           "",
	} {
		p, _ := read(t, "docs/incident-response.md", text+"\n")
		var got []string
		if p != nil {
			for i, list := range lists(p) {
				for range *list {
					got = append(got, names[i])
				}
			}
		}
		if found := strings.Join(got, " "); found != want {
			t.Errorf("%q: got %q, want %q\n%s", text, found, want, show(p))
		}
	}
}

// A page that only mentions an incident is none, and one that has a section about them is read there only.
func TestOnlyWhatIsOne(t *testing.T) {
	for _, text := range []string{
		"# Checkout\n\nIn the last incident the incident commander was Ada. Restore the service before the root cause.\n",
		"# Checkout\n\n## Incident response\n\nSee the wiki.\n",
		"# Incident postmortem report\n\n- SEV-1: it\n- SEV-2: that\n\nAssign an incident lead.\n",
	} {
		if p, ok := read(t, "docs/checkout.md", text); ok {
			t.Errorf("%q: %s", text, show(p))
		}
	}
	p, ok := read(t, "docs/handbook.md", "# Handbook\n\nTODO\n\nStop the bleeding.\n\n## Incident response\n\nAssign an incident lead.\n\nTrack action items.\n\nTBD\n\n## Other\n\nStop the bleeding.\n")
	if !ok || show(p) != "commander 9: Assign an incident lead.\nfollow-up 11: Track action items.\n" || len(p.Placeholders) != 1 || p.At.Line != 7 {
		t.Errorf("%t, %s", ok, show(p))
	}
}

// A page on incidents is one even when nothing in it is recognised, and any page that somebody names is one.
func TestSilentPages(t *testing.T) {
	for file, text := range map[string]string{
		"docs/incident-response.md":  "## Responding to incidents\n\nTell the owner of the platform.\n",
		"runbooks/security.md":       "# Runbook: Security incident response\n\nBlock the address.\n",
		"docs/operations/weekend.md": "# Operations\n\n## Incident response\n\nThe incident manager runs the call.\n",
	} {
		if p, ok := read(t, file, text); !ok || p.Page == nil {
			t.Errorf("%s is none", file)
		}
	}
	for _, file := range []string{"postmortems/2026-01-02.md", "templates/operations.md"} {
		if _, ok := read(t, file, "# Operations\n\n## Incident response\n\nThe incident manager runs the call.\n"); ok {
			t.Errorf("%s is one", file)
		}
	}
	o, _ := pages.ReadOutline("docs/fire.md", []byte("# When it burns\n\nThe incident manager runs the call.\n"))
	if p := ReadNamed(o); len(p.Commander) != 1 || p.At.Line != 1 {
		t.Errorf("%s at %v", show(p), p.At)
	}
}

// Severities are declared for vulnerabilities and defects too.
func TestSeveritiesOfSomethingElse(t *testing.T) {
	const levels = "\n\n## Critical severity\n\nCode runs.\n\n## Low severity\n\nA word is wrong.\n"
	if p, ok := read(t, "severity-ratings.md", "# Severity ratings of vulnerabilities"+levels); ok {
		t.Errorf("a page about vulnerabilities: %s", show(p))
	}
	if _, ok := read(t, "severity-levels.md", "# Severity levels\n\nOf incidents."+levels); !ok {
		t.Error("a page about severities of incidents is not read")
	}
}

// The process of PagerDuty, which is spread over many pages, has all parts.
func TestPagerDuty(t *testing.T) {
	root := "../../../shared/corpora/runbook-templates/pagerduty/docs"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	found := map[string]bool{}
	for _, folder := range []string{"before", "during", "after"} {
		files, _ := filepath.Glob(filepath.Join(root, folder, "*.md"))
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o, _ := pages.ReadOutline("incident-response/"+folder+"/"+filepath.Base(file), data)
			if p, ok := ReadPage(o); ok {
				for i, list := range lists(p) {
					found[names[i]] = found[names[i]] || len(*list) > 0
				}
			}
		}
	}
	for _, name := range names {
		if !found[name] {
			t.Errorf("no page says anything of %s", name)
		}
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add("docs/incident-response.md", process)
	f.Add("x.md", "# Severity levels\n\n| SEV-1\n|--\n| Sev 2 |\n\n1. mitigate\n2. root cause\n")
	f.Fuzz(func(t *testing.T, file, text string) {
		o, _ := pages.ReadOutline(file, []byte(text))
		if o == nil {
			return
		}
		p, ok := ReadPage(o)
		if !ok {
			return
		}
		lines := strings.Count(text, "\n") + 1
		for _, list := range lists(p) {
			if len(*list) > maxTexts {
				t.Errorf("%d texts are kept", len(*list))
			}
			for _, x := range *list {
				if x.Value == "" || x.At.File != file || x.At.Line < 1 || x.At.Line > lines {
					t.Errorf("%q stands at %v of %d lines", x.Value, x.At, lines)
				}
			}
		}
	})
}
