package checks_test

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/delivery"
)

// shopChecks gives the security checks of a service "shop" with code and a Dockerfile, whose other files are those of an
// archive.
func shopChecks(t *testing.T, files string) []delivery.SecurityCheck {
	t.Helper()
	archive := txtar.Parse([]byte("-- shop/service.toml --\nname = \"shop\"\nrepository = \"https://git.example/acme/shop\"\n-- shop/go.mod --\nmodule example.com/shop\n\nrequire github.com/google/uuid v1.6.0\n-- shop/Dockerfile --\nFROM scratch\n" + files))
	estate, policy := loadArchive(t, archive)
	i := slices.IndexFunc(estate.Services, func(s *catalog.Service) bool { return s.Name.Value == "shop" })
	if i < 0 {
		t.Fatal("there is no service shop")
	}
	return checks.NewSurvey(estate, &policy.Settings, now).SecurityChecks(estate.Services[i])
}

func securityCheck(t *testing.T, files string, purpose catalog.Purpose) delivery.SecurityCheck {
	t.Helper()
	all := shopChecks(t, files)
	i := slices.IndexFunc(all, func(c delivery.SecurityCheck) bool { return c.Purpose == purpose })
	if i < 0 {
		t.Fatalf("there is no %s", purpose)
	}
	return all[i]
}

// workflow gives a GitHub workflow as a file of the service shop.
func workflow(name, on, jobs string) string {
	return fmt.Sprintf("-- shop/.github/workflows/%s.yaml --\non: %s\njobs:\n%s", name, on, jobs)
}

// job gives a job with steps; header are its own keys.
func job(id, header string, steps ...string) string {
	text := "  " + id + ":\n    runs-on: ubuntu-latest\n"
	if header != "" {
		text += "    " + header + "\n"
	}
	text += "    steps:\n"
	for _, s := range steps {
		text += "      - " + s + "\n"
	}
	return text
}

const (
	secretScan = "run: gitleaks detect"
	imageBuild = "run: docker build -t shop ."
	imageScan  = "run: grype shop --fail-on high"
	deployment = "run: kubectl apply -f deploy/"
	onMain     = "{push: {branches: [main]}}"
)

