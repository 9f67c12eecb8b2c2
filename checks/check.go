// Package checks holds the requirements that a service can meet, one file each, and the engine that asks them. It
// answers "is it good enough?" and never "what is that worth?": points, levels reached and waivers belong to scorecard.
//
// A check is a value. It reads a service with its evidence, states requirements and how each was met, and knows nothing
// of gaps, points or printing: what could not be read becomes "unknown" here in the engine.
package checks

import (
	"fmt"
	"slices"
	"time"

	"obsready/catalog"
	"obsready/checks/measure"
)

// RuleSet names the version of the checks and their thresholds. It changes whenever a verdict on the same input can
// change, is stamped in every output, and a trend marks where it changed.
const RuleSet = "2026.4"

// Check is one requirement that a service can meet.
type Check struct {
	ID       string   // "<evidence>-<requirement>", as in "alert-runbook"
	Title    string   // a sentence that is true when the check passes
	Why      string   // Markdown: what goes wrong without it
	Fix      string   // Markdown: what to do, starting with a verb
	Source   string   // where the rule or its threshold comes from
	Pillar   Pillar   // the heading it is shown under
	Question Question // the one of the four questions that it helps to answer
	Severity Severity // how much it hurts when the requirement is not met
	Level    Level    // the level that it belongs to
	// TierLevels are the levels that it belongs to for services of some tiers, where they differ from Level.
	TierLevels map[int]Level
	// Exposed narrows TierLevels to services that the internet reaches.
	Exposed bool
	Needs   []catalog.Kind
	// Attest is what somebody can vouch for where no file shows it, in words: "the default branch is protected"; "" when
	// an attestation cannot answer the check.
	Attest string
	// All says that the check judges every piece of the evidence it Needs, so that a piece that could not be read
	// leaves it undecided even when all the others are fine. Without it, one piece that meets the requirement decides.
	All bool
	// Live says that only a live Grafana can decide the check: a run that asks none does not ask it either.
	Live bool
	Run  func(in *Inspection)
}

// Pillar is a group of checks.
type Pillar string

// The pillars in report order.
const (
	Ownership  Pillar = "ownership"
	Metrics    Pillar = "metrics"
	Logs       Pillar = "logs"
	Traces     Pillar = "traces"
	Dashboards Pillar = "dashboards"
	SLOs       Pillar = "SLOs"
	Alerts     Pillar = "alerts"
	Runbooks   Pillar = "runbooks"
	Threats    Pillar = "threats"
	Secure     Pillar = "secure development"
	Supply     Pillar = "supply chain"
	Delivery   Pillar = "delivery"
	Recovery   Pillar = "recovery"
	Learning   Pillar = "postmortems"
	Toil       Pillar = "toil"
)

// Pillars lists the pillars in report order.
func Pillars() []Pillar {
	return []Pillar{Ownership, Metrics, Logs, Traces, Dashboards, SLOs, Alerts, Runbooks, Threats, Secure, Supply, Delivery, Recovery, Learning, Toil}
}

// Question is one of the four questions that the product answers.
type Question string

// The four questions.
const (
	Protect Question = "What are we protecting?"
	Promise Question = "What reliability promise are we making?"
	Know    Question = "How would we know if users are harmed?"
	Recover Question = "How would we recover?"
)

// Questions lists the four questions in report order.
func Questions() []Question { return []Question{Protect, Promise, Know, Recover} }

// Severity is how much it hurts when a requirement is not met.
type Severity int

// The severities.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

var severityWords = []string{"", "low", "medium", "high", "critical"}

func (s Severity) String() string { return severityWords[s] }

