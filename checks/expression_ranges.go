package checks

import (
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
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
