package checks

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// burnCondition is a condition on an error budget, as the expression of an alert states it: more than limit of the
// events are bad in the long window and, where there is one, in the short window too.
type burnCondition struct {
	long, short time.Duration // short is 0 when one window is looked at, long is 0 when the expression does not tell
	limit       float64       // the share of bad events; 0 when a metric already gives multiples of the budget
	factor      float64       // as multiplied in the expression; 0 when it does not tell factor and budget apart
	budget      float64       // likewise: the share of bad events that the expression takes for the SLO's budget
	at          catalog.Place
}

// burnConditions reads the conditions on an error budget from the expression of an alert, one for each alternative that
// "or" joins. Other conditions, such as a minimum of traffic, are passed over. The error says why the expression does
// not parse.
func (s *Survey) burnConditions(rule *catalog.AlertRule) ([]burnCondition, error) {
	e, err := newExpression(rule)
	if err != nil {
		return nil, err
	}
	var all []burnCondition
	for _, alternative := range operands(e.tree, parser.LOR) {
		var windows []burnCondition
		for _, part := range operands(alternative, parser.LAND) {
			if c, ok := s.burnWindow(part); ok {
				windows = append(windows, c)
			}
		}
		if len(windows) > 0 {
			c := joinWindows(windows)
			c.at = rule.Expr.Place(e.offsets.Original(alternative.PositionRange().Start))
			all = append(all, c)
		}
	}
	return all, nil
}

// operands gives the parts of an expression that a set operator joins, through brackets and aggregations. What stands
// right of "unless" only narrows.
func operands(expr parser.Expr, op parser.ItemType) []parser.Expr {
	b, ok := withoutAggregation(expr).(*parser.BinaryExpr)
	switch {
	case ok && b.Op == op:
		return slices.Concat(operands(b.LHS, op), operands(b.RHS, op))
	case ok && b.Op == parser.LUNLESS:
		return operands(b.LHS, op)
	}
	return []parser.Expr{expr}
}

// withoutAggregation gives an expression without the brackets and aggregations around it.
func withoutAggregation(expr parser.Expr) parser.Expr {
	for {
		switch x := expr.(type) {
		case *parser.ParenExpr:
			expr = x.Expr
		case *parser.AggregateExpr:
			expr = x.Expr
		default:
			return expr
		}
	}
}

// joinWindows makes one condition of those that hold at the same time, one for each window.
func joinWindows(windows []burnCondition) burnCondition {
	c := slices.MaxFunc(windows, func(a, b burnCondition) int { return int(a.long - b.long) })
	for _, w := range windows {
		if w.long > 0 && w.long < c.long && (c.short == 0 || w.long < c.short) {
			c.short = w.long
		}
	}
	return c
}

// burnWindow reads a comparison of the share of bad or good events, over one window, with a constant.
func (s *Survey) burnWindow(expr parser.Expr) (burnCondition, bool) {
	b, ok := withoutAggregation(expr).(*parser.BinaryExpr)
	if !ok || !b.Op.IsComparisonOperator() || b.ReturnBool {
		return burnCondition{}, false
	}
	value, limit, more := s.linear(b.LHS, 0), s.linear(b.RHS, 0), b.Op == parser.GTR || b.Op == parser.GTE
	if !more && b.Op != parser.LSS && b.Op != parser.LTE {
		return burnCondition{}, false
	}
	limitExpr := b.RHS
	if value.core == nil {
		value, limit, more, limitExpr = limit, value, !more, b.LHS
	}
	if value.core == nil || value.scale == 0 {
		return burnCondition{}, false
	}
	c := burnCondition{long: s.windowOf(value.core, 0)}
	if limit.core != nil { // bad > limit × all
		if !more || value.offset != 0 || limit.offset != 0 || !isRate(value.core) || !isRate(limit.core) {
			return burnCondition{}, false
		}
		c.limit = limit.scale / value.scale
		c.factor, c.budget = splitBudget(limitExpr, value.scale)
		return c, c.limit > 0
	}
	bound := (limit.offset - value.offset) / value.scale
	more = more == (value.scale > 0)
	c.factor, c.budget = splitBudget(limitExpr, value.scale)
	share := s.isShare(value.core, 0) || c.budget > 0 && strings.Contains(metricName(value.core), ":")
	if !share || math.IsNaN(bound) || math.IsInf(bound, 0) {
		return burnCondition{}, false
	}
	return c.within(bound, more, value)
}

// within completes a condition with the bound of its share: of bad events when more of them are looked for, else of
// good ones.
func (c burnCondition) within(bound float64, more bool, value linear) (burnCondition, bool) {
	switch {
	case !more && bound > 0 && bound < 1:
		c.limit = 1 - bound
	case !more:
		return c, false
	case bound > 1 && value.budget > 0: // the share is divided by the budget
		return c, false
	case bound >= 1 && burnName.MatchString(metricName(value.core)) && (c.budget == 0 || c.budget > largestBudget):
		c.factor, c.budget = bound, 0 // the metric gives multiples
	case bound > 0 && bound <= 100 && percentName.MatchString(metricName(value.core)):
		c.limit = bound / 100
	default:
		c.limit = bound
	}
	if value.budget > 0 && c.limit > 0 {
		c.budget, c.factor = value.budget, c.limit/value.budget
	}
	return c, c.limit > 0 && c.limit < 1 || c.limit >= 1 && c.budget > 0 || c.limit == 0 && c.factor > 0
}

