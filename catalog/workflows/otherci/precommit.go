package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// ReadPreCommit gives the hooks of a pre-commit configuration, one job each; false when the document lists no
// repositories of hooks. With a key `ci`, which only the service pre-commit.ci reads, they run for pull requests too,
// apart from those that it skips.
// Source: pre-commit.com, "Adding pre-commit plugins to your project", and pre-commit.ci.
func ReadPreCommit(d document.Document) (catalog.Facts, bool) {
	repos := d.Root.Get("repos")
	if repos == nil || repos.Kind != document.List {
		return catalog.Facts{}, false
	}
	p := &preCommit{stages: d.Root.Get("default_stages").Texts()}
	commit := catalog.Trigger{Event: catalog.Text{Value: "pre-commit", At: repos.At}, Stage: catalog.OnCommit}
	w := &catalog.Workflow{Format: "pre-commit", Name: catalog.Text{Value: "pre-commit", At: d.Root.At}, Triggers: []catalog.Trigger{commit}, At: d.Root.At}
	if ci := d.Root.Get("ci"); ci != nil {
		w.Triggers = append(w.Triggers, catalog.Trigger{Event: catalog.Text{Value: "pre-commit.ci", At: ci.At}, Stage: catalog.OnPullRequest})
		for _, id := range ci.Get("skip").Texts() {
			p.skipped = append(p.skipped, id.Value)
		}
	}
	for _, repo := range repos.Items {
		for _, hook := range repo.Get("hooks").List() {
			if job, ok := p.hook(repo, hook, w.Triggers); ok {
				w.Jobs = append(w.Jobs, job)
			}
		}
	}
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: p.gaps}, true
}

// preCommit reads one configuration.
type preCommit struct {
	findings
	stages  []catalog.Text // of hooks that state none
	skipped []string       // IDs of hooks that pre-commit.ci does not run
}

// hook gives the job of a hook.
func (p *preCommit) hook(repo, hook *document.Node, starts []catalog.Trigger) (catalog.Job, bool) {
	id := hook.Get("id").Text()
	if id.Value == "" {
		return catalog.Job{}, false
	}
	job := catalog.Job{ID: id, Name: hook.Get("name").Text(), At: hook.At}
	if job.Name.Value == "" {
		job.Name = id
	}
	stages := p.stages
	if own := hook.Get("stages"); own != nil {
		stages = own.Texts()
	}
	switch {
	case len(stages) > 0 && !slices.ContainsFunc(stages, func(t catalog.Text) bool { return t.Value != "manual" }):
		job.Triggers = []catalog.Trigger{{Event: stages[0], Stage: catalog.Manual}}
	case len(starts) > 1 && slices.Contains(p.skipped, id.Value):
		job.Triggers = starts[:1]
	}
	job.Steps = []catalog.Step{p.step(repo, hook, id)}
	return job, true
}

// step gives the one step of a hook: the hook of a repository by its ID, or the command of a local one.
func (p *preCommit) step(repo, hook *document.Node, id catalog.Text) catalog.Step {
	step := catalog.Step{Name: id, Uses: id, At: id.At}
	var args []string
	for _, arg := range hook.Get("args").Texts() {
		args = append(args, arg.Value)
	}
	if len(args) > 0 {
		step.With = []catalog.Label{{Key: "args", Value: shown("args", strings.Join(args, " ")), At: hook.Get("args").At}}
	}
	entry := hook.Get("entry")
	if entry == nil {
		if rev := repo.Get("rev").Str(); rev != "" {
			step.Uses.Value += "@" + rev
		}
		step.Tools = placed(workflows.UsedTools(workflows.Hook, id.Value, []catalog.Label{{Key: "args", Value: strings.Join(args, "\x00")}}), id.At)
		return step
	}
	command := strings.Join(append([]string{entry.Str()}, quoted(args)...), " ")
	step.Run = catalog.Text{Value: command, At: entry.At}
	if language := hook.Get("language").Str(); language == "docker_image" {
		if words := strings.Fields(entry.Str()); len(words) > 0 {
			step.Tools = placed(workflows.ImageTools(imageWord(words), append(words[1:], args...)), entry.At)
		}
		return step
	}
	step.Tools = p.tools(workflows.Shell{ErrExit: true}, script{text: command, lines: []line{{at: entry.At}}})
	if len(step.Tools) == 0 {
		step.Tools = placed(workflows.UsedTools(workflows.Hook, id.Value, []catalog.Label{{Key: "args", Value: strings.Join(args, "\x00")}}), id.At)
	}
	return step
}

// imageWord gives the image of an entry for docker: the first word that is neither a flag nor a flag's value.
func imageWord(words []string) string {
	for i, word := range words {
		if !strings.HasPrefix(word, "-") && (i == 0 || words[i-1] != "--entrypoint") {
			return word
		}
	}
	return words[0]
}

// quoted gives words as a shell takes them for one each.
func quoted(words []string) []string {
	var all []string
	for _, w := range words {
		all = append(all, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
	}
	return all
}
