package reports

import (
	"strings"
	"unicode/utf8"
)

// cut gives the text in at most width columns, of which there must be three; what is cut off shows as "…".
func cut(text string, width int) string {
	if widthOf(text) <= width {
		return text
	}
	head, _ := split(text, width-1)
	return strings.TrimRight(head, " ") + "…"
}

// cutStart is cut for a text of which the end matters more.
func cutStart(text string, width int) string {
	if widthOf(text) <= width {
		return text
	}
	start, used := len(text), 1
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if used += widthOf(string(r)); used > width {
			break
		}
		start -= size
	}
	return "…" + text[start:]
}

// wrap breaks a text between words into lines of at most width columns. A word that is longer is broken.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && widthOf(line)+1+widthOf(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for head, rest := split(word, width); rest != ""; head, rest = split(word, width) {
			lines = append(lines, head)
			word = rest
		}
		line = word
	}
	return append(lines, line)
}

// split gives the longest beginning of the text that takes at most width columns, one character at least, and the rest.
func split(text string, width int) (head, rest string) {
	used := 0
	for i, r := range text {
		used += widthOf(string(r))
		if used > width && i > 0 {
			return text[:i], text[i:]
		}
	}
	return text, ""
}
