package mixins

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
	"obsready/catalog/tree"
)

// commit is the files of a git commit.
type commit struct {
	*tree.Reader
	files map[string]tree.File
	paths []string
}

func openCommit(t *testing.T, dir string) commit {
	t.Helper()
	opened, err := tree.Open(dir, tree.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	reader, err := opened.Reader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	c := commit{Reader: reader, files: map[string]tree.File{}}
	for _, f := range opened.Files() {
		c.files[f.Path] = f
		c.paths = append(c.paths, f.Path)
	}
	return c
}

func (c commit) Read(p string) ([]byte, bool, error) {
	f, ok := c.files[p]
	if !ok {
		return nil, false, nil
	}
	data, gap := c.Reader.Read(f, 64<<20)
	if gap != nil {
		return nil, false, jsonnet.Unread{Gap: *gap}
	}
	return data, true, nil
}

func (c commit) Paths() []string      { return c.paths }
func (c commit) Hash(p string) string { return c.files[p].ID }

// TestPublicMixins evaluates public mixins with their libraries in vendor/: each folder of the one that the environment
// names is a git repository. It logs figures; what must hold is that every place is one of a file of the commit.
func TestPublicMixins(t *testing.T) {
	root := os.Getenv("OBSREADY_MIXINS")
	if root == "" {
		t.Skip("OBSREADY_MIXINS names no folder of public mixins")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	runner := jsonnet.New(jsonnet.Options{CacheDir: t.TempDir()})
	var all counts
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		files := openCommit(t, filepath.Join(root, entry.Name()))
		begin := time.Now()
		facts, _ := Read(context.Background(), runner, files, everything, catalog.Facts{})
		took := time.Since(begin)
		begin = time.Now()
		again, _ := Read(context.Background(), runner, files, everything, catalog.Facts{})
		if report(again) != report(facts) {
			t.Errorf("%s: another outcome from the cache", entry.Name())
		}
		c := count(t, files, facts)
		t.Logf("%s: %d ms, %d ms from the cache, %d programs, %d alerts, %d recordings, %d dashboards, names: %d written out, %d put together, %d nowhere", entry.Name(),
			took.Milliseconds(), time.Since(begin).Milliseconds(), len(find(files, everything)), len(facts.Alerts), len(facts.Recordings), len(facts.Dashboards), c.written, c.near, c.entry)
		for _, g := range facts.Gaps {
			t.Logf("  %s", g)
		}
		all.written, all.near, all.entry = all.written+c.written, all.near+c.near, all.entry+c.entry
	}
	t.Logf("all names: %d written out, %d put together, %d nowhere", all.written, all.near, all.entry)
}

// counts says how near the places of names are to them.
type counts struct {
	written int // the name stands there
	near    int // it is put together there, or its file is named
	entry   int // only the program is known
}

func count(t *testing.T, files jsonnet.Files, facts catalog.Facts) (c counts) {
	t.Helper()
	for _, a := range facts.Alerts {
		c.add(t, files, a.Name)
	}
	for _, r := range facts.Recordings {
		c.add(t, files, r.Name)
	}
	for _, d := range facts.Dashboards {
		c.add(t, files, d.Title)
	}
	return c
}

func (c *counts) add(t *testing.T, files jsonnet.Files, name catalog.Text) {
	t.Helper()
	at := name.At
	data, ok, _ := files.Read(at.File)
	lines := strings.Split(string(data), "\n")
	switch {
	case !ok || at.Line < 1 || at.Line > len(lines):
		t.Errorf("%s is no place", at)
	case at.Line == 1 && at.Col == 0:
		c.entry++
	case strings.Contains(lines[at.Line-1], name.Value):
		c.written++
	default:
		c.near++
	}
}
