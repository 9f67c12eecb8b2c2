package site

import (
	"obsready/checks"
	"obsready/scorecard"
)

// row is one service in a table of services.
type row struct {
	Service  link
	Team     string
	Tier     int
	Level    level
	Required level
	Standing string // "s" when the service is short of its required level, "r" when it is ready
	Verdicts []verdict
	Score    string
	Unknown  string
}

func (p page) rows(cards []*scorecard.Card) []row {
	rows := make([]row, len(cards))
	for i, c := range cards {
		rows[i] = row{
			Service:  p.serviceLink(c.Service),
			Team:     p.ownerLink(c.Service).Text,
			Tier:     c.Service.TierNumber(),
			Level:    ratedLevel(c, c.Level),
			Required: ratedLevel(c, c.Required),
			Standing: standingClass(c),
			Verdicts: pillarVerdicts(c.Pillars),
			Score:    percent(c.Score),
			Unknown:  unknownPercent(c.Score),
		}
	}
	return rows
}

func standingClass(c *scorecard.Card) string {
	if c.Ready() {
		return "r"
	}
	return "s"
}

// ratedLevel gives a level of a card, which says nothing when no check applies to the service.
func ratedLevel(c *scorecard.Card, l checks.Level) level {
	if !c.Rated {
		return level{"n", "not rated"}
	}
	return levelView(l)
}

// pillarVerdicts gives the verdicts of the pillars, with a short word for the longest.
func pillarVerdicts(scores []scorecard.PillarScore) []verdict {
	verdicts := make([]verdict, len(scores))
	for i, s := range scores {
		verdicts[i] = verdictView(s.Verdict)
		if s.Verdict == checks.NotApplicable {
			verdicts[i].Word = "n/a"
		}
	}
	return verdicts
}

// pillarNames gives the names of the pillars as headings.
func (p page) pillarNames() []string {
	var names []string
	for _, p := range p.site.report.Pillars() {
		names = append(names, upper(string(p)))
	}
	return names
}
