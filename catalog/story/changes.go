package story

import (
	"bytes"
	"io/fs"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"golang.org/x/tools/txtar"
)

// apply moves or removes what a header line says.
func (t *teller) apply(s step) error {
	if s.to == "" {
		return t.remove(s)
	}
	blob, ok := t.files[s.from]
	if !ok {
		return mistake(s.line, "there is no file %q to move", s.from)
	}
	delete(t.files, s.from)
	return t.put(s.line, s.to, blob)
}

// remove takes away a file, or all files of a folder.
func (t *teller) remove(s step) error {
	found := false
	for p := range t.files {
		if p == s.from || strings.HasPrefix(p, strings.TrimSuffix(s.from, "/")+"/") {
			delete(t.files, p)
			found = true
		}
	}
	if !found {
		return mistake(s.line, "there is no file or folder %q to remove", s.from)
	}
	return nil
}

// write adds the files of an archive.
func (t *teller) write(archive *txtar.Archive) error {
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	written := map[string]bool{}
	for _, f := range archive.Files {
		if written[f.Name] {
			return mistake(line, "the file %q stands twice in this archive. keep one of them", f.Name)
		}
		written[f.Name] = true
		blob, err := writeObject(t.storage, plumbing.BlobObject, f.Data)
		if err != nil {
			return err
		}
		if err := t.put(line, f.Name, blob); err != nil {
			return err
		}
		line += 1 + bytes.Count(f.Data, []byte("\n"))
	}
	return nil
}

// put places a blob at a path, which may not be a folder nor lead through a file.
func (t *teller) put(line int, p string, blob plumbing.Hash) error {
	if !fs.ValidPath(p) || p == "." || strings.ContainsAny(p, "\x00\n") {
		return mistake(line, "%q is no path of a file. write it from the root of the repository, with slashes and without dots between them", p)
	}
	for i := range len(p) {
		if _, isFile := t.files[p[:i]]; p[i] == '/' && isFile {
			return mistake(line, "%q is a file already, so that %q cannot be one. remove it first", p[:i], p)
		}
	}
	for other := range t.files {
		if strings.HasPrefix(other, p+"/") {
			return mistake(line, "%q is a folder already. remove it first", p)
		}
	}
	t.files[p] = blob
	return nil
}
