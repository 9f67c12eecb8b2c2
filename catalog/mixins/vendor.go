package mixins

import (
	"path"
	"strings"

	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
)

// libraries gives where the imports of a folder's programs are looked up: in vendor/ of the folder and of each one above
// it, as jsonnet-bundler fills them, and under the short names that it makes links for. In a folder with a jsonnetfile.json
// lib/ goes before, as Tanka has it.
// https://github.com/jsonnet-bundler/jsonnet-bundler, https://tanka.dev/libraries/import-paths
func libraries(files jsonnet.Files, dir string) (vendor []string, alias map[string]string) {
	alias = map[string]string{}
	for {
		if _, ok, err := files.Read(path.Join(dir, bundlerFile)); ok && err == nil {
			vendor = append(vendor, path.Join(dir, "lib"))
		}
		vendor = append(vendor, path.Join(dir, "vendor"))
		for _, name := range []string{bundlerFile, lockFile} {
			readNames(files, path.Join(dir, name), "..", alias)
		}
		if dir == "." || dir == "" {
			break
		}
		dir = path.Dir(dir)
	}
	for _, p := range files.Paths() {
		if !strings.HasSuffix(p, "/"+bundlerFile) {
			continue
		}
		for _, v := range vendor {
			if rest, below := strings.CutPrefix(p, v+"/"); below {
				readNames(files, p, path.Dir(rest), alias)
			}
		}
	}
	return vendor, alias
}

// readNames adds the short names of the libraries that a jsonnetfile lists, with their folders below vendor/. own is its
// own folder, as seen from there. Names that are known stay.
func readNames(files jsonnet.Files, file, own string, alias map[string]string) {
	data, ok, err := files.Read(file)
	if err != nil || !ok {
		return
	}
	docs, _ := document.ParseJSON(file, data)
	for _, doc := range docs {
		for _, d := range doc.Root.Get("dependencies").List() {
			folder := libraryFolder(d.Get("source"), own)
			name := d.Get("name").Str()
			if name == "" {
				name = path.Base(folder)
			}
			if _, known := alias[name]; !known && folder != "" && name != folder {
				alias[name] = folder
			}
		}
	}
}

// libraryFolder gives the folder of a library below vendor/; "" when its source tells none. A library of the same
// repository is a link to where it stands.
func libraryFolder(source *document.Node, own string) string {
	if local := source.Get("local", "directory").Str(); local != "" {
		return path.Join(own, local)
	}
	remote := source.Get("git", "remote").Str()
	if remote == "" {
		return ""
	}
	if _, rest, isURL := strings.Cut(remote, "://"); isURL {
		remote = rest
	} else {
		remote = strings.Replace(remote, ":", "/", 1) // git@host:org/repo
	}
	if _, rest, hasUser := strings.Cut(remote, "@"); hasUser {
		remote = rest
	}
	return path.Join(strings.TrimSuffix(remote, ".git"), source.Get("git", "subdir").Str())
}
