package checks

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// unreduced finds a condition that is a range of values: Grafana alerts on single values only.
func (c ruleChain) unreduced() []fault {
	condition, _ := c.step(c.rule.Condition.Value)
	query, ok := c.rangeBehind(condition, map[string]bool{})
	if !ok {
		return nil
	}
	return []fault{stepFault(condition, "its condition %q is a range of values of the query %q, and Grafana alerts on single values only. put a reduce between them, or make the query instant",
		condition.Ref.Value, query.Ref.Value)}
}

// rangeBehind gives the query whose range of values a step passes on. Steps that were seen before are passed over.
func (c ruleChain) rangeBehind(s catalog.ChainStep, seen map[string]bool) (catalog.ChainStep, bool) {
	if seen[s.Ref.Value] {
		return catalog.ChainStep{}, false
	}
	seen[s.Ref.Value] = true
	switch s.Kind {
	case "query":
		return s, s.Query.Lang != catalog.OtherLang && !s.Instant
	case "math", "threshold", "resample":
		for _, input := range s.Inputs {
			if from, ok := c.step(input); ok {
				if query, ok := c.rangeBehind(from, seen); ok {
					return query, true
				}
			}
		}
	}
	return catalog.ChainStep{}, false
}

// uncompared finds a condition that is no comparison: it fires for every value but 0.
func (c ruleChain) uncompared() []fault {
	s, _ := c.step(c.rule.Condition.Value)
	switch s.Kind {
	case "math":
		if strings.ContainsAny(s.Expression.Value, "<>=!&|") || strings.Contains(s.Expression.Value, "is_") {
			return nil
		}
	case "query", "reduce":
		if c.queryDecides(s) {
			return nil
		}
	default:
		return nil
	}
	return []fault{stepFault(s, "its condition %q compares nothing, so it fires for every value but 0. compare it in a threshold", s.Ref.Value)}
}

// queryDecides reports whether the query behind a step may be one that compares by itself.
func (c ruleChain) queryDecides(s catalog.ChainStep) bool {
	for s.Kind == "reduce" && len(s.Inputs) > 0 {
		from, ok := c.step(s.Inputs[0])
		if !ok || from.Kind == "reduce" {
			return true
		}
		s = from
	}
	if s.Kind != "query" || s.Query.Lang != catalog.PromQL {
		return true
	}
	tree, _, err := promql.Expr(s.Query)
	return err != nil || !newRecordings(nil).alwaysGives(tree)
}

// unreachable finds a threshold that no value of its query meets. Without data a rule may be told to fire all the same.
func (c ruleChain) unreachable() []fault {
	s, _ := c.step(c.rule.Condition.Value)
	if s.Kind != "threshold" || c.rule.NoData.Value == "Alerting" {
		return nil
	}
	t := s.Conditions[0]
	from, _ := c.step(t.Ref)
	query, values := c.valuesOf(from, len(c.rule.Chain))
	if query.Kind == "" || !beyond(t, values) {
		return nil
	}
	return []fault{{t.At, fmt.Sprintf("its threshold can never be met: %q is %s. compare to a value that it can have", shortened(strings.Join(strings.Fields(query.Query.Text), " ")), values)}}
}

// valuesOf gives the bounds of what a step gives, with the query that it comes from; the zero step when they are not
// known.
func (c ruleChain) valuesOf(s catalog.ChainStep, most int) (catalog.ChainStep, bounds) {
	switch {
	case s.Kind == "query" && s.Query.Lang == catalog.PromQL && s.Query.Error == "":
		if tree, _, err := promql.Expr(s.Query); err == nil && !strings.ContainsAny(s.Query.Text, "${[<") || err == nil && !someNode(tree, isNumber) {
			return s, boundsOf(tree)
		}
	case s.Kind == "reduce" && most > 0 && slices.Contains([]string{"last", "mean", "min", "max", "median"}, s.Reducer.Value) && len(s.Inputs) == 1:
		if from, ok := c.step(s.Inputs[0]); ok {
			return c.valuesOf(from, most-1)
		}
	}
	return catalog.ChainStep{}, anyValue
}

func isNumber(n parser.Node) bool {
	_, ok := n.(*parser.NumberLiteral)
	return ok
}

// beyond reports whether no value within the bounds meets a threshold.
func beyond(t catalog.Threshold, b bounds) bool {
	op, ok := map[string]parser.ItemType{"gt": parser.GTR, "lt": parser.LSS, "gte": parser.GTE, "lte": parser.LTE, "eq": parser.EQLC, "ne": parser.NEQ}[t.Type]
	switch {
	case ok && len(t.Params) > 0:
		never, _ := comparisonHolds(op, b, exactly(t.Params[0]))
		return never
	case t.Type == "within_range" && len(t.Params) > 1:
		return b.high <= math.Min(t.Params[0], t.Params[1]) || b.low >= math.Max(t.Params[0], t.Params[1])
	}
	return false
}

// String says what the values can be.
func (b bounds) String() string {
	switch {
	case b.low == b.high:
		return "always " + number(b.low)
	case math.IsInf(b.high, 1):
		return "never below " + number(b.low)
	case math.IsInf(b.low, -1):
		return "never above " + number(b.high)
	}
	return number(b.low) + " to " + number(b.high)
}

// labels gives the labels of the rule's result, of those that its query keeps.
func (c ruleChain) labels(ofQuery labelSet) labelSet {
	s, ok := c.step(c.rule.Condition.Value)
	for range c.rule.Chain {
		switch {
		case !ok:
			return anyLabels
		case s.Kind == "query":
			return ofQuery
		case s.Kind == "classic_conditions":
			return onlyLabels()
		case len(s.Inputs) != 1:
			return anyLabels
		}
		s, ok = c.step(s.Inputs[0])
	}
	return anyLabels
}
