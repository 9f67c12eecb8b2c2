package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/tree"
)

func TestFetch(t *testing.T) {
	h := newHost(t)
	h.repository("pay/checkout", map[string]string{"alerts.yaml": "1", "gone": "x"}, map[string]string{"alerts.yaml": "2", "docs/run.md": "run"})
	h.git("pay/checkout", today, "rm", "-q", "gone")
	head := h.commit("pay/checkout", today.AddDate(-1, 0, 5), nil)
	o := h.options(t)
	got := fetch(t, t.Context(), o, h.url("pay/checkout"))[0]
	if got.Err != nil {
		t.Fatal(got.Err)
	}
	if p := paths(got.Tree); p != "alerts.yaml docs/run.md" {
		t.Errorf("files are %q", p)
	}
	if text := read(t, got.Tree, "alerts.yaml"); text != "2" {
		t.Errorf("alerts.yaml reads %q", text)
	}
	rev := got.Tree.Revision()
	if rev.Commit != head || rev.Ref != "main" || !rev.Shallow || rev.Web != h.url("pay/checkout") || !rev.Time.Equal(today.AddDate(-1, 0, 5)) {
		t.Errorf("revision is %+v", rev)
	}
	if got.Repository.Branch != "main" || got.Repository.Name != "127.0.0.1/pay/checkout" || !got.Fetched.Equal(today) {
		t.Errorf("result is %+v", got)
	}
	changed, err := got.Tree.LastChanged([]string{"alerts.yaml"}, time.Time{})
	if err != nil || len(changed) > 0 {
		t.Errorf("one commit says nothing about the age of its files: %v %v", changed, err)
	}
}

func TestUnchangedHeadIsNotFetchedAgain(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	o := h.options(t)
	fetch(t, t.Context(), o, h.url("a"))
	h.asked()
	o.Now = today.AddDate(0, 0, 3)
	again := fetch(t, t.Context(), o, h.url("a"))[0]
	if asked := h.asked(); !slices.Equal(asked, []string{"GET /a/info/refs"}) {
		t.Errorf("asked %q", asked)
	}
	if again.Err != nil || !again.Fetched.Equal(o.Now) {
		t.Errorf("%+v", again)
	}
	h.commit("a", today, map[string]string{"x": "2"})
	if got := fetch(t, t.Context(), o, h.url("a"))[0]; got.Err != nil || read(t, got.Tree, "x") != "2" {
		t.Errorf("a new head is not fetched: %+v", got)
	}
}

func TestHistorySince(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"old": "1"}, map[string]string{"young": "1"}, map[string]string{"younger": "1"})
	o := h.options(t)
	fetch(t, t.Context(), o, h.url("a"))
	o.Since = today.AddDate(-1, 0, 0).Add(time.Hour)
	got := fetch(t, t.Context(), o, h.url("a"))[0]
	if got.Err != nil {
		t.Fatal(got.Err)
	}
	changed, err := got.Tree.LastChanged([]string{"old", "young", "younger"}, o.Since)
	if err != nil || len(changed) != 1 || !changed["younger"].Equal(today.AddDate(-1, 0, 2)) {
		t.Errorf("changed %v, %v", changed, err)
	}
	o.Since = today.AddDate(1, 0, 0) // no commit is so young
	if got := fetch(t, t.Context(), withCache(t, o), h.url("a"))[0]; got.Err != nil || paths(got.Tree) != "old young younger" {
		t.Errorf("a history without young commits: %+v", got)
	}
	h.asked()
	o.Since = today.AddDate(0, 0, -1)
	fetch(t, t.Context(), o, h.url("a"))
	if asked := h.asked(); len(asked) != 1 {
		t.Errorf("a longer history than is wanted is in the cache, and it asks %q", asked)
	}
}

// withCache gives the options with a cache of their own.
func withCache(t testing.TB, o Options) Options {
	o.CacheDir = t.TempDir()
	return o
}

