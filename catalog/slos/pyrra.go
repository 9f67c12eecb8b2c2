package slos

import (
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readPyrra reads a ServiceLevelObjective, after github.com/pyrra-dev/pyrra kubernetes/api/v1alpha1.
//
// Pyrra has no field for the service. It is taken from a label of the resource: service, pyrra.dev/service,
// app.kubernetes.io/name or app, the first that is there.
func readPyrra(root *document.Node, version string) catalog.Facts {
	if version != "v1alpha1" {
		return catalog.Facts{Gaps: []catalog.Gap{gap(root, catalog.Unsupported, "API version %q is not read. expected \"pyrra.dev/v1alpha1\"", root.Get("apiVersion").Str())}}
	}
	meta, spec := root.Get("metadata"), root.Get("spec")
	slo := &catalog.SLO{
		Name:        meta.Get("name").Text(),
		Description: spec.Get("description").Text(),
		Service:     meta.Get("labels").First("service", "pyrra.dev/service", "app.kubernetes.io/name", "app").Text(),
		Format:      "pyrra",
		Objective:   spec.Get("target").Text(),
		Window:      spec.Get("window").Text(),
		Indicator:   pyrraIndicator(spec.Get("indicator")),
		Labels:      withoutPrefix(meta.Get("labels").Labels()),
		Annotations: withoutPrefix(meta.Get("annotations").Labels()),
		At:          root.Place(),
	}
	slo.Percent = percent(slo.Objective, 0)
	slo.Windows = stated(slo.Window)
	slo.PolicyRef, slo.Dimension = PolicyRef(slo.Annotations, slo.Labels), dimension(slo.Labels)
	slo.Alerting = pyrraAlerting(spec.Get("alerting"), Duration(slo.Window.Value), slo.At)
	facts := catalog.Facts{SLOs: []*catalog.SLO{slo}, Gaps: checkObjective(slo, root, "spec.target to a percentage, as in \"99.9\"")}
	facts.Gaps = append(facts.Gaps, checkIndicator(slo, root, "spec.indicator.ratio, latency, latencyNative or bool_gauge")...)
	return facts
}

func pyrraIndicator(n *document.Node) catalog.Indicator {
	gauge := n.First("bool_gauge", "boolGauge")
	switch {
	case n.Get("ratio") != nil:
		return catalog.Indicator{Kind: "bad ratio", Bad: queries(n.Get("ratio", "errors", "metric")), Total: queries(n.Get("ratio", "total", "metric"))}
	case n.Get("latency") != nil:
		good := queries(n.Get("latency", "success", "metric"))
		return catalog.Indicator{Kind: "latency", Good: good, Total: queries(n.Get("latency", "total", "metric")), Threshold: bucket(good)}
	case n.Get("latencyNative") != nil:
		native := n.Get("latencyNative")
		return catalog.Indicator{Kind: "latency", Total: queries(native.Get("total", "metric")), Threshold: native.Get("latency").Text()}
	case gauge != nil:
		return catalog.Indicator{Kind: "bool gauge", Raw: queries(gauge.Get("metric"))}
	}
	return catalog.Indicator{}
}

// bucket gives the bound, in seconds, of the histogram bucket that counts the fast ones.
func bucket(good []catalog.Query) catalog.Text {
	for _, q := range good {
		for _, s := range q.Selectors {
			for _, m := range s.Matchers {
				if m.Name == "le" && m.Op == "=" {
					return catalog.Text{Value: m.Value, At: q.At}
				}
			}
		}
	}
	return catalog.Text{}
}

// pyrraAlerting gives what Pyrra generates: fast burn pages, slow burn is a ticket, and an alert for absence, unless the
// file turns them off or gives them other severities.
func pyrraAlerting(n *document.Node, window time.Duration, slo catalog.Place) catalog.SLOAlerting {
	on := func(key string) bool {
		return !n.Get("disabled").Bool() && (n.Get(key).Str() == "" || n.Get(key).Bool())
	}
	a := catalog.SLOAlerting{Name: n.Get("name").Text(), Absent: on("absent")}
	if !on("burnrates") {
		return a
	}
	burns := pyrraBurns(window, placeOr(n, slo))
	for i, key := range []string{"fastBurn", "mediumBurn", "slowBurn", "longTermBurn"} {
		if severity := n.Get("severities", key).Str(); severity != "" {
			burns[i].Page = pages(severity)
		}
		a.Page, a.Ticket = a.Page || burns[i].Page, a.Ticket || !burns[i].Page
	}
	if window > 0 { // else it is not known over which windows
		a.Burns = burns
	}
	return a
}

// withoutPrefix names labels as Pyrra writes them on the rules it generates: pyrra.dev/team becomes team.
func withoutPrefix(labels []catalog.Label) []catalog.Label {
	for i := range labels {
		labels[i].Key = strings.TrimPrefix(labels[i].Key, "pyrra.dev/")
	}
	return labels
}
