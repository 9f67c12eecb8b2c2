package history

import (
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog/tree"
	"obsready/scorecard"
)

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestCommitsInOrder(t *testing.T) {
	tests := []struct{ name, times, want string }{
		{"right clocks", "2026-01-01 2026-01-02 2026-01-02 2026-01-05", "2026-01-01 2026-01-02 2026-01-02 2026-01-05"},
		{"a clock at its beginning", "2026-01-01 2026-01-02 1970-01-01 2026-01-05", "2026-01-01 2026-01-02 2026-01-02 2026-01-05"},
		{"a clock in the future", "2026-01-01 2031-01-02 2026-01-03 2026-01-05", "2026-01-01 2026-01-01 2026-01-03 2026-01-05"},
		{"the first clock in the future", "2031-01-01 2026-01-03 2026-01-05", "2026-01-03 2026-01-03 2026-01-05"},
		{"the last clock behind", "2026-01-01 2026-01-03 2025-01-05", "2026-01-01 2026-01-03 2026-01-03"},
		{"one commit", "2026-01-01", "2026-01-01"},
		{"none", "", ""},
	}
	for _, test := range tests {
		var commits []tree.Commit
		for _, text := range strings.Fields(test.times) {
			commits = append(commits, tree.Commit{Time: day(text)})
		}
		var got []string
		for _, when := range inOrder(commits) {
			got = append(got, when.Format(time.DateOnly))
		}
		if !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("%s: got %v, want %s", test.name, got, test.want)
		}
	}
}

func TestWeekOf(t *testing.T) {
	times := []time.Time{day("2026-01-05"), day("2026-01-06"), day("2026-01-19")}
	p := &past{}
	for i, when := range times {
		p.steps = append(p.steps, step{Commit: scorecard.Commit{Hash: strings.Repeat(string(rune('a'+i)), 40), Time: when}})
	}
	tests := []struct {
		end   string
		whole bool
		step  int
		gap   string
	}{
		{"2026-01-19", true, 1, ""}, // a commit at the very end is one of the next week
		{"2026-01-20", true, 2, ""},
		{"2026-01-12", true, 1, ""},
		{"2026-01-05", true, -1, "the history of the catalog begins on 5 January 2026"},
		{"2026-01-05", false, -1, "this clone holds the history since 5 January 2026 only. fetch the rest: git fetch --unshallow"},
	}
	for _, test := range tests {
		w := p.weekOf(times, test.whole, day(test.end))
		if w.step != test.step || w.Gap != test.gap || w.step >= 0 && w.Commit != p.steps[w.step].Commit {
			t.Errorf("the week that ends at %s, whole %v: got step %d, gap %q", test.end, test.whole, w.step, w.Gap)
		}
	}
	if w := p.weekOf(nil, true, day("2026-01-05")); !strings.Contains(w.Gap, "no history") {
		t.Errorf("of files without history: %q", w.Gap)
	}
}

// The present stands in for a week that has just ended.
func TestEndsOfWeeks(t *testing.T) {
	for now, want := range map[string][]string{
		"2026-06-29T06:00:00Z": {"2026-06-15", "2026-06-22"}, // Monday morning
		"2026-06-30T11:00:00Z": {"2026-06-15", "2026-06-22"},
		"2026-06-30T13:00:00Z": {"2026-06-22", "2026-06-29"},
		"2026-07-05T23:00:00Z": {"2026-06-22", "2026-06-29"},
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		p := &past{Options: Options{Weeks: 2, Calendar: scorecard.Calendar{Zone: time.UTC}}}
		var got []string
		for _, end := range p.ends(at) {
			got = append(got, end.Format(time.DateOnly))
		}
		if !slices.Equal(got, want) {
			t.Errorf("at %s: got %v, want %v", now, got, want)
		}
	}
}
