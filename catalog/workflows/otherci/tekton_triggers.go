package otherci

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// The annotations of Pipelines-as-Code.
const (
	onEvent   = "pipelinesascode.tekton.dev/on-event"
	onBranch  = "pipelinesascode.tekton.dev/on-target-branch"
	onCEL     = "pipelinesascode.tekton.dev/on-cel-expression"
	onComment = "pipelinesascode.tekton.dev/on-comment"
	onPaths   = "pipelinesascode.tekton.dev/on-path-change"
)

// Events and target branches in a CEL expression.
var (
	celEvents   = regexp.MustCompile(`\bevent(?:_type)?\s*(?:==|in)\s*(\[[^\]]*\]|"[^"]*"|'[^']*')`)
	celBranches = regexp.MustCompile(`\btarget_branch\s*(?:==|in)\s*(\[[^\]]*\]|"[^"]*"|'[^']*')|\btarget_branch\.(?:matches|startsWith)\(\s*("[^"]*"|'[^']*')`)
)

// tektonTriggers gives what the annotations of Pipelines-as-Code state.
func tektonTriggers(annotations *document.Node) []catalog.Trigger {
	events, branches := annotationList(annotations.Get(onEvent)), annotationList(annotations.Get(onBranch))
	if cel := annotations.Get(onCEL); cel != nil { // it takes precedence
		events, branches = nil, nil
		for _, m := range celEvents.FindAllStringSubmatch(cel.Str(), -1) {
			events = append(events, listed(m[1], cel.At)...)
		}
		for _, m := range celBranches.FindAllStringSubmatch(cel.Str(), -1) {
			branches = append(branches, listed(m[1]+m[2], cel.At)...)
		}
		if len(events) == 0 {
			events = []catalog.Text{{Value: "pull_request", At: cel.At}, {Value: "push", At: cel.At}}
		}
	}
	var triggers []catalog.Trigger
	for _, e := range events {
		t := catalog.Trigger{Event: e, Stage: tektonStage(e.Value, branches), Branches: branches, Paths: annotationList(annotations.Get(onPaths))}
		triggers = addTrigger(triggers, t)
	}
	if comment := annotations.Get(onComment).Text(); comment.Value != "" && len(triggers) == 0 {
		triggers = []catalog.Trigger{{Event: catalog.Text{Value: "comment", At: comment.At}, Stage: catalog.Manual}}
	}
	return triggers
}

// tektonStage gives the stage of an event. A push to no branch in particular is taken for one to a branch of a change.
func tektonStage(event string, branches []catalog.Text) catalog.Stage {
	switch event {
	case "pull_request", "pull_request_labeled", "merge_request", "Merge Request", "Note Hook":
		return catalog.OnPullRequest
	case "push":
		return branchesStage(branches)
	case "incoming":
		return catalog.OnCall
	}
	return catalog.Manual
}

// annotationList reads a list as annotations hold it: "[main, release-*]", or one value.
func annotationList(n *document.Node) []catalog.Text { return listed(n.Str(), n.Place()) }

func listed(text string, at catalog.Place) []catalog.Text {
	var all []catalog.Text
	for part := range strings.SplitSeq(strings.Trim(strings.TrimSpace(text), "[]"), ",") {
		if part = strings.Trim(strings.TrimSpace(part), `"'`); part != "" {
			all = append(all, catalog.Text{Value: strings.Clone(part), At: at})
		}
	}
	return all
}
