package tree

import (
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

// told writes the versions of a path with their content, for comparison: "hours after epoch: path: content".
func told(t *testing.T, tr *Tree, versions []Version) []string {
	t.Helper()
	r, err := tr.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var all []string
	for _, v := range versions {
		data, gap := r.Read(v.File, 1<<20)
		if gap != nil {
			checkGap(t, *gap)
			data = []byte("[" + string(gap.Cause) + "]")
		}
		when := "before"
		if !v.When.IsZero() {
			when = strconv.Itoa(int(v.When.Sub(epoch).Hours()))
		}
		line := when + " " + v.File.Path + "=" + string(data)
		if v.Added {
			line += " added"
		}
		if v.Commit == "" && !v.When.IsZero() {
			line += " uncommitted"
		}
		all = append(all, line)
	}
	return all
}

func versionsOf(t *testing.T, tr *Tree, since time.Time, limit int, p string) []string {
	t.Helper()
	got, err := tr.Versions([]string{p, p, "no such file"}, since, limit)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) > 1 || len(got) == 1 && got[p] == nil {
		t.Errorf("%s: got versions of other paths: %v", p, got)
	}
	return told(t, tr, got[p])
}

func checkVersions(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The versions are those of git log, on a history with merges, deletions, files that become folders, mode changes and
// moves with a change.
func TestVersionsAreGits(t *testing.T) {
	r := newRepo(t)
	rnd := rand.New(rand.NewPCG(3, 4))
	file := func() string {
		return []string{"a", "a.b", "a-b/c", "d/e", "d/f/g", "d.x", "h/i/j/k"}[rnd.IntN(7)] + strconv.Itoa(rnd.IntN(2))
	}
	for i := range 60 {
		switch {
		case i%10 == 5:
			r.git("checkout", "-q", "-b", fmt.Sprint("side", i), "HEAD~"+strconv.Itoa(rnd.IntN(4)))
			r.commit(map[string]string{fmt.Sprint("side/", i): "x" + strconv.Itoa(i), "both": strconv.Itoa(i)})
			r.git("checkout", "-q", "main")
			r.git("merge", "-q", "--no-ff", "-X", "theirs", "-m", "merge", fmt.Sprint("side", i))
		case i%10 == 7:
			r.git("rm", "-q", "-r", "--ignore-unmatch", file())
			r.commit(nil)
		case i == 30:
			r.git("rm", "-q", "-r", "--ignore-unmatch", "d")
			r.commit(map[string]string{"d": "a file now"})
		case i == 34:
			r.git("rm", "-q", "d")
			r.commit(map[string]string{"d/e0": "a folder again"})
		case i == 44:
			r.git("update-index", "--chmod=+x", "both")
			r.git("commit", "-q", "-m", "mode")
			r.git("reset", "-q", "--hard")
		default:
			r.commit(map[string]string{file(): strconv.Itoa(i)})
		}
	}
	r.git("gc", "-q", "--aggressive", "--prune=now")
	tr := open(t, r.dir, Options{})
	var paths []string
	for _, f := range tr.Files() {
		paths = append(paths, f.Path)
	}
	got, err := tr.Versions(paths, time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, p := range paths {
		want := r.logOf(p)
		var have []string
		for _, v := range got[p] {
			have = append(have, fmt.Sprintf("%s %d %s %v", v.Commit, v.When.Unix(), v.File.ID, v.Added))
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s: -want +got\n%s", p, diff)
		}
		total += len(have)
	}
	if total < 35 {
		t.Errorf("only %d versions, which proves little", total)
	}
}

// logOf gives what git says of a path, down to the commit that added it: commit, time, blob, whether it was added.
func (r *testRepo) logOf(p string) []string {
	var all []string
	head := ""
	for line := range strings.Lines(r.git("log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=%H %ct", "--", p)) {
		line = strings.TrimSpace(line)
		fields := strings.Fields(line)
		switch {
		case line == "":
		case !strings.HasPrefix(line, ":"):
			head = line
		case fields[2] != fields[3]: // else only the mode changed
			all = append(all, fmt.Sprintf("%s %s %v", head, fields[3], fields[4] == "A"))
			if fields[4] == "A" {
				return all
			}
		}
	}
	return all
}

func TestVersionsBounds(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1", "quiet": "1"})
	r.commit(map[string]string{"f": "2"})
	for i := range slack + 5 {
		r.commit(map[string]string{"busy": strconv.Itoa(i)})
	}
	since := r.now
	r.commit(map[string]string{"f": "3"})
	hour := slack + 7
	tr := open(t, r.dir, Options{})

	// Past since there is the version that the oldest change was made to, and a file that did not change has none.
	latest := fmt.Sprintf("%d f=3", hour)
	checkVersions(t, versionsOf(t, tr, since, 10, "f"), latest, "before f=2")
	checkVersions(t, versionsOf(t, tr, since, 10, "quiet"))
	checkVersions(t, versionsOf(t, tr, time.Time{}, 10, "f"), latest, "1 f=2", "0 f=1 added")
	checkVersions(t, versionsOf(t, tr, time.Time{}, 2, "f"), latest, "before f=2")
	if got := versionsOf(t, tr, time.Time{}, 5, "busy"); len(got) != 5 || got[4] != fmt.Sprintf("before busy=%d", slack) {
		t.Errorf("got %q", got)
	}
	if got, err := FromFiles(map[string]string{"f": "1"}, epoch).Versions([]string{"f"}, time.Time{}, 10); len(got) != 0 || err != nil {
		t.Errorf("a tree in memory: got %v, %v", got, err)
	}
}

func TestVersionsOfMovedFiles(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"keep": "x", "flat/a.toml": "a1", "flat/b.toml": "b1", "flat/c.toml": "c1", "flat/same1": "s", "flat/same2": "s"})
	r.commit(map[string]string{"flat/a.toml": "a2"})
	r.git("rm", "-q", "-r", "flat")
	r.commit(map[string]string{"new/a/s.toml": "a2", "new/b/s.toml": "b1 and a change", "new/c.toml": "c1", "new/same1": "s", "new/same2": "s", "new/same3": "s"})
	r.commit(map[string]string{"new/a/s.toml": "a3", "new/b/s.toml": "b2", "fresh": "f", "new/same1": "s1", "new/same2": "s2", "new/same3": "s3"})
	tr := open(t, r.dir, Options{})
	of := func(p string) []string { return versionsOf(t, tr, time.Time{}, 10, p) }
	checkVersions(t, of("new/a/s.toml"), "3 new/a/s.toml=a3", "1 flat/a.toml=a2", "0 flat/a.toml=a1 added")
	// Moved with a change: Replaced tells what it may have been. An exact copy of a moved file has no beginning of its own.
	checkVersions(t, of("new/b/s.toml"), "3 new/b/s.toml=b2", "2 new/b/s.toml=b1 and a change added")
	checkVersions(t, of("new/c.toml"), "0 flat/c.toml=c1 added")
	checkVersions(t, of("fresh"), "3 fresh=f added")
	all, err := tr.Versions([]string{"new/same1", "new/same2", "new/same3"}, time.Time{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	checkVersions(t, told(t, tr, all["new/same1"]), "3 new/same1=s1", "0 flat/same1=s added")
	checkVersions(t, told(t, tr, all["new/same2"]), "3 new/same2=s2", "0 flat/same2=s added")
	checkVersions(t, told(t, tr, all["new/same3"]), "3 new/same3=s3", "2 new/same3=s")

	checkReplaced(t, tr, r.git("rev-parse", "HEAD~1"), "flat/a.toml=a2", "flat/b.toml=b1", "flat/c.toml=c1", "flat/same1=s", "flat/same2=s")
	checkReplaced(t, tr, r.head(), "new/a/s.toml=a2", "new/b/s.toml=b1 and a change", "new/same1=s", "new/same2=s", "new/same3=s")
	checkReplaced(t, tr, r.git("rev-parse", "HEAD~3"))
	if files, all, err := tr.Replaced(strings.Repeat("12", 20)); len(files) > 0 || all || err != nil {
		t.Errorf("a commit that is not there: got %v, %v, %v", files, all, err)
	}
}

func checkReplaced(t *testing.T, tr *Tree, commit string, want ...string) {
	t.Helper()
	files, all, err := tr.Replaced(commit)
	if err != nil || !all {
		t.Fatal(all, err)
	}
	var got []string
	for _, f := range files {
		got = append(got, strings.TrimPrefix(told(t, tr, []Version{{File: f}})[0], "before "))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want +got\n%s", commit, diff)
	}
}

// A file that changes places with a folder is followed through it.
func TestVersionsOfFileMovedIntoItsOwnName(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"a": "1", "b/c": "2"})
	r.git("rm", "-q", "-r", "a", "b")
	r.commit(map[string]string{"a/x": "1", "b": "2"})
	tr := open(t, r.dir, Options{})
	all, err := tr.Versions([]string{"a/x", "b"}, time.Time{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	checkVersions(t, told(t, tr, all["a/x"]), "0 a=1 added")
	checkVersions(t, told(t, tr, all["b"]), "0 b/c=2 added")
}

// A commit that removes too much to compare may have moved anything.
func TestVersionsOfUnknownBeginning(t *testing.T) {
	r := newRepo(t)
	var s strings.Builder
	commit := func(n int) {
		fmt.Fprintf(&s, "commit refs/heads/main\ncommitter C <c@example.org> %d +0000\ndata 1\nx\n", epoch.Unix()+int64(n)*3600)
	}
	commit(0)
	s.WriteString("M 100644 inline keep\ndata 1\nk\n")
	for i := range maxReplaced + 1 {
		fmt.Fprintf(&s, "M 100644 inline old/%d\ndata 1\nx\n", i)
	}
	commit(1)
	s.WriteString("D old\nM 100644 inline new\ndata 1\ny\n")
	r.pipe(r.dir, s.String(), "fast-import", "--quiet")
	tr := open(t, r.dir, Options{})
	shared, err := tr.At(r.head())
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	for _, tr := range []*Tree{tr, shared, shared} {
		checkVersions(t, versionsOf(t, tr, time.Time{}, 10, "new"), "1 new=y")
		if _, all, err := tr.Replaced(r.head()); all || err != nil {
			t.Errorf("got %v, %v", all, err)
		}
	}
}

func TestVersionsOfLinks(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"target": "t", "is-link": "1"})
	r.commit(map[string]string{"is-link": "2"})
	link := func(name string) {
		t.Helper()
		full := filepath.Join(r.dir, name)
		if err := os.RemoveAll(full); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("target", full); err != nil {
			t.Skip(err)
		}
	}
	link("is-link")
	link("was-link")
	r.commit(nil)
	r.git("rm", "-q", "was-link")
	r.commit(map[string]string{"was-link": "1"})
	tr := open(t, r.dir, Options{})
	checkVersions(t, versionsOf(t, tr, time.Time{}, 10, "is-link"))
	checkVersions(t, versionsOf(t, tr, time.Time{}, 10, "was-link"), "3 was-link=1")
}

