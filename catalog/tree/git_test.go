package tree

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

// epoch is the time of the first commit of test repositories; each commit is one hour later than the one before.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// testRepo is a repository made by the git executable, with nothing of the user's configuration.
type testRepo struct {
	t   testing.TB
	dir string
	env []string
	now time.Time
}

func newRepo(t testing.TB, args ...string) *testRepo {
	t.Helper()
	r := bareRunner(t, filepath.Join(realTemp(t), "repo"))
	r.in(filepath.Dir(r.dir), append([]string{"init", "-q", "-b", "main", r.dir}, args...)...)
	return r
}

// realTemp gives a temporary folder without symbolic links in its path, as error messages show it.
func realTemp(t testing.TB) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func bareRunner(t testing.TB, dir string) *testRepo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	env := append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "HOME="+t.TempDir(), "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org")
	return &testRepo{t: t, dir: dir, env: env, now: epoch}
}

func (r *testRepo) git(args ...string) string { return r.in(r.dir, args...) }

func (r *testRepo) in(dir string, args ...string) string { return r.pipe(dir, "", args...) }

func (r *testRepo) pipe(dir, stdin string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always"}, args...)...)
	date := fmt.Sprintf("%d +0200", r.now.Unix())
	cmd.Dir, cmd.Env, cmd.Stdin = dir, append(r.env, "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date), strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *testRepo) write(files map[string]string) {
	r.t.Helper()
	for p, text := range files {
		full := filepath.Join(r.dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
}

// commit writes files and commits everything, one hour after the last commit.
func (r *testRepo) commit(files map[string]string) {
	r.t.Helper()
	r.write(files)
	r.git("add", "--all", "--force")
	r.git("commit", "-q", "--allow-empty", "-m", "change")
	r.now = r.now.Add(time.Hour)
}

// head gives the hash of the last commit.
func (r *testRepo) head() string { return r.git("rev-parse", "HEAD") }

// open opens a tree and closes it when the test ends.
func open(t testing.TB, dir string, o Options) *Tree {
	t.Helper()
	tr, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	return tr
}

// contents reads every file of a tree. A file that cannot be read has its gap's cause in brackets.
func contents(t testing.TB, tr *Tree) map[string]string {
	t.Helper()
	r, err := tr.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all := map[string]string{}
	for _, f := range tr.Files() {
		data, gap := r.Read(f, 1<<20)
		if gap != nil {
			checkGap(t, *gap)
			data = []byte("[" + string(gap.Cause) + "]")
		}
		all[f.Path] = string(data)
	}
	return all
}

func checkGap(t testing.TB, g catalog.Gap) {
	t.Helper()
	if g.At.File == "" || g.Cause == "" || g.Detail == "" || strings.ContainsFunc(g.String(), unprintable) {
		t.Errorf("gap lacks something or cannot be printed: %+v", g)
	}
}
