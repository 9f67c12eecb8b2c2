// Package delivery follows the pipelines of services from what starts them to the tools that run in them. It answers "at
// which point in the life of a change does this happen, and can it stop the change?" and never "is that good enough?".
package delivery

import (
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// Follower follows the pipelines of one repository. It may be used by many goroutines at once.
type Follower struct {
	web string   // address of the repository, by which its own workflows are known when they are called by it
	ran sync.Map // *catalog.Workflow to []Run: see runsOf
}

// New takes the web address of a repository ("https://git.example/shop/checkout"), "" when that is not known, and gives a
// Follower of its pipelines.
func New(web string) *Follower { return &Follower{web: web} }

// Run is one use of a tool, with the earliest stage at which it happens by itself; catalog.NoStage when it does not.
type Run struct {
	Tool     catalog.Tool
	Stage    catalog.Stage
	Workflow *catalog.Workflow
	Job      *catalog.Job
}

// Runs takes a service and gives every use of a known tool in its workflows, in their order, those that never happen by
// themselves among them.
func (f *Follower) Runs(svc *catalog.Service) []Run {
	var runs []Run
	k := f.walk(svc)
	for _, w := range svc.Workflows {
		runs = append(runs, k.runsOf(w.Item)...)
	}
	return runs
}

// walk is one look at the pipelines of a service, which keeps what it finds out about whole workflows. Code hosts refuse
// workflows that call themselves; here such calls lead nowhere.
type walk struct {
	*Follower
	svc     *catalog.Service
	callers map[*catalog.Workflow][]start  // what starts the jobs that call one
	does    map[*catalog.Workflow]progress // what the jobs of one do
}

func (f *Follower) walk(svc *catalog.Service) *walk {
	return &walk{f, svc, map[*catalog.Workflow][]start{}, map[*catalog.Workflow]progress{}}
}

// runsOf gives the uses of tools in a workflow. Services of one repository share their workflows, so those of workflows
// that stand alone are worked out once.
func (k *walk) runsOf(w *catalog.Workflow) []Run {
	if !standsAlone(w) {
		return k.findRuns(w)
	}
	if runs, ok := k.ran.Load(w); ok {
		return runs.([]Run)
	}
	runs := k.findRuns(w)
	k.ran.Store(w, runs)
	return runs
}

// standsAlone reports whether a workflow neither calls others nor is called by them.
func standsAlone(w *catalog.Workflow) bool {
	return !slices.ContainsFunc(w.Triggers, func(t catalog.Trigger) bool { return t.Stage == catalog.OnCall }) &&
		!slices.ContainsFunc(w.Jobs, func(j catalog.Job) bool { return j.Calls.Value != "" })
}

func (k *walk) findRuns(w *catalog.Workflow) []Run {
	var runs []Run
	before := k.doneBefore(w)
	for i := range w.Jobs {
		job, done := &w.Jobs[i], before[i]
		starts := k.startsOf(w, job)
		for _, step := range job.Steps {
			stage := earliest(narrow(w, starts, step.Condition.Value), done)
			for _, tool := range step.Tools {
				runs = append(runs, Run{tool, stage, w, job})
			}
			done = done.with(step)
		}
	}
	return runs
}

// start is one way in which a job comes to run: an event, and what was done before when another workflow calls the job's.
type start struct {
	trigger catalog.Trigger
	done    progress
}

// startsOf gives what starts a job. One of a workflow that others call is started by what starts the calling jobs. The
// reader has narrowed the triggers of jobs by their conditions already.
func (k *walk) startsOf(w *catalog.Workflow, job *catalog.Job) []start {
	triggers := w.Triggers
	if len(job.Triggers) > 0 {
		triggers = job.Triggers
	}
	var starts []start
	for _, t := range triggers {
		if t.Stage == catalog.OnCall {
			starts = append(starts, narrow(w, k.startsOfCalls(w), job.Condition.Value)...)
		} else {
			starts = append(starts, start{trigger: t})
		}
	}
	return starts
}

// startsOfCalls gives what starts the jobs that call a workflow, each once.
func (k *walk) startsOfCalls(called *catalog.Workflow) []start {
	if starts, known := k.callers[called]; known {
		return starts
	}
	k.callers[called] = nil
	var starts []start
	for _, w := range k.svc.Workflows {
		var before []progress
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			if !k.isCall(k.svc, w.Item, job, called) {
				continue
			}
			if before == nil {
				before = k.doneBefore(w.Item)
			}
			for _, from := range k.startsOf(w.Item, job) {
				from.done = from.done.and(before[i])
				if !slices.ContainsFunc(starts, func(s start) bool { return reflect.DeepEqual(s, from) }) {
					starts = append(starts, from)
				}
			}
		}
	}
	k.callers[called] = starts
	return starts
}

// isCall reports whether a job runs another workflow of the same repository.
func (f *Follower) isCall(svc *catalog.Service, w *catalog.Workflow, job *catalog.Job, called *catalog.Workflow) bool {
	reference, _, _ := strings.Cut(job.Calls.Value, "@")
	if reference == "" || w == called || path.Base(reference) != path.Base(called.At.File) {
		return false
	}
	if w.Format != "github" {
		return strings.HasSuffix("/"+called.At.File, "/"+strings.TrimPrefix(reference, "/"))
	}
	return path.Dir(w.At.File) == path.Dir(called.At.File) && f.IsLocal(svc, reference)
}

