package measure_test

import (
	"os"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// labelledRule is one rule of testdata/rules.txt with what it measures.
type labelledRule struct {
	line             int
	class, dimension string
	logs             bool
	expr             string
}

// readRules gives the rules of testdata/rules.txt, which says how it is written.
func readRules(tb testing.TB) []labelledRule {
	tb.Helper()
	text, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var all []labelledRule
	for number, line := range strings.Split(string(text), "\n") {
		fields := strings.SplitN(line, " | ", 3)
		if strings.HasPrefix(line, "#") || len(fields) != 3 {
			continue
		}
		class, logs := strings.CutPrefix(fields[0], "logql ")
		all = append(all, labelledRule{number + 1, class, fields[1], logs, fields[2]})
	}
	return all
}

// TestRules holds the judgements against rules of many technologies, written for this test. A judgement that is sure and
// wrong costs more than one that is missing.
func TestRules(t *testing.T) {
	m := meter()
	all, right, wrong := 0, 0, 0
	for _, r := range readRules(t) {
		a := rule(r.expr)
		if r.logs != (a.Expr.Lang == catalog.LogQL) || a.Expr.Error != "" {
			t.Errorf("rules.txt:%d: read as %s, error %q", r.line, a.Expr.Lang, a.Expr.Error)
		}
		all++
		switch j := m.Alert(a); {
		case string(j.Class) == r.class:
			right++
		case j.Sure():
			wrong++
			t.Logf("rules.txt:%d: %s is %s of %s, measured %s of %s for sure: %s", r.line, r.expr, r.class, r.dimension, j.Class, j.Dimension, j.Because())
		}
	}
	if share := float64(right) / float64(all); share < 0.95 {
		t.Errorf("%.3f of %d rules are judged as they should be", share, all)
	}
	if share := float64(wrong) / float64(all); share > 0.02 {
		t.Errorf("%.3f of %d rules are judged wrong and sure", share, all)
	}
}

// rule is a rule of Prometheus or Loki with nothing but a name and an expression.
func rule(expr string) *catalog.AlertRule {
	at := catalog.Place{File: "alerts.yaml", Line: 1, Col: 1}
	q := promql.ParseRule(catalog.Query{Text: expr, Lang: promql.Detect(expr), At: at})
	return &catalog.AlertRule{Name: catalog.Text{Value: "Rule", At: at}, Expr: q, At: at}
}
