package jsonnet

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	engine "github.com/google/go-jsonnet"

	"obsready/catalog"
)

// reader is the version of what this package adds to the engine: natives, places, messages. It changes with them, so that
// results of another version are not taken for its own.
const reader = "2"

// entry is the outcome of a program with all that it depends on. It is not changed once it is kept.
type entry struct {
	Seen    map[string]string // files that were looked for, with their hashes; "" for one that was not there
	Matches map[string]string // patterns, with hashes of what they matched
	Output  Output            // its JSON stands behind the entry in a file
	Gap     *catalog.Gap
	passing bool // it may come out otherwise with the same input
}

func (e *entry) answer() (Output, *catalog.Gap) {
	if e.Gap == nil {
		return e.Output, nil
	}
	g := *e.Gap
	return e.Output, &g
}

// cacheKey gives the name under which the outcome of a program is kept.
func cacheKey(p Program) string {
	b, err := json.Marshal(struct {
		Engine, Reader string
		Program        Program
	}{engine.Version(), reader, p})
	if err != nil {
		return "" // strings always have JSON
	}
	return digest(b)
}

// cached gives the outcome of a program that was evaluated before, when nothing that it depends on has changed; else nil.
func (r *Runner) cached(ctx context.Context, key string, files Files) *entry {
	r.mu.Lock()
	e := r.results[key]
	r.mu.Unlock()
	if e == nil && r.options.CacheDir != "" {
		file := r.cacheFile(key)
		if e = readEntry(file); e != nil {
			markUsed(file, time.Now())
		}
	}
	if e == nil || !e.holds(ctx, files) {
		return nil
	}
	r.remember(key, e)
	return e
}

// holds reports whether every file and every pattern is as it was.
func (e *entry) holds(ctx context.Context, files Files) bool {
	for p, was := range e.Seen {
		if h := files.Hash(p); h != "" && h == was {
			continue
		}
		data, ok, err := files.Read(p)
		if err != nil || hashOf(files, p, data, ok) != was {
			return false
		}
	}
	for key, was := range e.Matches {
		root, pattern, _ := strings.Cut(key, "\x00")
		if digest([]byte(strings.Join(glob(ctx, files.Paths(), root, pattern), "\n"))) != was {
			return false
		}
	}
	return true
}

// keep remembers an outcome for this and later runs. A folder that cannot be written to costs time and nothing else.
func (r *Runner) keep(key string, e *entry) {
	r.remember(key, e)
	if r.options.CacheDir != "" {
		_ = writeEntry(r.cacheFile(key), e)
		r.prune.Do(func() { prune(r.options.CacheDir, time.Now()) })
	}
}

func (r *Runner) remember(key string, e *entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[key] = e
}

func (r *Runner) cacheFile(key string) string {
	return filepath.Join(r.options.CacheDir, key+cacheEnding)
}

// Names of the files in a cache folder.
const (
	cacheEnding = ".jsonnet"
	cacheBegun  = "new-" // of a file that is being written
)

// A cache file is the hash of the rest, the entry as JSON, and the program's output, each after the other's line.

func readEntry(file string) *entry {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	sum, rest, found := bytes.Cut(data, []byte("\n"))
	if !found || digest(rest) != string(sum) {
		return nil
	}
	head, output, found := bytes.Cut(rest, []byte("\n"))
	var e entry
	if !found || json.Unmarshal(head, &e) != nil {
		return nil
	}
	if e.Gap == nil {
		e.Output.JSON = output
	}
	return &e
}

// writeEntry writes a file that is whole or not there, whoever else writes it.
func writeEntry(file string, e *entry) error {
	kept := *e
	kept.Output.JSON = nil
	head, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	rest := append(append(head, '\n'), e.Output.JSON...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), cacheBegun+"*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(append([]byte(digest(rest)+"\n"), rest...))
	err = cmp.Or(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
