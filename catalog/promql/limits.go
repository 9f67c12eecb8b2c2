package promql

import "fmt"

// Limits of what is handed to the parser, which recurses and whose time grows with the square of an expression's
// depth. Real queries stay far below them.
const (
	MaxLength    = 64 << 10 // bytes of a query
	MaxNesting   = 500      // brackets inside brackets
	MaxOperators = 2000     // operators and ranges, outside matchers
)

// tooHard guards the parser against hostile text.
func tooHard(text string, tokens []token) *failure {
	if len(text) > MaxLength {
		return &failure{message: fmt.Sprintf("longer than %d bytes, which is not read. split it by recording rules", MaxLength)}
	}
	depth, braces, operators := 0, 0, 0
	for _, t := range tokens {
		if braces <= 0 && isOperator(text, t) {
			operators++
		}
		if t.kind == symbol {
			switch text[t.start] {
			case '{':
				braces++
				depth++
			case '}':
				braces--
				depth--
			case '(', '[':
				depth++
			case ')', ']':
				depth--
			}
		}
		if depth > MaxNesting {
			return &failure{message: fmt.Sprintf("brackets are nested deeper than %d levels, which is not read", MaxNesting), offset: t.start}
		}
		if operators > MaxOperators {
			return &failure{message: fmt.Sprintf("more than %d operators, which is not read. split it by recording rules", MaxOperators), offset: t.start}
		}
	}
	return nil
}

func isOperator(text string, t token) bool {
	switch t.kind {
	case symbol:
		switch text[t.start] {
		case '+', '-', '*', '/', '%', '^', '<', '>', '=', '!', '@', '[':
			return true
		}
	case word:
		switch text[t.start:t.end] {
		case "and", "or", "unless", "offset":
			return true
		}
	}
	return false
}
