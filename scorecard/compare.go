package scorecard

import (
	"slices"

	"obsready/catalog"
	"obsready/checks"
)

// Compare says what became of an earlier report: verdict by verdict of the checks and services that both have, the
// checks of a live Grafana too, and level by level. Announced results take no part, as in points and levels.
//
// It tells the cause of a change only as far as it is known. Where rules or policy differ a change is theirs, unless the
// report's history, which is judged by one set of rules, has the same change. A check that only a live Grafana can decide
// changed by what Grafana showed. Where both reports judged the same files and no Grafana, time passed. What is left is not
// known: the report's history tells the commit, or there is none to tell.
func (r *Report) Compare(p *Previous) *Comparison {
	c := comparer{Report: r, previous: p, told: map[shiftKey]Shift{}, out: Comparison{
		Now: p.Now, Commit: p.Commit, RuleSet: p.RuleSet,
		Ruled:    p.RuleSet != r.RuleSet || p.Policy != "" && p.Policy != r.Policy.Digest(),
		Live:     p.Live && r.Estate.Live != nil,
		Standing: p.Standing, Teams: p.Teams,
	}}
	if r.History != nil {
		for _, s := range r.History.Shifts {
			c.told[shiftKey{s.Service, s.Check.ID, s.From, s.To}] = s
		}
	}
	c.compareChecks()
	c.compareServices()
	return &c.out
}

// comparer puts a comparison together.
type comparer struct {
	*Report
	previous *Previous
	told     map[shiftKey]Shift // what the history knows
	asked    map[string]bool    // IDs of the checks that both reports asked
	out      Comparison
}

// shiftKey names a change of a verdict.
type shiftKey struct {
	service, check string
	from, to       checks.Verdict
}

// compareChecks lists the checks that only one of the reports asked. A check of live evidence counts as asked when its
// report looked at a Grafana.
func (c *comparer) compareChecks() {
	before := map[string]bool{}
	for _, id := range c.previous.Checks {
		before[id] = true
	}
	c.asked = map[string]bool{}
	now := map[string]bool{}
	for _, check := range c.Checks {
		now[check.ID] = true
		asksBefore, asksNow := before[check.ID], true
		if check.Live {
			asksBefore, asksNow = asksBefore && c.previous.Live, c.Estate.Live != nil
		}
		switch {
		case asksBefore && asksNow:
			c.asked[check.ID] = true
		case asksNow:
			c.out.Checks.Added = append(c.out.Checks.Added, check.ID)
		case asksBefore:
			c.out.Checks.Removed = append(c.out.Checks.Removed, check.ID)
		}
	}
	for _, id := range c.previous.Checks {
		if !now[id] {
			c.out.Checks.Removed = append(c.out.Checks.Removed, id)
		}
	}
	slices.Sort(c.out.Checks.Added)
	slices.Sort(c.out.Checks.Removed)
}

// compareServices walks over the services of both reports in the order of their IDs.
func (c *comparer) compareServices() {
	cards := make(map[string]*Card, len(c.Cards))
	ids := make([]string, 0, len(c.Cards))
	for _, card := range c.Cards {
		cards[card.Service.ID] = card
		ids = append(ids, card.Service.ID)
	}
	for id := range c.previous.Services {
		if cards[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		switch card, before := cards[id], c.previous.Services[id]; {
		case card == nil:
			c.move(Move{Service: id, Team: before.Team, Went: true, From: before.Level, By: ByUnknown})
		case before == nil:
			c.move(Move{Service: id, Current: card.Service, Team: teamOf(card.Service), Came: true, To: card.Level, By: ByUnknown})
		default:
			c.compareService(card, before)
		}
	}
}

func teamOf(svc *catalog.Service) string {
	if svc.Owner.Team == nil {
		return ""
	}
	return svc.Owner.Team.ID
}

func (c *comparer) compareService(card *Card, before *PreviousService) {
	results := make(map[string]*PreviousResult, len(before.Results))
	for i := range before.Results {
		results[before.Results[i].Check] = &before.Results[i]
	}
	first := len(c.out.Shifts)
	for i := range card.Results {
		now := &card.Results[i]
		was := results[now.Check.ID]
		if was == nil || !c.asked[now.Check.ID] || was.Verdict == now.Verdict || was.Announced || now.Announced {
			continue
		}
		c.out.Shifts = append(c.out.Shifts, c.shift(card.Service, now, was))
	}
	if card.Rated && before.Rated && card.Level != before.Level {
		m := Move{Service: card.Service.ID, Current: card.Service, Team: teamOf(card.Service), From: before.Level, To: card.Level}
		m.By, m.Commit = c.reasonOf(c.out.Shifts[first:])
		c.move(m)
	}
}

func (c *comparer) shift(svc *catalog.Service, now *Result, was *PreviousResult) Shift {
	s := Shift{Service: svc.ID, Current: svc, Check: now.Check, From: was.Verdict, To: now.Verdict, Gain: now.Earned - was.Earned}
	if q := firstOpen(now.Requirements); q != nil {
		s.Text, s.At = q.Message, q.At
	} else if was.Finding != nil {
		s.Text, s.At = was.Finding.Text, was.Finding.At
	}
	if told, ok := c.told[shiftKey{s.Service, s.Check.ID, s.From, s.To}]; ok {
		s.By, s.Commit, s.Files = told.By, told.Commit, told.Files
		return s
	}
	s.By = c.reason(now.Check)
	return s
}

// firstOpen gives the first requirement that is unmet, or undecided when none is.
func firstOpen(all []checks.Requirement) *checks.Requirement {
	for _, state := range []checks.State{checks.Unmet, checks.Undecided} {
		for i := range all {
			if all[i].State == state {
				return &all[i]
			}
		}
	}
	return nil
}

// reason gives what is known to have changed a check's verdict where the history has nothing to tell.
func (c *comparer) reason(check *checks.Check) Reason {
	switch files := FilesOf(c.Estate.Revision); {
	case c.out.Ruled:
		return ByRules
	case check.Live:
		return ByLive
	case files != "" && files == c.previous.Files && !c.previous.Live && c.Estate.Live == nil:
		return ByTime
	default:
		return ByUnknown
	}
}

// reasonOf gives what all of a service's shifts have in common, as the reason why its level is another one.
func (c *comparer) reasonOf(shifts []Shift) (Reason, Commit) {
	if len(shifts) == 0 {
		if c.out.Ruled || len(c.out.Checks.Added)+len(c.out.Checks.Removed) > 0 {
			return ByRules, Commit{}
		}
		return ByUnknown, Commit{}
	}
	by, commit := shifts[0].By, shifts[0].Commit
	for _, s := range shifts[1:] {
		switch {
		case c.out.Ruled && (s.By == ByRules || by == ByRules):
			return ByRules, Commit{}
		case s.By != by:
			return ByUnknown, Commit{}
		}
		if s.Commit.Hash != commit.Hash {
			commit = Commit{}
		}
	}
	return by, commit
}

// move adds a move, with the reason that the latest like one of the history has.
func (c *comparer) move(m Move) {
	if c.History != nil {
		for _, told := range c.History.Moves {
			if told.Service == m.Service && told.Came == m.Came && told.Went == m.Went && told.To == m.To && (m.Came || told.From == m.From) {
				m.By, m.Commit = told.By, told.Commit
				break
			}
		}
	}
	c.out.Moves = append(c.out.Moves, m)
}
