// Package tomldoc turns TOML text into structs and says, at line and column, what of the text they do not take: keys
// that no struct knows, values of another type, values outside their set. The same struct tags that steer the decoding
// also give the written reference and the JSON Schema of a format, so the three cannot disagree. The package knows
// nothing of what the keys mean.
//
// github.com/BurntSushi/toml reads the values; github.com/pelletier/go-toml/v2/unstable, whose interface is not
// promised to stay, only says where keys and values stand. See [Keys] for the tags.
package tomldoc

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Problem is something in a TOML file that could not be taken over. Its kinds of evidence are left to the caller.
type Problem struct {
	catalog.Gap
	Path    string // of the key: "signals.metrics", "journey[1].slo"; "" when the file does not parse
	Nearest string // the known key that an unknown one was probably meant to be, "" for none
}

// File is a TOML file that parses.
type File struct {
	name    string
	values  map[string]any
	root    *node
	objects bool // it was no TOML: messages speak of objects and arrays, and have no headers to name
}

// Decode parses a file and decodes it into v, a pointer to a struct. All that can be taken over is, whatever the
// problems with the rest. The File is never nil; of a file that does not parse it is empty.
func Decode(file string, data []byte, v any) (*File, []Problem) {
	f, problem := Parse(file, data)
	if problem != nil {
		return f, []Problem{*problem}
	}
	return f, f.Decode(v)
}

// Parse parses a file. The problem, when there is one, is that of its syntax; the File is never nil.
func Parse(name string, data []byte) (*File, *Problem) {
	f := &File{name: name, root: &node{at: catalog.Place{File: name, Line: 1, Col: 1}}}
	fail := func(cause catalog.Cause, line, col int, detail string) (*File, *Problem) {
		return f, &Problem{Gap: catalog.Gap{At: catalog.Place{File: name, Line: line, Col: col}, Cause: cause, Detail: detail, Names: document.Words(string(data))}}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		_, problem := fail(catalog.Encoding, 0, 0, "the file is not UTF-8 text. save it as UTF-8")
		problem.Names = nil
		return f, problem
	}
	lines := newLineIndex(data)
	if offset, what := tooMuch(data); what != "" {
		line, col := lines.position(offset)
		return fail(catalog.TooDeep, line, col, what)
	}
	if _, err := toml.Decode(string(data), &f.values); err != nil {
		f.values = nil // what stood before the error is no whole entry
		offset, message := syntaxError(err)
		line, col := lines.position(offset)
		return fail(catalog.Syntax, line, col, message)
	}
	readPlaces(f.root, name, data, lines)
	return f, nil
}

// syntaxError gives the byte at which the parser stopped and its message without the position.
func syntaxError(err error) (offset int, message string) {
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return 0, strings.TrimPrefix(err.Error(), "toml: ")
	}
	message = parse.Message
	if message == "" {
		_, message, _ = strings.Cut(strings.TrimPrefix(parse.Error(), "toml: "), ": ")
	}
	return parse.Position.Start, message
}

// Has reports whether the file has the given key at the top.
func (f *File) Has(key string) bool {
	_, ok := f.values[key]
	return ok
}

// HasTables reports whether the given key at the top holds an array of tables, as `[[key]]` makes it.
func (f *File) HasTables(key string) bool {
	switch v := f.values[key].(type) {
	case []map[string]any:
		return true
	case []any:
		return len(v) > 0 && isTable(v[0])
	}
	return false
}

func isTable(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// At gives the place of a value by keys (string) and array indexes (int), as in At("site", 0, "url"); of a table that
// is its header, of a value its first character. What is not in the file stands where the nearest table around it does,
// at the top in line 1.
func (f *File) At(path ...any) catalog.Place {
	n, at := f.root, f.root.at
	for _, step := range path {
		n = n.step(step)
		if n == nil {
			break
		}
		at = n.at.Or(at)
	}
	return at
}

// KeyAt is like At and gives the place of the last key itself.
func (f *File) KeyAt(path ...any) catalog.Place {
	n := f.root
	for _, step := range path {
		if n = n.step(step); n == nil {
			return f.At(path...)
		}
	}
	return n.key.Or(f.At(path...))
}

// pathString writes a path as messages show it.
func pathString(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, step)
		}
	}
	return b.String()
}

// header writes the header of the table at a path: [signals], [[site]].
func header(path []any) string {
	keys := slices.DeleteFunc(slices.Clone(path), func(step any) bool { _, isIndex := step.(int); return isIndex })
	if _, isItem := path[len(path)-1].(int); isItem {
		return "[[" + pathString(keys) + "]]"
	}
	return "[" + pathString(keys) + "]"
}
