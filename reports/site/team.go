package site

import (
	"obsready/catalog"
	"obsready/scorecard"
)

// teamView is what a team's page shows.
type teamView struct {
	frame
	Name        string
	Description string
	Facts       []fact
	NoTeam      bool
	Group       group
	Answers     []answer
	Pillars     []string
	Rows        []row
	Actions     capped[action]
	Threads     capped[thread]
	Promises    capped[promise]
	Causes      capped[cause]
	Reflection  reflection
	Due         due
	Guidelines  []guideline
}

func (p page) team(t *scorecard.TeamCard, calendar string) teamView {
	f := p.frame(t.Name(), p.estateLink())
	f.Tables = len(t.Cards) > 1
	view := teamView{
		frame:    f,
		Name:     t.Name(),
		NoTeam:   t.Team == nil,
		Group:    groupView(t.Summary),
		Answers:  p.answers(t.Answers, detail{Shown: 9, Limit: 40, Quoted: 2}),
		Pillars:  p.pillarNames(),
		Rows:     p.rows(t.Cards),
		Actions:  p.actions(t.Actions, 7),
		Threads:  p.threads(t.Threads, 60),
		Promises: p.promises(t.Promises, 200),

		Reflection: p.reflection(t.Reflection, operated(t.Cards)),
		Due:        p.due(t.Deadlines, 10, calendar),
		Guidelines: p.guidelines(t.Guidelines),

		Causes: capList(causesOf(p.site.report.Causes, t.Cards), 10, 40, p.causeFindings),
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
