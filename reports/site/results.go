package site

import (
	"fmt"
	"html/template"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// pillar is one group of checks on a service's page.
type pillar struct {
	Name, Anchor string
	Verdict      verdict
	Score        string
	Open         []result // failed and unknown: told in full
	Passed       []passed
	Idle         int // checks that do not apply or were not asked; they are listed by their reasons
}

// result is one check's conclusion about the service. Why it matters and how to mend it in full stand on the check's page.
type result struct {
	Anchor    string
	Title     template.HTML
	Doc       link
	Verdict   verdict
	Level     level
	Counts    string
	Points    string
	Announced bool
	Reason    string
	Unmet     capped[requirement]
	Undecided capped[requirement]
	Fix       template.HTML // the first sentence of it
}

// passed is a check that passed, with the first evidence of it.
type passed struct {
	Anchor    string
	Title     template.HTML
	Doc       link
	Reason    string
	At        string
	More      int // pieces of evidence beside the first
	Announced bool
}

// requirement is one thing that was asked of one place.
type requirement struct {
	Anchor  string // of a finding
	Message string
	Place   link
	Linked  string // how the evidence was linked to the service
}

// How many requirements of a check a service's page shows at once, and how many it holds: a page is read by people, and
// there may be ten thousand of them.
const (
	shownUnmet, maxUnmet = 4, 15
	shownOther, maxOther = 2, 6
)

func (p page) pillars(c *scorecard.Card) []pillar {
	var views []pillar
	verdicts := pillarVerdicts(c.Pillars)
	for i, s := range c.Pillars {
		name := s.Pillar
		view := pillar{Name: upper(string(name)), Anchor: anchor("pillar " + string(name)), Verdict: verdicts[i], Score: percent(s.Score)}
		for j := range c.Results {
			r := &c.Results[j]
			switch {
			case r.Check.Pillar != name:
			case r.Verdict == checks.Fail || r.Verdict == checks.Unknown:
				view.Open = append(view.Open, p.result(c.Service, r))
			case r.Verdict == checks.Pass:
				view.Passed = append(view.Passed, p.passed(r))
			default:
				view.Idle++
			}
		}
		if len(view.Open)+len(view.Passed)+view.Idle > 0 {
			views = append(views, view)
		}
	}
	return views
}

func (p page) result(svc *catalog.Service, r *scorecard.Result) result {
	c := r.Check
	view := result{
		Anchor: anchor(c.ID), Title: spans(c.Title), Doc: p.checkLink(c),
		Verdict: verdictView(r.Verdict), Level: levelView(r.Level),
		Counts: metOf(r.Result), Announced: r.Announced,
		Unmet:     p.requirements(svc, r, checks.Unmet, shownUnmet, maxUnmet),
		Undecided: p.requirements(svc, r, checks.Undecided, shownOther, maxOther),
	}
	if r.Points > 0 {
		view.Points = points(r.Earned) + " of " + pointsOf(r.Points)
	}
	// An unknown check's reason is the message of its first undecided requirement, which is listed anyway.
	if view.Undecided.Len() == 0 {
		view.Reason = r.Reason
	}
	if r.Verdict == checks.Fail { // what is unknown asks for evidence that can be read, as its requirements say
		view.Fix = spans(firstSentence(c.Fix))
	}
	return view
}

func (p page) passed(r *scorecard.Result) passed {
	view := passed{Anchor: anchor(r.Check.ID), Title: spans(r.Check.Title), Doc: p.checkLink(r.Check), Reason: r.Reason, Announced: r.Announced}
	for _, q := range r.Requirements {
		if q.State != checks.Met {
			continue
		}
		if view.At == "" {
			view.Reason, view.At = firstSentence(p.requirement(q).Message), q.At.String()
		} else {
			view.More++
		}
	}
	return view
}

func (p page) requirements(svc *catalog.Service, r *scorecard.Result, state checks.State, shown, limit int) capped[requirement] {
	var chosen []checks.Requirement
	for _, q := range r.Requirements {
		if q.State == state {
			chosen = append(chosen, q)
		}
	}
	n := 0
	return capList(chosen, shown, limit, func(q checks.Requirement) requirement {
		view := p.requirementHere(svc, q)
		if n++; state == checks.Unmet && len(chosen) > 1 { // one finding alone has the check's own
			view.Anchor = anchor(r.Check.ID) + "-" + number(n)
		}
		return view
	})
}

// requirementHere leaves out what the service's page tells elsewhere: of gaps why and what to do, of the entry where it is.
func (p page) requirementHere(svc *catalog.Service, q checks.Requirement) requirement {
	view := p.requirement(q)
	if q.At == svc.At {
		view.Place.Href = "#entry"
	}
	for i, g := range svc.Gaps {
		if i < maxGaps && q.At == g.At {
			view.Place.Href = "#gaps"
			view.Message = strings.Replace(view.Message, fmt.Sprintf(" (%s: %s)", g.Cause, g.Detail), fmt.Sprintf(" (%s)", g.Cause), 1)
		}
	}
	return view
}

// maxGaps is how many gaps a service's page holds.
const maxGaps = 20

func (p page) requirement(q checks.Requirement) requirement {
	view := requirement{Message: q.Message, Place: p.place(q.At)}
	if q.Link != nil && q.Link.Rung > catalog.ByFolder { // the folder can be seen from the place
		view.Linked = q.Link.String()
	}
	// A message that begins with its own place says it once.
	view.Message = strings.TrimPrefix(view.Message, q.At.String()+": ")
	return view
}

// idleGroup is the checks that say nothing about a service for one reason.
type idleGroup struct {
	Verdict verdict
	Reason  string
	Checks  []idleCheck
}

type idleCheck struct {
	Anchor string
	Doc    link
}

// idle gives the checks that do not apply to a service or were not asked, by their reasons, in report order.
func (p page) idle(c *scorecard.Card) []idleGroup {
	var groups []idleGroup
	at := map[string]int{}
	for i := range c.Results {
		r := &c.Results[i]
		if r.Verdict.Judged() {
			continue
		}
		key := string(r.Verdict) + r.Reason
		j, known := at[key]
		if !known {
			j = len(groups)
			at[key] = j
			groups = append(groups, idleGroup{Verdict: verdictView(r.Verdict), Reason: r.Reason})
		}
		groups[j].Checks = append(groups[j].Checks, idleCheck{anchor(r.Check.ID), p.checkLink(r.Check)})
	}
	return groups
}

// firstSentence gives the first sentence of a text, which may be Markdown, with its full stop.
func firstSentence(markdown string) string {
	text, _, _ := strings.Cut(strings.TrimSpace(markdown), "\n\n")
	text = strings.Join(strings.Fields(text), " ")
	code := false
	for i := 0; i+2 < len(text); i++ {
		switch {
		case text[i] == '`':
			code = !code
		case !code && text[i] == '.' && text[i+1] == ' ' && text[i+2] >= 'A' && text[i+2] <= 'Z':
			return text[:i+1]
		}
	}
	return text
}
