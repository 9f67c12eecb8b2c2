package measure_test

import (
	"fmt"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/promql"
	"obsready/checks/measure"
)

func meter(recordings ...*catalog.RecordingRule) *measure.Meter {
	return measure.New(&catalog.Estate{Recordings: recordings}, measure.DefaultOptions())
}

func recording(line int, name, expr string, labels ...catalog.Label) *catalog.RecordingRule {
	at := catalog.Place{File: "recorded.yaml", Line: line, Col: 3}
	return &catalog.RecordingRule{Name: catalog.Text{Value: name, At: at}, Expr: promql.ParseRule(catalog.Query{Text: expr, Lang: catalog.PromQL, At: at}), Labels: labels, At: at}
}

// saying gives all reasons of a judgement.
func saying(j measure.Judgement) string {
	var all []string
	for _, r := range j.Reasons {
		all = append(all, r.Text)
	}
	return strings.Join(all, "; ")
}

// TestPlace checks that a judgement points at what decided it, and each reason at what it speaks of.
func TestPlace(t *testing.T) {
	for _, c := range []struct {
		expr string
		col  int
	}{
		{`node_load1 > 1 and sum(rate(http_requests_total{code="500"}[5m])) > 5`, 29},
		{`probe_success == 0`, 1},
		{`100 * sum(rate(http_requests_total{code="500"}[5m])) / sum(rate(http_requests_total[5m])) > 1`, 16},
		{`sum(rate({app="checkout"} |= "order placed" [5m])) == 0`, 10},
	} {
		want := catalog.Place{File: "alerts.yaml", Line: 1, Col: c.col}
		if got := meter().Alert(rule(c.expr)); got.At() != want {
			t.Errorf("%s: got %v, want %v (%s)", c.expr, got.At(), want, got.Because())
		}
	}
}

func TestDeclared(t *testing.T) {
	for _, d := range []struct {
		expr, key, value string
		class, measured  measure.Class
		contradicts      bool
	}{
		{"node_load1 > 5", "alert_type", "cause", measure.Cause, measure.Cause, false},
		{"node_load1 > 5", "alert_type", "symptom", measure.Symptom, measure.Cause, true},
		{"node_load1 > 5", "alert_class", "Symptom", measure.Symptom, measure.Cause, true},
		{"probe_success == 0", "alert_type", "heartbeat", measure.Meta, measure.Symptom, true},
		{"shop_things > 5", "alert_type", "symptom", measure.Symptom, measure.Unknown, false}, // a guess contradicts nothing
		{"node_load1 > 5", "alert_type", "metric", measure.Cause, measure.Cause, false},       // no class: nothing is declared
	} {
		a := rule(d.expr)
		a.Labels = []catalog.Label{{Key: d.key, Value: d.value, At: catalog.Place{File: "alerts.yaml", Line: 9, Col: 9}}}
		got := meter().Alert(a)
		if got.Class != d.class || got.Measured != d.measured || got.Contradicts() != d.contradicts {
			t.Errorf("%s with %s=%s: got %+v", d.expr, d.key, d.value, got)
		}
		if got.Declared != "" && (got.At().Line != 9 || !got.Sure()) {
			t.Errorf("%s with %s=%s: the label does not decide: %+v", d.expr, d.key, d.value, got)
		}
	}
}

func TestClassLabels(t *testing.T) {
	a := rule("node_load1 > 5")
	a.Labels = []catalog.Label{{Key: "kind_of_alert", Value: "symptom"}}
	if got := measure.New(&catalog.Estate{}, measure.Options{ClassLabels: []string{"kind_of_alert"}}).Alert(a); got.Class != measure.Symptom {
		t.Errorf("got %+v", got)
	}
}

// TestNamedSLO checks that a rule which says by a label that it watches an SLO measures what that promises.
func TestNamedSLO(t *testing.T) {
	at := catalog.Place{File: "slo.yaml", Line: 1, Col: 1}
	slo := &catalog.SLO{Name: catalog.Text{Value: "checkout-latency", At: at}, Indicator: catalog.Indicator{Kind: "latency"}, At: at}
	m := measure.New(&catalog.Estate{SLOs: []*catalog.SLO{slo}}, measure.DefaultOptions())
	for _, c := range []struct {
		key, value, expr string
		class            measure.Class
		dimension        measure.Dimension
	}{
		{"slo", "checkout-latency", "shop_things > 5", measure.Symptom, measure.Latency},
		{"slo", "checkout-latency", "node_load1 > 5", measure.Cause, measure.Saturation}, // whatever the label says
		{"sloth_slo", "checkout-latency", "node_load1 > 5", measure.Symptom, measure.Latency},
		{"sloth_slo", "elsewhere", "node_load1 > 5", measure.Symptom, measure.Budget},
		{"sloth_severity", "page", "node_load1 > 5", measure.Symptom, measure.Budget},
		{"slo", "elsewhere", "node_load1 > 5", measure.Cause, measure.Saturation},
	} {
		a := rule(c.expr)
		a.Labels = []catalog.Label{{Key: c.key, Value: c.value}}
		if got := m.Alert(a); got.Class != c.class || got.Dimension != c.dimension {
			t.Errorf("%s=%s: got %s %s", c.key, c.value, got.Class, got.Dimension)
		}
	}
}

