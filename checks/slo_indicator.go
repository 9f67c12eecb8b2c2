package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

var sloIndicator = &Check{
	ID:    "slo-indicator",
	Title: "What each SLO measures is a valid share of the service's own events",
	Why:   "The numbers of a promise are only as good as its queries. A numerator that counts other requests than the denominator, a counter that is never made a rate, or good and bad events mixed up give a percentage that looks fine and means nothing.",
	Fix: "Give both queries the same metric and the same matchers, apart from the one that tells the outcome, and the same rate over the same window: " +
		"`sum(rate(http_requests_total{job=\"checkout\", code!~\"5..\"}[{{.window}}]))` of `sum(rate(http_requests_total{job=\"checkout\"}[{{.window}}]))`.",
	Source:   "SRE workbook, chapter 2 \"Implementing SLOs\" (SLI as the share of good events); Prometheus documentation, \"Histograms and summaries\"; specifications of Sloth ({{.window}}) and Pyrra (plain selectors).",
	Pillar:   SLOs,
	Question: Promise,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.SLOs},
	Run: func(in *Inspection) {
		if noSLOs(in) {
			return
		}
		for _, o := range in.Service.SLOs {
			if len(o.Item.Indicator.Queries()) > 0 { // else slo-valid tells
				judgeIndicator(in, o)
			}
		}
		in.NotApplicablef("no SLO of the service has a query: see slo-valid")
	},
}

// judgeIndicator states what is wrong with the queries of an SLO, one finding for each, or that nothing is.
func judgeIndicator(in *Inspection, o promised) {
	if !queriesRead(in, o) {
		return
	}
	i := indicator{Inspection: in, promised: o}
	i.part, i.all, i.other = in.eventsOf(o.Item)
	faults := i.faults()
	for _, f := range faults {
		in.Unmetf(f.at, "SLO %q: %s", o.Item.Name.Value, f.text).LinkedBy(o.By)
	}
	if len(faults) > 0 {
		return
	}
	if f := i.doubt(); f.text != "" {
		in.Undecidedf(f.at, "SLO %q: %s", o.Item.Name.Value, f.text).LinkedBy(o.By)
		return
	}
	first := o.Item.Indicator.Queries()[0]
	in.Metf(first.At, "SLO %q measures %s", o.Item.Name.Value, i.measures()).LinkedBy(o.By)
}

// queriesRead reports whether all queries of an SLO could be read, and states why not.
func queriesRead(in *Inspection, o promised) bool {
	name := o.Item.Name.Value
	for _, q := range o.Item.Indicator.Queries() {
		switch {
		case q.Lang != catalog.PromQL:
			in.Undecidedf(q.At, "a query of SLO %q is in a language that is not judged: %q. keep a PromQL form of it, or name the type of its data source", name, excerpt(q.Text)).LinkedBy(o.By)
		case promql.ByTemplate(q):
			in.Undecidedf(q.ErrorAt, "a query of SLO %q is filled in by a template. keep a rendered copy in the catalog", name).LinkedBy(o.By)
		case strings.Contains(q.Error, "unknown function"):
			in.Undecidedf(q.ErrorAt, "a query of SLO %q is no PromQL as Prometheus knows it (%s). if its server knows that function, it is not judged here", name, q.Error).LinkedBy(o.By)
		case q.Error != "":
			in.Unmetf(q.ErrorAt, "a query of SLO %q does not parse: %s. correct it", name, q.Error).LinkedBy(o.By)
		default:
			continue
		}
		return false
	}
	return true
}

// indicator is what one SLO measures, taken apart.
type indicator struct {
	*Inspection
	promised
	part, all, other []events
}

func (i indicator) faults() []fault {
	var faults []fault
	for _, e := range slices.Concat(i.part, i.all, i.other) {
		faults = append(faults, i.ofFormat(e)...)
		for _, c := range e.counted {
			faults = append(faults, i.ofCounting(e, c)...)
		}
	}
	for _, p := range i.part {
		faults = append(faults, swapped(p)...)
		for _, t := range i.all {
			faults = append(faults, mismatches(p, t)...)
		}
	}
	for _, e := range i.other {
		faults = append(faults, i.percentages(e)...)
	}
	if len(faults) == 0 {
		faults = i.ofAnother()
	}
	return faults
}

// ofFormat finds queries that the tool of the SLO's format refuses or takes for something else.
func (i indicator) ofFormat(e events) []fault {
	switch {
	case strings.HasPrefix(i.Item.Format, "sloth") && !slothPlaceholder.MatchString(e.query.Text):
		return []fault{{e.query.At, fmt.Sprintf("the query of %s holds no {{.window}}, for which Sloth puts each of its windows. write [{{.window}}] as its range", e.name)}}
	case i.Item.Format == "pyrra":
		if _, ok := e.expr.(*parser.VectorSelector); !ok {
			return []fault{{e.query.At, fmt.Sprintf("the query of %s is more than a selector, and Pyrra takes nothing else: it puts rates and sums around it. write only the selector", e.name)}}
		}
	}
	return nil
}

// countsUp matches names that can only be those of counters.
var countsUp = regexp.MustCompile(`_(seconds|milliseconds|duration|latency|bytes)_(count|sum)$|_bucket$|` + eventCounter.String())

// wholeQueries are the formats that take queries as they are, without a rate around them.
var wholeQueries = []string{"sloth/v1", "sloth CRD", "native"}

