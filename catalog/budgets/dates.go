package budgets

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const months = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`

var dates = regexp.MustCompile(`(?i)\b(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}(?:st|nd|rd|th)? ` + months + `\.?,? \d{4}|` + months + `\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|` + months + `\.? \d{4})\b`)

var ordinal = regexp.MustCompile(`(\d)(?:st|nd|rd|th)\b`)

// Date reads a day as policies write it: "2026-03-01", "2026/3/1", "1.3.2026", "1 March 2026", "Mar 1st, 2026". A month
// ("March 2026") is its first day.
func Date(text string) (time.Time, bool) {
	text = ordinal.ReplaceAllString(strings.NewReplacer(",", " ", ". ", " ").Replace(strings.TrimSpace(text)), "$1")
	text = strings.Join(strings.Fields(text), " ")
	if first, rest, ok := strings.Cut(text, " "); ok {
		text = shortMonth(first) + " " + rest
		if middle, last, ok := strings.Cut(rest, " "); ok {
			text = shortMonth(first) + " " + shortMonth(middle) + " " + last
		}
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2.1.2006", "2 Jan 2006", "Jan 2 2006", "Jan 2006"} {
		if day, err := time.Parse(layout, text); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}

// shortMonth gives the first three letters of a month's name; other words stay.
func shortMonth(word string) string {
	if len(word) > 3 && word[0] > '9' {
		return word[:3]
	}
	return word
}

// rhythms are the words by which a policy says how often it is looked at, with the months or days between.
var rhythms = []struct {
	words        *regexp.Regexp
	months, days int
}{
	{regexp.MustCompile(`(?i)\b(?:(?:once|at least once) (?:a|per|every) year|every (?:year|12 months|twelve months)|yearly|annual(?:ly)?|each year)\b`), 12, 0},
	{regexp.MustCompile(`(?i)\b(?:twice a year|half[- ]yearly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|every (?:six|6) months|every half year)\b`), 6, 0},
	{regexp.MustCompile(`(?i)\b(?:quarterly|(?:once|twice) (?:a|per) quarter|every quarter|each quarter|every (?:three|3) months)\b`), 3, 0},
	{regexp.MustCompile(`(?i)\b(?:monthly|every month|each month|(?:once|at least once) (?:a|per) month)\b`), 1, 0},
	{regexp.MustCompile(`(?i)\b(?:bi-?weekly|fortnightly|every (?:two|2|other) weeks?)\b`), 0, 14},
	{regexp.MustCompile(`(?i)\b(?:weekly|every week|each week)\b`), 0, 7},
}

var everyFew = regexp.MustCompile(`(?i)\bevery (\d{1,3}) (days|weeks|months)\b`)

// rhythm gives the words of a text that say how often something is done, with the months and days between.
func rhythm(text string) (words string, months, days int) {
	if m := everyFew.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		switch strings.ToLower(m[2]) {
		case "months":
			return m[0], n, 0
		case "weeks":
			return m[0], 0, 7 * n
		}
		return m[0], 0, n
	}
	for _, r := range rhythms {
		if found := r.words.FindString(text); found != "" {
			return found, r.months, r.days
		}
	}
	return "", 0, 0
}
