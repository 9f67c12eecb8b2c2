package tree

import (
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"obsready/catalog"
)

// FromFiles holds a tree in memory, for tests and embedded content: contents by path, and when all of them last
// changed. Names that a git tree could not be trusted with are gaps here too.
func FromFiles(files map[string]string, when time.Time) *Tree {
	t := &Tree{memory: maps.Clone(files), revision: catalog.Revision{Time: when}}
	var l listing
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if !l.acceptPath(p) {
			continue
		}
		text := []byte(files[p])
		l.files = append(l.files, File{Path: p, ID: plumbing.ComputeHash(plumbing.BlobObject, text).String(), Size: int64(len(text))})
	}
	l.finish()
	t.files, t.gaps = l.files, l.gaps
	return t
}

// acceptPath applies accept to every name of a path.
func (l *listing) acceptPath(p string) bool {
	folder := ""
	for name := range strings.SplitSeq(p, "/") {
		if !l.accept(folder, name) {
			return false
		}
		folder = path.Join(folder, name)
	}
	return true
}
