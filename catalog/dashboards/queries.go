package dashboards

import (
	"strconv"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/promql"
)

// The names of Grafana's own data sources that stand for others.
const (
	mixedSource     = "-- Mixed --"
	dashboardSource = "-- Dashboard --"
)

// expressionPlugin is the type of queries that compute with the results of others.
const expressionPlugin = "__expr__"

// datasource is a reference to a data source.
type datasource struct {
	plugin string       // its type, as in "prometheus"; "" when not known
	ref    catalog.Text // uid, name or variable
}

// datasource reads a reference: a name or variable, or an object with type and uid (in v2 the name is the uid).
func (r *reader) datasource(n *document.Node) datasource {
	var d datasource
	switch {
	case isNull(n):
	case n.Kind == document.Scalar:
		d.ref = n.Text()
	default:
		d.plugin, d.ref = n.Get("type").Str(), written(n, "uid", "name").Text()
	}
	if d.ref.Value == mixedSource {
		d.plugin = "" // each query has its own
	} else if d.plugin == "" {
		d.plugin = r.plugins[variableName(d.ref.Value)]
	}
	return d
}

// or gives d, or e when d names nothing.
func (d datasource) or(e datasource) datasource {
	if d.plugin == "" && d.ref.Value == "" {
		return e
	}
	return d
}

// target is one query of a panel.
type target struct {
	node   *document.Node // the map with the keys of the query's language
	ref    string         // the letter by which expressions name it
	hidden bool
	from   datasource
}

// show finishes a panel: its data source, its queries, and what it takes from other panels. A panel that names no data
// source of its own, or the mix of several, has that of its first query.
func (r *reader) show(p catalog.Panel, own datasource, targets []target) {
	p.Datasource = own.ref
	for _, t := range asked(targets) {
		if t.from.plugin != expressionPlugin && (p.Datasource.Value == "" || p.Datasource.Value == mixedSource) && t.from.ref.Value != "" {
			p.Datasource = t.from.ref
		}
		if t.from.ref.Value == dashboardSource {
			if id, err := strconv.Atoi(t.node.Get("panelId").Str()); err == nil {
				r.borrows = append(r.borrows, borrow{panel: len(r.dash.Panels), from: id})
			}
			continue
		}
		if q, ok := r.query(t); ok {
			p.Queries = append(p.Queries, q)
		}
	}
	r.dash.Panels = append(r.dash.Panels, p)
}

// asked gives the targets that Grafana runs: those that are shown, and hidden ones that an expression among them
// computes with.
func asked(targets []target) []target {
	runs := make([]bool, len(targets))
	hidden := map[string]int{}
	var expressions []int
	for i, t := range targets {
		if t.hidden {
			hidden[t.ref] = i
			continue
		}
		runs[i] = true
		if t.from.plugin == expressionPlugin {
			expressions = append(expressions, i)
		}
	}
	for len(expressions) > 0 && len(hidden) > 0 {
		words := strings.FieldsFunc(textOf(targets[expressions[0]].node), func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_'
		})
		expressions = expressions[1:]
		for _, word := range words {
			i, ok := hidden[word]
			if !ok {
				continue
			}
			runs[i] = true
			delete(hidden, word)
			if targets[i].from.plugin == expressionPlugin {
				expressions = append(expressions, i)
			}
		}
	}
	var run []target
	for i, t := range targets {
		if runs[i] {
			run = append(run, t)
		}
	}
	return run
}

// query gives what a target asks, parsed; ok is false when it asks nothing.
func (r *reader) query(t target) (q catalog.Query, ok bool) {
	if t.node != nil && t.node.Kind != document.Map {
		r.fault(t.node, misfit("one of the queries is no map", t.node.Str()))
		return q, false
	}
	if expr := t.node.Get("expr"); expr != nil && expr.Kind != document.Scalar {
		r.fault(expr, misfit("the expr of a query is no text", t.ref))
		return q, false
	}
	expr := written(t.node, "expr")
	switch plugin := t.from.plugin; {
	case expr == nil && plugin == "tempo" && isTraceQL(t.node.Get("query").Str()):
		return parsed(t.node.Get("query"), catalog.TraceQL)
	case expr == nil:
		return otherQuery(t)
	case speaksPromQL(plugin):
		return parsed(expr, catalog.PromQL)
	case plugin == "loki":
		return parsed(expr, catalog.LogQL)
	case plugin == "":
		return parsed(expr, promql.Detect(expr.Str()))
	case speaksMetricsQL(plugin):
		// A superset of PromQL: what Prometheus' parser refuses may be right.
		if q, ok := parsed(expr, catalog.PromQL); q.Error == "" {
			return q, ok
		}
	}
	return otherQuery(t)
}

func speaksPromQL(plugin string) bool {
	switch plugin {
	case "prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource":
		return true
	}
	return false
}

func speaksMetricsQL(plugin string) bool {
	return plugin == "victoriametrics-metrics-datasource" || plugin == "victoriametrics-datasource"
}

// isTraceQL tells a TraceQL query from a trace id, which stands under the same key.
func isTraceQL(query string) bool {
	query = strings.TrimSpace(query)
	return strings.HasPrefix(query, "{") || strings.HasPrefix(query, "(")
}

func parsed(n *document.Node, lang catalog.Lang) (catalog.Query, bool) {
	if strings.TrimSpace(n.Str()) == "" {
		return catalog.Query{}, false
	}
	return promql.Parse(n.Query(lang)), true
}

// otherQuery gives a query in a language that is not judged, with whatever text it has. One without text counts where
// the data source is known to be one whose queries may have none.
func otherQuery(t target) (catalog.Query, bool) {
	for _, key := range []string{"expr", "query", "rawSql", "queryText", "rawQuery", "target", "expression"} {
		if n := t.node.Get(key); n.Str() != "" && n.Tag == "str" {
			return n.Query(catalog.OtherLang), true
		}
	}
	textual := t.from.plugin == "" || t.from.plugin == "loki" || speaksPromQL(t.from.plugin) || speaksMetricsQL(t.from.plugin)
	return catalog.Query{At: t.node.Place(), Lang: catalog.OtherLang}, !textual && isMap(t.node)
}

// borrow says that a panel shows the queries of another one of its dashboard.
type borrow struct {
	panel int // index
	from  int // id
}

// maxBorrowed bounds how many queries are copied from panel to panel: few borrow, and from one panel each.
const maxBorrowed = 10_000

// lend copies queries to the panels that show those of others. Grafana offers only panels with queries of their own, so
// nothing is lent on. A panel that names none of its dashboard's shows nothing.
func (r *reader) lend() {
	lenders := map[int]catalog.Panel{}
	for _, p := range r.dash.Panels {
		if _, taken := lenders[p.ID]; !taken {
			lenders[p.ID] = p
		}
	}
	copied := 0
	for _, b := range r.borrows {
		p := &r.dash.Panels[b.panel]
		lender, ok := lenders[b.from]
		if !ok || p.ID == b.from {
			continue
		}
		if copied += len(lender.Queries); copied > maxBorrowed {
			r.fault(r.root, fault{cause: catalog.TooLarge, what: "panels show too many queries of other panels", wayOut: "split it"})
			return
		}
		p.Queries = append(p.Queries, lender.Queries...)
		p.Datasource = lender.Datasource
		if lender.Unresolved { // then what this one shows is not known either
			p.Library, p.LibraryName, p.Unresolved = lender.Library, lender.LibraryName, true
		}
	}
}
