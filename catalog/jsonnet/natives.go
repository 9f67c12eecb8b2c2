package jsonnet

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	engine "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// Natives documents the functions that a program with Natives can call with std.native("name").
//
// Paths are relative to the program's Root; places are told from the tree's root, as "file:line:col". A file that is not
// there, cannot be read, or does not parse ends the program with an error at its place.
const Natives = `glob(pattern)          the paths that a pattern matches, in order: "services/**/*.yaml", "{a,b}/*.toml"
readText(path)         the text of a file
lines(path)            its lines, without their ends
parse(path)            the value of a file: TOML and JSON by its ending, YAML else. A file of several YAML documents is an error that names parseAll
parseAll(path)         an array of its documents. Documents that do not parse are left out and reported as gaps
parsePlaced(path)      as parse, where every map has one more key, "@place", with the place where it begins. Leave it out when you go over the keys: [k for k in std.objectFields(m) if k != "@place"]
parseAllPlaced(path)   as parseAll, likewise
place(path, keys)      the place of a value, as in place("services.yaml", ["services", 3, "owner"]). In a file of several documents the first key is the number of the document`

// placeKey is the key that parsePlaced adds to maps.
const placeKey = "@place"

// natives gives the functions as the engine wants them.
func (e *evaluation) natives() []*engine.NativeFunction {
	onPath := func(name string, f func(p string) (any, error)) *engine.NativeFunction {
		return &engine.NativeFunction{Name: name, Params: ast.Identifiers{"path"}, Func: func(args []any) (any, error) {
			p, ok := args[0].(string)
			if !ok {
				return nil, fmt.Errorf("%s wants a path and got %v. write it as in std.native(%q)(\"services.yaml\")", name, kindOf(args[0]), name)
			}
			return f(p)
		}}
	}
	return []*engine.NativeFunction{
		onPath("glob", e.nativeGlob),
		onPath("readText", func(p string) (any, error) { return e.text(p) }),
		onPath("lines", e.lines),
		onPath("parse", func(p string) (any, error) { return e.parse(p, false) }),
		onPath("parsePlaced", func(p string) (any, error) { return e.parse(p, true) }),
		onPath("parseAll", func(p string) (any, error) { return e.parseAll(p, false) }),
		onPath("parseAllPlaced", func(p string) (any, error) { return e.parseAll(p, true) }),
		{Name: "place", Params: ast.Identifiers{"path", "keys"}, Func: e.place},
	}
}

func (e *evaluation) nativeGlob(pattern string) (any, error) {
	paths, err := e.glob(pattern)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(paths))
	for i, p := range paths {
		values[i] = p
	}
	return values, nil
}

func (e *evaluation) text(p string) (string, error) {
	data, err := e.read(p)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(data) {
		return "", fmt.Errorf("%q is not UTF-8 text. save it as UTF-8", p)
	}
	return strings.TrimPrefix(string(data), "\ufeff"), nil
}

func (e *evaluation) lines(p string) (any, error) {
	text, err := e.text(p)
	if err != nil {
		return nil, err
	}
	lines := []any{}
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimRight(line, "\r\n"))
	}
	return lines, nil
}

// parse gives the one value of a file.
func (e *evaluation) parse(p string, placed bool) (any, error) {
	f, err := e.file(p)
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.gaps) > 0:
		return nil, fmt.Errorf("%s: %s", f.gaps[0].At, f.gaps[0].Detail)
	case len(f.roots) == 0:
		return nil, nil
	case len(f.roots) > 1:
		return nil, fmt.Errorf("%q holds %d documents. take them with std.native(\"parseAll\")(%q)", p, len(f.roots), p)
	}
	return f.roots[0].value(placed), nil
}

// parseAll gives every document of a file that parses.
func (e *evaluation) parseAll(p string, placed bool) (any, error) {
	f, err := e.file(p)
	if err != nil {
		return nil, err
	}
	e.gaps = append(e.gaps, f.gaps...)
	values := []any{}
	for _, root := range f.roots {
		values = append(values, root.value(placed))
	}
	return values, nil
}

// place gives where a value stands.
func (e *evaluation) place(args []any) (any, error) {
	p, isPath := args[0].(string)
	keys, isList := args[1].([]any)
	if !isPath || !isList {
		return nil, fmt.Errorf("place wants a path and a list of keys and got %s and %s. write it as in std.native(\"place\")(\"services.yaml\", [\"services\", 3, \"owner\"])", kindOf(args[0]), kindOf(args[1]))
	}
	f, err := e.file(p)
	if err != nil {
		return nil, err
	}
	at, err := f.place(keys)
	if err != nil {
		return nil, err
	}
	return at.String(), nil
}

func keyPath(keys []any) string {
	parts := make([]string, len(keys))
	for i, key := range keys {
		parts[i] = fmt.Sprintf("%v", key)
		if name, ok := key.(string); ok {
			parts[i] = strconv.Quote(name)
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// kindOf names the kind of a value as jsonnet does.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	}
	return "an object"
}
