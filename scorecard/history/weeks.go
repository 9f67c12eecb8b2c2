package history

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"time"

	"obsready/catalog/mapping"
	"obsready/catalog/tree"
	"obsready/checks/custom"
	"obsready/scorecard"
)

// step is one state of the catalog: that of a commit, or the work tree of the present.
type step struct {
	scorecard.Commit
	files func() ([]string, error) // that it changed
	known []string
}

// young is how long ago a week ended for which the present stands in.
const young = 36 * time.Hour

// plan finds the weeks and their commits.
func (p *past) plan() error {
	now := p.present.Now
	ends := p.ends(now)
	since := now
	if len(ends) > 0 {
		since = ends[0]
	}
	commits, whole, err := p.tree.Log(since)
	if err != nil {
		return fmt.Errorf("could not read the history of the catalog: %w", err)
	}
	slices.Reverse(commits)
	times := inOrder(commits)
	for i, c := range commits {
		s := step{Commit: scorecard.Commit(c)}
		if i > 0 {
			from, to := commits[i-1].Hash, c.Hash
			s.files = func() ([]string, error) { return p.tree.Changed(from, to) }
		}
		p.steps = append(p.steps, s)
	}
	if p.present.Estate.Revision.Commit == "" {
		p.steps = append(p.steps, step{Commit: scorecard.Commit{Subject: "uncommitted changes", Time: now}})
	}
	for _, end := range ends {
		p.weeks = append(p.weeks, p.weekOf(times, whole, end))
	}
	last := week{Week: scorecard.Week{End: now.In(p.Calendar.Zone)}, step: len(p.steps) - 1}
	if last.step >= 0 {
		last.Commit = p.steps[last.step].Commit
	}
	p.weeks = append(p.weeks, last)
	return nil
}

// ends gives the ends of the weeks that are judged beside the present, the oldest first.
func (p *past) ends(now time.Time) []time.Time {
	ends := p.Calendar.WeekEnds(now, max(0, p.Weeks)+1)
	if last := len(ends) - 1; now.Sub(ends[last]) < young {
		return ends[:last]
	}
	return ends[1:]
}

// weekOf gives the week that ends at a moment, with the last commit before it.
func (p *past) weekOf(times []time.Time, whole bool, end time.Time) week {
	w := week{Week: scorecard.Week{End: end}}
	w.step = sort.Search(len(times), func(i int) bool { return !times[i].Before(end) }) - 1
	switch {
	case w.step >= 0:
		w.Commit = p.steps[w.step].Commit
	case len(times) == 0:
		w.Gap = "the catalog was read from files that have no history. read it from a git repository"
	case whole:
		w.Gap = fmt.Sprintf("the history of the catalog begins on %s", times[0].In(end.Location()).Format("2 January 2006"))
	default:
		w.Gap = fmt.Sprintf("this clone holds the history since %s only. fetch the rest: git fetch --unshallow", times[0].In(end.Location()).Format("2 January 2006"))
	}
	return w
}

// inOrder gives for commits that stand in their order, the oldest first, times that never fall. Most clocks are right: the
// longest row of commits whose times do not fall keeps them, and each of the others, whose clock was behind or ahead, gets
// the time of the one before it (those before the whole row that of its first). So a commit with the time 1970 does not
// become the state of all weeks before it, and one from the future does not hide those after it.
func inOrder(commits []tree.Commit) []time.Time {
	times := make([]time.Time, len(commits))
	right, first := longestRow(commits)
	for i, c := range commits {
		switch {
		case right[i]:
			times[i] = c.Time
		case i < first:
			times[i] = commits[first].Time
		default:
			times[i] = times[i-1]
		}
	}
	return times
}

// longestRow marks the longest row of commits whose times do not fall, and gives the first of them.
func longestRow(commits []tree.Commit) (in []bool, first int) {
	in = make([]bool, len(commits))
	before := make([]int, len(commits))
	var ends []int // ends[n] is the last one of a row of n+1, that with the earliest time
	for i, c := range commits {
		n := sort.Search(len(ends), func(n int) bool { return commits[ends[n]].Time.After(c.Time) })
		if before[i] = -1; n > 0 {
			before[i] = ends[n-1]
		}
		ends = append(ends[:n], append([]int{i}, ends[min(n+1, len(ends)):]...)...)
	}
	if len(ends) == 0 {
		return in, 0
	}
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		in[i], first = true, i
	}
	return in, first
}

// marks says what changed between two steps that makes verdicts mean something else.
func (p *past) marks(from, to int) []string {
	files, err := p.tree.Changed(p.steps[from].Hash, p.steps[to].Hash)
	if err != nil { // the later one is a work tree, or this clone lacks what a comparison needs
		return nil
	}
	at := p.tree.Root()
	policy := p.present.Policy.File
	if policy == "" {
		policy = path.Join(at, "obsready.toml")
	}
	var marks []string
	for _, m := range []struct {
		text string
		is   func(file string) bool
	}{
		{"the policy changed", func(f string) bool { return f == policy }},
		{"the catalog's own checks changed", func(f string) bool { return custom.IsPath(f, at) }},
		{mapping.FileName + " changed", func(f string) bool { return f == path.Join(at, mapping.FileName) }},
	} {
		if slices.ContainsFunc(files, m.is) {
			marks = append(marks, m.text)
		}
	}
	return marks
}
