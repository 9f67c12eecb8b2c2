package site

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// methodView is what method.html shows: how verdicts become levels and points, and what this run's policy decides.
type methodView struct {
	frame
	RuleSet    string
	PolicyFile string
	Points     []pair // by severity
	Required   []pair // by tier
	Levels     []pair // checks of each level
	Ladder     []pair // why evidence belongs to a service, the surest reason first
	Labels     []pair
	Thresholds []pair
	Changed    []pair // checks that the policy changes
	Weeks      string // when they end
}

type pair struct{ Key, Value string }

// policy is the policy of the report; one that states nothing has the defaults.
func (p page) policy() *scorecard.Policy {
	if policy := p.site.report.Policy; policy != nil {
		return policy
	}
	return scorecard.DefaultPolicy()
}

func (p page) method() methodView {
	policy := p.policy()
	view := methodView{
		frame:      p.frame("Method", p.estateLink()),
		RuleSet:    p.site.report.RuleSet,
		PolicyFile: policy.File,
		Required:   requiredLevels(policy.Required),
		Levels:     p.levelCounts(),
		Labels:     labelNames(policy),
		Thresholds: thresholds(policy.Settings),
		Changed:    changedChecks(policy.Checks),
		Weeks:      weekEnds(policy.Calendar),
	}
	view.Section = "method"
	for s := checks.Critical; s >= checks.Low; s-- {
		view.Points = append(view.Points, pair{s.String(), points(policy.Points[s])})
	}
	for r := catalog.ByName; r <= catalog.ByEstate; r++ {
		view.Ladder = append(view.Ladder, pair{r.String(), rungMeanings[r]})
	}
	return view
}

// weekEnds says when weeks end.
func weekEnds(c scorecard.Calendar) string {
	zone := "UTC"
	if c.Zone != nil {
		zone = c.Zone.String()
	}
	return "A week ends when " + c.LastDay.String() + " does, by the clocks of " + zone + ". Its state is that of the last commit by then, along the first parents of the branch."
}

// rungMeanings say what has to be so for evidence to be linked on a rung of the ladder.
var rungMeanings = map[catalog.Rung]string{
	catalog.ByName:     "the service's entry names the file, the dashboard or the label",
	catalog.ByFolder:   "the file stands in the folder of the service's entry or below it",
	catalog.ByLabel:    "a label of the rule, of its group or of the resource around it is the service's name",
	catalog.ByMatcher:  "a matcher in the expression selects what the service's own selector selects",
	catalog.ByTag:      "a tag of the dashboard, or its queries, select the service",
	catalog.BySLO:      "the SLO states the service",
	catalog.ByRunbook:  "an alert of the service links to the page",
	catalog.ByPipeline: "the collector's pipelines carry the service's signals",

	catalog.ByMention:    "the document says that it is about the service",
	catalog.ByRepository: "it is a setting of the repository that the service's code is in, and its path filters let the code through",
	catalog.ByTeam:       "it is of the team that owns the service, or stands in the team's folder",
	catalog.ByEstate:     "it stands in nobody's folder, names nobody, and is of a kind that holds for all: an incident process",
}

func requiredLevels(required map[int]checks.Level) []pair {
	var tiers []int
	for tier := range required {
		tiers = append(tiers, tier)
	}
	slices.Sort(tiers)
	var pairs []pair
	for _, tier := range tiers {
		pairs = append(pairs, pair{strconv.Itoa(tier), required[tier].String()})
	}
	return pairs
}

func (p page) levelCounts() []pair {
	var pairs []pair
	for l := checks.Bronze; l <= checks.Gold; l++ {
		n := 0
		for _, c := range p.site.report.Checks {
			if c.Level == l {
				n++
			}
		}
		pairs = append(pairs, pair{l.String(), strconv.Itoa(n)})
	}
	return pairs
}

func labelNames(policy *scorecard.Policy) []pair {
	l := policy.Load.Labels
	return []pair{
		{"service", strings.Join(l.Service, ", ")},
		{"team", strings.Join(l.Team, ", ")},
		{"severity", strings.Join(l.Severity, ", ")},
		{"runbook", strings.Join(l.Runbook, ", ")},
		{"dashboard", strings.Join(l.Dashboard, ", ")},
	}
}

func thresholds(s checks.Settings) []pair {
	return []pair{
		{"Severities that page", strings.Join(s.PageSeverities, ", ")},
		{"Shortest duration of an alert", duration(s.ForMinimum)},
		{"Shortest range of a rate", duration(s.RateRangeMinimum)},
		{"Oldest runbook", duration(s.RunbookMaxAge)},
		{"Shortest runbook", count(s.RunbookMinWords, "word", "words")},
		{"Runbooks that may share one text", number(s.RunbookCopies)},
		{"Shortest retention of logs", duration(s.LogRetention)},
		{"Most alerts that page, for one service", number(s.PagesPerService)},
		{"Tiers that need a rota", "up to " + number(s.OncallTiers)},
		{"Oldest threat model", duration(s.ThreatModelMaxAge)},
		{"Oldest SBOM", duration(s.SBOMMaxAge)},
		{"Oldest recovery plan", duration(s.RecoveryPlanMaxAge)},
		{"Oldest recovery exercise", duration(s.ExerciseMaxAge) + ", " + duration(s.ExerciseMaxAgeTier1) + " for tier 1"},
		{"Longest attestation", duration(s.AttestationMaximum)},
		{"Most toil", strconv.FormatFloat(s.ToilMaximum, 'g', -1, 64) + " % of a team's time"},
		{"Large manual tasks", "from " + strconv.FormatFloat(s.ToilLarge, 'g', -1, 64) + " hours a year, the largest " + number(s.AutomateItems) + " of which need a ticket"},
		{"Longest sleep of an alert in Grafana", duration(s.AlertAsleepMaximum)},
		{"Oldest answers of Grafana", duration(s.LiveMaxAge)},
		{"Sampling", strconv.FormatFloat(s.SamplingMinimum, 'g', -1, 64) + " to " + strconv.FormatFloat(s.SamplingMaximum, 'g', -1, 64)},
	}
}

// duration gives whole days as such, anything else as Go writes it.
func duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= day && d%day == 0:
		return count(int(d/day), "day", "days")
	case d >= time.Minute && d < time.Hour && d%time.Minute == 0:
		return count(int(d/time.Minute), "minute", "minutes")
	}
	return d.String()
}

func changedChecks(changes map[string]scorecard.CheckPolicy) []pair {
	var pairs []pair
	for id, c := range changes {
		var words []string
		if c.Off {
			words = append(words, "not asked")
		}
		if c.Announced {
			words = append(words, "announced: shown, not counted")
		}
		if c.Severity != 0 {
			words = append(words, "severity "+c.Severity.String())
		}
		if c.Level != checks.None {
			words = append(words, "level "+c.Level.String())
		}
		if len(words) > 0 {
			pairs = append(pairs, pair{id, strings.Join(words, ", ")})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.Key, b.Key) })
	return pairs
}
