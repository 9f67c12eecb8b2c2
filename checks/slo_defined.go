package checks

import (
	"slices"

	"obsready/catalog"
)

var sloDefined = &Check{
	ID:    "slo-defined",
	Title: "The service and the journeys that cross it have an SLO",
	Why: "Without a promise nobody can say whether the service is good enough: every failure is an argument, and reliability work competes with features by who is louder. " +
		"A journey needs a promise of its own, because its services can all keep theirs while users fail.",
	Fix: "Write an SLO for what users care about most, as in `[[slo]]` of `service.toml` with `name`, `objective = 99.9`, `window = \"30d\"`, `good` and `total`, or as an OpenSLO, Sloth, Pyrra or Grafana specification beside it. " +
		"Name it in the journey: `slo = [\"checkout-availability\"]`.",
	Source:     "SRE workbook, chapter 2 \"Implementing SLOs\"; Google SRE book, chapter 4 \"Service Level Objectives\".",
	Pillar:     SLOs,
	Question:   Promise,
	Severity:   High,
	Level:      Silver,
	TierLevels: map[int]Level{1: Bronze},
	Needs:      []catalog.Kind{catalog.SLOs, catalog.Journeys},
	Run: func(in *Inspection) {
		if notOperated(in, "SLO") {
			return
		}
		requireServiceSLO(in)
		for _, j := range in.Service.Journeys {
			requireJourneySLO(in, j)
		}
	},
}

// requireServiceSLO states whether the service has an SLO. Of one that is not among the critical tiers none is required.
func requireServiceSLO(in *Inspection) {
	svc := in.Service
	tier := svc.TierNumber()
	switch {
	case len(svc.SLOs) > 0:
		first := svc.SLOs[0]
		in.Metf(first.Item.At, "service %q has %s, as %q", svc.Name.Value, count(len(svc.SLOs), "SLO", "SLOs"), first.Item.Name.Value).LinkedBy(first.By)
	case tier <= in.Settings.SLOTiers:
		in.Missingf(svc.Tier.At.Or(svc.Name.At), "service %q is of tier %d and has no SLO. promise what its users care about most, as in [[slo]] of its entry", svc.Name.Value, tier)
	default:
		in.NotApplicablef("the service is of tier %d, from which no SLO is required, and no journey crosses it", tier)
	}
}

// requireJourneySLO states whether the SLOs that a journey names are found. The finding is the journey's, so all the
// services that it crosses share its cause.
func requireJourneySLO(in *Inspection, j *catalog.Journey) {
	name := j.Name.Value
	if len(j.SLORefs) == 0 {
		in.Missingf(j.Name.At.Or(j.At), "journey %q has no SLO. name one: slo = [\"…\"]", name).
			Because("journey without SLO "+j.ID, "the journey %q has no SLO", name)
		return
	}
	for _, ref := range j.SLORefs {
		if i := slices.IndexFunc(j.SLOs, func(o *catalog.SLO) bool { return o.Name.Value == ref.Value }); i >= 0 {
			in.Metf(ref.At, "journey %q has SLO %q, which stands at %s", name, ref.Value, j.SLOs[i].At)
			continue
		}
		in.Missingf(ref.At, "SLO %q of journey %q is not found%s", ref.Value, name, in.likeSLO(ref.Value)).
			Because("journey SLO "+j.ID+" "+ref.Value, "the SLO %q of the journey %q is not found", ref.Value, name)
	}
}

// likeSLO gives the way out of a reference to an SLO that does not exist: the name that was probably meant.
func (s *Survey) likeSLO(name string) string {
	var known []string
	for _, o := range s.Estate.SLOs {
		known = append(known, o.Name.Value)
	}
	if hint := suggest(name, known); hint != "" {
		return hint
	}
	return ". add its specification, or correct the name"
}
