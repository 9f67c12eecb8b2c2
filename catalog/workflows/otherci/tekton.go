package otherci

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// ReadTekton gives the workflow of a Tekton Pipeline, PipelineRun, Task, ClusterTask or TaskRun; false for every other
// document. A run says what starts it by the annotations of Pipelines-as-Code; a Pipeline or Task alone runs when
// something calls it.
// Source: Tekton documentation, "Pipelines" and "Tasks"; Pipelines-as-Code documentation, "Matching events to a
// PipelineRun".
func ReadTekton(d document.Document) (catalog.Facts, bool) {
	if group, _, _ := strings.Cut(d.APIVersion(), "/"); group != "tekton.dev" {
		return catalog.Facts{}, false
	}
	t := &tekton{}
	meta, spec := d.Root.Get("metadata"), d.Root.Get("spec")
	w := &catalog.Workflow{Format: "tekton", Name: meta.First("name", "generateName").Text(), At: d.Root.At}
	w.Triggers = tektonTriggers(meta.Get("annotations"))
	if len(w.Triggers) == 0 {
		stage := catalog.OnCall
		if d.Kind() == "PipelineRun" || d.Kind() == "TaskRun" {
			stage = catalog.Manual
		}
		w.Triggers = []catalog.Trigger{{Event: catalog.Text{Value: d.Kind(), At: d.Root.Get("kind").Place()}, Stage: stage}}
	}
	switch d.Kind() {
	case "Pipeline":
		t.tasks(w, spec)
	case "Task", "ClusterTask":
		w.Jobs = []catalog.Job{t.task(w.Name, spec)}
	case "PipelineRun":
		if inner := spec.Get("pipelineSpec"); inner != nil {
			t.tasks(w, inner)
		} else {
			t.reference(w, spec.Get("pipelineRef"))
		}
	case "TaskRun":
		if inner := spec.Get("taskSpec"); inner != nil {
			w.Jobs = []catalog.Job{t.task(w.Name, inner)}
		} else {
			t.reference(w, spec.Get("taskRef"))
		}
	default:
		return catalog.Facts{}, false
	}
	w.Elsewhere = t.elsewhere
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: t.gaps}, true
}

// tekton reads one resource.
type tekton struct {
	findings
	elsewhere []catalog.Text
}

// away notes what a resolver brings from elsewhere.
func (t *tekton) away(name catalog.Text) {
	if len(t.elsewhere) < maxItems && !slices.ContainsFunc(t.elsewhere, func(e catalog.Text) bool { return e.Value == name.Value }) {
		t.elsewhere = append(t.elsewhere, name)
	}
}

// reference makes the whole run one job that calls what it refers to.
func (t *tekton) reference(w *catalog.Workflow, ref *document.Node) {
	name, remote := referred(ref)
	if name = shownText(name); name.Value == "" {
		return
	}
	if remote {
		t.away(name)
	}
	job := catalog.Job{ID: name, Name: name, Calls: name, At: ref.At}
	if tools := placed(workflows.NamedTools(workflows.Task, name.Value), name.At); len(tools) > 0 {
		job.Steps = []catalog.Step{{Uses: name, Tools: tools, At: name.At}}
	}
	w.Jobs = []catalog.Job{job}
}

// referred gives the name of the task or pipeline that a reference leads to, and whether a resolver brings it from
// elsewhere.
func referred(ref *document.Node) (name catalog.Text, remote bool) {
	if name = ref.Get("name").Text(); name.Value != "" {
		return name, ref.Get("bundle") != nil
	}
	for _, key := range []string{"name", "pathInRepo", "url"} {
		for _, param := range ref.Get("params").List() {
			if param.Get("name").Str() == key {
				return param.Get("value").Text(), true
			}
		}
	}
	return ref.Get("resolver").Text(), true
}

// tasks adds the tasks of a pipeline, and those that run finally.
func (t *tekton) tasks(w *catalog.Workflow, spec *document.Node) {
	for _, n := range spec.Get("tasks").List() {
		w.Jobs = append(w.Jobs, t.pipelineTask(n))
	}
	ends := lastJobs(w.Jobs)
	for _, n := range spec.Get("finally").List() {
		job := t.pipelineTask(n)
		job.Needs = ends
		w.Jobs = append(w.Jobs, job)
	}
}

// lastJobs gives the jobs that no other one needs.
func lastJobs(jobs []catalog.Job) []catalog.Text {
	needed := map[string]bool{}
	for _, j := range jobs {
		for _, n := range j.Needs {
			needed[n.Value] = true
		}
	}
	var last []catalog.Text
	for _, j := range jobs {
		if !needed[j.ID.Value] {
			last = append(last, j.ID)
		}
	}
	return last
}

// results are uses of another task's results, which put the task after it.
var results = regexp.MustCompile(`\$\(tasks\.([\w-]+)\.results`)

