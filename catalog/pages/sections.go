package pages

import (
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

// Section gives the heading that means one of the given things, the surest first: one with just that name, else the
// first that holds the name's words in their order ("How to diagnose" holds "diagnose", "2. 🔥 Impact on users" holds
// "impact"). Case, punctuation and a plural's s do not matter. Which names mean the same is the caller's knowledge.
//
// The heading that is the page's title means nothing by itself.
func Section(p *catalog.Page, names ...string) (catalog.Heading, bool) {
	wanted := make([][]string, 0, len(names))
	for _, name := range names {
		if words := headingWords(name); len(words) > 0 {
			wanted = append(wanted, words)
		}
	}
	best, found := catalog.Heading{}, false
	for _, h := range p.Headings {
		if h.Level == 1 && (h.At == p.Title.At || h.Text == p.Title.Value) {
			continue
		}
		words := headingWords(h.Text)
		for _, name := range wanted {
			switch at := indexWords(words, name); {
			case at < 0:
			case len(words) == len(name):
				return h, true
			case !found:
				best, found = h, true
			}
		}
	}
	return best, found
}

// headingWords gives the words of a heading in lower case, without numbering before them.
func headingWords(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mark, r)
	})
	for len(words) > 1 && strings.TrimFunc(words[0], unicode.IsDigit) == "" {
		words = words[1:]
	}
	return words
}

// indexWords gives where the name stands in the words, -1 when it does not.
func indexWords(words, name []string) int {
	for i := range len(words) - len(name) + 1 {
		if slices.EqualFunc(words[i:i+len(name)], name, sameWord) {
			return i
		}
	}
	return -1
}

func sameWord(a, b string) bool { return a == b || a == b+"s" || b == a+"s" }
