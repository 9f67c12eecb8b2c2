package promql

import (
	"strconv"
	"strings"

	"obsready/catalog"
)

// scanTraceQL gives the span selectors of a TraceQL query with those conditions that compare an attribute to a text or
// a word and hold for every span selected, as in { resource.service.name = "checkout" && status = error }. The
// attribute is the matcher's name as written. Where conditions are joined by ||, none holds by itself.
func scanTraceQL(text string) ([]catalog.Selector, *failure) {
	tokens := lex(text, grafanaSyntax)
	if f := tooHard(text, tokens); f != nil {
		return nil, f
	}
	var all []catalog.Selector
	for _, b := range braces(text, tokens) {
		s := catalog.Selector{Offset: tokens[b.open].start}
		for _, condition := range conditions(text, tokens[b.open+1:b.close]) {
			if m, ok := attribute(text, condition); ok {
				s.Matchers = append(s.Matchers, m)
			}
		}
		all = append(all, s)
	}
	return all, nil
}

// conditions splits what stands between braces at &&; there are none when alternatives stand there as well.
func conditions(text string, tokens []token) [][]token {
	var all [][]token
	start := 0
	for i := 0; i+1 < len(tokens); i++ {
		if tokens[i].kind != symbol || tokens[i+1].end != tokens[i].start+2 {
			continue
		}
		switch text[tokens[i].start:tokens[i+1].end] {
		case "||":
			return nil
		case "&&":
			all = append(all, tokens[start:i])
			start = i + 2
		}
	}
	return append(all, tokens[start:])
}

// attribute reads a condition of the form name, operator, value.
func attribute(text string, tokens []token) (catalog.Matcher, bool) {
	at := 0
	for at < len(tokens) && (tokens[at].kind == word || text[tokens[at].start] == '.' || text[tokens[at].start] == '-') {
		at++
	}
	if at == 0 || at >= len(tokens)-1 {
		return catalog.Matcher{}, false
	}
	last := tokens[len(tokens)-1]
	op := strings.TrimSpace(text[tokens[at].start:last.start])
	m := catalog.Matcher{Name: text[tokens[0].start:tokens[at-1].end], Op: op, Value: text[last.start:last.end]}
	switch {
	case last.kind == quoted:
		if value, err := strconv.Unquote(m.Value); err == nil {
			m.Value = value
		} else {
			m.Value = strings.Trim(m.Value, m.Value[:1])
		}
	case last.kind == symbol:
		return catalog.Matcher{}, false
	}
	return m, op == "=" || op == "!=" || op == "=~" || op == "!~"
}
