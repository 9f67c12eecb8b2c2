package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/document"
)

// read gives the facts of all documents of a text and whether any of them is one of rules.
func read(t testing.TB, text string) (catalog.Facts, bool) {
	t.Helper()
	docs, gaps := document.ParseYAML("f.yaml", []byte(text))
	if gaps != nil {
		t.Fatalf("the test's document does not parse: %v", gaps)
	}
	var facts catalog.Facts
	found := false
	for _, d := range document.Flatten(docs) {
		inner, _ := document.Embedded(d)
		for _, d := range append([]document.Document{d}, inner...) {
			f, ok := Read(d)
			found = found || ok
			facts.Add(f)
		}
	}
	return facts, found
}

// pointsTo checks that a place is where the given text stands in the file.
func pointsTo(t *testing.T, file string, at catalog.Place, want string) {
	t.Helper()
	lines := strings.Split(file, "\n")
	if at.File != "f.yaml" || at.Line < 1 || at.Line > len(lines) || at.Col < 1 || !strings.HasPrefix(string([]rune(lines[at.Line-1])[at.Col-1:]), want) {
		t.Errorf("place %v does not point to %q", at, want)
	}
}

const plain = `groups:
- name: payments
  interval: 30s
  labels: {team: pay, severity: ticket}
  rules:
  - alert: Burn
    expr: |
      sum(rate(errors_total{job="pay"}[5m]))
        / # all of them
      sum(rate(requests_total{job="pay"}[5m])) > 0.1
    for: 5m
    keep_firing_for: 10m
    labels:
      severity: page
    annotations:
      runbook_url: 'https://example.org/burn'
  - record: job:up:sum
    expr: sum by (job) (up)
    labels: {source: x}
- name: numbers
  rules:
  - alert: 404
    expr: 1
`

func TestPlainGroups(t *testing.T) {
	facts, ok := read(t, plain)
	if !ok || len(facts.Alerts) != 2 || len(facts.Recordings) != 1 || facts.Gaps != nil {
		t.Fatalf("got %d alerts, %d recordings, gaps %v", len(facts.Alerts), len(facts.Recordings), facts.Gaps)
	}
	a := facts.Alerts[0]
	for _, c := range []struct {
		text catalog.Text
		want string
	}{
		{a.Name, "Burn"}, {a.For, "5m"}, {a.KeepFiringFor, "10m"}, {a.Group, "payments"}, {a.Interval, "30s"},
		{a.Labels[0].Text(), "page"}, {a.Labels[1].Text(), "pay"}, {a.Annotations[0].Text(), "https://example.org/burn"},
		{facts.Recordings[0].Name, "job:up:sum"}, {facts.Recordings[0].Group, "payments"}, {facts.Alerts[1].Name, "404"},
	} {
		if c.text.Value != c.want {
			t.Errorf("got %q, want %q", c.text.Value, c.want)
		}
		pointsTo(t, plain, c.text.At, c.want)
	}
	pointsTo(t, plain, a.At, "alert: Burn")
	pointsTo(t, plain, a.Expr.At, "sum(rate(errors_total")
	pointsTo(t, plain, a.Expr.Place(a.Expr.Selectors[1].Offset), "requests_total")
	if len(a.Labels) != 2 || a.Labels[0].FromGroup || !a.Labels[1].FromGroup {
		t.Errorf("got labels %+v, want the rule's severity and the group's team", a.Labels)
	}
	if got := facts.Recordings[0].Labels; len(got) != 3 || got[0].Key != "source" || !got[2].FromGroup {
		t.Errorf("got labels %+v of the recording rule", got)
	}
	if got := facts.Alerts[1]; got.Expr.Text != "1" || got.Expr.Error != "" || got.Format != "prometheus" {
		t.Errorf("got %+v", got)
	}
}

