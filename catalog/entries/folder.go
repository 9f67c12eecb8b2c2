package entries

import (
	"fmt"
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/tomldoc"
)

// folder gives the folder that an entry states, as a path from the root; "" for none. One outside the repository is a
// problem.
func (r *nativeReader) folder(stated catalog.Text, prefix string) string {
	folder, ok := insideRoot(stated.Value)
	if !ok {
		r.problems = append(r.problems, tomldoc.Problem{Path: prefix + "folder", Gap: catalog.Gap{At: stated.At, Cause: catalog.BadValue,
			Detail: fmt.Sprintf("the folder %q is outside the repository. write its path from the root, as in \"services/checkout\"", stated.Value)}})
	}
	return folder
}

// insideRoot gives a path without what does not change it; "" for the root. ok is false when it leads out of it.
func insideRoot(p string) (clean string, ok bool) {
	clean = strings.TrimPrefix(path.Clean("/"+p), "/")
	if up := path.Clean(strings.TrimLeft(p, "/")); up == ".." || strings.HasPrefix(up, "../") {
		return "", false
	}
	return clean, true
}

// rootGlobs makes the globs of an entry that states its folder relative to the root: the place of the entry does not
// tell what they are relative to.
func (n nativeService) rootGlobs(globs map[catalog.Kind][]catalog.Text) {
	folder, ok := insideRoot(n.Folder.Value)
	if n.Folder.Value == "" || !ok {
		return
	}
	rootGlobs(globs, folder)
}

// rootGlobs makes globs relative to the root that are relative to a folder.
func rootGlobs(globs map[catalog.Kind][]catalog.Text, folder string) {
	for _, texts := range globs {
		for i, t := range texts {
			if !strings.HasPrefix(t.Value, "/") {
				texts[i].Value = path.Join("/", folder, t.Value)
			}
		}
	}
}
