//go:build linux || darwin

package reports

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// syncParent waits until the name of dir leads to its new content on disk as well.
func syncParent(dir string) error {
	f, err := os.Open(filepath.Dir(dir))
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("could not write the report's folder to disk: %w", err)
	}
	return nil
}
