package scorecard

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"obsready/catalog/load"
	"obsready/catalog/tomldoc"
	"obsready/checks"
)

// ParsePolicy reads obsready.toml: the default policy with what the file states instead.
//
// In: the file's path, for messages, its bytes, and the checks that there are, whose IDs it may name. A key that does
// not exist or a value that cannot be is an error, since a policy that is half understood would give scores that nobody
// asked for. The error has a line "file:line:column: what is wrong" for each problem, in the order of the text.
func ParsePolicy(file string, data []byte, known []*checks.Check) (*Policy, error) {
	var stated policyFile
	doc, problems := tomldoc.Decode(file, data, &stated)
	v := validation{File: doc, problems: problems}
	v.validate(&stated, known)
	problems = v.problems
	if len(problems) > 0 {
		return nil, policyError(problems)
	}
	return stated.policy(file), nil
}

func policyError(problems []tomldoc.Problem) error {
	slices.SortStableFunc(problems, func(a, b tomldoc.Problem) int { return a.At.Compare(b.At) })
	lines := make([]error, len(problems))
	for i, p := range problems {
		lines[i] = fmt.Errorf("%s: %s", p.At, p.Detail)
	}
	return errors.Join(lines...)
}

// policy gives the default policy with what the file states. The file is known to be valid.
func (f *policyFile) policy(file string) *Policy {
	p := DefaultPolicy()
	p.File = file
	f.Catalog.apply(&p.Load)
	for _, s := range f.Sites {
		p.Load.Sites = append(p.Load.Sites, load.Site{URL: s.URL, Folder: s.Folder, Suffix: s.Suffix})
	}
	f.Labels.apply(&p.Load.Labels)
	for tier, level := range f.Levels {
		p.Required[tier] = checks.Level(level)
	}
	for severity, points := range f.Points.bySeverity() {
		if points != nil {
			p.Points[severity] = *points
		}
	}
	f.Thresholds.apply(&p.Settings)
	p.Calendar = f.Calendar.policy()
	p.Repositories = f.Repositories.policy()
	p.Grafana = f.Grafana.policy()
	if len(f.Checks) > 0 {
		p.Checks = map[string]CheckPolicy{}
	}
	for id, c := range f.Checks {
		p.Checks[id] = c.policy()
	}
	return p
}

// override sets a value that the file states.
func override[T any](value *T, stated *T) {
	if stated != nil {
		*value = *stated
	}
}

func (s *catalogSection) apply(o *load.Options) {
	override(&o.Web, s.Web)
	override(&o.Permalink, s.Permalink)
	override(&o.Ignore, s.Ignore)
	override(&o.NameAnnotations, s.NameAnnotations)
	override(&o.MaxFileBytes, s.MaxFileBytes)
	override(&o.MaxPageBytes, s.MaxPageBytes)
}

func (s *labelsSection) apply(l *load.Labels) {
	override(&l.Service, s.Service)
	override(&l.Team, s.Team)
	override(&l.Severity, s.Severity)
	override(&l.Runbook, s.Runbook)
	override(&l.Dashboard, s.Dashboard)
	override(&l.Tier, s.Tier)
}

func (s *pointsSection) bySeverity() map[checks.Severity]*float64 {
	return map[checks.Severity]*float64{checks.Critical: s.Critical, checks.High: s.High, checks.Medium: s.Medium, checks.Low: s.Low}
}

func (s *thresholdsSection) apply(t *checks.Settings) {
	override(&t.PageSeverities, s.PageSeverities)
	override(&t.ClassLabels, s.ClassLabels)
	override(&t.PageReceivers, s.PageReceivers)
	override(&t.Severities, s.Severities)
	override(&t.ForMinimum, (*time.Duration)(s.ForMinimum))
	override(&t.RateRangeMinimum, (*time.Duration)(s.RateRangeMinimum))
	override(&t.RunbookMaxAge, (*time.Duration)(s.RunbookMaxAge))
	override(&t.RunbookMinWords, s.RunbookMinWords)
	override(&t.RunbookCopies, s.RunbookCopies)
	override(&t.LogRetention, (*time.Duration)(s.LogRetention))
	override(&t.PagesPerService, s.PagesPerService)
	override(&t.OncallTiers, s.OncallTiers)
	override(&t.EscalationLevels, s.EscalationLevels)
	override(&t.SamplingMinimum, s.SamplingMinimum)
	override(&t.SamplingMaximum, s.SamplingMaximum)
	override(&t.SLOTiers, s.SLOTiers)
	override(&t.SLOWindowMinimum, (*time.Duration)(s.SLOWindowMinimum))
	override(&t.SLOWindowMaximum, (*time.Duration)(s.SLOWindowMaximum))
	override(&t.ThreatModelMaxAge, (*time.Duration)(s.ThreatModelMaxAge))
	override(&t.SBOMMaxAge, (*time.Duration)(s.SBOMMaxAge))
	override(&t.RecoveryPlanMaxAge, (*time.Duration)(s.RecoveryPlanMaxAge))
	override(&t.ExerciseMaxAge, (*time.Duration)(s.ExerciseMaxAge))
	override(&t.ExerciseMaxAgeTier1, (*time.Duration)(s.ExerciseMaxAgeTier1))
	override(&t.AttestationMaximum, (*time.Duration)(s.AttestationMaximum))
	override(&t.ToilMaximum, s.ToilMaximum)
	override(&t.ToilLarge, s.ToilLarge)
	override(&t.AutomateItems, s.AutomateItems)
	override(&t.AlertAsleepMaximum, (*time.Duration)(s.AlertAsleepMaximum))
	override(&t.LiveMaxAge, (*time.Duration)(s.LiveMaxAge))
}

// policy gives what the section says. Its words are known to be valid, and absent ones keep the check's own.
func (s checkSection) policy() CheckPolicy {
	severity, _ := checks.ParseSeverity(s.Severity)
	level, _ := checks.ParseLevel(s.Level)
	return CheckPolicy{Off: s.State == "off", Announced: s.State == "announced", Severity: severity, Level: level}
}
