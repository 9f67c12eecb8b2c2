package checks

import "obsready/catalog"

var tracesLive = &Check{
	ID:       "traces-live",
	Title:    "Traces of the service have arrived in the last 24 hours",
	Why:      "A pipeline in git says where spans would go. A wrong endpoint, an SDK that is switched off or a sampler that drops everything leave no trace of themselves.",
	Fix:      "Follow a span from the service to the data source: is the SDK on, does it send to the collector, does the collector's exporter reach Tempo, does `service.name` equal `signals.traces`? Correct the entry when spans bear another name.",
	Source:   "OpenTelemetry documentation, \"Troubleshooting the Collector\"; Grafana Tempo documentation, \"Unable to find traces\".",
	Pillar:   Traces,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services},
	Live:     true,
	Run: func(in *Inspection) {
		if !tracing(in) {
			return
		}
		if declared := in.Service.Signals.Traces; declared.Value != "" {
			stateProbe(in, catalog.TraceSignal, declared, "see whether its spans are exported and kept, or correct the name")
			return
		}
		undeclared(in, catalog.TraceSignal, `"`+in.Service.Name.Value+`", its service.name`)
	},
}
