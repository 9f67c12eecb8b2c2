package checks

import (
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// ratioFaults gives what is wrong with a ratio of good (or, with bad, of bad) and all events.
func ratioFaults(part, all string, bad bool, recordings ...*catalog.RecordingRule) string {
	query := func(text string) []catalog.Query {
		return []catalog.Query{promql.ParseRule(catalog.Query{Text: text, Lang: catalog.PromQL, At: catalog.Place{File: "slo.toml", Line: 1, Col: 1}})}
	}
	o := &catalog.SLO{Name: catalog.Text{Value: "x"}, Format: "native", Indicator: catalog.Indicator{Kind: "ratio", Total: query(all)}}
	if all == "" {
		o.Indicator = catalog.Indicator{Kind: "raw", Raw: query(part)}
	} else if bad {
		o.Indicator.Bad = query(part)
	} else {
		o.Indicator.Good = query(part)
	}
	estate := &catalog.Estate{Recordings: recordings}
	service := &catalog.Service{Name: catalog.Text{Value: "shop"}}
	in := &Inspection{Subject: NewSurvey(estate, &Settings{}, time.Time{}).About(service)}
	i := indicator{Inspection: in, promised: promised{Item: o}}
	i.part, i.all, i.other = in.eventsOf(o)
	var texts []string
	for _, f := range i.faults() {
		texts = append(texts, f.text)
	}
	return strings.Join(texts, "; ")
}

// TestSoundRatios makes sure that nothing is said about ratios as they are written in practice.
func TestSoundRatios(t *testing.T) {
	for _, c := range []struct {
		part, all string
		bad       bool
	}{
		{`sum(rate(r_total{job="a",code!~"5.."}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, false},
		{`sum(rate(r_total{job="a",code=~"2..|3..|4.."}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, false},
		{`sum(rate(r_total{job="a",error="false"}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, false},
		{`sum(rate(r_total{job="a",error!=""}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, true},
		{`sum(rate(r_total{code="500",job="a"}[5m])) or vector(0)`, `sum(rate(r_total{job="a"}[5m]))`, true},
		{`sum(rate(r_total{job="a"}[5m])) - sum(rate(r_total{job="a",code=~"5.."}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, false},
		{`sum(rate(d_seconds_bucket{job="a",le="0.3",code!~"5.."}[5m]))`, `sum(rate(d_seconds_count{job="a"}[5m]))`, false},
		{`sum(rate(d_seconds_bucket{job="a",le="0.3"}[5m]))`, `sum(rate(d_seconds_bucket{job="a",le="+Inf"}[5m]))`, false},
		{`sum(rate(d_seconds_count{job="a"}[5m])) - sum(rate(d_seconds_bucket{job="a",le="0.3"}[5m]))`, `sum(rate(d_seconds_count{job="a"}[5m]))`, true},
		{`histogram_fraction(0, 0.3, sum(rate(d_seconds{job="a"}[5m]))) * histogram_count(sum(rate(d_seconds{job="a"}[5m])))`, `histogram_count(sum(rate(d_seconds{job="a"}[5m])))`, false},
		{`sum(rate(errors_total{job="a"}[5m]))`, `sum(rate(requests_total{service="a"}[5m]))`, true},
		{`sum(rate(fetches_total{type="failed",job="a"}[5m]))`, `sum(rate(fetches_total{type="all",job="a"}[5m]))`, true},
		{`sum(rate(r_total{job="a",env="$env",code="500"}[5m]))`, `sum(rate(r_total{job="a",env=~".*"}[5m]))`, true},
		{`sum(rate(r_total{job=~"a|b",code="500"}[5m]))`, `sum(rate(r_total{job=~"a|b|c"}[5m]))`, true},
		{`sum(rate(r_total{job="a",code="500"}[5m])) + sum(rate(r_total{job="b",code="500"}[5m]))`, `sum(rate(r_total{job="a"}[5m])) + sum(rate(r_total{job="b"}[5m]))`, true},
		{`sum by (job) (rate(r_total{code="500"}[5m]))`, `sum by (job) (rate(r_total[5m]))`, true},
		{`sum(rate(r_total{job="a",code="500"}[5m])) by (job)`, `sum without (code) (rate(r_total{job="a"}[5m]))`, true},
		{`sum(rate(r_total{cache="hit"}[5m]))`, `sum(rate(r_total[5m]))`, false},
		{`sum_over_time((count(satisfaction_ratio < 0.75))[5m:]) or on() vector(0)`, `sum_over_time((count(satisfaction_ratio))[5m:])`, true},
		{`sum(rate(r_total{job="a"}[5m])) - sum(rate(errors_total{job="a"}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, false},
		{`avg_over_time(probe_success{job="a"}[5m])`, `count_over_time(probe_success{job="a"}[5m])`, false},
		{`sum(rate(r_total{code="500"}[5m])) / sum(rate(r_total[5m]))`, "", true},
		{`1 - sum(rate(r_total{code!~"5.."}[5m])) / sum(rate(r_total[5m]))`, "", true},
		{`clamp_max(1 - (sum(up{job="a"}) / count(up{job="a"})), 1)`, "", true},
		{`job:errors:ratio_rate5m{job="a"}`, "", true},
		{`request_error_percent / 100`, "", true},
	} {
		if got := ratioFaults(c.part, c.all, c.bad); got != "" {
			t.Errorf("%s of %s: %s", c.part, c.all, got)
		}
	}
}

func TestUnsoundRatios(t *testing.T) {
	recordings := []*catalog.RecordingRule{
		recording("job:good:rate5m", `sum by (job) (rate(r_total{code!~"5..",env="prod"}[5m]))`),
		recording("job:all:rate5m", `sum by (job) (rate(r_total{env="staging"}[5m]))`),
		recording("job:errors:ratio_rate5m", `job:good:rate5m / job:all:rate5m`),
	}
	for i := range recordings {
		recordings[i].Expr = promql.ParseRule(recordings[i].Expr)
	}
	for _, c := range []struct {
		part, all string
		bad       bool
		want      string
	}{
		{`sum(rate(r_total{job="a",verb!="WATCH",code="500"}[5m]))`, `sum(rate(r_total{job="a"}[5m]))`, true, `its bad events are narrowed by verb!="WATCH" and all events are not`},
		{`sum(rate(d_seconds_bucket{le="0.3"}[5m]))`, `sum(rate(d_seconds_count{namespace="prod"}[5m]))`, false, `all events are narrowed by namespace="prod" and its good events are not`},
		{`sum(rate(r_total{job="a",code="500"}[5m]))`, `sum(rate(r_total{job!="a"}[5m]))`, true, `its bad events have job="a" and all events have job!="a"`},
		{`sum(rate(failures_total[5m]))`, `sum(rate(r_total[5m]))`, false, "its good events are failures"},
		{`sum(rate(successful_requests_total[5m]))`, `sum(rate(r_total[5m]))`, true, "its bad events are successes"},
		{`sum(rate(r_total{code!="200"}[5m]))`, `sum(rate(r_total[5m]))`, false, "its good events are failures"},
		{`sum(rate(cache_hit_ratio[5m]))`, `sum(rate(r_total[5m]))`, false, "is a gauge by its name"},
		{`job:good:rate5m`, `job:all:rate5m`, false, `its good events have env="prod" and all events have env="staging"`},
		{`job:errors:ratio_rate5m{job="a"}`, "", true, "its bad events are successes"},
	} {
		if got := ratioFaults(c.part, c.all, c.bad, recordings...); !strings.Contains(got, c.want) {
			t.Errorf("%s of %s: got %q, want %q", c.part, c.all, got, c.want)
		}
	}
}

func FuzzIndicator(f *testing.F) {
	f.Add(`sum(rate(a_total{code="500"}[5m]))`, `sum(rate(a_total[5m]))`)
	f.Add(`1 - (a / clamp_min(b, 1))`, ``)
	f.Add(`x`, `sum by (a) (x)`)
	f.Fuzz(func(t *testing.T, part, all string) {
		rules := []*catalog.RecordingRule{recording("x", part), recording("y", "x / y")}
		for i := range rules {
			rules[i].Expr = promql.ParseRule(rules[i].Expr)
		}
		if got := ratioFaults(part, all, true, rules...); strings.HasPrefix(got, ";") || strings.HasSuffix(got, ". ") {
			t.Errorf("got %q", got)
		}
	})
}
