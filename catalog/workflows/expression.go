package workflows

import (
	"regexp"
	"strings"
)

// Limits of the conditions that are understood; others rule nothing out.
const (
	longestCondition = 4 << 10
	deepestCondition = 50
)

// predicate is a condition, or a part of one.
type predicate interface {
	// holds says whether the condition holds on an occasion.
	holds(o occasion) Truth
}

type (
	anyOf    []predicate
	allOf    []predicate
	negation struct{ of predicate }
	fixed    Truth
	equals   struct{ name, literal string }
	begins   struct{ name, literal string }
	isGiven  struct{ name string }
	onMain   struct{}
)

func (t anyOf) holds(o occasion) Truth {
	answer := No
	for _, part := range t {
		answer = max(answer, part.holds(o))
	}
	return answer
}

func (t allOf) holds(o occasion) Truth {
	answer := Yes
	for _, part := range t {
		answer = min(answer, part.holds(o))
	}
	return answer
}

func (t negation) holds(o occasion) Truth { return t.of.holds(o).Not() }
func (t fixed) holds(occasion) Truth      { return Truth(t) }
func (t equals) holds(o occasion) Truth   { return o.is(t.name, t.literal) }
func (t begins) holds(o occasion) Truth   { return o.begins(t.name, t.literal) }
func (t isGiven) holds(o occasion) Truth  { return o.given(t.name) }
func (t onMain) holds(o occasion) Truth   { return o.ofDefaultBranch() }

// token finds the words of an expression: strings, names, numbers, operators.
var token = regexp.MustCompile(`^(?:'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_.*-]*|[0-9.]+|==|!=|&&|\|\||<=|>=|[!()<>,\[\]])`)

// parseCondition reads an `if`. It reports false for an empty one, and for one that it does not understand.
func parseCondition(text string) (predicate, bool) {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "${{"); ok {
		text = strings.TrimSuffix(strings.TrimSpace(inner), "}}")
	}
	if text == "" || len(text) > longestCondition || strings.Contains(text, "${{") {
		return nil, false
	}
	var p conditionParser
	for {
		text = strings.TrimSpace(text)
		if text == "" {
			break
		}
		word := token.FindString(text)
		if word == "" {
			return nil, false
		}
		p.tokens = append(p.tokens, word)
		text = text[len(word):]
	}
	t := p.or(0)
	return t, t != nil && len(p.tokens) == 0
}

// conditionParser reads tokens from the left. Its methods give nil for what is no expression.
type conditionParser struct{ tokens []string }

func (p *conditionParser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

// take takes the next token if it is the one wanted.
func (p *conditionParser) take(want string) bool {
	if p.next() != want || want == "" {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *conditionParser) or(depth int) predicate {
	parts := anyOf{p.and(depth)}
	for p.take("||") {
		parts = append(parts, p.and(depth))
	}
	return whole(parts, anyOf(parts))
}

func (p *conditionParser) and(depth int) predicate {
	parts := []predicate{p.not(depth)}
	for p.take("&&") {
		parts = append(parts, p.not(depth))
	}
	return whole(parts, allOf(parts))
}

// whole gives t, or nil when one of its parts is missing.
func whole(parts []predicate, t predicate) predicate {
	for _, part := range parts {
		if part == nil {
			return nil
		}
	}
	return t
}

func (p *conditionParser) not(depth int) predicate {
	if depth > deepestCondition {
		return nil
	}
	if p.take("!") {
		inner := p.not(depth + 1)
		if inner == nil {
			return nil
		}
		return negation{inner}
	}
	if p.take("(") {
		inner := p.or(depth + 1)
		if !p.take(")") {
			return nil
		}
		return inner
	}
	return p.comparison(depth)
}

// comparison reads a value, or two values with an operator between them.
func (p *conditionParser) comparison(depth int) predicate {
	left, call := p.value(depth)
	if left == "" {
		return nil
	}
	switch operator := p.next(); operator {
	case "==", "!=":
		p.tokens = p.tokens[1:]
		right, _ := p.value(depth)
		if right == "" {
			return nil
		}
		t := equality(left, right)
		if operator == "!=" {
			return negation{t}
		}
		return t
	case "<", ">", "<=", ">=":
		p.tokens = p.tokens[1:]
		if right, _ := p.value(depth); right == "" {
			return nil
		}
		return fixed(Maybe)
	}
	switch {
	case call != nil:
		return call
	case left == "true":
		return fixed(Yes)
	case left == "false":
		return fixed(No)
	}
	return isGiven{left}
}

// value reads a literal, a name, or the call of a function. Of calls only startsWith and contains mean anything here.
func (p *conditionParser) value(depth int) (word string, call predicate) {
	word = p.next()
	if word == "" || strings.Contains("==!=&&||<=>=,()[]", word) || depth > deepestCondition {
		return "", nil
	}
	p.tokens = p.tokens[1:]
	for p.take("[") { // an index: what stands there is not known
		if inner := p.or(depth + 1); inner == nil || !p.take("]") {
			return "", nil
		}
		word = "?"
	}
	if !p.take("(") {
		return word, nil
	}
	var arguments []string
	for !p.take(")") {
		start := p.next()
		if inner := p.or(depth + 1); inner == nil {
			return "", nil
		}
		arguments = append(arguments, start)
		if !p.take(",") && p.next() != ")" {
			return "", nil
		}
	}
	call = fixed(Maybe)
	function := strings.ToLower(word)
	if literal, ok := quoted(argument(arguments, 1)); ok && (function == "startswith" || function == "contains" && strings.HasPrefix(literal, "refs/")) {
		call = begins{strings.ToLower(arguments[0]), literal}
	}
	if function == "format" && argument(arguments, 0) == "'refs/heads/{0}'" && argument(arguments, 1) == defaultBranch {
		return defaultBranch, call
	}
	return "?", call
}

const defaultBranch = "github.event.repository.default_branch"

func argument(arguments []string, i int) string {
	if i < len(arguments) {
		return arguments[i]
	}
	return ""
}

// equality compares two values.
func equality(a, b string) predicate {
	if _, ok := quoted(a); ok {
		a, b = b, a
	}
	a = strings.ToLower(a)
	literal, ok := quoted(b)
	switch {
	case strings.ToLower(b) == defaultBranch && (a == "github.ref" || a == "github.ref_name"), a == defaultBranch && (b == "github.ref" || b == "github.ref_name"):
		return onMain{}
	case ok:
		return equals{a, literal}
	case b == "true" && strings.HasPrefix(a, "github.event.pull_request"):
		return isGiven{a}
	}
	return fixed(Maybe)
}

// quoted gives the text of a string literal.
func quoted(word string) (string, bool) {
	if len(word) < 2 || word[0] != '\'' {
		return "", false
	}
	return strings.ReplaceAll(word[1:len(word)-1], "''", "'"), true
}