// ofCounting finds counters that are never made a rate, gauges that are, and histograms whose buckets are added up.
func (i indicator) ofCounting(e events, c counted) []fault {
	name := c.node.Name
	switch {
	case c.recorded || c.templated():
	case slices.Contains(wholeQueries, i.Item.Format) && !c.ranged() && countsUp.MatchString(name) && !presentAmount.MatchString(name):
		return []fault{{e.at(c.node), fmt.Sprintf("%s is a counter, whose value counts from the start of its process. take a rate: rate(%s[{{.window}}])", name, e.text(c.node))}}
	case c.calls("rate", "irate", "increase") && gaugeName.MatchString(name):
		return []fault{{e.at(c.node), fmt.Sprintf("%s is a gauge by its name, and a rate takes every fall for a restart. take avg_over_time()", name)}}
	case strings.HasSuffix(name, "_bucket") && !c.calls(histograms...) && !c.groupedBy("le") && i.withoutBound(c):
		return []fault{{e.at(c.node), fmt.Sprintf("%s without a matcher on le adds up all buckets, each of which holds the ones below. choose one, as in le=\"0.3\", and _count for all events", name)}}
	}
	return nil
}

func (i indicator) withoutBound(c counted) bool {
	_, le := c.matcher("le")
	_, vmrange := c.matcher("vmrange")
	return !le && !vmrange && !c.groupedBy("vmrange")
}

// percentages finds a ratio that is one of a hundred by the name of its metric.
func (i indicator) percentages(e events) []fault {
	if e.name != theRatio {
		return nil
	}
	if l := i.linear(e.expr, 0); l.core != nil && l.scale == 1 && percentName.MatchString(metricName(l.core)) {
		return []fault{{e.query.At, fmt.Sprintf("%s is a percentage by its name, and the share of events has to lie between 0 and 1. divide it by 100", metricName(l.core))}}
	}
	return nil
}

// ofAnother finds queries that all select another service of the catalog by name. An SLO of a journey may well be
// measured at another service than those that the journey names.
func (i indicator) ofAnother() []fault {
	if strings.HasPrefix(i.By.Detail, "journey") {
		return nil
	}
	id := identify(i.Service)
	var other *catalog.Service
	var at catalog.Place
	var matcher catalog.Matcher
	for _, e := range slices.Concat(i.part, i.all, i.other) {
		for _, c := range e.counted {
			if id.relateSelector(c.Selector) != foreign {
				return nil
			}
			for _, m := range c.Matchers {
				if s := i.serviceOf(m); s != nil && other == nil {
					other, at, matcher = s, e.at(c.node), m
				}
			}
		}
	}
	if other == nil || other == i.Service {
		return nil
	}
	return []fault{{at, fmt.Sprintf("its queries select %s%s%q, which is service %q of the catalog, and not service %q. measure that one, or name the SLO's service",
		matcher.Name, matcher.Op, matcher.Value, other.Name.Value, i.Service.Name.Value)}}
}

// serviceOf gives the service of the catalog that a matcher selects by name.
func (s *Survey) serviceOf(m catalog.Matcher) *catalog.Service {
	if m.Op != "=" || !slices.Contains(identities, m.Name) || m.Value == "" {
		return nil
	}
	for _, svc := range s.Estate.Services {
		if slices.Contains(serviceNames(svc), strings.ToLower(m.Value)) {
			return svc
		}
	}
	return nil
}

// doubt gives what keeps the indicator from being taken for sound: it selects something else than the service by the
// selectors that its entry declares, or a gauge of which it is not known that it is a share.
func (i indicator) doubt() fault {
	for _, e := range i.other {
		if l := i.linear(e.expr, 0); e.name == theRatio && l.core != nil && !i.isShare(l.core, 0) {
			return fault{e.query.At, fmt.Sprintf("whether %q lies between 0 and 1 is not known. divide bad by all events, or record it under a name that ends in ratio", excerpt(e.query.Text))}
		}
	}
	if i.Service.Signals.Metrics.Value == "" || strings.HasPrefix(i.By.Detail, "journey") {
		return fault{}
	}
	id := identify(i.Service)
	var first fault
	for _, e := range slices.Concat(i.part, i.all, i.other) {
		for _, c := range e.counted {
			if id.relateSelector(c.Selector) != foreign {
				return fault{}
			}
			if first.text == "" {
				first = fault{e.at(c.node), fmt.Sprintf("nothing says that %s is about service %q, whose metrics are %s. add its name to aliases, or correct the query", e.text(c.node), i.Service.Name.Value, i.Service.Signals.Metrics.Value)}
			}
		}
	}
	return first
}

// measures says what a sound indicator measures.
func (i indicator) measures() string {
	var part, all, other []string
	for _, e := range i.part {
		part = appendMetrics(part, e)
	}
	for _, e := range i.all {
		all = appendMetrics(all, e)
	}
	for _, e := range i.other {
		other = appendMetrics(other, e)
	}
	switch {
	case len(part) > 0 && len(all) > 0:
		return fmt.Sprintf("the share of %s (%s) in all events (%s)", i.part[0].name, quoteAll(part), quoteAll(all))
	case len(all) > 0:
		return "the share of events in time of " + quoteAll(all)
	}
	return quoteAll(append(part, other...))
}

func appendMetrics(names []string, e events) []string {
	for _, c := range e.counted {
		if c.Metric != "" && !slices.Contains(names, c.Metric) {
			names = append(names, c.Metric)
		}
	}
	return names
}
