// Package history says where services stood in earlier weeks. It answers "what became of them, when, and by which
// change?" and never "how is it shown?".
//
// There is no database: the catalog as it was at the end of a week is read from git and judged by the checks and the
// policy of today, so that the weeks compare like with like. What only a live Grafana can tell is left out of every
// week, the present among them, because git does not know what one showed.
//
// A week costs little, because most of it is as it was the week after: digest.go says what a service's verdicts follow from,
// and reach.go which of them are carried over while that stays the same.
package history

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"obsready/catalog"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

// Options say how far to look back and how.
type Options struct {
	Weeks    int                // that were over by the report's Now
	Calendar scorecard.Calendar // when weeks end
	Workers  int                // how many services are judged at once; the result does not depend on it
	// Load reads the catalog at a commit as it is to be judged at a moment: with the checks of the run, the catalog's own
	// among them having been asked about this estate, and with other repositories as they were then. The checks have the
	// IDs and the order of those of the report; others may be among them. It does not close the tree. It is called from two
	// goroutines at once.
	Load func(ctx context.Context, at *tree.Tree, now time.Time) (*catalog.Estate, []*checks.Check, error)
	// Searches bounds how many more states of the catalog are read to find the commits that did something. 0 stands for
	// DefaultSearches; with a negative number there is no search.
	Searches int
	// Progress is told how many more weeks were judged, and of how many; nil for nobody.
	Progress func(done, of int)
}

// DefaultSearches is how many states of the catalog are read to find commits when nothing else is asked for.
const DefaultSearches = 16

// Compute judges the catalog of a report as it was at the end of each of the last weeks. The report is one about the whole
// catalog, and the tree that it was read from is still open; neither is changed.
//
// Weeks are those that the calendar says were over at the report's Now, and a last one for the present. One that ended
// less than a day and a half ago is left out for one more before: the present stands in for it, so that a report of a
// Monday morning tells what the week has brought, and not the night.
//
// Commits count in the order of the history along first parents, and a week has the latest of them that was made before
// its end. Times that do not fit that order, as wrong clocks make them, are passed over: see inOrder.
//
// A week that cannot be read has a Gap that says why, and nothing is concluded across it. The error is that of the present
// state or of ctx.
func Compute(ctx context.Context, t *tree.Tree, present *scorecard.Report, o Options) (*scorecard.History, error) {
	p := &past{Options: o, tree: t, present: present, policy: present.Policy, seed: maphash.MakeSeed(), budget: o.Searches}
	if p.budget == 0 {
		p.budget = DefaultSearches
	}
	if err := p.plan(); err != nil {
		return nil, err
	}
	if err := p.judgeAll(ctx); err != nil {
		return nil, err
	}
	return p.history(), nil
}

// past is the work on one history.
type past struct {
	Options
	tree    *tree.Tree
	present *scorecard.Report
	policy  *scorecard.Policy

	steps  []step // the states of the catalog since the first week, the oldest first
	weeks  []week // the oldest first, the last one is the present
	seed   maphash.Seed
	budget int // how many states may still be read in search of commits

	moves  []scorecard.Move
	shifts []scorecard.Shift
}

// week is one moment that is judged.
type week struct {
	scorecard.Week
	step  int    // index of the state of the catalog, -1 for none
	state *state // nil of a week with a gap
}

// judgeAll judges the weeks, the latest first, and explains what became different from each to the next. While one is
// judged the one before it is read.
func (p *past) judgeAll(ctx context.Context) error {
	last := len(p.weeks) - 1
	later, state, err := p.now(ctx)
	if err != nil {
		return err
	}
	p.weeks[last].state = state
	next := p.begin(ctx, last-1)
	for i := last - 1; i >= 0; i-- {
		if p.Progress != nil {
			p.Progress(1, last)
		}
		w, read := &p.weeks[i], next
		v, err := read()
		next = p.begin(ctx, i-1)
		switch {
		case ctx.Err() != nil:
			_, _ = next()
			return ctx.Err()
		case err != nil:
			w.Gap = fmt.Sprintf("the catalog at commit %.12s could not be read: %v", w.Commit.Hash, err)
			continue
		case v == nil:
			continue
		}
		state = v.judge(p.seed, state, p.Workers)
		w.state = state
		if p.weeks[i+1].state != nil {
			if err := p.explain(ctx, i+1, v, later); err != nil {
				_, _ = next()
				return err
			}
		}
		later = v
	}
	return nil
}

