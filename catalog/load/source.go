package load

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
)

// hostFolders are folders that hold the settings of the repository around them.
var hostFolders = []string{".github", "workflows", "rulesets", ".circleci", ".husky", ".tekton", ".gitlab", ".azure", ".well-known", ".config", "docs"}

// repositoryFolder gives the folder of the repository that a file of settings is for: ".github/workflows/ci.yaml" is for
// the folder that .github stands in, "" being the whole tree.
func repositoryFolder(file string) string {
	dir := path.Dir(file)
	for slices.Contains(hostFolders, path.Base(dir)) {
		dir = path.Dir(dir)
	}
	if dir == "." {
		return ""
	}
	return dir
}

// within reports whether a file or folder is, or stands below, a folder; everything stands below "".
func within(file, folder string) bool {
	return folder == "" || file == folder || strings.HasPrefix(file, folder+"/")
}

// asideFolders hold files that look like code of the service and are none.
var asideFolders = []string{"testdata", "fixtures", "__fixtures__", "fixture", "examples", "example", "samples", "sample", "templates", "skeleton", "third_party", "test-fixtures"}

func aside(file string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(part string) bool { return slices.Contains(asideFolders, part) })
}

// sourceEcosystems are those whose manifests tell that a folder holds code. A chart or a Terraform module beside the
// entry of a service may deploy code that is elsewhere.
func tellsCode(m *catalog.Manifest) bool {
	return !slices.Contains([]string{"helm", "terraform", "jsonnet", "nix"}, m.Ecosystem)
}

// resolveSources finds out which services have their code in this repository: those whose folder holds a workflow, a
// Dockerfile or the manifest of a programming language, and those whose stated repository is the one that is read.
func (l *loader) resolveSources() {
	code := map[string]catalog.Place{} // folders with code below them, by the first sign of it
	mark := func(at catalog.Place, dir string) {
		for ; ; dir = path.Dir(dir) {
			if dir == "." {
				dir = ""
			}
			if _, known := code[dir]; known {
				return
			}
			code[dir] = at
			if dir == "" {
				return
			}
		}
	}
	for _, w := range l.estate.Workflows {
		mark(w.At, repositoryFolder(w.At.File))
	}
	for _, i := range l.estate.ImageBuilds {
		mark(i.At, path.Dir(i.At.File))
	}
	for _, m := range l.estate.Manifests {
		if tellsCode(m) {
			mark(m.At, path.Dir(m.At.File))
		}
	}
	for _, s := range l.estate.Services {
		folder, own := s.Folder, s.Folder != "" || s == l.index.whole
		inside, same := l.inRepository(s.Repository.Value)
		at, found := code[folder]
		named := l.namedSource(s)
		switch {
		case own && found:
			s.Source = catalog.Source{State: catalog.SourceHere, Folder: folder, At: at}
		case !named.IsZero():
			s.Source = catalog.Source{State: catalog.SourceHere, Folder: folder, At: named}
		case same:
			if inside != "" {
				folder = inside
			}
			s.Source = catalog.Source{State: catalog.SourceHere, Folder: folder, At: s.Repository.At}
		case s.Repository.Value != "":
			s.Source = catalog.Source{State: catalog.SourceElsewhere, At: s.Repository.At}
		}
	}
}

// namedSource gives the place where a service's entry names its workflows, manifests or images.
func (l *loader) namedSource(s *catalog.Service) catalog.Place {
	for _, kind := range []catalog.Kind{catalog.Workflows, catalog.Manifests, catalog.ImageBuilds} {
		for _, g := range s.Wanted.Globs[kind] {
			if len(l.match(rooted(s, g.Value))) > 0 {
				return g.At
			}
		}
	}
	return catalog.Place{}
}

// inRepository reports whether an address is that of the repository that is read, and which folder of it is meant.
func (l *loader) inRepository(address string) (folder string, same bool) {
	web := strings.TrimSuffix(strings.TrimSuffix(l.estate.Revision.Web, "/"), ".git")
	rest, ok := strings.CutPrefix(strings.TrimSuffix(strings.TrimSuffix(address, "/"), ".git"), web)
	if web == "" || !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	for _, marker := range []string{"/tree/", "/blob/", "/-/tree/", "/src/branch/", "/src/"} {
		if below, ok := strings.CutPrefix(rest, marker); ok {
			_, folder, _ = strings.Cut(below, "/")
			if plain, err := url.PathUnescape(folder); err == nil {
				folder = plain
			}
			if _, file := l.paths[folder]; file {
				folder = path.Dir(folder)
			}
			return strings.Trim(path.Clean("/"+folder), "/"), true
		}
	}
	return "", rest == ""
}

// maxFilterFiles bounds how many files of a folder the path filters of a workflow are tried on.
const maxFilterFiles = 2000

// startsFor reports whether changes below a folder can start a workflow: one of its triggers has no path filter, or one
// that lets a file of the folder through.
func (l *loader) startsFor(w *catalog.Workflow, root, folder string) bool {
	if folder == root || len(w.Triggers) == 0 {
		return true
	}
	return slices.ContainsFunc(w.Triggers, func(t catalog.Trigger) bool {
		if len(t.Paths)+len(t.IgnoredPaths) == 0 {
			return true
		}
		files := l.below(folder)
		return slices.ContainsFunc(files[:min(len(files), maxFilterFiles)], func(file string) bool {
			file = strings.TrimPrefix(strings.TrimPrefix(file, root), "/")
			return (len(t.Paths) == 0 || admits(t.Paths, file)) && !admits(t.IgnoredPaths, file)
		})
	})
}

// admits reports whether path filters let a file through; the last pattern that matches decides.
// Source: GitHub Actions, "Filter pattern cheat sheet".
func admits(patterns []catalog.Text, file string) bool {
	in := false
	for _, p := range patterns {
		pattern, not := strings.CutPrefix(p.Value, "!")
		if doublestar.MatchUnvalidated(strings.TrimPrefix(pattern, "/"), file) {
			in = !not
		}
	}
	return in
}

// below gives the files below a folder.
func (l *loader) below(folder string) []string {
	if folder == "" {
		return l.sorted
	}
	from, _ := slices.BinarySearch(l.sorted, folder+"/")
	to := from
	for to < len(l.sorted) && strings.HasPrefix(l.sorted[to], folder+"/") {
		to++
	}
	return l.sorted[from:to]
}
