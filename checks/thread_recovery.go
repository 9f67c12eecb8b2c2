package checks

import (
	"fmt"
	"net/url"
	"slices"

	"obsready/catalog"
)

// recovery is the link of how to recover: the runbook says it in a section with steps, or another runbook of the
// services does.
func (t strand) recovery(l lead) ThreadLink {
	pages := t.recoveryPages(l)
	for _, p := range pages {
		if h, ok := recoverySection(p); ok {
			return ThreadLink{Part: ThreadRecovery, State: Met, Name: h.Text, At: h.At,
				Text: fmt.Sprintf("section %q of runbook %q says how to recover, with %s", h.Text, pageName(p.Item), stepsWords(h))}
		}
	}
	return t.noRecovery(l, pages)
}

// recoveryPages gives the runbook of the alert with the pages that it links to, then the other runbooks of the alert's
// service and of those that make the promise. Runbooks of other services help against other things.
func (t strand) recoveryPages(l lead) []catalog.Linked[catalog.Page] {
	var all []catalog.Linked[catalog.Page]
	add := func(pages ...catalog.Linked[catalog.Page]) {
		for _, p := range pages {
			if p.Item != nil && !slices.ContainsFunc(all, func(q catalog.Linked[catalog.Page]) bool { return q.Item == p.Item }) {
				all = append(all, p)
			}
		}
	}
	if !l.none() {
		page := l.page()
		add(page)
		if page.Item != nil {
			add(t.linkedPages(page.Item)...)
		}
		add(l.service.Runbooks...)
	}
	for _, svc := range t.homes() {
		add(svc.Runbooks...)
	}
	return all
}

// linkedPages gives the pages of the catalog that a runbook links to, as far as they were read.
func (t strand) linkedPages(page *catalog.Page) []catalog.Linked[catalog.Page] {
	var all []catalog.Linked[catalog.Page]
	for _, link := range page.Links {
		target, err := url.Parse(link.Target)
		if err != nil || target.Host != "" || target.Path == "" {
			continue
		}
		if file, found := findTarget(t.Estate, page, target.Path); found {
			all = append(all, catalog.Linked[catalog.Page]{Item: pageAt(t.Estate, file), By: catalog.Link{Rung: catalog.ByRunbook}})
		}
	}
	return all
}

// recoverySection gives the section of a runbook that says how to recover in steps or commands, or in prose of a few
// sentences.
func recoverySection(p catalog.Linked[catalog.Page]) (catalog.Heading, bool) {
	const fewSentences = 15 // words
	names := mitigationPart.headings
	if p.By.Rung != catalog.ByRunbook {
		names = slices.Concat(names, mitigationPart.service)
	}
	h, _ := findSection(p.Item, names)
	return h, h.Steps+h.Code > 0 || h.Words >= fewSentences
}

func stepsWords(h catalog.Heading) string {
	switch {
	case h.Steps > 0:
		return count(h.Steps, "step", "steps")
	case h.Code > 0:
		return count(h.Code, "command", "commands")
	}
	return count(h.Words, "word", "words")
}

// noRecovery says that no runbook says how to recover, or why that is not known.
func (t strand) noRecovery(l lead, pages []catalog.Linked[catalog.Page]) ThreadLink {
	link := ThreadLink{Part: ThreadRecovery, State: Undecided}
	if !l.none() {
		switch r := l.alert.Item.Runbook; r.State {
		case catalog.Elsewhere, catalog.Unfilled, catalog.Unreadable:
			link.At, link.Text = r.Link.At, fmt.Sprintf("how to recover may stand in runbook %q, which could not be read: %s", r.Link.Value, r.Detail)
			return link
		}
	}
	for _, svc := range t.homes() {
		for _, other := range runbooksElsewhere(svc) {
			link.At = other.text.At
			link.Text = fmt.Sprintf("how to recover may stand in runbook %q of %s, at %s, which this run does not read. keep the page in the catalog", other.text.Value, other.by, hostOf(other.text.Value))
			return link
		}
	}
	for _, p := range pages {
		if p.Item.Templated {
			link.At = p.Item.At
			link.Text = fmt.Sprintf("how to recover may stand in runbook %q, but it is a template whose rest is not read. write the section in the page itself", pageName(p.Item))
			return link
		}
	}
	if len(pages) > 0 {
		return t.missing(ThreadRecovery, catalog.Runbooks, pages[0].Item.At, "runbook %q does not say how to recover, and no other one of the service does. add \"Mitigation\" with the steps: roll back, fail over, restore", pageName(pages[0].Item))
	}
	return t.missing(ThreadRecovery, catalog.Runbooks, t.journey.Name.At.Or(t.journey.At), "no runbook says how to recover journey %q. write one with a section \"Mitigation\"", t.journey.Name.Value)
}
