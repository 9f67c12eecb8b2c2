package workflows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// read gives the one workflow of a text.
func read(t *testing.T, text string) (*catalog.Workflow, []catalog.Gap) {
	t.Helper()
	docs, gaps := document.ParseYAML(".github/workflows/ci.yml", []byte(text))
	if len(docs) != 1 || gaps != nil {
		t.Fatalf("got %d documents and gaps %v", len(docs), gaps)
	}
	facts, ok := Read(docs[0])
	if !ok || len(facts.Workflows) != 1 {
		t.Fatalf("no workflow: %+v", facts)
	}
	return facts.Workflows[0], facts.Gaps
}

// values gives the values of texts, with a place check: what stands there must be the text.
func values(texts []catalog.Text) string {
	var all []string
	for _, text := range texts {
		all = append(all, text.Value)
	}
	return strings.Join(all, " ")
}

// TestStages reads every form of a trigger.
func TestStages(t *testing.T) {
	for on, want := range map[string]string{
		"push":                       "push: pull request",
		"[push, pull_request]":       "push: pull request; pull_request: pull request",
		"{push: }":                   "push: pull request",
		"{push: {branches: [main]}}": "push: merge",
		"{push: {branches: [master, 'release/**', v1.x, '[0-9]+.x']}}": "push: merge",
		"{push: {branches: [$default-branch]}}":                        "push: merge",
		"{push: {branches: [main, 'feature/**']}}":                     "push: pull request",
		"{push: {branches: ['**']}}":                                   "push: pull request",
		"{push: {branches: ['**', '!main']}}":                          "push: pull request",
		"{push: {branches-ignore: [main]}}":                            "push: pull request",
		"{push: {tags: ['v*']}}":                                       "push: build",
		"{push: {tags: ['v*'], paths: [src]}}":                         "push: build",
		"{push: {branches-ignore: ['**'], tags: ['v*']}}":              "push: build",
		"{push: {branches: main, tags: 'v*'}}":                         "push: merge; push: build",
		"{push: {paths: [src/**], paths-ignore: [docs]}}":              "push: pull request",
		"{pull_request: {branches: [main], types: [opened, closed]}}":  "pull_request: pull request",
		"{pull_request: {types: [closed]}}":                            "pull_request: merge",
		"pull_request_target":                                          "pull_request_target: pull request",
		"merge_group":                                                  "merge_group: pull request",
		"{schedule: [{cron: '0 3 * * 1'}]}":                            "schedule: schedule",
		"{release: {types: [published]}}":                              "release: build",
		"{push: {branches: [main, rc, hotfix-rc]}}":                    "push: merge",
		"[deployment, deployment_status]":                              "deployment: deploy; deployment_status: deploy",
		"{workflow_run: {workflows: [Deploy to production]}}":          "workflow_run: deploy",
		"{workflow_run: {workflows: [CI], types: [completed]}}":        "workflow_run: merge",
		"{workflow_call: {inputs: {x: {type: string}}}}":               "workflow_call: call",
		"[workflow_dispatch, repository_dispatch]":                     "workflow_dispatch: manual; repository_dispatch: manual",
		"{issues: {types: [opened]}}":                                  "issues: never",
		"something_new":                                                "something_new: never",
	} {
		w, _ := read(t, "on: "+on+"\njobs: {a: {steps: []}}\n")
		var got []string
		for _, trigger := range w.Triggers {
			got = append(got, trigger.Event.Value+": "+string(trigger.Stage))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("on: %s\n\tgot  %s\n\twant %s", on, s, want)
		}
	}
}

