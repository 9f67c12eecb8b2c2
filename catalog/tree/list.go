package tree

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"obsready/catalog"
)

// Limits of a listing. A tree object can name the same subtree any number of times, so a few kilobytes can stand for
// billions of files.
const (
	maxEntries = 2_000_000
	maxDepth   = 200
	maxGaps    = 100
)

// ErrTooManyFiles is a revision with more files than are listed.
var ErrTooManyFiles = fmt.Errorf("the revision has more than %d files and folders. name a folder of the repository instead of the whole", maxEntries)

// listing collects files and gaps on a walk.
type listing struct {
	files   []File
	gaps    []catalog.Gap
	dropped int // gaps beyond maxGaps
	entries int

	before, now map[folderAt]*folderListed // of the last listing and of this one; nil when none is kept
}

// folderListed is what stands in one folder, in git's order.
type folderListed struct {
	entries int // those that are passed over among them
	listed  []entryListed
}

// entryListed is a file, or the tree of a folder.
type entryListed struct {
	file   File // of a folder its path only
	folder bool
	tree   plumbing.Hash
}

// listTree lists the files below the folder with the given tree object.
func listTree(o *objects, folder string, tree plumbing.Hash) (*listing, error) {
	l := &listing{}
	if o.recall != nil {
		l.before, l.now = o.recall.listed(), map[folderAt]*folderListed{}
	}
	if err := l.walk(o, folder, tree, 0); err != nil {
		return nil, err
	}
	if o.recall != nil {
		o.recall.keepListed(l.now)
	}
	l.finish()
	return l, nil
}

func (l *listing) walk(o *objects, folder string, tree plumbing.Hash, depth int) error {
	at := folderAt{folder, tree}
	in := l.before[at]
	if in == nil {
		gaps := len(l.gaps) + l.dropped
		if in = l.decode(o, at, depth); l.now != nil && len(l.gaps)+l.dropped > gaps {
			at = folderAt{} // its gaps have to be found again
		}
	}
	if l.now != nil && at != (folderAt{}) {
		l.now[at] = in
	}
	if l.entries += in.entries; l.entries > maxEntries {
		return ErrTooManyFiles
	}
	for _, e := range in.listed {
		if !e.folder {
			l.files = append(l.files, e.file)
		} else if err := l.walk(o, e.file.Path, e.tree, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// decode reads what stands in a folder.
func (l *listing) decode(o *objects, at folderAt, depth int) *folderListed {
	in := &folderListed{}
	raw, err := o.tree(at.tree)
	if err != nil {
		l.gap(at.path, catalog.MissingObject, "the folder %q cannot be listed: %s", at.path, unreadable(err))
		return in
	}
	for len(raw) > 0 {
		e, rest, ok := nextEntry(raw)
		if !ok {
			l.gap(at.path, catalog.MissingObject, "the folder %q cannot be listed to its end: %s", at.path, unreadable(errCorrupt))
			return in
		}
		in.entries++
		l.add(in, at.path, e, depth)
		raw = rest
	}
	return in
}

func (l *listing) add(in *folderListed, folder string, e entry, depth int) {
	name, k := string(e.name), e.kind()
	if k == otherKind || !l.accept(folder, name) {
		return
	}
	p := path.Join(folder, name)
	switch k {
	case regularKind:
		in.listed = append(in.listed, entryListed{file: File{Path: p, ID: e.hash().String(), Size: -1}})
	case linkKind:
		in.listed = append(in.listed, entryListed{file: File{Path: p, Size: -1, Symlink: true}})
	case folderKind:
		if depth == maxDepth {
			l.gap(folder, catalog.TooDeep, "folders below %q are nested more than %d deep and are not read", shorten(p), maxDepth)
			return
		}
		in.listed = append(in.listed, entryListed{file: File{Path: p}, folder: true, tree: e.hash()})
	}
}

func (l *listing) count() error {
	if l.entries++; l.entries > maxEntries {
		return ErrTooManyFiles
	}
	return nil
}

// accept reports whether an entry's name can be followed and printed, and notes a gap when it cannot.
func (l *listing) accept(folder, name string) bool {
	why := refuse(name)
	if why == "" && len(folder)+len(name) > maxPath {
		why = "makes a path that is too long"
	}
	if why != "" {
		l.gap(folder, catalog.HostileName, "the name %q %s and is not read. rename it", shorten(name), why)
	}
	return why == ""
}

// gap notes that something in a folder could not be listed.
func (l *listing) gap(folder string, cause catalog.Cause, format string, args ...any) {
	if len(l.gaps) == maxGaps {
		l.dropped++
		return
	}
	at := catalog.Place{File: folder}
	if folder == "" {
		at.File = "."
	}
	l.gaps = append(l.gaps, catalog.Gap{Kinds: catalog.Kinds, At: at, Cause: cause, Detail: fmt.Sprintf(format, args...)})
}

// finish sorts what was found. Trees that git wrote are in the order of paths already.
func (l *listing) finish() {
	byPath := func(a, b File) int { return strings.Compare(a.Path, b.Path) }
	if !slices.IsSortedFunc(l.files, byPath) {
		slices.SortStableFunc(l.files, byPath)
	}
	// A damaged tree can name a path twice. The first one counts, as it does for git.
	l.files = slices.CompactFunc(l.files, func(a, b File) bool { return a.Path == b.Path })
	slices.SortStableFunc(l.gaps, func(a, b catalog.Gap) int { return a.At.Compare(b.At) })
	if l.dropped > 0 {
		last := &l.gaps[len(l.gaps)-1]
		last.Detail += fmt.Sprintf(". %d more names and folders could not be read", l.dropped)
	}
}

// unreadable says why an object could not be read, and what to do.
func unreadable(err error) string {
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return "this clone does not hold it, as in a partial clone. clone without --filter, or check the revision out with git first"
	}
	if errors.Is(err, errCorrupt) {
		return fmt.Sprintf("%v. see git fsck", err)
	}
	return err.Error()
}
