package slos

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// openSLOWay names the parts of OpenSLO that make an indicator.
const openSLOWay = "a ratioMetric or thresholdMetric with a query"

// readOpenSLO reads a resource of openslo.com's specification. Only SLOs, SLIs and what they alert on hold facts.
func readOpenSLO(root *document.Node) (catalog.Facts, bool) {
	version, kind := root.Get("apiVersion").Str(), root.Get("kind").Str()
	if !slices.Contains([]string{"SLO", "SLI", "AlertPolicy", "AlertCondition"}, kind) {
		return catalog.Facts{}, kind != ""
	}
	switch version {
	case "openslo/v1", "openslo/v1alpha":
	default:
		g := gap(root, catalog.Unsupported, "OpenSLO version %q is not read. expected \"openslo/v1\" or \"openslo/v1alpha\"", version)
		return catalog.Facts{Gaps: []catalog.Gap{g}}, true
	}
	switch kind {
	case "AlertPolicy", "AlertCondition":
		return catalog.Facts{AlertPolicies: []*catalog.AlertPolicy{readAlertPolicy(root)}}, true
	case "SLI":
		sli := openSLOHead(root, version)
		sli.Indicator = openSLOIndicator(root.Get("spec"))
		return catalog.Facts{Indicators: []*catalog.SLO{sli}, Gaps: checkIndicator(sli, root, openSLOWay)}, true
	}
	return openSLOs(root, version), true
}

// openSLOHead gives what all SLOs of a resource have in common.
func openSLOHead(root *document.Node, version string) *catalog.SLO {
	meta, spec := root.Get("metadata"), root.Get("spec")
	slo := &catalog.SLO{
		Name:        meta.Get("name").Text(),
		Title:       meta.Get("displayName").Text(),
		Description: spec.Get("description").Text(),
		Service:     spec.Get("service").Text(),
		Format:      version,
		Labels:      openSLOLabels(meta.Get("labels")),
		Annotations: meta.Get("annotations").Labels(),
		At:          root.Place(),
	}
	slo.PolicyRef, slo.Dimension = PolicyRef(slo.Annotations, slo.Labels), dimension(slo.Labels)
	return slo
}

// openSLOs gives one SLO for each objective; several of them have the same name and stand where their objectives do.
func openSLOs(root *document.Node, version string) catalog.Facts {
	spec := root.Get("spec")
	objectives := spec.Get("objectives").List()
	head := openSLOHead(root, version)
	head.Alerting = openSLOAlerting(spec.Get("alertPolicies"))
	head.Indicator, head.IndicatorRef = openSLOIndicator(spec.Get("indicator")), spec.Get("indicatorRef").Text()

	var facts catalog.Facts
	head.Windows, head.Calendar = openSLOWindows(spec.First("timeWindow", "timeWindows"))
	if len(head.Windows) > 0 {
		head.Window = head.Windows[0]
	}
	if len(objectives) == 0 {
		facts.SLOs = append(facts.SLOs, head)
		facts.Gaps = append(facts.Gaps, checkObjective(head, root, "objectives[].target, as in 0.999")...)
		facts.Gaps = append(facts.Gaps, checkIndicator(head, root, openSLOWay)...)
		return facts
	}
	for _, o := range objectives {
		slo := *head
		if len(objectives) > 1 {
			slo.At = o.At
		}
		applyObjective(&slo, o)
		facts.SLOs = append(facts.SLOs, &slo)
		facts.Gaps = append(facts.Gaps, checkObjective(&slo, o, "target of the objective, as in 0.999")...)
		facts.Gaps = append(facts.Gaps, checkIndicator(&slo, o, openSLOWay)...)
	}
	return facts
}

// applyObjective adds what one objective says: the target, the threshold, and an indicator of its own (a composite's in
// v1, any ratio's in v1alpha).
func applyObjective(slo *catalog.SLO, o *document.Node) {
	slo.Objective = o.First("target", "targetPercent").Text()
	slo.Percent = percent(slo.Objective, 2)
	if o.Get("target") == nil {
		slo.Percent = percent(slo.Objective, 0)
	}
	if own := openSLOIndicator(o.Get("indicator")); own.Kind != "" {
		slo.Indicator, slo.IndicatorRef = own, catalog.Text{}
	}
	if ratio := o.Get("ratioMetrics"); ratio != nil {
		slo.Indicator, slo.IndicatorRef = ratioIndicator(ratio), catalog.Text{}
	}
	if ref := o.Get("indicatorRef").Text(); ref.Value != "" {
		slo.Indicator, slo.IndicatorRef = catalog.Indicator{}, ref
	}
	slo.Indicator.Threshold = o.Get("value").Text()
}

