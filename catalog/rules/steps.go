package rules

import (
	"regexp"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readExpression fills in what an expression reads and how.
// Source: Grafana, pkg/expr: UnmarshalMathCommand, UnmarshalReduceCommand, UnmarshalResampleCommand,
// UnmarshalThresholdCommand, classic.UnmarshalConditionsCmd.
func readExpression(s *catalog.ChainStep, m *document.Node) {
	s.Kind = m.Get("type").Str()
	s.Expression = m.Get("expression").Text()
	switch s.Kind {
	case "math":
		s.Inputs = mathRefs(s.Expression.Value)
	case "classic_conditions":
		s.Conditions = classicConditions(m)
		var refs []string
		for _, c := range s.Conditions {
			refs = append(refs, c.Ref)
		}
		s.Inputs = distinct(refs)
		for _, n := range m.Get("conditions").List() {
			if s.Reducer.IsZero() {
				s.Reducer = n.Get("reducer", "type").Text()
			}
		}
	case "sql": // its inputs are the refs among its tables
	default:
		if s.Kind != "threshold" { // which takes the ref as it is written
			s.Expression.Value = strings.TrimPrefix(s.Expression.Value, "$")
		}
		s.Inputs = distinct([]string{s.Expression.Value})
		s.Reducer = m.Get("reducer").Text()
		if s.Kind == "threshold" {
			s.Conditions = thresholds(m, s.Expression.Value)
		}
	}
}

// thresholds gives the comparisons of a threshold. What its conditions say of a query and a reducer is not read by
// Grafana either.
func thresholds(m *document.Node, ref string) []catalog.Threshold {
	var all []catalog.Threshold
	for _, n := range m.Get("conditions").List() {
		t := threshold(n)
		t.Ref = ref
		all = append(all, t)
	}
	return all
}

func classicConditions(m *document.Node) []catalog.Threshold {
	var all []catalog.Threshold
	for _, n := range m.Get("conditions").List() {
		t := threshold(n)
		t.Join = n.Get("operator", "type").Str()
		if params := n.Get("query", "params").Texts(); len(params) > 0 {
			t.Ref = params[0].Value
		}
		all = append(all, t)
	}
	return all
}

// threshold reads the evaluator of a condition.
func threshold(n *document.Node) catalog.Threshold {
	evaluator := n.Get("evaluator")
	t := catalog.Threshold{Type: evaluator.Get("type").Str(), At: evaluator.Place().Or(n.At)}
	for _, p := range evaluator.Get("params").Texts() {
		if v, err := strconv.ParseFloat(p.Value, 64); err == nil {
			t.Params = append(t.Params, v)
		}
	}
	return t
}

// mathRef matches a ref in a math expression: $A, ${A}, ${a ref with blanks}.
// Source: Grafana, pkg/expr/mathexp/parse: lexVariable.
var mathRef = regexp.MustCompile(`\$(?:\{([^}]+)\}|([\pL\d_]+))`)

func mathRefs(expression string) []string {
	var refs []string
	for _, m := range mathRef.FindAllStringSubmatch(expression, -1) {
		refs = append(refs, m[1]+m[2])
	}
	return distinct(refs)
}

var sqlTable = regexp.MustCompile("(?i)\\b(?:from|join)\\s+[`\"]?([\\pL\\d_]+)")

// tablesOf gives the refs that an SQL expression has for tables; its other tables are of its own making.
func tablesOf(sql string, steps []catalog.ChainStep) []string {
	known := map[string]bool{}
	for _, s := range steps {
		known[s.Ref.Value] = true
	}
	var refs []string
	for _, m := range sqlTable.FindAllStringSubmatch(sql, -1) {
		if known[m[1]] {
			refs = append(refs, m[1])
		}
	}
	return distinct(refs)
}

// distinct gives the refs that are not empty, each once, in their order.
func distinct(refs []string) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, ref := range refs {
		if !seen[ref] {
			seen[ref] = true
			all = append(all, ref)
		}
	}
	return all
}
