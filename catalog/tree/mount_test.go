package tree

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

func union(t testing.TB, base *Tree, mounts ...Mount) *Tree {
	t.Helper()
	u, err := Union(base, mounts)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func inMemory(files map[string]string) *Tree { return FromFiles(files, epoch) }

func pathsOf(tr *Tree) []string {
	var paths []string
	for _, f := range tr.Files() {
		paths = append(paths, f.Path)
	}
	return paths
}

// checkUnion asserts what holds for every union: files in order, each once, and every one readable.
func checkUnion(t testing.TB, u *Tree) {
	t.Helper()
	paths := pathsOf(u)
	if !slices.IsSorted(paths) || len(slices.Compact(slices.Clone(paths))) != len(paths) {
		t.Errorf("files are not in order, each once: %q", paths)
	}
	for _, p := range paths {
		if _, ok := u.file(p); !ok {
			t.Errorf("%q is listed and not found", p)
		}
	}
}

func TestUnionHasTheFilesOfAll(t *testing.T) {
	base := inMemory(map[string]string{"a.yaml": "base a", "z/b.yaml": "base b", "git.example/readme": "base readme"})
	u := union(t, base,
		Mount{"git.example/pay/checkout", inMemory(map[string]string{"alerts.yaml": "checkout", "docs/run.md": "run"})},
		Mount{"git.example/pay/cart", inMemory(map[string]string{"alerts.yaml": "cart"})})
	checkUnion(t, u)
	want := map[string]string{
		"a.yaml": "base a", "z/b.yaml": "base b", "git.example/readme": "base readme",
		"git.example/pay/checkout/alerts.yaml": "checkout", "git.example/pay/checkout/docs/run.md": "run", "git.example/pay/cart/alerts.yaml": "cart",
	}
	if diff := cmp.Diff(want, contents(t, u)); diff != "" {
		t.Error(diff)
	}
}

func TestUnionGivesAFreeFolder(t *testing.T) {
	tests := map[string]struct {
		base   []string
		folder string
		want   string
	}{
		"nothing there":            {[]string{"a"}, "git.example/x", "git.example/x"},
		"a folder is there":        {[]string{"git.example/x/y"}, "git.example/x", "git.example/x~2"},
		"a file is there":          {[]string{"git.example/x"}, "git.example/x", "git.example/x~2"},
		"a longer name is there":   {[]string{"git.example/x-y", "git.example/x.md"}, "git.example/x", "git.example/x"},
		"the next one is too":      {[]string{"x/y", "x~2/y"}, "x", "x~3"},
		"another file of the host": {[]string{"git.example/readme"}, "git.example/x", "git.example/x"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for _, f := range test.base {
				files[f] = "base"
			}
			mounted := inMemory(map[string]string{"y": "mounted"})
			u := union(t, inMemory(files), Mount{test.folder, mounted})
			checkUnion(t, u)
			folder, ok := u.Folder(mounted)
			if !ok || folder != test.want {
				t.Errorf("folder is %q, want %q", folder, test.want)
			}
			if got := contents(t, u)[folder+"/y"]; got != "mounted" {
				t.Errorf("the mounted file reads %q", got)
			}
		})
	}
}

// A file where a folder of the mount's address should be can have no folder below it, so the suffix is of no help.
func TestUnionBelowAFile(t *testing.T) {
	u := union(t, inMemory(map[string]string{"git.example": "a file"}), Mount{"git.example/x", inMemory(map[string]string{"y": ""})})
	checkUnion(t, u)
	if diff := cmp.Diff([]string{"git.example", "git.example~2/x/y"}, pathsOf(u)); diff != "" {
		t.Error(diff)
	}
}

func TestUnionRefusesFolders(t *testing.T) {
	for _, folder := range []string{"", "/a", "a/", "a//b", "..", "a/../b", ".git/x", "a\nb", `a\b`, "a\u202eb", strings.Repeat("a", maxPath+1)} {
		_, err := Union(inMemory(nil), []Mount{{folder, inMemory(nil)}})
		if err == nil || strings.ContainsFunc(err.Error(), unprintable) {
			t.Errorf("folder %q: %v", folder, err)
		}
	}
}