// openSLOIndicator reads an SLI: with metadata around its spec, as v1 has it, or the bare metric.
func openSLOIndicator(n *document.Node) catalog.Indicator {
	if spec := n.Get("spec"); spec != nil {
		n = spec
	}
	if ratio := n.First("ratioMetric", "ratioMetrics"); ratio != nil {
		return ratioIndicator(ratio)
	}
	if threshold := metricQueries(n.Get("thresholdMetric")); len(threshold) > 0 {
		return catalog.Indicator{Kind: "threshold", Raw: threshold}
	}
	return catalog.Indicator{}
}

func ratioIndicator(ratio *document.Node) catalog.Indicator {
	i := catalog.Indicator{
		Good:  metricQueries(ratio.Get("good")),
		Bad:   metricQueries(ratio.Get("bad")),
		Total: metricQueries(ratio.Get("total")),
		Raw:   metricQueries(ratio.Get("raw")),
		// A raw ratio whose sense is not stated is that of successes, as in the examples of the specification.
		Success: !strings.EqualFold(ratio.Get("rawType").Str(), "failure"),
	}
	switch {
	case len(i.Good) > 0:
		i.Kind = "ratio"
	case len(i.Bad) > 0:
		i.Kind = "bad ratio"
	case len(i.Raw) > 0:
		i.Kind = "raw"
	case len(i.Total) > 0:
		i.Kind = "ratio"
	}
	i.Success = i.Success && i.Kind == "raw"
	return i
}

// metricQueries gives the queries of a metric. A data source's spec is free-form: the keys that its vendors use for
// queries are read, and nothing else, for credentials may stand beside them.
func metricQueries(metric *document.Node) []catalog.Query {
	source := metric
	if v1 := metric.Get("metricSource"); v1 != nil {
		source = v1
	}
	holder, stated := source, source.First("type", "queryType", "source").Str()
	if spec := source.Get("spec"); spec != nil {
		holder = spec
	}
	var all []catalog.Query
	for _, key := range []string{"query", "promql", "queries"} {
		found := holder.Get(key)
		for _, n := range slices.Concat([]*document.Node{found}, found.List()) {
			if n != nil && n.Kind == document.Map {
				n = n.Get("query")
			}
			if strings.TrimSpace(n.Str()) != "" {
				all = append(all, sourceQuery(n, stated))
			}
		}
	}
	return all
}

// promTypes are parts of the names of data sources that answer PromQL.
var promTypes = []string{"prom", "thanos", "mimir", "cortex", "victoriametrics"}

// sourceQuery gives a query in the language of its data source. When no type is stated (it is inferred from a
// DataSource that may be elsewhere), a query that parses as PromQL is taken for it.
func sourceQuery(n *document.Node, stated string) catalog.Query {
	for _, t := range promTypes {
		if strings.Contains(strings.ToLower(stated), t) {
			return parse(n.Query(catalog.PromQL))
		}
	}
	if stated == "" {
		if q := parse(n.Query(catalog.PromQL)); q.Error == "" {
			return q
		}
	}
	return n.Query(catalog.OtherLang)
}

// openSLOWindows gives the time windows as durations, and whether the first of them is aligned with the calendar.
func openSLOWindows(n *document.Node) (windows []catalog.Text, calendar bool) {
	list := n.List()
	if n != nil && n.Kind == document.Map {
		list = []*document.Node{n}
	}
	for _, w := range list {
		text := openSLOWindow(w)
		if text.Value == "" {
			continue
		}
		if rolling := w.Get("isRolling"); len(windows) == 0 {
			calendar = w.Get("calendar") != nil || rolling != nil && !rolling.Bool()
		}
		windows = append(windows, text)
	}
	return windows, calendar
}

// openSLOWindow gives a time window as a duration. v1alpha counts units, which become the shorthand that v1 uses: 30 and
// Day are "30d", 1 and Month "1M".
func openSLOWindow(n *document.Node) catalog.Text {
	if d := n.Get("duration").Text(); !d.IsZero() {
		return d
	}
	count, unit := n.Get("count").Text(), n.Get("unit").Str()
	if count.Value == "" || unit == "" {
		return count
	}
	short := map[string]string{"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "quarter": "Q", "year": "Y"}
	if s, ok := short[strings.TrimSuffix(strings.ToLower(unit), "s")]; ok {
		unit = s
	}
	return catalog.Text{Value: count.Value + unit, At: count.At}
}

// openSLOLabels gives one label for each value: OpenSLO allows lists of them.
func openSLOLabels(n *document.Node) []catalog.Label {
	if n == nil {
		return nil
	}
	var labels []catalog.Label
	for _, p := range n.Pairs {
		for _, v := range p.Value.Texts() {
			labels = append(labels, catalog.Label{Key: p.Key.Value, Value: v.Value, At: v.At})
		}
	}
	return labels
}
