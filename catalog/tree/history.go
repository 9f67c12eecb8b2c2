package tree

import (
	"bytes"
	"errors"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// slack is how many commits in a row must be older than the limit before a walk believes that it is passed: clocks of
// committers are wrong at times, and one commit from 1970 must not make every file look old.
const slack = 32

// history walks first parents and compares each commit's tree with its parent's, entering only folders that differ and
// that hold a path whose last change is still unknown.
type history struct {
	objects *objects
	shallow map[plumbing.Hash]bool
	wanted  *wanted
	answers map[string]time.Time

	// Trees read for the step before and for this one: a step's older trees are the next step's younger ones.
	before, now map[plumbing.Hash][]byte
}

// wanted is a folder or file on the way to paths that are not answered yet.
type wanted struct {
	path     string // of a file; "" for a folder
	children map[string]*wanted
}

func newHistory(o *objects, shallow map[plumbing.Hash]bool, paths []string, answers map[string]time.Time) *history {
	root := &wanted{}
	for _, p := range paths {
		n := root
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
	return &history{objects: o, shallow: shallow, wanted: root, answers: answers}
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
			return boundary(w.step(c.tree, plumbing.ZeroHash, c.time))
		}
		var parent commit
		if parent, err = w.objects.commit(c.parents[0]); err != nil {
			break
		}
		err = w.step(c.tree, parent.tree, c.time)
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

func (w *history) step(young, old plumbing.Hash, when time.Time) error {
	w.before, w.now = w.now, map[plumbing.Hash][]byte{}
	return w.compare(young, old, w.wanted, when)
}

// compare answers the paths below n whose entries differ between a folder's younger and older tree. The older one is
// the zero hash when the folder did not exist.
func (w *history) compare(young, old plumbing.Hash, n *wanted, when time.Time) error {
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
		if err := w.differs(e, before, n, when); err != nil {
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

// differs notes the time for the entry young of n's folder, or for the paths below it that differ too.
func (w *history) differs(young, old entry, n *wanted, when time.Time) error {
	child := n.children[string(young.name)]
	if child == nil {
		return nil
	}
	switch {
	case young.kind() != folderKind:
		if child.path != "" {
			w.answers[child.path] = when
			child.path = ""
		}
	case len(child.children) > 0:
		// Entries with the same place in the order are both folders, or old is the zero entry.
		if err := w.compare(young.hash(), old.hash(), child, when); err != nil {
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
