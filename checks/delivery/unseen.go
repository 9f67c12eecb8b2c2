package delivery

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// UnseenPart takes a service and a purpose, and gives a part of its pipelines that stands where this run does not look, as it
// is referred to and where: what a format includes from elsewhere, or the workflow of another repository of which nothing is
// known. It is the first that speaks of the purpose by its name, else the first; zero when there is none.
func (f *Follower) UnseenPart(svc *catalog.Service, purpose catalog.Purpose) catalog.Text {
	parts := f.unseenParts(svc)
	if words := hints[purpose]; words != nil {
		if i := slices.IndexFunc(parts, func(part catalog.Text) bool { return words.MatchString(part.Value) }); i >= 0 {
			return parts[i]
		}
	}
	if len(parts) == 0 {
		return catalog.Text{}
	}
	return parts[0]
}

func (f *Follower) unseenParts(svc *catalog.Service) []catalog.Text {
	var parts []catalog.Text
	k := f.walk(svc)
	for _, w := range svc.Workflows {
		for _, part := range w.Item.Elsewhere {
			if !isRead(svc, part.Value) && !isHousekeeping(part.Value) {
				parts = append(parts, part)
			}
		}
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			unknown := w.Item.Format == "github" && job.Calls.Value != "" && len(job.Steps) == 0 && !f.IsLocal(svc, job.Calls.Value)
			if unknown && !isHousekeeping(job.Calls.Value) && earliest(k.startsOf(w.Item, job), progress{}) != catalog.NoStage {
				parts = append(parts, job.Calls)
			}
		}
	}
	return parts
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

// setUpOrbs are the orbs of CircleCI's own and others that only install programs, report, or choose what runs.
var setUpOrbs = regexp.MustCompile(`^(?:circleci/(?:slack|jira|browser-tools|aws-cli|gcp-cli|azure-cli|github-cli|jq|continuation|path-filtering|welcome-orb|openjdk-install|discord|pagerduty)|codecov/codecov|coveralls/coveralls)@`)

var housekeeping = regexp.MustCompile(`(?i)(?:^|[-_.])(?:projects?|stale|labell?er|labels?|issues?|triage|backport|auto-?merge|first-time|greetings?|welcome|assign|cla|dco|scorecard|preview|changelog|release-?notes|notify|slack|lock|cherry-?pick|mirror|renovate|dependabot|milestone|comment)(?:[-_.]|$)`)

// isHousekeeping reports whether a reusable workflow or an orb tends issues and pull requests, tells people, or sets up programs,
// by its name, and checks nothing.
func isHousekeeping(reference string) bool {
	if setUpOrbs.MatchString(reference) {
		return true
	}
	reference, _, _ = strings.Cut(reference, "@")
	return housekeeping.MatchString(path.Base(reference))
}
