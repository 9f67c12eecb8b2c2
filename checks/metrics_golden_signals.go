package checks

import "obsready/catalog"

var metricsGoldenSignals = &Check{
	ID:       "metrics-golden-signals",
	Title:    "The metrics in use cover the signals that the service's kind needs",
	Why:      "A service that is watched by its memory alone looks healthy while it fails its users. A few signals tell whether it does its job; which ones depends on what it does.",
	Fix:      "Measure what is missing and use it in an alert, a recording rule, an SLO or a panel. Requests: rate, errors and duration. Front ends: errors and page load. Pipelines: throughput and freshness. Batch jobs: the time of the last success and the duration. Platforms: errors and saturation.",
	Source:   "Google SRE book, chapter 6 \"The four golden signals\"; Prometheus documentation, \"Instrumentation\".",
	Pillar:   Metrics,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.Recordings, catalog.Dashboards, catalog.SLOs},
	Run: func(in *Inspection) {
		if !kindWithSignals(in) {
			return
		}
		if notCollected(in.Service, in.Estate) {
			in.NotApplicablef("no metrics of the service are collected, which metrics-collected reports")
			return
		}
		queries := in.used()
		at := in.Service.Signals.Metrics.At.Or(in.Service.Name.At)
		stateSignals(in, queries, at, "alert, recording rule, SLO or panel")
		decideUnresolved(in, in.shown())
	},
}

// usedQueries gives the queries by which a service's telemetry is used: of its rules, SLOs and dashboards.
func usedQueries(svc *catalog.Service) []asked {
	return append(askedBy(svc), askedByPanels(svc, shownDashboards(svc))...)
}
