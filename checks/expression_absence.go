package checks

import (
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

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

// blindAbsence finds absent() that cannot see what it is to see: of something that is always there, or of groups, of which
// it only notices that all are gone.
// Source: pint's alerts/absent and promql/aggregate.
func (e expression) blindAbsence() []fault {
	var faults []fault
	for _, c := range e.calls("absent", "absent_over_time") {
		switch a, isAggregation := promql.Plain(c.Args[0]).(*parser.AggregateExpr); {
		case everThere(c.Args[0]):
			faults = append(faults, e.fault(c, "%q never fires: what it looks for is always there. take the constant out of it", e.quoted(c)))
		case isAggregation && !a.Without && len(a.Grouping) > 0 && !e.filledIn(c):
			faults = append(faults, e.fault(c, "%q fires only when every group is gone, and tells of none which it was. "+
				"write one absent() for each, or compare with what was there: … offset 1h unless …", e.quoted(c)))
		}
	}
	return faults
}

// everThere reports whether an expression has a result at all times.
func everThere(expr parser.Expr) bool {
	switch x := promql.Plain(expr).(type) {
	case *parser.Call:
		return x.Func.Name == "vector"
	case *parser.AggregateExpr:
		return x.Op != parser.LIMIT_RATIO && everThere(x.Expr)
	case *parser.BinaryExpr:
		return x.Op == parser.LOR && (everThere(x.LHS) || everThere(x.RHS))
	}
	return false
}
