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
// so (see [IsPath]), or its title, is one even when no part of a process is recognised in it; of any other one the parts
// below headings such as "Incident response" are read, and have to say something. A page that only mentions an incident is
// none, nor is one about the severities of something else, a report or a form.
func ReadPage(o *pages.Outline) (*catalog.IncidentProcess, bool) {
	whole := IsPath(o.Page.Path)
	if !whole {
		if isAside(o.Page.Path) {
			return nil, false
		}
		whole = isProcessTitle(o.Page.Title.Value)
	}
	sections, at, ok := processSections(o, whole)
	if !ok {
		return nil, false
	}
	p, units := readSections(o, sections, at)
	if !aboutIncidents(o, units) {
		return nil, false
	}
	return p, whole || parts(p) > 0
}

// ReadNamed gives the process of a page that somebody says holds one, whatever its path and text.
func ReadNamed(o *pages.Outline) *catalog.IncidentProcess {
	if p, ok := ReadPage(o); ok {
		return p
	}
	sections, at, _ := processSections(o, true)
	p, _ := readSections(o, sections, at)
	return p
}

// readSections reads the given sections of a page.
func readSections(o *pages.Outline, sections []int, at catalog.Place) (*catalog.IncidentProcess, []unit) {
	p := &catalog.IncidentProcess{Title: o.Page.Title, Page: o.Page, At: at, Reviewed: reviewed(o), Placeholders: placeholdersOf(o, sections)}
	units := unitsOf(o, sections)
	p.Severities = severities(o, units)
	readRoles(p, units)
	readConduct(p, units)
	return p, units
}

// aboutIncidents reports whether a page speaks of incidents by its path, its title or anywhere in its text.
func aboutIncidents(o *pages.Outline, units []unit) bool {
	if speaksOfIncidents(pages.Words(o.Page.Path)) || speaksOfIncidents(pages.Words(o.Page.Title.Value)) {
		return true
	}
	return slices.ContainsFunc(units, func(u unit) bool { return speaksOfIncidents(pages.Words(u.Value)) })
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

// processSections gives the sections of a page that are about the process, all of them when the whole page is, and where
// they begin.
func processSections(o *pages.Outline, whole bool) (sections []int, at catalog.Place, ok bool) {
	if whole {
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
	w := pages.Words(title)
	return len(w) <= 9 && processName(w) && !pages.HasWord(w, "template", "postmortem", "report", "review")
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
		// The first section, which has no heading, stands before all placeholders.
		i, _ := slices.BinarySearchFunc(o.Sections, p.At.Line+1, func(s pages.Part, line int) int { return s.Heading.At.Line - line })
		if _, found := slices.BinarySearch(sections, i-1); found {
			inside = append(inside, p)
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
	*list = append(*list, pages.Quote(t))
}
