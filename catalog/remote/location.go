package remote

import (
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// location is the parts of a URL.
type location struct {
	scheme string // "https", "http", "ssh" or "file"
	user   string // of ssh
	host   string // lower case, without brackets
	port   int    // 0 for the scheme's own
	path   string // not escaped; for ssh it may be relative to the user's home folder
}

func (l *location) setHost(u *url.URL) (why string) {
	host := strings.ToLower(u.Hostname())
	if l.scheme == "file" {
		if u.User != nil || host != "" && host != "localhost" {
			return "has a host, and files are on this machine. write it as file:///folder"
		}
		return ""
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return "has no valid port"
		}
		l.port = n
	}
	if l.port == defaultPorts[l.scheme] {
		l.port = 0
	}
	if l.scheme != "ssh" {
		l.host = host // a user without password says nothing here, and some write a token there: it is dropped
		return checkHost(host)
	}
	return l.setSSH(u.User.Username(), host)
}

var defaultPorts = map[string]int{"https": 443, "http": 80, "ssh": 22}

var userName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$`)

func (l *location) setSSH(user, host string) (why string) {
	if user == "" {
		user = "git"
	}
	if !userName.MatchString(user) {
		return "has a user that is no plain name. write git@ as most hosts want it"
	}
	l.user, l.host = user, host
	return checkHost(host)
}

var hostLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checkHost accepts names and addresses. Other alphabets are to be written as DNS has them (xn--…), since letters that
// look alike lead to other hosts.
func checkHost(host string) (why string) {
	if _, err := netip.ParseAddr(host); err == nil && !strings.Contains(host, "%") {
		return ""
	}
	if host == "" {
		return "has no host. write one like https://git.example/team/repository"
	}
	if len(host) > 253 {
		return "has a host that is no name of the DNS"
	}
	for label := range strings.SplitSeq(host, ".") {
		if !hostLabel.MatchString(label) {
			return "has a host that is no name of the DNS. names in other alphabets are written as xn--…"
		}
	}
	return ""
}

// isDomain tells a domain name from a local name: two labels at least, the last one of letters.
func isDomain(host string) bool {
	host = strings.ToLower(host)
	dot := strings.LastIndexByte(host, '.')
	top := host[dot+1:]
	return dot > 0 && checkHost(host) == "" && (strings.HasPrefix(top, "xn--") || strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") == "")
}

// hostPort gives the host with its port when that is not the scheme's own, as in "git.example:8443".
func (l location) hostPort() string {
	host := l.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if l.port == 0 {
		return host
	}
	return host + ":" + strconv.Itoa(l.port)
}

func (l location) url() string {
	if l.scheme == "ssh" && !strings.HasPrefix(l.path, "/") && l.port == 0 {
		return l.user + "@" + l.hostPort() + ":" + l.path
	}
	u := url.URL{Scheme: l.scheme, Host: l.hostPort(), Path: "/" + strings.TrimPrefix(l.path, "/")}
	if l.scheme == "ssh" {
		u.User = url.User(l.user)
	}
	return u.String()
}

// name gives host and path as a folder whose every part can be a file name anywhere.
func (l location) name() string {
	host := strings.ReplaceAll(l.host, ":", "_")
	if l.scheme == "file" {
		host = "local"
	}
	return path.Join(host, safeFolder(strings.TrimSuffix(strings.Trim(l.path, "/"), ".git")))
}

// safeFolder replaces what a file name should not hold.
func safeFolder(folder string) string {
	names := strings.Split(folder, "/")
	for i, name := range names {
		name = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-~@+", r) {
				return r
			}
			return '_'
		}, name)
		if trimmed := strings.TrimRight(name, "."); trimmed == "" || strings.EqualFold(trimmed, ".git") || strings.EqualFold(trimmed, "git~1") {
			name = "_" + trimmed
		}
		names[i] = name
	}
	return strings.Join(names, "/")
}
