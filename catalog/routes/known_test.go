package routes

import (
	"fmt"
	"testing"

	"obsready/catalog"
	"obsready/catalog/promql"
)

func rule(expr string, labels ...catalog.Label) *catalog.AlertRule {
	return &catalog.AlertRule{
		Format: "prometheus", Name: catalog.Text{Value: "Down"}, Labels: labels,
		Expr: promql.ParseRule(catalog.Query{Text: expr, Lang: catalog.PromQL}),
	}
}

func TestLabelsOfRule(t *testing.T) {
	a := rule(`up{job="api"} == 0`, catalog.Label{Key: "team", Value: "payments"}, catalog.Label{Key: "tier", Value: "{{ $labels.tier }}"}, catalog.Label{Key: "job", Value: "x"})
	for name, want := range map[string]Value{
		"alertname": {Text: "Down"},
		"team":      {Text: "payments"},
		"tier":      {Unknown: byTemplate},
		"job":       {Text: "x"}, // a label of the rule replaces that of the series
		"instance":  {Unknown: bySeries},
		"severity":  {Unknown: bySeries},
	} {
		if got := Of(a)(name); got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	g := &catalog.AlertRule{Format: "grafana", Name: catalog.Text{Value: "Down"}, Namespace: "Team Payments", Expr: a.Expr}
	if got := Of(g)("grafana_folder"); got.Text != "Team Payments" {
		t.Errorf("grafana_folder: got %+v", got)
	}
	g.Namespace = "monitoring" // a folder or a namespace of Kubernetes
	if got := Of(g)("grafana_folder"); got.Unknown == "" {
		t.Errorf("grafana_folder: got %+v", got)
	}
	if got := Of(g)("job"); got.Unknown == "" {
		t.Errorf("job: got %+v, but expressions after the query may drop it", got)
	}
}

func TestFixedBySeries(t *testing.T) {
	for expr, want := range map[string]string{
		`up{x="a"} == 0`:                             "a",
		`(-rate(e{x="a"}[5m])) > 1`:                  "a",
		`up{x="a",x!="b"} == 0`:                      "",
		`up{x=~"a"} == 0`:                            "",
		`up{x=""} == 0`:                              "",
		`sum(up{x="a"}) > 1`:                         "",
		`sum by (x) (up{x="a"}) > 1`:                 "a",
		`sum by (y) (up{x="a"}) > 1`:                 "",
		`sum without (x) (up{x="a"}) > 1`:            "",
		`sum without (y) (up{x="a"}) > 1`:            "a",
		`topk(3, up{x="a"}) > 1`:                     "a",
		`count_values("x", up{x="a"}) > 1`:           "",
		`1 < up{x="a"}`:                              "a",
		`up{x="a"} and on () b`:                      "a",
		`b and on () up{x="a"}`:                      "",
		`up{x="a"} unless b`:                         "a",
		`up{x="a"} or b{x="a"}`:                      "a",
		`up{x="a"} or b{x="c"}`:                      "",
		`up{x="a"} / b`:                              "a",
		`up{x="a"} / on (y) b`:                       "",
		`up{x="a"} / on (x) b`:                       "a",
		`up{x="a"} / ignoring (x) b`:                 "",
		`up{x="a"} * on (y) group_left () b`:         "a",
		`up{x="a"} * on (y) group_left (x) b`:        "",
		`up * on (y) group_left (x) b{x="a"}`:        "a",
		`up * on (y) group_right () b{x="a"}`:        "a",
		`label_replace(up{x="a"}, "x", "b", "", "")`: "",
		`label_replace(up{x="a"}, "y", "b", "", "")`: "a",
		`absent(up{x="a"})`:                          "a",
		`absent(sum(up{x="a"}))`:                     "",
		`absent_over_time(up{x="a"}[5m])`:            "a",
		`max_over_time(up{x="a"}[1h:5m]) > 1`:        "a",
		`histogram_quantile(0.9, b{x="a"}) > 1`:      "a",
		`vector(scalar(up{x="a"})) > 1`:              "",
		`time() - max by (x) (up{x="a"}) > 1`:        "a",
		`up{x="{{ .Values.a }}"} == 0`:               "",
		`up{x="$a"} == 0`:                            "",
	} {
		got := Of(rule(expr))("x")
		if got.Text != want || (got.Unknown == "") != (want != "") {
			t.Errorf("%s: got %+v, want %q", expr, got, want)
		}
	}
}

// TestMissingSeverity: no Prometheus adds a severity to all of its alerts, so a rule without one has none when its
// expression drops that of the series.
func TestMissingSeverity(t *testing.T) {
	for expr, none := range map[string]bool{
		`up == 0`:      false,
		`sum(up) == 0`: true,
		`sum by (job) (up) / sum by (job) (b) > 1`:  true,
		`sum by (severity) (log) > 1`:               false,
		`sum without (job) (log) > 1`:               false,
		`sum(a) > 1 or b`:                           false,
		`sum(a) > 1 and b`:                          false, // not looked at: what follows "and" adds nothing, which costs no verdict
		`absent(up)`:                                true,
		`absent(up{severity="a"})`:                  false,
		`vector(1)`:                                 true,
		`label_replace(sum(a), "severity", "", "")`: false,
		`count_values("severity", a) > 1`:           false,
	} {
		got := Of(rule(expr))("severity")
		if (got == Value{}) != none {
			t.Errorf("%s: got %+v", expr, got)
		}
	}
	if got := Of(rule(`sum(up) == 0`))("team"); got.Unknown == "" {
		t.Errorf("team: got %+v, which a Prometheus of one team may add", got)
	}
}

// BenchmarkTable delivers alerts of a large estate by a large configuration.
func BenchmarkTable(b *testing.B) {
	text := "route:\n  receiver: r0\n  routes:\n"
	for i := range 500 {
		text += fmt.Sprintf("    - {receiver: r0, matchers: ['team=\"t%d\"', 'namespace=~\"n%d|m%d\"']}\n", i%100, i, i)
	}
	r := router(b, text+"receivers: [{name: r0}]\n")
	var alerts []*catalog.AlertRule
	for i := range 1000 {
		a := rule(fmt.Sprintf(`sum by (namespace) (rate(errors_total{namespace="n%d"}[5m])) > 1`, i%600), catalog.Label{Key: "team", Value: fmt.Sprintf("t%d", i%120)})
		a.Name.Value = fmt.Sprintf("Alert%d", i)
		alerts = append(alerts, a)
	}
	for b.Loop() {
		table := NewTable([]*catalog.Router{r})
		for _, a := range alerts {
			table.Deliver(a)
		}
	}
}
