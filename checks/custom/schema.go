package custom

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// SchemaName is the file name of [Schema].
const SchemaName = "service.schema.json"

// Schema gives the JSON Schema (draft 2020-12) of what a check gets: a service with its facts, and below $defs/estate what
// a second parameter gets. service.schema.json is a copy for readers and editors.
func Schema() []byte {
	d := definitions{}
	root := d.object(reflect.TypeFor[serviceFacts]())
	d.reference(reflect.TypeFor[estateFacts]())
	schema := keyed{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", SchemaName},
		{"title", "A service with its facts, as the function check of an own check gets it"}}
	schema = append(schema, root...)
	schema = append(schema, pair{"$defs", d})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(schema); err != nil {
		panic(err) // it holds strings and objects only
	}
	return b.Bytes()
}

// keyed is a JSON object in the order in which it is to be written.
type keyed []pair

type pair struct {
	key   string
	value any
}

func (k keyed) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, p := range k {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(p.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, key...), ':'), value...)
	}
	return append(b, '}'), nil
}

// definitions are the schemas of named things; JSON writes them in the order of their names.
type definitions map[string]keyed

// object gives the schema of a struct.
func (d definitions) object(t reflect.Type) keyed {
	properties, required := keyed{}, []string{}
	d.fields(t, &properties, &required)
	return keyed{{"type", "object"}, {"required", required}, {"properties", properties}}
}

func (d definitions) fields(t reflect.Type, properties *keyed, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			d.fields(f.Type, properties, required)
			continue
		}
		name := f.Tag.Get("json")
		*properties = append(*properties, pair{name, append(keyed{{"description", f.Tag.Get("doc")}}, d.value(f.Type)...)})
		*required = append(*required, name)
	}
}

// value gives the schema of a value.
func (d definitions) value(t reflect.Type) keyed {
	switch t.Kind() {
	case reflect.Pointer:
		return keyed{{"oneOf", []keyed{{{"type", "null"}}, d.reference(t.Elem())}}}
	case reflect.Slice:
		return keyed{{"type", "array"}, {"items", d.value(t.Elem())}}
	case reflect.Map:
		return keyed{{"type", "object"}, {"additionalProperties", d.value(t.Elem())}}
	case reflect.Struct:
		if t.Name() == "" {
			return d.object(t)
		}
		return d.reference(t)
	case reflect.Bool:
		return keyed{{"type", "boolean"}}
	case reflect.Int:
		return keyed{{"type", "integer"}}
	case reflect.Float64:
		return keyed{{"type", "number"}}
	}
	return keyed{{"type", "string"}}
}

// reference gives the schema of a named struct by its name.
func (d definitions) reference(t reflect.Type) keyed {
	name := strings.TrimSuffix(t.Name(), "Facts")
	if _, known := d[name]; !known {
		d[name] = nil // for what refers to itself
		d[name] = d.object(t)
	}
	return keyed{{"$ref", "#/$defs/" + name}}
}
