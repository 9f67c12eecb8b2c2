package measure

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// combined reads an operator.
func (r *reader) combined(e *parser.BinaryExpr) operand {
	switch {
	case e.Op.IsComparisonOperator():
		return r.filtered(e)
	case e.Op == parser.LOR:
		return either(r.operand(e.LHS), r.operand(e.RHS))
	case e.Op.IsSetOperator():
		return r.operand(e.LHS)
	}
	left, right := r.operand(e.LHS), r.operand(e.RHS)
	switch {
	case left.shape == clock && !right.vacant() && e.Op == parser.SUB:
		return right.turned(age)
	case right.shape == clock && !left.vacant() && e.Op == parser.SUB:
		return left.turned(remaining)
	case left.shape == clock && right.vacant(), right.shape == clock && left.vacant():
		return operand{shape: clock} // time() - 600
	case left.vacant() && right.vacant():
		v, _ := numberOf(e)
		return operand{shape: number, value: v}
	case left.vacant():
		right.inverse = right.inverse != (e.Op == parser.SUB)
		return right
	case right.vacant():
		left.burn = left.burn || e.Op == parser.DIV && budgetShare(right.value)
		return left
	}
	return joined(e, left, right)
}

func (o operand) turned(s shape) operand {
	if o.shape != absence {
		o.shape = s
	}
	return o
}

// joined reads an operator between two operands that both read series.
func joined(e *parser.BinaryExpr, left, right operand) operand {
	switch {
	case left.describes():
		return right
	case right.describes():
		return left
	case ofPast(left, right):
		left.past = true
		if e.Op == parser.SUB {
			left.parts = grownParts(left.parts)
		}
		return left
	case e.Op == parser.DIV:
		return divided(left, right)
	case left.shape == absence || right.shape == absence:
		return either(left, right)
	}
	left.disagree = e.Op == parser.SUB && left.parts[0].metric == right.parts[0].metric
	left.parts = slices.Concat(left.parts, right.parts)
	left.whole = slices.Concat(left.whole, right.whole)
	if e.Op == parser.SUB && left.shape == right.shape && left.shape == plain && left.timestamps() {
		left.shape = age // one time minus another: how far something is behind
	}
	left.node = nil
	return left
}

func (o operand) timestamps() bool {
	return !slices.ContainsFunc(o.parts, func(s series) bool { return !s.timestamp() })
}

func grownParts(parts []series) []series {
	parts = slices.Clone(parts)
	for i := range parts {
		parts[i].rated = true
	}
	return parts
}

// divided reads a division: a mean when time is divided by how often it was spent, else a share.
func divided(left, right operand) operand {
	o := left
	o.whole = slices.Concat(right.parts, right.whole)
	o.where, o.node = nil, nil
	if left.where != nil {
		o.where = left.where
	}
	switch {
	case left.shape == quantile || left.shape == prediction || left.shape == absence:
	case left.parts[0].sum() && !o.whole[0].sum() && !left.parts[0].has("le"):
		o.shape = mean
	default:
		o.shape = ratio
	}
	o.all = left.all || right.all
	return o
}

// sum reports whether the series is a sum of times or sizes, which makes a mean when it is divided by their number.
func (s series) sum() bool {
	last := s.words[len(s.words)-1]
	return last == "sum" || s.takesTime() && last != "count" && last != "bucket"
}

// describes reports whether the operand is a series whose value is always 1, which is joined for its labels.
func (o operand) describes() bool {
	return o.shape == plain && len(o.parts) == 1 && o.where == nil && o.parts[0].tells("describing")
}

// ofPast reports whether the second operand is the first, some time ago.
func ofPast(a, b operand) bool {
	return len(a.parts) > 0 && len(b.parts) > 0 && a.parts[0].metric == b.parts[0].metric && a.parts[0].past != b.parts[0].past
}

// either reads an alternative: what is looked at is all of both. vector(0) and the like only stand in for what is not
// there.
func either(a, b operand) operand {
	switch {
	case a.vacant():
		return b
	case b.vacant():
		return a
	}
	a.parts, a.whole = slices.Concat(a.parts, b.parts), slices.Concat(a.whole, b.whole)
	return a
}

// filtered reads a comparison that chooses among series.
func (r *reader) filtered(e *parser.BinaryExpr) operand {
	c := r.comparison(e, fires)
	o := c.operand
	o.where = &c
	return o
}

// numberOf gives the number that an expression of numbers is.
func numberOf(e parser.Expr) (float64, bool) {
	switch e := promql.Plain(e).(type) {
	case *parser.NumberLiteral:
		return e.Val, true
	case *parser.UnaryExpr:
		v, ok := numberOf(e.Expr)
		if e.Op == parser.SUB {
			v = -v
		}
		return v, ok
	case *parser.BinaryExpr:
		l, left := numberOf(e.LHS)
		r, right := numberOf(e.RHS)
		if left && right {
			return calculated(e.Op, l, r)
		}
	}
	return 0, false
}

func calculated(op parser.ItemType, l, r float64) (float64, bool) {
	switch op {
	case parser.ADD:
		return l + r, true
	case parser.SUB:
		return l - r, true
	case parser.MUL:
		return l * r, true
	case parser.DIV:
		return l / r, r != 0
	}
	return 0, false
}

func callsTime(e parser.Expr) bool {
	switch e := promql.Plain(e).(type) {
	case *parser.Call:
		return e.Func.Name == "time" || e.Func.Name == "vector" && len(e.Args) == 1 && callsTime(e.Args[0])
	}
	return false
}
