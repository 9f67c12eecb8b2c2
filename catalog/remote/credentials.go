package remote

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// login is a name and a password or token for one host. It is never printed.
type login struct{ user, secret string }

// defaultUser goes with a token that was given without a user. The code hosts either ignore it or expect this one.
const defaultUser = "oauth2"

// TokenVariable gives the name of the environment variable that holds the token for a host, so that no token is ever
// sent to another host than the one it was made for: OBSREADY_GIT_TOKEN_ and the host in capitals, with "_" for a dot
// and "__" for a dash, and the port after it when it is not 443: "OBSREADY_GIT_TOKEN_GIT_EXAMPLE_ORG". Its value is a
// token, or user:token where a host wants a user of its own.
//
// It is "" for addresses other than https, and for hosts that are addresses of IPv6.
func TokenVariable(r Repository) string {
	if r.at.scheme != "https" || strings.Contains(r.at.host, ":") {
		return ""
	}
	name := strings.NewReplacer("-", "__", ".", "_", ":", "_").Replace(r.at.hostPort())
	return "OBSREADY_GIT_TOKEN_" + strings.ToUpper(name)
}

// environment gives the login for a host that the environment holds, nil when it holds none.
func environment(r Repository, getenv func(string) string) *login {
	name := TokenVariable(r)
	if name == "" || getenv == nil {
		return nil
	}
	value := strings.TrimSpace(getenv(name))
	if value == "" {
		return nil
	}
	user, secret, found := strings.Cut(value, ":")
	if !found {
		user, secret = defaultUser, value
	}
	return &login{user: user, secret: secret}
}

const (
	helperTimeout = 20 * time.Second
	helperBytes   = 64 << 10
)

// helper asks the credential helper that git is configured with; nil when there is no git, no helper, or no answer.
// Nothing of the address is an argument of the command, and git asks nobody at the terminal. Only git's own files and
// the helper see the answer. Dir is the folder that git runs in.
func helper(ctx context.Context, at location, dir string) *login {
	git, err := exec.LookPath("git")
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return nil
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, helperTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, git, "credential", "fill")
	cmd.WaitDelay = 100 * time.Millisecond // a helper may outlive git, and hold its output open
	cmd.Dir = dir                          // not the catalog, whose configuration may name a helper of its own
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GCM_INTERACTIVE=never", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	// The address holds no line breaks: Address refuses them.
	cmd.Stdin = strings.NewReader("protocol=https\nhost=" + at.hostPort() + "\npath=" + strings.TrimPrefix(at.path, "/") + "\n\n")
	var out limitedBuffer
	cmd.Stdout = &out
	if cmd.Run() != nil {
		return nil
	}
	return parseLogin(out.Bytes(), at)
}

// parseLogin reads what git credential fill answers, as git-credential(1) describes it.
func parseLogin(answer []byte, at location) *login {
	var l login
	for lines := bufio.NewScanner(bytes.NewReader(answer)); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), "=")
		switch key {
		case "protocol":
			if value != "https" {
				return nil
			}
		case "host":
			if value != at.hostPort() {
				return nil
			}
		case "username":
			l.user = value
		case "password":
			l.secret = value
		}
	}
	if l.secret == "" {
		return nil
	}
	return &l
}

// limitedBuffer keeps the beginning of an output.
type limitedBuffer struct{ bytes.Buffer }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := helperBytes - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
