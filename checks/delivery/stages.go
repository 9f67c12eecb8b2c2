package delivery

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
)

// SecurityCheck says where one kind of security check runs for a service, and where it could and should.
type SecurityCheck struct {
	Purpose catalog.Purpose
	Applies bool          // there is something for it to look at
	Stage   catalog.Stage // the earliest at which it runs by itself; catalog.NoStage when it does not
	Gates   bool          // what it finds at that stage can fail the run
	Why     string        // why it does not gate
	Unsure  bool          // only a run knows whether it gates; Why tells what decides
	Tool    string        // that runs it there
	At      catalog.Place // where that is written
	Could   catalog.Stage // the earliest at which such a check could run
	Latest  catalog.Stage // the last at which it is early enough

	Job *catalog.Job // that runs it; nil when it does not run
}

// Uploaded reports whether the job in which the check runs hands its results to GitHub's code scanning, see [Run.Uploaded].
func (c SecurityCheck) Uploaded() bool {
	return Run{Tool: catalog.Tool{Name: c.Tool}, Job: c.Job}.Uploaded()
}

// Late reports whether the check applies and runs later than it should, or never.
func (c SecurityCheck) Late() bool { return c.Applies && After(c.Stage, c.Latest) }

// After reports whether stage a comes later in the life of a change than b. Stages at which nothing runs by itself come
// after all others, and not after each other.
func After(a, b catalog.Stage) bool { return stageRank(a) > stageRank(b) }

func stageRank(s catalog.Stage) int {
	if i := slices.Index(catalog.Stages, s); i >= 0 {
		return i
	}
	return len(catalog.Stages)
}

// securityChecks are the kinds of security checks with the stages at which they could run, and should at the latest.
// Source: NIST SP 800-204D, "Strategies for the Integration of Software Supply Chain Security in DevSecOps CI/CD
// Pipelines": what a change brings in is found before it is merged; what signs an artifact needs the artifact.
var securityChecks = []struct {
	purpose       catalog.Purpose
	could, latest catalog.Stage
}{
	{catalog.ScansSecrets, catalog.OnCommit, catalog.OnPullRequest},
	{catalog.ScansDependencies, catalog.OnPullRequest, catalog.OnPullRequest},
	{catalog.AnalysesCode, catalog.OnPullRequest, catalog.OnPullRequest},
	{catalog.ScansImages, catalog.OnPullRequest, catalog.OnPullRequest},
	{catalog.ChecksLicences, catalog.OnPullRequest, catalog.OnPullRequest},
	{catalog.Signs, catalog.OnBuild, catalog.OnBuild},
}

// SecurityChecks takes a service and gives for each kind of security check where it runs for it, in a fixed order: one that
// does not run, or does not apply, is among them. It gives nil for a service whose code this run does not look at.
func (f *Follower) SecurityChecks(svc *catalog.Service) []SecurityCheck {
	if svc.Source.State != catalog.SourceHere {
		return nil
	}
	runs := f.Runs(svc)
	all := make([]SecurityCheck, len(securityChecks))
	for i, kind := range securityChecks {
		best := Best(runs, func(run Run) bool { return run.Tool.Purpose == kind.purpose })
		all[i] = SecurityCheck{
			Purpose: kind.purpose, Applies: Applies(kind.purpose, svc, runs), Could: kind.could, Latest: kind.latest,
			Stage: best.Stage, Gates: best.Tool.Gates, Why: best.Tool.Why, Unsure: best.Tool.Unsure, Tool: best.Tool.Name, At: best.Tool.At, Job: best.Job,
		}
	}
	return all
}

// Best takes runs and a question about one, and gives the earliest of those for which the answer is yes. Of those at the same
// stage it gives the first that gates, else the first whose results are uploaded to code scanning, else the first that may
// gate. When none of them happens by itself it gives one without a tool at catalog.NoStage.
func Best(runs []Run, wanted func(Run) bool) Run {
	best := Run{Stage: catalog.NoStage}
	for _, run := range runs {
		earlier := After(best.Stage, run.Stage)
		stronger := best.Stage == run.Stage && best.Stage != catalog.NoStage && run.force() > best.force()
		if (earlier || stronger) && wanted(run) {
			best = run
		}
	}
	return best
}

