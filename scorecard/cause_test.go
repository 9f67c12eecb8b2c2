package scorecard

import (
	"fmt"
	"slices"
	"testing"

	"obsready/catalog"
	"obsready/checks"
)

func TestCauses(t *testing.T) {
	shared := catalog.Place{File: "shared.yaml", Line: 7}
	owner := &checks.Check{ID: "owner-team", Severity: checks.High, Run: func(in *checks.Inspection) {
		in.Unmetf(in.Service.At, "owner of %s is gone", in.Service.ID).Because("owner gone", "the team %q is gone", "gone")
	}}
	alert := &checks.Check{ID: "alert-x", Severity: checks.High, Run: func(in *checks.Inspection) {
		in.Unmetf(shared, "alert \"Down\" has no runbook")
		in.Unmetf(catalog.Place{File: "shared.yaml", Line: 8}, "alert of %s", in.Service.ID)         // one place, other words
		in.Unmetf(catalog.Place{File: in.Service.ID + ".yaml", Line: 1}, "the same words elsewhere") // the same words, other places
		if in.Service.ID == "a" {
			in.Unmetf(in.Service.At, "alone").Because("alone", "only a")
			in.Unmetf(in.Service.At, "team label gone").Because("owner gone", "the team %q is gone", "gone")
			in.Metf(shared, "met requirements have no cause")
		}
	}}
	policy := DefaultPolicy()
	policy.Checks = map[string]CheckPolicy{"alert-x": {Announced: true}}
	r := Evaluate(estateOf("a", "b"), []*checks.Check{owner, alert}, policy, now, 1)
	var got []string
	for _, g := range r.Causes {
		got = append(got, fmt.Sprintf("%s (%s): %d findings of %d services of %s", g.Key, g.Summary, len(g.Findings), g.Services, g.Check.ID))
	}
	want := []string{
		`owner gone (the team "gone" is gone): 3 findings of 2 services of owner-team`,
		`alert-x at shared.yaml:7 (alert "Down" has no runbook): 2 findings of 2 services of alert-x`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if f := r.Causes[0].Findings; f[0].Check != owner || f[1].Check != alert || !f[1].Announced || f[0].Announced || f[2].Service.ID != "b" {
		t.Errorf("findings are not in order, or lost their check: %+v", f)
	}
}
