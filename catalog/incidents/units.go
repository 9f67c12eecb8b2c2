package incidents

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// form is what a unit of text is on its page.
type form int

const (
	heading form = iota
	sentence
	item
	row
	line // of a drawing or a form in a block of code: it may name severities, and states nothing else
)

// unit is one text of a page that can say something: a heading, a sentence, a list item, a row of a
// table, a line of a block of code.
type unit struct {
	catalog.Text
	form    form
	cells   []string // of a row
	header  []string // of a row's table
	body    string   // what is said of it: below a heading, in the items below an item, in the row
	ordered int      // the place of a numbered item in its list, from 1; else 0
	above   string   // the headings above it, the page's title first, joined by lines
}

// unitsOf gives the units of the given sections, in the order of the page as far as their kinds allow.
func unitsOf(o *pages.Outline, sections []int) []unit {
	r := unitReader{unwritten: map[int]bool{}}
	for _, p := range o.Page.Placeholders {
		r.unwritten[p.At.Line] = true
	}
	headings := headingsAbove(o)
	for _, i := range sections {
		s := o.Sections[i]
		above := headings[i]
		if s.Heading.Text != "" {
			r.add(unit{Text: catalog.Text{Value: s.Heading.Text, At: s.Heading.At}, form: heading, body: bodyOf(o, i), above: above})
			above += "\n" + beginning(s.Heading.Text)
		}
		r.paragraphs(s, above)
		r.items(s, above)
		r.rows(s, above)
		r.code(s, above)
	}
	return r.units
}

type unitReader struct {
	units     []unit
	unwritten map[int]bool // lines on which a placeholder stands
}

func (r *unitReader) add(u unit) {
	if u.Value != "" && !r.unwritten[u.At.Line] {
		r.units = append(r.units, u)
	}
}

// headingsAbove gives, for each section of a page, the headings that it stands below, the page's title first and then the
// nearest one, joined by lines.
func headingsAbove(o *pages.Outline) []string {
	all := make([]string, len(o.Sections))
	var open []catalog.Heading
	for i, s := range o.Sections {
		for len(open) > 0 && open[len(open)-1].Level >= s.Heading.Level {
			open = open[:len(open)-1]
		}
		above := []string{}
		for _, h := range slices.Backward(open) {
			above = append(above, beginning(h.Text))
		}
		all[i] = beginning(o.Page.Title.Value) + "\n" + strings.Join(above, "\n")
		if s.Heading.Text != "" {
			open = append(open, s.Heading)
		}
	}
	return all
}

// beginning gives what of a heading is looked at by what stands below it: all of those that people write.
func beginning(heading string) string {
	const most = 150
	return heading[:min(len(heading), most)]
}

// maxBody bounds what is looked at of what stands below a heading.
const maxBody = 8 << 10

// bodyOf gives what stands below a heading, sections below it included.
func bodyOf(o *pages.Outline, i int) string {
	var b strings.Builder
	for _, t := range o.Whole(i).Texts() {
		if b.Len()+len(t.Value) > maxBody {
			break
		}
		b.WriteString(t.Value + "\n")
	}
	return b.String()
}

var sentenceEnd = regexp.MustCompile(`[.!?:]["')*]?\s+`)

// paragraphs adds the sentences of a section's paragraphs, each at the line on which it begins.
// A paragraph that ends in a colon goes on in the list behind it.
func (r *unitReader) paragraphs(s pages.Part, above string) {
	for i, p := range s.Paragraphs {
		start, line, lineEnd := 0, 0, len(p.Lines[0].Value)+1
		for _, m := range append(sentenceEnd.FindAllStringIndex(p.Value, -1), []int{len(p.Value), len(p.Value)}) {
			for lineEnd <= start && line+1 < len(p.Lines) {
				line++
				lineEnd += len(p.Lines[line].Value) + 1
			}
			if text := strings.TrimSpace(p.Value[start:m[1]]); text != "" {
				u := unit{Text: catalog.Text{Value: strings.Clone(text), At: p.Lines[line].At}, form: sentence, body: text, above: above}
				if m[1] == len(p.Value) && strings.HasSuffix(text, ":") {
					u.body += listBehind(s, i)
				}
				r.add(u)
			}
			start = m[1]
		}
	}
}

// listBehind gives the items between a paragraph and the next one, a line for each.
func listBehind(s pages.Part, paragraph int) string {
	var b strings.Builder
	first, _ := slices.BinarySearchFunc(s.Items, s.Paragraphs[paragraph].At.Line+1, func(it pages.Item, line int) int { return it.At.Line - line })
	for _, it := range s.Items[first:] {
		if b.Len() > maxBody || paragraph+1 < len(s.Paragraphs) && it.At.Line >= s.Paragraphs[paragraph+1].At.Line {
			break
		}
		b.WriteString("\n" + it.Value)
	}
	return b.String()
}

func (r *unitReader) items(s pages.Part, above string) {
	number := 0
	for i, it := range s.Items {
		u := unit{Text: it.Text, form: item, body: it.Value, above: above}
		for _, below := range s.Items[i+1:] {
			if below.Depth <= it.Depth || len(u.body) > maxBody {
				break
			}
			u.body += "\n" + below.Value
		}
		if it.Ordered && it.Depth == 1 {
			number++
			u.ordered = number
		}
		r.add(u)
	}
}

func (r *unitReader) rows(s pages.Part, above string) {
	for _, t := range s.Tables {
		var header []string
		for _, h := range t.Header {
			header = append(header, h.Value)
		}
		for _, cells := range t.Rows {
			u := unit{form: row, header: header, above: above}
			for _, c := range cells {
				u.cells = append(u.cells, c.Value)
			}
			if len(cells) > 0 {
				u.body = strings.TrimRight(strings.Join(u.cells, " | "), " |")
				u.Text = catalog.Text{Value: u.body, At: cells[0].At}
				r.add(u)
			}
		}
	}
}

func (r *unitReader) code(s pages.Part, above string) {
	for _, c := range s.Code {
		at := c.At
		for text := range strings.Lines(c.Value) {
			r.add(unit{Text: catalog.Text{Value: strings.TrimSpace(text), At: at}, form: line, above: above})
			at.Line, at.Col = at.Line+1, 1
		}
	}
}
