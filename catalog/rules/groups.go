package rules

import (
	"strconv"

	"obsready/catalog"
	"obsready/catalog/document"
)

// group is what a rule group gives to its rules.
type group struct {
	name, interval catalog.Text
	labels         []catalog.Label
}

// groups reads a list of rule groups. at is where it should stand, for the case that there is none.
func (r *reader) groups(n *document.Node, at catalog.Place) {
	switch {
	case isNull(n):
		if r.templated {
			r.gap(catalog.Template, n.Place().Or(at), nil, "the rule groups are filled in by a template. keep a rendered copy in the catalog")
		}
	case n.Kind != document.List:
		r.gap(wrongForm(n), n.At, n, `"groups" is %s and not a list. write each group as a list item: "- name: …" with its "rules:" below`, kindWord(n))
	}
	for _, item := range n.List() {
		if item.Kind != document.Map {
			if !isNull(item) {
				r.gap(catalog.BadValue, item.At, item, `a rule group is %s and not a map. give it a "name" and "rules"`, kindWord(item))
			}
			continue
		}
		r.group(item)
	}
}

func (r *reader) group(n *document.Node) {
	g := group{name: n.Get("name").Text(), interval: n.Get("interval").Text()}
	g.labels = r.keyed(n, "labels", "group", g.name.Value)
	rules := n.Get("rules")
	switch {
	case isNull(rules):
		if r.templated {
			r.gap(catalog.Template, rules.Place().Or(n.At), n, "the rules of group %q are filled in by a template. keep a rendered copy in the catalog", g.name.Value)
		}
	case rules.Kind != document.List:
		r.gap(wrongForm(rules), rules.At, n, `"rules" of group %q is %s and not a list. write each rule as a list item: "- alert: …"`, g.name.Value, kindWord(rules))
	}
	for _, item := range rules.List() {
		r.rule(item, g)
	}
}

// rule reads one rule. A rule that Prometheus would refuse is a gap.
func (r *reader) rule(n *document.Node, g group) {
	alert, record := n.Get("alert"), n.Get("record")
	switch {
	case isNull(n):
		return
	case n.Kind != document.Map:
		r.gap(wrongForm(n), n.At, n, `a rule of group %q is %s and not a map. give it "alert" or "record", and "expr", or keep a rendered copy in the catalog when a template writes it`, g.name.Value, kindWord(n))
	case n.Get("grafana_alert") != nil:
		r.grafanaRule(n, n.Get("grafana_alert"), g)
	case alert != nil && record != nil:
		r.gap(catalog.BadValue, record.At, n, `the rule has both "alert" %q and "record" %q. split it into two rules`, alert.Str(), record.Str())
	case alert != nil:
		r.alert(n, alert, g)
	case record != nil:
		r.record(n, record, g)
	default:
		r.missing(n, n.At, `a rule of group %q has neither "alert" nor "record". name it with one of them`, g.name.Value)
	}
}

func (r *reader) alert(n, name *document.Node, g group) {
	if name.Str() == "" {
		r.missing(n, name.At, `an alert of group %q has no name. write it behind "alert:"`, g.name.Value)
		return
	}
	expr, ok := r.expr(n, `alert "`+name.Str()+`"`)
	if !ok {
		return
	}
	r.facts.Alerts = append(r.facts.Alerts, &catalog.AlertRule{
		Format:        prometheus,
		Name:          name.Text(),
		Expr:          expr,
		For:           n.Get("for").Text(),
		KeepFiringFor: n.Get("keep_firing_for").Text(),
		Labels:        r.merged(n, name.Str(), g),
		Annotations:   r.keyed(n, "annotations", "alert", name.Str()),
		Group:         g.name,
		Interval:      g.interval,
		Namespace:     r.namespace,
		Resource:      r.labels,
		Templated:     r.templated,
		At:            n.At,
	})
}

func (r *reader) record(n, name *document.Node, g group) {
	if name.Str() == "" {
		r.missing(n, name.At, `a recording rule of group %q has no name. write it behind "record:"`, g.name.Value)
		return
	}
	expr, ok := r.expr(n, `recording rule "`+name.Str()+`"`)
	if !ok {
		return
	}
	r.facts.Recordings = append(r.facts.Recordings, &catalog.RecordingRule{
		Name: name.Text(), Expr: expr, Labels: r.merged(n, name.Str(), g), Group: g.name, At: n.At,
	})
}

// expr reads the expression of a rule; ok is false when the rule has none and so is none.
func (r *reader) expr(rule *document.Node, what string) (q catalog.Query, ok bool) {
	n := rule.Get("expr")
	switch {
	case n != nil && n.Kind != document.Scalar:
		r.gap(catalog.BadValue, n.At, rule, `"expr" of %s is %s and not text. write the expression as a string`, what, kindWord(n))
	case n.Str() == "":
		r.missing(rule, n.Place().Or(rule.At), `%s has no "expr". write the expression that it evaluates`, what)
	default:
		return r.query(n, prometheus, what), true
	}
	return catalog.Query{}, false
}

// missing notes that a part of a rule is not there. In a template the part may only be hidden.
func (r *reader) missing(rule *document.Node, at catalog.Place, format string, args ...any) {
	cause := catalog.BadValue
	if r.templated {
		cause, format = catalog.Template, format+", or keep a rendered copy in the catalog when the template writes it"
	}
	r.gap(cause, at, rule, format, args...)
}

// merged gives the labels of a rule, then those of its group that it does not override.
func (r *reader) merged(rule *document.Node, name string, g group) []catalog.Label {
	labels := r.keyed(rule, "labels", "rule", name)
	for _, l := range g.labels {
		if _, own := catalog.FindLabel(labels, l.Key); !own {
			l.FromGroup = true
			labels = append(labels, l)
		}
	}
	return labels
}

// keyed gives the entries of a map of texts: the "labels" or "annotations" of the owner with the given name.
func (r *reader) keyed(n *document.Node, key, owner, name string) []catalog.Label {
	m := n.Get(key)
	if isNull(m) {
		return nil
	}
	if m.Kind != document.Map {
		r.gap(wrongForm(m), m.At, n, `%q of %s %q is %s and not a map. write them as "name: value" lines`, key, owner, name, kindWord(m))
		return nil
	}
	for _, p := range m.Pairs {
		if p.Value.Kind != document.Scalar {
			r.gap(catalog.BadValue, p.Value.At, n, `%q in %q of %s %q is %s and not text. write it as a string`, p.Key.Value, key, owner, name, kindWord(p.Value))
		}
	}
	return m.Labels()
}

// isNull reports whether a value is absent or was left empty.
func isNull(n *document.Node) bool {
	return n == nil || n.Kind == document.Scalar && n.Str() == ""
}

// wrongForm gives the cause of a value's wrong form: text that a template fills in may become the right one.
func wrongForm(n *document.Node) catalog.Cause {
	if n.Templated {
		return catalog.Template
	}
	return catalog.BadValue
}

// kindWord names what was written in place of something else.
func kindWord(n *document.Node) string {
	switch n.Kind {
	case document.Map:
		return "a map"
	case document.List:
		return "a list"
	}
	return "the text " + strconv.Quote(n.Str())
}
