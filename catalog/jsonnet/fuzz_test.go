package jsonnet

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

func FuzzNextFrame(f *testing.F) {
	var whole bytes.Buffer
	_ = writeFrame(&whole, dataFrame, []byte("text"))
	f.Add(whole.Bytes())
	f.Add([]byte{'D', 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte("Hello, world"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 16
		r := bytes.NewReader(data)
		var again bytes.Buffer
		for {
			kind, payload, err := nextFrame(r, limit)
			if err != nil {
				break
			}
			if len(payload) > limit {
				t.Fatalf("%d bytes beyond the limit", len(payload))
			}
			if err := writeFrame(&again, kind, payload); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.HasPrefix(data, again.Bytes()) {
			t.Errorf("%q became %q", data, again.Bytes())
		}
	})
}

func FuzzParsePlace(f *testing.F) {
	for _, s := range []string{
		"a/b.libsonnet:1:2-3 Unexpected", "x:1:2 Expected", "x:(1:2)-(3:4) Unknown variable", "x:1:0-", "no place", "a:b:1:2 c", ":1:1 ", "x:99999999999999999999:1 y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, message, ok := parsePlace(s)
		if !ok && (message != s || !at.IsZero()) {
			t.Errorf("%q: no place, and %q, %v", s, message, at)
		}
		if ok && (at.File == "" || at.Line < 1 || at.Col < 0 || !strings.HasPrefix(s, at.File+":") || !strings.HasSuffix(s, message)) {
			t.Errorf("%q: %v, %q", s, at, message)
		}
		if short := oneLine(s); strings.Contains(short, "\n") || len(short) > longestMessage+len("…") {
			t.Errorf("%q is no line", short)
		}
	})
}

// FuzzRun evaluates hostile programs. Whatever they are, the outcome is JSON or a gap, and places are those of lines that
// are there.
func FuzzRun(f *testing.F) {
	for _, code := range []string{
		`{a: 1, "title": "x"}`, `local a = import "lib"; a + {title: "ü" + a.b}`, `[importstr "lib", importbin "lib"]`, "{title: |||\n  x\n|||}", `function(x) x`,
		`std.native("parsePlaced")("lib")`, `std.native("glob")("**")`, `error "x"`, `import "../../x"`, `std.extVar("a")`, "\xff\x00", `{title: "%s%d" % ["a", 1]}`, strings.Repeat("[", 3000),
		`{[k]: {title: k} for k in ["a", "b"]}`, `std.trace("x", {assert false : "no"})`, `@"title" + 'x'`, `std.native("place")("lib", ["b"])`,
	} {
		f.Add(code)
	}
	r := New(Options{Timeout: 2 * time.Second, MemoryBytes: 128 << 20})
	f.Fuzz(func(t *testing.T, code string) {
		files := folder{"main.jsonnet": code, "lib": "{\n  b: 'lib',\n}"}
		out, gap := r.Run(context.Background(), files, Program{File: "main.jsonnet", Natives: true, Locate: []string{"title"}})
		check := func(at catalog.Place) {
			text, known := files[at.File]
			if !known || at.Line < 0 || at.Line > strings.Count(text, "\n")+1 || at.Col < 0 {
				t.Errorf("%q: %v is no place", code, at)
			}
		}
		if gap != nil {
			check(gap.At)
			if gap.Cause == "" || gap.Detail == "" || strings.Contains(gap.Detail, "fault of obsready") {
				t.Errorf("%q: %v", code, gap)
			}
			return
		}
		if !json.Valid(out.JSON) {
			t.Errorf("%q: %q is no JSON", code, out.JSON)
		}
		for _, l := range out.Literals {
			check(l.At)
		}
		for _, p := range out.Reads {
			check(catalog.Place{File: p})
		}
	})
}
