package scorecard

import (
	"slices"

	"obsready/catalog"
	"obsready/checks"
)

// value says what a conclusion is worth. The points are those of the check's severity, and what is earned is the share
// of the requirements that are met, whether the verdict is pass, fail or unknown. A check that does not apply leaves the
// sum, and so does an announced one.
func (p *Policy) value(svc *catalog.Service, r checks.Result) Result {
	v := Result{Result: r, Level: r.Check.LevelFor(svc), Announced: p.Checks[r.Check.ID].Announced}
	if v.counts() && r.Verdict.Judged() {
		v.Points = p.Points[r.Check.Severity]
		v.Earned = v.Points * r.Share()
	}
	return v
}

// counts reports whether the result takes part in points and levels.
func (r Result) counts() bool { return !r.Announced }

// open reports whether the result is one to work on: it counts, and it is no pass.
func (r Result) open() bool {
	return r.counts() && (r.Verdict == checks.Fail || r.Verdict == checks.Unknown)
}

// Score gives the result's part in a score. The unknown points are those of the undecided requirements: possible, not
// earned, and not lost either.
func (r Result) Score() Score {
	s := Score{Earned: r.Earned, Possible: r.Points}
	if n := len(r.Requirements); n > 0 {
		s.Unknown = r.Points * float64(r.Count(checks.Undecided)) / float64(n)
	}
	return s
}

// summarize says where a group of services stands. Verdicts of announced checks are left out.
func summarize(cards []*Card) Summary {
	s := Summary{Services: len(cards), Verdicts: map[checks.Verdict]int{}}
	for _, c := range cards {
		if c.Rated {
			s.Levels[c.Level]++
		} else {
			s.NotRated++
		}
		if c.Ready() {
			s.Ready++
		}
		s.Score = s.Score.Add(c.Score)
		for _, r := range c.Results {
			if r.counts() {
				s.Verdicts[r.Verdict]++
			}
		}
	}
	return s
}

// Pillars gives the pillars that the checks of the run belong to, in report order.
func (r *Report) Pillars() []checks.Pillar {
	return slices.DeleteFunc(checks.Pillars(), func(p checks.Pillar) bool {
		return !slices.ContainsFunc(r.Checks, func(c *checks.Check) bool { return c.Pillar == p })
	})
}

// pillars gives the standing of a group of services in each of the given pillars.
func pillars(all []checks.Pillar, cards []*Card) []PillarScore {
	var scores []PillarScore
	for _, pillar := range all {
		p := PillarScore{Pillar: pillar, Verdict: checks.NotApplicable}
		for _, c := range cards {
			for _, r := range c.Results {
				if r.Check.Pillar == pillar && r.counts() {
					p.Score = p.Score.Add(r.Score())
					p.Verdict = worst(p.Verdict, r.Verdict)
				}
			}
		}
		scores = append(scores, p)
	}
	return scores
}

// worst gives the worse of two verdicts; [checks.Verdicts] lists them from the worst on.
func worst(a, b checks.Verdict) checks.Verdict {
	for _, v := range checks.Verdicts() {
		if v == a || v == b {
			return v
		}
	}
	return a
}
