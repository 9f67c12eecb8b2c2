package checks

import (
	"obsready/catalog"
	"obsready/catalog/promql"
)

var alertExpression = &Check{
	ID:    "alert-expression",
	Title: "Every alert's expression can fire, and fires for what it says",
	Why: "An expression that does not parse stops its whole rule group. One that compares nothing always fires; one over too short a range, or on the raw value of a counter, fires at random or once and for ever; " +
		"an annotation that prints a label which the expression drops tells the reader nothing.",
	Fix:      "Correct the expression at the place of the finding: compare its result, as in `> 0.01`, take `rate(…[5m])` of counters, give `absent()` a `for`, and keep with `by (…)` the labels that annotations print.",
	Source:   "Prometheus documentation, \"Alerting rules\", \"Query functions\" and \"Template reference\"; the linter pint (promql/syntax, alerts/comparison, promql/rate, promql/counter, alerts/absent, alerts/template).",
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
			in.NotApplicablef("its alerts are neither in PromQL nor in LogQL, and other languages are not judged")
		}
	},
}

// judgeExpression states every fault of an alert's expression, or once that there is none.
func judgeExpression(in *Inspection, a alert) {
	rule, name := a.Item, a.Item.Name.Value
	q := rule.Expr
	switch {
	case q.Lang != catalog.PromQL && q.Lang != catalog.LogQL:
		return
	case promql.ByTemplate(q):
		in.Undecidedf(q.ErrorAt, "the expression of alert %q is filled in by a template and does not parse without it (%s). keep a rendered copy in the catalog", name, q.Error).LinkedBy(a.By)
		return
	case q.Error != "":
		in.Unmetf(q.ErrorAt, "the expression of alert %q does not parse: %s", name, q.Error).LinkedBy(a.By)
		return
	case q.Lang == catalog.LogQL:
		in.Metf(q.At, "the log selectors of alert %q parse", name).LinkedBy(a.By)
		return
	}
	e, err := newExpression(rule)
	if err != nil {
		in.Undecidedf(q.At, "the expression of alert %q is not understood: %s", name, err).LinkedBy(a.By)
		return
	}
	faults := e.faults(in.Settings, in.Estate.Recordings)
	for _, f := range faults {
		in.Unmetf(f.at, "alert %q: %s", name, f.text).LinkedBy(a.By)
	}
	if len(faults) == 0 {
		in.Metf(q.At, "the expression of alert %q parses and can fire", name).LinkedBy(a.By)
	}
}
