package threats

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
)

// ReadPage gives the threat model that a Markdown page holds; ok is false when it holds none. A page whose name or title
// says so is one whatever stands in it; of any other the part below a heading such as "Threat model" is read, and a page
// about its attack surface or a security assessment is one when it names threats and what or whom they come from.
// Templates and guides to threat modelling are none.
func ReadPage(o *pages.Outline) (m *catalog.ThreatModel, ok bool) {
	file, title := o.Page.Path, o.Page.Title
	if isGuide(title.Value) || slices.ContainsFunc(segmentsOf(file), aside) || explainsModelling(o) {
		return nil, false
	}
	if isNamed(file) || isModelTitle(title.Value) {
		return read(o, 0, len(o.Sections)), true
	}
	for i, s := range o.Sections {
		if isModelTitle(s.Heading.Text) {
			return read(o, i, sectionEnd(o, i)), true
		}
	}
	if !mayHold(file) {
		return nil, false
	}
	m = read(o, 0, len(o.Sections))
	return m, len(m.Threats) > 0 && len(m.Assets)+len(m.Attackers) > 0
}

// ReadNamed gives the threat model of a page that an entry names as one, whatever its title says.
func ReadNamed(o *pages.Outline) *catalog.ThreatModel {
	if m, ok := ReadPage(o); ok {
		return m
	}
	return read(o, 0, len(o.Sections))
}

// sectionEnd gives the index after the last section below section i.
func sectionEnd(o *pages.Outline, i int) int {
	end := i + 1
	for end < len(o.Sections) && o.Sections[end].Heading.Level > o.Sections[i].Heading.Level {
		end++
	}
	return end
}

var guideWords = regexp.MustCompile(`(?i)\b(?:template|guide|guidelines?|how[- ]?to|training|tutorial|workshop|lab|course|methodology|checklist|introduction|process|program|skill|playbook|101)\b`)

// explains matches the headings of a page that tells what threat modelling is and how it is done.
var explains = regexp.MustCompile(`(?i)^(?:what(?:['’]s| is)|why|when to|when should|how to|how do)\b.{0,40}\bthreat modell?ing\b|^what(?:['’]s| is) a threat(?: model)?\W*$`)

// explainsModelling reports whether a page explains threat modelling to those who are to do it.
func explainsModelling(o *pages.Outline) bool {
	return slices.ContainsFunc(o.Sections, func(s pages.Part) bool {
		return explains.MatchString(s.Heading.Text) && s.Heading.Text != o.Page.Title.Value
	})
}

func isGuide(title string) bool { return guideWords.MatchString(title) }

// isModelTitle reports whether a title is that of a threat model, as "STRIDE threat model of checkout" is.
func isModelTitle(title string) bool {
	return len(wordsOf(title)) <= 12 && modelWords.MatchString(title) && speaksOfModels(wordsOf(title)) && !isGuide(title)
}

// page reads one page into a model.
type page struct {
	o           *pages.Outline
	first, last int // the sections that are the model
	m           *catalog.ThreatModel
	parts       []part // what each section of the page is about, by its heading or one above it
	taken       []bool // sections that belong to a threat that has a heading of its own

	byID, byTitle map[string]int         // the threats of the model
	placeholders  map[int][]catalog.Text // of the page, by line
}

// Limits of what is read of one page, so that a hostile one costs little. A model beyond them is partial.
const (
	maxSections = 2000
	maxTables   = 300
	maxColumns  = 30
	maxRows     = 5000
)

func read(o *pages.Outline, first, last int) *catalog.ThreatModel {
	m := &catalog.ThreatModel{Format: "markdown", Title: o.Page.Title, Page: o.Page, Changed: o.Page.Changed, AtLeastAsOld: o.Page.AtLeastAsOld, At: o.Page.At}
	if first > 0 {
		h := o.Sections[first].Heading
		m.Title, m.At = catalog.Text{Value: h.Text, At: h.At}, h.At
	}
	own := *o
	own.Sections = slices.Clone(o.Sections) // whose tables are cut to the limits
	p := &page{o: &own, first: first, last: min(last, first+maxSections), m: m, byID: map[string]int{}, byTitle: map[string]int{}, placeholders: map[int][]catalog.Text{}}
	for _, t := range o.Page.Placeholders {
		p.placeholders[t.At.Line] = append(p.placeholders[t.At.Line], t)
	}
	if last > p.last || p.dropTables() {
		m.Partial = catalog.Text{Value: "it has more headings, or more or larger tables, than are read", At: m.At}
	}
	p.classify()
	p.readThreats()
	p.readAnswers()
	p.readPlaceholders()
	m.Services = append(servicesOf(o), aboutOf(m.Title, o.Page.Path)...)
	m.Reviewed = p.reviewed()
	if isForeignProse(o) {
		m.Partial = catalog.Text{Value: "it is not written in English, which is the only language that is understood", At: m.At}
	}
	return quoted(m)
}

