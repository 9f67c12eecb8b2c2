package rules

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isProvisioning reports whether a document provisions alert rules of Grafana.
func isProvisioning(root *document.Node) bool {
	return slices.ContainsFunc(root.Get("groups").List(), func(group *document.Node) bool {
		return slices.ContainsFunc(group.Get("rules").List(), isGrafanaRule)
	})
}

func isGrafanaRule(rule *document.Node) bool {
	return rule.Get("title") != nil && rule.Get("data") != nil
}

// provisioning reads the groups of a provisioning file. A group's folder is the namespace of its rules, as it is in
// Grafana's own ruler.
func (r *reader) provisioning(root *document.Node) {
	for _, group := range root.Get("groups").List() {
		r.namespace = group.Get("folder").Str()
		r.grafanaGroup(group, group.Get("name"))
	}
}

// grafanaResource reads a GrafanaAlertRuleGroup, whose spec is one group.
func (r *reader) grafanaResource(root *document.Node) bool {
	spec, metadata := root.Get("spec"), root.Get("metadata")
	if spec.Get("rules") == nil {
		return false
	}
	r.namespace, r.labels = metadata.Get("namespace").Str(), metadata.Get("labels").Labels()
	name := spec.Get("name")
	if name == nil {
		name = metadata.Get("name")
	}
	r.grafanaGroup(spec, name)
	return true
}

func (r *reader) grafanaGroup(n, name *document.Node) {
	g := group{name: name.Text(), interval: n.Get("interval").Text()}
	for _, rule := range n.Get("rules").List() {
		switch title := rule.Get("title"); {
		case title.Str() == "":
			r.gap(catalog.BadValue, rule.At, rule, `a rule of group %q has no "title". name it`, g.name.Value)
		case rule.Get("record") != nil:
			r.grafanaRecord(rule, title, g)
		default:
			r.grafanaAlert(rule, title, g)
		}
	}
}

func (r *reader) grafanaAlert(rule, title *document.Node, g group) {
	expr, ok := r.grafanaQuery(rule, `alert "`+title.Str()+`"`)
	if !ok {
		return
	}
	r.facts.Alerts = append(r.facts.Alerts, &catalog.AlertRule{
		Format:        grafana,
		Name:          title.Text(),
		Expr:          expr,
		For:           rule.Get("for").Text(),
		KeepFiringFor: rule.First("keepFiringFor", "keep_firing_for").Text(),
		Labels:        r.keyed(rule, "labels", "alert", title.Str()),
		Annotations:   r.grafanaAnnotations(rule, title.Str()),
		Group:         g.name,
		Interval:      g.interval,
		Namespace:     r.namespace,
		Resource:      r.labels,
		At:            rule.At,
	})
}

func (r *reader) grafanaRecord(rule, title *document.Node, g group) {
	expr, ok := r.grafanaQuery(rule, `recording rule "`+title.Str()+`"`)
	if !ok {
		return
	}
	name := rule.Get("record", "metric").Text()
	if name.Value == "" {
		r.gap(catalog.BadValue, rule.Get("record").At, rule, `recording rule %q has no "record.metric". name the metric that it writes`, title.Str())
		return
	}
	r.facts.Recordings = append(r.facts.Recordings, &catalog.RecordingRule{
		Name: name, Expr: expr, Labels: r.keyed(rule, "labels", "recording rule", title.Str()), Group: g.name, At: rule.At,
	})
}

// grafanaQuery gives the first query of a rule that asks a data source, and not the expressions that compare its
// result. A query of another language than PromQL and LogQL is given as it is.
func (r *reader) grafanaQuery(rule *document.Node, what string) (catalog.Query, bool) {
	for _, data := range rule.Get("data").List() {
		model := data.Get("model")
		source := strings.ToLower(data.Get("datasourceUid").Str() + " " + model.Get("datasource", "type").Str())
		if strings.Contains(source, "__expr__") {
			continue
		}
		if expr := model.Get("expr"); expr.Str() != "" {
			if strings.Contains(source, "loki") {
				defer func(lang catalog.Lang) { r.lang = lang }(r.lang)
				r.lang = catalog.LogQL
			}
			return r.query(expr, grafana, what), true
		}
		if other := model.First("rawSql", "query", "expression"); other.Str() != "" {
			return other.Query(catalog.OtherLang), true
		}
	}
	r.gap(catalog.Unsupported, rule.Get("data").Place().Or(rule.At), rule, `%s has no query in "data" that can be read here. state its query as "expr"`, what)
	return catalog.Query{}, false
}

// grafanaAnnotations gives the annotations of a rule with the dashboard and panel that it names beside them, under the
// names that Grafana gives to these as annotations.
func (r *reader) grafanaAnnotations(rule *document.Node, title string) []catalog.Label {
	labels := r.keyed(rule, "annotations", "alert", title)
	for _, extra := range [][2]string{{"dashboardUid", "__dashboardUid__"}, {"panelId", "__panelId__"}} {
		n := rule.Get(extra[0])
		if _, stated := catalog.FindLabel(labels, extra[1]); n.Str() != "" && !stated {
			labels = append(labels, catalog.Label{Key: extra[1], Value: n.Str(), At: n.At})
		}
	}
	return labels
}
