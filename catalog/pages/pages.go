// Package pages reads Markdown pages: runbooks and documentation. It answers "what does this page hold, and how can
// its parts be addressed?" and never "is that a good runbook?".
//
// Blocks (headings, lists, code) are found by goldmark. What stands inside a line (links, code, HTML) is found by a
// scanner of this package, because goldmark's needs quadratic time on hostile lines and cannot be cancelled, and
// because less is wanted: nothing is rendered.
package pages

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Limits of what is read. A page beyond them is a gap.
const (
	MaxBytes   = 1 << 20 // of a page
	MaxNesting = 100     // quotes and lists inside each other
	// maxWork bounds nesting times lines: goldmark looks at every open list and quote again for each line.
	maxWork = 1_000_000
)

// Read gives the page that a Markdown file holds, or a gap when the file is too large, not text, nested too deeply or
// in another markup language. Front matter that does not parse is a gap beside the page: the rest is still read.
//
// In: the file's path, for the title, places and messages, and its bytes. A page's place is the whole file.
func Read(file string, data []byte) catalog.Facts {
	text, gap := decode(file, data)
	if gap != nil {
		return catalog.Facts{Gaps: []catalog.Gap{*gap}}
	}
	return newBuilder(file, text).facts()
}

// facts gives the page and its gaps.
func (b *builder) facts() catalog.Facts {
	b.frontMatter()
	if depth := nesting(b.text); depth > MaxNesting || depth*len(b.lines) > maxWork {
		b.gap(1, catalog.TooDeep, fmt.Sprintf("quotes and lists are nested %d deep on a page of %d lines. flatten them, or split the page", depth, len(b.lines)))
		return catalog.Facts{Gaps: b.gaps}
	}
	b.read()
	detach(b.page)
	return catalog.Facts{Pages: []*catalog.Page{b.page}, Gaps: b.gaps}
}

// detach gives a page strings of its own, so that its facts do not keep the whole text in memory.
func detach(p *catalog.Page) {
	own := func(s *string) { *s = strings.Clone(*s) }
	own(&p.Title.Value)
	for i := range p.Headings {
		own(&p.Headings[i].Text)
		own(&p.Headings[i].Anchor)
	}
	for i := range p.Anchors {
		own(&p.Anchors[i])
	}
	for i := range p.Links {
		own(&p.Links[i].Text)
		own(&p.Links[i].Target)
	}
	for i := range p.Placeholders {
		own(&p.Placeholders[i].Value)
	}
	for i := range p.FrontMatter {
		own(&p.FrontMatter[i].Key)
		own(&p.FrontMatter[i].Value)
	}
}

// decode checks that the file is Markdown text of a size that can be read, and makes its line ends plain.
func decode(file string, data []byte) (string, *catalog.Gap) {
	gap := &catalog.Gap{Kinds: []catalog.Kind{catalog.Runbooks}, At: catalog.Place{File: file}}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > MaxBytes:
		gap.Cause, gap.Detail = catalog.TooLarge, fmt.Sprintf("the page has %d bytes and the limit is %d. split it", len(data), MaxBytes)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		gap.Cause, gap.Detail = catalog.Encoding, "the file is not UTF-8 text. save it as UTF-8"
	case otherMarkup(file):
		gap.Cause, gap.Detail = catalog.Unsupported, "only Markdown pages are read. keep a Markdown copy of the page in the catalog"
		gap.Names = document.Words(string(data))
	default:
		return strings.ReplaceAll(string(data), "\r\n", "\n"), nil
	}
	return "", gap
}

// nesting gives an upper bound of how deep quotes and lists stand inside each other: every level needs a marker of its
// own, or two columns of indentation, on the line that opens it.
func nesting(text string) int {
	deepest := 0
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" || isBreak(line) {
			continue
		}
		markers, columns, rest := 0, 0, line
		for {
			trimmed := strings.TrimLeft(rest, " \t")
			for _, c := range rest[:len(rest)-len(trimmed)] {
				if c == '\t' {
					columns += 3
				}
				columns++
			}
			n := markerLen(trimmed)
			if n == 0 {
				break
			}
			markers, rest = markers+1, trimmed[n:]
		}
		// The blank after each marker is no indentation of its own.
		if markers > 0 {
			deepest = max(deepest, markers+max(0, columns-markers)/2)
		}
	}
	return deepest
}

// markerLen gives the length of the quote or list marker that s begins with, 0 for none.
func markerLen(s string) int {
	digits := 0
	for digits < len(s) && digits < 9 && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	n := 0
	switch {
	case s == "":
		return 0
	case s[0] == '>':
		return 1
	case digits > 0 && digits < len(s) && (s[digits] == '.' || s[digits] == ')'):
		n = digits + 1
	case strings.IndexByte("-*+", s[0]) >= 0:
		n = 1
	default:
		return 0
	}
	if n < len(s) && s[n] != ' ' && s[n] != '\t' {
		return 0
	}
	return n
}

// isBreak reports whether the line is a thematic break such as `- - -`, which looks like nested lists.
func isBreak(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && strings.IndexByte("-*_", line[0]) >= 0 && strings.Trim(line, line[:1]+" \t") == ""
}
