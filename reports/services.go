package reports

import (
	"cmp"
	"slices"
	"strconv"

	"obsready/scorecard"
)

// teamSection shows teams, those with the most services below their required level first. Teams without services are
// counted only.
func teamSection(r *scorecard.Report, o Options, e extent) section {
	s := section{title: "Teams", table: table{columns: []column{
		{title: "team", least: 10, ident: true}, {title: "services", right: true}, {title: "ready", right: true},
		{title: "none", right: true}, {title: "bronze", right: true}, {title: "silver", right: true}, {title: "gold", right: true},
		{title: "score", right: true}, {title: "unknown", right: true, spare: true}, {title: trendTitle, spare: true, wide: true},
	}}}
	busy := slices.DeleteFunc(slices.Clone(r.Teams), func(t *scorecard.TeamCard) bool { return t.Summary.Services == 0 })
	slices.SortStableFunc(busy, func(a, b *scorecard.TeamCard) int {
		return cmp.Compare(b.Summary.Services-b.Summary.Ready, a.Summary.Services-a.Summary.Ready)
	})
	shown := min(len(busy), e.most(12, 20))
	for _, t := range busy[:shown] {
		s.table.rows = append(s.table.rows, teamRow(t, teamPast(r, t).short(o)))
	}
	var others, idle string
	if n := len(busy) - shown; n > 0 {
		others = count(n, "more team")
	}
	if n := len(r.Teams) - len(busy); n > 0 {
		idle = count(n, "team") + " without services"
	}
	if rest := listOf(", ", others, idle); rest != "" {
		s.more = "and " + rest
	}
	return s
}

// trendTitle is the heading of scores over the last weeks.
const trendTitle = "8 weeks"

func teamRow(t *scorecard.TeamCard, trend cell) []cell {
	sum := t.Summary
	row := []cell{
		{text: t.Name()},
		{text: number(sum.Services)},
		{number(sum.Ready), readyTone(sum.Ready == sum.Services)},
	}
	for _, n := range sum.Levels {
		row = append(row, countCell(n))
	}
	return append(row, cell{text: scoreText(sum.Score)}, cell{unknownText(sum.Score), unsure}, trend)
}

// countCell leaves zeros out, so that a table of numbers can be read.
func countCell(n int) cell {
	if n == 0 {
		return cell{"·", quiet}
	}
	return cell{text: number(n)}
}

// serviceSections shows the services that are not ready, the most critical first, and then those that are.
func serviceSections(r *scorecard.Report, cards []*scorecard.Card, o Options, e extent) []section {
	var below, ready []*scorecard.Card
	for _, c := range byTier(cards) {
		if c.Ready() {
			ready = append(ready, c)
		} else {
			below = append(below, c)
		}
	}
	most := e.most(12, 40)
	shown := min(most, len(below))
	rest := serviceSection(r, "Ready: "+count(len(ready), "service")+" at the required level", ready, min(most-shown, len(ready)), o)
	rest.detail = count(len(ready), "ready service")
	return []section{serviceSection(r, "Not ready: "+count(len(below), "service")+" below the required level", below, shown, o), rest}
}

// byTier gives the services in the order of their tiers, the most critical first, and of IDs.
func byTier(cards []*scorecard.Card) []*scorecard.Card {
	return slices.SortedStableFunc(slices.Values(cards), func(a, b *scorecard.Card) int {
		return cmp.Compare(a.Service.TierNumber(), b.Service.TierNumber())
	})
}

func serviceSection(r *scorecard.Report, title string, cards []*scorecard.Card, shown int, o Options) section {
	s := section{title: title, table: table{columns: []column{
		{title: "service", least: 12, ident: true}, {title: "team", least: 8, ident: true, spare: true, extra: 3}, {title: "tier", right: true},
		{title: "level"}, {title: "needs", extra: 1}, {title: "score", right: true}, {title: "unknown", right: true, spare: true, extra: 2},
		{title: trendTitle, spare: true, wide: true}, {title: "held back by", least: 12, spare: true},
	}}}
	for _, c := range cards[:shown] {
		s.table.rows = append(s.table.rows, serviceRow(c, o.Team == "", servicePast(r, c.Service.ID).short(o)))
	}
	if n := len(cards) - shown; n > 0 {
		s.more = "and " + count(n, "more service")
	}
	return s
}

func serviceRow(c *scorecard.Card, withTeam bool, trend cell) []cell {
	svc := c.Service
	team := cell{"no team", unsure}
	switch {
	case !withTeam:
		team = cell{}
	case svc.Owner.Team != nil:
		team = cell{text: svc.Owner.Team.ID}
	}
	level, needs := cell{"not rated", quiet}, cell{"–", quiet}
	if c.Rated {
		level, needs = cell{c.Level.String(), levelTone(c.Level)}, cell{text: c.Required.String()}
	}
	return []cell{
		{text: svc.ID}, team, {text: strconv.Itoa(svc.TierNumber())}, level, needs,
		{text: scoreText(c.Score)}, {unknownText(c.Score), unsure}, trend, {firstBlocker(c), named},
	}
}

// firstBlocker names the check to mend first, and says how many more keep the service from its next level.
func firstBlocker(c *scorecard.Card) string {
	switch n := len(c.Blockers); n {
	case 0:
		return ""
	case 1:
		return c.Blockers[0].Check.ID
	default:
		return c.Blockers[0].Check.ID + " and " + strconv.Itoa(n-1) + " more"
	}
}
