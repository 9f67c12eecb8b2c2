package tree

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// benchRepo makes a packed repository of 2,000 files below 200 folders, with 500 commits that change two files each.
func benchRepo(b *testing.B) *Tree {
	b.Helper()
	r := newRepo(b)
	var s strings.Builder
	commit := func(n int) {
		fmt.Fprintf(&s, "commit refs/heads/main\ncommitter C <c@example.org> %d +0000\ndata 1\nx\n", epoch.Unix()+int64(n)*3600)
	}
	file := func(i, n int) {
		text := strings.Repeat(fmt.Sprintf("file %d, a line of it\n", i), 50) + fmt.Sprintf("revision %d\n", n)
		fmt.Fprintf(&s, "M 100644 inline services/team-%d/service-%d/file-%d.yaml\ndata %d\n%s\n", i%20, i/10, i%10, len(text), text)
	}
	commit(0)
	for i := range 2000 {
		file(i, 0)
	}
	for n := range 500 {
		commit(n + 1)
		file(n*37%2000, n+1)
		file(n*91%2000, n+1)
	}
	r.pipe(r.dir, s.String(), "fast-import", "--quiet")
	r.git("repack", "-adfq")
	return open(b, r.dir, Options{})
}

func BenchmarkRead(b *testing.B) {
	tr := benchRepo(b)
	for b.Loop() {
		r, err := tr.Reader()
		if err != nil {
			b.Fatal(err)
		}
		var size int64
		for _, f := range tr.Files() {
			data, gap := r.Read(f, 1<<20)
			if gap != nil {
				b.Fatal(gap)
			}
			size += int64(len(data))
		}
		b.SetBytes(size)
		r.Close()
	}
}

func BenchmarkLastChanged(b *testing.B) {
	tr := benchRepo(b)
	var paths []string
	for _, f := range tr.Files() {
		paths = append(paths, f.Path)
	}
	for b.Loop() {
		changed, err := tr.LastChanged(paths, time.Time{})
		if err != nil || len(changed) != len(paths) {
			b.Fatal(len(changed), err)
		}
	}
}
