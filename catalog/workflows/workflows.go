// Package workflows answers what a repository's pipelines do: when GitHub Actions workflows start, with which rights,
// and which known tools they use for what. It also keeps the knowledge of tools that the readers of other formats
// share: [UsedTools], [ImageTools] and [Shell.Tools].
//
// It never runs anything, never follows `uses` to another file, and prefers to miss a tool over claiming one wrongly.
package workflows

import (
	"fmt"
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// maxScripts is how many bytes of scripts of one workflow are read. The longest workflows known have less than 100 KiB;
// YAML aliases can make much of little.
const maxScripts = 1 << 20

// Read gives the workflow that a document of a GitHub workflow file says. It reports false for documents of other files
// and for those that hold neither triggers nor jobs.
func Read(d document.Document) (catalog.Facts, bool) {
	root := d.Root
	if FormatOf(d.File) != "github" || root == nil || root.Kind != document.Map || root.Get("jobs") == nil && root.First(on...) == nil {
		return catalog.Facts{}, false
	}
	r := reader{file: d.File}
	w := &catalog.Workflow{
		Format: "github", Name: root.Get("name").Text(), Triggers: triggers(root.First(on...)),
		Permissions: permissions(root.Get("permissions")), Env: shown(root.Get("env").Labels()), At: root.Place(),
	}
	if w.Name.Value == "" {
		w.Name = catalog.Text{Value: strings.Clone(stem(path.Base(d.File))), At: catalog.Place{File: d.File}}
	}
	jobs := root.Get("jobs")
	if jobs != nil && jobs.Kind == document.Map {
		for _, p := range jobs.Pairs {
			w.Jobs = append(w.Jobs, r.job(p, root, w.Triggers))
		}
	} else {
		r.gap(jobs.Place().Or(root.Place()), catalog.BadValue, "the workflow has no map of jobs, so nothing of it runs. GitHub wants `jobs:` with a job under each key")
	}
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: r.gaps}, true
}

// on are the keys under which triggers stand: YAML 1.1 takes `on` for the boolean true, and tools that write YAML may
// have written that back.
var on = []string{"on", "true"}

// reader reads one workflow.
type reader struct {
	file    string
	scripts int // bytes of scripts read so far
	gaps    []catalog.Gap
}

func (r *reader) gap(at catalog.Place, cause catalog.Cause, detail string) {
	at = at.Or(catalog.Place{File: r.file})
	r.gaps = append(r.gaps, catalog.Gap{Kinds: []catalog.Kind{catalog.Workflows}, At: at, Cause: cause, Detail: detail})
}

// job reads one job. The tools of a called workflow stand in a step of their own, which uses and runs nothing.
func (r *reader) job(p document.Pair, root *document.Node, starts []catalog.Trigger) catalog.Job {
	n := p.Value
	j := catalog.Job{
		ID: p.Key, Name: n.Get("name").Text(), Needs: n.Get("needs").Texts(), Condition: n.Get("if").Text(),
		Environment: scalarOr(n.Get("environment"), "name"), AllowFailure: n.Get("continue-on-error").Bool(),
		Calls: n.Get("uses").Text(), InheritsSecrets: n.Get("secrets").Str() == "inherit",
		Permissions: permissions(n.Get("permissions")), Image: scalarOr(n.Get("container"), "image"),
		Env: shown(n.Get("env").Labels()), At: p.Key.At,
	}
	if narrowed, changed := narrow(starts, j.Condition.Value); changed {
		j.Triggers = narrowed
	}
	forgives := excuse(n.Get("continue-on-error"), "the job's ")
	if j.Calls.Value != "" {
		with := n.Get("with").Labels()
		if tools := placed(usedTools(Action, j.Calls.Value, with, nil), j.Calls.At); len(tools) > 0 {
			j.Steps = []catalog.Step{{Name: j.Name, With: shown(with), Tools: excused(tools, forgives), At: j.Calls.At}}
		}
		return j
	}
	env := append(n.Get("env").Labels(), root.Get("env").Labels()...)
	steps := n.Get("steps").List()
	for i, s := range steps {
		later := steps[i+1:]
		step := r.step(s, env, jobShell(n, root), judgedLater(s.Get("id").Str(), "outputs", later))
		allowed := excuse(s.Get("continue-on-error"), "")
		if allowed != "" && judgedLater(s.Get("id").Str(), "outcome", later) {
			allowed = ""
		}
		step.Tools = excused(excused(step.Tools, allowed), forgives)
		j.Steps = append(j.Steps, step)
	}
	forgetTests(&j, root.Get("name").Str(), stem(path.Base(r.file)))
	return j
}

