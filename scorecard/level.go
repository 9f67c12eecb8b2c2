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

// rated reports whether anything was judged at all. Where nothing applies, "all checks pass or do not apply" is true
// of every level and says nothing.
func rated(results []Result) bool {
	for _, r := range results {
		if r.counts() && r.Verdict.Judged() {
			return true
		}
	}
	return false
}

// topLevel gives the highest level that any counted check belongs to. A run that asks bronze checks only can neither give
// nor require more than bronze.
func topLevel(results []Result) checks.Level {
	top := checks.None
	for _, r := range results {
		if !r.Announced {
			top = max(top, r.Level)
		}
	}
	return top
}

// levelOf gives the highest level that was asked for whose checks, and those below, all pass or do not apply. Checks of
// level none hold nothing back.
func levelOf(results []Result) checks.Level {
	level := topLevel(results)
	for i := range results {
		if r := &results[i]; r.Level > checks.None && r.open() {
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
