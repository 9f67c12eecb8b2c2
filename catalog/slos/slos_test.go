package slos

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// read reads all documents of a text.
func read(t testing.TB, text string) (facts catalog.Facts, ok bool) {
	t.Helper()
	docs, gaps := document.ParseYAML("slo.yaml", []byte(text))
	if gaps != nil {
		t.Fatalf("the test's own text does not parse: %v", gaps)
	}
	for _, d := range document.Flatten(docs) {
		f, known := Read(d)
		facts.Add(f)
		ok = ok || known
	}
	return facts, ok
}

// one gives the only SLO of a text without gaps.
func one(t *testing.T, text string) *catalog.SLO {
	t.Helper()
	facts, ok := read(t, text)
	if !ok || len(facts.SLOs) != 1 || len(facts.Gaps) != 0 {
		t.Fatalf("got ok %v, %d SLOs, gaps %v", ok, len(facts.SLOs), facts.Gaps)
	}
	return facts.SLOs[0]
}

func labels(ls []catalog.Label) string {
	var b strings.Builder
	for _, l := range ls {
		b.WriteString(l.Key + "=" + l.Value + " ")
	}
	return strings.TrimSpace(b.String())
}

func texts(qs []catalog.Query) string {
	var all []string
	for _, q := range qs {
		all = append(all, q.Text)
	}
	return strings.Join(all, "; ")
}

const slothPlain = `version: prometheus/v1
service: checkout
labels: {owner: payments, tier: "2"}
slos:
  - name: availability
    objective: 99.9
    description: Requests succeed.
    labels: {tier: "1"}
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="checkout",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="checkout"}[{{ .window }}]))
    alerting:
      name: CheckoutErrors
      annotations: {runbook_url: https://example.org/r}
      page_alert:
        annotations: {page: "yes"}
      ticket_alert:
        disable: true
`

func TestSloth(t *testing.T) {
	slo := one(t, slothPlain)
	if slo.Name.Value != "availability" || slo.Service.Value != "checkout" || slo.Percent != 99.9 || slo.Format != "sloth/v1" || slo.Window.Value != "" {
		t.Errorf("got %+v", slo)
	}
	if slo.At.Line != 5 || slo.Objective.At.Line != 6 || slo.Objective.At.Col != 16 {
		t.Errorf("SLO at %v, objective at %v", slo.At, slo.Objective.At)
	}
	if got := labels(slo.Labels); got != "tier=1 owner=payments" || slo.Labels[0].FromGroup || !slo.Labels[1].FromGroup {
		t.Errorf("got labels %q %+v", got, slo.Labels)
	}
	if a := slo.Alerting; a.Name.Value != "CheckoutErrors" || !a.Page || a.Ticket {
		t.Errorf("got alerting %+v", a)
	}
	if got := labels(slo.Annotations); got != "runbook_url=https://example.org/r page=yes" {
		t.Errorf("got annotations %q", got)
	}
	i := slo.Indicator
	if i.Kind != "bad ratio" || len(i.Bad) != 1 || len(i.Total) != 1 {
		t.Fatalf("got indicator %+v", i)
	}
	for _, q := range i.Queries() {
		if q.Error != "" || len(q.Selectors) != 1 || q.Selectors[0].Metric != "http_requests_total" || !strings.Contains(q.Text, ".window") {
			t.Errorf("got query %+v", q)
		}
	}
}

func TestSlothErrorIsNotBlamedOnTheWindow(t *testing.T) {
	slo := one(t, strings.Replace(slothPlain, "[{{.window}}]))", "[{{.window}}])", 1))
	q := slo.Indicator.Bad[0]
	if q.Error == "" || strings.HasPrefix(q.Error, "template") || q.ErrorAt.Line != 11 {
		t.Errorf("got error %q at %v", q.Error, q.ErrorAt)
	}
}

