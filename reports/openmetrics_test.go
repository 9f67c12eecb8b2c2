package reports

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"obsready/catalog"
	"obsready/scorecard"
)

// series are the label names of each metric that a text exposes.
type series map[string]map[string]bool

// expose parses metrics in the Prometheus text format and fails when a series stands in them twice, has a time or is
// no gauge with a help text.
func expose(t *testing.T, text string) series {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	found := series{}
	for name, family := range families {
		if family.GetType().String() != "GAUGE" || family.GetHelp() == "" {
			t.Errorf("%s is a %s with the help text %q", name, family.GetType(), family.GetHelp())
		}
		found[name] = map[string]bool{}
		seen := map[string]bool{}
		for _, m := range family.GetMetric() {
			labels := ""
			for _, l := range m.GetLabel() {
				found[name][l.GetName()] = true
				labels += fmt.Sprintf("%s=%q,", l.GetName(), l.GetValue())
			}
			if seen[labels] || m.TimestampMs != nil {
				t.Errorf("%s{%s} stands there twice or has a time", name, labels)
			}
			seen[labels] = true
		}
	}
	return found
}

func TestMetricsAreValid(t *testing.T) {
	for name, r := range metricReports() {
		t.Run(name, func(t *testing.T) {
			text := []byte(render(t, "openmetrics", r, Options{}))
			for metric := range expose(t, string(text)) {
				if !strings.HasPrefix(metric, "obsready_") {
					t.Errorf("metric %q is of somebody else", metric)
				}
			}
			promtool(t, text)
		})
	}
}

// metricReports are reports of many kinds, one with names that differ only in what steers a terminal.
func metricReports() map[string]*scorecard.Report {
	alike := sample()
	alike.Cards[1].Service.ID, alike.Cards[2].Service.ID = "a\x1b\x00\\\"\n", "a\x02\x00\\\"\n"
	alike.Teams[0].Team.ID, alike.Teams[1].Team.ID, alike.Teams[2].Team.ID = "no team", "no\tteam", "\xff"
	return map[string]*scorecard.Report{
		"sample": sample(), "alike": alike, "crowd": crowd(30), "empty": crowd(0),
		"unasked":   scorecard.Evaluate(sampleEstate(), nil, scorecard.DefaultPolicy(), sample().Now, 1),
		"no estate": scorecard.Evaluate(&catalog.Estate{}, nil, scorecard.DefaultPolicy(), sample().Now, 1),
	}
}

// promtool has Prometheus' own tool look for what is against its conventions, where it is installed.
func promtool(t *testing.T, text []byte) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Log("promtool is not installed")
		return
	}
	run := exec.Command(path, "check", "metrics")
	run.Stdin = bytes.NewReader(text)
	if said, err := run.CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("promtool: %v\n%s", err, said)
	}
}

// TestMetricsAreBounded counts the series against what the doc comment promises.
func TestMetricsAreBounded(t *testing.T) {
	r := crowd(40)
	samples := 0
	for line := range strings.Lines(render(t, "openmetrics", r, Options{})) {
		if !strings.HasPrefix(line, "#") {
			samples++
		}
	}
	most := 40 + 5*len(r.Cards) + len(r.Teams)*(13+len(r.Pillars())+2*len(r.Checks)) + 5*len(r.Checks)
	if samples > most {
		t.Errorf("%d series, more than %d", samples, most)
	}
}

func TestMetricsTellTheReport(t *testing.T) {
	out := render(t, "openmetrics", sample(), Options{})
	for _, line := range []string{
		`obsready_estate_services 6`, `obsready_estate_ready_services 2`, `obsready_run_timestamp_seconds 1772431200`,
		`obsready_service_ready{service="checkout",team="payments",tier="1"} 0`, `obsready_service_level{service="ledger",team="payments",tier="2"} 2`,
		`obsready_service_required_level{service="mail",team="no team",tier="3"} 1`, `obsready_service_score_ratio{service="checkout",team="payments",tier="1"} 0.8148`,
		`obsready_check_services{check="owner-team",pillar="ownership",severity="critical",announced="false",verdict="fail"} 2`,
		`obsready_team_check_services{team="payments",check="alert-runbook",verdict="fail"} 1`, `obsready_team_pillar_score_ratio{team="payments",pillar="logs"} 1`,
		`obsready_estate_gaps{cause="template"} 1`, `obsready_estate_orphans{kind="alert rule"} 2`,
	} {
		if !strings.Contains(out, "\n"+line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if strings.Contains(out, `obsready_service_level{service="zlib"`) {
		t.Error("a service that is not rated has a level")
	}
	if !strings.HasSuffix(out, "\n# EOF\n") {
		t.Error("the text does not end as OpenMetrics does")
	}
}
