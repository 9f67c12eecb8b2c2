package otherci

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// settings are the keys of a job with those that it extends.
type settings struct {
	keys      map[string]*document.Node
	variables []catalog.Label
	lacking   catalog.Text // a definition that the job extends and that is not at hand
}

func (s settings) get(key string) *document.Node { return s.keys[key] }

// gitlabKeys are the keys of a job that are read.
var gitlabKeys = []string{"stage", "image", "services", "script", "run", "before_script", "after_script", "rules", "only", "except", "when", "allow_failure", "needs", "environment", "trigger", "inherit"}

// Limits of what a job takes from others. GitLab itself refuses more than eleven levels.
const (
	maxExtends   = 15
	maxParents   = 50
	maxVariables = 100
	maxItems     = 2000 // of a list once references are followed
)

// job gives the settings of a job: its own, then those that it extends, the last of them first.
func (g *gitlab) job(name string, depth int) settings {
	if s, ok := g.resolved[name]; ok {
		return s
	}
	s := settings{keys: map[string]*document.Node{}}
	g.resolved[name] = s // a job that extends itself
	for _, definition := range g.definitions[name] {
		s.inherit(settings{keys: keysOf(definition), variables: kept(definition.Get("variables"))})
		parents := definition.Get("extends").Texts()
		for i, parent := range slices.Backward(parents) {
			if len(parents)-i > maxParents || depth > maxExtends {
				break
			}
			if g.definitions[parent.Value] == nil {
				g.lacks(parent, name)
				s.lacking = parent
				continue
			}
			s.inherit(g.job(parent.Value, depth+1))
		}
	}
	g.resolved[name] = s
	return s
}

func keysOf(definition *document.Node) map[string]*document.Node {
	keys := map[string]*document.Node{}
	for _, p := range definition.Pairs {
		if slices.Contains(gitlabKeys, p.Key.Value) {
			keys[p.Key.Value] = p.Value
		}
	}
	return keys
}

// inherit takes over what is not set yet.
func (s *settings) inherit(from settings) {
	for key, n := range from.keys {
		if s.keys[key] == nil {
			s.keys[key] = n
		}
	}
	for _, l := range from.variables {
		if _, found := catalog.FindLabel(s.variables, l.Key); !found && len(s.variables) < maxVariables {
			s.variables = append(s.variables, l)
		}
	}
	if s.lacking.Value == "" {
		s.lacking = from.lacking
	}
}

// addJobs adds the jobs that are not hidden.
func (g *gitlab) addJobs(w *catalog.Workflow) {
	for _, name := range g.names {
		s := g.job(name.Value, 0)
		j := catalog.Job{
			ID: name, Name: name, At: name.At,
			Stage:       s.get("stage").Text(),
			Condition:   conditionOf(s),
			Needs:       needsOf(s.get("needs")),
			Environment: environmentOf(s.get("environment")),
			Calls:       callsOf(s.get("trigger")),
			Image:       shownText(imageOf(s.get("image"), g.inherited(s, "image"))),
			Env:         s.variables,
		}
		var o outcome
		j.Triggers, o = g.triggers(s, name.Value)
		j.Approval, j.AllowFailure = o.approval, o.softens
		g.addSteps(&j, s)
		if j.AllowFailure {
			soften(&j, "the job's allow_failure is true")
		}
		workflows.ForgetTests(&j, servicesOf(s.get("services"), g.inherited(s, "services")), w.Name.Value)
		g.undecided(j)
		w.Jobs = append(w.Jobs, j)
	}
	g.orderByStage(w.Jobs)
}

// undecided leaves a gap for a job with tools of which nothing tells when they run, unless there is one already.
func (g *gitlab) undecided(j catalog.Job) {
	uses := slices.ContainsFunc(j.Steps, func(s catalog.Step) bool { return len(s.Tools) > 0 })
	if !uses || len(j.Triggers) != 1 || j.Triggers[0].Stage != "" || len(g.missing) > 0 {
		return
	}
	g.gap(j.Triggers[0].Event.At, catalog.Unreachable, fmt.Sprintf("job %q runs when %q says so, which the file does not set. name the pipeline sources in its rules ($CI_PIPELINE_SOURCE)",
		j.ID.Value, j.Triggers[0].Event.Value))
}

// inherited gives what the pipeline sets for all jobs, unless the job turns that off.
func (g *gitlab) inherited(s settings, key string) *document.Node {
	if off := s.get("inherit").Get("default"); off != nil && off.Str() == "false" {
		return nil
	}
	if n := g.globals["default"].Get(key); n != nil {
		return n
	}
	return g.globals[key]
}

// gitlabShell is how a runner runs scripts. Source: gitlab-runner, shells/bash.go.
func gitlabShell(env []catalog.Label) workflows.Shell {
	return workflows.Shell{ErrExit: true, PipeFail: true, Env: env}
}

// addSteps adds one step for each of a job's scripts.
func (g *gitlab) addSteps(j *catalog.Job, s settings) {
	if s.get("script") == nil { // it only starts a pipeline, or changes the rules of a template's job
		return
	}
	env := slices.Concat(s.variables, g.variables)
	image := imageOf(s.get("image"), g.inherited(s, "image")).Value
	for _, key := range []string{"before_script", "script", "after_script"} {
		n := s.get(key)
		if n == nil {
			n = g.inherited(s, key)
		}
		step := catalog.Step{Name: catalog.Text{Value: key, At: n.Place()}, At: n.Place()}
		var text []string
		for _, item := range g.items(n, key, j.ID.Value) {
			if item.Kind != document.Scalar || item.Str() == "" {
				continue
			}
			if g.work > maxWork {
				break
			}
			sc := scriptOf(item)
			text = append(text, sc.text)
			step.Tools = append(step.Tools, g.tools(gitlabShell(env), sc)...)
		}
		if len(text) == 0 {
			continue
		}
		step.Run = catalog.Text{Value: strings.Join(text, "\n"), At: n.At}
		if key == "after_script" {
			step.AllowFailure = true
			step.Tools = softened(step.Tools, "after_script never fails the job")
		}
		if key == "script" && len(step.Tools) == 0 && image != "" {
			step.Tools = placed(workflows.ImageTools(image, strings.Fields(text[len(text)-1])), n.At)
		}
		j.Steps = append(j.Steps, step)
	}
}