// begin reads the state of a week, and gives what waits for it. There is none of a week with a gap.
func (p *past) begin(ctx context.Context, i int) (wait func() (*view, error)) {
	if i < 0 || p.weeks[i].step < 0 {
		return func() (*view, error) { return nil, nil }
	}
	type read struct {
		v   *view
		err error
	}
	done := make(chan read, 1)
	go func() {
		v, err := p.load(ctx, p.weeks[i].step, p.weeks[i].End)
		done <- read{v, err}
	}()
	return func() (*view, error) {
		r := <-done
		return r.v, r.err
	}
}

// now gives the present state without what a live Grafana shows.
func (p *past) now(ctx context.Context) (*view, *state, error) {
	if p.present.Estate.Live == nil {
		v, err := p.view(p.present.Estate, p.present.Checks, p.present.Now)
		if err != nil {
			return nil, nil, err
		}
		return v, v.told(p.seed, p.present, p.Workers), nil
	}
	estate, set, err := p.Load(ctx, p.tree, p.present.Now)
	if err != nil {
		return nil, nil, err
	}
	v, err := p.view(estate, set, p.present.Now)
	if err != nil {
		return nil, nil, err
	}
	return v, v.judge(p.seed, nil, p.Workers), nil
}

// explain tells what became different in a week.
func (p *past) explain(ctx context.Context, i int, before, after *view) error {
	if a, b := p.weeks[i-1].step, p.weeks[i].step; b > a {
		p.weeks[i].Marks = p.marks(a, b)
	}
	in := p.compare(i)
	if err := p.attribute(ctx, in, before); err != nil {
		return err
	}
	for _, c := range in.changes {
		if c.check < 0 {
			p.moves = append(p.moves, p.move(c, i))
		} else {
			p.shifts = append(p.shifts, p.shift(c, before, after))
		}
	}
	return nil
}

// load reads the catalog at a step. One that had no folder of the catalog yet is empty.
func (p *past) load(ctx context.Context, s int, now time.Time) (*view, error) {
	at := p.tree
	if s < len(p.steps)-1 {
		var err error
		at, err = p.tree.At(p.steps[s].Hash)
		if errors.Is(err, tree.ErrNoFolder) {
			return p.view(&catalog.Estate{}, p.present.Checks, now)
		}
		if err != nil {
			return nil, err
		}
		defer at.Close()
	}
	estate, set, err := p.Load(ctx, at, now)
	if err != nil {
		return nil, err
	}
	return p.view(estate, set, now)
}

// history puts together what was found out.
func (p *past) history() *scorecard.History {
	n := len(p.weeks)
	h := &scorecard.History{
		Zone: p.Calendar.Zone.String(), Weeks: make([]scorecard.Week, n), Estate: make([]scorecard.Standing, n),
		Teams: map[string][]scorecard.Standing{}, Services: map[string][]scorecard.Standing{},
		Shifts: p.shifts, Moves: p.moves,
	}
	for i, w := range p.weeks {
		h.Weeks[i] = w.Week
		if w.state == nil {
			continue
		}
		for _, s := range w.state.services {
			add(&h.Estate[i], s)
			add(in(h.Teams, s.team, n, i), s)
			add(in(h.Services, s.id, n, i), s)
		}
	}
	return h
}

// in gives the standing of a week in the row of a team or service, which is begun when it is new.
func in(rows map[string][]scorecard.Standing, id string, n, i int) *scorecard.Standing {
	if rows[id] == nil {
		rows[id] = make([]scorecard.Standing, n)
	}
	return &rows[id][i]
}
