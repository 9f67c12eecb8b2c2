package tree

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
)

// Mount says where the files of another repository are to be found in a union.
type Mount struct {
	Folder string // as in "git.example/payments/checkout"
	Tree   *Tree
}

// part is one repository of a union. The first one is the catalog's own, at the folder "".
type part struct {
	folder string
	tree   *Tree
}

// Union gives a tree that has the files of base, and those of each mount below the mount's folder. It answers as one
// tree does: every path is the path in the union, and each repository keeps its own history, links and limits. A link
// never leads from one repository into another.
//
// A folder that base or another mount has already gets a suffix ("~2"): see [Tree.Folder]. The result does not depend on
// the order of the mounts. Closing the union closes all of its trees; when Union fails, none is closed. A tree must not
// be mounted twice. Folders with names that could not stand in a tree are errors.
func Union(base *Tree, mounts []Mount) (*Tree, error) {
	u := &Tree{revision: base.revision, root: base.root, parts: []part{{tree: base}}, mounted: map[string]int{}}
	u.revision.Mounts = slices.Clone(base.revision.Mounts)
	u.files, u.gaps = slices.Clone(base.files), slices.Clone(base.gaps)
	mounts = slices.Clone(mounts)
	slices.SortFunc(mounts, compareMounts)
	for _, m := range mounts {
		if err := acceptFolder(m.Folder); err != nil {
			return nil, err
		}
		u.add(part{folder: u.freeFolder(m.Folder), tree: m.Tree})
	}
	slices.SortFunc(u.revision.Mounts, func(a, b catalog.Mount) int { return strings.Compare(a.Folder, b.Folder) })
	slices.SortStableFunc(u.gaps, func(a, b catalog.Gap) int { return a.At.Compare(b.At) })
	return u, nil
}

// compareMounts orders mounts by what they hold, so that two that want the same folder get it in the same order always.
func compareMounts(a, b Mount) int {
	ra, rb := a.Tree.revision, b.Tree.revision
	return slices.Compare([]string{a.Folder, ra.Web, ra.Ref, ra.Commit}, []string{b.Folder, rb.Web, rb.Ref, rb.Commit})
}

func acceptFolder(folder string) error {
	if folder == "" || len(folder) > maxPath {
		return fmt.Errorf("a repository cannot be mounted at the folder %q. name one of at most %d bytes", shorten(folder), maxPath)
	}
	for name := range strings.SplitSeq(folder, "/") {
		if why := refuse(name); why != "" {
			return fmt.Errorf("a repository cannot be mounted at the folder %q: %q %s", shorten(folder), shorten(name), why)
		}
	}
	return nil
}

// freeFolder gives the folder, with a suffix for a name on the way to it that is a file's, and for its own name when
// anything is at it or below it already.
func (t *Tree) freeFolder(folder string) string {
	way := ""
	names := strings.Split(folder, "/")
	for i, name := range names {
		free := path.Join(way, name)
		for n := 2; t.taken(free, i == len(names)-1); n++ {
			free = fmt.Sprintf("%s~%d", path.Join(way, name), n)
		}
		way = free
	}
	return way
}

// taken reports whether a file is at the path, or when it must have nothing below it, anything is.
func (t *Tree) taken(p string, empty bool) bool {
	_, taken := t.file(p)
	if !taken && empty {
		_, taken = t.mounted[p] // a repository without files
		i, _ := slices.BinarySearchFunc(t.files, p+"/", comparePath)
		taken = taken || i < len(t.files) && strings.HasPrefix(t.files[i].Path, p+"/")
	}
	return taken
}

func comparePath(f File, p string) int { return strings.Compare(f.Path, p) }

// add puts the files and gaps of a mount into the union.
func (t *Tree) add(p part) {
	t.mounted[p.folder] = len(t.parts)
	t.parts = append(t.parts, p)
	t.revision.Mounts = append(t.revision.Mounts, catalog.Mount{Folder: p.folder, Revision: p.tree.revision})
	mounted := make([]File, len(p.tree.files))
	for i, f := range p.tree.files {
		mounted[i] = p.outside(f)
	}
	// All of them stand together, because nothing else has a path below the folder.
	at, _ := slices.BinarySearchFunc(t.files, p.folder+"/", comparePath)
	t.files = slices.Insert(t.files, at, mounted...)
	for _, g := range p.tree.gaps {
		g.At = p.place(g.At)
		t.gaps = append(t.gaps, g)
	}
}

// Folder gives the folder of the union that a mounted tree is found at.
func (t *Tree) Folder(mounted *Tree) (folder string, ok bool) {
	for _, p := range t.parts {
		if p.tree == mounted {
			return p.folder, true
		}
	}
	return "", false
}

// outside gives a file of the part as it is in the union.
func (p part) outside(f File) File {
	f.Path = path.Join(p.folder, f.Path)
	return f
}

// place gives a place in the part as it is in the union. The root of a repository is "." in a place.
func (p part) place(at catalog.Place) catalog.Place {
	if p.folder != "" {
		at.File = path.Join(p.folder, at.File)
	}
	return at
}

// inside gives the path in the part of a path in the union.
func (p part) inside(file string) string {
	if p.folder == "" {
		return file
	}
	return strings.TrimPrefix(file, p.folder+"/")
}

// partOf gives the index of the repository that a path of the union is in: the one with the longest folder.
func (t *Tree) partOf(file string) int {
	for above := path.Dir(file); above != "." && above != "/"; above = path.Dir(above) {
		if i, ok := t.mounted[above]; ok {
			return i
		}
	}
	return 0
}

// byPart gives the paths that belong to each part, as they are inside it.
func (t *Tree) byPart(paths []string) [][]string {
	inside := make([][]string, len(t.parts))
	for _, file := range paths {
		i := t.partOf(file)
		inside[i] = append(inside[i], t.parts[i].inside(file))
	}
	return inside
}
