package scorecard

import (
	"obsready/catalog/load"
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
	}
}
