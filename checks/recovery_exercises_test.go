package checks_test

import (
	"testing"
	"time"

	"obsready/catalog"
	"obsready/checks"
)

func recoveryService(tier string, exercises ...*catalog.Exercise) *catalog.Service {
	svc := &catalog.Service{Name: catalog.Text{Value: "shop"}, Tier: catalog.Text{Value: tier}}
	for _, x := range exercises {
		svc.Exercises = append(svc.Exercises, catalog.Linked[catalog.Exercise]{Item: x})
	}
	return svc
}

func heldOn(date, next string) *catalog.Exercise {
	return &catalog.Exercise{Date: catalog.Text{Value: date}, Next: catalog.Text{Value: next}}
}

func TestExerciseDue(t *testing.T) {
	settings := checks.DefaultSettings()
	now := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	survey := checks.NewSurvey(&catalog.Estate{}, &settings, now)
	for _, c := range []struct {
		what string
		svc  *catalog.Service
		want string
	}{
		{"none has taken place", recoveryService("2", heldOn("soon", ""), heldOn("2024-03-03", "")), ""},
		{"a year after a leap day", recoveryService("2", heldOn("2024-02-29", "")), "2025-03-01"},
		{"over a leap day", recoveryService("2", heldOn("2023-03-01", "")), "2024-03-01"},
		{"half a year for tier 1", recoveryService("1", heldOn("2024-02-29", "")), "2024-08-31"},
		{"the newest counts", recoveryService("2", heldOn("2023-05-01", ""), heldOn("2023-06-01", ""), heldOn("2023-01-01", "")), "2024-06-01"},
		{"its own next day is earlier", recoveryService("2", heldOn("2023-06-01", "Q4 2023")), "2023-12-31"},
		{"its own next day is later", recoveryService("2", heldOn("2023-06-01", "2025-01-01")), "2024-06-01"},
		{"its own next day is before it", recoveryService("2", heldOn("2023-06-01", "2023-05-01")), "2024-06-01"},
		{"a month that is not over", recoveryService("2", heldOn("March 2024", "")), "2025-03-03"}, // 2024-03-02 has begun in the east
	} {
		day, x, ok := survey.ExerciseDue(c.svc)
		if day.String() != c.want || ok != (c.want != "") || ok != (x != nil) {
			t.Errorf("%s: got %s, %t, want %s", c.what, day, ok, c.want)
		}
	}
}

// The last day on which an exercise is recent enough is over when it is over everywhere on Earth, and one that has begun
// somewhere does not lie in the future.
func TestExercisedAtTheEdges(t *testing.T) {
	settings := checks.DefaultSettings()
	found, err := checks.ByID("recovery-exercised")
	if err != nil {
		t.Fatal(err)
	}
	x := heldOn("2024-02-29", "")
	x.Scenario, x.Outcome, x.Participants = catalog.Text{Value: "lost region"}, catalog.Text{Value: "back"}, []catalog.Text{{Value: "ada"}}
	for now, want := range map[string]checks.Verdict{
		"2024-02-28T09:59:59Z":      checks.Fail, // tomorrow everywhere
		"2024-02-28T10:00:00Z":      checks.Pass,
		"2025-03-02T11:59:59Z":      checks.Pass, // the 366th day, on Baker Island
		"2025-03-02T12:00:00Z":      checks.Fail,
		"2025-03-02T14:00:00+02:00": checks.Fail,
	} {
		when, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		survey := checks.NewSurvey(&catalog.Estate{}, &settings, when)
		if r := found[0].Inspect(survey.About(recoveryService("2", x))); r.Verdict != want {
			t.Errorf("%s: got %s, want %s: %+v", now, r.Verdict, want, r.Requirements)
		}
	}
}
