package scorecard

import (
	"obsready/catalog/load"
	"obsready/catalog/remote"
	"obsready/checks"
)

// Policy is what an organisation decides: how evidence is linked, thresholds, points, and which level a tier requires.
// It is read from obsready.toml.
type Policy struct {
	File     string // where it was read from; "" for the defaults
	Load     load.Options
	Settings checks.Settings
	Points   map[checks.Severity]float64
	Required map[int]checks.Level   // by tier; tiers that are not named require None
	Checks   map[string]CheckPolicy // by check ID
	Calendar Calendar
	// Repositories says how the repositories that services name are fetched, nil when they are not read. Where they are
	// kept, and what this machine allows, is left to the program.
	Repositories *remote.Options
	Grafana      *Grafana // nil when none is asked
}

// CheckPolicy is what a policy says of one check.
type CheckPolicy struct {
	Off       bool
	Announced bool            // shown, not counted
	Severity  checks.Severity // 0 keeps the check's own
	Level     checks.Level    // None keeps the check's own
}

// DefaultPolicy gives the policy of an estate that states none.
func DefaultPolicy() *Policy {
	return &Policy{
		Load:     load.DefaultOptions(),
		Settings: checks.DefaultSettings(),
		Points:   map[checks.Severity]float64{checks.Critical: 10, checks.High: 5, checks.Medium: 3, checks.Low: 1},
		Required: map[int]checks.Level{1: checks.Gold, 2: checks.Silver, 3: checks.Bronze},
		Calendar: calendarSection{}.policy(),
	}
}

// CheckSet gives the checks that the policy asks out of all, in their order: with its severities and levels, without
// those that are off. A check that the policy changes is a copy; the others are the same values. Announced checks are
// asked like the others.
func (p *Policy) CheckSet(all []*checks.Check) []*checks.Check {
	set := make([]*checks.Check, 0, len(all))
	for _, c := range all {
		if own := p.Checks[c.ID]; !own.Off {
			set = append(set, own.apply(c))
		}
	}
	return set
}

// apply gives the check as the policy wants it.
func (c CheckPolicy) apply(check *checks.Check) *checks.Check {
	changed := *check
	if c.Severity != 0 {
		changed.Severity = c.Severity
	}
	if c.Level != checks.None {
		changed.Level, changed.TierLevels = c.Level, nil
	}
	if changed.Severity == check.Severity && changed.Level == check.Level && len(changed.TierLevels) == len(check.TierLevels) {
		return check
	}
	return &changed
}
