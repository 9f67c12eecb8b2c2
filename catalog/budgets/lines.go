package budgets

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
)

// unitReader takes the lines of a page apart.
type unitReader struct {
	page     *catalog.Page
	headings map[int]catalog.Heading // by line
	waiting  map[int]bool            // lines with something that waits to be written
	units    []*unit

	heading   *unit
	paragraph []line // lines that are not finished
	last      *unit  // the last sentence of the last paragraph, until something else than a list follows
	items     []item // the open list items
	header    []string
	rows      bool // the line before was a row
	fence     string
}

type line struct {
	text string
	at   catalog.Place
}

type item struct {
	indent int
	unit   *unit
}

// readUnits gives the units of a part of a page, in the order of the text. It takes linear time.
func readUnits(page *catalog.Page, data []byte, p part) []*unit {
	r := &unitReader{page: page, headings: map[int]catalog.Heading{}, waiting: map[int]bool{}}
	for _, h := range page.Headings {
		r.headings[h.At.Line] = h
	}
	for _, t := range page.Placeholders {
		r.waiting[t.At.Line] = true
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	lines := strings.Split(text, "\n")
	for i := frontMatterEnd(lines); i < len(lines) && len(r.units) < maxUnits; i++ {
		number := i + 1
		if number < p.first {
			continue
		}
		if p.last > 0 && number >= p.last {
			break
		}
		r.line(lines[i], number)
	}
	r.endParagraph()
	return r.units
}

// frontMatterEnd gives the index of the first line after the front matter.
func frontMatterEnd(lines []string) int {
	fence := strings.TrimRight(lines[0], " \t")
	if fence != "---" && fence != "+++" {
		return 0
	}
	for i, l := range lines[1:] {
		if bare := strings.TrimRight(l, " \t"); bare == fence || fence == "---" && bare == "..." {
			return i + 2
		}
	}
	return 0
}

var (
	listItem  = regexp.MustCompile(`^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.*)$`)
	separator = regexp.MustCompile(`^[|:\- \t]*-[|:\- \t]*$`)
	underline = regexp.MustCompile(`^(?:=+|-+|\*{3,}|_{3,})$`)
	// field matches a line that begins with a name and a colon, as in "**Owner:** payments": it stands for itself.
	field = regexp.MustCompile(`^[*_]{0,3}[A-Z][\w /&()-]{1,40}[*_]{0,3}:`)
)

func (r *unitReader) line(text string, number int) {
	bare := strings.TrimSpace(text)
	for strings.HasPrefix(bare, ">") {
		bare = strings.TrimSpace(bare[1:])
		text = bare
	}
	if r.inFence(bare) {
		return
	}
	at := catalog.Place{File: r.page.Path, Line: number, Col: utf8.RuneCountInString(text[:len(text)-len(strings.TrimLeft(text, " \t"))]) + 1}
	isRow := strings.HasPrefix(bare, "|")
	if !isRow {
		r.rows, r.header = false, nil
	}
	switch h, isHeading := r.headings[number]; {
	case isHeading:
		r.startHeading(h)
	case bare == "":
		r.endParagraph()
	case underline.MatchString(bare) || strings.HasPrefix(bare, "<!--"):
		r.endParagraph()
	case isRow:
		r.row(bare, at)
	default:
		if m := listItem.FindStringSubmatch(text); m != nil {
			r.startItem(indent(m[1]), line{m[2], at})
			return
		}
		r.continued(text, line{bare, at})
	}
}

// inFence reports whether the line belongs to a code block.
func (r *unitReader) inFence(bare string) bool {
	mark := ""
	if strings.HasPrefix(bare, "```") || strings.HasPrefix(bare, "~~~") {
		mark = bare[:3]
	}
	switch {
	case r.fence == "" && mark != "":
		r.endParagraph()
		r.fence = mark
		return true
	case r.fence != "" && mark == r.fence:
		r.fence = ""
		return true
	}
	return r.fence != ""
}

// indent counts columns; a tab is four.
func indent(blanks string) int { return len(strings.ReplaceAll(blanks, "\t", "    ")) }

func (r *unitReader) startHeading(h catalog.Heading) {
	r.endParagraph()
	r.items, r.last = nil, nil
	u := &unit{text: h.Text, at: h.At, level: h.Level}
	for u.above = r.heading; u.above != nil && u.above.level >= h.Level; u.above = u.above.above {
	}
	r.heading = u
	r.units = append(r.units, u)
}

func (r *unitReader) startItem(indent int, l line) {
	r.endParagraph()
	for len(r.items) > 0 && r.items[len(r.items)-1].indent >= indent {
		r.items = r.items[:len(r.items)-1]
	}
	lead := r.last
	if lead != nil && !strings.HasSuffix(lead.text, ":") {
		lead = nil
	}
	if len(r.items) > 0 {
		lead = r.items[len(r.items)-1].unit
	}
	if lead != nil {
		lead.leads = true
	}
	u := &unit{at: l.at, above: r.heading, lead: lead}
	r.items = append(r.items, item{indent, u})
	if !r.waiting[l.at.Line] {
		u.text = plain(l.text)
		r.units = append(r.units, u)
	}
}

// continued takes a line that belongs to the open list item, or to a paragraph.
func (r *unitReader) continued(written string, l line) {
	open := len(r.items) > 0 && len(r.paragraph) == 0
	inside := open && indent(written[:len(written)-len(strings.TrimLeft(written, " \t"))]) > r.items[len(r.items)-1].indent
	if previous := r.previousLine(); inside || open && previous == l.at.Line-1 {
		u := r.items[len(r.items)-1].unit
		if u.text != "" && !r.waiting[l.at.Line] && len(u.text) < maxText {
			u.text += " " + plain(l.text)
		}
		return
	}
	r.items = nil
	if field.MatchString(l.text) {
		r.endParagraph()
	}
	r.paragraph = append(r.paragraph, l)
}

// previousLine gives the line on which the open list item begins.
func (r *unitReader) previousLine() int {
	if len(r.items) == 0 {
		return 0
	}
	return r.items[len(r.items)-1].unit.at.Line
}

// row takes a row of a table; the row before a separator is the header.
func (r *unitReader) row(bare string, at catalog.Place) {
	r.endParagraph()
	r.items, r.last = nil, nil
	if separator.MatchString(bare) {
		if n := len(r.units); r.rows && n > 0 && r.units[n-1].cells != nil {
			r.header = r.units[n-1].cells
			if r.isHeader(r.header) {
				r.units = r.units[:n-1]
			}
		}
		return
	}
	r.rows = true
	var cells []string
	for _, c := range strings.SplitN(strings.Trim(bare, "|"), "|", maxCells) {
		cells = append(cells, plain(c))
	}
	if !r.waiting[at.Line] {
		r.units = append(r.units, &unit{text: strings.Join(cells, " | "), at: at, above: r.heading, cells: cells, header: r.header})
	}
}

// isHeader reports whether the first row of a table names its columns. In a table of two columns without names, as
// "| Status | Draft |" at its head, it is a row like the others.
func (r *unitReader) isHeader(cells []string) bool {
	return len(cells) != 2 || !isMetadata(cells[0])
}

// endParagraph makes sentences of the lines that were collected.
func (r *unitReader) endParagraph() {
	lines := r.paragraph
	r.paragraph = nil
	if len(lines) == 0 {
		return
	}
	var b strings.Builder
	starts := make([]int, len(lines))
	for i, l := range lines {
		starts[i] = b.Len()
		if !r.waiting[l.at.Line] && b.Len() < 50*maxText {
			b.WriteString(plain(l.text) + " ")
		}
	}
	at := 0
	for _, s := range sentences(b.String()) {
		for at+1 < len(lines) && starts[at+1] <= s.start {
			at++
		}
		r.last = &unit{text: s.text, at: lines[at].at, above: r.heading}
		if at > 0 || s.start > 0 {
			r.last.at.Col = 0 // it may begin inside the line
		}
		r.units = append(r.units, r.last)
	}
}
