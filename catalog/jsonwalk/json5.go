package jsonwalk

import (
	"bytes"
	"strings"
)

// FromJSON5 rewrites JSON5, or JSON with comments and trailing commas, as JSON of the same lines: comments and trailing
// commas become blanks, names get quotes, single quotes become double ones. Columns of a line stay as long as only
// comments and commas were rewritten before them. Numbers that only JSON5 knows (hexadecimal, Infinity) become strings.
// Text that is neither stays as it is, for the JSON parser to refuse.
func FromJSON5(data []byte) []byte {
	c := converter{in: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), comma: -1}
	c.out.Grow(len(data) + len(data)/16)
	for c.i < len(c.in) {
		c.step()
	}
	return c.out.Bytes()
}

type converter struct {
	in    []byte
	i     int
	out   bytes.Buffer
	comma int // where in out a comma stands after which no value has come; -1 for none
}

// step rewrites the next token.
func (c *converter) step() {
	switch b := c.in[c.i]; {
	case b == ' ' || b == '\t' || b == '\r' || b == '\n':
		c.out.WriteByte(b)
		c.i++
	case b == '/' && bytes.HasPrefix(c.in[c.i:], []byte("//")):
		c.blank(lengthTo(c.in[c.i:], "\n", 0))
	case b == '/' && bytes.HasPrefix(c.in[c.i:], []byte("/*")):
		c.blank(lengthTo(c.in[c.i:], "*/", 2))
	case b == '"' || b == '\'':
		c.comma = -1
		c.quoted(b)
	case b == ',':
		c.comma = c.out.Len()
		c.out.WriteByte(b)
		c.i++
	case b == ']' || b == '}':
		if c.comma >= 0 {
			c.out.Bytes()[c.comma] = ' '
		}
		c.comma = -1
		c.out.WriteByte(b)
		c.i++
	case isWord(b):
		c.comma = -1
		c.word()
	default:
		c.comma = -1
		c.out.WriteByte(b)
		c.i++
	}
}

// lengthTo gives how many bytes there are up to the first mark after the second byte, with extra bytes of it.
func lengthTo(data []byte, mark string, extra int) int {
	if end := bytes.Index(data[2:], []byte(mark)); end >= 0 {
		return 2 + end + extra
	}
	return len(data)
}

// blank writes n bytes of the input as blanks, keeping line ends.
func (c *converter) blank(n int) {
	for _, b := range c.in[c.i : c.i+n] {
		switch {
		case b == '\n':
			c.out.WriteByte('\n')
		case b < 0x80 || b >= 0xC0: // one blank for each character
			c.out.WriteByte(' ')
		}
	}
	c.i += n
}

// quoted writes a string with double quotes. A line that is continued by a backslash has its line end after the string.
func (c *converter) quoted(quote byte) {
	c.out.WriteByte('"')
	lines := 0
	for c.i++; c.i < len(c.in) && c.in[c.i] != quote && c.in[c.i] != '\n'; c.i++ {
		switch b := c.in[c.i]; {
		case b == '"':
			c.out.WriteString(`\"`)
		case b != '\\' || c.i+1 == len(c.in):
			c.out.WriteByte(b)
		default:
			c.i++
			lines += c.escape(c.in[c.i])
		}
	}
	if c.i < len(c.in) && c.in[c.i] == quote {
		c.out.WriteByte('"')
		c.i++
	}
	c.out.WriteString(strings.Repeat("\n", lines))
}

// escape writes what stands for a backslash and b, and gives how many line ends that left out.
func (c *converter) escape(b byte) int {
	switch b {
	case '\r':
		return 0
	case '\n':
		return 1
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u':
		c.out.Write([]byte{'\\', b})
	case 'x': // \xHH
		c.out.WriteString(`\u00`)
	case '0':
		c.out.WriteString(`\u0000`)
	case 'v':
		c.out.WriteString(`\u000b`)
	default:
		c.out.WriteByte(b)
	}
	return 0
}

func isWord(b byte) bool {
	return b == '_' || b == '$' || b == '+' || b == '-' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// word writes a bare word: JSON's own words and numbers as they are, everything else as a string.
func (c *converter) word() {
	start := c.i
	for c.i < len(c.in) && isWord(c.in[c.i]) {
		c.i++
	}
	word := c.in[start:c.i]
	rest := bytes.TrimLeft(c.in[c.i:], " \t\r\n")
	isName := len(rest) > 0 && rest[0] == ':'
	if !isName && isJSONWord(word) {
		c.out.Write(word)
		return
	}
	c.out.WriteByte('"')
	c.out.Write(word)
	c.out.WriteByte('"')
}

func isJSONWord(word []byte) bool {
	switch string(word) {
	case "true", "false", "null":
		return true
	}
	first, last := word[0], word[len(word)-1]
	return (first == '-' || first >= '0' && first <= '9') && last >= '0' && last <= '9' && !bytes.ContainsAny(word, "xX")
}
