package checks

import "obsready/catalog"

var dashboardGoldenSignals = &Check{
	ID:       "dashboard-golden-signals",
	Title:    "The service's dashboards show the signals that its kind needs",
	Why:      "Whoever is paged looks at the dashboard first. When it shows load and memory but neither errors nor durations, the first question stays open.",
	Fix:      "Add panels for the missing signals, at the top of the service's dashboard. Requests: rate, errors and duration. Front ends: errors and page load. Pipelines: throughput and freshness. Batch jobs: the time of the last success and the duration. Platforms: errors and saturation.",
	Source:   "Google SRE book, chapter 6 \"The four golden signals\"; Grafana documentation, \"Grafana dashboard best practices\" (RED method).",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Dashboards},
	Run: func(in *Inspection) {
		if !kindWithSignals(in) || noDashboardShown(in) {
			return
		}
		shown := in.shown()
		stateSignals(in, askedByPanels(in.Service, shown), shown[0].Item.At, "panel of "+dashboardNames(shown))
		decideUnresolved(in, shown)
	},
}

// dashboardNames names the dashboards in a message.
func dashboardNames(shown []catalog.Linked[catalog.Dashboard]) string {
	var titles []string
	for _, d := range shown {
		titles = append(titles, d.Item.Title.Value)
	}
	if len(titles) == 1 {
		return "dashboard " + quoteAll(titles)
	}
	return "dashboards " + quoteAll(titles)
}

// decideUnresolved makes unmet requirements undecided when a library panel that was not read may meet them.
func decideUnresolved(in *Inspection, shown []catalog.Linked[catalog.Dashboard]) {
	for _, d := range shown {
		for _, p := range d.Item.Panels {
			if !p.Unresolved {
				continue
			}
			for i := range in.requirements {
				if r := &in.requirements[i]; r.State == Unmet {
					r.State, r.At = Undecided, p.At
					r.Message += ". library panel \"" + p.LibraryName + "\" may show it and is not in the catalog"
				}
			}
			return
		}
	}
}
