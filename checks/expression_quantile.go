package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/promql"
)

// wrongQuantiles finds quantiles that give infinity, nothing, or the figure of another time.
// Source: Prometheus documentation, "Query functions" (histogram_quantile) and "Operators" (quantile).
func (e expression) wrongQuantiles() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		switch x := n.(type) {
		case *parser.AggregateExpr:
			if x.Op == parser.QUANTILE {
				faults = append(faults, e.outsideOfQuantiles(x.Param)...)
			}
		case *parser.Call:
			switch x.Func.Name {
			case "quantile_over_time":
				faults = append(faults, e.outsideOfQuantiles(x.Args[0])...)
			case "histogram_quantile":
				faults = append(faults, e.outsideOfQuantiles(x.Args[0])...)
				faults = append(faults, e.wrongBuckets(x.Args[1])...)
			}
		}
		return nil
	})
	return faults
}

func (e expression) outsideOfQuantiles(q parser.Expr) []fault {
	n, ok := promql.Plain(q).(*parser.NumberLiteral)
	if !ok || n.Val >= 0 && n.Val <= 1 || e.filledIn(q) {
		return nil
	}
	return []fault{e.fault(q, "the quantile %s is not within 0 and 1, so its result is infinite. write 95 percent as 0.95", e.quoted(q))}
}

// wrongBuckets judges what histogram_quantile() is taken of, when that is a classic histogram by its name.
func (e expression) wrongBuckets(buckets parser.Expr) []fault {
	if !isClassic(buckets) || e.filledIn(buckets) {
		return nil
	}
	if set := e.recorded.labelsOf(buckets); !set.has("le") && !set.has("vmrange") { // VictoriaMetrics has buckets of its own
		return []fault{e.fault(buckets, "histogram_quantile() gives nothing without the label le: %s. add le to by (…)", set)}
	}
	if !overRange(buckets) {
		return []fault{e.fault(buckets, "histogram_quantile() of %q looks at everything since the process began, so it hardly changes. take rate(…[5m]) of the buckets", e.quoted(buckets))}
	}
	return nil
}

// isClassic reports whether an expression is of the buckets of a histogram and nothing else.
func isClassic(expr parser.Expr) bool {
	found := false
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			found = found || strings.HasSuffix(s.Name, "_bucket") && !strings.Contains(s.Name, ":")
		}
		return nil
	})
	return found && !slices.ContainsFunc(selectorNames(expr), func(name string) bool { return !strings.HasSuffix(name, "_bucket") })
}

func selectorNames(expr parser.Expr) []string {
	var names []string
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			names = append(names, s.Name)
		}
		return nil
	})
	return names
}
