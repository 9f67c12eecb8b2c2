// Package measure says what an alert measures: the service as its users see it (a symptom), its inside (a cause), or
// the monitoring itself (meta), with a dimension, how sure that is, and why. It never says whether that is good.
//
// It works on the syntax tree, in four steps:
//
//	read    the expression becomes conditions (condition.go): what fires, what only narrows, what only mutes. Each has an
//	        operand with a shape (operand.go): a ratio of a part to a whole, the rate of a counter, a quantile, an age, an
//	        absence, a prediction, a count of series, or a value as it is exposed. Recording rules of the estate are read
//	        in place of what they record (expand.go). Grafana's chains (chain.go) and LogQL (logql.go) are written as
//	        PromQL first, so that the same reading serves them.
//	know    tables say whose the series of an operand are, by product, exporter and convention, and what the values of
//	        labels say about how a request ended; where no table knows a name, the words it is made of tell (subject.go,
//	        outcome.go, knowledge/)
//	decide  subject × shape × comparison gives class and dimension (decide.go)
//	say     the reasons are sentences with the places that they speak of (explain.go)
//
//	symptom  the burn of an error budget; requests, jobs or messages that fail, as a number or share; how long callers
//	         wait; a probe from outside; no target left, or requests that stay away; the age of waiting work or of data
//	meta     a heartbeat; scrapes, rule evaluation and notifications
//	cause    resources and states inside, single targets, load, and work that no user waits for (compaction,
//	         replication, reconciliation, backups), even where it fails or is slow
//
// A label that declares the class is respected, and what was measured stays beside it. Names and texts of a rule say what
// somebody meant, not what is measured: they break ties only, and the judgement stays a guess then.
//
// Source of the distinction: Google SRE book, chapter 6 "Symptoms versus causes"; Prometheus documentation, "Alerting".
package measure

import (
	"fmt"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// Options says what an organisation calls things.
type Options struct {
	ClassLabels []string // rule labels that declare the class, the first that is there decides
}

// DefaultOptions gives the usual names.
func DefaultOptions() Options { return Options{ClassLabels: []string{"alert_type", "alert_class"}} }

// Meter judges the rules and indicators of one estate. It may be used by many goroutines at once.
type Meter struct {
	options    Options
	recordings map[string][]recording  // by the name of what they record
	slos       map[string]*catalog.SLO // by name
}

// New prepares to judge the rules of an estate, through whose recording rules expressions are expanded.
func New(estate *catalog.Estate, o Options) *Meter {
	m := &Meter{options: o, recordings: newRecordings(estate.Recordings), slos: map[string]*catalog.SLO{}}
	for _, s := range estate.SLOs {
		m.slos[s.Name.Value] = s
	}
	return m
}

// Alert says what an alerting rule measures.
func (m *Meter) Alert(a *catalog.AlertRule) Judgement {
	j := m.measured(a)
	if class, why := m.declared(a); class != "" {
		return declare(j, class, why)
	}
	return j
}

// measured judges a rule by what its labels say about an SLO, else by its expression.
func (m *Meter) measured(a *catalog.AlertRule) Judgement {
	j := m.expression(a)
	if j.Class == Symptom && j.Confidence == High {
		return j
	}
	if promised, ok := m.ofSLO(a, j); ok {
		return promised
	}
	return breakTie(a, j)
}

// expression judges a rule by its expression alone.
func (m *Meter) expression(a *catalog.AlertRule) Judgement {
	q := a.Expr
	switch {
	case q.Error != "":
		return undecided("its expression does not parse", q.At)
	case q.Lang == catalog.LogQL:
		return m.logs(a)
	case q.Lang != catalog.PromQL:
		return undecided(fmt.Sprintf("its query is not in PromQL or LogQL but in %s", describeLang(q.Lang)), q.At)
	}
	expr, offsets, err := promql.Expr(q)
	if err != nil {
		return undecided("its expression does not parse", q.At)
	}
	r := &reader{meter: m, source: source{query: q, offsets: offsets}}
	if a.Format == "grafana" {
		expr = r.chained(a, expr)
	}
	return r.judge(expr)
}

func describeLang(l catalog.Lang) string {
	if l == catalog.OtherLang {
		return "another language"
	}
	return string(l)
}

func undecided(why string, at catalog.Place) Judgement {
	return Judgement{Class: Unknown, Measured: Unknown, Confidence: Low, Reasons: []Reason{{why, at}}}
}
