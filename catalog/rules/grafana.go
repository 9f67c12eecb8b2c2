package rules

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isProvisioning reports whether a document provisions alert rules of Grafana.
func isProvisioning(root *document.Node) bool {
	return slices.ContainsFunc(root.Get("groups").List(), isGrafanaGroup)
}

func isGrafanaGroup(group *document.Node) bool {
	return slices.ContainsFunc(group.Get("rules").List(), isGrafanaRule)
}

func isGrafanaRule(rule *document.Node) bool {
	return rule.Get("title") != nil && rule.Get("data") != nil
}

// isAPIRule reports whether a value is a rule as /api/v1/provisioning/alert-rules gives it: with the group around it.
func isAPIRule(rule *document.Node) bool {
	return isGrafanaRule(rule) && rule.Get("ruleGroup") != nil
}

// provisioning reads the groups of a provisioning file. A group's folder is the namespace of its rules, as it is in
// Grafana's own ruler.
func (r *reader) provisioning(root *document.Node) {
	for _, g := range root.Get("groups").List() {
		r.namespace = g.Get("folder").Str()
		r.grafanaGroup(g, g.Get("name"))
	}
}

// apiGroup reads an answer of /api/v1/provisioning/folder/…/rule-groups/….
func (r *reader) apiGroup(root *document.Node) {
	r.namespace = root.First("folderUid", "folderUID").Str()
	r.grafanaGroup(root, root.Get("title"))
}

// apiRule reads one rule of an answer of /api/v1/provisioning/alert-rules.
func (r *reader) apiRule(rule *document.Node) {
	r.namespace = rule.First("folderUID", "folderUid").Str()
	r.grafanaRule(rule, rule, group{name: rule.Get("ruleGroup").Text()})
}

