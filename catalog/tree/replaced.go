package tree

import (
	"bytes"
	"errors"
	"path"

	"github.com/go-git/go-git/v5/plumbing"
)

// maxReplaced bounds the files and folders that are compared to find what one commit took away. Beyond it lies the
// import of another repository, of which nobody can say what was moved.
const maxReplaced = 10_000

// Replaced gives the regular files that a commit removed or changed, as they were in its first parent, in no order that
// has a meaning. all is false when there are more than can be compared, or when this clone lacks one of the folders: the
// answer is then a part. Nothing is lost by the first commit of a history, and nothing is known about a commit at which
// a shallow clone ends, nor by a tree of [FromFiles]. Of a union, the catalog's own
// repository is asked.
func (t *Tree) Replaced(commit string) (files []File, all bool, err error) {
	if t.parts != nil {
		return t.parts[0].tree.Replaced(commit)
	}
	h := plumbing.NewHash(commit)
	if t.pool == nil || t.shallow[h] {
		return nil, false, nil
	}
	o, err := t.pool.get()
	if err != nil {
		return nil, false, err
	}
	defer t.pool.put(o)
	c, err := o.commit(h)
	if err != nil {
		return nil, false, boundary(err)
	}
	if len(c.parents) == 0 {
		return nil, true, nil
	}
	parent, err := o.commit(c.parents[0])
	if err != nil {
		return nil, false, boundary(err)
	}
	at := moment{commit: h, young: c.tree, old: parent.tree}
	all, err = o.replaced(at, o.tree, func(c change) { files = append(files, blob(c.path, c.before.hash)) })
	return files, all, err
}

// replaced tells of the regular files of the older tree of a moment that the younger one does not have, or has with another
// content. It reports whether these are all.
func (o *objects) replaced(at moment, tree func(plumbing.Hash) ([]byte, error), found func(change)) (all bool, err error) {
	var e *edit
	if o.recall != nil {
		e = o.recall.edit(at.commit, at.young, at.old, tree)
	}
	if e == nil || e.replaced > maxReplaced {
		d := difference{tree: tree, most: maxReplaced, replaced: found}
		return d.find(at.young, at.old)
	}
	for _, c := range e.changes {
		if c.before.kind == regularKind && (c.after.kind != regularKind || c.after.hash != c.before.hash) {
			found(c)
		}
	}
	return true, nil
}

// difference finds the files of an older tree that a younger one does not have, or has with another content.
type difference struct {
	tree     func(plumbing.Hash) ([]byte, error)
	most     int // how many files and folders may differ
	replaced func(change)
}

// find reports whether it found all; it does not when more than the most differ, or this clone lacks a folder.
func (d *difference) find(young, old plumbing.Hash) (all bool, err error) {
	err = d.compare("", young, old, 0)
	switch {
	case errors.Is(err, errTooDifferent), errors.Is(err, plumbing.ErrObjectNotFound):
		return false, nil
	}
	return err == nil, err
}

var errTooDifferent = errors.New("too much differs")

// compare compares two trees of a folder, of which either may be the zero hash for none.
func (d *difference) compare(folder string, young, old plumbing.Hash, depth int) error {
	if depth > maxDepth {
		return errTooDifferent
	}
	a, err := d.read(young)
	if err != nil {
		return err
	}
	b, err := d.read(old)
	if err != nil {
		return err
	}
	for len(b) > 0 {
		before, rest, ok := nextEntry(b)
		if !ok {
			return errCorrupt
		}
		b = rest
		if bytes.HasPrefix(a, before.raw) {
			a = a[len(before.raw):]
			continue
		}
		var after entry
		if after, a, ok = seek(a, before); !ok {
			return errCorrupt
		}
		if err := d.differs(folder, after, before, depth); err != nil {
			return err
		}
	}
	return nil
}

func (d *difference) differs(folder string, after, before entry, depth int) error {
	sameKind := after.kind() == before.kind()
	if sameKind && after.hash() == before.hash() || refuse(string(before.name)) != "" {
		return nil
	}
	if d.most--; d.most < 0 {
		return errTooDifferent
	}
	p := path.Join(folder, string(before.name))
	switch before.kind() {
	case folderKind:
		return d.compare(p, after.hash(), before.hash(), depth+1)
	case regularKind:
		d.replaced(change{p, after.state(), before.state()})
	}
	return nil
}

func (d *difference) read(h plumbing.Hash) ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	return d.tree(h)
}
