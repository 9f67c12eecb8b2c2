package catalog

import "slices"

// Copy gives facts that can be finished without a change to these. Load finishes in place what it puts into an estate: it
// resolves what entries, alerts and SLOs refer to, dates pages, joins teams and locks manifests. So what it writes to is
// copied here, the items and those of their parts in which it writes elements; all else is shared, and whoever holds
// either must not change it. What refers to a page refers to the page's copy.
//
// A field that Load, or Attach of catalog/grafana, begins to write to has to be copied here.
func (f *Facts) Copy() Facts {
	c := *f
	c.Services = copies(f.Services, func(s *Service) { s.DependsOn = slices.Clone(s.DependsOn) })
	c.Teams = copies(f.Teams, func(t *Team) { t.Members = slices.Clip(t.Members) })
	c.Journeys = copies(f.Journeys, nil)
	c.Alerts = copies(f.Alerts, nil)
	c.Recordings = slices.Clone(f.Recordings)
	c.Dashboards = copyUnresolved(f.Dashboards)
	c.SLOs = copies(f.SLOs, nil)
	c.Routers = copies(f.Routers, func(r *Router) { r.Receivers = slices.Clip(r.Receivers) })
	c.Workflows = copies(f.Workflows, nil)
	c.Manifests = copies(f.Manifests, nil)
	c.SBOMs = copies(f.SBOMs, nil)
	c.Gaps = slices.Clone(f.Gaps)
	c.copyPages(f)
	return c
}

// copies gives a copy of each item, finished by part when that is given.
func copies[T any](items []*T, part func(*T)) []*T {
	if len(items) == 0 {
		return nil
	}
	values, all := make([]T, len(items)), make([]*T, len(items))
	for i, item := range items {
		values[i] = *item
		if all[i] = &values[i]; part != nil {
			part(all[i])
		}
	}
	return all
}

// copyUnresolved copies the dashboards that show library panels of other files. What the others show is known.
func copyUnresolved(dashboards []*Dashboard) []*Dashboard {
	all := slices.Clone(dashboards)
	for i, d := range all {
		if slices.ContainsFunc(d.Panels, func(p Panel) bool { return p.Unresolved }) {
			c := *d
			c.Panels = slices.Clone(d.Panels)
			all[i] = &c
		}
	}
	return all
}

// copyPages copies the pages of f, and what f read in them.
func (c *Facts) copyPages(f *Facts) {
	if len(f.Pages)+len(f.Policies)+len(f.ThreatModels)+len(f.RecoveryPlans)+len(f.IncidentProcesses)+len(f.Postmortems)+len(f.SecurityPolicies) == 0 {
		return
	}
	known := map[*Page]*Page{nil: nil}
	to := func(p **Page) {
		if _, ok := known[*p]; !ok {
			page := **p
			known[*p] = &page
		}
		*p = known[*p]
	}
	c.Pages = slices.Clone(f.Pages)
	for i := range c.Pages {
		to(&c.Pages[i])
	}
	c.Policies = copies(f.Policies, func(p *BudgetPolicy) { to(&p.Page) })
	c.ThreatModels = copies(f.ThreatModels, func(m *ThreatModel) { to(&m.Page) })
	c.RecoveryPlans = copies(f.RecoveryPlans, func(p *RecoveryPlan) { to(&p.Page) })
	c.IncidentProcesses = copies(f.IncidentProcesses, func(p *IncidentProcess) { to(&p.Page) })
	c.Postmortems = copies(f.Postmortems, func(p *Postmortem) { to(&p.Page) })
	c.SecurityPolicies = copies(f.SecurityPolicies, func(p *SecurityPolicy) { to(&p.Page) })
}
