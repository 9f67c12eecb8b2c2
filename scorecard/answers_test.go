package scorecard

import (
	"slices"
	"testing"

	"obsready/catalog"
	"obsready/checks"
)

// shop is a small estate in which everything is stated: two services of tier 1 and a library, one team, one journey.
func shop() *catalog.Estate {
	estate := estateOf("cart", "checkout", "money")
	cart, checkout, money := estate.Services[0], estate.Services[1], estate.Services[2]
	team := &catalog.Team{ID: "payments", Contact: text("#pay", "team", 2), Oncall: text("pay-primary", "team", 3),
		Escalation: []catalog.Text{text("lead", "team", 4), text("cto", "team", 4)}, At: catalog.Place{File: "team.toml", Line: 1}}
	for _, s := range estate.Services {
		s.Owner = catalog.Owner{Ref: text("payments", s.ID, 3), Team: team}
		s.Exposure, s.Data = text("internet", s.ID, 4), []catalog.Text{text("pii", s.ID, 5)}
		slo := &catalog.SLO{Name: text(s.ID+"-up", s.ID, 9), Percent: 99.9, Window: text("30d", s.ID, 10), At: catalog.Place{File: s.ID + "-slo.yaml", Line: 1}}
		s.SLOs = []catalog.Linked[catalog.SLO]{{Item: slo}}
	}
	checkout.Description = text("Takes a basket to a paid order. And more.", "checkout", 2)
	checkout.Alerts = []catalog.Linked[catalog.AlertRule]{
		{Item: &catalog.AlertRule{Name: text("Down", "rules", 1), Severity: text("page", "rules", 2), Labels: []catalog.Label{{Key: "slo", Value: "checkout-up"}}, At: catalog.Place{File: "rules.yaml", Line: 1}}},
		{Item: &catalog.AlertRule{Name: text("Slow", "rules", 5), Severity: text("ticket", "rules", 6), At: catalog.Place{File: "rules.yaml", Line: 5}}},
	}
	checkout.Runbooks = []catalog.Linked[catalog.Page]{{Item: &catalog.Page{Path: "docs/down.md", Title: text("Down", "docs", 1), At: catalog.Place{File: "docs/down.md", Line: 1}}}}
	checkout.SLOs[0].Item.Policy = &catalog.BudgetPolicy{Consequences: []catalog.Text{text("Releases stop", "policy", 4)}, At: catalog.Place{File: "policy.md", Line: 1}}
	money.Kind.Value = "library"
	pay := &catalog.Journey{ID: "pay", Name: text("Pay", "journey", 1), Services: []*catalog.Service{cart, checkout}, SLOs: []*catalog.SLO{checkout.SLOs[0].Item}}
	estate.Teams, estate.Journeys = []*catalog.Team{team}, []*catalog.Journey{pay}
	return estate
}

// asked is a check of its own for each given question, and one for each practice that only checks can speak for.
func asked(outcomes map[string]string, level checks.Level) []*checks.Check {
	var set []*checks.Check
	for i, q := range checks.Questions() {
		c := toy([]string{"threat-model-x", "slo-budget-policy", "alert-x", "recovery-x"}[i], checks.High, level, outcomes)
		c.Question = q
		set = append(set, c)
	}
	for _, id := range []string{"rollback-x", "incident-x"} {
		c := toy(id, checks.High, level, outcomes)
		c.Question = checks.Recover
		set = append(set, c)
	}
	return set
}

func clauses(a Answer) []string { return textsOf(a.Clauses) }

func proof(a Answer) []string { return textsOf(a.Proof) }

func textsOf(clauses []Clause) []string {
	var texts []string
	for _, c := range clauses {
		texts = append(texts, c.Text)
	}
	return texts
}

