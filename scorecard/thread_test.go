package scorecard

import (
	"fmt"
	"slices"
	"testing"

	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/measure"
)

func alertOf(name, severity string, labels ...string) catalog.Linked[catalog.AlertRule] {
	rule := &catalog.AlertRule{Name: text(name, "rules", 1), Severity: text(severity, "rules", 2), At: catalog.Place{File: "rules.yaml", Line: 1}}
	for i := 0; i < len(labels); i += 2 {
		rule.Labels = append(rule.Labels, catalog.Label{Key: labels[i], Value: labels[i+1]})
	}
	return catalog.Linked[catalog.AlertRule]{Item: rule, By: catalog.Link{Rung: catalog.ByFolder}}
}

func names(alerts []Watched) []string {
	var names []string
	for _, w := range alerts {
		names = append(names, w.Alert.Name.Value)
		if w.Pages {
			names[len(names)-1] += " pages"
		}
	}
	return names
}

func TestWatch(t *testing.T) {
	estate := estateOf("a", "b")
	estate.Services[0].Alerts = []catalog.Linked[catalog.AlertRule]{
		alertOf("S1", "page", "alert_type", "symptom"), alertOf("C", "page", "alert_type", "cause"), alertOf("S2", "ticket", "alert_type", "symptom"),
		alertOf("M", "page", "alert_type", "meta"), alertOf("U", "page"),
	}
	r := evaluate(estate)
	w := r.Cards[0].Watch()
	for _, test := range []struct {
		class measure.Class
		got   []Watched
		want  []string
	}{
		{measure.Symptom, w.Symptoms, []string{"S1 pages", "S2"}}, {measure.Cause, w.Causes, []string{"C pages"}},
		{measure.Meta, w.Meta, []string{"M pages"}}, {measure.Unknown, w.Unknown, []string{"U pages"}},
	} {
		if got := names(test.got); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.class, got, test.want)
		}
		for _, a := range test.got {
			if a.Judgement.Class != test.class || a.Link.Rung != catalog.ByFolder {
				t.Errorf("%s: got %+v", a.Alert.Name.Value, a)
			}
		}
	}
	if w := r.Cards[1].Watch(); len(w.Symptoms)+len(w.Causes)+len(w.Meta)+len(w.Unknown) > 0 {
		t.Errorf("a service without alerts is watched by %+v", w)
	}
}

