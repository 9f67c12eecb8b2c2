package otherci

import (
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// block is one block of braces that is open.
type block struct {
	kind     string // the name before it: "stage", "when", "if"; "" for one without
	brackets int    // open before it in the statement that it is part of
	job      int    // index of the job that steps in it belong to, -1 for none
	soft     string // why a failure in it does not count
	post     string // "always", "failure" …: when in `post` it runs
	holds    chances
	limits   []catalog.Trigger // of the stages in it; nil for those of the pipeline
	unsure   bool              // it may be skipped, or others run beside it
	parallel bool              // the stages in it run at the same time
	before   []catalog.Text    // the jobs that the next stage in it waits for
	ends     []catalog.Text    // the jobs that end it
	branches *branches         // of the call of `parallel` that is being read
}

// closure is the kind of a block that is one of several given to a call of `parallel`: no word of a file.
const closure = "closure of parallel"

// branches are the closures that one call of `parallel` is given.
type branches struct{ before, ends []catalog.Text }

// chances are the answers of a condition for each occasion.
type chances [call + 1]workflows.Truth

var always = func() (c chances) {
	for i := range c {
		c[i] = workflows.Yes
	}
	return c
}()

func (c chances) and(d chances) chances {
	for i := range c {
		c[i] = min(c[i], d[i])
	}
	return c
}

func (c chances) or(d chances) chances {
	for i := range c {
		c[i] = max(c[i], d[i])
	}
	return c
}

func (c chances) not() chances {
	for i := range c {
		c[i] = c[i].Not()
	}
	return c
}

// open begins the block that a statement leads to.
func (j *jenkins) open(statement []token, brackets int) {
	outer := j.top()
	b := block{brackets: brackets, job: outer.job, soft: outer.soft, post: outer.post, limits: outer.limits, before: outer.before, holds: always, unsure: outer.unsure}
	name, head := headOf(statement)
	b.kind = name
	switch name {
	case "pipeline", "node":
		j.isPipeline = true
	case "stage":
		j.isPipeline = true
		b.job = j.stage(head, outer)
		b.limits = j.workflow.Jobs[b.job].Triggers
	case "parallel":
		b.parallel, b.unsure = true, true
	case "anyOf":
		b.holds = chances{}
	case "catchError", "warnError":
		if name == "warnError" || softResult(head) {
			b.soft = name + " lets the build go on"
		}
	case "if":
		b.limits = j.limited(conditionOfTokens(statement), outer.limits, statement)
		b.unsure = true
	case "input":
		j.approve(statement)
	case "always", "changed", "fixed", "regression", "aborted", "failure", "success", "unstable", "unsuccessful", "cleanup":
		if outer.kind == "post" {
			b.post = name
		}
	default:
		j.statement(statement)
	}
	if isBranch(statement) { // parallel a: { … }, b: { … }
		if name == "parallel" {
			outer.branches = &branches{before: outer.before}
		}
		if outer.branches != nil {
			b.kind, b.parallel, b.unsure, b.before = closure, false, true, outer.branches.before
		}
	}
	j.blocks = append(j.blocks, b)
}

// close ends the innermost block and gives the brackets that were open before it.
func (j *jenkins) close() int {
	if len(j.blocks) == 1 { // one brace too many
		return 0
	}
	b := *j.top()
	j.blocks = j.blocks[:len(j.blocks)-1]
	outer := j.top()
	switch b.kind {
	case "when":
		if b.job >= 0 {
			job := &j.workflow.Jobs[b.job]
			job.Triggers = j.limited(b.holds, job.Triggers, []token{{at: job.Condition.At.Or(job.At)}})
			outer.limits = job.Triggers
		}
	case "not":
		j.state(b.holds.not())
	case "allOf", "anyOf":
		j.state(b.holds)
	case "expression":
		j.state(b.holds)
	case "stage":
		ends := b.ends
		if !j.container[b.job] || len(ends) == 0 {
			ends = []catalog.Text{j.workflow.Jobs[b.job].ID}
		}
		j.ended(outer, ends)
	case closure:
		outer.branches.ends = append(outer.branches.ends, b.ends...)
		if len(outer.branches.ends) > 0 {
			j.ended(outer, outer.branches.ends)
		}
	default:
		if len(b.ends) > 0 {
			j.ended(outer, b.ends)
		}
	}
	return b.brackets
}

// ended tells the block around that stages in it have come to their end.
func (j *jenkins) ended(outer *block, ends []catalog.Text) {
	if outer.parallel {
		outer.ends = append(outer.ends, ends...)
		return
	}
	outer.before, outer.ends = ends, ends
}

// state adds a condition to the block that it stands in.
func (j *jenkins) state(c chances) {
	b := j.top()
	if b.kind == "anyOf" {
		b.holds = b.holds.or(c)
	} else {
		b.holds = b.holds.and(c)
	}
}

// stage adds the job of a stage and gives its index.
func (j *jenkins) stage(head invocation, outer *block) int {
	name := head.positional()
	if name.text == "" {
		name = token{text: "stage " + strconv.Itoa(len(j.workflow.Jobs)+1), at: head.at}
	}
	if outer.job >= 0 {
		j.container[outer.job] = true
	}
	id := catalog.Text{Value: name.text, At: name.at}
	job := catalog.Job{ID: catalog.Text{Value: j.ids.unique(id.Value), At: id.At}, Name: id, Needs: outer.before, Triggers: outer.limits, Approval: j.approval, At: head.at}
	j.workflow.Jobs = append(j.workflow.Jobs, job)
	return len(j.workflow.Jobs) - 1
}

// approve marks the stage at hand as waiting for a person, and those after it when nothing skips it.
func (j *jenkins) approve(statement []token) {
	input := catalog.Text{Value: "input", At: statement[0].at}
	for _, t := range statement {
		if t.kind == word && t.text == "input" {
			input.At = t.at
		}
	}
	job := j.job()
	job.Approval = input
	if job.Triggers == nil && !j.top().unsure {
		j.approval = input
	}
}

// limited gives those of the triggers on which a condition may hold; what it was given when that is all of them.
func (j *jenkins) limited(holds chances, limits []catalog.Trigger, statement []token) []catalog.Trigger {
	from := limits
	if from == nil {
		from = j.starts
	}
	var left []catalog.Trigger
	for _, t := range from {
		if o, known := jenkinsOccasion(t); known && holds[o] == workflows.No {
			continue
		}
		left = append(left, t)
	}
	switch {
	case len(left) == len(from):
		return limits
	case len(left) == 0:
		return []catalog.Trigger{{Event: catalog.Text{Value: "condition", At: statement[0].at}, Stage: catalog.Manual}}
	}
	return left
}

func jenkinsOccasion(t catalog.Trigger) (occasion, bool) {
	switch t.Stage {
	case catalog.OnPullRequest:
		return mergeRequest, true
	case catalog.OnMerge:
		return mainPush, true
	case catalog.OnBuild:
		return tagPush, true
	case catalog.OnSchedule:
		return clock, true
	}
	return 0, false
}

// isBranch reports whether a statement ends in a label: `linux:` or `'linux':` before a block.
func isBranch(statement []token) bool {
	return len(statement) > 1 && statement[len(statement)-1].is(":")
}

// softResult reports whether a catchError leaves the build's result as it is, or only unstable.
func softResult(head invocation) bool {
	result := strings.ToUpper(head.named("buildResult").text)
	return result == "SUCCESS" || result == "UNSTABLE" || result == "NULL"
}
