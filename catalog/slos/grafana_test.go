package slos

import (
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readJSON reads a JSON text.
func readJSON(t testing.TB, text string) (facts catalog.Facts, ok bool) {
	t.Helper()
	docs, gaps := document.ParseJSON("slo.yaml", []byte(text))
	if gaps != nil {
		t.Fatalf("the test's own text does not parse: %v", gaps)
	}
	for _, d := range docs {
		f, known := Read(d)
		facts.Add(f)
		ok = ok || known
	}
	return facts, ok
}

const grafanaExport = `{"slos": [
  {
    "uuid": "9g2ctvc1", "name": "Checkout availability", "description": "Orders are taken",
    "query": {"type": "ratio", "ratio": {
      "successMetric": {"prometheusMetric": "http_requests_total{job=\"checkout\", status!~\"5..\"}"},
      "totalMetric": {"prometheusMetric": "http_requests_total{job=\"checkout\"}"},
      "groupByLabels": ["cluster"]}},
    "objectives": [{"value": 0.9995, "window": "28d"}],
    "labels": [{"key": "service", "value": "checkout"}, {"key": "team_name", "value": "payments"}],
    "alerting": {
      "annotations": [{"key": "error_budget_policy", "value": "docs/policy.md"}],
      "fastBurn": {"annotations": [{"key": "runbook_url", "value": "https://docs.example.org/r"}]},
      "slowBurn": {"labels": [{"key": "severity", "value": "page"}]}
    },
    "destinationDatasource": {"uid": "grafanacloud-prom"}
  },
  {
    "uuid": "b", "name": "Search freshness", "description": "",
    "query": {"type": "freeform", "freeform": {"query": "sum(rate(fresh_total[$__rate_interval])) / sum(rate(all_total[$__rate_interval]))"}},
    "objectives": [{"value": 0.99, "window": "30d"}, {"value": 0.999, "window": "7d"}]
  }
]}`

func TestGrafana(t *testing.T) {
	facts, ok := readJSON(t, grafanaExport)
	if !ok || len(facts.SLOs) != 3 || len(facts.Gaps) != 0 {
		t.Fatalf("got ok %t, %d SLOs, gaps %v", ok, len(facts.SLOs), facts.Gaps)
	}
	a, b, c := facts.SLOs[0], facts.SLOs[1], facts.SLOs[2]
	if a.Name.Value != "Checkout availability" || a.Service.Value != "checkout" || a.Percent != 99.95 || a.Window.Value != "28d" || a.Format != "grafana" || a.PolicyRef.Value != "docs/policy.md" {
		t.Errorf("got %+v", a)
	}
	if a.At.Line != 2 || a.Objective.At.Line != 8 {
		t.Errorf("SLO at %v, objective at %v", a.At, a.Objective.At)
	}
	if i := a.Indicator; i.Kind != "ratio" || len(i.Good) != 1 || len(i.Total) != 1 || i.Good[0].Selectors[0].Metric != "http_requests_total" {
		t.Errorf("got indicator %+v", i)
	}
	if got := burns(a.Alerting.Burns); !a.Alerting.Page || a.Alerting.Ticket || got != "page 14.4 1h/5m, page 6 6h/30m, page 3 1d/2h, page 1 3d/6h" {
		t.Errorf("got %s, alerting %+v", got, a.Alerting)
	}
	if labels(a.Annotations) != "error_budget_policy=docs/policy.md runbook_url=https://docs.example.org/r" {
		t.Errorf("got annotations %q", labels(a.Annotations))
	}
	if b.Percent != 99 || c.Percent != 99.9 || b.Window.Value != "30d" || c.Window.Value != "7d" || b.At == c.At || b.Alerting.Page || b.Alerting.Ticket {
		t.Errorf("got %+v and %+v", b, c)
	}
	if i := b.Indicator; i.Kind != "raw" || !i.Success || i.Raw[0].Error != "" {
		t.Errorf("got indicator %+v", i)
	}
}

func TestGrafanaSpellings(t *testing.T) {
	for name, c := range map[string]struct{ text, kind, queries, threshold, burns string }{
		"one": {
			`{"uuid": "a", "name": "x", "query": {"type": "failureRatio", "failureRatio": {"failureMetric": {"prometheusMetric": "bad"}, "totalMetric": {"prometheusMetric": "all"}}}, "objectives": [{"value": 0.9, "window": "30d"}], "alerting": {}}`,
			"bad ratio", "bad; all", "", "page 14.4 1h/5m, page 6 6h/30m, ticket 3 1d/2h, ticket 1 3d/6h",
		},
		"terraform": {
			`{"resource": {"grafana_slo": {"x": {"name": "x", "query": {"type": "ratio", "ratio": {"success_metric": "good", "total_metric": "all"}}, "objectives": {"value": 0.9, "window": "30d"}, "label": {"key": "app", "value": "shop"}, "alerting": {"fastburn": {"label": [{"key": "severity", "value": "warning"}]}}}}}}`,
			"ratio", "good; all", "", "ticket 14.4 1h/5m, ticket 6 6h/30m, ticket 3 1d/2h, ticket 1 3d/6h",
		},
		"threshold": {
			`[{"uuid": "a", "name": "x", "query": {"type": "threshold", "threshold": {"thresholdExpression": "latency", "threshold": {"operator": "<", "value": 0.3}}}, "objectives": [{"value": 0.9, "window": "30d"}]}]`,
			"threshold", "latency", "0.3", "",
		},
		"queries of a panel": {
			`{"name": "x", "query": {"type": "grafanaQueries", "grafanaQueries": {"grafanaQueries": [{"refId": "Success", "target": "web.ok"}, {"refId": "Total", "expr": "all"}, {"refId": "E", "type": "math", "expression": "$Success / $Total"}]}}, "objectives": [{"value": 0.9, "window": "30d"}], "alerting": null}`,
			"ratio", "web.ok; all", "", "",
		},
		"crossplane": {
			`{"apiVersion": "slo.grafana.crossplane.io/v1alpha1", "kind": "SLO", "metadata": {"name": "y"}, "spec": {"forProvider": {"name": "x", "query": [{"type": "freeform", "freeform": [{"query": "good / all"}]}], "objectives": [{"value": 0.9, "window": "30d"}]}}}`,
			"raw", "good / all", "", "",
		},
	} {
		facts, ok := readJSON(t, c.text)
		if !ok || len(facts.SLOs) != 1 || len(facts.Gaps) != 0 {
			t.Errorf("%s: got ok %t, %d SLOs, gaps %v", name, ok, len(facts.SLOs), facts.Gaps)
			continue
		}
		slo := facts.SLOs[0]
		if i := slo.Indicator; i.Kind != c.kind || texts(i.Queries()) != c.queries || i.Threshold.Value != c.threshold {
			t.Errorf("%s: got indicator %+v", name, i)
		}
		if got := burns(slo.Alerting.Burns); got != c.burns {
			t.Errorf("%s: got burns %q, want %q", name, got, c.burns)
		}
		if slo.Name.Value != "x" || slo.Percent != 90 || slo.Window.Value != "30d" {
			t.Errorf("%s: got %+v", name, slo)
		}
	}
}

func TestGrafanaGaps(t *testing.T) {
	for text, says := range map[string]string{
		`{"name": "x", "query": {"ratio": {"successMetric": {"prometheusMetric": "good"}}}, "objectives": [{"value": 0.9}]}`: "one half",
		`{"name": "x", "query": {"freeform": {"query": ""}}, "objectives": [{"value": 0.9}]}`:                                "no indicator",
		`{"name": "x", "query": {"freeform": {"query": "up"}}, "objectives": []}`:                                            "no objective",
		`{"name": "x", "query": {"freeform": {"query": "up"}}, "objectives": {"value": "${var.objective}"}}`:                 "is a template",
	} {
		facts, ok := readJSON(t, text)
		if !ok || len(facts.SLOs) != 1 || len(facts.Gaps) != 1 || !strings.Contains(facts.Gaps[0].Detail, says) {
			t.Errorf("%s: got ok %t, %d SLOs, gaps %v", text, ok, len(facts.SLOs), facts.Gaps)
		}
	}
	for _, text := range []string{`{"name": "x", "objectives": [1]}`, `{"slos": [{"name": "x", "query": "up", "objectives": []}]}`, `{"resource": {"grafana_slo": 1}}`} {
		if facts, ok := readJSON(t, text); ok {
			t.Errorf("claimed %s: %+v", text, facts)
		}
	}
}
