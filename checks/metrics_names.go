package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var metricsNames = &Check{
	ID:       "metrics-names",
	Title:    "The service's own metrics are named by convention",
	Why:      "Whoever reads a query at night has to know from the name whether a value is a counter and in which unit it is. A label such as a user's ID makes a series of every user and fells the server.",
	Fix:      "Name metrics in snake_case with the base unit (`_seconds`, `_bytes`) and end counters in `_total`. Group by labels with few values. Names of OpenTelemetry with dots, and what a collector makes of them, are fine.",
	Source:   "Prometheus documentation, \"Metric and label naming\"; OpenTelemetry specification, \"Prometheus and OpenMetrics compatibility\".",
	Pillar:   Metrics,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.Recordings, catalog.Dashboards, catalog.SLOs},
	All:      true,
	Run: func(in *Inspection) {
		if !kindWithSignals(in) {
			return
		}
		id := identify(in.Service)
		found, _ := seriesIn(in.used(), id.named)
		found = slices.DeleteFunc(found, func(s series) bool {
			return s.pattern || !id.named(catalog.Selector{Metric: s.metric, Matchers: s.matchers})
		})
		if len(found) == 0 {
			if hides(in.Service, in.check.Needs...) {
				in.Missingf(in.Service.Name.At, "no metric of the service's own was found")
			}
			in.NotApplicablef("no query selects a metric of the service's own: those of runtimes, libraries and exporters are not the team's to name")
			return
		}
		stateNames(in, found)
	},
}

// named reports whether the selector's metric is one that the service's team has named. What a rule records follows a
// convention of its own (level:metric:operations).
func (id identity) named(s catalog.Selector) bool {
	if s.Metric == "" || variable(s.Metric) || strings.Contains(s.Metric, ":") {
		return false
	}
	if inWords(plainName(s.Metric), id.names) {
		return true
	}
	return !wellKnown(s.Metric) && !runtimes.MatchString(s.Metric) && id.relateSelector(s) == own
}

// stateNames states one requirement for each metric, with the first thing that is wrong with it.
func stateNames(in *Inspection, found []series) {
	otlp := slices.ContainsFunc(in.Service.Collectors, func(c catalog.Linked[catalog.Collector]) bool {
		_, ok := metricsPipeline(c.Item, in.Estate)
		return ok
	})
	order, uses := []string{}, map[string][]series{}
	for _, s := range found {
		name := family(s.metric)
		if uses[name] == nil {
			order = append(order, name)
		}
		uses[name] = append(uses[name], s)
	}
	for _, name := range order {
		first := uses[name][0]
		if s, fault := firstFault(uses[name], otlp); fault != "" {
			in.Unmetf(s.at, "metric %q in %s %s", s.metric, s.by, fault).LinkedBy(s.link)
		} else {
			in.Metf(first.at, "metric %q in %s is named by convention", first.metric, first.by).LinkedBy(first.link)
		}
	}
}

func firstFault(uses []series, otlp bool) (series, string) {
	for _, s := range uses {
		if fault := nameFault(s, otlp); fault != "" {
			return s, fault
		}
	}
	return series{}, ""
}

var (
	upper     = regexp.MustCompile(`[A-Z]`)
	otherUnit = regexp.MustCompile(`_(milliseconds|millis|ms|microseconds|nanoseconds|minutes|hours|days|kilobytes|kb|megabytes|mb|gigabytes|gb|kib|mib|gib)(_total|_bucket|_count|_sum)?$`)
	unbounded = regexp.MustCompile(`(?i)^(?:user_?id|user_?name|user_?email|e?_?mail|email_?address|session_?id|request_?id|trace_?id|span_?id|correlation_?id|order_?id|transaction_?id|customer_?id|phone(?:_?number)?|client_?ip|remote_addr)$`)
)

// nameFault says what is wrong with a metric's name or the labels that it is grouped by, "" for nothing. With otlp the
// names may be translated from OpenTelemetry's, which have units of their own.
func nameFault(s series, otlp bool) string {
	if i := slices.IndexFunc(s.grouped, unbounded.MatchString); i >= 0 {
		return fmt.Sprintf("is grouped by %q, which has no bound. drop the label, and find single cases in logs or traces", s.grouped[i])
	}
	if strings.Contains(s.metric, ".") {
		return "" // OpenTelemetry's own name
	}
	if upper.MatchString(s.metric) {
		return fmt.Sprintf("has capitals. name it %q", plainName(s.metric))
	}
	if m := otherUnit.FindStringSubmatch(s.metric); m != nil && !otlp {
		return fmt.Sprintf("is in %s. use the base unit: %s", m[1], baseUnit(m[1]))
	}
	if s.rated && !s.quantile && !hasCounterEnd(s.metric) && !otlp {
		return fmt.Sprintf("is a counter, for its rate is taken. name it %q", s.metric+"_total")
	}
	return ""
}

func hasCounterEnd(metric string) bool {
	for _, end := range []string{"_total", "_count", "_sum", "_bucket"} {
		if strings.HasSuffix(metric, end) {
			return true
		}
	}
	return false
}

func baseUnit(unit string) string {
	if strings.HasSuffix(unit, "b") || strings.HasSuffix(unit, "bytes") {
		return "bytes"
	}
	return "seconds"
}
