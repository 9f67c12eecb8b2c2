package jsonwalk

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestWalk(t *testing.T) {
	const text = "{\n \"name\": \"ä\", \"list\": [1, {\"x\": true}, \"s\"],\n \"skipped\": {\"deep\": [[]]}, \"version\": 1.4}"
	w := New([]byte(text))
	var name, version string
	items, at := 0, 0
	err := w.Object(func(key string) (err error) {
		switch key {
		case "name":
			name, _, err = w.Scalar()
		case "version":
			version, at, err = w.Scalar()
		case "list":
			return w.Array(func() error { items++; return w.Skip() })
		default:
			return w.Object(func(string) error { return w.Skip() })
		}
		return err
	})
	if err != nil || w.End() != nil {
		t.Fatalf("got error %v", err)
	}
	if name != "ä" || version != "1.4" || items != 3 {
		t.Errorf("got name %q, version %q, %d items", name, version, items)
	}
	if p := Place("f", []byte(text), at); p.Line != 3 || p.Col != 40 {
		t.Errorf("the version is at %v, want 3:40", p)
	}
}

func TestOtherShapesArePassedOver(t *testing.T) {
	w := New([]byte(`[{"a": 1}, [2], "x", null]`))
	var scalars []string
	err := w.Array(func() error {
		value, _, err := w.Scalar()
		scalars = append(scalars, value)
		return err
	})
	if err != nil || strings.Join(scalars, "|") != "||x|" {
		t.Errorf("got %q and error %v", scalars, err)
	}
}

func TestBrokenText(t *testing.T) {
	for _, text := range []string{`{"a": `, `{"a": [1, 2`, `{"a" 1}`, `{} {}`, strings.Repeat("[", 20_000)} {
		w := New([]byte(text))
		err := w.Object(func(string) error { return w.Array(func() error { return w.Skip() }) })
		if err == nil {
			err = w.End()
		}
		if err == nil || Reason(err) == "" {
			t.Errorf("%.20q: no error", text)
		}
	}
}

func TestFromJSON5(t *testing.T) {
	for in, want := range map[string]string{
		"{a: 1, // note\n 'b': \"it's\",}":          "{\"a\": 1,        \n \"b\": \"it's\" }",
		"/* x\n y */ [1, 2, ]":                      "    \n      [1, 2  ]",
		`{"a": 'say "x" \'y\' \x41'}`:               `{"a": "say \"x\" 'y' \u0041"}`,
		"{a: 'x\\\ny', b: true}":                    "{\"a\": \"xy\"\n, \"b\": true}",
		`{"url": "http://x/*y*/", n: -1.5e3}`:       `{"url": "http://x/*y*/", "n": -1.5e3}`,
		`{n: 0xFF, m: Infinity, o: .5, true: null}`: `{"n": "0xFF", "m": "Infinity", "o": ".5", "true": null}`,
	} {
		got := string(FromJSON5([]byte(in)))
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%q: %q is no JSON", in, got)
		}
	}
}

func FuzzFromJSON5(f *testing.F) {
	f.Add([]byte("{a: 'b', // c\n}"))
	f.Add([]byte(`{"a": [1, 2.5, "x\u00e4\\"], "b": {"c": null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got := FromJSON5(data)
		if len(got) > 8*len(data)+8 {
			t.Fatalf("%d bytes became %d", len(data), len(got))
		}
		if !json.Valid(data) {
			return
		}
		if !json.Valid(got) {
			t.Fatalf("JSON %q became %q", data, got)
		}
		if bytes.Count(data, []byte("\n")) != bytes.Count(got, []byte("\n")) {
			t.Fatalf("%q has other lines than %q", got, data)
		}
	})
}
