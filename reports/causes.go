package reports

import (
	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// causeIndex finds the common cause of a finding.
type causeIndex map[causeKey]*scorecard.CauseGroup

// causeKey is what the findings of one group share: a named cause, or a check, a place and a message.
type causeKey struct {
	cause, check, message string
	at                    catalog.Place
}

func indexCauses(r *scorecard.Report) causeIndex {
	index := causeIndex{}
	for i := range r.Causes {
		first := r.Causes[i].Findings[0]
		index[causeKeyOf(first.Check, first.Requirement)] = &r.Causes[i]
	}
	return index
}

func causeKeyOf(check *checks.Check, q checks.Requirement) causeKey {
	if q.Cause != nil && q.Cause.Key != "" {
		return causeKey{cause: q.Cause.Key}
	}
	return causeKey{check: check.ID, message: q.Message, at: q.At}
}

// of gives the group that a requirement belongs to, nil when it stands alone or is no finding.
func (index causeIndex) of(check *checks.Check, q checks.Requirement) *scorecard.CauseGroup {
	if q.State != checks.Unmet {
		return nil
	}
	return index[causeKeyOf(check, q)]
}

// among gives the causes that are common ones of some services alone.
func (index causeIndex) among(cards []*scorecard.Card) causeIndex {
	asked := map[*catalog.Service]bool{}
	for _, c := range cards {
		asked[c.Service] = true
	}
	some := causeIndex{}
	for key, group := range index {
		n := 0
		for _, f := range group.Findings {
			if asked[f.Service] {
				n++
			}
		}
		if n > 1 {
			some[key] = group
		}
	}
	return some
}

// causeSection shows what, mended once, mends many findings.
func causeSection(causes []scorecard.CauseGroup, e extent) section {
	s := section{title: "Common causes", detail: count(len(causes), "common cause")}
	shown := min(len(causes), e.most(0, 10))
	for _, g := range causes[:shown] {
		touched := count(g.Services, "service")
		if len(g.Findings) != g.Services {
			touched = count(len(g.Findings), "finding") + " in " + touched
		}
		s.items = append(s.items, item{text: touched + ": " + g.Summary})
	}
	if n := len(causes) - shown; n > 0 {
		s.more = "and " + count(n, "more cause")
	}
	return s
}