func TestShapes(t *testing.T) {
	const rule = `{name: g, rules: [{alert: A, expr: up == 0}]}`
	for name, c := range map[string]struct{ text, namespace, resource string }{
		"plain":                  {"groups: [" + rule + "]", "", ""},
		"PrometheusRule":         {"kind: PrometheusRule\nmetadata: {namespace: ns, labels: {team: x}}\nspec: {groups: [" + rule + "]}", "ns", "team=x"},
		"list of resources":      {"kind: List\nitems:\n- kind: PrometheusRule\n  spec: {groups: [" + rule + "]}", "", ""},
		"ConfigMap":              {"kind: ConfigMap\ndata:\n  a.rules: |\n    groups: [" + rule + "]", "", ""},
		"vendor namespace":       {"namespace: ns\ngroups: [" + rule + "]", "ns", ""},
		"map of namespaces":      {"ns: [" + rule + "]", "ns", ""},
		"chart values":           {"serverFiles: {alerting_rules.yml: {groups: [" + rule + "]}}", "", ""},
		"chart values, a list":   {"additionalPrometheusRules: [{name: x, groups: [" + rule + "]}]", "", ""},
		"VictoriaMetrics":        {"kind: VMRule\nmetadata: {namespace: ns}\nspec: {groups: [" + rule + "]}", "ns", ""},
		"beside other documents": {"kind: Service\n---\ngroups: [" + rule + "]", "", ""},
	} {
		facts, ok := read(t, c.text)
		if !ok || len(facts.Alerts) != 1 || facts.Gaps != nil {
			t.Errorf("%s: got ok %t, %d alerts, gaps %v", name, ok, len(facts.Alerts), facts.Gaps)
			continue
		}
		a := facts.Alerts[0]
		var resource string
		for _, l := range a.Resource {
			resource += l.Key + "=" + l.Value
		}
		if a.Name.Value != "A" || a.Group.Value != "g" || a.Namespace != c.namespace || resource != c.resource {
			t.Errorf("%s: got alert %q of group %q in namespace %q with %q", name, a.Name.Value, a.Group.Value, a.Namespace, resource)
		}
	}
}

func TestNotRules(t *testing.T) {
	for _, text := range []string{
		"- a\n", "text\n", "groups: [a, b]\n", "groups: {dev: {patterns: ['*']}}\n",
		"groups:\n- name: x\n  services: [{exporters: [{rules: [{query: up}]}]}]\n",
		"rule_files: [a.yml]\nscrape_configs: []\n", "tests: [a]\n", "apiVersion: 1\ncontactPoints: []\n",
		"kind: Service\ngroups: [{rules: [{alert: A, expr: up}]}]\n", "kind: Rules\nspec: {}\n",
		"kind: PrometheusServiceLevel\nspec: {groups: []}\n",
	} {
		if facts, ok := read(t, text); ok || len(facts.Alerts)+len(facts.Gaps) > 0 {
			t.Errorf("%q: got %+v", text, facts)
		}
	}
}