const full = `name: CI
on:
  push:
    branches: [main]
    tags: ['v*']
    paths: [src/**]
  pull_request:
    branches-ignore: [wip]
    paths-ignore: ['docs/**']
    types: [opened, synchronize]
permissions: read-all
env:
  LEVEL: high
  API_TOKEN: abcdef0123456789
  FROM_STORE: ${{ secrets.STORE }}
defaults: {run: {shell: bash}}
jobs:
  test:
    name: Tests
    permissions: {}
    runs-on: ubuntu-latest
    container: golang:1.26
    continue-on-error: false
    steps:
      - uses: actions/checkout@v4
        with: {persist-credentials: false, token: "ghp_0123456789abcdefghij0123456789abcdefgh"}
      - name: Scan
        id: scan
        if: github.actor != 'bot'
        run: |
          echo one
          gitleaks detect | tee log
      - run: trivy image --exit-code 1 app
        continue-on-error: true
      - run: semgrep ci
        continue-on-error: ${{ matrix.soft }}
      - run: govulncheck ./...
        if: false
      - run: Invoke-Thing | gitleaks
        shell: pwsh
  deploy:
    needs: [test]
    if: github.ref == 'refs/heads/main'
    environment: {name: production, url: 'https://x'}
    permissions: {contents: read, id-token: write}
    container: {image: alpine}
    env: {PASSWORD: hunter2hunter2}
    steps:
      - run: helm upgrade --install app ./chart
  call:
    needs: deploy
    uses: ./.github/workflows/reuse.yml
    secrets: inherit
  provenance:
    continue-on-error: true
    uses: slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0
`

// TestRead reads a workflow that has some of everything.
func TestRead(t *testing.T) {
	w, gaps := read(t, full)
	if w.Name.Value != "CI" || w.Format != "github" || w.Permissions.All.Value != "read-all" || len(w.Jobs) != 4 || len(w.Triggers) != 3 {
		t.Fatalf("got %+v", w)
	}
	pull := w.Triggers[2]
	if got := values(slices.Concat(pull.IgnoredBranches, pull.IgnoredPaths, pull.Types)); got != "wip docs/** opened synchronize" {
		t.Errorf("filters of pull_request: %s", got)
	}
	if tags := w.Triggers[1]; values(tags.Tags) != "v*" || tags.Paths != nil || tags.Branches != nil {
		t.Errorf("a push of tags is filtered by nothing else: %+v", tags)
	}
	job, deploy, call, provenance := w.Jobs[0], w.Jobs[1], w.Jobs[2], w.Jobs[3]
	if job.Permissions.All.Value != "none" || job.Image.Value != "golang:1.26" || job.Name.Value != "Tests" || job.AllowFailure || job.Triggers != nil {
		t.Errorf("test: %+v", job)
	}
	if deploy.Environment.Value != "production" || deploy.Image.Value != "alpine" || values(deploy.Needs) != "test" || len(deploy.Permissions.Scopes) != 2 {
		t.Errorf("deploy: %+v", deploy)
	}
	if len(deploy.Triggers) != 1 || deploy.Triggers[0].Stage != catalog.OnMerge {
		t.Errorf("deploy runs on pushes to main only: %+v", deploy.Triggers)
	}
	if call.Calls.Value != "./.github/workflows/reuse.yml" || !call.InheritsSecrets || values(call.Needs) != "deploy" || call.Steps != nil {
		t.Errorf("call: %+v", call)
	}
	if !provenance.AllowFailure || len(provenance.Steps) != 1 || summary(provenance.Steps[0].Tools) != "slsa-github-generator build provenance (the job's continue-on-error is true)" {
		t.Errorf("provenance: %+v", provenance)
	}
	if got := summary(deploy.Steps[0].Tools); got != "helm deployment" {
		t.Errorf("deploy uses %s", got)
	}
	if len(gaps) != 1 || gaps[0].Cause != catalog.Unsupported || !strings.Contains(gaps[0].Detail, `"pwsh"`) || gaps[0].At.Line != 39 {
		t.Errorf("gaps: %v", gaps)
	}
}

// TestSteps reads steps with what becomes of their failure.
func TestSteps(t *testing.T) {
	w, _ := read(t, full)
	var got []string
	for _, s := range w.Jobs[0].Steps {
		got = append(got, summary(s.Tools))
	}
	want := []string{"", "gitleaks secret scan", // shell: bash sets pipefail
		"trivy image scan (continue-on-error is true)", "semgrep static analysis (perhaps: continue-on-error is an expression, which only a run decides)", "", ""}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	scan := w.Jobs[0].Steps[1]
	if at := scan.Tools[0].At; at.Line != 32 || at.Col != 11 {
		t.Errorf("gitleaks is at %v", at)
	}
	if scan.Name.Value != "Scan" || scan.Condition.Value != "github.actor != 'bot'" || scan.AllowFailure || !w.Jobs[0].Steps[2].AllowFailure {
		t.Errorf("got %+v", scan)
	}
	if at := w.Jobs[0].Steps[0].Uses.At; at.Line != 25 || at.Col != 15 {
		t.Errorf("checkout is at %v", at)
	}
}

