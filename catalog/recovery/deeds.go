package recovery

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

func (r *reader) isContacts(heading string) bool {
	return r.means(contactNames)(heading) || pages.Means(heading, exactContacts...) == pages.Exactly
}

// steps gives what is done: what is listed, or else said, below headings that speak of it, or below scenarios, or else the
// numbered items of the plan.
func (r *reader) steps(sections []section) []catalog.Text {
	for _, names := range [][]string{stepNames, scenarioHeads} {
		if steps := r.stepsBelow(sections, names); len(steps) > 0 {
			return first(steps)
		}
	}
	var numbered []catalog.Text
	for _, s := range sections {
		for _, i := range s.Items {
			if i.Ordered && r.written(i.Text) {
				numbered = append(numbered, pages.Quote(i.Text))
			}
		}
	}
	return first(numbered)
}

// stepsBelow gives what is listed, or else said, below headings of the given names.
func (r *reader) stepsBelow(sections []section, names []string) []catalog.Text {
	var steps, said []catalog.Text
	for _, s := range sections {
		named := pages.Means(s.Heading.Text, "recovery") == pages.Exactly && s.Heading.Text != r.Page.Title.Value
		if !s.below(r.means(names)) && !named || s.below(r.isContacts) || r.means(aboutSteps)(s.Heading.Text) {
			continue
		}
		steps = append(steps, r.listed(s)...)
		for _, p := range s.Paragraphs {
			if r.written(p.Text) && len(strings.Fields(p.Value)) >= 5 {
				said = append(said, pages.Quote(p.Text))
			}
		}
	}
	if len(steps) == 0 {
		return said
	}
	return steps
}

// labels match items that say something about a scenario or a step and are none.
var labels = regexp.MustCompile(`(?i)^(?:triggers?|symptoms?|costs?|timeline|duration|impact|likelihood|probability|severity|priority|owner|status|RTO|RPO)\s*:`)

// listed gives the items, rows and commands of a section.
func (r *reader) listed(s section) []catalog.Text {
	var all []catalog.Text
	for _, i := range s.Items {
		if r.written(i.Text) && !labels.MatchString(i.Value) {
			all = append(all, pages.Quote(i.Text))
		}
	}
	all = append(all, r.rows(s)...)
	for _, c := range s.Code {
		if line := command(c); line.Value != "" {
			all = append(all, pages.Quote(line))
		}
	}
	return all
}

// command gives the first line of a block of code that is no comment. A block that is drawn with lines and boxes is none.
func command(code catalog.Text) catalog.Text {
	if strings.ContainsAny(code.Value, "┌└├│─═╔▼→") {
		return catalog.Text{}
	}
	at := code.At
	for line := range strings.Lines(code.Value) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return catalog.Text{Value: line, At: at}
		}
		at.Line, at.Col = at.Line+1, 1
	}
	return catalog.Text{}
}

// rows gives the rows of a section's tables that say something beside their first cell.
func (r *reader) rows(s section) []catalog.Text {
	var all []catalog.Text
	for _, t := range s.Tables {
		for _, row := range t.Rows {
			var cells []string
			says := len(row) == 1
			for i, c := range row {
				cells = append(cells, c.Value)
				says = says || i > 0 && r.written(c)
			}
			if len(row) > 0 && says {
				all = append(all, pages.Quote(catalog.Text{Value: strings.Join(cells, " | "), At: row[0].At}))
			}
		}
	}
	return all
}

// contacts gives who is called: what stands below headings that speak of it, under such a name, or in a sentence that says
// whom to call.
func (r *reader) contacts(sections []section) []catalog.Text {
	var all []catalog.Text
	for _, s := range sections {
		if !s.below(r.isContacts) {
			continue
		}
		for _, i := range s.Items {
			if r.written(i.Text) {
				all = append(all, pages.Quote(i.Text))
			}
		}
		all = append(all, r.rows(s)...)
		for _, p := range s.Paragraphs {
			if r.written(p.Text) && len(strings.Fields(p.Value)) >= 2 {
				all = append(all, pages.Quote(p.Text))
			}
		}
	}
	if contact := r.field("contacts", "contact", "contact list", "escalation", "on call", "oncall"); contact.Value != "" {
		all = append(all, pages.Quote(contact))
	}
	if len(all) == 0 {
		for _, s := range sections {
			for _, t := range s.Texts() {
				if r.written(t) && calls.MatchString(t.Value) {
					all = append(all, pages.Quote(t))
				}
			}
		}
	}
	return first(all)
}

// deeds gives what stands below headings of the given names, and the commands that do it.
func (r *reader) deeds(sections []section, names []string, pattern *regexp.Regexp) []catalog.Text {
	var all []catalog.Text
	for _, s := range sections {
		within := s.below(r.means(names))
		for _, t := range s.Texts() {
			if pattern.MatchString(t.Value) || within && r.written(t) && len(strings.Fields(t.Value)) >= 3 {
				all = append(all, pages.Quote(t))
			}
		}
		for _, code := range s.Code {
			if m := pattern.FindStringIndex(code.Value); m != nil {
				all = append(all, pages.Quote(lineAt(code, m[0])))
			} else if line := command(code); within && line.Value != "" {
				all = append(all, pages.Quote(line))
			}
		}
	}
	return first(all)
}

// lineAt gives the line of a block of code in which an offset stands.
func lineAt(code catalog.Text, offset int) catalog.Text {
	before := strings.LastIndexByte(code.Value[:offset], '\n') + 1
	line, _, _ := strings.Cut(code.Value[before:], "\n")
	if above := strings.Count(code.Value[:before], "\n"); above > 0 {
		code.At.Line, code.At.Col = code.At.Line+above, 1
	}
	return catalog.Text{Value: strings.TrimSpace(line), At: code.At}
}
