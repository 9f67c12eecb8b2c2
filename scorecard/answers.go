package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
)

// questions answers the four questions about a group of services: one service, a team's, or the whole estate.
//
// An answer is put together from what the catalog states and from the verdicts of the checks that serve the question.
// It is "not answered" without a fact that answers the question itself (that a service has a tier does not say what is
// protected, nor its owner how it recovers), "answered" when nothing is missing, and "partly answered" otherwise. What
// counts as missing about a service goes up to the level that its tier requires, and to silver at least: an answer below
// that would be surer than its evidence. What no check of the run judges is missing as well, so that a practice this
// rule set does not know yet is never passed over in silence.
type questions struct {
	set      []*checks.Check
	gravest  []int // indices of set, the gravest checks first
	unjudged map[checks.Question][]string
	survey   *checks.Survey
}

// group is the services that an answer is about, with the journeys and promises that concern them.
type group struct {
	cards    []*Card
	journeys []*catalog.Journey
	promises []Promise
}

// practices are the parts of an answer that only checks can give, by the beginning of those checks' IDs.
var practices = []struct {
	question checks.Question
	prefix   string
	subject  string
}{
	{checks.Protect, "threat-model-", "threat models"},
	{checks.Promise, "slo-budget-policy", "error budget policies"},
	{checks.Recover, "recovery-", "recovery objectives, plans and exercises"},
	{checks.Recover, "rollback-", "ways to roll back"},
	{checks.Recover, "incident-", "incident roles"},
}

func questionsOf(set []*checks.Check, survey *checks.Survey) questions {
	q := questions{set: set, survey: survey, unjudged: map[checks.Question][]string{}}
	for i := range set {
		q.gravest = append(q.gravest, i)
	}
	slices.SortStableFunc(q.gravest, func(a, b int) int { return cmp.Compare(set[b].Severity, set[a].Severity) })
	for _, p := range practices {
		if !slices.ContainsFunc(set, func(c *checks.Check) bool { return strings.HasPrefix(c.ID, p.prefix) }) {
			q.unjudged[p.question] = append(q.unjudged[p.question], p.subject+" are not judged by the checks of this run")
		}
	}
	return q
}

// answer gives an answer to each question, in their order. Services that nobody operates have no part in it.
func (q questions) answer(g group) []Answer {
	idle := idleReason(g.cards)
	g.cards = slices.DeleteFunc(slices.Clone(g.cards), func(c *Card) bool { return !c.Service.Operated() })
	var answers []Answer
	for _, question := range checks.Questions() {
		a := &Answer{Question: question}
		if len(g.cards) == 0 && len(g.journeys) == 0 {
			a.missf("%s", idle)
		} else {
			q.facts(a, g)
			q.verdicts(a, g)
			a.Missing = append(a.Missing, q.unjudged[question]...)
		}
		a.Status = statusOf(a)
		answers = append(answers, *a)
	}
	return answers
}

func (q questions) facts(a *Answer, g group) {
	switch a.Question {
	case checks.Protect:
		a.protect(g)
		a.threats(g)
		a.guards(g, q.survey)
	case checks.Promise:
		a.promise(g)
	case checks.Know:
		a.tells(g)
		a.symptoms(g, q.survey)
		a.know(g, q.survey)
	case checks.Recover:
		a.recover(g)
		a.comeBack(g, q.survey)
		a.learn(g)
	}
}

// statusOf never says more than the clauses show.
func statusOf(a *Answer) AnswerStatus {
	switch {
	case !a.core:
		return NotAnswered
	case len(a.Missing) > 0:
		return Partly
	default:
		return Answered
	}
}

// idleReason says why there is nothing to answer about services of which none is operated.
func idleReason(cards []*Card) string {
	switch len(cards) {
	case 0:
		return "there are no services to answer for"
	case 1:
		svc := cards[0].Service
		if svc.KindName() == "library" {
			return svc.ID + " is a library, which nobody operates"
		}
		return fmt.Sprintf("%s is no longer operated: its lifecycle is %q", svc.ID, svc.Lifecycle.Value)
	default:
		return "none of these services is operated"
	}
}

// maxEvidence is how many places a clause holds. Its text says how many there are.
const maxEvidence = 20

// coref adds a fact that answers the question itself.
func (a *Answer) coref(evidence []catalog.Place, format string, args ...any) {
	a.core = true
	a.clausef(evidence, format, args...)
}

// clausef adds a fact.
func (a *Answer) clausef(evidence []catalog.Place, format string, args ...any) {
	a.Clauses = append(a.Clauses, clauseOf(evidence, format, args...))
}

// prooff adds what a check found.
func (a *Answer) prooff(evidence []catalog.Place, format string, args ...any) {
	a.Proof = append(a.Proof, clauseOf(evidence, format, args...))
}

// clauseOf makes a clause. Places that are not known, or are named already, are left out.
func clauseOf(evidence []catalog.Place, format string, args ...any) Clause {
	var places []catalog.Place
	for _, p := range evidence {
		if len(places) < maxEvidence && !p.IsZero() && !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	return Clause{Text: fmt.Sprintf(format, args...), Evidence: places}
}

func (a *Answer) missf(format string, args ...any) {
	a.Missing = append(a.Missing, fmt.Sprintf(format, args...))
}
