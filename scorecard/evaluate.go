package scorecard

import (
	"sync"
	"sync/atomic"
	"time"

	"obsready/catalog"
	"obsready/checks"
)

// Evaluate asks every check about every service of the estate and says what the verdicts are worth under the policy.
//
// The set is every check that is to be asked, in report order; what the policy says of severities, levels and checks
// that are off is applied here (see [Policy.CheckSet]). Services are inspected by as many workers as asked for, at least
// one, and the report does not depend on how many they are. A check that panics about one service is unknown for that
// service; nothing else is lost. Nothing that is passed in is changed, and the report points into it.
func Evaluate(estate *catalog.Estate, set []*checks.Check, policy *Policy, now time.Time, workers int) *Report {
	r := &Report{
		Estate: estate, Policy: policy, RuleSet: checks.RuleSet, Now: now,
		Checks: policy.CheckSet(set),
		Cards:  make([]*Card, len(estate.Services)),
	}
	asking := &Asking{Checks: r.Checks, policy: policy, survey: checks.NewSurvey(estate, &policy.Settings, now)}
	r.survey = asking.survey
	e := evaluation{Report: r, asking: asking, questions: questionsOf(r.Checks, r.survey), pillars: r.Pillars(), journeys: journeysByService(estate)}
	inParallel(len(r.Cards), workers, func(i int) { r.Cards[i] = e.card(estate.Services[i]) })

	r.Deadlines = r.deadlines()
	r.Attestations = r.vouchedFor()
	r.Reflection = reflectOn(r.survey, r.Cards, estate.ToilLogs, estate.Pages)
	r.Teams = e.teams()
	r.Causes = causes(r.Cards)
	r.Summary = summarize(r.Cards)
	r.Actions = actions(r.Cards, r.Checks, policy)
	r.Promises = r.promises(estate.Journeys, r.Cards)
	r.Threads = r.threads(estate.Journeys)
	r.Answers = e.questions.answer(group{cards: r.Cards, journeys: estate.Journeys, promises: r.Promises})
	return r
}

// evaluation is what the parts of one report share while it is put together. Workers only read it.
type evaluation struct {
	*Report
	asking    *Asking
	questions questions
	pillars   []checks.Pillar
	journeys  map[*catalog.Service][]*catalog.Journey
}

// inParallel calls do(0) … do(n-1) from a number of workers. Which worker does what is left to chance, so do must
// write to nothing but what belongs to its index.
func inParallel(n, workers int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(workers, n)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// card concludes everything about one service that does not depend on other services.
func (e *evaluation) card(svc *catalog.Service) *Card {
	c := &Card{Service: svc, Results: make([]Result, len(e.Checks))}
	outcomes := make([]Outcome, len(e.Checks))
	about := e.asking.About(svc)
	for i, check := range e.Checks {
		c.Results[i] = e.asking.Ask(check, about)
		outcomes[i] = c.Results[i].Outcome()
	}
	c.Pillars = pillars(e.pillars, []*Card{c})
	rating := e.Policy.Rate(svc, outcomes)
	c.Score, c.Rated, c.Level, c.Required = rating.Score, rating.Rated, rating.Level, rating.Required
	if c.Rated {
		c.Next = next(c.Level, topLevel(outcomes))
		c.Blockers = blockers(c.Results, c.Next)
	}
	only := []*Card{c}
	c.Actions = actions(only, e.Checks, e.Policy)
	c.Promises = e.promises(e.journeys[svc], only)
	c.Threads = e.threads(e.journeys[svc])
	c.Watch = func() Watch { return watch(e.survey, svc) }
	c.Answers = func() []Answer {
		return e.questions.answer(group{cards: only, journeys: e.journeys[svc], promises: c.Promises})
	}
	return c
}
