package checks

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

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
		if _, ok := promql.Plain(b.RHS).(*parser.NumberLiteral); !ok {
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

// forGauges are the functions that take a counter's restart for a fall of its value.
var forGauges = []string{"delta", "idelta", "deriv", "predict_linear"}

// changesOfCounters finds functions for gauges that are applied to counters.
// Source: Prometheus documentation, "Query functions": delta, idelta, deriv and predict_linear.
func (e expression) changesOfCounters() []fault {
	var faults []fault
	for _, c := range e.calls(forGauges...) {
		s, ok := rangeless(c.Args[0]).(*parser.VectorSelector)
		if ok && (eventCounter.MatchString(s.Name) || strings.HasSuffix(s.Name, "_bucket")) && !presentAmount.MatchString(s.Name) {
			faults = append(faults, e.fault(s, "%s() of %s, which is a counter by its name, takes a restart for a fall. use increase() or rate()", c.Func.Name, s.Name))
		}
	}
	return faults
}

// ratesOfSums finds rates of sums of counters: when one of the counters begins anew the sum falls, and the rate takes all
// that is left of it for an increase.
// Source: Prometheus documentation, "Query functions": rate; pint's promql/rate.
func (e expression) ratesOfSums() []fault {
	var faults []fault
	for _, c := range e.calls("rate", "irate", "increase") {
		switch x := c.Args[0].(type) {
		case *parser.SubqueryExpr:
			if s := summedCounter(x.Expr); s != nil {
				faults = append(faults, e.fault(c, "%s() of a sum takes the restart of one %s for an increase of all. sum the rates: sum(%s(…))", c.Func.Name, s.Name, c.Func.Name))
			}
		case *parser.MatrixSelector:
			if s, ok := x.VectorSelector.(*parser.VectorSelector); ok && e.recorded.recordsSum(s.Name) {
				faults = append(faults, e.fault(c, "%s() of %s, which records a sum of counters, takes the restart of one for an increase of all. record the sum of the rates", c.Func.Name, s.Name))
			}
		}
	}
	return faults
}

// summedCounter gives the counter of which an expression is the plain sum.
func summedCounter(expr parser.Expr) *parser.VectorSelector {
	a, ok := promql.Plain(expr).(*parser.AggregateExpr)
	if !ok || a.Op != parser.SUM {
		return nil
	}
	s, ok := promql.Plain(a.Expr).(*parser.VectorSelector)
	if !ok || !(strings.HasSuffix(s.Name, "_total") || strings.HasSuffix(s.Name, "_bucket")) || presentAmount.MatchString(s.Name) {
		return nil
	}
	return s
}

// recordsSum reports whether a metric is recorded as the plain sum of a counter.
func (r *recordings) recordsSum(metric string) bool {
	all, ok := r.exprs(metric)
	return ok && slices.ContainsFunc(all, func(e recordedExpr) bool { return summedCounter(e.tree) != nil })
}
