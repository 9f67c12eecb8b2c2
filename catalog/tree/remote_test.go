package tree

import (
	"net/url"
	"strings"
	"testing"

	"obsready/catalog"
)

func TestWebAddress(t *testing.T) {
	for remote, want := range map[string]string{
		"git@github.com:acme/catalog.git":                            "https://github.com/acme/catalog",
		"github.com:acme/catalog":                                    "https://github.com/acme/catalog",
		"ssh://git@gitlab.example.org:2222/group/sub/catalog.git":    "https://gitlab.example.org/group/sub/catalog",
		"ssh://git@GitHub.com/acme/catalog":                          "https://github.com/acme/catalog",
		"https://github.com/acme/catalog.git":                        "https://github.com/acme/catalog",
		"https://github.com/acme/catalog/":                           "https://github.com/acme/catalog",
		"https://user:ghp_secret@github.com/acme/catalog.git":        "https://github.com/acme/catalog",
		"https://gitlab-ci-token:glpat@gitlab.com/acme/catalog.git":  "https://gitlab.com/acme/catalog",
		"https://git.example.org:8443/acme/catalog.git?token=secret": "https://git.example.org:8443/acme/catalog",
		"http://gitea.local:3000/acme/catalog.git":                   "http://gitea.local:3000/acme/catalog",
		"git://git.example.org/catalog.git":                          "https://git.example.org/catalog",
		"git@ssh.dev.azure.com:v3/org/project/repo":                  "https://dev.azure.com/org/project/_git/repo",
		"https://org@dev.azure.com/org/my%20project/_git/repo":       "https://dev.azure.com/org/my%20project/_git/repo",
		"git@github.com-work:acme/catalog.git":                       "", // an alias of somebody's ssh configuration
		"work:acme/catalog.git":                                      "",
		"/srv/git/catalog.git":                                       "",
		"../catalog":                                                 "",
		"file:///srv/git/catalog.git":                                "",
		`C:\git\catalog`:                                             "",
		"C:/git/catalog":                                             "",
		"https://github.com/":                                        "",
		"https:///path":                                              "",
		"javascript://github.com/%0aalert(1)":                        "",
		"https://github.com/a%0ab":                                   "",
		"":                                                           "",
		"ssh://git@bitbucket.org/acme/catalog.git":                   "https://bitbucket.org/acme/catalog",
	} {
		if got := WebAddress(remote); got != want {
			t.Errorf("%q: got %q, want %q", remote, got, want)
		}
	}
}

func TestRemoteOfRepository(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "1"})
	head := r.head()
	r.git("remote", "add", "fork", "git@github.com:me/catalog.git")
	if got := open(t, r.dir, Options{}).Revision().Web; got != "https://github.com/me/catalog" {
		t.Errorf("the only remote: got %q", got)
	}
	r.git("remote", "add", "origin", "https://x:secret@github.com/acme/catalog.git")
	rev := open(t, r.dir, Options{}).Revision()
	if want := "https://github.com/acme/catalog/blob/" + head + "/a%20b/f.md#L7"; rev.Link(catalog.Place{File: "a b/f.md", Line: 7}) != want {
		t.Errorf("got %q, want %q", rev.Link(catalog.Place{File: "a b/f.md", Line: 7}), want)
	}
}

func TestPermalinkFor(t *testing.T) {
	rev := catalog.Revision{Commit: "c0ffee"}
	for web, want := range map[string]string{
		"https://github.com/a/b":                 "https://github.com/a/b/blob/c0ffee/d/f.md#L3",
		"https://github.example.org/a/b/":        "https://github.example.org/a/b/blob/c0ffee/d/f.md#L3",
		"https://gitlab.example.org/a/b/c":       "https://gitlab.example.org/a/b/c/-/blob/c0ffee/d/f.md#L3",
		"https://bitbucket.org/a/b":              "https://bitbucket.org/a/b/src/c0ffee/d/f.md#lines-3",
		"https://codeberg.org/a/b":               "https://codeberg.org/a/b/src/commit/c0ffee/d/f.md#L3",
		"https://gitea.example.org/a/b":          "https://gitea.example.org/a/b/src/commit/c0ffee/d/f.md#L3",
		"https://git.sr.ht/~a/b":                 "https://git.sr.ht/~a/b/tree/c0ffee/item/d/f.md#L3",
		"https://chromium.googlesource.com/a":    "https://chromium.googlesource.com/a/+/c0ffee/d/f.md#3",
		"https://git.example.org/github/catalog": "", // the path says nothing about the host
		"":                                       "",
	} {
		rev.Permalink = PermalinkFor(web)
		if got := rev.Link(catalog.Place{File: "d/f.md", Line: 3}); got != want {
			t.Errorf("%q: got %q, want %q", web, got, want)
		}
	}
}

func FuzzWebAddress(f *testing.F) {
	for _, s := range []string{"git@github.com:a/b.git", "https://u:p@h/x", "ssh://git@h.org:22/a", "a:b", "//", "https://[::1]/x", "git@ssh.dev.azure.com:v3/a/b/c", "https://u:tps://u:p@h/p@h/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, remote string) {
		web := WebAddress(remote)
		if web == "" {
			return
		}
		u, err := url.Parse(web)
		if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			t.Errorf("%q gives %q: %+v, %v", remote, web, u, err)
		}
		if strings.ContainsFunc(web, unprintable) {
			t.Errorf("%q gives %q", remote, web)
		}
	})
}

func FuzzRevision(f *testing.F) {
	for _, s := range []string{"HEAD", "main~3^2", "v1^{}", "a..b", "@", "@{1}", "~", "^{commit}", "HEAD~99999999999", "../x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rev string) {
		name, steps, err := parseRevision(rev)
		if err != nil {
			return
		}
		for _, s := range steps {
			if s.times < 0 || s.times > maxStep || s.parent < 0 {
				t.Errorf("%q: step %+v", rev, s)
			}
		}
		for _, ref := range candidates(name) {
			if strings.Contains(string(ref), "..") || strings.HasPrefix(string(ref), "/") || strings.Contains(string(ref), "\\") {
				t.Errorf("%q looks up the path %q", rev, ref)
			}
		}
	})
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte("[remote \"origin\"]\n\turl = git@github.com:a/b.git\n[extensions]\nobjectformat = sha256\n"))
	f.Add([]byte("[core]\nrepositoryformatversion = 1\n[\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseConfig(text)
		if err != nil {
			return
		}
		webOf(c)
		_ = (&repository{config: c}).checkFormat()
	})
}
