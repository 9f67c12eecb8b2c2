package otherci

import (
	"slices"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// held gives the occasions on which a condition holds or may hold.
func held(condition func(o occasion) workflows.Truth) (certain, possible []occasion) {
	for _, o := range occasions {
		switch condition(o) {
		case workflows.Yes:
			certain = append(certain, o)
		case workflows.Maybe:
			possible = append(possible, o)
		}
	}
	return certain, possible
}

func TestGitLabConditions(t *testing.T) {
	set := []catalog.Label{{Key: "ON", Value: "true"}, {Key: "COMPUTED", Value: "$OTHER"}}
	for condition, want := range map[string][2][]occasion{
		`$CI_PIPELINE_SOURCE == "merge_request_event"`:                  {{mergeRequest}, nil},
		`$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH`:                       {{mainPush, clock, person, call}, nil},
		`$CI_COMMIT_BRANCH == "master" && $CI_PIPELINE_SOURCE=='push'`:  {{mainPush}, nil},
		`$CI_COMMIT_BRANCH == "develop" && $CI_PIPELINE_SOURCE=='push'`: {nil, []occasion{mainPush}},
		`$CI_COMMIT_BRANCH != "main" && $CI_PIPELINE_SOURCE == "push"`:  {{branchPush, tagPush}, nil},
		`$CI_COMMIT_TAG =~ /^v?\d+/`:                                    {{tagPush}, nil},
		`$CI_COMMIT_TAG =~ /^api-v/i`:                                   {nil, []occasion{tagPush}},
		`$CI_COMMIT_TAG`:                                                {{tagPush}, nil},
		`$CI_COMMIT_TAG == null && ($CI_COMMIT_BRANCH =~ /^feature\//)`: {nil, []occasion{branchPush}},
		`$CI_PIPELINE_SOURCE == "schedule" && $ON == "true"`:            {{clock}, nil},
		`$ON == "false" && $CI_COMMIT_TAG`:                              {nil, nil},
		`$CI_MERGE_REQUEST_IID && $TOKEN`:                               {nil, []occasion{mergeRequest}},
		`$NIGHTLY`:                                                      {nil, []occasion{clock, person, call}},
		`$CI_COMMIT_TAG && $COMPUTED`:                                   {nil, []occasion{tagPush}},
		`$CI_COMMIT_TAG &&`:                                             {nil, occasions},
		`nonsense`:                                                      {nil, occasions},
	} {
		certain, possible := held(func(o occasion) workflows.Truth { return evaluate(condition, variablesOf(o, condition, set)) })
		if !slices.Equal(certain, want[0]) || !slices.Equal(possible, want[1]) {
			t.Errorf("%s: holds on %v and perhaps on %v, want %v", condition, certain, possible, want)
		}
	}
}

func TestAzureConditions(t *testing.T) {
	set := []catalog.Label{{Key: "isMain", Value: "$[eq(variables['Build.SourceBranch'], 'refs/heads/main')]"}, {Key: "on", Value: "true"}}
	for condition, want := range map[string][2][]occasion{
		`eq(variables['Build.Reason'], 'PullRequest')`:                             {{mergeRequest}, nil},
		`and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))`:           {{branchPush, mainPush, tagPush, clock, person, call}, nil},
		`eq(variables.isMain, true)`:                                               {{mainPush, clock, person, call}, nil},
		`startsWith(variables['Build.SourceBranch'], 'refs/tags/')`:                {{tagPush}, nil},
		`and(eq(variables.on, 'true'), in(variables['Build.Reason'], 'Schedule'))`: {{clock}, nil},
		`not(always())`: {nil, nil},
		`false`:         {nil, nil},
		`eq(dependencies.a.outputs['b.c'], 'true')`:   {nil, occasions},
		`eq(stageDependencies.a.b.outputs['c'], 'x')`: {nil, occasions},
		`eq('`: {nil, occasions},
	} {
		certain, possible := held(func(o occasion) workflows.Truth { return azureCondition(condition, o, set) })
		if !slices.Equal(certain, want[0]) || !slices.Equal(possible, want[1]) {
			t.Errorf("%s: holds on %v and perhaps on %v, want %v", condition, certain, possible, want)
		}
	}
}

func documentOf(t *testing.T, file, text string) document.Document {
	t.Helper()
	docs, gaps := document.ParseYAML(file, []byte(text))
	if len(docs) != 1 || len(gaps) > 0 {
		t.Fatalf("%s: %d documents, gaps %v", file, len(docs), gaps)
	}
	return docs[0]
}

// TestIncludedFiles reads a pipeline with the files that it includes as one, and says what is missing without them.
func TestIncludedFiles(t *testing.T) {
	root := documentOf(t, ".gitlab-ci.yml", "include: [{local: /ci/rules.yml}, ci/jobs.yml]\nscan: {extends: .on-tag, script: [gitleaks detect]}")
	rules := documentOf(t, "ci/rules.yml", ".on-tag: {rules: [{if: $CI_COMMIT_TAG}]}")
	jobs := documentOf(t, "ci/jobs.yml", "test: {script: [go test ./...]}")
	if got := values(LocalIncludes(root)); !slices.Equal(got, []string{"/ci/rules.yml", "ci/jobs.yml"}) {
		t.Errorf("local includes: got %q", got)
	}
	facts, _ := ReadGitLab(root, rules, jobs)
	w := facts.Workflows[0]
	if len(facts.Gaps) > 0 || len(w.Elsewhere) > 0 || len(w.Jobs) != 2 {
		t.Fatalf("got gaps %v, elsewhere %v, %d jobs", facts.Gaps, w.Elsewhere, len(w.Jobs))
	}
	if w.Jobs[0].Triggers[0].Stage != catalog.OnBuild || w.Jobs[1].At.File != "ci/jobs.yml" {
		t.Errorf("got %+v", w.Jobs)
	}
	facts, _ = ReadGitLab(root)
	if w := facts.Workflows[0]; len(facts.Gaps) != 1 || facts.Gaps[0].Cause != catalog.Unreachable || len(w.Elsewhere) != 2 || w.Jobs[0].Triggers[0].Stage != "" {
		t.Errorf("alone: got gaps %v, elsewhere %v, jobs %+v", facts.Gaps, w.Elsewhere, w.Jobs)
	}
}

// TestResolve gives called pipelines the triggers of their callers, over several calls and in their own folder only.
func TestResolve(t *testing.T) {
	files := [][2]string{
		{"a/.tekton/run.yaml", "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r, annotations: {pipelinesascode.tekton.dev/on-event: \"[pull_request]\"}}\nspec: {pipelineRef: {name: p}}"},
		{"a/.tekton/sub/p.yaml", "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: x, taskRef: {name: t}}]}"},
		{"a/.tekton/t.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{image: x, script: gitleaks detect}]}"},
		{"b/.tekton/t.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{image: x, script: gitleaks detect}]}"},
		{"azure-pipelines.yml", "trigger: [main]\npr: none\njobs: [{template: ci/azure-pipelines-jobs.yml}]"},
		{"ci/azure-pipelines-jobs.yml", "parameters: []\njobs: [{job: a, steps: [{template: /ci/azure-pipelines-steps.yml@self}]}]"},
		{"ci/azure-pipelines-steps.yml", "parameters: []\nsteps: [{script: go test}]"},
	}
	want := []string{"pull_request -> pull request", "Pipeline -> call, pull_request -> pull request", "Task -> call, pull_request -> pull request", "Task -> call",
		"trigger -> merge main", "template -> call, trigger -> merge main", "template -> call, trigger -> merge main"}
	for range 2 { // a second run changes nothing
		var all []*catalog.Workflow
		for _, f := range files {
			facts, _ := Read(documentOf(t, f[0], f[1]))
			all = append(all, facts.Workflows...)
		}
		Resolve(all)
		Resolve(all)
		for i, w := range all {
			if got := list("", triggerWords(w.Triggers)); got != " =["+want[i]+"]" {
				t.Errorf("%s: got %s, want %s", files[i][0], got, want[i])
			}
		}
	}
}

// TestGlobalsOfIncludedFiles hold where the pipeline's own file says nothing; of two files the first one decides.
func TestGlobalsOfIncludedFiles(t *testing.T) {
	parse := func(file, text string) document.Document {
		docs, gaps := document.ParseYAML(file, []byte(text))
		if len(docs) != 1 || len(gaps) > 0 {
			t.Fatalf("%s: got %d documents and the gaps %v", file, len(docs), gaps)
		}
		return docs[0]
	}
	own := parse(".gitlab-ci.yml", "a: {script: [make]}\nb: {script: [make], image: own}\n")
	one, two := parse("ci/one.yml", "image: one\n"), parse("ci/two.yml", "image: two\ndefault: {image: default}\n")
	for _, c := range []struct {
		included []document.Document
		want     string
	}{{nil, ""}, {[]document.Document{one}, "one"}, {[]document.Document{two}, "default"}, {[]document.Document{one, two}, "default"}} {
		facts, _ := ReadGitLab(own, c.included...)
		if jobs := facts.Workflows[0].Jobs; jobs[0].Image.Value != c.want || jobs[1].Image.Value != "own" {
			t.Errorf("with %d files: got the images %q and %q, want %q", len(c.included), jobs[0].Image.Value, jobs[1].Image.Value, c.want)
		}
	}
}
