// Package incidents reads how incidents are handled: pages about severities, roles and what happens during and after an
// incident. It answers "what does this page say about the parts of an incident process?" and never "is the process good?"
// or "whose is it?". Reports of single incidents are read by catalog/postmortems.
//
// Pages are prose, so what is found is a choice of their own headings, sentences, items and rows, each with its place;
// English is understood. What waits to be written is passed over. A process may be spread over many pages: each gives what it
// says.
// Sources: Google SRE book, ch. 14 "Managing Incidents"; PagerDuty incident response documentation.
package incidents

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// maxTexts is how many texts of one sort are kept.
const maxTexts = 12

// ReadPage gives what a page says about how incidents are handled; false when it says nothing of it. A page whose path says
// so (see [IsPath]) is asked for any part of a process; of any other one the part below a title or heading such as "Incident
// response" is read, and has to say at least two. A page that only mentions an incident is none, nor is one about the
// severities of something else.
func ReadPage(o *pages.Outline) (*catalog.IncidentProcess, bool) {
	sections, at, ok := processSections(o)
	if !ok {
		return nil, false
	}
	p := &catalog.IncidentProcess{Title: o.Page.Title, Page: o.Page, At: at, Reviewed: reviewed(o), Placeholders: placeholdersOf(o, sections)}
	units := unitsOf(o, sections)
	p.Severities = severities(o, units)
	readRoles(p, units)
	readConduct(p, units)
	if !aboutIncidents(o, units) {
		return nil, false
	}
	wanted := 2
	if IsPath(o.Page.Path) {
		wanted = 1
	}
	return p, parts(p) >= wanted
}

// aboutIncidents reports whether a page speaks of incidents by its path, its title or anywhere in its text.
func aboutIncidents(o *pages.Outline, units []unit) bool {
	if speaksOfIncidents(split(o.Page.Path)) || speaksOfIncidents(split(o.Page.Title.Value)) {
		return true
	}
	return slices.ContainsFunc(units, func(u unit) bool { return speaksOfIncidents(split(u.Value)) })
}

// parts counts the parts of a process that a page says something about.
func parts(p *catalog.IncidentProcess) int {
	n := 0
	for _, list := range lists(p) {
		if len(*list) > 0 {
			n++
		}
	}
	return n
}

func lists(p *catalog.IncidentProcess) []*[]catalog.Text {
	return []*[]catalog.Text{&p.Severities, &p.Commander, &p.Communication, &p.Diagnosis, &p.Mitigation, &p.CustomerUpdates, &p.Timeline, &p.MitigateFirst, &p.FollowUp}
}

// processSections gives the sections of a page that are about the process, and where they begin.
func processSections(o *pages.Outline) (sections []int, at catalog.Place, ok bool) {
	if IsPath(o.Page.Path) || isProcessTitle(o.Page.Title.Value) {
		for i := range o.Sections {
			sections = append(sections, i)
		}
		return sections, o.Page.Title.At.Or(o.Page.At), true
	}
	for i := 0; i < len(o.Sections); i++ {
		h := o.Sections[i].Heading
		if !isProcessTitle(h.Text) {
			continue
		}
		if at.IsZero() {
			at = h.At
		}
		sections = append(sections, i)
		for i+1 < len(o.Sections) && o.Sections[i+1].Heading.Level > h.Level {
			i++
			sections = append(sections, i)
		}
	}
	return sections, at, len(sections) > 0
}

// isProcessTitle reports whether a title is that of an incident process, or of a part of one.
func isProcessTitle(title string) bool {
	w := split(title)
	return len(w) <= 9 && processName(w) && !holdsAny(w, "template", "postmortem", "report", "review")
}

var reviewNames = []string{"last reviewed", "last reviewed on", "last review", "reviewed", "reviewed on", "review date", "last updated", "updated", "last modified", "last revised"}

// reviewed gives the day of the last review as the page states it.
func reviewed(o *pages.Outline) catalog.Text { return o.Field(reviewNames...) }

// placeholdersOf gives the placeholders of the page that stand in the given sections.
func placeholdersOf(o *pages.Outline, sections []int) []catalog.Text {
	if len(sections) == len(o.Sections) {
		return o.Page.Placeholders
	}
	var inside []catalog.Text
	for _, p := range o.Page.Placeholders {
		last := 0 // the section that it stands in
		for i, s := range o.Sections {
			if s.Heading.At.Line <= p.At.Line {
				last = i
			}
		}
		for _, i := range sections {
			if i == last {
				inside = append(inside, p)
			}
		}
	}
	return inside
}

// add appends a text to a list, once and not beyond its limit.
func add(list *[]catalog.Text, t catalog.Text) {
	if len(*list) >= maxTexts || t.Value == "" {
		return
	}
	for _, known := range *list {
		if known.At == t.At || strings.EqualFold(known.Value, t.Value) {
			return
		}
	}
	*list = append(*list, clip(t))
}

// clip keeps the beginning of a long text.
func clip(t catalog.Text) catalog.Text {
	const longest = 300
	if runes := []rune(t.Value); len(runes) > longest {
		t.Value = string(runes[:longest-1]) + "…"
	}
	return t
}
