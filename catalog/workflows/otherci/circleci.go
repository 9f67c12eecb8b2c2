package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// ReadCircleCI gives each workflow of a CircleCI configuration; false when the document defines no jobs and no
// workflows. A configuration without workflows runs its job "build" for every push.
//
// Commands of the file stand for their steps. Orbs whose use no known tool stands for are named in Elsewhere.
// Source: CircleCI documentation, "Configuration reference".
func ReadCircleCI(d document.Document) (catalog.Facts, bool) {
	root := d.Root
	if root.Get("version") == nil || root.First("jobs", "workflows") == nil {
		return catalog.Facts{}, false
	}
	c := &circle{root: root, jobs: named(root.Get("jobs")), commands: named(root.Get("commands")), steps: map[string][]catalog.Step{}, orbs: map[string]catalog.Text{}}
	for _, p := range pairs(root.Get("orbs")) {
		if p.Value.Kind == document.Scalar {
			c.orbs[p.Key.Value] = p.Value.Text()
		}
	}
	var facts catalog.Facts
	for _, p := range pairs(root.Get("workflows")) {
		if p.Key.Value != "version" && p.Value.Kind == document.Map {
			facts.Workflows = append(facts.Workflows, c.workflow(p))
		}
	}
	if build := root.Get("jobs", "build"); len(facts.Workflows) == 0 && build != nil {
		c.elsewhere = nil
		w := &catalog.Workflow{Format: "circleci", Name: catalog.Text{Value: "build", At: build.At}, Triggers: circlePush(root.At), At: root.At}
		w.Jobs = []catalog.Job{c.defined("build", nil, catalog.Text{Value: "build", At: build.At})}
		w.Elsewhere = c.elsewhere
		facts.Workflows = []*catalog.Workflow{w}
	}
	facts.Gaps = c.gaps
	return facts, len(facts.Workflows) > 0
}

// circle reads one configuration.
type circle struct {
	findings
	root      *document.Node
	jobs      map[string]*document.Node // by name
	commands  map[string]*document.Node
	orbs      map[string]catalog.Text   // by the name they have in the file
	steps     map[string][]catalog.Step // of jobs ("job x") and commands ("command x")
	count     int                       // of steps so far
	elsewhere []catalog.Text            // orbs that the workflow at hand uses
}

// named gives the values of a map by their keys, the first of those that are repeated.
func named(n *document.Node) map[string]*document.Node {
	values := map[string]*document.Node{}
	for _, p := range pairs(n) {
		if values[p.Key.Value] == nil {
			values[p.Key.Value] = p.Value
		}
	}
	return values
}

func pairs(n *document.Node) []document.Pair {
	if n == nil || n.Kind != document.Map {
		return nil
	}
	return n.Pairs
}

// circlePush is what starts a workflow that states nothing: a push to any branch.
func circlePush(at catalog.Place) []catalog.Trigger {
	return []catalog.Trigger{
		{Event: catalog.Text{Value: "push", At: at}, Stage: catalog.OnPullRequest},
		{Event: catalog.Text{Value: "push", At: at}, Stage: catalog.OnMerge},
	}
}

func (c *circle) workflow(p document.Pair) *catalog.Workflow {
	c.elsewhere = nil
	w := &catalog.Workflow{Format: "circleci", Name: p.Key, Triggers: c.triggers(p), At: p.Key.At}
	waits := map[string]catalog.Text{}
	for _, item := range p.Value.Get("jobs").List() {
		name, with := item.Text(), (*document.Node)(nil)
		if item.Kind == document.Map && len(item.Pairs) > 0 {
			name, with = item.Pairs[0].Key, item.Pairs[0].Value
		}
		if name.Value != "" {
			w.Jobs = append(w.Jobs, c.job(name, with, w.Triggers, waits))
		}
	}
	narrow(w)
	approve(w, waits)
	w.Elsewhere = c.elsewhere
	return w
}

// job gives one use of a job in a workflow. waits takes up jobs that wait for a person.
func (c *circle) job(name catalog.Text, with *document.Node, starts []catalog.Trigger, waits map[string]catalog.Text) catalog.Job {
	j := c.defined(name.Value, with, name)
	if as := with.Get("name").Text(); as.Value != "" {
		j.ID, j.Name = as, as
	}
	j.Needs = requires(with.Get("requires"))
	if kind := with.Get("type").Text(); kind.Value == "approval" {
		j.Approval = kind
		waits[j.ID.Value] = kind
	}
	j.Triggers = c.filtered(with.Get("filters"), starts)
	return j
}

// requires gives the jobs that a job waits for; an entry may state the statuses it waits for.
func requires(n *document.Node) []catalog.Text {
	var needs []catalog.Text
	for _, item := range asList(n) {
		if item.Kind == document.Map && len(item.Pairs) > 0 {
			needs = append(needs, item.Pairs[0].Key)
		} else if item.Str() != "" {
			needs = append(needs, item.Text())
		}
	}
	return needs
}