// items gives the values of a list with nested lists taken apart and references (`!reference [job, key]`) followed.
func (g *gitlab) items(n *document.Node, key, job string) []*document.Node {
	var all []*document.Node
	var walk func(n *document.Node, depth int)
	walk = func(n *document.Node, depth int) {
		if n == nil || depth > maxExtends || len(all) > maxItems {
			return
		}
		if n.Kind != document.List {
			all = append(all, n)
			return
		}
		if from, path, ok := g.reference(n); ok {
			if g.definitions[from.Value] == nil {
				g.lacks(from, job)
				return
			}
			target := g.job(from.Value, 0).get(path[0])
			if target == nil { // a key of the job's own that no keyword reads: `.setup: {commands: […]}`
				target = g.definitions[from.Value][0].Get(path...)
			}
			walk(target, depth+1)
			return
		}
		for _, item := range n.Items {
			walk(item, depth+1)
		}
	}
	walk(n, 0)
	return all
}

// reference takes a list for a reference when its first item is the name of a job, a hidden one most of all, and
// nothing but keys follow: the tag that says so is not part of the tree.
func (g *gitlab) reference(n *document.Node) (from catalog.Text, path []string, ok bool) {
	texts := n.Texts()
	if len(texts) < 2 || len(texts) > 5 || len(texts) != len(n.Items) {
		return from, nil, false
	}
	for _, t := range texts[1:] {
		if strings.ContainsAny(t.Value, " \n$") {
			return from, nil, false
		}
		path = append(path, t.Value)
	}
	name := texts[0].Value
	known := g.definitions[name] != nil && !strings.Contains(name, " ")
	hidden := len(name) > 1 && name[0] == '.' && !strings.ContainsAny(name, " /\n")
	return texts[0], path, known || hidden
}

// orderByStage adds the order of stages to jobs that state no needs: they wait for all jobs of the stage before.
func (g *gitlab) orderByStage(jobs []catalog.Job) {
	inStage := map[string][]catalog.Text{}
	for i := range jobs {
		stage := stageOf(jobs[i])
		inStage[stage] = append(inStage[stage], jobs[i].ID)
	}
	before := map[string][]catalog.Text{}
	var last []catalog.Text
	for _, stage := range g.stages() {
		before[stage] = last // shared by all jobs of the stage
		if len(inStage[stage]) > 0 {
			last = inStage[stage]
		}
	}
	for i := range jobs {
		if g.job(jobs[i].ID.Value, 0).get("needs") == nil {
			jobs[i].Needs = before[stageOf(jobs[i])]
		}
	}
}

func stageOf(j catalog.Job) string {
	if j.Stage.Value == "" {
		return "test"
	}
	return j.Stage.Value
}

// stages gives the stages in order, with those that every pipeline has.
func (g *gitlab) stages() []string {
	stages := []string{".pre"}
	stated := g.globals["stages"].Texts()
	for _, t := range stated {
		stages = append(stages, t.Value)
	}
	if len(stated) == 0 {
		stages = append(stages, "build", "test", "deploy")
	}
	return append(stages, ".post")
}

// needsOf gives the jobs of this pipeline that a job waits for.
func needsOf(n *document.Node) []catalog.Text {
	var needs []catalog.Text
	for _, item := range asList(n) {
		need := item.Get("job").Text()
		if item.Kind == document.Scalar {
			need = item.Text()
		}
		need.Value, _, _ = strings.Cut(need.Value, ": [") // one of the jobs of a matrix
		if need.Value != "" && item.First("pipeline", "project") == nil {
			needs = append(needs, need)
		}
	}
	return needs
}

// environmentOf gives the environment that a job deploys to; stopping or checking one deploys nothing.
func environmentOf(n *document.Node) catalog.Text {
	if n == nil || n.Kind == document.Scalar {
		return n.Text()
	}
	if action := n.Get("action").Str(); action != "" && action != "start" {
		return catalog.Text{}
	}
	return n.Get("name").Text()
}

// callsOf gives the pipeline that a job starts: a file of this repository, or another project.
func callsOf(n *document.Node) catalog.Text {
	if n == nil || n.Kind == document.Scalar {
		return n.Text()
	}
	if project := n.Get("project").Text(); project.Value != "" {
		return project
	}
	for _, item := range asList(n.Get("include")) {
		if item.Kind == document.Scalar {
			return item.Text()
		}
		if file := item.First("local", "file", "template", "artifact", "component").Text(); file.Value != "" {
			return file
		}
	}
	return catalog.Text{}
}

// servicesOf gives the images that are started beside a job, by the first of the lists that is there.
func servicesOf(lists ...*document.Node) []string {
	var images []string
	for _, n := range lists {
		for _, service := range n.List() {
			images = append(images, imageOf(service).Value)
		}
		if n != nil {
			break
		}
	}
	return images
}

func imageOf(nodes ...*document.Node) catalog.Text {
	for _, n := range nodes {
		if n == nil {
			continue
		}
		if n.Kind == document.Map {
			n = n.Get("name")
		}
		return n.Text()
	}
	return catalog.Text{}
}
