package delivery

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// Candidate is a job that says that it deploys, in a way that is not known: by a script or an action of one's own, or by a
// workflow that this run does not read.
type Candidate struct {
	Job *catalog.Job
	How string // what it deploys by, in words that can stand after "by"; "" when only the job's name speaks of it
	// Sure tells that both speak of a deployment by their names: the job, and what it does it by.
	Sure bool
}

// Candidates takes a workflow of a service and gives its jobs that may deploy, in their order, without those that are seen to (see
// [Deploying]). Pages, packages, tests of a deployment and jobs that only print are none.
func (f *Follower) Candidates(svc *catalog.Service, w *catalog.Workflow) []Candidate {
	seen := Deploying(w)
	var all []Candidate
	for i := range w.Jobs {
		j := &w.Jobs[i]
		if slices.Contains(seen, j) || saysOther(j) || isElse(j) || onlyPrints(j) {
			continue
		}
		if f.isLocalCall(svc, w, j) {
			continue // its jobs are looked at by themselves
		}
		named, how := saysDeployItself(j), deploysBy(j)
		if named || how != "" && !buildWord.MatchString(j.ID.Value+" "+j.Name.Value) {
			all = append(all, Candidate{Job: j, How: how, Sure: named && how != ""})
		}
	}
	return all
}

func (f *Follower) isLocalCall(svc *catalog.Service, w *catalog.Workflow, j *catalog.Job) bool {
	if j.Calls.Value == "" {
		return false
	}
	return w.Format == "github" && f.IsLocal(svc, j.Calls.Value) || isRead(svc, j.Calls.Value)
}

// saysDeployItself reports whether a job is one that deploys by its own ID or name.
func saysDeployItself(j *catalog.Job) bool {
	return slices.ContainsFunc([]string{j.ID.Value, expressionOf.ReplaceAllString(j.Name.Value, "")}, deployWord.MatchString)
}

var (
	// elseWord finds what is deployed beside services, or put somewhere else than where they run.
	elseWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:docs?|documentation|pages|gh-pages|storybook|javadoc|package|packages|npm|pypi|maven|nuget|crates?|library|sdk|preview|previews|changelog|keys?|deploy-?(?:key|token)s?)(?:[^a-z]|$)`)
	// buildWord finds the jobs that make what is deployed later.
	buildWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:build|builds|release|releases|lint|publish|upload)(?:[^a-z]|$)`)
	// deployCommand finds the commands by which a script that deploys is called: ./bin/deploy, make deploy, python deploy.py.
	deployCommand = regexp.MustCompile(`(?im)(?:^|[;&|])\s*(?:(?:sudo|bash|sh|\.|source|python3?|node|ruby|make|just|task|rake|npm|pnpm|yarn|run|bundle|exec|poetry|uv)\s+|\w+=\S*\s+|-\S+\s+)*(?:[\w.-]*/)*(?:\w+[-_:.])*deploy(?:er|s)?(?:[-_:.][\w.:-]*)?(?:\s|$|[;&|])`)
)

// isElse reports whether a job deploys no service: by its own names, or as it is seen to publish pages or packages.
func isElse(j *catalog.Job) bool {
	if slices.ContainsFunc([]string{j.ID.Value, j.Name.Value}, elseWord.MatchString) {
		return true
	}
	images := []string{"docker", "registry", "skopeo", "helm", "jib", "kaniko"}
	return slices.ContainsFunc(j.Steps, func(s catalog.Step) bool {
		return slices.ContainsFunc(s.Tools, func(t catalog.Tool) bool {
			return t.Name == "github pages" || t.Purpose == catalog.Publishes && !slices.Contains(images, t.Name)
		})
	})
}

// deploysBy says by what a job deploys as the name of that tells, "" when nothing does. Scripts are not quoted: a credential may
// stand in them.
func deploysBy(j *catalog.Job) string {
	if speaksOfDeploy(j.Calls.Value) {
		return "\"" + j.Calls.Value + "\""
	}
	for _, s := range j.Steps {
		switch {
		case len(s.Tools) > 0: // what it does is known
		case speaksOfDeploy(s.Uses.Value):
			return "\"" + s.Uses.Value + "\""
		case deployCommand.MatchString(s.Run.Value):
			return "a script of its own"
		}
	}
	return ""
}

// speaksOfDeploy reports whether the reference to a workflow or an action is that of one which deploys by its name.
func speaksOfDeploy(reference string) bool {
	reference, _, _ = strings.Cut(reference, "@")
	name := path.Base(reference)
	return deployWord.MatchString(name) && !elseWord.MatchString(name) && !otherWord.MatchString(name)
}

// HiddenDeployment takes a service and gives the first part of its pipelines that stands where this run does not look and may
// deploy, as far as its name tells; zero when there is none.
func (f *Follower) HiddenDeployment(svc *catalog.Service) catalog.Text {
	for _, w := range svc.Workflows {
		for _, part := range w.Item.Elsewhere {
			if !isRead(svc, part.Value) && !isHousekeeping(part.Value) && !checksOnly(part.Value) {
				return part
			}
		}
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			unknown := w.Item.Format == "github" && job.Calls.Value != "" && len(job.Steps) == 0 && !f.IsLocal(svc, job.Calls.Value)
			if unknown && !isHousekeeping(job.Calls.Value) && !checksOnly(job.Calls.Value) && !saysOther(job) {
				return job.Calls
			}
		}
	}
	return catalog.Text{}
}

var checkWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:lint|linter|linting|tests?|specs?|build|docker|image|checks?|codeql|semgrep|snyk|trivy|scan|scans|scanner|static|analysis|brakeman|phpstan|scanning|security|sast|secrets?|dependency|dependencies|sonar\w*|coverage|codecov|docs?|format|validate|verify|audit|actionlint|rubocop|release|publish|package|version|tag|title|pr|pull-?request|commit|commitlint|sync|vulnerabilit(?:y|ies))(?:[^a-z]|$)`)

// checksOnly reports whether a reference is that of something which checks, builds or releases by its name, and deploys nothing.
func checksOnly(reference string) bool {
	reference, _, _ = strings.Cut(reference, "@")
	name := path.Base(reference)
	return checkWord.MatchString(name) && !deployWord.MatchString(name)
}

// quiet are the programs by which a script does nothing but say something, or wait.
var quiet = map[string]bool{"echo": true, "printf": true, ":": true, "true": true, "exit": true, "sleep": true, "set": true, "[": true, "test": true, "date": true, "cat": true}

// onlyPrints reports whether all that a job does is to print, as the place of a deployment that is still to be written does, or
// one whose environment asks for an approval.
func onlyPrints(j *catalog.Job) bool {
	prints := false
	for _, s := range j.Steps {
		switch {
		case s.Run.Value != "" && printsOnly(s.Run.Value):
			prints = true
		case s.Run.Value != "", s.Uses.Value != "" && !strings.HasPrefix(s.Uses.Value, "actions/checkout@"):
			return false
		}
	}
	return prints && j.Calls.Value == ""
}

// printsOnly reports whether a script does nothing but print.
func printsOnly(script string) bool {
	const maxBrackets = 200
	if len(script) > workflows.MaxScript || strings.Count(script, "(")+strings.Count(script, "{") > maxBrackets {
		return false
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(expressionOf.ReplaceAllString(script, otherMark)), "")
	if err != nil {
		return false
	}
	only := true
	syntax.Walk(file, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && len(call.Args) > 0 && !quiet[call.Args[0].Lit()] {
			only = false
		}
		return only
	})
	return only
}
