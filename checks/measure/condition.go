package measure

import (
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// role is what a condition has to do with the alert's firing.
type role int

const (
	fires   role = iota // the alert is about it
	narrows             // it says when or for what the alert fires: right of "and"
	mutes               // it says when it does not: right of "unless"
)

// condition is something that has to hold for an alert to fire.
type condition struct {
	operand
	role  role
	op    parser.ItemType // seen from the operand; 0 when it holds wherever there is a series
	bound float64         // what it is compared to
	fixed bool            // that is a number
	burn  bool            // that is a multiple of a small share, as the thresholds of burn rates are
	node  parser.Node     // the comparison, nil without
	at    catalog.Place   // of the comparison
}

// conditions reads an expression as those conditions that it is made of.
func (r *reader) conditions(e parser.Expr, as role) []condition {
	if r.deeper() {
		return nil
	}
	defer r.higher()
	switch e := e.(type) {
	case *parser.ParenExpr:
		return r.conditions(e.Expr, as)
	case *parser.BinaryExpr:
		return r.binary(e, as)
	case *parser.Call:
		if relabels(e) {
			return r.conditions(e.Args[0], as)
		}
	case *parser.AggregateExpr:
		if composed(e.Expr) {
			return r.conditions(e.Expr, as)
		}
	}
	return []condition{r.bare(e, as)}
}

// relabels reports whether a function changes labels or the order only.
func relabels(e *parser.Call) bool {
	switch e.Func.Name {
	case "label_replace", "label_join", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "last_over_time", "sgn":
		return len(e.Args) > 0
	}
	return false
}

// composed reports whether an expression is several conditions, so that what is done to all of them is passed over.
func composed(e parser.Expr) bool {
	switch e := promql.Plain(e).(type) {
	case *parser.BinaryExpr:
		return e.Op.IsSetOperator() && (condenses(e.LHS) || condenses(e.RHS))
	}
	return false
}

// condenses reports whether an expression is a comparison, or made of some.
func condenses(e parser.Expr) bool {
	switch e := promql.Plain(e).(type) {
	case *parser.AggregateExpr:
		return condenses(e.Expr)
	case *parser.BinaryExpr:
		return e.Op.IsComparisonOperator() || condenses(e.LHS) || condenses(e.RHS)
	}
	return false
}

func (r *reader) binary(e *parser.BinaryExpr, as role) []condition {
	switch {
	case e.Op == parser.LOR:
		return append(r.conditions(e.LHS, as), r.conditions(e.RHS, as)...)
	case e.Op == parser.LAND:
		return append(r.conditions(e.LHS, as), r.conditions(e.RHS, max(as, narrows))...)
	case e.Op == parser.LUNLESS:
		return r.unless(e, as)
	case e.Op.IsComparisonOperator():
		c := r.comparison(e, as)
		return append([]condition{c}, r.chosen(c)...)
	}
	// Arithmetic on conditions, as in (a > 1) * on (pod) group_left () owner or (a > bool 1) + (b > bool 2).
	left, right := condenses(e.LHS), condenses(e.RHS)
	switch {
	case left && right && e.Op != parser.DIV:
		return append(r.conditions(e.LHS, as), r.conditions(e.RHS, as)...)
	case left && e.Op == parser.MUL:
		return append(r.conditions(e.LHS, as), r.joins(e.RHS)...)
	case right && e.Op == parser.MUL:
		return append(r.conditions(e.RHS, as), r.joins(e.LHS)...)
	}
	return []condition{r.bare(e, as)}
}

// joins reads what conditions are multiplied with: labels of other series.
func (r *reader) joins(e parser.Expr) []condition {
	c := r.bare(e, narrows)
	if c.vacant() || c.describes() {
		return nil
	}
	return []condition{c}
}

// unless reads "a unless b": b mutes, but when it is a of now and a is of some time ago, what is asked for is that a is
// there no longer.
func (r *reader) unless(e *parser.BinaryExpr, as role) []condition {
	left, right := r.conditions(e.LHS, as), r.conditions(e.RHS, mutes)
	if len(left) == 1 && len(right) == 1 && ofPast(left[0].operand, right[0].operand) && left[0].parts[0].past {
		left[0].shape = absence
		return left
	}
	return append(left, right...)
}

// comparison reads one comparison, as seen from the side that reads series.
func (r *reader) comparison(e *parser.BinaryExpr, as role) condition {
	left, right := r.operand(e.LHS), r.operand(e.RHS)
	op := e.Op
	if left.vacant() && !right.vacant() {
		left, right, op = right, left, promql.Mirrored(op)
	}
	c := condition{operand: left, role: as, op: op, burn: left.burn, node: e, at: r.place(e)}
	switch {
	case right.shape == clock && op == parser.LSS, right.shape == clock && op == parser.LTE:
		c.operand = left.turned(age) // x < time() - 600
		c.op = promql.Mirrored(op)
	case right.shape == clock:
		c.operand = left.turned(remaining)
	case right.vacant():
		c.bound, c.fixed = right.value, true
		c.burn = c.burn || multiple(e.LHS) || multiple(e.RHS)
	case ofPast(left, right):
		c.past = true
	case left.describes():
		c.operand = right
	case left.timestamps() && right.timestamps():
		c.operand = left.turned(age)
	}
	return c
}

// multiple reports whether an expression is a number written as a multiple of the share that an SLO leaves for errors, as
// in 14.4 * 0.001 or 6 * (1 - 0.995).
// Source: SRE workbook, chapter 5 "Alerting on SLOs".
func multiple(e parser.Expr) bool {
	switch e := promql.Plain(e).(type) {
	case *parser.BinaryExpr:
		l, left := numberOf(e.LHS)
		r, right := numberOf(e.RHS)
		return e.Op == parser.MUL && left && right && (budgetShare(l) && r >= 1 || budgetShare(r) && l >= 1)
	}
	return false
}

func budgetShare(v float64) bool { return v > 0 && v <= 0.1 }

// chosen gives the comparisons that choose the series of a condition, as conditions that narrow it.
func (r *reader) chosen(c condition) []condition {
	if c.where == nil || c.shape == counted || c.shape == absence {
		return nil
	}
	inner := *c.where
	inner.role = max(c.role, narrows)
	return []condition{inner}
}

// bare reads what is no comparison itself. The comparison below an aggregation, as in sum by (job) (up == 0), is the
// condition then.
func (r *reader) bare(e parser.Expr, as role) condition {
	o := r.operand(e)
	if o.where != nil && o.shape != absence {
		c := *o.where
		c.role, c.all, c.each = as, o.all, o.each
		return c
	}
	return condition{operand: o, role: as, at: o.at}
}

// falls reports whether the condition holds for small values.
func (c condition) falls() bool {
	falling := c.op == parser.LSS || c.op == parser.LTE
	rising := c.op == parser.GTR || c.op == parser.GTE
	if c.inverse {
		return rising
	}
	return falling
}

// none reports whether the condition holds when nothing is left.
func (c condition) none() bool {
	switch c.op {
	case parser.EQLC, parser.LTE:
		return c.fixed && c.bound == 0
	case parser.LSS:
		return c.fixed && c.bound > 0 && c.bound <= 1 && c.shape != ratio
	}
	return false
}

// noneLeft reports whether the condition asks for there being none of many: a count or sum of zero. A count of zero of what
// is bad is no such thing, and neither is the least of many.
func (c condition) noneLeft() bool {
	return c.none() && c.all && !c.lowest && (c.where == nil || !c.where.none())
}
