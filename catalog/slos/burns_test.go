package slos

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"obsready/catalog"
)

// burns writes conditions as "page 14.4 1h/5m".
func burns(all []catalog.Burn) string {
	var parts []string
	for _, b := range all {
		word, short := "ticket", ""
		if b.Page {
			word = "page"
		}
		if b.Short > 0 {
			short = "/" + model.Duration(b.Short).String()
		}
		parts = append(parts, fmt.Sprintf("%s %.4g %s%s", word, b.Factor, model.Duration(b.Long), short))
	}
	return strings.Join(parts, ", ")
}

func TestSlothBurns(t *testing.T) {
	if got, want := burns(recommendedBurns(30*day, catalog.Place{})), "page 14.4 1h/5m, page 6 6h/30m, ticket 3 1d/2h, ticket 1 3d/6h"; got != want {
		t.Errorf("30 days: got %s, want %s", got, want)
	}
	if got, want := burns(recommendedBurns(28*day, catalog.Place{})), "page 13.44 1h/5m, page 5.6 6h/30m, ticket 2.8 1d/2h, ticket 0.9333 3d/6h"; got != want {
		t.Errorf("28 days: got %s, want %s", got, want)
	}
	slo := one(t, slothPlain) // its ticket alert is turned off
	if got := burns(slo.Alerting.Burns); got != "page 14.4 1h/5m, page 6 6h/30m" {
		t.Errorf("got %s", got)
	}
	if b := slo.Alerting.Burns[0]; b.At.Line != 14 || math.Abs(b.Factor-14.4) > 1e-9 {
		t.Errorf("got %+v", b)
	}
}

const pyrraHead = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: x, annotations: {pyrra.dev/error-budget-policy: docs/policy.md}, labels: {pyrra.dev/category: availability}}
spec:
  target: "99"
  indicator: {bool_gauge: {metric: up}}
`

func TestPyrraBurns(t *testing.T) {
	for text, want := range map[string]string{
		"  window: 4w\n":  "page 14 1h/5m, page 7 6h/30m, ticket 2 1d/2h, ticket 1 4d/6h",
		"  window: 2w\n":  "page 14 30m/3m, page 7 3h/15m, ticket 2 12h/1h, ticket 1 2d/3h",
		"  window: 30d\n": "page 14 1h4m/5m, page 7 6h26m/32m, ticket 2 1d1h43m/2h9m, ticket 1 4d6h51m/6h26m",
		"  window: 4w\n  alerting: {severities: {mediumBurn: warning, slowBurn: critical}}\n": "page 14 1h/5m, ticket 7 6h/30m, page 2 1d/2h, ticket 1 4d/6h",
		"  window: 4w\n  alerting: {burnrates: false}\n":                                      "",
		"  window: long\n": "",
	} {
		slo := one(t, pyrraHead+text)
		if got := burns(slo.Alerting.Burns); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		if slo.PolicyRef.Value != "docs/policy.md" || slo.Dimension.Value != "availability" || len(slo.Windows) != 1 {
			t.Errorf("got policy %+v, dimension %+v, windows %+v", slo.PolicyRef, slo.Dimension, slo.Windows)
		}
	}
}

const openSLOAlerts = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: web
  annotations: {example.org/error_budget_policy: 'https://docs.example.org/policy'}
spec:
  service: web
  indicator: {spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: up}}}}}
  timeWindow: [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}}, {duration: 7d, isRolling: true}]
  objectives: [{target: 0.99}]
  alertPolicies:
    - alertPolicyRef: fast
    - alertPolicyRef: lost
    - kind: AlertPolicy
      metadata: {name: inline}
      spec:
        conditions:
          - kind: AlertCondition
            spec:
              severity: ticket
              condition: {kind: burnrate, op: lte, threshold: 1, lookbackWindow: 3d, alertAfter: 5m}
    - kind: AlertPolicy
      spec: {conditions: [{conditionRef: lost-too}]}
    - alertPolicyRef: quiet
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: fast}
spec:
  alertWhenBreaching: true
  alertWhenNoData: true
  conditions: [{conditionRef: fast-burn}]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: quiet}
spec:
  alertWhenBreaching: false
  conditions: [{conditionRef: fast-burn}, {conditionRef: never-asked-for}]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: fast-burn}
spec:
  severity: Page
  condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}
`

func TestOpenSLOAlertPolicies(t *testing.T) {
	facts, _ := read(t, openSLOAlerts)
	if len(facts.SLOs) != 1 || len(facts.AlertPolicies) != 3 || len(facts.Gaps) != 0 {
		t.Fatalf("got %d SLOs, %d policies, gaps %v", len(facts.SLOs), len(facts.AlertPolicies), facts.Gaps)
	}
	stated := facts.SLOs[0].Alerting
	if got := names(stated.Policies); got != "fast lost lost-too quiet" || stated.Page || !stated.Ticket {
		t.Errorf("before: got policies %q, alerting %+v", got, stated)
	}
	resolved, gaps := Resolve(facts.SLOs, facts.Indicators, facts.AlertPolicies)
	slo := resolved[0]
	if len(gaps) != 0 || names(slo.Alerting.Policies) != "lost lost-too" || !slo.Alerting.Page || !slo.Alerting.Ticket || !slo.Alerting.Absent {
		t.Errorf("got %+v and gaps %v", slo.Alerting, gaps)
	}
	if got := burns(slo.Alerting.Burns); got != "ticket 1 3d, page 14.4 1h" {
		t.Errorf("got %s", got)
	}
	if got := slo.Alerting.Burns[1].At; got.Line != 46 {
		t.Errorf("the page's condition stands at %v", got)
	}
	if len(facts.SLOs[0].Alerting.Burns) != 1 || len(facts.SLOs[0].Alerting.Policies) != 4 {
		t.Error("Resolve changed the facts of a file")
	}
	if slo.PolicyRef.Value != "https://docs.example.org/policy" || !slo.Calendar || names(slo.Windows) != "1M 7d" || slo.Window.Value != "1M" {
		t.Errorf("got policy %+v, windows %+v, calendar %t", slo.PolicyRef, slo.Windows, slo.Calendar)
	}
}

func names(texts []catalog.Text) string {
	var all []string
	for _, t := range texts {
		all = append(all, t.Value)
	}
	return strings.Join(all, " ")
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5m": 5 * time.Minute, "1h30m": 90 * time.Minute, "4w": 28 * day, "30d": 30 * day, "1M": 30 * day, "1Q": 90 * day, "1y": 365 * day, " 2h ": 2 * time.Hour,
		"": 0, "month": 0, "1": 0, "d": 0, "-1d": 0, "1.5h": 0, "99999999999d": 0, "1mm": 0, "99y99y": 0, "1d,": 0,
	} {
		if got := Duration(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
