package scorecard

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/checks"
)

func TestPoints(t *testing.T) {
	tests := []struct {
		outcome string
		want    Score
	}{
		{"m", Score{Earned: 10, Possible: 10}},
		{"u", Score{Possible: 10}},
		{"mu", Score{Earned: 5, Possible: 10}},
		{"?", Score{Possible: 10, Unknown: 10}},
		{"mm??", Score{Earned: 5, Possible: 10, Unknown: 5}},
		{"mu??", Score{Earned: 2.5, Possible: 10, Unknown: 5}},
		{"", Score{}},
		{"!", Score{Possible: 10, Unknown: 10}},
	}
	for _, test := range tests {
		r := evaluate(estateOf("a"), one(checks.Critical, checks.Bronze, test.outcome))
		if got := r.Cards[0].Score; got != test.want {
			t.Errorf("outcome %q: got %+v, want %+v", test.outcome, got, test.want)
		}
		if r.Summary.Score != r.Cards[0].Score {
			t.Errorf("outcome %q: the summary's score %+v differs from the only card's", test.outcome, r.Summary.Score)
		}
	}
}

func TestLevels(t *testing.T) {
	tests := []struct {
		name                 string
		bronze, silver, gold string
		want                 checks.Level
		blockers             []string
	}{
		{"all pass", "m", "m", "m", checks.Gold, nil},
		{"a level of which nothing applies is reached", "m", "", "m", checks.Gold, nil},
		{"partial credit is no pass", "m", "mu", "m", checks.Bronze, []string{"silver-high"}},
		{"unknown is no pass", "?", "m", "m", checks.None, []string{"bronze-high"}},
		{"a level above does not help", "u", "m", "m", checks.None, []string{"bronze-high"}},
		{"only the next level blocks", "m", "u", "u", checks.Bronze, []string{"silver-high"}},
		{"gold missing", "m", "m", "u", checks.Silver, []string{"gold-high"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := evaluate(estateOf("a"), one(checks.High, checks.Bronze, test.bronze), one(checks.High, checks.Silver, test.silver),
				one(checks.High, checks.Gold, test.gold)).Cards[0]
			if c.Level != test.want {
				t.Errorf("got level %v, want %v", c.Level, test.want)
			}
			var blockers []string
			for _, b := range c.Blockers {
				blockers = append(blockers, b.Check.ID)
			}
			if !slices.Equal(blockers, test.blockers) {
				t.Errorf("got blockers %v, want %v", blockers, test.blockers)
			}
			if c.Next != next(c.Level, checks.Gold) || c.Next == checks.None != (c.Level == checks.Gold) {
				t.Errorf("level %v has next level %v", c.Level, c.Next)
			}
		})
	}
}

func TestRequiredLevel(t *testing.T) {
	tests := []struct {
		tier, kind, lifecycle string
		want                  checks.Level
	}{
		{"1", "", "", checks.Gold},
		{"2", "", "", checks.Silver},
		{"3", "", "", checks.Bronze},
		{"", "", "", checks.Bronze},
		{"high", "", "", checks.Bronze},
		{"4", "", "", checks.None},
		{"1", "library", "", checks.None},
		{"1", "request", "retired", checks.None},
	}
	for _, test := range tests {
		estate := estateOf("a")
		svc := estate.Services[0]
		svc.Tier.Value, svc.Kind.Value, svc.Lifecycle.Value = test.tier, test.kind, test.lifecycle
		c := evaluate(estate, one(checks.High, checks.Bronze, "u"), one(checks.Low, checks.Gold, "m")).Cards[0]
		if c.Required != test.want {
			t.Errorf("tier %q, kind %q, lifecycle %q: got %v, want %v", test.tier, test.kind, test.lifecycle, c.Required, test.want)
		}
		if c.Ready() != (test.want == checks.None) {
			t.Errorf("tier %q, kind %q: ready is %v at level %v of %v", test.tier, test.kind, c.Ready(), c.Level, c.Required)
		}
	}
}

// A run that asks some of the checks only gives and requires no more than their levels.
func TestLevelsEndWhereChecksEnd(t *testing.T) {
	c := evaluate(estateOf("a"), one(checks.High, checks.Bronze, "m")).Cards[0]
	if c.Level != checks.Bronze || c.Required != checks.Bronze || c.Next != checks.None || !c.Ready() {
		t.Errorf("got level %v of %v, next %v", c.Level, c.Required, c.Next)
	}
}