func TestAnswersOfService(t *testing.T) {
	r := evaluate(shop(), asked(map[string]string{"cart": "m", "checkout": "mm"}, checks.Silver)...)
	want := [][]string{
		{
			"checkout: Takes a basket to a paid order.",
			"checkout is of tier 1 and reachable from the internet, and handles pii data.",
			`The journey "Pay" leads through cart and checkout.`,
		}, {
			`The journey "Pay" promises 99.9 % over 30d (checkout-up), an error budget of 43.2 min a month.`,
			`When the error budget of "checkout-up" is spent, a policy holds: "Releases stop".`,
		}, {
			`When the journey "Pay" breaks its SLO "checkout-up", alert "Down" tells and wakes payments.`,
			`1 alert that pages belongs to payments, whose rota is "pay-primary".`,
		}, {
			`payments answers for checkout, with contact "#pay", rota "pay-primary", escalation to "lead" and "cto".`,
			`1 runbook was found: "Down".`,
		},
	}
	proven := [][]string{
		{"Title of threat-model-x: threat-model-x 0 is fine; threat-model-x 1 is fine."},
		{"Title of slo-budget-policy: slo-budget-policy 0 is fine; slo-budget-policy 1 is fine."},
		{"Title of alert-x: alert-x 0 is fine; alert-x 1 is fine."},
		{
			"Title of recovery-x: recovery-x 0 is fine; recovery-x 1 is fine.",
			"Title of rollback-x: rollback-x 0 is fine; rollback-x 1 is fine.",
			"Title of incident-x: incident-x 0 is fine; incident-x 1 is fine.",
		},
	}
	for i, a := range r.Cards[1].Answers() {
		if a.Question != checks.Questions()[i] || a.Status != Answered || len(a.Missing) > 0 {
			t.Errorf("%s: %s, missing %q", a.Question, a.Status, a.Missing)
		}
		if got := clauses(a); !slices.Equal(got, want[i]) {
			t.Errorf("%s: got\n%q\nwant\n%q", a.Question, got, want[i])
		}
		if got := proof(a); !slices.Equal(got, proven[i]) {
			t.Errorf("%s: got the proof\n%q\nwant\n%q", a.Question, got, proven[i])
		}
		for _, c := range slices.Concat(a.Clauses, a.Proof) {
			if len(c.Evidence) == 0 {
				t.Errorf("%s: no evidence for %q", a.Question, c.Text)
			}
		}
	}
}

func TestAnswersOfTeamAndEstate(t *testing.T) {
	r := evaluate(shop(), asked(map[string]string{"cart": "u", "checkout": "m"}, checks.Silver)...)
	for _, answers := range [][]Answer{r.Answers, r.Teams[0].Answers} {
		know := answers[2]
		if know.Status != Partly || !slices.Contains(proof(know), `"Title of alert-x" holds for checkout.`) ||
			!slices.Equal(know.Missing, []string{`not yet true of cart: "Title of alert-x"`}) {
			t.Errorf("got %s, %q, missing %q", know.Status, clauses(know), know.Missing)
		}
		if got := clauses(answers[0]); !slices.Contains(got, "cart is of tier 1 and reachable from the internet, and handles pii data.") {
			t.Errorf("the library takes part, or a service is not told: %q", got)
		}
	}
}

func TestAnswersAreNeverSurerThanTheirEvidence(t *testing.T) {
	know := func(r *Report) Answer { return r.Cards[1].Answers()[2] }
	tests := []struct {
		name    string
		set     []*checks.Check
		status  AnswerStatus
		missing string
	}{
		{"a check fails", asked(map[string]string{"checkout": "mu"}, checks.Silver), Partly, `not yet true: "Title of alert-x" (1 of 2 not met)`},
		{"a check is unknown", asked(map[string]string{"checkout": "?"}, checks.Silver), Partly, `could not be judged: "Title of alert-x" (alert-x 0 cannot be read)`},
		{"no check applies", asked(nil, checks.Silver), Partly, "no check of this run applies"},
		{"no check was asked", nil, Partly, "no check of this run judges it"},
	}
	for _, test := range tests {
		a := know(evaluate(shop(), test.set...))
		if a.Status != test.status || !slices.Equal(a.Missing, []string{test.missing}) {
			t.Errorf("%s: got %s, missing %q", test.name, a.Status, a.Missing)
		}
	}

	bare := shop()
	bare.Services[1].Alerts = nil
	if a := know(evaluate(bare, asked(map[string]string{"checkout": "u"}, checks.Silver)...)); a.Status != NotAnswered {
		t.Errorf("without any fact: %s, %q", a.Status, clauses(a))
	}
}

