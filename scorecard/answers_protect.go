package scorecard

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"obsready/catalog"
)

// protect states what the entries say is to be protected: criticality, exposure, data and journeys.
func (a *Answer) protect(g group) {
	if len(g.cards) == 1 {
		if d := g.cards[0].Service.Description; d.Value != "" {
			a.clausef([]catalog.Place{d.At}, "%s: %s.", g.cards[0].Service.ID, firstSentence(d.Value))
		}
	}
	for _, b := range bucketsOf(g.cards, statedTier) {
		a.clausef(b.evidence, "%s %s of tier %s.", listedCards(b.cards), verb(len(b.cards), "is", "are"), b.key)
	}
	for _, b := range bucketsOf(g.cards, statedExposure) {
		a.clausef(b.evidence, "%s %s %s.", listedCards(b.cards), verb(len(b.cards), "is", "are"), exposureWords(b.key))
	}
	for _, b := range bucketsOf(g.cards, func(s *catalog.Service) []catalog.Text { return s.Data }) {
		a.clausef(b.evidence, "%s %s %s data.", listedCards(b.cards), verb(len(b.cards), "handles", "handle"), b.key)
	}
	for _, j := range g.journeys {
		if len(j.Services) > 0 {
			a.clausef([]catalog.Place{j.Name.At.Or(j.At)}, "The journey %q leads through %s.", j.Name.Value, listedServices(j.Services))
		}
	}
	a.without(g.cards, catalog.Services, "the tier of %s is not stated", func(s *catalog.Service) bool { return len(statedTier(s)) == 0 })
	a.without(g.cards, catalog.Services, "the exposure of %s is not stated", func(s *catalog.Service) bool { return s.Exposure.Value == "" })
	a.without(g.cards, catalog.Services, "the data classes of %s are not stated", func(s *catalog.Service) bool { return len(s.Data) == 0 })
	a.without(g.cards, catalog.Journeys, "no journey leads through %s", func(s *catalog.Service) bool {
		return important(s) && !slices.ContainsFunc(g.journeys, func(j *catalog.Journey) bool { return slices.Contains(j.Services, s) })
	})
}

// important reports whether the service is one of those that need promises of their own: tiers 1 and 2.
func important(s *catalog.Service) bool { return len(statedTier(s)) > 0 && s.TierNumber() <= 2 }

func statedTier(s *catalog.Service) []catalog.Text {
	if s.Tier.Value != strconv.Itoa(s.TierNumber()) {
		return nil
	}
	return []catalog.Text{s.Tier}
}

func statedExposure(s *catalog.Service) []catalog.Text {
	if s.Exposure.Value == "" {
		return nil
	}
	return []catalog.Text{s.Exposure}
}

func exposureWords(exposure string) string {
	switch exposure {
	case "internet":
		return "reachable from the internet"
	case "partner":
		return "reachable by partners"
	case "internal":
		return "reachable from inside only"
	default:
		return fmt.Sprintf("exposed as %q", exposure)
	}
}

// bucket is the services of one stated value.
type bucket struct {
	key      string
	cards    []*Card
	evidence []catalog.Place
}

// bucketsOf groups services by what they state, in the order of the values. A service that states several values is in
// several groups.
func bucketsOf(cards []*Card, stated func(*catalog.Service) []catalog.Text) []bucket {
	byValue := map[string]*bucket{}
	for _, c := range cards {
		for _, t := range stated(c.Service) {
			b := byValue[t.Value]
			if b == nil {
				b = &bucket{key: t.Value}
				byValue[t.Value] = b
			}
			if n := len(b.cards); n == 0 || b.cards[n-1] != c { // else a value that is stated twice
				b.cards = append(b.cards, c)
				b.evidence = append(b.evidence, t.At)
			}
		}
	}
	var buckets []bucket
	for _, key := range slices.Sorted(maps.Keys(byValue)) {
		buckets = append(buckets, *byValue[key])
	}
	return buckets
}
