package budgets

import (
	"regexp"
	"strconv"
	"strings"
)

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
