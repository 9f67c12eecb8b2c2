// Package rules reads alerting and recording rules of Prometheus, Mimir, Loki and Grafana, and the unit tests of rule
// files. It answers "which rules does this document hold, and where?" and never whether a rule is a good one, nor
// whose it is.
package rules

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/promql"
)

// Read gives the alert and recording rules or the rule test that a YAML or JSON document holds, and gaps for the parts
// that break the format; ok is false when the document is nothing of the kind. These are read:
//
//   - rule files: `groups:` with `rules:`, also below a `namespace:`, below the names of namespaces, and deeper, as in
//     the values of a Helm chart
//   - resources of operators that hold such groups: PrometheusRule, VMRule, Loki's AlertingRule and RecordingRule, …
//   - Grafana's own alert rules: provisioned and exported files, answers of its provisioning API and its ruler, the
//     resources GrafanaAlertRuleGroup (operator), AlertRule and RecordingRule (Grafana)
//   - unit tests of rule files, as promtool reads them
//
// Lists and ConfigMaps are taken apart before, by document.Flatten and document.Embedded. A query that does not parse
// is no gap, it is said in the query's Error; only when a template explains it there is a gap too. What load resolves
// against the whole estate stays empty.
func Read(d document.Document) (catalog.Facts, bool) {
	if d.Root == nil || d.Root.Kind == document.Scalar {
		return catalog.Facts{}, false
	}
	r := reader{templated: d.Templated}
	if d.Root.Kind == document.List {
		ok := r.apiRules(d.Root)
		return r.facts, ok
	}
	var ok bool
	switch kind := d.Kind(); {
	case strings.HasPrefix(d.APIVersion(), grafanaAPIGroup):
		ok = r.ruleResource(d.Root)
	case slices.Contains(resourceKinds, kind):
		ok = r.resource(d)
	case kind == "GrafanaAlertRuleGroup":
		ok = r.grafanaResource(d.Root)
	case kind != "":
	case isUnitTest(d.Root):
		ok = true
		r.unitTest(d.Root)
	case isProvisioning(d.Root):
		ok = true
		r.provisioning(d.Root)
	case isGrafanaGroup(d.Root):
		ok = true
		r.apiGroup(d.Root)
	case isAPIRule(d.Root):
		ok = true
		r.apiRule(d.Root)
	default:
		ok = r.groupsBelow(d.Root, 0)
	}
	return r.facts, ok
}

// resourceKinds are the kinds of resources whose spec holds rule groups: those of the Prometheus, VictoriaMetrics, Loki
// and OpenShift operators and of Google's managed Prometheus.
var resourceKinds = []string{"PrometheusRule", "VMRule", "AlertingRule", "RecordingRule", "Rules", "ClusterRules", "GlobalRules"}

// Formats of catalog.AlertRule.
const (
	prometheus = "prometheus"
	grafana    = "grafana"
)

// reader collects the facts of one document.
type reader struct {
	facts     catalog.Facts
	templated bool
	// What the groups that are read now share:
	namespace string
	labels    []catalog.Label // of the resource
	lang      catalog.Lang    // "" when each expression shows its own
	metricsQL bool            // PromQL may be VictoriaMetrics' dialect of it
}

// resource reads the groups of a Kubernetes resource.
func (r *reader) resource(d document.Document) bool {
	spec := d.Root.Get("spec")
	groups := spec.Get("groups")
	if groups == nil && d.Kind() != "PrometheusRule" {
		return false
	}
	metadata := d.Root.Get("metadata")
	r.namespace, r.labels = metadata.Get("namespace").Str(), metadata.Get("labels").Labels()
	if strings.HasPrefix(d.APIVersion(), "loki.grafana.com/") {
		r.lang = catalog.LogQL
	}
	r.metricsQL = d.Kind() == "VMRule"
	r.groups(groups, spec.Place().Or(d.Root.At))
	return true
}

// maxDepth is how deep groups may stand in a document that is no resource: Helm values hold them at
// serverFiles.alerting_rules.yml.groups and the like.
const maxDepth = 6

