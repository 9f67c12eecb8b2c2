// Package postmortems reads the reports of incidents from Markdown pages. It answers "what does this report say, part by
// part?" and never "is it a good one?" or "who is to blame?".
//
// Reports have no common format. Their parts are found by the words of their headings, what they state about themselves by
// the names of fields, and promised actions by lists and tables.
package postmortems

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// ReadPage gives the report that a page is, or false when it is none: see [IsPath], which decides by the path where that is
// plain. Elsewhere a page is a report when its title says so and it has a date and the main parts of one.
func ReadPage(o *pages.Outline, file string) (*catalog.Postmortem, bool) {
	p := ReadNamed(o, file)
	if !isReport(p, file) {
		return nil, false
	}
	return p, true
}

// ReadNamed gives the report that a page is which somebody says is one, whatever its path and text.
func ReadNamed(o *pages.Outline, file string) *catalog.Postmortem {
	r := reader{outline: o, page: o.Page}
	p := &catalog.Postmortem{Title: o.Page.Title, Placeholders: o.Page.Placeholders, Page: o.Page, Changed: o.Page.Changed, At: o.Page.At}
	p.Sections = r.sections()
	p.Actions = r.actions()
	r.fields(p, file)
	p.Causes = r.causes()
	p.Gap = r.gaps()
	p.Template = isForm(file) || isUnfilled(p)
	return p
}

// titleSays matches the titles of reports.
var titleSays = regexp.MustCompile(`(?i)\bpost-? ?mortem\b|\bincident (?:report|review|retrospective)\b|\bpost[- ]incident (?:report|review)\b|\bRCA\b|\broot cause analysis\b`)

// planTitle matches the titles of what is to be done about an incident.
var planTitle = regexp.MustCompile(`(?i)\b(?:resolution|response|recovery|remediation|implementation|action|test) plan\b`)

func isReport(p *catalog.Postmortem, file string) bool {
	parts := map[catalog.PostmortemPart]bool{}
	for _, s := range p.Sections {
		parts[s.Part] = true
	}
	switch judge(file) {
	case yes:
		return (p.Page.Words > 0 || len(p.Page.Headings) > 0) && !announces(p)
	case maybe:
		return len(parts) >= 2 && !planTitle.MatchString(p.Title.Value)
	}
	core := parts[catalog.Timeline] && parts[catalog.Impact] && (parts[catalog.ContributingFactors] || parts[catalog.ActionItems])
	return core && titleSays.MatchString(p.Title.Value) && p.Date.Value != "" && pages.IsPath(file) && !pages.IsRunbookPath(file) && !tellsHow(file)
}

// announces reports whether a page only says that a report is to be found elsewhere: it is short, has none of its parts, and
// links to some address.
func announces(p *catalog.Postmortem) bool {
	const short = 120
	hasPart := func(s catalog.PostmortemSection) bool { return s.Part != "" }
	return p.Page.Words < short && !slices.ContainsFunc(p.Sections, hasPart) && len(p.Actions) == 0 &&
		slices.ContainsFunc(p.Page.Links, func(l catalog.PageLink) bool { return strings.Contains(l.Target, "://") })
}

// tellsHow reports whether a page's name says that it tells how reports are written.
func tellsHow(file string) bool {
	words := wordsOf(stemOf(strings.ToLower(file)))
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(about, w) || slices.Contains(introductions, w) })
}

// formTitle matches titles that are still to be written.
var formTitle = regexp.MustCompile(`(?i)[\[<{](?:[^\]>}]*\b(?:title|name|description|incident|date|service|system|id|summary|short|brief)\b[^\]>}]*)[\]>}]|\bYYYY\b|\btemplate\b`)

// isUnfilled reports whether a page is a form, by what it left open: its title or its date, and its parts.
func isUnfilled(p *catalog.Postmortem) bool {
	open := 0
	for _, s := range p.Sections {
		if s.Open {
			open++
		}
	}
	dateOpen := p.Date.Value != "" && blank(p.Date.Value)
	return formTitle.MatchString(p.Title.Value) || len(p.Sections) >= 3 && (open == len(p.Sections) || dateOpen && open >= 2)
}
