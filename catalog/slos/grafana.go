package slos

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/promql"
)

// grafanaSLOs gives the SLOs of Grafana's SLO app that a document holds: what its API exports (one, a list of them, or
// {"slos": […]}), a Terraform file in JSON with grafana_slo resources, or a resource of Crossplane's Grafana provider.
// Terraform's spelling (fast_burn as fastburn, success_metric as a string) is read beside the API's.
// Source: github.com/grafana/slo-openapi-client openapi.yaml; terraform-provider-grafana docs/resources/slo.md.
func grafanaSLOs(root *document.Node) []*document.Node {
	var found []*document.Node
	add := func(nodes ...*document.Node) {
		for _, n := range nodes {
			if isGrafanaSLO(n) {
				found = append(found, n)
			}
		}
	}
	add(root)
	add(root.Get("slos").List()...)
	if resources := root.Get("resource", "grafana_slo"); resources != nil {
		for _, p := range resources.Pairs {
			add(blocks(p.Value)...)
		}
	}
	if group, _, _ := strings.Cut(root.Get("apiVersion").Str(), "/"); root.Get("kind").Str() == "SLO" && strings.Contains(group, "grafana") {
		add(root.Get("spec"), root.Get("spec", "forProvider"))
	}
	return found
}

// grafanaQueries are the kinds of queries, by the keys of the API and of Terraform.
var grafanaQueries = []string{"ratio", "failureRatio", "failure_ratio", "freeform", "threshold", "failureThreshold", "failure_threshold", "grafanaQueries", "grafana_queries"}

func isGrafanaSLO(n *document.Node) bool {
	query := block(n.Get("query"))
	return n.Get("objectives") != nil && n.Get("name").Str() != "" && query.First(grafanaQueries...) != nil
}

// blocks gives the bodies of a Terraform block, which stands as itself or in a list.
func blocks(n *document.Node) []*document.Node {
	if n != nil && n.Kind == document.Map {
		return []*document.Node{n}
	}
	return n.List()
}

// block gives the first body of a block, nil when there is none.
func block(n *document.Node) *document.Node {
	if all := blocks(n); len(all) > 0 {
		return all[0]
	}
	return nil
}

// readGrafana gives one SLO for each objective. Grafana has no field for the service: it is taken from a label.
func readGrafana(n *document.Node) catalog.Facts {
	labels := pairs(n.First("labels", "label"))
	head := catalog.SLO{
		Name: n.Get("name").Text(), Description: n.Get("description").Text(), Format: "grafana",
		Service: firstOf(labels, "service", "service_name", "app"), Dimension: dimension(labels),
		Indicator: grafanaIndicator(block(n.Get("query"))), Labels: labels, At: n.At,
	}
	head.Alerting, head.Annotations = grafanaAlerting(block(n.Get("alerting")))
	head.PolicyRef = PolicyRef(head.Annotations, labels)
	objectives := blocks(n.Get("objectives"))
	var facts catalog.Facts
	if len(objectives) == 0 {
		objectives = []*document.Node{nil}
	}
	for _, o := range objectives {
		slo := head
		if len(objectives) > 1 {
			slo.At = o.At
		}
		slo.Objective, slo.Window = o.Get("value").Text(), o.Get("window").Text()
		slo.Percent, slo.Windows = percent(slo.Objective, 2), stated(slo.Window)
		facts.SLOs = append(facts.SLOs, &slo)
		facts.Gaps = append(facts.Gaps, checkObjective(&slo, n, "value of the objective, as in 0.999")...)
		facts.Gaps = append(facts.Gaps, checkIndicator(&slo, n, "query to a ratio, a threshold or a freeform query")...)
	}
	return facts
}

// pairs gives labels that stand as a list of {key, value}, or as a map.
func pairs(n *document.Node) []catalog.Label {
	if n != nil && n.Kind == document.Map && n.Get("key") == nil {
		return n.Labels()
	}
	var labels []catalog.Label
	for _, p := range blocks(n) {
		if key := p.Get("key").Str(); key != "" {
			value := p.Get("value").Text()
			labels = append(labels, catalog.Label{Key: key, Value: value.Value, At: value.At.Or(p.At)})
		}
	}
	return labels
}

func firstOf(labels []catalog.Label, keys ...string) catalog.Text {
	for _, key := range keys {
		if l, ok := catalog.FindLabel(labels, key); ok && l.Value != "" {
			return l.Text()
		}
	}
	return catalog.Text{}
}

