package checks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// expression is the syntax tree of an alert's expression with the rule around it.
type expression struct {
	rule     *catalog.AlertRule
	tree     parser.Expr
	offsets  promql.Offsets
	recorded *recordings
}

// newExpression parses the PromQL of an alert. Nothing is known of recording rules then; see [expression.knowing].
func newExpression(rule *catalog.AlertRule) (expression, error) {
	tree, offsets, err := promql.Expr(rule.Expr)
	return expression{rule, tree, offsets, newRecordings(nil)}, err
}

// knowing gives the expression with the recording rules of the estate, by the names of what they record.
func (e expression) knowing(recorded map[string][]*catalog.RecordingRule) expression {
	e.recorded = newRecordings(recorded)
	return e
}

// fault is what is wrong with an expression or the texts that are filled in from it, with the way out.
type fault struct {
	at   catalog.Place
	text string
}

// faults gives everything that is wrong with the expression, in the order in which the kinds of faults stand here. A
// range of less than minimum may hold a single sample.
func (e expression) faults(minimum time.Duration) []fault {
	return slices.Concat(
		e.withoutComparison(),
		e.impossible(),
		e.contradictions(),
		e.contradictoryLimits(),
		e.unmatched(),
		e.lostGroups(),
		e.shortRanges(minimum),
		e.hastyAbsence(minimum),
		e.blindAbsence(),
		e.wrongQuantiles(),
		e.rawCounters(),
		e.ratesOfGauges(),
		e.changesOfCounters(),
		e.ratesOfSums(),
		e.mixedUnits(),
		e.volatileRates(),
		e.changingTops(),
		e.lostLabels(),
	)
}

func (e expression) fault(n parser.Node, format string, args ...any) fault {
	return fault{e.rule.Expr.Place(e.offsets.Original(n.PositionRange().Start)), fmt.Sprintf(format, args...)}
}

// text gives a node as it is written.
func (e expression) text(n parser.Node) string {
	at := n.PositionRange()
	start, end := e.offsets.Original(at.Start), e.offsets.Original(at.End)
	if start > end || end > len(e.rule.Expr.Text) {
		return ""
	}
	return e.rule.Expr.Text[start:end]
}

// filledIn reports whether a part of the node is filled in later, so that the tree holds a guess in its place.
func (e expression) filledIn(n parser.Node) bool {
	text := e.text(n)
	return text == "" || strings.ContainsAny(text, "$") || strings.Contains(text, "{{") || strings.Contains(text, "[[") || strings.Contains(text, "<%")
}
