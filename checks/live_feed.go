package checks

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// feed says whether the metrics that something queries exist.
type feed struct {
	state   State    // Unmet when none of them does; "" when nothing can be told from metrics
	absent  []string // of an Unmet one
	waits   bool     // nothing can be told because all that it names are failures, of which there was none yet
	trouble *catalog.Trouble
}

// feedOf asks whether a query in PromQL can have a result: it has none when no metric that it names has had a series for a day. A
// metric that counts failures need not exist before the first, so queries of one are passed over, and so are those that are about
// absence, or that do not name all their metrics. source is the UID of the data source, "" for any.
func (l *liveEstate) feedOf(q catalog.Query, source string) feed {
	if q.Lang != catalog.PromQL || q.Error != "" || len(q.Selectors) == 0 || answersAbsence(q) {
		return feed{}
	}
	f, waits := feed{state: Unmet}, 0
	for _, s := range q.Selectors {
		if s.Metric == "" || variable(s.Metric) {
			return feed{}
		}
		answer, trouble := l.Metric(source, s.Metric)
		switch {
		case answer == catalog.Yes:
			return feed{state: Met}
		case failureWords.MatchString(plainName(s.Metric)):
			waits++
		case answer == catalog.No:
			f.absent = append(f.absent, s.Metric)
		default:
			f.trouble = trouble
		}
	}
	switch {
	case waits > 0:
		return feed{waits: waits == len(q.Selectors)}
	case f.trouble != nil:
		f.state = Undecided
	}
	slices.Sort(f.absent)
	f.absent = slices.Compact(f.absent)
	return f
}

// answersAbsence reports whether a query has a result when its series are gone.
func answersAbsence(q catalog.Query) bool {
	expr, _, err := promql.Expr(q)
	return err == nil && someNode(expr, func(n parser.Node) bool {
		c, ok := n.(*parser.Call)
		return ok && slices.Contains([]string{"absent", "absent_over_time", "vector"}, c.Func.Name)
	})
}

// feedOfPanel judges a panel by its queries: it is fed when one of them is, and dead when none is and all can be judged, but for
// those that wait for a failure.
func (l *liveEstate) feedOfPanel(p catalog.Panel, source string) feed {
	var sum feed
	unclear := p.Unresolved
	for _, q := range p.Queries {
		switch f := l.feedOf(q, source); {
		case f.state == Met:
			return f
		case f.state == Unmet:
			sum.absent = append(sum.absent, f.absent...)
		case f.state == Undecided:
			sum.trouble = f.trouble
		case !f.waits:
			unclear = true
		}
	}
	switch {
	case unclear:
		return feed{}
	case sum.trouble != nil:
		sum.state = Undecided
	case len(sum.absent) > 0:
		sum.state = Unmet
	}
	return sum
}

// metricSource gives the UID of the data source that a panel is tied to; "" stands for any, also for a variable, which somebody who
// looks at the dashboard may set.
func (l *liveEstate) metricSource(ref string) string {
	uid, ok := fixedSource(nil, ref)
	if !ok {
		return ""
	}
	if source := l.DataSource(uid); source != nil {
		return source.UID
	}
	return ""
}
