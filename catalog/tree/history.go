package tree

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// slack is how many commits in a row must be older than the limit before a walk believes that it is passed: clocks of
// committers are wrong at times, and one commit from 1970 must not make every file look old.
const slack = 32

// history walks first parents and compares each commit's tree with its parent's, entering only folders that differ and
// that hold a path that is still wanted.
type history struct {
	objects *objects
	shallow map[plumbing.Hash]bool
	wanted  *wanted
	changed changed

	// Trees read for the step before and for this one: a step's older trees are the next step's younger ones.
	before, now map[plumbing.Hash][]byte
}

// changed is told of every wanted path that a commit changed, the latest commit first, with the path's state after and
// before it: before is the zero state when the commit added the path. It says whether the path is still wanted.
type changed func(at moment, path string, after, before state) (more bool, err error)

// moment is one step of a walk: a commit, and the trees that it and its first parent have. The older tree is the zero
// hash for a commit without parents.
type moment struct {
	commit     plumbing.Hash
	time       time.Time
	young, old plumbing.Hash
}

// wanted is a folder or file on the way to paths that are not answered yet.
type wanted struct {
	path     string // of a file; "" for a folder
	children map[string]*wanted
}

func newHistory(o *objects, shallow map[plumbing.Hash]bool, paths []string, changed changed) *history {
	root := &wanted{}
	for _, p := range paths {
		root.add(p)
	}
	return &history{objects: o, shallow: shallow, wanted: root, changed: changed}
}

func (n *wanted) add(p string) {
	for name := range components(p) {
		if n.children == nil {
			n.children = map[string]*wanted{}
		}
		if n.children[name] == nil {
			n.children[name] = &wanted{}
		}
		n = n.children[name]
	}
	n.path = p
}

// has reports whether the file of a path is wanted.
func (n *wanted) has(p string) bool {
	for name := range components(p) {
		if n = n.children[name]; n == nil {
			return false
		}
	}
	return n.path != ""
}

// drop takes a file away, with the folders that lead to no other one.
func (n *wanted) drop(p string) {
	name, rest, inside := strings.Cut(p, "/")
	child := n.children[name]
	if child == nil {
		return
	}
	if inside {
		child.drop(rest)
	} else {
		child.path = ""
	}
	if child.done() {
		delete(n.children, name)
	}
}

func (n *wanted) done() bool { return n.path == "" && len(n.children) == 0 }

// walk answers what it can. Every wanted path must exist in the tree of the commit at which it begins.
func (w *history) walk(h plumbing.Hash, since time.Time) error {
	c, err := w.objects.commit(h)
	for old := 0; err == nil && !w.wanted.done(); {
		if old++; !c.time.Before(since) {
			old = 0
		}
		if old > slack || w.shallow[h] {
			return nil
		}
		if len(c.parents) == 0 {
			return boundary(w.step(moment{commit: h, time: c.time, young: c.tree}))
		}
		var parent commit
		if parent, err = w.objects.commit(c.parents[0]); err != nil {
			break
		}
		err = w.step(moment{commit: h, time: c.time, young: c.tree, old: parent.tree})
		h, c = c.parents[0], parent
	}
	return boundary(err)
}

// boundary makes the place where a clone's objects end the end of the walk.
func boundary(err error) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return nil
	}
	return err
}

func (w *history) step(at moment) error {
	w.before, w.now = w.now, map[plumbing.Hash][]byte{}
	if r := w.objects.recall; r != nil {
		if e := r.edit(at.commit, at.young, at.old, w.tree); e != nil {
			return w.replay(at, e)
		}
	}
	return w.compare(at, at.young, at.old, w.wanted)
}

// replay tells of the wanted paths among those of a commit whose changes are known.
func (w *history) replay(at moment, e *edit) error {
	for _, c := range e.changes {
		if !c.after.there() || !w.wanted.has(c.path) {
			continue
		}
		more, err := w.changed(at, c.path, c.after, c.before)
		if err != nil {
			return err
		}
		if !more {
			w.wanted.drop(c.path)
		}
	}
	return nil
}

// compare finds the paths below n whose entries differ between a folder's younger and older tree. The older one is the
// zero hash when the folder did not exist.
func (w *history) compare(at moment, young, old plumbing.Hash, n *wanted) error {
	if young == old {
		return nil
	}
	a, err := w.tree(young)
	if err != nil {
		return err
	}
	b, err := w.tree(old)
	if err != nil {
		return err
	}
	for len(a) > 0 && len(n.children) > 0 {
		e, rest, ok := nextEntry(a)
		if !ok {
			return errCorrupt
		}
		a = rest
		if bytes.HasPrefix(b, e.raw) {
			b = b[len(e.raw):]
			continue
		}
		var before entry
		if before, b, ok = seek(b, e); !ok {
			return errCorrupt
		}
		if bytes.Equal(before.raw, e.raw) {
			continue
		}
		if err := w.differs(at, e, before, n); err != nil {
			return err
		}
	}
	return nil
}

// seek gives the entry of b with e's place in git's order, the zero entry when there is none, and what follows it.
func seek(b []byte, e entry) (found entry, rest []byte, ok bool) {
	for len(b) > 0 {
		f, rest, ok := nextEntry(b)
		if !ok {
			return entry{}, nil, false
		}
		switch c := f.compareOrder(e); {
		case c == 0:
			return f, rest, true
		case c > 0:
			return entry{}, b, true
		}
		b = rest
	}
	return entry{}, nil, true
}

// differs tells of the entry young of n's folder, or of the paths below it that differ too.
func (w *history) differs(at moment, young, old entry, n *wanted) error {
	child := n.children[string(young.name)]
	if child == nil {
		return nil
	}
	switch {
	case young.kind() != folderKind:
		if child.path != "" {
			more, err := w.changed(at, child.path, young.state(), old.state())
			if err != nil {
				return err
			}
			if !more {
				child.path = ""
			}
		}
	case len(child.children) > 0:
		// Entries with the same place in the order are both folders, or old is the zero entry.
		if err := w.compare(at, young.hash(), old.hash(), child); err != nil {
			return err
		}
	}
	if child.done() {
		delete(n.children, string(young.name))
	}
	return nil
}

func (w *history) tree(h plumbing.Hash) ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	raw, ok := w.now[h]
	if !ok {
		if raw, ok = w.before[h]; !ok {
			var err error
			if raw, err = w.objects.tree(h); err != nil {
				return nil, err
			}
		}
		w.now[h] = raw
	}
	return raw, nil
}
