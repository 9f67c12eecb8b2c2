package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// unmatched finds operators whose sides have no labels in common by which they could match, so that the result is
// always empty, or, of unless, always the left side.
// Source: Prometheus documentation, "Operators": vector matching; pint's promql/vector_matching.
func (e expression) unmatched() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.VectorMatching == nil || b.Op == parser.LOR || b.LHS.Type() == parser.ValueTypeScalar || b.RHS.Type() == parser.ValueTypeScalar {
			return nil
		}
		if f := b.VectorMatching.FillValues; f.LHS != nil || f.RHS != nil || e.filledIn(b) {
			return nil
		}
		if why := e.mismatch(b); why != "" {
			faults = append(faults, e.fault(b.RHS, "the sides of %s never match, %s: %s", b.Op, consequence(b.Op), why))
		}
		return nil
	})
	return faults
}

func consequence(op parser.ItemType) string {
	if op == parser.LUNLESS {
		return "so nothing is taken away"
	}
	return "so there is no result"
}

// mismatch says why no series of the two sides can match, "" when they can.
func (e expression) mismatch(b *parser.BinaryExpr) string {
	left, right := e.recorded.labelsOf(b.LHS), e.recorded.labelsOf(b.RHS)
	sureLeft, sureRight := e.recorded.sureOf(b.LHS), e.recorded.sureOf(b.RHS)
	for _, n := range slices.Sorted(maps.Keys(sureLeft.both(sureRight))) {
		if !matchesOn(b.VectorMatching, n) {
			continue
		}
		v, onLeft := sureLeft[n]
		w, onRight := sureRight[n]
		switch {
		case onLeft && !right.has(n):
			return fmt.Sprintf("the left one has the label %q, and of the right one %s. %s", n, right, matchingWay(b, left, right, "group_left"))
		case onRight && !left.has(n):
			return fmt.Sprintf("the right one has the label %q, and of the left one %s. %s", n, left, matchingWay(b, left, right, "group_right"))
		case v != "" && w != "" && v != w:
			return fmt.Sprintf("the left one has %s=%q and the right one %s=%q. leave the label out of the matching with ignoring (%s) or on (…)", n, v, n, w, n)
		}
	}
	return e.mismatchOn(b, left, right)
}

// mismatchOn finds a label of on (…) that only one side can have, and a side without any label beside scraped series,
// all of which have some.
func (e expression) mismatchOn(b *parser.BinaryExpr, left, right labelSet) string {
	m := b.VectorMatching
	for _, n := range m.MatchingLabels {
		if m.On && left.has(n) != right.has(n) && !slices.Contains(outsideLabels, n) {
			side, set := "right", right
			if right.has(n) {
				side, set = "left", left
			}
			return fmt.Sprintf("they match on %q, and of the %s one %s. %s", n, side, set, matchingWay(b, left, right, ""))
		}
	}
	bare := func(s labelSet) bool { return s.closed && len(s.names) == 0 }
	if !m.On && (bare(right) && e.isScraped(b.LHS) || bare(left) && e.isScraped(b.RHS)) {
		return "one has no labels, and the other's series have those of their targets. match with on ()"
	}
	return ""
}

// isScraped reports whether an expression gives series as they were scraped, with the labels of their targets.
func (e expression) isScraped(expr parser.Expr) bool {
	switch x := expr.(type) {
	case *parser.ParenExpr:
		return e.isScraped(x.Expr)
	case *parser.MatrixSelector:
		return e.isScraped(x.VectorSelector)
	case *parser.VectorSelector:
		return x.Name != "" && !strings.Contains(x.Name, ":") && len(e.recorded.byName[x.Name]) == 0
	case *parser.Call:
		switch x.Func.Name {
		case "absent", "absent_over_time", "scalar", "vector":
			return false
		}
		return len(x.Args) > 0 && slices.ContainsFunc(x.Args, e.isScraped)
	case *parser.BinaryExpr:
		if x.VectorMatching == nil || x.Op == parser.LAND || x.Op == parser.LUNLESS {
			return e.isScraped(x.LHS) || x.LHS.Type() == parser.ValueTypeScalar && e.isScraped(x.RHS)
		}
	}
	return false
}

// matchesOn reports whether two series must agree in a label to match.
func matchesOn(m *parser.VectorMatching, label string) bool {
	return slices.Contains(m.MatchingLabels, label) == m.On
}

// matchingWay gives the way out: the labels that both sides have, or none, and the side that has more of them.
func matchingWay(b *parser.BinaryExpr, left, right labelSet, more string) string {
	if b.VectorMatching.On {
		return "aggregate both by the labels that they are to match on"
	}
	common := onlyLabels()
	for n := range left.names {
		if left.closed && right.has(n) {
			common.names[n] = true
		}
	}
	for n := range right.names {
		if right.closed && left.has(n) {
			common.names[n] = true
		}
	}
	if more != "" && !b.Op.IsSetOperator() {
		more = " " + more
	} else {
		more = ""
	}
	return "match on (" + strings.Join(sortedNames(common.names), ", ") + ")" + more + ", or aggregate both by the same labels"
}

// lostGroups finds aggregations by labels that what they aggregate has lost, and group_left of labels that the other side
// does not have.
func (e expression) lostGroups() []fault {
	var faults []fault
	parser.Inspect(e.tree, func(n parser.Node, _ []parser.Node) error {
		switch x := n.(type) {
		case *parser.AggregateExpr:
			if set := e.recorded.labelsOf(x.Expr); !x.Without && !e.filledIn(x) {
				for _, name := range lacking(set, x.Grouping) {
					faults = append(faults, e.fault(x, "%s by (%s) asks for a label that is gone: of what it aggregates %s. keep it in the inner aggregation", x.Op, name, set))
				}
			}
		case *parser.BinaryExpr:
			faults = append(faults, e.lostIncludes(x)...)
		case *parser.VectorSelector:
			faults = append(faults, e.lostMatchers(x)...)
		}
		return nil
	})
	return faults
}

// lacking gives the names that a closed set does not hold.
func lacking(set labelSet, names []string) []string {
	var gone []string
	for _, n := range names {
		if set.closed && !set.has(n) && !slices.Contains(outsideLabels, n) {
			gone = append(gone, n)
		}
	}
	return gone
}

func (e expression) lostIncludes(x *parser.BinaryExpr) []fault {
	m := x.VectorMatching
	if m == nil || len(m.Include) == 0 {
		return nil
	}
	word, one := "group_left", x.RHS
	if m.Card == parser.CardOneToMany {
		word, one = "group_right", x.LHS
	}
	set := e.recorded.labelsOf(one)
	var faults []fault
	for _, n := range lacking(set, m.Include) {
		faults = append(faults, e.fault(one, "%s (%s) copies a label that is not there: of the side that it is to come from %s. keep it there", word, n, set))
	}
	return faults
}

// lostMatchers finds matchers of a recorded metric on labels that its recording rule drops.
func (e expression) lostMatchers(s *parser.VectorSelector) []fault {
	set := e.recorded.labelsOf(s)
	if e.filledIn(s) {
		return nil
	}
	var faults []fault
	for n := range sureOfMatchers(s.LabelMatchers) {
		if len(lacking(set, []string{n})) > 0 {
			faults = append(faults, e.fault(s, "%q selects nothing: it asks for the label %q, which the recording rule drops: %s. keep it in the rule", e.quoted(s), n, set))
		}
	}
	slices.SortFunc(faults, func(a, b fault) int { return strings.Compare(a.text, b.text) })
	return faults
}
