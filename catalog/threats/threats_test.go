package threats

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/pages"
)

// show writes a model so that a test can compare it.
func show(m *catalog.ThreatModel) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q reviewed %q generated %t partial %q\n", m.Format, m.Title.Value, m.Reviewed.Value, m.Generated, m.Partial.Value)
	for _, list := range []struct {
		name  string
		texts []catalog.Text
	}{{"service", m.Services}, {"asset", m.Assets}, {"attacker", m.Attackers}, {"detection", m.Detection}, {"recovery", m.Recovery}, {"mitigation", m.Mitigations}, {"open", m.Placeholders}} {
		for _, t := range list.texts {
			fmt.Fprintf(&b, "  %s %d:%d %s\n", list.name, t.At.Line, t.At.Col, t.Value)
		}
	}
	for _, t := range m.Threats {
		fmt.Fprintf(&b, "  threat %d:%d [%s] %s: %q is %q", t.At.Line, t.At.Col, t.ID.Value, t.Title.Value, t.Status.Value, t.State)
		for _, f := range []struct {
			name string
			text catalog.Text
		}{{"severity", t.Severity}, {"mitigation", t.Mitigation}, {"owner", t.Owner}, {"due", t.Due}, {"ticket", t.Ticket}} {
			if f.text.Value != "" {
				fmt.Fprintf(&b, ", %s %q", f.name, f.text.Value)
			}
		}
		if t.Case {
			fmt.Fprint(&b, ", case")
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func readPage(t *testing.T, file, text string) (*catalog.ThreatModel, bool) {
	t.Helper()
	o, gaps := pages.ReadOutline(file, []byte(text))
	if gaps != nil {
		t.Fatal(gaps)
	}
	return ReadPage(o)
}

func readDocument(t *testing.T, file, text string) (facts catalog.Facts) {
	t.Helper()
	parse := document.ParseYAML
	if strings.HasSuffix(file, ".json") {
		parse = document.ParseJSON
	}
	docs, gaps := parse(file, []byte(text))
	if gaps != nil {
		t.Fatal(gaps)
	}
	for _, d := range docs {
		f, _ := Read(d)
		facts.Add(f)
	}
	return facts
}

const fiveQuestions = `# Threat model: Checkout

Service: checkout, ledger
Last reviewed: 2026-05-04

## 1. What are we protecting?

| # | Asset | Class |
|---|---|---|
| 1 | Card tokens | payment |
| 2 | TBD | |

## 2. Who can attack it?

- Card testers
- TODO

## 3. What can go wrong?

| ID | Threat | Severity | Status | Mitigation | Owner | Due |
|---|---|---|---|---|---|---|
| T1 | Token theft | High | Mitigated | mTLS to the vault | | |
| T2 | Card testing | High | In progress (PAY-77) | Rate limit | Ada | 2026-09-01 |
| T3 | Refund fraud | Low | Accepted by Grace | | | |
| T4 | Replay | Low | Open | TBD | | |

## 4. How would we detect it?

Alert CardTesting fires on refused payments.

## 5. How would we recover?

- Describe how to recover
`

func TestPage(t *testing.T) {
	m, ok := readPage(t, "checkout/threat-model.md", fiveQuestions)
	if !ok {
		t.Fatal("no model")
	}
	want := `markdown "Threat model: Checkout" reviewed "2026-05-04" generated false partial ""
  service 3:1 checkout
  service 3:1 ledger
  service 1:3 Checkout
  asset 10:7 Card tokens | payment
  attacker 15:3 Card testers
  detection 29:1 Alert CardTesting fires on refused payments.
  open 11:7 TBD
  open 16:3 TODO
  open 25:30 TBD
  open 33:3 Describe how to recover
  threat 22:8 [T1] Token theft: "Mitigated" is "mitigated", severity "High", mitigation "mTLS to the vault"
  threat 23:8 [T2] Card testing: "In progress (PAY-77)" is "in progress", severity "High", mitigation "Rate limit", owner "Ada", due "2026-09-01", ticket "PAY-77"
  threat 24:8 [T3] Refund fraud: "Accepted by Grace" is "accepted", severity "Low", owner "Grace"
  threat 25:8 [T4] Replay: "Open" is "open", severity "Low"
`
	if diff := cmp.Diff(want, show(m)); diff != "" {
		t.Error(diff)
	}
}

// Threats stand in tables, below headings of their own, and in lists; what two places say about one is put together.
func TestThreatsOfPage(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"headings", "# Threat model\n## Threats\n### T1: Span flood\n**Description**: too many spans\n\n| Attribute | Value |\n|--|--|\n| Threat Actor | Rogue app |\n| Impact | High |\n\n**Mitigations**:\n- Rate limit\n- Quotas\n",
			"attacker 8:18 Rogue app\n  threat 3:5 [T1] Span flood: \"\" is \"\", severity \"High\", mitigation \"Rate limit; Quotas\""},
		{"table right below its line", "# Threat model\n## Threats\n### T1: Theft\n**Mitigations:**\n| Control | Type |\n|--|--|\n| MFA | Preventive |\n| Audit | Detective |\n",
			"detection 8:3 Audit\n  threat 3:5 [T1] Theft: \"\" is \"\", mitigation \"MFA; Audit\""},
		{"two tables", "# Threat model\n## Threats\n| ID | Threat | Severity |\n|--|--|--|\n| S-1 | Forged token | High |\n\n**Mitigations**\n\n| Threat | Mitigation |\n|--|--|\n| S-1 | RS256 |\n",
			"threat 5:9 [S-1] Forged token: \"\" is \"\", severity \"High\", mitigation \"RS256\""},
		{"measures of several threats", "# Threat model\n## Threats\n| ID | Threat | Mitigation |\n|--|--|--|\n| T1.1 | Forged token | RS256 |\n\n## Mitigation summary\n| Mitigation | Threats | Status |\n|--|--|--|\n| MFA | T1.1, T4.3 | Planned |\n",
			"threat 5:10 [T1.1] Forged token: \"\" is \"\", mitigation \"RS256\""},
		{"list", "# Threat model\n## What can go wrong?\n- Token theft. Mitigation: short expiry. Owner: Ada\n- Replay\n  - Mitigation: nonces\n  - Status: done\n",
			"threat 3:3 [] Token theft: \"\" is \"\", mitigation \"short expiry.\", owner \"Ada\"\n  threat 4:3 [] Replay: \"done\" is \"mitigated\", mitigation \"nonces\""},
		{"STRIDE columns", "# Threat model\n## API\n| Surface | STRIDE | Existing controls | Residual risk |\n|--|--|--|--|\n| /login | S | MFA | low |\n",
			"threat 5:3 [] /login: \"\" is \"\", mitigation \"MFA\""},
		{"STRIDE rows", "# Threat model\n## STRIDE\n| Threat | Description | Mitigation |\n|--|--|--|\n| Spoofing | Forged webhooks | HMAC |\n| Tampering | N/A | |\n",
			"threat 5:3 [] Spoofing: Forged webhooks: \"\" is \"\", mitigation \"HMAC\""},
		{"planned", "# Threat model\n## Threats\n| Threat | Planned mitigations |\n|--|--|\n| Replay | Nonces |\n",
			"threat 5:3 [] Replay: \"\" is \"in progress\", mitigation \"Nonces\""},
		{"intended only", "# Threat model\n## Threats\n| Threat | Mitigation |\n|--|--|\n| Flood | CAPTCHA (future improvement) |\n",
			"threat 5:3 [] Flood: \"\" is \"in progress\", mitigation \"CAPTCHA (future improvement)\""},
		{"the name of a threat begins no other part", "# Threat model\n## Threats\n### T2: Sensitive data in traces\nMitigation: redaction\n",
			"threat 3:5 [T2] Sensitive data in traces: \"\" is \"\", mitigation \"redaction\""},
		{"a legend", "# Threat model\n## Methodology\n| Threat | Description | Mitigation |\n|--|--|--|\n| Spoofing | being another | MFA |\n## Out of scope\n- Physical theft\n", ""},
		{"how in the status", "# Threat model\n## Threats\n| Threat | Status |\n|--|--|\n| Replay | Resolved — each request bears a nonce (W6-1) |\n| Theft | Resolved — W6-2, 2026-03-01 |\n",
			"threat 5:3 [] Replay: \"Resolved — each request bears a nonce (W6-1)\" is \"mitigated\", mitigation \"each request bears a nonce (W6-1)\", ticket \"W6-1\"\n" +
				"  threat 6:3 [] Theft: \"Resolved — W6-2, 2026-03-01\" is \"mitigated\", due \"2026-03-01\", ticket \"W6-2\""},
		{"no mitigation", "# Threat model\n## Threats\n| Threat | Mitigation |\n|--|--|\n| Replay | Cannot be mitigated |\n| Flood | Will be mitigated in Q3 |\n",
			"threat 5:3 [] Replay: \"\" is \"open\", mitigation \"Cannot be mitigated\"\n  threat 6:3 [] Flood: \"\" is \"in progress\", mitigation \"Will be mitigated in Q3\""},
		{"standards and tests", "# Threat model\n## Threats\n| Threat | Mitigation |\n|--|--|\n| Replay | Nonces |\n### Compliance mapping\n| Threat | Requirement | Status |\n|--|--|--|\n| ASVS 1.4.1 | Access | TODO |\n### Tests mapped to threats\n- replay_test covers replay\n",
			"threat 5:3 [] Replay: \"\" is \"\", mitigation \"Nonces\""},
		{"threats with such words", "# Threat model\n## Compliance risks\n- A fine. Mitigation: audits\n",
			"threat 3:3 [] A fine: \"\" is \"\", mitigation \"audits\""},
		{"assets with a remark", "# Threat model\n## Assets (what an attacker wants)\n- Card tokens\n## Actors (who attacks)\n- Card testers\n",
			"asset 3:3 Card tokens\n  attacker 5:3 Card testers"},
		{"abuse cases", "# Threat model\n## Abuse cases\n- An agent reads another's tickets\n", "threat 3:3 [] An agent reads another's tickets: \"\" is \"\", case"},
		{"apart", "# Threat model\n## Threats\n- Token theft\n## Mitigations\n- Short expiry, and we detect reuse\n",
			"detection 5:3 Short expiry, and we detect reuse\n  mitigation 5:3 Short expiry, and we detect reuse\n  threat 3:3 [] Token theft: \"\" is \"\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, ok := readPage(t, "threat-model.md", c.text)
			if !ok {
				t.Fatal("no model")
			}
			var got []string
			for _, line := range strings.Split(show(m), "\n")[1:] {
				if !strings.HasPrefix(line, "  open") && line != "" {
					got = append(got, strings.TrimSpace(line))
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "\n  ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhichPagesAreModels(t *testing.T) {
	const empty = "# A page\n\nWords.\n"
	for _, c := range []struct {
		file, text string
		want       bool
	}{
		{"threat-model.md", empty, true},
		{"docs/THREAT_MODEL.md", empty, true},
		{"threat-model/README.md", empty, true},
		{"threat-models/checkout.md", empty, true},
		{"threat-models/README.md", empty, false},
		{"templates/threat-model.md", empty, false},
		{"threat-model-template.md", empty, false},
		{"docs/design.md", empty, false},
		{"docs/design.md", "# Design\n## Threat model\n### Assets\n- keys\n", true},
		{"threat-modeling.md", "# Threat modeling guide\n", false},
		{"standards/threat-modelling.md", "# Threat modelling\n## What's threat modelling?\n- A practice\n", false},
		{"threat-model-config.md", empty, false},
		{"docs/threat-modelling.md", "# Threat modelling\n## What are the threats?\n- Theft\n", true},
		{"security/self-assessment.md", "# Self-assessment\n## Actors\n- user\n", false},
		{"security/self-assessment.md", "# Self-assessment\n## Actors\n- user\n## Threats\n- theft\n", true},
		{"x/threat-model.md", "# Threat model template\n", false},
	} {
		if _, ok := readPage(t, c.file, c.text); ok != c.want {
			t.Errorf("%s with %q: got %t", c.file, c.text, ok)
		}
	}
}

func TestRollbackAttacksAreThreats(t *testing.T) {
	m, _ := readPage(t, "threat-model.md", "# Threat model\n\n## Threats\n\n### T1: Replay attacks\n\nA message is sent again.\n\n**Mitigations:**\n\n- Nonces\n\n### T2: Rollback attacks\n\nAn old state is used.\n\n**Mitigations:**\n\n- Counters\n")
	if len(m.Recovery) != 0 || len(m.Threats) != 2 || m.Threats[1].Mitigation.Value == "" {
		t.Errorf("recovery %v, threats %+v", m.Recovery, m.Threats)
	}
}

// What is done about threats tells of recovery only where it repairs harm.
func TestMitigationsThatRepair(t *testing.T) {
	for mitigation, want := range map[string]bool{
		"Restore from the nightly backup": true, "Roll back the release": true, "Counters prevent rollback": false, "Anti-rollback counters": false, "Account recovery needs a second factor": false,
	} {
		m, _ := readPage(t, "threat-model.md", "# Threat model\n\n| Threat | Mitigation |\n|---|---|\n| Old state | "+mitigation+" |\n")
		if (len(m.Recovery) > 0) != want {
			t.Errorf("%q: recovery %v", mitigation, m.Recovery)
		}
	}
}

// A tool's own tests and examples hold models that are nobody's.
func TestTrialFiles(t *testing.T) {
	for file, want := range map[string]int{"shop/threagile.yaml": 1, "tests/shop/threagile.yaml": 0, "demo/example/threagile.yaml": 0, "testing/threagile.yaml": 1} {
		if f := readDocument(t, file, "threagile_version: 1.0.0\ntitle: Shop\n"); len(f.ThreatModels) != want {
			t.Errorf("%s: %d models", file, len(f.ThreatModels))
		}
	}
}

// A model in a section of a page is that section alone.
func TestSection(t *testing.T) {
	m, _ := readPage(t, "docs/design.md", "# Design\n## Risks\n- late\n## Threat model\n### Threats\n- theft\n## Recovery\nrestore\n")
	if len(m.Threats) != 1 || m.Threats[0].Title.Value != "theft" || len(m.Recovery) != 0 || m.At.Line != 4 {
		t.Error(show(m))
	}
}

// What a page in another language says is not known, so that it is not taken for silent.
func TestForeignPageIsPartial(t *testing.T) {
	m, _ := readPage(t, "threat-model.md", "# Threat model\n## Активы\n- токены карт\n")
	if m.Partial.Value == "" {
		t.Error("a page in Russian counts as read in full")
	}
}

func TestLimitsMakeAPagePartial(t *testing.T) {
	for name, text := range map[string]string{
		"headings": strings.Repeat("# T1: a\n", maxSections+10),
		"tables":   strings.Repeat("| Threat | Mitigation |\n|--|--|\n| a | b |\n\n", maxTables+1),
		"rows":     "| Threat | Mitigation |\n|--|--|\n" + strings.Repeat("| a | b |\n", maxRows+1),
		"columns":  strings.Repeat("|a", maxColumns+1) + "|\n" + strings.Repeat("|-", maxColumns+1) + "|\n",
	} {
		if m, ok := readPage(t, "threat-model.md", text); !ok || m.Partial.Value == "" {
			t.Errorf("%s: the page counts as read in full", name)
		}
	}
}

func TestReviewed(t *testing.T) {
	for text, want := range map[string]string{
		"---\nlast_reviewed: 2026-03-01\n---\n# T\n":                                                      "2026-03-01",
		"# T\n\n_Last reviewed: 2026-06-03._\n":                                                           "2026-06-03",
		"# T\n\n**Review cadence:** yearly\n**Date:** 2025-01-02\n":                                       "2025-01-02",
		"# T\n\nNext review: 2027-01-01\n":                                                                "",
		"# T\n\nDate: 2024-01-02\n\n## Review history\n\n- 2025-05-05 first\n- 2026-02-02 again\n":        "2026-02-02",
		"# T\n\nReviewed: 2026-04-01\n\n## Review history\n\n| Date | Who |\n|--|--|\n| 2026-05-01 | A |": "2026-05-01",
	} {
		if m, _ := readPage(t, "threat-model.md", text); m.Reviewed.Value != want {
			t.Errorf("%q: reviewed %q, want %q", text, m.Reviewed.Value, want)
		}
	}
}

func TestStates(t *testing.T) {
	for status, want := range map[string]catalog.ThreatState{
		"Mitigated": catalog.ThreatMitigated, "✅": catalog.ThreatMitigated, "done": catalog.ThreatMitigated, "Closed (2026-01-01)": catalog.ThreatMitigated,
		"Partially mitigated": catalog.ThreatPlanned, "🟡 → ⏳": catalog.ThreatPlanned, "to be mitigated": catalog.ThreatPlanned, "Planned Q3": catalog.ThreatPlanned, "TODO": catalog.ThreatPlanned,
		"not mitigated": catalog.ThreatOpen, "Unmitigated": catalog.ThreatOpen, "Open": catalog.ThreatOpen, "in discussion": catalog.ThreatOpen, "❌": catalog.ThreatOpen,
		"Accepted": catalog.ThreatAccepted, "Risk accepted": catalog.ThreatAccepted, "won't fix": catalog.ThreatAccepted,
		"N/A": catalog.ThreatDismissed, "false positive": catalog.ThreatDismissed, "Out of scope": catalog.ThreatDismissed,
		"": catalog.ThreatUnstated, "see below": catalog.ThreatUnstated,
		"Not in place": catalog.ThreatOpen, "cannot be mitigated": catalog.ThreatOpen, "Can't be fixed": catalog.ThreatOpen, "isn't yet addressed": catalog.ThreatOpen, "Never verified": catalog.ThreatOpen,
		"Could be mitigated by a proxy": catalog.ThreatOpen, "not yet been implemented": catalog.ThreatOpen,
		"Will be mitigated in Q3": catalog.ThreatPlanned, "Mitigation planned": catalog.ThreatPlanned, "must be fixed": catalog.ThreatPlanned, "Not fully mitigated": catalog.ThreatPlanned, "mitigations are pending": catalog.ThreatPlanned,
		"Resolved — suffixes are accepted from the environment": catalog.ThreatMitigated, "Mitigated; the key is never shared": catalog.ThreatMitigated, "Accepted: closed in no release": catalog.ThreatAccepted,
		"Mitigated (partly) - by quotas": catalog.ThreatPlanned, "Mitigated - partially": catalog.ThreatPlanned, "Done: no": catalog.ThreatOpen, "Fixed — not yet deployed": catalog.ThreatOpen, "Resolved: once the proxy is there": catalog.ThreatPlanned,
		"No longer exploitable": catalog.ThreatMitigated, "PAY-7: open": catalog.ThreatOpen,
	} {
		if got := stateOf(status); got != want {
			t.Errorf("%q is %q, want %q", status, got, want)
		}
	}
}

func TestPaths(t *testing.T) {
	for file, want := range map[string]bool{
		"threat-model.md": true, "docs/security/threats.md": true, "docs/usage/threats.md": false, "a/threat_model/api.md": true, "threatmodel.json": true, "ThreatModel.yaml": true,
		"docs/attack-surface.md": true, "threagile.yaml": true, "checkout.tm7": true, "Threat Model.pdf": true, "notes.pdf": false, "threat-model.png": false, "examples/threat-model.md": false,
		"src/threat_model.go": false, "threat-model/package.json": false, "docs/threat-modelling.md": true,
	} {
		if got := IsPath(file); got != want {
			t.Errorf("IsPath(%q) is %t", file, got)
		}
	}
	for file, want := range map[string]bool{"checkout.tm7": true, "docs/threat-model.rst": true, "docs/api.rst": false, "threat-model.md": false} {
		if g, got := Unread(file); got != want || got && (g.Cause != catalog.Unsupported || !g.Concerns(catalog.ThreatModels) || g.At.File != file) {
			t.Errorf("Unread(%q) is %v, %t", file, g, got)
		}
	}
}

func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora/threat-threagile"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	models, gaps := 0, 0
	for _, file := range []string{"demo/example/threagile.yaml", "demo/stub/threagile.yaml", "test/all.yaml", "test/main.yaml", "test/parsed-model.yaml"} {
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		f := readDocument(t, "models/"+filepath.Base(file), string(data))
		models, gaps = models+len(f.ThreatModels), gaps+len(f.Gaps)
	}
	if models != 5 || gaps != 1 {
		t.Errorf("%d models and %d gaps, want 5 and the one of the includes", models, gaps)
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add(fiveQuestions)
	f.Add("# Threat model\n## T1: x\nMitigation:\n| a | b |\n|--|--|\n| Detective | \\| |\n")
	f.Add("## Threats\n- a\n  - Status: done\n- **Spoofing**: TBD\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, _ := pages.ReadOutline("threat-model.md", []byte(text))
		if o == nil {
			return
		}
		m, ok := ReadPage(o)
		if !ok {
			return
		}
		checkPlaces(t, m, strings.Count(text, "\n")+1)
	})
}

func FuzzRead(f *testing.F) {
	f.Add(dragon1)
	f.Add(dragon2)
	f.Add(threagile)
	f.Add(pytm)
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := document.ParseYAML("model.yaml", []byte(text))
		for _, d := range docs {
			facts, ok := Read(d)
			if !ok && (len(facts.ThreatModels) > 0 || len(facts.Gaps) > 0) {
				t.Fatal("facts of nothing")
			}
			for _, m := range facts.ThreatModels {
				checkPlaces(t, m, strings.Count(text, "\n")+1)
			}
		}
	})
}

// checkPlaces requires that what is said stands somewhere in the file.
func checkPlaces(t *testing.T, m *catalog.ThreatModel, lines int) {
	t.Helper()
	for _, list := range [][]catalog.Text{m.Assets, m.Attackers, m.Detection, m.Recovery, m.Mitigations, m.Placeholders} {
		for _, text := range list {
			if text.Value == "" || text.At.Line < 1 || text.At.Line > lines {
				t.Errorf("%q stands at %v", text.Value, text.At)
			}
		}
	}
	for _, threat := range m.Threats {
		if threat.At.Line < 1 || threat.At.Line > lines || threat.At.Col < 1 {
			t.Errorf("threat %q stands at %v", threat.Title.Value, threat.At)
		}
	}
}
