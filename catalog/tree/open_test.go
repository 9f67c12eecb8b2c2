package tree

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"
	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

var someFiles = map[string]string{
	"README.md":                  "# catalog\n",
	"services/a/service.toml":    "name = \"a\"\n",
	"services/a/runbooks/x.md":   "# x\n",
	"services/a.toml":            "name = \"a\"\n",
	"services/b/service.toml":    "name = \"b\"\n",
	"services/b/ünïcode name.md": "# b\n",
	"large.txt":                  strings.Repeat("0123456789abcdef\n", 100_000),
}

var wantFiles = func() map[string]string {
	want := maps.Clone(someFiles)
	want["large.txt"] = "[too large]"
	return want
}()

// Every way in which a repository can lie on disk gives the same files.
func TestOpenLayouts(t *testing.T) {
	layouts := map[string]func(r *testRepo) string{
		"loose objects": func(r *testRepo) string { return r.dir },
		"packed": func(r *testRepo) string {
			r.git("gc", "-q", "--aggressive", "--prune=now")
			return r.dir
		},
		"packed references": func(r *testRepo) string {
			r.git("pack-refs", "--all")
			return r.dir
		},
		"folder that does not exist on disk": func(r *testRepo) string {
			return filepath.Join(r.clone("--bare"), "services", "..")
		},
		"bare":          func(r *testRepo) string { return r.clone("--bare") },
		"shared":        func(r *testRepo) string { return r.clone("--shared") },
		"shared packed": func(r *testRepo) string { r.git("repack", "-adq"); return r.clone("--shared") },
		"shared twice": func(r *testRepo) string {
			r.dir = r.clone("--shared", "--bare")
			return r.clone("--shared")
		},
		"shallow": func(r *testRepo) string { return r.cloneURL("--depth=1") },
		"linked work tree": func(r *testRepo) string {
			r.git("worktree", "add", "-q", r.dir+"-linked", "-b", "other")
			return filepath.Join(r.dir+"-linked", "services", "..")
		},
		"sparse checkout": func(r *testRepo) string {
			r.git("sparse-checkout", "set", "services/a")
			return r.dir
		},
		"symbolic link to it": func(r *testRepo) string {
			if err := os.Symlink(r.dir, r.dir+"-link"); err != nil {
				r.t.Skip(err)
			}
			return r.dir + "-link"
		},
		"git's own folder": func(r *testRepo) string { return filepath.Join(r.dir, ".git") },
	}
	for name, make := range layouts {
		t.Run(name, func(t *testing.T) {
			r := newRepo(t)
			r.commit(map[string]string{"large.txt": someFiles["large.txt"] + "old"})
			r.commit(someFiles)
			head := r.head()
			tr := open(t, make(r), Options{})
			if diff := cmp.Diff(wantFiles, contents(t, tr)); diff != "" {
				t.Error(diff)
			}
			rev := tr.Revision()
			if rev.Commit != head || rev.Ref != "HEAD" || !rev.Time.Equal(epoch.Add(3600e9)) || rev.Shallow != (name == "shallow") {
				t.Errorf("got revision %+v", rev)
			}
			if !slices.IsSortedFunc(tr.Files(), func(a, b File) int { return strings.Compare(a.Path, b.Path) }) {
				t.Error("files are not in the order of their paths")
			}
			if len(tr.Gaps()) > 0 {
				t.Errorf("got gaps %v", tr.Gaps())
			}
		})
	}
}

func (r *testRepo) clone(args ...string) string {
	dir := r.dir + "-clone"
	r.in(filepath.Dir(r.dir), append(append([]string{"clone", "-q"}, args...), r.dir, dir)...)
	return dir
}

func (r *testRepo) cloneURL(args ...string) string {
	dir := r.dir + "-clone"
	r.git("config", "uploadpack.allowFilter", "true")
	r.in(filepath.Dir(r.dir), append(append([]string{"clone", "-q"}, args...), "file://"+r.dir, dir)...)
	return dir
}

