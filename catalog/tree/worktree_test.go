package tree

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

func TestWorkTree(t *testing.T) {
	r := newRepo(t)
	r.write(map[string]string{".gitignore": "*.log\nbuild/\n!keep.log\n"})
	r.commit(map[string]string{"same": "1", "edited": "1", "deleted": "1", "tracked.log": "1", "build/tracked": "1", "staged": "1"})
	r.commit(map[string]string{"second": "1"})
	r.write(map[string]string{"edited": "2", "new": "1", "new.log": "1", "keep.log": "1", "build/new": "1", "sub/.gitignore": "/x\n", "sub/x": "1", "sub/y/x": "1", "staged": "2"})
	r.git("add", "staged")
	if err := os.Remove(filepath.Join(r.dir, "deleted")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, ".git", "info", "exclude"), []byte("excluded\r\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.write(map[string]string{"excluded": "1", "other/.git/HEAD": "a repository of its own", "other/file": "1"})
	tr := open(t, r.dir, Options{WorkTree: true})
	want := map[string]string{
		".gitignore": "*.log\nbuild/\n!keep.log\n", "same": "1", "edited": "2", "tracked.log": "1", "build/tracked": "1", "staged": "2",
		"second": "1", "new": "1", "keep.log": "1", "sub/.gitignore": "/x\n", "sub/y/x": "1",
	}
	if diff := cmp.Diff(want, contents(t, tr)); diff != "" {
		t.Error(diff)
	}
	rev := tr.Revision()
	head := epoch.Add(time.Hour)
	if !rev.WorkTree || rev.Commit != "" || !rev.Time.Equal(head) {
		t.Errorf("got revision %+v", rev)
	}
	if rev.Link(catalog.Place{File: "same"}) != "" {
		t.Error("the work tree has no permanent address")
	}
	changed, err := tr.LastChanged([]string{"same", "edited", "deleted", "staged", "new", "second"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	wantChanged := map[string]time.Time{"same": epoch, "edited": head, "staged": head, "new": head, "second": head}
	if diff := cmp.Diff(wantChanged, changed); diff != "" {
		t.Error(diff)
	}
	folder := open(t, filepath.Join(r.dir, "sub"), Options{WorkTree: true})
	if diff := cmp.Diff(map[string]string{"sub/.gitignore": "/x\n", "sub/y/x": "1"}, contents(t, folder)); diff != "" {
		t.Error(diff)
	}
}

// Files that a sparse checkout leaves out are not deleted.
func TestWorkTreeSparse(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"a/f": "1", "b/f": "2", "b/g": "3"})
	r.git("sparse-checkout", "set", "--no-sparse-index", "a")
	tr := open(t, r.dir, Options{WorkTree: true})
	if diff := cmp.Diff(map[string]string{"a/f": "1", "b/f": "2", "b/g": "3"}, contents(t, tr)); diff != "" {
		t.Error(diff)
	}
	changed, err := tr.LastChanged([]string{"a/f", "b/f"}, time.Time{})
	if err != nil || len(changed) != 2 || !changed["b/f"].Equal(epoch) {
		t.Errorf("got %v, %v", changed, err)
	}
	if left := open(t, filepath.Join(r.dir, "b"), Options{WorkTree: true}); len(left.Files()) != 2 {
		t.Errorf("folder that is left out: got %v", left.Files())
	}
}

// A file that git converts on checkout is not a changed file.
func TestWorkTreeLineEndings(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1\n2\n", ".gitattributes": "f eol=crlf\n"})
	r.commit(map[string]string{"g": "1"})
	if err := os.Remove(filepath.Join(r.dir, "f")); err != nil {
		t.Fatal(err)
	}
	r.git("checkout", "--", "f")
	later := time.Now().Add(time.Hour) // an index written after the file, however coarse the clock of the file system
	if err := os.Chtimes(filepath.Join(r.dir, ".git", "index"), later, later); err != nil {
		t.Fatal(err)
	}
	tr := open(t, r.dir, Options{WorkTree: true})
	if got := contents(t, tr)["f"]; got != "1\r\n2\r\n" {
		t.Errorf("got %q", got)
	}
	changed, err := tr.LastChanged([]string{"f"}, time.Time{})
	if err != nil || !changed["f"].Equal(epoch) {
		t.Errorf("got %v, %v", changed, err)
	}
}

func TestIndexVersions(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"tracked.log": "1", ".gitignore": "*.log\n"})
	for _, args := range [][]string{{"--index-version=4"}, {"--index-version=2"}, {"--untracked-cache"}} {
		r.git(append([]string{"update-index"}, args...)...)
		if got := contents(t, open(t, r.dir, Options{WorkTree: true})); got["tracked.log"] != "1" {
			t.Errorf("%v: got %v", args, got)
		}
	}
	index := filepath.Join(r.dir, ".git", "index")
	data, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	clear(data[len(data)-20:])
	if err := os.WriteFile(index, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, open(t, r.dir, Options{WorkTree: true})); got["tracked.log"] != "1" {
		t.Errorf("index.skipHash: got %v", got)
	}
	r.git("read-tree", "HEAD")
	r.git("update-index", "--split-index")
	if _, err := Open(r.dir, Options{WorkTree: true}); err == nil || !strings.Contains(err.Error(), "--no-split-index") {
		t.Errorf("split index: got %v", err)
	}
}

