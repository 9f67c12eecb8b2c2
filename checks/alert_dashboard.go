package checks

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

var alertDashboard = &Check{
	ID:       "alert-dashboard",
	Title:    "Every alert that pages links to a dashboard, and every such link leads to one",
	Why:      "The first question after a page is how bad it is and since when. A link to the right dashboard answers it in seconds; a dead one costs them.",
	Fix:      "Set `dashboard_url` of each alert to the dashboard that shows what it measures, by address or uid, or Grafana's `__dashboardUid__` with `__panelId__`, and keep the dashboard's JSON in the catalog.",
	Source:   "Prometheus documentation, \"Alerting\": link to relevant consoles; Grafana documentation, \"Annotations and labels\" (__dashboardUid__, __panelId__).",
	Pillar:   Alerts,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.Dashboards},
	Run: func(in *Inspection) {
		for _, a := range answerableAlerts(in, func(a *catalog.AlertRule) catalog.ResolvedLink { return a.Dashboard }) {
			if !isClock(a.Item) {
				requireDashboardLink(in, a)
			}
		}
	},
}

func requireDashboardLink(in *Inspection, a alert) {
	name, r := a.Item.Name.Value, a.Item.Dashboard
	at := r.Link.At.Or(nameAt(a))
	switch r.State {
	case catalog.NoLink:
		in.Unmetf(at, "alert %q has no link to a dashboard. add the annotation dashboard_url with the one that shows what it measures", name).LinkedBy(a.By)
	case catalog.LinkOK:
		requirePanel(in, a, at)
	case catalog.Elsewhere:
		in.Undecidedf(at, "whether the dashboard %q of alert %q is there is not known: %s. add the dashboard's file to the catalog", r.Link.Value, name, r.Detail).
			LinkedBy(a.By).Because("dashboard "+r.Address, "the dashboard %q is not in what this run reads", r.Address)
	case catalog.Unfilled, catalog.Unreadable:
		in.Undecidedf(at, "whether the dashboard %q of alert %q is there is not known: %s", r.Link.Value, name, r.Detail).LinkedBy(a.By)
	default:
		missingOf(in, catalog.Dashboards, at, fmt.Sprintf("the dashboard %q of alert %q leads nowhere: %s. correct the link or add the dashboard", r.Link.Value, name, r.Detail)).
			LinkedBy(a.By).Because("dashboard "+r.Address, "the dashboard %q leads nowhere: %s", r.Address, r.Detail)
	}
}

// requirePanel judges a link to a dashboard that is known: a panel that the alert names has to be on it.
func requirePanel(in *Inspection, a alert, at catalog.Place) {
	name, d := a.Item.Name.Value, a.Item.Dashboard.Dashboard
	panel := panelOf(a.Item)
	id, err := strconv.Atoi(panel.Value)
	if panel.Value == "" || err != nil {
		in.Metf(at, "alert %q links to dashboard %q (%s)", name, d.Title.Value, d.At.File).LinkedBy(a.By)
		return
	}
	if !slices.ContainsFunc(d.Panels, func(p catalog.Panel) bool { return p.ID == id }) {
		in.Unmetf(panel.At.Or(at), "dashboard %q has no panel %d, which alert %q names. correct the panel's number, or link to the whole dashboard", d.Title.Value, id, name).LinkedBy(a.By)
		return
	}
	in.Metf(at, "alert %q links to panel %d of dashboard %q (%s)", name, id, d.Title.Value, d.At.File).LinkedBy(a.By)
}

var panelNumber = regexp.MustCompile(`^(?:panel-)?(\d{1,9})$`)

// panelOf gives the number of the panel that an alert names, by Grafana's annotation or in the address of the dashboard
// (viewPanel=4, viewPanel=panel-4, panelId=4); the zero Text when it names none.
func panelOf(a *catalog.AlertRule) catalog.Text {
	if l, ok := a.Annotation("__panelId__"); ok {
		return catalog.Text{Value: strings.TrimSpace(l.Value), At: l.At}
	}
	u, err := url.Parse(a.Dashboard.Link.Value)
	if err != nil {
		return catalog.Text{}
	}
	for _, key := range []string{"viewPanel", "panelId", "editPanel"} {
		if m := panelNumber.FindStringSubmatch(u.Query().Get(key)); m != nil {
			return catalog.Text{Value: m[1], At: a.Dashboard.Link.At}
		}
	}
	return catalog.Text{}
}
