package promql

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Variables in quotes are stood in for by private-use runes, which are literals in regular expressions as well, so
// that whatever the variable's text holds cannot make a matcher invalid.
const standInRune = '\U000F0000'

// standInLead is the first byte of the stand-in runes.
const standInLead = 0xF3

// blank is a part of a text that is filled in later.
type blank struct {
	start, end int
	text       string
	choices    []string // what can stand there for the parser, likeliest first; never empty
	quoted     bool     // it stands inside quotes
	guessed    bool     // the context leaves open what it stands for
}

// form is a text with its blanks.
type form struct {
	text    string
	blanks  []blank
	restore *strings.Replacer // puts the blanks' texts back in place of their stand-ins
}

// newForm finds the blanks of a text and what can stand in them.
func newForm(text string, tokens []token, s syntax) form {
	f := form{text: text}
	b := blankReader{text: text, tokens: tokens, syntax: s, prefix: unusedPrefix(text)}
	for i, t := range tokens {
		switch t.kind {
		case quoted:
			for _, span := range t.inner {
				f.blanks = append(f.blanks, blank{start: span[0], end: span[1], text: text[span[0]:span[1]], quoted: true})
			}
		case variable:
			f.blanks = append(f.blanks, b.read(i, len(f.blanks)))
		case symbol:
			b.bracket(i)
		}
	}
	if len(f.blanks) == 0 {
		return f
	}
	var pairs []string
	for i := range f.blanks {
		if f.blanks[i].quoted {
			f.blanks[i].choices = []string{string(standInRune + rune(i))}
		}
		pairs = append(pairs, string(standInRune+rune(i)), f.blanks[i].text, b.name(i), f.blanks[i].text)
	}
	f.restore = strings.NewReplacer(pairs...)
	return f
}

// fill gives the text with its blanks filled in, and the mapping back. A blank whose text is in picks gets that choice,
// every other one its first.
func (f form) fill(picks map[string]int) (string, Offsets) {
	if len(f.blanks) == 0 {
		return f.text, Offsets{}
	}
	var b strings.Builder
	offsets := Offsets{size: len(f.text)}
	last := 0
	for _, k := range f.blanks {
		b.WriteString(f.text[last:k.start])
		from := b.Len()
		b.WriteString(k.choices[min(picks[k.text], len(k.choices)-1)])
		offsets.edits = append(offsets.edits, edit{from, b.Len(), k.start, k.end})
		last = k.end
	}
	b.WriteString(f.text[last:])
	return b.String(), offsets
}

// original puts the texts of the blanks back into a value or name that the parser made.
func (f form) original(s string) string {
	if f.restore == nil {
		return s
	}
	return f.restore.Replace(s)
}

// maxTries is how many ways to fill in a text are tried.
const maxTries = 16

// picks gives the ways to fill in the blanks, likeliest first. Blanks of the same text are filled in alike.
func (f form) picks() iter.Seq[map[string]int] {
	var texts []string
	var choices []int
	for _, k := range f.blanks {
		if len(k.choices) > 1 && len(texts) < maxTries && !slices.Contains(texts, k.text) {
			texts, choices = append(texts, k.text), append(choices, len(k.choices))
		}
	}
	return func(yield func(map[string]int) bool) {
		for n := range maxTries {
			picks := map[string]int{}
			for i, text := range texts {
				picks[text] = n % choices[i]
				n /= choices[i]
			}
			if n > 0 || !yield(picks) {
				return
			}
		}
	}
}

// guessed reports whether what the blanks stand for had to be guessed somewhere, so that an error may be the guess's.
func (f form) guessed() bool {
	return slices.ContainsFunc(f.blanks, func(k blank) bool { return k.guessed })
}

// unusedPrefix gives the beginning of a name that stands nowhere in the text.
func unusedPrefix(text string) string {
	for n := 0; ; n++ {
		if p := "v" + strconv.Itoa(n) + "_"; !strings.Contains(text, p) {
			return p
		}
	}
}
