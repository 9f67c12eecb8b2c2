package checks

import "obsready/catalog"

var logsLive = &Check{
	ID:       "logs-live",
	Title:    "Logs of the service have arrived in the last 24 hours",
	Why:      "That logs stopped is noticed when somebody needs them, which is during an incident.",
	Fix:      "Follow a line from the service to the data source: does it write to where the agent reads, does the pipeline keep it, do its labels fit `signals.logs`? Correct the selector in the entry when the logs have other labels.",
	Source:   "Production readiness checklists (logs are available outside the host); Grafana Loki documentation, \"Log queries\".",
	Pillar:   Logs,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services},
	Live:     true,
	Run: func(in *Inspection) {
		svc := in.Service
		switch declared := svc.Signals.Logs; {
		case !svc.Operated():
			in.NotApplicablef("a library has no logs of its own")
		case declared.Value != "":
			stateProbe(in, catalog.LogSignal, declared, "see whether its output is read and sent on, or correct the selector")
		case len(logSources(in)) == 0:
			in.NotApplicablef("nothing says that logs of the service are collected, which logs-collected reports")
		default:
			undeclared(in, catalog.LogSignal, `'{app="`+svc.Name.Value+`"}'`)
		}
	},
}
