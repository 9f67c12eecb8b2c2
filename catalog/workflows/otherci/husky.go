package otherci

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// ReadHusky gives the hook that a script of husky is, as one job; false when its name is not that of one of Git's hooks,
// or it runs nothing.
// Source: typicode.github.io/husky; husky runs the script with `sh -e`.
func ReadHusky(file string, data []byte) (catalog.Facts, bool) {
	hook := path.Base(file)
	if !slices.Contains(gitHooks, hook) {
		return catalog.Facts{}, false
	}
	text, gap := decode(file, data)
	if gap != nil {
		return catalog.Facts{Gaps: []catalog.Gap{*gap}}, true
	}
	if !runsSomething(text) {
		return catalog.Facts{}, false
	}
	var f findings
	at := catalog.Place{File: file, Line: 1, Col: 1}
	name := catalog.Text{Value: hook, At: at}
	s := script{text: text}
	for i := range strings.Count(text, "\n") + 1 {
		s.lines = append(s.lines, line{at: catalog.Place{File: file, Line: i + 1, Col: 1}, exact: true})
	}
	step := catalog.Step{Name: name, Run: catalog.Text{Value: text, At: at}, Tools: f.tools(workflows.Shell{ErrExit: true}, s), At: at}
	job := catalog.Job{ID: name, Name: name, Steps: []catalog.Step{step}, At: at}
	w := &catalog.Workflow{Format: "husky", Name: name, Triggers: []catalog.Trigger{{Event: name, Stage: catalog.OnCommit}}, Jobs: []catalog.Job{job}, At: at}
	return catalog.Facts{Workflows: []*catalog.Workflow{w}, Gaps: f.gaps}, true
}

// runsSomething reports whether a line is neither blank, nor a comment, nor the call by which husky starts itself.
func runsSomething(text string) bool {
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l != "" && !strings.HasPrefix(l, "#") && !strings.Contains(l, "husky.sh") {
			return true
		}
	}
	return false
}
