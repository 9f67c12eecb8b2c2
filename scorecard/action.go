package scorecard

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/checks"
)

// actions gives what to do next about a group of services, the best first: one action for each check that fails or is
// unknown for any of them. Announced checks are no reason to act yet.
//
// The rank is what is gained. Points that a service's tier requires (the check's level is at or below the service's
// required one) count twice, and each service that reaches a higher level by this alone is worth as much as a critical
// check. Of equals, the lower level goes first, then what is known to be wrong, then report order.
func actions(cards []*Card, set []*checks.Check, policy *Policy) []Action {
	var found []rankedAction
	for i, check := range set {
		a := rankedAction{Action: Action{Check: check, Unknown: true}}
		for _, c := range cards {
			if r := &c.Results[i]; r.open() {
				a.add(c, r, policy)
			}
		}
		if len(a.Services) > 0 {
			a.Text = a.text()
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b rankedAction) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.Check.Level, b.Check.Level), compareBool(a.Unknown, b.Unknown))
	})
	list := make([]Action, len(found))
	for i, a := range found {
		list[i] = a.Action
	}
	return list
}

// rankedAction is an action while it is put together.
type rankedAction struct {
	Action
	worth     float64
	undecided int             // requirements that could not be decided
	causes    map[string]bool // keys of the findings' causes, "" for findings without one
	summary   string          // of the last cause
}

// add takes in a service for which the check is open.
func (a *rankedAction) add(c *Card, r *Result, policy *Policy) {
	gain := r.Points - r.Earned
	a.Services = append(a.Services, c.Service)
	a.Gain += gain
	a.worth += gain
	if r.Level <= c.Required {
		a.worth += gain
	}
	if len(c.Blockers) == 1 && c.Blockers[0] == r {
		a.Levels++
		a.worth += policy.Points[checks.Critical]
	}
	if r.Verdict == checks.Fail {
		a.Unknown = false
	}
	for _, q := range r.Requirements {
		switch q.State {
		case checks.Unmet:
			a.Findings++
			a.note(q.Cause)
		case checks.Undecided:
			a.undecided++
		}
	}
}

func (a *rankedAction) note(cause *checks.Cause) {
	if a.causes == nil {
		a.causes = map[string]bool{}
	}
	if cause == nil {
		a.causes[""] = true
		return
	}
	a.causes[cause.Key] = true
	a.summary = cause.Summary
}

// text composes the action's sentence, as in "Link each alert to its runbook: 7 findings in 3 services".
func (a *rankedAction) text() string {
	where := ""
	if len(a.Services) > 1 {
		where = fmt.Sprintf(" in %d services", len(a.Services))
	}
	if a.Unknown {
		return fmt.Sprintf("Make sure that this is so: %s. %s%s could not be judged", a.Check.Title, count(a.undecided, "requirement"), where)
	}
	text := fmt.Sprintf("%s: %s%s", firstSentence(a.Check.Fix), count(a.Findings, "finding"), where)
	if a.undecided > 0 {
		text += fmt.Sprintf(", and %s could not be judged", count(a.undecided, "requirement"))
	}
	if len(a.causes) == 1 && a.summary != "" && a.Findings > 1 {
		text += ". They have one cause: " + strings.TrimSuffix(a.summary, ".")
	}
	return text
}

var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// firstSentence gives the first sentence of a Markdown text, without its full stop and its links' addresses.
func firstSentence(markdown string) string {
	text, _, _ := strings.Cut(strings.TrimSpace(markdown), "\n\n")
	text = strings.Join(strings.Fields(markdownLink.ReplaceAllString(text, "$1")), " ")
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' && text[i+2] >= 'A' && text[i+2] <= 'Z' {
			return text[:i]
		}
	}
	return strings.TrimRight(text, ".:")
}

// count gives "1 finding" or "7 findings".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}