func TestBranchesAndFolders(t *testing.T) {
	h := newHost(t)
	h.repository("mono", map[string]string{"services/cart/service.toml": "main", "services/pay/x": "", ".github/workflows/ci.yaml": ""})
	h.git("mono", today, "checkout", "-q", "-b", "feature/x")
	h.commit("mono", today, map[string]string{"services/cart/service.toml": "feature"})
	h.git("mono", today, "tag", "-a", "-m", "t", "v1")
	h.git("mono", today, "checkout", "-q", "main")
	old := h.git("mono", today, "rev-parse", "HEAD")
	u := h.url("mono")
	results := fetch(t, t.Context(), h.options(t), u, u+"/-/tree/main/services/cart", u+"/-/tree/feature/x/services/pay", u+"/-/tree/feature/x", u+"//services/cart?ref=v1",
		u+".git", u+"/-/blob/main/services/cart/service.toml", u+"/-/tree/"+old, u+"/-/tree/none/services", u+"/-/tree/main/none")
	type want struct {
		name, branch, folder, text string
		reason                     Reason
	}
	base := "127.0.0.1/mono"
	for i, w := range []want{
		{base, "main", "", "main", ""}, {base, "main", "services/cart", "main", ""}, {base + "@feature-x", "feature/x", "services/pay", "feature", ""},
		{base + "@feature-x", "feature/x", "", "feature", ""}, {base + "@v1", "v1", "services/cart", "feature", ""}, {base, "main", "", "main", ""},
		{base, "main", "services/cart", "main", ""}, {base + "@" + old, old, "", "main", ""}, {reason: NotFound}, {reason: NotFound},
	} {
		r := results[i]
		if w.reason != "" {
			if reasonOf(r.Err) != w.reason {
				t.Errorf("%d: %v, want %q", i, r.Err, w.reason)
			}
			continue
		}
		if r.Err != nil {
			t.Errorf("%d: %v", i, r.Err)
			continue
		}
		got := want{r.Repository.Name, r.Repository.Branch, r.Repository.Folder, read(t, r.Tree, "services/cart/service.toml"), ""}
		if got != w {
			t.Errorf("%d: %+v, want %+v", i, got, w)
		}
	}
	if results[0].Tree != results[1].Tree || results[0].Tree != results[5].Tree || results[2].Tree != results[3].Tree || results[0].Tree == results[2].Tree {
		t.Error("results of one branch do not share their tree")
	}
	if mounts := Mounts(results); len(mounts) != 4 {
		t.Errorf("mounts are %+v", mounts)
	}
	asked := h.asked()
	if n := len(slices.DeleteFunc(asked, func(a string) bool { return !strings.HasPrefix(a, "GET") })); n != 1 {
		t.Errorf("the branches were asked for %d times", n)
	}
}

func TestMountedUnion(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "of a"})
	h.repository("b", map[string]string{"x": "of b"})
	results := fetch(t, t.Context(), h.options(t), h.url("a"), h.url("b"), h.url("none"))
	u, err := tree.Union(tree.FromFiles(map[string]string{"x": "own"}, today), Mounts(results))
	if err != nil {
		t.Fatal(err)
	}
	if p := paths(u); p != "127.0.0.1/a/x 127.0.0.1/b/x x" {
		t.Errorf("files are %q", p)
	}
	folder, _ := u.Folder(results[1].Tree)
	if text := read(t, u, folder+"/x"); text != "of b" {
		t.Errorf("reads %q", text)
	}
}

func reasonOf(err error) Reason {
	var f *Failure
	if errors.As(err, &f) {
		return f.Reason
	}
	return ""
}

