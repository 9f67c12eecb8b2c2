package checks

import (
	"obsready/catalog"
	"obsready/checks/measure"
)

var alertPageSymptom = &Check{
	ID:    "alert-page-symptom",
	Title: "Every alert that pages measures a symptom or the monitoring itself",
	Why:   "A page for a cause wakes somebody for a full disk or a restart that no user noticed. After a few of those the pages that matter are not believed.",
	Fix: "Lower the severity of alerts on resources and states, so that they open a ticket, and page on what users see instead. " +
		"An alert that does measure a symptom can say so with the label `alert_type: symptom`.",
	Source:   "Google SRE book, chapter 6 \"Tying These Principles Together\"; Prometheus documentation, \"Alerting\": page on symptoms.",
	Pillar:   Alerts,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Run: func(in *Inspection) {
		for _, o := range generatedPages(in.Service) {
			metByGeneration(in, o)
		}
		paging := pagesOf(in)
		if len(paging) == 0 && len(in.requirements) == 0 {
			nothingToJudge(in, "no alert of the service pages")
		}
		for _, a := range paging {
			requireSymptom(in, a)
		}
	},
}

func requireSymptom(in *Inspection, a alert) {
	name := a.Item.Name.Value
	switch j := in.Measure(a.Item); {
	case j.Contradicts():
		label := declaringLabel(a.Item, in.Settings.ClassLabels, j)
		in.Unmetf(j.At(), "alert %q declares %s: %s, but its expression measures a %s: %s. correct the label or the expression",
			name, label.Key, label.Value, j.Measured, j.Measurement()).LinkedBy(a.By)
	case !j.Sure():
		undecidedMeasure(in, a, j)
	case j.Class == measure.Symptom:
		in.Metf(j.At(), "alert %q measures a symptom: %s", name, j.Because()).LinkedBy(a.By)
	case j.Class == measure.Meta:
		in.Metf(j.At(), "alert %q watches the monitoring: %s", name, j.Because()).LinkedBy(a.By)
	case !j.Denies():
		in.Undecidedf(j.At(), "alert %q pages with severity %q and seems to measure a cause: %s. lower its severity, or declare it with the label alert_type: symptom if users feel it",
			name, a.Item.Severity.Value, j.Because()).LinkedBy(a.By)
	default:
		in.Unmetf(j.At(), "alert %q pages with severity %q but measures a cause: %s. lower its severity, and page on what users see", name, a.Item.Severity.Value, j.Because()).LinkedBy(a.By)
	}
}

// declaringLabel gives the label by which a rule declares the class of its judgement, whose first reason points at it.
func declaringLabel(a *catalog.AlertRule, keys []string, j measure.Judgement) catalog.Label {
	for _, key := range keys {
		if label, ok := a.Label(key); ok && label.At.Or(a.At) == j.At() {
			return label
		}
	}
	return catalog.Label{}
}
