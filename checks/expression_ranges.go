package checks

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// rangeFunctions need at least two samples in their range.
var rangeFunctions = []string{"rate", "irate", "increase", "delta", "idelta", "deriv"}

// shortRanges finds ranges that can miss a sample, so that the alert resolves at random.
func (e expression) shortRanges(minimum time.Duration) []fault {
	var faults []fault
	for _, c := range e.calls(rangeFunctions...) {
		m, ok := c.Args[0].(*parser.MatrixSelector)
		if ok && m.RangeExpr == nil && m.Range < minimum && !e.filledIn(m) {
			faults = append(faults, e.fault(m, "%s over %s may find a single sample and give nothing. take a range of at least %s, twice the scrape interval",
				c.Func.Name, model.Duration(m.Range), model.Duration(minimum)))
		}
	}
	return faults
}

// calls gives the calls of the functions that have an argument.
func (e expression) calls(functions ...string) []*parser.Call {
	var all []*parser.Call
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		if c, ok := n.(*parser.Call); ok && len(c.Args) > 0 && slices.Contains(functions, c.Func.Name) {
			all = append(all, c)
		}
		return nil
	})
	return all
}

// hastyAbsence finds absent() that fires as soon as one scrape fails.
func (e expression) hastyAbsence(minimum time.Duration) []fault {
	wait, known := parseWait(e.rule.For)
	if !known || wait >= minimum {
		return nil
	}
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, path []parser.Node) error {
		if c, ok := n.(*parser.Call); ok && c.Func.Name == "absent" && !overRange(c.Args[0]) && !joinsAnd(path) {
			faults = append(faults, e.fault(c, "absent() without for: %s fires when a single scrape fails. add for, or use absent_over_time()", model.Duration(minimum)))
		}
		return nil
	})
	return faults
}

// parseWait gives the duration that a rule states, 0 for none; known is false for what a template fills in.
func parseWait(text catalog.Text) (wait time.Duration, known bool) {
	if strings.TrimSpace(text.Value) == "" {
		return 0, true
	}
	d, err := model.ParseDuration(strings.TrimSpace(text.Value))
	return time.Duration(d), err == nil
}

// overRange reports whether an expression looks at more than its newest samples.
func overRange(expr parser.Expr) bool {
	return someNode(expr, func(n parser.Node) bool {
		switch n.(type) {
		case *parser.MatrixSelector, *parser.SubqueryExpr:
			return true
		}
		return false
	})
}

// eventCounter matches names that can only be those of counters: some metrics that end in _total are gauges that say
// how much there is in all.
var eventCounter = regexp.MustCompile(`_(error|errors|failed|failure|failures|request|requests|exception|exceptions|dropped|rejected|timeout|timeouts|retries|restarts|evictions|sync|syncs)_total$`)

// presentAmount matches names of amounts that there are now.
var presentAmount = regexp.MustCompile(`(^|_)(pending|in_?flight|active|open|current|waiting|queued|concurrent|max)_`)

// rawCounters finds counters whose value since the start of the process is compared to a number.
func (e expression) rawCounters() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, path []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || !b.Op.IsComparisonOperator() || joinsAnd(path) {
			return nil
		}
		if _, ok := plainExpr(b.RHS).(*parser.NumberLiteral); !ok {
			return nil
		}
		if s := rawSelector(b.LHS); s != nil && eventCounter.MatchString(s.Name) && !presentAmount.MatchString(s.Name) {
			faults = append(faults, e.fault(s, "%s is a counter, and its value since its process began is compared to %s. compare its rate() or increase()", s.Name, e.text(b.RHS)))
		}
		return nil
	})
	return faults
}

// joinsAnd reports whether a part of an expression may only guard another: it stands beside "and" or "unless".
func joinsAnd(path []parser.Node) bool {
	return slices.ContainsFunc(path, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && (b.Op == parser.LAND || b.Op == parser.LUNLESS)
	})
}

// rawSelector gives the selector whose plain values an expression passes on, through aggregations that keep their
// meaning and …_over_time(); nil when something is computed of them.
func rawSelector(expr parser.Expr) *parser.VectorSelector {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return rawSelector(x.Expr)
	case *parser.AggregateExpr:
		if slices.Contains([]parser.ItemType{parser.SUM, parser.AVG, parser.MIN, parser.MAX, parser.TOPK, parser.BOTTOMK}, x.Op) {
			return rawSelector(x.Expr)
		}
	case *parser.Call:
		if slices.Contains([]string{"avg_over_time", "min_over_time", "max_over_time", "last_over_time", "sum_over_time", "label_replace", "label_join"}, x.Func.Name) {
			return rawSelector(x.Args[0])
		}
	case *parser.MatrixSelector:
		return rawSelector(x.VectorSelector)
	case *parser.VectorSelector:
		return x
	}
	return nil
}

// gaugeName matches names whose values go up and down by the conventions on metric names.
var gaugeName = regexp.MustCompile(`_(timestamp_seconds|ratio|celsius|percent|info)$`)

// ratesOfGauges finds rates of what is no counter: they take every fall for a restart.
func (e expression) ratesOfGauges() []fault {
	var faults []fault
	for _, c := range e.calls("rate", "irate", "increase") {
		m, ok := c.Args[0].(*parser.MatrixSelector)
		if !ok {
			continue
		}
		if s, ok := m.VectorSelector.(*parser.VectorSelector); ok && gaugeName.MatchString(s.Name) {
			faults = append(faults, e.fault(s, "%s of %s, which is a gauge by its name, takes every fall for a restart. use delta(), deriv() or changes()", c.Func.Name, s.Name))
		}
	}
	return faults
}