// force orders runs by how surely what they find stops a change.
func (r Run) force() int {
	switch {
	case r.Tool.Gates:
		return 3
	case r.Uploaded():
		return 2
	case r.Tool.Unsure:
		return 1
	}
	return 0
}

// Uploaded reports whether the job in which a tool runs hands the tool's results to GitHub's code scanning: CodeQL those of its
// own, others as SARIF.
// Source: GitHub, "Triaging code scanning alerts in pull requests": errors and security alerts that are critical or high
// fail the check by default.
func (r Run) Uploaded() bool {
	return r.Job != nil && slices.ContainsFunc(r.Job.Steps, func(s catalog.Step) bool {
		return r.Tool.Name == "codeql" && strings.HasPrefix(s.Uses.Value, "github/codeql-action/analyze") || strings.HasPrefix(s.Uses.Value, "github/codeql-action/upload-sarif")
	})
}

// ByHand takes runs and a question about one, and gives the first for which the answer is yes of those that only happen when
// somebody starts them, as releases are; a zero Run when there is none.
func ByHand(runs []Run, wanted func(Run) bool) Run {
	for _, run := range runs {
		triggers := run.Workflow.Triggers
		if len(run.Job.Triggers) > 0 {
			triggers = run.Job.Triggers
		}
		started := func(t catalog.Trigger) bool { return t.Event.Value == "workflow_dispatch" }
		if run.Stage == catalog.NoStage && slices.ContainsFunc(triggers, started) && wanted(run) {
			return run
		}
	}
	return Run{}
}

// Applies takes a purpose, a service and its runs (see [Follower.Runs]), and reports whether the service has what tools of
// that purpose look at: dependencies, an image, something that is released. Other purposes always have.
func Applies(purpose catalog.Purpose, svc *catalog.Service, runs []Run) bool {
	switch purpose {
	case catalog.ScansDependencies, catalog.ChecksLicences:
		return slices.ContainsFunc(svc.Manifests, func(m catalog.Linked[catalog.Manifest]) bool { return BringsCode(m.Item) })
	case catalog.ScansImages:
		return buildsImage(svc, runs)
	case catalog.Signs:
		return buildsImage(svc, runs) || slices.ContainsFunc(runs, func(r Run) bool { return r.Tool.Purpose == catalog.Publishes })
	}
	return true
}

// BringsCode takes a manifest and reports whether it brings other people's code into the product: it declares or locks
// packages, and is none of those that deploy the product.
func BringsCode(m *catalog.Manifest) bool {
	return (m.Declares || m.Lock && m.Packages > 0) && !slices.Contains([]string{"terraform", "helm", "jsonnet", "nix"}, m.Ecosystem)
}

// buildsImage reports whether a service is seen to build a container image that is more than a place to work in.
func buildsImage(svc *catalog.Service, runs []Run) bool {
	return slices.ContainsFunc(svc.ImageBuilds, func(i catalog.Linked[catalog.ImageBuild]) bool {
		return !isWorkshop(strings.TrimPrefix(i.Item.At.File, svc.Source.Folder+"/"))
	}) ||
		slices.ContainsFunc(runs, func(r Run) bool { return r.Tool.Purpose == catalog.BuildsImage })
}

// workshops are folders and endings of the Dockerfiles in which somebody develops, builds or tests.
var workshops = []string{".devcontainer", "devcontainer", ".gitpod", "gitpod", ".github", ".circleci", ".ci", "ci", "hack", "test", "tests", "e2e", "dev", "build-image"}

func isWorkshop(dockerfile string) bool {
	dir, base := path.Split(strings.ToLower(dockerfile))
	parts := append(strings.Split(dir, "/"), strings.FieldsFunc(strings.Replace(base, "dockerfile", "", 1), func(r rune) bool { return strings.ContainsRune(".-_", r) })...)
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(workshops, part) })
}
