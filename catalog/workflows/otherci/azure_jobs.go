package otherci

import (
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// jobs adds the jobs of a stage, or its steps as one job. It gives what made one of them wait for a person.
func (a *azure) jobs(n *document.Node, s stage) (approval catalog.Text) {
	jobs := azureItems(n.Get("jobs"))
	if len(jobs) == 0 {
		if n.Get("steps") != nil {
			a.job(n, s, catalog.Text{Value: "job", At: n.Get("steps").At})
		}
		return s.approval
	}
	waits := map[string]catalog.Text{}
	for i, job := range jobs {
		if template := job.Get("template").Text(); template.Value != "" {
			a.call(template, s, job)
			continue
		}
		name := job.First("job", "deployment").Text()
		if name.Value == "" {
			name = catalog.Text{Value: "job " + strconv.Itoa(i+1), At: job.At}
		}
		of := s
		for _, needed := range job.Get("dependsOn").Texts() {
			of.needs = join(of.needs, []catalog.Text{{Value: a.id(s, needed.Value), At: needed.At}})
			if of.approval.Value == "" {
				of.approval = waits[needed.Value]
			}
		}
		if own := a.job(job, of, name); own.Value != "" {
			waits[name.Value] = own
			approval = own
		}
	}
	if approval.Value == "" {
		approval = s.approval
	}
	return approval
}

// id gives a job's ID, as Azure's own expressions write it: with its stage.
func (a *azure) id(s stage, name string) string {
	if s.name.Value == "" {
		return name
	}
	return s.name.Value + "." + name
}

// job adds a job and gives what makes it wait for a person.
func (a *azure) job(n *document.Node, s stage, name catalog.Text) catalog.Text {
	j := catalog.Job{
		ID: catalog.Text{Value: a.ids.unique(a.id(s, name.Value)), At: name.At}, Name: n.Get("displayName").Text(), Needs: s.needs, Stage: s.name,
		AllowFailure: n.Get("continueOnError").Bool(), Image: containerOf(n.Get("container")), Env: azureVariables(n.Get("variables")), At: n.At,
	}
	if j.Name.Value == "" {
		j.Name = name
	}
	if n.Get("deployment") != nil {
		j.Environment = azureEnvironment(n.Get("environment"))
	}
	for _, steps := range azureSteps(n) {
		for _, step := range azureItems(steps) {
			a.step(&j, step)
		}
	}
	switch continues := n.Get("continueOnError"); {
	case j.AllowFailure:
		soften(&j, "the job's continueOnError is true")
	case isExpression(continues):
		unsettle(&j, "the job's continueOnError is an expression, which only a run decides")
	}
	a.conditions(&j, s, n.Get("condition").Text())
	a.workflow.Jobs = append(a.workflow.Jobs, j)
	return j.Approval
}

// conditions sets what follows from the conditions of a job and its stage, and from approvals before it.
func (a *azure) conditions(j *catalog.Job, s stage, own catalog.Text) {
	j.Condition = own
	if own.Value == "" {
		j.Condition = s.condition
	}
	for _, condition := range []catalog.Text{s.condition, own} {
		if condition.Value != "" {
			j.Triggers = azureConditionTriggers(condition, j.Triggers, a.workflow)
		}
	}
	if j.Approval.Value == "" {
		j.Approval = s.approval
	}
	if j.Approval.Value != "" {
		if j.Triggers == nil {
			j.Triggers = a.workflow.Triggers
		}
		j.Triggers = waiting(j.Triggers)
	}
}

// isExpression reports whether a value is filled in when the pipeline is compiled or runs: `${{ … }}`, `$[ … ]`, `$( … )`.
func isExpression(n *document.Node) bool { return strings.Contains(n.Str(), "$") }

func containerOf(n *document.Node) catalog.Text {
	if n != nil && n.Kind == document.Map {
		return shownText(n.Get("image").Text())
	}
	return shownText(n.Text())
}

func azureEnvironment(n *document.Node) catalog.Text {
	if n != nil && n.Kind == document.Map {
		return n.Get("name").Text()
	}
	return n.Text()
}

// azureSteps gives the lists of steps of a job: its own, and those of the phases of a deployment's strategy.
func azureSteps(n *document.Node) []*document.Node {
	lists := []*document.Node{n.Get("steps")}
	for _, kind := range []string{"runOnce", "rolling", "canary"} {
		strategy := n.Get("strategy", kind)
		for _, phase := range []string{"preDeploy", "deploy", "routeTraffic", "postRouteTraffic"} {
			lists = append(lists, strategy.Get(phase, "steps"))
		}
		lists = append(lists, strategy.Get("on", "failure", "steps"), strategy.Get("on", "success", "steps"))
	}
	return lists
}

// scriptTasks are the tasks that run a script among their inputs, with the input's name.
var scriptTasks = map[string][]string{
	"bash": {"script"}, "cmdline": {"script"}, "shellscript": {"script"}, "azurecli": {"inlineScript"}, "powershell": {"script"},
	"awsshellscript": {"inlineScript"}, "kubectl": {"script"}, "ssh": {"inline"},
}

// step adds one step to a job.
func (a *azure) step(j *catalog.Job, n *document.Node) {
	if n.Kind != document.Map || n.Get("enabled").Str() == "false" {
		return
	}
	step := catalog.Step{Name: n.First("displayName", "name").Text(), Env: kept(n.Get("env")), Condition: n.Get("condition").Text(),
		AllowFailure: n.Get("continueOnError").Bool(), At: n.At}
	switch inline := n.First("script", "bash", "pwsh", "powershell"); {
	case inline != nil:
		step.Run = inline.Text()
		step.Tools = a.scriptTools(inline, step.Env)
	case n.Get("task") != nil:
		a.task(j, &step, n)
	case n.Get("template") != nil:
		step.Uses = n.Get("template").Text()
		step.With = kept(n.Get("parameters"))
		a.elsewhere(step.Uses)
	case n.Get("checkout") != nil:
		step.Uses = catalog.Text{Value: "checkout", At: n.Get("checkout").At}
	default:
		return
	}
	switch continues := n.Get("continueOnError"); {
	case step.AllowFailure:
		step.Tools = softened(step.Tools, "continueOnError is true")
	case isExpression(continues):
		step.Tools = unsettled(step.Tools, "continueOnError is an expression, which only a run decides")
	}
	j.Steps = append(j.Steps, step)
}

// task reads a step that runs a task.
func (a *azure) task(j *catalog.Job, step *catalog.Step, n *document.Node) {
	inputs := n.Get("inputs")
	step.Uses = n.Get("task").Text()
	step.With = kept(inputs)
	name, _, _ := strings.Cut(strings.ToLower(step.Uses.Value), "@")
	step.Tools = placed(workflows.UsedTools(workflows.Task, step.Uses.Value, inputs.Labels()), step.Uses.At)
	for _, key := range scriptTasks[name] {
		if s := inputs.Get(key); s != nil {
			step.Run = s.Text()
			step.With = slices.DeleteFunc(step.With, func(l catalog.Label) bool { return l.Key == key })
			step.Tools = append(step.Tools, a.scriptTools(s, step.Env)...)
		}
	}
	if name == "manualvalidation" || name == "manualintervention" {
		j.Approval = step.Uses
	}
}

// scriptTools gives the tools of a script. Azure runs scripts without `set -e`: of several commands, the last one
// decides. Source: azure-pipelines-tasks, Tasks/BashV3 and Tasks/CmdLineV2.
func (a *azure) scriptTools(n *document.Node, env []catalog.Label) []catalog.Tool {
	return a.tools(workflows.Shell{Env: slices.Concat(env, a.workflow.Env)}, scriptOf(n))
}
