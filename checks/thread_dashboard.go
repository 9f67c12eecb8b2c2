package checks

import (
	"fmt"

	"obsready/catalog"
)

// dashboard is the link of what the person who was woken sees: the alert's dashboard, the journey's or one of its
// services shows what the SLO is measured by. Of the latter two it says what dashboard-journey says.
func (t strand) dashboard(l lead) ThreadLink {
	if t.slo != nil && !l.none() {
		if d := l.alert.Item.Dashboard.Dashboard; d != nil {
			if s, ok := newMeasured(t.journey.Services, t.slo).shownBy(d); ok {
				return ThreadLink{Part: ThreadDashboard, State: Met, Name: d.Title.Value, At: s.at,
					Text: fmt.Sprintf("alert %q links to it, and %s shows %q, by which SLO %q is measured", l.alert.Item.Name.Value, s.by, s.metric, t.slo.Name.Value)}
			}
		}
	}
	link := t.journeyDashboard()
	if link.State == Unmet && !l.none() {
		switch r := l.alert.Item.Dashboard; r.State {
		case catalog.Elsewhere, catalog.Unfilled, catalog.Unreadable:
			link.State, link.Name, link.At = Undecided, r.Link.Value, r.Link.At
			link.Text = fmt.Sprintf("whether dashboard %q of alert %q shows what SLO %q is measured by is not known: %s. keep the dashboard in the catalog", r.Link.Value, l.alert.Item.Name.Value, t.slo.Name.Value, r.Detail)
		}
	}
	return link
}

// journeyDashboard asks what dashboard-journey asks, about this promise alone. Of the services of the journey the one
// decides that knows most.
func (t strand) journeyDashboard() ThreadLink {
	one := *t.journey
	if t.slo != nil {
		one.SLOs = []*catalog.SLO{t.slo}
	}
	services := one.Services
	if len(services) == 0 {
		services = []*catalog.Service{t.home()}
	}
	var best ThreadLink
	for i, svc := range services {
		in := t.asking(svc, dashboardJourney.Needs...)
		requireJourneyDashboard(in, &one)
		link := linkOf(ThreadDashboard, shownName(in, &one), in)
		if i == 0 || best.State == Unmet && link.State != Unmet {
			best = link
		}
		if best.State == Met {
			break
		}
	}
	return best
}

// shownName names the dashboard that a journey was judged by.
func shownName(in *Inspection, j *catalog.Journey) string {
	if j.Dashboard != nil {
		return j.Dashboard.Title.Value
	}
	if d, _ := dashboardWithSLI(in, j); d != nil && j.DashRef.Value == "" {
		return d.Title.Value
	}
	return j.DashRef.Value
}
