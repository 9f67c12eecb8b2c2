// Package measure says what an alert measures: the service as its users see it (a symptom), its inside (a cause), or
// the monitoring itself (meta). It never says whether that is good.
//
// A declared label decides; else the shapes of the expression do, which are those below. What has none of them is
// Unknown, which is an honest answer. The alert's name, severity and texts are not looked at: they say what somebody
// meant, not what is measured.
//
//	symptom  the burn of an SLO's error budget
//	         a rate of failed requests, jobs or messages, or the share of failures or successes in a whole
//	         a quantile or mean of how long requests take
//	         a probe from outside; no target or instance that is left; requests that stay away
//	         the age of waiting work, and the time since work last succeeded
//	meta     a heartbeat, the scrapes, rules and notifications of the monitoring
//	cause    resources and states inside, single targets, and work that no user waits for (compaction, replication,
//	         reconciliation, backups, reloads), even where it fails or is slow
//
// Source of the distinction: Google SRE book, chapter 6 "Symptoms versus causes"; Prometheus documentation, "Alerting".
package measure

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// Meter judges the rules and indicators of one estate. It may be used by many goroutines at once.
type Meter struct {
	recordings map[string][]*catalog.RecordingRule // by the name of what they record
}

// New prepares to judge the rules of an estate, through whose recording rules expressions are expanded.
func New(estate *catalog.Estate) *Meter {
	m := &Meter{recordings: map[string][]*catalog.RecordingRule{}}
	for _, r := range estate.Recordings {
		m.recordings[r.Name.Value] = append(m.recordings[r.Name.Value], r)
	}
	return m
}

// declaring are the rule labels that declare the class.
var declaring = []string{"alert_type", "alert_class"}

// Alert says what an alerting rule measures.
func (m *Meter) Alert(a *catalog.AlertRule) Judgement {
	for _, key := range declaring {
		if label, ok := a.Label(key); ok {
			if class, ok := declaredClass(label.Value); ok {
				return decided(class, "its label "+key+" says "+string(class), label.At)
			}
		}
	}
	if label, ok := a.Label("sloth_severity"); ok {
		return decided(Symptom, "it is the burn-rate alert that Sloth generates from an SLO", label.At)
	}
	if a.Expr.Lang != catalog.PromQL {
		return decided(Unknown, "its expression is "+string(a.Expr.Lang)+", which is not judged yet", a.Expr.At)
	}
	expr, offsets, err := promql.Expr(a.Expr)
	if err != nil || a.Expr.Error != "" {
		return decided(Unknown, "its expression does not parse", a.Expr.At)
	}
	j := judge(expr)
	return decided(j.class, j.reason, j.at(a, offsets))
}

func decided(class Class, reason string, at catalog.Place) Judgement {
	return Judgement{Class: class, Measured: class, Confidence: Medium, Reasons: []Reason{{reason, at}}}
}

func declaredClass(word string) (Class, bool) {
	switch strings.ToLower(word) {
	case "symptom":
		return Symptom, true
	case "cause":
		return Cause, true
	case "meta", "heartbeat", "deadman":
		return Meta, true
	}
	return "", false
}

// positioned is a judgement with the node of the expression that decided it.
type positioned struct {
	class  Class
	reason string
	node   parser.Node
}

func (p positioned) at(a *catalog.AlertRule, offsets promql.Offsets) catalog.Place {
	if p.node == nil {
		return a.Expr.At
	}
	return a.Expr.Place(offsets.Original(p.node.PositionRange().Start))
}

// judge walks the expression: a symptom anywhere in it decides, for conditions on causes only narrow it; then the
// monitoring itself; then a cause.
func judge(expr parser.Expr) positioned {
	found := map[Class]positioned{}
	keep := func(class Class, reason string, node parser.Node) {
		if _, ok := found[class]; !ok {
			found[class] = positioned{class, reason, node}
		}
	}
	if constant(expr) {
		keep(Meta, "it selects no series: a heartbeat or a clock", expr)
	}
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		if s, ok := node.(*parser.VectorSelector); ok {
			c := newContext(s, path)
			class, reason := selector(c)
			if class == Symptom || class != Unknown && !c.narrows() {
				keep(class, reason, s)
			}
		}
		return nil
	})
	for _, class := range []Class{Symptom, Meta, Cause} {
		if p, ok := found[class]; ok {
			return p
		}
	}
	return positioned{class: Unknown, reason: "its expression has none of the shapes that are known"}
}

// constant reports whether an expression has a value whatever happens: vector(1), 1 == 1.
func constant(expr parser.Expr) bool {
	selects := false
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		if _, ok := node.(*parser.VectorSelector); ok {
			selects = true
		}
		return nil
	})
	return !selects
}