func TestOffline(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	h.git("a", today, "branch", "other/y")
	o := h.options(t)
	fetch(t, t.Context(), o, h.url("a"), h.url("a/-/tree/other/y"))
	h.commit("a", today, map[string]string{"x": "2"})
	h.asked()
	o.Offline, o.Now = true, today.AddDate(0, 0, 9)
	results := fetch(t, t.Context(), o, h.url("a"), h.url("a/-/tree/other/y"), h.url("a/-/tree/third"), h.url("b"), h.url("a/-/tree/main"))
	for _, i := range []int{0, 1, 4} {
		if r := results[i]; r.Err != nil || read(t, r.Tree, "x") != "1" || !r.Fetched.Equal(today) {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if results[0].Tree != results[4].Tree || results[1].Repository.Branch != "other/y" {
		t.Errorf("branches are not settled offline: %+v", results)
	}
	for _, i := range []int{2, 3} {
		if reasonOf(results[i].Err) != NotCached {
			t.Errorf("%d: %v", i, results[i].Err)
		}
	}
	if asked := h.asked(); len(asked) > 0 {
		t.Errorf("offline, it asks %q", asked)
	}
}

func TestHostAnswers(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			http.Error(w, "hunter2\nand more", code)
		}
	}
	pkt := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-git-upload-pack-"+kind)
			io.WriteString(w, text)
		}
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		reason  Reason
		says    string
	}{
		"401":          {status(401), Authentication, "OBSREADY_GIT_TOKEN_127_0_0_1_"},
		"403":          {status(403), Authentication, "403"},
		"404":          {status(404), NotFound, "404"},
		"410":          {status(410), NotFound, "410"},
		"429":          {status(429), Server, "429"},
		"500":          {status(500), Server, "500"},
		"503":          {status(503), Server, "503"},
		"204":          {status(204), Server, "204"},
		"HTML":         {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>log in") }, Server, "text/html"},
		"nothing":      {pkt("advertisement", ""), Server, ""},
		"no packets":   {pkt("advertisement", "hunter hunter hunter"), Server, ""},
		"cut packets":  {pkt("advertisement", "001e# service=git-upload-pack\n0000"), Server, ""},
		"an error":     {pkt("advertisement", "0029ERR Repository not found, hunter\n\x1b[1m0000"), NotFound, "not found"},
		"no commits":   {pkt("advertisement", "001e# service=git-upload-pack\n00000000"), Empty, "no commits"},
		"bad branches": {pkt("advertisement", "001e# service=git-upload-pack\n0000003f"+strings.Repeat("1", 40)+" refs/heads/../../x\x00\n0000"), Server, ""},
		"no git": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login", http.StatusFound)
		}, Server, "redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			h.answer(test.handler)
			got := fetch(t, t.Context(), h.options(t), h.url("a"))[0]
			if reasonOf(got.Err) != test.reason || !strings.Contains(got.Err.Error(), test.says) {
				t.Errorf("%q: %v, want %q", reasonOf(got.Err), got.Err, test.reason)
			}
			g := Gap(got.Err, catalog.Place{File: "service.toml", Line: 3})
			if g.At.Line != 3 || g.Cause != causes[test.reason] || !g.Concerns(catalog.Alerts) || g.Detail == "" {
				t.Errorf("gap is %+v", g)
			}
			if tries := len(h.asked()); (name == "429" || name == "503") != (tries == maxTries) {
				t.Errorf("it was asked %d times", tries)
			}
		})
	}
}

func TestCauses(t *testing.T) {
	for _, r := range []Reason{Refused, Authentication, NotFound, Empty, TimedOut, NoNetwork, HostKey, Server, TooLarge, Damaged, NotCached, Cancelled, Cache} {
		if Gap(failf(r, "x"), catalog.Place{}).Cause == "" {
			t.Errorf("a gap by %q has no cause", r)
		}
	}
}

func TestEmptyRepository(t *testing.T) {
	h := newHost(t)
	h.repository("a")
	got := fetch(t, t.Context(), h.options(t), h.url("a"))[0]
	if reasonOf(got.Err) != Empty {
		t.Error(got.Err)
	}
}

func TestBusyHostIsAskedAgain(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	var n int
	h.answer(func(w http.ResponseWriter, r *http.Request) {
		if n++; n%2 == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		h.backend.ServeHTTP(w, r)
	})
	if got := fetch(t, t.Context(), h.options(t), h.url("a"))[0]; got.Err != nil {
		t.Error(got.Err)
	}
}

func TestNoNetwork(t *testing.T) {
	h := newHost(t)
	u := h.url("a")
	h.server.Close()
	if got := fetch(t, t.Context(), h.options(t), u)[0]; reasonOf(got.Err) != NoNetwork {
		t.Error(got.Err)
	}
}

func TestUntrustedCertificate(t *testing.T) {
	h := newHost(t)
	o := h.options(t)
	o.RootCAs = nil
	if got := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(got.Err) != NoNetwork || !strings.Contains(got.Err.Error(), "certificate") {
		t.Error(got.Err)
	}
}

// A host that never answers, at whatever point, costs the time that a repository has.
func TestHangingHost(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	end := make(chan struct{})
	defer close(end)
	hang := func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		select {
		case <-end:
		case <-r.Context().Done():
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"branches": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
			hang(w, r)
		},
		"objects": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				h.backend.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
			io.WriteString(w, "0000")
			hang(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h.answer(handler)
			o := h.options(t)
			o.Timeout = 200 * time.Millisecond
			if got := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(got.Err) != TimedOut {
				t.Error(got.Err)
			}
			o.Timeout, o.Budget = time.Minute, 200*time.Millisecond
			if got := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(got.Err) != TimedOut || !strings.Contains(got.Err.Error(), "together") {
				t.Error(got.Err)
			}
			o.Budget = 0
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			o.Timeout = time.Minute
			if got := fetch(t, ctx, o, h.url("a"))[0]; reasonOf(got.Err) != Cancelled {
				t.Error(got.Err)
			}
			checkCache(t, o.CacheDir)
		})
	}
}

