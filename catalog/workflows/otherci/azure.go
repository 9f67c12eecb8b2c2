package otherci

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// ReadAzure gives the pipeline of an Azure Pipelines file as one workflow; false when the document holds no stages, jobs
// or steps. A template that another file fills in is read as far as it is literal, and runs when it is called.
//
// What a file states nothing about is what Azure does by default: it runs for pushes to every branch, and for pull
// requests, as it does for repositories of GitHub and Bitbucket. Where a policy of Azure Repos decides about pull
// requests, no file shows it; `trigger: none` alone is taken to turn both off.
// Source: Azure Pipelines documentation, "YAML schema reference".
func ReadAzure(d document.Document) (catalog.Facts, bool) {
	root := d.Root
	if root.Get("apiVersion") != nil || root.First("stages", "jobs", "steps", "extends") == nil {
		return catalog.Facts{}, false
	}
	a := &azure{ids: identifiers{}}
	w := &catalog.Workflow{Format: "azure", Name: root.Get("name").Text(), Env: azureVariables(root.Get("variables")), At: root.At}
	if strings.ContainsAny(w.Name.Value, "$") || w.Name.Value == "" { // the name is that of each run
		w.Name = catalog.Text{Value: strings.TrimSuffix(path.Base(d.File), path.Ext(d.File)), At: root.At}
	}
	a.workflow = w
	w.Triggers = azureTriggers(root)
	a.resources(root.Get("resources"))
	if template := root.Get("extends", "template").Text(); template.Value != "" {
		a.elsewhere(template)
		w.Jobs = append(w.Jobs, catalog.Job{ID: template, Name: template, Calls: template, At: template.At})
		root = root.Get("extends", "parameters")
	}
	a.stages(root)
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: a.gaps}, true
}

// azure reads one pipeline.
type azure struct {
	findings
	workflow *catalog.Workflow
	ids      identifiers
}

func (a *azure) elsewhere(t catalog.Text) {
	if !slices.ContainsFunc(a.workflow.Elsewhere, func(e catalog.Text) bool { return e.Value == t.Value }) {
		a.workflow.Elsewhere = append(a.workflow.Elsewhere, t)
	}
}

// resources adds the pipelines whose end starts this one.
func (a *azure) resources(n *document.Node) {
	for _, p := range n.Get("pipelines").List() {
		if trigger := p.Get("trigger"); trigger != nil && trigger.Str() != "none" && trigger.Str() != "false" {
			a.workflow.Triggers = addTrigger(a.workflow.Triggers, catalog.Trigger{Event: catalog.Text{Value: "pipeline", At: trigger.At}, Stage: catalog.OnBuild})
		}
	}
}

// stages adds the jobs of all stages, of a pipeline without stages, or of one with steps alone.
func (a *azure) stages(root *document.Node) {
	stages := azureItems(root.Get("stages"))
	if len(stages) == 0 {
		a.jobs(root, stage{})
		return
	}
	ends := map[string][]catalog.Text{}
	waits := map[string]catalog.Text{}
	var last string
	for i, n := range stages {
		if template := n.Get("template").Text(); template.Value != "" {
			a.call(template, stage{}, n)
			continue
		}
		s := stage{name: n.First("stage", "name").Text(), condition: n.Get("condition").Text()}
		if s.name.Value == "" {
			s.name = catalog.Text{Value: "stage " + strconv.Itoa(i+1), At: n.At}
		}
		before := []string{last}
		if depends := n.Get("dependsOn"); depends != nil {
			before = nil
			for _, d := range depends.Texts() {
				before = append(before, d.Value)
			}
		}
		for _, b := range before {
			s.needs = join(s.needs, ends[b])
			if s.approval.Value == "" {
				s.approval = waits[b]
			}
		}
		if n.Get("trigger").Str() == "manual" {
			s.approval = n.Get("trigger").Text()
		}
		first := len(a.workflow.Jobs)
		waits[s.name.Value] = a.jobs(n, s)
		for _, j := range a.workflow.Jobs[first:] {
			ends[s.name.Value] = append(ends[s.name.Value], j.ID)
		}
		last = s.name.Value
	}
}

// join adds one list to another; a list that stands alone is shared.
func join(a, b []catalog.Text) []catalog.Text {
	if len(a) == 0 {
		return b
	}
	if len(a)+len(b) > maxItems {
		return a
	}
	return slices.Concat(a, b)
}

// stage is what all jobs of a stage have from it.
type stage struct {
	name      catalog.Text
	condition catalog.Text
	needs     []catalog.Text // the jobs of the stages before
	approval  catalog.Text   // of a stage before, or of its own
}

// azureItems gives the items of a list, with those in the branches of conditions and loops (`${{ if … }}:`) in place.
func azureItems(n *document.Node) []*document.Node {
	var all []*document.Node
	for _, item := range n.List() {
		if item.Kind == document.Map && len(item.Pairs) > 0 && strings.HasPrefix(item.Pairs[0].Key.Value, "${{") {
			for _, p := range item.Pairs {
				all = append(all, azureItems(p.Value)...)
			}
			continue
		}
		all = append(all, item)
	}
	return all
}

// azureVariables gives the literal variables of a pipeline: a map, or a list of names and values.
func azureVariables(n *document.Node) []catalog.Label {
	if n == nil || n.Kind == document.Map {
		return kept(n)
	}
	var labels []catalog.Label
	for _, item := range azureItems(n) {
		name, text := item.Get("name").Text(), item.Get("value").Text()
		if name.Value != "" {
			labels = append(labels, catalog.Label{Key: name.Value, Value: shown(name.Value, text.Value), At: text.At.Or(name.At)})
		}
	}
	return labels
}

// call adds a job that a template stands for.
func (a *azure) call(template catalog.Text, s stage, n *document.Node) {
	a.elsewhere(template)
	j := catalog.Job{ID: catalog.Text{Value: a.ids.unique(template.Value), At: template.At}, Name: template, Calls: template, Stage: s.name, Needs: s.needs,
		Env: kept(n.Get("parameters")), At: n.At}
	a.conditions(&j, s, catalog.Text{})
	a.workflow.Jobs = append(a.workflow.Jobs, j)
}
