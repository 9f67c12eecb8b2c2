package tomldoc

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Schema gives a JSON Schema (draft 2020-12) for a format, by which editors complete and check it. In: the schema's id
// and title, and a struct with the tags of [Key].
func Schema(id, title string, v any) ([]byte, error) {
	s := tableSchema(Keys(v))
	s["$schema"], s["$id"], s["title"] = "https://json-schema.org/draft/2020-12/schema", id, title
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

func tableSchema(keys []Key) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, k := range keys {
		properties[k.Name] = k.schema()
		if k.Required {
			required = append(required, k.Name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// schema describes the values of a key.
func (k Key) schema() map[string]any {
	s := k.itemSchema()
	if k.List && !k.takes("table") {
		s = map[string]any{"anyOf": []any{s, map[string]any{"type": "array", "items": s}}}
	} else if k.List {
		s = map[string]any{"type": "array", "items": s}
	}
	if k.Doc != "" {
		s["description"] = k.Doc
	}
	return s
}

func (k Key) itemSchema() map[string]any {
	if k.Values != nil {
		return map[string]any{"type": "object", "additionalProperties": k.Values.schema()}
	}
	if k.takes("table") {
		return tableSchema(k.Keys)
	}
	types := slices.DeleteFunc(slices.Clone(k.Types), func(t string) bool { return t == "date" }) // JSON has no dates
	if len(types) < len(k.Types) && !slices.Contains(types, "string") {
		types = append(types, "string")
	}
	s := map[string]any{"type": types}
	if len(types) == 1 {
		s["type"] = types[0]
	}
	if len(k.Enum) > 0 {
		s["enum"] = k.Enum
	}
	for name, bound := range map[string]string{"minimum": k.Min, "maximum": k.Max} {
		if x, err := strconv.ParseFloat(bound, 64); err == nil {
			s[name] = x
		}
	}
	return s
}
