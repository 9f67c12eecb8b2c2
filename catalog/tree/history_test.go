package tree

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The answers are those of git log, on a history with merges, renames, deletions, files that become folders, mode
// changes and clocks that go wrong.
func TestLastChangedIsGits(t *testing.T) {
	r := newRepo(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	file := func() string {
		return []string{"a", "a.b", "a-b/c", "d/e", "d/f/g", "d.x", "h/i/j/k"}[rnd.IntN(7)] + strconv.Itoa(rnd.IntN(3))
	}
	for i := range 60 {
		switch {
		case i%10 == 5:
			r.git("checkout", "-q", "-b", fmt.Sprint("side", i), "HEAD~"+strconv.Itoa(rnd.IntN(4)))
			r.commit(map[string]string{fmt.Sprint("side/", i): "x"})
			r.git("checkout", "-q", "main")
			r.git("merge", "-q", "--no-ff", "-m", "merge", fmt.Sprint("side", i))
		case i%10 == 7:
			r.git("rm", "-q", "-r", "--ignore-unmatch", file())
			r.commit(nil)
		case i == 30:
			r.git("rm", "-q", "-r", "--ignore-unmatch", "d")
			r.commit(map[string]string{"d": "a file now"})
		case i > 30 && i < 34:
			r.commit(map[string]string{"a0": strconv.Itoa(i)})
		case i == 34:
			r.git("rm", "-q", "d")
			r.commit(map[string]string{"d/e0": "a folder again"})
		case i == 40:
			r.write(map[string]string{"exec": "1"})
			r.commit(nil)
		case i == 44:
			r.git("update-index", "--chmod=+x", "exec")
			r.git("commit", "-q", "-m", "mode")
			r.git("checkout", "-q", "--", "exec")
		case i == 50:
			r.now = epoch.AddDate(-20, 0, 0)
			r.commit(map[string]string{"wrong clock": "1"})
			r.now = epoch.Add(100 * time.Hour)
		default:
			r.commit(map[string]string{file(): strconv.Itoa(i)})
		}
	}
	for _, packed := range []bool{false, true} {
		if packed {
			r.git("gc", "-q", "--aggressive", "--prune=now")
		}
		tr := open(t, r.dir, Options{})
		var paths []string
		want := map[string]time.Time{}
		for _, f := range tr.Files() {
			paths = append(paths, f.Path)
			seconds, err := strconv.ParseInt(r.git("log", "--first-parent", "-m", "--format=%ct", "-1", "--", f.Path), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			want[f.Path] = time.Unix(seconds, 0).UTC()
		}
		if len(paths) < 15 {
			t.Fatalf("only %d files, which proves little", len(paths))
		}
		got, err := tr.LastChanged(append(paths, "no such file", paths[0]), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Errorf("got %d answers, want %d", len(got), len(want))
		}
		for p, w := range want {
			if !got[p].Equal(w) {
				t.Errorf("%s: got %v, want %v", p, got[p], w)
			}
		}
	}
}

func TestLastChangedSince(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"old": "1"})
	for i := range slack + 5 {
		r.commit(map[string]string{"busy": strconv.Itoa(i)})
	}
	since := r.now
	r.now = epoch.AddDate(-1, 0, 0) // one wrong clock does not end the walk
	r.commit(map[string]string{"busy": "wrong clock"})
	r.now = since.Add(time.Hour)
	r.commit(map[string]string{"new": "1"})
	got, err := open(t, r.dir, Options{}).LastChanged([]string{"old", "new", "busy"}, since)
	if err != nil {
		t.Fatal(err)
	}
	if _, answered := got["old"]; answered || !got["new"].Equal(since.Add(time.Hour)) {
		t.Errorf("got %v", got)
	}
}

// Beyond the boundary of a shallow clone nothing is known, and a file is not "last changed at the boundary".
func TestLastChangedShallow(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"old": "1"})
	r.commit(map[string]string{"mid": "1"})
	r.commit(map[string]string{"new": "1"})
	got, err := open(t, r.cloneURL("--depth=2"), Options{}).LastChanged([]string{"old", "mid", "new"}, time.Time{})
	if err != nil || len(got) != 1 || !got["new"].Equal(epoch.Add(2*time.Hour)) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestParseTime(t *testing.T) {
	for in, want := range map[string]int64{
		"C <c@example.org> 1700000000 +0100": 1700000000,
		"C > D <c> 1700000000 -0000":         1700000000,
		"C <c> -5 +0000":                     0,
		"C <c> 99999999999999999999 +0000":   0,
		"C <c> 999999999999999 +0000":        0, // RFC 3339 has no such year
		"C <c>":                              0,
		"":                                   0,
	} {
		if got := parseTime([]byte(in)); got.Unix() != want {
			t.Errorf("%q: got %v, want %d", in, got, want)
		}
	}
}

func FuzzEntries(f *testing.F) {
	id := strings.Repeat("\x01", 20)
	f.Add([]byte("100644 a\x00"+id+"40000 b\x00"+id), []byte("100644 a\x00"+id))
	f.Add([]byte("40000 \x00"+id), []byte(""))
	f.Add([]byte("100644 a\x00short"), []byte("160000 sub\x00"+id))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		total := 0
		for rest := a; len(rest) > 0; {
			e, next, ok := nextEntry(rest)
			if !ok {
				break
			}
			if len(e.name) == 0 || len(e.id) != 20 || len(next) >= len(rest) {
				t.Fatalf("entry %+v of %q", e, rest)
			}
			total += len(e.raw)
			if _, left, ok := seek(b, e); ok && len(left) > len(b) {
				t.Fatal("seek grew the tree")
			}
			if e.compareOrder(e) != 0 {
				t.Fatal("an entry does not equal itself")
			}
			rest = next
		}
		if total > len(a) {
			t.Fatal("entries are longer than the tree")
		}
		_, _ = parseCommit(a)
		_, _ = parseTag(a)
	})
}
