package delivery

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// UnseenPart takes a service and gives the first part of its pipelines that stands where this run does not look, as it is
// referred to and where: what a format includes from elsewhere, or the workflow of another repository of which nothing is
// known. It is zero when there is none.
func (f *Follower) UnseenPart(svc *catalog.Service) catalog.Text {
	k := f.walk(svc)
	for _, w := range svc.Workflows {
		for _, part := range w.Item.Elsewhere {
			if !isRead(svc, part.Value) {
				return part
			}
		}
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			unknown := w.Item.Format == "github" && job.Calls.Value != "" && len(job.Steps) == 0 && !f.IsLocal(svc, job.Calls.Value)
			if unknown && !isHousekeeping(job.Calls.Value) && earliest(k.startsOf(w.Item, job), progress{}) != catalog.NoStage {
				return job.Calls
			}
		}
	}
	return catalog.Text{}
}

// isRead reports whether a part that a pipeline takes from a file of its repository is one of the pipelines that were read
// by themselves.
func isRead(svc *catalog.Service, part string) bool {
	return slices.ContainsFunc(svc.Workflows, func(w catalog.Linked[catalog.Workflow]) bool {
		file := strings.TrimPrefix(w.Item.At.File, svc.Source.Folder+"/")
		fits, _ := path.Match(strings.TrimPrefix(part, "/"), file)
		return fits
	})
}

var housekeeping = regexp.MustCompile(`(?i)(?:^|[-_.])(?:projects?|stale|labell?er|labels?|issues?|triage|backport|auto-?merge|first-time|greetings?|welcome|assign|cla|dco|scorecard|preview|changelog|release-?notes|notify|slack|lock|cherry-?pick|mirror|renovate|dependabot|milestone|comment)(?:[-_.]|$)`)

// isHousekeeping reports whether a reusable workflow tends issues and pull requests by its name, and checks nothing.
func isHousekeeping(reference string) bool {
	reference, _, _ = strings.Cut(reference, "@")
	return housekeeping.MatchString(path.Base(reference))
}
