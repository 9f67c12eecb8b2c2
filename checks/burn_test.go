package checks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"obsready/catalog"
	"obsready/catalog/promql"
)

func TestBurnConditions(t *testing.T) {
	recordings := []*catalog.RecordingRule{
		recording("shop:errors:ratio_rate5m", `sum(rate(shop_requests_total{code=~"5.."}[5m])) / sum(rate(shop_requests_total[5m]))`),
		recording("shop:good_1h", `1 - sum(rate(shop_requests_total{code=~"5.."}[1h])) / sum(rate(shop_requests_total[1h]))`),
		recording("shop:budget_burn", `(sum(rate(shop_requests_total{code=~"5.."}[6h])) / sum(rate(shop_requests_total[6h]))) / (1 - 0.99)`),
		recording("loop:ratio", `loop:ratio + 1`),
	}
	for _, c := range []struct{ expr, want string }{
		// As the SRE workbook, Sloth, Pyrra and the Kubernetes mixin write them.
		{`job:errors:ratio_rate1h{job="a"} > (14.4*0.001) and job:errors:ratio_rate5m{job="a"} > (14.4*0.001) or job:errors:ratio_rate6h{job="a"} > (6*0.001) and job:errors:ratio_rate30m{job="a"} > (6*0.001)`,
			"1h 5m 0.0144 = 14.4 x 0.001; 6h 30m 0.006 = 6 x 0.001"},
		{`(max(slo:sli_error:ratio_rate5m{sloth_slo="x"} > (14.4 * 0.0009999999999999432)) without (sloth_window) and max(slo:sli_error:ratio_rate1h{sloth_slo="x"} > (14.4 * 0.0009999999999999432)) without (sloth_window)) or (max(slo:sli_error:ratio_rate30m{sloth_slo="x"} > (6 * 0.0009999999999999432)) without (sloth_window) and max(slo:sli_error:ratio_rate6h{sloth_slo="x"} > (6 * 0.0009999999999999432)) without (sloth_window))`,
			"1h 5m 0.0144 = 14.4 x 0.001; 6h 30m 0.006 = 6 x 0.001"},
		{`http_requests:burnrate3m{slo="x"} > (14 * (1-0.99)) and http_requests:burnrate30m{slo="x"} > (14 * (1-0.99))`, "30m 3m 0.14 = 14 x 0.01"},
		{`sum by(cluster) (apiserver_request:burnrate3d) > (1.00 * 0.01000) and on(cluster) sum by(cluster) (apiserver_request:burnrate6h) > (1.00 * 0.01000)`, "3d 6h 0.01 = 1 x 0.01"},

		{`sum(rate(e[5m])) / sum(rate(a[30d])) > 14.4 * 0.001`, "5m 0s 0.0144 = 14.4 x 0.001"},

		// The same thing in other forms.
		{`sum(rate(e[1h])) / sum(rate(a[1h])) > 14.4 * 0.001 and sum(rate(e[5m])) / sum(rate(a[5m])) > 14.4 * 0.001`, "1h 5m 0.0144 = 14.4 x 0.001"},
		{`1 - sum(rate(ok[1h])) / sum(rate(a[1h])) > 0.0144`, "1h 0s 0.0144"},
		{`sum(rate(ok[1h])) / sum(rate(a[1h])) < 1 - 14.4 * (1 - 0.999)`, "1h 0s 0.0144 = 14.4 x 0.001"},
		{`(1 - sum(rate(ok[1h])) / sum(rate(a[1h]))) / (1 - 0.999) > 14.4`, "1h 0s 0.0144 = 14.4 x 0.001"},
		{`100 * sum(rate(e[1h])) / sum(rate(a[1h])) > 14.4 * 0.1`, "1h 0s 0.0144 = 14.4 x 0.001"},
		{`sum(rate(e[1h])) / sum(rate(a[1h])) * 100 > 14.4 * 0.001 * 100`, "1h 0s 0.0144 = 14.4 x 0.001"},
		{`sum(rate(e[1h])) > 14.4 * 0.001 * sum(rate(a[1h]))`, "1h 0s 0.0144 = 14.4 x 0.001"},
		{`0.0144 < sum(rate(e[1h])) / sum(rate(a[1h]))`, "1h 0s 0.0144"},
		{`(sum(rate(e[1h])) or vector(0)) / sum(rate(a[1h])) > 0.0144`, "1h 0s 0.0144"},
		{`avg_over_time(probe_success{job="x"}[1h]) < 0.9856`, "1h 0s 0.0144"},
		{`shop_error_ratio{window="1h"} > 14.4 * 0.001 and shop_error_ratio{window="5m"} > 14.4 * 0.001`, "1h 5m 0.0144 = 14.4 x 0.001"},
		{`avg_over_time(job:errors:ratio_rate5m[6h]) > 6 * 0.001`, "6h 0s 0.006 = 6 x 0.001"},
		{`slo:current_burn_rate:ratio{slo="x"} > 14.4`, "0s 0s 0 = 14.4 x 0"},
		{`slo:availability:burn_rate_1h > 14.4 and slo:availability:burn_rate_5m > 14.4`, "1h 5m 0 = 14.4 x 0"},
		{`slo:burn_rate:5m{slo="x"} > (14.4 * 0.9)`, "5m 0s 0 = 12.96 x 0"},
		{`requests:burnrate1h > (14.4 * 0.2)`, "1h 0s 2.88 = 14.4 x 0.2"},
		{`job:slo_errors:rate1h{job="x"} > (14.4 * 0.001) and job:slo_errors:rate5m{job="x"} > (14.4 * 0.001)`, "1h 5m 0.0144 = 14.4 x 0.001"},
		{`job:error_rate:1h > (14.4 * 0.001)`, "1h 0s 0.0144 = 14.4 x 0.001"},
		{`(1 - slo:checkout_success:ratio_5m) > (14.4 * 0.001)`, "5m 0s 0.0144 = 14.4 x 0.001"},
		{`job:errors:percent1h > 1.44`, "1h 0s 0.0144"},
		{`job:errors:ratio_rate1h > 14.4 * 0.1`, "1h 0s 1.44 = 14.4 x 0.1"},

		// Through what rules record.
		{`shop:errors:ratio_rate5m > 0.01`, "5m 0s 0.01"},
		{`shop:good_1h < 0.9856`, "1h 0s 0.0144"},
		{`shop:budget_burn > 6`, "6h 0s 0.06 = 6 x 0.01"},

		// What narrows is passed over.
		{`job:errors:ratio_rate1h > 14.4 * 0.001 and job:errors:ratio_rate5m > 14.4 * 0.001 and sum(rate(a[5m])) > 1`, "1h 5m 0.0144 = 14.4 x 0.001"},
		{`job:errors:ratio_rate1h > 0.1 unless on() maintenance == 1`, "1h 0s 0.1"},

		// What is no condition on a share.
		{`sum(rate(e[5m])) > 0.5`, ""},
		{`histogram_quantile(0.99, sum by (le) (rate(d_bucket[5m]))) > 0.5`, ""},
		{`sum(up) < 3`, ""},
		{`absent(up)`, ""},
		{`job:errors:ratio_rate5m > bool 0.1`, ""},
		{`loop:ratio > 0.1`, ""},
		{`vector(1) > 0`, ""},
		{`sum(rate(a[1h])) / 0 > 1`, ""},
	} {
		survey := NewSurvey(&catalog.Estate{Recordings: recordings}, &Settings{}, time.Time{})
		got, err := survey.burnConditions(promRule(c.expr))
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
		}
		if text := burnText(got); text != c.want {
			t.Errorf("%s: got %q, want %q", c.expr, text, c.want)
		}
	}
	if _, err := NewSurvey(&catalog.Estate{}, &Settings{}, time.Time{}).burnConditions(promRule("a >")); err == nil {
		t.Error("an expression that does not parse has conditions")
	}
}

