package load

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
	"obsready/catalog/tree"
)

// mount is another repository that is read for the services which name it, or a folder of it. All of its files stand in
// the tree, so that links lead to them, but only some are read for what they show: those below the folders that are
// named, what stands around them for the whole repository, and what these services name as their evidence.
type mount struct {
	folder   string // in the tree
	tree     *tree.Tree
	services []*catalog.Service            // that name it
	named    map[string][]*catalog.Service // by the folder that they name, as it is in the tree
	above    map[string]bool               // the folders above those that are named
	globs    []string                      // by which the services name evidence in it, from the root of the tree
	damaged  bool                          // its history cannot be read
}

// begun gives since when a file is unchanged at least that nothing changed since a day, as far as the history goes back;
// the zero time when that is not known.
func (m *mount) begun(since time.Time) time.Time {
	boundary, cut, err := m.tree.Boundary()
	switch {
	case m.damaged || err != nil:
		return time.Time{}
	case cut && boundary.After(since):
		return boundary
	}
	return since
}

// name notes that a service names a folder of the repository, "" for the whole of it, and gives the folder in the tree.
func (m *mount) name(s *catalog.Service, inner string) (folder string) {
	m.services = append(m.services, s)
	folder = path.Join(m.folder, inner)
	m.named[folder] = append(m.named[folder], s)
	for dir := folder; dir != m.folder; {
		dir = path.Dir(dir)
		m.above[dir] = true
	}
	for _, globs := range s.Wanted.Globs {
		for _, g := range globs {
			if glob := rooted(s, g.Value); strings.HasPrefix(glob, m.folder+"/") {
				m.globs = append(m.globs, glob)
			}
		}
	}
	return folder
}

// shows reports whether a file or folder is read for what it shows: it stands below a folder that is named, or it may be a
// setting of the repository around one, as CODEOWNERS, a lockfile of all projects and what is below .github are.
func (m *mount) shows(l *loader, p string) bool {
	if slices.ContainsFunc(m.globs, func(g string) bool { return doublestar.MatchUnvalidated(g, p) }) {
		return true
	}
	for dir := p; ; dir = path.Dir(dir) {
		switch {
		case m.named[dir] != nil:
			return true
		case m.above[dir]:
			rest := strings.TrimPrefix(strings.TrimPrefix(p, dir), "/")
			return !strings.Contains(rest, "/") || rest[0] == '.' || l.repositoryFolder(p) == dir
		case dir == m.folder:
			return false
		}
	}
}

// mountOf gives the mounted repository that a file or folder is in, nil for the catalog's own.
func (l *loader) mountOf(p string) *mount {
	if len(l.mounts) == 0 {
		return nil
	}
	for dir := p; dir != "." && dir != "/"; dir = path.Dir(dir) {
		if m := l.mounts[dir]; m != nil {
			return m
		}
	}
	return nil
}

// rootOf gives the folder of the tree that is the root of a file's repository, "" for the catalog's own.
func (l *loader) rootOf(p string) string {
	if m := l.mountOf(p); m != nil {
		return m.folder
	}
	return ""
}

// inner gives a path as it is in its repository: what a path tells does not depend on where the repository is mounted.
func (l *loader) inner(p string) string {
	if root := l.rootOf(p); root != "" {
		return strings.TrimPrefix(strings.TrimPrefix(p, root), "/")
	}
	return p
}

// isSeen reports whether a file is read for what it shows, and not only when a link leads to it.
func (l *loader) isSeen(p string) bool {
	m := l.mountOf(p)
	return m == nil || m.shows(l, p)
}

// mayBeAbout reports whether evidence in a file may be a service's for other reasons than that somebody names it: what
// other repositories hold is about the services that name them.
func (l *loader) mayBeAbout(file string, s *catalog.Service) bool {
	m := l.mountOf(file)
	return m == nil || slices.Contains(m.services, s)
}

// partlySeen reports whether a file is in another repository that is not read as a whole.
func (l *loader) partlySeen(file string) bool {
	m := l.mountOf(file)
	return m != nil && m.named[m.folder] == nil
}