func grafanaIndicator(query *document.Node) catalog.Indicator {
	ratio := block(query.Get("ratio"))
	failures := block(query.First("failureRatio", "failure_ratio"))
	freeform := block(query.Get("freeform"))
	threshold := block(query.Get("threshold"))
	failing := block(query.First("failureThreshold", "failure_threshold"))
	switch {
	case ratio != nil:
		return catalog.Indicator{Kind: "ratio", Good: metric(ratio.First("successMetric", "success_metric")), Total: metric(ratio.First("totalMetric", "total_metric"))}
	case failures != nil:
		return catalog.Indicator{Kind: "bad ratio", Bad: metric(failures.First("failureMetric", "failure_metric")), Total: metric(failures.First("totalMetric", "total_metric"))}
	case freeform != nil:
		return catalog.Indicator{Kind: "raw", Raw: panelQueries(freeform.Get("query")), Success: true}
	case threshold != nil:
		return thresholdIndicator(threshold, "thresholdExpression", "threshold_expression")
	case failing != nil:
		return thresholdIndicator(failing, "failureThresholdExpression", "failure_threshold_expression")
	}
	if queries := block(query.First("grafanaQueries", "grafana_queries")); queries != nil {
		return queriesIndicator(queries.First("grafanaQueries", "grafana_queries"))
	}
	return catalog.Indicator{}
}

func thresholdIndicator(n *document.Node, keys ...string) catalog.Indicator {
	return catalog.Indicator{Kind: "threshold", Raw: panelQueries(n.First(keys...)), Threshold: block(n.Get("threshold")).Get("value").Text()}
}

// metric gives the selector of a metric: a string, or an object around it.
func metric(n *document.Node) []catalog.Query {
	if inner := block(n); inner != nil {
		n = inner.First("prometheusMetric", "prometheus_metric")
	}
	return panelQueries(n)
}

// panelQueries gives the queries of the nodes that hold one, in which Grafana's variables may stand.
func panelQueries(nodes ...*document.Node) []catalog.Query {
	var all []catalog.Query
	for _, n := range nodes {
		if strings.TrimSpace(n.Str()) != "" {
			all = append(all, promql.Parse(n.Query(catalog.PromQL)))
		}
	}
	return all
}

// division matches the expression that divides one query by another: $Success / $Total.
var division = regexp.MustCompile(`^\s*\$\{?(\w+)\}?\s*/\s*\$\{?(\w+)\}?\s*$`)

// queriesIndicator reads queries as a panel has them. Where one expression divides one by another they make a ratio.
func queriesIndicator(list *document.Node) catalog.Indicator {
	byRef := map[string][]catalog.Query{}
	var all []catalog.Query
	var parts []string
	for _, q := range list.List() {
		if parts == nil {
			parts = division.FindStringSubmatch(q.Get("expression").Str())
		}
		found := panelQueries(q.Get("expr"))
		if found == nil {
			if other := q.First("query", "rawSql", "target", "queryText"); strings.TrimSpace(other.Str()) != "" {
				found = []catalog.Query{other.Query(catalog.OtherLang)}
			}
		}
		byRef[q.Get("refId").Str()] = found
		all = append(all, found...)
	}
	if parts != nil && len(byRef[parts[1]]) > 0 && len(byRef[parts[2]]) > 0 {
		return catalog.Indicator{Kind: "ratio", Good: byRef[parts[1]], Total: byRef[parts[2]]}
	}
	if len(all) == 0 {
		return catalog.Indicator{}
	}
	return catalog.Indicator{Kind: "raw", Raw: all, Success: true}
}

// grafanaAlerting gives what Grafana generates when alerting is configured: fast burn is critical and slow burn a
// warning, unless a label severity says otherwise. The windows and factors are fixed.
// Source: grafana.com/docs/grafana-cloud/alerting-and-irm/slo/set-up/configure-burn-rate-notifications.
func grafanaAlerting(n *document.Node) (catalog.SLOAlerting, []catalog.Label) {
	if n == nil {
		return catalog.SLOAlerting{}, nil
	}
	labelKeys, annotationKeys := []string{"labels", "label"}, []string{"annotations", "annotation"}
	fast, slow := block(n.First("fastBurn", "fastburn")), block(n.First("slowBurn", "slowburn"))
	severity := func(burn *document.Node, otherwise string) bool {
		labels := slices.Concat(pairs(burn.First(labelKeys...)), pairs(n.First(labelKeys...)))
		if l, ok := catalog.FindLabel(labels, "severity"); ok {
			otherwise = l.Value
		}
		return pages(otherwise)
	}
	fastPages, slowPages := severity(fast, "critical"), severity(slow, "warning")
	a := catalog.SLOAlerting{Page: fastPages || slowPages, Ticket: !fastPages || !slowPages, Burns: recommendedBurns(30*day, n.At)}
	for i := range a.Burns {
		b := &a.Burns[i]
		if b.Page {
			b.Page, b.At = fastPages, placeOr(fast, n.At)
		} else {
			b.Page, b.At = slowPages, placeOr(slow, n.At)
		}
	}
	annotations := slices.Concat(pairs(n.First(annotationKeys...)), pairs(fast.First(annotationKeys...)), pairs(slow.First(annotationKeys...)))
	return a, annotations
}
