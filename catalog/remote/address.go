package remote

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Repository is one repository, or a folder of one, as somebody named it.
type Repository struct {
	// URL is what is fetched: "https://git.example/payments/checkout", "ssh://git@git.example/payments/checkout.git",
	// "git@git.example:payments/checkout.git", "file:///srv/git/checkout". It holds no password.
	URL string
	// Name is host and path, as in "git.example/payments/checkout": a folder to mount the repository at.
	Name   string
	Branch string // a branch or a tag; "" for the one that the repository calls its own (HEAD)
	Folder string // the folder that was named, "" for the whole repository

	// Web addresses write branch and folder in one, and both may hold slashes: where one ends is a guess until the
	// repository has told its branches.
	guess bool
	at    location
}

const maxAddress = 2048

// Address reads the address of a repository as people write it: https, http, ssh and file URLs, the short form of ssh
// (git@host:path), a host and path without a scheme, what a browser shows of a folder of a branch on the known code
// hosts, and all of these with Backstage's "url:" before them. For other addresses of repositories, "//" separates a
// folder from the repository and "?ref=" names a branch, as in Terraform.
//
// Nothing is looked up. What git would read as an option, a command or a helper is refused ([Refused]), and so is a
// password in the address; messages never show one. Whether an address may be fetched from is said by [Rules].
func Address(text string) (Repository, error) {
	shown := redact(text)
	text = strings.TrimSpace(text)
	for _, prefix := range []string{"url:", "git+"} {
		text = strings.TrimPrefix(text, prefix)
	}
	if why := hostile(text); why != "" {
		return Repository{}, refusedf("the address %q %s", shown, why)
	}
	r, why := parse(text)
	if why != "" {
		return Repository{}, refusedf("the address %q %s", shown, why)
	}
	return r, nil
}

// hostile says what is wrong with a text whatever kind of address it is, "" when nothing is.
func hostile(text string) string {
	switch {
	case text == "":
		return "is empty. write one like https://git.example/team/repository"
	case len(text) > maxAddress:
		return "is longer than " + strconv.Itoa(maxAddress) + " bytes"
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable):
		return "holds control characters or blanks. write it without"
	case strings.HasPrefix(text, "-"):
		return "begins with a dash, as an option does. write one like https://git.example/team/repository"
	case strings.Contains(text, `\`):
		return "holds a backslash. write slashes"
	case strings.Contains(strings.SplitN(text, "/", 2)[0], "::"):
		return "names a program to fetch with. write the https or ssh address itself"
	}
	return ""
}

// unprintable holds for characters that would make an address read as another one.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

var schemes = []string{"https", "http", "ssh", "file"}

// parse gives the repository, or what is wrong with the address.
func parse(text string) (r Repository, why string) {
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return parseShort(text)
	}
	scheme = strings.ToLower(scheme)
	if !slices.Contains(schemes, scheme) {
		return r, "has the scheme " + strconv.Quote(shorten(scheme)) + ". write an https, ssh or file address"
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil {
		return r, "is no URL. write one like https://git.example/team/repository"
	}
	if _, has := u.User.Password(); has {
		return r, "holds a password. take it out (and change it): credentials come from the environment or a credential helper"
	}
	r.at.scheme = scheme
	if why := r.at.setHost(u); why != "" {
		return r, why
	}
	return r.settle(u.Path, u.Query())
}

// parseShort reads what has no scheme: the short form of ssh, or host and path.
func parseShort(text string) (r Repository, why string) {
	host, p, colon := strings.Cut(text, ":")
	if !colon || strings.Contains(host, "/") {
		host, _, _ = strings.Cut(text, "/")
		if !strings.Contains(text, "/") || !isDomain(host) {
			return r, "is not complete. write one like https://git.example/team/repository"
		}
		return parse("https://" + text)
	}
	user, host, found := strings.Cut(host, "@")
	if !found {
		user, host = "", user
	}
	if user == "" && !isDomain(host) {
		return r, "has no host that can be told. write one like ssh://git@git.example/team/repository"
	}
	r.at.scheme = "ssh"
	if why := r.at.setSSH(user, strings.ToLower(host)); why != "" {
		return r, why
	}
	p, query, _ := strings.Cut(p, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return r, "has a query that cannot be read. leave it out"
	}
	if p == "" || strings.HasPrefix(p, "//") {
		return r, "names no repository. write one like git@git.example:team/repository"
	}
	return r.settle(p, values)
}

// settle splits what follows the host into repository, branch and folder, and makes up URL and name.
func (r Repository) settle(p string, query url.Values) (_ Repository, why string) {
	split := splitPath(r.at, p, query)
	if why := checkPath(split.repository); why != "" {
		return Repository{}, why
	}
	if why := checkPath(split.folder); split.folder != "" && why != "" {
		return Repository{}, why
	}
	if split.branch != "" && !validRef(split.branch) {
		return Repository{}, "has a branch that git allows no branch to be called"
	}
	if split.problem != "" {
		return Repository{}, split.problem
	}
	r.at.path = strings.TrimLeft(split.repository, "/")
	if r.at.scheme != "ssh" || strings.HasPrefix(p, "/") {
		r.at.path = "/" + r.at.path
	}
	r.Branch, r.Folder, r.guess = split.branch, split.folder, split.guess
	r.URL, r.Name = r.at.url(), r.at.name()
	return r, ""
}

// checkPath refuses paths that lead elsewhere than they seem to, or that a program would take for an option.
func checkPath(p string) (why string) {
	names := strings.Split(strings.Trim(p, "/"), "/")
	if len(names) == 1 && names[0] == "" {
		return "names no repository. write one like https://git.example/team/repository"
	}
	for _, name := range names {
		switch {
		case name == "" || name == "." || name == "..":
			return "has a path with empty names or dots in it. write the path as it is"
		case strings.HasPrefix(name, "-"):
			return "has a name in its path that begins with a dash, as an option does"
		case !utf8.ValidString(name) || strings.ContainsFunc(strings.ReplaceAll(name, " ", ""), unprintable) || strings.ContainsAny(name, "\"'`$\\"):
			return "has a path with characters that no code host has in one"
		case strings.EqualFold(name, ".git"):
			return "leads into git's own folder. name the repository"
		}
	}
	return ""
}

