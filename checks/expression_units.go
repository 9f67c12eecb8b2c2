package checks

import (
	"regexp"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// millisecondsName matches the names of metrics in milliseconds.
var millisecondsName = regexp.MustCompile(`_(?:ms|millis|milliseconds)$`)

// mixedUnits finds times in milliseconds beside time(), which gives seconds.
// Source: Prometheus documentation, "Query functions": time.
func (e expression) mixedUnits() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.SUB && !b.Op.IsComparisonOperator() {
			return nil
		}
		for _, sides := range [][2]parser.Expr{{b.LHS, b.RHS}, {b.RHS, b.LHS}} {
			if s := rawSelector(sides[1]); s != nil && millisecondsName.MatchString(s.Name) && isNow(sides[0]) {
				faults = append(faults, e.fault(s, "%s is in milliseconds by its name, and time() in seconds. divide it by 1000", s.Name))
			}
		}
		return nil
	})
	return faults
}

// isNow recognises time(), time() - 3600 and the like.
func isNow(expr parser.Expr) bool {
	switch x := promql.Plain(expr).(type) {
	case *parser.Call:
		return x.Func.Name == "time"
	case *parser.BinaryExpr:
		return (x.Op == parser.ADD || x.Op == parser.SUB) && isNow(x.LHS) && len(selectorNames(x.RHS)) == 0
	}
	return false
}
