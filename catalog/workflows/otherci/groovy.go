package otherci

import (
	"strings"
	"unicode/utf8"

	"obsready/catalog"
)

// kind is the kind of a token.
type kind byte

const (
	word    kind = iota // a name with its dots ("env.BRANCH_NAME"), a keyword or a number
	quote               // a string
	symbol              // an operator or a bracket
	newline             // the end of a line
)

// token is a token of Groovy.
type token struct {
	kind kind
	text string        // of a string, its value
	at   catalog.Place // of a string, its first character
	// lines are where the lines of a string were written.
	lines []line
}

func (t token) is(symbols ...string) bool {
	if t.kind != symbol && t.kind != newline {
		return false
	}
	for _, s := range symbols {
		if t.text == s {
			return true
		}
	}
	return false
}

// lexer cuts a Jenkinsfile into tokens. It knows as much of Groovy as is needed not to be misled by strings and comments;
// everything has a reading, and a quote that nobody closes ends with its line.
type lexer struct {
	file      string
	text      string
	pos       int
	line, col int
	tokens    []token
}

// tokenize gives the tokens of a text, in time that is proportional to its length.
func tokenize(file, text string) []token {
	l := &lexer{file: file, text: text, line: 1, col: 1}
	for l.pos < len(l.text) {
		l.next()
	}
	return l.tokens
}

func (l *lexer) place() catalog.Place { return catalog.Place{File: l.file, Line: l.line, Col: l.col} }

func (l *lexer) rest() string { return l.text[l.pos:] }

// skip moves over n bytes.
func (l *lexer) skip(n int) {
	for end := min(l.pos+n, len(l.text)); l.pos < end; l.pos++ {
		switch c := l.text[l.pos]; {
		case c == '\n':
			l.line++
			l.col = 1
		case utf8.RuneStart(c):
			l.col++
		}
	}
}

func (l *lexer) emit(k kind, text string) {
	l.tokens = append(l.tokens, token{kind: k, text: text, at: l.place()})
	l.skip(len(text))
}

// operators are the symbols of several characters that matter.
var operators = []string{"==~", "===", "!==", "==", "!=", "=~", "&&", "||", "->", "?.", "?:", "<=", ">=", "+=", "++", "--"}

func (l *lexer) next() {
	rest := l.rest()
	switch c := rest[0]; {
	case c == '\n':
		l.emit(newline, "\n")
	case c == ' ' || c == '\t' || c == '\r':
		l.skip(1)
	case c == '\\' && strings.HasPrefix(rest, "\\\n"):
		l.skip(2)
	case strings.HasPrefix(rest, "//"), c == '#' && l.pos == 0:
		l.skip(lineLength(rest))
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			l.skip(len(rest))
			return
		}
		l.skip(end + 4)
	case c == '\'' || c == '"':
		l.string(c)
	case isWord(c):
		end := 1
		for end < len(rest) && (isWord(rest[end]) || rest[end] == '.' && end+1 < len(rest) && isWord(rest[end+1])) {
			end++
		}
		l.emit(word, rest[:end])
	default:
		for _, op := range operators {
			if strings.HasPrefix(rest, op) {
				l.emit(symbol, op)
				return
			}
		}
		_, size := utf8.DecodeRuneInString(rest)
		l.emit(symbol, rest[:size])
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// lineLength gives the length of the text up to its first line break.
func lineLength(text string) int {
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		return end
	}
	return len(text)
}

// string reads a string with its escapes; what a variable puts into it stays as it is written.
func (l *lexer) string(c byte) {
	delimiter := strings.Repeat(string(c), 3)
	triple := strings.HasPrefix(l.rest(), delimiter)
	if !triple {
		delimiter = string(c)
	}
	l.skip(len(delimiter))
	s := token{kind: quote, at: l.place()}
	var b strings.Builder
	s.lines = append(s.lines, line{at: s.at, exact: true})
	write := func(text string) {
		b.WriteString(text)
		if strings.HasSuffix(text, "\n") {
			s.lines = append(s.lines, line{at: l.place(), exact: true})
		}
	}
	for l.pos < len(l.text) && !strings.HasPrefix(l.rest(), delimiter) {
		rest := l.rest()
		switch {
		case rest[0] == '\n' && !triple: // nobody closes it
			s.text = b.String()
			l.tokens = append(l.tokens, s)
			return
		case rest[0] == '\\' && len(rest) > 1:
			_, size := utf8.DecodeRuneInString(rest[1:])
			l.skip(1 + size)
			write(unescaped(rest[1 : 1+size]))
		case c == '"' && strings.HasPrefix(rest, "${"):
			end := interpolationEnd(rest, triple)
			l.skip(end)
			b.WriteString(strings.ReplaceAll(rest[:end], "\n", " "))
		default:
			_, size := utf8.DecodeRuneInString(rest)
			l.skip(size)
			write(rest[:size])
		}
	}
	l.skip(len(delimiter))
	s.text = b.String()
	l.tokens = append(l.tokens, s)
}

// unescaped gives the text that an escaped character stands for.
func unescaped(c string) string {
	switch c {
	case "n":
		return "\n"
	case "t":
		return "\t"
	case "r", "\n": // a line that goes on
		return ""
	}
	return c
}

// longestInterpolation bounds the search for the brace that closes an interpolation.
const longestInterpolation = 500

// interpolationEnd gives the length of `${…}` at the beginning of a text, with the braces and quotes inside it; that of
// "${" alone when nothing closes it.
func interpolationEnd(text string, triple bool) int {
	depth := 0
	for i := 1; i < len(text) && i < longestInterpolation; i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n':
			if !triple {
				return 2
			}
		}
	}
	return 2
}
