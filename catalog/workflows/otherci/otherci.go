// Package otherci reads pipelines other than those of GitHub Actions, and the hooks that run before a commit: GitLab CI,
// Azure Pipelines, CircleCI, Tekton, Jenkins, pre-commit, lefthook and husky. It answers "which jobs are there, when do
// they run, and which known tools do they use?" and never "is that enough?".
//
// It reads what decides the stage of a tool: triggers and the conditions of jobs, their order, what waits for a person,
// and whether a failure counts. It runs nothing and fetches nothing: what a pipeline takes from elsewhere is named in
// catalog.Workflow.Elsewhere.
//
// # When a job runs
//
// Conditions are worked out for the occasions on which a pipeline can start: a merge request, a push to a branch of a
// change, a push to the default branch, a tag, the clock, a person (see occasion). A trigger that a file states nothing
// about is what the format's own defaults say: GitLab, Azure and CircleCI run for every push, so that a job without any
// condition runs before a merge. What starts a Jenkins job stands in Jenkins and not in its Jenkinsfile: it is taken to
// run after a merge, unless the file asks for a branch or a pull request, which only multibranch projects have.
//
// What runs on none of these, but for a branch with a name of its own or when its variables are set, has stage
// catalog.Manual; catalog.NoStage is for what is turned off.
//
// A job that waits for a person has an Approval, and stage catalog.Manual for every trigger: it does not run by itself.
//
// # What is not kept
//
// Variables and inputs whose names or values look like credentials are kept without their values.
package otherci

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// IsText reports whether a file of this path is for ReadText, and not YAML for Read.
func IsText(file string) bool {
	format := workflows.FormatOf(file)
	return format == "jenkins" || format == "husky"
}

// Read gives the pipelines of a document, by the format that its path tells; false when it holds none. A Tekton
// document is recognised at any path.
func Read(d document.Document) (catalog.Facts, bool) {
	facts, ok := read(d)
	forgetTests(facts)
	return facts, ok
}

func read(d document.Document) (catalog.Facts, bool) {
	switch workflows.FormatOf(d.File) {
	case "gitlab":
		return ReadGitLab(d)
	case "azure":
		return ReadAzure(d)
	case "circleci":
		return ReadCircleCI(d)
	case "pre-commit":
		return ReadPreCommit(d)
	case "lefthook":
		return ReadLefthook(d)
	}
	return ReadTekton(d)
}

// ReadText gives the pipeline of a file that is not YAML: a Jenkinsfile or a script of husky. It is false when the path
// is that of neither, or nothing of the kind stands in the file.
func ReadText(file string, data []byte) (catalog.Facts, bool) {
	facts, ok := readText(file, data)
	forgetTests(facts)
	return facts, ok
}

// forgetTests takes the deployments that are only tests out of all jobs.
func forgetTests(facts catalog.Facts) {
	for _, w := range facts.Workflows {
		for i := range w.Jobs {
			workflows.ForgetTests(&w.Jobs[i], nil, w.Name.Value)
		}
	}
}

func readText(file string, data []byte) (catalog.Facts, bool) {
	switch workflows.FormatOf(file) {
	case "jenkins":
		return ReadJenkins(file, data)
	case "husky":
		return ReadHusky(file, data)
	}
	return catalog.Facts{}, false
}

// identifiers counts the IDs that were given to jobs.
type identifiers map[string]int

// unique gives an ID, with a number after it when it was given before: the branches of a condition and parallel stages
// may repeat names.
func (ids identifiers) unique(id string) string {
	if ids[id]++; ids[id] > 1 {
		return id + "#" + strconv.Itoa(ids[id])
	}
	return id
}

// decode gives the text of a file without byte-order mark and carriage returns, or the gap that it is no text.
func decode(file string, data []byte) (string, *catalog.Gap) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", &catalog.Gap{Kinds: []catalog.Kind{catalog.Workflows}, At: catalog.Place{File: file}, Cause: catalog.Encoding, Detail: "the file is not UTF-8 text. save it as UTF-8"}
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n"), nil
}