// TestStages checks at which stage a check of the pipelines is seen to run first.
func TestStages(t *testing.T) {
	scan := job("scan", "", secretScan)
	for name, test := range map[string]struct {
		files string
		want  catalog.Stage
	}{
		"a pull request":            {workflow("ci", "pull_request", scan), catalog.OnPullRequest},
		"a merge queue":             {workflow("ci", "merge_group", scan), catalog.OnPullRequest},
		"a push to any branch":      {workflow("ci", "push", scan), catalog.OnPullRequest},
		"a push to main":            {workflow("ci", onMain, scan), catalog.OnMerge},
		"a push of a tag":           {workflow("ci", `{push: {tags: ["v*"]}}`, scan), catalog.OnBuild},
		"a release":                 {workflow("ci", "release", scan), catalog.OnBuild},
		"a deployment":              {workflow("ci", "deployment_status", scan), catalog.OnDeploy},
		"the clock":                 {workflow("ci", "{schedule: [{cron: 0 3 * * *}]}", scan), catalog.OnSchedule},
		"by hand only":              {workflow("ci", "workflow_dispatch", scan), catalog.NoStage},
		"an issue":                  {workflow("ci", "issues", scan), catalog.NoStage},
		"the earliest of several":   {workflow("ci", "[schedule, workflow_dispatch, pull_request, release]", scan), catalog.OnPullRequest},
		"the earliest of workflows": {workflow("a", onMain, scan) + workflow("b", "pull_request", scan) + workflow("c", "release", scan), catalog.OnPullRequest},
		"no workflow at all":        {"", catalog.NoStage},
		"another tool":              {workflow("ci", "pull_request", job("test", "", "run: go test ./...")), catalog.NoStage},

		// Conditions of jobs and steps.
		"a job for main only":       {workflow("ci", "[push, pull_request]", job("scan", "if: github.ref == 'refs/heads/main'", secretScan)), catalog.OnMerge},
		"a job for tags only":       {workflow("ci", "push", job("scan", "if: startsWith(github.ref, 'refs/tags/v')", secretScan)), catalog.OnBuild},
		"a job for an event":        {workflow("ci", "[pull_request, schedule]", job("scan", "if: github.event_name == 'schedule'", secretScan)), catalog.OnSchedule},
		"a job for all but one":     {workflow("ci", "[pull_request, release]", job("scan", "if: github.event_name != 'pull_request'", secretScan)), catalog.OnBuild},
		"a job for either":          {workflow("ci", "[pull_request, release]", job("scan", "if: github.event_name == 'release' || github.event_name == 'pull_request'", secretScan)), catalog.OnPullRequest},
		"a job that never runs":     {workflow("ci", "pull_request", job("scan", "if: false", secretScan)), catalog.NoStage},
		"a step for main only":      {workflow("ci", "[push, pull_request]", job("scan", "", "if: github.ref == 'refs/heads/main'\n        "+secretScan)), catalog.OnMerge},
		"a step for an event":       {workflow("ci", "[pull_request, schedule]", job("scan", "", "if: github.event_name == 'schedule'\n        "+secretScan)), catalog.OnSchedule},
		"a step that always runs":   {workflow("ci", "pull_request", job("scan", "", "if: always()\n        "+secretScan)), catalog.OnPullRequest},
		"a condition about another": {workflow("ci", "pull_request", job("scan", "if: needs.build.outputs.changed == 'true'", secretScan)), catalog.OnPullRequest},

		// Reusable workflows.
		"called on pull requests":      {workflow("scan", "workflow_call", scan) + workflow("ci", "pull_request", "  call:\n    uses: ./.github/workflows/scan.yaml\n"), catalog.OnPullRequest},
		"called by its full name":      {workflow("scan", "workflow_call", scan) + workflow("ci", "pull_request", "  call:\n    uses: acme/shop/.github/workflows/scan.yaml@main\n"), catalog.OnPullRequest},
		"called under a condition":     {workflow("scan", "workflow_call", scan) + workflow("ci", "[push, pull_request]", "  call:\n    if: github.ref == 'refs/heads/main'\n    uses: ./.github/workflows/scan.yaml\n"), catalog.OnMerge},
		"called through another":       {workflow("scan", "workflow_call", scan) + workflow("middle", "workflow_call", "  call:\n    uses: ./.github/workflows/scan.yaml\n") + workflow("ci", onMain, "  call:\n    uses: ./.github/workflows/middle.yaml\n"), catalog.OnMerge},
		"called and by itself":         {workflow("scan", "[workflow_call, pull_request]", scan) + workflow("ci", onMain, "  call:\n    uses: ./.github/workflows/scan.yaml\n"), catalog.OnPullRequest},
		"called, with its own if":      {workflow("scan", "workflow_call", job("scan", "if: github.event_name == 'schedule'", secretScan)) + workflow("ci", "[pull_request, schedule]", "  call:\n    uses: ./.github/workflows/scan.yaml\n"), catalog.OnSchedule},
		"called by nobody":             {workflow("scan", "workflow_call", scan), catalog.NoStage},
		"called by itself":             {workflow("scan", "workflow_call", scan+"  again:\n    uses: ./.github/workflows/scan.yaml\n"), catalog.NoStage},
		"called in a circle":           {workflow("scan", "workflow_call", scan+"  again:\n    uses: ./.github/workflows/other.yaml\n") + workflow("other", "workflow_call", "  call:\n    uses: ./.github/workflows/scan.yaml\n"), catalog.NoStage},
		"another workflow of the name": {workflow("scan", "workflow_call", scan) + workflow("ci", "pull_request", "  call:\n    uses: other/shop/.github/workflows/scan.yaml@main\n"), catalog.NoStage},

		// Other formats.
		"GitLab":               {"-- shop/.gitlab-ci.yml --\nscan:\n  script: gitleaks detect\n", catalog.OnPullRequest},
		"GitLab, main only":    {"-- shop/.gitlab-ci.yml --\nscan:\n  script: gitleaks detect\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n", catalog.OnMerge},
		"GitLab, by hand":      {"-- shop/.gitlab-ci.yml --\nscan:\n  script: gitleaks detect\n  when: manual\n", catalog.NoStage},
		"CircleCI":             {"-- shop/.circleci/config.yml --\nversion: 2.1\njobs:\n  scan:\n    docker: [{image: cimg/base}]\n    steps: [{run: gitleaks detect}]\nworkflows:\n  ci:\n    jobs: [scan]\n", catalog.OnPullRequest},
		"Azure, main only":     {"-- shop/azure-pipelines.yml --\ntrigger: [main]\npr: none\nsteps:\n  - script: gitleaks detect\n", catalog.OnMerge},
		"a hook of pre-commit": {"-- shop/.pre-commit-config.yaml --\nrepos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8\n    hooks: [{id: gitleaks}]\n", catalog.OnCommit},
		"a hook of husky":      {"-- shop/.husky/pre-commit --\ngitleaks protect --staged\n", catalog.OnCommit},
		"a hook of lefthook":   {"-- shop/lefthook.yml --\npre-commit:\n  commands:\n    secrets:\n      run: gitleaks protect --staged\n", catalog.OnCommit},
	} {
		t.Run(name, func(t *testing.T) {
			if got := securityCheck(t, test.files, catalog.ScansSecrets); got.Stage != test.want {
				t.Errorf("got %q (%s at %v), want %q", got.Stage, got.Tool, got.At, test.want)
			}
		})
	}
}

