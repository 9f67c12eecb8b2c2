package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var ciRequiredChecks = &Check{
	ID:       "ci-required-checks",
	Title:    "Tests run on every change and must pass before it is merged",
	Why:      "A test that runs after the merge tells what is broken in production. One that may fail is read by nobody.",
	Fix:      "Run the tests on pull requests, and make the job a required status check of the branch. Vouch for the setting with an `[[attestation]]`.",
	Source:   "OpenSSF Scorecard, CI-Tests and Branch-Protection; OpenSSF Security Baseline, OSPS-QA-03.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Workflows, catalog.BranchProtections, catalog.Attestations},
	Attest:   "the tests are required status checks of the default branch",
	Run: func(in *Inspection) {
		if in.Service.Source.State != catalog.SourceHere && vouched(in) || !codeRead(in) {
			return
		}
		switch {
		case len(withoutHooks(in.Service)) > 0:
			requireTests(in)
			requireStatus(in)
		case !vouched(in):
			in.Missingf(in.Service.Source.At, "the service has no pipeline that could run its tests")
		}
	},
}

// requireTests states whether tests run before a change is merged, and can fail the run. Commit hooks do not count: who
// makes the change can skip them.
func requireTests(in *Inspection) {
	run := delivery.Best(in.pipelines.Runs(in.Service), func(r delivery.Run) bool { return r.Tool.Purpose == catalog.Tests && !isHooks(r.Workflow) })
	late := delivery.After(run.Stage, catalog.OnPullRequest)
	switch other := testJob(in); {
	case (late || !run.Tool.Gates && !run.Tool.Unsure) && other != nil:
		in.Undecidedf(other.At, "job %q may run the tests, by a command that is not known. call the test runner in the pipeline itself", jobName(other))
	case run.Stage == catalog.NoStage:
		notSeen(in, in.Service.Source.At, catalog.Tests, "no pipeline of the service is seen to run tests by itself", "run them on pull requests")
	case late:
		onlyLate(in, run.Tool.At, catalog.Tests, fmt.Sprintf("tests run first at the stage %q", string(run.Stage)), "run them on pull requests")
	case run.Tool.Unsure:
		in.Undecidedf(run.Tool.At, "%s runs tests at the stage %q, and whether it can fail the run is not known: %s. let a failure fail it in any case", run.Tool.Name, string(run.Stage), run.Tool.Why)
	case !run.Tool.Gates:
		in.Unmetf(run.Tool.At, "%s runs tests at the stage %q and cannot fail the run: %s. let a failure fail it", run.Tool.Name, string(run.Stage), orElse(run.Tool.Why, "nothing makes a failure count"))
	default:
		in.Metf(run.Tool.At, "%s runs tests at the stage %q", run.Tool.Name, string(run.Stage))
	}
}

var testWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:unit-?tests?|tests?|specs?|e2e)(?:[^a-z]|$)`)

// testJob gives a job that runs before a change is merged and tests by its name, in a way that is not known; nil when there is
// none.
func testJob(in *Inspection) *catalog.Job {
	for _, w := range withoutHooks(in.Service) {
		for i := range w.Item.Jobs {
			j := &w.Item.Jobs[i]
			named := testWord.MatchString(j.ID.Value) || testWord.MatchString(j.Name.Value)
			if named && !runsTests(j) && !delivery.After(in.pipelines.JobStage(in.Service, w.Item, j), catalog.OnPullRequest) {
				return j
			}
		}
	}
	return nil
}

// requireStatus states whether the default branch demands that checks pass which run the tests.
func requireStatus(in *Inspection) {
	protections := protectionsOf(in.Service)
	var other *catalog.Linked[catalog.BranchProtection]
	for i, p := range protections {
		for _, check := range p.Item.RequiredChecks {
			if mayBeTests(in.Service, check.Value) {
				in.Metf(check.At.Or(p.Item.At), "%s demands status check %q for changes of %q", p.Item.At.File, check.Value, p.Item.Branch.Value).LinkedBy(p.By)
				return
			}
			other = &protections[i]
		}
	}
	switch {
	case len(protections) == 0 || in.attestation() != nil:
		in.Unseenf(in.Service.Source.At, "whether the default branch requires checks to pass is a setting of the code host. vouch for it with an [[attestation]], or keep the rule as a file")
	case other != nil:
		check := other.Item.RequiredChecks[0]
		in.Undecidedf(check.At.Or(other.Item.At), "%s demands status check %q for changes of %q, and whether that runs the tests is not known. require the job that runs them by its name", other.Item.At.File, check.Value, other.Item.Branch.Value).LinkedBy(other.By)
	default:
		p := protections[0]
		in.Unmetf(p.Item.At, "%s protects %q and requires no status check. require the one that runs the tests", p.Item.At.File, p.Item.Branch.Value).LinkedBy(p.By)
	}
}

// pipelineWord finds the words by which a status check is that of a whole pipeline.
var pipelineWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:ci|cicd|build|builds|check|checks|verify|validate|all|required|gate|status|jenkins|travis(?:-ci)?|circleci|buildkite|azure-pipelines|integration)(?:[^a-z]|$)`)

// mayBeTests reports whether a status check runs tests, as far as its name tells: it speaks of tests or of a whole pipeline,
// or is a job that is seen to run some.
func mayBeTests(svc *catalog.Service, check string) bool {
	if testWord.MatchString(check) || pipelineWord.MatchString(check) {
		return true
	}
	return slices.ContainsFunc(withoutHooks(svc), func(w catalog.Linked[catalog.Workflow]) bool {
		return slices.ContainsFunc(w.Item.Jobs, func(j catalog.Job) bool { return isCalled(w.Item, &j, check) && runsTests(&j) })
	})
}

// isCalled reports whether a status check is that of a job, by the job's ID or name, with or without the values of its matrix
// or the name of its workflow.
func isCalled(w *catalog.Workflow, j *catalog.Job, check string) bool {
	bare, _, _ := strings.Cut(check, " (")
	return slices.ContainsFunc([]string{j.ID.Value, j.Name.Value}, func(name string) bool {
		return name != "" && (bare == name || bare == w.Name.Value+" / "+name)
	})
}

func runsTests(j *catalog.Job) bool {
	return slices.ContainsFunc(j.Steps, func(s catalog.Step) bool {
		return slices.ContainsFunc(s.Tools, func(t catalog.Tool) bool { return t.Purpose == catalog.Tests })
	})
}
