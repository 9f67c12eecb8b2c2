// Package recovery reads how services come back: recovery plans and the records of recovery exercises, as Markdown pages
// and as TOML files. It answers "how long may it take, what is done, who is called, and when was it tried?" and never "is
// that good enough?" or "whose is it?".
//
// Pages are prose, so what is found is a choice of their own lines, items and rows, each with its place; English is
// understood. What waits to be written (TODO, <define>) is passed over.
// Sources: Google SRE book, ch. 26 "Data Integrity"; SRE workbook, ch. 8; NIST SP 800-34 "Contingency Planning Guide".
package recovery

import (
	"obsready/catalog"
	"obsready/catalog/pages"
)

// Limits of what is looked at and kept of a page.
const (
	maxSections  = 2000
	maxTexts     = 24  // of one sort
	maxExercises = 200 // of one page
)

// ReadPage gives the recovery plan that a page holds, nil when it holds none, and the exercises that it records. A page may
// hold both: a plan often ends in a table of its tests.
//
// A page is a plan when its path says so (see [IsPath]), when its title does, when a heading does (then the plan is what
// stands below it), or when it states recovery objectives. The manual of a product is none. A page of exercises is no plan unless a heading says so.
func ReadPage(o *pages.Outline) (plan *catalog.RecoveryPlan, exercises []*catalog.Exercise) {
	r := newReader(o)
	if sections, at, ok := r.planSections(); ok {
		plan = r.plan(sections, at)
		if r.onlyNamed(plan) {
			plan = nil
		}
	}
	if plan != nil {
		quotePlan(plan)
	}
	exercises = r.exercises()
	for _, x := range exercises {
		quoteExercise(x)
	}
	return plan, exercises
}

// onlyNamed reports whether a page is about backup and restore by its name and says nothing of what a plan says, as one
// that leads to other pages does.
func (r *reader) onlyNamed(p *catalog.RecoveryPlan) bool {
	name, _ := words(r.Page.Path)
	if surePlan(name) || surePlan(pages.Words(r.Page.Title.Value)) || p.At != r.Page.Title.At.Or(r.Page.At) {
		return false
	}
	return len(p.Steps)+len(p.Contacts)+len(p.Rollback)+len(p.Restore)+len(p.Placeholders) == 0 && p.RTO.Value == "" && p.RPO.Value == ""
}

// reader reads one page.
type reader struct {
	*pages.Outline
	fields    []pages.Field
	unwritten map[int]bool                // lines on which a placeholder stands
	trial     bool                        // the text stands below a heading about trying recovery out
	known     map[*string]map[string]bool // whether a heading means one of a list of names, see means
}

func newReader(o *pages.Outline) *reader {
	o = &pages.Outline{Page: o.Page, Sections: o.Sections[:min(len(o.Sections), maxSections)]}
	r := &reader{Outline: o, fields: o.Fields(), unwritten: map[int]bool{}, known: map[*string]map[string]bool{}}
	for _, p := range o.Page.Placeholders {
		r.unwritten[p.At.Line] = true
	}
	return r
}

// means gives the question whether a heading means one of the names. Pages repeat their headings, and each is asked about
// many times, so the answers are kept.
func (r *reader) means(names []string) func(heading string) bool {
	known := r.known[&names[0]]
	if known == nil {
		known = map[string]bool{}
		r.known[&names[0]] = known
	}
	return func(heading string) bool {
		is, asked := known[heading]
		if !asked {
			is = pages.Means(heading, names...) != pages.NotAtAll
			known[heading] = is
		}
		return is
	}
}

// written reports whether a text says something, and is not still to be written.
func (r *reader) written(t catalog.Text) bool {
	return t.Value != "" && !r.unwritten[t.At.Line] && !waits(t.Value)
}

// field gives the first written value that the page states under one of the names, in the order of the names.
func (r *reader) field(names ...string) catalog.Text {
	for _, name := range names {
		for _, f := range r.fields {
			if pages.Means(f.Name, name) == pages.Exactly && r.written(f.Value) {
				return f.Value
			}
		}
	}
	return catalog.Text{}
}
