package reports

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/checks"
	"obsready/scorecard"
)

// dueReport is a report with deadlines of every kind, one with hostile text, around the day of judgement.
func dueReport() *scorecard.Report {
	estate := &catalog.Estate{Revision: catalog.Revision{Commit: "0123456789abcdef", Permalink: "https://git.example/c/blob/{commit}/{path}#L{line}"}}
	team := &catalog.Team{ID: "payments"}
	svc := &catalog.Service{ID: "checkout", Owner: catalog.Owner{Team: team}}
	estate.Services, estate.Teams = []*catalog.Service{svc}, []*catalog.Team{team}
	r := scorecard.Evaluate(estate, checks.All()[:1], scorecard.DefaultPolicy(), time.Date(2026, 6, 30, 13, 0, 0, 0, time.UTC), 1)
	at := catalog.Place{File: "docs/pm.md", Line: 12, Col: 3}
	due := func(kind scorecard.DeadlineKind, what string, day dates.Day) scorecard.Deadline {
		return scorecard.Deadline{Kind: kind, What: what, Owner: "Ada; \\ ,", Due: day, At: at, Services: []*catalog.Service{svc}, Teams: []*catalog.Team{team}}
	}
	r.Deadlines = []scorecard.Deadline{
		due(scorecard.ActionDue, "Add an alert,\nEND:VCALENDAR\r\n<script>\x1b[31m", dates.Of(2024, 2, 29)),
		due(scorecard.ExerciseDue, strings.Repeat("Exercise the recovery of a service with a long name ", 5), dates.Of(2026, 6, 29)),
		due(scorecard.ReviewDue, "Read the runbook again", dates.Of(2026, 6, 30)),
		due(scorecard.ReviewDue, "Read the runbook again", dates.Of(2026, 6, 30)), // alike in all
		due(scorecard.AttestationDue, "ünïcödé "+strings.Repeat("ß", 60), dates.Of(2026, 12, 31)),
	}
	r.Teams[0].Deadlines = r.Deadlines
	return r
}

func TestCalendarIsRead(t *testing.T) {
	r := dueReport()
	var b bytes.Buffer
	if err := writeCalendar(&b, r, "Readiness of payments", r.Deadlines); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for i, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\n\r\x1b") {
			t.Errorf("line %d has %d bytes or a control character: %q", i+1, len(line), line)
		}
	}
	if n := strings.Count(text, "END:VCALENDAR\r\n"); n != 1 {
		t.Errorf("the calendar ends %d times", n)
	}
	calendar, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i, e := range calendar.Events() {
		d := r.Deadlines[i]
		start, err := e.GetAllDayStartAt()
		end, err2 := e.GetAllDayEndAt()
		if err != nil || err2 != nil || start.Format(time.DateOnly) != d.Due.String() || end.Format(time.DateOnly) != d.Due.AddDays(1).String() {
			t.Errorf("%q is from %v to %v, want %s", d.What, start, end, d.Due)
		}
		if ids[e.Id()] || e.GetProperty(ics.ComponentPropertySummary).Value == "" || e.GetProperty(ics.ComponentPropertyUrl).Value != "https://git.example/c/blob/0123456789abcdef/docs/pm.md#L12" {
			t.Errorf("event %d: %v", i, e)
		}
		ids[e.Id()] = true
	}
	if len(ids) != 5 {
		t.Errorf("%d events", len(ids))
	}
	var again bytes.Buffer
	if err := writeCalendar(&again, dueReport(), "Readiness of payments", r.Deadlines); err != nil || again.String() != text {
		t.Error("the same report gives another calendar")
	}
}

// A calendar holds a component even when nothing is due, as RFC 5545 asks.
func TestEmptyCalendar(t *testing.T) {
	var b bytes.Buffer
	if err := writeCalendar(&b, dueReport(), "Readiness of search", nil); err != nil {
		t.Fatal(err)
	}
	calendar, err := ics.ParseCalendar(strings.NewReader(b.String()))
	if err != nil || len(calendar.Timezones()) != 1 || len(calendar.Events()) != 0 {
		t.Errorf("%v: %s", err, b.String())
	}
}

// A line that is written above a promise moves its place and keeps its event.
func TestCalendarKeepsIdentity(t *testing.T) {
	r := dueReport()
	moved := r.Deadlines[0]
	moved.At.Line++
	if deadlineID(moved, 0) != deadlineID(r.Deadlines[0], 0) {
		t.Error("a moved line gives a new event")
	}
	moved.Due = moved.Due.AddDays(1)
	if deadlineID(moved, 0) == deadlineID(r.Deadlines[0], 0) {
		t.Error("another day gives the same event")
	}
}

func TestDeadlinesFollowTheirSchema(t *testing.T) {
	r := dueReport()
	var b bytes.Buffer
	if err := writeDeadlines(&b, r); err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(DeadlinesSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("deadlines.schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("deadlines.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
	// June 30 is over nowhere, June 29 everywhere.
	if got := b.String(); !strings.Contains(got, `"due":"2026-06-29","late":1`) || !strings.Contains(got, `"due":"2026-06-30","late":0`) || !strings.Contains(got, `"due":"2024-02-29","late":852`) {
		t.Errorf("got %s", got)
	}
}
