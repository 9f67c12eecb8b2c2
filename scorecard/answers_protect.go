package scorecard

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/checks"
)

// protect states what the entries say is to be protected: criticality, exposure, data and journeys. Few services are told
// one by one, many by what they have in common.
func (a *Answer) protect(g group) {
	if len(g.cards) <= maxListed {
		for _, c := range g.cards {
			a.profile(c.Service)
		}
	} else {
		a.profiles(g.cards)
	}
	for _, j := range g.journeys {
		if len(j.Services) > 0 {
			a.clausef([]catalog.Place{j.Name.At.Or(j.At)}, "The journey %q leads through %s.", j.Name.Value, listedServices(j.Services))
		}
	}
	a.without(g.cards, catalog.Services, "the tier of %s is not stated", func(s *catalog.Service) bool { return len(statedTier(s)) == 0 })
	a.without(g.cards, catalog.Services, "the exposure of %s is not stated", func(s *catalog.Service) bool { return s.Exposure.Value == "" })
	a.without(g.cards, catalog.Services, "the data classes of %s are not stated", func(s *catalog.Service) bool { return len(statedData(s)) == 0 })
	a.without(g.cards, catalog.Journeys, "no journey leads through %s", func(s *catalog.Service) bool {
		return important(s) && !slices.ContainsFunc(g.journeys, func(j *catalog.Journey) bool { return slices.Contains(j.Services, s) })
	})
}

// profile tells in a sentence or two what a service is and why it is worth attacking.
func (a *Answer) profile(svc *catalog.Service) {
	if d := svc.Description; d.Value != "" {
		a.clausef([]catalog.Place{d.At}, "%s: %s.", svc.ID, firstSentence(d.Value))
	}
	var is, does []string
	var at []catalog.Place
	for _, t := range statedTier(svc) {
		is, at = append(is, "of tier "+t.Value), append(at, t.At)
	}
	known := len(at)
	if e := svc.Exposure; e.Value != "" {
		is, at = append(is, exposureWords(e.Value)), append(at, e.At)
	}
	if data := statedData(svc); len(data) > 0 {
		does = append(does, "handles "+dataWords(data))
		for _, d := range data {
			at = append(at, d.At)
		}
	}
	for _, h := range svc.Handles {
		does, at = append(does, handlesWords(h.Value)), append(at, h.At)
	}
	if len(svc.Parties) > 0 {
		does, at = append(does, "exchanges data with "+plainTexts(svc.Parties)), append(at, svc.Parties[0].At)
	}
	var halves []string
	if len(is) > 0 {
		halves = append(halves, "is "+listed(is))
	}
	if len(does) > 0 {
		halves = append(halves, listed(does))
	}
	switch text := strings.Join(halves, ", and "); {
	case len(at) > known:
		a.coref(at, "%s %s.", svc.ID, text)
	case text != "":
		a.clausef(at, "%s %s.", svc.ID, text)
	}
}

// dataWords tells classes of data: "payment and pii data", "no data".
func dataWords(data []catalog.Text) string {
	if len(data) == 1 && strings.EqualFold(data[0].Value, "none") {
		return "no data"
	}
	return plainTexts(data) + " data"
}

func handlesWords(what string) string {
	switch what {
	case "authentication":
		return "decides who somebody is and what they may do"
	case "ai":
		return "lets a model or an agent act"
	}
	return "handles " + what
}

func plainTexts(texts []catalog.Text) string {
	values := make([]string, len(texts))
	for i, t := range texts {
		values[i] = t.Value
	}
	return listed(values)
}

// profiles tells what services have in common.
func (a *Answer) profiles(cards []*Card) {
	for _, b := range bucketsOf(cards, statedTier) {
		a.clausef(b.evidence, "%s %s of tier %s.", listedCards(b.cards), verb(len(b.cards), "is", "are"), b.key)
	}
	for _, b := range bucketsOf(cards, statedExposure) {
		a.coref(b.evidence, "%s %s %s.", listedCards(b.cards), verb(len(b.cards), "is", "are"), exposureWords(b.key))
	}
	for _, b := range bucketsOf(cards, statedData) {
		a.coref(b.evidence, "%s %s %s.", listedCards(b.cards), verb(len(b.cards), "handles", "handle"), dataWords([]catalog.Text{{Value: b.key}}))
	}
}

// important reports whether the service is one of those that need promises of their own: tiers 1 and 2.
func important(s *catalog.Service) bool { return len(statedTier(s)) > 0 && s.TierNumber() <= 2 }

func statedTier(s *catalog.Service) []catalog.Text {
	if s.Tier.Value != strconv.Itoa(s.TierNumber()) {
		return nil
	}
	return []catalog.Text{s.Tier}
}

// statedData gives the classes of data that the entry states, without those that only keep a place.
func statedData(s *catalog.Service) []catalog.Text {
	return slices.DeleteFunc(slices.Clone(s.Data), func(t catalog.Text) bool { return !checks.Says(t.Value) && !strings.EqualFold(t.Value, "none") })
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
