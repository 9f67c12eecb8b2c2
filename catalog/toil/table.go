package toil

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// columnNames are the titles of columns by what they hold.
var columnNames = []struct {
	kind  string
	names []string
}{
	{"task", []string{"task", "toil", "activity", "manual task", "work", "description", "what", "name", "item", "toil item", "toil task"}},
	{"category", []string{"category", "type", "kind", "class", "group"}},
	{"often", []string{"often", "how often", "frequency", "times", "occurrences", "count", "rate", "runs"}},
	{"lasts", []string{"lasts", "how long", "duration", "time per occurrence", "time per run", "time spent", "time each", "effort", "time", "minutes", "hours", "time per instance", "time per task", "minutes each", "average time"}},
	{"ticket", []string{"ticket", "issue", "automation ticket", "automation", "jira", "link", "tracking", "bug", "automation issue"}},
	{"owner", []string{"owner", "assignee", "who", "responsible", "automation owner"}},
	{"team", []string{"team", "squad"}},
	{"service", []string{"service", "system", "component"}},
	{"done", []string{"done", "automated", "status", "state"}},
}

// layout says what the columns of a table hold, by their titles.
type layout struct {
	kinds  []string
	units  []string // what a bare number of the column means: "minutes", "per month"
	period float64  // of a column with all the hours of a period: how many periods a year has
}

// Bounds of what is read of a header: what is longer names no column.
const (
	maxColumns = 100
	maxTitle   = 200 // bytes
)

func layoutOf(header []string) layout {
	l := layout{kinds: make([]string, len(header)), units: make([]string, len(header))}
	taken := map[string]bool{}
	header = slices.Clone(header[:min(len(header), maxColumns)])
	for i, title := range header {
		if len(title) > maxTitle {
			header[i] = ""
		}
	}
	for i, title := range header {
		if m := total.FindStringSubmatch(strings.ToLower(title)); m != nil && l.period == 0 {
			l.kinds[i], l.units[i], l.period = "total", unitOf(m[1]), perYear[m[2]]
		}
	}
	for _, wanted := range []pages.Meaning{pages.Exactly, pages.Within} {
		for _, c := range columnNames {
			for i, title := range header {
				bare := bracket.ReplaceAllString(title, "")
				if l.kinds[i] == "" && !taken[c.kind] && pages.Means(bare, c.names...) == wanted {
					l.kinds[i], l.units[i], taken[c.kind] = c.kind, unit(c.kind, title), true
				}
			}
		}
	}
	return l
}

var (
	// total matches the titles of columns with all the time of a period: "hours per month", "hrs/week".
	total    = regexp.MustCompile(`\b(hours?|hrs?|minutes?|mins?)\b(?: spent)?\s*(?:per|/|a|each)\s*(week|month|quarter|year)\b`)
	bracket  = regexp.MustCompile(`\([^()]*\)`)
	inTitle  = regexp.MustCompile(`\b(minutes?|mins?|hours?|hrs?|seconds?|days?)\b`)
	perTitle = regexp.MustCompile(`(?:per|/|a)\s*(day|week|month|quarter|year)\b`)
)

func unitOf(word string) string {
	if strings.HasPrefix(word, "m") {
		return "minutes"
	}
	return "hours"
}

// unit gives what a bare number below a title means.
func unit(kind, title string) string {
	title = strings.ToLower(title)
	switch kind {
	case "often":
		if m := perTitle.FindStringSubmatch(title); m != nil {
			return "per " + m[1]
		}
	case "lasts":
		return inTitle.FindString(title)
	}
	return ""
}

// isLog reports whether the columns are those of a log: a task, and how often or how long.
func (l layout) isLog() bool {
	has := func(kind string) bool {
		for _, k := range l.kinds {
			if k == kind {
				return true
			}
		}
		return false
	}
	return has("task") && (has("often") || has("lasts") || has("total"))
}

var bareNumber = regexp.MustCompile(`^~?\d+(?:[.,]\d+)?(?:\s*[-–]\s*\d+)?$`)

// entry gives the entry of a row, or false for one without a task.
func (l layout) entry(row []catalog.Text) (catalog.ToilEntry, bool) {
	var e catalog.ToilEntry
	often, lasts := "", ""
	totalHours := 0.0
	for i, cell := range row {
		if i >= len(l.kinds) || strings.Trim(cell.Value, " -–—") == "" {
			continue
		}
		cell.Value = strings.Clone(cell.Value)
		withUnit := cell.Value
		if bareNumber.MatchString(cell.Value) && l.units[i] != "" {
			withUnit += " " + l.units[i]
		}
		switch l.kinds[i] {
		case "task":
			e.Task, e.At = pages.Quote(cell), cell.At
		case "category":
			e.Category = cell
		case "often":
			e.Often, often = cell, withUnit
		case "lasts":
			e.Lasts, lasts = cell, withUnit
		case "ticket":
			e.Ticket = cell
		case "owner":
			e.Owner = cell
		case "team":
			e.Team = cell
		case "service":
			e.Service = cell
		case "done":
			e.Done = isDone(cell.Value)
		case "total":
			hours, _ := hoursOf(withUnit)
			totalHours, _ = sane(hours * l.period)
		}
	}
	e.Hours, _ = HoursPerYear(often, lasts)
	if e.Hours == 0 {
		e.Hours = totalHours
	}
	return e, e.Task.Value != ""
}

var (
	doneWords = regexp.MustCompile(`(?i)^\W*(?:done|yes|true|x|automated|completed?|closed|fully automated)\W*$|[✅✔☑]`)
	notWords  = regexp.MustCompile(`(?i)\b(?:not|no|partly|partially|in progress)\b`)
)

func isDone(cell string) bool {
	if b, err := strconv.ParseBool(strings.TrimSpace(cell)); err == nil {
		return b
	}
	return doneWords.MatchString(cell) && !notWords.MatchString(cell)
}
