package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
)

var ciLeastPrivilege = &Check{
	ID:       "ci-least-privilege",
	Title:    "Pipelines get the permissions that they need, and no more",
	Why:      "Whatever runs in a pipeline, a compromised action or test among it, can do what the pipeline's token can do. A token that writes lets it change code and releases.",
	Fix:      "Write `permissions: {contents: read}` at the top of each workflow, and give the one job that needs more its own `permissions`.",
	Source:   "OpenSSF Scorecard, Token-Permissions; GitHub Actions, \"Assigning permissions to jobs\"; zizmor, excessive-permissions.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Run: func(in *Inspection) {
		if !codeRead(in) {
			return
		}
		judged := false
		for _, w := range workflowsOf(in) {
			if w.Item.Format == "github" && len(w.Item.Jobs) > 0 && !onlyCalled(w.Item) {
				judged = true
				requireLeast(in, w)
			}
		}
		unreadWorkflows(in)
		if !judged {
			in.NotApplicablef("no pipeline of the service that states its token's permissions was found: those of GitHub Actions do")
		}
	},
}

// onlyCalled reports whether a workflow states nothing and is only called by others, so that its token is theirs.
func onlyCalled(w *catalog.Workflow) bool {
	return w.Permissions.At.IsZero() && len(w.Triggers) > 0 &&
		!slices.ContainsFunc(w.Triggers, func(t catalog.Trigger) bool { return t.Stage != catalog.OnCall })
}

// requireLeast states whether a workflow's token, and those of its jobs, are limited.
func requireLeast(in *Inspection, w catalog.Linked[catalog.Workflow]) {
	p, name := w.Item.Permissions, workflowName(w.Item)
	if fault := excess(w.Item); fault != "" {
		in.Unmetf(p.At, "workflow %q %s. write permissions: {contents: read} at its top, and more at the job that needs it", name, fault).LinkedBy(w.By)
		return
	}
	for i := range w.Item.Jobs {
		j := &w.Item.Jobs[i]
		switch {
		case j.Permissions.All.Value == "write-all":
			in.Unmetf(j.Permissions.At, "job %q of workflow %q may write everything: permissions is %q. list the scopes that it needs", jobName(j), name, j.Permissions.All.Value).LinkedBy(w.By)
			return
		case p.At.IsZero() && j.Permissions.At.IsZero():
			in.Unmetf(w.Item.At, "workflow %q states no permissions for job %q, so its token has what the repository's settings give, which may be to write everything. write permissions: {contents: read} at its top", name, jobName(j)).
				Because("workflow permissions unstated", "workflows state no permissions for their token").LinkedBy(w.By)
			return
		}
	}
	in.Metf(p.At.Or(w.Item.At), "workflow %q states what its jobs may do", name).LinkedBy(w.By)
}

// excess says what is too much in the permissions of a whole workflow, "" for nothing. They hold for the jobs that state
// none of their own; when that is a single one, its scopes may stand there.
func excess(w *catalog.Workflow) string {
	heirs := 0
	for _, j := range w.Jobs {
		if j.Permissions.At.IsZero() {
			heirs++
		}
	}
	if all := w.Permissions.All.Value; all == "write-all" && heirs > 0 {
		return fmt.Sprintf("lets its token write everything: permissions is %q", all)
	}
	scopes := w.Permissions.Scopes
	if i := slices.IndexFunc(scopes, func(l catalog.Label) bool { return l.Value == "write" }); i >= 0 && heirs > 1 {
		return fmt.Sprintf("lets %d of its jobs write %s", heirs, scopes[i].Key)
	}
	return ""
}
