package tomldoc

import "fmt"

// Limits of what is read. The parsers recurse on nested values and copy the parts of dotted keys, so that deeper text
// would cost them the stack or quadratic time.
const (
	MaxDepth = 64      // nesting of arrays and inline tables, parts of a key
	MaxBytes = 1 << 20 // a file of entries or policy that is longer is no such file
)

// tooMuch looks for text beyond the limits without parsing it: it knows strings, comments and brackets only. It gives
// the byte where the limit is passed and what to do, or "" when there is no such byte.
func tooMuch(data []byte) (offset int, what string) {
	if len(data) > MaxBytes {
		return 0, fmt.Sprintf("the file has %d bytes, more than %d. split it", len(data), MaxBytes)
	}
	depth, parts := 0, 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"', '\'':
			i = endOfString(data, i)
		case '#':
			for i+1 < len(data) && data[i+1] != '\n' {
				i++
			}
		case '[', '{':
			depth++
			parts = 0
		case ']', '}':
			depth--
		case '.':
			parts++
		case '\n', '=', ',':
			parts = 0
		}
		if depth > MaxDepth || parts > MaxDepth {
			return i, fmt.Sprintf("values are nested deeper than %d levels", MaxDepth)
		}
	}
	return 0, ""
}

// endOfString gives the index of the last byte of the string that begins at i. A string on one line ends with the line
// at the latest: what follows is an error for the parser, which then stops there.
func endOfString(data []byte, i int) int {
	quote := data[i]
	long := i+2 < len(data) && data[i+1] == quote && data[i+2] == quote
	if long {
		i += 2
	}
	for i++; i < len(data); i++ {
		switch {
		case data[i] == '\\' && quote == '"':
			i++
		case data[i] == '\n' && !long:
			return i
		case data[i] != quote:
		case !long:
			return i
		case i+2 < len(data) && data[i+1] == quote && data[i+2] == quote:
			for i += 2; i+1 < len(data) && data[i+1] == quote; i++ { // up to two quotes may end the content
			}
			return i
		}
	}
	return i
}
