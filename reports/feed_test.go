package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"obsready/checks"
	"obsready/scorecard"
)

func feedOf(t *testing.T, r *scorecard.Report) atomFeed {
	t.Helper()
	var b bytes.Buffer
	if err := writeFeed(&b, r); err != nil {
		t.Fatal(err)
	}
	var f atomFeed
	if err := xml.Unmarshal(b.Bytes(), &f); err != nil {
		t.Fatalf("%v: %s", err, b.String())
	}
	return f
}

var uuid = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// TestFeedIsValid asks what RFC 4287 requires of a feed and of its entries.
func TestFeedIsValid(t *testing.T) {
	past, compared := withPast(t), withPast(t)
	compared.History = nil
	still := withPast(t)
	still.History.Moves = nil
	for name, r := range map[string]*scorecard.Report{"history": past, "comparison": compared, "nothing moved": still} {
		f := feedOf(t, r)
		ids := map[string]bool{f.ID: true}
		latest := ""
		for _, e := range f.Entries {
			if !uuid.MatchString(e.ID) || ids[e.ID] {
				t.Errorf("%s: the ID %q is no UUID, or that of another entry", name, e.ID)
			}
			ids[e.ID] = true
			if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || e.Title.Text == "" || e.Title.Type != "text" || e.Content.Text == "" || e.Content.Type != "text" {
				t.Errorf("%s: got %+v", name, e)
			}
			latest = max(latest, e.Updated)
			for _, l := range e.Links {
				if l.Rel != "alternate" || !strings.HasPrefix(l.Href, "services/") || len(e.Links) > 1 {
					t.Errorf("%s: got %+v", name, e.Links)
				}
			}
		}
		if latest == "" {
			latest = "2026-03-02T06:00:00Z"
		}
		if !uuid.MatchString(f.ID) || f.Title.Text == "" || f.Author.Name == "" || f.Updated != latest {
			t.Errorf("%s: got %+v", name, f)
		}
	}
	if got := len(feedOf(t, compared).Entries); got != 3 {
		t.Errorf("the comparison gives %d entries", got)
	}
}

// TestFeedKeepsItsIDs looks at the same catalog a day and a week later.
func TestFeedKeepsItsIDs(t *testing.T) {
	ids := func(r *scorecard.Report) map[string]string {
		found := map[string]string{}
		for _, e := range feedOf(t, r).Entries {
			found[e.ID] = e.Title.Text + " " + e.Updated
		}
		return found
	}
	first := ids(withPast(t))
	nextDay := withPast(t)
	last := &nextDay.History.Weeks[3]
	last.End = last.End.AddDate(0, 0, 1)
	nextWeek := withPast(t)
	weeks := nextWeek.History.Weeks
	weeks[3].End = weeks[2].End.AddDate(0, 0, 7)
	nextWeek.History.Weeks = append(weeks[1:], scorecard.Week{End: weeks[3].End.AddDate(0, 0, 3)}) // one week further, as long a history
	for i := range nextWeek.History.Moves {
		nextWeek.History.Moves[i].Week--
	}
	for name, r := range map[string]*scorecard.Report{"the next day": nextDay, "the next week": nextWeek} {
		later := ids(r)
		for id, entry := range first {
			if later[id] == "" || name == "the next day" && later[id] != entry {
				t.Errorf("%s: %q became %q", name, entry, later[id])
			}
		}
	}
	elsewhere := withPast(t)
	elsewhere.Estate.Revision.Web = "https://git.example/other/catalog"
	for id := range ids(elsewhere) {
		if first[id] != "" {
			t.Errorf("another catalog has the ID %s too", id)
		}
	}
}

func TestFeedIsShort(t *testing.T) {
	r := withPast(t)
	r.History.Moves = nil
	for i := range 250 {
		r.History.Moves = append(r.History.Moves, scorecard.Move{Week: 3 - i/100, Service: fmt.Sprint("s", i), From: checks.Bronze, To: checks.Silver, By: scorecard.ByTime})
	}
	if got := len(feedOf(t, r).Entries); got != maxFeedEntries {
		t.Errorf("got %d entries", got)
	}
}
