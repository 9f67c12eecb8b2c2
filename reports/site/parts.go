package site

import (
	"html/template"
	"strconv"

	"obsready/scorecard"
)

// answer is one of the four questions with what the catalog answers: a paragraph whose sentences lead to their sources.
type answer struct {
	Anchor           string
	Question, Status string
	Class            string // as of a verdict: "p", "h" or "f"
	Sentences        capped[sentence]
	Sources          []numbered
	Proof            capped[clause]
	Missing          capped[template.HTML]
}

// sentence is one fact of an answer with the numbers of its sources.
type sentence struct {
	Text    template.HTML
	Sources []numbered
}

// numbered is a place that an answer rests on, by its number in the answer.
type numbered struct {
	Number int
	Place  link
}

type clause struct {
	Text   template.HTML
	Places []link
	Rest   int
}

// detail says how much of each answer is shown: the larger the group it is about, the less of it helps.
type detail struct {
	Shown  int // facts at once
	Limit  int // facts in all
	Quoted int // places for each fact
}

// maxMissing is how much of what is missing is shown at once.
const maxMissing = 4

func (p page) answers(answers []scorecard.Answer, d detail) []answer {
	views := make([]answer, len(answers))
	for i, a := range answers {
		view := answer{
			Anchor:   "answer-" + strconv.Itoa(i+1),
			Question: string(a.Question),
			Status:   string(a.Status),
			Class:    answerClass(a.Status),
			Proof: capList(a.Proof, 0, d.Limit, func(c scorecard.Clause) clause {
				at := c.Evidence[:min(d.Quoted, len(c.Evidence))]
				return clause{spans(c.Text), p.places(at), len(c.Evidence) - len(at)}
			}),
			Missing: capList(a.Missing, min(maxMissing, d.Shown), d.Limit, spans),
		}
		view.Sentences = capList(a.Clauses, d.Shown, d.Limit, func(c scorecard.Clause) sentence {
			var s sentence
			s.Text = spans(c.Text)
			for _, at := range c.Evidence[:min(d.Quoted, len(c.Evidence))] {
				s.Sources = append(s.Sources, view.source(p.place(at)))
			}
			return s
		})
		views[i] = view
	}
	return views
}

// source gives a place its number in the answer.
func (a *answer) source(place link) numbered {
	for _, s := range a.Sources {
		if s.Place == place {
			return s
		}
	}
	s := numbered{len(a.Sources) + 1, place}
	a.Sources = append(a.Sources, s)
	return s
}

func answerClass(s scorecard.AnswerStatus) string {
	switch s {
	case scorecard.Answered:
		return "p"
	case scorecard.Partly:
		return "h"
	}
	return "f"
}

// action is something to do next.
type action struct {
	Text     template.HTML
	Check    link
	Gain     string
	Levels   string
	Unknown  bool
	Services capped[link]
}

func (p page) actions(actions []scorecard.Action, shown int) capped[action] {
	return capList(actions, shown, 15, p.action)
}

func (p page) action(a scorecard.Action) action {
	view := action{
		Text:     spans(a.Text),
		Check:    p.checkLink(a.Check),
		Unknown:  a.Unknown,
		Services: capList(a.Services, 0, 12, p.serviceLink),
	}
	if a.Gain > 0 {
		view.Gain = "+" + pointsOf(a.Gain)
	}
	if a.Levels > 0 {
		view.Levels = count(a.Levels, "service reaches a higher level", "services reach a higher level")
	}
	return view
}

// promise is one row of the table "User journey | SLI | SLO | Error budget policy".
type promise struct {
	SLI, Target, Policy string
	SLO                 string
	Budget              string // "43.2 min a month"
	Journey, Service    link
	Place, PolicyPlace  link
	Thread              verdict // Word is "" outside journeys
}

func (p page) promises(promises []scorecard.Promise, limit int) capped[promise] {
	return capList(promises, 25, limit, p.promise)
}

func (p page) promise(q scorecard.Promise) promise {
	view := promise{SLI: q.SLI, Target: q.Target, Policy: q.Policy, Budget: q.Budget(), PolicyPlace: p.place(q.PolicyAt)}
	if q.Thread != nil {
		view.Thread = verdict{stateClass(q.Thread.State()), q.Thread.Standing()}
	}
	switch {
	case q.Journey != nil:
		view.Journey, view.Place = p.journeyLink(q.Journey), p.place(q.Journey.At)
	case q.Service != nil:
		view.Service = p.serviceLink(q.Service)
	}
	if q.SLO != nil {
		view.SLO, view.Place = q.SLO.Name.Value, p.place(q.SLO.At)
	}
	return view
}
