package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var tracesPropagation = &Check{
	ID:       "traces-propagation",
	Title:    "The trace context is passed on in the W3C format",
	Why:      "A service that speaks another format than its neighbours starts a new trace in the middle of the request, and the way of the failure ends there.",
	Fix:      "Leave `OTEL_PROPAGATORS` at its default or set `OTEL_PROPAGATORS=tracecontext,baggage`; beside an older format list both. When the code sets it, say so in the entry: `tracing.propagation = \"tracecontext\"`.",
	Source:   "W3C Trace Context recommendation; OpenTelemetry specification, \"Environment Variables\": the default of OTEL_PROPAGATORS is tracecontext,baggage.",
	Pillar:   Traces,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Services, catalog.Workloads},
	Run: func(in *Inspection) {
		if !tracing(in) {
			return
		}
		declared := in.Service.Tracing.Propagation
		if declared.Value != "" {
			requireW3C(in, declared, "tracing.propagation")
		}
		judged := declared.Value != ""
		for _, w := range sdkWorkloads(in.Service) {
			v, set := catalog.FindLabel(w.Item.Env, "OTEL_PROPAGATORS")
			switch {
			case set && !elsewhere(v.Value):
				requireW3C(in, v.Text(), "OTEL_PROPAGATORS").LinkedBy(w.By)
			case declared.Value != "": // the entry says what the workload leaves open
			case set || w.Item.Templated:
				in.Undecidedf(v.At.Or(w.Item.At), "workload %q may take OTEL_PROPAGATORS from where this run does not look. state tracing.propagation", w.Item.Name.Value).LinkedBy(w.By)
			default:
				in.Metf(w.Item.At, "workload %q leaves OTEL_PROPAGATORS at the default of the OpenTelemetry SDKs, tracecontext and baggage", w.Item.Name.Value).LinkedBy(w.By)
			}
			judged = true
		}
		if !judged {
			in.Missingf(in.Service.At, "nothing says how %q passes the trace context on. state tracing.propagation, as in \"tracecontext\"", in.Service.Name.Value)
		}
	},
}

// requireW3C asks that the W3C format is among the propagators that are listed.
func requireW3C(in *Inspection, list catalog.Text, where string) *Requirement {
	words := strings.FieldsFunc(strings.ToLower(list.Value), func(r rune) bool { return strings.ContainsRune(", +/;", r) })
	if slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"tracecontext", "w3c", "traceparent", "trace-context", "w3c-tracecontext", "tracecontextpropagator"}, w)
	}) {
		return in.Metf(list.At, "%s %q passes the W3C trace context on", where, list.Value)
	}
	return in.Unmetf(list.At, "%s %q does not pass the W3C trace context on. add tracecontext", where, list.Value)
}
