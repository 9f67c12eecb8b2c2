package load

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/tree"
)

// hostFolders are folders that hold the settings of the repository around them.
var hostFolders = []string{".github", "workflows", "rulesets", ".circleci", ".husky", ".tekton", ".gitlab", ".azure", ".well-known", ".config", "docs"}

// repositoryFolder gives the folder of the tree that a file of settings is for; "" is the catalog's repository.
func (l *loader) repositoryFolder(file string) string {
	return path.Join(l.rootOf(file), repositoryFolder(l.inner(file)))
}

// repositoryFolder gives the folder of the repository that a file of settings is for: ".github/workflows/ci.yaml" is for
// the folder that .github stands in, "" being the whole repository.
func repositoryFolder(file string) string {
	dir := path.Dir(file)
	for slices.Contains(hostFolders, path.Base(dir)) {
		dir = path.Dir(dir)
	}
	if dir == "." {
		return ""
	}
	return dir
}

// within reports whether a file or folder is, or stands below, a folder; everything stands below "".
func within(file, folder string) bool {
	return folder == "" || file == folder || strings.HasPrefix(file, folder+"/")
}

// asideFolders hold files that look like code of the service and are none.
var asideFolders = []string{"testdata", "fixtures", "__fixtures__", "fixture", "examples", "example", "samples", "sample", "templates", "skeleton", "third_party", "test-fixtures"}

func aside(file string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(part string) bool { return slices.Contains(asideFolders, part) })
}

// mayStart reports whether a pipeline is of code that is not aside. Azure and GitLab take parts of pipelines from folders
// for templates, and below a folder of the host's ("/.gitlab/ci/templates") every name is one of its own.
func mayStart(file string) bool {
	host, _, _ := strings.Cut("/"+file, "/.")
	return !slices.ContainsFunc(strings.Split(path.Dir(host+"/x"), "/"), func(part string) bool {
		return part != "templates" && slices.Contains(asideFolders, part)
	}) && (!strings.Contains(file, "/.github/") || !aside(host+"/x"))
}

// tellsCode reports whether a manifest shows that its folder holds code. A chart or a Terraform module beside the
// entry of a service may deploy code that is elsewhere.
func tellsCode(m *catalog.Manifest) bool {
	return !slices.Contains([]string{"helm", "terraform", "jsonnet", "nix"}, m.Ecosystem)
}

// resolveSources finds out where the code of services is. In the catalog's repository have theirs those whose folder holds a workflow, a
// Dockerfile or the manifest of a programming language, those whose entry names such files, and those whose stated
// repository is the catalog's own. A stated folder of it that this run does not have is elsewhere. What is read of another
// repository that an entry states comes first: the entry says so.
func (l *loader) resolveSources() {
	code := l.codeFolders()
	for _, s := range l.estate.Services {
		s.Source = l.sourceOf(s, code)
		if folder := s.Source.Folder; folder != "" && !slices.Contains(l.index.byFolder[folder], s) {
			add(l.index.byCode, folder, s)
		}
	}
}

func (l *loader) sourceOf(s *catalog.Service, code map[string]catalog.Place) catalog.Source {
	own := s.Folder != "" || s == l.index.whole
	inside, same := l.inRepository(s.Repository.Value)
	at, found := code[s.Folder]
	named := l.namedSource(s)
	switch {
	case l.sources[s] != "":
		return catalog.Source{State: catalog.SourceHere, Folder: l.sources[s], At: s.Repository.At}
	case own && found:
		return catalog.Source{State: catalog.SourceHere, Folder: s.Folder, At: at}
	case !named.IsZero():
		return catalog.Source{State: catalog.SourceHere, Folder: s.Folder, At: named}
	case same && (inside == "" || l.estate.HasFile(inside)):
		return catalog.Source{State: catalog.SourceHere, Folder: inside, At: s.Repository.At}
	case slices.ContainsFunc(l.unreadRepositories, func(u unreadRepository) bool { return u.service == s }):
		return catalog.Source{State: catalog.SourceUnread, At: s.Repository.At}
	case s.Repository.Value != "":
		return catalog.Source{State: catalog.SourceElsewhere, At: s.Repository.At}
	}
	return catalog.Source{}
}

// codeFolders gives the folders that have code in or below them, with the first sign of it.
func (l *loader) codeFolders() map[string]catalog.Place {
	code := map[string]catalog.Place{}
	mark := func(at catalog.Place, dir string) {
		root := l.rootOf(at.File)
		for {
			if _, known := code[dir]; known {
				return
			}
			if code[dir] = at; dir == root {
				return
			}
			dir = folderOf(dir)
		}
	}
	for _, w := range l.estate.Workflows {
		mark(w.At, l.repositoryFolder(w.At.File))
	}
	for _, i := range l.estate.ImageBuilds {
		mark(i.At, folderOf(i.At.File))
	}
	for _, m := range l.estate.Manifests {
		if tellsCode(m) {
			mark(m.At, folderOf(m.At.File))
		}
	}
	return code
}

// namedSource gives the place where a service's entry names its workflows, manifests or images.
func (l *loader) namedSource(s *catalog.Service) catalog.Place {
	for _, kind := range []catalog.Kind{catalog.Workflows, catalog.Manifests, catalog.ImageBuilds} {
		for _, g := range s.Wanted.Globs[kind] {
			if len(l.match(rooted(s, g.Value))) > 0 {
				return g.At
			}
		}
	}
	return catalog.Place{}
}

// inRepository reports whether an address, in whatever form git or a browser takes it, is that of the repository that is
// read, and which folder of it is meant.
func (l *loader) inRepository(address string) (folder string, same bool) {
	web := bareAddress(l.estate.Revision.Web)
	address = bareAddress(address)
	if web == "" || len(address) < len(web) || !strings.EqualFold(address[:len(web)], web) {
		return "", false // code hosts do not tell names apart by case
	}
	rest := address[len(web):]
	for _, marker := range []string{"/tree/", "/blob/", "/-/tree/", "/-/blob/", "/src/branch/", "/src/"} {
		if below, ok := strings.CutPrefix(rest, marker); ok {
			_, folder, _ = strings.Cut(below, "/")
			if plain, err := url.PathUnescape(folder); err == nil {
				folder = plain
			}
			folder = strings.Trim(path.Clean("/"+folder), "/")
			if _, file := l.paths[folder]; file {
				folder = folderOf(folder)
			}
			return folder, true
		}
	}
	return "", rest == ""
}

// bareAddress gives what tells an address of a repository from others: host and path.
func bareAddress(address string) string {
	address = strings.TrimSpace(address)
	if web := tree.WebAddress(address); web != "" {
		address = web
	}
	address = strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	return strings.TrimSuffix(strings.TrimRight(strings.TrimPrefix(address, "www."), "/"), ".git")
}

// folderOf gives the folder of a file, "" at the root.
func folderOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// below gives the files below a folder; those of the catalog's repository are below "".
func (l *loader) below(folder string) []string {
	if folder == "" && len(l.mounts) > 0 {
		return slices.DeleteFunc(slices.Clone(l.sorted), func(p string) bool { return l.mountOf(p) != nil })
	}
	if folder == "" {
		return l.sorted
	}
	from, _ := slices.BinarySearch(l.sorted, folder+"/")
	to := from
	for to < len(l.sorted) && strings.HasPrefix(l.sorted[to], folder+"/") {
		to++
	}
	return l.sorted[from:to]
}
