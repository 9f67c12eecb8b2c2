package checks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// parseWait gives the duration that a rule states, 0 for none; known is false for what a template fills in.
func parseWait(text catalog.Text) (wait time.Duration, known bool) {
	if strings.TrimSpace(text.Value) == "" {
		return 0, true
	}
	d, err := model.ParseDuration(strings.TrimSpace(text.Value))
	return time.Duration(d), err == nil
}

// unreadableWaits finds durations that stop the rule file from being loaded.
func unreadableWaits(rule *catalog.AlertRule) []fault {
	var faults []fault
	for _, w := range []struct {
		key  string
		text catalog.Text
	}{{"for", rule.For}, {"keep_firing_for", rule.KeepFiringFor}} {
		if _, known := parseWait(w.text); !known && !strings.ContainsAny(w.text.Value, "${<[") {
			faults = append(faults, fault{w.text.At, fmt.Sprintf("%s: %q is no duration. write it as in 5m or 1h30m", w.key, w.text.Value)})
		}
	}
	return faults
}

// volatileRates finds irate(), which looks at the last two samples only, in an alert that waits: a single quiet moment
// begins the wait anew.
// Source: Prometheus documentation, "Query functions": irate.
func (e expression) volatileRates() []fault {
	wait, known := parseWait(e.rule.For)
	if !known || wait == 0 {
		return nil
	}
	var faults []fault
	for _, c := range e.calls("irate", "idelta") {
		faults = append(faults, e.fault(c, "%s() looks at two samples only, so one quiet moment begins for: %s anew. use rate() or delta()", c.Func.Name, e.rule.For.Value))
	}
	return faults
}

// changingTops finds topk() and bottomk() whose series become the alert, in an alert that waits: as soon as another
// series is at the top, the wait of the one before is over.
// Source: pint's promql/fragile.
func (e expression) changingTops() []fault {
	wait, known := parseWait(e.rule.For)
	if !known || wait == 0 {
		return nil
	}
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, path []parser.Node) error {
		a, ok := n.(*parser.AggregateExpr)
		if ok && (a.Op == parser.TOPK || a.Op == parser.BOTTOMK) && len(a.Grouping) == 0 && !joined(path) {
			faults = append(faults, e.fault(a, "%s gives other series from one evaluation to the next, and each begins for: %s anew. compare all of them", a.Op, e.rule.For.Value))
		}
		return nil
	})
	return faults
}

// joined reports whether what a node gives is aggregated or joined with other series: topk() then often only takes one
// series of several copies.
func joined(path []parser.Node) bool {
	return slices.ContainsFunc(path, func(n parser.Node) bool {
		if b, ok := n.(*parser.BinaryExpr); ok {
			return b.VectorMatching != nil
		}
		_, ok := n.(*parser.AggregateExpr)
		return ok
	})
}