func TestUnionDoesNotDependOnOrder(t *testing.T) {
	build := func(order []int) *Tree {
		mounts := []Mount{
			{"h/a", inMemory(map[string]string{"1": "x"})}, {"h/a/b", inMemory(map[string]string{"2": "x"})}, {"h/c", inMemory(map[string]string{"3": "x"})},
			{"h/c", inMemory(map[string]string{"4": "x"})},
		}
		for i := range mounts {
			mounts[i].Tree.revision.Commit = fmt.Sprint(i)
		}
		shuffled := make([]Mount, len(mounts))
		for i, o := range order {
			shuffled[i] = mounts[o]
		}
		return union(t, inMemory(map[string]string{"m": "", "h/c/own": ""}), shuffled...)
	}
	want := build([]int{0, 1, 2, 3})
	if diff := cmp.Diff([]string{"h/a/1", "h/a/b/2", "h/c/own", "h/c~2/3", "h/c~3/4", "m"}, pathsOf(want)); diff != "" {
		t.Fatal(diff)
	}
	for range 10 {
		got := build(rand.Perm(4))
		if !slices.Equal(pathsOf(got), pathsOf(want)) || !cmp.Equal(got.Revision(), want.Revision()) {
			t.Fatalf("got %q %+v, want %q %+v", pathsOf(got), got.Revision(), pathsOf(want), want.Revision())
		}
	}
}

func TestUnionPrefixesGaps(t *testing.T) {
	base := inMemory(map[string]string{"a/.git/x": "", "b": "b"})
	other := inMemory(map[string]string{".git/x": "", "c/.git/x": "", "link": strings.Repeat("x", 100)})
	u := union(t, base, Mount{"h/o", other})
	var at []string
	for _, g := range u.Gaps() {
		checkGap(t, g)
		at = append(at, g.At.File)
	}
	if diff := cmp.Diff([]string{"a", "h/o", "h/o/c"}, at); diff != "" {
		t.Error(diff)
	}
	r, _ := u.Reader()
	defer r.Close()
	f, _ := u.file("h/o/link")
	if _, gap := r.Read(f, 10); gap == nil || gap.At.File != "h/o/link" || gap.Cause != catalog.TooLarge {
		t.Errorf("the limit does not hold in a mount, or its place is wrong: %v", gap)
	}
}

// twoRepositories gives a union of two repositories that have histories of their own.
func twoRepositories(t *testing.T) (u *Tree, base, other *testRepo) {
	base, other = newRepo(t), newRepo(t)
	base.commit(map[string]string{"a": "1", "same": "1"})
	base.commit(map[string]string{"a": "2"})
	other.now = epoch.Add(100 * time.Hour)
	other.commit(map[string]string{"a": "one", "d/moved": "text that moves"})
	other.commit(map[string]string{"a": "two"})
	other.git("mv", "d/moved", "now")
	other.git("remote", "add", "origin", "https://github.com/acme/other.git")
	other.commit(map[string]string{"d/new": "x"})
	u = union(t, open(t, base.dir, Options{}), Mount{"github.com/acme/other", open(t, other.dir, Options{})})
	return u, base, other
}

func TestUnionHistories(t *testing.T) {
	u, base, other := twoRepositories(t)
	at := func(hours int) time.Time { return epoch.Add(time.Duration(hours) * time.Hour) }
	changed, err := u.LastChanged([]string{"a", "same", "github.com/acme/other/a", "github.com/acme/other/now", "github.com/acme/other/none"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]time.Time{"a": at(1), "same": at(0), "github.com/acme/other/a": at(101), "github.com/acme/other/now": at(102)}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Error(diff)
	}

	versions, err := u.Versions([]string{"a", "github.com/acme/other/a"}, time.Time{}, 10)
	if err != nil || len(versions) != 1 || len(versions["a"]) != 2 {
		t.Errorf("versions: %v %v", versions, err)
	}
	if files, all, err := u.Replaced(base.head()); err != nil || !all || len(files) != 1 || files[0].Path != "a" {
		t.Errorf("replaced: %v %v %v", files, all, err)
	}
	if files, all, err := u.Replaced(other.head()); len(files) > 0 || all || err != nil {
		t.Errorf("replaced by a commit of a mount: %v %v %v", files, all, err)
	}
}

