package jsonnet

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

func TestMain(m *testing.M) {
	BecomeChild()
	os.Exit(m.Run())
}

// folder is a tree in memory.
type folder map[string]string

func (f folder) Read(p string) ([]byte, bool, error) {
	if text, ok := f[p]; ok && text == "unreadable" {
		return nil, false, Unread{catalog.Gap{Cause: catalog.MissingObject, Detail: "the clone does not hold it"}}
	}
	text, ok := f[p]
	return []byte(text), ok, nil
}
func (f folder) Paths() []string    { return slices.Sorted(maps.Keys(f)) }
func (f folder) Hash(string) string { return "" }

func evaluate(t *testing.T, f folder, p Program) (Output, *catalog.Gap) {
	t.Helper()
	if p.File == "" {
		p.File = "main.jsonnet"
	}
	return New(Options{Timeout: time.Minute}).Run(context.Background(), f, p)
}

// compact gives JSON without blanks.
func compact(t *testing.T, data []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("output is no JSON: %v: %q", err, data)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRun(t *testing.T) {
	tests := []struct {
		name    string
		files   folder
		program Program
		want    string
		reads   string
	}{
		{"plain", folder{"main.jsonnet": `{a: 1 + 1}`}, Program{}, `{"a":2}`, "main.jsonnet"},
		{"beside the importing file first", folder{
			"main.jsonnet": `(import "lib/a.libsonnet") + {x: importstr "x"}`, "lib/a.libsonnet": `{a: import "b.libsonnet"}`,
			"lib/b.libsonnet": `"near"`, "b.libsonnet": `"far"`, "x": "text",
		}, Program{}, `{"a":"near","x":"text"}`, "lib/a.libsonnet lib/b.libsonnet main.jsonnet x"},
		{"vendor folders in their order", folder{
			"a/main.jsonnet": `[import "lib/x", import "lib/y"]`, "a/vendor/lib/x": `"a"`, "vendor/lib/x": `"top"`, "vendor/lib/y": `"top"`,
		}, Program{File: "a/main.jsonnet", Vendor: []string{"a/vendor", "vendor"}}, `["a","top"]`, "a/main.jsonnet a/vendor/lib/x vendor/lib/y"},
		{"other names of libraries", folder{
			"main.jsonnet": `import "builder/x.libsonnet"`, "vendor/github.com/o/r/builder/x.libsonnet": `import "../y"`, "vendor/github.com/o/r/y": `1`,
		}, Program{Vendor: []string{"vendor"}, Alias: map[string]string{"builder": "github.com/o/r/builder"}}, `1`,
			"main.jsonnet vendor/github.com/o/r/builder/x.libsonnet vendor/github.com/o/r/y"},
		{"the same file under two names", folder{"main.jsonnet": `[import "x", import "./x", import "a/../x", importstr "x"]`, "x": `1`}, Program{}, `[1,1,1,"1"]`, "main.jsonnet x"},
		{"code in place of a file", folder{"a/x": `1`}, Program{File: "a/made", Code: `import "x"`}, `1`, "a/x"},
		{"inputs", folder{"main.jsonnet": `std.extVar("a").b`}, Program{Inputs: map[string]string{"a": `{"b": [1]}`}}, `[1]`, "main.jsonnet"},
		{"top level function with defaults", folder{"main.jsonnet": `function(a=1) a`}, Program{}, `1`, "main.jsonnet"},
		{"trace is dropped", folder{"main.jsonnet": `std.foldl(function(a, b) std.trace("x" + b, a), std.range(1, 20000), 7)`}, Program{}, `7`, "main.jsonnet"},
		{"bytes", folder{"main.jsonnet": `std.length(importbin "x")`, "x": "\xff\x00\xfe"}, Program{}, `3`, "main.jsonnet x"},
		{"imports that are not evaluated are not read", folder{"main.jsonnet": `{a:: import "missing", b: 1}`}, Program{}, `{"b":1}`, "main.jsonnet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, gap := evaluate(t, tt.files, tt.program)
			if gap != nil {
				t.Fatal(gap)
			}
			if got := compact(t, out.JSON); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := strings.Join(out.Reads, " "); got != tt.reads {
				t.Errorf("reads %s, want %s", got, tt.reads)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		files  folder
		want   string // of the gap, as reports print it
		needs  string
		vendor []string
	}{
		{"syntax", folder{"main.jsonnet": "{\n  a: [1,\n}"}, `main.jsonnet:3:1: syntax: unexpected: "}" while parsing terminal`, "", nil},
		{"syntax of an import", folder{"main.jsonnet": "\nimport 'x'", "x": "{ü: 1, }"}, `x:1:2: syntax: could not lex the character '\u00fc'`, "", nil},
		{"column in characters", folder{"main.jsonnet": `local s = "üü"; error s`}, `main.jsonnet:1:17: failed: üü`, "", nil},
		{"error of the program", folder{"main.jsonnet": "import 'x'", "x": "\n  error 'first\nsecond'"}, `x:2:3: failed: first`, "", nil},
		{"error without text", folder{"main.jsonnet": "error ''"}, `main.jsonnet:1:1: failed: the program ends with an error that has no text`, "", nil},
		{"in a library", folder{"main.jsonnet": "\n(import 'l/x')(1)", "vendor/l/x": "function(a) a.b"},
			`vendor/l/x:1:13: failed: Value non indexable: Number (called from main.jsonnet:2:1)`, "", []string{"vendor"}},
		{"no such file", folder{}, `main.jsonnet: unreachable: there is no file "main.jsonnet"`, "", nil},
		{"missing import", folder{"a": "", "main.jsonnet": "{a: import 'b'}"},
			`main.jsonnet:1:5: unreachable: the import "b" of "main.jsonnet" is not in the catalog. commit the file, or run "jb install" and commit vendor/ when a library brings it`, "", nil},
		{"missing library", folder{"main.jsonnet": "import 'github.com/o/r/x'"},
			`main.jsonnet:1:1: unreachable: the library file "github.com/o/r/x" that "main.jsonnet" imports is not in the catalog. run "jb install" and commit vendor/, or keep the rendered files in the catalog`, "", nil},
		{"absolute import", folder{"main.jsonnet": "importstr '/etc/passwd'"},
			`main.jsonnet:1:1: hostile name: the import "/etc/passwd" is an absolute path, and imports are read from the catalog only. copy the file into it`, "", nil},
		{"import beyond the root", folder{"main.jsonnet": "importstr 'a/../../../etc/passwd'"},
			`main.jsonnet:1:1: hostile name: the import "a/../../../etc/passwd" in "main.jsonnet" leads out of the catalog, and imports are read from it only. copy the file into it`, "", nil},
		{"web address", folder{"main.jsonnet": "import 'https://x/y'"},
			`main.jsonnet:1:1: hostile name: the import "https://x/y" is a web address, and imports are read from the catalog only. copy the file into it`, "", nil},
		{"unreadable", folder{"main.jsonnet": "import 'x'", "x": "unreadable"}, `main.jsonnet:1:1: missing object: "x" could not be read: the clone does not hold it`, "", nil},
		{"import cycle", folder{"main.jsonnet": "import 'x'", "x": "import 'y'", "y": "import 'x'"},
			`x:1:1: too deep: the program recurses without end, or deeper than jsonnet allows. ` + wayOut, "", nil},
		{"external variable", folder{"main.jsonnet": "std.extVar('cluster')"}, `main.jsonnet:1:1: failed: Undefined external variable: cluster`, `the external variable "cluster"`, nil},
		{"argument", folder{"main.jsonnet": "function(cluster) cluster"}, `main.jsonnet: failed: Missing argument: cluster`, `the argument "cluster"`, nil},
		{"argument of an inner function", folder{"main.jsonnet": "(function(cluster) cluster)()"}, `main.jsonnet:1:1: failed: Missing argument: cluster`, ``, nil},
		{"native function", folder{"main.jsonnet": "std.native('helmTemplate')('a')"}, `main.jsonnet:1:1: failed: the program calls the native function "helmTemplate" of another tool. keep the rendered files in the catalog`, `the native function "helmTemplate"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, gap := evaluate(t, tt.files, Program{Vendor: tt.vendor})
			if gap == nil {
				t.Fatalf("no gap, output %s", out.JSON)
			}
			if gap.String() != tt.want {
				t.Errorf("got  %s\nwant %s", gap, tt.want)
			}
			if out.Needs != tt.needs {
				t.Errorf("needs %q, want %q", out.Needs, tt.needs)
			}
		})
	}
}

func TestForeignChild(t *testing.T) {
	for _, executable := range []string{"/bin/echo", "/bin/cat", "/bin/true", "/no/such/file"} {
		_, gap := New(Options{Executable: executable, Timeout: time.Minute}).Run(context.Background(), folder{"main.jsonnet": `1`}, Program{File: "main.jsonnet"})
		if gap == nil || gap.Cause != catalog.Failed {
			t.Errorf("%s: got %v", executable, gap)
		}
	}
}
