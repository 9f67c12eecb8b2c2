package tree

import (
	"errors"
	"path/filepath"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// differs reports whether a file is not as in the commit at HEAD, where it has the given content. Git's own answer is
// taken first: the index remembers size and time of files that are as they were written, which holds for files that
// filters and line endings change on the way out as well.
func (w *workTree) differs(f File, head plumbing.Hash) (bool, error) {
	if f.ID != "" {
		return f.ID != head.String(), nil
	}
	if e := w.tracked[f.Path]; e != nil && e.Hash == head {
		info, err := w.root.Lstat(filepath.FromSlash(f.Path))
		if err == nil && uint32(info.Size()) == e.Size && info.ModTime().Equal(e.ModifiedAt) && e.ModifiedAt.Before(w.indexTime) {
			return false, nil
		}
	}
	data, err := w.stored(f)
	if err != nil {
		return true, err
	}
	return plumbing.ComputeHash(plumbing.BlobObject, data) != head, nil
}

// stored gives what git would store for a file.
func (w *workTree) stored(f File) ([]byte, error) {
	if f.Symlink {
		_, target, err := w.look(f.Path)
		return []byte(target), err
	}
	return w.read(f.Path, maxTreeBytes)
}

// committed answers the paths that differ from the commit at HEAD and gives the others.
func (t *Tree) committed(o *objects, paths []string, answers map[string]time.Time) ([]string, error) {
	c, err := o.commit(t.commit)
	if err != nil {
		return nil, err
	}
	var same []string
	for _, p := range paths {
		f, _ := t.file(p)
		_, h, err := o.lookup(c.tree, p)
		if err != nil && !errors.Is(err, errNotInTree) {
			continue // a partial clone lacks the folder: nothing is known
		}
		changed := err != nil
		if !changed {
			if changed, err = t.work.differs(f, h); err != nil {
				continue // it cannot be read: nothing is known
			}
		}
		if changed {
			answers[p] = t.revision.Time
		} else {
			same = append(same, p)
		}
	}
	return same, nil
}
