package workflows

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// triggers reads what starts a workflow: one event, a list of events, or a map of them. A push that is filtered both by
// branches and by tags gives two triggers, as these are two moments in the life of a change.
func triggers(n *document.Node) []catalog.Trigger {
	if n == nil {
		return nil
	}
	if n.Kind != document.Map {
		var all []catalog.Trigger
		events := n.Texts()
		for _, event := range events[:min(len(events), maxEvents)] {
			all = append(all, catalog.Trigger{Event: event, Stage: stage(event.Value, nil)})
		}
		return all
	}
	var all []catalog.Trigger
	for _, p := range n.Pairs[:min(len(n.Pairs), maxEvents)] {
		all = append(all, trigger(p.Key, p.Value)...)
	}
	return all
}

// maxEvents is how many events of a workflow are looked at: each job goes through them. GitHub knows some forty.
const maxEvents = 100

// trigger reads one event with its filters.
func trigger(event catalog.Text, n *document.Node) []catalog.Trigger {
	t := catalog.Trigger{
		Event: event, Branches: n.Get("branches").Texts(), IgnoredBranches: n.Get("branches-ignore").Texts(),
		Tags: n.Get("tags").Texts(), Paths: n.Get("paths").Texts(), IgnoredPaths: n.Get("paths-ignore").Texts(),
		Types: n.Get("types").Texts(), Stage: stage(event.Value, n),
	}
	if event.Value != "push" {
		return []catalog.Trigger{t}
	}
	byBranch := len(t.Branches) > 0 || len(t.IgnoredBranches) > 0
	byTag := n.Get("tags") != nil || n.Get("tags-ignore") != nil
	if !byTag {
		return []catalog.Trigger{t}
	}
	// Paths are not looked at when a tag is pushed.
	tags := catalog.Trigger{Event: event, Stage: catalog.OnBuild, Tags: t.Tags}
	if !byBranch || onlyIgnoresAll(t) {
		return []catalog.Trigger{tags}
	}
	t.Tags = nil
	return []catalog.Trigger{t, tags}
}

// onlyIgnoresAll reports whether a push to no branch at all starts a workflow.
func onlyIgnoresAll(t catalog.Trigger) bool {
	return len(t.Branches) == 0 && slices.ContainsFunc(t.IgnoredBranches, func(b catalog.Text) bool { return b.Value == "**" })
}

// stages are those of the events that need no second look. Events that are not listed, such as those of issues, are
// outside the life of a change.
// Source: docs.github.com, "Events that trigger workflows".
var stages = map[string]catalog.Stage{
	"merge_group": catalog.OnPullRequest, "pull_request_review": catalog.OnPullRequest, "pull_request_review_comment": catalog.OnPullRequest,
	"release": catalog.OnBuild, "registry_package": catalog.OnBuild,
	"deployment": catalog.OnDeploy, "deployment_status": catalog.OnDeploy, "page_build": catalog.OnDeploy,
	"schedule": catalog.OnSchedule, "workflow_call": catalog.OnCall,
	"workflow_dispatch": catalog.Manual, "repository_dispatch": catalog.Manual,
}

// stage gives where in the life of a change an event with the given filters is.
func stage(event string, filters *document.Node) catalog.Stage {
	switch event {
	case "pull_request", "pull_request_target":
		if types := filters.Get("types").Texts(); len(types) == 1 && types[0].Value == "closed" {
			return catalog.OnMerge
		}
		return catalog.OnPullRequest
	case "push":
		return pushStage(filters.Get("branches").Texts())
	case "workflow_run":
		if slices.ContainsFunc(filters.Get("workflows").Texts(), func(w catalog.Text) bool { return deployName.MatchString(w.Value) }) {
			return catalog.OnDeploy
		}
		return catalog.OnMerge
	}
	if s, ok := stages[event]; ok {
		return s
	}
	return catalog.NoStage
}

var deployName = regexp.MustCompile(`(?i)\bdeploy|\broll-?out|\bpromot(?:e|ion)\b`)

// pushStage gives the stage of a push to the given branches. A push to a branch of any name comes before the merge.
func pushStage(branches []catalog.Text) catalog.Stage {
	found := false
	for _, b := range branches {
		if strings.HasPrefix(b.Value, "!") {
			continue
		}
		if found = true; !mainBranch.MatchString(b.Value) {
			return catalog.OnPullRequest
		}
	}
	if found {
		return catalog.OnMerge
	}
	return catalog.OnPullRequest
}

// mainBranch finds the names and patterns of default, release and environment branches, to which changes come by a
// merge.
var mainBranch = regexp.MustCompile(`(?i)^(?:main|master|trunk|default|mainline|develop|development|dev|next|stable|edge|canary|rc|hotfix-rc|release-candidate|production|prod|staging|stage|live|qa|uat|preprod|preview|gh-pages|` +
	`\$\{?default-branch\}?|\$default_branch|.*\{\{.*default_branch.*\}\}|releases?(?:[-_/].*|\*+|v?[0-9].*)?|.*[-_/](?:releases?|stable|master|main)(?:[-/].*)?|` +
	`deploy(?:ment)?(?:[-_/].*)?|env(?:ironment)?s?[-_/].*|v?[0-9x*]+(?:\.[0-9x*]+)+(?:[-.].*)?|v[0-9*\[].*|\[?[0-9]\S*\.x|[0-9]+-(?:stable|x))$`)
