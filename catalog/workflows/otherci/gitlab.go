package otherci

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// ReadGitLab gives the pipeline of a GitLab CI file as one workflow; false when the document holds no jobs, includes or
// rules of one.
//
// The documents of the files that it includes locally (see [LocalIncludes]) can be given too: GitLab reads all of them
// as one pipeline, and their jobs are part of the workflow then. What is included and not given is named in Elsewhere,
// apart from GitLab's own templates and components whose tools are known: each of these is a job whose one step uses
// it. A job whose rules stand in a file that was not given has a trigger without a stage and leaves a gap.
// Source: GitLab documentation, "CI/CD YAML syntax reference".
func ReadGitLab(d document.Document, included ...document.Document) (catalog.Facts, bool) {
	if !isGitLab(d.Root) {
		return catalog.Facts{}, false
	}
	g := &gitlab{globals: map[string]*document.Node{}, definitions: map[string][]*document.Node{}, resolved: map[string]settings{}, missing: map[string]bool{}}
	for _, doc := range append([]document.Document{d}, included...) {
		g.documents = append(g.documents, doc.Root)
		g.define(doc.Root)
	}
	w := &catalog.Workflow{Format: "gitlab", Name: g.globals["workflow"].Get("name").Text(), At: d.Root.At}
	if w.Name.Value == "" {
		w.Name = catalog.Text{Value: strings.TrimSuffix(path.Base(d.File), path.Ext(d.File)), At: d.Root.At}
	}
	g.variables = kept(g.globals["variables"])
	w.Env = g.variables
	g.start(w)
	g.addJobs(w)
	g.addIncludes(w, included)
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: g.gaps}, true
}

// gitlabGlobals are the keys at the top of a file that are no jobs.
var gitlabGlobals = []string{"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script", "after_script", "spec", "types"}

// isGitLab reports whether a document has what only a pipeline has.
func isGitLab(root *document.Node) bool {
	if root == nil || root.Kind != document.Map || root.Get("apiVersion") != nil {
		return false
	}
	return slices.ContainsFunc(root.Pairs, func(p document.Pair) bool {
		switch p.Key.Value {
		case "include", "stages", "workflow":
			return p.Value.Kind != document.Scalar || p.Key.Value == "include"
		}
		return !slices.Contains(gitlabGlobals, p.Key.Value) && p.Value.First("script", "trigger", "extends", "rules", "only", "run") != nil
	})
}

// LocalIncludes gives the paths of the files of the same repository that a GitLab CI file includes, as written; they
// begin at the repository's root, and "*" and "**" may stand in them.
func LocalIncludes(d document.Document) []catalog.Text {
	var paths []catalog.Text
	for _, item := range asList(d.Root.Get("include")) {
		local := item.Get("local").Text()
		if item.Kind == document.Scalar && !strings.Contains(item.Str(), "://") {
			local = item.Text()
		}
		if local.Value != "" {
			paths = append(paths, local)
		}
	}
	return paths
}

// asList gives the items of a list, or a single value as the only one.
func asList(n *document.Node) []*document.Node {
	if n == nil || n.Kind == document.List {
		return n.List()
	}
	return []*document.Node{n}
}

// gitlab reads one pipeline.
type gitlab struct {
	findings
	documents   []*document.Node
	globals     map[string]*document.Node   // values at the top that are no jobs, each of the first document that has it
	definitions map[string][]*document.Node // of jobs, hidden ones too; the first document's before those of included ones
	names       []catalog.Text              // of the jobs that run, in the order of the files
	resolved    map[string]settings
	missing     map[string]bool // names that no document defines and that a gap tells of already
	lacked      int             // how often something was missing
	variables   []catalog.Label
	starts      map[occasion]bool // what workflow:rules let start a pipeline; nil when there are none
}

func (g *gitlab) define(root *document.Node) {
	if root == nil || root.Kind != document.Map {
		return
	}
	for _, key := range gitlabGlobals {
		if n := root.Get(key); n != nil && g.globals[key] == nil {
			g.globals[key] = n
		}
	}
	for _, p := range root.Pairs {
		name := p.Key.Value
		if slices.Contains(gitlabGlobals, name) || p.Value.Kind != document.Map {
			continue
		}
		if g.definitions[name] == nil && !strings.HasPrefix(name, ".") {
			g.names = append(g.names, p.Key)
		}
		g.definitions[name] = append(g.definitions[name], p.Value)
	}
}

