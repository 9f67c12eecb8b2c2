package otherci

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// logic says whether a logic statement (`when`, `unless`) holds on an occasion.
// Source: CircleCI documentation, "Logic statements".
func (c *circle) logic(n *document.Node, o occasion, depth int) workflows.Truth {
	if depth > maxParentheses {
		return workflows.Maybe
	}
	if n.Kind == document.Scalar {
		v := c.value(n, o)
		if len(v.typical) == 1 && v.typical[0] == "false" {
			return workflows.No
		}
		return v.set()
	}
	if n.Kind != document.Map || len(n.Pairs) == 0 {
		return workflows.Maybe
	}
	operator, operand := n.Pairs[0].Key.Value, n.Pairs[0].Value
	switch operator {
	case "not":
		return c.logic(operand, o, depth+1).Not()
	case "and", "or":
		t := workflows.Yes
		if operator == "or" {
			t = workflows.No
		}
		for _, item := range operand.List() {
			if holds := c.logic(item, o, depth+1); operator == "or" {
				t = max(t, holds)
			} else {
				t = min(t, holds)
			}
		}
		return t
	case "equal":
		return c.equal(operand.List(), o)
	case "matches":
		return c.value(operand.Get("value"), o).matches(operand.Get("pattern").Str())
	}
	return workflows.Maybe
}

func (c *circle) equal(operands []*document.Node, o occasion) workflows.Truth {
	t := workflows.Yes
	for i := 1; i < len(operands); i++ {
		t = min(t, c.value(operands[0], o).equals(c.value(operands[i], o)))
	}
	return t
}

// value gives what an operand holds: a literal, a pipeline value, or the default of a pipeline parameter. A parameter is
// what a schedule or a person sets, so that its default holds for pushes alone.
func (c *circle) value(n *document.Node, o occasion) value {
	text := strings.TrimSpace(n.Str())
	inner, opened := strings.CutPrefix(text, "<<")
	inner, closed := strings.CutSuffix(inner, ">>")
	if !opened || !closed {
		return literal(text)
	}
	switch name := strings.TrimSpace(inner); {
	case name == "pipeline.git.branch":
		return o.branch()
	case name == "pipeline.git.tag":
		if o == tagPush {
			return tagNames
		}
		return literal("")
	case name == "pipeline.trigger_source":
		return o.circleSource()
	case name == "pipeline.git.branch.is_default":
		return literal(map[bool]string{true: "true", false: "false"}[o == mainPush || o == clock || o == person])
	case name == "pipeline.schedule.name":
		if o != clock {
			return literal("")
		}
	case strings.HasPrefix(name, "pipeline.parameters.") && o.implied():
		if standard := c.root.Get("parameters", strings.TrimPrefix(name, "pipeline.parameters."), "default"); standard != nil {
			return literal(standard.Str())
		}
	}
	return value{unknown: true}
}

func (o occasion) circleSource() value {
	switch o {
	case clock:
		return literal("scheduled_pipeline")
	case person:
		return literal("api")
	}
	return literal("webhook")
}

// filtered gives the triggers of a job with filters; nil when it runs whenever the workflow does. Filters of branches
// let no tag through, and without filters of tags no tag starts a job.
func (c *circle) filtered(filters *document.Node, starts []catalog.Trigger) []catalog.Trigger {
	if filters == nil || filters.Kind != document.Map {
		return nil
	}
	branches, tags := filters.Get("branches"), filters.Get("tags")
	var triggers []catalog.Trigger
	for _, t := range starts {
		o := branchPush
		if t.Stage != catalog.OnPullRequest {
			o = mainPush
		}
		if t.Event.Value != "tag" && passes(branches, o.branch()) == workflows.No {
			continue
		}
		t.Event.At = branches.Place().Or(filters.At)
		t.Branches, t.IgnoredBranches = branches.Get("only").Texts(), branches.Get("ignore").Texts()
		triggers = addTrigger(triggers, t)
	}
	if tags != nil && passes(tags, tagNames) != workflows.No {
		triggers = addTrigger(triggers, catalog.Trigger{Event: catalog.Text{Value: "tag", At: tags.At}, Stage: catalog.OnBuild, Tags: tags.Get("only").Texts()})
	}
	if len(triggers) == 0 {
		t := catalog.Trigger{Event: catalog.Text{Value: "filters", At: filters.At}, Stage: catalog.NoStage}
		if t.Branches = branches.Get("only").Texts(); len(t.Branches) > 0 { // of a name of its own
			t.Stage = catalog.Manual
		}
		triggers = []catalog.Trigger{t}
	}
	return triggers
}

// passes says whether a filter lets a branch or tag through.
func passes(filter *document.Node, name value) workflows.Truth {
	if filter == nil {
		return workflows.Yes
	}
	any := func(patterns *document.Node) workflows.Truth {
		t := workflows.No
		for _, p := range patterns.Texts() {
			if strings.HasPrefix(p.Value, "/") && strings.HasSuffix(p.Value, "/") && len(p.Value) > 1 {
				t = max(t, name.matches("^(?:"+p.Value[1:len(p.Value)-1]+")$"))
			} else {
				t = max(t, name.equals(literal(p.Value)))
			}
		}
		return t
	}
	if filter.Kind != document.Map {
		return any(filter)
	}
	t := workflows.Yes
	if only := filter.Get("only"); only != nil {
		t = any(only)
	}
	if ignore := filter.Get("ignore"); ignore != nil {
		t = min(t, any(ignore).Not())
	}
	return t
}