// IsLocal takes the reference to a reusable workflow or an action of GitHub's, as written, with or without its version, and
// reports whether it leads into the service's own repository.
func (f *Follower) IsLocal(svc *catalog.Service, reference string) bool {
	if strings.HasPrefix(reference, "./") || strings.HasPrefix(reference, "$/") {
		return true
	}
	repository, file, ok := strings.Cut(reference, "/.github/workflows/")
	file, _, _ = strings.Cut(file, "@")
	switch {
	case !ok:
		return false
	case svc.Repository.Value == "" && f.web == "": // its name is not known, so that of the file has to do
		return slices.ContainsFunc(svc.Workflows, func(w catalog.Linked[catalog.Workflow]) bool {
			return strings.HasSuffix("/"+w.Item.At.File, "/.github/workflows/"+file)
		})
	}
	return strings.HasSuffix(svc.Repository.Value, "/"+repository) || strings.HasSuffix(f.web, "/"+repository)
}

// narrow gives the starts that a condition of GitHub's lets through; the readers of other formats have worked conditions
// out already.
func narrow(w *catalog.Workflow, starts []start, condition string) []start {
	if condition == "" || w.Format != "github" {
		return starts
	}
	var left []start
	for _, from := range starts {
		for _, t := range workflows.Narrow([]catalog.Trigger{from.trigger}, condition) {
			left = append(left, start{t, from.done})
		}
	}
	return left
}

// progress is what has been done with the artifact before a step.
type progress struct{ built, deployed bool }

func (p progress) and(q progress) progress {
	return progress{p.built || q.built, p.deployed || q.deployed}
}

func (p progress) with(step catalog.Step) progress {
	for _, tool := range step.Tools {
		switch tool.Purpose {
		case catalog.BuildsImage, catalog.Publishes:
			p.built = true
		case catalog.Deploys:
			p.deployed = true
		}
	}
	return p
}

// doneBefore gives for each job of a workflow what the jobs have done that must have run before it, those of workflows
// that they call among them.
func (k *walk) doneBefore(w *catalog.Workflow) []progress {
	own := make([]progress, len(w.Jobs))
	for i := range w.Jobs {
		own[i] = k.doneBy(w, &w.Jobs[i])
	}
	return fromNeeds(w, own, progress.and)
}

// doneBy gives what a job does by itself or through the workflow that it calls.
func (k *walk) doneBy(w *catalog.Workflow, job *catalog.Job) progress {
	var done progress
	for _, step := range job.Steps {
		done = done.with(step)
	}
	if job.Calls.Value == "" {
		return done
	}
	for _, called := range k.svc.Workflows {
		if k.isCall(k.svc, w, job, called.Item) {
			done = done.and(k.doneIn(called.Item))
		}
	}
	return done
}

// doneIn gives what the jobs of a workflow do.
func (k *walk) doneIn(w *catalog.Workflow) progress {
	if done, known := k.does[w]; known {
		return done
	}
	k.does[w] = progress{}
	var done progress
	for i := range w.Jobs {
		done = done.and(k.doneBy(w, &w.Jobs[i]))
	}
	k.does[w] = done
	return done
}

// fromNeeds takes what each job of a workflow has, and gives for each what it has from those that must have run before it:
// the jobs that it needs, and those that they need in turn. What join gives must settle when it is joined again.
func fromNeeds[T comparable](w *catalog.Workflow, own []T, join func(a, b T) T) []T {
	byID := map[string]int{}
	for i := range w.Jobs {
		byID[w.Jobs[i].ID.Value] = i
	}
	next := make([][]int, len(w.Jobs)) // the jobs that need one
	queue := make([]int, len(w.Jobs))
	for i := range w.Jobs {
		queue[i] = i
		for _, need := range w.Jobs[i].Needs {
			if n, ok := byID[need.Value]; ok {
				next[n] = append(next[n], i)
			}
		}
	}
	before := make([]T, len(w.Jobs))
	for ; len(queue) > 0; queue = queue[1:] {
		has := join(before[queue[0]], own[queue[0]])
		for _, i := range next[queue[0]] {
			if joined := join(before[i], has); joined != before[i] {
				before[i] = joined
				queue = append(queue, i)
			}
		}
	}
	return before
}

// earliest gives the earliest stage of the starts. What runs on the default branch after the artifact was built or
// deployed is at that stage, and no longer before it.
func earliest(starts []start, done progress) catalog.Stage {
	best := catalog.NoStage
	for _, from := range starts {
		stage, done := from.trigger.Stage, done.and(from.done)
		if stage == catalog.OnMerge || stage == catalog.OnBuild {
			switch {
			case done.deployed:
				stage = catalog.OnDeploy
			case done.built:
				stage = catalog.OnBuild
			}
		}
		if After(best, stage) {
			best = stage
		}
	}
	return best
}
