package checks

import "obsready/catalog"

var metricsLive = &Check{
	ID:       "metrics-live",
	Title:    "Metrics of the service have arrived in the last 24 hours",
	Why:      "A scrape configuration in git proves that somebody meant to collect metrics. A renamed job, a firewall or a full disk ends them, and alerts on series that are gone never fire.",
	Fix:      "Follow the series from the service to the data source: is the target up, does the job label fit `signals.metrics`, does Grafana query the right Prometheus? Correct the selector in the entry when the service is known under another.",
	Source:   "Prometheus documentation, \"Jobs and instances\"; the linter pint (promql/series).",
	Pillar:   Metrics,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services},
	Live:     true,
	Run: func(in *Inspection) {
		if !kindWithSignals(in) {
			return
		}
		switch declared := in.Service.Signals.Metrics; {
		case declared.Value != "":
			stateProbe(in, catalog.MetricSignal, declared, "see whether its target is scraped, or correct the selector")
		case notCollected(in.Service, in.Estate):
			in.NotApplicablef("nothing says that metrics of the service are collected, which metrics-collected reports")
		default:
			undeclared(in, catalog.MetricSignal, `'{job="`+in.Service.Name.Value+`"}'`)
		}
	},
}
