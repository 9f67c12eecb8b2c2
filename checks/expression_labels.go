package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// labelSet is what is known of the labels that the series of an expression's result have. A closed set holds all that
// they can have; an open one has any label but those that were dropped.
type labelSet struct {
	closed  bool
	names   map[string]bool // that a closed set can have, or that were added to an open one
	dropped map[string]bool // that an open set cannot have
}

var anyLabels = labelSet{}

func onlyLabels(names ...string) labelSet {
	s := labelSet{closed: true, names: map[string]bool{}}
	for _, n := range names {
		s.names[n] = true
	}
	return s
}

// has reports whether the label can be there. The metric's name is not looked at.
func (s labelSet) has(name string) bool {
	return s.names[name] || !s.closed && !s.dropped[name]
}

// String tells what the expression keeps or drops.
func (s labelSet) String() string {
	if !s.closed {
		return "it aggregates without (" + strings.Join(sortedNames(s.dropped), ", ") + ")"
	}
	if len(s.names) == 0 {
		return "its result has no labels"
	}
	return "its result has only " + strings.Join(sortedNames(s.names), ", ")
}

func sortedNames(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for n := range set {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// with gives the set with more labels.
func (s labelSet) with(names ...string) labelSet {
	all := map[string]bool{}
	for n := range s.names {
		all[n] = true
	}
	for _, n := range names {
		all[n] = true
	}
	return labelSet{s.closed, all, s.dropped}
}

// without gives the set with fewer labels.
func (s labelSet) without(names ...string) labelSet {
	t := labelSet{s.closed, map[string]bool{}, map[string]bool{}}
	for n := range s.names {
		if !slices.Contains(names, n) {
			t.names[n] = true
		}
	}
	for n := range s.dropped {
		t.dropped[n] = true
	}
	for _, n := range names {
		t.dropped[n] = true
	}
	return t
}

// only gives the labels of the set that are among the names.
func (s labelSet) only(names ...string) labelSet {
	kept := onlyLabels()
	for _, n := range names {
		if s.has(n) {
			kept.names[n] = true
		}
	}
	return kept
}

// or gives the labels that a series of either set can have.
func (s labelSet) or(t labelSet) labelSet {
	switch {
	case s.closed && t.closed:
		return s.with(sortedNames(t.names)...)
	case s.closed:
		s, t = t, s
	}
	open := labelSet{names: s.with(sortedNames(t.names)...).names, dropped: map[string]bool{}}
	for n := range s.dropped {
		if !t.has(n) {
			open.dropped[n] = true
		}
	}
	return open
}

// labelsOf gives the labels that an expression's result can have, by the rules of PromQL. Where a rule is not known the
// set is open, so that nobody is blamed for a guess.
// Source: Prometheus documentation, "Operators" (vector matching, aggregation) and "Functions".
func labelsOf(expr parser.Expr) labelSet {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return labelsOf(x.Expr)
	case *parser.UnaryExpr:
		return labelsOf(x.Expr)
	case *parser.StepInvariantExpr:
		return labelsOf(x.Expr)
	case *parser.SubqueryExpr:
		return labelsOf(x.Expr)
	case *parser.NumberLiteral, *parser.StringLiteral:
		return onlyLabels()
	case *parser.AggregateExpr:
		return labelsOfAggregation(x)
	case *parser.BinaryExpr:
		return labelsOfBinary(x)
	case *parser.Call:
		return labelsOfCall(x)
	}
	return anyLabels
}

func labelsOfAggregation(x *parser.AggregateExpr) labelSet {
	inner := labelsOf(x.Expr)
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

func labelsOfBinary(x *parser.BinaryExpr) labelSet {
	left, right := labelsOf(x.LHS), labelsOf(x.RHS)
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
		return left.with(m.Include...)
	case m.Card == parser.CardOneToMany:
		return right.with(m.Include...)
	case m.On:
		return left.only(m.MatchingLabels...)
	}
	return left.without(m.MatchingLabels...)
}

func labelsOfCall(x *parser.Call) labelSet {
	switch x.Func.Name {
	case "label_replace", "label_join":
		if name, ok := x.Args[1].(*parser.StringLiteral); ok {
			return labelsOf(x.Args[0]).with(name.Val)
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
			set := labelsOf(arg)
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
	s, ok := plainExpr(arg).(*parser.VectorSelector)
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
