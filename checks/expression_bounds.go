package checks

import (
	"math"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// bounds are the least and the greatest value that an expression can have, as far as PromQL itself, and the conventions
// on metric names, tell. NaN is not looked at: no comparison but != holds for it.
type bounds struct{ low, high float64 }

var (
	anyValue    = bounds{math.Inf(-1), math.Inf(1)}
	notNegative = bounds{0, math.Inf(1)}
	zeroOrOne   = bounds{0, 1}
)

func exactly(v float64) bounds {
	if math.IsNaN(v) {
		return anyValue
	}
	return bounds{v, v}
}

// or gives the bounds of a value that lies in either.
func (b bounds) or(c bounds) bounds { return bounds{math.Min(b.low, c.low), math.Max(b.high, c.high)} }

// and gives the bounds of a value that lies in both; where none can, those of b.
func (b bounds) and(c bounds) bounds {
	both := bounds{math.Max(b.low, c.low), math.Min(b.high, c.high)}
	if both.low > both.high {
		return b
	}
	return both
}

// boundsOf gives the bounds of an expression's values.
func boundsOf(expr parser.Expr) bounds {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return boundsOf(x.Expr)
	case *parser.SubqueryExpr:
		return boundsOf(x.Expr)
	case *parser.UnaryExpr:
		if x.Op == parser.SUB {
			b := boundsOf(x.Expr)
			return bounds{-b.high, -b.low}
		}
		return boundsOf(x.Expr)
	case *parser.NumberLiteral:
		return exactly(x.Val)
	case *parser.MatrixSelector:
		return boundsOf(x.VectorSelector)
	case *parser.VectorSelector:
		return boundsOfMetric(x.Name)
	case *parser.AggregateExpr:
		return boundsOfAggregation(x)
	case *parser.BinaryExpr:
		return boundsOfBinary(x)
	case *parser.Call:
		return boundsOfCall(x)
	}
	return anyValue
}

// boundsOfMetric knows what Prometheus itself, the blackbox exporter and histograms write.
func boundsOfMetric(name string) bounds {
	switch {
	case name == "up", name == "probe_success":
		return zeroOrOne
	case name == "ALERTS":
		return exactly(1)
	case strings.HasSuffix(name, "_bucket"), eventCounter.MatchString(name) && !presentAmount.MatchString(name):
		return notNegative
	}
	return anyValue
}

func boundsOfAggregation(x *parser.AggregateExpr) bounds {
	inner := boundsOf(x.Expr)
	switch x.Op {
	case parser.COUNT:
		return bounds{1, math.Inf(1)} // of nothing there is no count
	case parser.GROUP:
		return exactly(1)
	case parser.STDDEV, parser.STDVAR:
		return notNegative
	case parser.SUM:
		return boundsOfSum(inner)
	case parser.AVG, parser.MIN, parser.MAX, parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return inner
	}
	return anyValue
}

// boundsOfSum gives the bounds of the sum of one or more values.
func boundsOfSum(one bounds) bounds {
	sum := anyValue
	if one.low >= 0 {
		sum.low = one.low
	}
	if one.high <= 0 {
		sum.high = one.high
	}
	return sum
}

func boundsOfBinary(x *parser.BinaryExpr) bounds {
	left, right := boundsOf(x.LHS), boundsOf(x.RHS)
	switch {
	case x.Op == parser.LAND, x.Op == parser.LUNLESS:
		return left
	case x.Op == parser.LOR:
		return left.or(right)
	case x.Op.IsComparisonOperator() && x.ReturnBool:
		return zeroOrOne
	case x.Op.IsComparisonOperator():
		return filtered(x, left, right)
	case x.VectorMatching != nil && (x.VectorMatching.FillValues.LHS != nil || x.VectorMatching.FillValues.RHS != nil):
		return anyValue
	case x.Op == parser.DIV && isShare(x):
		return zeroOrOne
	}
	return arithmetic(x.Op, left, right)
}

// filtered gives the bounds of what a comparison lets through: the values of its vector, of the left one of two.
func filtered(x *parser.BinaryExpr, left, right bounds) bounds {
	op := x.Op
	if x.LHS.Type() == parser.ValueTypeScalar {
		left, right, op = right, left, promql.Mirrored(op)
	}
	switch op {
	case parser.GTR, parser.GTE:
		return left.and(bounds{right.low, math.Inf(1)})
	case parser.LSS, parser.LTE:
		return left.and(bounds{math.Inf(-1), right.high})
	case parser.EQLC:
		return left.and(right)
	}
	return left
}

func arithmetic(op parser.ItemType, a, b bounds) bounds {
	switch op {
	case parser.ADD:
		return between(a.low+b.low, a.high+b.high)
	case parser.SUB:
		return between(a.low-b.high, a.high-b.low)
	case parser.MUL:
		return spanned(a.low*b.low, a.low*b.high, a.high*b.low, a.high*b.high)
	case parser.DIV:
		if b.low > 0 {
			return spanned(a.low/b.low, a.low/b.high, a.high/b.low, a.high/b.high)
		}
		if a.low >= 0 && b.low >= 0 {
			return notNegative
		}
	case parser.POW, parser.MOD:
		if a.low >= 0 && b.low >= 0 {
			return notNegative
		}
	}
	return anyValue
}

func between(low, high float64) bounds {
	if math.IsNaN(low) || math.IsNaN(high) {
		return anyValue
	}
	return bounds{low, high}
}

// spanned gives the bounds around the products of bounds.
func spanned(corners ...float64) bounds {
	all := bounds{math.Inf(1), math.Inf(-1)}
	for _, c := range corners {
		if math.IsNaN(c) {
			c = 0 // zero times something without limit
		}
		all = all.or(bounds{c, c})
	}
	return all
}

// boundsOfCall knows the functions of PromQL.
// Source: Prometheus documentation, "Query functions".
func boundsOfCall(x *parser.Call) bounds {
	if b, ok := boundsOfFunction[x.Func.Name]; ok {
		return b
	}
	if len(x.Args) == 0 {
		return anyValue
	}
	switch x.Func.Name {
	case "vector", "scalar", "label_replace", "label_join", "sort", "sort_desc", "sort_by_label", "sort_by_label_desc",
		"avg_over_time", "min_over_time", "max_over_time", "last_over_time", "first_over_time":
		return boundsOf(x.Args[0])
	case "sum_over_time":
		return boundsOfSum(boundsOf(x.Args[0]))
	case "clamp_min":
		b, least := boundsOf(x.Args[0]), boundsOf(x.Args[1])
		return bounds{math.Max(b.low, least.low), math.Max(b.high, least.high)}
	case "clamp_max":
		b, most := boundsOf(x.Args[0]), boundsOf(x.Args[1])
		return bounds{math.Min(b.low, most.low), math.Min(b.high, most.high)}
	case "abs", "sqrt":
		return notNegative
	}
	return anyValue
}

var boundsOfFunction = map[string]bounds{
	"rate": notNegative, "irate": notNegative, "increase": notNegative, "changes": notNegative, "resets": notNegative,
	"count_over_time": {1, math.Inf(1)}, "present_over_time": {1, 1}, "absent": {1, 1}, "absent_over_time": {1, 1},
	"stddev_over_time": notNegative, "stdvar_over_time": notNegative, "sgn": {-1, 1},
	"minute": {0, 59}, "hour": {0, 23}, "day_of_week": {0, 6}, "day_of_month": {1, 31}, "days_in_month": {28, 31},
	"day_of_year": {1, 366}, "month": {1, 12},
}
