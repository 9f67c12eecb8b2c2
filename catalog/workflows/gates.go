package workflows

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// excuse says why a failure does not count because of `continue-on-error`; "" when it counts. An expression counts as
// an excuse: only a run knows its value. whose is put before the words.
func excuse(continues *document.Node, whose string) string {
	value := strings.TrimSpace(continues.Str())
	switch {
	case value == "" || strings.EqualFold(value, "false"):
		return ""
	case strings.EqualFold(value, "true"):
		return whose + "continue-on-error is true"
	default:
		return whose + "continue-on-error is an expression, which only a run decides"
	}
}

// excused clears what gates among the tools when there is an excuse.
func excused(tools []catalog.Tool, why string) []catalog.Tool {
	for i := range tools {
		if why != "" && tools[i].Gates {
			tools[i].Gates, tools[i].Why = false, why
		}
	}
	return tools
}

var endsWithFailure = regexp.MustCompile(`\bexit +(?:[1-9]|"?\$)|\bfalse\s*$`)

// judgedLater reports whether a later step fails the job for what the step of this ID left behind: it asks for the given
// field of the step ("outcome", "outputs") and its script ends with a code that is not 0.
func judgedLater(id, field string, later []*document.Node) bool {
	if id == "" {
		return false
	}
	asked := "steps." + id + "." + field
	return slices.ContainsFunc(later, func(n *document.Node) bool {
		run := n.Get("run").Str()
		if excuse(n.Get("continue-on-error"), "") != "" || !endsWithFailure.MatchString(run) {
			return false
		}
		return strings.Contains(n.Get("if").Str(), asked) || strings.Contains(run, asked) ||
			slices.ContainsFunc(n.Get("env").Labels(), func(l catalog.Label) bool { return strings.Contains(l.Value, asked) })
	})
}

// Names of jobs and workflows that only test, and of those that also deploy.
var (
	testName    = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:e2e|end-to-end|integration|smoke|chaos|tests?|conformance|kind|k3d|minikube|chainsaw)(?:[^a-z]|$)`)
	releaseName = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:deploy|release|publish|promote|cd|delivery|production|staging)(?:[^a-z]|$)`)
)

// isTest reports whether a job only tests by its own names, or by its workflow's when its own say nothing.
func isTest(job, workflow []string) bool {
	if slices.ContainsFunc(job, releaseName.MatchString) {
		return false
	}
	return slices.ContainsFunc(job, testName.MatchString) ||
		slices.ContainsFunc(workflow, testName.MatchString) && !slices.ContainsFunc(workflow, releaseName.MatchString)
}

// forgetTests takes deployments out of a job that sets up a cluster for its own time, or that is a test by its name and
// names no environment.
func forgetTests(j *catalog.Job, workflow ...string) {
	testing := j.Environment.IsZero() && isTest([]string{j.ID.Value, j.Name.Value}, workflow)
	for _, s := range j.Steps {
		testing = testing || slices.ContainsFunc(s.Tools, func(t catalog.Tool) bool { return t.Purpose == testCluster })
	}
	for i := range j.Steps {
		j.Steps[i].Tools = slices.DeleteFunc(j.Steps[i].Tools, func(t catalog.Tool) bool {
			return t.Purpose == testCluster || testing && (t.Purpose == catalog.Deploys || t.Purpose == catalog.RollsBack)
		})
	}
}

// jobShell gives the interpreter of a job's scripts as `shell` names it; "" is GitHub's default, `bash -e`.
func jobShell(job, root *document.Node) string {
	for _, n := range []*document.Node{job, root} {
		if shell := n.Get("defaults", "run", "shell").Str(); shell != "" {
			return shell
		}
	}
	for _, label := range job.Get("runs-on").Texts() {
		if strings.HasPrefix(strings.ToLower(label.Value), "windows") {
			return "pwsh"
		}
	}
	return ""
}

// shellOf gives how GitHub runs a script by the value of `shell`, and whether that is a shell whose scripts can be read.
// Source: docs.github.com, "Workflow syntax for GitHub Actions", jobs.<job_id>.steps[*].shell.
func shellOf(interpreter string) (Shell, bool) {
	words := strings.Fields(interpreter)
	switch {
	case len(words) == 0, len(words) == 1 && words[0] == "sh":
		return Shell{ErrExit: true}, true
	case len(words) == 1 && words[0] == "bash":
		return Shell{ErrExit: true, PipeFail: true}, true
	case !shells[programOf(words[0])]:
		return Shell{}, false
	}
	var s Shell
	for _, w := range words[1:] {
		s.PipeFail = s.PipeFail || w == "pipefail"
		s.ErrExit = s.ErrExit || strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.Contains(w, "e")
	}
	return s, true
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word
}
