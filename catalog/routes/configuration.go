package routes

import (
	"slices"

	"obsready/catalog"
	"obsready/catalog/document"
)

// configuration reads an Alertmanager's configuration or the spec of a resource, which has the same parts under keys in
// camel case.
func (r *reader) configuration(n *document.Node, router catalog.Router) {
	router.Name, router.At = r.name, n.At
	list := n.Get("receivers")
	if isGrafana(list) {
		router.Format = grafana
	}
	router.Receivers = r.receivers(list)
	router.Root = r.route(n.Get("route"))
	router.Inhibitions = r.inhibitions(n.First("inhibit_rules", "inhibitRules"))
	router.Partial = r.partial(&router, n) || list == nil || list.Kind != document.List
	if router.Root == nil {
		return
	}
	r.facts.Routers = append(r.facts.Routers, &router)
	if !router.Partial && router.Format != grafana {
		r.verify(&router, intervalNames(n))
	}
}

// routeKeys are the keys of a route in all formats. One that is none of these may be meant to narrow the route.
var routeKeys = []string{
	"receiver", "match", "match_re", "matchers", "object_matchers", "continue", "routes", "labels",
	"group_by", "groupBy", "group_by_str", "group_wait", "groupWait", "group_interval", "groupInterval", "repeat_interval", "repeatInterval",
	"mute_time_intervals", "muteTimeIntervals", "active_time_intervals", "activeTimeIntervals",
	"orgId", "org_id", "uid", "name", "provenance", "version", "routeSelector", // Grafana's
}

// route reads a route with those below it; nil when it is no map.
func (r *reader) route(n *document.Node) *catalog.Route {
	if n == nil || n.Kind != document.Map {
		r.gap(catalog.BadValue, n.Place(), "a route is a map of keys, as in receiver: payments-pager")
		return nil
	}
	route := &catalog.Route{
		Receiver:       n.Get("receiver").Text(),
		Matchers:       r.matchers(n, "match", "match_re", "matchers", "object_matchers"),
		Continue:       n.Get("continue").Bool(),
		MutedDuring:    n.First("mute_time_intervals", "muteTimeIntervals").Texts(),
		ActiveDuring:   n.First("active_time_intervals", "activeTimeIntervals").Texts(),
		GroupBy:        n.First("group_by", "groupBy").Texts(),
		RepeatInterval: n.First("repeat_interval", "repeatInterval").Text(),
		At:             n.At,
	}
	for _, p := range n.Pairs {
		if !slices.Contains(routeKeys, p.Key.Value) {
			r.gap(catalog.UnknownKey, p.Key.At, "a route has no key %q, so what it was meant to say is not known. correct or remove it", p.Key.Value)
			route.Matchers = append(route.Matchers, unread(p.Key.Value, p.Key.At))
		}
	}
	for _, item := range n.Get("routes").List() {
		if child := r.route(item); child != nil {
			route.Routes = append(route.Routes, child)
		}
	}
	return route
}

// inhibitions reads the rules by which one alert mutes others.
func (r *reader) inhibitions(list *document.Node) []catalog.Inhibition {
	var all []catalog.Inhibition
	for _, item := range list.List() {
		all = append(all, catalog.Inhibition{
			Source: r.matchers(item, "source_match", "source_match_re", "source_matchers", "sourceMatch"),
			Target: r.matchers(item, "target_match", "target_match_re", "target_matchers", "targetMatch"),
			Equal:  item.Get("equal").Texts(),
			At:     item.At,
		})
	}
	return all
}

// intervalNames gives the names of the time intervals that a configuration defines.
func intervalNames(n *document.Node) []string {
	var names []string
	for _, key := range []string{"time_intervals", "timeIntervals", "mute_time_intervals", "muteTimeIntervals"} {
		for _, item := range n.Get(key).List() {
			names = append(names, item.Get("name").Str())
		}
	}
	return names
}

// verify notes what makes Alertmanager refuse a configuration, or an operator a resource.
// Source: Prometheus Alertmanager documentation, "Configuration".
func (r *reader) verify(router *catalog.Router, intervals []string) {
	root := router.Root
	if router.Format == alertmanager {
		switch {
		case root.Receiver.Value == "":
			r.gap(catalog.BadValue, root.At, "the root route has no receiver, and Alertmanager refuses that. name the receiver of all that no other route takes")
		case len(root.Matchers) > 0:
			r.gap(catalog.BadValue, root.Matchers[0].At, "the root route has matchers, and Alertmanager refuses that. move them to a route below it")
		case root.Continue:
			r.gap(catalog.BadValue, root.At, "the root route has continue, and Alertmanager refuses that. remove it")
		}
	}
	r.verifyRoute(router, root, intervals)
}

func (r *reader) verifyRoute(router *catalog.Router, route *catalog.Route, intervals []string) {
	if name := route.Receiver; name.Value != "" && router.Receiver(name.Value) == nil {
		r.gap(catalog.BadValue, name.At, "no receiver %q is defined, and Alertmanager refuses a route to it. define it, or correct the name", name.Value)
	}
	for _, name := range slices.Concat(route.MutedDuring, route.ActiveDuring) {
		if !slices.Contains(intervals, name.Value) {
			r.gap(catalog.BadValue, name.At, "no time interval %q is defined, and Alertmanager refuses a route with it. define it under time_intervals, or correct the name", name.Value)
		}
	}
	for _, child := range route.Routes {
		r.verifyRoute(router, child, intervals)
	}
}
