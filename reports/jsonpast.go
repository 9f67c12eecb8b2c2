package reports

import (
	"maps"
	"math"
	"slices"

	"obsready/checks"
	"obsready/scorecard"
)

// writeHistory writes the field history, one service at a time.
func (v jsonView) writeHistory(e *jsonEncoder, h *scorecard.History) {
	p := pastView{jsonView: v, weeks: h.Weeks}
	e.object("history", func() {
		e.field("zone", h.Zone)
		eachOf(e, "weeks", h.Weeks, weekOf)
		e.field("estate", p.group(nil, h.Estate))
		eachOf(e, "teams", slices.Sorted(maps.Keys(h.Teams)), func(id string) jsonGroupPast { return p.group(&id, h.Teams[id]) })
		eachOf(e, "services", slices.Sorted(maps.Keys(h.Services)), func(id string) jsonServicePast { return p.service(id, h.Services[id]) })
		eachOf(e, "moves", h.Moves, func(m scorecard.Move) jsonMove {
			view := moveOf(m)
			view.Week = &m.Week
			return view
		})
		eachOf(e, "shifts", h.Shifts, v.shift)
	})
}

// pastView makes the lists of a history, with an element for each week.
type pastView struct {
	jsonView
	weeks []scorecard.Week
}

func weekOf(w scorecard.Week) jsonWeek {
	return jsonWeek{w.End, commitOf(w.Commit), w.Gap, w.Marks}
}

func commitOf(c scorecard.Commit) *jsonCommit {
	if c.Hash == "" {
		return nil
	}
	return &jsonCommit{c.Hash, c.Subject, c.Time.UTC()}
}

func (v pastView) group(id *string, all []scorecard.Standing) jsonGroupPast {
	level := func(l checks.Level) []*int {
		return eachWeek(v, all, func(s scorecard.Standing) (int, bool) { return s.Levels[l], true })
	}
	return jsonGroupPast{
		ID:       id,
		Services: eachWeek(v, all, func(s scorecard.Standing) (int, bool) { return s.Services, true }),
		Ready:    eachWeek(v, all, func(s scorecard.Standing) (int, bool) { return s.Ready, true }),
		NotRated: eachWeek(v, all, func(s scorecard.Standing) (int, bool) { return s.NotRated, true }),
		None:     level(checks.None), Bronze: level(checks.Bronze), Silver: level(checks.Silver), Gold: level(checks.Gold),
		Earned:   eachWeek(v, all, func(s scorecard.Standing) (float64, bool) { return hundredth(s.Score.Earned), true }),
		Possible: eachWeek(v, all, func(s scorecard.Standing) (float64, bool) { return hundredth(s.Score.Possible), true }),
		Unknown:  eachWeek(v, all, func(s scorecard.Standing) (float64, bool) { return hundredth(s.Score.Unknown), true }),
	}
}

func (v pastView) service(id string, all []scorecard.Standing) jsonServicePast {
	points := func(of func(scorecard.Score) float64) []*float64 {
		return eachWeek(v, all, func(s scorecard.Standing) (float64, bool) { return hundredth(of(s.Score)), s.Services > 0 })
	}
	return jsonServicePast{
		ID: id,
		Level: eachWeek(v, all, func(s scorecard.Standing) (int, bool) {
			level, ok := s.Level()
			return int(level), ok
		}),
		Ready:    eachWeek(v, all, func(s scorecard.Standing) (bool, bool) { return s.Ready > 0, s.Services > 0 }),
		Earned:   points(func(s scorecard.Score) float64 { return s.Earned }),
		Possible: points(func(s scorecard.Score) float64 { return s.Possible }),
		Unknown:  points(func(s scorecard.Score) float64 { return s.Unknown }),
	}
}

// eachWeek gives what of says of each week's standing; nil where it says nothing or nothing is known of the week.
func eachWeek[T any](v pastView, all []scorecard.Standing, of func(scorecard.Standing) (T, bool)) []*T {
	list := make([]*T, len(v.weeks))
	for i := range v.weeks[:min(len(all), len(v.weeks))] {
		if value, ok := of(all[i]); ok && v.weeks[i].Gap == "" {
			list[i] = &value
		}
	}
	return list
}

// hundredth keeps two decimals, which is more than anybody reads off a trend.
func hundredth(points float64) float64 { return math.Round(points*100) / 100 }

// turnWords are the turns as other programs read them.
var turnWords = map[scorecard.Turn]string{scorecard.Neither: "neither", scorecard.Lost: "lost", scorecard.Begun: "new finding", scorecard.Gained: "gained"}

func (v jsonView) shift(s scorecard.Shift) jsonShift {
	view := jsonShift{
		Service: s.Service, Check: s.Check.ID, From: string(s.From), To: string(s.To), Gain: s.Gain, Turn: turnWords[s.Turn()],
		By: string(s.By), Commit: commitOf(s.Commit), Files: s.Files, Text: s.Text,
	}
	if !s.At.IsZero() {
		at := v.place(s.At)
		view.At = &at
	}
	return view
}

func moveOf(m scorecard.Move) jsonMove {
	view := jsonMove{Service: m.Service, Team: m.Team, By: string(m.By), Commit: commitOf(m.Commit)}
	switch {
	case m.Came:
		view.Change, view.To = "came", m.To.String()
	case m.Went:
		view.Change, view.From = "went", m.From.String()
	case m.Up():
		view.Change, view.From, view.To = "up", m.From.String(), m.To.String()
	default:
		view.Change, view.From, view.To = "down", m.From.String(), m.To.String()
	}
	return view
}

// writeComparison writes the field comparison, one shift at a time.
func (v jsonView) writeComparison(e *jsonEncoder, c *scorecard.Comparison) {
	e.object("comparison", func() {
		e.field("now", c.Now.UTC())
		if c.Commit != "" {
			e.field("commit", c.Commit)
		}
		e.field("ruleSet", c.RuleSet)
		e.field("ruled", c.Ruled)
		e.field("live", c.Live)
		e.field("checksAdded", append([]string{}, c.Checks.Added...))
		e.field("checksRemoved", append([]string{}, c.Checks.Removed...))
		e.field("standing", standingOf(nil, c.Standing))
		eachOf(e, "teams", slices.Sorted(maps.Keys(c.Teams)), func(id string) jsonStanding { return standingOf(&id, c.Teams[id]) })
		eachOf(e, "moves", c.Moves, moveOf)
		eachOf(e, "shifts", c.Shifts, v.shift)
	})
}

func standingOf(id *string, s scorecard.Standing) jsonStanding {
	view := jsonStanding{ID: id, Services: s.Services, Ready: s.Ready, NotRated: s.NotRated, Levels: map[string]int{}, Score: scoreOf(s.Score)}
	for level, n := range s.Levels {
		view.Levels[checks.Level(level).String()] = n
	}
	return view
}
