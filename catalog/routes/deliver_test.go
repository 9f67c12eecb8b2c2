package routes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// router reads one configuration.
func router(t testing.TB, text string) *catalog.Router {
	t.Helper()
	facts := read(t, "alertmanager.yml", text)
	if len(facts.Routers) != 1 {
		t.Fatalf("got %d routers and gaps %v", len(facts.Routers), facts.Gaps)
	}
	return facts.Routers[0]
}

// read gives the facts of all documents of a file, as load has them read.
func read(t testing.TB, file, text string) catalog.Facts {
	t.Helper()
	var facts catalog.Facts
	docs, gaps := document.ParseYAML(file, []byte(text))
	for i := 0; i < len(docs); i++ {
		inner, more := document.Embedded(docs[i])
		docs = append(docs, inner...)
		gaps = append(gaps, more...)
	}
	for _, d := range document.Flatten(docs) {
		found, _ := Read(d)
		facts.Add(found)
	}
	for _, g := range gaps {
		t.Logf("%v", g)
	}
	return facts
}

// names gives the receivers of deliveries, with a question mark behind those that are not sure.
func names(deliveries []catalog.Delivery) string {
	var all []string
	for _, d := range deliveries {
		name := d.Name.Value
		if d.Unsure != "" {
			name += "?"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

const tree = `
route:
  receiver: root
  routes:
    - matchers: [severity="critical"]
      receiver: pager
      continue: true
      routes:
        - match: {team: payments}
          receiver: payments-pager
        - match_re: {team: "search|ads"}
          receiver: growth-pager
    - matchers: [alertname=~"Watch.*"]
      receiver: watchdog
    - matchers: [team=payments]
      routes:
        - matchers: [env!=prod]
          receiver: "null"
        - matchers: [env=~"prod", service!~"batch-.*"]
          receiver: payments
    - matchers: ['owner=""', "severity=~info|warning"]
      receiver: nobody
receivers: [{name: root}, {name: pager}, {name: payments-pager}, {name: growth-pager}, {name: watchdog}, {name: "null"}, {name: payments}, {name: nobody}]
`

func TestDeliver(t *testing.T) {
	r := router(t, tree)
	for labels, want := range map[string]string{
		"":                                          "root",
		"severity=critical":                         "pager",                   // nothing after it matches: continue changes nothing
		"severity=critical team=payments":           "payments-pager null",     // continue goes on among the siblings; a missing env is not prod
		"severity=critical team=ads":                "growth-pager",            // patterns match
		"severity=critical team=ads2":               "pager",                   // the whole value only
		"severity=critical alertname=Watchdog":      "pager watchdog",          //
		"alertname=WatchX team=payments":            "watchdog",                // the first that matches ends the search
		"team=payments env=prod":                    "payments",                // a missing service is no batch
		"team=payments env=prod service=batch-a":    "root",                    // a route without a receiver has it from above
		"team=payments env=dev":                     "null",                    //
		"severity=info":                             "nobody",                  // a missing owner is empty
		"severity=info owner=me":                    "root",                    //
		"severity=information":                      "root",                    // an alternation is anchored as a whole
		"severity=critical team=payments env=prod":  "payments-pager payments", //
		"severity=critical team=payments owner=foo": "payments-pager null",
	} {
		fixed := map[string]string{}
		for _, pair := range strings.Fields(labels) {
			name, value, _ := strings.Cut(pair, "=")
			fixed[name] = value
		}
		if got := names(Deliver(r, Fixed(fixed))); got != want {
			t.Errorf("%s: got %q, want %q", labels, got, want)
		}
	}
}

// known gives labels of which those with the value "?" are not known.
func known(text string) Labels {
	fixed := map[string]string{}
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		fixed[name] = value
	}
	return func(name string) Value {
		if fixed[name] == "?" {
			return Value{Unknown: bySeries}
		}
		return Value{Text: fixed[name]}
	}
}

func TestUnsure(t *testing.T) {
	r := router(t, tree)
	for labels, want := range map[string]string{
		"severity=critical team=?":      "payments-pager? growth-pager? pager? null?",
		"severity=? alertname=Watchdog": "pager? watchdog",
		"team=payments env=?":           "null? payments? root?",
		"env=? team=ads":                "root", // what no route asks on the way does not matter
		"severity=info alertname=?":     "watchdog? nobody?",
		"severity=info owner=?":         "nobody? root?",
	} {
		if got := names(Deliver(r, known(labels))); got != want {
			t.Errorf("%s: got %q, want %q", labels, got, want)
		}
	}
	got := Deliver(r, known("severity=info owner=?"))[0].Unsure
	if want := `the route at alertmanager.yml:21:7 matches label "owner", which the alert's series or its Prometheus decide`; got != want {
		t.Errorf("got reason %q, want %q", got, want)
	}
	r = router(t, "route: {receiver: root, routes: [{matchers: ['a=~\".*\"'], receiver: all}]}\nreceivers: [{name: root}, {name: all}]")
	if got := names(Deliver(r, known("a=?"))); got != "all" {
		t.Errorf("a pattern that matches everything: got %q", got)
	}
	r = router(t, "route: {receiver: root, routes: [{matchers: ['a=~\"(\"'], receiver: x}, {matcher: ['b=c'], receiver: y}, {match: [b], receiver: z}]}\nreceivers: [{name: root}, {name: x}, {name: y}, {name: z}]")
	if got := names(Deliver(r, Fixed(nil))); got != "x? y? z? root?" {
		t.Errorf("matchers that could not be read: got %q", got)
	}
	r.Partial = true
	if got := Deliver(r, Fixed(nil)); got[0].Unsure != "parts of the routes at alertmanager.yml:1:1 are filled in by a template or stand elsewhere" {
		t.Errorf("a partial router: got %q", got[0].Unsure)
	}
}

func TestDeliveryHasItsReceiver(t *testing.T) {
	r := router(t, "route: {receiver: a, routes: [{receiver: b, mute_time_intervals: [night], matchers: [x=y]}]}\nreceivers: [{name: a, slack_configs: [{channel: '#x'}]}]\ntime_intervals: [{name: night}]")
	root, child := Deliver(r, Fixed(nil))[0], Deliver(r, Fixed(map[string]string{"x": "y"}))[0]
	if root.Receiver == nil || root.Receiver.Name.Value != "a" || root.Router != r || root.Route != r.Root || root.Muted != nil {
		t.Errorf("root: got %+v", root)
	}
	if child.Receiver != nil || child.Name.Value != "b" || len(child.Muted) != 1 || child.Muted[0].Value != "night" {
		t.Errorf("child: got %+v", child)
	}
}

func TestNamespaceOfResource(t *testing.T) {
	const text = `
kind: AlertmanagerConfig
apiVersion: monitoring.coreos.com/v1beta1
metadata: {name: shop, namespace: %s}
spec:
  route:
    receiver: slack
    routes: [{receiver: pager, matchers: [{name: severity, value: critical}]}]
  receivers: [{name: slack, slackConfigs: [{channel: '#shop'}]}, {name: pager, pagerdutyConfigs: [{}]}]
`
	for _, c := range []struct{ namespace, labels, want string }{
		{"shop", "namespace=shop", "slack"},
		{"shop", "namespace=shop severity=critical", "pager"},
		{"shop", "namespace=other severity=critical", ""},
		{"shop", "namespace=? severity=critical", "pager?"},
		{"''", "namespace=shop", "slack?"},
	} {
		if got := names(Deliver(router(t, fmt.Sprintf(text, c.namespace)), known(c.labels))); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestTable(t *testing.T) {
	base := router(t, "route: {receiver: root, routes: [{receiver: child, matchers: [a=b]}]}\nreceivers: [{name: root}, {name: child}]")
	added := router(t, "kind: AlertmanagerConfig\nmetadata: {namespace: shop}\nspec: {route: {receiver: shop}, receivers: [{name: shop}]}")
	policies := read(t, "g.yaml", "policies: [{orgId: 1, receiver: grafana}]").Routers
	table := NewTable(slices.Concat([]*catalog.Router{base, added}, policies))
	rule := func(format string, labels ...catalog.Label) *catalog.AlertRule {
		return &catalog.AlertRule{Format: format, Name: catalog.Text{Value: "X"}, Labels: labels}
	}
	shop, other, ab := catalog.Label{Key: "namespace", Value: "shop"}, catalog.Label{Key: "namespace", Value: "other"}, catalog.Label{Key: "a", Value: "b"}
	for _, c := range []struct {
		rule *catalog.AlertRule
		want string
	}{
		{rule("prometheus", other, ab), "child"},
		{rule("prometheus", shop, ab), "child shop"},
		{rule("prometheus", other), "child? root?"},
		{rule("prometheus", shop, catalog.Label{Key: "a", Value: "c"}), "root? shop"}, // the resource's routes stand before all others
		{rule("prometheus", other, catalog.Label{Key: "a", Value: "c"}), "root"},
		{rule("grafana", shop), "grafana"},
		{&catalog.AlertRule{Format: "grafana", Notify: catalog.Text{Value: "own"}}, "own"},
	} {
		got := table.Deliver(c.rule)
		if names(got) != c.want {
			t.Errorf("%+v: got %q, want %q", c.rule.Labels, names(got), c.want)
		}
		if again := table.Deliver(c.rule); c.rule.Notify.IsZero() && &again[0] != &got[0] {
			t.Errorf("%+v: equal alerts do not share their deliveries", c.rule.Labels)
		}
	}
}

func TestDeepTreeEnds(t *testing.T) {
	root := &catalog.Route{Receiver: catalog.Text{Value: "root"}}
	at := root
	for range 100_000 {
		child := &catalog.Route{Matchers: []catalog.RouteMatcher{{Matcher: catalog.Matcher{Name: "a", Op: "=", Value: "b"}}}}
		at.Routes = []*catalog.Route{child}
		at = child
	}
	if got := Deliver(&catalog.Router{Format: alertmanager, Root: root}, Fixed(map[string]string{"a": "b"})); len(got) != 1 || got[0].Route != at {
		t.Errorf("got %d deliveries, want that of the deepest route", len(got))
	}
}

// matchesAll is Alertmanager's own rule for a route, without anything that is not known.
func matchesAll(route *catalog.Route, labels map[string]string) bool {
	for _, m := range route.Matchers {
		holds := labels[m.Name] == m.Value
		if re, err := compile(m.Value); len(m.Op) == 2 && m.Op[1] == '~' {
			holds = err == nil && re.MatchString(labels[m.Name])
		}
		if holds == (m.Op[0] == '!') {
			return false
		}
	}
	return true
}

// reference follows the code of Alertmanager, dispatch/route.go.
func reference(route *catalog.Route, labels map[string]string) []*catalog.Route {
	if !matchesAll(route, labels) {
		return nil
	}
	var all []*catalog.Route
	for _, child := range route.Routes {
		matches := reference(child, labels)
		all = append(all, matches...)
		if matches != nil && !child.Continue {
			break
		}
	}
	if len(all) == 0 {
		all = append(all, route)
	}
	return all
}

// grow makes a tree of routes of bytes.
func grow(data []byte, depth int) (*catalog.Route, []byte) {
	route := &catalog.Route{}
	if len(data) < 2 {
		return route, nil
	}
	shape, match := data[0], data[1]
	data = data[2:]
	route.Continue = shape&1 != 0
	if depth > 0 {
		for i := range int(match % 3) {
			m := catalog.Matcher{Name: []string{"a", "b", "c"}[(int(match>>2)+i)%3], Op: operators[match>>4&3], Value: []string{"", "x", "y", "x|y", ".*", ".+", "("}[(int(match>>5)+i)%7]}
			if m.Value == "(" && len(m.Op) == 2 && m.Op[1] == '~' {
				m.Value = "x"
			}
			route.Matchers = append(route.Matchers, catalog.RouteMatcher{Matcher: m})
		}
	}
	for range shape >> 1 % 4 {
		if depth < 6 {
			var child *catalog.Route
			child, data = grow(data, depth+1)
			route.Routes = append(route.Routes, child)
		}
	}
	return route, data
}

// FuzzDeliver compares deliveries with those of Alertmanager's own rule: all labels known, and with each label not known
// in turn. Then what is sure happens whatever the label is, and what may happen is among the deliveries.
func FuzzDeliver(f *testing.F) {
	f.Add([]byte{6, 0, 1, 5, 4, 9, 0, 33, 2, 77, 1, 130}, uint8(5))
	f.Add([]byte{4, 0, 3, 17, 0, 2, 2, 65, 1, 98, 0, 201, 0, 7}, uint8(21))
	f.Fuzz(func(t *testing.T, data []byte, picked uint8) {
		root, _ := grow(data, 0)
		r := &catalog.Router{Format: alertmanager, Root: root}
		values := []string{"", "x", "y", "xy"}
		labels := map[string]string{"a": values[picked&3], "b": values[picked>>2&3], "c": values[picked>>4&3]}
		if got, want := routesOf(Deliver(r, Fixed(labels)), false), reference(root, labels); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		for hidden := range labels {
			deliveries := Deliver(r, func(name string) Value {
				if name == hidden {
					return Value{Unknown: bySeries}
				}
				return Value{Text: labels[name]}
			})
			possible, sure := routesOf(deliveries, false), routesOf(deliveries, true)
			for _, value := range values {
				with := map[string]string{"a": labels["a"], "b": labels["b"], "c": labels["c"]}
				with[hidden] = value
				truth := reference(root, with)
				for _, route := range truth {
					if !slices.Contains(possible, route) {
						t.Fatalf("%s=%s: a delivery is missing", hidden, value)
					}
				}
				for _, route := range sure {
					if !slices.Contains(truth, route) {
						t.Fatalf("%s=%s: a delivery is said to be sure and is not", hidden, value)
					}
				}
			}
		}
	})
}

func routesOf(deliveries []catalog.Delivery, sure bool) []*catalog.Route {
	var all []*catalog.Route
	for _, d := range deliveries {
		if !sure || d.Unsure == "" {
			all = append(all, d.Route)
		}
	}
	return all
}
