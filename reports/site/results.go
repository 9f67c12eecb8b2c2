package site

import (
	"html/template"
	"strings"

	"obsready/checks"
	"obsready/scorecard"
)

// pillar is one group of checks on a service's page.
type pillar struct {
	Name, Anchor string
	Verdict      verdict
	Score        string
	Open         []result // failed and unknown: told in full
	Settled      []result // passed and not applicable: told on demand
}

// result is one check's conclusion about the service.
type result struct {
	ID, Anchor string
	Title      template.HTML
	Doc        link
	Verdict    verdict
	Level      level
	Severity   string
	Counts     string
	Points     string
	Announced  bool
	Reason     string
	Unmet      capped[requirement]
	Undecided  capped[requirement]
	Met        capped[requirement]
	Why, Fix   template.HTML
}

// requirement is one thing that was asked of one place.
type requirement struct {
	Message string
	Place   link
	Linked  string // how the evidence was linked to the service
}

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
				view.Open = append(view.Open, p.result(r))
			default:
				view.Settled = append(view.Settled, p.result(r))
			}
		}
		if len(view.Open)+len(view.Settled) > 0 {
			views = append(views, view)
		}
	}
	return views
}

func (p page) result(r *scorecard.Result) result {
	c := r.Check
	view := result{
		ID: c.ID, Anchor: anchor(c.ID), Title: spans(c.Title), Doc: p.checkLink(c),
		Verdict: verdictView(r.Verdict), Level: levelView(r.Level), Severity: c.Severity.String(),
		Counts: metOf(r.Result), Announced: r.Announced,
		Unmet:     p.requirements(r, checks.Unmet, 8),
		Undecided: p.requirements(r, checks.Undecided, 4),
		Met:       p.requirements(r, checks.Met, 0),
	}
	if r.Points > 0 {
		view.Points = points(r.Earned) + " of " + pointsOf(r.Points)
	}
	// An unknown check's reason is the message of its first undecided requirement, which is listed anyway.
	if view.Undecided.Len() == 0 {
		view.Reason = r.Reason
	}
	if r.Verdict == checks.Fail || r.Verdict == checks.Unknown {
		view.Why, view.Fix = p.site.explained[c.ID].Why, p.site.explained[c.ID].Fix
	}
	return view
}

func (p page) requirements(r *scorecard.Result, state checks.State, shown int) capped[requirement] {
	var chosen []checks.Requirement
	for _, q := range r.Requirements {
		if q.State == state {
			chosen = append(chosen, q)
		}
	}
	return capList(chosen, shown, 100, p.requirement)
}

func (p page) requirement(q checks.Requirement) requirement {
	view := requirement{Message: q.Message, Place: p.place(q.At)}
	if q.Link != nil {
		view.Linked = q.Link.String()
	}
	// A message that begins with its own place says it once.
	view.Message = strings.TrimPrefix(view.Message, q.At.String()+": ")
	return view
}