// narrow takes away the triggers of a job that one of the jobs it requires does not have: a job does not run when what
// it requires is filtered out.
func narrow(w *catalog.Workflow) {
	index := map[string]int{}
	for i, j := range w.Jobs {
		index[j.ID.Value] = i
	}
	done := make([]bool, len(w.Jobs))
	var visit func(i, depth int)
	visit = func(i, depth int) {
		if done[i] || depth > maxChain {
			return
		}
		done[i] = true
		j := &w.Jobs[i]
		for _, need := range j.Needs {
			k, found := index[need.Value]
			if !found {
				continue
			}
			if visit(k, depth+1); w.Jobs[k].Triggers != nil {
				j.Triggers = common(j.Triggers, w.Triggers, w.Jobs[k].Triggers)
			}
		}
	}
	for i := range w.Jobs {
		visit(i, 0)
	}
}

// maxChain bounds the chains of jobs that are followed.
const maxChain = 1000

// common gives those of a job's triggers, or of all when it has none of its own, that another job has too.
func common(own, all, other []catalog.Trigger) []catalog.Trigger {
	if own == nil {
		own = all
	}
	var both []catalog.Trigger
	for _, t := range own {
		if slices.ContainsFunc(other, func(u catalog.Trigger) bool { return u.Stage == t.Stage && u.Event.Value == t.Event.Value }) {
			both = append(both, t)
		}
	}
	if len(both) == 0 {
		return other[:1]
	}
	return both
}

// approve marks the jobs after an approval as waiting for a person too.
func approve(w *catalog.Workflow, waits map[string]catalog.Text) {
	if len(waits) == 0 {
		return
	}
	after := map[string][]int{} // the jobs that need a job
	var todo []string
	for i, j := range w.Jobs {
		for _, need := range j.Needs {
			after[need.Value] = append(after[need.Value], i)
		}
		if waits[j.ID.Value].Value != "" {
			todo = append(todo, j.ID.Value)
		}
	}
	for len(todo) > 0 {
		first := todo[0]
		todo = todo[1:]
		for _, i := range after[first] {
			if j := &w.Jobs[i]; j.Approval.Value == "" {
				j.Approval = waits[first]
				waits[j.ID.Value] = j.Approval
				todo = append(todo, j.ID.Value)
			}
		}
		after[first] = nil
	}
	for i := range w.Jobs {
		if j := &w.Jobs[i]; j.Approval.Value != "" {
			if j.Triggers == nil {
				j.Triggers = w.Triggers
			}
			j.Triggers = waiting(j.Triggers)
		}
	}
}

// triggers gives what starts a workflow.
func (c *circle) triggers(p document.Pair) []catalog.Trigger {
	var triggers []catalog.Trigger
	for _, t := range p.Value.Get("triggers").List() {
		if schedule := t.Get("schedule"); schedule != nil {
			branches := schedule.Get("filters", "branches", "only").Texts()
			triggers = append(triggers, catalog.Trigger{Event: catalog.Text{Value: "schedule", At: schedule.At}, Stage: catalog.OnSchedule, Branches: branches})
		}
	}
	if len(triggers) > 0 {
		return triggers
	}
	when, unless := p.Value.Get("when"), p.Value.Get("unless")
	if when == nil && unless == nil {
		return circlePush(p.Key.At)
	}
	at := when.Place().Or(unless.Place())
	implied := false
	for _, o := range []occasion{branchPush, mainPush, tagPush, clock, person} {
		holds := workflows.Yes
		if when != nil {
			holds = c.logic(when, o, 0)
		}
		if unless != nil {
			holds = min(holds, c.logic(unless, o, 0).Not())
		}
		if o == tagPush && !mentions(when, "git.tag") || holds == workflows.No || !o.implied() && implied {
			continue
		}
		implied = implied || o.implied()
		triggers = addTrigger(triggers, catalog.Trigger{Event: catalog.Text{Value: o.circleEvent(), At: at}, Stage: o.stage()})
	}
	if len(triggers) == 0 {
		triggers = []catalog.Trigger{{Event: catalog.Text{Value: "when", At: at}, Stage: catalog.NoStage}}
	}
	return triggers
}

// circleEvent names an occasion.
func (o occasion) circleEvent() string {
	switch o {
	case tagPush:
		return "tag"
	case clock:
		return "schedule"
	case person:
		return "api"
	}
	return "push"
}

// mentions reports whether a text stands in a logic statement.
func mentions(n *document.Node, text string) bool {
	if n == nil {
		return false
	}
	return strings.Contains(n.Value, text) ||
		slices.ContainsFunc(n.Items, func(i *document.Node) bool { return mentions(i, text) }) ||
		slices.ContainsFunc(n.Pairs, func(p document.Pair) bool { return mentions(p.Value, text) })
}