// TestNoCredentialIsKept looks for the credentials of a workflow in all that is kept of it, scripts apart.
func TestNoCredentialIsKept(t *testing.T) {
	w, _ := read(t, full)
	kept := fmt.Sprintf("%+v", w)
	for _, secret := range []string{"abcdef0123456789", "hunter2hunter2", "ghp_"} {
		if strings.Contains(kept, secret) {
			t.Errorf("%q is kept", secret)
		}
	}
	for _, harmless := range []string{"secrets.STORE", "high", "Key:persist-credentials Value:false"} {
		if !strings.Contains(kept, harmless) {
			t.Errorf("%q is lost", harmless)
		}
	}
	for _, c := range []struct {
		name, value string
		secret      bool
	}{
		{"password", "x7f9", true}, {"db-url", "postgres://app:pw@db/app", true}, {"args", "--token=abc", true}, {"header", "Bearer abcdefghij", true},
		{"aws", "AKIAABCDEFGHIJKLMNOP", true}, {"script", "-----BEGIN RSA PRIVATE KEY-----", true}, {"token", "a-${{ github.sha }}", true},
		{"token", "${{ secrets.T }}", false}, {"url", "https://example.org/a@b", false}, {"exit-code", "1", false}, {"cache-key", "npm-linux", false}, {"args", "--token=$TOKEN", false},
	} {
		if isCredential(c.name, c.value) != c.secret {
			t.Errorf("%s: %s: want credential %v", c.name, c.value, c.secret)
		}
	}
}

// TestJudgedLater finds the steps that fail the job for what an earlier one found.
func TestJudgedLater(t *testing.T) {
	for _, c := range []struct{ later, want string }{
		{"if: steps.scan.outcome == 'failure'\n        run: exit 1", "gitleaks secret scan"},
		{"if: steps.scan.outcome == 'failure'\n        run: echo found", "gitleaks secret scan (continue-on-error is true)"},
		{"if: steps.other.outcome == 'failure'\n        run: exit 1", "gitleaks secret scan (continue-on-error is true)"},
		{"if: steps.scan.outcome == 'failure'\n        continue-on-error: true\n        run: exit 1", "gitleaks secret scan (continue-on-error is true)"},
	} {
		w, _ := read(t, "on: push\njobs:\n  a:\n    steps:\n      - id: scan\n        continue-on-error: true\n        run: gitleaks detect\n      - "+c.later+"\n")
		if got := summary(w.Jobs[0].Steps[0].Tools); got != c.want {
			t.Errorf("%s\n\tgot %s, want %s", c.later, got, c.want)
		}
	}
	w, _ := read(t, "on: push\njobs:\n  a:\n    steps:\n      - id: scan\n        run: |\n          set +e\n          gitleaks detect\n          echo \"code=$?\" >> $GITHUB_OUTPUT\n"+
		"      - env: {CODE: '${{ steps.scan.outputs.code }}'}\n        run: exit $CODE\n")
	if got := summary(w.Jobs[0].Steps[0].Tools); got != "gitleaks secret scan" {
		t.Errorf("a kept exit code: got %s", got)
	}
}

// TestTestDeployments passes over what is deployed for a test.
func TestTestDeployments(t *testing.T) {
	for job, want := range map[string]string{
		"ship: {steps: [{run: kubectl apply -f x}]}":                                          "kubectl deployment",
		"ship: {steps: [{uses: helm/kind-action@v1}, {run: kubectl apply -f x}]}":             "",
		"ship: {steps: [{uses: ./.github/actions/setup-k3d}, {run: helm install x y}]}":       "",
		"e2e: {steps: [{run: kubectl apply -f x}]}":                                           "",
		"e2e: {environment: staging, steps: [{run: kubectl apply -f x}]}":                     "kubectl deployment",
		"deploy-and-smoke-test: {steps: [{run: kubectl apply -f x}]}":                         "kubectl deployment",
		"ship: {name: Integration tests, steps: [{run: helm upgrade --atomic x y}]}":          "",
		"ship: {steps: [{run: 'kind create cluster'}, {run: docker build ., shell: sh}]}":     "docker image build",
		"ship: {runs-on: windows-latest, steps: [{run: kubectl apply -f x}]}":                 "",
		"ship: {runs-on: windows-latest, steps: [{run: kubectl apply -f x, shell: bash}]}":    "kubectl deployment",
		"ship: {defaults: {run: {shell: 'bash -l {0}'}}, steps: [{run: kubectl apply -f x}]}": "kubectl deployment",
		"ship: {defaults: {run: {shell: python}}, steps: [{run: kubectl apply -f x}]}":        "",
		"ship: {steps: [{uses: nick-fields/retry@v3, with: {command: kubectl apply -f x}}]}":  "kubectl deployment",
		"ship: {steps: [{uses: aquasecurity/trivy-action@v1, env: {TRIVY_EXIT_CODE: '1'}}]}":  "trivy image scan",
		"ship: {env: {TRIVY_EXIT_CODE: 1}, steps: [{run: trivy image app}]}":                  "trivy image scan",
	} {
		w, _ := read(t, "on: push\njobs:\n  "+job+"\n")
		var tools []catalog.Tool
		for _, s := range w.Jobs[0].Steps {
			tools = append(tools, s.Tools...)
		}
		if got := summary(tools); got != want {
			t.Errorf("%s\n\tgot %s, want %s", job, got, want)
		}
	}
}