func TestNothingAppliesIsNotRated(t *testing.T) {
	r := evaluate(estateOf("a", "b"), one(checks.High, checks.Gold, "m"))
	c := r.Cards[1]
	if c.Rated || c.Level != checks.None || c.Required != checks.None || !c.Ready() {
		t.Errorf("got rated %v, level %v of %v, ready %v", c.Rated, c.Level, c.Required, c.Ready())
	}
	if want := [4]int{checks.Gold: 1}; r.Summary.Levels != want || r.Summary.NotRated != 1 || r.Summary.Ready != 2 {
		t.Errorf("got levels %v, %d not rated, %d ready", r.Summary.Levels, r.Summary.NotRated, r.Summary.Ready)
	}
}

func TestAnnouncedIsShownNotCounted(t *testing.T) {
	policy := DefaultPolicy()
	policy.Checks = map[string]CheckPolicy{"bronze-high": {Announced: true}}
	r := Evaluate(estateOf("a"), []*checks.Check{one(checks.High, checks.Bronze, "u"), one(checks.Low, checks.Gold, "m")}, policy, now, 1)
	c := r.Cards[0]
	if c.Level != checks.Gold || c.Score != (Score{Earned: 1, Possible: 1}) || len(c.Actions) != 0 || r.Summary.Verdicts[checks.Fail] != 0 {
		t.Errorf("got level %v, score %+v, actions %v, verdicts %v", c.Level, c.Score, c.Actions, r.Summary.Verdicts)
	}
	if got := c.Results[0]; !got.Announced || got.Verdict != checks.Fail || got.Points != 0 {
		t.Errorf("the result is not shown: %+v", got)
	}
	if got := c.Pillars[0]; got.Pillar != checks.Alerts || got.Verdict != checks.Pass {
		t.Errorf("the pillar takes part of it: %+v", got)
	}
}

func TestPolicyChangesChecks(t *testing.T) {
	all := []*checks.Check{one(checks.High, checks.Bronze, "u"), one(checks.Low, checks.Silver, "u"), one(checks.Medium, checks.Gold, "m")}
	policy := DefaultPolicy()
	policy.Checks = map[string]CheckPolicy{"bronze-high": {Off: true}, "silver-low": {Severity: checks.Critical, Level: checks.Gold}}
	set := policy.CheckSet(all)
	if len(set) != 2 || set[0].Severity != checks.Critical || set[0].Level != checks.Gold || set[1] != all[2] {
		t.Fatalf("got %+v", set)
	}
	if all[1].Severity != checks.Low {
		t.Error("the caller's check was changed")
	}
	if again := policy.CheckSet(set); !slices.Equal(again, set) {
		t.Error("applying the policy twice is not the same as once")
	}
	if c := Evaluate(estateOf("a"), all, policy, now, 1).Cards[0]; c.Level != checks.Silver || c.Score.Possible != 13 {
		t.Errorf("got level %v, score %+v", c.Level, c.Score)
	}
}

func TestLevelsOfTiers(t *testing.T) {
	strict := one(checks.High, checks.Silver, "u")
	strict.TierLevels = map[int]checks.Level{1: checks.Bronze}
	estate, set := estateOf("a"), []*checks.Check{strict, one(checks.Low, checks.Gold, "m")}
	judge := func(tier string, policy *Policy) *Card {
		estate.Services[0].Tier.Value = tier
		return Evaluate(estate, set, policy, now, 1).Cards[0]
	}
	if c := judge("1", DefaultPolicy()); c.Level != checks.None || c.Results[0].Level != checks.Bronze {
		t.Errorf("tier 1: got level %v, the result's %v", c.Level, c.Results[0].Level)
	}
	if c := judge("2", DefaultPolicy()); c.Level != checks.Bronze || c.Results[0].Level != checks.Silver {
		t.Errorf("tier 2: got level %v, the result's %v", c.Level, c.Results[0].Level)
	}
	policy := DefaultPolicy()
	policy.Checks = map[string]CheckPolicy{strict.ID: {Level: checks.Gold}}
	if c := judge("1", policy); c.Level != checks.Silver {
		t.Errorf("the policy's level is that of every tier: got %v", c.Level)
	}
}

func TestPanicLosesOneVerdictOnly(t *testing.T) {
	check := toy("x-y", checks.High, checks.Bronze, map[string]string{"a": "!", "b": "m"})
	r := evaluate(estateOf("a", "b"), check)
	got := r.Cards[0].Results[0]
	if got.Verdict != checks.Unknown || !strings.HasPrefix(got.Reason, "the check failed inside: out of toys") {
		t.Errorf("got %v: %s", got.Verdict, got.Reason)
	}
	if r.Cards[1].Results[0].Verdict != checks.Pass {
		t.Error("the other service's verdict was lost")
	}
}

