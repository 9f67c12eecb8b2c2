package checks

import (
	"slices"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/promql"
)

func promQL(expr string) *catalog.AlertRule {
	at := catalog.Place{File: "alerts.yaml", Line: 1, Col: 1}
	q := promql.ParseRule(catalog.Query{Text: expr, Lang: catalog.PromQL, At: at})
	return &catalog.AlertRule{Name: catalog.Text{Value: "Rule", At: at}, Expr: q, At: at, Annotations: []catalog.Label{{Key: "summary", Value: "{{ $labels.pod }}", At: at}}}
}

// recordedAs gives recording rules by name, of names and expressions in turn.
func recordedAs(pairs ...string) map[string][]*catalog.RecordingRule {
	recorded := map[string][]*catalog.RecordingRule{}
	for i := 0; i < len(pairs); i += 2 {
		rule := &catalog.RecordingRule{Name: catalog.Text{Value: pairs[i]}, Expr: promQL(pairs[i+1]).Expr}
		recorded[pairs[i]] = append(recorded[pairs[i]], rule)
	}
	return recorded
}

// TestLabelsOf checks which labels an expression can have against the rules of PromQL.
func TestLabelsOf(t *testing.T) {
	for _, c := range []struct {
		expr string
		pod  bool
	}{
		{`a`, true},
		{`sum(a)`, false},
		{`sum by (pod) (a)`, true},
		{`sum by (job) (a)`, false},
		{`sum by (pod) (sum by (job) (a))`, false},
		{`sum without (job) (a)`, true},
		{`sum without (pod) (a)`, false},
		{`topk(3, a)`, true},
		{`topk by (job) (3, sum by (job) (a))`, false},
		{`count_values by (job) ("pod", a)`, true},
		{`a / b`, true},
		{`a / on (pod) b`, true},
		{`a / on (job) b`, false},
		{`a / ignoring (pod) b`, false},
		{`a > on (job) b`, false},
		{`a > bool 1`, true},
		{`1 < a`, true},
		{`sum by (job) (a) * on (job) group_left (pod) b`, true},
		{`sum by (job) (a) * on (job) group_left b`, false},
		{`a * on (job) group_right sum by (job) (b)`, false},
		{`sum by (job) (a) * on (job) group_right a`, true},
		{`sum by (job) (a) and on (job) b`, false},
		{`sum by (job) (a) or sum by (pod) (b)`, true},
		{`sum without (pod) (a) or sum by (pod) (b)`, true},
		{`sum without (pod) (a) or sum by (job) (b)`, false},
		{`sum without (pod) (a) unless b`, false},
		{`label_replace(sum by (job) (a), "pod", "$1", "job", "(.*)")`, true},
		{`absent(up{pod="x"})`, true},
		{`absent(up{pod=~"x"})`, false},
		{`absent_over_time(up{job="x"}[5m])`, false},
		{`histogram_quantile(0.9, sum by (le, pod) (rate(a[5m])))`, true},
		{`histogram_quantile(0.9, sum by (le) (rate(a[5m])))`, false},
		{`max_over_time(sum by (job) (a)[5m:])`, false},
		{`-sum by (pod) (a)`, true},
		{`vector(1)`, false},
		{`time() - a > 5`, true},
		{`hour() > 5`, false},
		{`hour(a) > 5`, true},
	} {
		e, err := newExpression(promQL(c.expr))
		if err != nil {
			t.Fatalf("%s: %v", c.expr, err)
		}
		if got := e.recorded.labelsOf(e.tree).has("pod"); got != c.pod {
			t.Errorf("%s: has pod %v, want %v", c.expr, got, c.pod)
		}
		if lost := len(e.lostLabels()) > 0; lost == c.pod {
			t.Errorf("%s: an annotation that prints pod is a fault %v", c.expr, lost)
		}
	}
}

// TestTextsThatAreNotBlamed checks what annotations may print although the expression does not have it.
func TestTextsThatAreNotBlamed(t *testing.T) {
	for _, text := range []string{
		"{{ if $labels.pod }}{{ $labels.pod }}{{ end }}",
		"{{ with .Labels.pod }}{{ . }}{{ end }}",
		"{{ $externalLabels.pod }}",
		"{{ $labels.team }} and {{ $labels.alertname }}",
		`{{ printf "%s" $value }}`,
	} {
		rule := promQL("sum(a) > 1")
		rule.Annotations[0].Value = text
		rule.Labels = []catalog.Label{{Key: "team", Value: "payments"}}
		e, err := newExpression(rule)
		if err != nil {
			t.Fatal(err)
		}
		if faults := e.lostLabels(); len(faults) > 0 {
			t.Errorf("%s: %s", text, faults[0].text)
		}
	}
}

