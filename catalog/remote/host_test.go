package remote

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"obsready/catalog/tree"
)

// today is the time of every test; the first commit of a repository is a year before it, each later one a day later.
var today = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)

// gitHost serves the repositories in a folder over smart HTTP with TLS on loopback, by git's own server.
type gitHost struct {
	t       testing.TB
	dir     string
	server  *httptest.Server
	backend http.Handler
	env     []string

	mu       sync.Mutex
	handler  http.HandlerFunc // in the place of git's server when it is set
	requests []string
}

func newHost(t testing.TB) *gitHost {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	out, err := exec.Command(git, "--exec-path").Output()
	program := filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
	if _, statErr := os.Stat(program); err != nil || statErr != nil {
		t.Skip("git has no http-backend here")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h := &gitHost{t: t, dir: dir, env: append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "HOME="+dir, "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org")}
	h.backend = &cgi.Handler{Path: program, Env: []string{"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull, "HOME=" + dir}, Stderr: io.Discard, Logger: log.New(io.Discard, "", 0)}
	h.server = httptest.NewUnstartedServer(h)
	h.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	h.server.StartTLS()
	t.Cleanup(h.server.Close)
	return h
}

func (h *gitHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.requests = append(h.requests, r.Method+" "+r.URL.Path)
	handler := h.handler
	h.mu.Unlock()
	if handler != nil {
		handler(w, r)
		return
	}
	h.backend.ServeHTTP(w, r)
}

// answer lets a function answer all requests from now on; nil gives them back to git.
func (h *gitHost) answer(f http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handler = f
}

// asked gives the requests since it was asked last.
func (h *gitHost) asked() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := h.requests
	h.requests = nil
	return asked
}

func (h *gitHost) options(t testing.TB) Options {
	pool := x509.NewCertPool()
	pool.AddCert(h.server.Certificate())
	return Options{CacheDir: t.TempDir(), Now: today, RootCAs: pool, Rules: Rules{Internal: true}, Timeout: 20 * time.Second}
}

func (h *gitHost) url(rest string) string { return h.server.URL + "/" + rest }

// git runs git in a repository of the host.
func (h *gitHost) git(name string, when time.Time, args ...string) string {
	h.t.Helper()
	cmd := exec.Command("git", args...)
	date := fmt.Sprintf("%d +0000", when.Unix())
	cmd.Dir, cmd.Env = filepath.Join(h.dir, filepath.FromSlash(name)), append(h.env, "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date)
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// repository makes a repository with one commit for each set of files, a day apart from a year ago on.
func (h *gitHost) repository(name string, commits ...map[string]string) {
	h.t.Helper()
	if err := os.MkdirAll(filepath.Join(h.dir, filepath.FromSlash(name)), 0o755); err != nil {
		h.t.Fatal(err)
	}
	h.git(name, today, "init", "-q", "-b", "main")
	h.git(name, today, "config", "http.uploadpack", "true")
	for i, files := range commits {
		h.commit(name, today.AddDate(-1, 0, i), files)
	}
}

func (h *gitHost) commit(name string, when time.Time, files map[string]string) string {
	h.t.Helper()
	for p, text := range files {
		file := filepath.Join(h.dir, filepath.FromSlash(name), filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			h.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			h.t.Fatal(err)
		}
	}
	h.git(name, when, "add", "--all")
	h.git(name, when, "commit", "-q", "--allow-empty", "-m", "change")
	return h.git(name, when, "rev-parse", "HEAD")
}

func address(t testing.TB, text string) Repository {
	t.Helper()
	r, err := Address(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fetch fetches addresses with a client that does not wait between tries, and closes the trees when the test ends.
func fetch(t testing.TB, ctx context.Context, o Options, addresses ...string) []Result {
	t.Helper()
	var repositories []Repository
	for _, a := range addresses {
		repositories = append(repositories, address(t, a))
	}
	f := newFetcher(o)
	f.pause = func(ctx context.Context, _ int, _ time.Duration) error { return ctx.Err() }
	defer f.client.CloseIdleConnections()
	results := f.fetch(ctx, repositories)
	for _, m := range Mounts(results) {
		t.Cleanup(func() { m.Tree.Close() })
	}
	for _, r := range results {
		if (r.Err == nil) == (r.Tree == nil) {
			t.Errorf("a result has both a tree and an error, or none: %+v", r)
		}
		if r.Err != nil {
			checkMessage(t, r.Err)
		}
	}
	return results
}

func paths(tr *tree.Tree) string {
	var all []string
	for _, f := range tr.Files() {
		all = append(all, f.Path)
	}
	return strings.Join(all, " ")
}

func read(t testing.TB, tr *tree.Tree, file string) string {
	t.Helper()
	r, err := tr.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, f := range tr.Files() {
		if f.Path == file {
			data, gap := r.Read(f, 1<<20)
			if gap != nil {
				t.Fatal(gap)
			}
			return string(data)
		}
	}
	t.Fatalf("there is no file %q among %q", file, paths(tr))
	return ""
}
