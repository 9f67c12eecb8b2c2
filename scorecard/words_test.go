package scorecard

import (
	"slices"
	"testing"

	"obsready/catalog"
	"obsready/checks"
)

func TestPercent(t *testing.T) {
	if p, ok := (Score{}).Percent(); ok || p != 0 {
		t.Errorf("nothing possible: got %v, %v", p, ok)
	}
	s := Score{Earned: 3, Possible: 12, Unknown: 6}.Add(Score{Possible: 12})
	if p, ok := s.Percent(); !ok || p != 12.5 || s.UnknownPercent() != 25 {
		t.Errorf("got %v and %v unknown", p, s.UnknownPercent())
	}
}

func TestShortList(t *testing.T) {
	for n, want := range map[int]string{1: "a", 4: "a; b; c; d", 5: "a; b; c; and 2 more"} {
		if got := shortList([]string{"a", "b", "c", "d", "e"}[:n]); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestFirstSentence(t *testing.T) {
	for in, want := range map[string]string{
		"Add a `for`, e.g. 5m. Then wait.":       "Add a `for`, e.g. 5m",
		"See [the page](https://x.example/a.B).": "See the page",
		"One line\nfolded.\n\nNext paragraph.":   "One line folded",
		"":                                       "",
	} {
		if got := firstSentence(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestWhoIsPaged: an alert's own team counts before the owner's, and a label that names no team is nobody.
func TestWhoIsPaged(t *testing.T) {
	estate := shop()
	other := &catalog.Team{ID: "other"}
	page := func(name string, team catalog.Owner) catalog.Linked[catalog.AlertRule] {
		return catalog.Linked[catalog.AlertRule]{Item: &catalog.AlertRule{Name: text(name, "rules", 1), Severity: text("page", "rules", 2), Team: team, At: catalog.Place{File: "rules.yaml", Line: 1}}}
	}
	checkout := estate.Services[1]
	checkout.Alerts = append(checkout.Alerts,
		page("A", catalog.Owner{Ref: text("other", "rules", 3), Team: other}),
		page("B", catalog.Owner{Ref: text("gone", "rules", 3)}), page("C", catalog.Owner{Ref: text("gone", "rules", 3)}))
	know := evaluate(estate, asked(map[string]string{"checkout": "m"}, checks.Silver)...).Cards[1].Answers()[2]
	want := []string{"1 alert that pages belongs to other, for which no rota is stated.", `1 alert that pages belongs to payments, whose rota is "pay-primary".`}
	if got := clauses(know)[1:3]; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if want := []string{"2 alerts that page belong to no team of the catalog"}; !slices.Equal(know.Missing, want) || know.Status != Partly {
		t.Errorf("got %s, missing %q", know.Status, know.Missing)
	}
}

func TestSpoken(t *testing.T) {
	for in, want := range map[string]string{"1h": "1 hour", "15m": "15 minutes", "90 s": "90 seconds", "2d": "2 days", "1h30m": "1h30m", "a day": "a day", "": ""} {
		if got := spokenDuration(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"https://oncall.example:8443/rota/1": "at oncall.example", "#team": `"#team"`, "mailto:a@b.example": `"mailto:a@b.example"`, "https://": `"https://"`} {
		if got := spokenAddress(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
