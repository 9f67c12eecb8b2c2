package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// runbook is the link of what the person who was woken reads: a page that was read and says how to find out what is
// wrong.
func (t strand) runbook(l lead) ThreadLink {
	if l.none() {
		return t.runbookOfNothing()
	}
	in := t.asking(l.service, catalog.Runbooks)
	requireRunbook(in, l.alert)
	page := l.page()
	if in.requirements[0].State != Met || page.Item == nil {
		return linkOf(ThreadRunbook, l.alert.Item.Runbook.Link.Value, in)
	}
	found := in.requirements[0].Message
	in = t.asking(l.service, catalog.Runbooks)
	requirePart(in, page, diagnosisPart)
	link := linkOf(ThreadRunbook, pageName(page.Item), in)
	if link.State == Met {
		link.Text = found + ". " + link.Text
	}
	return link
}

// diagnosisPart and mitigationPart are what a thread asks of runbooks.
var diagnosisPart, mitigationPart = partNamed("diagnosis"), partNamed("mitigation")

func partNamed(name string) runbookPart {
	return runbookParts[slices.IndexFunc(runbookParts, func(p runbookPart) bool { return p.name == name })]
}

// page gives the runbook of a lead with the reason why it is: the page that its link leads to, else the one that is
// called like it. Item is nil when there is none.
func (l lead) page() catalog.Linked[catalog.Page] {
	page := l.alert.Item.Runbook.Page
	if page == nil || l.alert.Item.Runbook.State != catalog.LinkOK {
		page = pageNamed(l.service, l.alert.Item.Name.Value)
	}
	for _, p := range l.service.Runbooks {
		if p.Item == page {
			return p
		}
	}
	return catalog.Linked[catalog.Page]{Item: page, By: catalog.Link{Rung: catalog.ByRunbook}}
}

// runbookOfNothing looks among the runbooks of the services that make the promise: they may serve although no alert
// leads to them.
func (t strand) runbookOfNothing() ThreadLink {
	at := t.journey.Name.At.Or(t.journey.At)
	without := true
	for _, svc := range t.homes() {
		without = without && noRunbookAtAll(svc)
		for _, p := range svc.Runbooks {
			in := t.asking(svc, catalog.Runbooks)
			if requirePart(in, p, diagnosisPart); in.requirements[0].State == Met {
				link := linkOf(ThreadRunbook, pageName(p.Item), in)
				link.Text = fmt.Sprintf("no alert leads to a runbook; %q is one of service %q. %s", pageName(p.Item), svc.Name.Value, link.Text)
				return link
			}
		}
	}
	if without {
		return t.missing(ThreadRunbook, catalog.Runbooks, at, "no service of journey %q that makes the promise has a runbook. write one and link it from the alert", t.journey.Name.Value)
	}
	return ThreadLink{Part: ThreadRunbook, State: Undecided, Text: "there is no alert to follow to a runbook", At: at}
}

// anchored is the state of a link to a page, with the heading that it names or without one.
func anchored(page *catalog.Page, anchor string) catalog.LinkState {
	if anchor != "" && !pages.HasAnchor(page, anchor) {
		return catalog.NoSuchAnchor
	}
	return catalog.LinkOK
}