func TestBoundary(t *testing.T) {
	whole := newRepo(t)
	whole.commit(map[string]string{"a": "1"})
	whole.commit(map[string]string{"a": "2"})
	if when, ok, err := open(t, whole.dir, Options{}).Boundary(); ok || err != nil {
		t.Errorf("a whole history ends at %v, %v", when, err)
	}
	if err := os.WriteFile(filepath.Join(whole.dir, ".git", "shallow"), []byte(whole.head()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if when, ok, err := open(t, whole.dir, Options{}).Boundary(); !ok || err != nil || !when.Equal(epoch.Add(time.Hour)) {
		t.Errorf("the shallow history ends at %v, %v, %v", when, ok, err)
	}
}

func TestUnionLinks(t *testing.T) {
	u, _, other := twoRepositories(t)
	rev := u.Revision()
	mount := rev.Mounts[0]
	if mount.Folder != "github.com/acme/other" || mount.Revision.Commit != other.head() || mount.Revision.Web != "https://github.com/acme/other" {
		t.Errorf("mount: %+v", mount)
	}
	want := "https://github.com/acme/other/blob/" + other.head() + "/d/new#L3"
	if got := rev.Link(catalog.Place{File: "github.com/acme/other/d/new", Line: 3}); got != want {
		t.Errorf("link is %q, want %q", got, want)
	}
	if got := rev.Link(catalog.Place{File: "a"}); got != "" {
		t.Errorf("the catalog has no web address, and a file of it the link %q", got)
	}
	if r, file := rev.Of("github.com/acme/other/d/new"); r.Commit != other.head() || file != "d/new" {
		t.Errorf("Of: %q %q", r.Commit, file)
	}
	if r, file := rev.Of("github.com/acme/other"); r.Commit != other.head() || file != "" {
		t.Errorf("Of the folder itself: %q %q", r.Commit, file)
	}
}

func TestUnionSymlinksStayInTheirRepository(t *testing.T) {
	base, other := newRepo(t), newRepo(t)
	base.commit(map[string]string{"secret": "of the catalog"})
	for link, target := range map[string]string{"inside": "dir/file", "outside": "../../../secret", "same": "secret"} {
		hash := other.pipe(other.dir, target, "hash-object", "-w", "--stdin")
		other.git("update-index", "--add", "--cacheinfo", "120000,"+hash+","+link)
	}
	hash := other.pipe(other.dir, "text", "hash-object", "-w", "--stdin")
	other.git("update-index", "--add", "--cacheinfo", "100644,"+hash+",dir/file")
	other.git("commit", "-q", "-m", "links")
	u := union(t, open(t, base.dir, Options{}), Mount{"h/o/r", open(t, other.dir, Options{})})
	want := map[string]string{"secret": "of the catalog", "h/o/r/dir/file": "text", "h/o/r/inside": "text", "h/o/r/outside": "[unsupported]", "h/o/r/same": "[unsupported]"}
	if diff := cmp.Diff(want, contents(t, u)); diff != "" {
		t.Error(diff)
	}
}

func TestUnionOfAWorkTree(t *testing.T) {
	base := newRepo(t)
	base.commit(map[string]string{".gitignore": "*.tmp\n", "a": "1"})
	base.write(map[string]string{"a": "2", "b.tmp": ""})
	u := union(t, open(t, base.dir, Options{WorkTree: true}), Mount{"h/o", inMemory(map[string]string{"b.tmp": "not ignored here"})})
	want := map[string]string{".gitignore": "*.tmp\n", "a": "2", "h/o/b.tmp": "not ignored here"}
	if diff := cmp.Diff(want, contents(t, u)); diff != "" {
		t.Error(diff)
	}
	if !u.Revision().WorkTree {
		t.Error("the revision does not say that the work tree was read")
	}
}

// A damaged history of another repository must not end the run.
func TestUnionDamagedHistory(t *testing.T) {
	base, other := newRepo(t), newRepo(t)
	base.commit(map[string]string{"a": "1"})
	other.commit(map[string]string{"d/a": "1"})
	bad := other.pipe(other.dir, "no tree at all", "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
	head := other.git("rev-parse", "HEAD^{tree}")
	first := other.git("commit-tree", "-m", "bad", bad)
	other.git("update-ref", "HEAD", other.git("commit-tree", "-m", "good", "-p", first, head))
	u := union(t, open(t, base.dir, Options{}), Mount{"h/o", open(t, other.dir, Options{})})
	changed, err := u.LastChanged([]string{"a", "h/o/d/a"}, time.Time{})
	var damaged *HistoryError
	if !errors.As(err, &damaged) || !slices.Equal(damaged.Folders, []string{"h/o"}) {
		t.Fatalf("error is %v", err)
	}
	if diff := cmp.Diff(map[string]time.Time{"a": epoch}, changed); diff != "" {
		t.Error(diff)
	}
}

func TestUnionConcurrentReaders(t *testing.T) {
	u, _, _ := twoRepositories(t)
	want := contents(t, u)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := contents(t, u); !maps.Equal(got, want) {
				t.Errorf("got %q", got)
			}
			if _, err := u.LastChanged(pathsOf(u), time.Time{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := u.Close(); err != nil {
		t.Error(err)
	}
}
