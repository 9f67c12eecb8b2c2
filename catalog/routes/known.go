package routes

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// Labels tells what is known of the labels of an alert.
type Labels func(name string) Value

// Value is what is known of one label: its text, "" when the alert does not have it, or why it is not known.
type Value struct {
	Text    string
	Unknown string // in words that can stand after "the label, which"
}

// Why a label is not known.
const (
	byTemplate = "a template fills in"
	bySeries   = "the alert's series or its Prometheus decide"
)

// Fixed gives the labels of one alert that is known in full.
func Fixed(labels map[string]string) Labels {
	return func(name string) Value { return Value{Text: labels[name]} }
}

// Of tells what is known of the labels of all alerts that a rule fires: its name, the labels that it sets, and those
// that its expression fixes to one value in every result. All others may come from its series, or from the external
// labels of the Prometheus that evaluates it; only a severity is nothing that a Prometheus as a whole could have.
func Of(a *catalog.AlertRule) Labels {
	return func(name string) Value {
		if name == "alertname" {
			return written(a.Name.Value)
		}
		if l, ok := a.Label(name); ok {
			return written(l.Value)
		}
		if name == "grafana_folder" && isFolder(a.Namespace) {
			return Value{Text: a.Namespace}
		}
		if text, ok := fixedBySeries(a, name); ok {
			return Value{Text: text}
		}
		return Value{Unknown: bySeries}
	}
}

func written(text string) Value {
	if isTemplate(text) {
		return Value{Unknown: byTemplate}
	}
	return Value{Text: text}
}

// isFolder reports whether the namespace of a rule is a folder of Grafana's and not a namespace of Kubernetes, whose
// names are lower case without spaces.
func isFolder(namespace string) bool {
	return namespace != "" && !isTemplate(namespace) && strings.ContainsFunc(namespace, func(r rune) bool {
		return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

// fixedBySeries gives the value that a label has in every result of a rule's expression. Expressions are parsed only
// where they can tell.
func fixedBySeries(a *catalog.AlertRule, name string) (string, bool) {
	if a.Format == grafana || a.Expr.Lang != catalog.PromQL || a.Expr.Error != "" {
		return "", false
	}
	if name != "severity" && !selectsBy(a.Expr, name) {
		return "", false
	}
	tree, _, err := promql.Expr(a.Expr)
	if err != nil {
		return "", false
	}
	if value := fixed(tree, name); value != "" {
		return value, !isVariable(value)
	}
	return "", name == "severity" && !carries(tree, name)
}

// selectsBy reports whether a query has an equality matcher on the label.
func selectsBy(q catalog.Query, name string) bool {
	return slices.ContainsFunc(q.Selectors, func(s catalog.Selector) bool {
		return slices.ContainsFunc(s.Matchers, func(m catalog.Matcher) bool { return m.Name == name && m.Op == "=" })
	})
}

// isVariable reports whether a value is filled in later.
func isVariable(value string) bool { return isTemplate(value) || strings.ContainsAny(value, "$[") }

// fixed gives the value that a label has in every result of an expression; "" when there is no such value, or none that
// is known.
// Source: Prometheus documentation, "Operators" (vector matching, aggregation) and "Functions".
func fixed(expr parser.Expr, name string) string {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return fixed(x.Expr, name)
	case *parser.UnaryExpr:
		return fixed(x.Expr, name)
	case *parser.SubqueryExpr:
		return fixed(x.Expr, name)
	case *parser.MatrixSelector:
		return fixed(x.VectorSelector, name)
	case *parser.VectorSelector:
		return selected(x, name)
	case *parser.AggregateExpr:
		if keeps(x, name) {
			return fixed(x.Expr, name)
		}
	case *parser.BinaryExpr:
		return fixedByBoth(x, name)
	case *parser.Call:
		return fixedByCall(x, name)
	}
	return ""
}

// selected gives the value of the only matcher on a label, when that is an equality.
func selected(s *parser.VectorSelector, name string) string {
	value, count := "", 0
	for _, m := range s.LabelMatchers {
		if m.Name == name {
			count++
			if m.Type == labels.MatchEqual {
				value = m.Value
			}
		}
	}
	if count != 1 {
		return ""
	}
	return value
}

// keeps reports whether an aggregation passes a label on.
func keeps(x *parser.AggregateExpr, name string) bool {
	switch x.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return true
	case parser.COUNT_VALUES:
		if made, ok := x.Param.(*parser.StringLiteral); !ok || made.Val == name {
			return false
		}
	}
	return slices.Contains(x.Grouping, name) != x.Without
}

func fixedByBoth(x *parser.BinaryExpr, name string) string {
	m := x.VectorMatching
	switch {
	case x.LHS.Type() == parser.ValueTypeScalar:
		return fixed(x.RHS, name)
	case x.RHS.Type() == parser.ValueTypeScalar, x.Op == parser.LAND, x.Op == parser.LUNLESS:
		return fixed(x.LHS, name)
	case x.Op == parser.LOR:
		if left := fixed(x.LHS, name); left == fixed(x.RHS, name) {
			return left
		}
		return ""
	case m == nil:
		return ""
	}
	many, one := x.LHS, x.RHS
	if m.Card == parser.CardOneToMany {
		many, one = one, many
	}
	switch {
	case slices.Contains(m.Include, name):
		return fixed(one, name)
	case m.Card != parser.CardOneToOne, m.On == slices.Contains(m.MatchingLabels, name):
		return fixed(many, name)
	}
	return ""
}

func fixedByCall(x *parser.Call, name string) string {
	switch x.Func.Name {
	case "label_replace", "label_join":
		if made, ok := x.Args[1].(*parser.StringLiteral); !ok || made.Val == name {
			return ""
		}
	case "absent", "absent_over_time":
		switch arg := promql.Plain(x.Args[0]).(type) {
		case *parser.VectorSelector:
			return selected(arg, name)
		case *parser.MatrixSelector:
			return fixed(arg, name)
		}
		return ""
	case "vector", "scalar", "histogram_quantiles":
		return ""
	}
	for _, arg := range x.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			if name == "le" && strings.HasPrefix(x.Func.Name, "histogram_") {
				return ""
			}
			return fixed(arg, name)
		}
	}
	return ""
}

// carries reports whether a result of an expression may have a label: an aggregation on the way to every series that it
// reads drops all others.
func carries(expr parser.Expr, name string) bool {
	switch x := expr.(type) {
	case *parser.NumberLiteral, *parser.StringLiteral:
		return false
	case *parser.AggregateExpr:
		if x.Op == parser.COUNT_VALUES {
			return true
		}
		return keeps(x, name) && carries(x.Expr, name)
	case *parser.VectorSelector, *parser.MatrixSelector:
		return true
	case *parser.Call:
		switch x.Func.Name {
		case "label_replace", "label_join", "info":
			return true
		case "absent", "absent_over_time":
			return fixedByCall(x, name) != ""
		}
	}
	for child := range parser.ChildrenIter(expr) {
		if inner, ok := child.(parser.Expr); ok && carries(inner, name) {
			return true
		}
	}
	return false
}
