package slos

import (
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// maxConditions is how many conditions of an alert policy are read: OpenSLO allows one.
const maxConditions = 64

// readAlertPolicy reads an OpenSLO AlertPolicy or AlertCondition that stands on its own.
func readAlertPolicy(root *document.Node) *catalog.AlertPolicy {
	p := &catalog.AlertPolicy{Kind: root.Get("kind").Str(), Name: root.Get("metadata", "name").Text(), At: root.Place()}
	if p.Kind == "AlertCondition" {
		p.Alerting = conditionAlerting(root)
		return p
	}
	p.Alerting, p.Silent = policyAlerting(root)
	return p
}

// openSLOAlerting gives what the policies of an SLO say, as far as they stand in the SLO itself, with the names of the
// policies and conditions that stand elsewhere.
func openSLOAlerting(policies *document.Node) catalog.SLOAlerting {
	var a catalog.SLOAlerting
	for _, p := range policies.List() {
		if p.Kind == document.Map && p.Get("spec") != nil {
			own, silent := policyAlerting(p)
			addAlerting(&a, own, silent)
			continue
		}
		ref := p
		if p.Kind == document.Map {
			ref = p.First("alertPolicyRef", "name")
			if ref == nil {
				ref = p.Get("metadata", "name")
			}
		}
		if text := ref.Text(); text.Value != "" {
			a.Policies = append(a.Policies, text)
		}
	}
	return a
}

// policyAlerting gives what an alert policy says; silent is that of [catalog.AlertPolicy].
func policyAlerting(policy *document.Node) (a catalog.SLOAlerting, silent bool) {
	spec := policy.Get("spec")
	a.Absent = spec.Get("alertWhenNoData").Bool()
	conditions := spec.Get("conditions").List()
	for _, c := range conditions[:min(len(conditions), maxConditions)] {
		if ref := c.Get("conditionRef").Text(); ref.Value != "" {
			a.Policies = append(a.Policies, ref)
		} else if c.Get("spec") != nil {
			addAlerting(&a, conditionAlerting(c), false)
		}
	}
	breaching := spec.Get("alertWhenBreaching")
	return a, breaching != nil && !breaching.Bool()
}

// conditionAlerting gives what an alert condition says. Its operator is not looked at: OpenSLO's own examples write
// "lte" for what is to fire above the threshold, and a burn rate that is too low is nobody's alert.
func conditionAlerting(condition *document.Node) catalog.SLOAlerting {
	spec := condition.Get("spec")
	page := pages(spec.Get("severity").Str())
	a := catalog.SLOAlerting{Page: page, Ticket: !page}
	c := spec.Get("condition")
	if kind := c.Get("kind").Str(); kind != "" && !strings.EqualFold(kind, "burnrate") {
		return a
	}
	factor, err := strconv.ParseFloat(strings.TrimSpace(c.Get("threshold").Str()), 64)
	window := Duration(c.Get("lookbackWindow").Str())
	if err == nil && factor > 0 && factor < 1e9 && window > 0 {
		a.Burns = []catalog.Burn{{Long: window, Factor: factor, Page: page, At: placeOr(c, condition.Place())}}
	}
	return a
}

// addAlerting adds what a policy or condition says. Of a silent policy only the alert for missing data counts.
func addAlerting(a *catalog.SLOAlerting, more catalog.SLOAlerting, silent bool) {
	a.Absent = a.Absent || more.Absent
	if silent {
		return
	}
	a.Page, a.Ticket = a.Page || more.Page, a.Ticket || more.Ticket
	a.Burns = append(a.Burns, more.Burns...)
	a.Policies = append(a.Policies, more.Policies...)
}