// TestAnswersExpectWhatTheTierRequires: gold is expected of tier 1, and silver of every tier.
func TestAnswersExpectWhatTheTierRequires(t *testing.T) {
	for _, test := range []struct {
		tier  string
		level checks.Level
		want  AnswerStatus
	}{
		{"1", checks.Gold, Partly}, {"3", checks.Gold, Answered}, {"3", checks.Silver, Partly}, {"4", checks.Silver, Partly},
	} {
		estate := shop()
		estate.Services[1].Tier.Value = test.tier
		fine := toy("fine", checks.Low, checks.Bronze, map[string]string{"checkout": "m"})
		r := evaluate(estate, append(asked(map[string]string{"checkout": "u"}, test.level), fine)...)
		if got := r.Cards[1].Answers()[2]; got.Status != test.want {
			t.Errorf("tier %s, failing %v check: %s, missing %q", test.tier, test.level, got.Status, got.Missing)
		}
	}
}

func TestAnswersNameWhatNoCheckJudges(t *testing.T) {
	r := evaluate(shop())
	for i, want := range []string{"threat models", "error budget policies", "", "recovery objectives, plans and exercises"} {
		a := r.Cards[1].Answers()[i]
		if found := slices.Contains(a.Missing, want+" are not judged by the checks of this run"); want != "" && (!found || a.Status != Partly) {
			t.Errorf("%s: %s, missing %q", a.Question, a.Status, a.Missing)
		}
	}
}

func TestAnswersNameWhatIsMissing(t *testing.T) {
	estate := shop()
	cart := estate.Services[0]
	cart.Tier, cart.Exposure, cart.Data = catalog.Text{}, catalog.Text{}, nil
	cart.Gaps = []catalog.Gap{{Kinds: []catalog.Kind{catalog.Services}, At: catalog.Place{File: "cart.toml", Line: 4}, Cause: catalog.UnknownKey}}
	estate.Services[1].SLOs = nil
	estate.Journeys[0].SLOs = nil
	estate.Journeys = append(estate.Journeys, &catalog.Journey{ID: "look", Name: text("Look", "journey", 9), SLORefs: []catalog.Text{text("look-up", "journey", 10)}})
	r := evaluate(estate)
	protect, promise := r.Answers[0].Missing, r.Answers[1].Missing
	for _, want := range []string{
		"the tier of cart is not stated (cart.toml:4 could not be read: unknown key)",
		"the exposure of cart is not stated (cart.toml:4 could not be read: unknown key)",
		"the data classes of cart are not stated (cart.toml:4 could not be read: unknown key)",
	} {
		if !slices.Contains(protect, want) {
			t.Errorf("%q is not among %q", want, protect)
		}
	}
	for _, want := range []string{
		`the journey "Pay" has no SLO`,
		`the SLO of the journey "Look" was not found: "look-up"`,
		"no SLO was found for checkout, of tier 1 or 2",
	} {
		if !slices.Contains(promise, want) {
			t.Errorf("%q is not among %q", want, promise)
		}
	}
}

func TestAnswersAboutALibrary(t *testing.T) {
	for _, a := range evaluate(shop()).Cards[2].Answers() {
		if a.Status != NotAnswered || !slices.Equal(a.Missing, []string{"money is a library, which nobody operates"}) {
			t.Errorf("%s: %s, missing %q", a.Question, a.Status, a.Missing)
		}
	}
}

func TestListed(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "a", 2: "a and b", 3: "a, b and c", 6: "a, b, c, d, e and f", 7: "a, b, c, d, e and 2 more"} {
		if got := listed([]string{"a", "b", "c", "d", "e", "f", "g"}[:n]); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
