package otherci

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestCorpora reads the pipelines of real repositories, when they are at hand: each is read, and all places stand in it.
func TestCorpora(t *testing.T) {
	root := "../../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora beside the repository")
	}
	read, jobs := 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !IsPath(filepath.ToSlash(path)) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		facts, ok := readFile(filepath.ToSlash(file), data)
		if !ok {
			t.Errorf("%s: nothing read", file)
		}
		checkPlaces(t, filepath.ToSlash(file), data)
		read++
		for _, w := range facts.Workflows {
			jobs += len(w.Jobs)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d jobs", read, jobs)
}
