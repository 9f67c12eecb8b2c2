package reports

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// replaceAttempts bounds how often another run may be faster at putting its report in place.
const replaceAttempts = 100

// replace puts the fresh folder in the place of dir and gives the folder that is left over and to be removed: the previous
// report, or the fresh one after an error.
func replace(fresh, dir string) (leftover string, err error) {
	for range replaceAttempts {
		err = exchange(fresh, dir)
		switch {
		case err == nil:
			return keepOthers(fresh, dir)
		case errors.Is(err, fs.ErrNotExist): // there is no previous report
			err = os.Rename(fresh, dir)
		case errors.Is(err, errors.ErrUnsupported):
			err = replaceInSteps(fresh, dir)
		}
		if err == nil {
			return fresh, syncParent(dir)
		}
		if errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV) {
			return fresh, fmt.Errorf("%q cannot be replaced as a whole, as it is a mount point. name a folder inside of it with --out: %w", dir, err)
		}
		if !overtaken(err) {
			break
		}
	}
	return fresh, fmt.Errorf("could not replace %q: %w", dir, err)
}

// overtaken reports whether an error is what a run meets when another one was faster.
func overtaken(err error) bool {
	return errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTEMPTY)
}

// keepOthers takes the exchange back when somebody put something else than a report in dir's place while the report was
// written.
func keepOthers(previous, dir string) (leftover string, err error) {
	if replaceable(previous) == nil {
		return previous, syncParent(dir)
	}
	if err := exchange(previous, dir); err != nil {
		return "", fmt.Errorf("%q was changed while the report was written. what was put there is now %q: %w", dir, previous, err)
	}
	return previous, fmt.Errorf("%q was changed while the report was written, so it is not replaced", dir)
}

// replaceInSteps replaces dir where the file system cannot exchange folders: the previous report steps aside, and the new
// one takes its place. A run that ends between the two is put right by recoverPrevious of the next one.
func replaceInSteps(fresh, dir string) error {
	old := beside(dir, oldSuffix)
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, stepBack(old, dir))
	}
	_ = os.RemoveAll(old) // what stays is removed by a later run
	return nil
}

// stepBack puts the previous report back, unless another run's report has taken the place meanwhile.
func stepBack(old, dir string) error {
	err := os.Rename(old, dir)
	if err != nil && overtaken(err) {
		_ = os.RemoveAll(old)
		return nil
	}
	return err
}

// recoverPrevious puts the previous report back when a run ended after it had stepped aside. When that fails, another
// run has put a report there.
func recoverPrevious(dir string) {
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	var newest string
	var changed time.Time
	for _, f := range foldersBeside(dir, oldSuffix) {
		if newest == "" || f.changed.After(changed) {
			newest, changed = f.path, f.changed
		}
	}
	if newest != "" {
		_ = os.Rename(newest, dir)
	}
}

// staleAge is how much older than this run's folder one must be to be left over from a run that was killed. Writing a
// report takes minutes at most.
const staleAge = 24 * time.Hour

// removeStale removes what killed runs left beside dir. The age is told by the file system's own clock. Previous reports
// that stepped aside may only be removed when this run's report is in place.
func removeStale(dir, suffix, fresh string) {
	info, err := os.Stat(fresh)
	if err != nil {
		return
	}
	for _, f := range foldersBeside(dir, suffix) {
		if info.ModTime().Sub(f.changed) > staleAge {
			_ = os.RemoveAll(f.path) // the next run tries again
		}
	}
}

type sibling struct {
	path    string
	changed time.Time
}

// foldersBeside gives the folders that runs made beside dir for the given purpose.
func foldersBeside(dir, suffix string) []sibling {
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return nil
	}
	var found []sibling
	for _, e := range entries {
		random, ours := strings.CutPrefix(e.Name(), "."+filepath.Base(dir)+suffix)
		if info, err := e.Info(); ours && err == nil && e.IsDir() && len(random) == len(rand.Text()) {
			found = append(found, sibling{filepath.Join(filepath.Dir(dir), e.Name()), info.ModTime()})
		}
	}
	return found
}
