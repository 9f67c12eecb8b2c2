// Package delivery follows the pipelines of services from what starts them to the tools that run in them. It answers "at
// which point in the life of a change does this happen, and can it stop the change?" and never "is that good enough?".
package delivery

import (
	"iter"
	"path"
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
	for _, w := range svc.Workflows {
		runs = append(runs, f.runsOf(svc, w.Item)...)
	}
	return runs
}

// runsOf gives the uses of tools in a workflow. Services of one repository share their workflows, so those of workflows
// that stand alone are worked out once.
func (f *Follower) runsOf(svc *catalog.Service, w *catalog.Workflow) []Run {
	if !standsAlone(w) {
		return f.findRuns(svc, w)
	}
	if runs, ok := f.ran.Load(w); ok {
		return runs.([]Run)
	}
	runs := f.findRuns(svc, w)
	f.ran.Store(w, runs)
	return runs
}

// standsAlone reports whether a workflow neither calls others nor is called by them.
func standsAlone(w *catalog.Workflow) bool {
	return !slices.ContainsFunc(w.Triggers, func(t catalog.Trigger) bool { return t.Stage == catalog.OnCall }) &&
		!slices.ContainsFunc(w.Jobs, func(j catalog.Job) bool { return j.Calls.Value != "" })
}

func (f *Follower) findRuns(svc *catalog.Service, w *catalog.Workflow) []Run {
	var runs []Run
	for i := range w.Jobs {
		job := &w.Jobs[i]
		starts := f.startsOf(svc, w, job, 0)
		done := f.doneBefore(svc, w, job, 0)
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

// maxCalls bounds how deep reusable workflows are followed: GitHub itself refuses more levels.
const maxCalls = 4

// startsOf gives what starts a job. One of a workflow that others call is started by what starts the calling jobs. The
// reader has narrowed the triggers of jobs by their conditions already.
func (f *Follower) startsOf(svc *catalog.Service, w *catalog.Workflow, job *catalog.Job, depth int) []start {
	triggers := w.Triggers
	if len(job.Triggers) > 0 {
		triggers = job.Triggers
	}
	var starts []start
	for _, t := range triggers {
		if t.Stage != catalog.OnCall {
			starts = append(starts, start{trigger: t})
			continue
		}
		if depth < maxCalls {
			starts = append(starts, narrow(w, f.startsOfCalls(svc, w, depth), job.Condition.Value)...)
		}
	}
	return starts
}

// startsOfCalls gives what starts the jobs that call a workflow.
func (f *Follower) startsOfCalls(svc *catalog.Service, called *catalog.Workflow, depth int) []start {
	var starts []start
	for _, w := range svc.Workflows {
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			if !f.calls(svc, w.Item, job, called) {
				continue
			}
			before := f.doneBefore(svc, w.Item, job, 0)
			for _, from := range f.startsOf(svc, w.Item, job, depth+1) {
				starts = append(starts, start{from.trigger, from.done.and(before)})
			}
		}
	}
	return starts
}

// calls reports whether a job runs another workflow of the same repository.
func (f *Follower) calls(svc *catalog.Service, w *catalog.Workflow, job *catalog.Job, called *catalog.Workflow) bool {
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

// doneBefore gives what the jobs have done that a job needs, those of workflows that they call among them.
func (f *Follower) doneBefore(svc *catalog.Service, w *catalog.Workflow, job *catalog.Job, depth int) progress {
	var done progress
	for need := range neededBy(w, job) {
		done = done.and(f.doneBy(svc, w, need, depth))
	}
	return done
}

// doneBy gives what a job does by itself or through the workflow that it calls.
func (f *Follower) doneBy(svc *catalog.Service, w *catalog.Workflow, job *catalog.Job, depth int) progress {
	var done progress
	for _, step := range job.Steps {
		done = done.with(step)
	}
	if job.Calls.Value == "" || depth >= maxCalls {
		return done
	}
	for _, called := range svc.Workflows {
		if f.calls(svc, w, job, called.Item) {
			for i := range called.Item.Jobs {
				done = done.and(f.doneBy(svc, called.Item, &called.Item.Jobs[i], depth+1))
			}
		}
	}
	return done
}

// neededBy gives the jobs that must have run before a job, those that they need in turn among them.
func neededBy(w *catalog.Workflow, job *catalog.Job) iter.Seq[*catalog.Job] {
	return func(yield func(*catalog.Job) bool) {
		if len(job.Needs) == 0 {
			return
		}
		byID := map[string]*catalog.Job{}
		for i := range w.Jobs {
			byID[w.Jobs[i].ID.Value] = &w.Jobs[i]
		}
		queue := slices.Clone(job.Needs)
		for len(queue) > 0 {
			need := byID[queue[0].Value]
			delete(byID, queue[0].Value)
			queue = queue[1:]
			if need == nil {
				continue
			}
			if !yield(need) {
				return
			}
			queue = append(queue, need.Needs...)
		}
	}
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