func TestFolderOfRepository(t *testing.T) {
	r := newRepo(t)
	r.commit(someFiles)
	tr := open(t, filepath.Join(r.dir, "services", "a"), Options{})
	want := map[string]string{"services/a/service.toml": "name = \"a\"\n", "services/a/runbooks/x.md": "# x\n"}
	if diff := cmp.Diff(want, contents(t, tr)); diff != "" || tr.Root() != "services/a" {
		t.Errorf("root %q: %s", tr.Root(), diff)
	}
}

// What a partial clone lacks is a gap and never just missing.
func TestPartialClone(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"a.yaml": "a: 1\n", "d/b.yaml": "b: 1\n"})
	r.commit(map[string]string{"a.yaml": "a: 2\n"})
	tr := open(t, r.cloneURL("--filter=blob:none", "--no-checkout"), Options{})
	want := map[string]string{"a.yaml": "[missing object]", "d/b.yaml": "[missing object]"}
	if diff := cmp.Diff(want, contents(t, tr)); diff != "" {
		t.Error(diff)
	}
	changed, err := tr.LastChanged([]string{"a.yaml", "d/b.yaml"}, epoch)
	if err != nil || len(changed) != 2 {
		t.Errorf("trees are there, so times are known: got %v, %v", changed, err)
	}
}

func TestPartialCloneWithoutTrees(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"a.yaml": "a: 1\n", "d/b.yaml": "b: 1\n"})
	r.commit(map[string]string{"a.yaml": "a: 2\n"})
	clone := r.cloneURL("--filter=tree:0") // its checkout fetches HEAD's trees
	tr := open(t, clone, Options{})
	changed, err := tr.LastChanged([]string{"a.yaml"}, epoch)
	if err != nil || len(changed) != 0 {
		t.Errorf("got %v, %v: want no answer and no error", changed, err)
	}
	_, err = Open(clone, Options{Ref: "HEAD~1"})
	if err == nil || !strings.Contains(err.Error(), "partial clone") {
		t.Errorf("a revision without trees: got %v", err)
	}
}

func TestRevisions(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1"})
	first := r.head()
	r.commit(map[string]string{"f": "2"})
	second := r.head()
	r.git("checkout", "-q", "-b", "feature/x", first)
	r.commit(map[string]string{"g": "1"})
	side := r.head()
	r.git("checkout", "-q", "main")
	r.git("merge", "-q", "--no-ff", "-m", "merge", "feature/x")
	merge := r.head()
	r.git("tag", "light", first)
	r.git("tag", "-a", "-m", "annotated", "v1", second)
	r.git("tag", "-a", "-m", "of a tag", "v1-again", "v1")
	r.git("update-ref", "refs/remotes/origin/main", second)
	r.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
	for _, packed := range []bool{false, true} {
		if packed {
			r.git("pack-refs", "--all")
			r.git("repack", "-adq")
		}
		for rev, want := range map[string]string{
			"": merge, "HEAD": merge, "@": merge, "main": merge, "heads/main": merge, "refs/heads/main": merge,
			"feature/x": side, "light": first, "v1": second, "v1-again": second, "v1^{}": second, "v1^{commit}~1": first,
			"origin/main": second, "origin": second, "remotes/origin/main": second,
			"HEAD~0": merge, "HEAD~": second, "HEAD~2": first, "HEAD^": second, "HEAD^2": side, "HEAD^^": first, "HEAD^2~1": first, "@~1": second,
			second: second, second[:7]: second, second[:12] + "^": first, strings.ToUpper(second): second,
		} {
			tr, err := Open(r.dir, Options{Ref: rev})
			if err != nil {
				t.Errorf("%q: %v", rev, err)
				continue
			}
			if got := tr.Revision().Commit; got != want {
				t.Errorf("%q: got %s, want %s", rev, got, want)
			}
			tr.Close()
		}
	}
}

