package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// comparisonHolds tells how a comparison ends for all values within the bounds of its sides: never, always, or neither.
func comparisonHolds(op parser.ItemType, left, right bounds) (never, always bool) {
	switch op {
	case parser.GTR:
		return left.high <= right.low, left.low > right.high
	case parser.GTE:
		return left.high < right.low, left.low >= right.high
	case parser.LSS:
		return left.low >= right.high, left.high < right.low
	case parser.LTE:
		return left.low > right.high, left.high <= right.low
	case parser.EQLC:
		apart := left.high < right.low || left.low > right.high
		return apart, left.low == left.high && left == right
	case parser.NEQ:
		apart := left.high < right.low || left.low > right.high
		return left.low == left.high && left == right, apart
	}
	return false, false
}

// alwaysHolds reports whether a comparison leaves nothing out.
func alwaysHolds(b *parser.BinaryExpr) bool {
	_, always := comparisonHolds(b.Op, boundsOf(b.LHS), boundsOf(b.RHS))
	return always
}

// impossible finds comparisons that no value can meet.
func (e expression) impossible() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || !b.Op.IsComparisonOperator() || e.filledIn(b) {
			return nil
		}
		if never, _ := comparisonHolds(b.Op, boundsOf(b.LHS), boundsOf(b.RHS)); never || comparesToItself(b) {
			faults = append(faults, e.fault(b, "%q can never hold: %s. %s", e.comparison(b), reach(b), wayOut(b)))
		}
		return nil
	})
	return faults
}

// comparesToItself recognises x > x and x < x.
func comparesToItself(b *parser.BinaryExpr) bool {
	return (b.Op == parser.GTR || b.Op == parser.LSS) && b.LHS.Type() == parser.ValueTypeVector && b.VectorMatching != nil && !b.VectorMatching.On && sameExpr(b.LHS, b.RHS)
}

// quoted gives a node as it is written, on one line and not too long.
func (e expression) quoted(n parser.Node) string {
	return shortened(strings.Join(strings.Fields(e.text(n)), " "))
}

// comparison gives a comparison as it is written, with both sides in view.
func (e expression) comparison(b *parser.BinaryExpr) string {
	return e.quoted(b.LHS) + " " + b.Op.String() + " " + e.quoted(b.RHS)
}

// reach says what the side of a comparison that is no constant can be.
func reach(b *parser.BinaryExpr) string {
	if comparesToItself(b) {
		return "both sides are the same"
	}
	word, side := "left", b.LHS
	if side.Type() == parser.ValueTypeScalar {
		word, side = "right", b.RHS
	}
	if countsSeries(side) {
		return "its " + word + " side is at least 1, and there is no result at all when there is nothing to count"
	}
	return "its " + word + " side is " + boundsOf(side).String()
}

// countsSeries reports whether an expression counts series or samples.
func countsSeries(expr parser.Expr) bool {
	switch x := promql.Plain(expr).(type) {
	case *parser.AggregateExpr:
		return x.Op == parser.COUNT
	case *parser.Call:
		return x.Func.Name == "count_over_time"
	}
	return false
}

func wayOut(b *parser.BinaryExpr) string {
	if countsSeries(b.LHS) || countsSeries(b.RHS) {
		return "ask for nothing with absent(…), or give it a number with … or vector(0)"
	}
	return "compare to a value that it can have"
}

// contradictions finds selectors whose matchers exclude each other.
func (e expression) contradictions() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		s, ok := n.(*parser.VectorSelector)
		if !ok || e.filledIn(s) {
			return nil
		}
		if m, other := excluding(s.LabelMatchers); m != nil {
			faults = append(faults, e.fault(s, "%q selects nothing: %s and %s exclude each other. keep one of them", e.quoted(s), m, other))
		}
		return nil
	})
	return faults
}

// excluding gives two matchers of which one asks for a value that the other does not take.
func excluding(matchers []*labels.Matcher) (m, other *labels.Matcher) {
	for _, m := range matchers {
		if m.Type != labels.MatchEqual || m.Name == model.MetricNameLabel {
			continue
		}
		for _, other := range matchers {
			if other.Name == m.Name && !other.Matches(m.Value) {
				return m, other
			}
		}
	}
	return nil, nil
}

// contradictoryLimits finds conditions on the same value that no value meets together, as in x > 5 and x < 3.
func (e expression) contradictoryLimits() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, path []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.LAND || e.filledIn(b) || len(path) > 0 && isAnd(path[len(path)-1]) {
			return nil
		}
		if first, second := contradictory(sameSeries(b)); first != nil {
			faults = append(faults, e.fault(second, "%q and %q never hold together. join them with or, or correct one", e.quoted(first), e.quoted(second)))
		}
		return nil
	})
	return faults
}

func isAnd(n parser.Node) bool {
	b, ok := n.(*parser.BinaryExpr)
	return ok && b.Op == parser.LAND
}

// sameSeries gives the conditions that "and" joins for each series by itself.
func sameSeries(expr parser.Expr) []*parser.BinaryExpr {
	b, ok := promql.Plain(expr).(*parser.BinaryExpr)
	switch {
	case !ok:
		return nil
	case b.Op == parser.LAND && b.VectorMatching != nil && !b.VectorMatching.On && len(b.VectorMatching.MatchingLabels) == 0:
		return slices.Concat(sameSeries(b.LHS), sameSeries(b.RHS))
	case b.Op.IsComparisonOperator() && !b.ReturnBool && b.RHS.Type() == parser.ValueTypeScalar:
		return []*parser.BinaryExpr{b}
	}
	return nil
}

// contradictory gives two comparisons of one value of which the second never holds for what the first lets through.
func contradictory(conditions []*parser.BinaryExpr) (first, second *parser.BinaryExpr) {
	for i, a := range conditions {
		for _, b := range conditions[i+1:] {
			if !sameExpr(a.LHS, b.LHS) {
				continue
			}
			if never, _ := comparisonHolds(b.Op, boundsOf(a), boundsOf(b.RHS)); never {
				return a, b
			}
		}
	}
	return nil, nil
}
