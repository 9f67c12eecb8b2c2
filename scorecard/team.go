package scorecard

import (
	"slices"

	"obsready/catalog"
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
	}
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
