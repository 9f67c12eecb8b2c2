package dates

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-01": "2026-03-01", "2026/3/1": "2026-03-01", "1.3.2026": "2026-03-01", "1 March 2026": "2026-03-01", "Mar 1st, 2026": "2026-03-01",
		"September 3, 2026": "2026-09-03", "sept 2026": "2026-09-01", " 2026-03-01 ": "2026-03-01", "2024-02-29": "2024-02-29",
		"2026-03-01T23:30:00-05:00": "2026-03-01", "2026-03-01T00:30:00+14:00": "2026-03-01", "2026-03-01 10:00 UTC": "2026-03-01", "2026-03-01T10:00:00.123Z": "2026-03-01",
		// No days:
		"2026-02-29": "", "2026-13-01": "", "3/1/2026": "", "tomorrow": "", "": "", "2026": "", "0000-00-00": "",
	} {
		day, ok := Parse(text)
		if day.String() != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", text, day, want)
		}
	}
}

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"due: 2026-05-01, by ada": "2026-05-01", "reviewed 2026-05-01T10:00:00Z": "2026-05-01T10:00:00Z", "2026-05-01T23:30-05:00.": "2026-05-01T23:30-05:00",
		"in May 2026": "May 2026", "version 2026-05-01x": "", "2026-05-01Tx": "",
	} {
		if got := Find(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestMonthsKeepToTheirEnd(t *testing.T) {
	for _, c := range []struct {
		day    Day
		months int
		want   string
	}{
		{Of(2024, 2, 29), 12, "2025-02-28"}, {Of(2024, 2, 29), 48, "2028-02-29"}, {Of(2025, 2, 28), 12, "2026-02-28"},
		{Of(2026, 1, 31), 1, "2026-02-28"}, {Of(2026, 8, 31), 6, "2027-02-28"}, {Of(2026, 12, 15), 1, "2027-01-15"},
	} {
		if got := c.day.AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months: got %s, want %s", c.day, c.months, got, c.want)
		}
	}
}

// A day is over when it is over everywhere, and not begun when it has begun nowhere.
func TestEdges(t *testing.T) {
	due := Of(2026, 3, 1)
	for _, c := range []struct {
		now             string
		overdue, future bool
	}{
		{"2026-02-28T09:59:59Z", false, true},
		{"2026-02-28T10:00:00Z", false, false}, // midnight on Kiritimati
		{"2026-03-01T23:59:59Z", false, false},
		{"2026-03-02T11:59:59Z", false, false},
		{"2026-03-02T12:00:00Z", true, false}, // midnight on Baker Island
		{"2026-03-02T21:00:00+09:00", true, false},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := due.Before(Current(now)); got != c.overdue {
			t.Errorf("%s: overdue is %v", c.now, got)
		}
		if got := due.After(Begun(now)); got != c.future {
			t.Errorf("%s: future is %v", c.now, got)
		}
	}
}

func TestUntilCountsDays(t *testing.T) {
	if got := Of(2024, 2, 28).Until(Of(2024, 3, 1)); got != 2 {
		t.Errorf("over a leap day: %d days", got)
	}
	if got := Of(2026, 3, 30).Until(Of(2026, 3, 28)); got != -2 {
		t.Errorf("backwards: %d days", got)
	}
	if got := Of(2026, 12, 31).AddDays(1).String(); got != "2027-01-01" {
		t.Errorf("the day after: %s", got)
	}
}

func TestDeadlineIsTheLastDayMeant(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-01": "2026-03-01", "1 March 2026": "2026-03-01", "March 2026": "2026-03-31", "Feb 2024": "2024-02-29",
		"Q3 2026": "2026-09-30", "2026-Q4": "2026-12-31", "q1/2026": "2026-03-31", "Q5 2026": "", "soon": "",
	} {
		if day, ok := Deadline(text); day.String() != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", text, day, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-03-01", "1 March 2026", "Mar 1st, 2026", "2026-02-29", "1.1.1", "ä 1 2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if day, ok := Parse(text); ok {
			if again, ok := Parse(day.String()); !ok || again != day {
				t.Errorf("%q is %s, which is %s", text, day, again)
			}
		}
		for _, found := range FindAll(text) {
			if len(found) < 8 {
				t.Errorf("%q holds %q", text, found)
			}
		}
	})
}
