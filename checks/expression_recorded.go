package checks

import (
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// recordings answers what the recording rules of the estate tell about the metrics of one expression. Rules are followed
// from one to the next, but no more than mostRecorded of them. The zero value knows of no rules.
type recordings struct {
	byName    map[string][]*catalog.RecordingRule
	followed  int
	labels    map[string]labelSet // by metric; while a metric is worked out its set is open
	decisions map[string]bool
}

const (
	// mostRecorded is how many recording rules are read for one expression.
	mostRecorded = 100
	// maxRecorded is how many recording rules are followed from one to the next where no more than that is told of them.
	maxRecorded = 4
)

func newRecordings(byName map[string][]*catalog.RecordingRule) *recordings {
	return &recordings{byName: byName, labels: map[string]labelSet{}, decisions: map[string]bool{}}
}

// recordedExpr is the expression of a recording rule with the rule around it.
type recordedExpr struct {
	rule *catalog.RecordingRule
	tree parser.Expr
}

// exprs gives the expressions that are recorded under a name; ok is false when there are none or one is not understood.
func (r *recordings) exprs(metric string) (all []recordedExpr, ok bool) {
	rules := r.byName[metric]
	if metric == "" || len(rules) == 0 || r.followed+len(rules) > mostRecorded {
		return nil, false
	}
	r.followed += len(rules)
	for _, rule := range rules {
		if rule.Expr.Error != "" {
			return nil, false
		}
		tree, _, err := promql.Expr(rule.Expr)
		if err != nil {
			return nil, false
		}
		all = append(all, recordedExpr{rule, tree})
	}
	return all, true
}

// labelsRecorded gives the labels that the series of a metric can have: any when no rule of the estate records it.
func (r *recordings) labelsRecorded(metric string) labelSet {
	if r.byName == nil {
		return anyLabels
	}
	if set, known := r.labels[metric]; known {
		return set
	}
	r.labels[metric] = anyLabels // of a rule that reads what it writes
	all, ok := r.exprs(metric)
	if !ok {
		return anyLabels
	}
	set := onlyLabels()
	for _, e := range all {
		one := r.labelsOf(e.tree)
		for _, l := range e.rule.Labels {
			one = one.with(l.Key)
		}
		set = set.or(one)
	}
	set.loose = true
	r.labels[metric] = set
	return set
}

// decidesRecorded reports whether a metric is recorded by rules that give something only at times.
func (r *recordings) decidesRecorded(metric string) bool {
	if r.byName == nil {
		return false
	}
	if decides, known := r.decisions[metric]; known {
		return decides
	}
	r.decisions[metric] = false
	if len(r.byName[metric]) == 0 {
		return false
	}
	all, ok := r.exprs(metric)
	decides := !ok // nobody is blamed for what is not understood
	for _, e := range all {
		decides = decides || !r.alwaysGives(e.tree)
	}
	r.decisions[metric] = decides
	return decides
}
