package pages

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"obsready/catalog"
)

// report hands the block's links to the page, and looks for placeholders.
func (in *inline) report() {
	in.builder.page.Links = append(in.builder.page.Links, in.links...)
	for _, p := range placeholders(string(in.mask)) {
		in.builder.page.Placeholders = append(in.builder.page.Placeholders, catalog.Text{Value: quote(excerpt(string(in.mask[p.start:p.end]))), At: in.place(p.start)})
	}
}

// excerpt gives a placeholder in one short line.
func excerpt(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == filler }), " ")
	if runes := []rune(s); len(runes) > 80 {
		return string(runes[:79]) + "…"
	}
	return s
}

// countProse adds what was read since the last time to the heading that it stands below.
func (in *inline) countProse() {
	in.handSet()
	prose := string(in.mask[in.counted.at:in.at])
	in.builder.prose = append(in.builder.prose, prose)
	in.builder.count(countWords(prose), in.code-in.counted.code, max(0, len(in.links)-in.counted.links))
	in.skipCount()
}

// skipCount leaves out what was read since the last time.
func (in *inline) skipCount() {
	in.counted.at, in.counted.code, in.counted.links = in.at, in.code, len(in.links)
}

// attributes are what kramdown, Hugo and MkDocs read as attributes of a part: {#id}, {: #id .class}.
var attributes = regexp.MustCompile(`\{:?[ \t]*(?:[.#][\w:.-]+[ \t]*|[\w-]+=(?:"[^"\n]*"|[\w-]+)[ \t]*)+\}`)
var idAttribute = regexp.MustCompile(`[{ \t:]#([\w:.-]+)`)

// handSet notes ids that are set by attributes and takes the attributes out of the prose.
func (in *inline) handSet() {
	if in.html {
		return
	}
	start := in.counted.at
	for _, m := range attributes.FindAllIndex(in.mask[start:in.at], -1) {
		from, to := start+m[0], start+m[1]
		if id := idAttribute.FindSubmatch(in.mask[from:to]); id != nil {
			in.builder.page.Anchors = append(in.builder.page.Anchors, string(id[1]))
		}
		blank(in.mask, from, to, ' ')
	}
}

// headingText gives the text of a Markdown heading, without hand-set ids.
func (in *inline) headingText() string {
	in.handSet()
	plain := strings.ReplaceAll(string(in.plain), string(filler), "")
	return html.UnescapeString(attributes.ReplaceAllString(plain, ""))
}

// countWords counts the words of prose. Scripts without blanks between words count two characters as one word.
func countWords(prose string) int {
	words, ideographs, inWord := 0, 0, false
	for _, r := range prose {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			ideographs++
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				words++
			}
			inWord = true
		case unicode.IsSpace(r) || r == '|' || r == filler:
			inWord = false
		}
	}
	return words + (ideographs+1)/2
}