// checkCache asserts that nothing half-done lies in a cache: every snapshot is named by a record.
func checkCache(t testing.TB, dir string) {
	t.Helper()
	snapshots, _ := filepath.Glob(filepath.Join(dir, "*", "*", "HEAD"))
	folders, _ := filepath.Glob(filepath.Join(dir, "*", "*-*"))
	records, _ := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	folders = slices.DeleteFunc(folders, func(f string) bool { return strings.HasSuffix(f, ".json") })
	var named []string
	for _, file := range records {
		r, ok := readRecord(file)
		if !ok {
			t.Errorf("the record %q cannot be read", file)
		}
		named = append(named, filepath.Join(filepath.Dir(file), r.Snapshot))
	}
	slices.Sort(named)
	named = slices.Compact(named)
	if len(snapshots) != len(named) || !slices.Equal(folders, named) {
		t.Errorf("folders %q, of which records name %q", folders, named)
	}
}

// What a host sends in the place of a pack must not get into the cache, and what was there stays.
func TestBadPacks(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	o := h.options(t)
	fetch(t, t.Context(), o, h.url("a"))
	h.commit("a", today, map[string]string{"x": strings.Repeat("much text ", 10000)})
	good := func(r *http.Request) []byte {
		w := httptest.NewRecorder()
		h.backend.ServeHTTP(w, r)
		return w.Body.Bytes()
	}
	for name, mangle := range map[string]func([]byte) []byte{
		"cut in the middle": func(b []byte) []byte { return b[:len(b)/2] },
		"cut at the end":    func(b []byte) []byte { return b[:len(b)-30] },
		"empty":             func([]byte) []byte { return nil },
		"a web page":        func([]byte) []byte { return []byte("<html>") },
		"an error":          func([]byte) []byte { return []byte("001dERR upload-pack: not our r") },
		"a flipped bit": func(b []byte) []byte {
			b = slices.Clone(b)
			b[len(b)-60] ^= 4
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			h.answer(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					h.backend.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
				w.Write(mangle(good(r)))
			})
			got := fetch(t, t.Context(), o, h.url("a"))[0]
			if reason := reasonOf(got.Err); reason != Damaged && reason != Server {
				t.Errorf("%q: %v", reason, got.Err)
			}
			checkCache(t, o.CacheDir)
			old := o
			old.Offline = true
			if got := fetch(t, t.Context(), old, h.url("a"))[0]; got.Err != nil || read(t, got.Tree, "x") != "1" {
				t.Errorf("the old copy is lost: %+v", got)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	h := newHost(t)
	noise := make([]byte, 3<<20)
	state := uint32(1)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = byte(state >> 24)
	}
	h.repository("packed", map[string]string{"noise": string(noise)})
	h.repository("unpacked", map[string]string{"zeros": strings.Repeat("\x00", (maxInflated+2)<<20)})
	o := h.options(t)
	o.MaxBytes = 1 << 20
	for i, r := range fetch(t, t.Context(), o, h.url("packed"), h.url("unpacked")) {
		if reasonOf(r.Err) != TooLarge || Gap(r.Err, catalog.Place{}).Cause != catalog.TooLarge {
			t.Errorf("%d: %v", i, r.Err)
		}
	}
	checkCache(t, o.CacheDir)
}

func TestCredentials(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	var users []string
	h.answer(func(w http.ResponseWriter, r *http.Request) {
		user, secret, _ := r.BasicAuth()
		if secret != "hunter2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		users = append(users, user)
		h.backend.ServeHTTP(w, r)
	})
	o := h.options(t)
	name := TokenVariable(address(t, h.url("a")))
	for value, want := range map[string]string{"hunter2": defaultUser, "ci-job:hunter2": "ci-job"} {
		users = nil
		o.Getenv = func(n string) string {
			if n == name {
				return value
			}
			return ""
		}
		got := fetch(t, t.Context(), withCache(t, o), h.url("a"))[0]
		if got.Err != nil || len(users) != 2 || users[0] != want || users[1] != want {
			t.Errorf("%v, with the users %q", got.Err, users)
		}
	}
	o.Getenv = func(string) string { return "user:wrong-hunter2" }
	got := fetch(t, t.Context(), withCache(t, o), h.url("a"))[0]
	if reasonOf(got.Err) != Authentication || !strings.Contains(got.Err.Error(), "expired") {
		t.Error(got.Err)
	}
}

func TestTokenVariable(t *testing.T) {
	for text, want := range map[string]string{
		"https://github.com/a/b":             "OBSREADY_GIT_TOKEN_GITHUB_COM",
		"https://git-lab.example.org/a/b":    "OBSREADY_GIT_TOKEN_GIT__LAB_EXAMPLE_ORG",
		"https://git.lab.example.org:8443/a": "OBSREADY_GIT_TOKEN_GIT_LAB_EXAMPLE_ORG_8443",
		"http://github.com/a/b":              "",
		"git@github.com:a/b":                 "",
		"https://[::1]/a":                    "",
	} {
		if got := TokenVariable(address(t, text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// secondHost records what credentials it is sent.
func secondHost(t *testing.T) (*httptest.Server, *[]string) {
	var mu sync.Mutex
	var got []string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(s.Close)
	return s, &got
}

func TestRedirects(t *testing.T) {
	h := newHost(t)
	h.repository("new", map[string]string{"x": "1"})
	other, got := secondHost(t)
	o := h.options(t)
	o.RootCAs.AddCert(other.Certificate())
	o.Getenv = func(string) string { return "hunter2" }
	plain := httptest.NewServer(h)
	defer plain.Close()

	t.Run("on the same host", func(t *testing.T) {
		h.answer(func(w http.ResponseWriter, r *http.Request) {
			if rest, found := strings.CutPrefix(r.URL.Path, "/old"); found {
				http.Redirect(w, r, "/new"+rest+"?"+r.URL.RawQuery, http.StatusMovedPermanently)
				return
			}
			h.backend.ServeHTTP(w, r)
		})
		if got := fetch(t, t.Context(), o, h.url("old"))[0]; got.Err != nil || read(t, got.Tree, "x") != "1" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("to another host", func(t *testing.T) {
		h.answer(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path+"?"+r.URL.RawQuery, http.StatusFound)
		})
		r := fetch(t, t.Context(), withCache(t, o), h.url("old"))[0]
		if reasonOf(r.Err) != Refused || !strings.Contains(r.Err.Error(), other.URL) || len(*got) > 0 {
			t.Errorf("%v; the other host got %q", r.Err, *got)
		}
	})
	t.Run("to plain http", func(t *testing.T) {
		h.answer(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, plain.URL+r.URL.Path, http.StatusFound)
		})
		if r := fetch(t, t.Context(), withCache(t, o), h.url("old"))[0]; reasonOf(r.Err) != Refused {
			t.Error(r.Err)
		}
	})
	t.Run("of the request for objects", func(t *testing.T) {
		h.answer(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
				return
			}
			h.backend.ServeHTTP(w, r)
		})
		r := fetch(t, t.Context(), withCache(t, o), h.url("new"))[0]
		if reasonOf(r.Err) != Server || len(*got) > 0 {
			t.Errorf("%v; the other host got %q", r.Err, *got)
		}
	})
	t.Run("without end", func(t *testing.T) {
		h.answer(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) })
		if r := fetch(t, t.Context(), withCache(t, o), h.url("new"))[0]; reasonOf(r.Err) != Server {
			t.Error(r.Err)
		}
	})
}

