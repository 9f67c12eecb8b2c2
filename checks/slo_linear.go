package checks

import (
	"math"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// linear is an expression as offset + scale × core; core is nil for a constant.
type linear struct {
	offset, scale float64
	core          parser.Expr
	budget        float64 // a constant below 1 that the core is divided by
}

// linear takes the constants out of an expression, through brackets, aggregations and what rules record.
func (s *Survey) linear(expr parser.Expr, depth int) linear {
	switch x := withoutAggregation(expr).(type) {
	case *parser.NumberLiteral:
		return linear{offset: x.Val}
	case *parser.UnaryExpr:
		if x.Op == parser.SUB {
			return s.linear(x.Expr, depth).times(-1)
		}
		return s.linear(x.Expr, depth)
	case *parser.Call:
		if (x.Func.Name == "vector" || x.Func.Name == "scalar") && len(x.Args) == 1 {
			return s.linear(x.Args[0], depth)
		}
	case *parser.BinaryExpr:
		if l, ok := s.arithmetic(x, depth); ok {
			return l
		}
	case *parser.VectorSelector:
		if recorded := s.recordedExpr(x, depth); recorded != nil {
			return s.linear(recorded, depth+1)
		}
	}
	return linear{scale: 1, core: expr}
}

// arithmetic computes with constants; ok is false where two parts that are none meet.
func (s *Survey) arithmetic(b *parser.BinaryExpr, depth int) (l linear, ok bool) {
	if b.Op == parser.LOR { // … or vector(0)
		if right := s.linear(b.RHS, depth); right.core == nil {
			return s.linear(b.LHS, depth), true
		}
		return linear{}, false
	}
	if b.Op != parser.ADD && b.Op != parser.SUB && b.Op != parser.MUL && b.Op != parser.DIV {
		return linear{}, false
	}
	left, right := s.linear(b.LHS, depth), s.linear(b.RHS, depth)
	if b.Op == parser.DIV && left.core != nil && right.core != nil && left.offset == 0 && right.offset == 0 && right.scale != 0 {
		ratio := &parser.BinaryExpr{Op: parser.DIV, LHS: left.core, RHS: right.core}
		return linear{scale: left.scale / right.scale, core: ratio}, true
	}
	if left.core != nil && right.core != nil || b.Op == parser.DIV && right.core != nil {
		return linear{}, false
	}
	switch b.Op {
	case parser.ADD:
		return left.plus(right), true
	case parser.SUB:
		return left.plus(right.times(-1)), true
	case parser.MUL:
		if left.core == nil {
			left, right = right, left
		}
		return left.times(right.offset), true
	}
	l = left.times(1 / right.offset)
	if l.core != nil && right.offset > 0 && right.offset < 1 {
		l.budget = right.offset
	}
	return l, true
}

func (l linear) times(k float64) linear {
	l.offset, l.scale = l.offset*k, l.scale*k
	return l
}

func (l linear) plus(m linear) linear {
	if l.core == nil {
		l, m = m, l
	}
	l.offset += m.offset
	return l
}

// splitBudget tells the factor and the budget apart in a product of constants such as 14.4 * 0.001 or
// 1 - 14.4 * (1 - 0.999): the one is 1 or more, the other less. What it is compared to is scale times a share, as of
// percentages. Both are 0 when the product does not tell.
func splitBudget(expr parser.Expr, scale float64) (factor, budget float64) {
	if b, ok := promql.Plain(expr).(*parser.BinaryExpr); ok && b.Op == parser.SUB && len(constantFactors(b.RHS)) > 1 {
		expr = b.RHS
	}
	factor, budget = 1, math.Abs(1/scale)
	small, large := 0, 0
	for _, f := range constantFactors(expr) {
		switch {
		case f == 100 && math.Abs(scale) == 100:
			budget *= f
		case f > 0 && f < 1:
			budget *= f
			small++
		case f >= 1:
			factor *= f
			large++
		}
	}
	if small == 0 || large == 0 {
		return 0, 0
	}
	return factor, budget
}

// constantFactors gives the constants that a product multiplies.
func constantFactors(expr parser.Expr) []float64 {
	if v, ok := constantOf(expr); ok {
		if b, isProduct := promql.Plain(expr).(*parser.BinaryExpr); !isProduct || b.Op != parser.MUL && b.Op != parser.DIV {
			return []float64{v}
		}
	}
	b, ok := promql.Plain(expr).(*parser.BinaryExpr)
	switch {
	case ok && b.Op == parser.MUL:
		return slices.Concat(constantFactors(b.LHS), constantFactors(b.RHS))
	case ok && b.Op == parser.DIV:
		if d, constant := constantOf(b.RHS); constant && d != 0 {
			return append(constantFactors(b.LHS), 1/d)
		}
	}
	return nil
}

// constantOf gives the value of an expression of numbers alone.
func constantOf(expr parser.Expr) (float64, bool) {
	switch x := promql.Plain(expr).(type) {
	case *parser.NumberLiteral:
		return x.Val, true
	case *parser.BinaryExpr:
		left, ok := constantOf(x.LHS)
		right, ok2 := constantOf(x.RHS)
		if !ok || !ok2 {
			return 0, false
		}
		switch x.Op {
		case parser.ADD:
			return left + right, true
		case parser.SUB:
			return left - right, true
		case parser.MUL:
			return left * right, true
		case parser.DIV:
			return left / right, true
		}
	}
	return 0, false
}
