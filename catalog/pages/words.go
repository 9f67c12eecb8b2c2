package pages

import (
	"slices"
	"strings"
	"unicode"
)

// Words gives the words of a file's name, a title or a heading in lower case: "IncidentResponse", "incident-response" and
// "Incident response" have the same.
func Words(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// HasWord reports whether one of the wanted words is among some words.
func HasWord(words []string, wanted ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(wanted, w) })
}
