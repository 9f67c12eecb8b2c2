package reports

import (
	"obsready/checks"
	"obsready/scorecard"
)

// moveText says in a sentence what became of a service.
func moveText(m scorecard.Move) string {
	switch {
	case m.Came:
		return m.Service + " is new, at " + levelText(m.To)
	case m.Went:
		return m.Service + " is gone, and was at " + levelText(m.From)
	case m.Up():
		return m.Service + " rose from " + levelText(m.From) + " to " + levelText(m.To)
	}
	return m.Service + " fell from " + levelText(m.From) + " to " + levelText(m.To)
}

// levelText gives a level where "none" would read as a word of its own.
func levelText(l checks.Level) string {
	if l == checks.None {
		return "no level"
	}
	return l.String()
}

// reasonText says by what something changed; "" when it is not known.
func reasonText(by scorecard.Reason, c scorecard.Commit) string {
	switch {
	case c.Hash != "":
		return " (" + c.Hash[:min(8, len(c.Hash))] + " " + c.Subject + ")"
	case by == scorecard.ByUnknown || by == "" || by == scorecard.ByCommit:
		return ""
	case by == scorecard.ByTime:
		return " (time passed)"
	}
	return " (by " + string(by) + ")"
}

func signedPoints(points float64) string {
	if points < 0 {
		return "−" + pointsText(-points)
	}
	return "+" + pointsText(points)
}
