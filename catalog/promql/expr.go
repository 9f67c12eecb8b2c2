package promql

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// parsed is a PromQL query that parses.
type parsed struct {
	expr    parser.Expr
	offsets Offsets
}

// parseExpr parses PromQL. What its variables may stand for is tried until it parses; the failure, when nothing does,
// is that of the likeliest try.
func parseExpr(text string, s syntax) (parsed, *failure) {
	tokens := lex(text, s)
	if f := tooHard(text, tokens); f != nil {
		return parsed{}, f
	}
	f := newForm(text, tokens, s)
	var first *failure
	for picks := range f.picks() {
		filled, offsets := f.fill(picks)
		expr, err := prometheusExpr(filled)
		if err == nil {
			f.restoreTree(expr)
			return parsed{expr, offsets}, nil
		}
		if first == nil {
			first = f.failed(err, offsets)
		}
	}
	return parsed{}, first
}

// parseSelector parses a series or stream selector that stands alone.
func parseSelector(text string, s syntax) ([]*labels.Matcher, *failure) {
	tokens := lex(text, s)
	if f := tooHard(text, tokens); f != nil {
		return nil, f
	}
	f := newForm(text, tokens, s)
	filled, offsets := f.fill(nil)
	matchers, err := prometheusSelector(filled)
	if err != nil {
		return nil, f.failed(err, offsets)
	}
	f.restoreMatchers(matchers)
	return matchers, nil
}

// failed translates an error of the parser.
func (f form) failed(err error, offsets Offsets) *failure {
	failure := &failure{message: f.original(err.Error()), templated: f.guessed()}
	if list, ok := errors.AsType[parser.ParseErrors](err); ok && len(list) > 0 {
		failure.message = f.original(list[0].Err.Error())
		start := list[0].PositionRange.Start
		if strings.HasPrefix(failure.message, "unexpected right ") && start > 0 {
			start-- // the lexer has passed the bracket when it finds that it closes nothing
		}
		failure.offset = offsets.Original(start)
	}
	return failure
}

// restoreTree puts the variables back into the names and values of a tree.
func (f form) restoreTree(expr parser.Expr) {
	if f.restore == nil {
		return
	}
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			n.Name = f.original(n.Name)
			f.restoreMatchers(n.LabelMatchers)
		case *parser.AggregateExpr:
			f.restoreNames(n.Grouping)
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				f.restoreNames(n.VectorMatching.MatchingLabels)
				f.restoreNames(n.VectorMatching.Include)
			}
		case *parser.StringLiteral:
			n.Val = f.original(n.Val)
		}
		return nil
	})
}

func (f form) restoreMatchers(matchers []*labels.Matcher) {
	for _, m := range matchers {
		m.Name, m.Value = f.original(m.Name), f.original(m.Value)
	}
}

func (f form) restoreNames(names []string) {
	for i := range names {
		names[i] = f.original(names[i])
	}
}

// selectors gives the series selectors of a query in the order of its text.
func (p parsed) selectors() []catalog.Selector {
	var all []catalog.Selector
	parser.Inspect(p.expr, func(node parser.Node, _ []parser.Node) error {
		if v, ok := node.(*parser.VectorSelector); ok {
			s := newSelector(v.LabelMatchers)
			s.Offset = p.offsets.Original(v.PosRange.Start)
			all = append(all, s)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b catalog.Selector) int { return cmp.Compare(a.Offset, b.Offset) })
	return all
}

// newSelector translates the parser's matchers. A metric's name is a matcher there.
func newSelector(matchers []*labels.Matcher) catalog.Selector {
	var s catalog.Selector
	for _, m := range matchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual && s.Metric == "" {
			s.Metric = m.Value
			continue
		}
		s.Matchers = append(s.Matchers, catalog.Matcher{Name: m.Name, Op: m.Type.String(), Value: m.Value})
	}
	return s
}
