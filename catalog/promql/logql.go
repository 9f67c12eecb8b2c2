package promql

import (
	"slices"

	"obsready/catalog"
)

// scanLogQL gives the stream selectors of a LogQL query, whose matchers are written as PromQL's. The pipelines behind
// them are passed over.
func scanLogQL(text string, s syntax) ([]catalog.Selector, *failure) {
	tokens := lex(text, s)
	if f := tooHard(text, tokens); f != nil {
		return nil, f
	}
	var all []catalog.Selector
	for _, b := range braces(text, tokens) {
		start := tokens[b.open].start
		matchers, f := parseSelector(text[start:tokens[b.close].end], s)
		if f != nil {
			f.offset += start
			return all, f
		}
		selector := newSelector(matchers)
		selector.Offset = start
		all = append(all, selector)
	}
	return all, nil
}

// pair is a pair of braces, as indexes of tokens.
type pair struct{ open, close int }

// braces gives the outermost pairs of braces of a text, in its order. One that is never closed is left out.
func braces(text string, tokens []token) []pair {
	var pairs []pair
	var open []int
	for i, t := range tokens {
		if t.kind != symbol {
			continue
		}
		switch text[t.start] {
		case '{':
			open = append(open, i)
		case '}':
			if len(open) == 1 {
				pairs = append(pairs, pair{open[0], i})
			}
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
	return pairs
}

// Detect says in which language the expression of a rule is written: rule files for Prometheus and for Loki have the
// same form. It is LogQL when a selector without a metric's name is followed by a pipeline ( |= "x", | json ), or
// stands in a function that says something of log lines and nothing of series of many metrics: rate, count_over_time,
// bytes_rate and bytes_over_time. All else is PromQL, also what is neither, so that its error is seen.
func Detect(expr string) catalog.Lang {
	tokens := lex(expr, grafanaSyntax)
	for _, b := range braces(expr, tokens) {
		if namesMetric(expr, tokens, b) {
			continue
		}
		if pipeline(expr, tokens[b.close+1:]) || countsLines(expr, tokens[:b.open]) {
			return catalog.LogQL
		}
	}
	return catalog.PromQL
}

// notMetrics are the words before a brace that are no metric's name.
var notMetrics = []string{"and", "or", "unless", "bool", "atan2"}

// namesMetric reports whether a selector is one of series: a name stands before it, or in it.
func namesMetric(text string, tokens []token, b pair) bool {
	if before := b.open - 1; before >= 0 {
		switch t := tokens[before]; t.kind {
		case variable:
			return true
		case word:
			if !slices.Contains(notMetrics, text[t.start:t.end]) {
				return true
			}
		}
	}
	for i := b.open + 1; i < b.close; i++ {
		t := tokens[i]
		switch text[t.start:t.end] {
		case "__name__", `"__name__"`:
			return true
		}
		// {"http.requests", job="x"}: a quoted name that is not a matcher's value
		if p := text[tokens[i-1].start]; t.kind == quoted && (p == '{' || p == ',') && (i+1 == b.close || text[tokens[i+1].start] == ',') {
			return true
		}
	}
	return false
}

// pipeline reports whether what stands behind a selector is a line filter or a stage. != is PromQL's as well, but not
// before a string.
func pipeline(text string, after []token) bool {
	if len(after) < 2 || after[0].kind != symbol {
		return false
	}
	switch first, second := text[after[0].start], text[after[1].start]; {
	case first == '|':
		return true
	case first == '!' && (second == '=' || second == '~' || second == '>') && len(after) > 2:
		filter := text[after[2].start:after[2].end]
		return after[2].kind == quoted || filter == "ip" || second != '='
	}
	return false
}

var lineFunctions = []string{"rate", "count_over_time", "bytes_rate", "bytes_over_time"}

// countsLines reports whether a selector is the argument of a function that counts log lines.
func countsLines(text string, before []token) bool {
	n := len(before)
	return n >= 2 && text[before[n-1].start] == '(' && before[n-2].kind == word &&
		slices.Contains(lineFunctions, text[before[n-2].start:before[n-2].end])
}
