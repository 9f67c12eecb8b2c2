package scorecard

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // so that a policy's zone is known on every machine
)

// Calendar says when weeks end.
type Calendar struct {
	Zone    *time.Location
	LastDay time.Weekday // a week ends when this day does
}

// WeekEnds gives the ends of the last n weeks that were over at a moment, the oldest first: each is the midnight after
// the last day of a week, as the zone's clocks count it, however long the days are on which they are changed.
func (c Calendar) WeekEnds(now time.Time, n int) []time.Time {
	local := now.In(c.Zone)
	back := (int(local.Weekday()) - int(c.LastDay) + 6) % 7 // days since the day after the last day began
	ends := make([]time.Time, n)
	for i := range ends {
		ends[n-1-i] = time.Date(local.Year(), local.Month(), local.Day()-back-7*i, 0, 0, 0, 0, c.Zone)
	}
	return ends
}

type calendarSection struct {
	Zone    string `toml:"time_zone" doc:"the zone of the IANA database by whose clocks weeks end" example:"\"UTC\""`
	LastDay string `toml:"week_ends" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"the last day of a week" example:"\"sunday\""`
}

// policy gives what the section says. Its words are known to be valid.
func (s calendarSection) policy() Calendar {
	c := Calendar{Zone: time.UTC, LastDay: time.Sunday}
	if zone, err := location(s.Zone); err == nil {
		c.Zone = zone
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if s.LastDay == strings.ToLower(day.String()) {
			c.LastDay = day
		}
	}
	return c
}

func (v *validation) calendar(s *calendarSection) {
	if _, err := location(s.Zone); err != nil {
		v.problemf(v.At("calendar", "time_zone"), "calendar.time_zone %q is no zone of the IANA database. write it as in \"Europe/Berlin\" or \"UTC\"", s.Zone)
	}
}

// location gives a zone by its name. "Local" is refused: the same policy means the same on every machine.
func location(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if name == "Local" {
		return nil, fmt.Errorf("zone %q depends on the machine", name)
	}
	return time.LoadLocation(name)
}