// apiRules reads an answer of /api/v1/provisioning/alert-rules, a list, and reports whether it is one.
func (r *reader) apiRules(list *document.Node) bool {
	found := false
	for _, rule := range list.Items {
		if isAPIRule(rule) {
			found = true
			r.apiRule(rule)
		}
	}
	return found
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

// grafanaAPIGroup is the API group of Grafana's own rule resources.
const grafanaAPIGroup = "rules.alerting.grafana.app/"

// ruleResource reads an AlertRule or RecordingRule resource of Grafana, which is one rule.
func (r *reader) ruleResource(root *document.Node) bool {
	spec, metadata := root.Get("spec"), root.Get("metadata")
	if spec.Get("title") == nil || spec.Get("expressions") == nil {
		return false
	}
	r.namespace, r.labels = metadata.Get("annotations", "grafana.app/folder").Str(), metadata.Get("labels").Labels()
	name := metadata.Get("labels", "grafana.com/group").Text()
	r.grafanaRule(spec, spec, group{name: name, interval: spec.Get("trigger", "interval").Text()})
	return true
}

func (r *reader) grafanaGroup(n, name *document.Node) {
	g := group{name: name.Text(), interval: n.Get("interval").Text()}
	for _, rule := range n.Get("rules").List() {
		r.grafanaRule(rule, rule, g)
	}
}

// grafanaRule reads a rule of any of Grafana's forms. outer holds what Grafana's ruler keeps outside of its
// "grafana_alert": how long to wait, labels and annotations; elsewhere it is the rule itself.
func (r *reader) grafanaRule(outer, rule *document.Node, g group) {
	title := rule.Get("title")
	steps, condition, ok := r.grafanaSteps(rule, title.Str(), g)
	switch {
	case !ok:
	case isNull(rule.Get("record")) && rule.Get("metric") == nil:
		r.grafanaAlert(outer, rule, g, steps, condition)
	default:
		r.grafanaRecord(outer, rule, g, asked(steps, condition.Value))
	}
}

// grafanaSteps gives the steps of a rule and the ref of the one that decides; ok is false when it is no rule.
func (r *reader) grafanaSteps(rule *document.Node, title string, g group) (steps []catalog.ChainStep, condition catalog.Text, ok bool) {
	if title == "" {
		r.gap(catalog.BadValue, rule.At, rule, `a rule of group %q has no "title". name it`, g.name.Value)
		return nil, condition, false
	}
	what := `rule "` + title + `"`
	data := rule.First("data", "expressions")
	steps = r.chain(data, what)
	if len(steps) == 0 {
		r.missing(rule, data.Place().Or(rule.At), `%s has no query in "data". write its query and its condition there`, what)
		return nil, condition, false
	}
	condition = rule.Get("condition").Text()
	if from := rule.Get("record", "from"); condition.Value == "" && from != nil {
		condition = from.Text()
	}
	for _, p := range pairsOf(rule.Get("expressions")) {
		if p.Value.Get("source").Bool() && condition.Value == "" {
			condition = p.Key
		}
	}
	return steps, condition, true
}

func (r *reader) grafanaAlert(outer, rule *document.Node, g group, steps []catalog.ChainStep, condition catalog.Text) {
	title := rule.Get("title")
	r.facts.Alerts = append(r.facts.Alerts, &catalog.AlertRule{
		Format:        grafana,
		Name:          title.Text(),
		Expr:          asked(steps, condition.Value),
		For:           outer.Get("for").Text(),
		KeepFiringFor: outer.First("keepFiringFor", "keep_firing_for").Text(),
		Labels:        r.keyed(outer, "labels", "alert", title.Str()),
		Annotations:   r.grafanaAnnotations(outer, rule),
		Group:         g.name,
		Interval:      g.interval,
		Namespace:     r.namespace,
		Resource:      r.labels,
		Templated:     r.templated,
		At:            rule.At,
		UID:           rule.Get("uid").Str(),
		Chain:         steps,
		Condition:     condition,
		NoData:        rule.First("noDataState", "no_data_state").Text(),
		QueryError:    rule.First("execErrState", "exec_err_state").Text(),
		Paused:        rule.First("isPaused", "is_paused", "paused").Bool(),
		Notify:        rule.First("notification_settings", "notificationSettings").Get("receiver").Text(),
	})
}

func (r *reader) grafanaRecord(outer, rule *document.Node, g group, expr catalog.Query) {
	name, title := rule.Get("record", "metric").Text(), rule.Get("title").Str()
	if name.Value == "" {
		name = rule.Get("metric").Text()
	}
	if name.Value == "" {
		r.gap(catalog.BadValue, rule.Get("record").Place().Or(rule.At), rule, `recording rule %q has no "record.metric". name the metric that it writes`, title)
		return
	}
	r.facts.Recordings = append(r.facts.Recordings, &catalog.RecordingRule{
		Name: name, Expr: expr, Labels: r.keyed(outer, "labels", "recording rule", title), Group: g.name, At: rule.At,
	})
}

// grafanaAnnotations gives the annotations of a rule with the dashboard and panel that it names beside them, under the
// names that Grafana gives to these as annotations.
func (r *reader) grafanaAnnotations(outer, rule *document.Node) []catalog.Label {
	labels := r.keyed(outer, "annotations", "alert", rule.Get("title").Str())
	panel := rule.Get("panelRef")
	for _, extra := range []struct {
		key   string
		value *document.Node
	}{
		{"__dashboardUid__", rule.Get("dashboardUid")},
		{"__panelId__", rule.Get("panelId")},
		{"__dashboardUid__", panel.First("dashboardUID", "dashboardUid")},
		{"__panelId__", panel.First("panelID", "panelId")},
	} {
		_, stated := catalog.FindLabel(labels, extra.key)
		if value := extra.value.Str(); strings.TrimSpace(value) != "" && !stated {
			labels = append(labels, catalog.Label{Key: extra.key, Value: value, At: extra.value.At})
		}
	}
	return labels
}
