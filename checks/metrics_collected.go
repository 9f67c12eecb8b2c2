package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
)

var metricsCollected = &Check{
	ID:       "metrics-collected",
	Title:    "Metrics of the service are collected",
	Why:      "Without metrics nobody knows that users are harmed until they call. Everything else, from alerts to SLOs, is built on them.",
	Fix:      "Declare the selector under which the service's metrics are found, as in `signals.metrics = '{job=\"checkout\"}'`, and have them collected: a ServiceMonitor or scrape configuration for the service, or an OpenTelemetry metrics pipeline that it sends to.",
	Source:   "Prometheus documentation, \"Instrumentation\"; OpenTelemetry Collector documentation, \"Configuration\".",
	Pillar:   Metrics,
	Question: Know,
	Severity: Critical,
	Level:    Bronze,
	Needs:    collectionKinds,
	Run: func(in *Inspection) {
		if !kindWithSignals(in) {
			return
		}
		svc := in.Service
		proofs := collectionProofs(svc, in.Estate)
		for _, p := range proofs {
			in.Metf(p.at, "%s", p.fact).LinkedBy(p.link)
		}
		switch declared := svc.Signals.Metrics; {
		case len(proofs) > 0:
		case declared.Value != "":
			in.Missingf(declared.At, "signals.metrics declares %q, but no scrape target, collector pipeline, rule or panel uses it. add the scrape configuration to the catalog, or correct the selector", declared.Value)
		default:
			in.Missingf(svc.Name.At, "nothing shows that metrics of service %q are collected: no scrape target, collector pipeline, rule or panel selects it. declare signals.metrics and add the scrape configuration to the catalog", svc.Name.Value)
		}
	},
}

// collectionKinds are the kinds of evidence that can prove that metrics are collected.
var collectionKinds = []catalog.Kind{catalog.Targets, catalog.Collectors, catalog.Alerts, catalog.Recordings, catalog.Dashboards}

// proof is a fact that proves that metrics of a service are collected.
type proof struct {
	fact string
	at   catalog.Place
	link catalog.Link
}

// collectionProofs gives what proves that the service's metrics are collected, the first fact of each kind. A declared
// selector alone proves nothing.
func collectionProofs(svc *catalog.Service, estate *catalog.Estate) []proof {
	var proofs []proof
	if len(svc.Targets) > 0 {
		t := svc.Targets[0]
		proofs = append(proofs, proof{fmt.Sprintf("%s %q scrapes the service", t.Item.Kind, t.Item.Name.Value), t.Item.At, t.By})
	}
	for _, c := range svc.Collectors {
		if p, ok := metricsPipeline(c.Item, estate); ok {
			proofs = append(proofs, proof{p.String() + " takes metrics in and exports them", p.stated.Name.At, c.By})
			break
		}
	}
	for _, queries := range [][]asked{askedBy(svc), askedByPanels(svc, shownDashboards(svc))} {
		if i := slices.IndexFunc(queries, selectsSeries); i >= 0 {
			q := queries[i]
			proofs = append(proofs, proof{q.by + " selects metrics of the service", q.query.At, q.link})
		}
	}
	return proofs
}

// notCollected reports whether nothing proves that the service's metrics are collected, and no gap may hide the proof.
func notCollected(svc *catalog.Service, estate *catalog.Estate) bool {
	return len(collectionProofs(svc, estate)) == 0 && !hides(svc, collectionKinds...)
}

func selectsSeries(a asked) bool {
	return a.query.Lang == catalog.PromQL && len(a.query.Selectors) > 0
}

// metricsPipeline gives the first pipeline that takes a service's metrics in, or makes metrics of its spans, and brings
// them to somewhere that keeps them.
func metricsPipeline(c *catalog.Collector, estate *catalog.Estate) (pipeline, bool) {
	all := pipelinesOf(c, estate)
	for _, p := range all {
		if _, kept := p.destination(all); kept && p.signal() == "metrics" && p.receives("otlp", "prometheus", "spanmetrics", "statsd", "opencensus") {
			return p, true
		}
	}
	return pipeline{}, false
}
