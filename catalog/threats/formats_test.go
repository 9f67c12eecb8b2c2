package threats

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

const dragon2 = `{
 "version": "2.2.0",
 "summary": {"title": "Checkout threat model", "owner": "Ada", "description": "The shop's till. Backups are restored weekly."},
 "detail": {"contributors": [], "diagrams": [{"cells": [
  {"shape": "actor", "data": {"type": "tm.Actor", "name": "Browser", "threats": []}},
  {"shape": "store", "data": {"type": "tm.Store", "name": "Orders", "outOfScope": false, "threats": [
   {"id": "a", "number": 1, "title": "Leak", "status": "Mitigated", "severity": "High", "mitigation": "Encrypted, and we alert on exports"},
   {"id": "b", "number": 2, "title": "Loss", "status": "Open", "severity": "Low", "mitigation": "Provide remediation for this threat or a reason if status is N/A"}]}},
  {"shape": "process", "data": {"type": "tm.Process", "name": "Bank\n API", "outOfScope": true, "reasonOutOfScope": "the bank's", "threats": [
   {"id": "c", "title": "Outage", "status": "Open", "severity": "Low"}]}},
  {"shape": "flow", "data": {"type": "tm.Flow", "name": "HTTP", "threats": [{"id": "d", "title": "Sniffing", "status": "NotApplicable", "mitigation": "TLS"}]}}
 ]}]}}`

const dragon1 = `{
 "summary": {"title": "Old"},
 "detail": {"diagrams": [{"title": "Main", "diagramJson": {"cells": [
  {"type": "tm.Process", "attrs": {"text": {"text": "Web"}}, "threats": [{"title": "Flood", "status": "Open", "severity": "High", "mitigation": "Rate limit"}]}
 ]}}]}}`

const threagile = `threagile_version: 1.0.0
title: Till
date: 2026-02-03
questions:
  How are admin clients managed?: ""
  How would we notice stolen credentials?: >
    Alerts on logins from new places
abuse_cases:
  Theft: As a hacker I want to steal cards
security_requirements:
  Backups: Data is restored from backups every quarter
data_assets:
  Cards: {id: cards}
technical_assets:
  Till Server: {id: till, type: process, out_of_scope: false}
  Customer: {id: customer, type: external-entity, out_of_scope: true}
individual_risk_categories:
  Odd: {id: odd, mitigation: advice, risks_identified: {"<b>Odd</b> at till": {severity: high, most_relevant_technical_asset: till}, "Odd at db": {severity: low, most_relevant_technical_asset: db}}}
risk_tracking:
  odd@*: {status: in-progress, justification: being hardened, ticket: PAY-1, date: 2026-01-01, checked_by: Ada}
  odd@db: {status: unchecked}
  missing-hardening@*: {status: accepted, justification: tolerable, checked_by: Grace}
`

const pytm = `{
 "name": "Till", "isOrdered": true, "onDuplicates": "Action.NO_ACTION",
 "actors": [{"__class__": "Actor", "name": "User"}],
 "assets": [{"__class__": "Server", "name": "Web", "inScope": true}, {"__class__": "Datastore", "name": "Foreign", "inScope": false}],
 "data": [{"name": "cards"}],
 "elements": [], "flows": [], "boundaries": [],
 "findings": [
  {"threat_id": "INP01", "description": "Overflow", "target": "Web", "severity": "High", "mitigations": "advice", "response": "mitigated: memory-safe language"},
  {"threat_id": "AA01", "description": "Bypass", "target": "Web", "severity": "Low", "mitigations": "advice", "response": ""}],
 "excluded_findings": [{"threat_id": "DO01", "description": "Flood", "target": "Web", "assumption": {"name": "behind a CDN"}}]
}`