func TestComparison(t *testing.T) {
	recorded := recordedAs("job:failing:bool", "a > 1", "job:a:sum", "sum(a)", "job:loop:sum", "job:loop:sum")
	for _, c := range []struct {
		expr    string
		decides bool
	}{
		{`a > 1`, true},
		{`a > bool 1`, false},
		{`sum(rate(a{code="500"}[5m]))`, false},
		{`up{job="shop"}`, false},
		{`absent(a)`, true},
		{`a unless b`, true},
		{`vector(1)`, true},
		{`ALERTS{alertname="x"}`, true},
		{`index_info{name="broken"}`, true},
		{`gateway_metadata{allow_any_host="yes"}`, true},
		{`job:failing:bool`, true},
		{`job:a:sum`, false},
		{`job:loop:sum`, false},
	} {
		e, err := newExpression(promQL(c.expr))
		if err != nil {
			t.Fatalf("%s: %v", c.expr, err)
		}
		if got := len(e.knowing(recorded).withoutComparison()) == 0; got != c.decides {
			t.Errorf("%s: decides %v, want %v", c.expr, got, c.decides)
		}
	}
}

func TestRawCounters(t *testing.T) {
	for expr, want := range map[string]bool{
		`a_errors_total > 5`:                             true,
		`sum by (pod) (a_failed_total) > 5`:              true,
		`avg_over_time(a_errors_total[20m]) > 0`:         true,
		`rate(a_errors_total[5m]) > 5`:                   false,
		`changes(a_errors_total[5m]) > 5`:                false,
		`a_errors_total - a_errors_total offset 5m > 5`:  false,
		`memory_total > 5`:                               false,
		`pending_requests_total > 5`:                     false,
		`count(a_errors_total) > 5`:                      false,
		`rate(b_total[5m]) > 1 and a_requests_total > 0`: false,
	} {
		e, err := newExpression(promQL(expr))
		if err != nil {
			t.Fatalf("%s: %v", expr, err)
		}
		if got := len(e.rawCounters()) > 0; got != want {
			t.Errorf("%s: got a fault %v, want %v", expr, got, want)
		}
	}
}

func TestSteadiness(t *testing.T) {
	minimum := DefaultSettings().ForMinimum
	for expr, steady := range map[string]bool{
		`rate(a[1m]) > 1`:                         false,
		`rate(a[5m]) > 1`:                         true,
		`rate(a[5m]) / b > 1`:                     false,
		`rate(a[1m]) > 1 and rate(a[10m]) > 1`:    true,
		`rate(a[1m]) > 1 and rate(b[1m]) > 1`:     false,
		`a:burnrate5m > 14 and a:burnrate1h > 14`: true,
		`a:errors:ratio_rate1h > 0.1`:             true,
		`max_over_time(a[2m:]) > 1`:               false,
		`vector(1)`:                               true,
	} {
		if why, known := steadiness(promQL(expr), minimum); (why != "") != steady || !known {
			t.Errorf("%s: got %q, known %v, want steady %v", expr, why, known, steady)
		}
	}
}

// FuzzExpression checks that the judgement of any expression ends, and that its places lie in the text.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{`sum by (a) (b) > 1`, `absent(up)`, `a_errors_total > 5`, `rate(x_ratio[10s])`, `a * on (b) group_left (c) d`, "a\n> 1", `$x > {{ y }}`, `count_values("x", a)`} {
		f.Add(seed, "{{ $labels.a }}{{ $value }}")
	}
	settings := DefaultSettings()
	f.Fuzz(func(t *testing.T, expr, text string) {
		rule := promQL(expr)
		rule.Annotations[0].Value = text
		rule.Labels = []catalog.Label{{Key: "x", Value: text}}
		steadiness(rule, settings.ForMinimum)
		NewSurvey(&catalog.Estate{}, &settings, time.Time{}).noticesAbsence(rule)
		teamFromSeries(rule)
		informs(text, expr, expr)
		hasStep(text)
		e, err := newExpression(rule)
		if err != nil {
			return
		}
		e = e.knowing(map[string][]*catalog.RecordingRule{"b": {{Expr: rule.Expr}, {Expr: rule.Expr}}, "a": {{Expr: rule.Expr}}})
		for _, fault := range slices.Concat(e.faults(settings.RateRangeMinimum), textFaults(rule)) {
			if fault.text == "" {
				t.Error("a fault without a text")
			}
		}
	})
}
