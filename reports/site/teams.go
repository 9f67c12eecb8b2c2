package site

import (
	"cmp"
	"html/template"
	"slices"

	"obsready/reports/picture"
	"obsready/scorecard"
)

// maxTeams is how many teams the table of an estate shows; the rest are named below it.
const maxTeams = 30

// teamRow is one team in the table of teams.
type teamRow struct {
	Team       link
	Services   int
	Ready      int
	Bar        template.HTML
	LevelsText string
	Score      string
	Unknown    string
	Trend      template.HTML // of its score; "" without a history
	Action     template.HTML
	Gain       string
}

// teamRows gives the teams, those with the most services below their level first.
func (p page) teamRows() capped[teamRow] {
	order := make([]int, len(p.site.report.Teams))
	for i := range order {
		order[i] = i
	}
	short := func(i int) int { s := p.site.report.Teams[i].Summary; return s.Services - s.Ready }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(short(b), short(a)) })
	rows := capped[teamRow]{}
	for at, i := range order {
		if at < maxTeams {
			rows.Shown = append(rows.Shown, p.teamRow(i))
		} else {
			rows.More = append(rows.More, teamRow{Team: p.teamAt(i)})
		}
	}
	return rows
}

func (p page) teamAt(i int) link {
	return link{p.site.report.Teams[i].Name(), p.root + p.site.teams.at[i]}
}

func (p page) teamRow(i int) teamRow {
	t := p.site.report.Teams[i]
	row := teamRow{
		Team:       p.teamAt(i),
		Services:   t.Summary.Services,
		Ready:      t.Summary.Ready,
		Bar:        levelBar(standingNow(t.Summary)),
		LevelsText: levelsText(standingNow(t.Summary)),
		Score:      percent(t.Summary.Score),
		Unknown:    unknownPercent(t.Summary.Score),
		Trend:      p.teamTrend(t),
	}
	if len(t.Actions) > 0 {
		row.Action = spans(t.Actions[0].Text)
		row.Gain = p.action(t.Actions[0]).Gain
	}
	return row
}

func (p page) teamTrend(t *scorecard.TeamCard) template.HTML {
	h, id := p.site.report.History, ""
	if h == nil {
		return ""
	}
	if t.Team != nil {
		id = t.Team.ID
	}
	return picture.Spark("Score of "+t.Name(), scores(h, h.Teams[id]))
}

// tierRow is the services of one tier.
type tierRow struct {
	Tier     int
	Required level
	Ready    int
	Services int
	Bar      template.HTML
	Text     string
	Href     string // to the services of the tier
}

// tiers gives the tiers that have services, the most critical first.
func (p page) tiers() []tierRow {
	byTier := map[int]scorecard.Standing{}
	var order []int
	for _, c := range p.site.report.Cards {
		tier := c.Service.TierNumber()
		s, seen := byTier[tier]
		if !seen {
			order = append(order, tier)
		}
		byTier[tier] = withCard(s, c)
	}
	slices.Sort(order)
	rows := make([]tierRow, len(order))
	for i, tier := range order {
		s := byTier[tier]
		rows[i] = tierRow{tier, levelView(p.policy().Required[tier]), s.Ready, s.Services, levelBar(s), levelsText(s), p.servicesWith("tier", number(tier))}
	}
	return rows
}

func withCard(s scorecard.Standing, c *scorecard.Card) scorecard.Standing {
	s.Services++
	if c.Ready() {
		s.Ready++
	}
	if c.Rated {
		s.Levels[c.Level]++
	} else {
		s.NotRated++
	}
	return s
}

// heat counts the services by their verdict in each pillar.
func (p page) heat() template.HTML {
	columns := []picture.HeatColumn{{Ink: picture.Fail, Word: "fail"}, {Ink: picture.Unknown, Word: "unknown"}, {Ink: picture.Pass, Word: "pass"}, {Ink: picture.NotRated, Word: "n/a"}}
	var rows []picture.HeatRow
	for i, pillar := range p.site.report.Pillars() {
		row := picture.HeatRow{Name: p.pillarName(string(pillar)), Counts: make([]int, len(columns))}
		for _, c := range p.site.report.Cards {
			if i < len(c.Pillars) {
				row.Counts[verdictColumn[verdictClass(c.Pillars[i].Verdict)]]++
			}
		}
		rows = append(rows, row)
	}
	return picture.Heat("Services by their verdict in each pillar", "Pillar", columns, rows)
}

var verdictColumn = map[string]int{"f": 0, "u": 1, "p": 2, "n": 3}

// pillarName leads to the services with the pillar's failures first.
func (p page) pillarName(name string) template.HTML {
	href := p.servicesWith("pillar", name, "verdict", "fail")
	return template.HTML(`<a href="` + template.HTMLEscapeString(href) + `">` + template.HTMLEscapeString(upper(name)) + "</a>")
}
