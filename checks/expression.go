package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// expression is the syntax tree of an alert's expression with the rule around it.
type expression struct {
	rule    *catalog.AlertRule
	tree    parser.Expr
	offsets promql.Offsets
}

// newExpression parses the PromQL of an alert.
func newExpression(rule *catalog.AlertRule) (expression, error) {
	tree, offsets, err := promql.Expr(rule.Expr)
	return expression{rule, tree, offsets}, err
}

// fault is what is wrong with an expression or the texts that are filled in from it, with the way out.
type fault struct {
	at   catalog.Place
	text string
}

func (e expression) faults(settings *Settings, recordings []*catalog.RecordingRule) []fault {
	return slices.Concat(
		e.withoutComparison(recordings),
		e.shortRanges(settings.RateRangeMinimum),
		e.hastyAbsence(settings.RateRangeMinimum),
		e.rawCounters(),
		e.ratesOfGauges(),
		e.lostLabels(),
		e.valuesInLabels(),
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

// withoutComparison finds an expression that fires whenever its series exist. A heartbeat is meant to, and so is a
// metric that exists only while something is wrong: one that records a comparison, or is selected by a label that
// describes a state. Grafana compares outside of the expression.
func (e expression) withoutComparison(recordings []*catalog.RecordingRule) []fault {
	if e.rule.Format == "grafana" || decides(e.tree, recordings, 0) {
		return nil
	}
	return []fault{{e.rule.Expr.At, "its expression compares nothing, so it fires whenever its series exist. compare the result, as in > 0"}}
}

// maxRecorded is how many recording rules are followed from one to the next.
const maxRecorded = 4

// decides reports whether an expression gives something only at times, or is constant.
func decides(expr parser.Expr, recordings []*catalog.RecordingRule, depth int) bool {
	selects, found := false, false
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		switch n := n.(type) {
		case *parser.BinaryExpr:
			found = found || n.Op.IsComparisonOperator() && !n.ReturnBool || n.Op == parser.LUNLESS
		case *parser.Call:
			found = found || strings.HasPrefix(n.Func.Name, "absent")
		case *parser.VectorSelector:
			selects = true
			found = found || selectsState(n, path) || recordsDecision(n.Name, recordings, depth)
		}
		return nil
	})
	return found || !selects
}

// identifying are labels that say whose a series is, beside those by which targets are told from each other.
var identifying = []string{"cluster", "cluster_id", "environment", "env", "region", "zone", "datacenter", "handler", "path", "method", "device", "mountpoint", "quantile", "le", "code", "status"}

// selectsState reports whether a selector may select nothing while all is well: it names no metric, ALERTS or a
// describing one, or it asks for a label that is more than an identity. In a range it counts what happened.
func selectsState(s *parser.VectorSelector, path []parser.Node) bool {
	if len(path) > 0 {
		if _, ranged := path[len(path)-1].(*parser.MatrixSelector); ranged {
			return false
		}
	}
	if s.Name == "" || s.Name == "ALERTS" || strings.HasSuffix(s.Name, "_info") {
		return true
	}
	return slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool {
		return m.Name != model.MetricNameLabel && !slices.Contains(narrowing, m.Name) && !slices.Contains(identifying, m.Name)
	})
}

// recordsDecision reports whether a metric is recorded by a rule that gives something only at times.
func recordsDecision(metric string, recordings []*catalog.RecordingRule, depth int) bool {
	i := slices.IndexFunc(recordings, func(r *catalog.RecordingRule) bool { return r.Name.Value == metric })
	if i < 0 || depth == maxRecorded {
		return false
	}
	recorded, _, err := promql.Expr(recordings[i].Expr)
	return err != nil || decides(recorded, recordings, depth+1)
}