// TestOtherDocuments are no workflows, or broken ones.
func TestOtherDocuments(t *testing.T) {
	for _, c := range []struct{ file, text string }{
		{"ci.yml", "on: push\njobs: {}\n"}, {".github/dependabot.yml", "on: push\njobs: {}\n"}, {".github/workflows/x.yml", "a: b\n"}, {".github/workflows/x.yml", "[on]\n"},
	} {
		docs, _ := document.ParseYAML(c.file, []byte(c.text))
		if facts, ok := Read(docs[0]); ok {
			t.Errorf("%s %q: got %+v", c.file, c.text, facts)
		}
	}
	w, gaps := read(t, "on: push\njobs: [a]\n")
	if len(w.Jobs) != 0 || len(gaps) != 1 || gaps[0].Cause != catalog.BadValue {
		t.Errorf("jobs that are no map: got %+v and %v", w, gaps)
	}
	if w.Name.Value != "ci" || w.Name.At.Line != 0 {
		t.Errorf("a workflow without a name has its file's: %+v", w.Name)
	}
	odd, _ := read(t, "true: push\npermissions: write-all\njobs: {a: , b: 1, c: [x], d: {steps: {x: y}, needs: {a: b}, environment: [x]}}\n")
	if len(odd.Jobs) != 4 || len(odd.Triggers) != 1 || odd.Permissions.All.Value != "write-all" {
		t.Errorf("got %+v", odd)
	}
}

// TestScriptBudget stops reading scripts of a workflow that repeats one by aliases.
func TestScriptBudget(t *testing.T) {
	long := strings.Repeat("gitleaks detect; ", 2000)
	text := "on: push\njobs:\n  a:\n    steps:\n      - run: &x '" + long + "'\n" + strings.Repeat("      - run: *x\n", 1000)
	w, gaps := read(t, text)
	if len(gaps) != 1 || gaps[0].Cause != catalog.TooLarge || len(w.Jobs[0].Steps) != 1001 {
		t.Fatalf("got %d steps and gaps %v", len(w.Jobs[0].Steps), gaps)
	}
	if last := w.Jobs[0].Steps[1000]; last.Tools != nil || last.Run.Value == "" {
		t.Error("the last script was read")
	}
}

