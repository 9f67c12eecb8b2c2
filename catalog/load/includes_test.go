package load

import (
	"fmt"
	"strings"
	"testing"

	"obsready/catalog"
)

// jobsOf gives "file: job job, elsewhere …" for each workflow.
func jobsOf(e *catalog.Estate) string {
	var all []string
	for _, w := range e.Workflows {
		line := w.At.File + ":"
		for _, j := range w.Jobs {
			line += " " + j.ID.Value
		}
		for _, t := range w.Elsewhere {
			line += " -" + t.Value
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

func TestIncludes(t *testing.T) {
	const job = ": {script: [make]}\n"
	for name, c := range map[string]struct{ files, want string }{
		"none":                {"-- .gitlab-ci.yml --\na" + job, ".gitlab-ci.yml: a"},
		"one":                 {"-- .gitlab-ci.yml --\ninclude: ci/b.yml\na" + job + "-- ci/b.yml --\nb" + job, ".gitlab-ci.yml: a b"},
		"with a slash":        {"-- .gitlab-ci.yml --\ninclude: [{local: /ci/b.yml}]\na" + job + "-- ci/b.yml --\nb" + job, ".gitlab-ci.yml: a b"},
		"transitive":          {"-- .gitlab-ci.yml --\ninclude: ci/b.yml\na" + job + "-- ci/b.yml --\ninclude: ci/c.yml\nb" + job + "-- ci/c.yml --\nc" + job, ".gitlab-ci.yml: a b c"},
		"in a circle":         {"-- .gitlab-ci.yml --\ninclude: ci/b.yml\na" + job + "-- ci/b.yml --\ninclude: [ci/b.yml, .gitlab-ci.yml]\nb" + job, ".gitlab-ci.yml: a b -.gitlab-ci.yml"},
		"by a pattern":        {"-- .gitlab-ci.yml --\ninclude: ci/*.yml\na" + job + "-- ci/b.yml --\nb" + job + "-- ci/c.yml --\nc" + job + "-- ci/d/e.yml --\ne" + job, ".gitlab-ci.yml: a b c"},
		"by a deep pattern":   {"-- .gitlab-ci.yml --\ninclude: ci/**.yml\na" + job + "-- ci/b.yml --\nb" + job + "-- ci/d/e.yml --\ne" + job, ".gitlab-ci.yml: a b e"},
		"missing":             {"-- .gitlab-ci.yml --\ninclude: ci/b.yml\na" + job, ".gitlab-ci.yml: a -ci/b.yml"},
		"broken":              {"-- .gitlab-ci.yml --\ninclude: ci/b.yml\na" + job + "-- ci/b.yml --\nb: [\n", ".gitlab-ci.yml: a -ci/b.yml"},
		"some missing":        {"-- .gitlab-ci.yml --\ninclude: [ci/b.yml, ci/c.yml]\na" + job + "-- ci/b.yml --\nb" + job, ".gitlab-ci.yml: a b -ci/c.yml"},
		"read alone as well":  {"-- .gitlab-ci.yml --\ninclude: x.gitlab-ci.yml\na" + job + "-- x.gitlab-ci.yml --\nb" + job + "-- y.gitlab-ci.yml --\nc" + job, ".gitlab-ci.yml: a b; y.gitlab-ci.yml: c"},
		"of a repository":     {"-- r/.gitlab-ci.yml --\ninclude: ci/b.yml\na" + job + "-- r/ci/b.yml --\nb" + job + "-- ci/b.yml --\nc" + job, "r/.gitlab-ci.yml: a b"},
		"a pipeline of a kid": {"-- .gitlab-ci.yml --\ninclude: x/.gitlab-ci.yml\na" + job + "-- x/.gitlab-ci.yml --\nb" + job, ".gitlab-ci.yml: a b; x/.gitlab-ci.yml: b"},
		"after a header":      {"-- .gitlab-ci.yml --\nspec: {inputs: {x: {default: y}}}\n---\ninclude: ci/b.yml\na" + job + "-- ci/b.yml --\nspec: {inputs: {x: {default: y}}}\n---\nb" + job, ".gitlab-ci.yml: a b"},
	} {
		e := estate(t, c.files, nil)
		if got := jobsOf(e); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestIncludesFillGaps of jobs whose rules stand in an included file.
func TestIncludesFillGaps(t *testing.T) {
	const pipeline = "-- .gitlab-ci.yml --\ninclude: ci/rules.gitlab-ci.yml\na: {extends: .base, script: [make]}\n"
	if e := estate(t, pipeline, nil); len(e.Gaps) != 1 || e.Gaps[0].Cause != catalog.Unreachable {
		t.Errorf("without the file: got gaps %v", e.Gaps)
	}
	e := estate(t, pipeline+"-- ci/rules.gitlab-ci.yml --\n.base: {rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]}\nb: {extends: .other, script: [make]}\n", nil)
	if len(e.Gaps) != 1 || e.Gaps[0].At.File != "ci/rules.gitlab-ci.yml" {
		t.Errorf("what no file defines stays a gap: got %v", e.Gaps)
	}
	if w := e.Workflows[0]; len(w.Jobs) != 2 || len(w.Jobs[0].Triggers) == 0 || w.Jobs[0].Triggers[0].Stage != catalog.OnPullRequest || w.Jobs[1].At.File != "ci/rules.gitlab-ci.yml" {
		t.Errorf("got %+v", w.Jobs)
	}
}

// TestIncludesAreBounded in number and size.
func TestIncludesAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("-- .gitlab-ci.yml --\ninclude: ci/*.yml\n")
	for i := range 2 * maxIncludes {
		fmt.Fprintf(&b, "-- ci/%03d.yml --\nj%03d: {script: [make]}\n", i, i)
	}
	if e := estate(t, b.String(), nil); len(e.Workflows[0].Jobs) != maxIncludes {
		t.Errorf("got %d jobs", len(e.Workflows[0].Jobs))
	}
	e := estate(t, "-- .gitlab-ci.yml --\ninclude: [ci/a.yml, ci/b.yml]\n-- ci/a.yml --\na: {script: [make]}\n#"+strings.Repeat("x", maxIncludeBytes-1000)+"\n-- ci/b.yml --\nb: {script: [make]}\n#"+strings.Repeat("x", 2000)+"\n", nil)
	if got := jobsOf(e); got != ".gitlab-ci.yml: a -ci/b.yml" {
		t.Errorf("got %q", got)
	}
}
