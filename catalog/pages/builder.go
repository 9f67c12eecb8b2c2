package pages

import (
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// filler stands for text that is there and is no prose: code, addresses, template tags. It is no letter and no blank,
// so that nothing joins over it, and one byte, so that offsets stay what they are.
const filler = '\x1a'

// builder makes a page of a file's text.
type builder struct {
	file     string
	original string // with template tags, to quote from
	text     string // the same length, without template tags and front matter
	page     *catalog.Page
	outline  *Outline // nil when it is not wanted
	gaps     []catalog.Gap

	lines      []int    // offset of each line
	seen       position // the place that was asked for last
	references references
	anchors    slugger
	prose      []string // prose of each block that is no heading, for the fingerprint
}

// position is an offset with its column, from which the next one is counted: lines can be long.
type position struct{ line, offset, col int }

func newBuilder(file, text string) *builder {
	b := &builder{file: file, original: text, text: text, seen: position{col: 1}, references: references{}, anchors: slugger{}}
	b.page = &catalog.Page{Path: file, At: catalog.Place{File: file}}
	b.lines = []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			b.lines = append(b.lines, i+1)
		}
	}
	if strings.HasSuffix(strings.ToLower(file), ".erb") || strings.Contains(text, "<%") {
		b.page.Templated = true
		b.text = maskERB(text)
	}
	return b
}

// place gives the place of an offset in the text.
func (b *builder) place(offset int) catalog.Place {
	line := sort.SearchInts(b.lines, offset+1) - 1
	if line != b.seen.line || offset < b.seen.offset {
		b.seen = position{line, b.lines[line], 1}
	}
	b.seen.col += utf8.RuneCountInString(b.original[b.seen.offset:offset])
	b.seen.offset = offset
	return catalog.Place{File: b.file, Line: line + 1, Col: b.seen.col}
}

func (b *builder) gap(line int, cause catalog.Cause, detail string) {
	b.gaps = append(b.gaps, catalog.Gap{
		Kinds: []catalog.Kind{catalog.Runbooks}, At: catalog.Place{File: b.file, Line: line},
		Cause: cause, Detail: detail, Names: document.Words(b.original),
	})
}

// current gives the heading that the text read next stands below, nil before the first one.
func (b *builder) current() *catalog.Heading {
	if len(b.page.Headings) == 0 {
		return nil
	}
	return &b.page.Headings[len(b.page.Headings)-1]
}

// count adds to the page and to the heading that the text stands below.
func (b *builder) count(words, code, links int) {
	b.page.Words += words
	b.page.Code += code
	if h := b.current(); h != nil {
		h.Words, h.Code, h.Links = h.Words+words, h.Code+code, h.Links+links
	}
}

// heading adds a heading; one without text can not be addressed and is passed over.
func (b *builder) heading(level int, text string, offset int) {
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return
	}
	b.page.Headings = append(b.page.Headings, catalog.Heading{
		Level: level, Text: text, Anchor: b.anchors.unique(slug(text)), At: b.place(offset),
	})
}

// finish works out what needs the whole page.
func (b *builder) finish() {
	addUp(b.page.Headings)
	slices.SortStableFunc(b.page.Placeholders, func(p, q catalog.Text) int { return p.At.Compare(q.At) })
	b.page.Title = b.title()
	b.page.Fingerprint = fingerprint(b.prose, stem(b.file))
}

// addUp adds to each heading what stands below its subheadings. With six levels this is linear.
func addUp(headings []catalog.Heading) {
	for i := range headings {
		h := &headings[i]
		for _, sub := range headings[i+1:] {
			if sub.Level <= h.Level {
				break
			}
			h.Words, h.Code, h.Links, h.Steps = h.Words+sub.Words, h.Code+sub.Code, h.Links+sub.Links, h.Steps+sub.Steps
		}
	}
}

// title gives the title of the front matter, else the first heading of level one, else the first heading, else the
// file's name.
func (b *builder) title() catalog.Text {
	for _, l := range b.page.FrontMatter {
		if strings.EqualFold(l.Key, "title") && strings.TrimSpace(l.Value) != "" {
			return catalog.Text{Value: l.Value, At: l.At}
		}
	}
	if len(b.page.Headings) == 0 {
		return catalog.Text{Value: stem(b.file), At: b.page.At}
	}
	first := slices.MinFunc(b.page.Headings, func(g, h catalog.Heading) int { return cmp.Compare(min(g.Level, 2), min(h.Level, 2)) })
	return catalog.Text{Value: first.Text, At: first.At}
}

var erbTag = regexp.MustCompile(`(?s)<%.*?%>`)

// maskERB takes ERB tags out of the text and keeps its length and lines. A line with nothing but tags becomes blank;
// elsewhere fillers keep the place of what will be filled in.
func maskERB(text string) string {
	masked := []byte(text)
	for _, tag := range erbTag.FindAllStringIndex(text, -1) {
		blank(masked, tag[0], tag[1], filler)
	}
	for start := 0; start < len(masked); {
		end := start + len(masked[start:])
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		if strings.Trim(string(masked[start:end]), " \t"+string(filler)) == "" {
			blank(masked, start, end, ' ')
		}
		start = end + 1
	}
	return string(masked)
}

// blank overwrites a part of the text and keeps its line ends.
func blank(text []byte, from, to int, with byte) {
	for i := from; i < to; i++ {
		if text[i] != '\n' {
			text[i] = with
		}
	}
}
