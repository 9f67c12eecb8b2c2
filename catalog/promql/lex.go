package promql

import (
	"strings"
	"unicode/utf8"
)

// syntax says what, beside the query language itself, is looked for in a text.
type syntax int

const (
	grafanaSyntax syntax = iota // variables of Grafana ($x, ${x}, [[x]]) and template actions
	ruleSyntax                  // template actions only
)

type tokenKind int

const (
	symbol   tokenKind = iota // one byte
	word                      // a run of letters, digits, underscores and colons
	quoted                    // a string with its quotes
	variable                  // something that is filled in later, outside quotes
)

// token is a piece of a query. Blanks and comments are no tokens.
type token struct {
	kind       tokenKind
	start, end int
	inner      [][2]int // of a quoted token: where variables stand in it
}

// lexer cuts the query languages into tokens as far as they agree: quotes, comments, brackets, words.
type lexer struct {
	text   string
	syntax syntax
	i      int
	absent map[string]bool // closing marks that the rest of the text does not have, so as to look for them once
}

func lex(text string, s syntax) []token {
	if len(text) > MaxLength {
		return nil
	}
	l := lexer{text: text, syntax: s}
	tokens := make([]token, 0, len(text)/5+4) // about what expressions have
	for l.i < len(l.text) {
		if t, ok := l.next(); ok {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// next moves on by one token, blank or comment.
func (l *lexer) next() (token, bool) {
	start := l.i
	if end := l.variableEnd(false); end > 0 {
		l.i = end
		return token{kind: variable, start: start, end: end}, true
	}
	switch c := l.text[l.i]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		l.i++
		return token{}, false
	case c == '#':
		if n := strings.IndexByte(l.text[l.i:], '\n'); n >= 0 {
			l.i += n
		} else {
			l.i = len(l.text)
		}
		return token{}, false
	case c == '"' || c == '\'' || c == '`':
		return l.quoted(c), true
	case isWord(c):
		for l.i < len(l.text) && isWord(l.text[l.i]) {
			l.i++
		}
		return token{kind: word, start: start, end: l.i}, true
	default:
		l.i++
		return token{kind: symbol, start: start, end: l.i}, true
	}
}

// quoted reads a string up to its closing quote, or to the end of the text when there is none. A quote inside a
// template action closes nothing.
func (l *lexer) quoted(quote byte) token {
	t := token{kind: quoted, start: l.i}
	l.i++
	for l.i < len(l.text) {
		if end := l.variableEnd(true); end > 0 {
			t.inner = append(t.inner, [2]int{l.i, end})
			l.i = end
			continue
		}
		c := l.text[l.i]
		l.i++
		if c == quote {
			break
		}
		if c == '\\' && quote != '`' && l.i < len(l.text) {
			l.i++
		}
	}
	t.end = l.i
	return t
}

// variableEnd gives where the variable or action ends that begins here, 0 when none does.
func (l *lexer) variableEnd(inQuotes bool) int {
	rest := l.text[l.i:]
	switch rest[0] {
	case '{':
		if strings.HasPrefix(rest, "{{") {
			return l.closing("}}")
		}
		if strings.HasPrefix(rest, "{%") {
			return l.closing("%}")
		}
	case '<':
		if strings.HasPrefix(rest, "<%") {
			return l.closing("%>")
		}
	case '$':
		if strings.HasPrefix(rest, "${") && !(inQuotes && l.syntax == ruleSyntax) {
			return l.closing("}")
		}
		if n := nameLength(rest[1:]); n > 0 && l.syntax == grafanaSyntax {
			return l.i + 1 + n
		}
	case '[':
		if l.syntax == grafanaSyntax && strings.HasPrefix(rest, "[[") {
			n := 2 + nameLength(rest[2:])
			if n > 2 && strings.HasPrefix(rest[n:], ":") {
				n += 1 + nameLength(rest[n+1:])
			}
			if n > 2 && strings.HasPrefix(rest[n:], "]]") {
				return l.i + n + 2
			}
		}
	case standInLead:
		// A rune of the range that stands in for variables stands for itself, so that restoring it changes nothing.
		if r, size := utf8.DecodeRuneInString(rest); inQuotes && r >= standInRune {
			return l.i + size
		}
	}
	return 0
}

// closing gives the end of the first closing mark after here, 0 when there is none.
func (l *lexer) closing(mark string) int {
	if l.absent[mark] {
		return 0
	}
	n := strings.Index(l.text[l.i+2:], mark)
	if n < 0 {
		if l.absent == nil {
			l.absent = map[string]bool{}
		}
		l.absent[mark] = true
		return 0
	}
	return l.i + 2 + n + len(mark)
}

// nameLength gives the length of the variable name that s begins with.
func nameLength(s string) int {
	n := 0
	for n < len(s) && s[n] != ':' && s[n] < 0x80 && isWord(s[n]) {
		n++
	}
	return n
}

func isWord(c byte) bool {
	return c == '_' || c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