func TestLanguages(t *testing.T) {
	facts, _ := read(t, `
groups:
- name: g
  rules:
  - {alert: A, expr: 'up{job="x"} == 0'}
  - {alert: B, expr: 'sum(rate({app="x"} |= "error" [5m])) > 1'}
  - {alert: C, expr: 'rate(x[$__rate_interval])'}
---
apiVersion: loki.grafana.com/v1
kind: AlertingRule
spec:
  groups: [{name: g, rules: [{alert: D, expr: 'absent_over_time({app="x"}[5m])'}]}]
---
kind: VMRule
spec:
  groups: [{name: g, rules: [{alert: E, expr: 'rate(x)'}, {alert: F, expr: 'rate(x[5m])'}]}]
`)
	want := []catalog.Lang{catalog.PromQL, catalog.LogQL, catalog.PromQL, catalog.LogQL, catalog.OtherLang, catalog.PromQL}
	var got []catalog.Lang
	for _, a := range facts.Alerts {
		got = append(got, a.Expr.Lang)
		if wantError := a.Name.Value == "C"; (a.Expr.Error != "") != wantError {
			t.Errorf("%s: got error %q", a.Name.Value, a.Expr.Error)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if facts.Gaps != nil {
		t.Errorf("a query that does not parse is no gap: %v", facts.Gaps)
	}
}

func TestStructuralProblems(t *testing.T) {
	// The bad rule stands between two good ones, which have to be read all the same.
	for name, c := range map[string]struct{ rule, at, detail string }{
		"no name":          {"{expr: up == 0}", "{expr: up", `neither "alert" nor "record"`},
		"an empty name":    {"{alert: , expr: up == 0}", "alert:", "has no name"},
		"two names":        {"{alert: A, record: 'b:c', expr: up == 0}", "b:c", "both"},
		"no expression":    {"{alert: A, for: 5m}", "{alert: A", `alert "A" has no "expr"`},
		"null expression":  {"{record: A, expr: }", "expr:", `recording rule "A" has no "expr"`},
		"expression a map": {"{alert: A, expr: {x: y}}", "{x: y}", "not text"},
		"no map":           {"A", "A", "not a map"},
	} {
		file := "groups:\n- name: g\n  rules:\n  - {alert: Good, expr: up == 0}\n  - " + c.rule + "\n  - {record: 'good:x', expr: up}\n"
		facts, ok := read(t, file)
		if !ok || len(facts.Alerts) != 1 || len(facts.Recordings) != 1 || len(facts.Gaps) != 1 {
			t.Errorf("%s: got ok %t, %d alerts, %d recordings, gaps %v", name, ok, len(facts.Alerts), len(facts.Recordings), facts.Gaps)
			continue
		}
		checkGap(t, file, facts.Gaps[0], catalog.BadValue, c.at, c.detail)
	}
	for name, c := range map[string]struct{ file, at, detail string }{
		"groups a map":      {"groups:\n  g:\n    rules: [{alert: A, expr: up}]\n", "g:", `"groups" is a map`},
		"group a text":      {"groups:\n- some group\n- {name: g, rules: [{alert: A, expr: up}]}\n", "some group", "not a map"},
		"rules a map":       {"groups:\n- name: g\n  rules:\n    a: {alert: A, expr: up}\n", "a: {alert", `"rules" of group "g" is a map`},
		"annotation a list": {"groups:\n- name: g\n  rules:\n  - {alert: A, expr: up, annotations: {x: [y]}}\n", "[y]", `"x" in "annotations" of alert "A"`},
		"labels a text":     {"groups:\n- name: g\n  rules:\n  - {alert: A, expr: up, labels: y}\n", "y}", `"labels" of rule "A" is the text "y"`},
	} {
		facts, ok := read(t, c.file)
		if !ok || len(facts.Gaps) != 1 {
			t.Errorf("%s: got ok %t and gaps %v", name, ok, facts.Gaps)
			continue
		}
		checkGap(t, c.file, facts.Gaps[0], catalog.BadValue, c.at, c.detail)
	}
}

func checkGap(t *testing.T, file string, g catalog.Gap, cause catalog.Cause, at, detail string) {
	t.Helper()
	pointsTo(t, file, g.At, at)
	if g.Cause != cause || !strings.Contains(g.Detail, detail) || !g.Concerns(catalog.Alerts) || !g.Concerns(catalog.Recordings) {
		t.Errorf("got gap %v, want cause %q and detail %q", g, cause, detail)
	}
}

func TestHelm(t *testing.T) {
	const file = `kind: PrometheusRule
metadata:
  namespace: {{ .Values.namespace }}
  labels:
    {{- include "labels.common" . | nindent 4 }}
spec:
  groups:
  - name: g
    rules:
    - alert: Readable
      expr: up{cluster="{{ .Values.cluster }}"} > {{ .Values.limit }}
      annotations:
        description: '{{` + "`{{ $labels.x }} is down`" + `}}'
    - alert: Half
      expr: |
        up{a="b"}
        {{- if .Values.x }}
        > 1
        {{- else }}
        > )
        {{- end }}
    - alert: Hidden
      expr: |
        {{ include "expr" . }}
    - alert: Wrong
      expr: up >
  - name: filled
    rules:
      {{- toYaml .Values.rules | nindent 4 }}
  - name: inline
    rules: {{ .Values.rules }}
`
	facts, ok := read(t, file)
	if !ok || len(facts.Alerts) != 3 || len(facts.Gaps) != 4 {
		t.Fatalf("got ok %t, %d alerts, gaps %v", ok, len(facts.Alerts), facts.Gaps)
	}
	readable := facts.Alerts[0]
	if !readable.Templated {
		t.Error("a rule of a template does not say so")
	}
	if readable.Expr.Error != "" || readable.Expr.Selectors[0].Matchers[0].Value != "{{ .Values.cluster }}" {
		t.Errorf("got %+v", readable.Expr)
	}
	if got := readable.Annotations[0].Value; got != "{{ $labels.x }} is down" {
		t.Errorf("got description %q", got)
	}
	half, wrong := facts.Alerts[1].Expr, facts.Alerts[2].Expr
	if !strings.HasPrefix(half.Error, "template: ") {
		t.Errorf("got error %q, want the template blamed", half.Error)
	}
	if wrong.Error == "" || strings.HasPrefix(wrong.Error, "template: ") {
		t.Errorf("got error %q, want the expression blamed", wrong.Error)
	}
	checkGap(t, file, facts.Gaps[0], catalog.Template, ")", `alert "Half" does not parse`)
	checkGap(t, file, facts.Gaps[2], catalog.Template, "rules:", `group "filled"`)
	checkGap(t, file, facts.Gaps[3], catalog.Template, "{{ .Values.rules }}", `group "inline"`)
	if g := facts.Gaps[1]; g.Cause != catalog.Template || !g.Names["Hidden"] || !strings.Contains(g.Detail, `alert "Hidden" has no "expr"`) {
		t.Errorf("got gap %v with names %v", g, g.Names)
	}
}

func TestUnitTest(t *testing.T) {
	const file = `rule_files: [a.yml, b.yml]
tests:
- input_series:
  - {series: 'ALERTS{alertname="NotThis"}', values: '1'}
  alert_rule_test:
  - {alertname: First, eval_time: 5m}
  - {alertname: First, eval_time: 6m, exp_alerts: []}
  promql_expr_test:
  - expr: count(ALERTS{alertname="Second",alertstate="firing"}) or ALERTS_FOR_STATE{alertname="Third"}
- alert_rule_test:
  - alertname: Fourth
`
	facts, ok := read(t, file)
	if !ok || len(facts.RuleTests) != 1 {
		t.Fatalf("got %+v", facts)
	}
	test := facts.RuleTests[0]
	if len(test.RuleFiles) != 2 || test.RuleFiles[1].Value != "b.yml" {
		t.Errorf("got files %v", test.RuleFiles)
	}
	var names []string
	for _, n := range test.AlertNames {
		names = append(names, n.Value)
	}
	if want := []string{"First", "Second", "Third", "Fourth"}; !slices.Equal(names, want) {
		t.Fatalf("got alerts %v, want %v", names, want)
	}
	pointsTo(t, file, test.AlertNames[0].At, "First")
	pointsTo(t, file, test.AlertNames[2].At, "ALERTS_FOR_STATE")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(plain))
	f.Add([]byte("kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {{ x }}\n    - alert: {{ .Values.a }}\n      expr: |\n        {{- if .Values.x }}\n        up > )\n"))
	f.Add([]byte(`{"groups":[{"rules":[{"title":"a","data":[{"model":{"expr":"x"}}]}]}]}`))
	f.Add([]byte(`[{"title":"a","ruleGroup":"g","condition":"B","data":[{"refId":"A","model":{"rawSql":"x"}},{"refId":"B","datasourceUid":"__expr__","model":{"type":"math","expression":"$A + ${B} > 1"}}]}]`))
	f.Add([]byte("apiVersion: rules.alerting.grafana.app/v0alpha1\nspec: {title: a, expressions: {A: {source: true, datasourceUID: -100, model: {type: sql, expression: select 1 from A}}}}"))
	f.Add([]byte(`{"f":[{"rules":[{"grafana_alert":{"title":"a","data":[{"model":{"type":"classic_conditions","conditions":[{"evaluator":{"params":[1,"x"]}}]},"datasourceUid":"-100"}]}}]}]}`))
	f.Add([]byte("tests: [{promql_expr_test: [{expr: 'ALERTS{alertname=\"x\"}'}]}]"))
	f.Add([]byte("ns: [{rules: [{alert: a, expr: 1, labels: [x]}]}]\ngroups: {a: {alert: b}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, parse := range []func(string, []byte) ([]document.Document, []catalog.Gap){document.ParseYAML, document.ParseJSON} {
			docs, _ := parse("f", data)
			for _, d := range docs {
				facts, ok := Read(d)
				if !ok && len(facts.Alerts)+len(facts.Recordings)+len(facts.RuleTests)+len(facts.Gaps) > 0 {
					t.Fatalf("facts of a document that is none of rules: %+v", facts)
				}
				for _, a := range facts.Alerts {
					if a.Name.Value == "" || a.At.Line < 1 || a.Expr.Text == "" && len(a.Chain) == 0 || a.Format == "" {
						t.Fatalf("an empty alert: %+v", a)
					}
				}
				for _, g := range facts.Gaps {
					if g.Detail == "" || g.Cause == "" || g.At.Line < 1 || len(g.Kinds) == 0 {
						t.Fatalf("an empty gap: %+v", g)
					}
				}
			}
		}
	})
}