// TestStagesAfterBuild checks that on the default branch a check stands after what was done before it, in its job and in
// the jobs that it needs, and that a pull request stays one.
func TestStagesAfterBuild(t *testing.T) {
	for name, test := range map[string]struct {
		files string
		want  catalog.Stage
	}{
		"before the build":              {workflow("ci", onMain, job("all", "", imageScan, imageBuild)), catalog.OnMerge},
		"after the build":               {workflow("ci", onMain, job("all", "", imageBuild, imageScan)), catalog.OnBuild},
		"after the deployment":          {workflow("ci", onMain, job("all", "", imageBuild, deployment, imageScan)), catalog.OnDeploy},
		"on a pull request":             {workflow("ci", "pull_request", job("all", "", imageBuild, imageScan)), catalog.OnPullRequest},
		"by the clock":                  {workflow("ci", "{schedule: [{cron: 0 3 * * *}]}", job("all", "", imageBuild, imageScan)), catalog.OnSchedule},
		"in a job beside the build":     {workflow("ci", onMain, job("build", "", imageBuild)+job("scan", "", imageScan)), catalog.OnMerge},
		"in a job after the build":      {workflow("ci", onMain, job("build", "", imageBuild)+job("scan", "needs: build", imageScan)), catalog.OnBuild},
		"two jobs after the build":      {workflow("ci", onMain, job("build", "", imageBuild)+job("test", "needs: [build]", "run: go test ./...")+job("scan", "needs: [test]", imageScan)), catalog.OnBuild},
		"in a job after the deployment": {workflow("ci", onMain, job("deploy", "", deployment)+job("scan", "needs: deploy", imageScan)), catalog.OnDeploy},
		"needs in a circle":             {workflow("ci", onMain, job("build", "needs: scan", imageBuild)+job("scan", "needs: build", imageScan)), catalog.OnBuild},
		"after a build that is called":  {workflow("build", "workflow_call", job("build", "", imageBuild)) + workflow("ci", onMain, "  build:\n    uses: ./.github/workflows/build.yaml\n"+job("scan", "needs: build", imageScan)), catalog.OnBuild},
		"called after the build":        {workflow("scan", "workflow_call", job("scan", "", imageScan)) + workflow("ci", onMain, job("build", "", imageBuild)+"  scan:\n    needs: build\n    uses: ./.github/workflows/scan.yaml\n"), catalog.OnBuild},
		"GitLab, by order of stages":    {"-- shop/.gitlab-ci.yml --\nworkflow:\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\nstages: [build, scan]\nscan:\n  stage: scan\n  script: grype shop --fail-on high\nbuild:\n  stage: build\n  script: docker build -t shop .\n", catalog.OnBuild},
		"GitLab, in the stage before":   {"-- shop/.gitlab-ci.yml --\nworkflow:\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\nstages: [scan, build]\nscan:\n  stage: scan\n  script: grype shop --fail-on high\nbuild:\n  stage: build\n  script: docker build -t shop .\n", catalog.OnMerge},
	} {
		t.Run(name, func(t *testing.T) {
			if got := securityCheck(t, test.files, catalog.ScansImages); got.Stage != test.want {
				t.Errorf("got %q (%s at %v), want %q", got.Stage, got.Tool, got.At, test.want)
			}
		})
	}
}

