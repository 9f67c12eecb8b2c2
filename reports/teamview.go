package reports

import (
	"slices"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// teamView is the overview of one team.
func teamView(r *scorecard.Report, t *scorecard.TeamCard, o Options, e extent) overview {
	e = max(e, usual) // who asks for a team wants more of it
	v := overview{
		title:    "Team " + t.Team.ID + " of " + catalogName(r.Estate.Revision),
		facts:    slices.Concat(teamFacts(t.Team), revisionFacts(r), []fact{judgedFact(r)}),
		headline: headline(t.Summary),
		standing: standing(t.Summary, teamPast(r, t), announced(t.Cards), o),
	}
	v.addAll(e, changeSections(r, ofTeam(t.Team), e)...)
	v.addAll(e, serviceSections(r, t.Cards, o, e)...)
	v.addAll(e,
		matrixSection(t.Cards, e),
		promiseSection(t.Promises, e),
		threadSection(t.Threads, e),
		answerSection(t.Answers, e.most(0, 4)),
		reflectionSection(t.Reflection),
		overdueSection(r, t.Deadlines, e),
		comingSection(r, t.Deadlines, e),
		actionSection(t.Actions, e),
	)
	return v
}

// teamFacts say how the team is reached.
func teamFacts(t *catalog.Team) []fact {
	var list []fact
	for _, f := range []fact{{"About", listOf(": ", t.Title.Value, t.Description.Value)}, {"Contact", t.Contact.Value}, {"On call", t.Oncall.Value}} {
		if f.text != "" {
			list = append(list, f)
		}
	}
	return list
}

// matrixSection shows what became of each pillar for each service, the services that are not ready first.
func matrixSection(cards []*scorecard.Card, e extent) section {
	s := section{title: "Pillars", table: table{splits: true, columns: []column{{title: "pillar"}}}}
	cards = slices.SortedStableFunc(slices.Values(byTier(cards)), func(a, b *scorecard.Card) int { return compareFalseFirst(a.Ready(), b.Ready()) })
	shown := cards[:min(len(cards), e.most(0, 24))]
	for _, c := range shown {
		s.table.columns = append(s.table.columns, column{title: c.Service.ID, least: 12, ident: true})
	}
	for _, p := range checks.Pillars() {
		row := []cell{{text: string(p)}}
		asked := false
		for _, c := range shown {
			verdict := checks.NotApplicable
			for _, score := range c.Pillars {
				if score.Pillar == p {
					verdict, asked = score.Verdict, true
				}
			}
			row = append(row, verdictCell(verdict))
		}
		if asked {
			s.table.rows = append(s.table.rows, row)
		}
	}
	if n := len(cards) - len(shown); n > 0 {
		s.more = "and " + count(n, "more service")
	}
	return s
}

func compareFalseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// threadSection says of each journey's promise whether everything that protects it holds, and what does not.
func threadSection(threads []checks.Thread, e extent) section {
	s := section{title: "Threads, from the promise to recovery", detail: count(len(threads), "thread")}
	shown := min(len(threads), e.most(0, 12))
	for _, t := range threads[:shown] {
		it := item{text: t.Journey.Name.Value, status: threadCell(&t)}
		if t.SLO != nil {
			it.text += ", " + t.SLO.Name.Value
		}
		if l := t.Breaks(); l != nil {
			it.details = append(it.details, placed(l.At, l.Text))
		}
		s.items = append(s.items, it)
	}
	if n := len(threads) - shown; n > 0 {
		s.more = "and " + count(n, "more thread")
	}
	return s
}

// placed puts the place before what stands there.
func placed(at catalog.Place, text string) string {
	if at.IsZero() {
		return text
	}
	return at.String() + ": " + text
}
