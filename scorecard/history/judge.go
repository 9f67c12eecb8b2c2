package history

import (
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// view is one state of the catalog as it is judged at one moment.
type view struct {
	estate *catalog.Estate
	asking *scorecard.Asking
	policy *scorecard.Policy
	set    []*checks.Check
	now    time.Time
	byID   map[string]*catalog.Service
}

// view makes an estate one that can be asked. The checks must be those of the report; others are left out.
func (p *past) view(estate *catalog.Estate, set []*checks.Check, now time.Time) (*view, error) {
	set = slices.DeleteFunc(slices.Clone(set), func(c *checks.Check) bool {
		return !slices.ContainsFunc(p.present.Checks, func(k *checks.Check) bool { return k.ID == c.ID })
	})
	v := &view{estate: estate, policy: p.policy, set: set, now: now, byID: make(map[string]*catalog.Service, len(estate.Services))}
	v.asking = scorecard.NewAsking(estate, set, p.policy, now)
	if !slices.EqualFunc(v.asking.Checks, p.present.Checks, func(a, b *checks.Check) bool { return a.ID == b.ID }) {
		return nil, fmt.Errorf("%d checks can be asked of the past, and the present was asked %d others", len(v.asking.Checks), len(p.present.Checks))
	}
	for _, svc := range estate.Services {
		v.byID[svc.ID] = svc
	}
	return v, nil
}

// at gives the same files at another moment. What only loading them then could tell is left as it is.
func (v *view) at(now time.Time) *view {
	other := *v
	other.now, other.asking = now, scorecard.NewAsking(v.estate, v.set, v.policy, now)
	return &other
}

// judge says where every service stands. What a neighbouring week has found out is taken over where it holds for this one
// too; other is nil when there is none.
func (v *view) judge(seed maphash.Seed, other *state, workers int) *state {
	return v.state(seed, workers, func(around surroundings) asker {
		var same []bool
		if other != nil {
			same = carries(v.asking.Checks, around, other.around)
		}
		return func(svc *catalog.Service, digest uint64, room []scorecard.Outcome) []scorecard.Outcome {
			return v.outcomes(svc, digest, other.of(svc.ID), same, room)
		}
	})
}

// told gives the state that a report about the same estate at the same moment tells of.
func (v *view) told(seed maphash.Seed, r *scorecard.Report, workers int) *state {
	cards := make(map[*catalog.Service]*scorecard.Card, len(r.Cards))
	for _, c := range r.Cards {
		cards[c.Service] = c
	}
	return v.state(seed, workers, func(surroundings) asker {
		return func(svc *catalog.Service, _ uint64, room []scorecard.Outcome) []scorecard.Outcome {
			for i := range room {
				room[i] = cards[svc].Results[i].Outcome()
			}
			return slices.Clone(room)
		}
	})
}

// asker gives the outcomes about a service with a digest. It may use room, which is one outcome for each check and not to be
// kept.
type asker func(svc *catalog.Service, digest uint64, room []scorecard.Outcome) []scorecard.Outcome

// state puts together where all services stand, when what is around them is known.
func (v *view) state(seed maphash.Seed, workers int, asking func(surroundings) asker) *state {
	x := newIndex(v.estate, seed)
	s := &state{services: make([]*standing, len(v.estate.Services)), byID: make(map[string]*standing, len(v.estate.Services))}
	s.around = newDigester(x).surroundings(v.estate)
	outcomes := asking(s.around)
	var next atomic.Int64
	var group sync.WaitGroup
	for range max(1, min(workers, len(s.services))) {
		group.Go(func() {
			d, room := newDigester(x), make([]scorecard.Outcome, len(v.asking.Checks))
			for i := int(next.Add(1)) - 1; i < len(s.services); i = int(next.Add(1)) - 1 {
				svc := v.estate.Services[i]
				one := &standing{id: svc.ID, team: teamOf(v.estate, svc), digest: d.digest(svc)}
				one.outcomes = outcomes(svc, one.digest, room)
				one.rating = v.policy.Rate(svc, one.outcomes)
				s.services[i] = one
			}
		})
	}
	group.Wait()
	for _, one := range s.services {
		s.byID[one.id] = one
	}
	return s
}

// outcomes asks about a service, which had another standing in a neighbouring week, or nil. What is given is that of the
// other standing when nothing has changed, so that many weeks need little memory.
func (v *view) outcomes(svc *catalog.Service, digest uint64, other *standing, same []bool, room []scorecard.Outcome) []scorecard.Outcome {
	about := v.asking.About(svc)
	alike := other != nil && other.digest == digest
	for i, check := range v.asking.Checks {
		if alike && same[i] {
			room[i] = other.outcomes[i]
		} else {
			room[i] = v.asking.Ask(check, about).Outcome()
		}
	}
	if other != nil && slices.Equal(room, other.outcomes) {
		return other.outcomes
	}
	return slices.Clone(room)
}

// partly asks some checks about a service, or all of them when only is nil.
func (v *view) partly(svc *catalog.Service, only []int) *standing {
	s := &standing{id: svc.ID, outcomes: make([]scorecard.Outcome, len(v.asking.Checks))}
	if only == nil {
		s.outcomes = v.outcomes(svc, 0, nil, nil, s.outcomes)
		s.rating = v.policy.Rate(svc, s.outcomes)
		return s
	}
	about := v.asking.About(svc)
	for _, i := range only {
		s.outcomes[i] = v.asking.Ask(v.asking.Checks[i], about).Outcome()
	}
	return s
}
