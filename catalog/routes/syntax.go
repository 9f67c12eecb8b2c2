package routes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"obsready/catalog"
)

// parseMatchers reads one line of matchers, as in `severity="critical", team=~"a|b"`, the way Alertmanager does by
// default: by the classic syntax, or where that refuses the text by the one that allows any UTF-8 in label names.
// Patterns are not compiled.
// Source: Prometheus Alertmanager documentation, "Matcher"; its default mode falls back to the classic parser and keeps
// the classic result where the two disagree.
func parseMatchers(text string) ([]catalog.Matcher, error) {
	classic, err := classicMatchers(text)
	if err == nil {
		return classic, nil
	}
	if wide, wideErr := wideMatchers(text); wideErr == nil {
		return wide, nil
	}
	return nil, err
}

// classicMatchers reads matchers whose label names are those of Prometheus 2. Values may stand without quotes, and a
// backslash that escapes nothing stands for itself.
func classicMatchers(text string) ([]catalog.Matcher, error) {
	var all []catalog.Matcher
	for _, term := range splitTerms(strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}")) {
		m, err := classicMatcher(term)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// splitTerms cuts a list of matchers at the commas outside of quotes. An empty last term is dropped.
func splitTerms(text string) []string {
	var terms []string
	var term strings.Builder
	quoted, escaped := false, false
	for _, r := range text {
		switch r {
		case ',':
			if !quoted {
				terms = append(terms, term.String())
				term.Reset()
				continue
			}
		case '"':
			if !escaped {
				quoted = !quoted
			}
			escaped = false
		case '\\':
			escaped = !escaped
		default:
			escaped = false
		}
		term.WriteRune(r)
	}
	if last := strings.TrimSpace(term.String()); last != "" {
		terms = append(terms, last)
	}
	return terms
}

var classicForm = regexp.MustCompile(`^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*((?s).*?)\s*$`)

func classicMatcher(term string) (catalog.Matcher, error) {
	parts := classicForm.FindStringSubmatch(term)
	if parts == nil {
		return catalog.Matcher{}, fmt.Errorf(`%q is no matcher. it looks like severity="critical"`, strings.TrimSpace(term))
	}
	value, err := classicValue(parts[3])
	return catalog.Matcher{Name: parts[1], Op: parts[2], Value: value}, err
}

// classicValue takes the quotes and escapes off a value.
func classicValue(text string) (string, error) {
	raw, open := strings.CutPrefix(text, `"`)
	if !utf8.ValidString(raw) {
		return "", fmt.Errorf("the value %q is not UTF-8 text", text)
	}
	var value strings.Builder
	escaped := false
	for i, r := range raw {
		last := i+utf8.RuneLen(r) >= len(raw)
		switch {
		case escaped:
			escaped = false
			value.WriteString(unescape(r))
		case r == '\\' && !last:
			escaped = true
		case r == '"' && open && last:
			open = false
		case r == '"':
			return "", fmt.Errorf("the value %q has a double quote inside. escape it as \\\"", text)
		default:
			value.WriteRune(r)
		}
	}
	if open {
		return "", fmt.Errorf("the value %q begins with a double quote and does not end with one", text)
	}
	return value.String(), nil
}

// unescape gives what an escaped character stands for.
func unescape(r rune) string {
	switch r {
	case 'n':
		return "\n"
	case '"', '\\':
		return string(r)
	}
	return `\` + string(r)
}

// reserved are the characters that end an unquoted word of the wide syntax.
const reserved = "{}!=~,\\\"'`"

func isReserved(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(reserved, r) }

// wideMatchers reads matchers whose names and values are words without reserved characters, or quoted as in Go.
func wideMatchers(text string) ([]catalog.Matcher, error) {
	w := words{rest: text}
	braced := w.accept("{")
	var all []catalog.Matcher
	for !w.at("}") && !w.done() {
		m, err := w.matcher()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
		if !w.accept(",") {
			break
		}
	}
	if w.accept("}") != braced || !w.done() {
		return nil, fmt.Errorf("%q is no list of matchers", text)
	}
	return all, nil
}

// words takes a text apart from its beginning.
type words struct{ rest string }

func (w *words) skip()               { w.rest = strings.TrimLeftFunc(w.rest, unicode.IsSpace) }
func (w *words) done() bool          { w.skip(); return w.rest == "" }
func (w *words) at(mark string) bool { w.skip(); return strings.HasPrefix(w.rest, mark) }

func (w *words) accept(mark string) bool {
	found := w.at(mark)
	if found {
		w.rest = w.rest[len(mark):]
	}
	return found
}

func (w *words) matcher() (m catalog.Matcher, err error) {
	if m.Name, err = w.word(); err != nil {
		return m, err
	}
	for _, op := range []string{"=~", "!~", "!=", "="} {
		if w.accept(op) {
			m.Op = op
			break
		}
	}
	if m.Op == "" {
		return m, fmt.Errorf("no operator follows the label %q. it is =, !=, =~ or !~", m.Name)
	}
	m.Value, err = w.word()
	return m, err
}

func (w *words) word() (string, error) {
	w.skip()
	if strings.HasPrefix(w.rest, `"`) {
		quoted, err := strconv.QuotedPrefix(w.rest)
		if err != nil {
			return "", fmt.Errorf("%q begins with a double quote and does not end with one", w.rest)
		}
		w.rest = w.rest[len(quoted):]
		text, err := strconv.Unquote(quoted)
		if err == nil && !utf8.ValidString(text) {
			err = fmt.Errorf("%s is not UTF-8 text", quoted)
		}
		return text, err
	}
	end := strings.IndexFunc(w.rest, isReserved)
	if end < 0 {
		end = len(w.rest)
	}
	if end == 0 {
		return "", fmt.Errorf("a word is missing before %q", w.rest)
	}
	word := w.rest[:end]
	w.rest = w.rest[end:]
	return word, nil
}
