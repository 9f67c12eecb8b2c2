package remote

import (
	"context"
	"path"
	"path/filepath"
	"strings"
	"time"

	"obsready/catalog/tree"
)

// local is a repository in a folder of this machine. It is read where it is: there is nothing to fetch.
type local struct {
	at     location
	dir    string     // of the repository
	name   string     // of the repository below the root of the rules
	folder string     // the folder of the repository that the address leads to
	own    *tree.Tree // at HEAD, until somebody takes it
}

func newLocal(rules Rules, at location) (*local, error) {
	dir, _, err := rules.place(at)
	if err != nil {
		return nil, err
	}
	l := &local{at: at, dir: dir}
	if l.own, err = l.tree(""); err != nil {
		return nil, err
	}
	if l.folder = l.own.Root(); l.folder != "" {
		l.close() // it has the files below the folder only
	}
	// The address may lead to a folder of the repository, and the repository may begin above what is allowed.
	l.dir = filepath.FromSlash(strings.TrimSuffix(strings.TrimSuffix(filepath.ToSlash(dir), l.folder), "/"))
	_, rel, err := rules.place(location{scheme: "file", path: filepath.ToSlash(l.dir)})
	if err != nil {
		l.close()
		return nil, refusedf("the repository of %q begins above the folders that may be read. name the folder that the repository stands in with --local-repositories", at.url())
	}
	if rel == "." {
		rel = filepath.Base(l.dir)
	}
	l.name = path.Join("local", safeFolder(strings.TrimSuffix(rel, ".git")))
	return l, nil
}

func (l *local) tree(ref string) (*tree.Tree, error) {
	t, err := tree.Open(l.dir, tree.Options{Ref: ref})
	if err != nil {
		return nil, unreadable(l.at, err, NotFound, "correct the address")
	}
	return t, closeOn(t, t.KeepClosed())
}

func (l *local) close() {
	if l.own != nil {
		_ = l.own.Close() // it was only read
		l.own = nil
	}
}

func (l *local) settle(r Repository) (Repository, bool, error) {
	r.Name, r.Folder = l.name, path.Join(l.folder, r.Folder)
	if r.Branch == "" {
		return r, true, nil
	}
	same, err := l.isHead(r.Branch)
	if same {
		r.Branch = ""
	}
	return r, same, err
}

// isHead reports whether a branch is at the same commit as HEAD, so that it need not be read twice.
func (l *local) isHead(branch string) (bool, error) {
	named, err := l.tree(branch)
	if err != nil {
		return false, err
	}
	defer named.Close()
	own, err := l.tree("")
	if err != nil {
		return false, err
	}
	defer own.Close()
	return own.Revision().Commit == named.Revision().Commit, nil
}

func (l *local) open(_ context.Context, branch string, own bool) (*tree.Tree, time.Time, error) {
	if own && l.own != nil {
		t := l.own
		l.own = nil
		return t, time.Time{}, nil
	}
	t, err := l.tree(branch)
	return t, time.Time{}, err
}