// step reads one step. env are the variables of its job and workflow; judged says that a later step judges its outputs.
func (r *reader) step(n *document.Node, env []catalog.Label, interpreter string, judged bool) catalog.Step {
	s := catalog.Step{
		Name: n.Get("name").Text(), Uses: n.Get("uses").Text(), Run: n.Get("run").Text(), With: shown(n.Get("with").Labels()),
		Env: shown(n.Get("env").Labels()), Condition: n.Get("if").Text(), AllowFailure: n.Get("continue-on-error").Bool(), At: n.Place(),
	}
	if strings.TrimSpace(s.Condition.Value) == "false" {
		return s // never runs
	}
	env = append(n.Get("env").Labels(), env...)
	if s.Uses.Value != "" {
		s.Tools = placed(usedTools(Action, s.Uses.Value, n.Get("with").Labels(), env), s.Uses.At)
	}
	if s.Run.Value == "" {
		return s
	}
	if own := n.Get("shell").Str(); own != "" {
		interpreter = own
	}
	s.Tools = append(s.Tools, r.script(n.Get("run"), env, interpreter, judged)...)
	return s
}

// script gives the tools of a step's script, as far as the budget for scripts goes.
func (r *reader) script(run *document.Node, env []catalog.Label, interpreter string, judged bool) []catalog.Tool {
	text := run.Str()
	within := r.scripts <= maxScripts
	if r.scripts += len(text); r.scripts > maxScripts {
		if within {
			r.gap(run.Place(), catalog.TooLarge, fmt.Sprintf("the workflow's scripts are longer than %d bytes in all; this one and those after it are not read. move them to files", maxScripts))
		}
		return nil
	}
	shell, ok := shellOf(interpreter)
	var tools []catalog.Tool
	var gap *catalog.Gap
	shell.Env, shell.judged = env, judged
	if ok {
		tools, gap = shell.read(text, Places(run))
	} else {
		gap = scriptGap(text, Places(run), catalog.Unsupported, fmt.Sprintf("the script is run by %q", firstWord(interpreter)))
	}
	if gap != nil {
		r.gap(gap.At, gap.Cause, gap.Detail)
	}
	return tools
}

// Places gives the function that translates a position in a script to a place in the file, for [Shell.Tools].
func Places(n *document.Node) func(line, col int) catalog.Place {
	return func(line, col int) catalog.Place {
		p := n.Place()
		switch {
		case line <= 1 && (n.Indent > 0 || !strings.Contains(n.Str(), "\n")):
			p.Col += max(col, 1) - 1
		case line > 1 && n.Indent > 0:
			p.Line, p.Col = p.Line+line-1, n.Indent+max(col, 1)-1
		}
		return p
	}
}

// permissions reads the rights of a token in any of their forms.
func permissions(n *document.Node) catalog.Permissions {
	if n == nil {
		return catalog.Permissions{}
	}
	p := catalog.Permissions{At: n.Place()}
	switch {
	case n.Kind == document.Scalar:
		p.All = n.Text()
	case n.Kind == document.Map && len(n.Pairs) == 0:
		p.All = catalog.Text{Value: "none", At: n.Place()}
	default:
		p.Scopes = n.Labels()
	}
	return p
}

// scalarOr gives a scalar, or that under a key of a map.
func scalarOr(n *document.Node, key string) catalog.Text {
	if n != nil && n.Kind == document.Map {
		n = n.Get(key)
	}
	return n.Text()
}

// placed gives tools their place.
func placed(tools []catalog.Tool, at catalog.Place) []catalog.Tool {
	for i := range tools {
		tools[i].At = at
	}
	return tools
}