func TestPillarShowsTheWorst(t *testing.T) {
	for outcomes, want := range map[[2]string]checks.Verdict{
		{"m", "m"}: checks.Pass, {"m", "?"}: checks.Unknown, {"?", "u"}: checks.Fail, {"", "m"}: checks.Pass, {"", ""}: checks.NotApplicable,
	} {
		c := evaluate(estateOf("a"), one(checks.High, checks.Bronze, outcomes[0]), one(checks.Low, checks.Silver, outcomes[1])).Cards[0]
		for _, p := range c.Pillars {
			if p.Pillar == checks.Alerts && p.Verdict != want {
				t.Errorf("%q: got %v, want %v", outcomes, p.Verdict, want)
			}
			if p.Pillar == checks.Logs && p.Verdict != checks.NotApplicable {
				t.Errorf("a pillar without checks is %v", p.Verdict)
			}
		}
	}
}

func TestTeams(t *testing.T) {
	estate := estateOf("a", "b", "c")
	ann, bob := &catalog.Team{ID: "ann"}, &catalog.Team{ID: "bob"}
	estate.Teams = []*catalog.Team{ann, bob}
	estate.Services[0].Owner.Team = bob
	estate.Services[2].Owner.Team = bob
	estate.Journeys = []*catalog.Journey{{ID: "pay", Name: text("Pay", "j", 1), Owner: catalog.Owner{Team: ann}, Services: estate.Services[2:]}}
	r := evaluate(estate, toy("x-y", checks.High, checks.Bronze, map[string]string{"a": "m", "b": "u", "c": "u"}))
	var got []string
	for _, c := range r.Teams {
		ids := []string{}
		for _, card := range c.Cards {
			ids = append(ids, card.Service.ID)
		}
		got = append(got, fmt.Sprintf("%s %v %g/%g %d promises", c.Name(), ids, c.Summary.Score.Earned, c.Summary.Score.Possible, len(c.Promises)))
	}
	want := []string{"ann [] 0/0 1 promises", "bob [a c] 5/10 1 promises", "no team [b] 0/5 0 promises"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestWorkers compares reports of estates in which everything is connected.
func TestWorkers(t *testing.T) {
	ids := make([]string, 40)
	outcomes := map[string]string{}
	for i := range ids {
		ids[i] = fmt.Sprintf("s%02d", i)
		outcomes[ids[i]] = []string{"m", "mu", "u?", "", "!"}[i%5]
	}
	estate := estateOf(ids...)
	team := &catalog.Team{ID: "t", Oncall: text("rota", "t", 1)}
	estate.Teams = []*catalog.Team{team}
	for i, s := range estate.Services {
		if i%3 == 0 {
			s.Owner.Team = team
		}
		s.Alerts = []catalog.Linked[catalog.AlertRule]{{Item: &catalog.AlertRule{Name: text("A", s.ID, 4), Severity: text("page", s.ID, 5), At: s.At}}}
	}
	set := []*checks.Check{toy("x-y", checks.High, checks.Bronze, outcomes), toy("x-z", checks.Low, checks.Gold, outcomes)}
	policy := DefaultPolicy()
	evaluated := func(workers int) (*Report, [][]Answer, []Watch) {
		r := Evaluate(estate, set, policy, now, workers)
		var answers [][]Answer
		var watches []Watch
		for _, c := range r.Cards { // functions are never equal, what they give is
			answers = append(answers, c.Answers())
			watches = append(watches, c.Watch())
			c.Answers, c.Watch = nil, nil
		}
		r.survey = nil
		return r, answers, watches
	}
	first, answers, watches := evaluated(1)
	for _, workers := range []int{0, 8, 100} {
		if r, a, w := evaluated(workers); !reflect.DeepEqual(r, first) || !reflect.DeepEqual(a, answers) || !reflect.DeepEqual(w, watches) {
			t.Errorf("the report of %d workers differs from that of one", workers)
		}
	}
}

func TestEmptyEstate(t *testing.T) {
	r := evaluate(&catalog.Estate{}, one(checks.High, checks.Bronze, "m"))
	if len(r.Cards) != 0 || len(r.Teams) != 0 || r.Summary.Services != 0 || len(r.Answers) != 4 {
		t.Errorf("got %+v", r)
	}
	for _, a := range r.Answers {
		if a.Status != NotAnswered {
			t.Errorf("%s is %s", a.Question, a.Status)
		}
	}
}
