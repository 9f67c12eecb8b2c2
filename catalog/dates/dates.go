// Package dates reads the days that people write into documents and counts with them. It answers "which day is meant?"
// and "is it over?", and never what that is worth.
//
// A day has no time zone: "due 2026-03-01" is kept by whoever acts on that day where they live. So a day is over only
// when it is over everywhere on Earth, and lies in the future only when it has begun nowhere. Nobody is told a few hours
// too early that something is late.
package dates

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Day is a day of the calendar. The zero Day is none.
type Day struct{ midnight time.Time } // in UTC

// Of gives a day by its numbers. Days that a month does not have count on into the next one.
func Of(year int, month time.Month, day int) Day {
	return Day{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// On gives the day of a moment as its own time zone counts it.
func On(t time.Time) Day { return Of(t.Date()) }

// The offsets of the last and the first places to begin a day.
const (
	lastZone  = -12 * time.Hour
	firstZone = 14 * time.Hour
)

// Current gives the day that it still is somewhere at the given moment: what was due on an earlier day is overdue.
func Current(now time.Time) Day { return On(now.UTC().Add(lastZone)) }

// Begun gives the latest day that has begun somewhere at the given moment: a later one lies in the future.
func Begun(now time.Time) Day { return On(now.UTC().Add(firstZone)) }

// IsZero reports whether it is no day.
func (d Day) IsZero() bool { return d.midnight.IsZero() }

// Before reports whether d comes before e.
func (d Day) Before(e Day) bool { return d.midnight.Before(e.midnight) }

// After reports whether d comes after e.
func (d Day) After(e Day) bool { return d.midnight.After(e.midnight) }

// Until gives the number of days from d to e, negative when e comes first.
func (d Day) Until(e Day) int { return int(e.midnight.Sub(d.midnight) / (24 * time.Hour)) }

// AddDays gives the day n days later.
func (d Day) AddDays(n int) Day { return Day{d.midnight.AddDate(0, 0, n)} }

// AddMonths gives the same day n months later, or the last of that month when it has no such day: a year after February
// 29 is February 28.
func (d Day) AddMonths(n int) Day {
	year, month, day := d.midnight.Date()
	last := Of(year, month+time.Month(n)+1, 0)
	if shifted := Of(year, month+time.Month(n), day); !shifted.After(last) {
		return shifted
	}
	return last
}

// Time gives the moment at which the day begins in UTC.
func (d Day) Time() time.Time { return d.midnight }

// String gives the day as 2006-01-02, "" for none.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.midnight.Format(time.DateOnly)
}

const months = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`

var written = regexp.MustCompile(`(?i)\b(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}(?:st|nd|rd|th)? ` + months + `\.?,? \d{4}|` + months + `\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|` + months + `\.? \d{4})\b`)

// FindAll gives the days that are written in a text, as they are written.
func FindAll(text string) []string { return written.FindAllString(text, -1) }

// Find gives the first day that is written in a text, as it is written; "" for none.
func Find(text string) string { return written.FindString(text) }

var (
	ordinal = regexp.MustCompile(`(\d)(?:st|nd|rd|th)\b`)
	clock   = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)? ?(?:Z|UTC|[+-]\d{2}:?\d{2})?$`)
)

// Parse reads a day as people write it: "2026-03-01", "2026/3/1", "1.3.2026", "1 March 2026", "Mar 1st, 2026", and moments
// such as "2026-03-01T23:30:00-05:00", of which it is the day that is written. A month ("March 2026") is its first day.
// A day that the calendar does not have, or one of which the order of day and month is not plain ("3/1/2026"), is none.
func Parse(text string) (Day, bool) {
	text = strings.TrimSpace(text)
	if m := clock.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	text = ordinal.ReplaceAllString(strings.NewReplacer(",", " ", ". ", " ").Replace(text), "$1")
	fields := strings.Fields(text)
	for i, word := range fields {
		if i < 2 && len(word) > 3 && word[0] > '9' {
			fields[i] = word[:3] // a month's name
		}
	}
	text = strings.Join(fields, " ")
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2.1.2006", "2 Jan 2006", "Jan 2 2006", "Jan 2006"} {
		if day, err := time.Parse(layout, text); err == nil {
			return Day{day}, true
		}
	}
	return Day{}, false
}

var (
	dayNumber = regexp.MustCompile(`\b\d{1,2}(?:st|nd|rd|th)?\b`)
	quarter   = regexp.MustCompile(`(?i)^(?:q([1-4])[ /-]*(\d{4})|(\d{4})[ /-]*q([1-4]))$`)
)

// Deadline reads a day by which something is to be done, the last that the words can mean: of a month ("March 2026") or a
// quarter ("Q3 2026") the end.
func Deadline(text string) (Day, bool) {
	text = strings.TrimSpace(text)
	if m := quarter.FindStringSubmatch(text); m != nil {
		year, _ := strconv.Atoi(m[2] + m[3])
		q, _ := strconv.Atoi(m[1] + m[4])
		return Of(year, time.Month(3*q+1), 0), true
	}
	day, ok := Parse(text)
	if ok && !dayNumber.MatchString(text) {
		return day.AddMonths(1).AddDays(-1), true
	}
	return day, ok
}
