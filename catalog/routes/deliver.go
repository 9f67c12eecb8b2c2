package routes

import (
	"cmp"
	"encoding/binary"
	"fmt"

	"obsready/catalog"
)

// Deliver gives where a router sends an alert with the given labels, one delivery for each route that takes it, in the
// order of the text. It follows Alertmanager's rules: the routes below one are asked in order, deepest first; the first
// that matches ends the search unless it has continue; a route takes an alert that none below it takes; a label that is
// not there is empty; a pattern has to match the whole value.
//
// Where a label is not known both possibilities are followed, and what follows from a guess is Unsure. Everything is
// Unsure in a partial router. One of an AlertmanagerConfig takes alerts of its namespace only.
//
// Source: Prometheus Alertmanager documentation, "Route"; Prometheus operator documentation, "AlertmanagerConfig".
func Deliver(r *catalog.Router, labels Labels) []catalog.Delivery {
	return newDispatcher(r).deliver(labels)
}

// dispatcher is a router made ready for many alerts. Alerts that its matchers do not tell apart share one list of
// deliveries. It is for one goroutine.
type dispatcher struct {
	router *catalog.Router
	root   *node
	labels []*label
	given  map[string][]catalog.Delivery // by the findings on all labels
}

// node is a route with its matchers compiled.
type node struct {
	route    *catalog.Route
	receiver catalog.Text // its own or that of the nearest route above it which states one
	tests    []test
	routes   []*node
}

// test is one matcher of a route.
type test struct {
	catalog.RouteMatcher
	label int // among the dispatcher's, -1 of a matcher that could not be read
	index int // among the tests of its label
}

// newDispatcher compiles the matchers of a router.
func newDispatcher(r *catalog.Router) *dispatcher {
	d := &dispatcher{router: r, given: map[string][]catalog.Delivery{}}
	if r.Root == nil {
		return d
	}
	d.root = d.node(r.Root, catalog.Text{}, map[string]int{})
	if r.Format == resource {
		d.root.tests = append(d.root.tests, d.test(namespaceMatcher(r), map[string]int{}))
	}
	return d
}

// namespaceMatcher is what an operator adds to the routes of a resource. A namespace that is stated elsewhere is not
// known.
func namespaceMatcher(r *catalog.Router) catalog.RouteMatcher {
	if r.Namespace == "" || isTemplate(r.Namespace) {
		return unread("namespace", r.At)
	}
	return catalog.RouteMatcher{Matcher: catalog.Matcher{Name: "namespace", Op: "=", Value: r.Namespace}, At: r.At}
}

func (d *dispatcher) node(route *catalog.Route, above catalog.Text, labels map[string]int) *node {
	n := &node{route: route, receiver: above}
	if route.Receiver.Value != "" {
		n.receiver = route.Receiver
	}
	for _, m := range route.Matchers {
		n.tests = append(n.tests, d.test(m, labels))
	}
	for _, child := range route.Routes {
		n.routes = append(n.routes, d.node(child, n.receiver, labels))
	}
	return n
}

// test adds a matcher to those of its label. labels are the positions of the labels by name.
func (d *dispatcher) test(m catalog.RouteMatcher, labels map[string]int) test {
	if m.Op == "" {
		return test{m, -1, 0}
	}
	i, ok := labels[m.Name]
	if !ok {
		i = len(d.labels)
		labels[m.Name] = i
		d.labels = append(d.labels, &label{name: m.Name, seen: map[Value]int{}, ids: map[string]int{}})
	}
	return test{m, i, d.labels[i].add(m.Matcher)}
}

// deliver gives the deliveries of an alert. The list is shared and must not be changed.
func (d *dispatcher) deliver(labels Labels) []catalog.Delivery {
	if d.root == nil {
		return nil
	}
	found := make([]finding, len(d.labels))
	key := make([]byte, 0, 4*len(d.labels))
	for i, l := range d.labels {
		id := l.look(labels(l.name))
		found[i] = l.findings[id]
		key = binary.LittleEndian.AppendUint32(key, uint32(id))
	}
	if given, ok := d.given[string(key)]; ok {
		return given
	}
	w := walk{dispatcher: d, found: found}
	unsure := ""
	if d.router.Partial {
		unsure = fmt.Sprintf("parts of the routes at %s are filled in by a template or stand elsewhere", d.router.At)
	}
	w.visit(d.root, unsure)
	d.given[string(key)] = w.deliveries
	return w.deliveries
}

// walk is one alert on its way through the routes.
type walk struct {
	*dispatcher
	found      []finding // of each label
	deliveries []catalog.Delivery
}

// visit asks a route and those below it. unsure is why it is not certain that the alert comes here. The result is
// whether the route matches, with the reason when that is not known.
func (w *walk) visit(n *node, unsure string) (outcome, string) {
	matches, why := w.match(n)
	if matches == no {
		return no, ""
	}
	unsure = cmp.Or(unsure, why)
	taken, perhaps := false, ""
	for _, child := range n.routes {
		o, childWhy := w.visit(child, unsure)
		switch {
		case o == yes && !child.route.Continue:
			return matches, why
		case o == yes:
			taken = true
		case o == maybe:
			perhaps = cmp.Or(perhaps, childWhy)
			if !child.route.Continue {
				unsure = cmp.Or(unsure, childWhy)
			}
		}
	}
	if !taken {
		w.deliveries = append(w.deliveries, catalog.Delivery{
			Router: w.router, Route: n.route, Name: n.receiver, Receiver: w.router.Receiver(n.receiver.Value),
			Unsure: cmp.Or(unsure, perhaps), Muted: n.route.MutedDuring,
		})
	}
	return matches, why
}

// match gives whether all matchers of a route hold.
func (w *walk) match(n *node) (outcome, string) {
	result, why := yes, ""
	for _, t := range n.tests {
		switch o, reason := w.outcome(t); o {
		case no:
			return no, ""
		case maybe:
			result, why = maybe, cmp.Or(why, fmt.Sprintf("the route at %s matches %s", n.route.At, reason))
		}
	}
	return result, why
}

func (w *walk) outcome(t test) (outcome, string) {
	if t.label < 0 {
		return maybe, fmt.Sprintf("something that could not be read: %q", t.Value)
	}
	f := w.found[t.label]
	o := f.outcomes[t.index]
	switch {
	case o != maybe:
		return o, ""
	case f.unknown == "":
		return maybe, fmt.Sprintf("label %q with %q, which could not be read", t.Name, t.Value)
	}
	return maybe, fmt.Sprintf("label %q, which %s", t.Name, f.unknown)
}
