package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	ics "github.com/arran4/golang-ical"

	"obsready/scorecard"
)

// writeCalendar writes deadlines as an iCalendar file (RFC 5545) to subscribe to: an event of one day for each, which
// keeps its identity for as long as what is due and its day stay what they are. The same report gives the same bytes.
func writeCalendar(w io.Writer, r *scorecard.Report, name string, deadlines []scorecard.Deadline) error {
	calendar := ics.NewCalendarFor("obsready")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetXWRCalName(plain(name))
	zone := calendar.AddTimezone("UTC").AddStandard() // a calendar with nothing due has to hold something
	zone.AddProperty(ics.ComponentPropertyDtStart, "19700101T000000")
	zone.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
	zone.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	seen := map[string]int{}
	for _, d := range deadlines {
		id := deadlineID(d, 0)
		seen[id]++
		event := calendar.AddEvent(deadlineID(d, seen[id]-1))
		event.SetDtStampTime(r.Now)
		event.SetAllDayStartAt(d.Due.Time())
		event.SetAllDayEndAt(d.Due.AddDays(1).Time())
		event.SetTimeTransparency(ics.TransparencyTransparent)
		event.SetSummary(plain(d.What))
		event.SetDescription(plain(deadlineText(d)))
		event.AddProperty(ics.ComponentPropertyCategories, string(d.Kind))
		if address := r.Estate.Revision.Link(d.At); address != "" {
			event.SetURL(address)
		}
	}
	if err := calendar.SerializeTo(w, ics.WithNewLineWindows); err != nil {
		return fmt.Errorf("could not write the calendar: %w", err)
	}
	return nil
}

// deadlineID gives a deadline's name among all that calendars know; n tells those apart that are alike in all. It does not
// hold the place's line, which moves when something is written above.
func deadlineID(d scorecard.Deadline, n int) string {
	parts := append([]string{string(d.Kind), d.At.File, d.What, d.Due.String(), d.Owner, strconv.Itoa(n)}, viewsOf(d.Services, serviceID)...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16]) + "@obsready"
}

// deadlineText says in a sentence what kind of thing is due, whose it is, and where that is written.
func deadlineText(d scorecard.Deadline) string {
	text := upperFirst(string(d.Kind))
	if d.Owner != "" {
		text += ", of " + d.Owner
	}
	if len(d.Services) > 0 && len(d.Services) <= 5 {
		text += ", about " + strings.Join(viewsOf(d.Services, serviceID), ", ")
	} else if n := len(d.Services); n > 0 {
		text += ", about " + count(n, "service")
	}
	return text + ": " + d.At.String()
}

// upperFirst begins a text with a capital letter.
func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
