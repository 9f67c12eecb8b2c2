package otherci

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"obsready/catalog/workflows"
)

// TestCorpora reads the pipelines of real repositories, when they are at hand: each is read, and all places stand in it.
func TestCorpora(t *testing.T) {
	root := "../../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora beside the repository")
	}
	read, jobs := 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isOther(filepath.ToSlash(path)) {
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
	if read == 0 || jobs == 0 {
		t.Errorf("%d files and %d jobs were read of corpora that hold many", read, jobs)
	}
	t.Logf("%d files, %d jobs", read, jobs)
}

// isOther reports whether a file of this path is a pipeline or hooks that this package reads.
func isOther(file string) bool {
	format := workflows.FormatOf(file)
	return format != "" && format != "github"
}
