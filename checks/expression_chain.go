package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
)

// ruleChain is a rule of Grafana as a chain of steps: queries, and expressions over what other steps give.
type ruleChain struct {
	rule  *catalog.AlertRule
	steps map[string]catalog.ChainStep // by ref, the first of each
}

func newRuleChain(rule *catalog.AlertRule) ruleChain {
	c := ruleChain{rule, map[string]catalog.ChainStep{}}
	for _, s := range rule.Chain {
		if _, twice := c.steps[s.Ref.Value]; !twice {
			c.steps[s.Ref.Value] = s
		}
	}
	return c
}

// step gives the step of a ref.
func (c ruleChain) step(ref string) (catalog.ChainStep, bool) {
	s, ok := c.steps[ref]
	return s, ok
}

// read gives the refs that a step reads, be it through others, and its own.
func (c ruleChain) read(ref string) map[string]bool {
	seen := map[string]bool{}
	open := []string{ref}
	for len(open) > 0 {
		ref, open = open[len(open)-1], open[:len(open)-1]
		if s, ok := c.steps[ref]; ok && !seen[ref] {
			seen[ref] = true
			open = append(open, s.Inputs...)
		}
	}
	return seen
}

// faults gives what keeps Grafana from evaluating the rule, or the rule from firing.
// Source: Grafana, pkg/expr (graph.go, threshold.go) and pkg/services/ngalert/eval; Grafana documentation, "Queries and
// conditions".
func (c ruleChain) faults() []fault {
	if c.rule.Paused {
		return []fault{{c.rule.At, "it is paused, so it is never evaluated. set isPaused: false, or delete the rule"}}
	}
	if c.filledIn() {
		return nil
	}
	if wrong := slices.Concat(c.wrongRefs(), c.wrongInputs(), c.wrongThresholds(), c.wrongCondition()); len(wrong) > 0 {
		return wrong
	}
	return slices.Concat(c.unreduced(), c.uncompared(), c.unreachable())
}

// filledIn reports whether a template decides how the steps hang together.
func (c ruleChain) filledIn() bool {
	if strings.Contains(c.rule.Condition.Value, "{{") {
		return true
	}
	return slices.ContainsFunc(c.rule.Chain, func(s catalog.ChainStep) bool {
		return strings.Contains(s.Ref.Value, "{{") || strings.Contains(s.Expression.Value, "{{") || strings.Contains(s.Kind, "{{")
	})
}

func (c ruleChain) wrongRefs() []fault {
	var faults []fault
	seen := map[string]bool{}
	for _, s := range c.rule.Chain {
		switch ref := s.Ref.Value; {
		case ref == "":
			faults = append(faults, fault{s.At, "a step of its chain has no refId, so nothing can read it. give it one"})
		case seen[ref]:
			faults = append(faults, fault{s.Ref.At.Or(s.At), fmt.Sprintf("two of its steps have the refId %q. give each its own", ref)})
		}
		seen[s.Ref.Value] = true
	}
	return faults
}

// wrongInputs finds expressions that read what is not there, what may not be read, or what reads them; of each the first
// such input.
func (c ruleChain) wrongInputs() []fault {
	var faults []fault
	ordered := c.inOrder()
	for _, s := range c.rule.Chain {
		if s.Kind == "query" {
			continue
		}
		if len(s.Inputs) == 0 && (s.Kind == "reduce" || s.Kind == "threshold" || s.Kind == "resample" || s.Kind == "classic_conditions") {
			faults = append(faults, stepFault(s, "the %s %q reads no other step. name the refId that it is of", s.Kind, s.Ref.Value))
		}
		for _, input := range s.Inputs {
			if why := c.wrongInput(s, input); why != "" {
				faults = append(faults, stepFault(s, "the %s %q reads %q, %s", s.Kind, s.Ref.Value, input, why))
				break
			}
		}
	}
	for _, s := range c.rule.Chain {
		if len(faults) == 0 && !ordered[s.Ref.Value] {
			return []fault{stepFault(s, "the %s %q cannot be worked out: it reads itself, or a step that does. let each step read earlier ones only", s.Kind, s.Ref.Value)}
		}
	}
	return faults
}

func (c ruleChain) wrongInput(s catalog.ChainStep, input string) string {
	from, ok := c.step(input)
	switch {
	case !ok:
		return "and no step has that refId. its steps are " + c.refs()
	case from.Kind == "classic_conditions" || from.Kind == "sql":
		return "and nothing may read the result of " + from.Kind + ". make it the condition"
	case s.Kind == "classic_conditions" && from.Kind != "query":
		return "and classic conditions read queries only. use a threshold"
	}
	return ""
}

// inOrder gives the refs of the steps that can be worked out one after the other: all but those that read each other in a
// circle, and those that read these.
func (c ruleChain) inOrder() map[string]bool {
	waits, readers := map[string]int{}, map[string][]string{}
	var ready []string
	for ref, s := range c.steps {
		for _, input := range s.Inputs {
			if _, ok := c.steps[input]; ok {
				waits[ref]++
				readers[input] = append(readers[input], ref)
			}
		}
		if waits[ref] == 0 {
			ready = append(ready, ref)
		}
	}
	done := map[string]bool{}
	for len(ready) > 0 {
		ref := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		done[ref] = true
		for _, reader := range readers[ref] {
			if waits[reader]--; waits[reader] == 0 {
				ready = append(ready, reader)
			}
		}
	}
	return done
}

// refs tells the refs of the steps.
func (c ruleChain) refs() string {
	var refs []string
	for _, s := range c.rule.Chain {
		refs = append(refs, s.Ref.Value)
	}
	return strings.Join(shortList(refs), ", ")
}

// shortList gives a list that is not too long for a message.
func shortList(names []string) []string {
	const most = 8
	if len(names) > most {
		return append(slices.Clone(names[:most]), "…")
	}
	return names
}

// thresholdParams is how many numbers the kinds of comparisons take.
var thresholdParams = map[string]int{
	"gt": 1, "lt": 1, "gte": 1, "lte": 1, "eq": 1, "ne": 1, "no_value": 0,
	"within_range": 2, "outside_range": 2, "within_range_included": 2, "outside_range_included": 2,
}

func (c ruleChain) wrongThresholds() []fault {
	var faults []fault
	for _, s := range c.rule.Chain {
		if s.Kind == "threshold" && len(s.Conditions) != 1 {
			faults = append(faults, stepFault(s, "the threshold %q has %d conditions, and needs one. join several in a math expression", s.Ref.Value, len(s.Conditions)))
			continue
		}
		for _, t := range s.Conditions {
			if n, known := thresholdParams[t.Type]; known && len(t.Params) < n {
				faults = append(faults, fault{t.At, fmt.Sprintf("the %s %q compares to nothing: %q takes %s. write them in params", s.Kind, s.Ref.Value, t.Type, map[int]string{1: "a number", 2: "two numbers"}[n])})
			}
		}
	}
	return faults
}

func (c ruleChain) wrongCondition() []fault {
	switch _, ok := c.step(c.rule.Condition.Value); {
	case c.rule.Condition.Value == "":
		return []fault{{c.rule.At, "it names no condition, so Grafana does not take the rule. name the refId of the step that decides"}}
	case !ok:
		return []fault{{c.rule.Condition.At, fmt.Sprintf("its condition is %q, and no step has that refId. its steps are %s", c.rule.Condition.Value, c.refs())}}
	}
	return nil
}

func stepFault(s catalog.ChainStep, format string, args ...any) fault {
	return fault{s.Expression.At.Or(s.At), fmt.Sprintf(format, args...)}
}
