package checks

import (
	"obsready/catalog"
	"obsready/checks/measure"
)

var alertSymptom = &Check{
	ID:    "alert-symptom",
	Title: "At least one alert that pages measures a symptom",
	Why: "Users can be harmed in ways that nobody foresaw. Only an alert on what they see (failed requests, waiting, an error budget that burns) tells of all of them; " +
		"alerts on CPU, memory or restarts tell of the causes that somebody thought of.",
	Fix: "Add an alert on failed or slow requests, on the age of waiting work or on an SLO's burn rate, with a severity that pages, as in `labels: {severity: page}`. " +
		"When an alert measures a symptom in a way that is not recognised, say so with the label `alert_type: symptom`.",
	Source:   "Google SRE book, chapter 6 \"Symptoms Versus Causes\"; Prometheus documentation, \"Alerting\"; SRE workbook, chapter 5 \"Alerting on SLOs\".",
	Pillar:   Alerts,
	Question: Know,
	Severity: Critical,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.SLOs},
	Run: func(in *Inspection) {
		if notOperated(in, "alerts") {
			return
		}
		for _, o := range generatedPages(in.Service) {
			metByGeneration(in, o)
		}
		paging := pagesOf(in)
		for _, a := range paging {
			if j := in.Measure(a.Item); j.Class == measure.Symptom && j.Sure() {
				in.Metf(j.At(), "alert %q pages and measures a symptom: %s", a.Item.Name.Value, j.Because()).LinkedBy(a.By)
			}
		}
		if len(in.requirements) > 0 || symptomUndecided(in, paging) {
			return
		}
		stateNoSymptom(in, paging)
	},
}

// symptomUndecided states why it is not known whether any alert of the service pages on a symptom: a policy that the run
// did not read, a severity that a template decides, or a measurement that is not recognised. It reports whether it
// stated something.
func symptomUndecided(in *Inspection, paging []alert) bool {
	for _, o := range in.Service.SLOs {
		if policies := o.Item.Alerting.Policies; len(policies) > 0 && !o.Item.Alerting.Ticket {
			in.Undecidedf(policies[0].At, "SLO %q names the alert policy %q, whose severity is not read. write the policy's condition into the SLO, or add the rules that are generated from it",
				o.Item.Name.Value, policies[0].Value).LinkedBy(o.By)
			return true
		}
	}
	for _, a := range in.Service.Alerts {
		if j := in.Measure(a.Item); mayPage(a.Item) && j.Class == measure.Symptom && j.Sure() {
			in.Undecidedf(a.Item.Severity.At, "alert %q measures a symptom, but a template decides its severity: %q. write a fixed severity", a.Item.Name.Value, a.Item.Severity.Value).LinkedBy(a.By)
			return true
		}
	}
	for _, a := range paging {
		if j := in.Measure(a.Item); !j.Denies() {
			undecidedMeasure(in, a, j)
			return true
		}
	}
	return false
}

// stateNoSymptom states what keeps the service from having an alert that pages on a symptom.
func stateNoSymptom(in *Inspection, paging []alert) {
	svc := in.Service
	switch {
	case len(svc.Alerts) == 0:
		in.Missingf(svc.At, "service %q has no alert. add one on what its users see, with a severity that pages", svc.Name.Value)
	case !withSeverity(svc):
		in.Missingf(nameAt(svc.Alerts[0]), "no alert of service %q pages: none of them has a severity label. give the one on what users see a severity that pages, as in severity: %s",
			svc.Name.Value, firstOf(in.Settings.PageSeverities))
	case len(paging) == 0:
		in.Missingf(nameAt(svc.Alerts[0]), "no alert of service %q pages: none has one of the severities %s. give the one on what users see such a severity",
			svc.Name.Value, quoteAll(in.Settings.PageSeverities))
	default:
		in.Missingf(nameAt(paging[0]), "none of the alerts of service %q that page measures a symptom: %s. add one on what users see",
			svc.Name.Value, quoteAll(alertNames(paging)))
	}
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return "page"
	}
	return words[0]
}

// alertNames gives the names of alerts, each once, in their order.
func alertNames(alerts []alert) []string {
	var names []string
	seen := map[string]bool{}
	for _, a := range alerts {
		if name := a.Item.Name.Value; !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}
