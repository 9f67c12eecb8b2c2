package tree

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// busyRepo has a history with merges, deletions, moves, files that become folders, mode changes and a wrong clock.
func busyRepo(t *testing.T, commits int) *testRepo {
	t.Helper()
	r := newRepo(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	file := func() string {
		return []string{"a", "a.b", "a-b/c", "d/e", "d/f/g", "d.x", "h/i/j/k"}[rnd.IntN(7)] + strconv.Itoa(rnd.IntN(2))
	}
	for i := range commits {
		switch {
		case i%10 == 5:
			r.git("checkout", "-q", "-b", fmt.Sprint("side", i), "HEAD~"+strconv.Itoa(rnd.IntN(4)))
			r.commit(map[string]string{fmt.Sprint("side/", i): "x" + strconv.Itoa(i), "d/both": strconv.Itoa(i)})
			r.git("checkout", "-q", "main")
			r.git("merge", "-q", "--no-ff", "-X", "theirs", "-m", "merge", fmt.Sprint("side", i))
		case i%10 == 7:
			r.git("rm", "-q", "-r", "--ignore-unmatch", file())
			r.commit(nil)
		case i%10 == 8:
			r.git("rm", "-q", "-r", "--ignore-unmatch", "moved")
			r.commit(map[string]string{"d/m" + strconv.Itoa(i) + "/moved.md": "text " + strconv.Itoa(i)})
			r.git("mv", "d/m"+strconv.Itoa(i), "moved")
			r.commit(nil)
		case i == 20:
			r.git("rm", "-q", "-r", "--ignore-unmatch", "d")
			r.commit(map[string]string{"d": "a file now", "e/x": "1"})
		case i == 21:
			r.git("rm", "-q", "d")
			r.commit(map[string]string{"d/e0": "a folder again"})
		case i == 24:
			r.git("update-index", "--chmod=+x", "d/e0")
			r.git("commit", "-q", "-m", "mode")
			r.git("reset", "-q", "--hard")
		case i == 23:
			then := r.now
			r.now = epoch.AddDate(-20, 0, 0)
			r.commit(map[string]string{"d/clock": "1"})
			r.now = then
		default:
			r.commit(map[string]string{file(): strconv.Itoa(i)})
		}
	}
	return r
}

// sameTree fails unless two trees list, date and follow the same files.
func sameTree(t *testing.T, want, got *Tree) {
	t.Helper()
	if diff := cmp.Diff(want.Files(), got.Files()); diff != "" {
		t.Errorf("files at %s: %s", want.commit, diff)
	}
	if diff := cmp.Diff(want.Gaps(), got.Gaps()); diff != "" {
		t.Errorf("gaps at %s: %s", want.commit, diff)
	}
	var paths []string
	for _, f := range want.Files() {
		paths = append(paths, f.Path)
	}
	for _, since := range []time.Time{{}, epoch.Add(12 * time.Hour)} {
		wantDates, wantErr := want.LastChanged(paths, since)
		gotDates, gotErr := got.LastChanged(paths, since)
		if diff := cmp.Diff(wantDates, gotDates); diff != "" || (wantErr == nil) != (gotErr == nil) {
			t.Errorf("dates at %s: %v, %v: %s", want.commit, wantErr, gotErr, diff)
		}
		wantVersions, wantErr := want.Versions(paths, since, 6)
		gotVersions, gotErr := got.Versions(paths, since, 6)
		if diff := cmp.Diff(wantVersions, gotVersions); diff != "" || (wantErr == nil) != (gotErr == nil) {
			t.Errorf("versions at %s: %v, %v: %s", want.commit, wantErr, gotErr, diff)
		}
	}
	wantReplaced, wantAll, wantErr := want.Replaced(want.commit.String())
	gotReplaced, gotAll, gotErr := got.Replaced(want.commit.String())
	if diff := cmp.Diff(wantReplaced, gotReplaced); wantAll && diff != "" || wantAll != gotAll || (wantErr == nil) != (gotErr == nil) {
		t.Errorf("replaced by %s: all %t, %t: %s", want.commit, wantAll, gotAll, diff)
	}
}

// checkAt compares the trees that share a storage with trees that are opened by themselves, along the history of a folder
// in both directions.
func checkAt(t *testing.T, dir string) {
	t.Helper()
	head := open(t, dir, Options{})
	commits, _, err := head.Log(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	back := slices.Clone(commits)
	slices.Reverse(back)
	for _, c := range append(commits, back...) {
		alone, wantErr := Open(dir, Options{Ref: c.Hash})
		at, err := head.At(c.Hash)
		if (wantErr == nil) != (err == nil) {
			t.Errorf("%s: %v, alone %v", c.Hash, err, wantErr)
		}
		if err != nil || wantErr != nil {
			continue
		}
		if r := at.Revision(); r.Commit != c.Hash || !r.Time.Equal(c.Time) || r.Ref != "HEAD" || r.WorkTree || at.Root() != head.Root() {
			t.Errorf("%s: got %+v at %q", c.Hash, r, at.Root())
		}
		sameTree(t, alone, at)
		if err := errors.Join(alone.Close(), at.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestAt(t *testing.T) {
	r := busyRepo(t, 30)
	checkAt(t, r.dir)
	r.git("gc", "-q", "--aggressive", "--prune=now")
	checkAt(t, filepath.Join(r.dir, "d"))
}

func TestAtInClones(t *testing.T) {
	r := busyRepo(t, 26)
	for _, args := range [][]string{{"--depth=20"}, {"--filter=blob:none", "--no-checkout"}, {"--filter=tree:0"}} {
		clone := r.cloneURL(args...)
		checkAt(t, clone)
		if err := os.RemoveAll(clone); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAtOfHostileNames(t *testing.T) {
	r := newRepo(t)
	blob := r.pipe(r.dir, "x", "hash-object", "-w", "--stdin")
	tree := r.pipe(r.dir, "100644 blob "+blob+"\tgood\n100644 blob "+blob+"\t\"bad\\001\"\n", "mktree")
	top := r.pipe(r.dir, "040000 tree "+tree+"\ts\n", "mktree")
	r.git("update-ref", "refs/heads/main", r.git("commit-tree", "-m", "x", top))
	head := open(t, r.dir, Options{})
	if len(head.Gaps()) != 1 {
		t.Fatal(head.Gaps())
	}
	for range 3 {
		at, err := head.At(head.Revision().Commit)
		if err != nil {
			t.Fatal(err)
		}
		sameTree(t, head, at)
		at.Close()
	}
}

// TestAtDamaged reads damaged repositories: nothing panics, and what is shared tells no more than what is read alone.
func TestAtDamaged(t *testing.T) {
	r := newRepo(t)
	long := strings.Repeat("all of them\n", 300)
	r.commit(map[string]string{"README.md": "1", "a/b.md": long})
	r.commit(map[string]string{"README.md": "2", "a/b.md": long + "more"})
	r.git("mv", "a/b.md", "c.md")
	r.commit(map[string]string{"README.md": "3"})
	hashes := strings.Fields(r.git("rev-list", "HEAD"))
	r.git("repack", "-adq")
	packs, err := filepath.Glob(filepath.Join(r.dir, ".git", "objects", "pack", "*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	whole, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(packs[0], 0o644); err != nil {
		t.Fatal(err)
	}
	for at := 12; at < len(whole); at += 7 {
		bad := slices.Clone(whole)
		bad[at] ^= 0x55
		if err := os.WriteFile(packs[0], bad, 0o644); err != nil {
			t.Fatal(err)
		}
		tr, err := Open(r.dir, Options{})
		if err != nil {
			continue
		}
		_, _, _ = tr.Log(time.Time{})
		_, _ = tr.Changed(hashes[0], hashes[len(hashes)-1])
		for _, h := range hashes {
			if other, err := tr.At(h); err == nil {
				_, _ = other.Versions([]string{"README.md", "c.md"}, time.Time{}, 10)
				other.Close()
			}
		}
		tr.Close()
	}
}

// TestAtIsClosedByItself closes trees of one storage in any order, twice as well.
func TestAtIsClosedByItself(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1"})
	first := r.head()
	r.commit(map[string]string{"f": "2"})
	head, err := Open(r.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	one, err := head.At(first)
	if err != nil {
		t.Fatal(err)
	}
	two, err := one.At(head.Revision().Commit)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(head.Close(), head.Close()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, one); got["f"] != "1" {
		t.Errorf("got %v", got)
	}
	if err := errors.Join(one.Close(), one.Close()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, two); got["f"] != "2" {
		t.Errorf("got %v", got)
	}
	if two.pool.closed {
		t.Error("the storage was closed before the last tree")
	}
	if err := two.Close(); err != nil || !two.pool.closed || len(two.pool.free) > 0 {
		t.Errorf("the storage is still open: %v", err)
	}
}

func TestAtErrors(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1"})
	first := r.head()
	r.commit(map[string]string{"catalog/f": "1"})
	tr := open(t, filepath.Join(r.dir, "catalog"), Options{})
	if _, err := tr.At(first); !errors.Is(err, ErrNoFolder) {
		t.Errorf("a commit before the catalog: %v", err)
	}
	for _, commit := range []string{"", "HEAD", first[:8], strings.Repeat("1", 40)} {
		if _, err := tr.At(commit); err == nil || errors.Is(err, ErrNoFolder) {
			t.Errorf("%q: %v", commit, err)
		}
	}
	if _, err := inMemory(nil).At(first); err == nil {
		t.Error("a tree in memory has no commits")
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	if !tr.pool.closed {
		t.Error("a tree that could not be had keeps the storage open")
	}
}

// TestAtOfOtherTrees takes the committed files of a work tree, and the catalog's own of a union.
func TestAtOfOtherTrees(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1"})
	r.write(map[string]string{"f": "2", "g": "new"})
	work := open(t, r.dir, Options{WorkTree: true})
	at, err := work.At(r.head())
	if err != nil {
		t.Fatal(err)
	}
	defer at.Close()
	if got := contents(t, at); len(got) != 1 || got["f"] != "1" || at.Revision().WorkTree {
		t.Errorf("got %v, %+v", got, at.Revision())
	}
	u, base, _ := twoRepositories(t)
	own, err := u.At(base.head())
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if len(own.Revision().Mounts) > 0 || own.Revision().Commit != base.head() {
		t.Errorf("got %+v", own.Revision())
	}
}

func TestChanged(t *testing.T) {
	r := busyRepo(t, 30)
	hashes := strings.Fields(r.git("rev-list", "--first-parent", "HEAD"))
	for _, folder := range []string{"", "d"} {
		tr := open(t, filepath.Join(r.dir, folder), Options{})
		for i := 0; i < len(hashes)-1; i += 2 {
			from, to := hashes[i+1], hashes[i*i%len(hashes)]
			var want []string
			for p := range strings.Lines(r.git("diff", "--name-only", "--no-renames", from, to)) {
				if p = strings.TrimSpace(p); strings.HasPrefix(p, folder+"/") || folder == "" {
					want = append(want, p)
				}
			}
			slices.Sort(want)
			got, err := tr.Changed(from, to)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s..%s in %q: %v %s", from, to, folder, err, diff)
			}
		}
	}
}
