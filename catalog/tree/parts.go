package tree

import (
	"errors"
	"fmt"
	"path"
	"time"

	"obsready/catalog"
)

// HistoryError says that the history of mounted repositories cannot be read, so that nothing is known of the past of
// their files. What was answered for the other ones holds.
type HistoryError struct {
	Folders []string // of the mounts, in order
	Err     error    // the first one's
}

func (e *HistoryError) Error() string {
	return fmt.Sprintf("the history of the repositories %s cannot be read: %v. see git fsck", quoted(e.Folders), e.Err)
}

func (e *HistoryError) Unwrap() error { return e.Err }

// overParts asks every part about its paths. The catalog's own history must be there; that of another repository, which
// anybody may have damaged, must not end the run.
func (t *Tree) overParts(paths []string, ask func(p part, inside []string) error) error {
	var damaged *HistoryError
	for i, inside := range t.byPart(paths) {
		if len(inside) == 0 {
			continue
		}
		err := ask(t.parts[i], inside)
		switch {
		case err == nil:
		case i == 0:
			return err
		case damaged == nil:
			damaged = &HistoryError{Folders: []string{t.parts[i].folder}, Err: err}
		default:
			damaged.Folders = append(damaged.Folders, t.parts[i].folder)
		}
	}
	if damaged == nil {
		return nil
	}
	return damaged
}

func (t *Tree) lastChangedParts(paths []string, since time.Time) (map[string]time.Time, error) {
	all := make(map[string]time.Time, len(paths))
	err := t.overParts(paths, func(p part, inside []string) error {
		answers, err := p.tree.LastChanged(inside, since)
		if err != nil {
			return err
		}
		for file, when := range answers {
			all[path.Join(p.folder, file)] = when
		}
		return nil
	})
	return all, err
}

func (t *Tree) closeParts() error {
	var errs []error
	for _, p := range t.parts {
		errs = append(errs, p.tree.Close())
	}
	return errors.Join(errs...)
}

// partReader reads the files of a union. It has a reader of the catalog and one of the mount that it read from last:
// files are asked for in the order of their paths, mount by mount.
type partReader struct {
	tree   *Tree
	base   *Reader
	last   *Reader
	lastOf int // the index of the part that last reads
}

func (r *partReader) read(f File, limit int64) ([]byte, *catalog.Gap) {
	i := r.tree.partOf(f.Path)
	p := r.tree.parts[i]
	reader, err := r.reader(i)
	if err != nil {
		return nil, gapOf(f, limit, err)
	}
	f.Path = p.inside(f.Path)
	data, gap := reader.Read(f, limit)
	if gap != nil {
		gap.At = p.place(gap.At)
	}
	return data, gap
}

func (r *partReader) reader(i int) (*Reader, error) {
	if i == 0 {
		if r.base != nil {
			return r.base, nil
		}
		var err error
		r.base, err = r.tree.parts[0].tree.Reader()
		return r.base, err
	}
	if r.last != nil && r.lastOf == i {
		return r.last, nil
	}
	if err := closeReader(r.last); err != nil {
		return nil, err
	}
	r.last = nil
	next, err := r.tree.parts[i].tree.Reader()
	if err != nil {
		return nil, err
	}
	r.last, r.lastOf = next, i
	return next, nil
}

func (r *partReader) close() error {
	err := errors.Join(closeReader(r.base), closeReader(r.last))
	r.base, r.last = nil, nil
	return err
}

func closeReader(r *Reader) error {
	if r == nil {
		return nil
	}
	return r.Close()
}
