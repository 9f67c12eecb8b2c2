package scorecard

import (
	"obsready/catalog"
	"obsready/checks"
)

// required gives the level that a service's tier requires. A service that nobody operates needs none.
func (p *Policy) required(svc *catalog.Service) checks.Level {
	if !svc.Operated() {
		return checks.None
	}
	return p.Required[svc.TierNumber()]
}

// Outcome is what a result comes to, without its words.
type Outcome struct {
	Verdict   checks.Verdict
	Level     checks.Level // the check's for a service of this tier
	Announced bool
	Score     Score
}

// Outcome gives what the result comes to.
func (r Result) Outcome() Outcome {
	return Outcome{Verdict: r.Verdict, Level: r.Level, Announced: r.Announced, Score: r.Score()}
}

// counts reports whether the outcome takes part in points and levels.
func (o Outcome) counts() bool { return !o.Announced }

// open reports whether the outcome is one to work on: it counts, and it is no pass.
func (o Outcome) open() bool {
	return o.counts() && (o.Verdict == checks.Fail || o.Verdict == checks.Unknown)
}

// Rating is where one service stands.
type Rating struct {
	Score    Score
	Rated    bool         // something applies; without it Level and Required are None and say nothing
	Level    checks.Level // the highest level whose checks, and those below, all pass or do not apply
	Required checks.Level // by tier
}

// Ready reports whether the service is at its required level.
func (r Rating) Ready() bool { return r.Level >= r.Required }

// Rate says where a service stands with one outcome for each check of the policy's set.
func (p *Policy) Rate(svc *catalog.Service, outcomes []Outcome) Rating {
	var r Rating
	for i := range outcomes {
		r.Score = r.Score.Add(outcomes[i].Score)
	}
	if r.Rated = rated(outcomes); r.Rated {
		r.Level, r.Required = levelOf(outcomes), min(topLevel(outcomes), p.required(svc))
	}
	return r
}

// rated reports whether anything was judged at all. Where nothing applies, "all checks pass or do not apply" is true
// of every level and says nothing.
func rated(outcomes []Outcome) bool {
	for _, r := range outcomes {
		if r.counts() && r.Verdict.Judged() {
			return true
		}
	}
	return false
}

// topLevel gives the highest level that any counted check belongs to. A run that asks bronze checks only can neither give
// nor require more than bronze.
func topLevel(outcomes []Outcome) checks.Level {
	top := checks.None
	for _, r := range outcomes {
		if !r.Announced {
			top = max(top, r.Level)
		}
	}
	return top
}

// levelOf gives the highest level that was asked for whose checks, and those below, all pass or do not apply. Checks of
// level none hold nothing back.
func levelOf(outcomes []Outcome) checks.Level {
	level := topLevel(outcomes)
	for i := range outcomes {
		if r := &outcomes[i]; r.Level > checks.None && r.open() {
			level = min(level, r.Level-1)
		}
	}
	return level
}

// next gives the level above, none at the top of those that were asked for.
func next(level, top checks.Level) checks.Level {
	if level >= top {
		return checks.None
	}
	return level + 1
}

// blockers gives what keeps a service from the next level, in report order.
func blockers(results []Result, next checks.Level) []*Result {
	var found []*Result
	for i := range results {
		if r := &results[i]; r.open() && r.Level > checks.None && r.Level <= next {
			found = append(found, r)
		}
	}
	return found
}
