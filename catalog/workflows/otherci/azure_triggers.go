package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// azureTriggers gives what starts a pipeline.
func azureTriggers(root *document.Node) []catalog.Trigger {
	if root.Get("parameters") != nil && root.First("trigger", "pr", "schedules", "pool", "resources", "extends", "name", "variables") == nil {
		return []catalog.Trigger{{Event: catalog.Text{Value: "template", At: root.Get("parameters").At}, Stage: catalog.OnCall}}
	}
	triggers := pushTriggers(root)
	triggers = append(triggers, requestTrigger(root)...)
	for _, schedule := range root.Get("schedules").List() {
		t := catalog.Trigger{Event: catalog.Text{Value: "schedule", At: schedule.Place()}, Stage: catalog.OnSchedule}
		t.Branches, t.IgnoredBranches = includes(schedule.Get("branches"))
		triggers = append(triggers, t)
	}
	if len(triggers) == 0 {
		triggers = []catalog.Trigger{{Event: catalog.Text{Value: "manual", At: root.First("trigger", "pr").Place().Or(root.At)}, Stage: catalog.Manual}}
	}
	return triggers
}

// pushTriggers gives one trigger for pushes to branches and one for tags.
func pushTriggers(root *document.Node) []catalog.Trigger {
	n := root.Get("trigger")
	if n.Str() == "none" {
		return nil
	}
	branch := catalog.Trigger{Event: catalog.Text{Value: "trigger", At: n.Place().Or(root.At)}, Stage: catalog.OnPullRequest}
	if n == nil || n.Kind != document.Map {
		branch.Branches = n.Texts()
	} else {
		branch.Branches, branch.IgnoredBranches = includes(n.Get("branches"))
		branch.Paths, branch.IgnoredPaths = includes(n.Get("paths"))
	}
	branch.Stage = branchesStage(branch.Branches)
	var triggers []catalog.Trigger
	tags, _ := includes(n.Get("tags"))
	if len(tags) == 0 || n.Get("branches") != nil {
		triggers = append(triggers, branch)
	}
	if len(tags) > 0 {
		triggers = append(triggers, catalog.Trigger{Event: catalog.Text{Value: "tags", At: tags[0].At}, Stage: catalog.OnBuild, Tags: tags})
	}
	return triggers
}

func requestTrigger(root *document.Node) []catalog.Trigger {
	n := root.Get("pr")
	if n.Str() == "none" || n.Str() == "false" || n == nil && root.Get("trigger").Str() == "none" {
		return nil
	}
	t := catalog.Trigger{Event: catalog.Text{Value: "pr", At: n.Place().Or(root.At)}, Stage: catalog.OnPullRequest}
	if n == nil || n.Kind != document.Map {
		t.Branches = n.Texts()
	} else {
		t.Branches, t.IgnoredBranches = includes(n.Get("branches"))
		t.Paths, t.IgnoredPaths = includes(n.Get("paths"))
	}
	return []catalog.Trigger{t}
}

// includes gives the lists of a filter: a map with include and exclude, or a list alone.
func includes(n *document.Node) (include, exclude []catalog.Text) {
	if n != nil && n.Kind == document.Map {
		return n.Get("include").Texts(), n.Get("exclude").Texts()
	}
	return n.Texts(), nil
}

// branchesStage gives the stage of pushes to the given branches: before a merge when a branch of a change may be among
// them.
func branchesStage(branches []catalog.Text) catalog.Stage {
	if len(branches) == 0 || slices.ContainsFunc(branches, func(b catalog.Text) bool { return isChangeBranch(b.Value) }) {
		return catalog.OnPullRequest
	}
	if !slices.ContainsFunc(branches, func(b catalog.Text) bool { return !strings.HasPrefix(b.Value, "refs/tags/") }) {
		return catalog.OnBuild
	}
	return catalog.OnMerge
}

// isChangeBranch reports whether a pattern takes the branches that people work on.
func isChangeBranch(pattern string) bool {
	pattern = strings.ReplaceAll(strings.TrimPrefix(pattern, "refs/heads/"), "**", "*")
	return slices.ContainsFunc(slices.Concat(changeBranches.typical, changeBranches.other), func(name string) bool { return workflows.Glob(pattern, name) })
}

// azureOccasions are the triggers of a workflow as occasions.
func azureOccasions(triggers []catalog.Trigger) map[occasion]catalog.Trigger {
	found := map[occasion]catalog.Trigger{}
	add := func(o occasion, t catalog.Trigger) {
		if _, there := found[o]; !there {
			found[o] = t
		}
	}
	for _, t := range triggers {
		switch {
		case t.Event.Value == "pr":
			add(mergeRequest, t)
		case t.Event.Value == "trigger" && t.Stage == catalog.OnPullRequest:
			add(branchPush, t)
			add(mainPush, t)
		case t.Stage == catalog.OnMerge:
			add(mainPush, t)
		case t.Event.Value == "tags":
			add(tagPush, t)
		case t.Stage == catalog.OnSchedule:
			add(clock, t)
		case t.Stage == catalog.OnCall, t.Stage == catalog.OnBuild:
			add(call, t)
		default:
			add(person, t)
		}
	}
	return found
}

// azureConditionTriggers gives those of the triggers of which a condition lets a job run; nil when it is all of them.
func azureConditionTriggers(condition catalog.Text, own []catalog.Trigger, w *catalog.Workflow) []catalog.Trigger {
	from := w.Triggers
	if own != nil {
		from = own
	}
	starts := azureOccasions(from)
	var left []catalog.Trigger
	refused := false
	for _, o := range occasions {
		t, starting := starts[o]
		if !starting {
			continue
		}
		if azureCondition(condition.Value, o, w.Env) == workflows.No {
			refused = true
			continue
		}
		t.Event.At = condition.At
		if o != call {
			t.Stage = o.stage()
		}
		left = addTrigger(left, t)
	}
	switch {
	case !refused:
		return own
	case len(left) == 0:
		t := catalog.Trigger{Event: catalog.Text{Value: "condition", At: condition.At}, Stage: catalog.Manual}
		if azureCondition(condition.Value, person, w.Env) == workflows.No {
			t.Stage = catalog.NoStage
		}
		return []catalog.Trigger{t}
	}
	return left
}
