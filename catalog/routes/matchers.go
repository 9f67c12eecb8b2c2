package routes

import (
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/document"
)

// operators are those that a matcher can have.
var operators = []string{"=", "!=", "=~", "!~"}

// matchers reads all that narrows a route or one side of an inhibition. The keys are those of equalities and of patterns
// by label, and of lists; only the last ones may hold lists.
func (r *reader) matchers(n *document.Node, equal, pattern string, lists ...string) []catalog.RouteMatcher {
	all := r.byLabel(n.Get(equal), "=")
	all = append(all, r.byLabel(n.Get(pattern), "=~")...)
	for _, key := range lists {
		all = append(all, r.matcherList(n.Get(key))...)
	}
	return slices.Clip(all)
}

// byLabel reads a map of label names to values.
func (r *reader) byLabel(n *document.Node, op string) []catalog.RouteMatcher {
	if n == nil || n.Kind == document.Scalar && n.Str() == "" {
		return nil
	}
	if n.Kind != document.Map {
		return []catalog.RouteMatcher{r.refuse(n, "it is a map of label names to values, as in severity: critical")}
	}
	var all []catalog.RouteMatcher
	for _, p := range n.Pairs {
		switch {
		case p.Value.Kind != document.Scalar:
			all = append(all, r.refuse(p.Value, "it is one value. several are a pattern, as in a|b below match_re"))
		case op == "=~" && p.Value.Tag == "null":
			all = append(all, r.refuse(p.Value, "the pattern is empty. write one, or remove the line"))
		default:
			all = append(all, r.matcher(p.Key.Value, op, p.Value.Str(), p.Key.At))
		}
	}
	return all
}

// matcherList reads a list of matchers: lines of text, resources' maps, or Grafana's triples.
func (r *reader) matcherList(n *document.Node) []catalog.RouteMatcher {
	switch {
	case n == nil, n.Kind == document.Scalar && n.Str() == "":
		return nil
	case n.Kind != document.List:
		return []catalog.RouteMatcher{r.refuse(n, `it is a list, as in [severity="critical"]`)}
	}
	var all []catalog.RouteMatcher
	for _, item := range n.Items {
		switch item.Kind {
		case document.Scalar:
			all = append(all, r.line(item)...)
		case document.Map:
			all = append(all, r.matcherMap(item))
		default:
			all = append(all, r.triple(item))
		}
	}
	return all
}

// line reads the matchers of one line of text.
func (r *reader) line(n *document.Node) []catalog.RouteMatcher {
	parsed, err := parseMatchers(n.Str())
	if err != nil && isTemplate(n.Str()) {
		return []catalog.RouteMatcher{unread(n.Str(), n.At)}
	}
	if err != nil {
		return []catalog.RouteMatcher{r.refuse(n, err.Error())}
	}
	var all []catalog.RouteMatcher
	for _, m := range parsed {
		all = append(all, r.matcher(m.Name, m.Op, m.Value, n.At))
	}
	return all
}

// matcherMap reads a matcher of a resource.
func (r *reader) matcherMap(n *document.Node) catalog.RouteMatcher {
	name := n.First("name", "label").Str()
	if name == "" {
		return r.refuse(n, "it has no name. name the label")
	}
	return r.matcher(name, matchType(n), n.Get("value").Str(), n.At)
}

// matchType gives the operator of a resource's matcher: its matchType, else what the older key regex or Grafana's keys
// isRegex and isEqual say, else an equality.
// Source: API references of the Prometheus operator, "Matcher", and of the Grafana operator, "GrafanaNotificationPolicy".
func matchType(n *document.Node) string {
	if op := n.Get("matchType").Str(); op != "" {
		return op
	}
	pattern := n.First("regex", "isRegex").Bool()
	differs := n.Get("isEqual") != nil && !n.Get("isEqual").Bool()
	switch {
	case pattern && differs:
		return "!~"
	case pattern:
		return "=~"
	case differs:
		return "!="
	}
	return "="
}

// triple reads a matcher of Grafana: label, operator, value.
func (r *reader) triple(n *document.Node) catalog.RouteMatcher {
	items := n.List()
	if len(items) != 3 || slices.ContainsFunc(items, func(item *document.Node) bool { return item.Kind != document.Scalar }) {
		return r.refuse(n, `it is a list of a label, an operator and a value, as in [severity, "=", critical]`)
	}
	return r.matcher(items[0].Str(), items[1].Str(), items[2].Str(), items[0].At)
}

// matcher gives a matcher, and notes an operator or a pattern that cannot be.
func (r *reader) matcher(name, op, value string, at catalog.Place) catalog.RouteMatcher {
	m := catalog.RouteMatcher{Matcher: catalog.Matcher{Name: name, Op: op, Value: value}, At: at}
	switch {
	case !slices.Contains(operators, op):
		r.gap(catalog.BadValue, at, "%q is no operator of a matcher. it is =, !=, =~ or !~", op)
		return unread(name+op+value, at)
	case op == "=~" || op == "!~":
		if _, err := compile(value); err != nil && !isTemplate(value) {
			r.gap(catalog.BadValue, at, "the pattern %q of label %q is refused: %v", value, name, err)
		}
	}
	return m
}

// refuse notes that a matcher cannot be read.
func (r *reader) refuse(n *document.Node, why string) catalog.RouteMatcher {
	r.gap(catalog.BadValue, n.At, "a matcher is not understood: %s", why)
	return unread(n.Str(), n.At)
}

// unread stands for a matcher that could not be read, so that nobody takes its route for one without it. It has no
// operator.
func unread(text string, at catalog.Place) catalog.RouteMatcher {
	return catalog.RouteMatcher{Matcher: catalog.Matcher{Value: text}, At: at}
}

// compile gives the pattern of a matcher, which has to match the whole value.
func compile(pattern string) (*regexp.Regexp, error) { return regexp.Compile("^(?:" + pattern + ")$") }