// A service that writes http has its own way out, whatever became of the address with https.
func TestFailuresAreOfTheAddressesThatWereWritten(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	plain := strings.Replace(h.url("none"), "https", "http", 1)
	results := fetch(t, t.Context(), h.options(t), h.url("none"), plain, strings.Replace(plain, "none", "a", 1), h.url("a"))
	if reasonOf(results[0].Err) != NotFound || reasonOf(results[1].Err) != Refused || !strings.Contains(results[1].Err.Error(), "http://") {
		t.Errorf("%v, %v", results[0].Err, results[1].Err)
	}
	if results[2].Err != nil || results[2].Tree != results[3].Tree {
		t.Errorf("one address of a repository is good, and another is an error: %v", results[2].Err)
	}
}

// A host that wants to be left alone for longer than a run may wait is not waited for.
func TestLongRetryAfter(t *testing.T) {
	h := newHost(t)
	wait := "3600"
	h.answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", wait)
		w.WriteHeader(http.StatusTooManyRequests)
	})
	o := h.options(t)
	o.Timeout = 25 * time.Second
	for _, wait = range []string{"3600", "28"} {
		h.asked()
		got := fetch(t, t.Context(), o, h.url("a"))[0]
		if n := len(h.asked()); n != 1 || !strings.Contains(got.Err.Error(), "429") {
			t.Errorf("%s: %v, after %d requests", wait, got.Err, n)
		}
	}
}