func TestSlothResource(t *testing.T) {
	slo := one(t, `apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: x}
spec:
  service: checkout
  slos:
    - name: latency
      objective: 95
      sli:
        raw:
          errorRatioQuery: |
            sum(rate(a{job="checkout"}[{{.window}}]))
            /
            sum(rate(b[{{.window}}]))
      alerting:
        pageAlert: {disable: true}
`)
	if slo.Format != "sloth CRD" || slo.Indicator.Kind != "raw" || slo.Percent != 95 || slo.Alerting.Page || !slo.Alerting.Ticket {
		t.Errorf("got %+v", slo)
	}
	if q := slo.Indicator.Raw[0]; len(q.Selectors) != 2 || q.Place(q.Selectors[1].Offset).Line != 14 {
		t.Errorf("got selectors %+v", q.Selectors)
	}
}

func TestPyrra(t *testing.T) {
	const head = "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata:\n  name: x\n  labels: {pyrra.dev/team: payments, app: checkout}\nspec:\n  target: \"99.95\"\n  window: 4w\n"
	for name, c := range map[string]struct {
		spec, kind, good, bad, total, raw, threshold string
		alerting                                     catalog.SLOAlerting
	}{
		"ratio": {
			spec: "  indicator:\n    ratio:\n      errors: {metric: 'a{code=\"5xx\"}'}\n      total: {metric: a}\n",
			kind: "bad ratio", bad: `a{code="5xx"}`, total: "a",
			alerting: catalog.SLOAlerting{Page: true, Ticket: true, Absent: true},
		},
		"latency": {
			spec: "  indicator:\n    latency:\n      success: {metric: 'a_bucket{le=\"0.1\"}'}\n      total: {metric: a_count}\n  alerting: {disabled: true}\n",
			kind: "latency", good: `a_bucket{le="0.1"}`, total: "a_count", threshold: "0.1",
		},
		"native latency": {
			spec: "  indicator:\n    latencyNative:\n      latency: 200ms\n      total: {metric: a}\n  alerting: {burnrates: false}\n",
			kind: "latency", total: "a", threshold: "200ms", alerting: catalog.SLOAlerting{Absent: true},
		},
		"gauge": {
			spec: "  indicator:\n    bool_gauge: {metric: probe_success}\n  alerting: {absent: false}\n",
			kind: "bool gauge", raw: "probe_success", alerting: catalog.SLOAlerting{Page: true, Ticket: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			slo := one(t, head+c.spec)
			if slo.Percent != 99.95 || slo.Window.Value != "4w" || slo.Service.Value != "checkout" || labels(slo.Labels) != "team=payments app=checkout" {
				t.Errorf("got %+v", slo)
			}
			i := slo.Indicator
			if i.Kind != c.kind || texts(i.Good) != c.good || texts(i.Bad) != c.bad || texts(i.Total) != c.total || texts(i.Raw) != c.raw || i.Threshold.Value != c.threshold {
				t.Errorf("got indicator %+v", i)
			}
			if len(slo.Alerting.Burns) > 0 != c.alerting.Page {
				t.Errorf("got burns %v", slo.Alerting.Burns)
			}
			if slo.Alerting.Burns = nil; !reflect.DeepEqual(slo.Alerting, c.alerting) {
				t.Errorf("got alerting %+v, want %+v", slo.Alerting, c.alerting)
			}
		})
	}
}

const openSLOv1 = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: web
  displayName: Web
  labels: {team: [a, b], env: prod}
spec:
  service: web
  description: d
  indicator:
    metadata: {name: ratio}
    spec:
      ratioMetric:
        good:
          metricSource:
            type: Prometheus
            spec: {query: 'sum(rate(http{code="2xx"}[5m]))', password: hunter2}
        total:
          metricSource:
            metricSourceRef: any
            spec: {query: 'sum(rate(http[5m]))'}
  timeWindow:
    - {duration: 30d, isRolling: true}
  objectives:
    - {displayName: a, target: 0.9995}
    - {displayName: b, targetPercent: 99}
  alertPolicies:
    - alertPolicyRef: burn
    - kind: AlertPolicy
      metadata: {name: inline}
      spec:
        alertWhenNoData: true
        conditions:
          - kind: AlertCondition
            spec: {severity: page}