// TestRecordedByLabels checks that of several rules which record one name that one speaks whose labels the matchers ask for.
func TestRecordedByLabels(t *testing.T) {
	disk, errors := recording(3, "shop:bad", "node_load1"), recording(4, "shop:bad", `rate(http_requests_total{code="500"}[5m])`)
	disk.Labels, errors.Labels = []catalog.Label{{Key: "slo", Value: "disk"}}, []catalog.Label{{Key: "slo", Value: "errors"}}
	m := meter(disk, errors)
	if got := m.Alert(rule(`shop:bad{slo="errors"} > 1`)); got.Class != measure.Symptom {
		t.Errorf("got %s: %s", got.Class, got.Because())
	}
	if got := m.Series(rule(`shop:bad{slo="errors"} > 1`).Expr); len(got) != 2 || got[1].Metric != "http_requests_total" {
		t.Errorf("got %+v", got)
	}
}

// TestRecorded checks that what a recording rule of the estate reads is judged in place of its name, with the matchers
// that stand on the name, and that rules which read each other end.
func TestRecorded(t *testing.T) {
	m := meter(
		recording(3, "job:bad:share", `sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (job) (rate(http_requests_total[5m]))`),
		recording(4, "job:worse:share", `job:bad:share * 100`),
		recording(5, "shop:things", `sum by (code) (rate(http_requests_total[5m]))`),
		recording(6, "loop:a", `loop:b + 1`), recording(7, "loop:b", `loop:a + 1`), recording(8, "loop:c", `loop:c`),
		recording(9, "disks", `node_filesystem_avail_bytes / node_filesystem_size_bytes`),
		recording(10, "job:http_requests:burnrate5m", `node_load1`),
	)
	for _, c := range []struct {
		expr      string
		class     measure.Class
		dimension measure.Dimension
		says      string
	}{
		{`job:bad:share > 0.1`, measure.Symptom, measure.Errors, "job:bad:share is recorded at recorded.yaml:3:3"},
		{`job:worse:share > 1`, measure.Symptom, measure.Errors, "job:worse:share is recorded at recorded.yaml:4:3"},
		{`shop:things{code="500"} > 1`, measure.Symptom, measure.Errors, `code="500"`},
		{`shop:things > 1`, measure.Cause, measure.Saturation, "how much is asked for"},
		{`disks < 0.1`, measure.Cause, measure.Resource, "node_filesystem_avail_bytes"},
		{`job:http_requests:burnrate5m > 14 * 0.001`, measure.Symptom, measure.Budget, "error budget"}, // the name says more
	} {
		got := m.Alert(rule(c.expr))
		if got.Class != c.class || got.Dimension != c.dimension || !strings.Contains(saying(got), c.says) {
			t.Errorf("%s: got %s %s because %s", c.expr, got.Class, got.Dimension, saying(got))
		}
		if got.At().File != "alerts.yaml" {
			t.Errorf("%s: points at %s, outside of the rule", c.expr, got.At())
		}
	}
	for _, name := range []string{"loop:a", "loop:c"} {
		if got := m.Alert(rule(name + " > 1")); len(got.Reasons) == 0 {
			t.Errorf("%s: no reason", name)
		}
	}
}

