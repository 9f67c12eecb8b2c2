package checks

import (
	"obsready/catalog"
	"obsready/catalog/promql"
)

var logsCollected = &Check{
	ID:       "logs-collected",
	Title:    "The service's logs are collected, and it is known where",
	Why:      "When a symptom alert fires, the logs say what happened to the request. Logs that stay in the container are gone with it, and logs that nobody can find do not exist at three in the morning.",
	Fix:      "Send the logs somewhere central and say where: `signals.logs = '{app=\"checkout\"}'` in the service's entry. A logs pipeline in a collector configuration of the catalog, or an alert or panel with a LogQL query for the service, shows it as well.",
	Source:   "Production readiness checklists (logs are available outside the host); The Twelve-Factor App, \"Logs\".",
	Pillar:   Logs,
	Question: Know,
	Severity: High,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Services, catalog.Collectors, catalog.Workloads, catalog.Alerts, catalog.Dashboards},
	Run: func(in *Inspection) {
		svc := in.Service
		if !svc.Operated() {
			in.NotApplicablef("a library has no logs of its own")
			return
		}
		unusable := refuseLogs(in)
		sources := logSources(in)
		switch {
		case len(sources) > 0:
			for _, s := range sources {
				s.met(in, "%s", s.shows)
			}
		case unusable:
		case svc.KindName() == "frontend" && !declaresLogs(svc):
			in.NotApplicablef("a frontend runs on its users' devices, and nothing says that it sends logs")
		default:
			in.Missingf(svc.At, "nothing shows that logs of %q are collected: its entry has no signals.logs, no collector's pipeline takes them in, and no LogQL query asks for them. set signals.logs to the selector that finds them", svc.Name.Value)
		}
	},
}

// refuseLogs states what says that logs are not found or not kept: a declared selector that does not parse, a runtime
// that throws the output away.
func refuseLogs(in *Inspection) (stated bool) {
	if text := in.Service.Signals.Logs; text.Value != "" {
		if _, err := promql.Selector(text.Value); err != nil {
			in.Unmetf(text.At, "signals.logs %q is no stream selector (%v). write it as in {app=\"checkout\"}", text.Value, err)
			stated = true
		}
	}
	for _, w := range in.Service.Workloads {
		if driver, ok := catalog.FindLabel(w.Item.Annotations, "logging.driver"); ok && driver.Value == "none" {
			in.Unmetf(driver.At, "compose service %q throws its logs away: its logging driver is %q. use a driver that sends them on", w.Item.Name.Value, driver.Value).LinkedBy(w.By)
			stated = true
		}
	}
	return stated
}