func TestSymlinks(t *testing.T) {
	r := newRepo(t)
	outside := filepath.Join(filepath.Dir(r.dir), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.write(map[string]string{"docs/real.md": "real", "lfs.json": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"})
	for link, target := range map[string]string{
		"docs/link.md": "real.md", "up.md": "./docs/../docs/link.md", "folder": "docs", "through.md": "folder/real.md",
		"absolute": outside, "escape": "../secret", "deep": "docs/../../secret", "dangling": "nowhere", "loop": "loop", "git": ".git/config",
		"file-as-folder": "docs/real.md/x",
	} {
		if err := os.Symlink(target, filepath.Join(r.dir, link)); err != nil {
			t.Skip(err)
		}
	}
	r.commit(nil)
	want := map[string]string{
		"docs/real.md": "real", "docs/link.md": "real", "up.md": "real", "through.md": "real", "folder": "[unsupported]",
		"absolute": "[unsupported]", "escape": "[unsupported]", "deep": "[unsupported]", "dangling": "[unsupported]", "loop": "[unsupported]", "git": "[unsupported]",
		"file-as-folder": "[unsupported]", "lfs.json": "[missing object]",
	}
	for _, work := range []bool{false, true} {
		tr := open(t, r.dir, Options{WorkTree: work})
		if diff := cmp.Diff(want, contents(t, tr)); diff != "" {
			t.Errorf("work tree %v: %s", work, diff)
		}
		for _, f := range tr.Files() {
			if f.Symlink && f.ID != "" {
				t.Errorf("%s: a link's content is not known by its own hash", f.Path)
			}
		}
		// A link may lead to a file outside of the folder that is listed.
		sub := open(t, filepath.Join(r.dir, "docs"), Options{WorkTree: work})
		if got := contents(t, sub); len(got) != 2 || got["docs/link.md"] != "real" {
			t.Errorf("got %v", got)
		}
	}
}

// The rules are git's own: git check-ignore agrees on every path.
func TestIgnoreIsGits(t *testing.T) {
	r := newRepo(t)
	rules := []string{
		"*.log", "!keep.log", "/top", "dir/", "a/b", "**/deep", "x/**", "y/**/z", "s[!a]t", "q?r", `\#hash`, `\!bang`, "# comment", "trail   ", "mid/*/c",
		"**/m/n", "white/*", "!white/ok", "", "/", "[", "nul\\", "p**q", "t/**/", "*.d/",
	}
	paths := strings.Fields("a.log keep.log k/keep.log top k/top dir k/dir a/b k/a/b deep k/deep k/x x/1 x/1/2 y/z y/1/z y/1/2/z y/1/2 sbt sat qar #hash !bang trail mid/1/c mid/1/2/c " +
		"m/n k/m/n k/m/m/n m/k/n white/ok white/no [ nul pxq p/q t t/1 v.d k/v.d 1/2/3/deep")
	r.write(map[string]string{".gitignore": strings.Join(rules, "\n"), "sub/.gitignore": "!*.log\n/only\n"})
	paths = append(paths, "sub/a.log", "sub/only", "sub/k/only", "sub/sbt")
	parsed := append(parseIgnore("", []byte(strings.Join(rules, "\n"))), parseIgnore("sub", []byte("!*.log\n/only\n"))...)
	for _, p := range paths {
		for _, folder := range []bool{false, true} {
			full := p
			if folder {
				full += "/"
			}
			cmd := exec.Command("git", "check-ignore", "-q", "--no-index", full)
			cmd.Dir, cmd.Env = r.dir, r.env
			want := cmd.Run() == nil
			if got := ignoredBelow(parsed, p, folder); got != want {
				t.Errorf("%s: got %v, git says %v", full, got, want)
			}
		}
	}
}

// ignoredBelow asks for every folder on the way, as the walk does.
func ignoredBelow(rules []ignoreRule, p string, folder bool) bool {
	for i, c := range p {
		if c == '/' && ignored(applicable(rules, p[:i]), p[:i], true) {
			return true
		}
	}
	return ignored(applicable(rules, p), p, folder)
}

func applicable(rules []ignoreRule, p string) []ignoreRule {
	var ok []ignoreRule
	for _, r := range rules {
		if below(p, r.base) {
			ok = append(ok, r)
		}
	}
	return ok
}

func FuzzIgnore(f *testing.F) {
	f.Add("*.log\n!keep\n/a/**/b/\n", "a/x/b")
	f.Add(strings.Repeat("**/a/", 20)+"\n", strings.Repeat("a/", 40)+"b")
	f.Add("[!\n\\\n", "x")
	f.Fuzz(func(t *testing.T, text, p string) {
		rules := parseIgnore("", []byte(text))
		for _, r := range rules {
			if len(r.segments) == 0 {
				t.Errorf("a rule without a pattern: %+v", r)
			}
		}
		if twice := append(slices.Clip(rules), rules...); ignored(rules, p, true) != ignored(twice, p, true) {
			t.Errorf("the last rule decides, so the same rules again change nothing: %+v", rules)
		}
	})
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00" + strings.Repeat("\x00", 20)))
	f.Add([]byte("DIRC\x00\x00\x00\x04\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if idx, err := decodeIndex(data); err == nil && idx == nil {
			t.Error("no index and no error")
		}
	})
}

func FuzzSymlink(f *testing.F) {
	f.Add("a", "b", "../a")
	f.Add("a/b", "..", ".git/config")
	f.Fuzz(func(t *testing.T, p, first, second string) {
		steps := 0
		l := look(func(p string) (kind, string, error) {
			if steps++; steps > 1_000_000 {
				t.Fatal("does not end")
			}
			if strings.HasPrefix(p, "/") || p == ".." || strings.HasPrefix(p, "../") || isGitDir(p) {
				t.Fatalf("looks at %q", p)
			}
			switch len(p) % 4 {
			case 0:
				return linkKind, first, nil
			case 1:
				return linkKind, second, nil
			case 2:
				return folderKind, "", nil
			}
			return regularKind, "", nil
		})
		_, _ = l.resolve(p)
	})
}
