package reports

import (
	"fmt"
	"math"
	"strings"
	"time"

	"obsready/scorecard"
)

// past is where a service or a group of services stood before, as far as a report knows.
type past struct {
	weeks     []scorecard.Week
	standings []scorecard.Standing // one for each week
	since     time.Time            // of the earlier standing, when there is one
	before    *scorecard.Standing
	gitOnly   bool // the standings leave out what a live Grafana tells, which the report's own score has
}

// pastOf gives the past from the weeks of the report's history, else from an earlier report.
func pastOf(r *scorecard.Report, standings func(*scorecard.History) []scorecard.Standing, earlier func(*scorecard.Comparison) (scorecard.Standing, bool)) past {
	p := past{gitOnly: r.History != nil && r.Estate.Live != nil}
	if h := r.History; h != nil {
		if all := standings(h); len(all) == len(h.Weeks) {
			p.weeks, p.standings = h.Weeks, all
		}
		if n := len(p.weeks); n > 1 && p.known(n-2) {
			p.since, p.before = p.weeks[n-2].End, &p.standings[n-2]
		}
	}
	if c := r.Comparison; c != nil && (p.before == nil || p.gitOnly && c.Live) {
		if s, ok := earlier(c); ok {
			p.since, p.before, p.gitOnly = c.Now, &s, p.gitOnly && !c.Live
		}
	}
	return p
}

func estatePast(r *scorecard.Report) past {
	return pastOf(r, func(h *scorecard.History) []scorecard.Standing { return h.Estate },
		func(c *scorecard.Comparison) (scorecard.Standing, bool) { return c.Standing, true })
}

// teamPast gives the past of a team; the services of no team have "" for an ID.
func teamPast(r *scorecard.Report, t *scorecard.TeamCard) past {
	id := ""
	if t.Team != nil {
		id = t.Team.ID
	}
	return pastOf(r, func(h *scorecard.History) []scorecard.Standing { return h.Teams[id] },
		func(c *scorecard.Comparison) (scorecard.Standing, bool) { s, ok := c.Teams[id]; return s, ok })
}

// servicePast gives the past of a service. An earlier report does not tell the score of one.
func servicePast(r *scorecard.Report, id string) past {
	return pastOf(r, func(h *scorecard.History) []scorecard.Standing { return h.Services[id] },
		func(*scorecard.Comparison) (scorecard.Standing, bool) { return scorecard.Standing{}, false })
}

// known reports whether there is a score of a week.
func (p past) known(week int) bool {
	_, ok := p.standings[week].Score.Percent()
	return ok && p.weeks[week].Gap == ""
}

// words says what the score was, as in "; 72 % on 6 March 2026".
func (p past) words() string {
	if p.before == nil || p.before.Score.Possible == 0 || p.gitOnly {
		return ""
	}
	return "; " + scoreText(p.before.Score) + " on " + localDay(p.since)
}

// localDay is the day of a moment where its week ended.
func localDay(t time.Time) string { return t.Format("2 January 2006") }

// trend says how the score went, week by week, as in "▁▂▅█ 62 % to 77 % in 26 weeks"; "" when its ends are not known.
func (p past) trend(o Options) string {
	first, last := 0, len(p.standings)-1
	for first < last && !p.known(first) {
		first++
	}
	if first >= last || !p.known(last) {
		return ""
	}
	text := scoreText(p.standings[first].Score) + " to " + scoreText(p.standings[last].Score) + " in " + count(last-first, "week")
	if last-first > 1 && p.known(last-1) {
		text += ", " + scoreText(p.standings[last-1].Score) + " a week ago"
	}
	if p.gitOnly {
		text += "; by git alone, which knows no live Grafana"
	}
	if o.Blocks {
		text = p.line(first) + " " + text
	}
	return text
}

// trendWeeks is how many weeks a table shows the trend of.
const trendWeeks = 8

// short is trend for a table's cell, as in "▁▂▅█ +15"; the weeks before the service was there are left out.
func (p past) short(o Options) cell {
	from := max(0, len(p.standings)-trendWeeks)
	for from < len(p.standings) && !p.known(from) {
		from++
	}
	last := len(p.standings) - 1
	if from >= last || !p.known(last) {
		return cell{}
	}
	was, _ := wholePercent(p.standings[from].Score)
	is, _ := wholePercent(p.standings[last].Score)
	c := cell{text: fmt.Sprintf("%+d", is-was), tone: neutral}
	switch {
	case is > was:
		c.tone = good
	case is < was:
		c.tone = bad
	default:
		c.text = "±0"
	}
	if o.Blocks {
		c.text = p.line(from) + " " + c.text
	}
	return c
}

// line draws the scores from a week on. A week of which nothing is known is a space. The line spans ten points at least,
// so that a small change does not look like a great one.
func (p past) line(from int) string {
	const span = 10
	low, high := math.Inf(1), math.Inf(-1)
	for week := from; week < len(p.standings); week++ {
		if p.known(week) {
			percent, _ := p.standings[week].Score.Percent()
			low, high = min(low, percent), max(high, percent)
		}
	}
	if middle := (low + high) / 2; high-low < span {
		low, high = middle-span/2, middle+span/2
	}
	blocks := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for week := from; week < len(p.standings); week++ {
		if !p.known(week) {
			b.WriteByte(' ')
			continue
		}
		percent, _ := p.standings[week].Score.Percent()
		b.WriteRune(blocks[int(math.Round((percent-low)/(high-low)*float64(len(blocks)-1)))])
	}
	return b.String()
}
