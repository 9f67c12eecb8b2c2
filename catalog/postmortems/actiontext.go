package postmortems

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
)

var (
	// ownerNamed matches "(owner: Ada Lovelace, …", "Assignee: @ada".
	ownerNamed = regexp.MustCompile(`(?i)\b(?:owner|assignee|assigned to|responsible|dri|owned by)s?\b\s*[:=]?\s*(@?[\pL\d][\pL\d _.@/'&-]{0,40}?)\s*(?:[,;)\]|.]|\s[-–—]\s|\bdue\b|\bby\b|\beta\b|$)`)
	// ownerFirst matches "Platform owner: automate …", "Payments team: …", "@ada: …".
	ownerFirst = regexp.MustCompile(`^((?:[\pL]+ ){1,3}(?:owner|lead|team)|@[\w./-]+):\s+\S+ \S+`)
	handle     = regexp.MustCompile(`(?:^|[\s(\[,—–-])@([A-Za-z][\w./-]{0,60}\w)`)
	// dueNamed matches what stands before a day by which something is to be done.
	dueNamed = regexp.MustCompile(`(?i)\b(?:due(?: date)?(?: by| on)?|by|before|until|deadline|eta|target(?: date)?|no later than)\b\s*[:=]?\s*(?:the |end of )?$`)
	dueQ     = regexp.MustCompile(`(?i)\b(?:due(?: date)?|by|deadline|eta|target(?: date)?)\b\s*[:=]?\s*((?:Q[1-4][ /-]?\d{4})|(?:\d{4}[ /-]?Q[1-4]))\b`)
	// tail matches what closes an action: "— Ada, 1 April 2026", "(Ada, 2026-04-01)".
	tail = regexp.MustCompile(`(?:\s[-–—]{1,2}\s+([^()\[\]—–]{3,60})|[(\[]([^()\[\]]{3,60})[)\]])\s*[.]?\s*$`)
	// aName matches the name of a person, a role or a team.
	aName = regexp.MustCompile(`^@?[\pL][\pL\d.'_/-]*(?: [\pL\d.'&_/-]+){0,3}$`)

	ticketKey  = regexp.MustCompile(`\b[A-Z][A-Z0-9]{1,9}-\d{1,6}\b`)
	vagueKey   = regexp.MustCompile(`^(?:CVE|UTF|SHA|ISO|RFC|SEV|AI|P|A|ACTION|ITEM|TODO|PM|INC|HTTP|TLS|EC|US|EU|AP|GHSA|GPT|S|T)-`)
	issueRef   = regexp.MustCompile(`(?:^|[\s(\[])((?:[\w.-]+/[\w.-]+)?#\d{1,7})\b`)
	ticketLink = regexp.MustCompile(`(?i)/(?:issues|pull|pulls|merge_requests|browse|work_items|workitems|tickets?|boards?|cards?|stories|tasks?)/|atlassian\.net|\bjira\b|linear\.app|trello\.com|asana\.com|shortcut\.com|youtrack|bugzilla|/show_bug`)
	address    = regexp.MustCompile(`https?://[^\s<>()\[\]"]+`)

	doneBefore = regexp.MustCompile(`(?i)^\W*(?:\[(?:done|completed?|closed|fixed)\]|(?:done|completed|closed|fixed)\s*[:—–-]|✅|✔|☑)`)
	doneAfter  = regexp.MustCompile(`(?i)(?:[(\[]\s*(?:done|completed?|closed|fixed|shipped|merged)\b[^()\[\]]{0,40}[)\]]|\s[-–—]\s*(?:done|completed|closed)|[✅✔☑])\W*$`)
	struck     = regexp.MustCompile(`^\W{0,3}~~.*~~\W*$`)
)

// maxNamed bounds what is looked at before a day, in bytes: more than dueNamed can match.
const maxNamed = 60

