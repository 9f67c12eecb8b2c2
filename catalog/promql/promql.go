// Package promql answers "what does a query select, and does it parse?" for the queries of rules, dashboards and
// SLOs. PromQL goes through Prometheus' own parser; LogQL and TraceQL are scanned for the selectors they begin with.
// It is the one place that knows the parser's API, and it never judges whether a query is a good one.
//
// What fills a query in later (Grafana's variables and macros, Helm and ERB actions) is replaced before parsing by
// something that can stand there, and is found again in all that is given back: values, names and offsets are those
// of the text as written.
package promql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// Parse fills in Selectors, Error and ErrorAt of a query in place of its language: PromQL is parsed; LogQL and TraceQL
// are scanned for their selectors, of which a LogQL one that does not parse is an Error too; every other language is
// left alone. Variables of Grafana may stand in the query, as they do in dashboards; a query of a rule file is for
// [ParseRule].
//
// A matcher that holds a variable keeps it in its Value, and a metric or label name made of one keeps it in the name.
// A variable that stands for whole matchers becomes a matcher with the variable as Name and Value, and op =~.
func Parse(q catalog.Query) catalog.Query { return parse(q, grafanaSyntax) }

// ParseRule is Parse for a query of a rule file. Prometheus knows no variables, so that `$x` is an error there as it is
// in Prometheus. Only what a template engine may fill in before (`{{ }}`, `<% %>`, `${ }`) is replaced.
func ParseRule(q catalog.Query) catalog.Query { return parse(q, ruleSyntax) }

func parse(q catalog.Query, s syntax) catalog.Query {
	q.Selectors, q.Error, q.ErrorAt = nil, "", catalog.Place{}
	var f *failure
	switch q.Lang {
	case catalog.PromQL:
		var tree parsed
		if tree, f = parseExpr(q.Text, s); f == nil {
			q.Selectors = tree.selectors()
		}
	case catalog.LogQL:
		q.Selectors, f = scanLogQL(q.Text, s)
	case catalog.TraceQL:
		q.Selectors, f = scanTraceQL(q.Text)
	}
	if f != nil {
		f.templated = f.templated || q.Templated
		q.Error, q.ErrorAt = f.Error(), q.Place(f.offset)
	}
	return q
}

// Expr gives the syntax tree of a PromQL query for checks that judge it, and the mapping from the tree's positions to
// the query's text. Names and values in the tree are those of the text as written, variables included, but the tree's
// printed form is not for the user: a variable outside quotes may stand there as a number, a duration or a name.
//
// The error is nil exactly when Parse gives no Error for the query. Of a query that went through ParseRule its Error
// decides: Expr takes variables for what they are in Grafana.
func Expr(q catalog.Query) (parser.Expr, Offsets, error) {
	if q.Lang != catalog.PromQL {
		return nil, Offsets{}, fmt.Errorf("the query is %s and not PromQL", q.Lang)
	}
	tree, f := parseExpr(q.Text, grafanaSyntax)
	if f != nil {
		f.templated = f.templated || q.Templated
		return nil, Offsets{}, f
	}
	return tree.expr, tree.offsets, nil
}

// Selector parses a selector that a service declares, such as {job="checkout"} or up{job="checkout"}. One that selects
// everything is an error.
func Selector(text string) (catalog.Selector, error) {
	matchers, f := parseSelector(text, ruleSyntax)
	if f != nil {
		return catalog.Selector{}, f
	}
	s := newSelector(matchers)
	s.Offset = len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	if s.Metric == "" && !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches("") }) {
		return catalog.Selector{}, fmt.Errorf(`selector %q selects everything. name a label and its value, as in {job="checkout"}`, text)
	}
	return s, nil
}

// templateMark begins the Error of a query that a template may explain.
const templateMark = "template: "

// ByTemplate reports whether what fills the query in later may explain its Error, so that nobody should blame the
// query for it.
func ByTemplate(q catalog.Query) bool { return strings.HasPrefix(q.Error, templateMark) }

// failure is why a text does not parse.
type failure struct {
	message   string
	offset    int  // bytes into the text as written
	templated bool // what is filled in later may explain it
}

func (f *failure) Error() string {
	if f.templated {
		return templateMark + f.message
	}
	return f.message
}

// The features that Prometheus keeps behind flags are on: whether the server that gets the query has them on is not
// for this program to say.
var promParser = parser.NewParser(parser.Options{
	EnableExperimentalFunctions:  true,
	ExperimentalDurationExpr:     true,
	EnableExtendedRangeSelectors: true,
	EnableBinopFillModifiers:     true,
})

// prometheusExpr is the parser's ParseExpr with its panics turned into errors.
func prometheusExpr(text string) (expr parser.Expr, err error) {
	defer recoverParser(&err)
	return promParser.ParseExpr(text)
}

func prometheusSelector(text string) (matchers []*labels.Matcher, err error) {
	defer recoverParser(&err)
	return promParser.ParseMetricSelector(text)
}

func recoverParser(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the parser gave up: %v", r)
	}
}
