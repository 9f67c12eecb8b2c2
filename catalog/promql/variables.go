package promql

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// blankReader decides by the context what a variable outside quotes can stand for.
type blankReader struct {
	text   string
	tokens []token
	syntax syntax
	prefix string
	open   []openBracket
}

// openBracket is a bracket around what follows, with the word before it.
type openBracket struct {
	char byte
	word string
}

func (b *blankReader) bracket(i int) {
	switch c := b.text[b.tokens[i].start]; c {
	case '(', '[', '{':
		b.open = append(b.open, openBracket{c, b.word(i - 1)})
	case ')', ']', '}':
		if len(b.open) > 0 {
			b.open = b.open[:len(b.open)-1]
		}
	}
}

func (b *blankReader) name(index int) string { return b.prefix + strconv.Itoa(index) + "_" }

// word gives token i in lower case when it is a word, else "".
func (b *blankReader) word(i int) string {
	if i < 0 || i >= len(b.tokens) || b.tokens[i].kind != word {
		return ""
	}
	return strings.ToLower(b.text[b.tokens[i].start:b.tokens[i].end])
}

// char gives the first byte of token i, 0 when there is none.
func (b *blankReader) char(i int) byte {
	if i < 0 || i >= len(b.tokens) {
		return 0
	}
	return b.text[b.tokens[i].start]
}

// inside gives the innermost bracket around the token that is read now.
func (b *blankReader) inside() openBracket {
	if len(b.open) == 0 {
		return openBracket{}
	}
	return b.open[len(b.open)-1]
}

var groupingWords = []string{"by", "without", "on", "ignoring", "group_left", "group_right"}

const (
	someDuration = "5m"
	someNumber   = "1"
)

// read gives the blank of token i.
func (b *blankReader) read(i, index int) blank {
	t := b.tokens[i]
	k := blank{start: t.start, end: t.end, text: b.text[t.start:t.end]}
	name, around := b.name(index), b.inside()
	switch {
	case isControl(k.text):
		k.choices, k.guessed = []string{" "}, true
	case around.char == '[':
		k.choices = []string{b.durationPart(t)}
	case around.char == '{':
		k.choices = []string{b.matcherPart(i, index)}
	case b.word(i-1) == "offset", b.char(i-1) == '-' && b.word(i-2) == "offset":
		k.choices = []string{b.durationPart(t)}
	case around.char == '(' && slices.Contains(groupingWords, around.word):
		k.choices = []string{name}
	case b.partOfNumber(t):
		k.choices, k.guessed = []string{"0"}, true
	case b.partOfName(t):
		k.choices, k.guessed = b.namePart(i, name), true
	case b.afterOperand(i):
		k.choices, k.guessed = []string{">", "and"}, true
	case b.char(i+1) == '(', b.word(i+1) == "by", b.word(i+1) == "without":
		k.choices, k.guessed = []string{"sum", "rate", name}, true
	case b.char(i+1) == '{', b.char(i+1) == '[':
		k.choices, k.guessed = []string{name}, true
	default:
		k.choices, k.guessed = b.operand(i, name)
	}
	// Only Grafana's own variables are known so well that the rest of the query can be judged without them.
	k.guessed = k.guessed || b.syntax == ruleSyntax || k.text[0] == '{' || k.text[0] == '<'
	return k
}

var controlAction = regexp.MustCompile(`^(?:\{%|<%[^=]|\{\{-?\s*(?:if|else|end|range|with|define|block|/\*|\$\w+\s*:?=)(?:\W|$))`)

// isControl reports whether an action writes nothing itself: a condition, a loop, a comment.
func isControl(text string) bool { return controlAction.MatchString(text) }

// durationPart fills a blank where a duration is expected, or a part of one as in [${minutes}m].
func (b *blankReader) durationPart(t token) string {
	if t.start > 0 && isDigit(b.text[t.start-1]) {
		return "m"
	}
	if t.end < len(b.text) && strings.IndexByte("0123456789smhdwy", b.text[t.end]) >= 0 {
		return someNumber
	}
	return someDuration
}

// matcherPart fills a blank between braces: a label's name, its value when Grafana adds the quotes, or whole matchers.
func (b *blankReader) matcherPart(i, index int) string {
	name := b.name(index)
	t := b.tokens[i]
	switch next := b.char(i + 1); {
	case b.partOfName(t), next == '=', next == '!':
		return name
	case b.char(i-1) == '=', b.char(i-1) == '~':
		return strconv.Quote(name)
	default:
		return name + "=~" + strconv.Quote(name)
	}
}

// afterOperand reports whether an expression ends right before token i, so that only an operator can stand there.
func (b *blankReader) afterOperand(i int) bool {
	before := b.char(i - 1)
	return before == '}' || before == ']' || before == ')' || b.word(i+1) == "on" || b.word(i+1) == "ignoring"
}

func (b *blankReader) partOfName(t token) bool {
	return t.start > 0 && isWord(b.text[t.start-1]) || t.end < len(b.text) && isWord(b.text[t.end])
}

// partOfNumber reports whether digits stand directly before, as in 1$zeros.
func (b *blankReader) partOfNumber(t token) bool {
	start := t.start
	for start > 0 && isWord(b.text[start-1]) {
		start--
	}
	return start < t.start && isDigit(b.text[start])
}

// namePart fills a blank that is a part of a name, be it a metric's or, as in ${fn}_over_time(x), a function's.
func (b *blankReader) namePart(i int, name string) []string {
	if b.word(i+1) == "_over_time" {
		return []string{"max", name}
	}
	return []string{name}
}

// operand fills a blank that stands where a whole expression can.
func (b *blankReader) operand(i int, name string) (choices []string, guessed bool) {
	t := b.tokens[i]
	switch variableName(b.text[t.start:t.end]) {
	case "__interval", "__rate_interval", "__range", "__auto":
		return []string{someDuration}, false
	case "__interval_ms", "__rate_interval_ms", "__range_ms", "__range_s", "__from", "__to":
		return []string{someNumber}, false
	}
	if before := b.char(i - 1); before != 0 && strings.IndexByte("<>=!+-*/%^@", before) >= 0 || b.text[t.start] != '$' {
		return []string{someNumber, name}, true
	}
	return []string{name, someNumber}, true
}

// variableName gives the name of a Grafana variable without its braces and format.
func variableName(text string) string {
	text = strings.Trim(text, "${}[]")
	return text[:nameLength(text)]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
