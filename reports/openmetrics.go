package reports

import (
	"bufio"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// writeOpenMetrics writes where the services stand as metrics, for the textfile collector of node_exporter and for anything
// else that reads the Prometheus text format 0.0.4 or OpenMetrics 1.0: it is valid in both. The samples bear no time,
// which the collector refuses; obsready_run_timestamp_seconds tells how old they are.
//
// How many series there are is bounded by the catalog: 5 for each service; 13 for each team, one for each of its pillars and
// at most 2 for each check that is open for it; 5 for each check; one for each cause of gaps and each kind of orphans. What
// a series may name is a service, a team, a check, or a word of a fixed list: never a message, a place or a day.
func writeOpenMetrics(w io.Writer, r *scorecard.Report, _ Options) error {
	m := &metricWriter{w: bufio.NewWriterSize(w, 64<<10), names: metricNamesOf(r)}
	m.run(r)
	m.estate(r)
	m.teams(r)
	m.services(r)
	m.checks(r)
	m.text("# EOF\n")
	if m.failed != nil {
		return m.failed
	}
	return m.w.Flush()
}

// metricWriter writes metrics, family by family. The first error stays.
type metricWriter struct {
	w      *bufio.Writer
	failed error
	family string
	names  metricNames
}

func (m *metricWriter) text(text string) {
	if m.failed == nil {
		_, m.failed = m.w.WriteString(text)
	}
}

// begin begins a family of gauges. The unit is the end of the name; "" for a count.
func (m *metricWriter) begin(name, unit, help string) {
	m.family = name
	m.text("# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n")
	if unit != "" {
		m.text("# UNIT " + name + " " + unit + "\n")
	}
}

// sample writes a sample of the family that was begun last, with names and values of labels in turn.
func (m *metricWriter) sample(value float64, labels ...string) {
	m.text(m.family)
	for i := 0; i+1 < len(labels); i += 2 {
		m.text([]string{",", "{"}[b2i(i == 0)] + labels[i] + `="` + labelEscapes.Replace(labels[i+1]) + `"`)
	}
	if len(labels) > 0 {
		m.text("}")
	}
	m.text(" " + strconv.FormatFloat(value, 'f', -1, 64) + "\n")
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// ratio gives a share with four decimals.
func ratio(part, whole float64) float64 { return math.Round(part/whole*1e4) / 1e4 }

// metricNames are the values of labels that stand for services and teams. Two things never share one, since a second sample
// of the same labels makes a reader refuse the whole file.
type metricNames struct {
	services []string // of r.Cards
	teams    []string // of r.Teams
	team     map[*catalog.Team]string
}

// noTeam stands for the services whose owner is no team of the catalog.
const noTeam = "no team"

func metricNamesOf(r *scorecard.Report) metricNames {
	names := metricNames{team: map[*catalog.Team]string{nil: noTeam}}
	taken := map[string]bool{}
	for _, c := range r.Cards {
		names.services = append(names.services, unlike(taken, c.Service.ID))
	}
	taken = map[string]bool{noTeam: true}
	for _, t := range r.Teams {
		name := noTeam
		if t.Team != nil {
			name = unlike(taken, t.Team.ID)
			names.team[t.Team] = name
		}
		names.teams = append(names.teams, name)
	}
	return names
}

// unlike gives an ID as a label's value, with a number behind it when another ID reads the same: characters that steer read
// alike.
func unlike(taken map[string]bool, id string) string {
	name := plain(strings.ToValidUTF8(id, "\ufffd"))
	for n := 2; taken[name]; n++ {
		name = plain(strings.ToValidUTF8(id, "\ufffd")) + " (" + strconv.Itoa(n) + ")"
	}
	taken[name] = true
	return name
}

func (m *metricWriter) run(r *scorecard.Report) {
	rev := r.Estate.Revision
	m.begin("obsready_run_info", "", "What the run looked at and by which rules; always 1.")
	m.sample(1, "rule_set", plain(r.RuleSet), "commit", plain(rev.Commit), "ref", plain(rev.Ref), "catalog", plain(rev.Web))
	m.begin("obsready_run_timestamp_seconds", "seconds", "The moment that services were judged for, in seconds since 1970.")
	m.sample(seconds(r.Now))
	if !rev.Time.IsZero() {
		m.begin("obsready_catalog_commit_timestamp_seconds", "seconds", "When the commit of the catalog was made, in seconds since 1970.")
		m.sample(seconds(rev.Time))
	}
}

func seconds(t time.Time) float64 { return float64(t.Unix()) }

func (m *metricWriter) estate(r *scorecard.Report) {
	s := r.Summary
	m.begin("obsready_estate_services", "", "Services in the estate.")
	m.sample(float64(s.Services))
	m.begin("obsready_estate_ready_services", "", "Services at the level that their tier requires.")
	m.sample(float64(s.Ready))
	m.begin("obsready_estate_level_services", "", "Services at each level.")
	m.levels(s)
	m.begin("obsready_estate_score_ratio", "ratio", "Earned share of the possible points.")
	m.share(s.Score.Earned, s.Score)
	m.begin("obsready_estate_unknown_ratio", "ratio", "Share of the possible points that could not be decided.")
	m.share(s.Score.Unknown, s.Score)
	m.begin("obsready_estate_answers", "", "How many of the four questions are answered how far, for the estate.")
	m.answers(r.Answers)
	m.begin("obsready_estate_overdue", "", "Deadlines that have passed, by their kind.")
	overdue := r.Overdue(r.Deadlines)
	for _, kind := range []scorecard.DeadlineKind{scorecard.ActionDue, scorecard.ExerciseDue, scorecard.ReviewDue, scorecard.AttestationDue} {
		m.sample(float64(countOf(overdue, func(d scorecard.Deadline) bool { return d.Kind == kind })), "kind", string(kind))
	}
	m.begin("obsready_estate_gaps", "", "Evidence that could not be read, by its cause.")
	countBy(m, "cause", r.Estate.Gaps, func(g catalog.Gap) string { return string(g.Cause) })
	m.begin("obsready_estate_orphans", "", "Evidence that belongs to no service, by its kind.")
	countBy(m, "kind", r.Estate.Orphans, func(o catalog.Orphan) string { return string(o.Kind) })
}

func (m *metricWriter) levels(s scorecard.Summary, labels ...string) {
	for level, n := range s.Levels {
		m.sample(float64(n), append(slices.Clip(labels), "level", checks.Level(level).String())...)
	}
	m.sample(float64(s.NotRated), append(slices.Clip(labels), "level", "not rated")...)
}

func (m *metricWriter) answers(all []scorecard.Answer, labels ...string) {
	for _, status := range []scorecard.AnswerStatus{scorecard.Answered, scorecard.Partly, scorecard.NotAnswered} {
		n := countOf(all, func(a scorecard.Answer) bool { return a.Status == status })
		m.sample(float64(n), append(slices.Clip(labels), "status", string(status))...)
	}
}

func countOf[T any](items []T, is func(T) bool) int {
	n := 0
	for _, item := range items {
		n += b2i(is(item))
	}
	return n
}

// countBy writes how many items there are of each word.
func countBy[T any](m *metricWriter, label string, items []T, word func(T) string) {
	counts := map[string]int{}
	for _, item := range items {
		counts[word(item)]++
	}
	for _, w := range slices.Sorted(maps.Keys(counts)) {
		m.sample(float64(counts[w]), label, plain(w))
	}
}

// teams writes the families of teams. A family's samples have to stand together.
func (m *metricWriter) teams(r *scorecard.Report) {
	each := func(sample func(t *scorecard.TeamCard, labels ...string)) {
		for i, t := range r.Teams {
			sample(t, "team", m.names.teams[i])
		}
	}
	m.begin("obsready_team_services", "", "Services of the team.")
	each(func(t *scorecard.TeamCard, labels ...string) { m.sample(float64(t.Summary.Services), labels...) })
	m.begin("obsready_team_ready_services", "", "Services of the team at the level that their tier requires.")
	each(func(t *scorecard.TeamCard, labels ...string) { m.sample(float64(t.Summary.Ready), labels...) })
	m.begin("obsready_team_level_services", "", "Services of the team at each level.")
	each(func(t *scorecard.TeamCard, labels ...string) { m.levels(t.Summary, labels...) })
	m.begin("obsready_team_score_ratio", "ratio", "Earned share of the possible points of the team's services.")
	each(func(t *scorecard.TeamCard, labels ...string) {
		m.share(t.Summary.Score.Earned, t.Summary.Score, labels...)
	})
	m.begin("obsready_team_unknown_ratio", "ratio", "Share of the possible points of the team's services that could not be decided.")
	each(func(t *scorecard.TeamCard, labels ...string) {
		m.share(t.Summary.Score.Unknown, t.Summary.Score, labels...)
	})
	m.begin("obsready_team_pillar_score_ratio", "ratio", "Earned share of the possible points of the team's services in a group of checks.")
	each(func(t *scorecard.TeamCard, labels ...string) {
		for _, p := range t.Pillars {
			m.share(p.Score.Earned, p.Score, append(slices.Clip(labels), "pillar", string(p.Pillar))...)
		}
	})
	m.begin("obsready_team_answers", "", "How many of the four questions are answered how far, for the team.")
	each(func(t *scorecard.TeamCard, labels ...string) { m.answers(t.Answers, labels...) })
	m.begin("obsready_team_overdue", "", "Deadlines of the team that have passed.")
	each(func(t *scorecard.TeamCard, labels ...string) {
		m.sample(float64(len(r.Overdue(t.Deadlines))), labels...)
	})
}

// share writes a share of the possible points, and nothing where none are possible.
func (m *metricWriter) share(part float64, of scorecard.Score, labels ...string) {
	if of.Possible > 0 {
		m.sample(ratio(part, of.Possible), labels...)
	}
}

func (m *metricWriter) services(r *scorecard.Report) {
	each := func(sample func(c *scorecard.Card, labels ...string)) {
		for i, c := range r.Cards {
			team, ok := m.names.team[c.Service.Owner.Team]
			if !ok {
				team = noTeam
			}
			sample(c, "service", m.names.services[i], "team", team, "tier", strconv.Itoa(c.Service.TierNumber()))
		}
	}
	m.begin("obsready_service_ready", "", "Whether the service is at the level that its tier requires: 1 or 0.")
	each(func(c *scorecard.Card, labels ...string) { m.sample(float64(b2i(c.Ready())), labels...) })
	m.begin("obsready_service_level", "", "The level of the service: 0 none, 1 bronze, 2 silver, 3 gold. Services that are not rated have none.")
	each(func(c *scorecard.Card, labels ...string) {
		if c.Rated {
			m.sample(float64(c.Level), labels...)
		}
	})
	m.begin("obsready_service_required_level", "", "The level that the tier of the service requires, by the same numbers.")
	each(func(c *scorecard.Card, labels ...string) {
		if c.Rated {
			m.sample(float64(c.Required), labels...)
		}
	})
	m.begin("obsready_service_score_ratio", "ratio", "Earned share of the possible points of the service.")
	each(func(c *scorecard.Card, labels ...string) { m.share(c.Score.Earned, c.Score, labels...) })
	m.begin("obsready_service_unknown_ratio", "ratio", "Share of the possible points of the service that could not be decided.")
	each(func(c *scorecard.Card, labels ...string) { m.share(c.Score.Unknown, c.Score, labels...) })
}

// checks writes how the checks ended. Of a team only what is open is counted, so that most pairs of team and check take no
// series: what is not there is zero.
func (m *metricWriter) checks(r *scorecard.Report) {
	counts := verdictCounts(r.Cards)
	m.begin("obsready_check_services", "", "Services by the verdict of a check. An announced check is shown and not counted in scores.")
	for _, c := range r.Checks {
		for _, v := range checks.Verdicts() {
			m.sample(float64(counts[c.ID][v]), "check", plain(c.ID), "pillar", string(c.Pillar), "severity", c.Severity.String(), "announced", strconv.FormatBool(r.Policy.Checks[c.ID].Announced), "verdict", string(v))
		}
	}
	m.begin("obsready_team_check_services", "", "Services of the team that fail a check or for which it is unknown; zero where there is no sample.")
	for i, t := range r.Teams {
		counts := verdictCounts(t.Cards)
		for _, c := range r.Checks {
			for _, v := range []checks.Verdict{checks.Fail, checks.Unknown} {
				if n := counts[c.ID][v]; n > 0 {
					m.sample(float64(n), "team", m.names.teams[i], "check", plain(c.ID), "verdict", string(v))
				}
			}
		}
	}
}

// verdictCounts counts the services by the verdicts of each check.
func verdictCounts(cards []*scorecard.Card) map[string]map[checks.Verdict]int {
	counts := map[string]map[checks.Verdict]int{}
	for _, c := range cards {
		for _, r := range c.Results {
			if counts[r.Check.ID] == nil {
				counts[r.Check.ID] = map[checks.Verdict]int{}
			}
			counts[r.Check.ID][r.Verdict]++
		}
	}
	return counts
}
