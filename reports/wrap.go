package reports

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
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
	over := widthOf(text) + 1 - width
	if over <= 1 {
		return text
	}
	start := 0
	for g := displaywidth.StringGraphemes(text); over > 0 && g.Next(); over -= g.Width() {
		start += len(g.Value())
	}
	return "…" + text[start:]
}

// wrap breaks a text between words into lines of at most width columns. A word that is longer is broken, behind a sign
// between its parts where there is one.
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
			if end := joint(head); end > 0 {
				head, rest = word[:end], word[end:]
			}
			lines = append(lines, head)
			word = rest
		}
		line = word
	}
	return append(lines, line)
}

// joint gives the end of the last part of a word that a line may end with, when that leaves the line half full at least.
func joint(head string) int {
	if end := strings.LastIndexAny(head, "_/.,-:=&") + 1; end > len(head)/2 && end < len(head) {
		return end
	}
	return 0
}

// split gives the longest beginning of the text that takes at most width columns, one character at least, and the rest.
// What a reader takes for one character is not taken apart.
func split(text string, width int) (head, rest string) {
	used, end := 0, 0
	for g := displaywidth.StringGraphemes(text); g.Next(); {
		if used += g.Width(); used > width && end > 0 {
			return text[:end], text[end:]
		}
		end += len(g.Value())
	}
	return text, ""
}
