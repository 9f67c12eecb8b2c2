package reports

import (
	"obsready/scorecard"
)

// actionSection gives what to do next with what it gains, the best first.
func actionSection(actions []scorecard.Action, e extent) section {
	s := section{title: "Next best actions", ordered: true}
	shown := min(len(actions), e.most(3, 5))
	for _, a := range actions[:shown] {
		gain := "gains " + pointsText(a.Gain) + " in " + count(len(a.Services), "service")
		if a.Levels > 0 {
			gain += " and a level for " + number(a.Levels) + " of them"
		}
		s.items = append(s.items, item{text: a.Text, details: []string{gain + " [" + a.Check.ID + "]"}})
	}
	if n := len(actions) - shown; n > 0 {
		s.more = "and " + count(n, "more action")
	}
	return s
}

// overdueSection lists what should have been done, what is latest first.
func overdueSection(r *scorecard.Report, deadlines []scorecard.Deadline, e extent) section {
	all := r.Overdue(deadlines)
	s := section{title: "Overdue", detail: number(len(all)) + " overdue"}
	shown := min(len(all), e.most(0, 5))
	for _, d := range all[:shown] {
		s.items = append(s.items, item{text: count(d.Late(r.Today()), "day") + ": " + d.What, details: []string{deadlineText(d)}})
	}
	if n := len(all) - shown; n > 0 {
		s.more = "and " + number(n) + " more"
	}
	return s
}

// comingSection lists what is due next.
func comingSection(r *scorecard.Report, deadlines []scorecard.Deadline, e extent) section {
	all := deadlines[len(r.Overdue(deadlines)):]
	s := section{title: "Due next"}
	shown := min(len(all), e.most(3, 5))
	for _, d := range all[:shown] {
		s.items = append(s.items, item{text: d.Due.String() + ": " + d.What, details: []string{deadlineText(d)}})
	}
	if n := len(all) - shown; n > 0 {
		s.more = "and " + number(n) + " later"
	}
	return s
}
