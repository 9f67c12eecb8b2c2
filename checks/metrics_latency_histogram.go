package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
)

var metricsLatencyHistogram = &Check{
	ID:       "metrics-latency-histogram",
	Title:    "Durations come from a histogram",
	Why:      "An average hides the slow requests that users notice, and the quantiles of a summary cannot be combined over instances. Only a histogram tells how many requests were slower than a promise.",
	Fix:      "Expose the duration as a histogram, as in `http_request_duration_seconds_bucket`, and ask it with `histogram_quantile` or for the share of requests below a threshold.",
	Source:   "Prometheus documentation, \"Histograms and summaries\"; Google SRE book, chapter 6 \"Worrying about your tail\".",
	Pillar:   Metrics,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.Recordings, catalog.Dashboards, catalog.SLOs},
	Run: func(in *Inspection) {
		if kind := in.Service.KindName(); !slices.Contains([]string{"request", "frontend", "platform"}, kind) {
			in.NotApplicablef("a service of kind %q has no latency that users wait for", kind)
			return
		}
		found, unread := seriesIn(in.used(), mayTime)
		found = slices.DeleteFunc(found, func(s series) bool { return !showsDuration(s) || probes(s) })
		unread = slices.DeleteFunc(unread, func(a asked) bool { return a.query.Lang != catalog.PromQL })
		found = withRecorded(in.Estate, found)
		if i := slices.IndexFunc(found, fromHistogram); i >= 0 {
			in.Metf(found[i].at, "metric %q in %s is a histogram", found[i].metric, found[i].by).LinkedBy(found[i].link)
			return
		}
		stateNoHistogram(in, found, unread)
	},
}

// stateNoHistogram states why no histogram was found: one requirement for each metric that could be one.
func stateNoHistogram(in *Inspection, found []series, unread []asked) {
	seen := map[string]bool{}
	for _, s := range found {
		if seen[family(s.metric)] {
			continue
		}
		seen[family(s.metric)] = true
		switch {
		case s.pattern || strings.Contains(s.metric, ":") && !averageRecorded.MatchString(s.metric):
			in.Undecidedf(s.at, "whether %q in %s comes from a histogram cannot be told. keep the rule that records it in the catalog", s.metric, s.by).LinkedBy(s.link)
		case len(unread) > 0:
			in.Undecidedf(s.at, "metric %q in %s is no histogram, but %s. write the query out", s.metric, s.by, unreadNote(unread)).LinkedBy(s.link)
		default:
			in.Missingf(s.at, "%s in %s. expose it as a histogram and ask for a quantile", durationForm(s), s.by).LinkedBy(s.link)
		}
	}
	switch {
	case len(found) > 0:
	case hides(in.Service, in.check.Needs...):
		in.Missingf(in.Service.Name.At, "no duration metric was found")
	default:
		in.NotApplicablef("no duration metric was found, which metrics-golden-signals reports")
	}
}

// withRecorded puts what stands behind recorded durations in their place, where the catalog has the rule that records
// them.
func withRecorded(estate *catalog.Estate, found []series) []series {
	var all []series
	for _, s := range found {
		behind := []series{s}
		if !fromHistogram(s) {
			behind = recordedOf(estate, s)
		}
		all = append(all, behind...)
	}
	return all
}

// recordedOf gives the durations that a rule computes a recorded metric of, or the series itself when there are none.
func recordedOf(estate *catalog.Estate, s series) []series {
	if !strings.Contains(s.metric, ":") {
		return []series{s}
	}
	i := slices.IndexFunc(estate.Recordings, func(r *catalog.RecordingRule) bool { return r.Name.Value == s.metric })
	if i < 0 {
		return []series{s}
	}
	behind, _ := seriesOf(asked{query: &estate.Recordings[i].Expr, by: fmt.Sprintf("recording rule %q", s.metric), link: s.link})
	behind = slices.DeleteFunc(behind, func(b series) bool { return !showsDuration(b) })
	if len(behind) == 0 {
		return []series{s}
	}
	return behind
}

// mayTime reports whether a selector may be of a duration, by its name alone.
func mayTime(s catalog.Selector) bool {
	name := plainName(s.Metric)
	return name == "" || variable(name) || timeWords.MatchString(name) || unitWords.MatchString(name)
}

// probes reports whether the duration is that of a probe from outside, which is a single measurement.
func probes(s series) bool { return strings.HasPrefix(s.metric, "probe_") }

// quantileRecorded matches the names under which rules record quantiles.
var quantileRecorded = nameWords(`p?50 p?75 p?90 p?95 p?99 p?999 \w*(?:quantile|percentile|th_percentile)\w* bucket\w* histogram\w*`)

// averageRecorded matches the names under which rules record averages.
var averageRecorded = nameWords(`\w*mean\w* \w*avg\w* \w*average\w*`)

// fromHistogram reports whether a duration is asked of a histogram, classic or native.
func fromHistogram(s series) bool {
	name := plainName(s.metric)
	return s.quantile || strings.HasSuffix(name, "_bucket") || strings.Contains(name, ":") && quantileRecorded.MatchString(name)
}

// durationForm says what a duration that is no histogram is.
func durationForm(s series) string {
	i := slices.IndexFunc(s.matchers, isQuantile)
	switch {
	case i >= 0:
		return fmt.Sprintf("the duration is quantile %q of summary %q, which cannot be combined over instances,", s.matchers[i].Value, s.metric)
	case strings.HasSuffix(s.metric, "_sum"):
		return fmt.Sprintf("the duration is the average %q over its count, which hides slow requests,", s.metric)
	}
	return fmt.Sprintf("the duration is the single value %q, which hides slow requests,", s.metric)
}
