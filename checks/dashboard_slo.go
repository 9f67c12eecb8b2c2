package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var dashboardSLO = &Check{
	ID:       "dashboard-slo",
	Title:    "Dashboards show the error budget of each SLO and how fast it burns",
	Why:      "A promise that nobody looks at changes nothing. What is left of the budget tells whether to release or to repair, and how fast it burns tells how urgent that is.",
	Fix:      "Add two panels for each SLO to a dashboard of the service or journey: the remaining error budget and the burn rate. Sloth records them as `slo:period_error_budget_remaining:ratio` and `slo:current_burn_rate:ratio`.",
	Source:   "Google SRE workbook, chapter 2 \"Implementing SLOs\" (dashboards and reports); Sloth and Pyrra documentation.",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Dashboards, catalog.SLOs},
	Run: func(in *Inspection) {
		promised := promisedSLOs(in.Service)
		if len(promised) == 0 {
			if hides(in.Service, catalog.SLOs) {
				in.Missingf(in.Service.Name.At, "no SLO of the service was found")
			}
			in.NotApplicablef("the service has no SLO")
			return
		}
		if len(in.Service.Dashboards) == 0 && noDashboardShown(in) {
			return
		}
		for _, o := range promised {
			m := newMeasured([]*catalog.Service{in.Service}, o)
			for _, part := range budgetParts {
				requireBudgetPanel(in, o, m, part)
			}
		}
	},
}

// promisedSLOs gives the SLOs of the service and of the journeys that it takes part in, each once.
func promisedSLOs(svc *catalog.Service) []*catalog.SLO {
	var all []*catalog.SLO
	for _, o := range svc.SLOs {
		all = append(all, o.Item)
	}
	for _, j := range svc.Journeys {
		for _, o := range j.SLOs {
			if !slices.Contains(all, o) {
				all = append(all, o)
			}
		}
	}
	return all
}

// budgetPart is something of an error budget that a panel can show: by the metric's name, or by the panel's words when
// it computes with what the SLO measures.
type budgetPart struct {
	what    string
	example string
	named   func(metric string) bool
	titled  func(title string) bool // a title "availability" is that of an indicator's panel as well
}

var budgetParts = []budgetPart{
	{"the remaining error budget", "slo:period_error_budget_remaining:ratio", nameWords(`budget error_?budget budget_remaining pyrra_availability`).MatchString, nameWords(`budget error_?budget`).MatchString},
	{"the burn rate", "slo:current_burn_rate:ratio", nameWords(`burn burn_?rates? \w*burnrate\w* \w*burn_rate\w*`).MatchString, nameWords(`burn burn_?rates?`).MatchString},
}

func requireBudgetPanel(in *Inspection, o *catalog.SLO, m measured, part budgetPart) {
	for _, d := range budgetDashboards(in.Service) {
		for _, p := range d.Panels {
			if q, ok := showsBudget(p, part, m); ok {
				in.Metf(q.At, "panel %q of dashboard %q shows %s of SLO %q", p.Title.Value, d.Title.Value, part.what, o.Name.Value)
				return
			}
		}
	}
	for _, d := range budgetDashboards(in.Service) {
		for _, p := range d.Panels {
			if p.Unresolved {
				in.Undecidedf(p.At, "no panel shows %s of SLO %q, but library panel %q of dashboard %q is not in the catalog. keep it beside the dashboard", part.what, o.Name.Value, p.LibraryName, d.Title.Value)
				return
			}
		}
	}
	in.Missingf(o.At, "no panel shows %s of SLO %q. add one, as of %s", part.what, o.Name.Value, part.example)
}

// budgetDashboards gives the dashboards of the service and of its journeys.
func budgetDashboards(svc *catalog.Service) []*catalog.Dashboard {
	var all []*catalog.Dashboard
	for _, d := range svc.Dashboards {
		all = append(all, d.Item)
	}
	for _, j := range svc.Journeys {
		if j.Dashboard != nil && !slices.Contains(all, j.Dashboard) {
			all = append(all, j.Dashboard)
		}
	}
	return all
}

// showsBudget reports whether a panel shows a part of the SLO's budget, with the query that does: it asks what the SLO
// measures, and the metric's name or the panel's title says which part.
func showsBudget(p catalog.Panel, part budgetPart, m measured) (catalog.Query, bool) {
	titled := part.titled(titleName(p.Title.Value)) || part.titled(titleName(p.Row))
	for _, q := range p.Queries {
		for _, s := range q.Selectors {
			if m.shows(s) && (titled || part.named(plainName(s.Metric))) {
				return q, true
			}
		}
	}
	return catalog.Query{}, false
}

var titleSigns = strings.NewReplacer(" ", "_", "-", "_", "/", "_", "(", "_", ")", "_", ",", "_", "%", "_")

// titleName makes the words of a panel's title look like those of a metric's name.
func titleName(title string) string { return strings.ToLower(titleSigns.Replace(title)) }