// TestConditions narrows triggers to what a condition leaves.
func TestConditions(t *testing.T) {
	const starts = "on: {push: , pull_request: , schedule: [{cron: x}], workflow_dispatch: }\n"
	const all = "push: pull request; pull_request: pull request; schedule: schedule; workflow_dispatch: manual"
	for condition, want := range map[string]string{
		"":         all,
		"always()": all,
		"${{ success() && github.actor == 'x' }}":                                                                  all,
		"github.event_name == 'pull_request'":                                                                      "pull_request: pull request",
		"github.event_name != 'pull_request'":                                                                      "push: pull request; schedule: schedule; workflow_dispatch: manual",
		"${{ github.event_name == 'schedule' || github.event_name == 'workflow_dispatch' }}":                       "schedule: schedule; workflow_dispatch: manual",
		"github.ref == 'refs/heads/main'":                                                                          "push: merge; schedule: schedule; workflow_dispatch: manual",
		"github.ref_name == 'main' && github.event_name == 'push'":                                                 "push: merge",
		"startsWith(github.ref, 'refs/tags/v')":                                                                    "push: build; workflow_dispatch: manual",
		"github.event_name == 'push' && (github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/tags/'))": "push: merge; push: build",
		"github.ref_type == 'tag'":                                                                                 "push: build; pull_request: pull request; workflow_dispatch: manual",
		"github.event.pull_request.merged == true":                                                                 "pull_request: pull request; workflow_dispatch: manual",
		"github.ref == format('refs/heads/{0}', github.event.repository.default_branch)":                           "push: merge; schedule: schedule; workflow_dispatch: manual",
		"!(github.event_name == 'push')":                                                                           "pull_request: pull request; schedule: schedule; workflow_dispatch: manual",
		"contains(fromJSON('[\"push\"]'), github.event_name)":                                                      all,
		"contains(github.event.head_commit.message, 'x') && github.event_name == 'push'":                           "push: pull request",
		"github.event.inputs['x'] == 'y'":                                                                          all,
		"github.run_number > 3 && github.event_name == 'push'":                                                     "push: pull request",
		"false":                                ": never",
		"github.event_name == 'release'":       ": never",
		"github.event_name ==":                 all,
		"github.event_name == 'push' ${{ x }}": all,
		"((((":                                 all,
	} {
		w, _ := read(t, starts+"jobs: {a: {steps: []}}\n")
		var got []string
		for _, trigger := range Narrow(w.Triggers, condition) {
			got = append(got, trigger.Event.Value+": "+string(trigger.Stage))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("if: %s\n\tgot  %s\n\twant %s", condition, s, want)
		}
	}
	for _, condition := range []string{strings.Repeat("!", 4000) + "x", strings.Repeat("(", 4000), strings.Repeat("a[", 2000)} {
		if starts := []catalog.Trigger{{Event: catalog.Text{Value: "push"}, Stage: catalog.OnMerge}}; !slices.EqualFunc(Narrow(starts, condition), starts, func(a, b catalog.Trigger) bool { return a.Stage == b.Stage }) {
			t.Errorf("%.20s… rules something out", condition)
		}
	}
}

// TestMatrix reads what a failure comes to, and what is run, by the values of a matrix.
func TestMatrix(t *testing.T) {
	const off, perhaps = " (the job's continue-on-error is true)", " (perhaps: the job's continue-on-error is an expression, which only a run decides)"
	for job, want := range map[string]string{
		// what a failure comes to: one job of the matrix for which it counts is enough
		"{strategy: {matrix: {soft: [false]}}, continue-on-error: '${{ matrix.soft }}', steps: [{run: go test}]}":                           "go test test",
		"{strategy: {matrix: {include: [{soft: false}, {soft: true}]}}, continue-on-error: '${{matrix.soft}}', steps: [{run: go test}]}":    "go test test",
		"{strategy: {matrix: {go: [1], include: [{go: 2, soft: true}]}}, continue-on-error: '${{ matrix.soft }}', steps: [{run: go test}]}": "go test test",
		"{strategy: {matrix: {soft: [true]}}, continue-on-error: '${{ matrix.soft }}', steps: [{run: go test}]}":                            "go test test" + off,
		"{strategy: {matrix: '${{ fromJson(inputs.x) }}'}, continue-on-error: '${{ matrix.soft }}', steps: [{run: go test}]}":               "go test test" + perhaps,
		"{strategy: {matrix: {soft: '${{ fromJson(inputs.x) }}'}}, continue-on-error: '${{ matrix.soft }}', steps: [{run: go test}]}":       "go test test" + perhaps,
		"{strategy: {matrix: {soft: [true]}}, continue-on-error: '${{ matrix.soft == inputs.x }}', steps: [{run: go test}]}":                "go test test" + perhaps,
		"{continue-on-error: '${{ matrix.soft }}', steps: [{run: go test || true}]}":                                                        `go test test (the command ends in "|| true")`,
		"{strategy: {matrix: {soft: [false]}}, steps: [{run: go test, continue-on-error: '${{ matrix.soft }}'}]}":                           "go test test",
		"{strategy: {matrix: {soft: ['${{ inputs.soft }}']}}, steps: [{run: go test, continue-on-error: '${{ matrix.soft }}'}]}":            "go test test (perhaps: continue-on-error is an expression, which only a run decides)",
		"{continue-on-error: true, steps: [{run: go test, continue-on-error: '${{ matrix.soft }}'}]}":                                       "go test test" + off,
		"{strategy: {matrix: {code: [1]}}, steps: [{run: 'trivy image --exit-code ${{ matrix.code }} app'}]}":                               "trivy image scan (perhaps: --exit-code is not known before the run)",

		// what is run
		"{strategy: {matrix: {command: [go vet, go test]}}, steps: [{run: '${{ matrix.command }}'}]}":                                                    "go test test",
		"{strategy: {matrix: {include: [{name: a, command: make lint}, {name: b, command: gitleaks detect}]}}, steps: [{run: '${{ matrix.command }}'}]}": "gitleaks secret scan",
		"{strategy: {matrix: {task: [lint, test]}}, steps: [{run: 'npm run ${{ matrix.task }}'}]}":                                                       "npm test test",
		"{strategy: {matrix: {task: '${{ fromJson(x) }}'}}, steps: [{run: 'npm run ${{ matrix.task }}'}]}":                                               "",
		"{steps: [{run: '${{ matrix.command }}'}]}":                                                                                                      "",
	} {
		w, gaps := read(t, "on: push\njobs:\n  a: "+job+"\n")
		if got := summary(w.Jobs[0].Steps[0].Tools); got != want || len(gaps) > 0 {
			t.Errorf("%s\n\tgot  %s, gaps %v\n\twant %s", job, got, gaps, want)
		}
	}
}

