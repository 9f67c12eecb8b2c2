package tree

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

var errNoCommits = errors.New("the tree is not one of commits")

// ErrNoFolder says that a commit does not have the folder of the catalog, as one from before the catalog was begun.
var ErrNoFolder = errors.New("there is no such folder")

// At gives the same catalog, which is the same folder of the same repository, as it was at another commit, which is named
// by its full hash as in [Tree.Log]. Of a work tree it gives the committed files, of a union the files of the catalog's own
// repository without the mounts. Ref and web address of its revision are those of the tree.
//
// The two trees share one storage, and so do further ones: what a listing or a walk over the history has found out is kept
// for the next one. Each tree is closed by itself, in any order, and the storage with the last of them.
//
// The error wraps [ErrNoFolder] when the commit does not have the catalog's folder. A tree of [FromFiles] has no commits.
func (t *Tree) At(commit string) (*Tree, error) {
	if t.parts != nil {
		return t.parts[0].tree.At(commit)
	}
	if t.pool == nil {
		return nil, errNoCommits
	}
	if !plumbing.IsHash(commit) {
		return nil, fmt.Errorf("%q is not the full hash of a commit", commit)
	}
	at := &Tree{root: t.root, revision: t.revision, commit: plumbing.NewHash(commit), shallow: t.shallow, pool: t.pool}
	at.revision.WorkTree, at.revision.Mounts = false, nil
	t.pool.remember()
	o, err := t.pool.get()
	if err != nil {
		return nil, err
	}
	defer t.pool.put(o)
	if err := at.listCommit(o, fmt.Sprintf("at the commit %s", commit)); err != nil {
		return nil, err
	}
	t.pool.share()
	return at, nil
}

// Changed gives the paths of the catalog's files that one of two commits has and the other has not, or has with another
// content or mode, in order. Only tree objects are compared, and of those only the ones that differ. It fails when this
// clone lacks one of them.
func (t *Tree) Changed(from, to string) ([]string, error) {
	if t.parts != nil {
		return t.parts[0].tree.Changed(from, to)
	}
	if t.pool == nil {
		return nil, errNoCommits
	}
	o, err := t.pool.get()
	if err != nil {
		return nil, err
	}
	defer t.pool.put(o)
	old, err := t.folderAt(o, from)
	if err != nil {
		return nil, err
	}
	young, err := t.folderAt(o, to)
	if err != nil {
		return nil, err
	}
	paths := map[string]bool{}
	d := delta{tree: o.tree, left: maxEntries, found: func(c change) {
		if c.before.isFile() || c.after.isFile() {
			paths[c.path] = true
		}
	}}
	if err := d.compare(t.root, young, old, 0); err != nil {
		return nil, fmt.Errorf("cannot compare the commits %s and %s: %s", from, to, unreadable(err))
	}
	return slices.Sorted(maps.Keys(paths)), nil
}

// folderAt gives the tree object of the catalog's folder at a commit, the zero hash when it does not have the folder.
func (t *Tree) folderAt(o *objects, commit string) (plumbing.Hash, error) {
	if !plumbing.IsHash(commit) {
		return plumbing.ZeroHash, fmt.Errorf("%q is not the full hash of a commit", commit)
	}
	c, err := o.commit(plumbing.NewHash(commit))
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("cannot read the commit %s: %s", commit, unreadable(err))
	}
	k, h, err := o.lookup(c.tree, t.root)
	switch {
	case errors.Is(err, errNotInTree), err == nil && k != folderKind:
		return plumbing.ZeroHash, nil
	case err != nil:
		return plumbing.ZeroHash, fmt.Errorf("cannot read the folder %q at the commit %s: %s", t.root, commit, unreadable(err))
	}
	return h, nil
}

// noFolderError is an ErrNoFolder with a text of its own.
type noFolderError struct{ text string }

func (e noFolderError) Error() string { return e.text }

func (e noFolderError) Is(target error) bool { return target == ErrNoFolder }
