package slos

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/document"
)

// recommended are the windows that Google recommends for a budget of 30 days, with the share of the budget that each
// lets burn in its long window. Sloth generates just these, for 28 days too, and so does Grafana.
// Source: SRE workbook, chapter 5, "Recommended parameters for an SLO-based alerting configuration"; sloth
// internal/alert/windows/google-30d.yaml and google-28d.yaml.
var recommended = []struct {
	long, short time.Duration
	percent     float64 // of the budget
	page        bool
}{
	{time.Hour, 5 * time.Minute, 2, true},
	{6 * time.Hour, 30 * time.Minute, 5, true},
	{24 * time.Hour, 2 * time.Hour, 10, false},
	{72 * time.Hour, 6 * time.Hour, 10, false},
}

const day = 24 * time.Hour

// recommendedBurns gives the recommended conditions for an SLO's window: 14.4, 6, 3 and 1 for 30 days.
func recommendedBurns(window time.Duration, at catalog.Place) []catalog.Burn {
	var burns []catalog.Burn
	for _, w := range recommended {
		factor := w.percent * float64(window) / (100 * float64(w.long))
		burns = append(burns, catalog.Burn{Long: w.long, Short: w.short, Factor: factor, Page: w.page, At: at})
	}
	return burns
}

// pyrraBurns gives the conditions that Pyrra generates: its windows are parts of the SLO's, rounded to a minute.
// Source: pyrra slo/rules.go, func Windows.
func pyrraBurns(window time.Duration, at catalog.Place) []catalog.Burn {
	part := func(n int) time.Duration { return (window / time.Duration(n)).Round(time.Minute) }
	return []catalog.Burn{
		{Long: part(28 * 24), Short: part(28 * 24 * 12), Factor: 14, Page: true, At: at},
		{Long: part(28 * 4), Short: part(28 * 24 * 2), Factor: 7, Page: true, At: at},
		{Long: part(28), Short: part(28 * 12), Factor: 2, At: at},
		{Long: part(7), Short: part(28 * 4), Factor: 1, At: at},
	}
}

// pagingSeverities are the severities that wake somebody, in lower case; others are tickets.
var pagingSeverities = []string{"page", "paging", "pager", "critical", "emergency", "urgent", "p0", "p1", "sev0", "sev1", "sev-0", "sev-1"}

func pages(severity string) bool {
	return slices.Contains(pagingSeverities, strings.ToLower(strings.TrimSpace(severity)))
}

// units are those of a duration as Prometheus and OpenSLO write it. OpenSLO's month, quarter and year have no fixed
// length: they are taken as 30, 90 and 365 days.
var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day,
	"M": 30 * day, "Q": 90 * day, "y": 365 * day, "Y": 365 * day,
}

// Duration reads a duration as SLO specifications write it: "5m", "1h30m", "4w", "1M". It gives 0 for anything else,
// and for what is longer than a hundred years.
func Duration(text string) time.Duration {
	rest, total := strings.TrimSpace(text), time.Duration(0)
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		number, err := strconv.ParseInt(rest[:digits], 10, 64)
		rest = rest[digits:]
		letters := len(rest) - len(strings.TrimLeft(rest, "mshdwMQyY"))
		unit, known := units[rest[:letters]]
		rest = rest[letters:]
		const longest = 36500 * day
		if err != nil || !known || number > int64(longest/unit) {
			return 0
		}
		if total += time.Duration(number) * unit; total > longest {
			return 0
		}
	}
	return total
}

// policyKeys are the labels and annotations that name an error budget policy. What stands before a slash, as in
// "example.org/budget-policy", and whether words are joined by dashes or underscores does not matter.
var policyKeys = []string{"error_budget_policy", "error_budget_policy_url", "budget_policy", "budget_policy_url", "slo_policy", "slo_policy_url"}

// PolicyRef gives the error budget policy that annotations or labels name.
func PolicyRef(labels ...[]catalog.Label) catalog.Text {
	for _, l := range slices.Concat(labels...) {
		key := l.Key[strings.LastIndex(l.Key, "/")+1:]
		if slices.Contains(policyKeys, strings.ReplaceAll(strings.ToLower(key), "-", "_")) && strings.TrimSpace(l.Value) != "" {
			return l.Text()
		}
	}
	return catalog.Text{}
}

// Dimensions are what an SLO can promise.
// Source: SRE workbook, chapter 2 "Implementing SLOs", its table of SLIs by type of component.
var Dimensions = []string{"availability", "errors", "latency", "correctness", "freshness", "durability", "throughput", "recovery time"}

// dimensionKeys are the labels by which specifications say what they promise.
var dimensionKeys = []string{"dimension", "category", "sli_type", "slo_type", "sli-type", "slo-type"}

// dimension gives what the labels of a specification say that it promises, the zero Text when they do not.
func dimension(labels []catalog.Label) catalog.Text {
	for _, key := range dimensionKeys {
		if l, ok := catalog.FindLabel(labels, key); ok && slices.Contains(Dimensions, strings.ToLower(l.Value)) {
			return catalog.Text{Value: strings.ToLower(l.Value), At: l.At}
		}
	}
	return catalog.Text{}
}

// placeOr gives where a part of an SLO stands, that of the whole when it is not there.
func placeOr(n *document.Node, whole catalog.Place) catalog.Place { return n.Place().Or(whole) }
