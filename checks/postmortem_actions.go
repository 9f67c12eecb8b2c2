package checks

import (
	"strings"
	"unicode"

	"obsready/catalog"
)

var postmortemActions = &Check{
	ID:       "postmortem-actions",
	Title:    "Every action of a postmortem is done, or has an owner and a day that is not past",
	Why:      "An action without an owner and a day is a wish. The same incident comes back while it waits.",
	Fix:      "Write the action items as a table with the columns `Action`, `Owner`, `Due` and `Status`, or as a list: `- [ ] add an alert on queue age (owner: Ada, due: 2006-01-02)`. Tick what is done; move a day that is past, and say why.",
	Source:   "Google SRE book, ch. 15 \"Postmortem Culture\"; SRE workbook, ch. 10 (action items with owner, priority and measurable end).",
	Pillar:   Learning,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Postmortems},
	All:      true,
	Run: func(in *Inspection) {
		for _, p := range postmortemsOf(in) {
			if len(p.Item.Actions) == 0 {
				name := postmortemName(p.Item)
				q := in.Unmetf(p.Item.At, "postmortem %q has no action item. list what is to change, each with an owner and a due date", name)
				sharedPostmortem(q, p, "postmortem actions", "postmortem %q has no action item", name)
			}
			for _, a := range p.Item.Actions {
				q := requireAction(in, a)
				sharedPostmortem(q, p, "postmortem actions", "actions of postmortem %q lack an owner or a day, or are late", postmortemName(p.Item))
			}
		}
	},
}

// requireAction states one action. What the document leaves out may stand in a ticket that it names.
func requireAction(in *Inspection, a catalog.ActionItem) *Requirement {
	what := beginning(a.Text.Value)
	owned, day := a.Owner.Value != "" && !placeholder(a.Owner.Value), a.Due.Value
	due, isDay := ActionDue(a)
	switch {
	case a.Done:
		return in.Metf(a.At, "action %q is done", what)
	case isDay && due.Before(in.Today()):
		return in.Unmetf(a.Due.At.Or(a.At), "action %q was due on %s, %s ago. finish it, or set a new day and say why", what, due, count(due.Until(in.Today()), "day", "days"))
	case owned && isDay:
		return in.Metf(a.At, "action %q is owned by %s and due on %s", what, a.Owner.Value, due)
	case owned && strings.ContainsFunc(day, unicode.IsDigit):
		return in.Undecidedf(a.Due.At, "action %q is due %q, which is not plainly a day. write it as 2006-01-02", what, day)
	case a.Ticket.Value != "" && (day == "" || !owned):
		return in.Undecidedf(a.At, "action %q has no %s here. they may stand in %s, which this run does not read: write them beside the action too", what, actionLacks(owned, day != ""), beginning(a.Ticket.Value))
	case owned && day != "":
		return in.Unmetf(a.Due.At, "action %q is due %q, which is no day. write it as 2006-01-02", what, day)
	}
	return in.Unmetf(a.At, "action %q has no %s. write beside it who does it, and by when: (owner: Ada, due: 2006-01-02)", what, actionLacks(owned, day != ""))
}

func actionLacks(owned, due bool) string {
	switch {
	case owned:
		return "due date"
	case due:
		return "owner"
	}
	return "owner and no due date"
}
