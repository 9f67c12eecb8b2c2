package otherci

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
)

// Resolve gives the pipelines that run when another one of the given workflows calls them the triggers of their callers:
// Tekton's Pipelines and Tasks, by their names within one ".tekton" folder, and templates of Azure Pipelines, by their
// paths. What nobody calls stays as it was. It replaces lists of triggers and changes nothing else.
func Resolve(all []*catalog.Workflow) {
	called := map[string][]*catalog.Workflow{}
	for _, w := range all {
		if isCalled(w) {
			called[calleeKey(w)] = append(called[calleeKey(w)], w)
		}
	}
	if len(called) == 0 {
		return
	}
	var todo []*catalog.Workflow
	for _, w := range all {
		if !isCalled(w) {
			todo = append(todo, w)
		}
	}
	seen := map[*catalog.Workflow]bool{}
	for len(todo) > 0 {
		caller := todo[0]
		todo = todo[1:]
		for _, j := range caller.Jobs {
			for _, name := range callsOfJob(caller, j) {
				for _, callee := range called[name] {
					inherit(callee, caller, j)
					if !seen[callee] {
						seen[callee] = true
						todo = append(todo, callee)
					}
				}
			}
		}
	}
}

// isCalled reports whether a workflow runs only when another one calls it, in a format whose calls are followed.
func isCalled(w *catalog.Workflow) bool {
	return (w.Format == "tekton" || w.Format == "azure") && len(w.Triggers) > 0 && w.Triggers[0].Stage == catalog.OnCall && w.Triggers[0].Event.Value != "incoming"
}

// inherit adds the triggers of a calling job. The trigger that says that it is called stays the first.
func inherit(callee, caller *catalog.Workflow, j catalog.Job) {
	triggers := j.Triggers
	if triggers == nil {
		triggers = caller.Triggers
	}
	callee.Triggers = slices.Clone(callee.Triggers)
	for _, t := range triggers {
		if t.Stage != catalog.OnCall {
			callee.Triggers = addTrigger(callee.Triggers, t)
		}
	}
}

// calleeKey gives what a workflow is called by.
func calleeKey(w *catalog.Workflow) string {
	if w.Format == "azure" {
		return "azure " + w.At.File
	}
	return tektonKey(w.At.File, w.Name.Value)
}

// tektonKey gives the name of a task or pipeline with the folder in which Pipelines-as-Code looks for it.
func tektonKey(file, name string) string {
	folder := path.Dir(file)
	if before, _, found := strings.Cut("/"+file, "/.tekton/"); found {
		folder = before
	}
	return "tekton " + folder + " " + name
}

// callsOfJob gives what a job calls: a pipeline, a task, or templates in place of its steps.
func callsOfJob(w *catalog.Workflow, j catalog.Job) []string {
	var keys []string
	if w.Format == "tekton" {
		if j.Calls.Value != "" {
			keys = append(keys, tektonKey(w.At.File, j.Calls.Value))
		}
		return keys
	}
	for _, template := range append([]catalog.Text{j.Calls}, stepTemplates(j)...) {
		file, repository, _ := strings.Cut(template.Value, "@")
		if file == "" || repository != "" && repository != "self" {
			continue
		}
		if strings.HasPrefix(file, "/") {
			keys = append(keys, "azure "+strings.TrimPrefix(path.Clean(file), "/"))
		} else {
			keys = append(keys, "azure "+path.Join(path.Dir(w.At.File), file))
		}
	}
	return keys
}

// stepTemplates gives the templates of a job's steps.
func stepTemplates(j catalog.Job) []catalog.Text {
	var all []catalog.Text
	for _, s := range j.Steps {
		if strings.HasSuffix(s.Uses.Value, ".yml") || strings.HasSuffix(s.Uses.Value, ".yaml") || strings.Contains(s.Uses.Value, ".yml@") || strings.Contains(s.Uses.Value, ".yaml@") {
			all = append(all, s.Uses)
		}
	}
	return all
}