// ParseSeverity gives the severity of a word, as policies write it.
func ParseSeverity(word string) (Severity, error) {
	for i, w := range severityWords[1:] {
		if w == word {
			return Severity(i + 1), nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q. expected one of low, medium, high, critical", word)
}

// Level is a rung that a service can reach.
type Level int

// The levels.
const (
	None Level = iota
	Bronze
	Silver
	Gold
)

var levelWords = []string{"none", "bronze", "silver", "gold"}

func (l Level) String() string { return levelWords[l] }

// ParseLevel gives the level of a word, as policies write it.
func ParseLevel(word string) (Level, error) {
	for i, w := range levelWords {
		if w == word {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("unknown level %q. expected one of none, bronze, silver, gold", word)
}

// LevelFor gives the level that the check belongs to for a service.
func (c *Check) LevelFor(svc *catalog.Service) Level {
	if level, ok := c.TierLevels[svc.TierNumber()]; ok && (!c.Exposed || exposureOf(svc) == "internet") {
		return level
	}
	return c.Level
}

// Verdict is what a check concluded about a service.
type Verdict string

// The verdicts.
const (
	Pass          Verdict = "pass"
	Fail          Verdict = "fail"
	Unknown       Verdict = "unknown"        // evidence it needs could not be read; Reason says which and why
	NotApplicable Verdict = "not applicable" // nothing to require
	NotAsked      Verdict = "not asked"      // only a source that this run does not look at could decide
)

// Verdicts lists the verdicts in report order.
func Verdicts() []Verdict { return []Verdict{Fail, Unknown, Pass, NotApplicable, NotAsked} }

// Judged reports whether the verdict is about evidence, so that it takes part in points and levels.
func (v Verdict) Judged() bool { return v == Pass || v == Fail || v == Unknown }

// State is what became of one requirement.
type State string

// The states of a requirement.
const (
	Met       State = "met"
	Unmet     State = "unmet"
	Undecided State = "undecided"
)

// Requirement is one thing that a check asked of one place, and what became of it. An unmet one is a finding.
type Requirement struct {
	State   State
	At      catalog.Place
	Message string        // met: what was believed; unmet: the fact, the value quoted, the way out; undecided: why
	Link    *catalog.Link // why the evidence belongs to the service, where that is not plain
	Cause   *Cause        // the common cause that it shares with other findings, when there is one
}

// Cause is one thing that, mended, mends many findings. Findings of equal Key are told once.
type Cause struct {
	Key     string // equal for findings with the same cause, as in "owner giantswarm/unspecified"
	Summary string // a sentence without the single finding's details
}

// Result is the conclusion of one check about one service.
type Result struct {
	Check        *Check
	Verdict      Verdict
	Reason       string // why unknown or not applicable
	Requirements []Requirement
}

// Share is the share of the requirements that are met, in [0,1]: the partial credit of a check that fails. Undecided
// requirements count as not met.
func (r Result) Share() float64 {
	if len(r.Requirements) == 0 {
		return 0
	}
	return float64(r.Count(Met)) / float64(len(r.Requirements))
}

// Count gives the number of requirements in the given state.
func (r Result) Count(s State) int {
	n := 0
	for _, q := range r.Requirements {
		if q.State == s {
			n++
		}
	}
	return n
}

// Settings are the thresholds that a policy can change. The zero value is not useful; see [DefaultSettings].
type Settings struct {
	PageSeverities   []string      // severities that wake somebody
	ClassLabels      []string      // rule labels that declare what an alert measures: symptom, cause or meta
	PageReceivers    []string      // globs of receivers that wake somebody, beside those with a paging integration
	Severities       []string      // the organisation's whole set, the paging ones among them; empty accepts any
	ForMinimum       time.Duration // shortest `for` that counts against flapping
	RateRangeMinimum time.Duration // shortest range of rate() and increase(): twice the scrape interval
	RunbookMaxAge    time.Duration
	RunbookMinWords  int
	RunbookCopies    int // how many runbooks may share one text before none of them counts as written for its alert
	LogRetention     time.Duration
	PagesPerService  int // more paging alerts than this are not "few"
	OncallTiers      int // tiers up to this need a rota and an escalation
	EscalationLevels int
	SamplingMinimum  float64
	SamplingMaximum  float64
	SLOTiers         int           // tiers up to this need an SLO
	SLOWindowMinimum time.Duration // shorter windows of an SLO are no sensible ones
	SLOWindowMaximum time.Duration // nor are longer ones

	ThreatModelMaxAge   time.Duration
	SBOMMaxAge          time.Duration
	RecoveryPlanMaxAge  time.Duration
	ExerciseMaxAge      time.Duration
	ExerciseMaxAgeTier1 time.Duration
	AttestationMaximum  time.Duration // the longest time ahead that somebody can vouch for something
	ToilMaximum         float64       // largest share of a team's time that toil may take, in percent
	ToilLarge           float64       // hours a year from which a manual task is a large one
	AutomateItems       int           // how many of the largest tasks need an automation ticket
	AlertAsleepMaximum  time.Duration // the longest time that an alert may be paused, silenced or firing
	LiveMaxAge          time.Duration // how far from the day of judgement what a Grafana showed still tells of it
}

// DefaultSettings gives the thresholds of CRITERIA: their sources stand with the checks that use them.
func DefaultSettings() Settings {
	const day = 24 * time.Hour
	return Settings{
		PageSeverities:   []string{"page", "critical", "sev1", "s1", "p1"},
		ClassLabels:      measure.DefaultOptions().ClassLabels,
		ForMinimum:       time.Minute,
		RateRangeMinimum: 2 * time.Minute,
		RunbookMaxAge:    180 * day,
		RunbookMinWords:  40,
		RunbookCopies:    3,
		LogRetention:     90 * day,
		PagesPerService:  15,
		OncallTiers:      2,
		EscalationLevels: 2,
		SamplingMinimum:  0.01,
		SamplingMaximum:  1,
		SLOTiers:         2,
		SLOWindowMinimum: 7 * day,
		SLOWindowMaximum: 92 * day,

		// A year has 366 days at most and half a year 184, so that who returns on the same day of the calendar is in time.
		ThreatModelMaxAge:   366 * day,
		SBOMMaxAge:          366 * day,
		RecoveryPlanMaxAge:  184 * day,
		ExerciseMaxAge:      366 * day,
		ExerciseMaxAgeTier1: 184 * day,
		AttestationMaximum:  366 * day,
		ToilMaximum:         50,
		ToilLarge:           20,
		AutomateItems:       3,
		AlertAsleepMaximum:  60 * day, // Source: Datadog, "Monitor quality" (muted for more than 60 days).
		LiveMaxAge:          7 * day,  // "in the last 24 hours" says nothing any more after it
	}
}

// Inspection is one check looking at one service.
type Inspection struct {
	*Subject

	check        *Check
	requirements []Requirement
	skipped      string
	unasked      string
}

// Metf states a requirement that is met, with what was believed.
func (in *Inspection) Metf(at catalog.Place, format string, args ...any) *Requirement {
	return in.state(Met, at, format, args...)
}

// Unmetf states a requirement that is not met: the fact, the user's value quoted, then the way out.
func (in *Inspection) Unmetf(at catalog.Place, format string, args ...any) *Requirement {
	return in.state(Unmet, at, format, args...)
}

// Undecidedf states a requirement that this run cannot decide, with the cause and the way out.
func (in *Inspection) Undecidedf(at catalog.Place, format string, args ...any) *Requirement {
	return in.state(Undecided, at, format, args...)
}

// Missingf states that evidence which should be there was not found. When a gap may hide it, that is unknown and not
// unmet.
func (in *Inspection) Missingf(at catalog.Place, format string, args ...any) *Requirement {
	for _, kind := range in.check.Needs {
		if gap := in.Service.Gap(kind); gap != nil {
			return in.state(Undecided, gap.At, "%s, but %s could not be read (%s: %s)", fmt.Sprintf(format, args...), gap.At, gap.Cause, gap.Detail)
		}
	}
	return in.state(Unmet, at, format, args...)
}

// NotApplicablef says that there is nothing to require of the service, and why.
func (in *Inspection) NotApplicablef(format string, args ...any) {
	in.skipped = fmt.Sprintf(format, args...)
}

// NotAskedf says that only a source which this run does not look at could decide, and which. It leaves the sum like a
// check that does not apply, and an answer counts it as missing.
func (in *Inspection) NotAskedf(format string, args ...any) {
	in.unasked = fmt.Sprintf(format, args...)
}

func (in *Inspection) state(s State, at catalog.Place, format string, args ...any) *Requirement {
	in.requirements = append(in.requirements, Requirement{State: s, At: at.Or(in.Service.At), Message: fmt.Sprintf(format, args...)})
	return &in.requirements[len(in.requirements)-1]
}

// LinkedBy adds to the requirement why its evidence belongs to the service. The pointer that Metf and its like return
// is good until the next requirement is stated.
func (r *Requirement) LinkedBy(l catalog.Link) *Requirement {
	r.Link = &l
	return r
}

// Because names the common cause of a finding.
func (r *Requirement) Because(key, format string, args ...any) *Requirement {
	r.Cause = &Cause{Key: key, Summary: fmt.Sprintf(format, args...)}
	return r
}

// Inspect asks one check about one service. Nothing of the estate is changed.
//
// The verdict: not applicable when the service is retired or the check states nothing; not asked when only a live Grafana could
// decide and the run asks none; fail when a requirement is unmet; unknown when one is
// undecided, or when the check judges all its evidence and some of it could not be read; pass otherwise.
func (c *Check) Inspect(about *Subject) Result {
	svc := about.Service
	if svc.Retired() {
		return Result{Check: c, Verdict: NotApplicable, Reason: fmt.Sprintf("the service's lifecycle is %q", svc.Lifecycle.Value)}
	}
	if c.Live && about.Estate.Live == nil {
		return Result{Check: c, Verdict: NotAsked, Reason: noGrafana}
	}
	in := &Inspection{Subject: about, check: c}
	c.Run(in)
	r := Result{Check: c, Requirements: slices.Clone(in.requirements)} // without the room to grow: there are a million of them
	if c.All && in.skipped == "" && len(r.Requirements) > 0 {
		r.Requirements = append(r.Requirements, c.unread(svc, r.Requirements)...)
	}
	r.conclude(in.skipped)
	if r.Verdict == NotApplicable && in.unasked != "" {
		r.Verdict, r.Reason = NotAsked, in.unasked
	}
	if c.Live && r.Verdict.Judged() && in.outlived() {
		return in.outdated()
	}
	return r
}

// unread gives an undecided requirement for each gap that may hide evidence which the check judges, unless the check
// has stated so itself.
func (c *Check) unread(svc *catalog.Service, stated []Requirement) []Requirement {
	var all []Requirement
	for _, g := range svc.Gaps {
		told := func(q Requirement) bool { return q.State == Undecided && q.At == g.At }
		if slices.ContainsFunc(c.Needs, g.Concerns) && !slices.ContainsFunc(stated, told) {
			all = append(all, Requirement{State: Undecided, At: g.At,
				Message: fmt.Sprintf("%s may hold evidence of this service and could not be read (%s: %s)", g.At, g.Cause, g.Detail)})
		}
	}
	return all
}

// conclude gives the result its verdict.
func (r *Result) conclude(skipped string) {
	switch {
	case skipped != "" && len(r.Requirements) == 0:
		r.Verdict, r.Reason = NotApplicable, skipped
	case len(r.Requirements) == 0:
		r.Verdict, r.Reason = NotApplicable, "there is nothing to judge"
	case r.Count(Unmet) > 0:
		r.Verdict = Fail
	case r.Count(Undecided) > 0:
		r.Verdict = Unknown
		for _, q := range r.Requirements {
			if q.State == Undecided {
				r.Reason = q.Message
				break
			}
		}
	default:
		r.Verdict = Pass
	}
}
