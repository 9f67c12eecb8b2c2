package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"

	"obsready/catalog"
)

// Reader reads the files of a tree. It is for one goroutine; every worker takes its own.
type Reader struct {
	tree    *Tree
	objects *objects
	parts   *partReader // of a union
}

// Reader gives a reader. Close it when done: the next one is then quick to get.
func (t *Tree) Reader() (*Reader, error) {
	r := &Reader{tree: t}
	if t.parts != nil {
		r.parts = &partReader{tree: t}
		return r, nil
	}
	if t.pool != nil {
		var err error
		if r.objects, err = t.pool.get(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Close gives the reader's storage back. The reader must not be used afterwards.
func (r *Reader) Close() error {
	if r.parts != nil {
		return r.parts.close()
	}
	if r.objects == nil {
		return nil
	}
	o := r.objects
	r.objects = nil
	return r.tree.pool.put(o)
}

// Read gives the content of a file, or why it cannot be had: it is larger than limit bytes (its content is then not
// even inflated), this clone does not hold it, it is a link that leads to no file of the repository, or it is a pointer
// to content in Git LFS. The gap names no kinds of evidence; the caller knows what it expected there.
func (r *Reader) Read(f File, limit int64) ([]byte, *catalog.Gap) {
	if r.parts != nil {
		return r.parts.read(f, limit)
	}
	data, err := r.content(f, limit)
	if err == nil && isLFS(data) {
		err = errLFS
	}
	if err != nil {
		return nil, gapOf(f, limit, err)
	}
	return data, nil
}

func (r *Reader) content(f File, limit int64) ([]byte, error) {
	switch t := r.tree; {
	case t.pool == nil:
		text, ok := t.memory[f.Path]
		if !ok {
			return nil, errNotInTree
		}
		if int64(len(text)) > limit {
			return nil, tooLargeError{int64(len(text))}
		}
		return []byte(text), nil
	case f.ID != "":
		return r.objects.read(plumbing.BlobObject, plumbing.NewHash(f.ID), limit)
	case t.work != nil:
		return t.work.read(f.Path, limit)
	}
	p, err := look(r.lookCommit).resolve(f.Path)
	if err != nil {
		return nil, err
	}
	_, h, err := r.lookup(p)
	if err != nil {
		return nil, err
	}
	return r.objects.read(plumbing.BlobObject, h, limit)
}

func (r *Reader) lookup(p string) (kind, plumbing.Hash, error) {
	c, err := r.objects.commit(r.tree.commit)
	if err != nil {
		return otherKind, plumbing.ZeroHash, err
	}
	return r.objects.lookup(c.tree, p)
}

func (r *Reader) lookCommit(p string) (kind, string, error) {
	k, h, err := r.lookup(p)
	if errors.Is(err, errNotInTree) {
		return k, "", errDangling
	}
	if err != nil || k != linkKind {
		return k, "", err
	}
	target, err := r.objects.read(plumbing.BlobObject, h, maxPath)
	return k, string(target), err
}

// read gives the content of a file in the work tree.
func (w *workTree) read(p string, limit int64) ([]byte, error) {
	p, err := look(w.look).resolve(p)
	if err != nil {
		return nil, err
	}
	// What was a file a moment ago may be a link by now; the root does not let it lead outside.
	f, err := w.root.Open(filepath.FromSlash(p))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errDangling
	case info.Size() > limit:
		return nil, tooLargeError{info.Size()}
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if int64(len(data)) > limit { // it grew
		return nil, tooLargeError{int64(len(data))}
	}
	return data, err
}

func (w *workTree) look(p string) (kind, string, error) {
	info, err := w.root.Lstat(filepath.FromSlash(p))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return otherKind, "", errDangling
	case err != nil:
		return otherKind, "", err
	case info.IsDir():
		return folderKind, "", nil
	case info.Mode().IsRegular():
		return regularKind, "", nil
	case info.Mode()&fs.ModeSymlink == 0:
		return otherKind, "", nil
	}
	target, err := w.root.Readlink(filepath.FromSlash(p))
	return linkKind, filepath.ToSlash(target), err
}

var errLFS = errors.New("content is in Git LFS")

// isLFS tells the small text that stands for a file whose content Git LFS keeps elsewhere, by its specification's first
// line and largest size.
func isLFS(data []byte) bool {
	return len(data) < 1024 && bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/v1\n"))
}

// gapOf says why a file could not be read, and what to do.
func gapOf(f File, limit int64, err error) *catalog.Gap {
	g := &catalog.Gap{At: catalog.Place{File: f.Path}, Cause: catalog.MissingObject}
	var large tooLargeError
	switch {
	case errors.As(err, &large):
		g.Cause = catalog.TooLarge
		g.Detail = fmt.Sprintf("the file has %d bytes, more than the limit of %d. split it, or raise the limit", large.size, limit)
	case errors.Is(err, errOutside), errors.Is(err, errLoop), errors.Is(err, errToFolder), errors.Is(err, errDangling):
		g.Cause = catalog.Unsupported
		g.Detail = fmt.Sprintf("the symbolic link %v. put a file in its place, or a link to a file of the repository", err)
	case errors.Is(err, errLFS):
		g.Detail = "the file's content is in Git LFS and only a pointer is in git. keep evidence in git itself, or run git lfs pull and read the work tree"
	case errors.Is(err, errNotInTree), errors.Is(err, fs.ErrNotExist):
		g.Detail = "the file is gone since the tree was listed"
	case errors.Is(err, plumbing.ErrObjectNotFound), errors.Is(err, errCorrupt):
		g.Detail = "the file cannot be read: " + unreadable(err)
	default:
		g.Detail = fmt.Sprintf("the file cannot be read: %v", err)
	}
	return g
}
