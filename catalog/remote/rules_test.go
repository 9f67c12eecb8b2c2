package remote

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

func TestRules(t *testing.T) {
	tests := []struct {
		rules Rules
		text  string
		ok    bool
	}{
		{Rules{}, "https://git.example/a", true},
		{Rules{}, "git@git.example.org:a", true},
		{Rules{}, "http://git.example/a", false},
		{Rules{}, "file:///srv/a", false},
		{Rules{Roots: []string{"/srv"}}, "file:///srv/a", true},
		{Rules{}, "https://10.1.2.3/a", true},
		{Rules{}, "https://127.0.0.1/a", false},
		{Rules{}, "https://127.1.2.3:8443/a", false},
		{Rules{}, "https://[::1]/a", false},
		{Rules{}, "https://[::ffff:127.0.0.1]/a", false},
		{Rules{}, "https://localhost/a", false},
		{Rules{}, "https://x.localhost/a", false},
		{Rules{}, "https://169.254.169.254/latest/meta-data", false},
		{Rules{}, "ssh://git@169.254.169.254/a", false},
		{Rules{}, "https://0.0.0.0/a", false},
		{Rules{Internal: true}, "https://127.0.0.1/a", true},
		{Rules{Hosts: []string{"git.example"}}, "https://git.example/a", true},
		{Rules{Hosts: []string{"GIT.example"}}, "https://git.example:8443/a", true},
		{Rules{Hosts: []string{"git.example"}}, "https://xgit.example/a", false},
		{Rules{Hosts: []string{"git.example"}}, "https://a.git.example/a", false},
		{Rules{Hosts: []string{"*.example.org"}}, "https://git.example.org/a", true},
		{Rules{Hosts: []string{"*.example.org"}}, "https://example.org/a", false},
		{Rules{Hosts: []string{"*.example.org"}}, "https://evil-example.org/a", false},
	}
	for _, test := range tests {
		err := test.rules.check(address(t, test.text).at)
		if (err == nil) != test.ok {
			t.Errorf("%q with %+v: %v", test.text, test.rules, err)
		}
		if err != nil && reasonOf(err) != Refused {
			t.Errorf("%q: %v", test.text, err)
		}
	}
}

func TestInternal(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1": true, "::1": true, "169.254.169.254": true, "fe80::1": true, "0.0.0.0": true, "0.1.2.3": true, "::": true, "224.0.0.1": true, "ff02::1": true, "255.255.255.255": true,
		"::ffff:127.0.0.1": true, "fd00:ec2::254": true, "100.100.100.200": true, "168.63.129.16": true, "64:ff9b::7f00:1": true, "2002:7f00:1::": true, "fe80::1%eth0": true,
		"10.0.0.1": false, "192.168.1.1": false, "140.82.112.3": false, "2001:db8::1": false, "fd00::1": false, "64:ff9b::8c52:7003": false,
	} {
		if got := internal(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// A name that leads to this machine is found out when the connection is made.
func TestNameOfThisMachine(t *testing.T) {
	h := newHost(t)
	o := h.options(t)
	_, err := Rules{}.dialer().DialContext(t.Context(), "tcp", h.server.Listener.Addr().String())
	s := &httpSession{repo: address(t, "https://git.example/a")}
	if err == nil || reasonOf(s.explain(err)) != Refused {
		t.Errorf("%v", err)
	}
	o.Rules.Internal = false
	if r := fetch(t, t.Context(), o, h.url("a"))[0]; reasonOf(r.Err) != Refused {
		t.Error(r.Err)
	}
	if asked := h.asked(); len(asked) > 0 {
		t.Errorf("asked %q", asked)
	}
}

func TestValidate(t *testing.T) {
	if err := (Rules{Hosts: []string{"git.example.org", "*.example.org", "10.0.0.1", "localhost"}}).Validate(); err != nil {
		t.Error(err)
	}
	for _, h := range []string{"", "https://git.example.org", "*", "git.*.org", "git.example.org/a", "*.*.org", "a b"} {
		if (Rules{Hosts: []string{h}}).Validate() == nil {
			t.Errorf("the host %q is taken", h)
		}
	}
}

func TestLocal(t *testing.T) {
	h := newHost(t)
	h.repository("root/team/mono", map[string]string{"services/cart/x": "1"})
	h.git("root/team/mono", today, "branch", "same")
	h.git("root/team/mono", today, "branch", "old")
	h.commit("root/team/mono", today, map[string]string{"services/cart/x": "2"})
	h.git("root/team/mono", today, "branch", "-f", "same")
	h.git("root", today, "clone", "-q", "--bare", "team/mono", "bare.git")
	h.repository("outside", map[string]string{"x": "secret", "in/y": ""})
	root := filepath.Join(h.dir, "root")
	if err := os.Symlink(filepath.Join(h.dir, "outside"), filepath.Join(root, "link")); err != nil {
		t.Skip("no symbolic links here")
	}
	o := h.options(t)
	o.Rules.Roots = []string{filepath.Join(h.dir, "none"), root}
	o.Offline = true // which makes no difference here
	u := "file://" + filepath.ToSlash(root)
	results := fetch(t, t.Context(), o, u+"/team/mono", u+"/team/mono/services/cart", u+"/team/mono//services/cart?ref=old", u+"/team/mono?ref=same", u+"/bare.git",
		u+"/link", u+"/none", "file://"+filepath.ToSlash(h.dir)+"/outside", u+"/team/mono?ref=none", u+"/team")
	for i, want := range []struct{ name, branch, folder, text string }{
		{"local/team/mono", "", "", "2"}, {"local/team/mono", "", "services/cart", "2"}, {"local/team/mono@old", "old", "services/cart", "1"},
		{"local/team/mono", "", "", "2"}, {"local/bare", "", "", "2"},
	} {
		r := results[i]
		if r.Err != nil {
			t.Errorf("%d: %v", i, r.Err)
			continue
		}
		if r.Repository.Name != want.name || r.Repository.Branch != want.branch || r.Repository.Folder != want.folder || read(t, r.Tree, "services/cart/x") != want.text {
			t.Errorf("%d: %+v, want %+v", i, r.Repository, want)
		}
		if r.Tree.Revision().Shallow || !r.Fetched.IsZero() {
			t.Errorf("%d: %+v", i, r)
		}
	}
	for i, want := range []Reason{Refused, NotFound, Refused, NotFound, NotFound} {
		if r := results[5+i]; reasonOf(r.Err) != want {
			t.Errorf("%d: %v, want %q", 5+i, r.Err, want)
		}
	}
	// The repository begins above the folder that is allowed.
	o.Rules.Roots = []string{filepath.Join(h.dir, "outside", "in")}
	if r := fetch(t, t.Context(), o, "file://"+filepath.ToSlash(h.dir)+"/outside/in")[0]; reasonOf(r.Err) != Refused {
		t.Errorf("%+v", r)
	}
}
