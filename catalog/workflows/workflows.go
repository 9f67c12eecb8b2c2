// Package workflows answers what a repository's pipelines do: when GitHub Actions workflows start, with which rights,
// and which known tools they use for what. It also keeps the knowledge of tools that the readers of other formats
// share: [UsedTools], [ImageTools] and [Shell.Read].
//
// It never runs anything, never follows `uses` to another file, and prefers to miss a tool over claiming one wrongly.
package workflows

import (
	"fmt"
	"path"
	"slices"
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
	r := reader{file: d.File, env: within(root.Get("env").Labels())}
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
	file   string
	env    []catalog.Label // of the whole workflow
	read   int             // bytes of scripts read so far
	judged int             // bytes of scripts that were asked whether they judge an earlier step
	gaps   []catalog.Gap
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
	matrix := n.Get("strategy", "matrix")
	forgives := excuseOf(n.Get("continue-on-error"), matrix, "the job's ")
	if j.Calls.Value != "" {
		with := n.Get("with").Labels()
		if tools := placed(usedTools(Action, j.Calls.Value, with, nil), j.Calls.At); len(tools) > 0 {
			j.Steps = []catalog.Step{{Name: j.Name, With: shown(with), Tools: excused(tools, forgives), At: j.Calls.At}}
		}
		return j
	}
	of := surroundings{env: slices.Clip(within(append(n.Get("env").Labels(), r.env...))), interpreter: jobShell(n, root), matrix: matrix}
	steps := n.Get("steps").List()
	judges := r.judges(steps, matrix)
	for i, s := range steps {
		judged := func(field string) bool { return judges[s.Get("id").Str()+"."+field] > i }
		of.judged = judged("outputs")
		step := r.step(s, of)
		allowed := excuseOf(s.Get("continue-on-error"), matrix, "")
		if judged("outcome") {
			allowed = excuse{}
		}
		step.Tools = excused(excused(step.Tools, allowed), forgives)
		j.Steps = append(j.Steps, step)
	}
	ForgetTests(&j, servicesOf(n.Get("services")), root.Get("name").Str(), stem(path.Base(r.file)))
	return j
}

// servicesOf gives the images that are started beside a job.
func servicesOf(n *document.Node) []string {
	var images []string
	if n != nil {
		for _, p := range n.Pairs {
			images = append(images, scalarOr(p.Value, "image").Value)
		}
	}
	return images
}

// surroundings are where a step stands.
type surroundings struct {
	env         []catalog.Label // of its job and workflow
	interpreter string          // as `shell` names it
	matrix      *document.Node  // of its job
	judged      bool            // a later step judges its outputs
}

// maxVariables is how many variables of a step are looked at, its own first: as many times as there are steps.
const maxVariables = 100

func within(variables []catalog.Label) []catalog.Label {
	return variables[:min(len(variables), maxVariables)]
}

// step reads one step.
func (r *reader) step(n *document.Node, of surroundings) catalog.Step {
	s := catalog.Step{
		Name: n.Get("name").Text(), Uses: n.Get("uses").Text(), Run: n.Get("run").Text(), With: shown(n.Get("with").Labels()),
		Env: shown(n.Get("env").Labels()), Condition: n.Get("if").Text(), AllowFailure: n.Get("continue-on-error").Bool(), At: n.Place(),
	}
	if strings.TrimSpace(s.Condition.Value) == "false" {
		return s // never runs
	}
	if own := n.Get("env").Labels(); len(own) > 0 {
		of.env = within(append(own, of.env...))
	}
	if s.Uses.Value != "" {
		s.Tools = placed(usedTools(Action, s.Uses.Value, n.Get("with").Labels(), of.env), s.Uses.At)
	}
	if s.Run.Value == "" {
		return s
	}
	if own := n.Get("shell").Str(); own != "" {
		of.interpreter = own
	}
	tools, filled := r.scripts(n.Get("run"), of)
	s.Tools, s.Filled = append(s.Tools, tools...), filled
	return s
}

// scripts gives the tools of a step's script. When it uses none that is known as it is written, it may do so with the values of
// its job's matrix in it, and is given with them.
func (r *reader) scripts(run *document.Node, of surroundings) (tools []catalog.Tool, withValues []string) {
	if tools = r.script(run.Str(), run, Places(run), of); len(tools) > 0 {
		return tools, nil
	}
	anywhere := func(int, int) catalog.Place { return run.Place() }
	gaps := len(r.gaps)
	for _, filled := range filledIn(run.Str(), of.matrix) {
		for _, tool := range r.script(filled, run, anywhere, of) {
			if !slices.Contains(tools, tool) {
				tools = append(tools, tool)
			}
		}
		if r.read <= maxScripts {
			withValues = append(withValues, filled)
		}
	}
	r.gaps = r.gaps[:min(len(r.gaps), gaps+1)] // one of them says enough
	return tools, withValues
}

// script gives the tools of a script, as far as the budget for scripts goes.
func (r *reader) script(text string, run *document.Node, at func(line, col int) catalog.Place, of surroundings) []catalog.Tool {
	within := r.read <= maxScripts
	if r.read += len(text); r.read > maxScripts {
		if within {
			r.gap(run.Place(), catalog.TooLarge, fmt.Sprintf("the workflow's scripts are longer than %d bytes in all; this one and those after it are not read. move them to files", maxScripts))
		}
		return nil
	}
	shell, ok := shellOf(of.interpreter)
	var tools []catalog.Tool
	var gap *catalog.Gap
	shell.Env, shell.judged = of.env, of.judged
	if ok {
		tools, gap = shell.Read(text, at)
	} else {
		gap = scriptGap(text, at, catalog.Unsupported, fmt.Sprintf("the script is run by %q", firstWord(of.interpreter)))
	}
	if gap != nil {
		r.gap(gap.At, gap.Cause, gap.Detail)
	}
	return tools
}

// Places gives the function that translates a position in a script to a place in the file, for [Shell.Read].
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
