package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"obsready/catalog"
	"obsready/catalog/document"
)

func TestGrafana(t *testing.T) {
	const file = `apiVersion: 1
groups:
- name: g
  folder: Shop
  interval: 1m
  rules:
  - title: High latency
    condition: C
    data:
    - {refId: C, datasourceUid: __expr__, model: {type: threshold, expression: A}}
    - refId: A
      datasourceUid: metrics
      model:
        expr: |-
          histogram_quantile(0.95,
            rate(latency_bucket{service_name="cart"}[$__rate_interval]))
    for: 1m
    keepFiringFor: 2m
    dashboardUid: abc
    panelId: 17
    labels: {severity: warning}
    annotations: {summary: s}
  - title: Logs
    data: [{datasourceUid: loki, model: {expr: 'count_over_time({app="x"}[5m])'}}]
  - title: Database
    data: [{datasourceUid: pg, model: {rawSql: SELECT 1}}]
  - title: Recorded
    record: {metric: 'a:b', from: A}
    data: [{datasourceUid: metrics, model: {expr: sum(up)}}]
  - title: Constant
    data: [{datasourceUid: __expr__, model: {type: math, expression: 1 > 0}}]
  - {title: Empty, data: []}
`
	facts, ok := read(t, file)
	if !ok || len(facts.Alerts) != 4 || len(facts.Recordings) != 1 || len(facts.Gaps) != 1 {
		t.Fatalf("got ok %t, %d alerts, %d recordings, gaps %v", ok, len(facts.Alerts), len(facts.Recordings), facts.Gaps)
	}
	a := facts.Alerts[0]
	if a.Format != "grafana" || a.Namespace != "Shop" || a.For.Value != "1m" || a.KeepFiringFor.Value != "2m" || a.Expr.Error != "" {
		t.Errorf("got %+v", a)
	}
	pointsTo(t, file, a.Name.At, "High latency")
	pointsTo(t, file, a.Expr.Place(a.Expr.Selectors[0].Offset), "latency_bucket")
	if l, _ := a.Annotation("__dashboardUid__"); l.Value != "abc" {
		t.Errorf("got annotations %v", a.Annotations)
	}
	if logs, sql := facts.Alerts[1].Expr.Lang, facts.Alerts[2].Expr.Lang; logs != catalog.LogQL || sql != catalog.OtherLang {
		t.Errorf("got languages %s and %s", logs, sql)
	}
	if got := facts.Recordings[0].Name.Value; got != "a:b" {
		t.Errorf("got recording rule %q", got)
	}
	checkGap(t, file, facts.Gaps[0], catalog.BadValue, "[]", `rule "Empty" has no query`)
	if got := facts.Alerts[3].Expr; got.Text != "1 > 0" || got.Lang != catalog.OtherLang {
		t.Errorf("got %+v of a rule without queries", got)
	}

	facts, ok = read(t, "kind: GrafanaAlertRuleGroup\nmetadata: {name: m}\nspec: {rules: [{title: A, data: [{model: {expr: up}}]}]}\n")
	if !ok || len(facts.Alerts) != 1 || facts.Alerts[0].Group.Value != "m" {
		t.Errorf("got ok %t and %+v", ok, facts)
	}
}

// step is what a test looks at of a step of a chain.
type step struct {
	Ref, Kind, Query, Expression, Reducer string
	Inputs                                []string
	Conditions                            []catalog.Threshold
	Range                                 time.Duration
	Instant                               bool
}

func stepsOf(chain []catalog.ChainStep) []step {
	var all []step
	for _, s := range chain {
		all = append(all, step{s.Ref.Value, s.Kind, s.Query.Text, s.Expression.Value, s.Reducer.Value, s.Inputs, s.Conditions, s.Range, s.Instant})
	}
	return all
}

