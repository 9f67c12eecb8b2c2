package slos

import (
	"fmt"
	"strconv"
	"strings"

	"obsready/catalog"
)

// Native is the shape of one [[slo]] of a native file. Its tags are the format: decoding, reference and JSON Schema
// follow from them, see catalog/tomldoc. The files are read by catalog/entries, since an SLO may stand in a service's
// entry.
type Native struct {
	At           catalog.Place
	Name         catalog.Text   `toml:"name" required:"true" doc:"Unique in the catalog; journeys refer to it" example:"\"checkout-availability\""`
	Description  catalog.Text   `toml:"description" doc:"What is promised to whom, in a sentence"`
	Service      catalog.Text   `toml:"service" doc:"Service whose promise it is; inside a service's entry that service"`
	Objective    catalog.Text   `toml:"objective" type:"number" required:"true" doc:"Percentage that is promised" example:"99.9"`
	Window       catalog.Text   `toml:"window" doc:"Rolling period over which it is promised" example:"\"30d\""`
	Dimension    catalog.Text   `toml:"dimension" enum:"availability,errors,latency,correctness,freshness,durability,throughput,recovery time" doc:"What users care about that it measures"`
	Good         catalog.Text   `toml:"good" doc:"PromQL of the good events; {{.window}} may stand for the period. With total" example:"'sum(rate(http_requests_total{job=\"checkout\", code!~\"5..\"}[{{.window}}]))'"`
	Bad          catalog.Text   `toml:"bad" doc:"PromQL of the bad events, in place of good"`
	Total        catalog.Text   `toml:"total" doc:"PromQL of all events" example:"'sum(rate(http_requests_total{job=\"checkout\"}[{{.window}}]))'"`
	Ratio        catalog.Text   `toml:"ratio" doc:"PromQL of the share of bad events, in place of the others" example:"'job:errors:ratio_rate5m{job=\"checkout\"}'"`
	Threshold    catalog.Text   `toml:"threshold" type:"string|number" doc:"Of latency or freshness: the bound that good events keep" example:"\"300ms\""`
	BudgetPolicy catalog.Text   `toml:"budget_policy" doc:"Page that says what changes when the error budget is spent: path or address" example:"\"/docs/error-budget-policy.md\""`
	Alerts       []catalog.Text `toml:"alerts" doc:"Names of the alert rules that watch it" example:"[\"CheckoutErrorBudgetBurn\"]"`
}

// SLO gives what the shape says, with a gap for each part without which there is no promise and that is missing or
// stated twice. problems are the keys whose values could not be read: they are reported elsewhere.
func (n Native) SLO(problems map[string]bool) (*catalog.SLO, []catalog.Gap) {
	slo := &catalog.SLO{
		Name: n.Name, Description: n.Description, Service: n.Service, Format: "native",
		Objective: n.Objective, Percent: percent(n.Objective, 0), Window: n.Window, Windows: stated(n.Window),
		Dimension: n.Dimension, PolicyRef: n.BudgetPolicy, Indicator: n.indicator(),
		Alerting: catalog.SLOAlerting{Alerts: n.Alerts}, At: n.At,
	}
	slo.Description.Value = strings.TrimSpace(slo.Description.Value)
	var gaps []catalog.Gap
	names := map[string]bool{n.Name.Value: true}
	if n.Service.Value != "" {
		names[n.Service.Value] = true
	}
	report := func(at catalog.Place, format string, args ...any) {
		gaps = append(gaps, catalog.Gap{
			Kinds: []catalog.Kind{catalog.SLOs}, At: at.Or(n.At), Cause: catalog.BadValue, Detail: fmt.Sprintf(format, args...),
			Names: names,
		})
	}
	if _, err := strconv.ParseFloat(n.Objective.Value, 64); err != nil && !problems["objective"] {
		report(n.Objective.At, "SLO %q has no objective. write objective = 99.9", n.Name.Value)
	}
	if !problems["good"] && !problems["bad"] && !problems["total"] && !problems["ratio"] {
		n.checkQueries(report)
	}
	return slo, gaps
}

// checkQueries reports queries that are not exactly one of the three pairs that make an indicator.
func (n Native) checkQueries(report func(at catalog.Place, format string, args ...any)) {
	good, bad, total, ratio := blank(n.Good), blank(n.Bad), blank(n.Total), blank(n.Ratio)
	name := n.Name.Value
	switch {
	case good && bad && total && ratio:
		report(n.At, "SLO %q measures nothing. write good and total, bad and total, or ratio", name)
	case !ratio && !(good && bad && total):
		report(n.Ratio.At, "SLO %q has a ratio and counts of events too. keep ratio, or total with good or bad", name)
	case !good && !bad:
		report(n.Bad.At, "SLO %q has good and bad events. keep one of them", name)
	case ratio && total:
		report(n.Good.At.Or(n.Bad.At), "SLO %q has only one half of its ratio. write total too", name)
	case ratio && good && bad:
		report(n.Total.At, "SLO %q has only one half of its ratio. write good or bad too", name)
	}
}

// indicator gives what the queries measure. When they contradict each other it is the first pair of the reference.
func (n Native) indicator() catalog.Indicator {
	i := catalog.Indicator{Total: nativeQuery(n.Total), Threshold: n.Threshold}
	switch {
	case !blank(n.Good):
		i.Kind, i.Good = "ratio", nativeQuery(n.Good)
		if n.Dimension.Value == "latency" {
			i.Kind = "latency"
		}
	case !blank(n.Bad):
		i.Kind, i.Bad = "bad ratio", nativeQuery(n.Bad)
	case !blank(n.Ratio):
		i.Kind, i.Total, i.Raw = "raw", nil, nativeQuery(n.Ratio)
	case !blank(n.Total):
		i.Kind = "ratio"
	}
	if i.Kind == "latency" && i.Threshold.IsZero() {
		i.Threshold = bucket(i.Good)
	}
	return i
}

func blank(t catalog.Text) bool { return strings.TrimSpace(t.Value) == "" }

// nativeQuery gives the parsed query of a text, none of a blank one. TOML does not tell where the lines of a long string
// begin, so of a query of several lines only the place of the first is known.
func nativeQuery(t catalog.Text) []catalog.Query {
	if blank(t) {
		return nil
	}
	return []catalog.Query{parse(catalog.Query{Text: t.Value, At: t.At, Lang: catalog.PromQL})}
}
