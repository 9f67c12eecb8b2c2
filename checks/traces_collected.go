package checks

import (
	"slices"

	"obsready/catalog"
)

var tracesCollected = &Check{
	ID:       "traces-collected",
	Title:    "The service's traces reach a backend: receiver, processors, exporter",
	Why:      "When a journey is slow or fails, a trace shows which of the services on its way is the reason. One service that sends none breaks the trace of all.",
	Fix:      "Instrument the service with OpenTelemetry, set `OTEL_EXPORTER_OTLP_ENDPOINT` to a collector, and give that collector a traces pipeline with a receiver and an exporter. Keep its configuration in the catalog (`evidence.collectors`) and declare the `service.name`: `signals.traces = \"checkout\"`.",
	Source:   "OpenTelemetry Collector documentation, \"Configuration: service pipelines\"; Instrumentation Score specification.",
	Pillar:   Traces,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services, catalog.Collectors, catalog.Workloads, catalog.Dashboards},
	Run: func(in *Inspection) {
		if why := notTraced(in.Service); why != "" {
			in.NotApplicablef("%s", why)
			return
		}
		if allOff := refuseTraces(in); !allOff && !arrivingTraces(in) {
			lostTraces(in)
		}
	},
}

// refuseTraces states which workloads switch their traces off, and reports whether those are all that could send some.
func refuseTraces(in *Inspection) bool {
	for _, w := range in.Service.Workloads {
		if v, off := offSwitch(w.Item, "OTEL_TRACES_EXPORTER"); off {
			in.Unmetf(v.At, "workload %q sends no traces: it sets %s to %q. remove it", w.Item.Name.Value, v.Key, v.Value).LinkedBy(w.By)
		}
	}
	return switchedOff(in.Service, "OTEL_TRACES_EXPORTER")
}

// arrivingTraces states what shows that spans of the service arrive somewhere, and reports whether anything does.
func arrivingTraces(in *Inspection) bool {
	found := false
	for _, r := range routes(in, "traces", traceReceivers...) {
		if r.destination != "" {
			in.Metf(r.stated.Name.At, "%s takes traces from %q to %q", r, r.receivers[0].Value, r.destination).LinkedBy(r.link)
			found = true
		}
	}
	if at, panel, link, ok := traceQuery(in.Service); ok {
		in.Metf(at, "%s queries its spans", panel).LinkedBy(link)
		found = true
	}
	return found
}

// lostTraces states why no trace of the service is known to arrive. Where spans go that no configuration of this run
// receives is not known; a service of which nothing says that it makes spans has none.
func lostTraces(in *Inspection) {
	svc := in.Service
	dead := routes(in, "traces", traceReceivers...)
	for _, r := range dead {
		name := r.stated.Name
		if r.incomplete() {
			in.Undecidedf(name.At, "%s names no exporter in what this run reads, and is completed elsewhere. keep the whole configuration in the catalog", r).LinkedBy(r.link)
			continue
		}
		in.Unmetf(name.At, "%s leads nowhere: no exporter takes its traces out of the collector. add one", r).LinkedBy(r.link).
			Because("dead pipeline "+name.At.String(), "%s leads nowhere", r)
	}
	switch {
	case len(dead) > 0:
	case !sendsTraces(svc):
		in.Missingf(svc.At, "nothing says that %q sends traces: it declares no signals.traces, and no workload of it sets OTEL_ variables. instrument it with OpenTelemetry", svc.Name.Value)
	default:
		nobodyReceives(in)
	}
}

// nobodyReceives states that the service sends traces which no pipeline is known to take. That is a fault of the
// collectors that carry its other signals; when there are none, its collector is not part of what this run reads.
func nobodyReceives(in *Inspection) {
	at, how := sendingFrom(in.Service)
	collectors := carriers(in.Service)
	if len(collectors) == 0 || slices.ContainsFunc(collectors, func(c catalog.Linked[catalog.Collector]) bool { return c.Item.Partial }) {
		in.Undecidedf(at, "%s, but this run read no collector configuration that receives its traces. keep that in the catalog, and name it under evidence.collectors", how)
		return
	}
	first := collectors[0]
	in.Missingf(first.Item.At, "%s, but collector %q has no traces pipeline that takes them in. add one", how, first.Item.Name.Value).LinkedBy(first.By)
}

// sendingFrom gives where it is said that the service sends traces, in words.
func sendingFrom(svc *catalog.Service) (catalog.Place, string) {
	if name := svc.Signals.Traces; name.Value != "" {
		return name.At, `the entry declares service.name "` + name.Value + `"`
	}
	if sdk := sdkWorkloads(svc); len(sdk) > 0 {
		return sdk[0].Item.At, `workload "` + sdk[0].Item.Name.Value + `" sets up an OpenTelemetry SDK`
	}
	return svc.At, "the entry describes its traces"
}
