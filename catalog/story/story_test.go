package story

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"

	"obsready/catalog/tree"
)

const (
	first = `date: 2026-01-12T09:30:00+01:00
author: Ada Example <ada@shop.example>

First services

With a body.
-- service.toml --
name = "cart"
-- docs/old.md --
# Old
-- docs-more/x.md --
x
-- docs/deep/y.md --
y
`
	second = `date: 2026-02-01T12:00:00Z
author: Bo Example <bo@shop.example>
move: docs/old.md -> docs/new.md
remove: docs/deep

Move a page
-- service.toml --
name = "basket"
`
)

func archives(texts ...string) fstest.MapFS {
	files := fstest.MapFS{"story/README.md": {Data: []byte("no archive")}}
	for i, text := range texts {
		files[fmt.Sprintf("story/%03d.txtar", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func build(t *testing.T, texts ...string) (*memory.Storage, plumbing.Hash) {
	t.Helper()
	st, head, err := Build(archives(texts...), "story")
	if err != nil {
		t.Fatal(err)
	}
	return st, head
}

// raw gives an object's bytes.
func raw(t *testing.T, st *memory.Storage, kind plumbing.ObjectType, h plumbing.Hash) string {
	t.Helper()
	o, err := st.EncodedObject(kind, h)
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.Reader()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// parent gives the parent of a commit, the zero hash when it has none.
func parent(t *testing.T, st *memory.Storage, h plumbing.Hash) plumbing.Hash {
	t.Helper()
	for line := range strings.Lines(raw(t, st, plumbing.CommitObject, h)) {
		if hash, ok := strings.CutPrefix(line, "parent "); ok {
			return plumbing.NewHash(strings.TrimSpace(hash))
		}
	}
	return plumbing.ZeroHash
}

// contents gives the files at a commit, as catalog/tree reads them.
func contents(t *testing.T, st *memory.Storage, h plumbing.Hash) map[string]string {
	t.Helper()
	tr, err := tree.FromStorage(st, h)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	r, err := tr.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all := map[string]string{}
	for _, f := range tr.Files() {
		data, gap := r.Read(f, 1<<20)
		if gap != nil {
			t.Fatal(gap)
		}
		all[f.Path] = string(data)
	}
	return all
}

func TestEveryCommitHasItsFiles(t *testing.T) {
	st, head := build(t, first, second)
	for _, c := range []struct {
		commit plumbing.Hash
		want   map[string]string
	}{
		{head, map[string]string{"service.toml": "name = \"basket\"\n", "docs/new.md": "# Old\n", "docs-more/x.md": "x\n"}},
		{parent(t, st, head), map[string]string{"service.toml": "name = \"cart\"\n", "docs/old.md": "# Old\n", "docs-more/x.md": "x\n", "docs/deep/y.md": "y\n"}},
	} {
		if got := contents(t, st, c.commit); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %q, want %q", c.commit, got, c.want)
		}
	}
	if p := parent(t, st, parent(t, st, head)); !p.IsZero() {
		t.Errorf("the first commit has the parent %s", p)
	}
}

func TestCommitsSayWhoAndWhen(t *testing.T) {
	st, head := build(t, first, second)
	text := raw(t, st, plumbing.CommitObject, parent(t, st, head))
	for _, want := range []string{"\nauthor Ada Example <ada@shop.example> 1768206600 +0100\n", "\ncommitter Ada Example <ada@shop.example> 1768206600 +0100\n", "\n\nFirst services\n\nWith a body.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
	tr, err := tree.FromStorage(st, head)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := tr.LastChanged([]string{"docs-more/x.md", "docs/new.md"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]string{"docs-more/x.md": "2026-01-12T08:30:00Z", "docs/new.md": "2026-02-01T12:00:00Z"} {
		if got := changed[p].Format(time.RFC3339); got != want {
			t.Errorf("%s last changed %s, want %s", p, got, want)
		}
	}
}

func TestHeadIsOnMain(t *testing.T) {
	st, head := build(t, first, second)
	symbolic, err := st.Reference(plumbing.HEAD)
	if err != nil {
		t.Fatal(err)
	}
	main, err := st.Reference(symbolic.Target())
	if err != nil || main.Name() != "refs/heads/main" || main.Hash() != head {
		t.Errorf("HEAD leads to %v, error %v", main, err)
	}
}

func TestSameScriptSameHash(t *testing.T) {
	_, a := build(t, first, second)
	_, b := build(t, first, second)
	_, other := build(t, first, second+"more = 1\n")
	if a != b || a == other {
		t.Errorf("got %s and %s, and %s for another script", a, b, other)
	}
}

// The hashes are those that git gives to the same files, identities and messages.
func TestHashIsGits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "HOME="+dir,
			"GIT_AUTHOR_NAME=Ada Example", "GIT_AUTHOR_EMAIL=ada@shop.example", "GIT_AUTHOR_DATE=2026-01-12T09:30:00+01:00",
			"GIT_COMMITTER_NAME=Ada Example", "GIT_COMMITTER_EMAIL=ada@shop.example", "GIT_COMMITTER_DATE=2026-01-12T09:30:00+01:00")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q", "--object-format=sha1")
	st, head := build(t, first)
	for p, text := range contents(t, st, head) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(p)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, p), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("add", ".")
	git("commit", "-q", "-m", "First services\n\nWith a body.")
	if want := git("rev-parse", "HEAD"); head.String() != want {
		t.Errorf("got %s, git gives %s", head, want)
	}
}

// The storage may be read by several readers at once; the race detector watches.
func TestConcurrentReaders(t *testing.T) {
	st, head := build(t, first, second)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { contents(t, st, head) })
	}
	wg.Wait()
}

func TestMistakes(t *testing.T) {
	const header = "date: 2026-01-12T09:30:00Z\nauthor: A <a@b>\n"
	for name, c := range map[string]struct {
		texts []string
		want  string
	}{
		"none":            {nil, `there is no archive "story/*.txtar"`},
		"no date":         {[]string{"author: A <a@b>\n\nx\n"}, "story/001.txtar:1: the header has no date"},
		"no author":       {[]string{"date: 2026-01-12T09:30:00Z\n\nx\n"}, "story/001.txtar:1: the header has no author"},
		"bad date":        {[]string{"date: yesterday\n\nx\n"}, `story/001.txtar:1: date "yesterday"`},
		"two dates":       {[]string{header + "date: 2026-01-12T09:30:00Z\n\nx\n"}, `story/001.txtar:3: a second date`},
		"two authors":     {[]string{header + "author: B <a@b>\n\nx\n"}, `story/001.txtar:3: a second author "B <a@b>"`},
		"bad author":      {[]string{"author: nobody\n\nx\n"}, `story/001.txtar:1: author "nobody"`},
		"unknown header":  {[]string{header + "when: now\n\nx\n"}, `story/001.txtar:3: unknown header "when". expected one of author, date, move, remove`},
		"no message":      {[]string{header + "-- a --\n"}, "story/001.txtar:3: the commit has no message"},
		"message first":   {[]string{"x\n\n" + header}, `story/001.txtar:1: "x" is no header line`},
		"nothing":         {[]string{first, "date: 2026-02-12T09:30:00Z\nauthor: A <a@b>\n\nx\n"}, `story/002.txtar:1: the commit "x" changes nothing`},
		"back in time":    {[]string{first, "date: 2025-02-12T09:30:00Z\nauthor: A <a@b>\n\nx\n"}, `story/002.txtar:1: date "2025-02-12T09:30:00Z" is before that of the commit before, "2026-01-12T09:30:00+01:00"`},
		"remove nothing":  {[]string{header + "remove: a\n\nx\n"}, `story/001.txtar:3: there is no file or folder "a" to remove`},
		"move nothing":    {[]string{header + "move: a -> b\n\nx\n"}, `story/001.txtar:3: there is no file "a" to move`},
		"move nowhere":    {[]string{header + "move: a\n\nx\n"}, `story/001.txtar:3: "a" names no two files`},
		"move outside":    {[]string{first, strings.Replace(second, "docs/new.md", "../new.md", 1)}, `story/002.txtar:3: "../new.md" is no path`},
		"outside":         {[]string{header + "\nx\n-- ../a --\n"}, `story/001.txtar:5: "../a" is no path`},
		"absolute":        {[]string{header + "\nx\n-- a --\n1\n2\n-- /b --\n"}, `story/001.txtar:8: "/b" is no path`},
		"file is folder":  {[]string{header + "\nx\n-- a --\n-- a/b --\n"}, `story/001.txtar:6: "a" is a file already`},
		"folder is file":  {[]string{header + "\nx\n-- a/b --\n-- a --\n"}, `story/001.txtar:6: "a" is a folder already`},
		"twice":           {[]string{header + "\nx\n-- a --\n-- a --\n"}, `story/001.txtar:6: the file "a" stands twice`},
		"header, no line": {[]string{header + "author\n\nx\n"}, `story/001.txtar:3: "author" is no header line`},
	} {
		_, _, err := Build(archives(c.texts...), "story")
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %s", name, err, c.want)
		}
	}
}