// Beyond the boundary of a shallow clone nothing is known: what is there at the boundary was not added by it.
func TestVersionsShallow(t *testing.T) {
	r := newRepo(t)
	for _, text := range []string{"1", "2", "3"} {
		r.commit(map[string]string{"f": text, "at " + text: text})
	}
	tr := open(t, r.cloneURL("--depth=2"), Options{})
	all, err := tr.Versions([]string{"f", "at 1", "at 2", "at 3"}, time.Time{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	checkVersions(t, told(t, tr, all["f"]), "2 f=3", "before f=2")
	checkVersions(t, told(t, tr, all["at 3"]), "2 at 3=3 added")
	if all["at 1"] != nil || all["at 2"] != nil {
		t.Errorf("got %v", all)
	}
	if _, all, err := tr.Replaced(r.git("rev-parse", "HEAD~1")); all || err != nil {
		t.Errorf("at the boundary: got %v, %v", all, err)
	}
}

func TestVersionsPartialClones(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"d/f": "1"})
	r.commit(map[string]string{"d/f": "2"})
	blobless := open(t, r.cloneURL("--filter=blob:none", "--no-checkout"), Options{})
	checkVersions(t, versionsOf(t, blobless, time.Time{}, 10, "d/f"), "1 d/f=[missing object]", "0 d/f=[missing object] added")

	r.dir += "-again"
	r.in(filepath.Dir(r.dir), "clone", "-q", strings.TrimSuffix(r.dir, "-again"), r.dir)
	treeless := open(t, r.cloneURL("--filter=tree:0"), Options{})
	checkVersions(t, versionsOf(t, treeless, time.Time{}, 10, "d/f"))
}

