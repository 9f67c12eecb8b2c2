package history

import (
	"path"
	"slices"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// maxFiles bounds how many files of a commit are named.
const maxFiles = 5

// shift tells of a verdict that changed. Before and after are the views of the two weeks, each at its day.
func (p *past) shift(c *change, before, after *view) scorecard.Shift {
	check := p.present.Checks[c.check]
	old, now := before, after
	if c.by == scorecard.ByCommit {
		old = before.at(after.now) // so that words which follow from the day are the same
	}
	a, b := old.result(c), now.result(c)
	s := scorecard.Shift{
		Service: c.service, Current: p.current(c.service), Check: check, From: checks.Verdict(c.from), To: checks.Verdict(c.to),
		Gain: now.result(c).Earned - before.result(c).Earned, By: c.by,
	}
	q := telling(a, b)
	s.Text, s.At = q.Message, q.At
	if c.step >= 0 {
		s.Commit = p.steps[c.step].Commit
		s.Files = p.filesOf(c, before, after, slices.Concat(a.Requirements, b.Requirements))
	}
	return s
}

func (v *view) result(c *change) scorecard.Result {
	return v.asking.Ask(v.asking.Checks[c.check], v.asking.About(v.byID[c.service]))
}

// telling gives the requirement that tells most of a change: of a verdict that became worse the first new one that is not
// met or not decided, of one that became better the first one of these that is gone.
func telling(before, after scorecard.Result) checks.Requirement {
	state := map[checks.Verdict]checks.State{checks.Fail: checks.Unmet, checks.Unknown: checks.Undecided}
	if want, ok := state[after.Verdict]; ok {
		return firstOf(after.Requirements, want, before.Requirements)
	}
	if want, ok := state[before.Verdict]; ok {
		return firstOf(before.Requirements, want, after.Requirements)
	}
	if len(after.Requirements) > 0 {
		return after.Requirements[0]
	}
	return checks.Requirement{Message: after.Reason}
}

// firstOf gives the first requirement in a state that is not among others, else the first one in it.
func firstOf(all []checks.Requirement, state checks.State, others []checks.Requirement) checks.Requirement {
	var first *checks.Requirement
	for i := range all {
		q := &all[i]
		if q.State != state {
			continue
		}
		if !slices.ContainsFunc(others, func(o checks.Requirement) bool { return o.State == state && o.Message == q.Message }) {
			return *q
		}
		if first == nil {
			first = q
		}
	}
	if first == nil {
		return checks.Requirement{}
	}
	return *first
}

// filesOf names the files of a commit that the verdict is about: those that its requirements speak of, then those of the
// service's other evidence, then those in its folder.
func (p *past) filesOf(c *change, before, after *view, requirements []checks.Requirement) []string {
	changed := p.files(c.step)
	spoken := map[string]bool{}
	for _, q := range requirements {
		spoken[q.At.File] = true
	}
	evidence := map[string]bool{}
	for _, v := range []*view{before, after} {
		if svc := v.byID[c.service]; svc != nil {
			filesBehind(svc, evidence)
		}
	}
	var named []string
	for _, is := range []func(string) bool{
		func(f string) bool { return spoken[f] },
		func(f string) bool { return evidence[f] },
		func(f string) bool { return p.below(c.service, f, before, after) },
	} {
		for _, f := range changed {
			if is(f) && !slices.Contains(named, f) && len(named) < maxFiles {
				named = append(named, f)
			}
		}
	}
	if len(named) == 0 && len(changed) <= maxFiles {
		return slices.Clone(changed)
	}
	return named
}

func (p *past) below(id, file string, views ...*view) bool {
	return slices.ContainsFunc(views, func(v *view) bool {
		svc := v.byID[id]
		return svc != nil && svc.Folder != "" && (path.Dir(file) == svc.Folder || len(file) > len(svc.Folder) && file[:len(svc.Folder)+1] == svc.Folder+"/")
	})
}

// current gives the service of the report, nil when it is gone.
func (p *past) current(id string) *catalog.Service {
	for _, svc := range p.present.Estate.Services {
		if svc.ID == id {
			return svc
		}
	}
	return nil
}

// files gives the files that a step changed.
func (p *past) files(i int) []string {
	s := &p.steps[i]
	if s.files != nil {
		s.known, _ = s.files() // without them the commit is named and its files are not
		s.files = nil
	}
	return s.known
}
