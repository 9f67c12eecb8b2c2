package otherci

import (
	"slices"
	"strconv"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// gitHooks are the hooks that Git runs by itself before a change leaves the author's machine.
var gitHooks = []string{"pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit", "pre-rebase", "post-checkout", "post-merge", "post-rewrite",
	"pre-push", "applypatch-msg", "pre-applypatch", "post-applypatch"}

// ReadLefthook gives the hooks of a lefthook configuration, one job each, with a step for each of its commands; false
// when the document configures none. A hook of another name than Git's runs when somebody calls it.
// Source: lefthook.dev, "Configuration".
func ReadLefthook(d document.Document) (catalog.Facts, bool) {
	l := &lefthook{}
	w := &catalog.Workflow{Format: "lefthook", Name: catalog.Text{Value: "lefthook", At: d.Root.Place()}, At: d.Root.Place()}
	for _, p := range pairs(d.Root) {
		if p.Value.First("commands", "jobs", "scripts") == nil {
			continue
		}
		job := catalog.Job{ID: p.Key, Name: p.Key, At: p.Key.At}
		trigger := catalog.Trigger{Event: p.Key, Stage: catalog.OnCommit}
		if !slices.Contains(gitHooks, p.Key.Value) {
			trigger.Stage = catalog.Manual
		}
		job.Triggers = []catalog.Trigger{trigger}
		if skip := p.Value.Get("skip"); skip.Bool() {
			job.Triggers = []catalog.Trigger{{Event: p.Key, Stage: catalog.NoStage}}
			job.Condition = catalog.Text{Value: "skip", At: skip.At}
		}
		l.commands(&job, p.Value)
		l.jobs(&job, p.Value, 0)
		w.Triggers = addTrigger(w.Triggers, trigger)
		w.Jobs = append(w.Jobs, job)
	}
	w.Elsewhere = lefthookElsewhere(d.Root)
	if len(w.Jobs)+len(w.Elsewhere) == 0 {
		return catalog.Facts{}, false
	}
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: l.gaps}, true
}

// lefthookElsewhere gives the configurations that a file takes in.
func lefthookElsewhere(root *document.Node) []catalog.Text {
	elsewhere := root.Get("extends").Texts()
	remotes := append(asList(root.Get("remote")), root.Get("remotes").List()...)
	for _, remote := range remotes {
		if url := remote.Get("git_url").Text(); url.Value != "" {
			elsewhere = append(elsewhere, shownText(url))
		}
	}
	return elsewhere
}

// lefthook reads one configuration.
type lefthook struct{ findings }

// commands adds the named commands and scripts of a hook.
func (l *lefthook) commands(job *catalog.Job, hook *document.Node) {
	for _, p := range pairs(hook.Get("commands")) {
		l.step(job, p.Key, p.Value)
	}
	for _, p := range pairs(hook.Get("scripts")) {
		if !p.Value.Get("skip").Bool() {
			job.Steps = append(job.Steps, catalog.Step{Name: p.Key, Uses: p.Key, At: p.Key.At})
		}
	}
}

// jobs adds the jobs of a hook, those of its groups among them.
func (l *lefthook) jobs(job *catalog.Job, hook *document.Node, depth int) {
	for i, n := range hook.Get("jobs").List() {
		name := n.First("name", "script").Text()
		if name.Value == "" {
			name = catalog.Text{Value: "job " + strconv.Itoa(i+1), At: n.At}
		}
		if group := n.Get("group"); group != nil && depth < maxCommands && !n.Get("skip").Bool() {
			l.jobs(job, group, depth+1)
			continue
		}
		l.step(job, name, n)
	}
}

// step adds a command, unless it is skipped.
func (l *lefthook) step(job *catalog.Job, name catalog.Text, n *document.Node) {
	if n.Get("skip").Bool() {
		return
	}
	step := catalog.Step{Name: name, Env: kept(n.Get("env")), At: name.At}
	if run := n.Get("run"); run != nil {
		step.Run = run.Text()
		step.Tools = l.tools(workflows.Shell{Env: step.Env}, scriptOf(run))
	} else {
		step.Uses = n.Get("script").Text()
	}
	job.Steps = append(job.Steps, step)
}
