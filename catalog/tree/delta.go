package tree

import (
	"bytes"
	"errors"
	"path"

	"github.com/go-git/go-git/v5/plumbing"
)

// state is what a path is in one tree. The zero state is that of a path that is not there.
type state struct {
	kind kind
	mode string
	hash plumbing.Hash
}

// change is a path that is no folder in at least one of two trees, and differs.
type change struct {
	path          string
	after, before state
}

// there reports whether the tree has the path.
func (s state) there() bool { return s.mode != "" }

// isFile reports whether the path is a file or a link.
func (s state) isFile() bool { return s.kind == regularKind || s.kind == linkKind }

func (e entry) state() state {
	if e.raw == nil {
		return state{}
	}
	return state{e.kind(), modeText(e.mode), e.hash()}
}

// modeText gives the text of a mode without a new string for those that git writes.
func modeText(mode []byte) string {
	for _, m := range [...]string{"100644", "100755", "120000", "160000", "40000"} {
		if string(mode) == m {
			return m
		}
	}
	return string(mode)
}

// delta finds all that differs between two trees, in git's order. Names that are not listed are passed over.
type delta struct {
	tree     func(plumbing.Hash) ([]byte, error)
	found    func(change)
	left     int // how many more paths may be found
	replaced int // files and folders of the older tree that are gone or differ
}

var errTooDeep = errors.New("folders are nested too deep")

// compare compares two trees of a folder, of which either may be the zero hash for none.
func (d *delta) compare(folder string, young, old plumbing.Hash, depth int) error {
	if young == old {
		return nil
	}
	if depth > maxDepth {
		return errTooDeep
	}
	a, err := d.read(young)
	if err != nil {
		return err
	}
	b, err := d.read(old)
	if err != nil {
		return err
	}
	for len(a) > 0 || len(b) > 0 {
		after, restA, okA := nextOrNone(a)
		before, restB, okB := nextOrNone(b)
		if !okA || !okB {
			return errCorrupt
		}
		switch order := placeOf(after, before); {
		case order < 0:
			before, a = entry{}, restA
		case order > 0:
			after, b = entry{}, restB
		default:
			a, b = restA, restB
		}
		if bytes.Equal(after.raw, before.raw) {
			continue
		}
		if err := d.differs(folder, after, before, depth); err != nil {
			return err
		}
	}
	return nil
}

// nextOrNone gives the first entry of a tree, the zero entry at its end.
func nextOrNone(raw []byte) (e entry, rest []byte, ok bool) {
	if len(raw) == 0 {
		return entry{}, nil, true
	}
	return nextEntry(raw)
}

// placeOf orders two entries of which either may be none.
func placeOf(a, b entry) int {
	switch {
	case a.raw == nil:
		return 1
	case b.raw == nil:
		return -1
	}
	return a.compareOrder(b)
}

func (d *delta) differs(folder string, after, before entry, depth int) error {
	name := after.name
	if after.raw == nil {
		name = before.name
	}
	if refuse(string(name)) != "" {
		return nil
	}
	if before.raw != nil && (after.kind() != before.kind() || after.hash() != before.hash()) {
		d.replaced++
	}
	p := path.Join(folder, string(name))
	if after.kind() == folderKind || before.kind() == folderKind { // both, or one of them is none
		return d.compare(p, after.hash(), before.hash(), depth+1)
	}
	if d.left--; d.left < 0 {
		return errTooDifferent
	}
	d.found(change{p, after.state(), before.state()})
	return nil
}

func (d *delta) read(h plumbing.Hash) ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	return d.tree(h)
}