func TestSeries(t *testing.T) {
	m := meter(
		recording(1, "job:a:rate5m", `sum by (job) (rate(a_total{code="500"}[5m])) / sum by (job) (rate(b_total[5m]))`),
		recording(2, "top", `sum(job:a:rate5m)`),
		recording(3, "kept", `job:a:rate5m`, catalog.Label{Key: "set", Value: "x"}),
		recording(4, "loop", `loop`),
	)
	for query, want := range map[string]string{
		`job:a:rate5m{job="x"} > 1`:        `job:a:rate5m{job=x} a_total{code=500,job=x} b_total{job=x}`,
		`top{job="x"}`:                     `top{job=x} job:a:rate5m{} a_total{code=500} b_total{}`,
		`kept{job="x",set="x",other=~"y"}`: `kept{job=x,set=x,other~y} job:a:rate5m{job=x} a_total{code=500,job=x} b_total{job=x}`,
		`loop`:                             `loop{}`,
		`plain{a!="b"} / plain`:            `plain{a!b} plain{}`,
		`sum(`:                             ``,
	} {
		var got []string
		for _, s := range m.Series(promql.ParseRule(catalog.Query{Text: query, Lang: catalog.PromQL})) {
			var matchers []string
			for _, x := range s.Matchers {
				matchers = append(matchers, x.Name+strings.TrimPrefix(strings.Replace(x.Op, "=~", "~", 1), "")+x.Value)
			}
			got = append(got, s.Metric+"{"+strings.ReplaceAll(strings.Join(matchers, ","), "!=", "!")+"}")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got  %s\nwant %s", query, strings.Join(got, " "), want)
		}
	}
}

// TestHostileRecordings checks that recording rules which read many others many times are followed within bounds.
func TestHostileRecordings(t *testing.T) {
	var all []*catalog.RecordingRule
	for i := range 8 {
		next := fmt.Sprintf("r%d", i+1)
		all = append(all, recording(i+1, fmt.Sprintf("r%d", i), strings.Repeat(next+" + ", 40)+next))
	}
	m := meter(all...)
	if got := m.Alert(rule("r0 > 1")); len(got.Reasons) == 0 {
		t.Error("no reason")
	}
	if got := m.Series(rule("r0 > 1").Expr); len(got) > 300 {
		t.Errorf("%d series", len(got))
	}
}

// TestChain checks that the steps of a Grafana rule say what is computed of its queries and what that is compared to.
func TestChain(t *testing.T) {
	query := func(ref, expr string) catalog.ChainStep {
		at := catalog.Place{File: "grafana.yaml", Line: 10, Col: 5}
		return catalog.ChainStep{Ref: catalog.Text{Value: ref}, Kind: "query", At: at,
			Query: promql.ParseRule(catalog.Query{Text: expr, Lang: promql.Detect(expr), At: at})}
	}
	step := func(ref, kind, expression string, inputs ...string) catalog.ChainStep {
		return catalog.ChainStep{Ref: catalog.Text{Value: ref}, Kind: kind, Expression: catalog.Text{Value: expression}, Inputs: inputs, At: catalog.Place{File: "grafana.yaml", Line: 20, Col: 5}}
	}
	threshold := func(ref, kind string, value float64, input string) catalog.ChainStep {
		s := step(ref, "threshold", input, input)
		s.Conditions = []catalog.Threshold{{Ref: input, Type: kind, Params: []float64{value}, At: catalog.Place{File: "grafana.yaml", Line: 30, Col: 5}}}
		return s
	}
	bad, all := `sum(rate(http_requests_total{code=~"5.."}[5m]))`, `sum(rate(http_requests_total[5m]))`
	for _, c := range []struct {
		what      string
		chain     []catalog.ChainStep
		class     measure.Class
		dimension measure.Dimension
		says      string
	}{
		{"math of two queries", []catalog.ChainStep{query("A", bad), query("B", all), step("C", "reduce", "A", "A"), step("D", "reduce", "B", "B"), step("E", "math", "$C / ${D} * 100", "C", "D"), threshold("F", "gt", 5, "E")},
			measure.Symptom, measure.Errors, "share of requests that fail"},
		{"traffic stays away", []catalog.ChainStep{query("A", all), threshold("F", "lt", 1, "A")}, measure.Symptom, measure.Throughput, "stay away"},
		{"traffic rises", []catalog.ChainStep{query("A", all), threshold("F", "gt", 1000, "A")}, measure.Cause, measure.Saturation, "how much is asked for"},
		{"no target left", []catalog.ChainStep{query("A", `sum(up{job="shop"})`), threshold("F", "lt", 1, "A")}, measure.Symptom, measure.Availability, "no target is left"},
		{"logs", []catalog.ChainStep{query("A", `sum(rate({app="shop"} | json | status >= 500 [5m]))`), threshold("F", "gt", 1, "A")}, measure.Symptom, measure.Errors, "fail"},
		{"a loop", []catalog.ChainStep{query("A", all), step("B", "math", "$C", "C"), step("C", "math", "$B", "B"), threshold("F", "gt", 1, "B")}, measure.Cause, measure.Saturation, "how much is asked for"},
		{"no such step", []catalog.ChainStep{query("A", all)}, measure.Cause, measure.Saturation, "how much is asked for"},
	} {
		a := &catalog.AlertRule{Format: "grafana", Expr: c.chain[0].Query, Chain: c.chain, Condition: catalog.Text{Value: "F"}, At: catalog.Place{File: "grafana.yaml", Line: 1, Col: 1}}
		got := meter().Alert(a)
		if got.Class != c.class || got.Dimension != c.dimension || !strings.Contains(saying(got), c.says) {
			t.Errorf("%s: got %s %s because %s", c.what, got.Class, got.Dimension, saying(got))
		}
		for _, r := range got.Reasons {
			if r.At.Line != 10 && r.At.Line != 20 && r.At.Line != 30 {
				t.Errorf("%s: %q points at %v", c.what, r.Text, r.At)
			}
		}
	}
}

