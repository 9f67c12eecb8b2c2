package recovery

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
	"obsready/catalog/postmortems"
)

// logColumns are the columns of a table of exercises, -1 for those that it lacks.
type logColumns struct {
	date, scenario, kind, participants, outcome, lasted, next, service int
	last                                                               bool // the day is that of the last test of the thing in the row
}

// fromTables gives an exercise for each dated row of the page's tables of exercises.
func (r *reader) fromTables() []*catalog.Exercise {
	var all []*catalog.Exercise
	planned := IsPath(r.Page.Path) || isPlanTitle(r.Page.Title.Value)
	records := IsExercisePath(r.Page.Path) || isRecoveryTrial(r.Page.Title.Value)
	for _, s := range r.allSections() {
		for _, t := range s.Tables {
			c, ok := columnsOf(t)
			if !ok {
				continue
			}
			if s.below(isSchedule) {
				continue
			}
			named := c.last || slices.ContainsFunc(t.Header, func(h catalog.Text) bool { return isTrial(h.Value) })
			if records || s.below(isRecoveryTrial) || planned && (named || s.below(isTrial)) {
				all = append(all, r.rowsOf(t, c)...)
			}
		}
	}
	return all
}

// isSchedule reports whether a heading speaks of exercises that are to come.
func isSchedule(heading string) bool {
	return pages.Means(heading, "calendar", "schedule", "planned", "upcoming", "roadmap", "next exercises", "game day plan") != pages.NotAtAll && pages.Means(heading, "log", "history", "record", "result") == pages.NotAtAll
}

// columnsOf tells the columns of a table; false when it is none of exercises: that has a day, and says what was tried and
// what came of it or who took part.
func columnsOf(t pages.Table) (logColumns, bool) {
	taken := map[int]bool{}
	column := func(names ...string) int {
		for _, name := range names {
			for i, h := range t.Header {
				if !taken[i] && !promised.MatchString(h.Value) && pages.Means(h.Value, name) != pages.NotAtAll {
					taken[i] = true
					return i
				}
			}
		}
		return -1
	}
	c := logColumns{next: column("next")}
	if c.date = column(lastNames...); c.date >= 0 {
		c.last = true
	} else {
		c.date = column("date", "when", "conducted", "performed", "held", "executed", "day")
	}
	c.lasted = column("time to recover", "time to restore", "recovery time", "restore time", "actual rto", "rto achieved", "achieved rto", "duration", "lasted", "elapsed", "time")
	c.participants = column("participant", "attendee", "performed by", "conducted by", "tested by", "people", "who", "team", "lead", "facilitator")
	c.outcome = column("outcome", "result", "pass fail", "status", "success", "finding", "conclusion")
	c.kind = column("kind", "type")
	c.scenario = column("scenario", "exercise", "drill", "test", "game day", "what", "activity", "event", "description", "scope", "component", "backup", "objective")
	c.service = column("service", "system", "application")
	what := c.scenario >= 0 || c.kind >= 0 || c.service >= 0
	return c, c.date >= 0 && what && (c.last || c.outcome >= 0 || c.participants >= 0 || c.lasted >= 0)
}

// promised are columns of objectives, not of what was measured, and of what will be.
var promised = regexp.MustCompile(`(?i)\b(?:target|objective|frequency|cadence|schedule|rto target|rpo)\b`)

func (r *reader) rowsOf(t pages.Table, c logColumns) []*catalog.Exercise {
	var all []*catalog.Exercise
	cell := func(row []catalog.Text, i int) catalog.Text {
		if i < 0 || !r.written(row[i]) {
			return catalog.Text{}
		}
		return row[i]
	}
	for _, row := range t.Rows {
		x := &catalog.Exercise{
			Date: cell(row, c.date), Kind: cell(row, c.kind), Scenario: cell(row, c.scenario), Outcome: cell(row, c.outcome), Lasted: cell(row, c.lasted),
			Next: cell(row, c.next), At: row[0].At,
		}
		if x.Date.Value == "" {
			continue
		}
		if who := cell(row, c.participants); who.Value != "" {
			x.Participants = parts(who)
		}
		if service := cell(row, c.service); service.Value != "" {
			x.Services = parts(service)
		} else {
			x.Services = r.services()
		}
		x.Name = named(x)
		if x.Kind.Value == "" {
			x.Kind = kindIn(x.Scenario)
		}
		classify(x)
		all = append(all, x)
	}
	return all
}

// named gives an exercise of a table its name: what was tried, or its kind.
func named(x *catalog.Exercise) catalog.Text {
	if x.Scenario.Value != "" {
		return pages.Quote(x.Scenario)
	}
	return x.Kind
}

var (
	ownerWords = regexp.MustCompile(`(?i)\bowner:?\s+@?([\pL\pN][\pL\pN ._-]{0,40}?)\s*(?:[,;.)]|$)|(?:^|\s)@([\pL\pN][\pL\pN_/-]{0,40})`)
	dueWords   = regexp.MustCompile(`(?i)\b(?:due|by|until|deadline):?\s+`)
)

// actions gives what is to be done after the exercise: items and rows below headings that speak of it.
func (r *reader) actions() []catalog.ActionItem {
	var all []catalog.ActionItem
	for i, s := range r.Sections {
		if pages.Means(s.Heading.Text, actionNames...) == pages.NotAtAll || pages.Means(s.Heading.Text, "actions taken") != pages.NotAtAll {
			continue
		}
		for _, item := range r.Sections[i].Items {
			if r.written(item.Text) {
				all = append(all, actionOf(item))
			}
		}
		for _, t := range s.Tables {
			all = append(all, r.actionRows(t)...)
		}
	}
	return all[:min(len(all), maxTexts)]
}

func actionOf(item pages.Item) catalog.ActionItem {
	a := catalog.ActionItem{Text: pages.Quote(item.Text), Done: item.Checked, At: item.At}
	if m := ownerWords.FindStringSubmatch(item.Value); m != nil {
		a.Owner = catalog.Text{Value: strings.TrimSpace(m[1] + m[2]), At: item.At}
	}
	if m := dueWords.FindStringIndex(item.Value); m != nil {
		if day := dates.Find(item.Value[m[1]:]); day != "" {
			a.Due = catalog.Text{Value: strings.Clone(day), At: item.At}
		}
	}
	return a
}

func (r *reader) actionRows(t pages.Table) []catalog.ActionItem {
	what := t.Column("action", "action item", "task", "item", "improvement", "description", "what")
	if what < 0 {
		return nil
	}
	cell := func(row []catalog.Text, names ...string) catalog.Text {
		if c := t.Column(names...); c >= 0 && c != what && r.written(row[c]) {
			return row[c]
		}
		return catalog.Text{}
	}
	var all []catalog.ActionItem
	for _, row := range t.Rows {
		if !r.written(row[what]) {
			continue
		}
		a := catalog.ActionItem{Text: row[what], Owner: cell(row, "owner", "assignee", "who", "responsible"), Due: cell(row, "due", "due date", "deadline", "by when", "target date"),
			Status: cell(row, "status", "state", "done"), Ticket: cell(row, "ticket", "issue", "jira"), At: row[what].At}
		a.Done = postmortems.IsDone(a.Status.Value)
		all = append(all, a)
	}
	return all
}
