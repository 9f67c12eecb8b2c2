package recovery

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// unitOf gives the length of a unit of time by its first letters.
var unitOf = []struct {
	name   string
	length time.Duration
}{
	{"mo", 30 * 24 * time.Hour}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour},
}

const (
	numbers = `\d{1,6}(?:[.,]\d{1,3})?`
	spelt   = `half an?|an?|one|two|three|four|five|six|eight|ten|twelve|fifteen|thirty`
	units   = `(?:ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|(?:business |working |calendar )?days?|d|weeks?|wks?|w|months?|mos?)`
)

var (
	amount = regexp.MustCompile(`\b(?:(` + numbers + `)[\s-]*|(` + spelt + `)[\s-]+)(` + units + `)(?:\b|[0-9]|$)`)
	iso    = regexp.MustCompile(`^p(?:(\d{1,4})d)?(?:t(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4})s)?)?$`)
	clock  = regexp.MustCompile(`^(\d{1,3}):([0-5]\d):([0-5]\d)$`)
	zero   = regexp.MustCompile(`^(?:(?:0|zero|nil)(?:\.0)?(?:[ -]*(?:s|secs?|seconds?|m|mins?|minutes?|h|hours?|data[ -]?loss|loss|downtime))*|no (?:data[ -]?)?loss|no downtime)\s*(?:$|[(,;.])`)
	// hoursMinutes matches an hour with minutes that bear no unit: "4h30".
	hoursMinutes = regexp.MustCompile(`\b(\d{1,3}) ?h ?([0-5]\d)(\s*(?:$|[(),;.]))`)
	joint        = regexp.MustCompile(`^[\s,]*(?:and)?\s*$`)
	illustration = regexp.MustCompile(`\be\.?g\b|\bfor example\b|^[\[{]`)
)

var spelled = map[string]float64{
	"a": 1, "an": 1, "half a": 0.5, "half an": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "fifteen": 15, "thirty": 30,
}

// Objective gives the time that a recovery objective states, as people write it: "4 hours", "1h30m", "< 15 minutes",
// "zero", "PT1H". Of several it is the longest one: "2-4 hours" and "1 hour, 4 hours at night" are four hours. A month has 30
// days. false when it states no number with a unit: "low", "best effort", "99.9 %", "[e.g. 1 hour]".
func Objective(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	text = hoursMinutes.ReplaceAllString(text, "$1 h $2 min$3")
	if len(text) > 500 || illustration.MatchString(text) {
		return 0, false
	}
	if m := iso.FindStringSubmatch(text); m != nil && len(text) > 2 {
		return sum(m[1:], 24*time.Hour, time.Hour, time.Minute, time.Second), true
	}
	if m := clock.FindStringSubmatch(text); m != nil {
		return sum(m[1:], time.Hour, time.Minute, time.Second), true
	}
	if zero.MatchString(text) {
		return 0, true
	}
	return longest(text)
}

func sum(parts []string, lengths ...time.Duration) time.Duration {
	var total time.Duration
	for i, p := range parts {
		n, _ := strconv.Atoi(p)
		total += time.Duration(n) * lengths[i]
	}
	return total
}

// longest gives the longest time in a text. Amounts that follow each other from the larger unit to the smaller are one:
// "1 hour and 30 minutes".
func longest(text string) (best time.Duration, found bool) {
	var run, last time.Duration // the sum of those that are one, and the unit of the last of them
	end := 0
	for at := 0; at < len(text); {
		m := amount.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		number := text[at+max(m[2], m[4]) : at+max(m[3], m[5])]
		length := lengthOf(text[at+m[6] : at+m[7]])
		this := time.Duration(valueOf(number) * float64(length))
		if found && length < last && joint.MatchString(text[end:at+m[0]]) {
			run += this
		} else {
			run = this
		}
		best, found, last = max(best, run), true, length
		end = at + m[7]
		at = end
	}
	return best, found
}

func lengthOf(unit string) time.Duration {
	for _, prefix := range []string{"business ", "working ", "calendar "} {
		unit = strings.TrimPrefix(unit, prefix)
	}
	for _, u := range unitOf {
		if strings.HasPrefix(unit, u.name) {
			return u.length
		}
	}
	return 0
}

func valueOf(number string) float64 {
	if x, ok := spelled[number]; ok {
		return x
	}
	whole, rest, comma := strings.Cut(number, ",")
	if comma && len(rest) == 3 { // thousands
		number = whole + rest
	} else {
		number = strings.Replace(number, ",", ".", 1)
	}
	x, _ := strconv.ParseFloat(number, 64)
	return x
}
