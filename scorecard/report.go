// Package scorecard says what verdicts are worth: points, levels, next best actions and the answers to the four
// questions, per service, team and estate. It answers "what is that worth?" and never "how is it shown?".
//
// [Evaluate] is a function from values to a value. It looks at no clock, file or network.
package scorecard

import (
	"fmt"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/measure"
)

// Report is everything concluded about an estate. It holds no host name and no absolute path: the same commit, policy
// and Now give the same report.
type Report struct {
	Estate  *catalog.Estate
	Policy  *Policy
	RuleSet string
	Now     time.Time

	Checks []*checks.Check // that were asked, in report order, with the policy's severities and levels
	Cards  []*Card         // in service ID order
	Teams  []*TeamCard     // in team ID order; a last one without Team holds services whose owner is no team
	Causes []CauseGroup    // common causes of findings, the one with the most findings first

	Summary  Summary
	Answers  []Answer // of the estate, one for each question
	Promises []Promise
	Threads  []checks.Thread // of every journey, one for each of its SLOs, in the order of journeys
	Actions  []Action

	Reflection   Reflection
	Deadlines    []Deadline // in the order of their days; see Overdue
	Attestations []Vouched

	Only       *catalog.Team // the team that the report is about, nil for the whole estate; see [Report.OfTeam]
	History    *History      // nil unless the run looked back
	Comparison *Comparison   // with an earlier report; nil when none was given

	survey *checks.Survey
}

// Card is everything concluded about one service.
type Card struct {
	Service  *catalog.Service
	Results  []Result // one for each check, in report order
	Score    Score
	Pillars  []PillarScore // in report order
	Level    checks.Level  // the highest level whose checks, and those below, all pass or do not apply
	Required checks.Level  // by tier
	Next     checks.Level  // the level above Level; None at the top
	Rated    bool          // something applies; without it Level, Required and Next are None and say nothing: show "not rated"
	Blockers []*Result     // what keeps the service from Next: failed or unknown checks of that level and below
	Actions  []Action
	// Answers composes the answers to the four questions when it is called: those of ten thousand services need not be
	// in memory at once.
	Answers  func() []Answer
	Promises []Promise
	Threads  []checks.Thread // of the journeys that cross the service
	// Watch lists the service's alerts by what they would tell, when it is called.
	Watch func() Watch
}

// Watch is what would tell that something is wrong with a service, by what it measures; each list in the order of the
// estate's alerts.
type Watch struct {
	Symptoms []Watched // users are harmed
	Causes   []Watched // something inside may become a harm
	Meta     []Watched // the monitoring itself
	Unknown  []Watched
}

// Watched is one alert with what it measures and whether it wakes somebody.
type Watched struct {
	Alert     *catalog.AlertRule
	Link      catalog.Link
	Judgement measure.Judgement
	Pages     bool
}

// Ready reports whether the service is at its required level.
func (c *Card) Ready() bool { return c.Level >= c.Required }

// Result is a check's conclusion with what the policy makes of it.
type Result struct {
	checks.Result
	Level     checks.Level // the check's for a service of this tier
	Announced bool         // shown, not counted: neither in points nor in levels
	Points    float64      // possible points; 0 when not applicable or announced
	Earned    float64      // Points times the share of requirements that are met, whatever the verdict
}

// PillarScore is a service's or team's standing in one pillar.
type PillarScore struct {
	Pillar  checks.Pillar
	Score   Score
	Verdict checks.Verdict // the worst of the pillar: fail, then unknown, then pass; not applicable when nothing applies
}

// TeamCard is everything concluded about one team's services.
type TeamCard struct {
	Team     *catalog.Team // nil for the services whose owner is no team of the catalog
	Cards    []*Card       // in service ID order
	Summary  Summary
	Pillars  []PillarScore
	Actions  []Action // the best first
	Answers  []Answer
	Promises []Promise
	Threads  []checks.Thread // of the journeys that cross its services

	Reflection Reflection
	Deadlines  []Deadline // in the order of their days
	Guidelines []Guideline
}

// Guideline is what every team is asked to keep to, with the standing of the team's services.
type Guideline struct {
	Text                  string
	Checks                []*checks.Check // of the run
	Kept, Broken, Unknown int             // services: kept when none of the checks fails or is unknown, and one passes
}

// Name gives the team's ID, or words for the services of no team.
func (t *TeamCard) Name() string {
	if t.Team == nil {
		return "no team"
	}
	return t.Team.ID
}

