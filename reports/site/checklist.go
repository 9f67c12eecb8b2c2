package site

import (
	"html/template"
	"obsready/checks"
	"obsready/scorecard"
)

// checksView is what checks.html shows: every check that was asked, and where it stands.
type checksView struct {
	frame
	Groups []checkGroup
}

type checkGroup struct {
	Pillar string
	Checks []checkEntry
}

type checkEntry struct {
	ID, Anchor        string
	Title             template.HTML
	Level             level
	Levels            string // with those of single tiers
	Severity          string
	Points            string
	Question          string
	Source            string
	Why, Fix          template.HTML
	Announced         bool
	Pass, Fail        int
	Unknown, NotApply int
	Failing           capped[link]
	Undecided         capped[link]
}

func (p page) checks() checksView {
	view := checksView{frame: p.frame("Checks", p.estateLink())}
	view.Section = "checks"
	for _, pillar := range checks.Pillars() {
		group := checkGroup{Pillar: upper(string(pillar))}
		for i := range p.site.standings {
			if s := &p.site.standings[i]; s.check.Pillar == pillar {
				group.Checks = append(group.Checks, p.checkEntry(s))
			}
		}
		if len(group.Checks) > 0 {
			view.Groups = append(view.Groups, group)
		}
	}
	return view
}

func (p page) checkEntry(s *checkStanding) checkEntry {
	c := s.check
	// A service's own page tells what is wrong, at the check.
	onService := func(card *scorecard.Card) link {
		l := p.serviceLink(card.Service)
		if l.Href != "" {
			l.Href += "#" + anchor(c.ID)
		}
		return l
	}
	return checkEntry{
		ID: c.ID, Anchor: anchor(c.ID), Title: spans(c.Title),
		Level: levelView(c.Level), Levels: c.Levels(), Severity: c.Severity.String(), Points: pointsOf(p.policy().Points[c.Severity]),
		Question: string(c.Question), Source: c.Source,
		Why: p.site.explained[c.ID].Why, Fix: p.site.explained[c.ID].Fix,
		Announced: s.announced,
		Pass:      s.pass, Fail: s.fail, Unknown: s.unknown, NotApply: s.notApplies,
		Failing:   capList(s.failing, 0, 200, onService),
		Undecided: capList(s.undecided, 0, 200, onService),
	}
}

// checkStanding is how one check went over the whole estate.
type checkStanding struct {
	check                           *checks.Check
	pass, fail, unknown, notApplies int
	failing, undecided              []*scorecard.Card // in service ID order
	announced                       bool
}

// standings counts the verdicts of each check in report order.
func standings(r *scorecard.Report) []checkStanding {
	all := make([]checkStanding, len(r.Checks))
	index := make(map[string]int, len(r.Checks))
	for i, c := range r.Checks {
		all[i].check, index[c.ID] = c, i
	}
	for _, card := range r.Cards {
		for i := range card.Results {
			if at, ok := index[card.Results[i].Check.ID]; ok {
				all[at].add(card, &card.Results[i])
			}
		}
	}
	return all
}

func (s *checkStanding) add(card *scorecard.Card, r *scorecard.Result) {
	s.announced = s.announced || r.Announced
	switch r.Verdict {
	case checks.Pass:
		s.pass++
	case checks.Fail:
		s.fail++
		s.failing = append(s.failing, card)
	case checks.Unknown:
		s.unknown++
		s.undecided = append(s.undecided, card)
	default:
		s.notApplies++
	}
}
