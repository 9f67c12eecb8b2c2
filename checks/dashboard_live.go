package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

var dashboardLive = &Check{
	ID:       "dashboard-live",
	Title:    "The service's dashboards are in Grafana and query metrics that exist",
	Why:      "A dashboard that is only in git helps nobody at night, a uid that Grafana does not have leads to an error page, and a panel on a metric that was renamed shows \"No data\", which looks like peace.",
	Fix:      "Provision the dashboards that are missing in Grafana, or take their files and names out of the catalog. Give panels without data the metrics that the service has today.",
	Source:   "Grafana documentation, \"Grafana dashboard best practices\"; the linter pint (promql/series).",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Dashboards},
	Live:     true,
	Run: func(in *Inspection) {
		if !kindWithSignals(in) {
			return
		}
		for _, l := range in.Service.Dashboards {
			if d := requireInGrafana(in, l); d != nil {
				judgeFeed(in, l, d)
			}
		}
		for _, ref := range givenDashboards(in.Service) {
			requireGiven(in, ref)
		}
		if len(in.requirements) == 0 {
			in.NotApplicablef("the service has no dashboard in git or in this Grafana, which dashboard-exists reports")
		}
	},
}

// requireInGrafana states whether Grafana has a dashboard of git, and gives it.
func requireInGrafana(in *Inspection, l catalog.Linked[catalog.Dashboard]) *catalog.LiveDashboard {
	live, title := in.live(), l.Item.Title.Value
	d, trouble := grafana.Of(live.Live, l.Item)
	switch {
	case d != nil:
		in.Metf(l.Item.At, "dashboard %q is in Grafana: %s", title, grafana.Address(live.Live, d)).LinkedBy(l.By)
	case trouble.Cause == catalog.NotFound:
		in.Unmetf(l.Item.At, "dashboard %q is in git, and Grafana at %s has none with uid %q. provision it, or take its file away", title, live.URL, l.Item.UID.Value).
			LinkedBy(l.By).Because("dashboard "+l.Item.UID.Value, "dashboard %q is in git and not in Grafana", title)
	default:
		in.Undecidedf(l.Item.At, "whether dashboard %q is in Grafana is not known: %s", title, because(trouble)).LinkedBy(l.By)
	}
	return d
}

// requireGiven states whether Grafana has a dashboard that the entry names and that no file holds. What is said of files and of
// addresses elsewhere is said by dashboard-exists.
func requireGiven(in *Inspection, ref catalog.Text) {
	if isFile(ref.Value) {
		return
	}
	live := in.live()
	d, trouble := grafana.Find(live.Live, ref.Value)
	switch {
	case d != nil:
		in.Metf(ref.At, "dashboard %q is in Grafana: %s", ref.Value, grafana.Address(live.Live, d))
	case trouble.Cause == catalog.Unreachable:
	case trouble.Cause == catalog.NotFound:
		in.Unmetf(ref.At, "the entry names dashboard %q, and Grafana at %s has none. correct the uid, or take it out", ref.Value, live.URL)
	default:
		in.Undecidedf(ref.At, "whether dashboard %q is in Grafana is not known: %s", ref.Value, because(trouble))
	}
}

// judgeFeed states whether the panels of a dashboard query metrics that exist. It says nothing of a dashboard of which no panel
// can be judged by the metrics that it names.
func judgeFeed(in *Inspection, l catalog.Linked[catalog.Dashboard], d *catalog.LiveDashboard) {
	live, title := in.live(), l.Item.Title.Value
	board := live.shown(d)
	if board == nil {
		in.Undecidedf(l.Item.At, "whether dashboard %q shows anything is not known: %s", title, because(boardTrouble(d))).LinkedBy(l.By)
		return
	}
	var dead []catalog.Panel
	var absent []string
	var unknown *catalog.Trouble
	fed := 0
	for _, p := range board.Panels {
		switch f := live.feedOfPanel(p, live.metricSource(p.Datasource.Value)); f.state {
		case Met:
			fed++
		case Unmet:
			dead, absent = append(dead, p), append(absent, f.absent...)
		case Undecided:
			unknown = f.trouble
		}
	}
	slices.Sort(absent)
	absent = slices.Compact(absent)
	switch {
	case len(dead) > 0 && fed == 0 && unknown == nil:
		in.Unmetf(l.Item.At, "dashboard %q is dead: none of its %s that can be judged shows anything, because %s. query what the service has today", title, count(len(dead), "panel", "panels"), gone(live, "", absent)).
			LinkedBy(l.By).Because("dead dashboard "+d.UID, "dashboard %q queries metrics that do not exist", title)
	case len(dead) > 0:
		in.Unmetf(panelPlace(l.Item, dead[0]), "%s of dashboard %q shows nothing, because %s. query what the service has today", deadPanels(dead), title, gone(live, "", absent)).
			LinkedBy(l.By).Because("dead dashboard "+d.UID, "dashboard %q queries metrics that do not exist", title)
	case unknown != nil:
		in.Undecidedf(l.Item.At, "whether all panels of dashboard %q show something is not known: %s", title, because(unknown)).LinkedBy(l.By)
	case fed > 0:
		in.Metf(l.Item.At, "the metrics of %s of dashboard %q exist", count(fed, "panel", "panels"), title).LinkedBy(l.By)
	}
}

// gone tells which metrics a data source has not had; for an empty UID, none of those that are asked.
func gone(l *liveEstate, source string, metrics []string) string {
	if source != "" {
		return fmt.Sprintf("data source %q has had no series of %s in the 24 hours before %s", l.sourceName(source), quoteAll(metrics), moment(l))
	}
	return fmt.Sprintf("no data source that is asked has had series of %s in the 24 hours before %s", quoteAll(metrics), moment(l))
}

func deadPanels(dead []catalog.Panel) string {
	text := fmt.Sprintf("panel %q", dead[0].Title.Value)
	if n := len(dead) - 1; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// panelPlace gives where a panel of the live dashboard stands in the one of git: the panel's with its title, else the dashboard's.
func panelPlace(git *catalog.Dashboard, live catalog.Panel) catalog.Place {
	for _, p := range git.Panels {
		if p.Title.Value == live.Title.Value && (p.ID == live.ID || p.ID == 0) {
			return p.At
		}
	}
	return git.At
}