// parse reads one action from its text: who, by when, where it is tracked, and whether it is done. to is the last line
// that belongs to it.
func (c *collector) parse(t catalog.Text, to int) catalog.ActionItem {
	a := catalog.ActionItem{Text: pages.Quote(t), At: t.At}
	a.Due = c.due(t)
	a.Owner = owner(t)
	a.Ticket = c.ticket(t, to)
	a.Done = doneBefore.MatchString(t.Value) || doneAfter.MatchString(t.Value) || struck.MatchString(t.Value)
	return a
}

func (c *collector) due(t catalog.Text) catalog.Text {
	if m := dueQ.FindStringSubmatch(t.Value); m != nil {
		return catalog.Text{Value: strings.Clone(m[1]), At: t.At}
	}
	at := 0
	for _, day := range dates.FindAll(t.Value) {
		at += strings.Index(t.Value[at:], day)
		if dueNamed.MatchString(t.Value[max(0, at-maxNamed):at]) {
			return catalog.Text{Value: strings.Clone(day), At: t.At}
		}
		at += len(day)
	}
	if closing := closingOf(t.Value); closing != "" {
		if day := dates.Find(closing); day != "" {
			return catalog.Text{Value: strings.Clone(day), At: t.At}
		}
	}
	return catalog.Text{}
}

// closingOf gives what closes an action in brackets or after a dash.
func closingOf(text string) string {
	m := tail.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

func owner(t catalog.Text) catalog.Text {
	if m := ownerFirst.FindStringSubmatch(t.Value); m != nil {
		return catalog.Text{Value: strings.Clone(m[1]), At: t.At}
	}
	if m := ownerNamed.FindStringSubmatch(t.Value); m != nil && !blank(m[1]) && !nobody.MatchString(m[1]) {
		return catalog.Text{Value: strings.Clone(strings.TrimSpace(m[1])), At: t.At}
	}
	if m := handle.FindStringSubmatch(t.Value); m != nil && !nobody.MatchString(m[1]) {
		return catalog.Text{Value: "@" + m[1], At: t.At}
	}
	// "Ada, 1 April 2026": a name beside a day.
	closing := closingOf(t.Value)
	day := dates.Find(closing)
	if day == "" {
		return catalog.Text{}
	}
	name := strings.Trim(strings.Replace(closing, day, "", 1), " ,;:-–—.")
	name = strings.TrimSpace(byWord.ReplaceAllString(name, ""))
	if aName.MatchString(name) && !nobody.MatchString(name) && !IsDone(name) {
		return catalog.Text{Value: strings.Clone(name), At: t.At}
	}
	return catalog.Text{}
}

var byWord = regexp.MustCompile(`(?i)[ ,;:]*\b(?:due|by|before|until|deadline|eta|on)\b[ :]*$|^(?:due|by|before|until|deadline|eta|on)\b[ :]*`)

// ticket gives the issue that an action names: an address, a key, a number, or a link beside it.
func (c *collector) ticket(t catalog.Text, to int) catalog.Text {
	if l := c.linked(t.At.Line, to); l.Value != "" {
		return l
	}
	if url := address.FindString(t.Value); url != "" && ticketLink.MatchString(url) {
		return catalog.Text{Value: strings.Clone(strings.TrimRight(url, ".,;")), At: t.At}
	}
	for _, key := range ticketKey.FindAllString(t.Value, -1) {
		if !vagueKey.MatchString(key) {
			return catalog.Text{Value: strings.Clone(key), At: t.At}
		}
	}
	if m := issueRef.FindStringSubmatch(t.Value); m != nil {
		return catalog.Text{Value: strings.Clone(m[1]), At: t.At}
	}
	return catalog.Text{}
}

// linked gives the first link to an issue on the given lines.
func (c *collector) linked(from, to int) catalog.Text {
	first, _ := slices.BinarySearchFunc(c.links, from, func(l catalog.PageLink, line int) int { return l.At.Line - line })
	for _, l := range c.links[first:] {
		if l.At.Line > to {
			break
		}
		if ticketLink.MatchString(l.Target) || ticketKey.MatchString(l.Text) || issueRef.MatchString(l.Text) {
			return catalog.Text{Value: l.Target, At: l.At}
		}
	}
	return catalog.Text{}
}