// groupsBelow reads the groups that stand anywhere in a document, and reports whether there are any.
func (r *reader) groupsBelow(n *document.Node, depth int) bool {
	if n == nil || depth > maxDepth {
		return false
	}
	found := false
	for _, item := range n.List() {
		found = r.groupsBelow(item, depth+1) || found
	}
	for _, p := range n.Pairs {
		switch key := p.Key.Value; {
		case key == "groups" && isGroups(p.Value, depth):
			r.namespace = n.Get("namespace").Str()
			r.groups(p.Value, p.Key.At)
			found = true
		case key != "groups" && p.Value.Kind == document.List && holdsRules(p.Value):
			r.namespace = ""
			if depth == 0 {
				r.namespace = key
			}
			r.groups(p.Value, p.Key.At)
			found = true
		default:
			found = r.groupsBelow(p.Value, depth+1) || found
		}
	}
	return found
}

// isGroups reports whether a value of the key "groups" means rule groups: many formats have such a key. At the top of
// a document groups whose rules were left out, and rules in the wrong form, count as well.
func isGroups(n *document.Node, depth int) bool {
	if n.Kind == document.List && holdsRules(n) {
		return true
	}
	if depth > 0 {
		return false
	}
	for _, group := range n.List() {
		rules := group.Get("rules")
		if group.Get("name") != nil && rules != nil && (isNull(rules) || rules.Templated || rules.Kind == document.List && len(rules.Items) == 0) {
			return true
		}
	}
	return n.Kind != document.List && mentionsRule(n, 0)
}

// holdsRules reports whether a list has a group with a rule.
func holdsRules(groups *document.Node) bool {
	for _, group := range groups.List() {
		if rules := group.Get("rules"); rules != nil && mentionsRule(rules, 0) {
			return true
		}
	}
	return false
}

// mentionsRule reports whether a rule stands in a value, at most three levels deep.
func mentionsRule(n *document.Node, depth int) bool {
	if n == nil || depth > 3 {
		return false
	}
	if n.Get("expr") != nil || n.Get("grafana_alert") != nil || n.Get("alert").Str() != "" || n.Get("record").Str() != "" {
		return true
	}
	return slices.ContainsFunc(n.Items, func(item *document.Node) bool { return mentionsRule(item, depth+1) }) ||
		slices.ContainsFunc(n.Pairs, func(p document.Pair) bool { return mentionsRule(p.Value, depth+1) })
}

// query reads an expression as Prometheus or Loki would, or, in Grafana's own rules, with its variables. What may be
// MetricsQL and is no PromQL is not judged. what names the rule in the message of a gap.
func (r *reader) query(n *document.Node, format, what string) catalog.Query {
	q := n.Query(r.lang)
	if q.Lang == "" {
		q.Lang = promql.Detect(q.Text)
	}
	// Actions on lines of their own were taken out of the text, which only text of several lines can hide.
	q.Templated = q.Templated || r.templated && (n.Indent > 0 || strings.Contains(q.Text, "\n"))
	if format == grafana {
		q = promql.Parse(q)
	} else {
		q = promql.ParseRule(q)
	}
	if q.Error != "" && r.metricsQL {
		q.Lang, q.Error, q.ErrorAt = catalog.OtherLang, "", catalog.Place{}
	}
	if promql.ByTemplate(q) {
		r.gap(catalog.Template, q.ErrorAt, n, "the expression of %s does not parse (%s). its template hides a part of it: keep a rendered copy in the catalog", what, q.Error)
	}
	return q
}

// gap notes what could not be read. Its words are those of the nodes that are hidden by it.
func (r *reader) gap(cause catalog.Cause, at catalog.Place, hidden *document.Node, format string, args ...any) {
	var words strings.Builder
	addText(&words, hidden)
	g := catalog.Gap{
		Kinds: []catalog.Kind{catalog.Alerts, catalog.Recordings}, At: at, Cause: cause,
		Detail: fmt.Sprintf(format, args...),
	}
	if words.Len() > 0 {
		for _, l := range r.labels {
			words.WriteString(l.Value + "\n")
		}
		words.WriteString(r.namespace)
		g.Names = document.Words(words.String())
	}
	r.facts.Gaps = append(r.facts.Gaps, g)
}

// addText adds all keys and values below a node to b.
func addText(b *strings.Builder, n *document.Node) {
	if n == nil {
		return
	}
	if s := n.Str(); s != "" {
		b.WriteString(s + "\n")
	}
	for _, item := range n.Items {
		addText(b, item)
	}
	for _, p := range n.Pairs {
		b.WriteString(p.Key.Value + "\n")
		addText(b, p.Value)
	}
}
