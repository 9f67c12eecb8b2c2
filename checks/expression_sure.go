package checks

import (
	"maps"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// sureLabels are labels that every series of an expression's result has, with the value where the expression fixes it
// and "" where it does not.
type sureLabels map[string]string

// only gives those among the names.
func (s sureLabels) only(names ...string) sureLabels {
	kept := sureLabels{}
	for _, n := range names {
		if v, ok := s[n]; ok {
			kept[n] = v
		}
	}
	return kept
}

func (s sureLabels) without(names ...string) sureLabels {
	kept := maps.Clone(s)
	for _, n := range names {
		delete(kept, n)
	}
	return kept
}

// both gives the labels that either set is sure of.
func (s sureLabels) both(t sureLabels) sureLabels {
	all := maps.Clone(s)
	for n, v := range t {
		if all[n] == "" {
			all[n] = v
		}
	}
	return all
}

// either gives the labels that both sets are sure of.
func (s sureLabels) either(t sureLabels) sureLabels {
	kept := sureLabels{}
	for n, v := range s {
		if w, ok := t[n]; ok {
			if v != w {
				v = ""
			}
			kept[n] = v
		}
	}
	return kept
}

// sureOf gives the labels that every series of an expression's result has. A label by which is aggregated counts as
// there, because nobody aggregates by what no series has; but for those that may be added outside of the rules.
func (r *recordings) sureOf(expr parser.Expr) sureLabels {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return r.sureOf(x.Expr)
	case *parser.UnaryExpr:
		return r.sureOf(x.Expr)
	case *parser.SubqueryExpr:
		return r.sureOf(x.Expr)
	case *parser.MatrixSelector:
		return r.sureOf(x.VectorSelector)
	case *parser.VectorSelector:
		return sureOfMatchers(x.LabelMatchers)
	case *parser.AggregateExpr:
		return r.sureOfAggregation(x)
	case *parser.BinaryExpr:
		return r.sureOfBinary(x)
	case *parser.Call:
		return r.sureOfCall(x)
	}
	return sureLabels{}
}

func sureOfMatchers(matchers []*labels.Matcher) sureLabels {
	sure := sureLabels{}
	for _, m := range matchers {
		switch {
		case m.Name == model.MetricNameLabel || m.Matches(""):
		case m.Type == labels.MatchEqual && !isFilledIn(m.Value):
			sure[m.Name] = m.Value
		default: // the label is there, with whatever another matcher fixes
			if _, fixed := sure[m.Name]; !fixed {
				sure[m.Name] = ""
			}
		}
	}
	return sure
}

func (r *recordings) sureOfAggregation(x *parser.AggregateExpr) sureLabels {
	inner := r.sureOf(x.Expr)
	switch {
	case slices.ContainsFunc(x.Grouping, isFilledIn):
		return sureLabels{}
	case x.Op == parser.TOPK, x.Op == parser.BOTTOMK, x.Op == parser.LIMITK, x.Op == parser.LIMIT_RATIO:
		return inner
	case x.Without:
		return inner.without(x.Grouping...)
	}
	kept, has := inner.only(x.Grouping...), r.labelsOf(x.Expr)
	for _, n := range x.Grouping {
		if _, sure := kept[n]; !sure && has.has(n) && !slices.Contains(outsideLabels, n) {
			kept[n] = ""
		}
	}
	return kept
}

func (r *recordings) sureOfBinary(x *parser.BinaryExpr) sureLabels {
	left, right, m := r.sureOf(x.LHS), r.sureOf(x.RHS), x.VectorMatching
	switch {
	case x.LHS.Type() == parser.ValueTypeScalar:
		return right
	case x.RHS.Type() == parser.ValueTypeScalar, x.Op == parser.LAND, x.Op == parser.LUNLESS:
		return left
	case m == nil:
		return sureLabels{}
	case x.Op == parser.LOR:
		return left.either(right)
	case m.Card == parser.CardManyToOne:
		return left.without(m.Include...).both(right.only(m.Include...))
	case m.Card == parser.CardOneToMany:
		return right.without(m.Include...).both(left.only(m.Include...))
	case m.On:
		return left.both(right).only(m.MatchingLabels...)
	}
	return left.both(right).without(m.MatchingLabels...)
}

func (r *recordings) sureOfCall(x *parser.Call) sureLabels {
	switch x.Func.Name {
	case "label_replace", "label_join":
		if name, ok := x.Args[1].(*parser.StringLiteral); ok {
			return r.sureOf(x.Args[0]).without(name.Val)
		}
		return sureLabels{}
	case "absent", "absent_over_time":
		if s, ok := promql.Plain(rangeless(x.Args[0])).(*parser.VectorSelector); ok {
			return sureOfMatchers(s.LabelMatchers).only(sortedNames(labelsOfAbsence(s).names)...)
		}
		return sureLabels{}
	case "vector", "scalar", "time", "pi", "info", "histogram_quantiles":
		return sureLabels{}
	}
	for _, arg := range x.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			return r.sureOf(arg).without("le")
		}
	}
	return sureLabels{}
}

// rangeless gives the selector inside of a range.
func rangeless(expr parser.Expr) parser.Expr {
	if m, ok := expr.(*parser.MatrixSelector); ok {
		return m.VectorSelector
	}
	return expr
}
