package mixins

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"obsready/catalog"
	"obsready/catalog/dashboards"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
	"obsready/catalog/rules"
)

// maxDepth is how deep rules and dashboards may stand in a program's output: {"folder": {"name.json": {…}}}.
const maxDepth = 4

// take reads all that an output holds.
func (r *reading) take(out jsonnet.Output) {
	for _, p := range out.Reads {
		r.reads[p] = true
	}
	v := &visitor{places: newPlaces(r.program.entry, slices.Concat(out.Literals, r.imported(out.Reads)))}
	var mixin map[string]json.RawMessage
	if json.Unmarshal(out.JSON, &mixin) == nil {
		_ = json.Unmarshal(mixin[folderField], &v.folder.Value) // "" when it is no string
		delete(mixin, folderField)
		if v.folder.Value != "" {
			v.folder.At = v.places.file()
		}
	}
	v.visit(out.JSON, "", 0)
	for _, a := range v.facts.Alerts {
		a.Program = r.program.entry
	}
	for _, rec := range v.facts.Recordings {
		rec.Program = r.program.entry
	}
	for _, d := range v.facts.Dashboards {
		d.Program = r.program.entry
	}
	r.facts.Add(v.facts)
}

// visitor looks for evidence in a program's output. Each piece is parsed on its own: a mixin of thirty dashboards is more
// than one document may be.
type visitor struct {
	places *places
	folder catalog.Text
	facts  catalog.Facts
}

// visit looks at one value. key is the name that it stands under.
func (v *visitor) visit(raw json.RawMessage, key string, depth int) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || depth > maxDepth {
		return
	}
	switch raw[0] {
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return
		}
		if isGroupList(items) {
			v.read(slices.Concat([]byte(`{"groups":`), raw, []byte(`}`)), key)
			return
		}
		for _, item := range items {
			v.visit(item, key, depth+1)
		}
	case '{':
		var fields map[string]json.RawMessage
		if json.Unmarshal(raw, &fields) != nil {
			return
		}
		if isEvidence(fields) {
			v.read(raw, key)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			v.visit(fields[name], name, depth+1)
		}
	}
}

// isEvidence reports whether an object is something that a reader may know, by its keys: a resource, a file of rule
// groups, a dashboard of either schema or in a wrapping.
func isEvidence(fields map[string]json.RawMessage) bool {
	has := func(keys ...string) bool {
		return !slices.ContainsFunc(keys, func(key string) bool { return fields[key] == nil })
	}
	return has("apiVersion", "kind") || has("groups") || has("panels") || has("rows", "title") || has("schemaVersion") || has("elements", "layout") ||
		has("dashboard", "meta") || has("title", "templating")
}

// isGroupList reports whether a list is one of rule groups.
func isGroupList(items []json.RawMessage) bool {
	if len(items) == 0 {
		return false
	}
	var group struct{ Name, Rules json.RawMessage }
	return json.Unmarshal(items[0], &group) == nil && group.Name != nil && group.Rules != nil
}

// read has the readers read one piece of evidence, with the places of the jsonnet.
func (v *visitor) read(raw []byte, key string) {
	docs, gaps := document.ParseJSON(v.places.entry, raw)
	for i := range gaps {
		gaps[i].Kinds, gaps[i].At = allKinds, v.places.file()
	}
	v.facts.Gaps = append(v.facts.Gaps, gaps...)
	flat := document.Flatten(docs)
	for i := 0; i < len(flat); i++ {
		inner, gaps := document.Embedded(flat[i])
		for j := range gaps {
			gaps[j].Kinds, gaps[j].At = allKinds, v.places.file()
		}
		v.facts.Gaps = append(v.facts.Gaps, gaps...)
		flat = append(flat, inner...)
	}
	for _, d := range flat {
		v.places.put(d.Root, cmp.Or(d.Name, key))
		if found, ok := rules.Read(d); ok {
			v.facts.Add(found)
		}
		if found, ok := dashboards.Read(d); ok {
			v.inFolder(found.Dashboards)
			v.facts.Add(found)
		}
	}
}

func (v *visitor) inFolder(found []*catalog.Dashboard) {
	for _, d := range found {
		if d.Folder.IsZero() {
			d.Folder = v.folder
		}
	}
}
