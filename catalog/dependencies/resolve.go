package dependencies

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
)

// Resolve sets LockedBy of every manifest that declares dependencies: to itself when it locks them too, else to a
// lockfile of its ecosystem in its folder, else to one in the nearest folder above whose workspace it belongs to. A
// lockfile without packages locks nothing, and one that its tool would not use for the manifest does not count: that of
// Poetry for a requirements file, that of a root project for the projects below it where Gradle keeps one for each.
// Manifests that nothing locks have none, also those of libraries, whose lockfiles are customarily not committed.
func Resolve(all []*catalog.Manifest) {
	r := resolver{}
	for _, m := range all {
		key := location{m.Ecosystem, folderOf(m)}
		r[key] = append(r[key], m)
	}
	for _, found := range r {
		slices.SortStableFunc(found, func(a, b *catalog.Manifest) int { return a.At.Compare(b.At) })
	}
	for _, m := range all {
		if m.LockedBy = nil; m.Declares {
			m.LockedBy = r.lockOf(m)
		}
	}
}

// location is where manifests and lockfiles look for each other.
type location struct{ ecosystem, folder string }

type resolver map[location][]*catalog.Manifest

// folderOf gives the folder that a file is about.
func folderOf(m *catalog.Manifest) string {
	dir, base := path.Split(m.At.File)
	dir = path.Clean(dir)
	switch {
	case base == "verification-metadata.xml":
		dir = path.Dir(dir)
	case path.Base(dir) == "dependency-locks":
		dir = path.Dir(path.Dir(dir))
	}
	return dir
}

func (r resolver) lockOf(m *catalog.Manifest) *catalog.Manifest {
	if m.Lock {
		return m
	}
	folder := folderOf(m)
	beside := r[location{m.Ecosystem, folder}]
	for _, lock := range beside {
		if locks(lock, m) {
			return lock
		}
	}
	if c := r.constrained(m); c != nil {
		return c
	}
	if isOwnRoot(m.Ecosystem, beside) {
		return nil
	}
	for above := folder; above != "." && above != "/"; {
		above = path.Dir(above)
		found := r[location{m.Ecosystem, above}]
		relative := strings.TrimPrefix(folder, above+"/")
		if !slices.ContainsFunc(found, func(w *catalog.Manifest) bool { return isMember(w, relative) }) {
			continue
		}
		for _, lock := range found {
			if locksMembers(lock) {
				return lock
			}
		}
		return nil
	}
	return nil
}

// isOwnRoot reports whether a folder begins a workspace that belongs to no other one.
func isOwnRoot(ecosystem string, beside []*catalog.Manifest) bool {
	return (ecosystem == "cargo" || ecosystem == "gradle") && slices.ContainsFunc(beside, func(m *catalog.Manifest) bool { return len(m.Members) > 0 })
}

// locks reports whether a lockfile in a manifest's folder is the one that its tool uses for it.
func locks(lock, m *catalog.Manifest) bool {
	if !lock.Lock || lock.Packages == 0 || lock == m {
		return false
	}
	if m.Ecosystem != "pypi" {
		return true
	}
	manifest, name := path.Base(m.At.File), path.Base(lock.At.File)
	switch manifest {
	case "Pipfile":
		return name == "Pipfile.lock"
	case "pyproject.toml", "setup.py", "setup.cfg":
		return name == "poetry.lock" || name == "uv.lock" || name == "pdm.lock" || name == "pylock.toml" || name == "requirements.txt" || name == "requirements.lock"
	}
	stem := strings.TrimSuffix(manifest, path.Ext(manifest))
	compiled := strings.TrimSuffix(name, path.Ext(name))
	return isRequirements("", name) && slices.Contains([]string{stem, stem + "-lock", stem + "_lock", stem + ".lock"}, compiled) || lock.Tool == "pip" && compiled == stem
}

// constrained gives the constraints file that fixes all versions of a requirements file.
func (r resolver) constrained(m *catalog.Manifest) *catalog.Manifest {
	for _, c := range m.Constraints {
		for _, lock := range r[location{m.Ecosystem, path.Dir(c.Value)}] {
			if lock.At.File == c.Value && lock.Lock && lock.Packages >= m.Packages {
				return lock
			}
		}
	}
	return nil
}

// locksMembers reports whether a lockfile of a workspace's root also locks the folders below.
func locksMembers(lock *catalog.Manifest) bool {
	if !lock.Lock || lock.Packages == 0 {
		return false
	}
	switch lock.Ecosystem {
	case "gradle": // a project's lockfile is its own; checksums are the whole build's
		return path.Base(lock.At.File) == "verification-metadata.xml"
	case "pypi":
		return lock.Tool == "uv"
	}
	return true
}

// isMember reports whether a folder, relative to the workspace's, is one of its members. A later glob overrules an
// earlier one, as "!packages/old" does.
func isMember(workspace *catalog.Manifest, folder string) bool {
	member := false
	for _, glob := range workspace.Members {
		pattern, negated := strings.CutPrefix(glob.Value, "!")
		if member == negated && isCheap(pattern) {
			if ok, err := doublestar.Match(pattern, folder); err == nil && ok {
				member = !negated
			}
		}
	}
	return member
}

// isCheap refuses globs whose matching could take exponential time.
func isCheap(pattern string) bool {
	return len(pattern) <= 256 && strings.Count(pattern, "*") <= 8 && strings.Count(pattern, "{") <= 3
}
