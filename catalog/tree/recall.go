package tree

import (
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
)

// maxRecalled bounds how many changed paths of a history are kept. Commits beyond it are compared again each time.
const maxRecalled = 1_000_000

// recall keeps what the trees of one storage find out, so that the next one need not: neighbouring commits have most
// folders in common, and walks from them go over the same history. All of it follows from objects, which never change. It
// may be used by several goroutines at once.
type recall struct {
	mu      sync.Mutex
	commits map[plumbing.Hash]commit
	edits   map[plumbing.Hash]*edit    // by commit; nil for one that cannot be kept
	changes int                        // in all edits
	folders map[folderAt]*folderListed // of the last listing
}

// folderAt is a folder with one content.
type folderAt struct {
	path string
	tree plumbing.Hash
}

// edit is all that differs between a commit and its first parent.
type edit struct {
	changes  []change // in git's order, without those of names that are not listed
	replaced int      // how many files and folders of the parent's differ, of which [difference] allows maxReplaced
}

func newRecall() *recall {
	return &recall{commits: map[plumbing.Hash]commit{}, edits: map[plumbing.Hash]*edit{}}
}

// commit gives a commit that was read before, or reads it.
func (r *recall) commit(h plumbing.Hash, read func(plumbing.Hash) (commit, error)) (commit, error) {
	r.mu.Lock()
	c, ok := r.commits[h]
	r.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := read(h)
	if err == nil {
		r.mu.Lock()
		r.commits[h] = c
		r.mu.Unlock()
	}
	return c, err
}

// edit gives what a commit changed, nil when that is not to be had as a whole: this clone lacks a part of it, or it is too
// much to be kept. The trees are the commit's and its first parent's, of which the latter may be the zero hash for none.
func (r *recall) edit(h, young, old plumbing.Hash, tree func(plumbing.Hash) ([]byte, error)) *edit {
	r.mu.Lock()
	e, known := r.edits[h]
	left := maxRecalled - r.changes
	r.mu.Unlock()
	if known {
		return e
	}
	e = &edit{}
	d := delta{tree: tree, left: left, found: func(c change) { e.changes = append(e.changes, c) }}
	if d.compare("", young, old, 0) != nil {
		e = nil // what the walk needs of it may be there
	} else {
		e.replaced = d.replaced
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.edits[h]; !known && e != nil {
		r.changes += len(e.changes)
	}
	r.edits[h] = e
	return e
}

// listed gives the folders of the last listing, which must not be changed.
func (r *recall) listed() map[folderAt]*folderListed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.folders
}

func (r *recall) keepListed(folders map[folderAt]*folderListed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.folders = folders
}
