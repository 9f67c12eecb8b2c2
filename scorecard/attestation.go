package scorecard

import (
	"fmt"
	"slices"

	"obsready/catalog"
	"obsready/checks"
)

// Vouched is an attestation of the catalog with what became of it.
type Vouched struct {
	Attestation *catalog.Attestation
	Fault       string // why it counts for nothing; "" when it counts
	Services    int    // that it is about
}

// vouchedFor gives every attestation in the order of the catalog. One that answers no check, or is about no service, counts
// for nothing: it is told, so that nobody relies on it.
func (r *Report) vouchedFor() []Vouched {
	about := map[*catalog.Attestation]int{}
	for _, svc := range r.Estate.Services {
		for _, a := range svc.Attestations {
			about[a]++
		}
	}
	var all []Vouched
	for _, a := range r.Estate.Attestations {
		v := Vouched{Attestation: a, Services: about[a], Fault: r.survey.AttestationFault(a)}
		i := slices.IndexFunc(r.Checks, func(c *checks.Check) bool { return c.ID == a.Check.Value })
		switch {
		case v.Fault != "":
		case i < 0:
			v.Fault = fmt.Sprintf("check = %q is no check of this run", a.Check.Value)
		case r.Checks[i].Attest == "":
			v.Fault = fmt.Sprintf("the check %q is decided by files, and nobody can vouch for it", a.Check.Value)
		case v.Services == 0 && a.Service.Value != "":
			v.Fault = fmt.Sprintf("service = %q is no service of the catalog", a.Service.Value)
		case v.Services == 0:
			v.Fault = fmt.Sprintf("team = %q owns no service of the catalog", a.Team.Value)
		}
		all = append(all, v)
	}
	return all
}
