package story

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// Trees and commits are written by hand rather than with go-git's package object, which would bring signatures, diffs
// and merges into the program for a dozen lines of format.
// Source of both forms: git's documentation, gitformat-pack(5) and the chapter "Git Objects" of the Pro Git book.

// writeObject stores bytes as an object and gives its hash.
func writeObject(st storer.EncodedObjectStorer, kind plumbing.ObjectType, data []byte) (plumbing.Hash, error) {
	o := st.NewEncodedObject()
	o.SetType(kind)
	w, err := o.Writer()
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("cannot write a %s: %w", kind, err)
	}
	return st.SetEncodedObject(o)
}

// entry is one entry of a tree.
type entry struct {
	name string
	mode filemode.FileMode
	hash plumbing.Hash
}

// key is what git sorts the entries of a tree by: a folder's name ends in a slash.
func (e entry) key() string {
	if e.mode == filemode.Dir {
		return e.name + "/"
	}
	return e.name
}

// writeTree stores the tree of a folder, given the blobs by their paths below it, with the trees of the folders in it.
func writeTree(st storer.EncodedObjectStorer, files map[string]plumbing.Hash) (plumbing.Hash, error) {
	var entries []entry
	folders := map[string]map[string]plumbing.Hash{}
	for p, blob := range files {
		name, rest, inFolder := strings.Cut(p, "/")
		if !inFolder {
			entries = append(entries, entry{name, filemode.Regular, blob})
			continue
		}
		if folders[name] == nil {
			folders[name] = map[string]plumbing.Hash{}
		}
		folders[name][rest] = blob
	}
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		h, err := writeTree(st, folders[name])
		if err != nil {
			return plumbing.ZeroHash, err
		}
		entries = append(entries, entry{name, filemode.Dir, h})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key(), b.key()) })
	var raw []byte
	for _, e := range entries {
		raw = fmt.Appendf(raw, "%o %s\x00", uint32(e.mode), e.name)
		raw = append(raw, e.hash[:]...)
	}
	return writeObject(st, plumbing.TreeObject, raw)
}

// writeCommit stores the commit of a tree. The first one has no parent.
func writeCommit(st storer.EncodedObjectStorer, tree, parent plumbing.Hash, s script) (plumbing.Hash, error) {
	raw := fmt.Appendf(nil, "tree %s\n", tree)
	if !parent.IsZero() {
		raw = fmt.Appendf(raw, "parent %s\n", parent)
	}
	signed := fmt.Sprintf("%s %d %s", s.author, s.date.Unix(), s.date.Format("-0700"))
	raw = fmt.Appendf(raw, "author %s\ncommitter %s\n\n%s", signed, signed, s.message)
	return writeObject(st, plumbing.CommitObject, raw)
}
