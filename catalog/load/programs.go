package load

import (
	"context"
	"path"
	"slices"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
	"obsready/catalog/mapping"
	"obsready/catalog/mixins"
	"obsready/catalog/tree"
)

// Programs gives jsonnet programs what they may read of a tree: all files of it, those that are ignored among them.
// Close it when done. It is for one goroutine at a time.
func Programs(t *tree.Tree, limit int64) (*ProgramFiles, error) {
	r, err := t.Reader()
	if err != nil {
		return nil, err
	}
	f := &ProgramFiles{reader: r, limit: limit, files: map[string]tree.File{}}
	for _, file := range t.Files() {
		f.files[file.Path] = file
		f.paths = append(f.paths, file.Path)
	}
	return f, nil
}

// ProgramFiles is a tree as jsonnet programs see it.
type ProgramFiles struct {
	reader *tree.Reader
	limit  int64
	files  map[string]tree.File
	paths  []string
}

// Close gives the reader back.
func (f *ProgramFiles) Close() error { return f.reader.Close() }

// byRepository gives the files of each repository by themselves: a program finds nothing in another one, and no library of
// the catalog's own.
func (f *ProgramFiles) byRepository(rootOf func(path string) string) map[string]*ProgramFiles {
	parts := map[string]*ProgramFiles{}
	for _, p := range f.paths {
		root := rootOf(p)
		part := parts[root]
		if part == nil {
			part = &ProgramFiles{reader: f.reader, limit: f.limit, files: map[string]tree.File{}}
			parts[root] = part
		}
		part.files[p] = f.files[p]
		part.paths = append(part.paths, p)
	}
	return parts
}

// Read implements [jsonnet.Files].
func (f *ProgramFiles) Read(p string) ([]byte, bool, error) {
	file, ok := f.files[p]
	if !ok {
		if !f.behindLink(p) {
			return nil, false, nil
		}
		file = tree.File{Path: p, Size: -1, Symlink: true}
	}
	data, gap := f.reader.Read(file, f.limit)
	if !ok && gap != nil && gap.Cause == catalog.Unsupported { // the link leads to no such file
		return nil, false, nil
	}
	if gap != nil {
		return nil, false, jsonnet.Unread{Gap: *gap}
	}
	return data, true, nil
}

// behindLink reports whether a folder on the way to a file is a symbolic link, as those are that jsonnet-bundler makes for
// short names of libraries.
func (f *ProgramFiles) behindLink(p string) bool {
	for dir := path.Dir(p); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if f.files[dir].Symlink {
			return true
		}
	}
	return false
}

// Paths implements [jsonnet.Files].
func (f *ProgramFiles) Paths() []string { return f.paths }

// Hash implements [jsonnet.Files].
func (f *ProgramFiles) Hash(p string) string { return f.files[p].ID }

// readMapping adds to the facts what the catalog's own program returns.
func (l *loader) readMapping(ctx context.Context, facts []catalog.Facts) ([]catalog.Facts, error) {
	if l.options.Jsonnet == nil {
		return facts, nil
	}
	files, err := Programs(l.tree, l.options.MaxFileBytes)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	if mapped, reads, ok := l.readMapped(ctx, files); ok {
		l.leaveEntries(facts, reads)
		facts = l.add(facts, path.Join(l.tree.Root(), mapping.FileName), mapped)
	}
	return facts, ctx.Err()
}

// readMixins adds to the facts the rules and dashboards that jsonnet makes, each repository's by itself.
func (l *loader) readMixins(ctx context.Context, facts []catalog.Facts) ([]catalog.Facts, error) {
	programs := l.programRoots()
	if l.options.Jsonnet == nil || len(programs) == 0 {
		return facts, nil
	}
	files, err := Programs(l.tree, l.options.MaxFileBytes)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	repositories := files.byRepository(l.rootOf)
	plain := map[string]catalog.Facts{}
	for i := range facts {
		root := l.rootOf(l.structured[i].Path)
		of := plain[root]
		of.Add(facts[i])
		plain[root] = of
	}
	for _, root := range programs {
		made, sources := mixins.Read(ctx, l.options.Jsonnet, repositories[root], l.isProgram, plain[root])
		leaveSources(facts, sources)
		facts = l.add(facts, path.Join(root, "mixins"), made)
	}
	return facts, ctx.Err()
}

// leaveSources takes the evidence out of the facts of plain files that programs make other evidence of.
func leaveSources(facts []catalog.Facts, sources catalog.Facts) {
	for i := range facts {
		f := &facts[i]
		f.Alerts = without(f.Alerts, sources.Alerts)
		f.Recordings = without(f.Recordings, sources.Recordings)
		f.Dashboards = without(f.Dashboards, sources.Dashboards)
	}
}

// without gives the items that are not among others.
func without[T comparable](items, others []T) []T {
	if len(others) == 0 {
		return items
	}
	return slices.DeleteFunc(items, func(item T) bool { return slices.Contains(others, item) })
}

// programRoots gives the roots of the repositories that may have jsonnet with rules or dashboards, "" for the catalog's.
func (l *loader) programRoots() []string {
	var roots []string
	for _, p := range l.sorted {
		if mixins.IsPath(p) && l.isProgram(p) {
			if root := l.rootOf(p); !slices.Contains(roots, root) {
				roots = append(roots, root)
			}
		}
	}
	slices.Sort(roots)
	return roots
}

// isProgram reports whether a file is read for the rules and dashboards that it makes. The catalog's own program and its
// own checks are none.
func (l *loader) isProgram(p string) bool {
	_, there := l.paths[p]
	dir := path.Dir(p)
	return there && l.isSeen(p) && p != path.Join(l.tree.Root(), mapping.FileName) && dir != path.Join(l.tree.Root(), checksFolder)
}

// checksFolder is where the catalog has checks of its own, see checks/custom.
const checksFolder = "checks"

// add adds the facts of programs to those of the files, in step with the files.
func (l *loader) add(facts []catalog.Facts, file string, of catalog.Facts) []catalog.Facts {
	l.structured = append(l.structured, tree.File{Path: file})
	return append(facts, of)
}

// readMapped gives what the catalog's own program returns, or the one that the options name, with the files that it read.
func (l *loader) readMapped(ctx context.Context, files jsonnet.Files) (facts catalog.Facts, reads []string, ok bool) {
	p := mapping.Program{File: path.Join(l.tree.Root(), mapping.FileName), Root: l.tree.Root()}
	if l.options.Map != nil {
		p.File, p.Code = l.options.Map.File, l.options.Map.Code
	} else if _, there := l.paths[p.File]; !there {
		return catalog.Facts{}, nil, false
	}
	facts, reads = mapping.Read(ctx, l.options.Jsonnet, files, p)
	return facts, reads, true
}

// leaveEntries takes the entries out of the facts of files that the catalog's program read: what those files list is what
// the program says of them, also when they look like entries of a format that is known.
func (l *loader) leaveEntries(facts []catalog.Facts, reads []string) {
	entry := func(k catalog.Kind) bool { return k == catalog.Services || k == catalog.Teams || k == catalog.Journeys }
	for i := range facts {
		if _, read := slices.BinarySearch(reads, l.structured[i].Path); !read {
			continue
		}
		f := &facts[i]
		f.Services, f.Teams, f.Journeys = nil, nil, nil
		f.Gaps = slices.DeleteFunc(f.Gaps, func(g catalog.Gap) bool {
			return len(g.Kinds) > 0 && !slices.ContainsFunc(g.Kinds, func(k catalog.Kind) bool { return !entry(k) })
		})
	}
}
