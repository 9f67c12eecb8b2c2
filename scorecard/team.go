package scorecard

import (
	"slices"

	"obsready/catalog"
	"obsready/checks"
)

// teams gives a card for every team of the catalog, those without services too, and a last one for services that no
// team of the catalog owns, when there are any.
func (e *evaluation) teams() []*TeamCard {
	owned := map[*catalog.Team][]*Card{}
	for _, c := range e.Cards {
		owner := c.Service.Owner.Team
		if !slices.Contains(e.Estate.Teams, owner) {
			owner = nil
		}
		owned[owner] = append(owned[owner], c)
	}
	var cards []*TeamCard
	for _, t := range e.Estate.Teams {
		cards = append(cards, e.team(t, owned[t]))
	}
	if len(owned[nil]) > 0 {
		cards = append(cards, e.team(nil, owned[nil]))
	}
	return cards
}

func (e *evaluation) team(t *catalog.Team, cards []*Card) *TeamCard {
	journeys := e.teamJourneys(t, cards)
	rows := e.promises(journeys, cards)
	return &TeamCard{
		Team: t, Cards: cards, Summary: summarize(cards), Pillars: pillars(e.pillars, cards),
		Actions:  actions(cards, e.Checks, e.Policy),
		Promises: rows,
		Threads:  e.threads(journeys),
		Answers:  e.questions.answer(group{cards: cards, journeys: journeys, promises: rows}),

		Reflection: reflectOn(e.survey, cards, toilOf(cards), runbooksOf(cards)),
		Deadlines:  ofTeam(e.Deadlines, t),
		Guidelines: guidelines(e.Checks, cards),
	}
}

// OfTeam gives the report about the services of one team: what the team's card says is what this report says. What belongs
// to nobody and what could not be read stay those of the estate. It gives nil when the catalog has no team of the ID.
func (r *Report) OfTeam(id string) *Report {
	i := slices.IndexFunc(r.Teams, func(c *TeamCard) bool { return c.Team != nil && c.Team.ID == id })
	if i < 0 {
		return nil
	}
	card, some, estate := r.Teams[i], *r, *r.Estate
	estate.Services = make([]*catalog.Service, len(card.Cards))
	for i, c := range card.Cards {
		estate.Services[i] = c.Service
	}
	some.Estate, some.Cards, some.Teams, some.Causes = &estate, card.Cards, []*TeamCard{card}, causes(card.Cards)
	some.Summary, some.Answers, some.Promises, some.Threads, some.Actions = card.Summary, card.Answers, card.Promises, card.Threads, card.Actions
	some.Reflection, some.Deadlines = card.Reflection, card.Deadlines
	some.Only = card.Team
	some.History, some.Comparison = r.History.ofTeam(card), r.Comparison.ofTeam(card)
	some.Attestations = slices.DeleteFunc(slices.Clone(r.Attestations), func(v Vouched) bool {
		return !slices.ContainsFunc(estate.Services, func(s *catalog.Service) bool { return slices.Contains(s.Attestations, v.Attestation) })
	})
	return &some
}

// toilOf gives the toil logs that are linked to any of the services, each once.
func toilOf(cards []*Card) []*catalog.ToilLog {
	return distinct(cards, func(s *catalog.Service) []catalog.Linked[catalog.ToilLog] { return s.ToilLogs })
}

func runbooksOf(cards []*Card) []*catalog.Page {
	return distinct(cards, func(s *catalog.Service) []catalog.Linked[catalog.Page] { return s.Runbooks })
}

// distinct gives the evidence of services, each piece once.
func distinct[T any](cards []*Card, of func(*catalog.Service) []catalog.Linked[T]) []*T {
	var all []*T
	seen := map[*T]bool{}
	for _, c := range cards {
		for _, l := range of(c.Service) {
			if !seen[l.Item] {
				seen[l.Item] = true
				all = append(all, l.Item)
			}
		}
	}
	return all
}

// guidelines gives the standing of services in what every team is asked to keep to.
func guidelines(set []*checks.Check, cards []*Card) []Guideline {
	var all []Guideline
	for _, practice := range checks.Guidelines() {
		g := Guideline{Text: practice.Name}
		for _, c := range set {
			if slices.Contains(practice.Checks, c.ID) {
				g.Checks = append(g.Checks, c)
			}
		}
		for _, c := range cards {
			switch worstOf(c, g.Checks) {
			case checks.Fail:
				g.Broken++
			case checks.Unknown:
				g.Unknown++
			case checks.Pass:
				g.Kept++
			}
		}
		if len(g.Checks) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// worstOf gives the worst verdict that a service has in some checks.
func worstOf(c *Card, set []*checks.Check) checks.Verdict {
	verdict := checks.NotAsked
	for i := range c.Results {
		if slices.Contains(set, c.Results[i].Check) && c.Results[i].counts() {
			verdict = worst(verdict, c.Results[i].Verdict)
		}
	}
	return verdict
}

// teamJourneys gives the journeys that a team has a part in, in the estate's order: its own, and those that its
// services take part in.
func (e *evaluation) teamJourneys(t *catalog.Team, cards []*Card) []*catalog.Journey {
	part := map[*catalog.Journey]bool{}
	for _, c := range cards {
		for _, j := range e.journeys[c.Service] {
			part[j] = true
		}
	}
	var journeys []*catalog.Journey
	for _, j := range e.Estate.Journeys {
		if part[j] || t != nil && j.Owner.Team == t {
			journeys = append(journeys, j)
		}
	}
	return journeys
}

// journeysByService gives, for every service, the journeys that lead through it or whose SLOs are the service's, in
// the estate's order.
func journeysByService(estate *catalog.Estate) map[*catalog.Service][]*catalog.Journey {
	owners := map[*catalog.SLO][]*catalog.Service{}
	names := map[*catalog.Journey][]*catalog.Service{}
	for _, svc := range estate.Services {
		for _, slo := range svc.SLOs {
			owners[slo.Item] = append(owners[slo.Item], svc)
		}
		for _, j := range svc.Journeys {
			names[j] = append(names[j], svc)
		}
	}
	found := map[*catalog.Service][]*catalog.Journey{}
	for _, j := range estate.Journeys {
		services := slices.Concat(j.Services, names[j])
		for _, slo := range j.SLOs {
			services = append(services, owners[slo]...)
		}
		for i, svc := range services {
			if !slices.Contains(services[:i], svc) {
				found[svc] = append(found[svc], j)
			}
		}
	}
	return found
}
