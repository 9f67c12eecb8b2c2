package remote

import (
	"errors"
	"path"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	tests := []struct{ text, url, name, branch, folder string }{
		{"https://git.example/pay/checkout", "https://git.example/pay/checkout", "git.example/pay/checkout", "", ""},
		{"https://git.example/pay/checkout.git", "https://git.example/pay/checkout.git", "git.example/pay/checkout", "", ""},
		{"  https://Git.Example/pay/checkout/ ", "https://git.example/pay/checkout", "git.example/pay/checkout", "", ""},
		{"https://git.example:8443/pay/checkout", "https://git.example:8443/pay/checkout", "git.example/pay/checkout", "", ""},
		{"https://git.example:443/a", "https://git.example/a", "git.example/a", "", ""},
		{"https://someone@bitbucket.org/acme/x.git", "https://bitbucket.org/acme/x.git", "bitbucket.org/acme/x", "", ""},
		{"http://git.example/a", "http://git.example/a", "git.example/a", "", ""},
		{"git+https://github.com/acme/x", "https://github.com/acme/x", "github.com/acme/x", "", ""},
		{"github.com/acme/x", "https://github.com/acme/x", "github.com/acme/x", "", ""},
		{"https://github.com/acme/x?tab=readme-ov-file#install", "https://github.com/acme/x", "github.com/acme/x", "", ""},
		{"https://git.example/a%20b/c", "https://git.example/a%20b/c", "git.example/a_b/c", "", ""},
		{"https://[2001:db8::1]/a", "https://[2001:db8::1]/a", "2001_db8__1/a", "", ""},

		{"ssh://git@git.example/pay/checkout.git", "ssh://git@git.example/pay/checkout.git", "git.example/pay/checkout", "", ""},
		{"ssh://git.example:7999/pay/x", "ssh://git@git.example:7999/pay/x", "git.example/pay/x", "", ""},
		{"ssh://git.example:22/pay/x", "ssh://git@git.example/pay/x", "git.example/pay/x", "", ""},
		{"git@github.com:acme/x.git", "git@github.com:acme/x.git", "github.com/acme/x", "", ""},
		{"git.example.org:acme/x", "git@git.example.org:acme/x", "git.example.org/acme/x", "", ""},
		{"git@host:/srv/x.git", "ssh://git@host/srv/x.git", "host/srv/x", "", ""},
		{"git@git.sr.ht:~acme/x", "git@git.sr.ht:~acme/x", "git.sr.ht/~acme/x", "", ""},
		{"file:///srv/git/checkout", "file:///srv/git/checkout", "local/srv/git/checkout", "", ""},
		{"file://localhost/srv/checkout.git", "file:///srv/checkout.git", "local/srv/checkout", "", ""},

		{"url:https://github.com/acme/x/tree/main/services/cart/", "https://github.com/acme/x", "github.com/acme/x", "main", "services/cart"},
		{"https://github.com/acme/x/tree/main", "https://github.com/acme/x", "github.com/acme/x", "main", ""},
		{"https://github.com/acme/x/blob/main/catalog-info.yaml", "https://github.com/acme/x", "github.com/acme/x", "main", "catalog-info.yaml"},
		{"https://github.com/acme/tree", "https://github.com/acme/tree", "github.com/acme/tree", "", ""},
		{"https://gitlab.com/a/b/c/-/tree/main/d", "https://gitlab.com/a/b/c", "gitlab.com/a/b/c", "main", "d"},
		{"https://gitlab.com/a/b/tree/main/d", "https://gitlab.com/a/b", "gitlab.com/a/b", "main", "d"},
		{"https://gitlab.com/a/b/-/blob/refs/heads/main/d", "https://gitlab.com/a/b", "gitlab.com/a/b", "main", "d"},
		{"https://codeberg.org/a/b/src/branch/main/d/e", "https://codeberg.org/a/b", "codeberg.org/a/b", "main", "d/e"},
		{"https://bitbucket.org/a/b/src/main/d", "https://bitbucket.org/a/b", "bitbucket.org/a/b", "main", "d"},
		{"https://git.sr.ht/~a/b/tree/main/item/d", "https://git.sr.ht/~a/b", "git.sr.ht/~a/b", "main", "d"},
		{"https://dev.azure.com/o/p/_git/r?path=/d/e&version=GBmain", "https://dev.azure.com/o/p/_git/r", "dev.azure.com/o/p/_git/r", "main", "d/e"},
		{"https://bb.example/projects/PAY/repos/Cart/browse/d?at=refs%2Fheads%2Fmain", "https://bb.example/scm/pay/cart.git", "bb.example/scm/pay/cart", "main", "d"},
		{"https://chromium.googlesource.com/a/b/+/refs/heads/main/d", "https://chromium.googlesource.com/a/b", "chromium.googlesource.com/a/b", "main", "d"},

		{"https://git.example/a/b.git/services/x", "https://git.example/a/b.git", "git.example/a/b", "", "services/x"},
		{"https://git.example/a/b//services/x?ref=v1.2", "https://git.example/a/b", "git.example/a/b", "v1.2", "services/x"},
		{"ssh://git@git.example/a/b.git//x", "ssh://git@git.example/a/b.git", "git.example/a/b", "", "x"},
		{"git@git.example.org:a/b.git//x?ref=main", "git@git.example.org:a/b.git", "git.example.org/a/b", "main", "x"},
		{"file:///srv/mono.git//x?ref=main", "file:///srv/mono.git", "local/srv/mono", "main", "x"},
	}
	for _, test := range tests {
		r, err := Address(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		got := []string{r.URL, r.Name, r.Branch, r.Folder}
		want := []string{test.url, test.name, test.branch, test.folder}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q gives %q, want %q", test.text, got, want)
				break
			}
		}
		again, err := Address(r.URL)
		if err != nil || again.URL != r.URL || again.at != r.at {
			t.Errorf("%q gives the URL %q, which gives %q, %v", test.text, r.URL, again.URL, err)
		}
	}
}