// TestDeploysToTest counts no deployment to what is there for the time of a job only.
func TestDeploysToTest(t *testing.T) {
	for job, want := range map[string]bool{
		"{steps: [{run: terraform apply}]}": true,
		"{services: {cloud: {image: 'localstack/localstack:3.0'}}, steps: [{run: terraform apply}]}":  false,
		"{services: {db: {image: 'postgres:17'}}, steps: [{run: terraform apply}]}":                   true,
		"{steps: [{uses: helm/kind-action@v1}, {run: helm upgrade --install x .}]}":                   false,
		"{steps: [{run: docker compose up -d localstack}, {run: cdk deploy}]}":                        false,
		"{env: {AWS_ENDPOINT_URL: 'http://localhost:4566'}, steps: [{run: cdk deploy}]}":              false,
		"{env: {AWS_ENDPOINT_URL: 'https://s3.eu-west-1.amazonaws.com'}, steps: [{run: cdk deploy}]}": true,
		"{name: e2e, steps: [{run: helm upgrade --install x .}]}":                                     false,
		"{name: e2e, environment: production, steps: [{run: helm upgrade --install x .}]}":            true,
	} {
		w, _ := read(t, "on: push\njobs:\n  a: "+job+"\n")
		got := false
		for _, s := range w.Jobs[0].Steps {
			for _, tool := range s.Tools {
				got = got || tool.Purpose == catalog.Deploys
			}
		}
		if got != want {
			t.Errorf("%s: got %v", job, got)
		}
	}
}

// TestHostileWorkflows reads workflows of up to a megabyte that repeat what each job or step is held against all others for. It
// ends because each of them is looked at a bounded number of times.
func TestHostileWorkflows(t *testing.T) {
	repeat := func(times int, piece string) string {
		var b strings.Builder
		for i := range times {
			fmt.Fprintf(&b, piece, i)
		}
		return b.String()
	}
	const exit = "exit 1"
	for name, text := range map[string]string{
		"steps that judge each other": "on: push\njobs: {a: {steps: [" + repeat(8_000, "{id: s%[1]d, if: steps.s%[1]d.outcome, run: "+exit+"},") + "]}}",
		"branches and conditions":     "on: {push: {branches: [" + repeat(40_000, "b%d,") + "]}}\njobs: {" + repeat(4_000, "j%d: {if: github.ref == 'refs/heads/x' || github.ref == 'refs/heads/y'},") + "}",
		"events and conditions":       "on: [" + repeat(50_000, "e%d,") + "]\njobs: {" + repeat(4_000, "j%d: {if: github.event_name == 'push'},") + "}",
		"variables and steps":         "on: push\nenv: {" + repeat(20_000, "V%d: x,") + "}\njobs: {a: {steps: [" + repeat(8_000, "{env: {A: %d}, run: make},") + "]}}",
		"variables and jobs":          "on: push\nenv: {" + repeat(20_000, "V%d: x,") + "}\njobs: {" + repeat(5_000, "j%d: {steps: [{run: make}]},") + "}",
		"a matrix and steps":          "on: push\njobs: {a: {strategy: {matrix: {x: [" + repeat(20_000, "v%d,") + "]}}, steps: [" + repeat(5_000, "{name: %d, run: '${{ matrix.x }}', continue-on-error: '${{ matrix.x }}'},") + "]}}",
		"one long script":             "on: push\njobs: {a: {steps: [{run: \"" + strings.Repeat("gitleaks detect;", 65_000) + "\"}]}}",
		"many scripts":                "on: push\njobs: {a: {steps: [" + strings.Repeat("{run: (gitleaks detect)},", 40_000) + "]}}",
	} {
		t.Run(name, func(t *testing.T) {
			w, gaps := read(t, text)
			scripts, tools := 0, 0
			for _, j := range w.Jobs {
				for _, s := range j.Steps {
					scripts += len(s.Run.Value)
					tools += len(s.Tools)
				}
			}
			if len(w.Jobs) == 0 || len(w.Triggers) == 0 || len(w.Triggers) > 2*maxEvents {
				t.Errorf("%d jobs, %d triggers", len(w.Jobs), len(w.Triggers))
			}
			if strings.Contains(text, "gitleaks") && tools == 0 && len(gaps) == 0 {
				t.Errorf("scans in %d bytes of scripts are neither seen nor said to be hidden", scripts)
			}
		})
	}
}

