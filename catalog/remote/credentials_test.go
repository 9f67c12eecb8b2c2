package remote

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The helper is git's own, configured with a program that answers for one host only.
func TestCredentialHelper(t *testing.T) {
	h := newHost(t)
	h.repository("a", map[string]string{"x": "1"})
	h.answer(func(w http.ResponseWriter, r *http.Request) {
		if user, secret, _ := r.BasicAuth(); user != "ci" || secret != "hunter2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.backend.ServeHTTP(w, r)
	})
	dir := t.TempDir()
	asked := filepath.Join(dir, "asked")
	script := filepath.Join(dir, "helper.sh")
	text := "#!/bin/sh\ncat >> " + asked + "\necho username=ci\necho password=hunter2\n"
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "gitconfig")
	if err := os.WriteFile(config, []byte("[credential]\n\thelper = "+script+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	o := h.options(t)
	if r := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(r.Err) != Authentication {
		t.Errorf("the helper is asked without being allowed: %v", r.Err)
	}
	o.CredentialHelper, o.CacheDir = true, filepath.Join(dir, "new", "cache")
	if r := fetch(t, t.Context(), o, h.url("a"))[0]; r.Err != nil {
		t.Error(r.Err)
	}
	got, _ := os.ReadFile(asked)
	for _, line := range []string{"protocol=https", "host=" + strings.TrimPrefix(h.server.URL, "https://")} {
		if !strings.Contains(string(got), line+"\n") {
			t.Errorf("the helper was told %q", got)
		}
	}
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if r := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(r.Err) != Authentication {
		t.Error(r.Err)
	}
}

// The cache may stand in somebody's clone, whose configuration names helpers of its own.
func TestHelpersOfAnotherRepository(t *testing.T) {
	h := newHost(t)
	h.answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	h.repository("clone")
	ran := filepath.Join(h.dir, "ran")
	h.git("clone", today, "config", "credential.helper", "!touch "+ran+";")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	t.Chdir(filepath.Join(h.dir, "clone"))
	o := h.options(t)
	o.CredentialHelper = true
	for _, o.CacheDir = range []string{"cache", filepath.Join(h.dir, "clone", "deep", "cache")} {
		if r := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(r.Err) != Authentication {
			t.Error(r.Err)
		}
		if _, err := os.Stat(ran); err == nil {
			t.Errorf("with the cache %q, it ran the helper of the clone around it", o.CacheDir)
		}
	}
}

func TestParseLogin(t *testing.T) {
	at := address(t, "https://git.example:8443/a").at
	for text, want := range map[string]*login{
		"protocol=https\nhost=git.example:8443\nusername=u\npassword=a=b\n": {"u", "a=b"},
		"username=u\npassword=p\n": {"u", "p"},
		"password=p\nquit=1\n":     {"", "p"},
		"username=u\n":             nil,
		"":                         nil,
		"host=evil.example\nusername=u\npassword=p\n": nil,
		"protocol=http\nusername=u\npassword=p\n":     nil,
		"host=git.example\nusername=u\npassword=p\n":  nil,
	} {
		got := parseLogin([]byte(text), at)
		if (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%q gives %v, want %v", text, got, want)
		}
	}
}
