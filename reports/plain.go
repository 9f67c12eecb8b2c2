package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes text of a catalog safe to print on one line, whatever it is made of: line breaks and tabs become spaces,
// and what could steer a terminal, turn the direction of the text around it or hide in it becomes the replacement
// character, so that a reader sees that something was there. Every format that people read passes its text through here.
func plain(text string) string {
	if strings.IndexFunc(text, steers) < 0 && utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case breaksLine(r):
			return ' '
		case steers(r):
			return utf8.RuneError
		}
		return r
	}, text)
}

func breaksLine(r rune) bool {
	return r == '\n' || r == '\r' || r == '\t' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// steers reports whether a terminal, an editor or a browser would act on the character instead of showing it. Of the
// invisible format characters, the two that join letters are spelling in some scripts and parts of emoji.
func steers(r rune) bool {
	if r >= ' ' && r <= '~' {
		return false
	}
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || breaksLine(r) || unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner
}
