package tree

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"

	"obsready/catalog"
)

// Open opens the repository that holds dir: a work tree, a linked work tree, a bare repository, or a folder of one of
// them. Then only the files below the folder are listed; paths stay relative to the repository's root. Close the tree
// when done with it.
//
// Errors are written for the user: what was looked for, where, and what to do.
func Open(dir string, o Options) (*Tree, error) {
	repo, folder, err := discover(dir)
	if err != nil {
		return nil, err
	}
	t := &Tree{root: folder, pool: &pool{open: repo.objects}}
	if err := t.load(repo, o); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Tree) load(repo *repository, o Options) error {
	objects, err := t.pool.get()
	if err != nil {
		return err
	}
	defer t.pool.put(objects)
	if t.shallow, err = repo.shallow(); err != nil {
		return err
	}
	ref := o.Ref
	if ref == "" {
		ref = string(plumbing.HEAD)
	}
	if o.WorkTree && ref != string(plumbing.HEAD) {
		return fmt.Errorf("the work tree cannot be read at revision %q. leave the revision out, or read the commit", ref)
	}
	if t.commit, err = repo.resolve(objects, ref, t.shallow); err != nil {
		return err
	}
	web := webOf(repo.config)
	t.revision = catalog.Revision{Ref: ref, Web: web, Permalink: PermalinkFor(web), Shallow: len(t.shallow) > 0, WorkTree: o.WorkTree}
	if !o.WorkTree {
		return t.listCommit(objects, fmt.Sprintf("in %q at revision %q", repo.name(), ref))
	}
	return t.listWork(repo, objects)
}

// listCommit lists the files of the tree's commit.
func (t *Tree) listCommit(o *objects, where string) error {
	c, err := o.commit(t.commit)
	if err != nil {
		return fmt.Errorf("cannot read the commit %s %s: %s", t.commit, where, unreadable(err))
	}
	t.revision.Commit, t.revision.Time = t.commit.String(), c.time
	k, h, err := o.lookup(c.tree, t.root)
	switch {
	case errors.Is(err, errNotInTree) || err == nil && k != folderKind:
		return noFolderError{fmt.Sprintf("there is no folder %q %s. uncommitted folders are read with the work tree only", t.root, where)}
	case err != nil:
		return fmt.Errorf("cannot read the folder %q %s: %s", t.root, where, unreadable(err))
	}
	if _, err := o.tree(h); err != nil {
		return fmt.Errorf("cannot list the files %s: %s", where, unreadable(err))
	}
	l, err := listTree(o, t.root, h)
	if err != nil {
		return err
	}
	t.files, t.gaps = l.files, l.gaps
	return nil
}

// listWork lists the files of the work tree.
func (t *Tree) listWork(repo *repository, o *objects) error {
	c, err := o.commit(t.commit)
	if err != nil {
		return fmt.Errorf("cannot read the commit at HEAD of %q: %s", repo.name(), unreadable(err))
	}
	t.revision.Time = c.time
	if t.work, err = openWorkTree(repo); err != nil {
		return err
	}
	l, err := t.work.list(t.root)
	if err != nil {
		return err
	}
	t.files, t.gaps = l.files, l.gaps
	return nil
}

// FromStorage reads a commit in any go-git storage that several goroutines may read at once, such as the one in memory.
// Nothing is known of references, remotes and work trees then.
func FromStorage(st storer.EncodedObjectStorer, commit plumbing.Hash) (*Tree, error) {
	open := func() (*objects, error) { return &objects{stores: []storer.EncodedObjectStorer{st}}, nil }
	t := &Tree{commit: commit, pool: &pool{open: open}}
	o, err := t.pool.get()
	if err != nil {
		return nil, err
	}
	defer t.pool.put(o)
	if err := t.listCommit(o, "in the storage"); err != nil {
		return nil, err
	}
	return t, nil
}