func TestChain(t *testing.T) {
	for name, c := range map[string]struct {
		data, condition string
		want            []step
		expr            string
		lang            catalog.Lang
	}{
		"query, reduce, math, threshold": {
			data: `
- {refId: good, relativeTimeRange: {from: 600, to: 0}, datasourceUid: p, model: {expr: 'rate(a_total[5m])', range: true}}
- {refId: all of it, relativeTimeRange: {from: 10m}, datasourceUid: p, model: {expr: 'rate(b_total[5m])', instant: true}}
- {refId: R, datasourceUid: __expr__, model: {type: reduce, expression: $good, reducer: mean}}
- {refId: M, datasourceUid: "-100", model: {type: math, expression: "1 - $R / ${all of it} + $R"}}
- {refId: T, datasourceUid: __expr__, model: {type: threshold, expression: M, conditions: [{evaluator: {type: within_range, params: [1, 2.5]}, query: {params: [Z]}}]}}
`,
			condition: "T",
			want: []step{
				{Ref: "good", Kind: "query", Query: "rate(a_total[5m])", Range: 10 * time.Minute},
				{Ref: "all of it", Kind: "query", Query: "rate(b_total[5m])", Range: 10 * time.Minute, Instant: true},
				{Ref: "R", Kind: "reduce", Expression: "good", Reducer: "mean", Inputs: []string{"good"}},
				{Ref: "M", Kind: "math", Expression: "1 - $R / ${all of it} + $R", Inputs: []string{"R", "all of it"}},
				{Ref: "T", Kind: "threshold", Expression: "M", Inputs: []string{"M"}, Conditions: []catalog.Threshold{{Ref: "M", Type: "within_range", Params: []float64{1, 2.5}}}},
			},
			expr: "rate(a_total[5m])", lang: catalog.PromQL,
		},
		"classic conditions of the second query": {
			data: `
- {refId: A, datasourceUid: p, model: {expr: up}}
- {refId: B, datasourceUid: loki-1, queryType: instant, model: {expr: 'count_over_time({a="b"}[5m])'}}
- refId: C
  datasourceUid: __expr__
  model:
    type: classic_conditions
    conditions:
    - {evaluator: {type: gt, params: [3]}, operator: {type: and}, query: {params: [B, 5m, now]}, reducer: {type: max}}
    - {evaluator: {type: no_value, params: []}, operator: {type: or}, query: {params: [A]}, reducer: {type: last}}
`,
			condition: "C",
			want: []step{
				{Ref: "A", Kind: "query", Query: "up"},
				{Ref: "B", Kind: "query", Query: `count_over_time({a="b"}[5m])`, Instant: true},
				{Ref: "C", Kind: "classic_conditions", Reducer: "max", Inputs: []string{"B", "A"}, Conditions: []catalog.Threshold{
					{Ref: "B", Type: "gt", Params: []float64{3}, Join: "and"}, {Ref: "A", Type: "no_value", Join: "or"},
				}},
			},
			expr: `count_over_time({a="b"}[5m])`, lang: catalog.LogQL,
		},
		"SQL over resampled": {
			data: `
- {refId: A, datasourceUid: p, model: {expr: up, instant: true, range: true}}
- {refId: B, datasourceUid: __expr__, model: {type: resample, expression: A, window: 1m}}
- {refId: C, datasourceUid: __expr__, model: {type: sql, expression: "SELECT x FROM B JOIN ` + "`A`" + ` ON true, FROM other"}}
`,
			condition: "C",
			want: []step{
				{Ref: "A", Kind: "query", Query: "up", Instant: true},
				{Ref: "B", Kind: "resample", Expression: "A", Inputs: []string{"A"}},
				{Ref: "C", Kind: "sql", Expression: "SELECT x FROM B JOIN `A` ON true, FROM other", Inputs: []string{"B", "A"}},
			},
			expr: "up", lang: catalog.PromQL,
		},
		"other languages": {
			data: `
- {refId: A, datasourceUid: cw, model: {namespace: AWS/SQS, metricName: Messages, expression: ''}}
- {refId: B, datasourceUid: az, model: {azureLogAnalytics: {query: "AppRequests | count"}}}
- {refId: C, datasourceUid: x, model: {}}
`,
			condition: "A",
			want: []step{
				{Ref: "A", Kind: "query", Query: "Messages"}, {Ref: "B", Kind: "query", Query: "AppRequests | count"}, {Ref: "C", Kind: "query"},
			},
			expr: "Messages", lang: catalog.OtherLang,
		},
		"wrong refs are kept": {
			data: `
- {refId: A, datasourceUid: p, model: {expr: up}}
- {refId: A, datasourceUid: p, model: {expr: down}}
- {refId: B, datasourceUid: __expr__, model: {type: math, expression: $C + $gone}}
- {refId: C, datasourceUid: __expr__, model: {type: math, expression: $B}}
- {model: {expr: nameless}}
`,
			condition: "B",
			want: []step{
				{Ref: "A", Kind: "query", Query: "up"}, {Ref: "A", Kind: "query", Query: "down"},
				{Ref: "B", Kind: "math", Expression: "$C + $gone", Inputs: []string{"C", "gone"}},
				{Ref: "C", Kind: "math", Expression: "$B", Inputs: []string{"B"}},
				{Kind: "query", Query: "nameless"},
			},
			expr: "up", lang: catalog.PromQL,
		},
	} {
		file := "groups:\n- name: g\n  rules:\n  - title: T\n    condition: " + c.condition + "\n    isPaused: true\n    noDataState: OK\n    execErrState: Error\n    data:" + indented(c.data, "    ")
		facts, ok := read(t, file)
		if !ok || len(facts.Alerts) != 1 || facts.Gaps != nil {
			t.Errorf("%s: got ok %t, %d alerts, gaps %v", name, ok, len(facts.Alerts), facts.Gaps)
			continue
		}
		a := facts.Alerts[0]
		if diff := cmp.Diff(c.want, stepsOf(a.Chain), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(catalog.Threshold{}, "At")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if a.Condition.Value != c.condition || a.Expr.Text != c.expr || a.Expr.Lang != c.lang {
			t.Errorf("%s: got condition %q and %s query %q", name, a.Condition.Value, a.Expr.Lang, a.Expr.Text)
		}
		if !a.Paused || a.NoData.Value != "OK" || a.QueryError.Value != "Error" {
			t.Errorf("%s: got paused %t, no data %q, error %q", name, a.Paused, a.NoData.Value, a.QueryError.Value)
		}
		for _, s := range a.Chain {
			pointsTo(t, file, s.At, "{")
			break
		}
	}
}

func indented(text, by string) string {
	out := ""
	for line := range strings.Lines(text) {
		out += by + line
	}
	return out
}

// TestGrafanaForms reads one rule in each form that it is written in.
func TestGrafanaForms(t *testing.T) {
	const data = `[{"refId":"A","datasourceUid":"p","model":{"expr":"up","instant":true}},{"refId":"C","datasourceUid":"__expr__","model":{"type":"threshold","expression":"A","conditions":[{"evaluator":{"type":"lt","params":[1]}}]}}]`
	for name, c := range map[string]struct{ text, namespace, group string }{
		"rules of the API":      {`[{"title":"T","ruleGroup":"g","folderUID":"f","condition":"C","for":"5m","labels":{"a":"b"},"record":null,"data":` + data + `}]`, "f", "g"},
		"a rule of the API":     {`{"title":"T","ruleGroup":"g","folderUID":"f","condition":"C","for":"5m","labels":{"a":"b"},"data":` + data + `}`, "f", "g"},
		"a group of the API":    {`{"title":"g","folderUid":"f","interval":60,"rules":[{"title":"T","condition":"C","for":"5m","labels":{"a":"b"},"data":` + data + `}]}`, "f", "g"},
		"an export":             {`{"apiVersion":1,"groups":[{"name":"g","folder":"f","rules":[{"title":"T","condition":"C","for":"5m","labels":{"a":"b"},"data":` + data + `}]}]}`, "f", "g"},
		"Grafana's ruler":       {`{"f":[{"name":"g","rules":[{"expr":"","for":"5m","labels":{"a":"b"},"grafana_alert":{"title":"T","condition":"C","data":` + data + `}}]}]}`, "f", "g"},
		"the operator":          {`{"kind":"GrafanaAlertRuleGroup","metadata":{"name":"g","namespace":"f"},"spec":{"rules":[{"title":"T","condition":"C","for":"5m","labels":{"a":"b"},"data":` + data + `}]}}`, "f", "g"},
		"a resource of Grafana": {`{"apiVersion":"rules.alerting.grafana.app/v0alpha1","kind":"AlertRule","metadata":{"labels":{"grafana.com/group":"g"},"annotations":{"grafana.app/folder":"f"}},"spec":{"title":"T","for":"5m","labels":{"a":"b"},"expressions":{"A":{"datasourceUID":"p","model":{"expr":"up","instant":true}},"C":{"source":true,"datasourceUID":"__expr__","model":{"type":"threshold","expression":"A","conditions":[{"evaluator":{"type":"lt","params":[1]}}]}}}}}`, "f", "g"},
	} {
		docs, _ := document.ParseJSON("f.json", []byte(c.text))
		facts, ok := Read(docs[0])
		if !ok || len(facts.Alerts) != 1 || facts.Gaps != nil {
			t.Errorf("%s: got ok %t, %d alerts, gaps %v", name, ok, len(facts.Alerts), facts.Gaps)
			continue
		}
		a := facts.Alerts[0]
		l, _ := a.Label("a")
		if a.Name.Value != "T" || a.Namespace != c.namespace || a.Group.Value != c.group || a.For.Value != "5m" || l.Value != "b" || a.Condition.Value != "C" || a.Paused {
			t.Errorf("%s: got %+v", name, a)
		}
		want := []step{
			{Ref: "A", Kind: "query", Query: "up", Instant: true},
			{Ref: "C", Kind: "threshold", Expression: "A", Inputs: []string{"A"}, Conditions: []catalog.Threshold{{Ref: "A", Type: "lt", Params: []float64{1}}}},
		}
		if diff := cmp.Diff(want, stepsOf(a.Chain), cmpopts.IgnoreFields(catalog.Threshold{}, "At")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestGrafanaRecordingResource(t *testing.T) {
	facts, ok := read(t, `
apiVersion: rules.alerting.grafana.app/v0alpha1
kind: RecordingRule
spec: {title: T, metric: 'a:b', expressions: {A: {source: true, datasourceUID: p, model: {expr: sum(up)}}}}
`)
	if !ok || len(facts.Recordings) != 1 || facts.Recordings[0].Name.Value != "a:b" || facts.Recordings[0].Expr.Text != "sum(up)" {
		t.Errorf("got ok %t and %+v", ok, facts)
	}
}

// TestRecordedAnswers reads answers of a real Grafana, where they are at hand.
func TestRecordedAnswers(t *testing.T) {
	const root = "../../../shared/grafana-recordings"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no recordings here")
	}
	for file, alerts := range map[string]int{
		"33-get-v1-provisioning-alert-rules.json":                                   5,
		"34-get-v1-provisioning-alert-rules-checkout-burn.json":                     1,
		"36-get-v1-provisioning-folder-payments-rule-groups-checkout-symptoms.json": 2,
		"37-get-v1-provisioning-alert-rules-export-format-json.json":                5,
		"48-get-ruler-grafana-api-v1-rules.json":                                    5,
		"41-get-prometheus-grafana-api-v1-rules.json":                               0, // states and no rules
	} {
		data, err := os.ReadFile(filepath.Join(root, "viewer", file))
		if err != nil {
			t.Fatal(err)
		}
		docs, _ := document.ParseJSON(file, data)
		facts, _ := Read(docs[0])
		if len(facts.Alerts) != alerts || facts.Gaps != nil {
			t.Errorf("%s: got %d alerts and gaps %v", file, len(facts.Alerts), facts.Gaps)
		}
		for _, a := range facts.Alerts {
			if len(a.Chain) != 2 || len(a.Chain[1].Conditions) != 1 || a.Condition.Value != "C" || a.Expr.Lang != catalog.PromQL || a.Paused != (a.Name.Value == "CheckoutPaused") {
				t.Errorf("%s: got %+v", file, a)
			}
		}
	}
}