// largestBudget is the largest share of bad events that anybody takes for a budget: what a metric of a burn rate is
// compared to is a multiple then.
const largestBudget = 0.5

var (
	burnName    = regexp.MustCompile(`(?i)burn_?rate`)
	percentName = regexp.MustCompile(`(?i)percent|_pct(_|:|$)`)
	shareName   = regexp.MustCompile(`(?i)ratio|burn_?rate|error_rate|sli|availab|percent|_pct|success|failure|(^|_)up$`)
)

// metricName gives the name of the metric that an expression passes on, "" when it computes something of several.
func metricName(expr parser.Expr) string {
	if s := rawSelector(withoutAggregation(expr)); s != nil {
		return s.Name
	}
	return ""
}

// recordedExpr gives the expression that is recorded under the metric that a selector selects, when one rule alone
// records it or all of them record the same; else nil.
func (s *Survey) recordedExpr(v *parser.VectorSelector, depth int) parser.Expr {
	if depth >= maxRecorded {
		return nil
	}
	rules := slices.DeleteFunc(slices.Clone(s.recorded()[v.Name]), func(r *catalog.RecordingRule) bool { return !mayBear(r.Labels, v.LabelMatchers) })
	if len(rules) == 0 || slices.ContainsFunc(rules[1:], func(r *catalog.RecordingRule) bool { return r.Expr.Text != rules[0].Expr.Text }) {
		return nil
	}
	expr, _, err := promql.Expr(rules[0].Expr)
	if err != nil {
		return nil
	}
	return expr
}

// mayBear reports whether matchers admit a series with the labels that a rule sets.
func mayBear(set []catalog.Label, matchers []*labels.Matcher) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool {
		l, ok := catalog.FindLabel(set, m.Name)
		return ok && !variable(l.Value) && !variable(m.Value) && !m.Matches(l.Value)
	})
}

// isShare reports whether an expression gives a share: a ratio, or a metric that is one by its name.
func (s *Survey) isShare(expr parser.Expr, depth int) bool {
	switch x := withoutAggregation(expr).(type) {
	case *parser.BinaryExpr:
		return x.Op == parser.DIV
	case *parser.Call:
		if x.Func.Name == "histogram_fraction" {
			return true
		}
		return len(x.Args) > 0 && !isRate(x) && s.isShare(x.Args[0], depth)
	case *parser.MatrixSelector:
		return s.isShare(x.VectorSelector, depth)
	case *parser.SubqueryExpr:
		return s.isShare(x.Expr, depth)
	case *parser.VectorSelector:
		if recorded := s.recordedExpr(x, depth); recorded != nil {
			return s.isShare(s.linear(recorded, depth+1).core, depth+1)
		}
		return shareName.MatchString(x.Name)
	}
	return false
}

// isRate reports whether a rate or increase is taken in an expression.
func isRate(expr parser.Expr) bool { return callsAny(expr, rates...) }

// windowName finds the window at the end of the name of a recorded metric, as in ratio_rate5m or burnrate1h.
var windowName = regexp.MustCompile(`[a-z_:]((?:[0-9]+(?:ms|[smhdwy]))+)$`)

// windowLabels are labels that say over which window a metric is recorded.
var windowLabels = []string{"window", "sloth_window", "time_window"}

// windowOf gives the longest window that an expression looks over, 0 when it does not tell: its ranges, else what the
// metric's labels or name say or rules record. Of a ratio it is the numerator's: the denominator may be the traffic of a
// whole month, so that quiet hours weigh less.
func (s *Survey) windowOf(expr parser.Expr, depth int) time.Duration {
	if b, ok := withoutAggregation(expr).(*parser.BinaryExpr); ok && b.Op == parser.DIV {
		if numerator := s.windowOf(b.LHS, depth); numerator > 0 {
			return numerator
		}
	}
	longest := time.Duration(0)
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		switch x := n.(type) {
		case *parser.MatrixSelector:
			longest = max(longest, x.Range)
		case *parser.SubqueryExpr:
			longest = max(longest, x.Range)
		case *parser.VectorSelector:
			longest = max(longest, s.selectedWindow(x, depth))
		}
		return nil
	})
	return longest
}

func (s *Survey) selectedWindow(v *parser.VectorSelector, depth int) time.Duration {
	for _, m := range v.LabelMatchers {
		if d, err := model.ParseDuration(m.Value); err == nil && m.Type == labels.MatchEqual && slices.Contains(windowLabels, m.Name) {
			return time.Duration(d)
		}
	}
	if found := windowName.FindStringSubmatch(v.Name); found != nil {
		if d, err := model.ParseDuration(found[1]); err == nil {
			return time.Duration(d)
		}
	}
	if recorded := s.recordedExpr(v, depth); recorded != nil {
		return s.windowOf(recorded, depth+1)
	}
	return 0
}

// windows names the windows for a message.
func (c burnCondition) windows() string {
	switch {
	case c.long == 0:
		return "an unknown window"
	case c.short == 0:
		return model.Duration(c.long).String()
	}
	return model.Duration(c.long).String() + " and " + model.Duration(c.short).String()
}