`

func TestOpenSLOv1(t *testing.T) {
	facts, _ := read(t, openSLOv1)
	if len(facts.SLOs) != 2 || len(facts.Gaps) != 0 {
		t.Fatalf("got %d SLOs and gaps %v", len(facts.SLOs), facts.Gaps)
	}
	a, b := facts.SLOs[0], facts.SLOs[1]
	if a.Percent != 99.95 || b.Percent != 99 || a.Name != b.Name || a.At == b.At || a.Window.Value != "30d" || a.Title.Value != "Web" {
		t.Errorf("got %+v and %+v", a, b)
	}
	if labels(a.Labels) != "team=a team=b env=prod" {
		t.Errorf("got labels %+v", a.Labels)
	}
	if i := a.Indicator; i.Kind != "ratio" || len(i.Good) != 1 || len(i.Total) != 1 || i.Good[0].Lang != catalog.PromQL || i.Total[0].Lang != catalog.PromQL {
		t.Errorf("got indicator %+v", i)
	}
	if al := a.Alerting; !al.Page || al.Ticket || !al.Absent || len(al.Policies) != 1 || al.Policies[0].Value != "burn" {
		t.Errorf("got alerting %+v", al)
	}
	if text, _ := json.Marshal(facts); strings.Contains(string(text), "hunter2") {
		t.Error("a data source's password is in the facts")
	}
}

func TestQueryLanguages(t *testing.T) {
	for _, c := range []struct {
		source string
		want   catalog.Lang
	}{
		{"type: Prometheus, spec: {query: 'sum('}", catalog.PromQL},
		{"type: AmazonPrometheus, spec: {promql: 'up'}", catalog.PromQL},
		{"type: Datadog, spec: {query: 'up'}", catalog.OtherLang},
		{"type: Any, spec: {queries: [{query: Any}]}", catalog.OtherLang},
		{"metricSourceRef: x, spec: {query: 'sum:trace{*}.as_count()'}", catalog.OtherLang},
		{"metricSourceRef: x, spec: {query: 'rate(a[5m])'}", catalog.PromQL},
	} {
		facts, _ := read(t, "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: x}\nspec:\n  thresholdMetric:\n    metricSource: {"+c.source+"}\n")
		if len(facts.Indicators) != 1 || len(facts.Indicators[0].Indicator.Raw) != 1 || facts.Indicators[0].Indicator.Raw[0].Lang != c.want {
			t.Errorf("%s: got %+v, want language %s", c.source, facts.Indicators, c.want)
		}
	}
}

func TestOpenSLOv1alpha(t *testing.T) {
	facts, _ := read(t, `- apiVersion: openslo/v1alpha
  kind: Service
  metadata: {name: web}
- apiVersion: openslo/v1alpha
  kind: SLO
  metadata: {name: ratio}
  spec:
    service: web
    objectives:
      - target: 0.98
        ratioMetrics:
          good: {source: prometheus, queryType: promql, query: 'rate(good[{{.window}}])'}
          total: {source: prometheus, queryType: promql, query: 'rate(all[{{.window}}])'}
    timeWindows: [{count: 28, unit: Day, isRolling: true}]
- apiVersion: openslo/v1alpha
  kind: SLO
  metadata: {name: threshold}
  spec:
    service: web
    indicator:
      thresholdMetric: {source: prometheus, queryType: promql, query: latency}
    objectives:
      - {target: 0.99, op: gt, value: 2000}
    timeWindows: [{count: 1, unit: Month}]
