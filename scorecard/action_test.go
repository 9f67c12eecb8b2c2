package scorecard

import (
	"fmt"
	"slices"
	"testing"

	"obsready/checks"
)

func TestActionsRank(t *testing.T) {
	set := []*checks.Check{
		toy("gold-points", checks.Critical, checks.Gold, map[string]string{"a": "u"}),              // 10, above what tier 3 requires
		toy("bronze-one", checks.High, checks.Bronze, map[string]string{"a": "uu", "b": "mu"}),     // 5 + 2.5, required: 15, and lifts b: 25
		toy("bronze-two", checks.High, checks.Bronze, map[string]string{"a": "u"}),                 // 5, required: 10
		toy("bronze-unknown", checks.High, checks.Bronze, map[string]string{"a": "?"}),             // likewise, but nothing is known to be wrong
		toy("fine", checks.High, checks.Bronze, map[string]string{"a": "m", "b": "m"}),             // nothing to do
		toy("unimportant", checks.Low, checks.Bronze, map[string]string{"a": "mmmu"}),              // 0.25, required: 0.5
		toy("not-applicable", checks.Critical, checks.Bronze, map[string]string{"elsewhere": "u"}), // nothing to do
	}
	estate := estateOf("a", "b")
	for _, s := range estate.Services {
		s.Tier.Value = "3"
	}
	r := evaluate(estate, set...)
	var got []string
	for _, a := range r.Actions {
		got = append(got, fmt.Sprintf("%s: %g points, %d levels, %d findings, %d services", a.Check.ID, a.Gain, a.Levels, a.Findings, len(a.Services)))
	}
	want := []string{
		"bronze-one: 7.5 points, 1 levels, 3 findings, 2 services",
		"bronze-two: 5 points, 0 levels, 1 findings, 1 services",
		"bronze-unknown: 5 points, 0 levels, 0 findings, 1 services",
		"gold-points: 10 points, 0 levels, 1 findings, 1 services", // as much as the two before, at a higher level
		"unimportant: 0.25 points, 0 levels, 1 findings, 1 services",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if own := r.Cards[1].Actions; len(own) != 1 || own[0].Levels != 1 || own[0].Gain != 2.5 {
		t.Errorf("service b: got %+v", own)
	}
}

func TestActionText(t *testing.T) {
	cause := &checks.Check{ID: "owner-team", Title: "The owner is a team of the catalog", Fix: "Name a [team](../team.toml) of the catalog.\n\nMore.", Level: checks.Bronze,
		Severity: checks.High, Run: func(in *checks.Inspection) {
			in.Unmetf(in.Service.At, "gone").Because("owner gone", "The team \"gone\" is gone.")
		}}
	tests := []struct {
		check *checks.Check
		ids   []string
		want  string
	}{
		{toy("x-y", checks.High, checks.Bronze, map[string]string{"a": "mu"}), []string{"a"}, "Mend x-y: 1 finding"},
		{toy("x-y", checks.High, checks.Bronze, map[string]string{"a": "uu", "b": "u?"}), []string{"a", "b"},
			"Mend x-y: 3 findings in 2 services, and 1 requirement could not be judged"},
		{toy("x-y", checks.High, checks.Bronze, map[string]string{"a": "?", "b": "m?"}), []string{"a", "b"},
			"Make sure that this is so: Title of x-y. 2 requirements in 2 services could not be judged"},
		{cause, []string{"a", "b"}, `Name a team of the catalog: 2 findings in 2 services. They have one cause: The team "gone" is gone`},
	}
	for _, test := range tests {
		r := evaluate(estateOf(test.ids...), test.check)
		if got := r.Actions[0].Text; got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