// TestFormats tells formats by their paths.
func TestFormats(t *testing.T) {
	for file, want := range map[string]string{
		".github/workflows/ci.yml": "github", "shop/.github/workflows/ci.yaml": "github", ".github/workflows/sub/ci.yml": "", ".github/workflows/ci.json": "",
		"my.github/workflows/ci.yml": "", ".github/actions/x/action.yml": "", ".gitlab-ci.yml": "gitlab", "ci/lint.gitlab-ci.yml": "gitlab", ".gitlab/ci/build.yml": "gitlab",
		"azure-pipelines.yml": "azure", "azure-pipelines-pr.yaml": "azure", ".azure-pipelines/a/b.yml": "azure", ".circleci/config.yml": "circleci", "config.yml": "",
		"Jenkinsfile": "jenkins", "ci/Jenkinsfile.prod": "jenkins", "Jenkinsfile_CNP": "jenkins", "Jenkinsfile-nightly": "jenkins", ".pipelines/a/release.yml": "azure", ".pipelines/readme.md": "", "x.jenkinsfile": "jenkins", "JenkinsfileRunner.md": "", ".tekton/a/b.yaml": "tekton",
		".pre-commit-config.yaml": "pre-commit", "lefthook.yml": "lefthook", ".lefthook.yaml": "lefthook", ".husky/pre-commit": "husky", ".husky/_/husky.sh": "", ".husky/.gitignore": "", "": "",
	} {
		if got := FormatOf(file); got != want || IsPath(file) != (want != "") {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}

// FuzzRead asserts that what is read has its places in the file and that no expression of Go's zero values slips in.
func FuzzRead(f *testing.F) {
	f.Add(full)
	f.Add("on: [push]\njobs: {a: {if: \"github.ref == 'x'\", steps: [{run: 'trivy fs . | tee x', shell: 'bash -e {0}'}]}}\n")
	f.Add("true: {push: {tags: }}\njobs: {a: &a {uses: x/y/.github/workflows/z.yml@v1}, b: *a}\n")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := document.ParseYAML(".github/workflows/f.yml", []byte(text))
		for _, d := range docs {
			facts, _ := Read(d)
			for _, g := range facts.Gaps {
				if g.At.File == "" || g.Detail == "" || len(g.Kinds) == 0 {
					t.Fatalf("an empty gap: %+v", g)
				}
			}
			for _, w := range facts.Workflows {
				for _, trigger := range w.Triggers {
					if trigger.Stage == "" {
						t.Fatalf("a trigger without a stage: %+v", trigger)
					}
				}
				for _, j := range w.Jobs {
					for _, s := range j.Steps {
						for _, tool := range s.Tools {
							if tool.At.File == "" || tool.At.Line < 1 || tool.Name == "" || tool.Gates != (tool.Why == "") || tool.Gates && tool.Unsure || tool.Purpose == testCluster {
								t.Fatalf("%+v", tool)
							}
						}
					}
				}
			}
		}
	})
}