func burnText(conditions []burnCondition) string {
	var texts []string
	for _, c := range conditions {
		text := fmt.Sprintf("%s %s %.4g", model.Duration(c.long), model.Duration(c.short), c.limit)
		if c.factor > 0 {
			text += fmt.Sprintf(" = %.4g x %.4g", c.factor, c.budget)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; ")
}

func recording(name, expr string) *catalog.RecordingRule {
	return &catalog.RecordingRule{Name: catalog.Text{Value: name}, Expr: catalog.Query{Text: expr, Lang: catalog.PromQL}}
}

func promRule(expr string) *catalog.AlertRule {
	q := promql.ParseRule(catalog.Query{Text: expr, Lang: catalog.PromQL, At: catalog.Place{File: "rules.yaml", Line: 3, Col: 11}})
	return &catalog.AlertRule{Name: catalog.Text{Value: "Rule"}, Expr: q, At: q.At}
}

func FuzzBurnConditions(f *testing.F) {
	f.Add(`job:errors:ratio_rate1h > (14.4*0.001) and job:errors:ratio_rate5m > (14.4*0.001)`)
	f.Add(`1 - a / b / 0 > -1 * 0.1`)
	f.Add(`100 * (x or vector(0)) / y < 99 unless z`)
	f.Fuzz(func(t *testing.T, expr string) {
		survey := NewSurvey(&catalog.Estate{Recordings: []*catalog.RecordingRule{recording("a", expr), recording("b", "a / a")}}, &Settings{}, time.Time{})
		got, _ := survey.burnConditions(promRule(expr))
		for _, c := range got {
			if c.long < 0 || c.short < 0 || c.short > 0 && c.short >= c.long || !(c.limit >= 0) || !(c.factor >= 0) || c.limit == 0 && c.factor == 0 || c.at.Line < 3 {
				t.Errorf("%q gives %+v", expr, c)
			}
		}
	})
}
