package toil

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// How often things happen in a year. A task of every day is done by whoever of the team is there, so that nobody's leave
// counts: 52 weeks of five days less ten public holidays. A working day has eight hours, a week five days.
// Source: the eight hours and five days of ILO conventions 1 and 47; ten is the usual number of public holidays (11 in
// the United States, 8 in England, 9 to 13 in Germany).
const (
	daysPerYear  = 250
	hoursPerDay  = 8
	hoursPerWeek = 40
)

var perYear = map[string]float64{
	"hour": daysPerYear * hoursPerDay, "day": daysPerYear, "week": 52, "fortnight": 26, "sprint": 26, "month": 12, "quarter": 4, "year": 1,
	"weekday": daysPerYear, "workday": daysPerYear, "working day": daysPerYear, "business day": daysPerYear, "half year": 2, "annum": 1,
}

var adverbs = map[string]float64{
	"hourly": perYear["hour"], "daily": perYear["day"], "weekly": 52, "fortnightly": 26, "monthly": 12, "quarterly": 4, "yearly": 1, "annually": 1, "annual": 1,
	"half-yearly": 2, "half yearly": 2, "semiannually": 2, "semi-annually": 2, "twice-weekly": 104, "every other week": 26, "every other day": daysPerYear / 2.0,
	"every other month": 6, "every second week": 26, "every second month": 6,
}