// TestTies checks that texts decide only where the expression leaves it open, and that this stays a guess.
func TestTies(t *testing.T) {
	for _, c := range []struct {
		expr, summary string
		class         measure.Class
		sure          bool
	}{
		{"shop_things > 5", "", measure.Cause, false},
		{"shop_things > 5", "customers cannot pay", measure.Symptom, false},
		{"increase(shop_errors_total[5m]) > 5", "", measure.Cause, false},
		{"increase(shop_errors_total[5m]) > 5", "customers get error pages", measure.Symptom, false},
		{"shop_latency > 5", "", measure.Symptom, false},
		{"shop_latency > 5", "the memory of a node is broken", measure.Symptom, false},
		{"rate(shop_things_total[5m]) == 0", "the memory of a node is broken", measure.Cause, false},
		{"node_load1 > 5", "customers cannot pay", measure.Cause, true},
		{"probe_success == 0", "a node is gone", measure.Symptom, true},
	} {
		a := rule(c.expr)
		a.Annotations = []catalog.Label{{Key: "summary", Value: c.summary, At: a.At}}
		if got := meter().Alert(a); got.Class != c.class || got.Sure() != c.sure {
			t.Errorf("%s, %q: got %s, sure %v: %s", c.expr, c.summary, got.Class, got.Sure(), got.Because())
		}
	}
}

// TestUndecided checks what is not decided, and that the reason says why.
func TestUndecided(t *testing.T) {
	for _, c := range []struct {
		query catalog.Query
		says  string
	}{
		{promql.ParseRule(catalog.Query{Text: "sum(rate(", Lang: catalog.PromQL}), "does not parse"},
		{catalog.Query{Text: "SELECT 1", Lang: catalog.OtherLang}, "another language"},
		{catalog.Query{Text: "{ status = error }", Lang: catalog.TraceQL}, "TraceQL"},
	} {
		c.query.At = catalog.Place{File: "alerts.yaml", Line: 1, Col: 1}
		got := meter().Alert(&catalog.AlertRule{Expr: c.query, At: c.query.At})
		if got.Class != measure.Unknown || got.Sure() || !strings.Contains(saying(got), c.says) {
			t.Errorf("%s: got %+v", c.query.Text, got)
		}
	}
}

func FuzzAlert(f *testing.F) {
	for _, expr := range []string{
		`sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 14.4 * 0.001`,
		`time() - (a_timestamp > 0) > 60 unless b`, `count(up == 0) by (job) / count(up) by (job) > 0.5`, `a offset 1h unless a`, `vector(1)`, `1 - a`,
		`quantile_over_time(0.9, {a="b"} | json | unwrap duration(x) [5m]) by (c) > 1`, `rate({a="b"} |= "x" or "y" | (status >= 500 or level = "error") [5m])`, `{__name__=~".+"}`,
	} {
		f.Add(expr, expr)
	}
	f.Fuzz(func(t *testing.T, expr, recorded string) {
		m := meter(recording(1, "a", recorded), recording(2, "b", expr))
		got := m.Alert(rule(expr))
		switch got.Class {
		case measure.Symptom, measure.Cause, measure.Meta, measure.Unknown:
		default:
			t.Errorf("no class: %q", got.Class)
		}
		for _, r := range got.Reasons {
			if r.At.Line < 1 || r.Text == "" {
				t.Errorf("a reason without place or text: %+v", r)
			}
		}
		if got.Because() == "" {
			t.Error("no reason")
		}
		m.Series(rule(expr).Expr)
	})
}

// BenchmarkAlert judges the rules of testdata/rules.txt, parsing included.
func BenchmarkAlert(b *testing.B) {
	rules := readRules(b)
	m := meter()
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		m.Alert(rule(rules[i%len(rules)].expr))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Minutes(), "rules/min")
}
