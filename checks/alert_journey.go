package checks

import (
	"slices"

	"obsready/catalog"
	"obsready/checks/measure"
)

var alertJourney = &Check{
	ID:       "alert-journey",
	Title:    "Every journey of the service has an alert on its SLI",
	Why:      "A journey is what users come for, and it crosses services: each of them can look healthy while the journey fails. Without an alert on the journey's own measurement users are the first to know.",
	Fix:      "Turn the alerting of the journey's SLO on (Sloth: remove `disable: true` of `page_alert`; Pyrra: `alerting.burnrates`), or add an alert on the SLO's metrics with the label `slo: <name of the SLO>`.",
	Source:   "SRE workbook, chapter 5 \"Alerting on SLOs\"; Google SRE book, chapter 6 \"Symptoms Versus Causes\".",
	Pillar:   Alerts,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.SLOs},
	Run: func(in *Inspection) {
		if len(in.Service.Journeys) == 0 {
			in.NotApplicablef("no journey crosses the service")
		}
		for _, j := range in.Service.Journeys {
			requireJourneyAlert(in, j)
		}
	},
}

func requireJourneyAlert(in *Inspection, j *catalog.Journey) {
	name, at := j.Name.Value, j.Name.At.Or(j.At)
	switch {
	case len(j.SLORefs) == 0:
		in.Unmetf(at, "journey %q has no SLO, so no alert can be tied to it. name one: slo = [\"…\"]", name)
		return
	case len(j.SLOs) == 0:
		in.Missingf(j.SLORefs[0].At, "SLO %q of journey %q is not found, so no alert can be tied to it. add its specification", j.SLORefs[0].Value, name)
		return
	}
	for _, o := range j.SLOs {
		if stateSLOAlert(in, j, o) {
			return
		}
	}
	for _, o := range j.SLOs {
		if policies := o.Alerting.Policies; len(policies) > 0 {
			in.Undecidedf(policies[0].At, "SLO %q of journey %q names the alert policy %q, which is not read. add the rules that are generated from it", o.Name.Value, name, policies[0].Value)
			return
		}
	}
	in.Missingf(j.SLOs[0].At, "no alert watches SLO %q of journey %q. turn its alerting on, or give the alert on it the label slo: %s", j.SLOs[0].Name.Value, name, j.SLOs[0].Name.Value)
}

// stateSLOAlert states the alert that watches the SLO of a journey: one that its specification generates, one that names
// the SLO in a label, or a symptom that is measured as the SLO is. It reports whether there is one.
func stateSLOAlert(in *Inspection, j *catalog.Journey, o *catalog.SLO) bool {
	if o.Alerting.Page || o.Alerting.Ticket {
		in.Metf(o.At, "SLO %q of journey %q has alerts on its error budget (%s alerting)", o.Name.Value, j.Name.Value, sloFormat(o))
		return true
	}
	m := newMeasured(j.Services, o)
	for _, svc := range j.Services {
		for _, a := range svc.Alerts {
			switch {
			case labelledSLO(a.Item, o):
				in.Metf(nameAt(a), "alert %q is on SLO %q of journey %q: its label says so", a.Item.Name.Value, o.Name.Value, j.Name.Value).LinkedBy(a.By)
				return true
			case slices.ContainsFunc(a.Item.Expr.Selectors, m.shows) && in.Measure(a.Item).Class == measure.Symptom:
				in.Metf(nameAt(a), "alert %q measures a symptom with the metrics of SLO %q of journey %q", a.Item.Name.Value, o.Name.Value, j.Name.Value).LinkedBy(a.By)
				return true
			}
		}
	}
	return false
}

// labelledSLO reports whether an alert's label names the SLO, as the rules do that Sloth and Pyrra generate.
func labelledSLO(a *catalog.AlertRule, o *catalog.SLO) bool {
	return slices.ContainsFunc([]string{"slo", "sloth_slo", "slo_name"}, func(key string) bool {
		label, ok := a.Label(key)
		return ok && label.Value == o.Name.Value
	})
}
