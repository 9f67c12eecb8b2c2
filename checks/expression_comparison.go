package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// withoutComparison finds an expression that fires whenever its series exist. A heartbeat is meant to, and so is a
// metric that exists only while something is wrong: one that records a comparison, or is selected by a label that
// describes a state. Grafana compares outside of the expression.
func (e expression) withoutComparison() []fault {
	if e.rule.Format == "grafana" || !e.recorded.alwaysGives(e.tree) {
		return nil
	}
	if b := e.emptyComparison(); b != nil {
		return []fault{e.fault(b, "%q holds for every value, so it fires whenever its series exist: %s. compare to a value that the series do not always reach",
			e.comparison(b), reach(b))}
	}
	return []fault{{e.rule.Expr.At, "its expression compares nothing, so it fires whenever its series exist. compare the result, as in > 0"}}
}

// emptyComparison gives a comparison that holds for every value.
func (e expression) emptyComparison() *parser.BinaryExpr {
	var found *parser.BinaryExpr
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		if b, ok := n.(*parser.BinaryExpr); ok && found == nil && alwaysHolds(b) && !asksForExistence(b.LHS) && !e.filledIn(b) {
			found = b
		}
		return nil
	})
	return found
}

// alwaysGives reports whether an expression gives something at all times that its series exist. A constant is a
// heartbeat, which is meant to.
func (r *recordings) alwaysGives(expr parser.Expr) bool {
	selects := someNode(expr, func(n parser.Node) bool {
		_, ok := n.(*parser.VectorSelector)
		return ok
	})
	return selects && !r.decides(expr)
}

// decides reports whether an expression may give nothing while its series exist.
func (r *recordings) decides(expr parser.Expr) bool {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return r.decides(x.Expr)
	case *parser.UnaryExpr:
		return r.decides(x.Expr)
	case *parser.SubqueryExpr:
		return r.decides(x.Expr)
	case *parser.AggregateExpr:
		return r.decides(x.Expr)
	case *parser.VectorSelector:
		return selectsState(x) || r.decidesRecorded(x.Name)
	case *parser.MatrixSelector:
		s, ok := x.VectorSelector.(*parser.VectorSelector)
		return ok && r.decidesRecorded(s.Name)
	case *parser.Call:
		return strings.HasPrefix(x.Func.Name, "absent") || slices.ContainsFunc(x.Args, r.decides)
	case *parser.BinaryExpr:
		return r.decidesBinary(x)
	}
	return false
}

func (r *recordings) decidesBinary(x *parser.BinaryExpr) bool {
	switch {
	case x.Op == parser.LUNLESS:
		return true
	case x.Op == parser.LOR:
		return r.decides(x.LHS) && r.decides(x.RHS)
	case x.Op.IsComparisonOperator() && !x.ReturnBool && (!alwaysHolds(x) || asksForExistence(x.LHS)):
		return true
	}
	return r.decides(x.LHS) || r.decides(x.RHS)
}

// asksForExistence reports whether to compare an expression is to ask whether there is something: count(x) > 0 is how one
// asks for series that exist only while something is wrong.
func asksForExistence(expr parser.Expr) bool {
	a, ok := promql.Plain(expr).(*parser.AggregateExpr)
	return ok && (a.Op == parser.COUNT || a.Op == parser.GROUP) || countsSeries(expr)
}

// identifying are labels that say whose a series is, beside those by which targets are told from each other.
var identifying = []string{"cluster", "cluster_id", "environment", "env", "region", "zone", "datacenter", "handler", "path", "method", "device", "mountpoint", "quantile", "le", "code", "status"}

// selectsState reports whether a selector may select nothing while all is well: it names no metric, ALERTS or a
// describing one, or it asks for a label that is more than an identity. (In a range it counts what happened.)
func selectsState(s *parser.VectorSelector) bool {
	if s.Name == "" || s.Name == "ALERTS" || strings.HasSuffix(s.Name, "_info") {
		return true
	}
	return slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool {
		return m.Name != model.MetricNameLabel && !slices.Contains(narrowing, m.Name) && !slices.Contains(identifying, m.Name)
	})
}
