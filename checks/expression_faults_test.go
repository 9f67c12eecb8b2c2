package checks

import (
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

// faultFinders are the finders of faults in the syntax tree, by the word that the table uses.
var faultFinders = map[string]func(expression) []fault{
	"comparison":    expression.withoutComparison,
	"impossible":    expression.impossible,
	"contradiction": expression.contradictions,
	"limits":        expression.contradictoryLimits,
	"unmatched":     expression.unmatched,
	"groups":        expression.lostGroups,
	"absence":       expression.blindAbsence,
	"quantile":      expression.wrongQuantiles,
	"gauge":         expression.changesOfCounters,
	"sums":          expression.ratesOfSums,
	"units":         expression.mixedUnits,
	"volatile":      expression.volatileRates,
	"tops":          expression.changingTops,
	"range":         func(e expression) []fault { return e.shortRanges(2 * time.Minute) },
}

// TestFaults checks, for each kind of fault, an expression that has it and one beside it that has not.
func TestFaults(t *testing.T) {
	recorded := recordedAs(
		"job:requests:sum", `sum by (job) (requests_total)`,
		"job:requests:rate5m", `sum by (job) (rate(requests_total[5m]))`,
		"unread:x:sum", `sum(`,
	)
	for _, c := range []struct {
		finder, expr string
		want         string // a part of the text of the only fault; "" for none
	}{
		// Always true.
		{"comparison", `rate(a_total[5m]) >= 0`, "never below 0"},
		{"comparison", `rate(a_total[5m]) > 0`, ""},
		{"comparison", `0 <= rate(a_total[5m])`, "its right side is never below 0"},
		{"comparison", `count(a) > 0`, ""}, // asks for existence
		{"comparison", `count(a > 1) > 0`, ""},
		{"comparison", `a > 1 or vector(0)`, "compares nothing"},
		{"comparison", `a > 1 or b > 1`, ""},
		{"comparison", `absent(a) == 1`, ""},
		// Never true.
		{"impossible", `count(up) == 0`, "at least 1"},
		{"impossible", `count(up) < 1`, "at least 1"},
		{"impossible", `(count(up) or vector(0)) < 1`, ""},
		{"impossible", `count(up) or vector(0) < 1`, ""},
		{"impossible", `count(up) != 3`, ""},
		{"impossible", `1 > count(up)`, "at least 1"},
		{"impossible", `sum(up) == 0`, ""},
		{"impossible", `absent(a) > 1`, "always 1"},
		{"impossible", `absent(a) == 0`, "always 1"},
		{"impossible", `rate(a_total[5m]) < 0`, "never below 0"},
		{"impossible", `delta(a[5m]) < 0`, ""},
		{"impossible", `2 > bool 1`, ""},
		{"impossible", `1 > bool 2`, "can never hold"},
		{"impossible", `sum(a == 0) > 0`, "always 0"},
		{"impossible", `hour() > 23`, "0 to 23"},
		{"impossible", `hour() > 22`, ""},
		{"impossible", `day_of_week() == 7`, "0 to 6"},
		{"impossible", `up > 1`, "0 to 1"},
		{"impossible", `avg(up) * 100 > 90`, ""},
		{"impossible", `a > a`, "both sides are the same"},
		{"impossible", `a > a offset 1h`, ""},
		{"impossible", `a != a`, ""}, // asks for NaN
		{"impossible", `clamp_max(a, 5) > 6`, "never above 5"},
		{"impossible", `clamp_max(a, 5) > 4`, ""},
		{"impossible", `vector($threshold) > 2`, ""},
		// Shares.
		{"impossible", `sum(rate(a_total{code="500"}[5m])) / sum(rate(a_total[5m])) > 5`, "0 to 1"},
		{"impossible", `100 * sum(rate(a_total{code="500"}[5m])) / sum(rate(a_total[5m])) > 5`, ""},
		{"impossible", `sum(rate(a_total{code="500"}[5m])) / sum(rate(a_total[5m])) * 100 > 101`, "0 to 100"},
		{"impossible", `sum(rate(a_total{code="500"}[5m])) / sum(rate(b_total[5m])) > 5`, ""},
		{"impossible", `sum(rate(a_total{code="500"}[5m])) / sum(rate(a_total[1h])) > 5`, ""},
		{"impossible", `sum(rate(a_total{code="500"}[5m])) / sum(rate(a_total{code="200"}[5m])) > 5`, ""},
		{"impossible", `sum by (x) (rate(a_total{code="500"}[5m])) / sum by (x, y) (rate(a_total[5m])) > 5`, ""},
		{"impossible", `1 - sum by (x) (rate(a_total{code!="500"}[5m])) / sum by (x) (rate(a_total[5m])) > 1`, "0 to 1"},
		{"impossible", `count(up == 1) / count(up) > 1`, "0 to 1"},
		{"impossible", `(count(up) - count(up == 0)) / count(up) > 1`, "0 to 1"},
		{"impossible", `(sum(b) - sum(a)) / sum(b) > 1`, ""},
		{"impossible", `sum(rate(t_bucket{le="0.3"}[5m])) / sum(rate(t_count[5m])) > 1`, "0 to 1"},
		{"impossible", `rate(t_bucket{le="0.3"}[5m]) / ignoring (le) rate(t_count[5m]) > 1`, "0 to 1"},
		{"impossible", `rate(t_sum[5m]) / rate(t_count[5m]) > 1`, ""},
		{"impossible", `sum(a{x="y"}) / sum(a) > 1`, ""}, // a may be negative
		// Matchers and limits.
		{"contradiction", `a{x="1",x="2"}`, "exclude each other"},
		{"contradiction", `a{x="1",x!~"1|2"}`, "exclude each other"},
		{"contradiction", `a{x="1",x!="2"}`, ""},
		{"contradiction", `a{x="$v",x!="$v"}`, ""},
		{"limits", `a > 5 and a < 3`, "never hold together"},
		{"limits", `a > 5 and a > 3 and a < 2`, "never hold together"},
		{"limits", `a > 3 and a < 5`, ""},
		{"limits", `a > 5 and b < 3`, ""},
		{"limits", `a > 5 and on (job) a < 3`, ""}, // of other series
		{"limits", `a > 5 or a < 3`, ""},
		// Matching.
		{"unmatched", `sum by (job) (a) and sum by (instance) (b)`, "of the"},
		{"unmatched", `sum by (job) (a) and sum by (job) (b)`, ""},
		{"unmatched", `sum by (job, code) (a) / sum by (job) (b)`, "match on (job) group_left"},
		{"unmatched", `sum by (job, code) (a) / on (job) group_left sum by (job) (b)`, ""},
		{"unmatched", `sum by (job, code) (a) / ignoring (code) group_left sum by (job) (b)`, ""},
		{"unmatched", `sum by (job, cluster) (a) / sum by (job) (b)`, ""}, // cluster may not be there
		{"unmatched", `sum by (job) (a) or sum by (instance) (b)`, ""},
		{"unmatched", `a{x="1"} + a{x="2"}`, `x="1"`},
		{"unmatched", `a{x="1"} + ignoring (x) a{x="2"}`, ""},
		{"unmatched", `a{x="1"} + on (job) a{x="2"}`, ""},
		{"unmatched", `a{x="1"} and on (x) label_replace(b{x="2"}, "x", "1", "", "")`, ""},
		{"unmatched", `a{x=~"1|2"} and b{x=~"2|3"}`, ""},
		{"unmatched", `a{x="1"} unless sum(b)`, "nothing is taken away"},
		{"unmatched", `a{x="1"} unless on () sum(b)`, ""},
		{"unmatched", `a > 1 and hour() > 8`, "match with on ()"},
		{"unmatched", `a > 1 and on () hour() > 8`, ""},
		{"unmatched", `x:a > 1 and hour() > 8`, ""}, // recorded, perhaps without labels
		{"unmatched", `sum(a) > 1 and hour() > 8`, ""},
		{"unmatched", `a and on (pod) sum by (job) (b)`, `"pod"`},
		{"unmatched", `a and on (pod) sum by (pod) (b)`, ""},
		{"unmatched", `sum(a) and on (pod) sum(b)`, ""}, // both match as without
		{"unmatched", `(a / ignoring (x) b{x="1"}) and b{x="1"}`, `the right one has the label "x"`},
		{"unmatched", `absent(a{x="1"}) and absent(b{x="1"})`, ""},
		{"unmatched", `absent(a{x="1"}) and absent(b)`, `the left one has the label "x"`},
		{"unmatched", `job:requests:rate5m > 1 and sum by (pod) (a)`, `the right one has the label "pod"`},
		{"unmatched", `b{seed="x"} / on (seed) group_left job:requests:rate5m`, ""}, // may be added outside
		{"unmatched", `sum by ({{ .Values.by }}) (a) / sum by (job) (b)`, ""},
		// Groups that are gone.
		{"groups", `avg by (pod) (sum by (queue) (a))`, "asks for a label that is gone"},
		{"groups", `avg by (queue) (sum by (queue, pod) (a))`, ""},
		{"groups", `max by (pod) (a)`, ""},
		{"groups", `a * on (pod) group_left (team) sum by (pod) (b)`, "group_left (team)"},
		{"groups", `a * on (pod) group_left (team) sum by (pod, team) (b)`, ""},
		{"groups", `a * on (pod) group_left (team) b`, ""},
		{"groups", `sum by (pod) (b) * on (pod) group_right (team) a`, "group_right (team)"},
		{"groups", `job:requests:rate5m{pod="x"} > 1`, `asks for the label "pod"`},
		{"groups", `job:requests:rate5m{job="x",pod!="y"} > 1`, ""},
		{"groups", `unread:x:sum{pod="x"} > 1`, ""},
		// Absence.
		{"absence", `absent(sum by (job) (a))`, "only when every group is gone"},
		{"absence", `absent(sum(a))`, ""},
		{"absence", `absent(a or vector(0))`, "always there"},
		{"absence", `absent(a) or vector(0)`, ""},
		{"absence", `absent(a == 1)`, ""},
		// Quantiles.
		{"quantile", `quantile(95, a)`, "write 95 percent as 0.95"},
		{"quantile", `quantile(0.95, a)`, ""},
		{"quantile", `quantile_over_time(99, a[5m])`, "not within 0 and 1"},
		{"quantile", `histogram_quantile(1.5, rate(a_bucket[5m]))`, "not within 0 and 1"},
		{"quantile", `histogram_quantile(0.9, sum by (job) (rate(a_bucket[5m])))`, "without the label le"},
		{"quantile", `histogram_quantile(0.9, sum by (job, le) (rate(a_bucket[5m])))`, ""},
		{"quantile", `histogram_quantile(0.9, sum by (job, vmrange) (rate(a_bucket[5m])))`, ""},
		{"quantile", `histogram_quantile(0.9, sum by (job) (rate(a[5m])))`, ""}, // a native histogram
		{"quantile", `histogram_quantile(0.9, a_bucket)`, "since the process began"},
		{"quantile", `histogram_quantile(0.9, job:a_bucket:rate5m)`, ""},
		// Functions.
		{"gauge", `delta(a_errors_total[1h]) > 1`, "use increase()"},
		{"gauge", `deriv(a_bucket[1h]) > 1`, "use increase()"},
		{"gauge", `delta(pending_requests_total[1h]) > 1`, ""},
		{"gauge", `delta(memory_total[1h]) > 1`, ""},
		{"sums", `rate(sum(requests_total)[5m:]) > 1`, "sum(rate(…))"},
		{"sums", `rate(sum(rate(requests_total[5m]))[5m:]) > 1`, ""},
		{"sums", `rate(job:requests:sum[5m]) > 1`, "record the sum of the rates"},
		{"sums", `deriv(job:requests:rate5m[5m]) > 1`, ""},
		{"units", `time() - last_run_ms > 3600`, "divide it by 1000"},
		{"units", `last_run_ms < time() - 3600`, "divide it by 1000"},
		{"units", `time() - last_run_ms / 1000 > 3600`, ""},
		{"units", `time() * 1000 - last_run_ms > 3600000`, ""},
		{"units", `time() - last_run_seconds > 3600`, ""},
		{"volatile", `irate(a_total[5m]) > 1`, "two samples only"},
		{"volatile", `rate(a_total[5m]) > 1`, ""},
		{"tops", `topk(3, a) > 1`, "other series"},
		{"tops", `sum(topk(3, a)) > 1`, ""},
		{"tops", `a * on (pod) group_left (x) topk by (pod) (1, b) > 1`, ""},
		{"range", `rate(a_total[1m]) > 1`, "at least 2m"},
		{"range", `rate(a_total[2m]) > 1`, ""},
		{"range", `rate(a_total[$__rate_interval]) > 1`, ""},
	} {
		rule := promQL(c.expr)
		rule.For = catalog.Text{Value: "10m"}
		e, err := newExpression(rule)
		if err != nil {
			t.Fatalf("%s: %v", c.expr, err)
		}
		faults := faultFinders[c.finder](e.knowing(recorded))
		switch {
		case c.want == "" && len(faults) > 0:
			t.Errorf("%s: %s: got a fault: %s", c.finder, c.expr, faults[0].text)
		case c.want != "" && (len(faults) != 1 || !strings.Contains(faults[0].text, c.want)):
			t.Errorf("%s: %s: got %v, want one with %q", c.finder, c.expr, faults, c.want)
		}
	}
}

// TestFaultsOfWaiting checks what is a fault only in an alert that waits.
func TestFaultsOfWaiting(t *testing.T) {
	for _, expr := range []string{`irate(a_total[5m]) > 1`, `topk(3, a) > 1`} {
		e, err := newExpression(promQL(expr))
		if err != nil {
			t.Fatal(err)
		}
		if faults := append(e.volatileRates(), e.changingTops()...); len(faults) > 0 {
			t.Errorf("%s without for: got %v", expr, faults)
		}
	}
}

// TestManyRecordings checks that a hostile web of recording rules is not followed without end.
func TestManyRecordings(t *testing.T) {
	var pairs []string
	for range 20 {
		pairs = append(pairs, "a:b:c", "sum by (job) (a:b:c + a:b:c + d:e:f)", "d:e:f", "a:b:c * a:b:c * g:h:i")
	}
	for range 200 {
		pairs = append(pairs, "g:h:i", "a:b:c")
	}
	e, err := newExpression(promQL("a:b:c > 1 and on (pod) d:e:f"))
	if err != nil {
		t.Fatal(err)
	}
	e = e.knowing(recordedAs(pairs...))
	e.faults(time.Minute)
	if e.recorded.followed > mostRecorded {
		t.Errorf("followed %d rules, want %d at most", e.recorded.followed, mostRecorded)
	}
}
