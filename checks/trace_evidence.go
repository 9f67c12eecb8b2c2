package checks

import (
	"fmt"

	"obsready/catalog"
)

// traceReceivers are the types of receivers that take spans from services.
var traceReceivers = []string{"otlp", "jaeger", "zipkin", "opencensus", "skywalking", "datadog", "awsxray", "googlecloudpubsub", "kafka"}

// sendsTraces reports whether anything says that the service makes spans: its entry or the variables of a workload.
func sendsTraces(svc *catalog.Service) bool {
	t := svc.Tracing
	declared := svc.Signals.Traces.Value != "" || t.Sampling.Value != "" || t.Propagation.Value != ""
	return declared || len(sdkWorkloads(svc)) > 0
}

// notTraced says in words why the service needs no traces, "" when it does. Services that answer requests or move items
// need them; of the others those that make spans are judged by them.
func notTraced(svc *catalog.Service) string {
	kind := svc.KindName()
	switch {
	case !svc.Operated():
		return "a library sends no traces of its own"
	case (kind == "batch" || kind == "frontend" || kind == "platform") && !sendsTraces(svc):
		return fmt.Sprintf("a service of kind %q needs no traces, and nothing says that it sends some", kind)
	}
	return ""
}

// tracing reports whether a check on the spans of the service applies, and says so when it does not.
func tracing(in *Inspection) bool {
	if why := notTraced(in.Service); why != "" {
		in.NotApplicablef("%s", why)
		return false
	}
	if !sendsTraces(in.Service) {
		in.NotApplicablef("nothing says that the service sends traces. traces-collected asks for that first")
		return false
	}
	return true
}

// traceQuery gives a panel's TraceQL query that asks for spans of the service.
func traceQuery(svc *catalog.Service) (at catalog.Place, panel string, link catalog.Link, found bool) {
	for _, d := range svc.Dashboards {
		for _, p := range d.Item.Panels {
			for _, q := range p.Queries {
				if q.Lang == catalog.TraceQL && q.Error == "" && asksAbout(svc, q, d.By) {
					return q.At, fmt.Sprintf("panel %q of dashboard %q", p.Title.Value, d.Item.Title.Value), d.By, true
				}
			}
		}
	}
	return catalog.Place{}, "", catalog.Link{}, false
}
