package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/promql"
)

var (
	templateAction    = regexp.MustCompile(`\{\{-?.*?-?\}\}`)
	valueOfAlert      = regexp.MustCompile(`\$value\b|(^|[\s(|])\.Value\b`)
	templateCondition = regexp.MustCompile(`\{\{-?\s*(?:if|with|range)\b`)
)

// textFaults gives what is wrong with the templates of a rule, whatever its expression is. Of a rule that Helm writes not
// all of the text is known.
func textFaults(rule *catalog.AlertRule) []fault {
	faults := valuesInLabels(rule)
	if rule.Templated {
		return faults
	}
	for _, t := range templatesOf(rule) {
		faults = append(faults, t.faults()...)
	}
	return faults
}

// faults finds what stops the rule from being loaded, or prints an error in place of the text.
// Source: Prometheus documentation, "Template reference"; Grafana documentation, "Template reference".
func (t alertTemplate) faults() []fault {
	if t.err != "" {
		if otherVariable(t.err) {
			return nil
		}
		return []fault{t.fault("the template of %s does not parse: %s. %s", t.name, t.err, templateWay(t.err))}
	}
	var faults []fault
	u := t.uses()
	for _, name := range u.bare {
		if slices.Contains(ownVariables, name) {
			faults = append(faults, t.fault("the template of %s has %q where it means $%s. write the dollar sign", t.name, name, name))
		}
	}
	for _, f := range u.functions {
		if !slices.Contains(templateFunctions, f) && usesAlert(t.label.Value) {
			faults = append(faults, t.fault("the template of %s calls %q, which is no function of alert templates. use one of the template reference, such as humanize", t.name, f))
		}
	}
	for _, f := range u.fields {
		if slices.Contains(foreignFields, f) {
			faults = append(faults, t.fault("the template of %s reads .%s, which an alert rule's template does not have. it has .Labels, .ExternalLabels and .Value", t.name, f))
		}
	}
	for _, q := range u.queries {
		if p := promql.ParseRule(catalog.Query{Text: q, Lang: catalog.PromQL}); p.Error != "" && !promql.ByTemplate(p) {
			faults = append(faults, t.fault("the query %q in %s does not parse: %s", shortened(q), t.name, p.Error))
		}
	}
	return faults
}

// ownVariables are those of the ruler's variables whose dollar sign is forgotten.
var ownVariables = []string{"labels", "value", "externalLabels"}

// foreignFields are fields of the templates of Alertmanager, or fields of alert templates in the wrong case.
var foreignFields = []string{"labels", "value", "annotations", "Annotations", "CommonLabels", "CommonAnnotations", "GroupLabels", "Alerts", "Status"}

// usesAlert reports whether a template is one of the ruler's for sure.
func usesAlert(text string) bool { return alertVariable.MatchString(text) }

var (
	alertVariable     = regexp.MustCompile(`\$labels\b|\$value\b|\.Labels\b`)
	undefinedVariable = regexp.MustCompile(`undefined variable "\$(\w+)"`)
)

// otherVariable reports whether a template fails for a variable that another engine may know: one that is no slip of the
// pen for the ruler's own.
func otherVariable(message string) bool {
	m := undefinedVariable.FindStringSubmatch(message)
	return m != nil && !slices.Contains([]string{"label", "lables", "labesl", "Labels", "Label", "lable", "Value", "vaule", "externallabels"}, m[1])
}

func templateWay(message string) string {
	switch {
	case strings.Contains(message, "undefined variable"):
		return "the variables are $labels, $value, $externalLabels and $externalURL"
	case strings.Contains(message, "illegal number syntax"):
		return "templates do not compute: let the expression do that"
	case strings.Contains(message, "bad character U+002D"):
		return `write index $labels "a-b" for a label with a hyphen`
	}
	return "close every {{ with }}, and every if, range and with with {{ end }}"
}

func (t alertTemplate) fault(format string, args ...any) fault {
	return fault{t.label.At, fmt.Sprintf(format, args...)}
}

// ownLabels are labels that the rulers give to every alert.
var ownLabels = []string{"alertname", "alertgroup", "grafana_folder", "alertstate"}

// lostLabels finds labels that annotations and labels print and the expression's result cannot have. A rule's own labels
// are passed over: some rulers print those too.
func (e expression) lostLabels() []fault {
	kept := e.recorded.labelsOf(e.tree)
	if e.rule.Format == "grafana" {
		kept = newRuleChain(e.rule).labels(kept)
	}
	var faults []fault
	seen := map[string]bool{}
	for _, t := range templatesOf(e.rule) {
		if t.err != "" {
			continue
		}
		for _, l := range t.uses().labels {
			if !l.sure || seen[l.name] || kept.has(l.name) || slices.Contains(ownLabels, l.name) {
				continue
			}
			if _, own := e.rule.Label(l.name); own {
				continue
			}
			seen[l.name] = true
			faults = append(faults, t.fault("%s prints the label %q, which its expression drops: %s. add it to by (…), or print another label", t.name, l.name, kept))
		}
	}
	return faults
}

// valuesInLabels finds labels that hold the value of the expression, so that each evaluation makes another alert.
// Source: pint's alerts/template.
func valuesInLabels(rule *catalog.AlertRule) []fault {
	var faults []fault
	for _, l := range rule.Labels {
		for _, action := range templateAction.FindAllString(l.Value, -1) {
			if !l.FromGroup && valueOfAlert.MatchString(strings.Trim(action, "{}-")) && !templateCondition.MatchString(l.Value) {
				faults = append(faults, fault{l.At, fmt.Sprintf("label %q holds the value of the expression (%s), so every change of it is a new alert. print it in an annotation", l.Key, action)})
			}
		}
	}
	return faults
}