`)
	if len(facts.SLOs) != 2 || len(facts.Gaps) != 0 {
		t.Fatalf("got %d SLOs and gaps %v", len(facts.SLOs), facts.Gaps)
	}
	ratio, threshold := facts.SLOs[0], facts.SLOs[1]
	if ratio.Window.Value != "28d" || ratio.Percent != 98 || ratio.Indicator.Kind != "ratio" || ratio.Indicator.Good[0].Error != "" {
		t.Errorf("got %+v", ratio)
	}
	if threshold.Window.Value != "1M" || threshold.Indicator.Kind != "threshold" || threshold.Indicator.Threshold.Value != "2000" {
		t.Errorf("got %+v", threshold)
	}
}

func TestResolve(t *testing.T) {
	facts, _ := read(t, `apiVersion: openslo/v1
kind: SLI
metadata: {name: ratio}
spec:
  ratioMetric:
    bad: {metricSource: {type: Prometheus, spec: {query: bad}}}
    total: {metricSource: {type: Prometheus, spec: {query: all}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: found}
spec: {service: web, indicatorRef: ratio, objectives: [{target: 0.9}]}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: lost}
spec: {service: web, indicatorRef: ration, objectives: [{target: 0.9}]}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: composite}
spec:
  service: web
  objectives:
    - {target: 0.9, indicatorRef: ratio}
    - target: 0.8
      indicator: {spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: up}}}}}