// validRef applies the rules of git-check-ref-format(1) that matter here.
func validRef(name string) bool {
	if name == "" || name == "@" || strings.HasPrefix(name, "-") || strings.HasSuffix(name, "/") || strings.HasSuffix(name, ".") ||
		strings.Contains(name, "..") || strings.Contains(name, "@{") || strings.ContainsAny(name, "~^:?*[\\ ") || strings.ContainsFunc(name, unprintable) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '.' || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	return utf8.ValidString(name)
}

// WithoutCredentials gives the text of an address without a password, without what stands for a user in an address of
// the web, where some write a token, and without a query or fragment that may hold one. Everything else is as it was
// written.
func WithoutCredentials(text string) string {
	if i := strings.IndexAny(text, "?#"); i >= 0 && credential.MatchString(text[i:]) {
		text = text[:i]
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return withoutUser(text)
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@')
	user, password, has := strings.Cut(rest[:end], ":")
	if at < 0 && has && rest[0] != '[' && strings.Trim(password, "0123456789") != "" {
		at = strings.LastIndexByte(rest, '@') // a password that holds a slash
	}
	switch {
	case at < 0:
		return text
	case strings.HasPrefix(strings.ToLower(scheme), "ssh") && len(user) < at:
		return scheme + "://" + user + rest[at:]
	case strings.HasPrefix(strings.ToLower(scheme), "ssh"):
		return text
	}
	return scheme + "://" + rest[at+1:]
}

// credential finds the names under which hosts take a token or a signature in an address.
var credential = regexp.MustCompile(`(?i)(token|secret|passw|pwd|auth|credential|key|sig|jwt)[a-z_-]*=`)

// withoutUser gives an address without a scheme without what stands before its host, but for the user of ssh's short form.
func withoutUser(text string) string {
	head, _, _ := strings.Cut(text, "/")
	user, _, found := strings.Cut(head, ":")
	at := strings.LastIndexByte(head, '@')
	switch {
	case found && strings.Contains(user, "@"):
		return text
	case found && at < 0 && !isDomain(user):
		at = strings.LastIndexByte(text, '@') // a password that holds a slash
	}
	return text[at+1:]
}

// redact makes an address fit to be shown: without anything that can be a credential, and not too long.
func redact(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "?")
	text, _, _ = strings.Cut(text, "#")
	start := strings.Index(text, "://")
	if start >= 0 {
		start += len("://")
	} else {
		start = 0
	}
	// A password may hold a slash or an "@" where none is allowed, so all before the last "@" counts.
	if at := strings.LastIndexByte(text, '@'); at >= start && text[start:at] != "git" {
		text = text[:start] + "…" + text[at:]
	}
	return shorten(text)
}

// shorten keeps what others wrote to a readable length in messages.
func shorten(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
