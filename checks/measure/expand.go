package measure

import (
	"slices"
	"sync"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// recording is one recording rule of an estate, parsed when it is first read.
type recording struct {
	*catalog.RecordingRule
	parse func() parsedRecording
}

type parsedRecording struct {
	expr    parser.Expr // nil when it does not parse
	offsets promql.Offsets
}

// newRecordings gives the recording rules of an estate by the name of what they record.
func newRecordings(rules []*catalog.RecordingRule) map[string][]recording {
	all := map[string][]recording{}
	for _, rule := range rules {
		all[rule.Name.Value] = append(all[rule.Name.Value], recording{rule, sync.OnceValue(func() parsedRecording {
			if rule.Expr.Error != "" {
				return parsedRecording{}
			}
			expr, offsets, err := promql.Expr(rule.Expr)
			if err != nil {
				return parsedRecording{}
			}
			return parsedRecording{expr, offsets}
		})})
	}
	return all
}

// records reports whether a rule can record what a selector selects: no label that the rule sets is asked to have another
// value. SLO tools record every SLO under the same names, told apart by such labels.
func (r recording) records(matchers []*labels.Matcher) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool {
		label, set := catalog.FindLabel(r.Labels, m.Name)
		return set && !m.Matches(label.Value)
	})
}

// recordedAs gives the rule whose series a selector reads. The first of several speaks for all.
func (m *Meter) recordedAs(s *parser.VectorSelector) (recording, bool) {
	for _, r := range m.recordings[s.Name] {
		if s.Name != "" && r.records(s.LabelMatchers) {
			return r, true
		}
	}
	return recording{}, false
}

// recorded is a series that a rule of the estate records, as it stands in the expression.
type recorded struct {
	metric string
	rule   *catalog.RecordingRule
	at     catalog.Place // of the series
	outer  *recorded     // the recorded series in whose rule it stands, or nil
}

func (v *recorded) contains(metric string) bool {
	return v != nil && (v.metric == metric || v.outer.contains(metric))
}

func (v *recorded) depth() int {
	if v == nil {
		return 0
	}
	return 1 + v.outer.depth()
}

// maxRecorded is how many recording rules are followed from one to the next.
const maxRecorded = 6

// maxOpened bounds how many recording rules are read for one expression.
const maxOpened = 100

// recorded reads what the estate records under the name of a series. A name that says more than the rule behind it, as
// those of SLO tools do, is left alone, and so is a rule that reads what it records.
func (r *reader) recorded(s *parser.VectorSelector) (operand, bool) {
	found, ok := r.meter.recordedAs(s)
	if !ok || r.opened >= maxOpened || r.via.contains(s.Name) || r.via.depth() >= maxRecorded {
		return operand{}, false
	}
	if e := known().find(recordedName(s.Name)); e != nil && e.side == harm {
		return operand{}, false
	}
	rule := found.parse()
	if rule.expr == nil {
		return operand{}, false
	}
	r.opened++
	outer := *r
	r.via = &recorded{s.Name, found.RecordingRule, r.place(s), r.via}
	r.carried = slices.Concat(kept(s.LabelMatchers), r.carried)
	r.source = source{query: found.Expr, offsets: rule.offsets}
	o := r.operand(rule.expr)
	r.via, r.carried, r.source = outer.via, outer.carried, outer.source
	if o.vacant() {
		return operand{}, false
	}
	if s.OriginalOffset > 0 {
		for i := range o.parts {
			o.parts[i].past = true
		}
	}
	o.node, o.at = s, r.place(s)
	return o, true
}

func recordedName(metric string) string {
	name, _ := cutRecorded(metric)
	return normal(name)
}

func kept(matchers []*labels.Matcher) []*labels.Matcher {
	return slices.DeleteFunc(slices.Clone(matchers), func(m *labels.Matcher) bool { return m.Name == model.MetricNameLabel })
}

// Series gives the series behind a query: each in the order of the text, a recorded one followed by what its rules read,
// down to series that no rule of the estate records. Matchers for one value on a recorded series are carried to what it
// is recorded of where the rule keeps the label; Offset is that of the selector in the query itself. A query that does
// not parse, or is not PromQL, gives none.
func (m *Meter) Series(q catalog.Query) []catalog.Selector {
	if q.Lang != catalog.PromQL || q.Error != "" {
		return nil
	}
	expr, offsets, err := promql.Expr(q)
	if err != nil {
		return nil
	}
	f := follower{meter: m}
	for _, s := range selectorsOf(expr) {
		f.offset = offsets.Original(s.PosRange.Start)
		f.follow(s, nil, nil)
	}
	return f.all
}

// follower gathers the series behind a selector.
type follower struct {
	meter  *Meter
	offset int
	all    []catalog.Selector
}

// maxSeries bounds how many series a query is followed to.
const maxSeries = 256

func (f *follower) follow(s *parser.VectorSelector, carried []catalog.Matcher, above []string) {
	if len(f.all) >= maxSeries {
		return
	}
	selector := catalog.Selector{Metric: s.Name, Matchers: matchersOf(s.LabelMatchers), Offset: f.offset}
	for _, c := range carried {
		if !slices.ContainsFunc(selector.Matchers, func(own catalog.Matcher) bool { return own.Name == c.Name }) {
			selector.Matchers = append(selector.Matchers, c)
		}
	}
	f.all = append(f.all, selector)
	if s.Name == "" || len(above) >= maxRecorded {
		return
	}
	above = append(slices.Clone(above), s.Name)
	for _, rule := range f.meter.recordings[s.Name] {
		expr := rule.parse().expr
		if expr == nil || !rule.records(s.LabelMatchers) {
			continue
		}
		for _, inner := range selectorsOf(expr) {
			if slices.Contains(above, inner.Name) {
				continue // it records itself
			}
			f.follow(inner, keptBy(rule.RecordingRule, expr, selector.Matchers), above)
		}
	}
}

// keptBy gives the matchers for one value on labels that a recording keeps from what it reads: those that it does not
// set itself, and that its outermost aggregation does not drop.
func keptBy(rule *catalog.RecordingRule, expr parser.Expr, matchers []catalog.Matcher) []catalog.Matcher {
	var all []catalog.Matcher
	for _, m := range matchers {
		_, set := catalog.FindLabel(rule.Labels, m.Name)
		if m.Op == "=" && m.Value != "" && !set && keepsLabel(expr, m.Name) {
			all = append(all, m)
		}
	}
	return all
}

// keepsLabel reports whether the outermost aggregation of an expression keeps a label, as far as that is seen.
func keepsLabel(e parser.Expr, label string) bool {
	switch e := promql.Plain(e).(type) {
	case *parser.AggregateExpr:
		if e.Op == parser.TOPK || e.Op == parser.BOTTOMK {
			return true
		}
		return slices.Contains(e.Grouping, label) != e.Without
	case *parser.BinaryExpr:
		return keepsLabel(e.LHS, label)
	}
	return true
}

func selectorsOf(expr parser.Expr) []*parser.VectorSelector {
	var all []*parser.VectorSelector
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			all = append(all, s)
		}
		return nil
	})
	return all
}

func matchersOf(matchers []*labels.Matcher) []catalog.Matcher {
	var all []catalog.Matcher
	for _, m := range kept(matchers) {
		all = append(all, catalog.Matcher{Name: m.Name, Op: m.Type.String(), Value: m.Value})
	}
	return all
}
