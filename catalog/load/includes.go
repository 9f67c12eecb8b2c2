package load

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/secrets"
	"obsready/catalog/tree"
	"obsready/catalog/workflows/otherci"
)

// Bounds of what one pipeline of GitLab takes in. What is beyond them is named in Workflow.Elsewhere like a file that is
// not there.
const (
	maxIncludes     = 50
	maxIncludeBytes = 2 << 20
)

// joinIncludes reads the pipelines of GitLab again with the files of the repository that they include, as GitLab does. What
// those files gave when they were read alone is dropped.
func (l *loader) joinIncludes() error {
	e := &l.estate
	if !slices.ContainsFunc(e.Workflows, isPipeline) {
		return nil
	}
	r, err := l.tree.Reader()
	if err != nil {
		return err
	}
	alone := map[string]bool{} // files that are part of another one's pipeline
	var dropped, added []catalog.Gap
	for i, w := range e.Workflows {
		if !isPipeline(w) {
			continue
		}
		p := pipeline{loader: l, reader: r, root: folderOf(w.At.File), left: maxIncludeBytes, seen: map[string]bool{w.At.File: true}}
		own := slices.DeleteFunc(p.parse(w.At.File), func(d document.Document) bool { return d.Root == nil || d.Root.At != w.At })
		if len(own) != 1 {
			continue
		}
		if p.include(own[0]); len(p.included) == 0 {
			continue
		}
		joined, ok := otherci.ReadGitLab(own[0], p.included...)
		if !ok {
			continue
		}
		e.Workflows[i] = joined.Workflows[0]
		for _, d := range append(own, p.included...) {
			facts, _ := otherci.ReadGitLab(d)
			dropped = append(dropped, facts.Gaps...)
			alone[d.Root.At.File] = alone[d.Root.At.File] || d.Root.At.File != w.At.File
		}
		added = append(added, joined.Gaps...)
	}
	e.Workflows = slices.DeleteFunc(e.Workflows, func(w *catalog.Workflow) bool { return alone[w.At.File] && !isPipeline(w) })
	e.Gaps = slices.DeleteFunc(e.Gaps, func(g catalog.Gap) bool {
		return slices.ContainsFunc(dropped, func(d catalog.Gap) bool { return d.At == g.At && d.Cause == g.Cause && d.Detail == g.Detail })
	})
	e.Gaps = append(e.Gaps, added...)
	return r.Close()
}

// isPipeline reports whether a workflow is a pipeline that GitLab starts, and no part of one.
func isPipeline(w *catalog.Workflow) bool {
	base := path.Base(w.At.File)
	return w.Format == "gitlab" && (base == ".gitlab-ci.yml" || base == ".gitlab-ci.yaml")
}

// pipeline collects the local includes of a pipeline.
type pipeline struct {
	*loader
	reader   *tree.Reader
	root     string // folder of the repository
	left     int64  // bytes that may still be read
	seen     map[string]bool
	included []document.Document
}

// include collects what a document includes, and what that includes, each file once.
func (p *pipeline) include(d document.Document) {
	for _, local := range otherci.LocalIncludes(d) {
		pattern := pathFilter("", []catalog.Text{local})
		for _, file := range pattern.candidates(p.below(p.rootOf(p.root)), p.root) {
			name := strings.TrimPrefix(strings.TrimPrefix(file, p.root), "/")
			if p.seen[file] || len(p.seen) > maxIncludes || !pattern.admits(name) {
				continue
			}
			p.seen[file] = true
			for _, inner := range p.parse(file) {
				inner.File = name // as includes write it
				p.included = append(p.included, inner)
				p.include(inner)
			}
		}
	}
}

// parse gives the documents of a file. One that cannot be read gives none, and stays named in Workflow.Elsewhere.
func (p *pipeline) parse(file string) []document.Document {
	data, gap := p.reader.Read(p.paths[file], p.left)
	if gap != nil {
		return nil
	}
	p.left -= int64(len(data))
	data, _ = secrets.Mask(file, data)
	docs, _ := document.ParseYAML(file, data)
	return docs
}