func TestHostileAddresses(t *testing.T) {
	for _, text := range []string{
		"", " ", "-", "--upload-pack=touch /tmp/x", "-oProxyCommand=x", "ext::sh -c id", "fd::3", "git::https://git.example/a",
		"ssh://-oProxyCommand=x/a", "ssh://git@-oProxyCommand=x/a", "git@-oProxyCommand=x:a/b", "-oProxyCommand=x:a/b", "ssh://-l@git.example/a", "ssh://git@git.example/-oX",
		"https://git.example/--upload-pack=x", "https://git.example/a/-x", "git@git.example.org:--upload-pack=x",
		"javascript:alert(1)", "ftp://git.example/a", "git://git.example/a", "data:text/plain,x", "gopher://git.example/a", "rsync://git.example/a",
		"https://user:hunter2@git.example/a", "https://:hunter2@git.example/a", "ssh://git:hunter2@git.example/a",
		"https://git.example", "https://git.example/", "https:///a/b", "https://", "git@git.example.org:", "checkout", "a/b", "./a", "/srv/git/a", "../a",
		"https://git.example/../a", "https://git.example/a/%2e%2e/b", "https://git.example/a/..", "https://git.example/a/./b",
		"https://git.example/a\nb", "https://git.example/a%0ab", "https://git.example/a%00", "https://git.example/a\x00", "https://git.example/a b", "https://git.example/a\u202eb",
		"https://git.example/\xff", "https://git.example/%ff", `https://git.example\@evil.example/a`, "https://git.example/.git/config", "https://git.example/a'b", "ssh://git.example/a`id`", "ssh://git.example/$(id)",
		"https://git.example:0/a", "https://git.example:99999/a", "https://git.example:x/a", "https://gìt.example/a", "https://git..example/a", "https://-git.example/a", "https://git.example./a", "https://git_x.example/a", "https://[fe80::1%25eth0]/a",
		"file://other.host/a", "file://user@localhost/a", "file:///", "file:///srv/../etc", "file://../a",
		"https://git.example/a?ref=--x", "https://git.example/a?ref=a..b", "https://git.example/a?ref=a%20b", "https://git.example/a?ref=%0a", "https://git.example/a//../b", "https://git.example/a.git/../../x",
		"https://github.com/acme", "https://github.com/acme/x/issues/1", "https://git.example/" + strings.Repeat("a", maxAddress),
		`C:\git\x`, "C:/git/x", "host:path",
	} {
		r, err := Address(text)
		var f *Failure
		if !errors.As(err, &f) || f.Reason != Refused {
			t.Errorf("%q is taken as %q", text, r.URL)
			continue
		}
		checkMessage(t, err)
	}
}

