package checks

import (
	"fmt"
	"slices"
	"time"

	"obsready/catalog"
	"obsready/catalog/promql"
)

var alertExpression = &Check{
	ID:    "alert-expression",
	Title: "Every alert's expression can fire, and fires for what it says",
	Why: "An expression that does not parse stops its whole rule group. One that compares nothing always fires, and one whose sides never match, or that compares to what cannot be, never does; one over too short a range, or on the raw value of a counter, " +
		"fires at random or once and for ever; a text that prints a label which the expression drops tells the reader nothing. None of this shows until the alert is needed.",
	Fix: "Correct the expression at the place of the finding: compare its result to a value that it can have, as in `> 0.01`, match sides with `on (…)` labels that both have, take `rate(…[5m])` of counters, give `absent()` a `for`, " +
		"keep with `by (…)` the labels that annotations print; in Grafana reduce a range before its threshold.",
	Source: "Prometheus documentation, \"Alerting rules\", \"Operators\", \"Query functions\" and \"Template reference\"; the linter pint (promql/syntax, alerts/comparison, promql/impossible, promql/vector_matching, promql/rate, promql/counter, promql/fragile, alerts/absent, alerts/template); " +
		"Grafana documentation, \"Queries and conditions\".",
	Pillar:   Alerts,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Run: func(in *Inspection) {
		if noAlerts(in) {
			return
		}
		for _, a := range in.Service.Alerts {
			judgeExpression(in, a)
		}
		if len(in.requirements) == 0 {
			in.NotApplicablef("its alerts are in languages that are not judged")
		}
	},
}

// judgeExpression states every fault of an alert's expression and of what is filled in from it, or once that there is
// none.
func judgeExpression(in *Inspection, a alert) {
	rule, name := a.Item, a.Item.Name.Value
	faults, told := slices.Concat(textFaults(rule), unreadableWaits(rule)), false
	if rule.Format == "grafana" {
		faults, told = slices.Concat(newRuleChain(rule).faults(), faults), true
	}
	for _, q := range decidingQueries(rule) {
		found, open := queryFaults(in, rule, q)
		if open != nil {
			in.Undecidedf(open.at, "%s", open.text).LinkedBy(a.By)
		}
		faults = append(faults, found...)
		told = (told || q.Lang == catalog.PromQL || q.Lang == catalog.LogQL) && open == nil
	}
	for _, f := range faults {
		in.Unmetf(f.at, "alert %q: %s", name, f.text).LinkedBy(a.By)
	}
	if told && len(faults) == 0 {
		in.Metf(rule.Expr.At.Or(rule.At), "the expression of alert %q %s", name, soundness(rule)).LinkedBy(a.By)
	}
}

// soundness says what was believed of an expression without a fault, by how far it is judged.
func soundness(rule *catalog.AlertRule) string {
	switch {
	case rule.Expr.Lang == catalog.PromQL:
		return "parses and can fire"
	case rule.Expr.Lang == catalog.LogQL:
		return "parses as far as its log selectors, and decides"
	}
	return "is compared to something; its query is in a language that is not judged"
}

// decidingQueries gives the queries that decide whether an alert fires: its expression, or those that the condition of a
// rule of Grafana reads.
func decidingQueries(rule *catalog.AlertRule) []catalog.Query {
	read := newRuleChain(rule).read(rule.Condition.Value)
	var queries []catalog.Query
	for _, s := range rule.Chain {
		if s.Kind == "query" && read[s.Ref.Value] {
			queries = append(queries, s.Query)
		}
	}
	if len(queries) == 0 {
		return []catalog.Query{rule.Expr}
	}
	return queries
}

// queryFaults gives what is wrong with one query of an alert, or why that is not known.
func queryFaults(in *Inspection, rule *catalog.AlertRule, q catalog.Query) (faults []fault, open *fault) {
	name := rule.Name.Value
	switch {
	case q.Lang != catalog.PromQL && q.Lang != catalog.LogQL:
		return nil, nil
	case promql.ByTemplate(q):
		return nil, &fault{q.ErrorAt, fmt.Sprintf("the expression of alert %q is filled in by a template and does not parse without it (%s). keep a rendered copy in the catalog", name, q.Error)}
	case q.Error != "":
		return []fault{{q.ErrorAt, "its expression does not parse: " + q.Error}}, nil
	}
	asked := *rule
	asked.Expr = q
	if q.Lang == catalog.LogQL {
		return logsWithoutComparison(&asked), nil
	}
	e, err := newExpression(&asked)
	if err != nil {
		return nil, &fault{q.At, fmt.Sprintf("the expression of alert %q is not understood: %s", name, err)}
	}
	return e.knowing(in.recorded()).faults(shortestRange(in)), nil
}

// shortestRange gives the range below which a rate may find one sample only: what the policy says or, where that is left
// as it is, less when all scrape targets of the service are known to be scraped more often.
func shortestRange(in *Inspection) time.Duration {
	minimum := in.Settings.RateRangeMinimum
	if minimum != DefaultSettings().RateRangeMinimum || len(in.Service.Targets) == 0 {
		return minimum
	}
	var longest time.Duration
	for _, t := range in.Service.Targets {
		interval, known := parseWait(t.Item.Interval)
		if !known || interval == 0 {
			return minimum
		}
		longest = max(longest, interval)
	}
	return min(minimum, 2*longest)
}
