package tree

import (
	"net/url"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/config"

	"obsready/catalog"
)

// webOf gives the web address of the repository that this one was cloned from: of the remote "origin", or of the only
// remote. "" when there is none or none that can be told.
func webOf(c *config.Config) string {
	remotes := c.Section("remote")
	for _, r := range remotes.Subsections {
		if r.Name == "origin" || len(remotes.Subsections) == 1 {
			return WebAddress(r.Option("url"))
		}
	}
	return ""
}

// WebAddress turns the URL of a git remote into the address of the repository's page: without credentials, and without
// the port of ssh. It is "" for local paths and for hosts that look like aliases of somebody's ssh configuration, since
// a link that leads nowhere is worse than none.
func WebAddress(remote string) string {
	scheme, rest, found := strings.Cut(remote, "://")
	if !found {
		// The short form of ssh: [user@]host:path, told from a local path by a colon before the first slash.
		host, p, found := strings.Cut(remote, ":")
		if !found || strings.ContainsAny(host, `/\[`) {
			return ""
		}
		scheme, rest = "ssh", host+"/"+strings.TrimLeft(p, "/")
	}
	u, err := url.Parse("//" + rest)
	if err != nil || u.Hostname() == "" || strings.Contains(rest, "://") { // a second address may hold credentials too
		return ""
	}
	web := url.URL{Scheme: "https", Host: strings.ToLower(u.Host), Path: pagePath(u.Path)}
	switch strings.ToLower(scheme) {
	case "https":
	case "http":
		web.Scheme = "http"
	case "ssh", "git+ssh", "ssh+git", "git":
		web.Host = strings.ToLower(u.Hostname())
		if !isDomain(web.Host) {
			return ""
		}
		web = azure(web)
	default:
		return ""
	}
	if web.Path == "/" || strings.ContainsFunc(web.Host+web.Path, unprintable) {
		return ""
	}
	if _, err := url.Parse(web.String()); err != nil {
		return ""
	}
	return web.String()
}

// pagePath strips what only git needs from a remote's path.
func pagePath(p string) string {
	p = strings.TrimRight(p, "/")
	p = strings.TrimSuffix(p, ".git")
	return "/" + strings.TrimLeft(p, "/")
}

// isDomain tells a domain name from an alias: at least two labels, and a last one of letters.
func isDomain(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	top := host[dot+1:]
	return dot > 0 && (strings.HasPrefix(top, "xn--") || top != "" && strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") == "")
}

// azure maps the ssh form of Azure DevOps, ssh.dev.azure.com/v3/organisation/project/repository.
func azure(u url.URL) url.URL {
	parts := strings.Split(u.Path, "/")
	if u.Host == "ssh.dev.azure.com" && len(parts) == 5 && parts[1] == "v3" {
		u.Host, u.Path = "dev.azure.com", "/"+parts[2]+"/"+parts[3]+"/_git/"+parts[4]
	}
	return u
}

// hosts are the code hosts whose links to a line are known, told by a word in the host's name.
var hosts = []struct{ word, form string }{
	{"gitlab", "/-/blob/{commit}/{path}#L{line}"},
	{"github", "/blob/{commit}/{path}#L{line}"},
	{"bitbucket.org", "/src/{commit}/{path}#lines-{line}"},
	{"codeberg", "/src/commit/{commit}/{path}#L{line}"},
	{"gitea", "/src/commit/{commit}/{path}#L{line}"},
	{"forgejo", "/src/commit/{commit}/{path}#L{line}"},
	{"git.sr.ht", "/tree/{commit}/item/{path}#L{line}"},
	{"googlesource.com", "/+/{commit}/{path}#{line}"},
}

// PermalinkFor gives the form of links into the repository with the given web address, by the kind of its host; "" when
// the kind cannot be told from the host's name.
func PermalinkFor(web string) catalog.Permalink {
	u, err := url.Parse(web)
	if err != nil || u.Host == "" {
		return ""
	}
	for _, h := range hosts {
		if strings.Contains(u.Hostname(), h.word) {
			return catalog.Permalink(strings.TrimRight(web, "/") + h.form)
		}
	}
	return ""
}
