// Package story builds a git history that is told in files: one txtar archive for each commit. It answers "which
// commits do these archives tell?" and never what the files in them mean, nor does it touch a disk, a network or a
// clock: the same archives give the same hashes everywhere.
//
// It serves embedded examples and tests, where a repository cannot be embedded but has to have a past.
package story

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"
	"golang.org/x/tools/txtar"
)

// branch is the one branch of a history, to which HEAD points.
const branch = plumbing.ReferenceName("refs/heads/main")

// Build makes the history that the archives below dir tell: one commit for each file "*.txtar", in the order of their
// names, which are therefore numbered ("001-first-services.txtar").
//
// What stands before an archive's first file is the commit's header, a blank line, and its message. The lines of the
// header are these; the last two may be repeated:
//
//	date: 2026-01-12T09:30:00Z                 RFC 3339; never before the date of the commit before
//	author: Ada Example <ada@shop.example>     the committer too
//	move: docs/a.md -> runbooks/a.md           a file, before anything else of the commit
//	remove: docs/b.md                          a file, or a folder with all that is in it
//
// Each file of the archive is added, or replaces the one of its path. A commit that changes nothing is a mistake, and
// so is every line that cannot be understood: the error names archive and line.
//
// The storage has a reference for the branch main and HEAD points to it. Nothing is written to the storage afterwards,
// so any number of goroutines may read it at once.
func Build(fsys fs.FS, dir string) (*memory.Storage, plumbing.Hash, error) {
	archives, err := fs.Glob(fsys, path.Join(dir, "*.txtar"))
	if err != nil {
		return nil, plumbing.ZeroHash, fmt.Errorf("cannot list the archives in %q: %w", dir, err)
	}
	if len(archives) == 0 {
		return nil, plumbing.ZeroHash, fmt.Errorf("there is no archive %q. a history needs one for each commit", path.Join(dir, "*.txtar"))
	}
	t := teller{storage: memory.NewStorage(), files: map[string]plumbing.Hash{}}
	for _, name := range archives {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, plumbing.ZeroHash, fmt.Errorf("cannot read the archive: %w", err)
		}
		if err := t.tell(data); err != nil {
			return nil, plumbing.ZeroHash, located(name, err)
		}
	}
	if err := t.point(); err != nil {
		return nil, plumbing.ZeroHash, err
	}
	return t.storage, t.head, nil
}

// lineError is a mistake at a line of an archive.
type lineError struct {
	line int
	text string
}

func (e lineError) Error() string { return e.text }

// mistake gives an error at a line: the fact, the value quoted, the way out.
func mistake(line int, format string, args ...any) error {
	return lineError{line, fmt.Sprintf(format, args...)}
}

// located puts the archive's name, and the line where it is known, before an error.
func located(name string, err error) error {
	var at lineError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d: %w", name, at.line, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// teller is the state of the history after each commit.
type teller struct {
	storage *memory.Storage
	files   map[string]plumbing.Hash // blobs by path
	tree    plumbing.Hash
	head    plumbing.Hash // zero before the first commit
	last    script        // of the commit at head
}

// tell adds the commit of one archive.
func (t *teller) tell(data []byte) error {
	archive := txtar.Parse(data)
	s, err := parseScript(string(archive.Comment))
	if err != nil {
		return err
	}
	if s.date.Before(t.last.date) {
		return mistake(s.dateLine, "date %q is before that of the commit before, %q. number the archives in the order of their dates", s.dateText, t.last.dateText)
	}
	for _, step := range s.steps {
		if err := t.apply(step); err != nil {
			return err
		}
	}
	if err := t.write(archive); err != nil {
		return err
	}
	return t.commit(s)
}

// commit writes the objects of the state that was reached.
func (t *teller) commit(s script) error {
	tree, err := writeTree(t.storage, t.files)
	if err != nil {
		return err
	}
	if tree == t.tree {
		return mistake(1, "the commit %q changes nothing. add a file, or leave the archive out", s.subject())
	}
	t.head, err = writeCommit(t.storage, tree, t.head, s)
	t.tree, t.last = tree, s
	return err
}

// point makes the branch and HEAD.
func (t *teller) point() error {
	for _, r := range []*plumbing.Reference{plumbing.NewHashReference(branch, t.head), plumbing.NewSymbolicReference(plumbing.HEAD, branch)} {
		if err := t.storage.SetReference(r); err != nil {
			return fmt.Errorf("cannot set the reference %q: %w", r.Name(), err)
		}
	}
	return nil
}
