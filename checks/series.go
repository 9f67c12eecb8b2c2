package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// asked is a query of a service's evidence with the thing that asks it.
type asked struct {
	query  *catalog.Query
	tree   *tree  // of the query
	by     string // `alert "CheckoutErrors"`, `panel "Errors" of dashboard "Checkout"`
	record string // the name that the result is recorded under; "" when it is not recorded
	link   catalog.Link
}

// tree is the syntax tree of a query, parsed when it is first asked for: several checks look at each query.
type tree struct {
	once    sync.Once
	expr    parser.Expr
	offsets promql.Offsets
	err     error
}

func (a asked) parse() (parser.Expr, promql.Offsets, error) {
	if a.tree == nil {
		return promql.Expr(*a.query)
	}
	a.tree.once.Do(func() { a.tree.expr, a.tree.offsets, a.tree.err = promql.Expr(*a.query) })
	return a.tree.expr, a.tree.offsets, a.tree.err
}

// series is one metric that a query selects, with what the query does to it.
type series struct {
	asked
	metric   string // its name; the pattern when it is selected by one
	pattern  bool   // metric is a pattern or holds a variable
	matchers []catalog.Matcher
	at       catalog.Place
	rated    bool     // a rate or increase is taken
	quantile bool     // a quantile or fraction of a histogram is taken
	aged     bool     // it is subtracted from the time, so that it is an age
	grouped  []string // labels that the values are grouped by
}

var (
	rates      = []string{"rate", "increase", "irate"}
	histograms = []string{"histogram_quantile", "histogram_quantiles", "histogram_fraction", "histogram_avg", "histogram_sum"}
)

// seriesOf gives every metric that a query selects, in the order of the syntax tree. ok is false for a query whose text
// cannot be judged: it is not PromQL, or a template explains why it does not parse.
func seriesOf(a asked) (found []series, ok bool) {
	if a.query.Lang != catalog.PromQL {
		return nil, false
	}
	if a.query.Error != "" {
		return nil, !promql.ByTemplate(*a.query)
	}
	expr, offsets, err := a.parse()
	if err != nil {
		return nil, true // reported by the checks on expressions
	}
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		if v, is := node.(*parser.VectorSelector); is {
			s := newSeries(a, v)
			s.at = a.query.Place(offsets.Original(v.PosRange.Start))
			s.treat(append(slices.Clone(path), node))
			found = append(found, s)
		}
		return nil
	})
	return found, true
}

func newSeries(a asked, v *parser.VectorSelector) series {
	s := series{asked: a, metric: v.Name}
	for _, m := range v.LabelMatchers {
		switch {
		case m.Name != model.MetricNameLabel:
			s.matchers = append(s.matchers, catalog.Matcher{Name: m.Name, Op: m.Type.String(), Value: m.Value})
		case s.metric == "" && (m.Type == labels.MatchEqual || m.Type == labels.MatchRegexp):
			s.metric, s.pattern = m.Value, m.Type == labels.MatchRegexp
		}
	}
	s.pattern = s.pattern || variable(s.metric)
	return s
}

// treat notes what the query does to the series: the nodes lead from the expression to the selector.
func (s *series) treat(nodes []parser.Node) {
	for i, node := range nodes[:len(nodes)-1] {
		switch n := node.(type) {
		case *parser.Call:
			s.rated = s.rated || slices.Contains(rates, n.Func.Name)
			s.quantile = s.quantile || slices.Contains(histograms, n.Func.Name)
		case *parser.AggregateExpr:
			if !n.Without {
				s.grouped = append(s.grouped, n.Grouping...)
			}
		case *parser.BinaryExpr:
			s.aged = s.aged || n.Op == parser.SUB && n.RHS == nodes[i+1] && evaluationTime(n.LHS)
		}
	}
}

// evaluationTime reports whether an expression is the time of the evaluation.
func evaluationTime(e parser.Expr) bool {
	switch n := e.(type) {
	case *parser.Call:
		return n.Func.Name == "time" || n.Func.Name == "vector" && evaluationTime(n.Args[0])
	case *parser.ParenExpr:
		return evaluationTime(n.Expr)
	}
	return false
}

// fillIn matches a variable of Grafana ($x, ${x}, [[x]]) or the beginning of a template's action. The end of a pattern
// ("5..$") is none.
var fillIn = regexp.MustCompile(`\$\{?\w|\[\[\w|\{\{`)

// variable reports whether a variable or a template stands in the text.
func variable(text string) bool { return fillIn.MatchString(text) }

var camel = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// plainName gives a metric's name in lower case with all its words parted by underscores or colons, whatever the
// convention that it follows.
func plainName(metric string) string {
	return strings.ToLower(camel.ReplaceAllString(strings.ReplaceAll(metric, ".", "_"), "${1}_${2}"))
}

// family gives the name that the parts of a histogram or summary share.
func family(metric string) string {
	name := plainName(metric)
	for _, part := range []string{"_bucket", "_count", "_sum"} {
		name = strings.TrimSuffix(name, part)
	}
	return name
}

// askedBy gives the queries of a service's alerts, recording rules and SLOs.
func askedBy(svc *catalog.Service) []asked {
	var all []asked
	for _, a := range svc.Alerts {
		all = append(all, asked{query: &a.Item.Expr, tree: new(tree), by: fmt.Sprintf("alert %q", a.Item.Name.Value), link: a.By})
	}
	for _, r := range svc.Recordings {
		all = append(all, asked{query: &r.Item.Expr, tree: new(tree), by: fmt.Sprintf("recording rule %q", r.Item.Name.Value), record: r.Item.Name.Value, link: r.By})
	}
	for _, o := range svc.SLOs {
		for _, q := range o.Item.Indicator.Queries() {
			all = append(all, asked{query: &q, tree: new(tree), by: fmt.Sprintf("SLO %q", o.Item.Name.Value), link: o.By})
		}
	}
	return all
}

// askedByPanels gives the queries of the dashboards that are about the service. Queries that name another service are
// left out: a dashboard of many services shows something of each.
func askedByPanels(svc *catalog.Service, shown []catalog.Linked[catalog.Dashboard]) []asked {
	id := identify(svc)
	var all []asked
	for _, d := range shown {
		for _, p := range d.Item.Panels {
			for _, q := range p.Queries {
				if id.relate(q) != foreign {
					all = append(all, asked{query: &q, tree: new(tree), by: fmt.Sprintf("panel %q of dashboard %q", p.Title.Value, d.Item.Title.Value), link: d.By})
				}
			}
		}
	}
	return all
}

// seriesIn gives the series that the queries select, and the queries that cannot be judged. Queries of whose selectors
// none may be wanted are passed over, because taking a query apart costs more than looking at its selectors.
func seriesIn(queries []asked, wanted func(catalog.Selector) bool) (found []series, unread []asked) {
	for _, a := range queries {
		if a.query.Error == "" && a.query.Lang == catalog.PromQL && !slices.ContainsFunc(a.query.Selectors, wanted) {
			continue
		}
		s, ok := seriesOf(a)
		found = append(found, s...)
		if !ok {
			unread = append(unread, a)
		}
	}
	return found, unread
}

// unreadNote says in a message which queries were not judged.
func unreadNote(unread []asked) string {
	first := unread[0]
	why := "it is " + string(first.query.Lang)
	switch {
	case first.query.Lang == catalog.OtherLang:
		why = "it is in a language that is not judged"
	case first.query.Error != "":
		why = "it is filled in by a template"
	}
	return fmt.Sprintf("%s not judged, the first is that of %s: %s", count(len(unread), "query is", "queries are"), first.by, why)
}

// count gives a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
