package site

import (
	"html/template"
	"math"
	"strings"
	"time"

	"obsready/checks"
	"obsready/reports/picture"
	"obsready/scorecard"
)

// history is how an estate went over the weeks: pictures, the same in figures, and the levels that changed.
type history struct {
	Title  string // as in "26 weeks"
	Levels template.HTML
	Score  template.HTML
	Weeks  []weekRow
	Moves  capped[moveRow]
	Zone   string
}

type weekRow struct {
	End     string
	Gap     string
	Marks   string
	Levels  []int // gold, silver, bronze, none, not rated
	Ready   string
	Score   string
	Unknown string
	Commit  link
	Subject string
}

// moveRow is one service that reached another level.
type moveRow struct {
	End string
	levelMove
	Word string // "up", "down", "new" or "gone"
	Why  why
}

// history gives nil when the run did not look back.
func (p page) history() *history {
	h := p.site.report.History
	if h == nil || len(h.Weeks) < 2 {
		return nil
	}
	moments := moments(h)
	return &history{
		Title:  count(len(h.Weeks)-1, "week", "weeks"),
		Levels: picture.Stack("Services by level", moments, layers(h.Estate)),
		Score:  picture.Line("Score of the estate", moments, shares(h.Estate)),
		Weeks:  p.weekRows(h),
		Moves:  capList(h.Moves, 10, 60, p.moveRow),
		Zone:   h.Zone,
	}
}

// moments gives the weeks of a history as pictures name them.
func moments(h *scorecard.History) []picture.Moment {
	all := make([]picture.Moment, len(h.Weeks))
	for i, w := range h.Weeks {
		all[i] = picture.Moment{When: w.End.Add(-time.Nanosecond).Format("2 Jan"), Gap: w.Gap != "", Mark: strings.Join(w.Marks, ", ")}
	}
	return all
}

// lastDay gives the day that a week ends with: its end may be the midnight after it.
func lastDay(end time.Time) string { return day(end.Add(-time.Nanosecond)) }

// layers gives standings by level, the highest level at the bottom.
func layers(standings []scorecard.Standing) []picture.Layer {
	all := []picture.Layer{{Ink: picture.Gold}, {Ink: picture.Silver}, {Ink: picture.Bronze}, {Ink: picture.Below}, {Ink: picture.NotRated, Word: "not rated"}}
	for i := range all[:4] {
		all[i].Word = checks.Level(3 - i).String()
	}
	for _, s := range standings {
		for i := range all[:4] {
			all[i].Counts = append(all[i].Counts, s.Levels[3-i])
		}
		all[4].Counts = append(all[4].Counts, s.NotRated)
	}
	return all
}

func shares(standings []scorecard.Standing) []picture.Share {
	all := make([]picture.Share, len(standings))
	for i, s := range standings {
		earned, _ := s.Score.Percent()
		all[i] = picture.Share{Earned: earned, Unknown: s.Score.UnknownPercent()}
	}
	return all
}

// scores gives the score of each week in percent, NaN where nothing is known.
func scores(h *scorecard.History, standings []scorecard.Standing) []float64 {
	all := make([]float64, len(standings))
	for i, s := range standings {
		percent, ok := s.Score.Percent()
		if !ok || s.Services == 0 || i < len(h.Weeks) && h.Weeks[i].Gap != "" {
			percent = math.NaN()
		}
		all[i] = percent
	}
	return all
}

// weekRows gives the weeks in figures with their commits, the latest first.
func (p page) weekRows(h *scorecard.History) []weekRow {
	rows := standingRows(h, h.Estate)
	for i := range rows {
		commit := h.Weeks[len(rows)-1-i].Commit
		rows[i].Commit, rows[i].Subject = commitLink(p.site.report.Estate.Revision, commit.Hash), commit.Subject
	}
	return rows
}

func (p page) moveRow(m scorecard.Move) moveRow {
	row := moveRow{levelMove: p.levelMove(m), Why: p.why(m.By, m.Commit), Word: "down"}
	if h := p.site.report.History; m.Week >= 0 && m.Week < len(h.Weeks) {
		row.End = lastDay(h.Weeks[m.Week].End)
	}
	switch {
	case m.Came:
		row.Word = "new"
	case m.Went:
		row.Word = "gone"
	case m.Up():
		row.Word = "up"
	}
	return row
}
