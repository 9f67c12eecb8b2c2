package measure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// context is a selector with what stands around it in the expression.
type context struct {
	*parser.VectorSelector
	words []string      // of the metric's name
	path  []parser.Node // from the whole expression to the selector's parent
}

func newContext(s *parser.VectorSelector, path []parser.Node) context {
	return context{s, split(s.Name), path}
}

// recorded reports whether the metric is a recording rule's, by the convention level:metric:operations.
func (c context) recorded() bool { return strings.Contains(strings.TrimPrefix(c.Name, ":"), ":") }

// operations gives the last part of a recording rule's name, as in "ratio_rate5m"; "" for other metrics.
func (c context) operations() string {
	if !c.recorded() {
		return ""
	}
	return c.Name[strings.LastIndexByte(c.Name, ':')+1:]
}

// calls reports whether one of the functions is applied to the selector, directly or around more.
func (c context) calls(functions ...string) bool {
	return slices.ContainsFunc(c.path, func(n parser.Node) bool {
		call, ok := n.(*parser.Call)
		return ok && slices.Contains(functions, call.Func.Name)
	})
}

// changes reports whether a counter is turned into a rate, here or by a recording rule, so that it speaks of now.
func (c context) changes() bool {
	return c.calls("rate", "increase", "irate", "delta", "idelta") ||
		strings.Contains(c.operations(), "rate") || strings.Contains(c.operations(), "increase")
}

// share reports whether the selector is part of a division: a share of something, or a mean.
func (c context) share() bool {
	return slices.ContainsFunc(c.path, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && b.Op == parser.DIV
	})
}

// describing are metrics whose value is always 1: they are joined for their labels.
var describing = regexp.MustCompile(`_(info|labels|annotations|owner|role)$`)

// narrows reports whether the selector only says when or for what to alert: it stands right of "and", or is joined for
// its labels.
func (c context) narrows() bool {
	return c.under(func(b *parser.BinaryExpr, right bool) bool {
		if b.Op == parser.LAND {
			return right
		}
		joined := b.Op == parser.MUL && b.VectorMatching != nil && right == (b.VectorMatching.Card != parser.CardOneToMany)
		return joined && describing.MatchString(c.Name)
	})
}

// guard reports whether the selector only says when not to alert: it stands right of "unless".
func (c context) guard() bool {
	return c.under(func(b *parser.BinaryExpr, right bool) bool { return right && b.Op == parser.LUNLESS })
}

// under reports whether the selector stands in an operand of a binary expression for which f holds.
func (c context) under(f func(b *parser.BinaryExpr, right bool) bool) bool {
	for i, n := range c.path {
		b, ok := n.(*parser.BinaryExpr)
		if !ok {
			continue
		}
		next := parser.Node(c.VectorSelector)
		if i+1 < len(c.path) {
			next = c.path[i+1]
		}
		if f(b, next == parser.Node(b.RHS)) {
			return true
		}
	}
	return false
}

// gone reports whether the expression asks for nothing being left: the selector's value compared to zero from above.
func (c context) gone() bool { return c.under(comparesToZero) }

// allGone reports whether the expression asks for none of many series being left: their sum, count or the like compared
// to zero from above.
func (c context) allGone() bool {
	return c.under(func(b *parser.BinaryExpr, right bool) bool {
		a, ok := unwrapped(b.LHS).(*parser.AggregateExpr)
		return ok && slices.Contains([]parser.ItemType{parser.SUM, parser.COUNT, parser.MAX, parser.AVG}, a.Op) && comparesToZero(b, right)
	})
}

// comparesToZero recognises x == 0, x <= 0 and x < 1, seen from x.
func comparesToZero(b *parser.BinaryExpr, right bool) bool {
	number, ok := unwrapped(b.RHS).(*parser.NumberLiteral)
	if right || !ok {
		return false
	}
	return number.Val == 0 && (b.Op == parser.EQLC || b.Op == parser.LTE) || number.Val == 1 && b.Op == parser.LSS
}

// quantile reports whether a quantile of the selector's values is taken, here or by who exposes or records it.
func (c context) quantile() bool {
	if c.calls("histogram_quantile", "histogram_quantiles", "histogram_fraction", "histogram_avg") || c.has("quantile") || c.has("le") {
		return true
	}
	recorded := c.operations()
	return strings.Contains(recorded, "mean") || strings.Contains(recorded, "quantile") || strings.Contains(recorded, "p9")
}

// mean reports whether the selector is the sum of a mean: sum over count.
func (c context) mean() bool {
	return c.share() && c.changes() && (strings.HasSuffix(c.Name, "_sum") || strings.HasSuffix(c.Name, "_total"))
}

func (c context) has(label string) bool {
	return slices.ContainsFunc(c.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == label })
}

// matches reports whether a matcher of the selector holds for f.
func (c context) matches(f func(m *labels.Matcher) bool) bool {
	return slices.ContainsFunc(c.LabelMatchers, func(m *labels.Matcher) bool { return m.Name != model.MetricNameLabel && f(m) })
}

func unwrapped(e parser.Expr) parser.Expr {
	for {
		switch x := e.(type) {
		case *parser.ParenExpr:
			e = x.Expr
		case *parser.StepInvariantExpr:
			e = x.Expr
		default:
			return e
		}
	}
}
