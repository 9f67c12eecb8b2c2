package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"

	"obsready/catalog"
)

// workTree is the checked-out files of a repository. All access goes through an os.Root, so that no link can lead out
// of the repository whatever happens while it is read.
type workTree struct {
	root      *os.Root
	tracked   map[string]*index.Entry
	folders   map[string]bool // that hold tracked files
	indexTime time.Time       // when the index was written
	exclude   []ignoreRule    // of .git/info/exclude
}

func openWorkTree(repo *repository) (*workTree, error) {
	if repo.work == "" {
		return nil, fmt.Errorf("the repository %q is bare and has no work tree. read a commit instead", repo.name())
	}
	w := &workTree{tracked: map[string]*index.Entry{}, folders: map[string]bool{}}
	if err := w.readIndex(filepath.Join(repo.gitDir, "index")); err != nil {
		return nil, fmt.Errorf("cannot read the index of %q: %w. run git update-index --no-split-index and git sparse-checkout reapply --no-sparse-index, "+
			"or read a commit instead of the work tree", repo.name(), err)
	}
	if text, err := readSmall(filepath.Join(repo.common, "info", "exclude")); err == nil {
		w.exclude = parseIgnore("", text)
	}
	var err error
	if w.root, err = os.OpenRoot(repo.work); err != nil {
		return nil, fmt.Errorf("cannot open the work tree %q: %w", repo.work, err)
	}
	return w, nil
}

// readIndex reads which files are tracked. A repository without commits of its own work tree has no index.
func (w *workTree) readIndex(file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	w.indexTime = info.ModTime()
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	idx, err := decodeIndex(data)
	if err != nil {
		return err
	}
	for _, e := range idx.Entries {
		w.tracked[e.Name] = e
		for dir := path.Dir(e.Name); dir != "." && !w.folders[dir]; dir = path.Dir(dir) {
			w.folders[dir] = true
		}
	}
	return nil
}

func decodeIndex(data []byte) (idx *index.Index, err error) {
	defer func() {
		if p := recover(); p != nil { // the decoder is not ours, the file may be anything
			idx, err = nil, fmt.Errorf("%v", p)
		}
	}()
	idx = &index.Index{}
	err = index.NewDecoder(bytes.NewReader(data)).Decode(idx)
	if errors.Is(err, index.ErrInvalidChecksum) && bytes.HasSuffix(data, make([]byte, len(plumbing.ZeroHash))) {
		err = nil // index.skipHash leaves the checksum out
	}
	return idx, err
}

// list lists tracked files and untracked ones that are not ignored, below a folder.
func (w *workTree) list(folder string) (*listing, error) {
	if k, _, err := w.look(folder); folder != "" && (err != nil || k != folderKind) && !w.folders[folder] {
		return nil, fmt.Errorf("there is no folder %q in the work tree %q", folder, w.root.Name())
	}
	l := &listing{}
	if err := w.walk(l, visit{within: folder, rules: w.exclude}); err != nil {
		return nil, err
	}
	w.addSparse(l, folder)
	l.finish()
	return l, nil
}

// visit is one folder of the walk.
type visit struct {
	folder  string
	within  string // the folder that is listed: only ways to it and what is below are entered
	rules   []ignoreRule
	ignored bool // the folder is ignored: only tracked files in it count
	depth   int
}

func (w *workTree) walk(l *listing, v visit) error {
	dir, err := w.root.Open(filepath.FromSlash(path.Join(".", v.folder)))
	var entries []fs.DirEntry
	if err == nil {
		entries, err = dir.ReadDir(-1)
		dir.Close()
	}
	if err != nil {
		l.gap(v.folder, catalog.MissingObject, "the folder %q cannot be listed: %v", v.folder, err)
		return nil
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if text, err := w.readPlain(path.Join(v.folder, ".gitignore")); err == nil {
		v.rules = append(slices.Clip(v.rules), parseIgnore(v.folder, text)...)
	}
	for _, e := range entries {
		if err := w.visit(l, v, e); err != nil {
			return err
		}
	}
	return nil
}

func (w *workTree) visit(l *listing, v visit, e fs.DirEntry) error {
	p := path.Join(v.folder, e.Name())
	if e.Name() == ".git" || !related(p, v.within) {
		return nil
	}
	if err := l.count(); err != nil {
		return err
	}
	skip := v.ignored || ignored(v.rules, p, e.IsDir())
	switch {
	case e.IsDir():
		if skip && !w.folders[p] || w.isRepository(p) || !l.accept(v.folder, e.Name()) {
			return nil
		}
		if v.depth == maxDepth {
			l.gap(v.folder, catalog.TooDeep, "folders below %q are nested more than %d deep and are not read", shorten(p), maxDepth)
			return nil
		}
		return w.walk(l, visit{folder: p, within: v.within, rules: v.rules, ignored: skip, depth: v.depth + 1})
	case skip && w.tracked[p] == nil || !below(p, v.within):
	case e.Type().IsRegular(), e.Type()&fs.ModeSymlink != 0:
		if l.accept(v.folder, e.Name()) {
			l.files = append(l.files, File{Path: p, Size: -1, Symlink: !e.Type().IsRegular()})
		}
	}
	return nil
}

// below reports whether p is in the folder, related whether it is or leads to it.
func below(p, folder string) bool {
	return folder == "" || strings.HasPrefix(p, folder+"/")
}

func related(p, folder string) bool {
	return p == folder || below(p, folder) || below(folder, p)
}

// isRepository tells a submodule, or another repository that happens to lie in the work tree.
func (w *workTree) isRepository(p string) bool {
	_, err := w.root.Lstat(filepath.FromSlash(path.Join(p, ".git")))
	return err == nil
}

// readPlain reads a file of git's own that must not be a link.
func (w *workTree) readPlain(p string) ([]byte, error) {
	if k, _, err := w.look(p); err != nil || k != regularKind {
		return nil, errDangling
	}
	return w.read(p, maxConfigBytes)
}

// addSparse adds tracked files that a sparse checkout leaves out. They are not deleted, so their content is that of the
// index.
func (w *workTree) addSparse(l *listing, folder string) {
	for _, p := range slices.Sorted(maps.Keys(w.tracked)) {
		e := w.tracked[p]
		if !e.SkipWorktree || !below(p, folder) || e.Mode == filemode.Submodule || !l.acceptPath(p) {
			continue
		}
		if _, _, err := w.look(p); !errors.Is(err, errDangling) {
			continue // it is there all the same, and listed
		}
		f := File{Path: p, Size: -1, Symlink: e.Mode == filemode.Symlink}
		if !f.Symlink {
			f.ID = e.Hash.String()
		}
		l.files = append(l.files, f)
	}
}