// checkMessage asserts that a message can be printed, and holds none of the secrets that tests use.
func checkMessage(t testing.TB, err error) {
	t.Helper()
	text := err.Error()
	if strings.Contains(text, "hunter2") || strings.ContainsAny(text, "\n\r\x00\u202e") || len(text) > 1000 || strings.HasSuffix(text, ".") {
		t.Errorf("the message is not fit to be shown: %q", text)
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"https://user:hunter2@git.example/a":             "https://…@git.example/a",
		"https://user:hun/ter2@git.example/a":            "https://…@git.example/a",
		"https://user:hun@ter2@git.example/a":            "https://…@git.example/a",
		"https://hunter2@git.example/a":                  "https://…@git.example/a",
		"https://git.example/a?private_token=hunter2":    "https://git.example/a",
		"https://git.example/a#access_token=hunter2":     "https://git.example/a",
		"user:hunter2@git.example:a":                     "…@git.example:a",
		"git@git.example:a":                              "git@git.example:a",
		"ssh://git@git.example/a":                        "ssh://git@git.example/a",
		"weird:user:hunter2@git.example":                 "…@git.example",
		"https://" + strings.Repeat("é", 200) + "/a?x=1": "https://" + strings.Repeat("é", 96) + "…",
	} {
		if got := redact(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestWithoutCredentials(t *testing.T) {
	for text, want := range map[string]string{
		"https://me:hunter2@git.example/x":                   "https://git.example/x",
		"https://hunter2@git.example/x?a@b":                  "https://git.example/x?a@b",
		"https://me:hun/ter2@git.example/x":                  "https://git.example/x",
		"https://me:@git.example":                            "https://git.example",
		"https://git.example:8443/x@y":                       "https://git.example:8443/x@y",
		"https://git.example/@scope/x":                       "https://git.example/@scope/x",
		"ssh://git:hunter2@git.example:22/x":                 "ssh://git@git.example:22/x",
		"ssh://deploy@git.example/x":                         "ssh://deploy@git.example/x",
		"ssh://git.example:22/x":                             "ssh://git.example:22/x",
		"git@git.example:x/y":                                "git@git.example:x/y",
		"git@git.example:x@y/z":                              "git@git.example:x@y/z",
		"me:hunter2@git.example:x/y":                         "git.example:x/y",
		"me:hunter2@git.example/x":                           "git.example/x",
		"hunter2@git.example/x":                              "git.example/x",
		"me:hun/ter2@git.example/x":                          "git.example/x",
		"git.example/x@y":                                    "git.example/x@y",
		"https://git.example/x?path=a&private_token=hunter2": "https://git.example/x",
		"https://git.example/x#access_token=hunter2":         "https://git.example/x",
		"https://git.example/?p=x.git;a=tree":                "https://git.example/?p=x.git;a=tree",
		"github.com/x/y":                                     "github.com/x/y",
		"https://[::1]:8443/x@y":                             "https://[::1]:8443/x@y",
		"://":                                                "://",
		"":                                                   "",
	} {
		if got := WithoutCredentials(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"https://git.example/pay/checkout.git", "git@github.com:acme/x.git", "url:https://github.com/acme/x/tree/main/services/cart/", "file:///srv/mono.git//x?ref=main",
		"https://dev.azure.com/o/p/_git/r?path=/d/e&version=GBmain", "ssh://git@git.example:7999/~a/b", "https://user:hunter2@git.example/a", "--upload-pack=x", "https://[2001:db8::1]:8443/a%20b",
		"https://bb.example/projects/PAY/repos/Cart/browse/d?at=refs%2Fheads%2Fmain", "git.example.org:a b", "https://git.example/a/b.git/-/tree/main",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Address(text)
		if err != nil {
			if f := (*Failure)(nil); !errors.As(err, &f) || strings.ContainsAny(f.Detail, "\n\x00") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, p := range []string{r.Name, r.Folder} {
			if p != "" && (path.Clean(p) != p || path.IsAbs(p) || p == ".." || strings.HasPrefix(p, "../")) {
				t.Fatalf("%q gives the path %q", text, p)
			}
		}
		if r.Branch != "" && !validRef(r.Branch) || strings.HasPrefix(r.URL, "-") || r.at.host == "" && r.at.scheme != "file" {
			t.Fatalf("%q gives %+v", text, r)
		}
		again, err := Address(r.URL)
		if err != nil || again.at != r.at || again.URL != r.URL {
			t.Fatalf("%q gives the URL %q, which gives %q, %v", text, r.URL, again.URL, err)
		}
	})
}
