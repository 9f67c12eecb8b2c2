package scorecard

import (
	"slices"
	"time"

	"obsready/catalog"
	"obsready/checks"
)

// History is where the services stood at the end of each week. It is judged anew from what git holds: the catalog as it
// was then, by the checks and the policy of this run, so that weeks compare like with like. What only a live Grafana can
// tell is left out of it, since git does not know what one showed.
type History struct {
	Zone  string // where weeks end, as in "Europe/Berlin"
	Weeks []Week // oldest first; the last one is the state that the report is about, at its Now

	// One standing for each week.
	Estate   []Standing
	Teams    map[string][]Standing // by team ID; "" for the services of no team
	Services map[string][]Standing // by service ID, those that are gone by now too

	Shifts []Shift // verdicts that changed since the week before the last one, in the order of service IDs and checks
	Moves  []Move  // levels that changed in any week, the latest week first
}

// Week is one moment at which an estate was judged.
type Week struct {
	End    time.Time // the moment, in the zone of the policy
	Commit Commit    // the last one of the catalog by then
	Gap    string    // why nothing is known of the week, as when the clone's history does not reach it; its standings are zero
	Marks  []string  // what changed in the week that makes verdicts mean something else: "the policy changed"
}

// Commit is a change of the catalog.
type Commit struct {
	Hash    string // in full
	Subject string // the first line of its message
	Time    time.Time
}

// Standing is where a service or a group of services stood at one moment.
type Standing struct {
	Services int // 0 when it was not there
	Ready    int // at their required level
	Levels   [4]int
	NotRated int
	Score    Score
}

// Level gives the level of a standing of one service; ok is false when it was not there or not rated.
func (s Standing) Level() (level checks.Level, ok bool) {
	if s.Services != 1 || s.NotRated == 1 {
		return checks.None, false
	}
	for l, n := range s.Levels {
		if n == 1 {
			level = checks.Level(l)
		}
	}
	return level, true
}

// Reason is what made a verdict change.
type Reason string

// The reasons. Their values are the words that reports print.
const (
	ByCommit  Reason = "a commit"     // a change of the catalog, or of a repository that it names
	ByTime    Reason = "time passed"  // the same files are judged otherwise on a later day
	ByRules   Reason = "the rules"    // another rule set or policy; no change of the team's
	ByLive    Reason = "live Grafana" // what the Grafana showed; only with a previous report
	ByUnknown Reason = "not known"    // as when history between the two states was cut away
)

// Shift is a verdict about a service that is another one than it was.
type Shift struct {
	Service  string           // its ID
	Current  *catalog.Service // nil when the service is gone
	Check    *checks.Check
	From, To checks.Verdict // "" when the service was not there
	Gain     float64        // points earned more; negative when points were lost
	By       Reason
	Commit   Commit   // of ByCommit: the one that did it
	Files    []string // of the commit: those that it changed among what the verdict is about; the first few
	Text     string   // the finding that came or went, as the check words it
	At       catalog.Place
}

// Turn is what a shift is to those whose service it is.
type Turn int

// The turns. Neither is that of a check that cannot be judged, or does not apply, any more without having passed: nobody
// becomes better by taking an alert away.
const (
	Neither Turn = iota
	Lost         // a pass that is none any more, a fail that was unknown, or fewer points for the same verdict
	Begun        // a check that begins to apply, and fails: a finding that was not there to be seen, and no loss
	Gained       // a pass, or more points for the same verdict
)

// Turn says whether the shift is to the better or to the worse.
func (s Shift) Turn() Turn {
	switch {
	case s.From == s.To && s.Gain == 0:
		return Neither
	case s.From == s.To && s.Gain > 0, s.From != s.To && s.To == checks.Pass:
		return Gained
	case s.From == s.To, s.From == checks.Pass, s.To == checks.Fail && s.From == checks.Unknown:
		return Lost
	case s.To == checks.Fail:
		return Begun
	}
	return Neither
}

// Move is a service that reached another level, or came or went.
type Move struct {
	Week     int    // its index in History.Weeks
	Service  string // its ID
	Current  *catalog.Service
	Team     string // that answers for it then, or answered last; "" for none
	Came     bool   // it was not there the week before; From says nothing
	Went     bool   // it is not there any more; To says nothing
	From, To checks.Level
	By       Reason
	Commit   Commit // of ByCommit: the one that did it, when one alone did
}

// Up reports whether the service reached a higher level.
func (m Move) Up() bool { return !m.Came && !m.Went && m.To > m.From }

// Comparison is a report beside an earlier one.
type Comparison struct {
	Now     time.Time // of the earlier report
	Commit  string
	RuleSet string
	// Ruled says that the earlier report was judged by other rules or another policy: no shift is then the doing of a team
	// unless the history says so.
	Ruled    bool
	Live     bool // both looked at a live Grafana
	Standing Standing
	Teams    map[string]Standing
	Shifts   []Shift                           // the same checks asked of the same services: what became of them
	Moves    []Move                            // services that reached another level, came or went, in ID order; Week says nothing
	Checks   struct{ Added, Removed []string } // IDs of checks that only one of the two asked
}

// ofTeam gives the history of the services of one team, and of those that it answered for last.
func (h *History) ofTeam(card *TeamCard) *History {
	if h == nil {
		return nil
	}
	id, some := card.Team.ID, *h
	some.Estate = h.Teams[id]
	some.Teams = map[string][]Standing{id: h.Teams[id]}
	some.Services = map[string][]Standing{}
	for _, c := range card.Cards {
		some.Services[c.Service.ID] = h.Services[c.Service.ID]
	}
	some.Shifts = shiftsOf(h.Shifts, card)
	some.Moves = nil
	for _, m := range h.Moves {
		if m.Team == id || m.Current != nil && m.Current.Owner.Team == card.Team {
			some.Moves = append(some.Moves, m)
		}
	}
	return &some
}

// ofTeam gives the comparison of the services of one team.
func (c *Comparison) ofTeam(card *TeamCard) *Comparison {
	if c == nil {
		return nil
	}
	some := *c
	some.Standing = c.Teams[card.Team.ID]
	some.Teams = map[string]Standing{card.Team.ID: some.Standing}
	some.Shifts = shiftsOf(c.Shifts, card)
	return &some
}

// shiftsOf gives those of the shifts that are about services of a team, in their order.
func shiftsOf(shifts []Shift, card *TeamCard) []Shift {
	var found []Shift
	for _, s := range shifts {
		if s.Current != nil && slices.ContainsFunc(card.Cards, func(c *Card) bool { return c.Service == s.Current }) {
			found = append(found, s)
		}
	}
	return found
}
