package checks

import (
	"slices"

	"obsready/catalog"
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

// requireJourneyAlert states for each promise of a journey what its thread says of the alert.
func requireJourneyAlert(in *Inspection, j *catalog.Journey) {
	for _, t := range in.Threads(j) {
		l := t.Link(ThreadAlert)
		q := in.state(l.State, l.At, "%s", l.Text)
		if l.State == Unmet { // each service that the journey crosses finds it
			q.Because("alert of journey "+j.ID+" at "+l.At.String(), "%s", l.Text)
		}
	}
}

// labelledSLO reports whether an alert's label names the SLO, as the rules do that Sloth and Pyrra generate.
func labelledSLO(a *catalog.AlertRule, o *catalog.SLO) bool {
	return slices.ContainsFunc(sloLabels, func(key string) bool {
		label, ok := a.Label(key)
		return ok && label.Value == o.Name.Value
	})
}
