package remote

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"
)

// sshSession speaks with git-upload-pack on a host of ssh. The agent at SSH_AUTH_SOCK logs in, and the host must be
// listed in a known_hosts file. The user's configuration of ssh is not read: names in it, proxies and keys in files do
// not count.
type sshSession struct {
	repo   Repository
	conn   net.Conn
	client *ssh.Client
	stdin  io.WriteCloser
	stdout io.Reader
	stderr *bufio.Reader
	stop   func() bool // ends the watch over the context
}

// maxStderr bounds what is read of what a host says beside its answer.
const maxStderr = 4 << 10

// openSSH connects, logs in and starts git on the host. When ctx ends, so does the connection.
func openSSH(ctx context.Context, repo Repository, o Options) (*sshSession, error) {
	config, closeAgent, err := sshConfig(ctx, repo, o)
	if err != nil {
		return nil, err
	}
	defer closeAgent()
	port := repo.at.port
	if port == 0 {
		port = defaultPorts["ssh"]
	}
	address := net.JoinHostPort(repo.at.host, strconv.Itoa(port))
	config.HostKeyAlgorithms = keyAlgorithms(config.HostKeyCallback, address)
	conn, err := o.Rules.dialer().DialContext(ctx, "tcp", address)
	if errors.Is(err, errInternal) {
		return nil, refusedInternal(repo.URL)
	}
	if err != nil {
		return nil, err
	}
	s := &sshSession{repo: repo, conn: conn, stop: context.AfterFunc(ctx, func() { conn.Close() })}
	c, channels, requests, err := ssh.NewClientConn(conn, address, config)
	if err != nil {
		return nil, errors.Join(explainSSH(repo, err), s.Close())
	}
	s.client = ssh.NewClient(c, channels, requests)
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// start runs the one command that is needed. The path is quoted for the host's shell as git itself does it.
func (s *sshSession) start() error {
	run, err := s.client.NewSession()
	if err != nil {
		return err
	}
	if s.stdin, err = run.StdinPipe(); err != nil {
		return err
	}
	if s.stdout, err = run.StdoutPipe(); err != nil {
		return err
	}
	stderr, err := run.StderrPipe()
	if err != nil {
		return err
	}
	s.stderr = bufio.NewReaderSize(io.LimitReader(stderr, maxStderr), maxStderr)
	p := s.repo.at.path
	if strings.HasPrefix(p, "/~") {
		p = p[1:] // a user's home folder
	}
	return run.Start(transport.UploadPackServiceName + " " + quoteShell(p))
}

var shellQuotes = strings.NewReplacer(`'`, `'\''`, `!`, `'\!'`)

// quoteShell is sq_quote of git's quote.c.
func quoteShell(p string) string { return "'" + shellQuotes.Replace(p) + "'" }

func (s *sshSession) Close() error {
	s.stop()
	if s.client != nil {
		_ = s.client.Close()
	}
	_ = s.conn.Close() // it is closed with the client, and by the end of the context
	return nil
}

func (s *sshSession) advertised(context.Context) (*packp.AdvRefs, error) {
	refs, err := decodeRefs(s.stdout, s.repo)
	if errors.Is(err, packp.ErrEmptyInput) {
		line, _ := s.stderr.ReadString('\n')
		return nil, said(s.repo, strings.TrimSpace(line))
	}
	return refs, err
}

func (s *sshSession) pack(_ context.Context, req *packp.UploadPackRequest) (io.ReadCloser, error) {
	if err := encodeRequest(s.stdin, req); err != nil {
		return nil, err
	}
	return io.NopCloser(s.stdout), nil
}

// sshConfig says who logs in, and which hosts are known.
func sshConfig(ctx context.Context, repo Repository, o Options) (*ssh.ClientConfig, func(), error) {
	var files []string
	for _, f := range o.knownHosts() {
		if _, err := os.Stat(f); err == nil {
			files = append(files, f)
		}
	}
	known, err := knownhosts.New(files...)
	if err != nil {
		return nil, nil, failf(HostKey, "the file of known hosts cannot be read for %q: %s. see ssh-keygen -l -f FILE", repo.URL, plain(err))
	}
	socket := ""
	if o.Getenv != nil {
		socket = o.Getenv("SSH_AUTH_SOCK")
	}
	if socket == "" {
		return nil, nil, failf(Authentication, "there is no ssh agent to log in with for %q. start one with ssh-agent and add a key with ssh-add, or write the https address", repo.URL)
	}
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, nil, failf(Authentication, "the ssh agent does not answer, and is needed for %q. start one with ssh-agent and add a key with ssh-add", repo.URL)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	return &ssh.ClientConfig{
		User:            repo.at.user,
		Auth:            []ssh.AuthMethod{ssh.PublicKeysCallback(agent.NewClient(conn).Signers)},
		HostKeyCallback: known,
		ClientVersion:   "SSH-2.0-obsready",
	}, func() { stop(); conn.Close() }, nil
}

// knownHosts gives the files that list the hosts whose keys are known, as OpenSSH has them.
func (o Options) knownHosts() []string {
	if o.KnownHosts != nil || o.Getenv == nil {
		return o.KnownHosts
	}
	files := []string{"/etc/ssh/ssh_known_hosts"}
	if home := o.Getenv("HOME"); home != "" {
		files = append(files, filepath.Join(home, ".ssh", "known_hosts"))
	}
	return files
}

// keyAlgorithms gives the kinds of key that a host is known by, so that it shows one of those; nil for an unknown host.
func keyAlgorithms(known ssh.HostKeyCallback, address string) []string {
	var wanted *knownhosts.KeyError
	// No host has this key, so the answer lists those that it should have.
	if !errors.As(known(address, &net.TCPAddr{}, noKey{}), &wanted) {
		return nil
	}
	var algorithms []string
	for _, k := range wanted.Want {
		names := []string{k.Key.Type()}
		if names[0] == ssh.KeyAlgoRSA {
			names = []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
		}
		for _, n := range names {
			if !slices.Contains(algorithms, n) {
				algorithms = append(algorithms, n)
			}
		}
	}
	return algorithms
}

// noKey is the key of no host.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return nil }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }

// explainSSH makes a failure of what went wrong while logging in.
func explainSSH(repo Repository, err error) error {
	var key *knownhosts.KeyError
	var revoked *knownhosts.RevokedError
	switch {
	case errors.As(err, &key) && len(key.Want) == 0, errors.As(err, &revoked):
		return failf(HostKey, "the host of %q is not among the known hosts, or its key was revoked. compare its key with what its owner publishes and add it to known_hosts", repo.URL)
	case errors.As(err, &key):
		return failf(HostKey, "the host of %q shows another key than the one in known_hosts. somebody may be in between: compare its key with what its owner publishes", repo.URL)
	case strings.Contains(err.Error(), "unable to authenticate"):
		return failf(Authentication, "the host of %q takes none of the agent's keys. see ssh-add -l, and add a key that may read the repository", repo.URL)
	}
	return err
}
