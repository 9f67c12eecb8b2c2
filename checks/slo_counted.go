package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// counted is one metric that is counted, with the selectors of a recording rule in place of what it records.
type counted struct {
	catalog.Selector
	node *parser.VectorSelector // in the query
	path []parser.Node          // from the query to the node
	// recorded says that the selector stands in the expression of a rule that records what the node selects.
	recorded bool
}

// ranged reports whether a range of samples is looked at.
func (c counted) ranged() bool {
	return c.recorded || slices.ContainsFunc(c.path, func(n parser.Node) bool {
		switch n.(type) {
		case *parser.MatrixSelector, *parser.SubqueryExpr:
			return true
		}
		return false
	})
}

// calls reports whether one of the functions is applied to what is counted.
func (c counted) calls(functions ...string) bool {
	return slices.ContainsFunc(c.path, func(n parser.Node) bool {
		call, ok := n.(*parser.Call)
		return ok && slices.Contains(functions, call.Func.Name)
	})
}

// groupedBy reports whether an aggregation around what is counted keeps a label apart.
func (c counted) groupedBy(label string) bool {
	return slices.ContainsFunc(c.path, func(n parser.Node) bool {
		a, ok := n.(*parser.AggregateExpr)
		return ok && slices.Contains(a.Grouping, label) != a.Without
	})
}

func (c counted) matcher(label string) (catalog.Matcher, bool) {
	i := slices.IndexFunc(c.Matchers, func(m catalog.Matcher) bool { return m.Name == label })
	if i < 0 {
		return catalog.Matcher{}, false
	}
	return c.Matchers[i], true
}

// templated reports whether something that is filled in later may add matchers.
func (c counted) templated() bool {
	return slices.ContainsFunc(c.Matchers, func(m catalog.Matcher) bool { return variable(m.Name) || strings.Contains(m.Name, "{{") })
}

// fails reports whether what is counted are surely failures, by its matchers or its name.
func (c counted) fails() bool {
	return slices.ContainsFunc(c.Matchers, func(m catalog.Matcher) bool { return !inverted(m) && leavesFailures(m) }) || failedName.MatchString(plainName(c.Metric))
}

// succeeds reports whether what is counted are surely no failures.
func (c counted) succeeds() bool {
	return slices.ContainsFunc(c.Matchers, func(m catalog.Matcher) bool { return !inverted(m) && leavesSuccesses(m) }) || succeededName.MatchString(plainName(c.Metric))
}

var (
	failedName    = nameWords(`fail fails failed failures? errors? errored rejected dropped timeouts? exceptions? 5xx`)
	succeededName = nameWords(`success successes successful succeeded`)
)

// inverted reports whether a label is named after the failure, so that its values mean the reverse: error="false".
func inverted(m catalog.Matcher) bool {
	name := strings.ToLower(m.Name)
	return strings.Contains(name, "error") || strings.Contains(name, "exception") || strings.Contains(name, "fail")
}

// leavesSuccesses reports whether a matcher on an outcome selects successes and no failure, or takes failures away.
func leavesSuccesses(m catalog.Matcher) bool {
	if !outcomes.MatchString(m.Name) || variable(m.Value) || m.Value == "" {
		return false
	}
	matches := valueMatcher(m)
	success, failure := slices.ContainsFunc(successValues, matches), slices.ContainsFunc(failureValues, matches)
	if m.Op == "=" || m.Op == "=~" {
		return success && !failure
	}
	return failure && !success // what the matcher excludes
}