func TestOpenErrors(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1", "services/a": "1"})
	r.commit(map[string]string{"f": "2"})
	r.git("update-ref", "refs/remotes/origin/release", "HEAD")
	empty := newRepo(t)
	unborn := newRepo(t)
	unborn.commit(map[string]string{"f": "1"})
	unborn.git("checkout", "-q", "--orphan", "next")
	shallow := r.cloneURL("--depth=1")
	sha256 := newRepo(t, "--object-format=sha256")
	reftable := newRepo(t)
	reftable.commit(map[string]string{"f": "1"})
	reftable.git("config", "core.repositoryformatversion", "1")
	reftable.git("config", "extensions.refstorage", "reftable")
	strange := newRepo(t)
	strange.commit(map[string]string{"f": "1"})
	strange.git("config", "core.repositoryformatversion", "1")
	strange.git("config", "extensions.futureThing", "true")
	broken := realTemp(t)
	if err := os.WriteFile(filepath.Join(broken, ".git"), []byte("gitdir: nowhere\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	bare := newRepo(t, "--bare")
	plain := realTemp(t)

	for name, c := range map[string]struct {
		dir  string
		o    Options
		want []string
	}{
		"no repository":        {plain, Options{}, []string{"not in a git repository", "git init"}},
		"no folder":            {filepath.Join(plain, "x"), Options{}, []string{"there is no folder"}},
		"a file":               {filepath.Join(r.dir, "f"), Options{}, []string{"is a file"}},
		"no folder in commit":  {filepath.Join(r.dir, "srvices"), Options{}, []string{`"srvices"`, `"HEAD"`}},
		"file for a folder":    {r.dir + "/.git/f", Options{}, []string{`no folder "f"`}},
		"no folder in work":    {filepath.Join(r.dir, "srvices"), Options{WorkTree: true}, []string{`"srvices"`, "work tree"}},
		"unknown revision":     {r.dir, Options{Ref: "mian"}, []string{`no revision "mian"`, `"main"`, "fetch"}},
		"remote branch":        {r.dir, Options{Ref: "release"}, []string{`did you mean "origin/release"?`}},
		"path as revision":     {r.dir, Options{Ref: "../../etc/passwd"}, []string{"cannot understand"}},
		"git's file":           {r.dir, Options{Ref: "config"}, []string{`no revision "config"`}},
		"a tree":               {r.dir, Options{Ref: r.git("rev-parse", "HEAD^{tree}")}, []string{"is a tree, not a commit"}},
		"hash of nothing":      {r.dir, Options{Ref: strings.Repeat("12", 20)}, []string{"there is no commit", "fetch it"}},
		"too far back":         {r.dir, Options{Ref: "HEAD~5"}, []string{`"HEAD~5" does not exist`}},
		"no such parent":       {r.dir, Options{Ref: "HEAD^2"}, []string{"has 1 parents"}},
		"range":                {r.dir, Options{Ref: "HEAD~1..HEAD"}, []string{"cannot understand"}},
		"reflog":               {r.dir, Options{Ref: "HEAD@{1}"}, []string{"cannot understand"}},
		"beyond shallow":       {shallow, Options{Ref: "HEAD~1"}, []string{"shallow", "--unshallow"}},
		"no commits":           {empty.dir, Options{}, []string{"no commits yet", "git commit"}},
		"no commits, worktree": {empty.dir, Options{WorkTree: true}, []string{"no commits yet"}},
		"unborn branch":        {unborn.dir, Options{}, []string{`"next"`, `"main"`}},
		"sha256":               {sha256.dir, Options{}, []string{`"sha256"`, `"sha1"`}},
		"reftable":             {reftable.dir, Options{}, []string{`"reftable"`, "git refs migrate"}},
		"unknown extension":    {strange.dir, Options{}, []string{"futureThing"}},
		"broken pointer":       {broken, Options{}, []string{"does not lead to a repository"}},
		"bare work tree":       {bare.dir, Options{WorkTree: true}, []string{"no commits"}},
		"work tree at commit":  {r.dir, Options{WorkTree: true, Ref: "HEAD~1"}, []string{"leave the revision out"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(c.dir, c.o)
			if err == nil {
				t.Fatal("got no error")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error has several lines: %q", err)
			}
		})
	}
}

func TestAmbiguousAbbreviation(t *testing.T) {
	r := newRepo(t)
	r.commit(nil)
	// Among 700 commits some two share four digits: the chance of none is below one in 40.
	var script strings.Builder
	for i := range 700 {
		if i%2 == 0 {
			r.now = r.now.Add(1e9)
		}
		script.WriteString("commit refs/heads/b\ncommitter C <c@example.org> " + r.now.Format("20060102") + string(rune('0'+i%10)) + " +0000\ndata 2\nm\n\n")
	}
	r.pipe(r.dir, script.String(), "fast-import", "--quiet", "--date-format=raw")
	seen := map[string]bool{}
	for h := range strings.Lines(r.git("rev-list", "--all")) {
		if seen[h[:4]] {
			if _, err := Open(r.dir, Options{Ref: h[:4]}); err == nil || !strings.Contains(err.Error(), "stands for 2 commits") {
				t.Errorf("got %v", err)
			}
			return
		}
		seen[h[:4]] = true
	}
	t.Skip("no two commits share four digits")
}

// Names in trees are whatever somebody pushed.
func TestHostileNames(t *testing.T) {
	r := newRepo(t)
	blob := r.pipe(r.dir, "x", "hash-object", "-w", "--stdin")
	var raw strings.Builder
	hash := plumbing.NewHash(blob)
	names := []string{"..", ".", ".git", ".GIT", ".git ", "GIT~1", ".g\u200cit", ".git::$INDEX", "a/b", `a\b`, "bell\a", "es\x1b[31mc", "latin\xe9", "rtl\u202etxt", "ok.md"}
	for _, n := range names {
		raw.WriteString("100644 " + n + "\x00" + string(hash[:]))
	}
	inner := r.pipe(r.dir, raw.String(), "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
	outer := r.pipe(r.dir, "040000 tree "+inner+"\tdir\n040000 tree "+inner+"\t..x\n", "mktree")
	commit := r.git("commit-tree", outer, "-m", "hostile")
	tr := open(t, r.dir, Options{Ref: commit})
	want := map[string]string{"dir/ok.md": "x", "..x/ok.md": "x"}
	if diff := cmp.Diff(want, contents(t, tr)); diff != "" {
		t.Error(diff)
	}
	if len(tr.Gaps()) != 2*(len(names)-1) {
		t.Errorf("got %d gaps for %d names", len(tr.Gaps()), 2*(len(names)-1))
	}
	for _, g := range tr.Gaps() {
		checkGap(t, g)
		if g.Cause != catalog.HostileName || !g.Concerns(catalog.Dashboards) {
			t.Errorf("got gap %v", g)
		}
	}
}

// A few objects can stand for any number of files.
func TestTreeBomb(t *testing.T) {
	r := newRepo(t)
	blob := r.pipe(r.dir, "x", "hash-object", "-w", "--stdin")
	line := "100644 blob " + blob
	for range 12 {
		var tree strings.Builder
		for i := range 10 {
			tree.WriteString(line + "\tf" + string(rune('0'+i)) + "\n")
		}
		line = "040000 tree " + r.pipe(r.dir, tree.String(), "mktree")
	}
	repo, _, err := discover(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	o, err := repo.objects()
	if err != nil {
		t.Fatal(err)
	}
	l := listing{entries: maxEntries - 10_000} // near the limit, to be quick
	if err := l.walk(o, "", plumbing.NewHash(strings.Fields(line)[2]), 0); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v", err)
	}
}

func TestDamagedRepository(t *testing.T) {
	r := newRepo(t)
	long := strings.Repeat("all of them\n", 2000) // large enough to be stored as a delta that is streamed
	r.commit(map[string]string{"README.md": "1", "a/b.md": long})
	r.commit(map[string]string{"README.md": "2", "a/b.md": long + "more"})
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
	for at := 12; at < len(whole); at += 5 {
		bad := slices.Clone(whole)
		bad[at] ^= 0x55
		if err := os.WriteFile(packs[0], bad, 0o644); err != nil {
			t.Fatal(err)
		}
		tr, err := Open(r.dir, Options{})
		if err != nil {
			continue // said in words; that it does not panic is the point
		}
		contents(t, tr)
		_, _ = tr.LastChanged([]string{"README.md"}, epoch)
		tr.Close()
	}
}

func TestConcurrentReaders(t *testing.T) {
	r := newRepo(t)
	r.commit(someFiles)
	r.git("repack", "-adq")
	tr := open(t, r.dir, Options{})
	var wg sync.WaitGroup
	got := make([]map[string]string, 4)
	for i := range got {
		wg.Go(func() {
			got[i] = contents(t, tr)
			if _, err := tr.LastChanged([]string{"README.md"}, epoch); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, g := range got {
		if diff := cmp.Diff(wantFiles, g); diff != "" {
			t.Error(diff)
		}
	}
}

func TestFromStorage(t *testing.T) {
	st := memory.NewStorage()
	put := func(typ plumbing.ObjectType, data string) plumbing.Hash {
		o := st.NewEncodedObject()
		o.SetType(typ)
		w, _ := o.Writer()
		_, _ = w.Write([]byte(data))
		h, err := st.SetEncodedObject(o)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	blob := put(plumbing.BlobObject, "hello")
	root := put(plumbing.TreeObject, "100644 f.md\x00"+string(blob[:]))
	first := put(plumbing.CommitObject, "tree "+root.String()+"\nauthor A <a> 5 +0000\ncommitter C <c> 1700000000 +0000\n\nm\n")
	second := put(plumbing.CommitObject, "tree "+root.String()+"\nparent "+first.String()+"\ncommitter C <c> 1700000100 +0000\n\nm\n")
	tr, err := FromStorage(st, second)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"f.md": "hello"}, contents(t, tr)); diff != "" {
		t.Error(diff)
	}
	changed, err := tr.LastChanged([]string{"f.md", "no such"}, epoch.AddDate(-10, 0, 0))
	if err != nil || len(changed) != 1 || changed["f.md"].Unix() != 1700000000 {
		t.Errorf("got %v, %v", changed, err)
	}
	if tr.Revision().Commit != second.String() {
		t.Errorf("got %+v", tr.Revision())
	}
	if _, err := FromStorage(st, blob); err == nil {
		t.Error("a blob passed for a commit")
	}
}

func TestFromFiles(t *testing.T) {
	files := map[string]string{"b.md": "12345", "a/b.md": "1", "../x": "", "/abs": "", "a//b": "", "": "", "d/": ""}
	tr := FromFiles(files, epoch)
	r, err := tr.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.Files()) != 2 || tr.Files()[0].Path != "a/b.md" || tr.Files()[1].Size != 5 || len(tr.Gaps()) != 5 {
		t.Errorf("got %v and %v", tr.Files(), tr.Gaps())
	}
	if data, gap := r.Read(tr.Files()[1], 5); gap != nil || string(data) != "12345" {
		t.Errorf("got %q, %v", data, gap)
	}
	if _, gap := r.Read(tr.Files()[1], 4); gap == nil || gap.Cause != catalog.TooLarge {
		t.Errorf("got %v", gap)
	}
	changed, err := tr.LastChanged([]string{"b.md", "x"}, epoch)
	if err != nil || len(changed) != 1 || !changed["b.md"].Equal(epoch) {
		t.Errorf("got %v, %v", changed, err)
	}
	if tr.Revision().Commit != "" || tr.Close() != nil || r.Close() != nil {
		t.Error("a tree in memory is at no commit and closes without errors")
	}
}
