package securitypolicy

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

const (
	span  = `\d+(?:\.\d+)?(?:\s?(?:-|–|to)\s?\d+)?(?:\s\([^()]{1,12}\))?`
	words = `(?:an?|one|two|three|four|five|six|seven|ten|fourteen|thirty|sixty|ninety)(?:\s\(\d{1,3}\))?`
	kind  = `(?:[\s-](?:business|working|calendar|week|full))?`
)

var (
	// duration matches how long something takes: "48 hours", "three (3) business days", "1-7 days", "90-day", "24 h".
	duration = regexp.MustCompile(`(?i)\b` + span + kind + `[\s-]?(?:h|hrs?|hours?|d|days?|wks?|weeks?|mo|months?)\b|\b` + words + kind + `[\s-](?:hours?|days?|weeks?|months?)\b|\b(?:next|same|following) (?:business |working )?day\b`)
	// atOnce is a time too where a severity stands before it.
	atOnce = regexp.MustCompile(`(?i)\bimmediate(?:ly)?\b`)
	// promise matches what a time is promised for.
	promise = regexp.MustCompile(`(?i)acknowledg|\banswer|respon[ds]|repl(?:y|ied)|feedback|\bfix|patch|remed|resol[uv]|triag|assess|confirm|address(?:ed)?\b|mitigat|\breceipt|get back|hear back|conversation|\bupdates?\b|disclos|advisor|release|timeline|SLA\b|target|initial|investigat|verif|notif|contact you|look into`)
	// unrelated matches times of other things.
	unrelated = regexp.MustCompile(`(?i)\btokens?\b|session|rotat|retention|retained|\bexpir|cache|password|lockout|log[s ]|backup|certificate|attempts|if you (?:have|do|don)|not (?:been )?received|have not heard|supported (?:for|version)|support(?:ed)? for|per (?:minute|day|week)|uptime`)
	// refusal matches what is not promised: "we will not respond within 24 hours".
	refusal = regexp.MustCompile(`(?i)\b(?:will not|won['’]t|cannot|can['’]t|can not|are not able to|are unable to) (?:\w+ ){0,2}(?:acknowledg|answer|respon[ds]|reply|fix|patch|resolv|guarantee|promise|commit|address)\w*`)
	severe  = regexp.MustCompile(`(?i)\b(critical|severe|important|high|medium|moderate|low|minor|informational|p[0-4]|s(?:ev|everity)?[- ]?[0-4])\b`)
)

// severities gives the words for severities in a text, in lower case and each once.
func severities(text string) []string {
	var all []string
	for _, m := range severe.FindAllString(text, -1) {
		if m = strings.ToLower(m); !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// time takes a sentence that promises a time. The severity is that of a table's row, "" otherwise.
func (r *reader) time(t catalog.Text, severity string) {
	found := duration.FindAllString(t.Value, -1)
	if severity != "" {
		found = append(found, atOnce.FindAllString(t.Value, -1)...)
	}
	if len(found) == 0 || unrelated.MatchString(t.Value) || refusal.MatchString(t.Value) {
		return
	}
	if severity == "" && r.severity == "" && !promise.MatchString(t.Value) {
		return
	}
	kept := pages.Quote(t)
	named := severities(t.Value)
	switch {
	case severity != "":
		named = []string{severity}
	case len(named) == 0 && r.severity != "":
		named = []string{r.severity}
	}
	if len(named) > 0 {
		r.graded = append(r.graded, kept)
	} else {
		r.policy.Times = append(r.policy.Times, kept)
	}
	for _, s := range named {
		if _, known := r.timesBy[s]; !known {
			r.timesBy[s] = strings.Join(found, " ")
		}
	}
}

// table takes the rows of a table that give times for severities, and else those that promise a time.
func (r *reader) table(t pages.Table) {
	for _, row := range t.Rows {
		values := make([]string, 0, len(row))
		for _, c := range row {
			for _, address := range mail.FindAllString(c.Value, -1) {
				r.contact(catalog.Text{Value: address, At: c.At})
			}
			values = append(values, c.Value)
		}
		if len(row) == 0 {
			continue
		}
		line := catalog.Text{Value: strings.Join(values, " | "), At: row[0].At}
		if s := severities(row[0].Value); len(s) > 0 {
			r.time(line, s[0])
			continue
		}
		r.time(line, "")
	}
}

// bySeverity reports whether times are stated for two severities or more.
func (r *reader) bySeverity() bool { return len(r.timesBy) >= 2 }