// pipelineTask gives the job of a task of a pipeline.
func (t *tekton) pipelineTask(n *document.Node) catalog.Job {
	job := t.task(n.Get("name").Text(), n.Get("taskSpec"))
	job.At = n.At
	job.Needs = n.Get("runAfter").Texts()
	job.AllowFailure = n.Get("onError").Str() == "continue"
	needed := map[string]bool{}
	for _, need := range job.Needs {
		needed[need.Value] = true
	}
	add := func(value *document.Node) {
		for _, m := range results.FindAllStringSubmatch(value.Str(), -1) {
			if !needed[m[1]] {
				needed[m[1]] = true
				job.Needs = append(job.Needs, catalog.Text{Value: m[1], At: value.At})
			}
		}
	}
	for _, p := range n.Get("params").List() {
		for _, v := range asList(p.Get("value")) {
			add(v)
		}
	}
	for _, when := range n.Get("when").List() {
		add(when.Get("input"))
		if job.Condition.Value == "" {
			job.Condition = when.First("cel", "input").Text()
		}
	}
	if ref := n.Get("taskRef"); ref != nil {
		name, remote := referred(ref)
		step := catalog.Step{Uses: shownText(name), With: parameters(n.Get("params")), At: name.At.Or(ref.At)}
		step.Tools = placed(workflows.UsedTools(workflows.Task, taskName(name.Value), step.With), name.At)
		if len(step.Tools) == 0 && remote {
			t.away(shownText(name))
		}
		job.Calls = shownText(name)
		job.Steps = []catalog.Step{step}
	}
	return job
}

// taskName gives the name of a task that a reference states as a path or an address: ".../trivy-scanner.yaml".
func taskName(ref string) string {
	if !strings.Contains(ref, "/") {
		return ref
	}
	ref = ref[strings.LastIndexByte(ref, '/')+1:]
	return strings.TrimSuffix(strings.TrimSuffix(ref, ".yaml"), ".yml")
}

func parameters(n *document.Node) []catalog.Label {
	var labels []catalog.Label
	for _, p := range n.List() {
		v := p.Get("value")
		var texts []string
		for _, t := range v.Texts() {
			texts = append(texts, t.Value)
		}
		if name := p.Get("name").Str(); name != "" && v != nil {
			labels = append(labels, catalog.Label{Key: name, Value: shown(name, strings.Join(texts, " ")), At: v.At})
		}
	}
	return labels
}

// task gives the job of a task's specification.
func (t *tekton) task(name catalog.Text, spec *document.Node) catalog.Job {
	job := catalog.Job{ID: name, Name: name, At: name.At.Or(spec.Place())}
	template := spec.Get("stepTemplate")
	job.Env = variablesList(template.Get("env"))
	for i, n := range spec.Get("steps").List() {
		step := catalog.Step{Name: n.Get("name").Text(), Env: variablesList(n.Get("env")), At: n.At}
		if step.Name.Value == "" {
			step.Name = catalog.Text{Value: "step " + strconv.Itoa(i+1), At: n.At}
		}
		t.step(&step, n, job.Env)
		if n.Get("onError").Str() == "continue" {
			step.AllowFailure = true
			step.Tools = softened(step.Tools, "onError is continue")
		}
		job.Steps = append(job.Steps, step)
	}
	return job
}

// step fills in what a step runs: a script, the command of an image, or another step's definition.
func (t *tekton) step(step *catalog.Step, n *document.Node, env []catalog.Label) {
	image := n.Get("image")
	if s := n.Get("script"); s != nil {
		step.Run = s.Text()
		// Without a line that names the interpreter, Tekton puts "#!/bin/sh" and "set -e" before the script.
		stops := !strings.HasPrefix(s.Str(), "#!")
		step.Tools = t.tools(workflows.Shell{ErrExit: stops, Env: slices.Concat(step.Env, env)}, scriptOf(s))
		return
	}
	if ref := n.Get("ref"); ref != nil {
		name, remote := referred(ref)
		step.Uses = shownText(name)
		if remote {
			t.away(step.Uses)
		}
		return
	}
	step.Uses = shownText(image.Text())
	var words []string
	for _, w := range slices.Concat(n.Get("command").Texts(), n.Get("args").Texts()) {
		words = append(words, w.Value)
	}
	if len(words) > 0 {
		step.With = []catalog.Label{{Key: "args", Value: shown("args", strings.Join(words, " ")), At: n.First("command", "args").At}}
	}
	// What a shell is to run (`command: [sh, -c]`) is a script with places of its own.
	if len(words) > 2 && strings.HasSuffix(words[0], "sh") && strings.HasPrefix(words[1], "-") && strings.HasSuffix(words[1], "c") {
		if s := scriptNode(n, words[2]); s != nil {
			step.Run = s.Text()
			step.Tools = t.tools(workflows.Shell{ErrExit: strings.Contains(words[1], "e"), Env: slices.Concat(step.Env, env)}, scriptOf(s))
			return
		}
	}
	step.Tools = placed(workflows.ImageTools(image.Str(), words), image.Place())
}

// scriptNode gives the argument with the given text.
func scriptNode(n *document.Node, text string) *document.Node {
	for _, item := range slices.Concat(n.Get("command").List(), n.Get("args").List()) {
		if item.Str() == text {
			return item
		}
	}
	return nil
}

// variablesList gives the literal variables of a container.
func variablesList(n *document.Node) []catalog.Label {
	var labels []catalog.Label
	for _, item := range n.List() {
		if name, v := item.Get("name").Str(), item.Get("value"); name != "" && v != nil {
			labels = append(labels, catalog.Label{Key: name, Value: shown(name, v.Str()), At: v.At})
		}
	}
	return labels
}
