package tree

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// maxTreeBytes bounds one tree, commit or tag object. A folder of a million files has a tree of some 40 MB.
const maxTreeBytes = 64 << 20

// tooLargeError says that an object is larger than the caller is willing to read.
type tooLargeError struct{ size int64 }

func (e tooLargeError) Error() string { return fmt.Sprintf("object has %d bytes", e.size) }

// errWrongType says that a hash names something else than what was looked for.
var errWrongType = errors.New("wrong type of object")

// objects reads objects of one repository, for one goroutine at a time.
type objects struct {
	stores  []storer.EncodedObjectStorer // the repository's own, then its alternates
	closers []io.Closer
	last    int // the store that had the last object: it most likely has the next one
	recall  *recall
}

// read gives the bytes of an object. The errors are plumbing.ErrObjectNotFound when no store has it, tooLargeError when
// it is larger than limit (its content is then not inflated), and others when it cannot be read.
func (o *objects) read(t plumbing.ObjectType, h plumbing.Hash, limit int64) (data []byte, err error) {
	// The decoder of packs is given whatever lies in the repository. A damaged pack must cost one file, not the run.
	defer func() {
		if p := recover(); p != nil {
			data, err = nil, fmt.Errorf("%w: %v", errCorrupt, p)
		}
	}()
	obj, err := o.find(h)
	if err != nil {
		return nil, err
	}
	if obj.Type() != t {
		return nil, fmt.Errorf("%w: %s is a %s, not a %s", errWrongType, h, obj.Type(), t)
	}
	if obj.Size() > limit {
		return nil, tooLargeError{obj.Size()}
	}
	r, err := obj.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// The size is the one that the object's header states. The content is not believed to keep to it.
	data = make([]byte, obj.Size())
	if _, err = io.ReadFull(r, data); err != nil {
		return nil, fmt.Errorf("%w: %w", errCorrupt, err)
	}
	var more [1]byte
	if n, _ := r.Read(more[:]); n > 0 {
		return nil, fmt.Errorf("%w: longer than it states", errCorrupt)
	}
	return data, nil
}

// find asks every store, beginning with the one that knew the last object.
func (o *objects) find(h plumbing.Hash) (plumbing.EncodedObject, error) {
	for i := range o.stores {
		n := (o.last + i) % len(o.stores)
		obj, err := o.stores[n].EncodedObject(plumbing.AnyObject, h)
		if err == nil {
			o.last = n
			return obj, nil
		}
		if !errors.Is(err, plumbing.ErrObjectNotFound) {
			return nil, err
		}
	}
	return nil, plumbing.ErrObjectNotFound
}

func (o *objects) tree(h plumbing.Hash) ([]byte, error) {
	return o.read(plumbing.TreeObject, h, maxTreeBytes)
}

func (o *objects) commit(h plumbing.Hash) (commit, error) {
	if o.recall != nil {
		return o.recall.commit(h, o.readCommit)
	}
	return o.readCommit(h)
}

func (o *objects) readCommit(h plumbing.Hash) (commit, error) {
	raw, err := o.read(plumbing.CommitObject, h, maxTreeBytes)
	if err != nil {
		return commit{}, err
	}
	return parseCommit(raw)
}

// lookup gives the entry at a path below the folder with the given tree. A path that does not exist, or leads through
// anything but folders, is errNotInTree.
func (o *objects) lookup(tree plumbing.Hash, p string) (kind, plumbing.Hash, error) {
	k, h := folderKind, tree
	for name := range components(p) {
		if k != folderKind {
			return otherKind, plumbing.ZeroHash, errNotInTree
		}
		raw, err := o.tree(h)
		if err != nil {
			return otherKind, plumbing.ZeroHash, err
		}
		if k, h, err = childOf(raw, name); err != nil {
			return otherKind, plumbing.ZeroHash, err
		}
	}
	return k, h, nil
}

var errNotInTree = errors.New("no such file")

func childOf(raw []byte, name string) (kind, plumbing.Hash, error) {
	for len(raw) > 0 {
		e, rest, ok := nextEntry(raw)
		if !ok {
			return otherKind, plumbing.ZeroHash, errCorrupt
		}
		if string(e.name) == name {
			return e.kind(), e.hash(), nil
		}
		raw = rest
	}
	return otherKind, plumbing.ZeroHash, errNotInTree
}

func (o *objects) close() error {
	var errs []error
	for _, c := range o.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// pool lends objects to goroutines. go-git's storage must not be shared, and opening one costs the reading of every
// pack's index, so they are kept for the next borrower.
type pool struct {
	open func() (*objects, error)

	mu     sync.Mutex
	free   []*objects
	lean   bool // none is kept
	closed bool
	more   int     // trees beside the first one that are not closed yet
	recall *recall // nil as long as there was one tree only
}

// remember has what is found out kept from now on.
func (p *pool) remember() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.recall == nil {
		p.recall = newRecall()
	}
}

// share notes one more tree that will close the pool.
func (p *pool) share() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more++
}

func (p *pool) get() (*objects, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := (*objects)(nil)
	if n := len(p.free); n > 0 {
		o, p.free = p.free[n-1], p.free[:n-1]
	} else {
		var err error
		if o, err = p.open(); err != nil {
			return nil, err
		}
	}
	o.recall = p.recall
	return o, nil
}

func (p *pool) put(o *objects) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.lean {
		return o.close()
	}
	p.free = append(p.free, o)
	return nil
}

// setLean has nothing kept from now on.
func (p *pool) setLean() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lean = true
	return p.drop()
}

// close ends the pool when it is called for the last tree.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.more > 0 {
		p.more--
		return nil
	}
	p.closed = true
	return p.drop()
}

// drop closes those that nobody has borrowed.
func (p *pool) drop() error {
	var errs []error
	for _, o := range p.free {
		errs = append(errs, o.close())
	}
	p.free = nil
	return errors.Join(errs...)
}
