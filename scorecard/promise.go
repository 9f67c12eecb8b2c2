package scorecard

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// promises gives the rows of the promises table: every journey with each of its SLOs, or alone when it has none, and
// then the SLOs of the given services that none of these journeys names.
func (r *Report) promises(journeys []*catalog.Journey, cards []*Card) []Promise {
	var rows []Promise
	named := map[*catalog.SLO]bool{}
	for _, j := range journeys {
		for _, t := range r.survey.Threads(j) {
			row := Promise{Journey: j, SLI: j.SLI.Value, Thread: &t}
			if t.SLO != nil {
				named[t.SLO] = true
				row.SLI = journeyIndicator(j, t.SLO)
				row.state(t.SLO)
			}
			rows = append(rows, row)
		}
	}
	for _, c := range cards {
		for _, slo := range c.Service.SLOs {
			if !named[slo.Item] {
				row := Promise{Service: c.Service, SLI: indicatorWords(slo.Item.Indicator)}
				row.state(slo.Item)
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// state fills in what an SLO promises.
func (p *Promise) state(slo *catalog.SLO) {
	p.SLO, p.Target, p.BudgetMinutes = slo, target(slo), budgetMinutes(slo)
	p.Policy, p.PolicyAt = policyWords(slo.Policy)
}

// budgetMinutes gives the error budget in minutes of total failure in 30 days, 0 without a valid objective.
// Source: Google SRE book, appendix A "Availability Table".
func budgetMinutes(slo *catalog.SLO) float64 {
	if slo.Percent <= 0 || slo.Percent >= 100 {
		return 0
	}
	const month = 30 * 24 * 60
	return math.Round((100-slo.Percent)*month*1e4) / 1e6 // without the noise of computing
}

// Budget gives the error budget as people read it, as in "43.2 min a month", in hours from 10 of them on; "" without a
// valid objective.
func (p Promise) Budget() string {
	minutes, unit := p.BudgetMinutes, "min"
	switch {
	case minutes <= 0:
		return ""
	case minutes >= 600:
		minutes, unit = minutes/60, "h"
	}
	return strconv.FormatFloat(minutes, 'g', 3, 64) + " " + unit + " a month"
}

// policyWords tells an error budget policy by the first thing that follows from it, else by its page.
func policyWords(p *catalog.BudgetPolicy) (string, catalog.Place) {
	switch {
	case p == nil:
		return "", catalog.Place{}
	case len(p.Consequences) > 0:
		first := p.Consequences[0]
		return strings.Join(strings.Fields(first.Value), " "), first.At.Or(p.At)
	case p.Page != nil && p.Page.Title.Value != "":
		return p.Page.Title.Value, p.Page.Title.At.Or(p.At)
	}
	return p.At.File, p.At
}

// journeyIndicator gives the measurement of a journey's SLO: in the journey's own words when they can only be about
// this SLO.
func journeyIndicator(j *catalog.Journey, slo *catalog.SLO) string {
	if len(j.SLOs) == 1 && j.SLI.Value != "" {
		return j.SLI.Value
	}
	return indicatorWords(slo.Indicator)
}

// target gives an objective with its window, as in "99.9 % over 30d": an objective that is no valid percentage as it
// was written, and "" when there is none.
func target(slo *catalog.SLO) string {
	objective := slo.Objective.Value
	if slo.Percent > 0 {
		objective = strconv.FormatFloat(slo.Percent, 'g', 10, 64) + " %"
	}
	if objective != "" && slo.Window.Value != "" {
		objective += " over " + slo.Window.Value
	}
	return objective
}

// indicatorWords describes what an SLO measures by the metrics in its queries, as in "good / total of
// http_requests_total"; "" when nothing is known of it.
func indicatorWords(i catalog.Indicator) string {
	good, bad, total, raw := metricNames(i.Good), metricNames(i.Bad), metricNames(i.Total), metricNames(i.Raw)
	switch {
	case len(i.Queries()) == 0:
		return ""
	case i.Kind == "latency":
		below := "in time"
		if i.Threshold.Value != "" {
			below = "within " + i.Threshold.Value
		}
		return "share " + below + of(orElse(total, good))
	case i.Kind == "bool gauge":
		return "share of time that holds" + of(orElse(total, raw))
	case len(i.Raw) > 0:
		return "ratio" + of(raw)
	case len(i.Bad) > 0 && len(i.Good) == 0:
		return part("bad", bad, total)
	default:
		return part("good", good, total)
	}
}

// part words a ratio of events, naming the metric once where it is the same above and below the line.
func part(what, metrics, total string) string {
	if metrics == total || metrics == "" || total == "" {
		return what + " / total" + of(orElse(total, metrics))
	}
	return fmt.Sprintf("%s (%s) / total (%s)", what, metrics, total)
}

func of(metrics string) string {
	if metrics == "" {
		return ""
	}
	return " of " + metrics
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// metricNames gives the names of the metrics that the queries select, each once, in the order of the text.
func metricNames(queries []catalog.Query) string {
	var names []string
	for _, q := range queries {
		for _, s := range q.Selectors {
			if s.Metric != "" && !slices.Contains(names, s.Metric) {
				names = append(names, s.Metric)
			}
		}
	}
	return strings.Join(names, ", ")
}