func TestSeveralFetchesAtOnce(t *testing.T) {
	h := newHost(t)
	var addresses []string
	for i := range 5 {
		name := fmt.Sprintf("r%d", i)
		h.repository(name, map[string]string{"x": name})
		addresses = append(addresses, h.url(name))
	}
	o := h.options(t)
	o.Workers = 3
	var progress []int
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for i, r := range fetch(t, t.Context(), o, addresses...) {
				if r.Err != nil || read(t, r.Tree, "x") != fmt.Sprintf("r%d", i) {
					t.Errorf("%d: %+v", i, r)
				}
			}
		})
	}
	wg.Wait()
	o.Progress = func(done, of int) { progress = append(progress, done, of) }
	fetch(t, t.Context(), o, addresses...)
	if len(progress) != 10 || progress[8] != 5 || progress[9] != 5 {
		t.Errorf("progress is %v", progress)
	}
}

func TestCacheIsPruned(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	o := h.options(t)
	o.Now = time.Now() // what is made is marked with the machine's time
	fetch(t, t.Context(), o, h.url("a"))
	h.commit("a", today, map[string]string{"x": "2"})
	fetch(t, t.Context(), o, h.url("a"))
	count := func() int {
		heads, _ := filepath.Glob(filepath.Join(o.CacheDir, "*", "*", "HEAD"))
		return len(heads)
	}
	if count() != 2 {
		t.Errorf("%d snapshots: the old one may still be read", count())
	}
	// What two runs left that were killed: one long ago, one that may as well be at work.
	records, _ := filepath.Glob(filepath.Join(o.CacheDir, "*", "own.json"))
	folder := filepath.Dir(records[0])
	for _, left := range []string{"old-1/objects/pack/tmp_pack_1", "record-1", "new-1/objects/pack/tmp_pack_2"} {
		file := filepath.Join(folder, filepath.FromSlash(left))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("PACK"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	o.Now = o.Now.AddDate(0, 0, 2)
	if err := os.Chtimes(filepath.Join(folder, "new-1"), o.Now, o.Now); err != nil {
		t.Fatal(err)
	}
	h.commit("a", today, map[string]string{"x": "3"})
	fetch(t, t.Context(), o, h.url("a"))
	if count() != 1 {
		t.Errorf("%d snapshots: what nobody uses stays", count())
	}
	left, _ := filepath.Glob(filepath.Join(folder, "*-1"))
	if !slices.Equal(left, []string{filepath.Join(folder, "new-1")}) {
		t.Errorf("what killed runs left: %q", left)
	}
	if err := os.RemoveAll(left[0]); err != nil {
		t.Fatal(err)
	}
	checkCache(t, o.CacheDir)
}

// A copy that somebody damaged is fetched again.
func TestDamagedCache(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	for name, damage := range map[string]func(dir string){
		"no packs": func(dir string) { os.RemoveAll(filepath.Join(dir, "objects", "pack")) },
		"no head":  func(dir string) { os.Remove(filepath.Join(dir, "HEAD")) },
		"gone":     func(dir string) { os.RemoveAll(dir) },
		"record": func(dir string) {
			records, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*.json"))
			for _, r := range records {
				os.WriteFile(r, []byte(`{"version":1,"snapshot":"../../etc"`), 0o600)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := withCache(t, h.options(t))
			fetch(t, t.Context(), o, h.url("a"))
			heads, _ := filepath.Glob(filepath.Join(o.CacheDir, "*", "*", "HEAD"))
			damage(filepath.Dir(heads[0]))
			o.Offline = true
			if r := fetch(t, t.Context(), o, h.url("a"))[0]; r.Err == nil {
				t.Error("offline, a damaged copy is read")
			}
			o.Offline = false
			if r := fetch(t, t.Context(), o, h.url("a"))[0]; r.Err != nil || read(t, r.Tree, "x") != "1" {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestNoCache(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	o := h.options(t)
	for _, dir := range []string{"", filepath.Join(h.dir, "a", "x")} {
		o.CacheDir = dir
		if r := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(r.Err) != Cache {
			t.Error(r.Err)
		}
	}
}
