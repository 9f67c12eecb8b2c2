package site

import (
	"html/template"

	"obsready/checks"
	"obsready/scorecard"
)

// checksView is what checks.html shows: every check that was asked, and how it went.
type checksView struct {
	frame
	Groups []checkGroup
}

type checkGroup struct {
	Pillar, Anchor string
	Checks         []checkEntry
}

// checkEntry is one check with how it went.
type checkEntry struct {
	Anchor    string
	Check     link          // to its page
	Asks      template.HTML // its title
	Level     level
	Severity  string
	Points    string
	Announced bool
	Pass      int
	Fail      int
	Unknown   int
	NotApply  int
}

func (p page) checks() checksView {
	view := checksView{frame: p.frame("Checks", p.estateLink())}
	view.Section, view.Detail = "checks", true
	for _, pillar := range checks.Pillars() {
		group := checkGroup{Pillar: upper(string(pillar)), Anchor: anchor("pillar " + string(pillar))}
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
	return checkEntry{
		Anchor: anchor(c.ID), Check: p.checkLink(c), Asks: spans(c.Title),
		Level: levelView(c.Level), Severity: c.Severity.String(), Points: points(p.policy().Points[c.Severity]),
		Announced: s.announced,
		Pass:      s.pass, Fail: s.fail, Unknown: s.unknown, NotApply: s.notApplies,
	}
}

// checkStanding is how one check went over the whole estate.
type checkStanding struct {
	check                           *checks.Check
	index                           int // in the results of every card
	pass, fail, unknown, notApplies int
	failing, undecided              []*scorecard.Card // in service ID order
	announced                       bool
}

// standings counts the verdicts of each check in report order.
func standings(r *scorecard.Report) []checkStanding {
	all := make([]checkStanding, len(r.Checks))
	index := make(map[string]int, len(r.Checks))
	for i, c := range r.Checks {
		all[i].check, all[i].index, index[c.ID] = c, i, i
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

// result gives what the check concluded about a service of the report; nil when it was not asked of it.
func (s *checkStanding) result(card *scorecard.Card) *scorecard.Result {
	if s.index < len(card.Results) && card.Results[s.index].Check == s.check {
		return &card.Results[s.index]
	}
	for i := range card.Results {
		if card.Results[i].Check.ID == s.check.ID {
			return &card.Results[i]
		}
	}
	return nil
}
