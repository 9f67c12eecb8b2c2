package checks

import (
	"cmp"
	"slices"

	"obsready/catalog"
)

var toilAutomation = &Check{
	ID:       "toil-automation",
	Title:    "The largest manual tasks have an automation ticket with an owner",
	Why:      "The few largest tasks make most of the toil. Without a ticket and somebody who owns it they are done by hand for another year.",
	Fix:      "Open an issue for the automation of each task named and write it beside the task: `ticket = \"https://…\"`, `owner = \"Ada\"`. Set `done = true` once it is automated.",
	Source:   "Google SRE book, ch. 5 \"Eliminating Toil\"; SRE workbook, ch. 6 (start with the largest).",
	Pillar:   Toil,
	Question: Recover,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.ToilLogs},
	Run: func(in *Inspection) {
		team, logs := teamWithLogs(in)
		if len(logs) == 0 {
			return
		}
		entries := toilOf(logs, team)
		large := largeTasks(in, entries)
		for _, e := range large {
			requireAutomation(in, e)
		}
		uncounted := slices.IndexFunc(entries, func(e catalog.ToilEntry) bool { return e.Hours == 0 && !e.Done })
		switch {
		case len(large) > 0:
		case len(entries) == 0:
			in.NotApplicablef("the toil log of team %q lists no task, which toil-tracked reports", team.Name.Value)
		case uncounted >= 0:
			in.NotApplicablef("how many hours a year task %q takes is not known, which toil-tracked reports", beginning(entries[uncounted].Task.Value))
		default:
			in.Metf(logs[0].At, "no task of team %q takes %s a year or more", team.Name.Value, hours(in.Settings.ToilLarge))
		}
	},
}

// largeTasks gives the largest tasks that are still done by hand, the largest first, and those that are automated already
// and were as large.
func largeTasks(in *Inspection, entries []catalog.ToilEntry) []catalog.ToilEntry {
	var open, done []catalog.ToilEntry
	for _, e := range entries {
		switch {
		case e.Hours < in.Settings.ToilLarge:
		case e.Done:
			done = append(done, e)
		default:
			open = append(open, e)
		}
	}
	slices.SortStableFunc(open, func(a, b catalog.ToilEntry) int { return cmp.Compare(b.Hours, a.Hours) })
	return append(open[:min(len(open), in.Settings.AutomateItems)], done...)
}

func requireAutomation(in *Inspection, e catalog.ToilEntry) {
	task, owned, ticketed := beginning(e.Task.Value), e.Owner.Value != "" && !placeholder(e.Owner.Value), e.Ticket.Value != "" && !placeholder(e.Ticket.Value)
	lacks := ""
	switch {
	case e.Done:
		in.Metf(e.At, "task %q is automated", task)
		return
	case owned && ticketed:
		in.Metf(e.At, "the automation of task %q (%s a year) is %s, owned by %s", task, hours(e.Hours), e.Ticket.Value, e.Owner.Value)
		return
	case ticketed:
		lacks = "ticket without an owner. write who automates it: owner = \"…\""
	case owned:
		lacks = "owner and no ticket. open an issue and write ticket = \"…\""
	default:
		in.Unmetf(e.At, "task %q takes %s a year and has no automation ticket. open an issue and write ticket = \"…\" and owner = \"…\"", task, hours(e.Hours))
		return
	}
	in.Unmetf(e.At, "task %q takes %s a year and has an automation %s", task, hours(e.Hours), lacks)
}
