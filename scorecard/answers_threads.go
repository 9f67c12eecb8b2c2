package scorecard

import (
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/measure"
)

// tells states for each promise of a journey which alert tells that it is broken, and whom it wakes.
func (a *Answer) tells(g group) {
	for _, p := range g.promises {
		if p.Thread == nil || p.SLO == nil {
			continue // that there is no SLO is missing from the promise
		}
		alert, owner := p.Thread.Link(checks.ThreadAlert), p.Thread.Link(checks.ThreadOwner)
		switch alert.State {
		case checks.Unmet:
			a.missf("%s", alert.Text)
			continue
		case checks.Undecided:
			a.missf("whether an alert tells when journey %q breaks its SLO %q is not known: %s", p.Journey.Name.Value, p.SLO.Name.Value, alert.Text)
			continue
		}
		wakes := ""
		switch owner.State {
		case checks.Met:
			wakes = " and wakes " + owner.Name
		case checks.Unmet:
			a.missf("alert %q on the SLO %q of journey %q reaches nobody: %s", alert.Name, p.SLO.Name.Value, p.Journey.Name.Value, owner.Text)
		case checks.Undecided:
			a.missf("whom alert %q on the SLO %q of journey %q reaches is not known: %s", alert.Name, p.SLO.Name.Value, p.Journey.Name.Value, owner.Text)
		}
		a.coref([]catalog.Place{alert.At, owner.At}, "When the journey %q breaks its SLO %q, alert %q tells%s.", p.Journey.Name.Value, p.SLO.Name.Value, alert.Name, wakes)
	}
}

// symptoms states how many alerts surely tell that users are harmed, by name where they are few.
func (a *Answer) symptoms(g group, survey *checks.Survey) {
	seen := map[*catalog.AlertRule]bool{}
	var found []*catalog.AlertRule
	var names []string
	for _, c := range g.cards {
		for _, l := range c.Service.Alerts {
			if j := survey.Measure(l.Item); !seen[l.Item] && j.Class == measure.Symptom && j.Sure() {
				seen[l.Item] = true
				found = append(found, l.Item)
				if name := strconv.Quote(l.Item.Name.Value); !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	if n := len(found); n > 0 {
		a.coref(alertPlaces(found), "%s %s what users see: %s.", count(n, "alert"), verb(n, "measures", "measure"), listed(names))
	}
}

// policies states what follows when an error budget is spent, once for each policy, and which named ones are not there.
func (a *Answer) policies(promises []Promise) {
	slos := map[*catalog.BudgetPolicy][]string{}
	var order []Promise
	seen := map[*catalog.SLO]bool{}
	for _, p := range promises {
		if p.SLO == nil || seen[p.SLO] {
			continue
		}
		seen[p.SLO] = true
		name := strconv.Quote(p.SLO.Name.Value)
		switch policy, link := p.SLO.Policy, p.SLO.PolicyLink; {
		case policy != nil:
			if slos[policy] == nil {
				order = append(order, p)
			}
			slos[policy] = append(slos[policy], name)
		case link.State != catalog.NoLink:
			a.missf("the error budget policy %q of the SLO %s (%s) %s: %s", link.Link.Value, name, p.SLO.PolicyBy, policyFault(link.State), orElse(link.Detail, string(link.State)))
		}
	}
	for _, p := range order {
		names := slos[p.SLO.Policy]
		a.clausef([]catalog.Place{p.PolicyAt}, "When the error budget of %s is spent, a policy holds: %q.", listed(names), strings.TrimSuffix(p.Policy, "."))
	}
}

// policyFault says what a link to a policy that was not read ended in.
func policyFault(state catalog.LinkState) string {
	switch state {
	case catalog.Elsewhere, catalog.Unfilled, catalog.Unreadable:
		return "could not be read"
	case catalog.LinkOK:
		return "says neither what triggers it nor what follows"
	}
	return "was not found"
}
