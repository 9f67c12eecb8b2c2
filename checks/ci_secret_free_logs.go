package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var ciSecretFreeLogs = &Check{
	ID:       "ci-secret-free-logs",
	Title:    "Pipelines neither print secrets nor log for debugging",
	Why:      "Logs of pipelines are read by many and kept for long. Hosts mask a secret only in the very form in which they know it: encoded, cut or split it stands in clear.",
	Fix:      "Hand a secret to a command through its standard input or an environment variable, and take out `echo`, `printenv`, `set -x` and debug switches from steps that have one.",
	Source:   "OWASP Top 10 CI/CD Security Risks, CICD-SEC-6 \"Insufficient Credential Hygiene\"; GitHub Actions, \"Secure use reference\".",
	Pillar:   Delivery,
	Question: Protect,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Run: func(in *Inspection) {
		if !codeRead(in) {
			return
		}
		for _, w := range workflowsOf(in) {
			if at, fault := leak(w.Item); fault != "" {
				in.Unmetf(at, "workflow %q %s", workflowName(w.Item), fault).LinkedBy(w.By)
			} else {
				in.Metf(w.Item.At, "no step of workflow %q is seen to print a secret or to log for debugging", workflowName(w.Item)).LinkedBy(w.By)
			}
		}
		unreadWorkflows(in)
	},
}

// debugSwitches make a host, a runner or a tool print what it does, secrets among it, with the values that do.
// GitHub's own switches (ACTIONS_STEP_DEBUG) work as secrets and variables of the repository only, which no file shows.
// Sources: GitHub, "Enabling debug logging" and "Variables reference"; GitLab, "Debug logging"; Azure Pipelines, "Review logs"; Terraform, "Debugging".
var debugSwitches = map[string][]string{
	"RUNNER_DEBUG": {"true", "1"}, "CI_DEBUG_TRACE": {"true", "1"}, "SYSTEM.DEBUG": {"true"}, "SYSTEM_DEBUG": {"true"}, "TF_LOG": {"debug", "trace"},
}

// leak gives the first place at which a workflow shows secrets, with how it does; "" when none is seen to.
func leak(w *catalog.Workflow) (catalog.Place, string) {
	if l, ok := debugged(w.Env); ok {
		return l.At, "turns debug logging on for all jobs with " + l.Key + ". take it out"
	}
	for i := range w.Jobs {
		j := &w.Jobs[i]
		if l, ok := debugged(j.Env); ok {
			return l.At, fmt.Sprintf("turns debug logging on for job %q with %s. take it out", jobName(j), l.Key)
		}
		for _, s := range j.Steps {
			if l, ok := debugged(s.Env); ok {
				return l.At, fmt.Sprintf("turns debug logging on in job %q with %s. take it out", jobName(j), l.Key)
			}
			if fault := delivery.ShowsSecret(w.Format, s.Run.Value, slices.Concat(s.Env, j.Env, w.Env)); fault != "" {
				return s.Run.At.Or(s.At), fmt.Sprintf("has a step in job %q that %s", jobName(j), fault)
			}
		}
	}
	return catalog.Place{}, ""
}

func debugged(env []catalog.Label) (catalog.Label, bool) {
	for _, l := range env {
		if slices.Contains(debugSwitches[strings.ToUpper(l.Key)], strings.ToLower(l.Value)) {
			return l, true
		}
	}
	return catalog.Label{}, false
}
