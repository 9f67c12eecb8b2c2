package checks

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

var logsCorrelated = &Check{
	ID:       "logs-correlated",
	Title:    "Log lines bear a trace or request ID",
	Why:      "One failed request leaves lines in many services. An ID that all of them bear turns a search by time and luck into one filter, and leads from a trace to its lines and back.",
	Fix:      "Log the trace ID (the OpenTelemetry logging bridges do it) or pass on a request ID and log it, then name the field in the service's entry: `logging.correlation = \"trace_id\"`.",
	Source:   "Mercari production readiness checklist (request ID in logs); OpenTelemetry specification, \"Trace Context in non-OTLP Log Formats\".",
	Pillar:   Logs,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services, catalog.Collectors},
	Run: func(in *Inspection) {
		sources := collectedLogs(in)
		if len(sources) == 0 {
			return
		}
		if field := in.Service.Logging.Correlation; field.Value != "" {
			if correlates(field.Value) || in.Service.KindName() == "batch" && runID.MatchString(field.Value) {
				in.Metf(field.At, "lines are joined to traces or requests by the field %q", field.Value)
			} else {
				in.Unmetf(field.At, "logging.correlation %q names neither a trace nor a request ID. name the field that bears it, as in \"trace_id\"", field.Value)
			}
			return
		}
		for _, s := range sources {
			switch {
			case s.overOTLP():
				s.met(in, "%s, as OpenTelemetry records, which bear the trace context", s.shows)
				return
			case correlationFilter.MatchString(s.query):
				s.met(in, "%s by a trace or request ID", s.shows)
				return
			}
		}
		in.Missingf(in.Service.At, "nothing says which field of the log lines of %q bears a trace or request ID. set logging.correlation", in.Service.Name.Value)
	},
}

// correlationFilter is a LogQL query's filter on a field that joins lines to requests.
var correlationFilter = regexp.MustCompile(`(?i)\b(?:trace|request|correlation)_?id\b`)

// runID is the field by which the lines of one run of a batch are told from the next run's.
var runID = regexp.MustCompile(`(?i)^(?:run|job|execution|batch)[-_.]?id$`)

// correlates reports whether a field's name says that it bears the ID of a trace, request or transaction.
func correlates(field string) bool {
	name := strings.NewReplacer("-", "", "_", "", ".", "", " ", "").Replace(strings.ToLower(field))
	for _, part := range []string{"trace", "request", "reqid", "correlation", "transaction", "txid", "span"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
