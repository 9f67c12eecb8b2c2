package postmortems

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// actions gives the promised actions of the report: rows of tables, and items of lists.
func (r *reader) actions() []catalog.ActionItem {
	c := collector{links: slices.SortedStableFunc(slices.Values(r.page.Links), func(a, b catalog.PageLink) int { return a.At.Line - b.At.Line })}
	for _, g := range r.groups() {
		if g.part != catalog.ActionItems {
			continue
		}
		for i, s := range append([]pages.Part{g.own}, g.subs...) {
			if i == 0 || !c.headed(s) {
				c.below(s)
			}
		}
	}
	return c.done()
}

// doneHeading matches headings over what is done: "Immediate actions (completed)".
var doneHeading = regexp.MustCompile(`(?i)^\W*(?:done|completed|finished)\b|[(\[](?:already )?(?:done|completed|finished|implemented)[)\]]`)

// below reads a section whose heading may say of all its actions that they are done, or where they are tracked.
func (c *collector) below(s pages.Part) {
	first := len(c.all)
	c.section(s)
	ticket := c.linked(s.Heading.At.Line, s.Heading.At.Line)
	for i := first; i < len(c.all); i++ {
		a := &c.all[i]
		a.Done = a.Done || doneHeading.MatchString(s.Heading.Text)
		if a.Ticket.Value == "" {
			a.Ticket = ticket
		}
	}
}

// collector gathers actions.
type collector struct {
	links []catalog.PageLink // of the page, by line: the ones beside an action may be its ticket
	all   []catalog.ActionItem
}

// done gives the actions in the order of the page.
func (c *collector) done() []catalog.ActionItem {
	slices.SortStableFunc(c.all, func(a, b catalog.ActionItem) int { return a.At.Compare(b.At) })
	return c.all
}

func (c *collector) section(p pages.Part) {
	for _, t := range p.Tables {
		c.table(t)
	}
	c.items(p.Items)
	for _, t := range p.Paragraphs {
		if definition.MatchString(t.Value) {
			continue
		}
		// A paragraph is a promise only when it says whose, by when, or where it is tracked.
		if a := c.parse(t.Text, t.At.Line+len(t.Lines)-1); (a.Owner.Value != "" || a.Due.Value != "" || a.Ticket.Value != "") && len(t.Lines) <= 3 {
			c.all = append(c.all, a)
		}
	}
}

// definition matches the definition of a link, which goldmark leaves in the text of a page.
var definition = regexp.MustCompile(`^\[?[^\s:]+\]?: \S+$`)

// items reads a list. What stands below an item belongs to it, unless the item is only a name for a group.
func (c *collector) items(items []pages.Item) {
	for i := 0; i < len(items); i++ {
		item := items[i]
		end := i + 1
		for end < len(items) && items[end].Depth > item.Depth {
			end++
		}
		below := items[i+1 : end]
		if isGroup(item, below) {
			c.items(below)
			i = end - 1
			continue
		}
		if isPromise(item.Value) {
			a := c.parse(item.Text, lastLine(item, items[i+1:]))
			a.Done = a.Done || item.Checked
			for _, b := range below {
				c.detail(&a, b.Text)
			}
			c.all = append(c.all, a)
		}
		i = end - 1
	}
}

// isPromise reports whether a text can say what is to be done: it is filled in, and more than one word (a file's path).
func isPromise(text string) bool {
	return !blank(text) && !none.MatchString(text) && len(strings.Fields(text)) >= 2
}

// lastLine gives the last line that can belong to an item: the one before the next item.
func lastLine(item pages.Item, rest []pages.Item) int {
	if len(rest) > 0 && rest[0].At.Line > item.At.Line {
		return rest[0].At.Line - 1
	}
	return item.At.Line + strings.Count(item.Value, " ")/12 // lines are rarely shorter than a dozen words
}

// isGroup reports whether an item is the name of a group of actions: "Short term:", "Prevention".
func isGroup(item pages.Item, below []pages.Item) bool {
	if len(below) == 0 || item.Box {
		return false
	}
	if slices.ContainsFunc(below, func(b pages.Item) bool { return detailOf(b.Value) != "" }) {
		return false
	}
	return strings.HasSuffix(item.Value, ":") || len(strings.Fields(item.Value)) <= 2
}

