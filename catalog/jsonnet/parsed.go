package jsonnet

import (
	"fmt"
	"math"
	"path"
	"strconv"
	"time"

	"github.com/BurntSushi/toml"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/tomldoc"
)

// parsedFile is what a file holds.
type parsedFile struct {
	path  string
	roots []parsedValue
	gaps  []catalog.Gap
}

// parsedValue is a document of YAML or JSON, or one of TOML.
type parsedValue struct {
	node *document.Node
	toml map[string]any
	file *tomldoc.File
}

// file reads and parses a file.
func (e *evaluation) file(p string) (*parsedFile, error) {
	if f, known := e.files[p]; known {
		return f, nil
	}
	data, err := e.read(p)
	if err != nil {
		return nil, err
	}
	f := parseFile(p, path.Join(e.task.Program.Root, p), data)
	if e.files == nil {
		e.files = map[string]*parsedFile{}
	}
	e.files[p] = f
	return f, nil
}

func parseFile(p, full string, data []byte) *parsedFile {
	f := &parsedFile{path: p}
	var docs []document.Document
	switch path.Ext(p) {
	case ".toml":
		file, problem := tomldoc.Parse(full, data)
		if problem != nil {
			f.gaps = []catalog.Gap{problem.Gap}
			return f
		}
		var values map[string]any
		if _, err := toml.Decode(string(data), &values); err != nil {
			f.gaps = []catalog.Gap{{At: catalog.Place{File: full}, Cause: catalog.Syntax, Detail: err.Error()}}
			return f
		}
		f.roots = []parsedValue{{toml: values, file: file}}
		return f
	case ".json":
		docs, f.gaps = document.ParseJSON(full, data)
	default:
		docs, f.gaps = document.ParseYAML(full, data)
	}
	for _, d := range docs {
		f.roots = append(f.roots, parsedValue{node: d.Root})
	}
	return f
}

// value gives a document as the engine takes it.
func (v parsedValue) value(placed bool) any {
	if v.file != nil {
		return v.tomlValue(v.toml, nil, placed)
	}
	return nodeValue(v.node, placed)
}

func nodeValue(n *document.Node, placed bool) any {
	switch n.Kind {
	case document.Map:
		m := make(map[string]any, len(n.Pairs)+1)
		for _, pair := range n.Pairs {
			m[pair.Key.Value] = nodeValue(pair.Value, placed)
		}
		if placed {
			m[placeKey] = n.At.String()
		}
		return m
	case document.List:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = nodeValue(item, placed)
		}
		return items
	}
	return scalarValue(n)
}

// scalarValue gives a scalar as a value of JSON. What JSON has no value for, such as .inf, stays text.
func scalarValue(n *document.Node) any {
	switch n.Tag {
	case "null":
		return nil
	case "bool":
		return n.Bool()
	case "int":
		if i, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			return float64(i)
		}
		return number(n.Value)
	case "float":
		return number(n.Value)
	}
	return n.Value
}

func number(text string) any {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return text
	}
	return f
}

func (v parsedValue) tomlValue(value any, keys []any, placed bool) any {
	switch value := value.(type) {
	case map[string]any:
		m := make(map[string]any, len(value)+1)
		for key, inner := range value {
			m[key] = v.tomlValue(inner, append(keys[:len(keys):len(keys)], key), placed)
		}
		if placed {
			m[placeKey] = v.file.At(keys...).String()
		}
		return m
	case []map[string]any:
		items := make([]any, len(value))
		for i := range value {
			items[i] = v.tomlValue(value[i], append(keys[:len(keys):len(keys)], i), placed)
		}
		return items
	case []any:
		items := make([]any, len(value))
		for i := range value {
			items[i] = v.tomlValue(value[i], append(keys[:len(keys):len(keys)], i), placed)
		}
		return items
	case int64:
		return float64(value)
	case float64:
		return number(strconv.FormatFloat(value, 'g', -1, 64))
	case time.Time:
		return value.Format(tomlLayout(value))
	}
	return value
}

// tomlLayout gives the layout of one of TOML's four kinds of time, of which the decoder makes zones of these names.
func tomlLayout(t time.Time) string {
	switch t.Location().String() {
	case "datetime-local":
		return "2006-01-02T15:04:05.999999999"
	case "date-local":
		return time.DateOnly
	case "time-local":
		return "15:04:05.999999999"
	}
	return time.RFC3339Nano
}

// place follows keys to a value.
func (f *parsedFile) place(keys []any) (catalog.Place, error) {
	if len(f.roots) == 0 {
		return catalog.Place{}, fmt.Errorf("%q has no value at %s: it is empty or does not parse", f.path, keyPath(keys))
	}
	root := f.roots[0]
	if len(f.roots) > 1 {
		i, ok := index(keys, len(f.roots))
		if !ok {
			return catalog.Place{}, fmt.Errorf("%q holds %d documents, and %s does not begin with the number of one. write it as in place(%q, [0, …])", f.path, len(f.roots), keyPath(keys), f.path)
		}
		root, keys = f.roots[i], keys[1:]
	}
	if root.file != nil {
		path := make([]any, len(keys))
		for i, key := range keys {
			path[i] = key
			if n, ok := key.(float64); ok {
				path[i] = int(n)
			}
		}
		return root.file.At(path...), nil
	}
	n := root.node
	for i := range keys {
		next := step(n, keys[i:])
		if next == nil {
			return catalog.Place{}, fmt.Errorf("%q has no value at %s", f.path, keyPath(keys[:i+1]))
		}
		n = next
	}
	return n.At, nil
}

// step follows the first key.
func step(n *document.Node, keys []any) *document.Node {
	if name, ok := keys[0].(string); ok {
		return n.Get(name)
	}
	if i, ok := index(keys, len(n.List())); ok {
		return n.Items[i]
	}
	return nil
}

// index takes the first key as the number of one of count values.
func index(keys []any, count int) (int, bool) {
	if len(keys) == 0 {
		return 0, false
	}
	f, ok := keys[0].(float64)
	return int(f), ok && f >= 0 && f < float64(count) && f == math.Trunc(f)
}
