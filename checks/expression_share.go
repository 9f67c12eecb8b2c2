package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// isShare reports whether a division is a part by its whole, so that it gives 0 to 1: both sum or count the same thing,
// and the part's matchers include those of the whole; or the part is what is left of the whole without such a part.
func isShare(x *parser.BinaryExpr) bool {
	part, whole := promql.Plain(x.LHS), promql.Plain(x.RHS)
	if b, ok := part.(*parser.BinaryExpr); ok && b.Op == parser.SUB && sameExpr(b.LHS, whole) {
		part = promql.Plain(b.RHS)
	}
	p, ok := part.(*parser.AggregateExpr)
	if !ok {
		return isBucketShare(part, whole)
	}
	w, ok := whole.(*parser.AggregateExpr)
	if !ok || p.Op != w.Op || p.Op != parser.SUM && p.Op != parser.COUNT || !finerGroups(p, w) {
		return false
	}
	if p.Op == parser.SUM && boundsOf(w.Expr).low < 0 {
		return false
	}
	return isPart(withoutFilter(p.Expr), promql.Plain(w.Expr))
}

// finerGroups reports whether every group of the part lies in one of the whole.
func finerGroups(part, whole *parser.AggregateExpr) bool {
	if part.Without || whole.Without {
		return part.Without && whole.Without && sameNames(part.Grouping, whole.Grouping)
	}
	return !slices.ContainsFunc(whole.Grouping, func(n string) bool { return !slices.Contains(part.Grouping, n) })
}

func sameNames(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(n string) bool { return !slices.Contains(b, n) })
}

// withoutFilter gives an expression without the comparison to a number that leaves some of its series out.
func withoutFilter(expr parser.Expr) parser.Expr {
	expr = promql.Plain(expr)
	if b, ok := expr.(*parser.BinaryExpr); ok && b.Op.IsComparisonOperator() && !b.ReturnBool && b.RHS.Type() == parser.ValueTypeScalar {
		return promql.Plain(b.LHS)
	}
	return expr
}

// isPart reports whether the series of part are among those of whole, computed in the same way.
func isPart(part, whole parser.Expr) bool {
	switch w := whole.(type) {
	case *parser.VectorSelector:
		p, ok := part.(*parser.VectorSelector)
		return ok && selectsPart(p, w)
	case *parser.MatrixSelector:
		p, ok := part.(*parser.MatrixSelector)
		return ok && p.Range == w.Range && p.RangeExpr == nil && w.RangeExpr == nil && isPart(p.VectorSelector, w.VectorSelector)
	case *parser.Call:
		p, ok := part.(*parser.Call)
		return ok && p.Func.Name == w.Func.Name && slices.Contains([]string{"rate", "irate", "increase"}, w.Func.Name) && isPart(p.Args[0], w.Args[0])
	}
	return false
}

// selectsPart reports whether one selector asks for the metric of another with its matchers and maybe more.
func selectsPart(part, whole *parser.VectorSelector) bool {
	if part.Name == "" || part.OriginalOffset != whole.OriginalOffset || part.OriginalOffsetExpr != nil || whole.OriginalOffsetExpr != nil || part.Timestamp != nil || whole.Timestamp != nil {
		return false
	}
	if part.Name != whole.Name && !countsBuckets(part, whole) {
		return false
	}
	for _, m := range whole.LabelMatchers {
		if m.Name != model.MetricNameLabel && !slices.ContainsFunc(part.LabelMatchers, func(p *labels.Matcher) bool { return p.String() == m.String() }) {
			return false
		}
	}
	return true
}

// countsBuckets recognises one bucket of the histogram whose count is the whole.
func countsBuckets(part, whole *parser.VectorSelector) bool {
	base, ok := strings.CutSuffix(part.Name, "_bucket")
	return ok && whole.Name == base+"_count" && slices.ContainsFunc(part.LabelMatchers, func(m *labels.Matcher) bool {
		return m.Name == "le" && m.Type == labels.MatchEqual
	})
}

// isBucketShare recognises the share of one bucket of each series of a histogram.
func isBucketShare(part, whole parser.Expr) bool {
	p, ok := part.(*parser.Call)
	if !ok || len(p.Args) == 0 || !isPart(part, whole) {
		return false
	}
	m, ok := p.Args[0].(*parser.MatrixSelector)
	if !ok {
		return false
	}
	s, ok := m.VectorSelector.(*parser.VectorSelector)
	return ok && strings.HasSuffix(s.Name, "_bucket")
}

// sameExpr reports whether two expressions are written alike.
func sameExpr(a, b parser.Expr) bool { return promql.Plain(a).String() == promql.Plain(b).String() }
