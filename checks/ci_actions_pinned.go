package checks

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var ciActionsPinned = &Check{
	ID:       "ci-actions-pinned",
	Title:    "Pipelines run third-party actions at a fixed commit",
	Why:      "A tag can be moved to other code overnight, and that code then runs with the pipeline's secrets. A commit cannot.",
	Fix:      "Write the commit in place of the tag, with the tag as a comment: `uses: acme/tool@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v4`. Dependabot and Renovate keep such pins up to date.",
	Source:   "OpenSSF Scorecard, Pinned-Dependencies; zizmor, unpinned-uses (actions of GitHub itself may be pinned by tag).",
	Pillar:   Delivery,
	Question: Protect,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Workflows},
	Run: func(in *Inspection) {
		if !codeRead(in) {
			return
		}
		judged := false
		for _, w := range workflowsOf(in) {
			if w.Item.Format == "github" {
				judged = requirePinned(in, w) || judged
			}
		}
		unreadWorkflows(in)
		if !judged {
			in.NotApplicablef("no pipeline of the service runs third-party actions")
		}
	},
}

var commitPin = regexp.MustCompile(`@(?:[0-9a-f]{40}|[0-9a-f]{64}|sha256:[0-9a-f]{64})$`)

// trustedOwners are owners whose actions may be pinned by tag.
var trustedOwners = []string{"actions", "github", "dependabot"}

// thirdParty reports whether an action or workflow is somebody else's: neither of the repository nor of its owner.
func thirdParty(in *Inspection, use string) bool {
	owner, _, _ := strings.Cut(use, "/")
	revision, _ := in.Estate.Revision.Of(in.Service.Source.Folder)
	return !strings.HasPrefix(use, ".") && !in.pipelines.IsLocal(in.Service, use) && !slices.Contains(trustedOwners, strings.ToLower(owner)) &&
		!ownedBy(in.Service.Repository.Value, owner) && !ownedBy(revision.Web, owner)
}

// ownedBy reports whether a repository's address is below an owner's.
func ownedBy(address, owner string) bool {
	return strings.EqualFold(path.Base(path.Dir(strings.TrimSuffix(address, "/"))), owner)
}

// requirePinned states whether the third-party actions of a workflow are pinned; false when it runs none.
func requirePinned(in *Inspection, w catalog.Linked[catalog.Workflow]) bool {
	pinned, total := 0, 0
	var open []catalog.Text
	for _, use := range actionsOf(w.Item) {
		if !thirdParty(in, use.Value) {
			continue
		}
		total++
		if commitPin.MatchString(use.Value) {
			pinned++
		} else {
			open = append(open, use)
		}
	}
	switch {
	case total == 0:
		return false
	case len(open) == 0:
		in.Metf(w.Item.At, "workflow %q runs all %d third-party actions at a fixed commit", workflowName(w.Item), total).LinkedBy(w.By)
	case len(open) == 1:
		in.Unmetf(open[0].At, "workflow %q runs %q, which is not fixed to a commit. write its commit in place of the tag", workflowName(w.Item), open[0].Value).LinkedBy(w.By)
	default:
		in.Unmetf(open[0].At, "workflow %q runs %q and %d more of %d third-party actions, which are not fixed to a commit. write their commits in place of the tags", workflowName(w.Item), open[0].Value, len(open)-1, total).LinkedBy(w.By)
	}
	return true
}

// actionsOf gives what a workflow runs from elsewhere: actions of steps and reusable workflows.
func actionsOf(w *catalog.Workflow) []catalog.Text {
	var all []catalog.Text
	for _, j := range w.Jobs {
		if j.Calls.Value != "" {
			all = append(all, j.Calls)
		}
		for _, s := range j.Steps {
			if s.Uses.Value != "" {
				all = append(all, s.Uses)
			}
		}
	}
	return all
}
