package checks

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// events is one side of an SLO's ratio: what its query counts.
type events struct {
	name    string // "good events", "bad events", "all events"; "the ratio" or "the metric" of a query that is no side
	query   *catalog.Query
	expr    parser.Expr
	offsets promql.Offsets
	counted []counted
}

const (
	goodEvents = "good events"
	badEvents  = "bad events"
	allEvents  = "all events"
	theRatio   = "the ratio"
)

// eventsOf gives the sides of an SLO's indicator whose queries parse: part, whose share of all is measured, all, and
// queries that are no side of a ratio. A query that computes the ratio itself is taken apart.
func (s *Survey) eventsOf(o *catalog.SLO) (part, all, other []events) {
	i := o.Indicator
	for _, side := range []struct {
		name    string
		queries []catalog.Query
		into    *[]events
	}{{goodEvents, i.Good, &part}, {badEvents, i.Bad, &part}, {allEvents, i.Total, &all}} {
		for k := range side.queries {
			if e, ok := s.readEvents(side.name, &side.queries[k]); ok {
				*side.into = append(*side.into, e)
			}
		}
	}
	for k := range i.Raw {
		whole, ok := s.readEvents(theRatio, &i.Raw[k])
		if !ok {
			continue
		}
		if i.Kind != "raw" {
			whole.name = "the metric"
			other = append(other, whole)
			continue
		}
		if numerator, denominator := s.takeApart(whole, i.Success, 0); numerator != nil {
			part, all = append(part, *numerator), append(all, *denominator)
			continue
		}
		other = append(other, whole)
	}
	return part, all, other
}

func (s *Survey) readEvents(name string, q *catalog.Query) (events, bool) {
	if q.Lang != catalog.PromQL || q.Error != "" {
		return events{}, false
	}
	expr, offsets, err := promql.Expr(*q)
	if err != nil {
		return events{}, false
	}
	return s.newEvents(events{name: name, query: q, offsets: offsets}, expr), true
}

// newEvents fills in what an expression of the query of e counts.
func (s *Survey) newEvents(e events, expr parser.Expr) events {
	e.expr, e.counted = expr, nil
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok {
			found := newSeries(asked{query: e.query}, v)
			outer := counted{Selector: catalog.Selector{Metric: found.metric, Matchers: found.matchers}, node: v, path: slices.Clone(path)}
			e.counted = append(e.counted, s.behind(outer, 0)...)
		}
		return nil
	})
	return e
}

// behind gives what a recorded metric was recorded of, narrowed as the metric is; the metric itself when that is not
// known.
func (s *Survey) behind(c counted, depth int) []counted {
	rule := s.ruleOf(c.Metric)
	if rule == nil || depth == maxRecorded || len(rule.Expr.Selectors) == 0 {
		return []counted{c}
	}
	var all []counted
	for _, inner := range rule.Expr.Selectors {
		next := c
		next.recorded = true
		next.Selector = catalog.Selector{Metric: inner.Metric, Matchers: slices.Concat(inner.Matchers, c.Matchers)}
		all = append(all, s.behind(next, depth+1)...)
	}
	return all
}

// ruleOf gives the one rule that records a metric, nil when there is none or are several. In the name Sloth may put each
// of its windows, of which the first is taken.
func (s *Survey) ruleOf(metric string) *catalog.RecordingRule {
	rules := s.recorded()[slothPlaceholder.ReplaceAllString(metric, "5m")]
	if len(rules) != 1 || rules[0].Expr.Error != "" || rules[0].Expr.Lang != catalog.PromQL {
		return nil
	}
	return rules[0]
}

