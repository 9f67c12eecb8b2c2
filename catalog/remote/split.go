package remote

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// pathSplit is what follows the host in an address.
type pathSplit struct {
	repository string
	branch     string
	folder     string
	guess      bool
	problem    string // what is wrong with the address, "" when nothing is
}

// splitPath splits what follows the host. Only the web has addresses of branches and folders; for the other schemes, and
// where a web address has none of the known forms, the whole path is the repository's.
func splitPath(at location, p string, query url.Values) pathSplit {
	s := pathSplit{repository: strings.TrimRight(p, "/"), branch: query.Get("ref")}
	if repository, folder, found := strings.Cut(strings.TrimLeft(p, "/"), "//"); found {
		s = splitPath(at, leading(p)+repository, query)
		s.folder = path.Join(s.folder, strings.Trim(folder, "/"))
		return s
	}
	web := at.scheme == "https" || at.scheme == "http"
	if !web && at.scheme != "ssh" {
		return s
	}
	names := strings.Split(strings.Trim(p, "/"), "/")
	if i := slices.IndexFunc(names, func(n string) bool { return len(n) > len(".git") && strings.HasSuffix(n, ".git") }); i >= 0 && i < len(names)-1 && names[i+1] != "-" {
		// A bare repository has no path below it but the one that a person added.
		s.repository = leading(p) + strings.Join(names[:i+1], "/")
		s.folder = strings.Join(names[i+1:], "/")
		return s
	}
	if !web {
		return s
	}
	if found, ok := splitWeb(at.host, names, query); ok {
		return found
	}
	if at.host == "github.com" && len(names) != 2 {
		s.problem = "is a page of github.com that is no repository. write one like https://github.com/owner/repository"
	}
	return s
}

func leading(p string) string {
	if strings.HasPrefix(p, "/") {
		return "/"
	}
	return ""
}

// splitWeb reads what a browser shows of a folder or file of a branch.
func splitWeb(host string, names []string, query url.Values) (pathSplit, bool) {
	if i := slices.Index(names, "_git"); i >= 0 && i+1 < len(names) { // Azure DevOps
		version := query.Get("version")
		if len(version) > 2 && strings.HasPrefix(version, "G") {
			version = version[2:] // GB for a branch, GT for a tag, GC for a commit
		}
		folder := strings.Trim(query.Get("path"), "/")
		return pathSplit{repository: "/" + strings.Join(names[:i+2], "/"), branch: version, folder: folder}, true
	}
	if s, ok := splitBitbucketServer(names, query); ok {
		return s, true
	}
	i, width := marker(host, names)
	if i < 1 || len(names) <= i+width {
		return pathSplit{}, false
	}
	rest := names[i+width:]
	if len(rest) > 3 && rest[0] == "refs" && (rest[1] == "heads" || rest[1] == "tags") {
		rest = rest[2:]
	}
	if host == "git.sr.ht" && len(rest) > 1 && rest[1] == "item" {
		rest = slices.Delete(slices.Clone(rest), 1, 2)
	}
	return pathSplit{repository: "/" + strings.Join(names[:i], "/"), branch: rest[0], folder: path.Join(rest[1:]...), guess: true}, true
}

// views are the words by which code hosts show a folder, a file or its history.
var views = []string{"tree", "blob", "raw", "edit", "blame", "commits", "commit"}

// marker finds the names between the repository and the branch: where they begin, and how many they are.
func marker(host string, names []string) (at, width int) {
	for i := 1; i < len(names); i++ {
		next := ""
		if i+1 < len(names) {
			next = names[i+1]
		}
		switch name := names[i]; {
		case name == "-" && slices.Contains(views, next): // GitLab
			return i, 2
		case name == "+" && strings.HasSuffix(host, "googlesource.com"):
			return i, 1
		case i >= 2 && name == "src" && host == "bitbucket.org":
			return i, 1
		case i >= 2 && name == "src" && slices.Contains([]string{"branch", "commit", "tag"}, next): // Gitea, Forgejo
			return i, 2
		case i >= 2 && slices.Contains(views, name): // GitHub, SourceHut, GitLab of old
			return i, 1
		}
	}
	return 0, 0
}

// splitBitbucketServer reads /projects/KEY/repos/NAME/browse/folder?at=branch, which is cloned from /scm/KEY/NAME.git.
func splitBitbucketServer(names []string, query url.Values) (pathSplit, bool) {
	i := slices.Index(names, "repos")
	if i < 2 || i+1 >= len(names) || names[i-2] != "projects" && names[i-2] != "users" {
		return pathSplit{}, false
	}
	owner := strings.ToLower(names[i-1])
	if names[i-2] == "users" {
		owner = "~" + owner
	}
	s := pathSplit{repository: "/" + path.Join(path.Join(names[:i-2]...), "scm", owner, strings.ToLower(names[i+1])+".git")}
	s.branch = strings.TrimPrefix(strings.TrimPrefix(query.Get("at"), "refs/heads/"), "refs/tags/")
	if i+3 < len(names) && (names[i+2] == "browse" || names[i+2] == "raw") {
		s.folder = strings.Join(names[i+3:], "/")
	}
	return s, true
}
