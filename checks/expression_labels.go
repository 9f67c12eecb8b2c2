package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// labelsOf gives the labels that an expression's result can have, by the rules of PromQL. Where a rule is not known the
// set is open, so that nobody is blamed for a guess.
// Source: Prometheus documentation, "Operators" (vector matching, aggregation) and "Functions".
func (r *recordings) labelsOf(expr parser.Expr) labelSet {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return r.labelsOf(x.Expr)
	case *parser.UnaryExpr:
		return r.labelsOf(x.Expr)
	case *parser.SubqueryExpr:
		return r.labelsOf(x.Expr)
	case *parser.NumberLiteral, *parser.StringLiteral:
		return onlyLabels()
	case *parser.VectorSelector:
		return r.labelsRecorded(x.Name)
	case *parser.MatrixSelector:
		return r.labelsOf(x.VectorSelector)
	case *parser.AggregateExpr:
		return r.labelsOfAggregation(x)
	case *parser.BinaryExpr:
		return r.labelsOfBinary(x)
	case *parser.Call:
		return r.labelsOfCall(x)
	}
	return anyLabels
}

// isFilledIn reports whether a name is filled in later, be it by one name, by several or by none.
func isFilledIn(name string) bool { return strings.ContainsAny(name, "${[<%") }

func (r *recordings) labelsOfAggregation(x *parser.AggregateExpr) labelSet {
	inner := r.labelsOf(x.Expr)
	if slices.ContainsFunc(x.Grouping, isFilledIn) {
		return anyLabels
	}
	switch x.Op {
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return inner
	}
	kept := inner.only(x.Grouping...)
	if x.Without {
		kept = inner.without(x.Grouping...)
	}
	if x.Op == parser.COUNT_VALUES {
		if name, ok := x.Param.(*parser.StringLiteral); ok {
			return kept.with(name.Val)
		}
		return anyLabels
	}
	return kept
}

func (r *recordings) labelsOfBinary(x *parser.BinaryExpr) labelSet {
	left, right := r.labelsOf(x.LHS), r.labelsOf(x.RHS)
	if m := x.VectorMatching; m != nil && (slices.ContainsFunc(m.MatchingLabels, isFilledIn) || slices.ContainsFunc(m.Include, isFilledIn)) {
		return anyLabels
	}
	switch {
	case x.LHS.Type() == parser.ValueTypeScalar:
		return right
	case x.RHS.Type() == parser.ValueTypeScalar, x.Op == parser.LAND, x.Op == parser.LUNLESS, x.VectorMatching == nil:
		return left
	case x.Op == parser.LOR:
		return left.or(right)
	}
	m := x.VectorMatching
	switch {
	case m.Card == parser.CardManyToOne:
		return left.without(m.Include...).with(sortedNames(right.only(m.Include...).names)...)
	case m.Card == parser.CardOneToMany:
		return right.without(m.Include...).with(sortedNames(left.only(m.Include...).names)...)
	case m.On:
		return left.only(m.MatchingLabels...)
	}
	return left.without(m.MatchingLabels...)
}

func (r *recordings) labelsOfCall(x *parser.Call) labelSet {
	switch x.Func.Name {
	case "label_replace", "label_join":
		if name, ok := x.Args[1].(*parser.StringLiteral); ok {
			return r.labelsOf(x.Args[0]).with(name.Val)
		}
		return anyLabels
	case "absent", "absent_over_time":
		return labelsOfAbsence(x.Args[0])
	case "vector", "scalar", "time", "pi":
		return onlyLabels()
	case "info", "histogram_quantiles":
		return anyLabels
	}
	for _, arg := range x.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			set := r.labelsOf(arg)
			if strings.HasPrefix(x.Func.Name, "histogram_") {
				set = set.without("le")
			}
			return set
		}
	}
	return onlyLabels() // of the time alone: hour(), day_of_week()
}

// labelsOfAbsence gives the labels that absent() makes of the equality matchers of a selector.
func labelsOfAbsence(arg parser.Expr) labelSet {
	if m, ok := arg.(*parser.MatrixSelector); ok {
		arg = m.VectorSelector
	}
	s, ok := promql.Plain(arg).(*parser.VectorSelector)
	set := onlyLabels()
	if !ok {
		return set
	}
	for _, m := range s.LabelMatchers {
		if m.Type == labels.MatchEqual && m.Name != model.MetricNameLabel {
			set.names[m.Name] = true
		}
	}
	return set
}
