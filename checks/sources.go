package checks

import (
	"fmt"
	"path"
	"slices"

	"obsready/catalog"
)

// codeRead reports whether this run looks at the code of the service: its workflows, manifests and images. When it does
// not, it says why the check is not asked; when it should and could not, that is undecided.
func codeRead(in *Inspection) bool {
	svc := in.Service
	switch svc.Source.State {
	case catalog.SourceHere:
		return true
	case catalog.SourceUnread:
		in.Undecidedf(svc.Source.At, "its repository %q could not be read%s", svc.Repository.Value, whyUnread(svc))
	case catalog.SourceElsewhere:
		in.NotAskedf("its repository %q is not part of this run", svc.Repository.Value)
	default:
		in.NotAskedf("its entry states no repository, and there is no code in its folder")
	}
	return false
}

// whyUnread gives the end of a message about a repository that could not be read.
func whyUnread(svc *catalog.Service) string {
	for _, g := range svc.Gaps {
		if g.At == svc.Source.At {
			return fmt.Sprintf(" (%s: %s)", g.Cause, g.Detail)
		}
	}
	return ""
}

// workflowsOf gives the pipelines of a service; commit hooks are none. When it has none it states so and gives nil.
func workflowsOf(in *Inspection) []catalog.Linked[catalog.Workflow] {
	all := withoutHooks(in.Service)
	if len(all) == 0 && in.Service.Gap(catalog.Workflows) == nil {
		in.NotApplicablef("no pipeline of the service was found")
	} else if len(all) == 0 {
		in.Missingf(in.Service.Source.At, "no pipeline of the service was found")
	}
	return all
}

func withoutHooks(svc *catalog.Service) []catalog.Linked[catalog.Workflow] {
	var all []catalog.Linked[catalog.Workflow]
	for _, w := range svc.Workflows {
		if !isHooks(w.Item) {
			all = append(all, w)
		}
	}
	return all
}

// unreadWorkflows states each file that may hide a pipeline, once. Of a pipeline that was read, only what stands in another file
// is hidden from the checks that judge its jobs: what a script does is not their question.
func unreadWorkflows(in *Inspection) {
	read := map[string]bool{}
	for _, w := range in.Service.Workflows {
		read[w.Item.At.File] = true
	}
	for _, g := range in.Service.Gaps {
		told := func(q Requirement) bool { return q.State == Undecided && q.At.File == g.At.File }
		hides := g.Concerns(catalog.Workflows) && (!read[g.At.File] || g.Cause == catalog.Unreachable)
		if hides && !slices.ContainsFunc(in.requirements, told) {
			in.Undecidedf(g.At, "%s may hold a pipeline of this service and could not be read (%s: %s)", g.At, g.Cause, g.Detail)
		}
	}
}

// notSeen states that no pipeline is seen to use a tool for a purpose, with the way out. When a part of the pipelines stands
// where this run does not look, could not be read, or has a step that may do it in a way that is not known, that is
// undecided.
func notSeen(in *Inspection, at catalog.Place, purpose catalog.Purpose, fact, wayOut string) {
	unmetUnlessHidden(in, at, purpose, catalog.OnSchedule, fact, wayOut)
}

// onlyLate is notSeen for a tool that is seen to be used after changes are merged only.
func onlyLate(in *Inspection, at catalog.Place, purpose catalog.Purpose, fact, wayOut string) {
	unmetUnlessHidden(in, at, purpose, catalog.OnPullRequest, fact, wayOut)
}

func unmetUnlessHidden(in *Inspection, at catalog.Place, purpose catalog.Purpose, latest catalog.Stage, fact, wayOut string) {
	if job, step := in.pipelines.Hinted(in.Service, purpose, latest); job != nil {
		in.Undecidedf(step.At, "%s, but a step of job %q may do it in a way that is not known. %s%s", fact, jobName(job), wayOut, in.attestationFault())
		return
	}
	if part := in.pipelines.UnseenPart(in.Service, purpose); part.Value != "" {
		in.Undecidedf(part.At, "%s, but %q, which the pipelines use, is outside of what this run reads. %s%s", fact, part.Value, wayOut, in.attestationFault())
		return
	}
	in.Missingf(at, "%s. %s%s", fact, wayOut, in.attestationFault())
}

// isHooks reports whether a workflow is commit hooks and no pipeline.
func isHooks(w *catalog.Workflow) bool {
	return w.Format == "pre-commit" || w.Format == "lefthook" || w.Format == "husky"
}

// workflowName names a workflow in a message.
func workflowName(w *catalog.Workflow) string {
	if w.Name.Value != "" {
		return w.Name.Value
	}
	return path.Base(w.At.File)
}

// jobName names a job in a message.
func jobName(j *catalog.Job) string {
	if j.ID.Value != "" {
		return j.ID.Value
	}
	return j.Name.Value
}

// critical reports whether the service's releases carry a risk that calls for more care: tier 1, or data that harms
// people or breaks the law when it leaks.
func critical(svc *catalog.Service) (why string, yes bool) {
	if svc.TierNumber() == 1 {
		return "it is of tier 1", true
	}
	for _, d := range svc.Data {
		switch classOf(d.Value).name {
		case "payment", "health", "regulated":
			return fmt.Sprintf("it handles %q data", d.Value), true
		}
	}
	return "", false
}
