// Package tree answers "which files does the catalog have at a revision, what are their bytes, and when did each last
// change?". It reads git's own object storage, so nothing is checked out, no git command runs, and a bare repository
// serves as well as a clone.
//
// It never fetches: what a partial or shallow clone lacks is a [catalog.Gap], not a missing file. It never runs hooks
// or filters, never follows a symbolic link out of the repository, and knows nothing of what the files mean.
package tree

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"obsready/catalog"
)

// Options say which state of the repository is read. The zero value is the commit at HEAD.
type Options struct {
	// Ref is the revision: a branch, a tag, a full or abbreviated hash, HEAD, HEAD~3, HEAD^, origin/main.
	// "" is HEAD.
	Ref string
	// WorkTree reads the files of the work tree instead, with uncommitted changes and with untracked files that are
	// not ignored. Ignore rules are those of .gitignore files and .git/info/exclude; those of the user's own
	// configuration are not read, so that the same folder gives the same result for everybody.
	WorkTree bool
}

// File is one file of the catalog.
type File struct {
	Path    string // from the repository's root, with slashes; safe to print and to join
	ID      string // hash of its content as a git blob, in hex; "" when it is not known before reading
	Size    int64  // bytes; -1 when not known before reading
	Symlink bool   // a symbolic link: its ID is "", and Read gives the content of the file it leads to
}

// Tree is the files of a catalog at one revision. Its methods may be called from several goroutines at once.
type Tree struct {
	revision catalog.Revision
	root     string
	files    []File
	gaps     []catalog.Gap

	commit  plumbing.Hash
	shallow map[plumbing.Hash]bool // commits whose parents were not fetched
	pool    *pool                  // nil for a tree in memory
	work    *workTree              // nil unless the work tree is read
	memory  map[string]string      // content by path of a tree in memory
	parts   []part                 // of a union (see Union); between root and here only files and gaps are set then
	mounted map[string]int         // the index in parts of the one at a folder
	closed  atomic.Bool
}

// Revision says which state is read. For a work tree, Commit is "" (its files are at no commit) and Time is that of
// the commit at HEAD.
func (t *Tree) Revision() catalog.Revision { return t.revision }

// Root gives the catalog's folder inside the repository, "" for the whole repository.
func (t *Tree) Root() string { return t.root }

// Files lists the catalog's files by path. Submodules and folders that are repositories of their own are left out,
// links to folders are listed and not entered. The slice must not be changed.
func (t *Tree) Files() []File { return t.files }

// Gaps gives what could not be listed: names that must not be followed or printed, and folders that this clone lacks.
// Anything can be hidden there, so they concern every kind of evidence. The slice must not be changed.
func (t *Tree) Gaps() []catalog.Gap { return t.gaps }

// KeepClosed has nothing stay open between one reader and the next. It is for one of many trees: an open repository costs
// a file and the memory of its index.
func (t *Tree) KeepClosed() error {
	if t.pool == nil {
		return nil
	}
	return t.pool.setLean()
}

// Boundary gives the committer time of the commit at which the history, along first parents, ends before its beginning:
// a file that nothing after it changed is at least so old. ok is false when the history is whole.
func (t *Tree) Boundary() (when time.Time, ok bool, err error) {
	if t.pool == nil || len(t.shallow) == 0 {
		return when, false, nil
	}
	o, err := t.pool.get()
	if err != nil {
		return when, false, err
	}
	defer t.pool.put(o)
	for h := t.commit; ; {
		c, err := o.commit(h)
		if err != nil {
			return time.Time{}, false, boundary(err) // a partial clone, of which nothing is known
		}
		if t.shallow[h] || len(c.parents) == 0 {
			return c.time, t.shallow[h], nil
		}
		h = c.parents[0]
	}
}

// Close releases open files. Close the readers first. What another tree of the same storage needs stays open, see
// [Tree.At]. Closing a tree again does nothing.
func (t *Tree) Close() error {
	if t.closed.Swap(true) {
		return nil
	}
	if t.parts != nil {
		return t.closeParts()
	}
	if t.work != nil {
		defer t.work.root.Close()
	}
	if t.pool == nil {
		return nil
	}
	return t.pool.close()
}

// LastChanged gives for each of the paths the committer time of the last commit that changed it, along first parents
// from the tree's revision: a change that came by a merge has the time of the merge. One walk over the history answers
// all paths. It ends when all are answered, when since is passed, and where a shallow or partial clone ends.
//
// A path that is absent from the answer last changed before since, or before what this clone holds, or is no file of
// the tree. A zero since means the whole history. In a work tree, a file that differs from the commit at HEAD counts
// as changed at Revision's Time. The result is as old as the files were made for [FromFiles].
//
// When the history of mounted repositories cannot be read, the error is a [HistoryError] and the other answers hold.
func (t *Tree) LastChanged(paths []string, since time.Time) (map[string]time.Time, error) {
	if t.parts != nil {
		return t.lastChangedParts(paths, since)
	}
	answers := make(map[string]time.Time, len(paths))
	if t.pool == nil {
		for _, p := range paths {
			if _, ok := t.memory[p]; ok {
				answers[p] = t.revision.Time
			}
		}
		return answers, nil
	}
	o, err := t.pool.get()
	if err != nil {
		return nil, err
	}
	defer t.pool.put(o)
	paths = t.present(paths)
	if t.work != nil {
		if paths, err = t.committed(o, paths, answers); err != nil {
			return nil, err
		}
	}
	w := newHistory(o, t.shallow, paths, func(at moment, p string, _, _ state) (bool, error) {
		answers[p] = at.time
		return false, nil
	})
	return answers, w.walk(t.commit, since)
}

// file gives the listed file of the given path.
func (t *Tree) file(p string) (File, bool) {
	i, ok := slices.BinarySearchFunc(t.files, p, func(f File, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return File{}, false
	}
	return t.files[i], true
}

// present gives those of the paths that are files of the tree, each once.
func (t *Tree) present(paths []string) []string {
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	return slices.DeleteFunc(paths, func(p string) bool {
		_, ok := t.file(p)
		return !ok
	})
}
