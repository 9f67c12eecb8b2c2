package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/config"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// Measured on a pack of 239,000 objects: open descriptors halve the time, a larger cache gains nothing, and a threshold
// above which objects are streamed costs nothing while it lets a large blob be refused before it is inflated.
const (
	openPacks     = 64
	cacheBytes    = 32 * cache.MiByte
	streamedBytes = 1 << 20
	maxAlternates = 32
)

// repository is a git repository on disk.
type repository struct {
	gitDir string // of this work tree: HEAD and index
	common string // shared by all linked work trees: objects, references, configuration; most often gitDir itself
	work   string // "" when the repository is bare
	config *config.Config
	refs   *filesystem.Storage // for references and the shallow boundary only
}

func openRepository(gitDir, work string) (*repository, error) {
	r := &repository{gitDir: gitDir, common: gitDir, work: work, config: config.New()}
	common, err := pointer(filepath.Join(gitDir, "commondir"), "")
	if err == nil {
		r.common = common
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the linked work tree %q: %w", gitDir, err)
	}
	text, err := readSmall(filepath.Join(r.common, "config"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the repository %q: %w", r.name(), err)
	}
	if r.config, err = parseConfig(text); err != nil {
		return nil, fmt.Errorf("cannot read the configuration of the repository %q: %w. see git config --list", r.name(), err)
	}
	if err := r.checkFormat(); err != nil {
		return nil, err
	}
	var refs billy.Filesystem = osfs.New(gitDir)
	if r.common != gitDir {
		refs = dotgit.NewRepositoryFilesystem(refs, osfs.New(r.common))
	}
	r.refs = filesystem.NewStorage(refs, cache.NewObjectLRU(cacheBytes))
	return r, nil
}

// parseConfig reads a repository's own configuration file. Files that it includes are not read.
func parseConfig(text []byte) (c *config.Config, err error) {
	defer func() {
		if p := recover(); p != nil { // the parser is not ours, the file may be anything
			c, err = nil, fmt.Errorf("%v", p)
		}
	}()
	c = config.New()
	err = config.NewDecoder(strings.NewReader(string(text))).Decode(c)
	return c, err
}

// readable are the extensions of the repository format that do not change how objects and references are read.
var readable = []string{"noop", "noop-v1", "partialclone", "preciousobjects", "worktreeconfig", "relativeworktrees", "objectformat", "refstorage"}

// checkFormat refuses what would be read wrongly, as git's repository-version.txt demands.
func (r *repository) checkFormat() error {
	extensions := r.config.Section("extensions")
	if f := extensions.Option("objectformat"); f != "" && !strings.EqualFold(f, "sha1") {
		return fmt.Errorf("the repository %q names its objects by %q, and only \"sha1\" can be read. "+
			"convert a copy with git fast-export --all | git fast-import in a repository made by git init --object-format=sha1", r.name(), f)
	}
	if f := extensions.Option("refstorage"); f != "" && !strings.EqualFold(f, "files") {
		return fmt.Errorf("the repository %q keeps its references as %q, and only \"files\" can be read. "+
			"convert it with git refs migrate --ref-format=files", r.name(), f)
	}
	version := r.config.Section("core").Option("repositoryformatversion")
	if version == "" || version == "0" {
		return nil
	}
	if version != "1" {
		return fmt.Errorf("the repository %q has format version %q, and only 0 and 1 can be read", r.name(), version)
	}
	for _, o := range extensions.Options {
		if !slices.Contains(readable, strings.ToLower(o.Key)) {
			return fmt.Errorf("the repository %q uses the format extension %q, which is not known here. clone it with git clone --no-local and read the clone", r.name(), o.Key)
		}
	}
	return nil
}

// name is the folder that a user knows the repository by.
func (r *repository) name() string {
	if r.work != "" {
		return r.work
	}
	return r.gitDir
}

// objects opens the repository's object stores for one goroutine.
func (r *repository) objects() (*objects, error) {
	o := &objects{}
	lru := cache.NewObjectLRU(cacheBytes)
	for _, dir := range objectDirs(filepath.Join(r.common, "objects")) {
		s := filesystem.NewStorageWithOptions(osfs.New(filepath.Dir(dir)), lru, filesystem.Options{
			MaxOpenDescriptors:   openPacks,
			LargeObjectThreshold: streamedBytes,
		})
		o.stores = append(o.stores, s)
		o.closers = append(o.closers, s)
	}
	return o, nil
}

// objectDirs gives a repository's folder of objects and those that it borrows from (git clone --shared). go-git can
// follow alternates itself, but then opens them anew for every object.
func objectDirs(dir string) []string {
	dirs := []string{dir}
	for i := 0; i < len(dirs); i++ {
		text, err := readSmall(filepath.Join(dirs[i], "info", "alternates"))
		if err != nil {
			continue // there is none; objects that are missing for it are reported one by one
		}
		for line := range strings.Lines(string(text)) {
			p := strings.TrimRight(line, "\r\n")
			if p == "" || p[0] == '#' {
				continue
			}
			if !filepath.IsAbs(p) {
				p = filepath.Join(dirs[i], p)
			}
			p = filepath.Clean(p)
			// The storage appends "objects" to its folder itself.
			if filepath.Base(p) == "objects" && len(dirs) < maxAlternates && !slices.Contains(dirs, p) && isDir(p) {
				dirs = append(dirs, p)
			}
		}
	}
	return dirs
}

// shallow gives the commits whose parents were not fetched.
func (r *repository) shallow() (map[plumbing.Hash]bool, error) {
	hashes, err := r.refs.Shallow()
	if err != nil {
		return nil, fmt.Errorf("cannot read the boundary of the shallow clone %q: %w", r.name(), err)
	}
	boundary := map[plumbing.Hash]bool{}
	for _, h := range hashes {
		boundary[h] = true
	}
	return boundary, nil
}
