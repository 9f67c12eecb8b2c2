package checks

import (
	"strings"
	"testing"

	"obsready/catalog"
)

// TestTemplates checks what a template is blamed for, whatever the expression is.
func TestTemplates(t *testing.T) {
	for text, want := range map[string]string{
		`no template`: "",
		`{{ $labels.pod }} has {{ $value | humanize }} of {{ printf "%.2f" $value }}`: "",
		`{{ range query "up == 0" }}{{ .Labels.instance }}{{ end }}`:                  "",
		`{{ with query "up" }}{{ . | first | value }}{{ end }}`:                       "",
		`{{ if gt $value 1.0 }}many{{ else }}few{{ end }}`:                            "",
		`{{ .Labels.pod }} {{ .Value }} {{ .ExternalLabels.x }}`:                      "",
		`{{ $expr }} {{ $activeAt }} {{ $externalURL | crlfEscape }}`:                 "", // of vmalert
		`{{ $pod := index $labels "a-b" }}{{ $pod }}`:                                 "",
		`{{ $labels.pod }`:                                      "does not parse",
		`{{ if $labels.pod }}x`:                                 "does not parse",
		`{{ $labels.a-b }}`:                                     `write index $labels "a-b"`,
		`{{ $value - 1 }}`:                                      "templates do not compute",
		`{{ $label.pod }}`:                                      `undefined variable "$label"`,
		`{{ $other.pod }}`:                                      "", // perhaps of an engine before
		`{{ labels.pod }} is down`:                              `"labels" where it means $labels`,
		`{{ value }} is high`:                                   `"value" where it means $value`,
		`{{ $value | humanise }}`:                               `calls "humanise"`,
		`{{ env }}`:                                             "", // of an engine before
		`{{ $labels.pod | quote }}`:                             "", // of Helm
		`{{ .Values.x }} {{ $labels.pod }}}`:                    "",
		`{% raw %}{{ $labels.pod }{% endraw %}`:                 "",
		`{{ .Annotations.summary }}`:                            "reads .Annotations",
		`{{ .labels.pod }}`:                                     "reads .labels",
		`{{ range $labels.SortedPairs }}{{ .labels }}{{ end }}`: "",
		`{{ query "sum(up" | first | value }}`:                  "does not parse: unclosed left parenthesis",
	} {
		rule := &catalog.AlertRule{Annotations: []catalog.Label{{Key: "summary", Value: text}}}
		checkTextFaults(t, text, textFaults(rule), want)
		rule.Templated = true
		checkTextFaults(t, "of Helm: "+text, textFaults(rule), "")
	}
}

func checkTextFaults(t *testing.T, what string, faults []fault, want string) {
	t.Helper()
	switch {
	case want == "" && len(faults) > 0:
		t.Errorf("%s: got a fault: %s", what, faults[0].text)
	case want != "" && (len(faults) != 1 || !strings.Contains(faults[0].text, want)):
		t.Errorf("%s: got %v, want one with %q", what, faults, want)
	}
}

// TestTemplatesOfGrafana checks what Grafana has and Prometheus has not, and the other way round.
func TestTemplatesOfGrafana(t *testing.T) {
	for text, want := range map[string]string{
		`{{ $values.A.Value }} {{ $$labels.pod }}`: "",
		`{{ $labels | removeLabels "pod" }}`:       "",
		`{{ $labels.pod }`:                         "does not parse",
	} {
		rule := &catalog.AlertRule{Format: "grafana", Annotations: []catalog.Label{{Key: "summary", Value: text}}}
		checkTextFaults(t, text, textFaults(rule), want)
	}
}

func TestLostLabels(t *testing.T) {
	recorded := recordedAs("job:a:sum", "sum by (job) (a)")
	for _, c := range []struct{ expr, text, want string }{
		{`sum by (job) (a) > 1`, `{{ $labels.pod }}`, `"pod"`},
		{`sum by (job) (a) > 1`, `{{ index $labels "pod" }}`, `"pod"`},
		{`sum by (job) (a) > 1`, `{{ .Labels.pod | title }}`, `"pod"`},
		{`sum by (job) (a) > 1`, `{{ printf "%s" $labels.pod }}`, `"pod"`},
		{`sum by (job) (a) > 1`, `{{ if $labels.job }}{{ $labels.pod }}{{ end }}`, ""},
		{`sum by (job) (a) > 1`, `{{ range query "up" }}{{ .Labels.pod }}{{ end }}`, ""},
		{`job:a:sum > 1`, `{{ $labels.pod }}`, `"pod"`},
		{`job:a:sum > 1`, `{{ $labels.job }}`, ""},
		{`job:a:sum > 1`, `{{ $labels.landscape }}`, ""}, // may be added outside
		{`other:a:sum > 1`, `{{ $labels.pod }}`, ""},
		{`a * on (job) group_left (pod) job:a:sum > 1`, `{{ $labels.pod }}`, `"pod"`},
		{`a * on (job) group_left (pod) b > 1`, `{{ $labels.pod }}`, ""},
	} {
		rule := promQL(c.expr)
		rule.Annotations[0].Value = c.text
		e, err := newExpression(rule)
		if err != nil {
			t.Fatal(err)
		}
		checkTextFaults(t, c.expr+": "+c.text, e.knowing(recorded).lostLabels(), c.want)
	}
	rule := promQL(`sum(a) > 1`)
	rule.Annotations, rule.Labels = nil, []catalog.Label{{Key: "team", Value: "{{ $labels.pod }}"}, {Key: "x", Value: "{{ $labels.job }}", FromGroup: true}}
	e, err := newExpression(rule)
	if err != nil {
		t.Fatal(err)
	}
	checkTextFaults(t, "a label of the rule", e.lostLabels(), `label "team" prints the label "pod"`)
}

// TestWaits checks what a ruler takes for a duration.
func TestWaits(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "5m": "", "1h30m": "", " 5m ": "", "{{ .Values.for }}": "", "$for": "", "0": "",
		"5 minutes": "is no duration", "5": "is no duration", "1.5h": "is no duration",
	} {
		checkTextFaults(t, text, unreadableWaits(&catalog.AlertRule{For: catalog.Text{Value: text}}), want)
	}
}

func TestLogsWithoutComparison(t *testing.T) {
	for expr, want := range map[string]string{
		`sum(rate({app="x"}[5m]))`:                                    "whenever there are logs",
		`sum(rate({app="x"}[5m])) > 0`:                                "",
		`count_over_time({app="x"} |= "panic" [5m])`:                  "",
		`count_over_time({app="x", level="error"}[5m])`:               "",
		`sum(count_over_time({app="x"} | json | status >= 500 [5m]))`: "",
		`absent_over_time({app="x"}[5m])`:                             "",
		`count_over_time({app="a > b"}[5m])`:                          "whenever there are logs",
	} {
		rule := promQL(expr)
		rule.Expr.Lang, rule.Expr.Selectors = catalog.LogQL, []catalog.Selector{{Matchers: []catalog.Matcher{{Name: "app", Op: "=", Value: "x"}}}}
		if strings.Contains(expr, "level") {
			rule.Expr.Selectors[0].Matchers = append(rule.Expr.Selectors[0].Matchers, catalog.Matcher{Name: "level", Op: "=", Value: "error"})
		}
		checkTextFaults(t, expr, logsWithoutComparison(rule), want)
	}
}
