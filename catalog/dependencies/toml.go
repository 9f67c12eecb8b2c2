package dependencies

import (
	"maps"
	"slices"

	"github.com/BurntSushi/toml"

	"obsready/catalog"
	"obsready/catalog/tomldoc"
)

// tomlFile is a manifest in TOML. Its tables have names that only the manifest knows, so that they are taken as maps.
type tomlFile struct {
	places *tomldoc.File
	values map[string]any
}

// toml parses the file; false when it does not parse, which is a gap.
func (s *source) toml() (*tomlFile, bool) {
	places, problem := tomldoc.Parse(s.file, s.data)
	if problem != nil {
		s.addGap(problem.Gap)
		return nil, false
	}
	f := &tomlFile{places: places}
	if _, err := toml.Decode(string(s.data), &f.values); err != nil {
		s.gap(0, catalog.Syntax, "the file is no TOML: %v", err)
		return nil, false
	}
	return f, true
}

func (f *tomlFile) value(keys ...string) any {
	var v any = f.values
	for _, key := range keys {
		table, _ := v.(map[string]any)
		v = table[key]
	}
	return v
}

func (f *tomlFile) table(keys ...string) map[string]any {
	table, _ := f.value(keys...).(map[string]any)
	return table
}

// text gives a string with its place; the zero Text when there is none.
func (f *tomlFile) text(keys ...string) catalog.Text {
	value, ok := f.value(keys...).(string)
	if !ok {
		return catalog.Text{}
	}
	return catalog.Text{Value: value, At: f.places.At(steps(keys)...)}
}

// texts gives the strings of a list with their places.
func (f *tomlFile) texts(keys ...string) []catalog.Text {
	list, _ := f.value(keys...).([]any)
	var texts []catalog.Text
	for i, item := range list {
		if value, ok := item.(string); ok {
			texts = append(texts, catalog.Text{Value: value, At: f.places.At(append(steps(keys), i)...)})
		}
	}
	return texts
}

func steps(keys []string) []any {
	path := make([]any, len(keys))
	for i, key := range keys {
		path[i] = key
	}
	return path
}

func stringsOf(list any) []string {
	items, _ := list.([]any)
	var texts []string
	for _, item := range items {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

func sortedKeys(table map[string]any) []string { return slices.Sorted(maps.Keys(table)) }
