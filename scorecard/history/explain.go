package history

import (
	"context"
	"slices"

	"obsready/checks"
	"obsready/scorecard"
)

// interval is what became different between the ends of two weeks.
type interval struct {
	week    int // the later one
	changes []*change
	shifts  []*change // those of changes that are of verdicts
}

// change is something about one service that is otherwise at the end of an interval than it was before.
type change struct {
	service  string
	check    int // whose verdict changed; -1 of a level
	from, to string
	by       scorecard.Reason
	step     int // that did it; -1 when none alone did, or when it is not known

	low, high int    // steps: at low it was not as it became, at high it is
	atLow     string // what it was at low, by the later day
}

// value gives what changes are about: a verdict or a level in words, "" of a service that is not there.
func (c *change) value(s *standing) string {
	switch level, rated := s.level(); {
	case s == nil:
		return ""
	case c.check >= 0:
		return string(s.outcomes[c.check].Verdict)
	case rated:
		return level.String()
	}
	return notRated
}

// notRated is the value of a service to which nothing applies.
const notRated = "not rated"

// compare finds what became different between a week and the one before it.
func (p *past) compare(i int) *interval {
	in := &interval{week: i}
	before, after := p.weeks[i-1].state, p.weeks[i].state
	ids := make([]string, 0, len(after.services))
	for _, s := range slices.Concat(before.services, after.services) {
		ids = append(ids, s.id)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		a, b := before.byID[id], after.byID[id]
		in.add(change{service: id, check: -1}, a, b)
		if i < len(p.weeks)-1 || a == nil || b == nil || a == b {
			continue
		}
		for c := range a.outcomes {
			in.add(change{service: id, check: c}, a, b)
		}
	}
	return in
}

func (in *interval) add(c change, a, b *standing) {
	c.from, c.to = c.value(a), c.value(b)
	retired := c.check < 0 && (c.from == notRated || c.to == notRated) && a != nil && b != nil
	if c.from == c.to || retired { // one that nothing is asked of any more has neither risen nor fallen
		return
	}
	c.by, c.step = scorecard.ByUnknown, -1
	in.changes = append(in.changes, &c)
	if c.check >= 0 {
		in.shifts = append(in.shifts, &c)
	}
}

// attribute finds out what made the changes of an interval. The view is that of the earlier week, at its day; later is
// the day of the later one.
func (p *past) attribute(ctx context.Context, in *interval, earlier *view) error {
	first, last := p.weeks[in.week-1].step, p.weeks[in.week].step
	open := in.changes
	aged := earlier.at(p.weeks[in.week].End)
	answers := aged.ask(open)
	for _, c := range open {
		c.low, c.high, c.atLow = first, last, c.value(answers[c.service])
		if c.atLow == c.to {
			c.by = scorecard.ByTime
		}
	}
	open = slices.DeleteFunc(slices.Clone(open), func(c *change) bool { return c.by == scorecard.ByTime })
	open, err := p.outside(ctx, open, aged)
	if err != nil {
		return err
	}
	if err := p.search(ctx, open, p.weeks[in.week]); err != nil {
		return err
	}
	for _, c := range open {
		if c.high-c.low != 1 {
			continue
		}
		c.by = scorecard.ByCommit
		if c.check >= 0 || c.atLow == c.from {
			c.step = c.high
		}
	}
	return nil
}

// outside settles the changes that come from what is no file of the catalog: other repositories, and what the catalog's own
// checks make of the day. It gives those that are left. For them the earlier files are read again as of the later day.
func (p *past) outside(ctx context.Context, open []*change, aged *view) ([]*change, error) {
	own := slices.ContainsFunc(aged.asking.Checks, isOwn)
	mounts := len(aged.estate.Revision.Mounts) > 0 || len(p.present.Estate.Revision.Mounts) > 0
	if len(open) == 0 || !own && !mounts {
		return open, nil
	}
	if p.budget--; p.budget < 0 {
		return nil, nil
	}
	again, err := p.load(ctx, open[0].low, aged.now)
	if err != nil {
		return nil, err
	}
	answers := again.ask(open)
	var left []*change
	for _, c := range open {
		switch c.atLow = c.value(answers[c.service]); {
		case c.atLow != c.to:
			left = append(left, c)
		case !mounts:
			c.by = scorecard.ByTime
		case !own:
			c.by = scorecard.ByCommit
		}
	}
	return left, nil
}

// isOwn reports whether a check is the catalog's own.
func isOwn(c *checks.Check) bool {
	_, err := checks.ByID(c.ID)
	return err != nil
}

// search narrows down between which two steps changes happened, as far as the budget goes. A state of the catalog that is
// read answers for all changes that it can.
func (p *past) search(ctx context.Context, open []*change, w week) error {
	for {
		middle := -1
		for _, c := range open {
			if c.high-c.low > 1 {
				middle = (c.low + c.high) / 2
				break
			}
		}
		if middle < 0 {
			return nil
		}
		if p.budget--; p.budget < 0 {
			return nil
		}
		concerned := slices.DeleteFunc(slices.Clone(open), func(c *change) bool { return middle <= c.low || middle >= c.high })
		v, err := p.load(ctx, middle, w.End)
		if err != nil {
			return err
		}
		answers := v.ask(concerned)
		for _, c := range concerned {
			if value := c.value(answers[c.service]); value == c.to {
				c.high = middle
			} else {
				c.low, c.atLow = middle, value
			}
		}
	}
}

// ask answers what changes ask of their services. One that is not there is left out.
func (v *view) ask(changes []*change) map[string]*standing {
	wanted := map[string][]int{} // nil for all checks
	for _, c := range changes {
		known, asked := wanted[c.service]
		switch {
		case c.check < 0:
			wanted[c.service] = nil
		case !asked || known != nil:
			wanted[c.service] = append(known, c.check)
		}
	}
	answers := map[string]*standing{}
	for id, only := range wanted {
		if svc := v.byID[id]; svc != nil {
			answers[id] = v.partly(svc, only)
		}
	}
	return answers
}

// move tells of a level that changed, or of a service that came or went.
func (p *past) move(c *change, i int) scorecard.Move {
	a, b := p.weeks[i-1].state.byID[c.service], p.weeks[i].state.byID[c.service]
	m := scorecard.Move{Week: i, Service: c.service, Current: p.current(c.service), Came: a == nil, Went: b == nil, By: c.by}
	m.From, _ = a.level()
	m.To, _ = b.level()
	if m.Team = a.teamID(); b != nil {
		m.Team = b.team
	}
	if c.step >= 0 {
		m.Commit = p.steps[c.step].Commit
	}
	return m
}
