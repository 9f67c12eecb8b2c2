package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	templateAction    = regexp.MustCompile(`\{\{-?.*?-?\}\}`)
	valueOfAlert      = regexp.MustCompile(`\$value\b|(^|[\s(|])\.Value\b`)
	labelOfAlert      = regexp.MustCompile(`^\{\{-?\s*(?:\$labels|\.Labels)\.(\w+)\s*(?:\||-?\}\})`)
	templateCondition = regexp.MustCompile(`\{\{-?\s*(?:if|with|range)\b`)
)

// lostLabels finds labels that annotations print and the expression's result cannot have. A rule's own labels are
// passed over: some rulers print those too.
func (e expression) lostLabels() []fault {
	if e.rule.Format == "grafana" {
		return nil
	}
	kept := labelsOf(e.tree)
	var faults []fault
	seen := map[string]bool{}
	for _, annotation := range e.rule.Annotations {
		if templateCondition.MatchString(annotation.Value) {
			continue
		}
		for _, action := range templateAction.FindAllString(annotation.Value, -1) {
			m := labelOfAlert.FindStringSubmatch(action)
			if m == nil || seen[m[1]] || kept.has(m[1]) || slices.Contains([]string{"alertname", "alertgroup"}, m[1]) {
				continue
			}
			if _, own := e.rule.Label(m[1]); own {
				continue
			}
			seen[m[1]] = true
			faults = append(faults, fault{annotation.At, fmt.Sprintf("annotation %q prints the label %q, which its expression drops: %s. add it to by (…), or print another label",
				annotation.Key, m[1], kept)})
		}
	}
	return faults
}

// valuesInLabels finds labels that hold the value of the expression, so that each evaluation makes another alert.
func (e expression) valuesInLabels() []fault {
	var faults []fault
	for _, l := range e.rule.Labels {
		for _, action := range templateAction.FindAllString(l.Value, -1) {
			if !l.FromGroup && valueOfAlert.MatchString(strings.Trim(action, "{}-")) && !templateCondition.MatchString(l.Value) {
				faults = append(faults, fault{l.At, fmt.Sprintf("label %q holds the value of the expression (%s), so every change of it is a new alert. print it in an annotation", l.Key, action)})
			}
		}
	}
	return faults
}
