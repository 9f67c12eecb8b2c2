package postmortems

import (
	"slices"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// reader is one report that is being read.
type reader struct {
	outline *pages.Outline
	page    *catalog.Page
	parts   []catalog.PostmortemPart // of each section of the outline; worked out once
	fielded []field
}

// classify gives each section of the outline its part: that of its heading, else that of the heading it stands below.
func (r *reader) classify() []catalog.PostmortemPart {
	if r.parts != nil {
		return r.parts
	}
	r.parts = make([]catalog.PostmortemPart, len(r.outline.Sections))
	var above []int // sections that the current one stands below
	for i, s := range r.outline.Sections {
		for len(above) > 0 && r.outline.Sections[above[len(above)-1]].Heading.Level >= s.Heading.Level {
			above = above[:len(above)-1]
		}
		if i > 0 && !r.isTitle(s) {
			r.parts[i] = partOf(s.Heading.Text)
			if len(above) > 0 {
				r.parts[i] = inherit(r.parts[above[len(above)-1]], r.parts[i])
			}
		}
		above = append(above, i)
	}
	return r.parts
}

// inherit gives the part of a section below another one. What stands below the action items is one of them, whatever
// its heading says ("Prevention", "Detection"), as they are often grouped that way; a cause's detection is still a cause.
func inherit(above, own catalog.PostmortemPart) catalog.PostmortemPart {
	grouped := above == catalog.ActionItems && own != catalog.WentWell && own != catalog.WentPoorly
	if own == "" || grouped {
		return above
	}
	return own
}

// isTitle reports whether a section's heading is the page's title, which announces no part.
func (r *reader) isTitle(s pages.Part) bool {
	return s.Heading.At == r.page.Title.At || s.Heading.Level == 1 && s.Heading.Text == r.page.Title.Value
}

// group is one part of the report: the section that announces it with those below it.
type group struct {
	part catalog.PostmortemPart
	pages.Part
	own    pages.Part   // the section that announces it alone
	subs   []pages.Part // the sections below it that are of the same part
	frames bool         // sections of other parts stand below it, as "what went well" does below "lessons learned"
}

// groups gives the parts in the order of the page.
func (r *reader) groups() []group {
	parts := r.classify()
	var all []group
	for i, s := range r.outline.Sections {
		if parts[i] == "" {
			continue
		}
		if n := len(all); n > 0 && all[n-1].Heading.Level < s.Heading.Level {
			if parts[i-1] == parts[i] {
				all[n-1].join(s)
				continue
			}
			all[n-1].frames = true
		}
		s.Paragraphs, s.Items, s.Tables, s.Code = slices.Clip(s.Paragraphs), slices.Clip(s.Items), slices.Clip(s.Tables), slices.Clip(s.Code)
		all = append(all, group{part: parts[i], Part: s, own: s})
	}
	return all
}

func (g *group) join(s pages.Part) {
	g.subs = append(g.subs, s)
	g.Paragraphs = append(g.Paragraphs, s.Paragraphs...)
	g.Items = append(g.Items, s.Items...)
	g.Tables = append(g.Tables, s.Tables...)
	g.Code = append(g.Code, s.Code...)
}

// sections gives the parts of the report: by headings, and by fields for parts that have no heading.
func (r *reader) sections() []catalog.PostmortemSection {
	var all []catalog.PostmortemSection
	add := func(part catalog.PostmortemPart, heading catalog.Text, c content) {
		all = append(all, catalog.PostmortemSection{Part: part, Heading: pages.Quote(heading), Words: c.words, Entries: c.entries, Open: c.words == 0})
	}
	for _, g := range r.groups() {
		heading, c := textOf(g.Heading), contentOf(g.Part)
		if c.words == 0 && g.frames {
			continue
		}
		add(g.part, heading, c)
		if g.part == catalog.ActionItems {
			for _, also := range improving(g) {
				add(catalog.Improvements, also, c)
			}
		}
	}
	for _, f := range r.fieldsOf() {
		if f.part != "" && !has(all, f.part) && !blank(f.Value.Value) {
			c := content{}
			c.add(f.Value.Value, false)
			add(f.part, catalog.Text{Value: f.Name, At: f.Value.At}, c)
		}
	}
	if s, ok := r.summary(); ok && !has(all, catalog.Impact) {
		add(catalog.Impact, textOf(s.Heading), contentOf(s))
	}
	return all
}

func textOf(h catalog.Heading) catalog.Text { return catalog.Text{Value: h.Text, At: h.At} }

func has(all []catalog.PostmortemSection, part catalog.PostmortemPart) bool {
	return slices.ContainsFunc(all, func(s catalog.PostmortemSection) bool { return s.Part == part && !s.Open })
}

// improving gives what says that actions change the system: their headings, or a column with the type of each ("prevent",
// "mitigate", "process": Google SRE book, appendix D).
func improving(g group) []catalog.Text {
	for _, s := range append([]pages.Part{g.Part}, g.subs...) {
		if alsoImproves.MatchString(s.Heading.Text) {
			return []catalog.Text{textOf(s.Heading)}
		}
	}
	for _, t := range g.Tables {
		if c := t.Column("type", "category", "kind"); c >= 0 {
			return []catalog.Text{t.Header[c]}
		}
	}
	return nil
}

// fieldPart gives the part that a field is: "Root cause: …".
func fieldPart(name string) catalog.PostmortemPart {
	for _, p := range partNames {
		if pages.Means(name, p.within...) == pages.Exactly || pages.Means(name, p.whole...) == pages.Exactly {
			return p.part
		}
	}
	for _, impact := range []string{"user impact", "customer impact", "business impact"} {
		if pages.Means(name, impact) == pages.Exactly {
			return catalog.Impact
		}
	}
	return ""
}

// summary gives the section that sums up, when it tells what became of users.
func (r *reader) summary() (pages.Part, bool) {
	for _, i := range r.outline.Find(summaryNames...) {
		s := r.outline.Sections[i]
		if r.isTitle(s) || pages.Means(s.Heading.Text, summaryNames...) != pages.Exactly {
			continue
		}
		if slices.ContainsFunc(sentences(s), func(t catalog.Text) bool { return harm.MatchString(t.Value) }) {
			return s, true
		}
	}
	return pages.Part{}, false
}

// causes gives the sentences that say what contributed.
func (r *reader) causes() []catalog.Text {
	var all []catalog.Text
	for _, g := range r.groups() {
		if g.part == catalog.ContributingFactors {
			all = append(all, sentences(g.Part)...)
		}
	}
	for _, f := range r.fieldsOf() {
		if f.part == catalog.ContributingFactors && !blank(f.Value.Value) && !slices.ContainsFunc(all, func(t catalog.Text) bool { return t.At.Line == f.Value.At.Line }) {
			all = append(all, pages.Quote(f.Value))
		}
	}
	return all
}
