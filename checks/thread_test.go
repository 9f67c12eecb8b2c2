package checks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/checks"
)

// TestThreads follows the threads of an archive's journeys. The name of a journey begins with what must become of them,
// so rewriting the golden text cannot approve a wrong one.
func TestThreads(t *testing.T) {
	const file = "testdata/threads.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	estate, policy := loadArchive(t, archive)
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	var b strings.Builder
	for _, j := range estate.Journeys {
		for _, thread := range survey.Threads(j) {
			if became := became(thread); !strings.HasPrefix(j.Name.Value, became) {
				t.Errorf("journey %q is %s", j.Name.Value, became)
			}
			writeThread(t, &b, thread)
		}
	}
	compare(t, file, archive, b.String())
}

// became says whether a thread is whole, or what its first link is that does not hold.
func became(t checks.Thread) string {
	l := t.Breaks()
	switch {
	case l == nil:
		return "whole"
	case l.State == checks.Unmet:
		return "broken at " + string(l.Part)
	}
	return "not known at " + string(l.Part)
}

func writeThread(t *testing.T, b *strings.Builder, thread checks.Thread) {
	slo := ""
	if thread.SLO != nil {
		slo = ", " + thread.SLO.Name.Value
	}
	fmt.Fprintf(b, "%s%s\n", thread.Journey.Name.Value, slo)
	marks := map[checks.State]string{checks.Met: "+", checks.Unmet: "-", checks.Undecided: "?"}
	for i, l := range thread.Links {
		if l.Part != checks.ThreadParts()[i] || l.Text == "" || strings.HasSuffix(l.Text, ".") || l.At.File == "" {
			t.Errorf("journey %q: link %d is %+v", thread.Journey.Name.Value, i, l)
		}
		fmt.Fprintf(b, "\t%s %s %q at %s: %s\n", marks[l.State], l.Part, l.Name, l.At, l.Text)
	}
}

// TestThreadsAgreeWithChecks: alert-journey says of a service what the threads of its journeys say of the alert, and
// dashboard-journey what they say of the dashboard, where they do not go by a link of the alert.
func TestThreadsAgreeWithChecks(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/threads.txtar")
	if err != nil {
		t.Fatal(err)
	}
	estate, policy := loadArchive(t, archive)
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	for part, id := range map[checks.ThreadPart]string{checks.ThreadAlert: "alert-journey", checks.ThreadDashboard: "dashboard-journey"} {
		set, err := checks.ByID(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, svc := range estate.Services {
			var says, holds []string
			for _, q := range set[0].Inspect(survey.About(svc)).Requirements {
				says = append(says, string(q.State)+" "+q.Message)
			}
			for _, j := range svc.Journeys {
				threads := survey.Threads(j)
				if part == checks.ThreadDashboard {
					threads = threads[:1] // it speaks of a journey once
				}
				for _, thread := range threads {
					l := thread.Link(part)
					if strings.Contains(l.Text, "d/fars") {
						l.State, l.Text = checks.Unmet, fmt.Sprintf("journey %q has no dashboard that shows its SLI. set dashboard to a uid, title or file", j.Name.Value)
					}
					holds = append(holds, string(l.State)+" "+l.Text)
				}
			}
			if !slices.Equal(says, holds) {
				t.Errorf("%s says of %s\n%q\nand the threads\n%q", id, svc.ID, says, holds)
			}
		}
	}
}

func TestJourneyAlerts(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/threads.txtar")
	if err != nil {
		t.Fatal(err)
	}
	estate, policy := loadArchive(t, archive)
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	i := slices.IndexFunc(estate.Journeys, func(j *catalog.Journey) bool {
		return strings.HasPrefix(j.Name.Value, "whole, its SLO tells who waits")
	})
	var names []string
	for _, a := range survey.JourneyAlerts(estate.Journeys[i]) {
		names = append(names, a.Item.Name.Value)
	}
	if want := []string{"PaymentsSlow", "PaymentsFailTicket", "PaymentsFail"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q: those on the SLO come first", names, want)
	}
}