// TestThreads: the estate, its services and teams have the threads of their journeys, in the order of journeys and SLOs.
func TestThreads(t *testing.T) {
	estate := estateOf("a", "b")
	team := &catalog.Team{ID: "t", At: catalog.Place{File: "t.toml", Line: 1}}
	estate.Teams, estate.Services[0].Owner.Team = []*catalog.Team{team}, team
	slo := func(name string) *catalog.SLO {
		return &catalog.SLO{Name: text(name, "slo", 1), Objective: text("99", "slo", 2), Percent: 99}
	}
	estate.Journeys = []*catalog.Journey{
		{ID: "pay", Name: text("Pay", "j", 1), SLOs: []*catalog.SLO{slo("paid"), slo("fast")}, Services: estate.Services[:1]},
		{ID: "look", Name: text("Look", "j", 2), Services: estate.Services},
	}
	r := evaluate(estate)
	for _, test := range []struct {
		name string
		got  []checks.Thread
		want []string
	}{
		{"estate", r.Threads, []string{"pay paid", "pay fast", "look "}},
		{"service a", r.Cards[0].Threads, []string{"pay paid", "pay fast", "look "}},
		{"service b", r.Cards[1].Threads, []string{"look "}},
		{"team", r.Teams[0].Threads, []string{"pay paid", "pay fast", "look "}},
		{"no team", r.Teams[1].Threads, []string{"look "}},
	} {
		var got []string
		for _, thread := range test.got {
			name := ""
			if thread.SLO != nil {
				name = thread.SLO.Name.Value
			}
			got = append(got, fmt.Sprintf("%s %s", thread.Journey.ID, name))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if p := r.Promises[1]; p.Thread == nil || p.Thread.SLO != p.SLO {
		t.Errorf("the thread of %q is %+v", p.SLO.Name.Value, p.Thread)
	}
}

// TestJourneyWatch: alerts on the SLOs of a journey come before other symptoms of its services, causes not at all.
func TestJourneyWatch(t *testing.T) {
	estate := estateOf("a")
	a := estate.Services[0]
	a.Alerts = []catalog.Linked[catalog.AlertRule]{
		alertOf("Other", "ticket", "alert_type", "symptom"), alertOf("Inside", "page", "alert_type", "cause"), alertOf("On", "page", "slo", "paid"),
	}
	paid := &catalog.SLO{Name: text("paid", "slo", 1), Percent: 99}
	estate.Journeys = []*catalog.Journey{{ID: "pay", Name: text("Pay", "j", 1), SLOs: []*catalog.SLO{paid}, Services: estate.Services}}
	r := evaluate(estate)
	if got, want := names(r.JourneyWatch(estate.Journeys[0])), []string{"On pages", "Other"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBudgetMinutes(t *testing.T) {
	for percent, want := range map[float64]float64{99.9: 43.2, 99.99: 4.32, 0.99995 * 100: 2.16, 99: 432, 0: 0, 100: 0, 120: 0} {
		if got := budgetMinutes(&catalog.SLO{Percent: percent}); got != want {
			t.Errorf("%v %%: got %v minutes, want %v", percent, got, want)
		}
	}
}

// TestPolicies: a policy is told by what follows from it, once for all its SLOs, and a name that leads nowhere is missing.
func TestPolicies(t *testing.T) {
	estate := estateOf("a")
	page := &catalog.Page{Path: "budget.md", Title: text("Budgets", "budget", 1)}
	freeze := &catalog.BudgetPolicy{Page: page, Consequences: []catalog.Text{text("All releases\n  stop.", "budget", 7)}, At: catalog.Place{File: "budget.md", Line: 1}}
	empty := &catalog.BudgetPolicy{Page: page, At: catalog.Place{File: "budget.md", Line: 1}}
	slo := func(name string, policy *catalog.BudgetPolicy) *catalog.SLO {
		return &catalog.SLO{Name: text(name, "slo", 1), Percent: 99, Policy: policy, PolicyBy: "named by the SLO", At: catalog.Place{File: "slo.yaml", Line: 1}}
	}
	lost := slo("lost", nil)
	lost.PolicyLink = catalog.ResolvedLink{Link: text("gone.md", "slo", 3), State: catalog.NoSuchFile, Detail: "there is no gone.md"}
	for _, o := range []*catalog.SLO{slo("one", freeze), slo("two", freeze), slo("three", empty), slo("none", nil), lost} {
		estate.Services[0].SLOs = append(estate.Services[0].SLOs, catalog.Linked[catalog.SLO]{Item: o})
	}
	r := evaluate(estate)
	var rows []string
	for _, p := range r.Promises {
		rows = append(rows, fmt.Sprintf("%s: %s at %s", p.SLO.Name.Value, p.Policy, p.PolicyAt))
	}
	want := []string{"one: All releases stop. at budget.toml:7", "two: All releases stop. at budget.toml:7", "three: Budgets at budget.toml:1", "none:  at ", "lost:  at "}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	promise := r.Answers[1]
	if text := `When the error budget of "one" and "two" is spent, a policy holds: "All releases stop".`; !slices.Contains(clauses(promise), text) {
		t.Errorf("%q is not among %q", text, clauses(promise))
	}
	if text := `the error budget policy "gone.md" of the SLO "lost" (named by the SLO) was not found: there is no gone.md`; !slices.Contains(promise.Missing, text) {
		t.Errorf("%q is not among %q", text, promise.Missing)
	}
}

// TestWhoTells: a journey's promise is told of by the alert on it, and what does not tell or reaches nobody is missing.
func TestWhoTells(t *testing.T) {
	estate := shop()
	checkout := estate.Services[1]
	checkout.Alerts[0].Item.Severity.Value = "ticket"
	know := evaluate(estate).Cards[1].Answers()[2]
	if want := `When the journey "Pay" breaks its SLO "checkout-up", alert "Down" tells.`; !slices.Contains(clauses(know), want) {
		t.Errorf("%q is not among %q", want, clauses(know))
	}
	if len(know.Missing) == 0 || know.Status != Partly {
		t.Errorf("nobody is woken: %s, missing %q", know.Status, know.Missing)
	}
}