// start sets the occasions on which the pipeline runs.
func (g *gitlab) start(w *catalog.Workflow) {
	rules := g.globals["workflow"].Get("rules")
	if rules == nil {
		for _, o := range []occasion{branchPush, mainPush, tagPush} {
			w.Triggers = append(w.Triggers, catalog.Trigger{Event: catalog.Text{Value: o.gitlabEvent(), At: w.At}, Stage: o.stage()})
		}
		return
	}
	all := settings{keys: map[string]*document.Node{"rules": rules}, variables: g.variables}
	w.Triggers, _ = g.triggers(all, "workflow")
	items := g.items(rules, "rules", "workflow")
	g.starts = map[occasion]bool{}
	for _, o := range occasions {
		g.starts[o] = g.runOn(o, all, items).runs != workflows.No
	}
}

// addIncludes adds what stands in other files: a job for each template with a known tool, a name for everything else.
func (g *gitlab) addIncludes(w *catalog.Workflow, given []document.Document) {
	for _, root := range g.documents {
		for _, item := range asList(root.Get("include")) {
			w.Elsewhere = append(w.Elsewhere, g.include(w, item, given)...)
		}
	}
}

// include adds the job of a known template, or gives the names of what an include brings in.
func (g *gitlab) include(w *catalog.Workflow, item *document.Node, given []document.Document) []catalog.Text {
	if item.Kind == document.Scalar {
		if isGiven(item.Str(), given) || item.Str() == "" {
			return nil
		}
		return []catalog.Text{shownText(item.Text())}
	}
	if local := item.Get("local").Text(); local.Value != "" && isGiven(local.Value, given) {
		return nil
	}
	if named := item.First("template", "component").Text(); named.Value != "" {
		name := serverName.Replace(named.Value)
		with := kept(item.Get("inputs"))
		tools := placed(workflows.UsedTools(workflows.Template, name, with), named.At)
		if len(tools) == 0 {
			return []catalog.Text{named}
		}
		w.Jobs = append(w.Jobs, g.template(w, catalog.Job{ID: named, Name: named, At: item.At,
			Steps: []catalog.Step{{Name: named, Uses: named, With: with, Tools: tools, At: named.At}}}))
		return nil
	}
	if project := item.Get("project").Text(); project.Value != "" {
		var all []catalog.Text
		for _, file := range item.Get("file").Texts() {
			all = append(all, catalog.Text{Value: project.Value + ":" + file.Value, At: file.At})
		}
		return all
	}
	if other := item.First("local", "remote", "artifact").Text(); other.Value != "" {
		return []catalog.Text{shownText(other)}
	}
	return nil
}

// template gives the job of a known template with what the file changes about it: the rules of a job of the template's
// name (`secret_detection: {rules: …}`), or the variable that turns it off.
func (g *gitlab) template(w *catalog.Workflow, j catalog.Job) catalog.Job {
	base := strings.ToLower(path.Base(strings.TrimSuffix(j.ID.Value[:strings.IndexByte(j.ID.Value+"@", '@')], "/")))
	name := strings.ReplaceAll(base[:strings.IndexByte(base+".", '.')], "-", "_")
	variable := strings.ToUpper(name) + "_DISABLED"
	if off := g.globals["variables"].Get(variable); off.Str() != "" && off.Str() != "false" {
		j.Triggers = []catalog.Trigger{{Event: catalog.Text{Value: variable, At: off.At}, Stage: catalog.NoStage}}
		return j
	}
	for _, own := range w.Jobs {
		if strings.ReplaceAll(own.ID.Value, "-", "_") == name && len(own.Steps) == 0 && own.Triggers != nil {
			j.Triggers, j.Approval, j.Condition = own.Triggers, own.Approval, own.Condition
		}
	}
	return j
}

// serverName puts the name of GitLab's own server in place of the variables for it.
var serverName = strings.NewReplacer("$CI_SERVER_FQDN", "gitlab.com", "${CI_SERVER_FQDN}", "gitlab.com", "$CI_SERVER_HOST", "gitlab.com", "${CI_SERVER_HOST}", "gitlab.com")

// isGiven reports whether a local include is among the documents that were given.
func isGiven(local string, given []document.Document) bool {
	local = strings.TrimPrefix(local, "/")
	return slices.ContainsFunc(given, func(d document.Document) bool {
		return d.File == local || strings.Contains(local, "*") && workflows.Glob(local, d.File)
	})
}

// lacks leaves a gap for a definition that no given document has.
func (g *gitlab) lacks(name catalog.Text, job string) {
	if g.lacked++; g.missing[name.Value] {
		return
	}
	g.missing[name.Value] = true
	g.gap(name.At, catalog.Unreachable, fmt.Sprintf("%q takes parts of %q, which none of the files at hand defines. keep the file that defines it in this repository", job, name.Value))
}
