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
