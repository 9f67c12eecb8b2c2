package workflows

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// excuse is why a failure does not count. The zero excuse is none: it counts.
type excuse struct {
	why    string
	unsure bool // only a run knows whether it holds
}

// excuseOf reads a `continue-on-error` of a job with the given matrix, or of one of its steps. Of the values of a matrix,
// one for which a failure counts is enough. whose is put before the words.
func excuseOf(continues, matrix *document.Node, whose string) excuse {
	value := strings.TrimSpace(continues.Str())
	values, known := matrixValues(matrix, value)
	switch {
	case isFalse(value), known && slices.ContainsFunc(values, isFalse):
		return excuse{}
	case isTrue(value), known && !slices.ContainsFunc(values, func(v string) bool { return !isTrue(v) }):
		return excuse{why: whose + "continue-on-error is true"}
	default:
		return excuse{why: whose + "continue-on-error is an expression, which only a run decides", unsure: true}
	}
}

func isFalse(value string) bool { return value == "" || strings.EqualFold(value, "false") }
func isTrue(value string) bool  { return strings.EqualFold(value, "true") }

// excused clears what gates among the tools when there is an excuse.
func excused(tools []catalog.Tool, e excuse) []catalog.Tool {
	for i := range tools {
		if e.why != "" && (tools[i].Gates || tools[i].Unsure) {
			tools[i].Gates, tools[i].Why, tools[i].Unsure = false, e.why, e.unsure
		}
	}
	return tools
}

var (
	endsWithFailure = regexp.MustCompile(`\bexit +(?:[1-9]|"?\$)|\bfalse\s*$`)
	askedOfStep     = regexp.MustCompile(`\bsteps\.([A-Za-z_][\w-]*)\.(outcome|outputs)\b`)
)

// judges gives for what a step leaves behind ("scan.outcome", "scan.outputs") the index of the last step that fails the
// job for it: one that asks for it and whose script ends with a code that is not 0. Each script is looked at once, as far
// as the budget for scripts goes.
func (r *reader) judges(steps []*document.Node, matrix *document.Node) map[string]int {
	last := map[string]int{}
	for i, n := range steps {
		run := n.Get("run").Str()
		if r.judged += len(run); r.judged > maxScripts {
			break
		}
		if !endsWithFailure.MatchString(run) || excuseOf(n.Get("continue-on-error"), matrix, "").why != "" {
			continue
		}
		texts := []string{n.Get("if").Str(), run}
		for _, l := range n.Get("env").Labels() {
			texts = append(texts, l.Value)
		}
		for _, text := range texts {
			for _, asked := range askedOfStep.FindAllStringSubmatch(text, -1) {
				last[asked[1]+"."+asked[2]] = i
			}
		}
	}
	return last
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

// ForgetTests takes the deployments out of a job that deploys to something which is there for its own time: a cluster that
// it sets up, or the imitation of a cloud among the images that are started beside it. So it does with a job that is a test
// by its names, or by those of its workflow, and names no environment. It also takes out what marks such clusters, so every
// job that holds tools of this package is to pass through it.
func ForgetTests(j *catalog.Job, services []string, workflow ...string) {
	setsUp := func(t catalog.Tool) bool { return t.Purpose == testCluster }
	testing := j.Environment.IsZero() && isTest([]string{j.ID.Value, j.Name.Value}, workflow) ||
		slices.ContainsFunc(services, func(image string) bool { return slices.ContainsFunc(imageTools(image, nil, nil), setsUp) }) ||
		slices.ContainsFunc(j.Steps, func(s catalog.Step) bool { return slices.ContainsFunc(s.Tools, setsUp) })
	forgotten := func(t catalog.Tool) bool {
		return setsUp(t) || testing && (t.Purpose == catalog.Deploys || t.Purpose == catalog.RollsBack)
	}
	if !slices.ContainsFunc(j.Steps, func(s catalog.Step) bool { return slices.ContainsFunc(s.Tools, forgotten) }) {
		return
	}
	j.Steps = slices.Clone(j.Steps) // jobs may share them
	for i, s := range j.Steps {
		j.Steps[i].Tools = slices.DeleteFunc(slices.Clone(s.Tools), forgotten)
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