func FuzzParseScript(f *testing.F) {
	for _, text := range []string{first, second, "date: 2026-01-12T09:30:00Z\nauthor: A <a@b>\nmove: a -> b -> c\n\nx", "\n\n", "date:", "author: a <b> c <d>\n\n"} {
		comment, _, _ := strings.Cut(text, "-- ")
		f.Add(comment)
	}
	f.Fuzz(func(t *testing.T, comment string) {
		s, err := parseScript(comment)
		if err != nil {
			at, ok := err.(lineError)
			if !ok || at.text == "" || at.line < 1 || at.line > strings.Count(comment, "\n")+1 {
				t.Fatalf("error %#v is not at a line of the script", err)
			}
			return
		}
		if strings.TrimSpace(s.message) == "" || s.subject() == "" || strings.ContainsAny(s.author, "\n\x00") || s.date.Unix() < 0 {
			t.Fatalf("got %+v", s)
		}
		for _, step := range s.steps {
			if step.from == "" || step.line < 1 {
				t.Fatalf("got step %+v", step)
			}
		}
		st := memory.NewStorage()
		h, err := writeCommit(st, plumbing.ZeroHash, plumbing.ZeroHash, s)
		if err != nil {
			t.Fatal(err)
		}
		if text := raw(t, st, plumbing.CommitObject, h); !bytes.HasPrefix([]byte(text), []byte("tree ")) || strings.Count(strings.SplitN(text, "\n\n", 2)[0], "\n") != 2 {
			t.Fatalf("the commit's headers are broken: %q", text)
		}
	})
}