// Summary is where a group of services stands.
type Summary struct {
	Services int
	Ready    int    // at their required level
	Levels   [4]int // rated services at each checks.Level
	NotRated int    // services to which nothing applies; they count as ready
	Score    Score
	Verdicts map[checks.Verdict]int
}

// Score keeps unknown points inside Possible, so that missing evidence can never raise a score, and beside it, so that
// a report can say how sure it is.
type Score struct {
	Earned, Possible, Unknown float64
}

// Add gives the sum of two scores.
func (s Score) Add(t Score) Score {
	return Score{s.Earned + t.Earned, s.Possible + t.Possible, s.Unknown + t.Unknown}
}

// Percent gives the earned share of the possible points in percent; ok is false when nothing was possible.
func (s Score) Percent() (percent float64, ok bool) {
	if s.Possible == 0 {
		return 0, false
	}
	return 100 * s.Earned / s.Possible, true
}

// UnknownPercent gives the unknown share of the possible points in percent.
func (s Score) UnknownPercent() float64 {
	if s.Possible == 0 {
		return 0
	}
	return 100 * s.Unknown / s.Possible
}

// CauseGroup is a common cause with all that it touches.
type CauseGroup struct {
	checks.Cause
	Check    *checks.Check    // of the finding that was met first; findings of a named cause may be of several checks
	Findings []ServiceFinding // at least two, in the order of service IDs and places
	Services int              // how many services have such a finding
}

// ServiceFinding is an unmet requirement with the service that does not meet it.
type ServiceFinding struct {
	Service     *catalog.Service
	Check       *checks.Check
	Requirement checks.Requirement
	Announced   bool
}

// Action is something to do next, with what it gains.
type Action struct {
	Check    *checks.Check
	Services []*catalog.Service // that would gain
	Findings int                // to mend
	Gain     float64            // points
	Levels   int                // services that reach a higher level by this alone
	Unknown  bool               // evidence has to be made readable, nothing is known to be wrong
	Text     string             // as in "Link 7 alerts of 3 services to a runbook"
}

// AnswerStatus says how far a question is answered.
type AnswerStatus string

// How far a question is answered; never further than the evidence goes.
const (
	Answered    AnswerStatus = "answered"
	Partly      AnswerStatus = "partly answered"
	NotAnswered AnswerStatus = "not answered"
)

// Answer is the answer to one of the four questions, composed of facts.
type Answer struct {
	Question checks.Question
	Status   AnswerStatus
	Clauses  []Clause // the answer, a paragraph of sentences, each with its evidence
	Proof    []Clause // what the checks that serve the question found in detail
	Missing  []string // what would have to be known for a full answer

	core bool // one of the clauses answers the question itself; others say only what surrounds it
}

// Clause is one fact of an answer.
type Clause struct {
	Text     string
	Evidence []catalog.Place
}

// Promise is one row of the table "User journey | SLI | SLO | Error budget policy". Cells are "" where there is nothing.
type Promise struct {
	Journey *catalog.Journey // nil for an SLO of a service that no journey names
	Service *catalog.Service // of an SLO outside journeys
	SLO     *catalog.SLO     // nil for a journey without one
	SLI     string
	Target  string
	Policy  string // what follows when the budget is spent, else the policy's title; "" when none was found
	// PolicyAt is where Policy stands.
	PolicyAt catalog.Place
	// BudgetMinutes is the error budget in minutes of total failure in 30 days; 0 without a valid objective.
	BudgetMinutes float64
	// Thread is the journey's thread along this SLO; nil outside journeys.
	Thread *checks.Thread
}

// Sources says of what the estate was read beside the catalog's own files, as in "and of 2 other repositories; Grafana
// (grafana.example.org) showed what it held on 30 June 2026".
func (r *Report) Sources() string {
	text := ""
	switch n := len(r.Estate.Revision.Mounts); {
	case n == 1:
		text = " and of 1 other repository"
	case n > 1:
		text = fmt.Sprintf(" and of %d other repositories", n)
	}
	switch live := r.Estate.Live; {
	case live != nil:
		text += "; Grafana (" + strings.TrimPrefix(strings.TrimPrefix(live.URL, "https://"), "http://") + ") showed what it held on " + live.FetchedAt.Format("2 January 2006 at 15:04 UTC")
	case text == "":
		text = "; no other source was asked"
	}
	return text
}
