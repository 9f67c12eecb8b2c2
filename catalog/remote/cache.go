package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"obsready/catalog/tree"
)

// cache keeps fetched repositories. Each has a folder, named by the hash of its address, with
//
//   - snapshots: bare repositories that hold one branch. A snapshot is written once, and never changed after that.
//   - records: small files that say which snapshot a branch is in. A record is replaced as a whole, and only when its
//     snapshot is complete; so a run that is killed leaves what was there, and two runs at once cannot mix.
//
// Snapshots that no record names are removed when nobody has used them for a day: another run may still be reading them.
type cache struct {
	dir string
	now time.Time
}

const (
	recordVersion = 1
	maxRecord     = 64 << 10
	unusedAfter   = 24 * time.Hour
)

// record says which snapshot a branch is in.
type record struct {
	Version  int       `json:"version"`
	Address  string    `json:"address"` // what was fetched, for people who look into the cache
	Branch   string    `json:"branch"`  // "" when the repository's HEAD is no branch
	Commit   string    `json:"commit"`
	Snapshot string    `json:"snapshot"` // the folder
	Since    time.Time `json:"since"`    // what history was asked for; zero for none
	Fetched  time.Time `json:"fetched"`  // when the commit was last seen to be the newest
}

// serves reports whether a snapshot has the history that is wanted.
func (r record) serves(since time.Time) bool {
	return since.IsZero() || !r.Since.IsZero() && !r.Since.After(since)
}

func (c cache) folder(at location) string {
	sum := sha256.Sum256([]byte(at.key()))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:16]))
}

// recordFile names the file of a branch's record; "" is the one that the repository calls its own.
func recordFile(branch string) string {
	if branch == "" {
		return "own.json"
	}
	sum := sha256.Sum256([]byte(branch))
	return "branch-" + hex.EncodeToString(sum[:16]) + ".json"
}

// load gives the record of a branch; ok is false when there is none that can be used.
func (c cache) load(at location, branch string) (r record, ok bool) {
	return readRecord(filepath.Join(c.folder(at), recordFile(branch)))
}

func readRecord(file string) (r record, ok bool) {
	f, err := os.Open(file)
	if err != nil {
		return r, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRecord))
	if err != nil || json.Unmarshal(text, &r) != nil {
		return r, false
	}
	safe := r.Snapshot != "" && filepath.Base(r.Snapshot) == r.Snapshot && r.Snapshot != ".."
	return r, safe && r.Version == recordVersion && plumbing.IsHash(r.Commit) && (r.Branch == "" || validRef(r.Branch))
}

// snapshot gives the folder of a record's snapshot, and marks it as used.
func (c cache) snapshot(at location, r record) string {
	dir := filepath.Join(c.folder(at), r.Snapshot)
	_ = os.Chtimes(dir, c.now, c.now) // a cache that is mounted to be read only serves as well
	return dir
}

// begin makes the folder for a new snapshot.
func (c cache) begin(at location, commit plumbing.Hash) (dir string, err error) {
	if c.dir == "" {
		return "", failf(Cache, "there is no folder to fetch %q into. name one for the cache", at.url())
	}
	folder := c.folder(at)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", c.failed(err)
	}
	dir, err = os.MkdirTemp(folder, commit.String()[:12]+"-")
	if err != nil {
		return "", c.failed(err)
	}
	for _, sub := range []string{"objects/pack", "refs"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(sub)), 0o700); err != nil {
			return "", errors.Join(c.failed(err), os.RemoveAll(dir))
		}
	}
	return dir, nil
}

func (c cache) failed(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return failf(Cache, "the cache %q cannot be used: %v. name another folder, or make room in it", c.dir, err)
}

// finish writes what makes a bare repository of a snapshot that has its objects.
func (c cache) finish(dir string, at location, branch string, commit plumbing.Hash, shallow []plumbing.Hash) error {
	head := commit.String() + "\n"
	refs := ""
	if branch != "" {
		head = "ref: refs/heads/" + branch + "\n"
		refs = commit.String() + " refs/heads/" + branch + "\n"
	}
	files := map[string]string{
		"HEAD":        head,
		"packed-refs": "# pack-refs with: sorted \n" + refs, // in one file, so that no branch's name becomes a path
		"config":      "[core]\n\trepositoryformatversion = 0\n\tbare = true\n[remote \"origin\"]\n\turl = " + quoteConfig(at.url()) + "\n",
	}
	if len(shallow) > 0 {
		var b strings.Builder
		for _, h := range shallow {
			b.WriteString(h.String() + "\n")
		}
		files["shallow"] = b.String()
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return c.failed(err)
		}
	}
	return nil
}

// quoteConfig quotes a value as git-config(1) says. It holds no line breaks: Address refuses them.
func quoteConfig(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// store replaces the record of a branch, and that of the repository's own branch when it is this one.
func (c cache) store(at location, r record, own bool) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	var names []string
	if r.Branch != "" {
		names = append(names, recordFile(r.Branch))
	}
	if own {
		names = append(names, recordFile(""))
	}
	for _, name := range names {
		if err := replaceFile(filepath.Join(c.folder(at), name), text); err != nil {
			return c.failed(err)
		}
	}
	return nil
}

// replaceFile puts a new file in the place of an old one, which stays whole until then.
func replaceFile(file string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), "record-")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// prune removes what no record names and nobody used for a day: snapshots of older heads, and what a killed run left.
func (c cache) prune(at location) {
	folder := c.folder(at)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	var named []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			r, _ := readRecord(filepath.Join(folder, e.Name()))
			named = append(named, r.Snapshot)
		}
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || strings.HasSuffix(e.Name(), ".json") || slices.Contains(named, e.Name()) || c.now.Sub(info.ModTime()) < unusedAfter {
			continue
		}
		_ = os.RemoveAll(filepath.Join(folder, e.Name())) // the next run tries again
	}
}

// offline is the repositories of the cache, without asking anybody.
type offline struct {
	cache cache
	at    location
}

func (s offline) close() {}

func (s offline) settle(r Repository) (Repository, bool, error) {
	own, _ := s.cache.load(s.at, "")
	if r.Branch == "" {
		r.Branch = own.Branch
		return r, true, nil
	}
	r, err := choose(r, func(branch string) bool {
		_, ok := s.cache.load(s.at, branch)
		return ok
	})
	if err != nil {
		return r, false, s.missing(fmt.Sprintf("the branch %q of ", r.Branch))
	}
	return r, r.Branch == own.Branch, nil
}

func (s offline) open(_ context.Context, branch string, own bool) (*tree.Tree, time.Time, error) {
	name := branch
	if own {
		name = ""
	}
	r, ok := s.cache.load(s.at, name)
	if !ok {
		return nil, time.Time{}, s.missing("")
	}
	t, err := openSnapshot(s.cache.snapshot(s.at, r), r)
	if err != nil {
		return nil, time.Time{}, unreadable(s.at, err, Damaged, "the cache's copy is damaged: run once without --offline")
	}
	return t, r.Fetched, nil
}

func (s offline) missing(what string) error {
	return failf(NotCached, "the cache has no copy of %sthe repository %q. run once without --offline", what, s.at.url())
}
