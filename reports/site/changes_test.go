package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

func changesIn(t *testing.T, r *scorecard.Report) changes {
	t.Helper()
	s, err := newSite(r)
	if err != nil {
		t.Fatal(err)
	}
	return s.page("index.html").changes()
}

func TestNothingKnownOfBefore(t *testing.T) {
	for _, text := range []string{"Nothing is known of an earlier time", "obsready scorecard --history 26w"} {
		if !strings.Contains(sites(t)["sample"]["index.html"], text) {
			t.Errorf("a page without a history does not say %q", text)
		}
	}
}

func TestNothingChanged(t *testing.T) {
	r := evaluate(sampleEstate(3))
	r.Comparison = &scorecard.Comparison{Now: r.Now.AddDate(0, 0, -1), RuleSet: r.RuleSet, Standing: standingNow(r.Summary)}
	if view := changesIn(t, r); !view.Nothing() || view.Since != "1 March 2026" {
		t.Errorf("%+v", view)
	}
}

// TestChangesByCommit: verdicts that one commit changed are told once, under its subject, with the level that it won.
func TestChangesByCommit(t *testing.T) {
	r := evaluate(sampleEstate(6))
	one := scorecard.Commit{Hash: strings.Repeat("a1", 20), Subject: "Write runbooks", Time: r.Now}
	shift := func(i int, from, to checks.Verdict, gain float64, by scorecard.Reason) scorecard.Shift {
		s := scorecard.Shift{Service: r.Cards[i].Service.ID, Current: r.Cards[i].Service, Check: r.Checks[i], From: from, To: to, Gain: gain, By: by}
		if by == scorecard.ByCommit {
			s.Commit = one
		}
		return s
	}
	r.History = &scorecard.History{
		Weeks:  []scorecard.Week{{End: r.Now.AddDate(0, 0, -14), Gap: "cut away"}, {End: r.Now.AddDate(0, 0, -7)}, {End: r.Now, Marks: []string{"the policy changed"}}},
		Estate: []scorecard.Standing{{}, standingNow(r.Summary), standingNow(r.Summary)},
		Shifts: []scorecard.Shift{
			shift(0, checks.Fail, checks.Pass, 3, scorecard.ByCommit), shift(1, checks.Fail, checks.Pass, 4, scorecard.ByCommit),
			shift(2, checks.Pass, checks.Fail, -2, scorecard.ByTime), shift(3, checks.Pass, checks.Fail, -9, scorecard.ByRules),
		},
		Moves: []scorecard.Move{
			{Week: 2, Service: r.Cards[0].Service.ID, Current: r.Cards[0].Service, From: checks.None, To: checks.Bronze, By: scorecard.ByCommit, Commit: one},
			{Week: 2, Service: "gone", Went: true, By: scorecard.ByCommit, Commit: one},
			{Week: 1, Service: "older", From: checks.None, To: checks.Gold, By: scorecard.ByCommit, Commit: one},
		},
	}
	view := changesIn(t, r)
	if view.Gained.Len() != 1 || view.Lost.Len() != 1 || view.New.Len() != 0 || view.Gone.Len() != 1 {
		t.Fatalf("%+v", view)
	}
	gained, lost := view.Gained.Shown[0], view.Lost.Shown[0]
	if gained.Points != "+7 points" || gained.Checks != "2 checks in 2 services" || gained.Why.Subject != "Write runbooks" || gained.Why.Commit.Text != "a1a1a1a1" || len(gained.Levels) != 1 {
		t.Errorf("gained %+v", gained)
	}
	if lost.Points != "−2 points" || lost.Why.Reason != "time passed" || lost.Checks != "1 check of "+r.Cards[2].Service.ID {
		t.Errorf("lost %+v", lost)
	}
	if view.Ruled != "1 verdict is" || len(view.Marks) != 1 {
		t.Errorf("rules: %q %q", view.Ruled, view.Marks)
	}
}

// TestOtherRulesBlameNobody: what differs from a report by other rules is not told as won or lost, unless a commit did it.
func TestOtherRulesBlameNobody(t *testing.T) {
	r := evaluate(sampleEstate(6))
	compareWith(r, "2025.9")
	for i := range r.Comparison.Shifts {
		r.Comparison.Shifts[i].By, r.Comparison.Shifts[i].Commit = scorecard.ByUnknown, scorecard.Commit{}
	}
	view := changesIn(t, r)
	if view.Gained.Len()+view.Lost.Len() > 0 || view.Ruled == "" || len(view.Marks) != 2 || len(view.Figures) > 0 {
		t.Errorf("%+v", view)
	}
	lookBack(r, 5) // judges both states by the same rules
	if view := changesIn(t, r); view.Gained.Len() == 0 || view.Since != day(r.History.Weeks[3].End) {
		t.Errorf("the history is not preferred: %+v", view)
	}
}

func TestTenths(t *testing.T) {
	for want, percent := range map[string]float64{"99.9%": 99.99, "100.0%": 100, "77.1%": 77.1, "0.0%": 0.04} {
		if got := tenths(percent, true); got != want {
			t.Errorf("%v: %s, expected %s", percent, got, want)
		}
	}
}

// TestLastDay: a week that ends with the midnight after a Sunday ends on that Sunday.
func TestLastDay(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	if got := lastDay(time.Date(2026, 3, 2, 0, 0, 0, 0, berlin)); got != "1 March 2026" {
		t.Error(got)
	}
}

func TestTiers(t *testing.T) {
	e := sampleEstate(7)
	e.Services[0].Tier = catalog.Text{Value: "5"}
	s, err := newSite(evaluate(e))
	if err != nil {
		t.Fatal(err)
	}
	var services []int
	for _, row := range s.page("index.html").tiers() {
		services = append(services, row.Tier, row.Services)
	}
	if want := []int{1, 2, 2, 2, 3, 2, 5, 1}; !slices.Equal(services, want) {
		t.Errorf("tiers and their services are %v, expected %v", services, want)
	}
}
