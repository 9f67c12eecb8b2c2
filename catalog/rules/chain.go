package rules

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"obsready/catalog"
	"obsready/catalog/document"
)

// expressionSources are what Grafana has in place of a data source's uid where a step is one of its own expressions.
var expressionSources = []string{"__expr__", "-100"}

// chain reads the steps of a rule. A step that is wrong is kept as it is written: what the rule makes of a ref that is
// not there, or is there twice, is to be seen from the steps.
func (r *reader) chain(data *document.Node, what string) []catalog.ChainStep {
	var steps []catalog.ChainStep
	for _, n := range data.List() {
		if n.Kind == document.Map {
			steps = append(steps, r.step(n, n.First("refId", "ref_id"), what))
		}
	}
	for _, p := range pairsOf(data) { // the resources of Grafana's own API have a map of refs
		ref := document.Node{Kind: document.Scalar, Value: p.Key.Value, Tag: "str", At: p.Key.At}
		steps = append(steps, r.step(p.Value, &ref, what))
	}
	for i := range steps {
		if steps[i].Kind == "sql" {
			steps[i].Inputs = tablesOf(steps[i].Expression.Value, steps)
		}
	}
	return steps
}

func pairsOf(n *document.Node) []document.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

func (r *reader) step(n, ref *document.Node, what string) catalog.ChainStep {
	m := n.Get("model")
	if ref == nil {
		ref = m.Get("refId")
	}
	s := catalog.ChainStep{Ref: ref.Text(), Kind: "query", Range: lookback(n), At: n.At}
	if isExpression(n) {
		s.Range = 0
		readExpression(&s, m)
		return s
	}
	s.Query = r.stepQuery(n, what)
	if s.Query.Lang != catalog.OtherLang {
		s.Instant = isInstant(n)
	}
	return s
}

// isExpression reports whether a step reads other steps and asks no data source.
func isExpression(step *document.Node) bool {
	source := step.Get("model", "datasource")
	return slices.ContainsFunc([]*document.Node{step.First("datasourceUid", "datasourceUID"), source, source.Get("uid"), source.Get("type")}, func(n *document.Node) bool {
		return slices.Contains(expressionSources, n.Str())
	})
}

// lookback gives how far a query looks back: seconds, or a duration as the operator and the newer API write it.
func lookback(step *document.Node) time.Duration {
	from := step.Get("relativeTimeRange", "from").Str()
	if seconds, err := strconv.ParseUint(from, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	d, err := model.ParseDuration(from)
	if err != nil {
		return 0
	}
	return time.Duration(d)
}

// isInstant reports whether a query in PromQL or LogQL asks for one value of each series. A query that states nothing
// asks for a range, and of one that states both the instant one counts.
// Source: Grafana, pkg/promlib/models/query.go and pkg/tsdb/loki.
func isInstant(step *document.Node) bool {
	m := step.Get("model")
	if m.Get("queryType").Str() == "instant" || step.Get("queryType").Str() == "instant" {
		return true
	}
	return m.Get("instant").Bool()
}

// queryTexts are the keys under which data sources keep their queries, the ones that are read here first.
var queryTexts = []string{"rawSql", "rawQuery", "query", "target", "queryText", "timeSeriesQuery", "expression", "metricName", "metric"}

// stepQuery gives the query of a step. One of another language than PromQL and LogQL is given as it is, by its metric's
// name when it is made of fields.
func (r *reader) stepQuery(step *document.Node, what string) catalog.Query {
	m := step.Get("model")
	if expr := m.Get("expr"); expr.Str() != "" {
		source := strings.ToLower(step.First("datasourceUid", "datasourceUID").Str() + " " + m.Get("datasource", "type").Str())
		if strings.Contains(source, "loki") {
			defer func(lang catalog.Lang) { r.lang = lang }(r.lang)
			r.lang = catalog.LogQL
		}
		return r.query(expr, grafana, what)
	}
	for _, part := range []*document.Node{m, m.Get("azureLogAnalytics"), m.Get("azureMonitor"), m.Get("timeSeriesQuery"), m.Get("promQLQuery")} {
		for _, key := range queryTexts {
			if n := part.Get(key); n.Str() != "" && n.Tag != "bool" {
				return n.Query(catalog.OtherLang)
			}
		}
	}
	return catalog.Query{Lang: catalog.OtherLang, At: m.Place().Or(step.At)}
}

// asked gives the query of a rule: the first that its condition reads, be it through other steps, or the first of all
// when the condition leads to none. Without any query it is what the condition says.
func asked(steps []catalog.ChainStep, condition string) catalog.Query {
	if s := firstQuery(steps, condition, map[string]bool{}); s != nil {
		return s.Query
	}
	q := catalog.Query{Lang: catalog.OtherLang}
	for _, s := range steps {
		if s.Kind == "query" {
			return s.Query
		}
		if s.Ref.Value == condition || q.Text == "" {
			q.Text, q.At = s.Expression.Value, s.Expression.At.Or(s.At)
		}
	}
	return q
}

// firstQuery follows the inputs of a step to a query, in the order in which they stand.
func firstQuery(steps []catalog.ChainStep, ref string, seen map[string]bool) *catalog.ChainStep {
	if seen[ref] {
		return nil
	}
	seen[ref] = true
	i := slices.IndexFunc(steps, func(s catalog.ChainStep) bool { return s.Ref.Value == ref })
	if i < 0 {
		return nil
	}
	if steps[i].Kind == "query" {
		return &steps[i]
	}
	for _, input := range steps[i].Inputs {
		if s := firstQuery(steps, input, seen); s != nil {
			return s
		}
	}
	return nil
}
