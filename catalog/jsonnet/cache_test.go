package jsonnet

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"obsready/catalog"
)

// atWork tells whether a program was evaluated: the executable of its Runner does nothing.
func fromCache(dir string, f folder, p Program) (Output, *catalog.Gap) {
	return New(Options{CacheDir: dir, Executable: "/no/such/file"}).Run(context.Background(), f, p)
}

func TestCache(t *testing.T) {
	base := folder{"main.jsonnet": `[import "x", std.length(std.native("glob")("d/*")), importstr "y"]`, "x": `1`, "v/y": "y", "d/1": "", "unused": ""}
	p := Program{File: "main.jsonnet", Vendor: []string{"v"}, Natives: true}
	dir := t.TempDir()
	first, gap := New(Options{CacheDir: dir, Timeout: time.Minute}).Run(context.Background(), base, p)
	if gap != nil {
		t.Fatal(gap)
	}
	tests := []struct {
		name   string
		change folder
		known  bool
	}{
		{"nothing", nil, true},
		{"another file", folder{"unused": "1"}, true},
		{"the program", folder{"main.jsonnet": `1`}, false},
		{"an import", folder{"x": `2`}, false},
		{"a file that hides a library's", folder{"y": "z"}, false},
		{"a file that a pattern matches", folder{"d/2": ""}, false},
	}
	for _, tt := range tests {
		f := maps.Clone(base)
		maps.Copy(f, tt.change)
		out, gap := fromCache(dir, f, p)
		if known := gap == nil; known != tt.known {
			t.Errorf("%s: from the cache: %v (%v)", tt.name, known, gap)
		} else if known && (!bytes.Equal(out.JSON, first.JSON) || len(out.Reads) != len(first.Reads)) {
			t.Errorf("%s: got %s, want %s", tt.name, out.JSON, first.JSON)
		}
	}
	other := p
	other.Inputs = map[string]string{"a": "1"}
	if _, gap := fromCache(dir, base, other); gap == nil {
		t.Error("another input has the same outcome")
	}
}

func TestCacheOfFaults(t *testing.T) {
	dir := t.TempDir()
	f := folder{"main.jsonnet": `import "x"`}
	_, first := New(Options{CacheDir: dir, Timeout: time.Minute}).Run(context.Background(), f, Program{File: "main.jsonnet"})
	if _, again := fromCache(dir, f, Program{File: "main.jsonnet"}); first == nil || again == nil || again.String() != first.String() {
		t.Errorf("got %v, want %v", again, first)
	}
}

func TestCacheFilesOfOthers(t *testing.T) {
	dir := t.TempDir()
	p, f := Program{File: "main.jsonnet"}, folder{"main.jsonnet": `1`}
	file := filepath.Join(dir, cacheKey(p)+".jsonnet")
	if _, gap := New(Options{CacheDir: dir, Timeout: time.Minute}).Run(context.Background(), f, p); gap != nil {
		t.Fatal(gap)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, whole[:len(whole)-1], append(bytes.Clone(whole), 'x'), []byte("\n\n"), []byte(digest([]byte("{}")) + "\n{}"), []byte(digest([]byte("\n")) + "\n\n")} {
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if e := readEntry(file); e != nil {
			t.Errorf("%q was taken for an entry", damaged)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "new-*")); len(left) > 0 {
		t.Errorf("files were left over: %v", left)
	}
}

func TestManyAtOnce(t *testing.T) {
	r := New(Options{CacheDir: t.TempDir(), Timeout: time.Minute})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			out, gap := r.Run(context.Background(), folder{"main.jsonnet": `import "x"`, "x": "[1]"}, Program{File: "main.jsonnet"})
			if gap != nil || compact(t, out.JSON) != "[1]" {
				t.Errorf("got %s, %v", out.JSON, gap)
			}
		})
	}
	wg.Wait()
}

func TestPrune(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for name, f := range map[string]struct {
		size int64
		age  time.Duration
	}{
		"new.jsonnet": {10, 0}, "last-month.jsonnet": {10, 29 * day}, "old.jsonnet": {10, 31 * day},
		"large.jsonnet": {maxKept - 15, day}, "beyond.jsonnet": {10, 2 * day},
		"new-1": {10, 2 * time.Hour}, "new-2": {1, time.Minute}, "of somebody else": {10, 100 * day},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, f.size); err != nil { // without taking so much of the disk
			t.Fatal(err)
		}
		if err := os.Chtimes(file, now.Add(-f.age), now.Add(-f.age)); err != nil {
			t.Fatal(err)
		}
	}
	markUsed(filepath.Join(dir, "last-month.jsonnet"), now)
	prune(dir, now)
	var left []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if got := strings.Join(left, ", "); got != "last-month.jsonnet, new-2, new.jsonnet, of somebody else" {
		t.Errorf("left are %s", got)
	}
	prune(filepath.Join(dir, "nowhere"), now)
}
