package site

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"obsready/checks"
	"obsready/reports/picture"
	"obsready/scorecard"
)

// serviceTrend draws how the score of a service went over the weeks; "" without a history.
func (p page) serviceTrend(id string) template.HTML {
	h := p.site.report.History
	if h == nil {
		return ""
	}
	return picture.Spark("Score of "+id, scores(h, h.Services[id]))
}

// serviceChanges gives what became of one service.
func (p page) serviceChanges(id string) changes {
	return p.changesOf(func(service string) bool { return service == id }, nil)
}

// teamChanges gives what became of a team's services.
func (p page) teamChanges(t *scorecard.TeamCard) changes {
	own := map[string]bool{}
	for _, c := range t.Cards {
		own[c.Service.ID] = true
	}
	id := teamKey(t)
	b, ok := p.before()
	if ok { // services that are gone were somebody's
		for _, m := range b.moves {
			own[m.Service] = own[m.Service] || m.Went && m.Team == id
		}
	}
	var figures []figure
	if ok {
		figures = p.teamFigures(id, b.since)
	}
	return p.changesOf(func(service string) bool { return own[service] }, figures)
}

// teamKey is the name under which a history knows a team.
func teamKey(t *scorecard.TeamCard) string {
	if t.Team == nil {
		return ""
	}
	return t.Team.ID
}

// changesOf gives what became of some services since the earlier time that the report is compared with.
func (p page) changesOf(concerns func(service string) bool, figures []figure) changes {
	b, ok := p.before()
	if !ok {
		return changes{}
	}
	b.shifts = only(b.shifts, func(s scorecard.Shift) bool { return concerns(s.Service) })
	b.moves = only(b.moves, func(m scorecard.Move) bool { return concerns(m.Service) })
	if b.unrelated {
		figures = nil
	}
	turns, ruled := grouped(b)
	view := changes{
		Since: day(b.since), Figures: figures, Marks: b.marks,
		Gained: capList(turns[scorecard.Gained], 2, 20, p.change), Lost: capList(turns[scorecard.Lost], 2, 20, p.change),
		Begun: capList(turns[scorecard.Begun], 2, 20, p.change),
	}
	view.New, view.Gone = p.cameAndWent(b.moves)
	if ruled > 0 {
		view.Ruled = count(ruled, "verdict is", "verdicts are")
	}
	return view
}

// teamFigures gives a team's numbers at an earlier time and now; none when the team was not there.
func (p page) teamFigures(id string, since time.Time) []figure {
	r := p.site.report
	if c := r.Comparison; c != nil && c.Now.Equal(since) {
		was, ok := c.Teams[id]
		for _, t := range r.Teams {
			if ok && teamKey(t) == id {
				return figures(was, standingNow(t.Summary))
			}
		}
		return nil
	}
	week, ok := lastWeek(r.History)
	if !ok {
		return nil
	}
	all := r.History.Teams[id]
	if week.index >= len(all)-1 || all[week.index].Services == 0 {
		return nil
	}
	return figures(all[week.index], all[len(all)-1])
}

// teamHistory is how a team went over the weeks.
type teamHistory struct {
	Title  string
	Levels template.HTML
	Score  template.HTML
	Weeks  []weekRow
	Moves  capped[moveRow]
}

// teamHistory gives nil when the run did not look back, or the team was not there before.
func (p page) teamHistory(t *scorecard.TeamCard) *teamHistory {
	h, id := p.site.report.History, teamKey(t)
	if h == nil || len(h.Weeks) < 2 || len(h.Teams[id]) != len(h.Weeks) {
		return nil
	}
	standings := h.Teams[id]
	moments := moments(h)
	for i := range moments { // before its first service there is nothing to draw
		moments[i].Gap = moments[i].Gap || standings[i].Services == 0
	}
	var moves []scorecard.Move
	for _, m := range h.Moves {
		if m.Team == id {
			moves = append(moves, m)
		}
	}
	view := &teamHistory{
		Title:  count(len(h.Weeks)-1, "week", "weeks"),
		Levels: picture.Stack("Services by level", moments, layers(standings)),
		Score:  picture.Line("Score", moments, shares(standings)),
		Moves:  capList(moves, 8, 60, p.moveRow),
	}
	if view.Levels == "" && view.Score == "" {
		return nil
	}
	view.Weeks = standingRows(h, standings)
	return view
}

// standingRows gives the weeks of a group of services in figures, the latest first.
func standingRows(h *scorecard.History, standings []scorecard.Standing) []weekRow {
	var rows []weekRow
	for i, w := range slices.Backward(h.Weeks) {
		s := standings[i]
		rows = append(rows, weekRow{
			End: lastDay(w.End), Gap: w.Gap, Marks: strings.Join(w.Marks, ", "),
			Levels: []int{s.Levels[checks.Gold], s.Levels[checks.Silver], s.Levels[checks.Bronze], s.Levels[checks.None], s.NotRated},
			Ready:  ofServices(s), Score: tenths(s.Score.Percent()), Unknown: tenths(s.Score.UnknownPercent(), true),
		})
	}
	return rows
}

// budgets draws the error budgets of promises; "" when none has one.
func (p page) budgets(promises []scorecard.Promise) template.HTML {
	var all []picture.Budget
	for _, q := range promises {
		if q.SLO != nil && q.BudgetMinutes > 0 && len(all) < maxBudgets {
			all = append(all, picture.Budget{Name: p.budgetName(q), Minutes: q.BudgetMinutes, Words: q.Budget()})
		}
	}
	return picture.Budgets("Error budgets", all)
}

// maxBudgets is how many error budgets a picture can hold and still be one.
const maxBudgets = 15

// budgetName names a promise by its SLO, and its journey or service.
func (p page) budgetName(q scorecard.Promise) template.HTML {
	whose := link{}
	switch {
	case q.Journey != nil:
		whose = p.journeyLink(q.Journey)
	case q.Service != nil:
		whose = p.serviceLink(q.Service)
	}
	return "<bdi>" + template.HTML(template.HTMLEscapeString(q.SLO.Name.Value)) + `</bdi> <span class="sub">` + linkHTML(whose) + "</span>"
}

// linkHTML gives a link as the template of the same name does.
func linkHTML(l link) template.HTML {
	text := "<bdi>" + template.HTMLEscapeString(l.Text) + "</bdi>"
	if l.Href != "" {
		text = `<a href="` + template.HTMLEscapeString(l.Href) + `">` + text + "</a>"
	}
	return template.HTML(text)
}
