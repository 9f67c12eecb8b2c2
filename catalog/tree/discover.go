package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// discover finds the repository that holds dir as git does, and the folder of dir inside it, "" for its root. Dir need
// not exist on disk below the repository: in a bare repository and in a sparse checkout it does not.
func discover(dir string) (*repository, string, error) {
	start, err := realPath(dir)
	if err != nil {
		return nil, "", err
	}
	info, err := os.Stat(start)
	switch {
	case err == nil && !info.IsDir():
		return nil, "", fmt.Errorf("%q is a file. name the folder of the catalog", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, "", fmt.Errorf("cannot open %q: %w", dir, err)
	}
	for at := start; ; at = filepath.Dir(at) {
		gitDir, work, err := gitDirAt(at)
		if err != nil {
			return nil, "", err
		}
		if gitDir != "" {
			folder, err := filepath.Rel(at, start)
			if err != nil {
				return nil, "", err
			}
			r, err := openRepository(gitDir, work)
			return r, strings.TrimPrefix(filepath.ToSlash(folder), "."), err
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if info == nil {
		return nil, "", fmt.Errorf("there is no folder %q. name a git repository or a folder of one", dir)
	}
	return nil, "", fmt.Errorf("%q is not in a git repository: no .git was found there or in a folder above. "+
		"name a repository, or make one with git init, git add --all and git commit", dir)
}

// realPath makes a path absolute and free of symbolic links, as far as it exists.
func realPath(dir string) (string, error) {
	p, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	var rest []string
	for {
		real, err := filepath.EvalSymlinks(p)
		if err == nil {
			return filepath.Join(append([]string{real}, rest...)...), nil
		}
		if p == filepath.Dir(p) || !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("cannot open %q: %w", dir, err)
		}
		rest = slices.Insert(rest, 0, filepath.Base(p))
		p = filepath.Dir(p)
	}
}

// gitDirAt gives git's folder when at is the root of a work tree or a bare repository, "" when it is neither.
func gitDirAt(at string) (gitDir, work string, err error) {
	dot := filepath.Join(at, ".git")
	info, err := os.Stat(dot)
	switch {
	case err == nil && info.IsDir() && looksLikeGit(dot):
		return dot, at, nil
	case err == nil && info.Mode().IsRegular():
		target, err := pointer(dot, "gitdir: ")
		if err == nil && !looksLikeGit(target) {
			err = fmt.Errorf("%q is no git folder", target)
		}
		if err != nil {
			return "", "", fmt.Errorf("the file %q does not lead to a repository: %w. see git worktree repair and git submodule update", dot, err)
		}
		return target, at, nil
	case looksLikeGit(at):
		return at, "", nil
	}
	return "", "", nil
}

// looksLikeGit applies git's own test for a repository's folder.
func looksLikeGit(dir string) bool {
	if _, err := os.Lstat(filepath.Join(dir, "HEAD")); err != nil {
		return false
	}
	if _, err := os.Stat(filepath.Join(dir, "commondir")); err == nil {
		return true
	}
	return isDir(filepath.Join(dir, "objects")) && isDir(filepath.Join(dir, "refs"))
}

func isDir(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// pointer reads a file that holds a path, after a prefix and relative to the file's folder.
func pointer(file, prefix string) (string, error) {
	text, err := readSmall(file)
	if err != nil {
		return "", err
	}
	p, found := strings.CutPrefix(strings.TrimRight(string(text), "\r\n"), prefix)
	if !found || p == "" {
		return "", fmt.Errorf("it does not begin with %q", prefix)
	}
	if !filepath.IsAbs(p) {
		p = filepath.Join(filepath.Dir(file), p)
	}
	return filepath.Clean(p), nil
}

// maxConfigBytes bounds the small files of git's own.
const maxConfigBytes = 1 << 20

// readSmall reads a file of git's own up to the size that such a file can sensibly have.
func readSmall(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxConfigBytes))
}
