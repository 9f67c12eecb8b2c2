package checks

import (
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// postmortemsOf gives the service's postmortems that are to be judged; forms to be filled in are not. When there are none
// it says that there is nothing to require, or that one may be hidden, and gives nil.
func postmortemsOf(in *Inspection) []catalog.Linked[catalog.Postmortem] {
	var all []catalog.Linked[catalog.Postmortem]
	for _, p := range in.Service.Postmortems {
		if !p.Item.Template {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		if hides(in.Service, catalog.Postmortems) {
			in.Missingf(in.Service.Name.At, "no postmortem of the service was found")
		}
		in.NotApplicablef("a service with no incident: no postmortem is about it")
	}
	return all
}

// postmortemName names a postmortem in a message: by its ID, where its title does not hold it, and its title.
func postmortemName(p *catalog.Postmortem) string {
	title := p.Title.Value
	if p.Page != nil && title == "" {
		title = p.Page.Path
	}
	if p.ID.Value != "" && !strings.Contains(title, p.ID.Value) {
		title = p.ID.Value + " " + title
	}
	return beginning(title)
}

// quoteLength is how much of a text stands in a message, in characters.
const quoteLength = 70

// beginning gives the first words of a text.
func beginning(text string) string {
	if utf8.RuneCountInString(text) <= quoteLength {
		return text
	}
	runes := []rune(text)[:quoteLength]
	cut := string(runes)
	if i := strings.LastIndexByte(cut, ' '); i > quoteLength/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// sharedPostmortem names the common cause of findings about a postmortem that is linked to many services.
func sharedPostmortem(q *Requirement, p catalog.Linked[catalog.Postmortem], key, format string, args ...any) {
	if q.LinkedBy(p.By); p.By.Rung > catalog.ByFolder {
		q.Because(key+" "+p.Item.At.File, format, args...)
	}
}

// ActionDue gives the day by which an action is promised, as far as one can be read.
func ActionDue(a catalog.ActionItem) (dates.Day, bool) {
	if day, ok := dates.Deadline(a.Due.Value); ok {
		return day, true
	}
	return dates.Deadline(dates.Find(a.Due.Value))
}

// presentParts gives the parts of a postmortem that say something, and those that stand there and wait to be written.
func presentParts(p *catalog.Postmortem) (filled, open []catalog.PostmortemPart) {
	for _, part := range catalog.PostmortemParts {
		is := func(open bool) func(catalog.PostmortemSection) bool {
			return func(s catalog.PostmortemSection) bool { return s.Part == part && s.Open == open }
		}
		switch {
		case slices.ContainsFunc(p.Sections, is(false)):
			filled = append(filled, part)
		case slices.ContainsFunc(p.Sections, is(true)):
			open = append(open, part)
		}
	}
	return filled, open
}

// partNames joins the names of parts.
func partNames(parts []catalog.PostmortemPart) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}