func TestVersionsOfWorkTree(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"sub/same": "1", "sub/edited": "1", "sub/removed": "1"})
	r.commit(map[string]string{"sub/edited": "2", "sub/same": "2"})
	r.write(map[string]string{"sub/edited": "3", "sub/new": "1"})
	r.git("rm", "-q", "sub/removed")
	tr := open(t, filepath.Join(r.dir, "sub"), Options{WorkTree: true})
	of := func(p string) []string { return versionsOf(t, tr, time.Time{}, 10, p) }
	checkVersions(t, of("sub/same"), "1 sub/same=2", "0 sub/same=1 added")
	checkVersions(t, of("sub/edited"), "1 sub/edited=3 uncommitted", "1 sub/edited=2", "0 sub/edited=1 added")
	checkVersions(t, versionsOf(t, tr, time.Time{}, 2, "sub/edited"), "1 sub/edited=3 uncommitted", "before sub/edited=2")
	checkVersions(t, of("sub/new"))
	checkVersions(t, of("sub/removed"))
}

// Whatever is damaged, nothing panics and every version can be asked for its content.
func TestVersionsOfDamagedRepository(t *testing.T) {
	r := newRepo(t)
	long := strings.Repeat("all of them\n", 500)
	r.commit(map[string]string{"README.md": "1", "a/b.md": long})
	r.commit(map[string]string{"README.md": "2", "a/b.md": long + "more"})
	r.git("mv", "a/b.md", "c.md")
	r.commit(map[string]string{"README.md": "3"})
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
			continue
		}
		all, _ := tr.Versions([]string{"README.md", "c.md"}, time.Time{}, 10)
		for _, versions := range all {
			told(t, tr, versions)
			_, _, _ = tr.Replaced(versions[0].Commit)
		}
		tr.Close()
	}
}
