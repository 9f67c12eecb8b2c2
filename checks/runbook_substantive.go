package checks

import (
	"slices"

	"obsready/catalog"
)

var runbookSubstantive = &Check{
	ID:       "runbook-substantive",
	Title:    "Runbooks are written, not placeholders",
	Why:      "A stub, a template that nobody filled in, or one text behind forty alerts costs the minutes in which people believe that there is help.",
	Fix:      "Write what is particular to this service or alert: what to look at, which commands to run, when to stop. Replace what is marked as to be done, or link the alerts to one honest page instead of many copies.",
	Source:   "PagerDuty incident response documentation, \"Alerting principles\" (actionable); Skelton Thatcher run book template.",
	Pillar:   Runbooks,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Runbooks},
	All:      true,
	Run: func(in *Inspection) {
		linked := readableRunbooks(in)
		for _, p := range linked {
			requireLength(in, p)
			requireNoPlaceholder(in, p)
			requireOwnText(in, p, in.pagesByText()[p.Item.Fingerprint])
		}
	},
}

// commandWords is how many words of prose a command or code block is worth: as much as a short sentence.
const commandWords = 5

func requireLength(in *Inspection, p catalog.Linked[catalog.Page]) {
	page := p.Item
	length, minimum := page.Words+commandWords*page.Code, in.Settings.RunbookMinWords
	switch {
	case length >= minimum:
		in.Metf(page.At, "runbook %q has %s and %s", pageName(page), count(page.Words, "word", "words"), count(page.Code, "command", "commands")).LinkedBy(p.By)
	case page.Templated:
		in.Undecidedf(page.At, "runbook %q has %s, but it is a template whose rest is not read. write the page in full", pageName(page), count(page.Words, "word", "words")).LinkedBy(p.By)
	default:
		in.Unmetf(page.At, "runbook %q is a stub of %s. say what to look at and what to do", pageName(page), count(page.Words, "word", "words")).LinkedBy(p.By)
	}
}

func requireNoPlaceholder(in *Inspection, p catalog.Linked[catalog.Page]) {
	page := p.Item
	if len(page.Placeholders) == 0 {
		in.Metf(page.At, "nothing in runbook %q is left to be filled in", pageName(page)).LinkedBy(p.By)
		return
	}
	first := page.Placeholders[0]
	more := ""
	if n := len(page.Placeholders) - 1; n > 0 {
		more = ", and " + count(n, "more place", "more places")
	}
	in.Unmetf(first.At, "runbook %q still says %q%s. write what belongs there", pageName(page), first.Value, more).LinkedBy(p.By)
}

// requireOwnText states whether the page's text is its own, given the pages that share it.
func requireOwnText(in *Inspection, p catalog.Linked[catalog.Page], same []*catalog.Page) {
	page := p.Item
	if len(same) <= in.Settings.RunbookCopies {
		in.Metf(page.At, "the text of runbook %q is its own", pageName(page)).LinkedBy(p.By)
		return
	}
	others := slices.DeleteFunc(slices.Clone(same), func(q *catalog.Page) bool { return q == page })
	in.Unmetf(page.At, "runbook %q has the same text as %s, the first is %s. write what is particular here, or keep one page", pageName(page), count(len(others), "other page", "other pages"), others[0].Path).
		LinkedBy(p.By).Because("runbook text "+page.Fingerprint, "%s share the text of %s", count(len(same), "runbook", "runbooks"), same[0].Path)
}