// takeApart gives the two sides of a query that computes a share itself: good / all, 1 - bad / all, and the like, also
// where a rule records it; nil when it does not. good says that the whole query gives the share of good events.
func (s *Survey) takeApart(whole events, good bool, depth int) (numerator, denominator *events) {
	expr := whole.expr
	for {
		switch x := expr.(type) {
		case *parser.ParenExpr:
			expr = x.Expr
			continue
		case *parser.AggregateExpr:
			expr = x.Expr
			continue
		case *parser.Call:
			if strings.HasPrefix(x.Func.Name, "clamp") {
				expr = x.Args[0]
				continue
			}
		case *parser.VectorSelector:
			return s.takeRecordedApart(x, good, depth)
		case *parser.BinaryExpr:
			_, constantLeft := constantOf(x.LHS)
			switch {
			case x.Op == parser.LOR:
				expr = x.LHS
				continue
			case x.Op == parser.SUB && constantLeft:
				expr, good = x.RHS, !good
				continue
			case x.Op == parser.DIV && someSelector(x.LHS) && someSelector(x.RHS):
				n, d := s.newEvents(whole, x.LHS), s.newEvents(whole, x.RHS)
				n.name, d.name = badEvents, allEvents
				if good {
					n.name = goodEvents
				}
				return &n, &d
			}
		}
		return nil, nil
	}
}

// takeRecordedApart takes apart what a rule records, narrowed as what is recorded is.
func (s *Survey) takeRecordedApart(v *parser.VectorSelector, good bool, depth int) (numerator, denominator *events) {
	outer := newSeries(asked{}, v)
	rule := s.ruleOf(outer.metric)
	if rule == nil || depth == maxRecorded {
		return nil, nil
	}
	whole, ok := s.readEvents(theRatio, &rule.Expr)
	if !ok {
		return nil, nil
	}
	numerator, denominator = s.takeApart(whole, good, depth+1)
	for _, side := range []*events{numerator, denominator} {
		for i := 0; side != nil && i < len(side.counted); i++ {
			c := &side.counted[i]
			c.recorded, c.Matchers = true, slices.Concat(c.Matchers, outer.matchers)
		}
	}
	return numerator, denominator
}

func someSelector(expr parser.Expr) bool {
	return someNode(expr, func(n parser.Node) bool {
		_, ok := n.(*parser.VectorSelector)
		return ok
	})
}

// at gives where a node of the query stands.
func (e events) at(n parser.Node) catalog.Place {
	return e.query.Place(e.offsets.Original(n.PositionRange().Start))
}

// text gives a node as it is written.
func (e events) text(n parser.Node) string {
	start, end := e.offsets.Original(n.PositionRange().Start), e.offsets.Original(n.PositionRange().End)
	if start > end || end > len(e.query.Text) {
		return ""
	}
	return strings.Join(strings.Fields(e.query.Text[start:end]), " ")
}

// ranges gives the lengths over which the query looks, as far as they are fixed in its text.
func (e events) ranges() []time.Duration {
	var all []time.Duration
	parser.Inspect(e.expr, func(n parser.Node, _ []parser.Node) error {
		if m, ok := n.(*parser.MatrixSelector); ok && m.RangeExpr == nil && !variable(e.text(m)) {
			all = append(all, m.Range)
		}
		return nil
	})
	return all
}

// grouping gives the labels by which an aggregation around everything groups; ok is false when there is none.
func (e events) grouping() (labels []string, ok bool) {
	expr := e.expr
	for {
		switch x := expr.(type) {
		case *parser.ParenExpr:
			expr = x.Expr
		case *parser.AggregateExpr:
			labels = slices.Clone(x.Grouping)
			slices.Sort(labels)
			return labels, !x.Without && x.Op == parser.SUM
		default:
			return nil, false
		}
	}
}

// single gives the one metric that is counted when nothing is computed of it but rates and sums.
func (e events) single() (counted, bool) {
	computes := someNode(e.expr, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && b.Op != parser.LOR && (b.Op == parser.SUB || b.Op.IsSetOperator() || b.Op.IsComparisonOperator())
	})
	if computes || len(e.counted) != 1 {
		return counted{}, false
	}
	return e.counted[0], true
}

// slothPlaceholder is what Sloth fills in with each of its windows.
var slothPlaceholder = regexp.MustCompile(`\{\{-?\s*\.window\s*-?\}\}`)

// durationText writes a range for a message.
func durationText(d time.Duration) string { return model.Duration(d).String() }
