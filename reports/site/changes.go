package site

import (
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"obsready/scorecard"
)

// changes is what is another way than it was last time. Without Since nothing is known of an earlier time, and the page
// says how to have it.
type changes struct {
	Since   string // as in "9 July 2026"
	Figures []figure
	Gained  capped[change]
	Lost    capped[change]
	Begun   capped[change] // checks that begin to apply, and fail
	New     capped[link]   // services
	Gone    capped[link]
	Apart   string   // why a figure is another one than the report's own; "" when it is not
	Marks   []string // what makes verdicts mean something else, which is no doing of a team
	Ruled   string   // how many verdicts changed for such a reason; "" for none
}

// Nothing reports whether all is as it was.
func (c changes) Nothing() bool {
	return c.Gained.Len()+c.Lost.Len()+c.Begun.Len()+c.New.Len()+c.Gone.Len() == 0 && c.Ruled == "" && !slices.ContainsFunc(c.Figures, figure.Moved)
}

// figure is a number then and now.
type figure struct{ Word, From, To string }

// Moved reports whether the number is another one now.
func (f figure) Moved() bool { return f.From != f.To }

// change is what one commit, or another cause, did.
type change struct {
	Points string // as in "+26 points"; "" when none were won or lost
	Why    why
	Levels []levelMove
	Checks string // as in "12 checks in 4 services"; "" when only levels changed
	Shifts capped[shift]
}

// why is a commit, or words when no commit did it.
type why struct {
	Commit  link // the short hash
	Subject string
	Date    string
	Reason  string
}

// levelMove is a service that reached another level.
type levelMove struct {
	Service  link
	From, To level
}

// shift is a verdict that is another one than it was.
type shift struct {
	Service  link // to the result
	Check    link
	Title    template.HTML
	From, To verdict // Word is "" when the service was not there
	Text     template.HTML
	Place    link
}

// before is the earlier time that a report is compared with.
type before struct {
	since     time.Time
	was, is   scorecard.Standing
	shifts    []scorecard.Shift
	moves     []scorecard.Move
	marks     []string
	unrelated bool // other rules: a shift is the doing of nobody unless a commit did it
}

// before gives what a report is compared with: an earlier report when there is one and it was judged by the same rules,
// else the week before in history, which always is.
func (p page) before() (b before, ok bool) {
	r := p.site.report
	week, hasWeek := lastWeek(r.History)
	if c := r.Comparison; c != nil && (!c.Ruled || !hasWeek) {
		b = before{since: c.Now, was: c.Standing, is: standingNow(r.Summary), shifts: c.Shifts, marks: ruleMarks(c, r), unrelated: c.Ruled}
		if hasWeek {
			b.moves = r.History.Moves[:week.moves]
		}
		return b, true
	}
	if !hasWeek {
		return b, false
	}
	h := r.History
	last := len(h.Weeks) - 1
	return before{since: h.Weeks[week.index].End, was: h.Estate[week.index], is: h.Estate[last], shifts: h.Shifts, moves: h.Moves[:week.moves], marks: h.Weeks[last].Marks}, true
}

// week is the last week before the end of a history of which something is known.
type week struct{ index, moves int }

// lastWeek also says how many of the moves, which begin with the latest, are younger than that week.
func lastWeek(h *scorecard.History) (w week, ok bool) {
	if h == nil {
		return w, false
	}
	w.index = len(h.Weeks) - 2
	for w.index >= 0 && h.Weeks[w.index].Gap != "" {
		w.index--
	}
	for w.moves < len(h.Moves) && h.Moves[w.moves].Week > w.index {
		w.moves++
	}
	return w, w.index >= 0
}

// ruleMarks says what is not the doing of a team.
func ruleMarks(c *scorecard.Comparison, r *scorecard.Report) []string {
	var marks, asked []string
	switch {
	case c.RuleSet != r.RuleSet:
		marks = append(marks, "The earlier report was judged by rule set "+c.RuleSet+", this one by "+r.RuleSet+". Their figures do not compare.")
	case c.Ruled:
		marks = append(marks, "The earlier report was judged by another policy. The figures do not compare.")
	}
	if n := len(c.Checks.Added); n > 0 {
		asked = append(asked, count(n, "check is", "checks are")+" new")
	}
	if n := len(c.Checks.Removed); n > 0 {
		asked = append(asked, count(n, "check is", "checks are")+" not asked any more")
	}
	if len(asked) > 0 {
		marks = append(marks, upper(strings.Join(asked, ", "))+".")
	}
	return marks
}

// changes gives what became of the whole estate.
func (p page) changes() changes {
	b, ok := p.before()
	if !ok {
		return changes{}
	}
	view := p.changesOf(func(string) bool { return true }, figures(b.was, b.is))
	view.Gained, view.Lost, view.Begun = view.Gained.first(8), view.Lost.first(8), view.Begun.first(8)
	if is, now := tenths(b.is.Score.Percent()), tenths(p.site.report.Summary.Score.Percent()); is != now && p.site.report.Estate.Live != nil {
		view.Apart = "By git alone, which knows no live Grafana. With it the score is " + now + "."
	}
	return view
}

// day gives a date in the time zone that it has: the one that weeks end in.
func day(t time.Time) string { return t.Format("2 January 2006") }

func figures(was, is scorecard.Standing) []figure {
	all := []figure{{"at their level", ofServices(was), ofServices(is)}, {"score", tenths(was.Score.Percent()), tenths(is.Score.Percent())}}
	unknown := figure{"unknown", tenths(was.Score.UnknownPercent(), true), tenths(is.Score.UnknownPercent(), true)}
	if unknown.Moved() {
		all = append(all, unknown)
	}
	return all
}

func ofServices(s scorecard.Standing) string { return number(s.Ready) + " of " + number(s.Services) }

// tenths gives a share with one digit, so that a week's work can be seen; rounded down so that only a full one reads 100.
func tenths(percent float64, ok bool) string {
	if !ok {
		return "none"
	}
	return strconv.FormatFloat(math.Floor(percent*10+1e-9)/10, 'f', 1, 64) + "%"
}
