package checks

import (
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

func text(value string) catalog.Text {
	return catalog.Text{Value: value, At: catalog.Place{File: "service.toml", Line: 2, Col: 1}}
}

func TestThreatReasons(t *testing.T) {
	changed := []catalog.Change{{When: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), What: `dependency "ledger" was added`}}
	begun := []catalog.Change{{When: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), What: "the service was added", Begin: true}}
	for _, c := range []struct {
		name string
		svc  catalog.Service
		want string // of the first reason; "" for none
	}{
		{"internet", catalog.Service{Exposure: text("internet")}, `its exposure is "internet"`},
		{"another word for it", catalog.Service{Exposure: text("public")}, `its exposure is "public"`},
		{"partner", catalog.Service{Exposure: text("partner")}, `its exposure is "partner"`},
		{"internal", catalog.Service{Exposure: text("internal")}, ""},
		{"strange word", catalog.Service{Exposure: text("moon")}, ""},
		{"data", catalog.Service{Data: []catalog.Text{text("public"), text("customer_PII")}}, `it handles data of class "customer_PII"`},
		{"no personal data", catalog.Service{Data: []catalog.Text{text("non-PII"), text("internal"), text("none")}}, ""},
		{"logins", catalog.Service{Handles: []catalog.Text{text("authentication")}}, `it decides who somebody is or may do what ("authentication")`},
		{"agents", catalog.Service{Handles: []catalog.Text{text("ai")}}, `it lets a model or an agent act ("ai")`},
		{"third party", catalog.Service{Parties: []catalog.Text{text("acquirer")}}, `it exchanges data with the third party "acquirer"`},
		{"no third party", catalog.Service{Parties: []catalog.Text{text("none")}}, ""},
		{"change of a critical service", catalog.Service{Tier: text("2"), Changes: changed}, `its architecture changed on 2026-05-01: dependency "ledger" was added`},
		{"change of another one", catalog.Service{Tier: text("3"), Changes: changed}, ""},
		{"a new service", catalog.Service{Tier: text("1"), Changes: begun}, ""},
	} {
		got := ""
		if reasons := threatReasons(&c.svc); len(reasons) > 0 {
			got = reasons[0].says
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// A model is looked at again after each change of the service, on the same day at the earliest.
func TestThreatModelFreshAfterChange(t *testing.T) {
	now := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	change := catalog.Change{When: time.Date(2026, 6, 1, 23, 30, 0, 0, time.FixedZone("", -5*3600)), What: `exposure became "internet"`}
	for _, c := range []struct {
		name    string
		model   catalog.ThreatModel
		changes []catalog.Change
		shallow bool
		want    Verdict
		says    string
	}{
		{"reviewed before", catalog.ThreatModel{Reviewed: text("2026-05-31")}, []catalog.Change{change}, false, Fail, `on 2026-06-01 exposure became "internet"`},
		{"reviewed on the day", catalog.ThreatModel{Reviewed: text("2026-06-01")}, []catalog.Change{change}, false, Pass, ""},
		{"changed before", catalog.ThreatModel{Changed: change.When.Add(-time.Second)}, []catalog.Change{change}, false, Fail, "look at it again"},
		{"changed with it", catalog.ThreatModel{Changed: change.When}, []catalog.Change{change}, false, Pass, ""},
		{"the service was added later", catalog.ThreatModel{Reviewed: text("2026-05-31")}, []catalog.Change{{When: change.When, Begin: true}}, false, Pass, ""},
		{"shallow history", catalog.ThreatModel{Reviewed: text("2026-05-31")}, nil, true, Unknown, "shallow"},
		{"shallow history, newer than a change", catalog.ThreatModel{Reviewed: text("2026-06-02")}, []catalog.Change{change}, true, Pass, ""},
		{"a year and a day ago", catalog.ThreatModel{Reviewed: text("2025-06-28")}, nil, false, Fail, "367 days ago"},
		{"a year ago", catalog.ThreatModel{Reviewed: text("2025-06-29")}, nil, false, Pass, ""},
		{"still tomorrow somewhere", catalog.ThreatModel{Reviewed: text("2026-07-01")}, nil, false, Pass, ""},
		{"the future", catalog.ThreatModel{Reviewed: text("2026-07-02")}, nil, false, Fail, "future"},
		{"no history", catalog.ThreatModel{}, nil, false, Unknown, "not in the history"},
		{"changed before the history", catalog.ThreatModel{Changed: now.AddDate(0, -1, 0), AtLeastAsOld: true}, nil, false, Unknown, "not followed further"},
		{"long before the history", catalog.ThreatModel{Changed: now.AddDate(-2, 0, 0), AtLeastAsOld: true}, nil, false, Fail, "or more"},
	} {
		settings := DefaultSettings()
		c.model.Assets = []catalog.Text{text("keys")} // a model that says nothing is none
		svc := &catalog.Service{Name: text("x"), Exposure: text("internet"), Changes: c.changes, ThreatModels: []catalog.Linked[catalog.ThreatModel]{{Item: &c.model}}}
		estate := &catalog.Estate{Services: []*catalog.Service{svc}, Revision: catalog.Revision{Shallow: c.shallow}}
		r := threatModelFresh.Inspect(NewSurvey(estate, &settings, now).About(svc))
		if r.Verdict != c.want || len(r.Requirements) != 1 || !strings.Contains(r.Requirements[0].Message, c.says) {
			t.Errorf("%s: got %s %+v", c.name, r.Verdict, r.Requirements)
		}
	}
}

func TestDataClasses(t *testing.T) {
	for word, want := range map[string]string{
		"payment": "payment", "PCI": "payment", "pci_dss": "payment", "pii": "personal", "customer-pii": "personal", "phi": "health", "HIPAA": "health", "financial": "regulated",
		"credentials": "credentials", "restricted": "restricted", "confidential": "confidential", "internal": "internal", "public": "public", "none": "none", "amber": "",
		"no pii": "", "non-personal": "public",
	} {
		if got := classOf(word).name; got != want {
			t.Errorf("%q is of class %q, want %q", word, got, want)
		}
	}
	for word, want := range map[string]bool{"TBD": true, "n/a": true, "": true, "unknown": true, "none": false, "amber": false} {
		if got := vagueClass(word); got != want {
			t.Errorf("%q is vague: %t", word, got)
		}
	}
}
