package tree

import (
	"errors"
	"path"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Version is one state of a file's content.
type Version struct {
	// When is the committer time of the commit that made the content, zero when that lies further back than the walk
	// went: such a version is there to be compared with, its age is not known.
	When   time.Time
	Commit string // that commit's full hash; "" when it is not known, or the content is not committed
	File   File   // to be given to [Reader.Read]; its Path is where the file was then
	Added  bool   // the commit added the file, so that there is no version before; see [Tree.Versions]
}

// Versions gives for each of the paths the states that its content was in, the latest first, along first parents from
// the tree's revision: a change that came by a merge is one version with the time of the merge. One walk over the
// history serves all paths; no content is read. It ends where [Tree.LastChanged] ends, so that a few commits older than
// since may still be seen.
//
// A path has at most limit versions, and none (it is absent from the answer) when nothing changed it since, when it is a
// link or no file of the tree, or when the tree is one of [FromFiles]. Unless the last version is Added, it is the one
// without When that the oldest change was made to; there is none where the path was a link or a submodule before.
//
// A file that was moved without a change of content is followed to where it was, and the move is no version. A move with
// a change is an addition; [Tree.Replaced] gives the files that it may have been. When a commit adds more files of one
// content than it removes, or removes too many to compare, the version is the last one and not Added. In a work tree, a
// file that differs from the commit at HEAD has a first version with Revision's Time and without Commit, and one that
// HEAD does not have has no version: it may have been moved.
//
// Of a union, the catalog's own repository is asked: the files of mounted ones have no versions.
func (t *Tree) Versions(paths []string, since time.Time, limit int) (map[string][]Version, error) {
	if t.parts != nil {
		return t.parts[0].tree.Versions(t.byPart(paths)[0], since, limit)
	}
	w := &versions{limit: limit, tracks: map[string]*track{}}
	if t.pool == nil || limit < 2 {
		return nil, nil
	}
	o, err := t.pool.get()
	if err != nil {
		return nil, err
	}
	defer t.pool.put(o)
	at, err := w.begin(t, o, t.present(paths))
	if err != nil {
		return nil, err
	}
	w.history = newHistory(o, t.shallow, at, w.changed)
	if err := w.history.walk(t.commit, since); err != nil {
		return nil, err
	}
	return w.answers(), nil
}

// versions collects the versions of many files on one walk.
type versions struct {
	limit   int
	history *history
	all     []*track
	tracks  map[string]*track // by the path at the commit that the walk has reached

	// What the commit of a step took away, kept for the other files that the same commit adds.
	removedBy plumbing.Hash
	removed   map[plumbing.Hash][]string // paths by content, those that are not spoken for yet; nil when not known
}

// track is one file on its way back through the history.
type track struct {
	path     string // as it was asked for
	versions []Version
	before   File // the content that the oldest version was made from; the zero File when there is none to be had
}

// begin notes the files to be followed and gives their paths at the tree's commit.
func (w *versions) begin(t *Tree, o *objects, paths []string) ([]string, error) {
	c, err := o.commit(t.commit)
	if err != nil {
		return nil, err
	}
	var committed []string
	for _, p := range paths {
		f, _ := t.file(p)
		if f.Symlink {
			continue
		}
		tr := &track{path: p}
		if t.work != nil {
			inHead, err := t.uncommitted(o, c.tree, f, tr)
			if err != nil || !inHead {
				continue // a partial clone lacks the folder, the file cannot be read, or it may come from anywhere
			}
		}
		w.all, w.tracks[p] = append(w.all, tr), tr
		if len(tr.versions)+1 < w.limit {
			committed = append(committed, p)
		}
	}
	return committed, nil
}

// uncommitted gives a file of the work tree that differs from the given tree, which is HEAD's, its first version. It
// reports whether the tree has the file.
func (t *Tree) uncommitted(o *objects, head plumbing.Hash, f File, tr *track) (bool, error) {
	k, h, err := o.lookup(head, f.Path)
	switch {
	case errors.Is(err, errNotInTree), err == nil && k != regularKind:
		return false, nil
	case err != nil:
		return false, err
	}
	changed, err := t.work.differs(f, h)
	if changed && err == nil {
		tr.add(Version{When: t.revision.Time, File: f}, blob(f.Path, h))
	}
	return true, err
}

func blob(p string, h plumbing.Hash) File { return File{Path: p, ID: h.String(), Size: -1} }

func (tr *track) add(v Version, before File) {
	tr.versions, tr.before = append(tr.versions, v), before
}

// changed notes the version that a commit made. See the type of the same name.
func (w *versions) changed(at moment, p string, after, before state) (more bool, err error) {
	tr := w.tracks[p]
	v := Version{When: at.time, Commit: at.commit.String(), File: blob(p, after.hash)}
	switch {
	case before.kind == regularKind && before.hash == after.hash:
		return true, nil // its permissions changed
	case before.kind == regularKind:
		tr.add(v, blob(p, before.hash))
		return len(tr.versions)+1 < w.limit, nil
	case before.there():
		tr.add(v, File{})
		return false, nil
	}
	from, known, err := w.origin(at, after.hash, path.Base(p))
	switch {
	case err != nil:
		return false, err
	case from != "":
		tr.before = blob(from, after.hash)
		w.tracks[from] = tr
		w.history.wanted.add(from)
	default:
		v.Added = known
		tr.add(v, File{})
	}
	return false, nil
}

// origin gives the path of a file with the given content that the same commit removed, preferably one of the same name,
// "" when there is none. known is false when a content may have come from elsewhere all the same.
func (w *versions) origin(at moment, content plumbing.Hash, name string) (from string, known bool, err error) {
	if err := w.findRemoved(at); err != nil {
		return "", false, err
	}
	paths, removed := w.removed[content]
	if len(paths) == 0 {
		return "", w.removed != nil && !removed, nil
	}
	best := 0
	for i, p := range paths {
		if path.Base(p) == name {
			best = i
			break
		}
	}
	from = paths[best]
	w.removed[content] = append(paths[:best:best], paths[best+1:]...)
	return from, true, nil
}

// findRemoved finds the files that the commit removed.
func (w *versions) findRemoved(at moment) error {
	if w.removedBy == at.commit {
		return nil
	}
	w.removedBy, w.removed = at.commit, nil
	found := map[plumbing.Hash][]string{}
	all, err := w.history.objects.replaced(at, w.history.tree, func(c change) {
		if !c.after.there() {
			found[c.before.hash] = append(found[c.before.hash], c.path)
		}
	})
	if all {
		w.removed = found
	}
	return err
}

// answers gives the versions by path, each with the content that its oldest change was made to.
func (w *versions) answers() map[string][]Version {
	found := map[string][]Version{}
	for _, tr := range w.all {
		if len(tr.versions) == 0 {
			continue
		}
		if tr.before != (File{}) {
			tr.versions = append(tr.versions, Version{File: tr.before})
		}
		found[tr.path] = tr.versions
	}
	return found
}
