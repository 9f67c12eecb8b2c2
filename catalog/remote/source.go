package remote

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"

	"obsready/catalog/tree"
)

// source is where the branches of one repository come from: its host, the cache, or a folder of this machine.
type source interface {
	// settle finds out which branch and folder are meant. own says that the branch is the one that the repository calls
	// its own.
	settle(r Repository) (settled Repository, own bool, err error)
	// open gives the tree of a branch that settle gave, and when it was last seen to be the newest.
	open(ctx context.Context, branch string, own bool) (*tree.Tree, time.Time, error)
	close()
}

// source chooses where a repository comes from, when the rules allow it at all.
func (f *fetcher) source(ctx context.Context, at location) (source, error) {
	if err := f.options.Rules.check(at); err != nil {
		return nil, err
	}
	switch {
	case at.scheme == "file":
		return newLocal(f.options.Rules, at)
	case f.options.Offline:
		return offline{cache: f.cache, at: at}, nil
	}
	h := &host{fetcher: f, at: at}
	return h, h.connect(ctx)
}

// opening is a branch that was opened, or why it was not.
type opening struct {
	tree    *tree.Tree
	fetched time.Time
	err     error
}

// one settles and opens one repository. A branch is opened once.
func one(ctx context.Context, s source, asked Repository, opened map[string]opening) (Result, error) {
	r, own, err := s.settle(asked)
	if err != nil {
		return Result{}, err
	}
	got, ok := opened[r.Branch]
	if !ok {
		got.tree, got.fetched, got.err = s.open(ctx, r.Branch, own)
		opened[r.Branch] = got
	}
	if got.err != nil {
		return Result{}, got.err
	}
	if !own {
		r.Name += "@" + strings.ReplaceAll(safeFolder(r.Branch), "/", "-")
	}
	if r.Folder, err = folderIn(got.tree, r); err != nil {
		return Result{}, err
	}
	return Result{Repository: r, Tree: got.tree, Fetched: got.fetched}, nil
}

// folderIn checks that a tree has the folder that was named. The address of a file names the folder that it is in.
func folderIn(t *tree.Tree, r Repository) (string, error) {
	if r.Folder == "" {
		return "", nil
	}
	files := t.Files()
	i, found := slices.BinarySearchFunc(files, r.Folder, func(f tree.File, p string) int { return strings.Compare(f.Path, p) })
	if found {
		return strings.TrimPrefix(path.Dir(r.Folder), "."), nil
	}
	for ; i < len(files) && strings.HasPrefix(files[i].Path, r.Folder); i++ {
		if strings.HasPrefix(files[i].Path, r.Folder+"/") {
			return r.Folder, nil
		}
	}
	return "", failf(NotFound, "the repository %q has no folder %q at %q. correct the address", r.URL, r.Folder, r.Branch)
}

// host is a repository on another machine.
type host struct {
	fetcher *fetcher
	at      location
	session session
	asked   bool // the session has been asked for objects; ssh serves one request only
	refs    *packp.AdvRefs
}

func (h *host) repository() Repository { return Repository{URL: h.at.url(), at: h.at} }

// connect opens a session and learns the branches.
func (h *host) connect(ctx context.Context) error {
	h.close()
	var err error
	if h.at.scheme == "ssh" {
		s, sshErr := openSSH(ctx, h.repository(), h.fetcher.options)
		if sshErr != nil {
			return sshErr
		}
		h.session = s
	} else {
		h.session = h.fetcher.http(h.repository())
	}
	h.asked = false
	if h.refs, err = h.session.advertised(ctx); err != nil {
		h.close()
	}
	return err
}

func (f *fetcher) http(r Repository) *httpSession {
	s := &httpSession{client: f.client, repo: r, base: strings.TrimRight(r.URL, "/"), login: environment(r, f.options.Getenv), pause: f.pause}
	if s.login == nil && f.options.CredentialHelper && r.at.scheme == "https" {
		s.ask = func(ctx context.Context) *login { return helper(ctx, r.at, f.options.CacheDir) }
	}
	return s
}

func (h *host) close() {
	if h.session != nil {
		_ = h.session.Close()
		h.session = nil
	}
}

func (h *host) settle(r Repository) (Repository, bool, error) {
	own := head(h.refs)
	if r.Branch == "" {
		r.Branch = own
		return r, true, nil
	}
	r, err := choose(r, func(branch string) bool {
		_, ok := tip(h.refs, branch)
		return ok
	})
	if names := some(h.refs); err != nil && names != "" {
		return r, false, failf(NotFound, "the repository %q has no branch or tag %q. correct the address: branches are %s", r.URL, r.Branch, names)
	}
	return r, r.Branch == own, err
}

