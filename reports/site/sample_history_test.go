package site

import (
	"fmt"
	"time"

	"obsready/checks"
	"obsready/scorecard"
)

// lookBack gives a report a history that ends in the report's own state: services rose to it over the weeks, one fell,
// one came late, one is gone, one week is not known, and in one the policy changed.
func lookBack(r *scorecard.Report, weeks int) {
	h := &scorecard.History{Zone: "Europe/Berlin", Teams: map[string][]scorecard.Standing{}, Services: map[string][]scorecard.Standing{}, Estate: make([]scorecard.Standing, weeks)}
	for w := range weeks {
		end := r.Now.AddDate(0, 0, -7*(weeks-1-w))
		week := scorecard.Week{End: end, Commit: sampleCommit(w, end)}
		switch w {
		case weeks / 2:
			week.Marks = []string{"the policy changed"}
		case weeks / 3:
			week.Gap = "the history of the clone does not reach back to it"
		}
		h.Weeks = append(h.Weeks, week)
	}
	for _, t := range r.Teams {
		h.Teams[teamKey(t)] = make([]scorecard.Standing, weeks)
	}
	for i, c := range r.Cards {
		id, team := c.Service.ID, ""
		if c.Service.Owner.Team != nil {
			team = c.Service.Owner.Team.ID
		}
		h.Services[id] = make([]scorecard.Standing, weeks)
		for w := range weeks {
			s, there := sampleStanding(c, i, w, weeks)
			if !there || h.Weeks[w].Gap != "" {
				continue
			}
			h.Services[id][w] = s
			h.Estate[w] = sum(h.Estate[w], s)
			h.Teams[team][w] = sum(h.Teams[team][w], s)
		}
		if at := i * 5 % weeks; i%4 == 1 && at > 0 && c.Rated {
			h.Moves = append(h.Moves, scorecard.Move{Week: at, Service: id, Current: c.Service, Team: team, From: max(0, c.Level-1), To: c.Level, By: scorecard.ByCommit, Commit: h.Weeks[at].Commit})
		}
	}
	h.Moves = append([]scorecard.Move{
		{Week: weeks - 1, Service: r.Cards[0].Service.ID, Current: r.Cards[0].Service, From: checks.None, To: max(checks.Bronze, r.Cards[0].Level), By: scorecard.ByCommit, Commit: h.Weeks[weeks-1].Commit},
		{Week: weeks - 1, Service: "legacy-mailer", Went: true, From: checks.Silver, By: scorecard.ByCommit, Commit: sampleCommit(weeks+1, r.Now)},
	}, h.Moves...)
	h.Shifts = sampleShifts(r, h)
	r.History = h
}

func sampleCommit(i int, at time.Time) scorecard.Commit {
	subjects := []string{"Link every alert of checkout to its runbook", "Move the rules of the ledger to the new folder", "Add SLOs for search", "Bump the chart of the gateway", "Write down how to roll back"}
	return scorecard.Commit{Hash: fmt.Sprintf("%08x0b7e8f6a5c3d2e1f0a9b8c7d6e5f4a3b", 0x4f2a9c1d+i*7919), Subject: subjects[i%len(subjects)], Time: at.Add(-5 * time.Hour)}
}

func sampleStanding(c *scorecard.Card, i, w, weeks int) (s scorecard.Standing, there bool) {
	if i%7 == 3 && w < weeks/4 {
		return s, false
	}
	s = withCard(s, c)
	s.Score = c.Score
	back := float64(weeks-1-w) / float64(weeks)
	s.Score.Earned -= s.Score.Earned * back * float64(i%4) / 8
	if rise := w > (i*5)%weeks; !rise && w < weeks-1 && c.Rated && c.Level > checks.None {
		s.Levels = [4]int{}
		s.Levels[c.Level-1]++
		if c.Level == c.Required {
			s.Ready = 0
		}
	}
	return s, true
}

func sum(a, b scorecard.Standing) scorecard.Standing {
	a.Services, a.Ready, a.NotRated, a.Score = a.Services+b.Services, a.Ready+b.Ready, a.NotRated+b.NotRated, a.Score.Add(b.Score)
	for l := range a.Levels {
		a.Levels[l] += b.Levels[l]
	}
	return a
}

func sampleShifts(r *scorecard.Report, h *scorecard.History) []scorecard.Shift {
	var shifts []scorecard.Shift
	last := len(h.Weeks) - 1
	for i, c := range r.Cards[:min(9, len(r.Cards))] {
		for j := range c.Results {
			q := &c.Results[j]
			s := scorecard.Shift{Service: c.Service.ID, Current: c.Service, Check: q.Check, To: q.Verdict, At: c.Service.At, By: scorecard.ByCommit, Commit: h.Weeks[last-(i+j)%2].Commit}
			switch {
			case q.Verdict == checks.Pass && (i+j)%3 == 0:
				s.From, s.Gain, s.Text = checks.Fail, q.Points, "the file `runbook.md` was missing"
			case q.Verdict == checks.Fail && (i+j)%5 == 0:
				s.From, s.Gain, s.Text, s.By = checks.Pass, -q.Points, "the last exercise is older than 90 days", scorecard.ByTime
			case q.Verdict == checks.Unknown && i%4 == 0:
				s.From, s.By = checks.Pass, scorecard.ByRules
			default:
				continue
			}
			shifts = append(shifts, s)
		}
	}
	return shifts
}

// compareWith gives a report an earlier one by another rule set, of which a check is gone and one is new.
func compareWith(r *scorecard.Report, ruleSet string) {
	was := standingNow(r.Summary)
	was.Score.Earned *= 0.9
	was.Ready--
	r.Comparison = &scorecard.Comparison{Now: r.Now.AddDate(0, 0, -3), RuleSet: ruleSet, Ruled: ruleSet != r.RuleSet, Standing: was, Teams: map[string]scorecard.Standing{}}
	r.Comparison.Checks.Added, r.Comparison.Checks.Removed = []string{"traces-collected"}, []string{"old-check", "older-check"}
	h := &scorecard.History{Weeks: []scorecard.Week{{Commit: sampleCommit(0, r.Now)}, {Commit: sampleCommit(1, r.Now)}}}
	r.Comparison.Shifts = sampleShifts(r, h)
}