// dropTables leaves out the tables and rows beyond the limits. It reports whether there are any.
func (p *page) dropTables() (dropped bool) {
	left := maxTables
	for i := range p.o.Sections {
		s := &p.o.Sections[i]
		var kept []pages.Table
		for _, t := range s.Tables {
			if left == 0 || len(t.Header) > maxColumns {
				dropped = true
				continue
			}
			if len(t.Rows) > maxRows {
				t.Rows, dropped = t.Rows[:maxRows], true
			}
			kept = append(kept, t)
			left--
		}
		s.Tables = kept
	}
	return dropped
}

// readPlaceholders keeps what of the page waits to be written.
func (p *page) readPlaceholders() {
	if p.first == 0 {
		p.m.Placeholders = append(p.m.Placeholders, p.o.Page.Placeholders...)
	}
	slices.SortStableFunc(p.m.Placeholders, func(a, b catalog.Text) int { return a.At.Compare(b.At) })
	p.m.Placeholders = slices.CompactFunc(p.m.Placeholders, func(a, b catalog.Text) bool { return a.At == b.At })
}

var serviceFields = []string{"services", "service", "components", "component", "applications", "application", "systems", "system"}

// servicesOf gives the services that a page says it is about: "Services: checkout, ledger".
func servicesOf(o *pages.Outline) []catalog.Text {
	value := o.Field(serviceFields...)
	var all []catalog.Text
	for name := range strings.FieldsFuncSeq(value.Value, func(r rune) bool { return r == ',' || r == ';' }) {
		if name = strings.Trim(name, " []\"'`"); !unwritten(name) && len(all) < 50 {
			all = append(all, catalog.Text{Value: name, At: value.At})
		}
	}
	return all
}

var (
	reviewFields = []string{"last reviewed", "last review", "last reviewed on", "reviewed", "reviewed on", "last validated", "last revisited"}
	changeFields = []string{"last updated", "last update", "updated", "last modified", "last touched", "date", "version date", "created"}
	reviewParts  = []string{"review history", "revision history", "version history", "document history", "change log", "changelog", "reviews", "history"}
)

// reviewed gives the day on which the model was last looked at: the latest that a field or the review history states,
// else the one that it states for itself.
func (p *page) reviewed() catalog.Text {
	if day := latest(p.dated(reviewFields)); day.Value != "" {
		return latest([]catalog.Text{day, p.history()})
	}
	if day := p.history(); day.Value != "" {
		return day
	}
	days := p.dated(changeFields)
	if len(days) == 0 {
		return catalog.Text{}
	}
	return days[0]
}

// dated gives the days that fields of the given names state, in the order of the names.
func (p *page) dated(names []string) []catalog.Text {
	byName := make([][]catalog.Text, len(names))
	for _, f := range p.o.Fields() {
		i := slices.IndexFunc(names, func(name string) bool { return nameKey(name) == nameKey(f.Name) })
		if i < 0 {
			continue
		}
		if day := dates.Find(f.Value.Value); day != "" {
			byName[i] = append(byName[i], catalog.Text{Value: day, At: f.Value.At})
		}
	}
	return slices.Concat(byName...)
}

// history gives the latest day that the review history names.
func (p *page) history() catalog.Text {
	var days []catalog.Text
	for i := p.first; i < p.last; i++ {
		if pages.Means(p.o.Sections[i].Heading.Text, reviewParts...) != pages.Exactly {
			continue
		}
		for _, t := range p.o.Whole(i).Texts() {
			if day := dates.Find(t.Value); day != "" {
				days = append(days, catalog.Text{Value: day, At: t.At})
			}
		}
	}
	return latest(days)
}

func latest(days []catalog.Text) catalog.Text {
	var best catalog.Text
	var bestDay dates.Day
	for _, t := range days {
		if day, ok := dates.Parse(t.Value); ok && (best.Value == "" || day.After(bestDay)) {
			best, bestDay = t, day
		}
	}
	return best
}
