package scorecard

import (
	"fmt"
	"strconv"

	"obsready/catalog"
)

// promise states the promises table in sentences, and what it lacks.
func (a *Answer) promise(g group) {
	for _, p := range g.promises {
		switch {
		case p.SLO == nil && len(p.Journey.SLORefs) > 0:
			a.missf("the SLO of the journey %q was not found: %s", p.Journey.Name.Value, quotedTexts(p.Journey.SLORefs))
		case p.SLO == nil:
			a.missf("the journey %q has no SLO", p.Journey.Name.Value)
		case p.SLO.Percent <= 0:
			a.missf("the SLO %q states no objective between 0 and 100 %%", p.SLO.Name.Value)
		default:
			a.clausef([]catalog.Place{p.SLO.At}, "%s promises %s (%s)%s.", p.subject(), p.Target, p.measurement(), p.budget())
		}
	}
	a.policies(g.promises)
	for _, j := range g.journeys {
		if found, named := len(j.SLOs), len(j.SLORefs); found > 0 && found < named {
			a.missf("of %d SLOs that the journey %q names, only %d %s found", named, j.Name.Value, found, verb(found, "was", "were"))
		}
	}
	a.without(g.cards, catalog.SLOs, "no SLO was found for %s, of tier 1 or 2", func(s *catalog.Service) bool {
		return important(s) && len(s.SLOs) == 0
	})
	if len(a.Clauses) == 0 && len(a.Missing) == 0 {
		a.without(g.cards, catalog.SLOs, "no SLO was found for %s", func(*catalog.Service) bool { return true })
	}
}

func (p Promise) subject() string {
	if p.Journey != nil {
		return fmt.Sprintf("The journey %q", p.Journey.Name.Value)
	}
	return p.Service.ID
}

// budget tells the error budget in minutes, "" where there is none.
func (p Promise) budget() string {
	if p.BudgetMinutes == 0 {
		return ""
	}
	return fmt.Sprintf(", an error budget of %s minutes in 30 days", strconv.FormatFloat(p.BudgetMinutes, 'g', 6, 64))
}

func (p Promise) measurement() string {
	if p.SLI == "" {
		return p.SLO.Name.Value
	}
	return p.SLO.Name.Value + ": " + p.SLI
}
