package scorecard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// promises gives the rows of the promises table: every journey with each of its SLOs, or alone when it has none, and
// then the SLOs of the given services that none of these journeys names.
//
// The error budget policy stays "" in every row: this version reads no such documents.
func promises(journeys []*catalog.Journey, cards []*Card) []Promise {
	var rows []Promise
	named := map[*catalog.SLO]bool{}
	for _, j := range journeys {
		for _, slo := range j.SLOs {
			named[slo] = true
			rows = append(rows, Promise{Journey: j, SLO: slo, SLI: journeyIndicator(j, slo), Target: target(slo)})
		}
		if len(j.SLOs) == 0 {
			rows = append(rows, Promise{Journey: j, SLI: j.SLI.Value})
		}
	}
	for _, c := range cards {
		for _, slo := range c.Service.SLOs {
			if !named[slo.Item] {
				rows = append(rows, Promise{Service: c.Service, SLO: slo.Item, SLI: indicatorWords(slo.Item.Indicator), Target: target(slo.Item)})
			}
		}
	}
	return rows
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
