package site

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"obsready/checks"
	"obsready/reports/picture"
	"obsready/scorecard"
)

// maxRows is how many services a page lists without the help of a script.
const maxRows = 200

// serviceTable is services as a matrix, those in most need first.
type serviceTable struct {
	Pillars []string
	Rows    []row
	Trend   bool   // the services have one
	Rest    int    // services without a row
	All     string // where all of them are found
}

// row is one service in a table of services.
type row struct {
	Service  link
	Title    string // when it says more than the ID
	Team     link
	Tier     int
	Level    level
	Required level
	Standing string // "s" when the service is short of its required level, "r" when it is ready
	Verdicts []verdict
	Score    string
	Unknown  string
	Trend    template.HTML
}

// serviceTable gives the rows of at most maxRows services; all leads to the page where all can be searched.
func (p page) serviceTable(cards []*scorecard.Card, all string) serviceTable {
	cards = byNeed(cards)
	shown := cards[:min(maxRows, len(cards))]
	return serviceTable{p.pillarNames(), p.rows(shown), p.site.report.History != nil, len(cards) - len(shown), all}
}

// byNeed gives services in the order in which they need somebody: those below their level, the critical ones and those
// that lack the most first.
func byNeed(cards []*scorecard.Card) []*scorecard.Card {
	lacks := func(c *scorecard.Card) int { return int(max(0, c.Required-c.Level)) }
	score := func(c *scorecard.Card) float64 {
		percent, ok := c.Score.Percent()
		if !ok {
			return 101
		}
		return percent
	}
	sorted := slices.Clone(cards)
	slices.SortStableFunc(sorted, func(a, b *scorecard.Card) int {
		return cmp.Or(cmp.Compare(min(1, lacks(b)), min(1, lacks(a))), cmp.Compare(a.Service.TierNumber(), b.Service.TierNumber()),
			cmp.Compare(lacks(b), lacks(a)), cmp.Compare(score(a), score(b)))
	})
	return sorted
}

func (p page) rows(cards []*scorecard.Card) []row {
	rows := make([]row, len(cards))
	for i, c := range cards {
		rows[i] = row{
			Service:  p.serviceLink(c.Service),
			Title:    p.ownTitle(c),
			Team:     p.ownerLink(c.Service),
			Tier:     c.Service.TierNumber(),
			Level:    ratedLevel(c, c.Level),
			Required: ratedLevel(c, c.Required),
			Standing: standingClass(c),
			Verdicts: pillarVerdicts(c.Pillars),
			Score:    percent(c.Score),
			Unknown:  unknownPercent(c.Score),
		}
		if h := p.site.report.History; h != nil {
			rows[i].Trend = picture.Spark("Score of "+c.Service.ID, scores(h, h.Services[c.Service.ID]))
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
		if verdicts[i].Class == "n" {
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

// servicesWith leads to the page of services with filters set, given as names and values in turn.
func (p page) servicesWith(filters ...string) string {
	var terms []string
	for i := 0; i+1 < len(filters); i += 2 {
		terms = append(terms, filters[i]+"="+url.QueryEscape(filters[i+1]))
	}
	return p.root + "services.html?" + strings.Join(terms, "&")
}