// headed reads a section whose heading is the action and whose text says whose it is: "### 1. Add an alert", "Owner: Ada".
func (c *collector) headed(s pages.Part) bool {
	var lines []catalog.Text
	for _, p := range s.Paragraphs {
		lines = append(lines, p.Lines...)
	}
	for _, i := range s.Items {
		lines = append(lines, i.Text)
	}
	if len(s.Tables) > 0 || !slices.ContainsFunc(lines, func(t catalog.Text) bool { k := detailOf(t.Value); return k == "owner" || k == "due" }) {
		return false
	}
	if slices.ContainsFunc(s.Items, func(i pages.Item) bool { return i.Depth > 1 }) {
		return false
	}
	a := c.parse(textOf(s.Heading), s.Heading.At.Line)
	for _, l := range lines {
		c.detail(&a, l)
	}
	c.all = append(c.all, a)
	return true
}

// details are the names of what is said about an action, in lower case.
var details = []struct {
	kind  string
	names []string
}{
	{"owner", []string{"owner", "owners", "assignee", "assigned to", "assigned", "responsible", "dri", "who", "lead", "owned by", "action owner", "person", "owner team", "responsible party", "accountable"}},
	{"due", []string{"due date", "due", "deadline", "target date", "eta", "by when", "target", "completion date", "when", "due by", "expected date", "complete by", "date", "timeline", "timeframe"}},
	{"status", []string{"status", "state", "done", "progress", "completed", "complete", "resolution"}},
	{"ticket", []string{"ticket", "issue", "tracking", "tracker", "jira", "bug", "link", "reference", "tracking issue", "pr", "links", "issue link", "tracking ticket", "github issue"}},
}

var detailLine = regexp.MustCompile(`(?i)^\W*([a-z][a-z ]{1,20}?)\s*:\s*(.*)$`)

// detailOf gives what a line "Name: value" says about an action, "" when it is no such line.
func detailOf(text string) string {
	if m := detailLine.FindStringSubmatch(text); m != nil {
		return columnKind(m[1])
	}
	return ""
}

func columnKind(name string) string {
	for _, d := range details {
		if pages.Means(name, d.names...) == pages.Exactly {
			return d.kind
		}
	}
	return ""
}

func (c *collector) detail(a *catalog.ActionItem, line catalog.Text) {
	m := detailLine.FindStringSubmatch(line.Value)
	if m == nil {
		return
	}
	c.set(a, columnKind(m[1]), catalog.Text{Value: strings.TrimSpace(m[2]), At: line.At})
}

// set notes one detail of an action.
func (c *collector) set(a *catalog.ActionItem, kind string, value catalog.Text) {
	if blank(value.Value) || nobody.MatchString(value.Value) {
		return
	}
	value = pages.Quote(value)
	switch kind {
	case "owner":
		a.Owner = value
	case "due":
		a.Due = value
		a.Done = a.Done || IsDone(value.Value)
	case "status":
		a.Status = value
		a.Done = a.Done || IsDone(value.Value)
	case "ticket":
		if t := c.ticket(value, value.At.Line); t.Value != "" {
			a.Ticket = t
		}
		a.Done = a.Done || IsDone(value.Value)
	}
}

// nobody matches cells that name nobody and no day.
var nobody = regexp.MustCompile(`(?i)^\W*(?:none(?: yet)?|n/?a|unassigned|nobody|unknown|not set|open|@?(?:name|owner|username|person|handle|assignee)|date)\W*$`)

var (
	undone   = regexp.MustCompile(`(?i)\b(?:not|in progress|in-progress|partial(?:ly)?|pending|open|todo|to do|to be|wip|planned|started|blocked|ongoing|scheduled|when|once|until|if|incomplete)\b|🚧|⏳|❌`)
	finished = regexp.MustCompile(`(?i)^\W*(?:done|closed|completed?|resolved|fixed|finished|shipped|merged|implemented|deployed|landed|won'?t (?:do|fix)|wontfix|cancelled|canceled|obsolete|yes)\b|^\W*x\W*$|[✅✔☑]`)
)

// IsDone reports whether the status of an action says that nothing is left to do.
func IsDone(status string) bool {
	return len(status) < 120 && finished.MatchString(status) && !undone.MatchString(status)
}
