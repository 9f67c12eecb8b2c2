package site

import (
	"html/template"

	"obsready/catalog"
	"obsready/checks"
	"obsready/reports/picture"
	"obsready/scorecard"
)

// teamView is what a team's page shows.
type teamView struct {
	frame
	Name        string
	Description string
	NoTeam      bool
	Services    int

	// The first screen.
	Group   group
	Trend   template.HTML // of its score; "" without a history
	Live    bool          // the score of today counts what only a live Grafana tells; the trend cannot
	Changes changes
	First   []action
	Answers []answer

	Facts      []fact
	Table      serviceTable
	Actions    capped[action]
	Announced  capped[announced]
	Threads    capped[thread]
	Promises   capped[promise]
	Budgets    template.HTML
	Causes     capped[cause]
	Reflection reflection
	Due        due
	Guidelines []guideline
	History    *teamHistory
}

func (p page) team(t *scorecard.TeamCard, calendar string) teamView {
	f := p.frame(t.Name(), p.estateLink())
	f.Detail, f.Pictures, f.Tables = true, true, len(t.Cards) > 1
	view := teamView{
		frame:    f,
		Name:     t.Name(),
		NoTeam:   t.Team == nil,
		Services: len(t.Cards),

		Group:   groupView(t.Summary),
		Live:    p.site.report.Estate.Live != nil,
		Changes: p.teamChanges(t),
		First:   p.actions(t.Actions, 3).Shown,
		Answers: p.answers(t.Answers, detail{Shown: 7, Limit: 30, Quoted: 2}),

		Table:     p.serviceTable(t.Cards, p.servicesWith("team", t.Name())),
		Actions:   p.actions(t.Actions, 7),
		Announced: p.announced(t.Cards),
		Threads:   p.threads(t.Threads, 40),
		Promises:  p.promises(t.Promises, 100),
		Budgets:   p.budgets(t.Promises),

		Reflection: p.reflection(t.Reflection, operated(t.Cards)),
		Due:        p.due(t.Deadlines, 10, calendar),
		Guidelines: p.guidelines(t.Guidelines),

		Causes:  capList(causesOf(p.site.report.Causes, t.Cards), 10, 40, p.causeFindings),
		History: p.teamHistory(t),
	}
	if h := p.site.report.History; h != nil {
		view.Trend = picture.Spark("Score of "+t.Name(), scores(h, h.Teams[teamKey(t)]))
	}
	if t.Team != nil {
		if title := t.Team.Title.Value; title != "" {
			view.Name = title
		}
		view.Description = t.Team.Description.Value
		view.Facts = p.teamFacts(t.Team)
	}
	return view
}

// announced is a check that will count one day, with the services that do not pass it yet.
type announced struct {
	Title    template.HTML
	Check    link
	Services capped[link]
}

func (p page) announced(cards []*scorecard.Card) capped[announced] {
	var order []*checks.Check
	open := map[*checks.Check][]*scorecard.Card{}
	for _, c := range cards {
		for i := range c.Results {
			r := &c.Results[i]
			if !r.Announced || r.Verdict != checks.Fail && r.Verdict != checks.Unknown {
				continue
			}
			if open[r.Check] == nil {
				order = append(order, r.Check)
			}
			open[r.Check] = append(open[r.Check], c)
		}
	}
	return capList(order, 10, 40, func(c *checks.Check) announced {
		return announced{spans(c.Title), p.checkLink(c), capList(open[c], 5, 40, func(card *scorecard.Card) link { return p.resultLink(card, c) })}
	})
}

// resultLink leads to what a check found about a service.
func (p page) resultLink(card *scorecard.Card, c *checks.Check) link {
	l := p.serviceLink(card.Service)
	if l.Href != "" {
		l.Href += "#" + anchor(c.ID)
	}
	return l
}

// fact is one thing that an entry states, or fails to state.
type fact struct {
	Term   string
	Values []link // none: not stated
	Code   bool   // the values are code
}

func (p page) teamFacts(t *catalog.Team) []fact {
	facts := []fact{
		{Term: "Contact", Values: texts(t.Contact)},
		{Term: "On call", Values: texts(t.Oncall)},
		{Term: "Escalation", Values: texts(t.Escalation...)},
		{Term: "Security contact", Values: texts(t.Security)},
	}
	if len(t.Aliases) > 0 {
		facts = append(facts, fact{Term: "Also known as", Values: texts(t.Aliases...)})
	}
	if len(t.Members) > 0 {
		facts = append(facts, fact{Term: "Members", Values: []link{{Text: number(len(t.Members))}}})
	}
	return append(facts, fact{Term: "Entry", Values: []link{p.place(t.At)}, Code: true})
}

// texts gives what was written, as links where it is an address that may be followed.
func texts(written ...catalog.Text) []link {
	var values []link
	for _, t := range written {
		if text := t.Value; text != "" {
			values = append(values, link{text, outward(text)})
		}
	}
	return values
}
