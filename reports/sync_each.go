//go:build !linux

package reports

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// syncFolder waits until all files that were written below a folder are on disk.
func syncFolder(dir string) error {
	var group errgroup.Group
	group.SetLimit(16) // disks are faster at many requests at once
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			group.Go(func() error { return syncFile(path) })
		}
		return err
	})
	return errors.Join(err, group.Wait())
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // some systems only sync what can be written
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
