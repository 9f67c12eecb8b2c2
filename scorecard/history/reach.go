package history

import (
	"reflect"

	"obsready/catalog"
	"obsready/checks"
)

// carried are the checks whose verdicts about a service are carried over from one week to the next while its digest stays
// the same: most of the work of a judgement. All others are asked every week, so that a new check is safe before anybody
// has thought about it here. For each stands what its code reads of the survey beside its service, by the names in package
// checks: TestCarried follows that code and compares. Why what is read is no obstacle stands in [covered].
var carried = map[string]reach{
	"alert-absent":              {reads: []string{"measured", "meter", "targetWatchers"}, watchers: true},
	"alert-actionable":          {},
	"alert-dashboard":           {},
	"alert-expression":          {reads: []string{"recorded"}},
	"alert-page-symptom":        {reads: []string{"measured", "meter"}},
	"alert-symptom":             {reads: []string{"measured", "meter"}},
	"alert-tested":              {},
	"ci-least-privilege":        {},
	"ci-secret-free-logs":       {},
	"ci-untrusted-input":        {},
	"dashboard-exists":          {reads: []string{"Estate.Live"}},
	"dashboard-golden-signals":  {},
	"dashboard-quality":         {},
	"dashboard-slo":             {},
	"dependencies-locked":       {},
	"incident-process":          {},
	"metrics-collected":         {reads: []string{"Estate"}},
	"metrics-golden-signals":    {reads: []string{"Estate"}},
	"metrics-latency-histogram": {reads: []string{"Estate"}},
	"metrics-names":             {reads: []string{"Estate"}},
	"postmortem-blameless":      {reads: []string{"Estate"}, teams: true},
	"postmortem-complete":       {},
	"recovery-objectives":       {},
	"rollback-ready":            {},
	"runbook-coverage":          {},
	"runbook-exists":            {},
	"runbook-sections":          {},
	"slo-dimensions":            {reads: []string{"meter", "promised"}},
	"slo-indicator":             {reads: []string{"Estate.Services", "Services", "recorded"}},
}

// reach is how far a check looks.
type reach struct {
	reads           []string
	teams, watchers bool // it looks at these of the surroundings
}

// covered says why a check that reads something may be carried.
var covered = map[string]string{
	"Estate":          "for what completes the configuration of a linked collector, and for the rules that record a series: mentioned; for the teams: among the surroundings",
	"Estate.Live":     "no week is judged with it",
	"Estate.Services": "for one that matchers select by its name: mentioned",
	"Services":        "as Estate.Services",
	"measured":        "what an alert measures follows from its rule, the rules that record its series and the SLO that its labels name: mentioned",
	"meter":           "as measured",
	"promised":        "what an SLO promises follows from itself and the rules that record its series: mentioned",
	"recorded":        "rules by the names of series: mentioned",
	"targetWatchers":  "those of one job are mentioned, and surroundings tell of the others",
}

// surroundings are digests of parts of an estate that carried checks look at for every service.
type surroundings struct {
	teams    uint64 // all that is said of teams
	watchers uint64 // the alerts on up that are narrowed to no job
}

func (d *digester) surroundings(estate *catalog.Estate) surroundings {
	teams, watchers := d.newHash(), d.newHash()
	for _, t := range estate.Teams {
		number(&teams, d.unitOf(reflect.ValueOf(t)).sum)
	}
	for _, a := range d.watchers[""] {
		number(&watchers, d.unitOf(reflect.ValueOf(a)).sum)
	}
	return surroundings{teams.Sum64(), watchers.Sum64()}
}

// carries says of each check whether its outcome about a service with the same digest is the same, given the surroundings
// of the two weeks.
func carries(set []*checks.Check, a, b surroundings) []bool {
	all := make([]bool, len(set))
	for i, c := range set {
		r, ok := carried[c.ID]
		all[i] = ok && (!r.teams || a.teams == b.teams) && (!r.watchers || a.watchers == b.watchers)
	}
	return all
}
