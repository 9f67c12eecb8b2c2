package remote

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"
)

// sshHost runs git-upload-pack for whoever has the right key, on loopback.
type sshHost struct {
	git     *gitHost
	address string
	key     ssh.Signer
	config  *ssh.ServerConfig
}

func newKey(t testing.TB) (ed25519.PrivateKey, ssh.Signer) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, signer
}

func newSSHHost(t testing.TB, allowed ssh.PublicKey) *sshHost {
	t.Helper()
	s := &sshHost{git: newHost(t)}
	_, s.key = newKey(t)
	s.config = &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(allowed.Marshal()) {
			return nil, errors.New("another key")
		}
		return nil, nil
	}}
	s.config.AddHostKey(s.key)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s.address = l.Addr().String()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

func (s *sshHost) serve(conn net.Conn) {
	defer conn.Close()
	_, channels, requests, err := ssh.NewServerConn(conn, s.config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			if r.Type != "exec" {
				_ = r.Reply(false, nil)
				continue
			}
			_ = r.Reply(true, nil)
			s.run(channel, string(r.Payload[4:]))
			channel.Close()
		}
	}
}

// run runs a command as a login shell would.
func (s *sshHost) run(channel ssh.Channel, command string) {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = s.git.dir, s.git.env
	cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
	if stdin, err := cmd.StdinPipe(); err == nil { // git may end without having read all that comes
		go func() {
			_, _ = io.Copy(stdin, channel)
			stdin.Close()
		}()
	}
	status := byte(0)
	if cmd.Run() != nil {
		status = 1
	}
	_, _ = channel.SendRequest("exit-status", false, []byte{0, 0, 0, status})
}

// options serves the key by an agent of the test's own, and knows the host by the given key.
func (s *sshHost) options(t testing.TB, private ed25519.PrivateKey, known ssh.PublicKey) Options {
	t.Helper()
	keys := agent.NewKeyring()
	if err := keys.Add(agent.AddedKey{PrivateKey: private}); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "agent") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip("no sockets here")
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_ = agent.ServeAgent(keys, conn)
			}()
		}
	}()
	file := filepath.Join(t.TempDir(), "known_hosts")
	line := ""
	if known != nil {
		line = knownhosts.Line([]string{s.address}, known) + "\n"
	}
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	o := s.git.options(t)
	o.KnownHosts = []string{file, filepath.Join(dir, "none")}
	o.Getenv = func(name string) string { return map[string]string{"SSH_AUTH_SOCK": socket}[name] }
	return o
}

func (s *sshHost) url(rest string) string {
	return "ssh://git@" + s.address + s.git.dir + "/" + rest
}

func TestSSH(t *testing.T) {
	private, signer := newKey(t)
	s := newSSHHost(t, signer.PublicKey())
	s.git.repository("it!s a/b", map[string]string{"x": "1"})
	s.git.git("it!s a/b", today, "branch", "other")
	s.git.commit("it!s a/b", today, map[string]string{"x": "2"})
	o := s.options(t, private, s.key.PublicKey())
	u := s.url("it!s%20a/b")
	results := fetch(t, t.Context(), o, u, u+"?ref=other", s.url("none"), s.url("a?ref=x"))
	if r := results[0]; r.Err != nil || read(t, r.Tree, "x") != "2" {
		t.Errorf("%+v", r)
	}
	if r := results[1]; r.Err != nil || read(t, r.Tree, "x") != "1" {
		t.Errorf("the second branch: %+v", r)
	}
	for _, r := range results[2:] {
		if reasonOf(r.Err) != NotFound {
			t.Error(r.Err)
		}
	}
	checkCache(t, o.CacheDir)
}

func TestSSHRefuses(t *testing.T) {
	private, signer := newKey(t)
	wrong, other := newKey(t)
	s := newSSHHost(t, signer.PublicKey())
	s.git.repository("a", map[string]string{"x": "1"})
	for name, test := range map[string]struct {
		options Options
		reason  Reason
		says    string
	}{
		"an unknown host":       {s.options(t, private, nil), HostKey, "not among the known hosts"},
		"another key of it":     {s.options(t, private, other.PublicKey()), HostKey, "another key"},
		"a key it does not let": {s.options(t, wrong, s.key.PublicKey()), Authentication, "ssh-add"},
	} {
		t.Run(name, func(t *testing.T) {
			if r := fetch(t, t.Context(), test.options, s.url("a"))[0]; reasonOf(r.Err) != test.reason || !strings.Contains(r.Err.Error(), test.says) {
				t.Errorf("%q: %v", reasonOf(r.Err), r.Err)
			}
		})
	}
	o := s.options(t, private, s.key.PublicKey())
	o.Rules.Internal = false
	if r := fetch(t, t.Context(), o, s.url("a"))[0]; reasonOf(r.Err) != Refused {
		t.Error(r.Err)
	}
	o.Rules.Internal = true
	o.Getenv = func(string) string { return "" }
	if r := fetch(t, t.Context(), o, s.url("a"))[0]; reasonOf(r.Err) != Authentication {
		t.Error(r.Err)
	}
	o.Getenv = func(string) string { return "/nonexistent/socket" }
	if r := fetch(t, t.Context(), o, s.url("a"))[0]; reasonOf(r.Err) != Authentication {
		t.Error(r.Err)
	}
}

// A host that takes the connection and says nothing costs the time that a repository has.
func TestHangingSSH(t *testing.T) {
	private, signer := newKey(t)
	s := newSSHHost(t, signer.PublicKey())
	o := s.options(t, private, s.key.PublicKey())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go io.Copy(io.Discard, conn)
		}
	}()
	o.Timeout = 100 * time.Millisecond
	if r := fetch(t, context.Background(), o, "ssh://git@"+l.Addr().String()+"/a")[0]; reasonOf(r.Err) != TimedOut {
		t.Error(r.Err)
	}
}

func TestQuoteShell(t *testing.T) {
	for path, want := range map[string]string{"/a b": "'/a b'", "/a'b": `'/a'\''b'`, "/a!b": `'/a'\!'b'`, "/$(id)`id`": "'/$(id)`id`'"} {
		if got := quoteShell(path); got != want {
			t.Errorf("%q is quoted as %s, want %s", path, got, want)
		}
	}
}
