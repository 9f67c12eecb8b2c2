package scorecard

import (
	"cmp"
	"slices"

	"obsready/catalog"
	"obsready/checks"
)

// causes groups the findings that one change would mend, the group with the most findings first.
//
// Findings whose check names a common cause belong together by its key, across checks. Of the others, those are one
// and the same that one check states in the same words about the same place for several services, as it happens when an
// alert belongs to two services. A group of one finding is no common cause and is left out.
func causes(cards []*Card) []CauseGroup {
	groups := map[groupKey]*CauseGroup{}
	for _, c := range cards {
		for _, r := range c.Results {
			for _, q := range r.Requirements {
				if q.State != checks.Unmet {
					continue
				}
				key, cause := causeOf(r.Check, q)
				g := groups[key]
				if g == nil {
					g = &CauseGroup{Cause: cause, Check: r.Check}
					groups[key] = g
				}
				g.add(ServiceFinding{Service: c.Service, Check: r.Check, Requirement: q, Announced: r.Announced})
			}
		}
	}
	var found []CauseGroup
	for key, g := range groups {
		if len(g.Findings) < 2 || key.cause == "" && (g.Services < 2 || key.place.IsZero()) {
			continue
		}
		slices.SortStableFunc(g.Findings, byServiceAndPlace)
		found = append(found, *g)
	}
	slices.SortFunc(found, func(a, b CauseGroup) int {
		return cmp.Or(cmp.Compare(len(b.Findings), len(a.Findings)), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Summary, b.Summary))
	})
	return found
}

// groupKey is what the findings of one group share: a named cause, or a check, a place and a message.
type groupKey struct {
	cause, check, message string
	place                 catalog.Place
}

func causeOf(check *checks.Check, q checks.Requirement) (groupKey, checks.Cause) {
	if q.Cause != nil && q.Cause.Key != "" {
		return groupKey{cause: q.Cause.Key}, *q.Cause
	}
	key := groupKey{check: check.ID, message: q.Message, place: q.At}
	return key, checks.Cause{Key: check.ID + " at " + q.At.String(), Summary: q.Message}
}

// add takes in a finding. Cards come in the order of their services, so a service is new unless it is the last one's.
func (g *CauseGroup) add(f ServiceFinding) {
	if n := len(g.Findings); n == 0 || g.Findings[n-1].Service != f.Service {
		g.Services++
	}
	g.Findings = append(g.Findings, f)
}

func byServiceAndPlace(a, b ServiceFinding) int {
	return cmp.Or(cmp.Compare(a.Service.ID, b.Service.ID), a.Requirement.At.Compare(b.Requirement.At))
}
