package measure

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// A metric query of LogQL has the structure of PromQL with log pipelines in the place of series. Each pipeline is written
// as a series: its stream's labels and label filters are matchers, the texts that its line filters look for are
// the matcher lineLabel, and its name is the field that it unwraps, or logLines.
const (
	logLines  = "__log_lines__"
	lineLabel = "__line__"
)

// logs judges a rule in LogQL.
func (m *Meter) logs(a *catalog.AlertRule) Judgement {
	expr, from := parseLogs(a.Expr)
	if expr == nil {
		return undecided("its LogQL has no structure that is read", a.Expr.At)
	}
	r := &reader{meter: m, source: from}
	if a.Format == "grafana" {
		expr = r.chained(a, expr)
	}
	return r.judge(expr)
}

// parseLogs gives the tree of a LogQL query as PromQL, or nil.
func parseLogs(q catalog.Query) (parser.Expr, source) {
	text, moved := rewritten(q.Text)
	expr, _, err := promql.Expr(promql.ParseRule(catalog.Query{Text: text, Lang: catalog.PromQL}))
	if err != nil {
		return nil, source{}
	}
	return expr, source{query: q, moved: moved}
}

// move says where a part of a rewritten text stands in the text as written.
type move struct{ rewritten, original int }

// original gives the offset in the text as written of one in the rewritten text.
func original(moved []move, offset int) int {
	from := move{}
	for _, m := range moved {
		if m.rewritten > offset {
			break
		}
		from = m
	}
	return from.original + offset - from.rewritten
}

// onlyLogs gives PromQL's names of functions that only LogQL has. What they compute of lines is of no interest here.
var onlyLogs = strings.NewReplacer("bytes_rate", "rate", "bytes_over_time", "count_over_time", "rate_counter", "rate", "first_over_time", "last_over_time", "approx_topk", "topk")

// rewritten gives a LogQL query with series in the place of its pipelines, and where its parts stood.
func rewritten(text string) (string, []move) {
	var out strings.Builder
	var moved []move
	for at := 0; at < len(text); {
		open := indexOutside(text[at:], '{')
		if open < 0 {
			out.WriteString(onlyLogs.Replace(text[at:]))
			break
		}
		out.WriteString(onlyLogs.Replace(text[at : at+open]))
		p := pipeline{text: text, at: at + open}
		moved = append(moved, move{out.Len(), p.at})
		p.read()
		p.grouping()
		out.WriteString(p.series() + p.closing)
		at = max(p.at, at+open+1)
		moved = append(moved, move{out.Len(), at})
	}
	return out.String(), moved
}

// indexOutside gives the index of a byte outside of quotes, or -1.
func indexOutside(text string, b byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case b:
			return i
		case '"', '`', '\'':
			i += quotedLength(text[i:]) - 1
		}
	}
	return -1
}

// quotedLength gives the length of the quoted text that begins a text, with its quotes.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] != '`':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}