func (h *host) open(ctx context.Context, branch string, own bool) (*tree.Tree, time.Time, error) {
	commit, ok := tip(h.refs, branch)
	if !ok {
		return nil, time.Time{}, failf(Empty, "the repository %q has no commit at HEAD. name a branch in the address: branches are %s", h.at.url(), some(h.refs))
	}
	c, o := h.fetcher.cache, h.fetcher.options
	name := branch
	if own {
		name = ""
	}
	if r, ok := c.load(h.at, name); ok && r.Commit == commit.String() && r.Branch == branch && r.serves(o.Since) {
		if t, err := openSnapshot(c.snapshot(h.at, r), r); err == nil { // else it is damaged: fetch it again
			r.Fetched = o.Now
			return t, o.Now, closeOn(t, c.store(h.at, r, own))
		}
	}
	r := record{Version: recordVersion, Address: h.at.url(), Branch: branch, Commit: commit.String(), Since: o.Since, Fetched: o.Now}
	t, err := h.fetch(ctx, &r, commit)
	if err != nil {
		return nil, time.Time{}, err
	}
	if err := c.store(h.at, r, own); err != nil {
		return nil, time.Time{}, closeOn(t, err)
	}
	c.prune(h.at)
	return t, o.Now, nil
}

// closeOn closes a tree that is of no use because of an error.
func closeOn(t *tree.Tree, err error) error {
	if err != nil {
		return errors.Join(err, t.Close())
	}
	return nil
}

// fetch makes a new snapshot and opens it. Nothing of it stays when that fails.
func (h *host) fetch(ctx context.Context, r *record, commit plumbing.Hash) (*tree.Tree, error) {
	err := h.bring(ctx, r, commit, r.Since)
	if err != nil && !r.Since.IsZero() && ctx.Err() == nil {
		// Hosts end a request for the commits since a day with an error when there are none, and some histories are
		// larger than may be fetched: the newest commit is better than nothing.
		err = h.bring(ctx, r, commit, time.Time{})
	}
	if err != nil {
		return nil, err
	}
	dir := h.fetcher.cache.snapshot(h.at, *r)
	t, err := openSnapshot(dir, *r)
	if err != nil {
		return nil, errors.Join(unreadable(h.at, err, Damaged, "try again"), os.RemoveAll(dir))
	}
	return t, nil
}

// bring downloads a commit into a new snapshot.
func (h *host) bring(ctx context.Context, r *record, commit plumbing.Hash, since time.Time) (err error) {
	if h.asked && h.at.scheme == "ssh" {
		if err := h.connect(ctx); err != nil {
			return err
		}
	}
	h.asked = true
	c := h.fetcher.cache
	dir, err := c.begin(h.at, commit)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	shallow, err := h.download(ctx, dir, commit, since)
	if err != nil {
		return err
	}
	r.Snapshot = filepath.Base(dir)
	return c.finish(dir, h.at, r.Branch, commit, shallow)
}

func (h *host) download(ctx context.Context, dir string, commit plumbing.Hash, since time.Time) (shallow []plumbing.Hash, err error) {
	req, err := request(h.refs, commit, since)
	if err != nil {
		return nil, err
	}
	body, err := h.session.pack(ctx, req)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	a, err := decodeAnswer(body, req)
	var line *pktline.ErrorLine
	switch {
	case errors.As(err, &line):
		return nil, said(h.repository(), line.Text)
	case err != nil:
		return nil, damaged(err)
	}
	index, err := receive(ctx, a.pack, filepath.Join(dir, "objects", "pack"), h.fetcher.options.MaxBytes)
	if err != nil {
		// go-git gives what a host says in the middle of a pack as a text only.
		if text, found := strings.CutPrefix(err.Error(), "unexpected error: "); found {
			return nil, said(h.repository(), text)
		}
		return nil, err
	}
	if has, err := index.Contains(commit); err != nil || !has {
		return nil, failf(Damaged, "the host of %q sent something else than the commit %s. try again", h.at.url(), commit)
	}
	return a.shallow, nil
}

// unreadable says why a repository that is there cannot be opened.
func unreadable(at location, err error, reason Reason, way string) error {
	if errors.Is(err, tree.ErrTooManyFiles) {
		return &tooLargeError{"two million files and folders, and none of that size is read"}
	}
	return failf(reason, "the repository %q cannot be read: %s. %s", at.url(), plain(err), way)
}

// openSnapshot opens the branch of a snapshot.
func openSnapshot(dir string, r record) (*tree.Tree, error) {
	ref := r.Branch
	if plumbing.IsHash(ref) {
		ref = "" // a branch with the name of a hash would be read as the hash; HEAD leads to it as well
	}
	t, err := tree.Open(dir, tree.Options{Ref: ref})
	if err != nil {
		return nil, err
	}
	if t.Revision().Commit != r.Commit {
		return nil, errors.Join(errDamaged, t.Close())
	}
	return t, closeOn(t, t.KeepClosed())
}
