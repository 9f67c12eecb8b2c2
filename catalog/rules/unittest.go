package rules

import (
	"slices"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/promql"
)

// isUnitTest reports whether a document is a unit test as promtool reads it. A `rule_files:` alone also stands in
// Prometheus' own configuration.
func isUnitTest(root *document.Node) bool {
	tests := root.Get("tests")
	if tests == nil || tests.Kind != document.List {
		return false
	}
	return root.Get("rule_files") != nil || slices.ContainsFunc(tests.Items, func(test *document.Node) bool {
		return test.Get("alert_rule_test") != nil || test.Get("promql_expr_test") != nil
	})
}

// unitTest reads which alerts the cases of a unit test evaluate: by their names, or by queries of the series ALERTS.
func (r *reader) unitTest(root *document.Node) {
	t := &catalog.RuleTest{At: root.At, RuleFiles: root.Get("rule_files").Texts()}
	seen := map[string]bool{}
	add := func(name catalog.Text) {
		if name.Value != "" && !seen[name.Value] {
			seen[name.Value] = true
			t.AlertNames = append(t.AlertNames, name)
		}
	}
	for _, test := range root.Get("tests").List() {
		for _, c := range test.Get("alert_rule_test").List() {
			add(c.Get("alertname").Text())
		}
		for _, c := range test.Get("promql_expr_test").List() {
			for _, name := range alertsQueried(c.Get("expr").Query(catalog.PromQL)) {
				add(name)
			}
		}
	}
	r.facts.RuleTests = append(r.facts.RuleTests, t)
}

// alertsQueried gives the names of the alerts whose state a query asks for.
func alertsQueried(q catalog.Query) []catalog.Text {
	var names []catalog.Text
	for _, s := range promql.ParseRule(q).Selectors {
		if s.Metric != "ALERTS" && s.Metric != "ALERTS_FOR_STATE" {
			continue
		}
		for _, m := range s.Matchers {
			if m.Name == "alertname" && m.Op == "=" {
				names = append(names, catalog.Text{Value: m.Value, At: q.Place(s.Offset)})
			}
		}
	}
	return names
}
