package budgets

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// namedValue is one value that a page states by name: in its front matter, a table of two columns, or a line such as
// "**Approved:** 2026-02-20".
type namedValue struct {
	name  string // words in lower case, one blank between
	value catalog.Text
}

var nameAndValue = regexp.MustCompile(`^([A-Za-z][\w /&()-]{1,40}?)\s*[:：]\s*(.*)$`)

// fieldsOf gives the named values of a page, those of the front matter first.
func fieldsOf(page *catalog.Page, units []*unit) []namedValue {
	var fields []namedValue
	add := func(name, value string, at catalog.Place) {
		if value = strings.TrimSpace(value); value != "" && !isPlaceholder(value) {
			fields = append(fields, namedValue{strings.Join(wordsOf(name), " "), catalog.Text{Value: value, At: at}})
		}
	}
	for _, l := range page.FrontMatter {
		add(l.Key, l.Value, l.At)
	}
	for i, u := range units {
		switch {
		case u.level == 0 && explains(u):
		case len(u.cells) == 2:
			add(u.cells[0], u.cells[1], u.at)
		case u.level > 0: // "### Approval date: 2026-02-20", or the day in the line below
			if m := nameAndValue.FindStringSubmatch(u.text); m != nil && m[2] != "" {
				add(m[1], m[2], u.at)
			} else if isMetadata(u.text) && i+1 < len(units) && units[i+1].level == 0 && hasDate(units[i+1].text) {
				add(strings.TrimSuffix(u.text, ":"), units[i+1].text, units[i+1].at)
			}
		default:
			if m := nameAndValue.FindStringSubmatch(u.text); m != nil {
				add(m[1], m[2], u.at)
			}
		}
	}
	return fields
}

var placeholder = regexp.MustCompile(`(?i)^(?:tb[dca]|todo|n/?a|none|pending|unknown|-+|\?+|\.\.\.|yyyy.*|[<\[{].*[>\]}])$`)

func isPlaceholder(value string) bool { return placeholder.MatchString(value) }

var (
	reviewNames   = []string{"revisit date", "revisit", "revisit on", "revisit by", "review date", "next review", "next review date", "review by", "review on", "review due", "review", "expires", "valid until"}
	reviewedNames = []string{"last reviewed", "last review", "last review date", "reviewed", "reviewed on", "last revisited"}
	rhythmNames   = []string{"review cadence", "review cycle", "review period", "review frequency", "review interval", "review schedule", "policy review", "review", "revisit", "cadence"}
	approvedNames = []string{"approval date", "approved", "approved on", "approved at", "date approved", "date of approval", "agreed", "agreed on", "ratified", "adopted", "effective", "effective date", "effective from", "in force since"}
	deciderNames  = []string{"approvers", "approver", "approved by", "decider", "deciders", "decision maker", "decision makers", "escalation", "escalation contact", "final arbitration", "accountable"}
	otherNames    = []string{"status", "author", "authors", "date", "owner", "owners", "reviewers", "reviewer", "version", "last updated", "updated", "created", "service", "contact", "document owner"}
)

// isMetadata reports whether a text is one of the values that are read by their names, or the name of one.
func isMetadata(text string) bool {
	name, _, _ := strings.Cut(text, ":")
	name = strings.Join(wordsOf(name), " ")
	for _, names := range [][]string{reviewNames, reviewedNames, rhythmNames, approvedNames, deciderNames, otherNames} {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// lookUp gives the first value under one of the names for which accept holds.
func lookUp(fields []namedValue, names []string, accept func(string) bool) catalog.Text {
	for _, name := range names {
		for _, f := range fields {
			if f.name == name && accept(f.value.Value) {
				return f.value
			}
		}
	}
	return catalog.Text{}
}

func hasDate(text string) bool { return dates.Find(text) != "" }

// dated gives the day in a text as the text.
func dated(t catalog.Text) catalog.Text {
	if t.Value != "" {
		t.Value = dates.Find(t.Value)
	}
	return t
}

func approved(fields []namedValue) catalog.Text {
	return dated(lookUp(fields, approvedNames, hasDate))
}

// approvers gives those who are named as deciding.
func approvers(fields []namedValue) []catalog.Text {
	var all []catalog.Text
	for _, f := range fields {
		if f.name == "escalation" && !role.MatchString(f.value.Value) {
			continue
		}
		if slices.Contains(deciderNames, f.name) && !slices.Contains(all, f.value) && len(all) < maxTexts {
			all = append(all, f.value)
		}
	}
	return all
}

var (
	reviewWord    = regexp.MustCompile(`(?i)\b(?:re-?visit\w*|review\w*|re-?negotiat\w+|re-?assess\w*|re-?approv\w+|looks? at|looked at)\b`)
	onDay         = regexp.MustCompile(`(?i)\b(?:re-?visit\w*|next review|review(?:ed)?(?: again)?|expires?)\b[^.]{0,40}\b(?:on|by|in|until|before|:)?\s*$`)
	policyWord    = regexp.MustCompile(`(?i)\b(?:polic(?:y|ies)|this (?:document|file|page)|slo targets?|slos)\b`)
	reviewSection = regexp.MustCompile(`(?i)\b(?:review|re-?visit|cadence|maintenance of this)\b`)
)

// review gives when the policy is to be looked at again: a day that is stated; else the day that follows from the last
// review and how often it is reviewed, as 2006-01-02; else how often ("quarterly").
func review(fields []namedValue, units []*unit) catalog.Text {
	if t := lookUp(fields, reviewNames, hasDate); t.Value != "" {
		return dated(t)
	}
	for _, u := range units {
		if day := dates.Find(u.text); day != "" && u.cells == nil && onDay.MatchString(u.text[:strings.Index(u.text, day)]) {
			return catalog.Text{Value: day, At: u.at}
		}
	}
	often := oftenest(fields, units)
	if often.Value == "" {
		return often
	}
	last := dated(lookUp(fields, reviewedNames, hasDate))
	day, ok := dates.Parse(last.Value)
	if !ok {
		return often
	}
	_, months, days := rhythm(often.Value)
	return catalog.Text{Value: day.AddMonths(months).AddDays(days).String(), At: often.At}
}

// oftenest gives the words that say how often the policy is reviewed. Where a page states several, as for its dashboards
// and itself, the words about the policy count, else the longest time.
func oftenest(fields []namedValue, units []*unit) catalog.Text {
	if t := lookUp(fields, rhythmNames, func(s string) bool { words, _, _ := rhythm(s); return words != "" }); t.Value != "" {
		t.Value, _, _ = rhythm(t.Value)
		return t
	}
	var best catalog.Text
	bestRank, bestDays := 0, 0
	for _, u := range units {
		words, months, days := rhythm(u.text)
		if words == "" {
			continue
		}
		below := slices.ContainsFunc(u.section(), func(h *unit) bool { return h.matches(reviewSection) && !structuralTrigger(h.above.textOf()) })
		rank := 0
		switch {
		case reviewWord.MatchString(u.text) && policyWord.MatchString(u.text):
			rank = 3
		case u.level > 0 && reviewWord.MatchString(u.text):
			rank = 2
		case below:
			rank = 1
		}
		if total := 30*months + days; rank > bestRank || rank > 0 && rank == bestRank && total > bestDays {
			best, bestRank, bestDays = catalog.Text{Value: words, At: u.at}, rank, total
		}
	}
	return best
}

// textOf gives the unit's text, "" for none.
func (u *unit) textOf() string {
	if u == nil {
		return ""
	}
	return u.text
}