func TestFormats(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"checkout.json", dragon2, `threat dragon "Checkout threat model" reviewed "" generated false partial ""
  service 3:24 Checkout
  asset 6:60 Orders
  attacker 5:60 Browser
  detection 7:104 Encrypted, and we alert on exports
  recovery 3:80 The shop's till. Backups are restored weekly.
  open 8:98 Provide remediation for this threat or a reason if status is N/A
  threat 7:4 [1] Leak: "Mitigated" is "mitigated", severity "High", mitigation "Encrypted, and we alert on exports"
  threat 8:4 [2] Loss: "Open" is "open", severity "Low"
  threat 10:4 [c] Outage: "Open" is "not applicable", severity "Low", mitigation "the bank's"
  threat 11:77 [d] Sniffing: "NotApplicable" is "not applicable", mitigation "TLS"
`},
		{"old.json", dragon1, `threat dragon "Old" reviewed "" generated false partial ""
  asset 4:54 Web
  threat 4:74 [] Flood: "Open" is "open", severity "High", mitigation "Rate limit"
`},
		{"threagile.yaml", threagile, `threagile "Till" reviewed "2026-02-03" generated true partial ""
  asset 13:3 Cards
  asset 15:3 Till Server
  attacker 16:3 Customer
  attacker 9:10 As a hacker I want to steal cards
  detection 7:5 How would we notice stolen credentials? Alerts on logins from new places
  recovery 11:12 Backups: Data is restored from backups every quarter
  open 5:3 How are admin clients managed?
  threat 18:57 [odd@till] Odd at till: "in-progress" is "in progress", severity "high", mitigation "being hardened", owner "Ada", ticket "PAY-1"
  threat 18:134 [odd@db] Odd at db: "unchecked" is "open", severity "low"
  threat 22:3 [missing-hardening@*] missing-hardening@*: "accepted" is "accepted", mitigation "tolerable", owner "Grace"
`},
		{"tm.json", pytm, `pytm "Till" reviewed "" generated true partial ""
  asset 4:46 Web
  asset 5:21 cards
  attacker 3:45 User
  threat 8:3 [INP01] Overflow at Web: "mitigated: memory-safe language" is "mitigated", severity "High", mitigation "memory-safe language"
  threat 9:3 [AA01] Bypass at Web: "" is "", severity "Low"
  threat 10:24 [DO01] Flood at Web: "" is "not applicable", mitigation "behind a CDN"
`},
	} {
		facts := readDocument(t, c.file, c.text)
		if len(facts.ThreatModels) != 1 || len(facts.Gaps) != 0 {
			t.Errorf("%s: %d models, gaps %v", c.file, len(facts.ThreatModels), facts.Gaps)
			continue
		}
		if diff := cmp.Diff(c.want, show(facts.ThreatModels[0])); diff != "" {
			t.Errorf("%s: %s", c.file, diff)
		}
	}
}

// What is a model and cannot be read is a gap, and what is none is nothing.
func TestGaps(t *testing.T) {
	for _, c := range []struct {
		file, text   string
		models, gaps int
	}{
		{"threagile.yaml", "threagile_version: 1.0.0\nincludes: [a.yaml]\n", 1, 1},
		{"otm.json", `{"otmVersion": "0.2.0", "project": {"name": "x"}}`, 0, 1},
		{"threat-model.yaml", "threats:\n- id: 1\n", 0, 1},
		{"threat-model.schema.json", `{"$schema": "x", "title": "y"}`, 0, 0},
		{"report.json", `{"summary": {"total": 3}, "detail": {}}`, 0, 0},
		{"scan.json", `{"findings": [], "actors": []}`, 0, 0},
	} {
		facts := readDocument(t, c.file, c.text)
		if len(facts.ThreatModels) != c.models || len(facts.Gaps) != c.gaps {
			t.Errorf("%s: %d models, gaps %v", c.file, len(facts.ThreatModels), facts.Gaps)
		}
		for _, g := range facts.Gaps {
			if g.Cause != catalog.Unsupported || !g.Concerns(catalog.ThreatModels) || g.At.Line < 1 || g.Detail == "" {
				t.Errorf("%s: %+v", c.file, g)
			}
		}
	}
}

// A stub that nobody filled in answers nothing.
func TestThreagileStub(t *testing.T) {
	m := readDocument(t, "threagile.yaml", "threagile_version: 1.0.0\ntitle: Model Stub\ndata_assets:\n  Some Data Asset: {id: some-data}\nabuse_cases:\n  Some Abuse Case: Some Description\n").ThreatModels[0]
	if len(m.Assets)+len(m.Attackers) != 0 || len(m.Placeholders) != 1 {
		t.Error(show(m))
	}
}
