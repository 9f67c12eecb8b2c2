package scorecard

import (
	"fmt"

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
			a.coref([]catalog.Place{p.SLO.At}, "%s promises %s (%s)%s.", p.subject(), p.Target, p.measurement(), p.budget())
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

// budget tells the error budget, "" where there is none.
func (p Promise) budget() string {
	if budget := p.Budget(); budget != "" {
		return ", an error budget of " + budget
	}
	return ""
}

// measurement tells what is measured in words, when somebody wrote them, and the SLO's name: metrics are for the table of
// promises.
func (p Promise) measurement() string {
	words := firstSentence(p.SLO.Description.Value)
	if p.Journey != nil && len(p.Journey.SLOs) == 1 && p.Journey.SLI.Value != "" {
		words = p.Journey.SLI.Value
	}
	if words == "" {
		return p.SLO.Name.Value
	}
	return p.SLO.Name.Value + ": " + words
}