`)
	if len(facts.Gaps) != 0 || len(facts.Indicators) != 1 || len(facts.SLOs) != 4 {
		t.Fatalf("got %d indicators, %d SLOs, gaps %v", len(facts.Indicators), len(facts.SLOs), facts.Gaps)
	}
	resolved, gaps := Resolve(facts.SLOs, facts.Indicators, facts.AlertPolicies)
	var kinds []string
	for _, slo := range resolved {
		kinds = append(kinds, slo.Name.Value+":"+slo.Indicator.Kind)
	}
	if got := strings.Join(kinds, " "); got != "found:bad ratio lost: composite:bad ratio composite:threshold" {
		t.Errorf("got %s", got)
	}
	if len(gaps) != 1 || gaps[0].Cause != catalog.Unreachable || !strings.Contains(gaps[0].Detail, `"ration"`) || !gaps[0].Names["web"] {
		t.Errorf("got gaps %v", gaps)
	}
	if facts.SLOs[0].Indicator.Kind != "" {
		t.Error("Resolve changed the facts of a file")
	}
}

func TestGaps(t *testing.T) {
	const indicator = "indicator: {spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: up}}}}}"
	for name, c := range map[string]struct {
		text  string
		cause catalog.Cause
		slos  int
		says  string
	}{
		"sloth version":     {"version: prometheus/v9\nservice: a\nslos: []\n", catalog.Unsupported, 0, `"prometheus/v9"`},
		"sloth CRD version": {"apiVersion: sloth.slok.dev/v2\nkind: PrometheusServiceLevel\nspec: {}\n", catalog.Unsupported, 0, `"sloth.slok.dev/v2"`},
		"sloth empty":       {"version: prometheus/v1\nservice: a\nslos: []\n", catalog.BadValue, 0, "no slos"},
		"sloth plugin":      {"version: prometheus/v1\nservice: a\nslos: [{name: b, objective: 99, sli: {plugin: {id: p}}}]\n", catalog.Unsupported, 1, `plugin "p"`},
		"sloth half":        {"version: prometheus/v1\nservice: a\nslos: [{name: b, objective: 99, sli: {events: {error_query: up}}}]\n", catalog.BadValue, 1, "one half"},
		"sloth objective":   {"version: prometheus/v1\nservice: a\nslos: [{name: b, sli: {raw: {error_ratio_query: up}}}]\n", catalog.BadValue, 1, "no objective"},
		"pyrra version":     {"apiVersion: pyrra.dev/v1\nkind: ServiceLevelObjective\n", catalog.Unsupported, 0, `"pyrra.dev/v1"`},
		"pyrra indicator":   {"apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nspec: {target: '99'}\n", catalog.BadValue, 1, "no indicator"},
		"pyrra target":      {"apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nspec: {target: much, indicator: {bool_gauge: {metric: up}}}\n", catalog.BadValue, 1, `"much"`},
		"openslo version":   {"apiVersion: openslo.com/v2alpha\nkind: SLO\n", catalog.Unsupported, 0, `"openslo.com/v2alpha"`},
		"openslo objective": {"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: x}\nspec: {" + indicator + "}\n", catalog.BadValue, 1, "no objective"},
		"openslo indicator": {"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: x}\nspec: {objectives: [{target: 0.9}]}\n", catalog.BadValue, 1, "no indicator"},
		"another's SLO":     {"apiVersion: n9/v1alpha\nkind: SLO\n", catalog.Unsupported, 0, `"n9/v1alpha"`},
	} {
		facts, ok := read(t, c.text)
		if !ok || len(facts.SLOs) != c.slos || len(facts.Gaps) != 1 {
			t.Errorf("%s: got ok %v, %d SLOs, gaps %v", name, ok, len(facts.SLOs), facts.Gaps)
			continue
		}
		if g := facts.Gaps[0]; g.Cause != c.cause || !strings.Contains(g.Detail, c.says) || !g.Concerns(catalog.SLOs) || g.At.Line < 1 {
			t.Errorf("%s: got gap %v", name, g)
		}
	}
}

func TestOddObjectivesAreReadAsTheyStand(t *testing.T) {
	for objective, want := range map[string]float64{"101": 101, "0": 0, "-1": -1, "99.99": 99.99, "1e2": 100} {
		slo := one(t, "version: prometheus/v1\nservice: a\nslos: [{name: b, objective: "+objective+", sli: {raw: {error_ratio_query: up}}}]\n")
		if slo.Percent != want {
			t.Errorf("objective %s: got %v percent, want %v", objective, slo.Percent, want)
		}
	}
	for target, want := range map[string]float64{"0.999": 99.9, "0.9995": 99.95, "0.99999": 99.999, "9.9e-1": 99, "1.5": 150, "NaN": 0, "Inf": 0} {
		if got := percent(catalog.Text{Value: target}, 2); got != want {
			t.Errorf("target %s: got %v percent, want %v", target, got, want)
		}
	}
}

func TestOthersAreNotClaimed(t *testing.T) {
	for _, text := range []string{
		"apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
		"apiVersion: foo\nkind: Service\n",
		"version: \"3\"\nservices: {a: {image: b}}\n",
		"apiVersion: sloth.slok.dev/v1\nkind: AlertWindows\n",
		"- a\n- b\n",
		"groups: []\n",
	} {
		if facts, ok := read(t, text); ok || len(facts.Gaps) > 0 {
			t.Errorf("claimed %q: %+v", text, facts)
		}
	}
	if facts, ok := read(t, "apiVersion: openslo/v1\nkind: AlertPolicy\n"); !ok || len(facts.SLOs)+len(facts.Gaps) > 0 {
		t.Errorf("an AlertPolicy: ok %v, facts %+v", ok, facts)
	}
}

// TestCorpora reads the public SLO files, where they are at hand.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	for folder, atLeast := range map[string]int{"slo-sloth": 60, "slo-pyrra": 50, "slo-openslo": 7} {
		formats, causes, badQueries, queries := map[string]int{}, map[catalog.Cause]int{}, 0, 0
		slos, burning, windows, policies := 0, 0, 0, 0
		walk(t, filepath.Join(root, folder), func(d document.Document) {
			facts, _ := Read(d)
			slos += len(facts.SLOs)
			policies += len(facts.AlertPolicies)
			for _, slo := range facts.SLOs {
				formats[slo.Format+" "+slo.Indicator.Kind]++
				if len(slo.Alerting.Burns) > 0 {
					burning++
				}
				if len(slo.Windows) > 0 {
					windows++
				}
				if a := slo.Alerting; (a.Page || a.Ticket) != (len(a.Burns) > 0) {
					t.Errorf("%v: alerts without burn rates, or the other way round: %+v", slo.At, a)
				}
				for _, q := range slo.Indicator.Queries() {
					queries++
					if q.Error != "" {
						badQueries++
						t.Logf("%v: %s in %q", q.ErrorAt, q.Error, q.Text)
					}
				}
			}
			for _, g := range facts.Gaps {
				causes[g.Cause]++
				t.Logf("%v", g)
			}
		})
		t.Logf("%s: %d SLOs %v, %d with burn rates, %d with windows, %d alert policies, %d queries of which %d do not parse, gaps %v",
			folder, slos, formats, burning, windows, policies, queries, badQueries, causes)
		if slos < atLeast {
			t.Errorf("%s: got %d SLOs, want at least %d", folder, slos, atLeast)
		}
	}
}

func walk(t *testing.T, root string, visit func(document.Document)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || entry.IsDir() || ext != ".yaml" && ext != ".yml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		docs, _ := document.ParseYAML(path, data)
		for _, d := range document.Flatten(docs) {
			visit(d)
			inner, _ := document.Embedded(d)
			for _, e := range inner {
				visit(e)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(slothPlain))
	f.Add([]byte(openSLOv1))
	f.Add([]byte("apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nspec: {target: 9, indicator: {latency: {success: {metric: 'a{le=\"1\"}'}}}}\n"))
	f.Add([]byte(openSLOAlerts))
	f.Add([]byte(grafanaExport))
	f.Add([]byte("{\"name\": \"x\", \"query\": [{\"grafana_queries\": {\"grafana_queries\": [{\"refId\": \"A\", \"expression\": \"$A/$A\"}]}}], \"objectives\": 1, \"alerting\": [{}]}"))
	f.Add([]byte("- apiVersion: openslo/v1alpha\n  kind: SLO\n  spec: {objectives: [{target: x, ratioMetrics: {good: 1}}], timeWindows: {count: 1}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, _ := document.ParseYAML("f", data)
		for _, d := range document.Flatten(docs) {
			facts, ok := Read(d)
			if !ok && len(facts.SLOs)+len(facts.Indicators)+len(facts.AlertPolicies)+len(facts.Gaps) > 0 {
				t.Fatal("facts of a document that is not claimed")
			}
			if again, _ := Read(d); !reflect.DeepEqual(facts, again) {
				t.Fatal("two readings differ")
			}
			resolved, gaps := Resolve(facts.SLOs, facts.Indicators, facts.AlertPolicies)
			if len(resolved) != len(facts.SLOs) {
				t.Fatal("Resolve lost an SLO")
			}
			for _, slo := range resolved {
				valid(t, slo.At, data)
				for _, b := range slo.Alerting.Burns {
					valid(t, b.At, data)
					if b.Long <= 0 && b.Factor <= 0 || b.Short > b.Long {
						t.Fatalf("burn %+v", b)
					}
				}
				for _, w := range slo.Windows {
					valid(t, w.At, data)
				}
				for _, q := range slo.Indicator.Queries() {
					valid(t, q.At, data)
				}
			}
			for _, g := range append(gaps, facts.Gaps...) {
				valid(t, g.At, data)
				if g.Cause == "" || g.Detail == "" || len(g.Kinds) == 0 {
					t.Fatalf("an empty gap: %+v", g)
				}
			}
		}
	})
}

// valid fails when a place lies outside the file.
func valid(t *testing.T, p catalog.Place, data []byte) {
	t.Helper()
	if p.File != "f" || p.Line < 0 || p.Line > strings.Count(string(data), "\n")+1 || p.Col < 0 {
		t.Fatalf("place %+v lies outside the file", p)
	}
}
