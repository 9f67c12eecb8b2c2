package threats

import (
	"slices"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// readHeading reads a threat that has a heading of its own, with the sections below it.
func (p *page) readHeading(i int) {
	h := p.o.Sections[i].Heading
	t := catalog.Threat{Title: catalog.Text{Value: h.Text, At: h.At}, At: h.At}
	end := min(sectionEnd(p.o, i), p.last)
	for j := i; j < end; j++ {
		p.taken[j] = true
		s := p.o.Sections[j]
		name := ""
		if j > i {
			name = s.Heading.Text
		}
		p.readDetails(&t, name, s)
	}
	p.add(t)
}

// readDetails reads what a section tells about a threat: its fields, and what stands below a heading, or after a line,
// with a field's name.
func (p *page) readDetails(t *catalog.Threat, name string, s pages.Part) {
	for _, text := range inOrder(s) {
		key, value, ok := cutKey(text)
		known := ok && set(t, key, value)
		switch {
		case ok && value.Value == "": // a name before what belongs to it
			name = key
		case known:
		case name != "":
			put(t, name, text)
		}
	}
}

// inOrder gives the lines, items and rows of a section in the order of the page. A row of a table is its first cell, or
// "Name: value" where the table states that.
func inOrder(s pages.Part) []catalog.Text {
	var all []catalog.Text
	for _, para := range s.Paragraphs {
		all = append(all, para.Lines...)
	}
	for _, item := range s.Items {
		all = append(all, item.Text)
	}
	for _, t := range s.Tables {
		for _, row := range t.Rows {
			text := row[0]
			if isKeyTable(t) {
				text.Value += ": " + row[1].Value
			} else if name := t.Header[0].Value; fieldOf(name) == mitigationField && nameKey(name) != "control" {
				text.Value = name + ": " + text.Value
			}
			all = append(all, text)
		}
	}
	slices.SortStableFunc(all, func(a, b catalog.Text) int { return a.At.Compare(b.At) })
	return all
}

// maxMitigation bounds how much of the mitigations of a threat is kept, in bytes.
const maxMitigation = 1000

// put puts one of several texts that stand under a name into a threat: mitigations add up.
func put(t *catalog.Threat, name string, text catalog.Text) {
	if t.Mitigation.Value == "" || fieldOf(name) != mitigationField {
		set(t, name, text)
		return
	}
	if !unwritten(text.Value) && len(t.Mitigation.Value)+len(text.Value) < maxMitigation {
		t.Mitigation.Value += "; " + text.Value
	}
}
