package scorecard

import (
	"strings"
	"testing"
	"time"
)

func TestWeekEnds(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, now string
		calendar  Calendar
		n         int
		want      string
	}{
		{"in a week", "2026-07-16T01:35:00Z", Calendar{time.UTC, time.Sunday}, 2, "2026-07-06T00:00:00Z 2026-07-13T00:00:00Z"},
		{"on the last day", "2026-07-12T23:59:59Z", Calendar{time.UTC, time.Sunday}, 1, "2026-07-06T00:00:00Z"},
		{"as a week ends", "2026-07-13T00:00:00Z", Calendar{time.UTC, time.Sunday}, 1, "2026-07-13T00:00:00Z"},
		{"a zone ahead", "2026-07-12T22:30:00Z", Calendar{berlin, time.Sunday}, 1, "2026-07-13T00:00:00+02:00"},
		{"clocks go forward", "2026-03-30T12:00:00Z", Calendar{berlin, time.Sunday}, 2, "2026-03-23T00:00:00+01:00 2026-03-30T00:00:00+02:00"},
		{"clocks go back", "2026-10-26T12:00:00Z", Calendar{berlin, time.Sunday}, 2, "2026-10-19T00:00:00+02:00 2026-10-26T00:00:00+01:00"},
		{"another last day", "2026-07-16T01:35:00Z", Calendar{time.UTC, time.Friday}, 1, "2026-07-11T00:00:00Z"},
		{"over a year's end", "2026-01-01T00:00:00Z", Calendar{time.UTC, time.Sunday}, 2, "2025-12-22T00:00:00Z 2025-12-29T00:00:00Z"},
		{"none", "2026-01-01T00:00:00Z", Calendar{time.UTC, time.Sunday}, 0, ""},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, end := range test.calendar.WeekEnds(now, test.n) {
			got = append(got, end.Format(time.RFC3339))
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%s: got %s, want %s", test.name, text, test.want)
		}
	}
}

func TestPolicyCalendar(t *testing.T) {
	p, err := ParsePolicy("p.toml", []byte("[calendar]\ntime_zone = \"America/St_Johns\"\nweek_ends = \"friday\"\n"), known)
	if err != nil || p.Calendar.Zone.String() != "America/St_Johns" || p.Calendar.LastDay != time.Friday {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, zone := range []string{"Local", "Mars/Olympus", "../etc/passwd"} {
		_, err := ParsePolicy("p.toml", []byte("[calendar]\ntime_zone = \""+zone+"\"\n"), known)
		if err == nil || !strings.Contains(err.Error(), "p.toml:2:") || !strings.Contains(err.Error(), zone) {
			t.Errorf("%s: got %v", zone, err)
		}
	}
}
