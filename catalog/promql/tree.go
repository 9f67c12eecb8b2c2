package promql

import "github.com/prometheus/prometheus/promql/parser"

// Plain gives an expression without the brackets around it.
func Plain(expr parser.Expr) parser.Expr {
	for {
		p, ok := expr.(*parser.ParenExpr)
		if !ok {
			return expr
		}
		expr = p.Expr
	}
}

// Mirrored gives the comparison that says the same with its sides exchanged, and any other operator as it is.
func Mirrored(op parser.ItemType) parser.ItemType {
	switch op {
	case parser.GTR:
		return parser.LSS
	case parser.LSS:
		return parser.GTR
	case parser.GTE:
		return parser.LTE
	case parser.LTE:
		return parser.GTE
	}
	return op
}
