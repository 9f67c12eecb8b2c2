package tree

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestLogIsGits(t *testing.T) {
	r := busyRepo(t, 24)
	var want []string
	for line := range strings.Lines(r.git("log", "--first-parent", "--format=%H %ct %s")) {
		want = append(want, strings.TrimSpace(line))
	}
	commits, whole, err := open(t, r.dir, Options{}).Log(time.Time{})
	if err != nil || !whole {
		t.Fatal(whole, err)
	}
	var got []string
	for _, c := range commits {
		got = append(got, fmt.Sprintf("%s %d %s", c.Hash, c.Time.Unix(), c.Subject))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// hours gives the times of commits as hours after the epoch.
func hours(commits []Commit) string {
	var all []string
	for _, c := range commits {
		all = append(all, fmt.Sprint(int(c.Time.Sub(epoch).Hours())))
	}
	return strings.Join(all, " ")
}

func TestLogEnds(t *testing.T) {
	r := newRepo(t)
	for i := range 6 {
		r.commit(map[string]string{"f": fmt.Sprint(i)})
	}
	then := r.now
	r.now = epoch.Add(-1000 * time.Hour)
	r.commit(map[string]string{"f": "wrong clock"})
	r.now = then
	r.commit(map[string]string{"f": "6"})
	at := func(h int) time.Time { return epoch.Add(time.Duration(h) * time.Hour) }
	check := func(tr *Tree, since time.Time, want string, wantWhole bool) {
		t.Helper()
		commits, whole, err := tr.Log(since)
		if got := hours(commits); got != want || whole != wantWhole || err != nil {
			t.Errorf("since %v: got %q, whole %t, %v", since, got, whole, err)
		}
	}
	tr := open(t, r.dir, Options{})
	check(tr, at(3), "6 -1000 5 4 3 2", true)
	check(tr, at(6), "6 -1000", true) // nothing tells that this clock is wrong
	check(tr, at(7), "6", true)
	check(tr, at(-5), "6 -1000 5 4 3 2 1 0", true)
	check(tr, time.Time{}, "6 -1000 5 4 3 2 1 0", true)
	shallow := open(t, r.cloneURL("--depth=4"), Options{})
	check(shallow, at(5), "6 -1000 5 4", true)
	check(shallow, at(4), "6 -1000 5 4", false)
	check(shallow, at(1), "6 -1000 5 4", false)
	check(inMemory(map[string]string{"f": "1"}), at(1), "", true)
	r.write(map[string]string{"f": "not committed"})
	check(open(t, r.dir, Options{WorkTree: true}), at(7), "6", true)
}

func TestAsOf(t *testing.T) {
	r := newRepo(t)
	r.commit(map[string]string{"f": "0"})
	r.commit(map[string]string{"f": "1"})
	r.now = epoch.Add(-1000 * time.Hour)
	r.commit(map[string]string{"f": "wrong clock"})
	r.now = epoch.Add(3 * time.Hour)
	for i := 3; i < 8; i++ {
		r.commit(map[string]string{"f": fmt.Sprint(i)})
	}
	at := func(h float64) time.Time { return epoch.Add(time.Duration(h * float64(time.Hour))) }
	head := open(t, r.dir, Options{})
	for when, want := range map[float64]string{2.5: "wrong clock", 0.5: "0", 0: "0", 3: "3", 6.5: "6", 100: "7"} {
		tr, err := head.AsOf(at(when))
		if err != nil {
			t.Errorf("%v: %v", when, err)
			continue
		}
		if got := contents(t, tr)["f"]; got != want {
			t.Errorf("%v: got %q, want %q", when, got, want)
		}
		tr.Close()
	}
	var beyond *BeyondError
	if _, err := head.AsOf(at(-2)); !errors.As(err, &beyond) || beyond.Cut || !beyond.First.Equal(epoch) {
		t.Errorf("before the first commit: %v", err)
	}
	shallow := open(t, r.cloneURL("--depth=3"), Options{})
	if _, err := shallow.AsOf(at(4.5)); !errors.As(err, &beyond) || !beyond.Cut || !beyond.First.Equal(at(5)) {
		t.Errorf("beyond a shallow clone: %v", err)
	}
	if _, err := inMemory(nil).AsOf(epoch); err == nil {
		t.Error("a tree in memory has no commits")
	}
}

func TestSubject(t *testing.T) {
	for raw, want := range map[string]string{
		"tree x\n\nAdd it\n\nFor reasons":                     "Add it",
		"tree x\n\n\n  Add\tit \r\nmore":                      "Add it",
		"tree x\n\n\x1b[31mred\x07 \u202ehidden\u2028":        "[31mred hidden",
		"tree x\n\n\xff\xfe latin":                            "\uFFFD latin",
		"tree x\n\n":                                          "",
		"tree x\n":                                            "",
		"tree x\n\n" + strings.Repeat("é", 300):               strings.Repeat("é", maxSubject-1) + "…",
		"tree x\ngpgsig a\n b\n\nSigned <b>|=1\n":             "Signed <b>|=1",
		"tree x\n\n" + strings.Repeat("a", 50_000) + "\nmore": strings.Repeat("a", maxSubject-1) + "…",
	} {
		if got := subjectOf([]byte(raw)); got != want {
			t.Errorf("%.40q: got %q, want %q", raw, got, want)
		}
	}
}

func FuzzSubject(f *testing.F) {
	f.Add([]byte("tree x\n\nAdd it\n"))
	f.Add([]byte("\n\n\xe2\x80\xae\xe2"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := subjectOf(raw)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxSubject || strings.ContainsFunc(got, unprintable) {
			t.Errorf("%q gives %q", raw, got)
		}
	})
}