// TestGates checks what keeps a check from stopping a change, and that of two runs at one stage the one that can counts.
func TestGates(t *testing.T) {
	for name, test := range map[string]struct {
		files string
		gates bool
		why   string
	}{
		"by itself":                   {workflow("ci", "pull_request", job("scan", "", secretScan)), true, ""},
		"its failure is dropped":      {workflow("ci", "pull_request", job("scan", "", secretScan+" || true")), false, `the command ends in "|| true"`},
		"the step goes on":            {workflow("ci", "pull_request", job("scan", "", secretScan+"\n        continue-on-error: true")), false, "continue-on-error is true"},
		"the job goes on":             {workflow("ci", "pull_request", job("scan", "continue-on-error: true", secretScan)), false, "the job's continue-on-error is true"},
		"one of two gates":            {workflow("a", "pull_request", job("scan", "", secretScan+" || true")) + workflow("b", "pull_request", job("scan", "", secretScan)), true, ""},
		"a later one gates":           {workflow("a", "pull_request", job("scan", "", secretScan+" || true")) + workflow("b", onMain, job("scan", "", secretScan)), false, `the command ends in "|| true"`},
		"nothing runs, so none gates": {workflow("a", "workflow_dispatch", job("scan", "", secretScan)), false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := securityCheck(t, test.files, catalog.ScansSecrets)
			if got.Gates != test.gates || got.Why != test.why {
				t.Errorf("got %v, %q, want %v, %q", got.Gates, got.Why, test.gates, test.why)
			}
		})
	}
}

// TestLate checks which checks count as late: those that apply and run after the stage at which they should.
func TestLate(t *testing.T) {
	late := func(files string) []catalog.Purpose {
		var all []catalog.Purpose
		for _, c := range shopChecks(t, files) {
			if c.Late() {
				all = append(all, c.Purpose)
			}
		}
		return all
	}
	everything := []catalog.Purpose{catalog.ScansSecrets, catalog.ScansDependencies, catalog.AnalysesCode, catalog.ScansImages, catalog.ChecksLicences, catalog.Signs}
	if got := late(""); !slices.Equal(got, everything) {
		t.Errorf("without a pipeline: got %v", got)
	}
	early := workflow("ci", "pull_request", job("all", "", secretScan, "run: govulncheck ./...", "run: gosec ./...", imageBuild, imageScan, "run: go-licenses check ./...")) +
		workflow("release", `{push: {tags: ["v*"]}}`, job("all", "", imageBuild, "run: cosign sign --yes shop"))
	if got := late(early); len(got) != 0 {
		t.Errorf("with all of them on pull requests: got %v", got)
	}
	if got := late(early + workflow("nightly", "{schedule: [{cron: 0 3 * * *}]}", job("scan", "", secretScan))); len(got) != 0 {
		t.Errorf("with a second look at night: got %v", got)
	}
}

// TestSecurityChecksApply checks that nothing is said where there is nothing to look at, and nothing about code that this
// run does not read.
func TestSecurityChecksApply(t *testing.T) {
	estate, policy := loadArchive(t, txtar.Parse([]byte(`
-- elsewhere/service.toml --
name = "elsewhere"
repository = "https://git.example/x"
-- docs/service.toml --
name = "docs"
-- docs/.github/workflows/ci.yaml --
on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
-- docs/main.tf --
provider "aws" {
}
-- docs/.devcontainer/Dockerfile --
FROM golang:1.26
`)))
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	for _, svc := range estate.Services {
		all := survey.SecurityChecks(svc)
		if svc.Name.Value == "elsewhere" && all != nil {
			t.Errorf("code elsewhere: got %v", all)
		}
		for _, c := range all {
			if want := c.Purpose == catalog.ScansSecrets || c.Purpose == catalog.AnalysesCode; c.Applies != want {
				t.Errorf("%s applies: %v", c.Purpose, c.Applies)
			}
		}
	}
}

// TestSharedWorkflows checks that the services of one repository are judged alike, whoever is asked first.
func TestSharedWorkflows(t *testing.T) {
	estate, policy := loadArchive(t, txtar.Parse([]byte("-- a/service.toml --\nname = \"a\"\n-- a/go.mod --\nmodule example.com/a\n-- b/service.toml --\nname = \"b\"\n-- b/go.mod --\nmodule example.com/b\n"+
		"-- .github/workflows/scan.yaml --\non: workflow_call\njobs:\n"+job("scan", "", secretScan)+
		"-- .github/workflows/a.yaml --\non: {pull_request: {paths: [\"a/**\"]}}\njobs:\n  call:\n    uses: ./.github/workflows/scan.yaml\n"+
		"-- .github/workflows/both.yaml --\non: "+onMain+"\njobs:\n"+job("scan", "", secretScan))))
	want := map[string]catalog.Stage{"a": catalog.OnPullRequest, "b": catalog.OnMerge}
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	for range 2 {
		for _, svc := range estate.Services {
			for _, c := range survey.SecurityChecks(svc) {
				if c.Purpose == catalog.ScansSecrets && c.Stage != want[svc.Name.Value] {
					t.Errorf("%s: got %q", svc.Name.Value, c.Stage)
				}
			}
		}
	}
}