var counts = map[string]float64{"once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "twelve": 12, "a": 1, "an": 1, "half": 0.5}

const (
	number  = `(\d+(?:[.,]\d+)?(?:\s*(?:-|–|to)\s*\d+(?:[.,]\d+)?)?|once|twice|thrice|one|two|three|four|five|six|seven|eight|nine|ten|twelve|an?|half)`
	periods = `(hour|day|weekday|workday|working day|business day|week|fortnight|sprint|month|quarter|half year|year|annum)s?`
)

var (
	// rate matches "12 per month", "3x/week", "twice a quarter", "10 times each week".
	rate = regexp.MustCompile(`^` + number + `\s*(?:x|×|times|time|runs?|requests?|tickets?)?\s*(?:per|a|an|each|every|/|in a)\s*` + periods + `$`)
	// counted matches "3 weekly", "twice daily".
	counted = regexp.MustCompile(`^` + number + `\s*(?:x|×|times|time)?\s+(hourly|daily|weekly|fortnightly|monthly|quarterly|yearly|annually)$`)
	// every matches "every 2 weeks", "each month", "per day".
	every = regexp.MustCompile(`^(?:once )?(?:every|each|per)\s+(?:` + number + `\s+)?` + periods + `$`)
	// onDays matches "every monday", "mondays".
	onDays = regexp.MustCompile(`^(?:(?:every|each|on)\s+)?(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)$`)
	// inBrackets matches "per deployment (40/month)" and "per release, 2 per week".
	inBrackets = regexp.MustCompile(`^(?:per|each|every|on)\s+[\pL -]{2,40}(?:\(([^()]+)\)|[,:;]\s*(.+))$`)
	about      = regexp.MustCompile(`^(?:~|≈|about |approx\.? |approximately |around |roughly |ca\.? |circa |up to |on average )+`)
)

// timesPerYear gives how often something happens in a year.
func timesPerYear(often string) (float64, bool) {
	often = plain(often)
	if n, ok := adverbs[often]; ok {
		return n, true
	}
	if onDays.MatchString(often) {
		return 52, true
	}
	if m := rate.FindStringSubmatch(often); m != nil {
		return amount(m[1]) * perYear[m[2]], true
	}
	if m := counted.FindStringSubmatch(often); m != nil {
		return amount(m[1]) * adverbs[m[2]], true
	}
	if m := every.FindStringSubmatch(often); m != nil {
		if m[1] == "" {
			return perYear[m[2]], true
		}
		if n := amount(m[1]); n > 0 {
			return perYear[m[2]] / n, true
		}
		return 0, false
	}
	if m := inBrackets.FindStringSubmatch(often); m != nil {
		return timesPerYear(m[1] + m[2])
	}
	return 0, false
}

var (
	// span matches one number with its unit: "45m", "1.5 hours", "half an hour".
	span      = regexp.MustCompile(`^` + number + `?\s*(?:of )?(?:an?\s+)?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)\b\.?\s*(?:and\s+|,\s*)?`)
	inHours   = map[byte]float64{'s': 1.0 / 3600, 'm': 1.0 / 60, 'h': 1, 'd': hoursPerDay, 'w': hoursPerWeek}
	eachTime  = regexp.MustCompile(`\s+(?:each(?: time)?|per (?:time|run|occurrence|task|instance|case)|every time)$`)
	quarterOf = regexp.MustCompile(`^(?:a )?quarter(?: of)? an hour$`)
)

// hoursOf gives a span of time in hours: "45m", "2 h", "1h 30m", "half a day".
func hoursOf(lasts string) (float64, bool) {
	rest := eachTime.ReplaceAllString(plain(lasts), "")
	if quarterOf.MatchString(rest) {
		return 0.25, true
	}
	sum, parts := 0.0, 0
	for rest != "" {
		m := span.FindStringSubmatch(rest)
		if m == nil || m[1] == "" && !strings.HasPrefix(rest, "a") {
			return 0, false
		}
		n := 1.0
		if m[1] != "" {
			n = amount(m[1])
		}
		sum += n * inHours[m[2][0]]
		rest = rest[len(m[0]):]
		parts++
	}
	return sum, parts > 0 && parts <= 4
}

// plain writes a text in lower case with single blanks, without what only says that it is not exact.
func plain(s string) string {
	if len(s) > 200 {
		return ""
	}
	return about.ReplaceAllString(strings.Join(strings.Fields(strings.ToLower(s)), " "), "")
}

// amount gives a number, of a range its middle.
func amount(s string) float64 {
	if n, ok := counts[s]; ok {
		return n
	}
	ends := regexpRange.Split(s, 2)
	sum := 0.0
	for _, e := range ends {
		n, err := strconv.ParseFloat(strings.ReplaceAll(thousands.ReplaceAllString(strings.TrimSpace(e), "$1$2"), ",", "."), 64)
		if err != nil {
			return 0
		}
		sum += n
	}
	return sum / float64(len(ends))
}

// thousands finds the comma of "1,000"; that of "0,5" is a point.
var thousands = regexp.MustCompile(`\b([1-9]\d{0,2}),(\d{3})\b`)

var regexpRange = regexp.MustCompile(`\s*(?:-|–|to)\s*`)

// maxHours is more than any task can take; what is beyond it is a slip of the pen.
const maxHours = 1e6

// HoursPerYear gives the hours a year that a task takes, from how often it is done and how long it lasts each time, or
// false when one of them cannot be read.
//
// Often: "12 per month", "3x/week", "weekly", "twice a quarter", "every 2 weeks", "per deployment (40/month)"; a day is a
// working day, of which a year has 250. Lasts: "45m", "2 h", "1.5 hours", "half a day"; a day has 8 hours. Of a range
// the middle is taken.
func HoursPerYear(often, lasts string) (float64, bool) {
	times, ok := timesPerYear(often)
	hours, readable := hoursOf(lasts)
	if !ok || !readable {
		return 0, false
	}
	return sane(times * hours)
}

func sane(hours float64) (float64, bool) {
	if hours <= 0 || hours > maxHours || math.IsNaN(hours) {
		return 0, false
	}
	return math.Round(hours*100) / 100, true
}

var percent = regexp.MustCompile(`^(?:(\d{1,3}(?:[.,]\d{1,4})?)\s*%?\s*(?:-|–|to)\s*)?(\d{1,3}(?:[.,]\d{1,4})?)\s*(%|percent|per cent)?(?:\s+of\b.*)?$`)

// Percent reads a share of time: "35%", "35 percent of our time", "0.35". Of a range it gives the end, which the share can
// reach.
func Percent(text string) (float64, bool) {
	m := percent.FindStringSubmatch(plain(text))
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", "."), 64)
	if err != nil || n > 100 {
		return 0, false
	}
	if m[3] == "" && !strings.Contains(text, "%") && n < 1 && n > 0 {
		n *= 100
	}
	return math.Round(n*100) / 100, true
}
