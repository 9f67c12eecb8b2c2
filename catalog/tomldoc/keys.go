package tomldoc

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"

	"obsready/catalog"
)

// Key is one key of a format, as the tags of a struct's field give it:
//
//	toml      its name; fields without this tag are no keys
//	doc       one line of meaning
//	type      for a catalog.Text: "string" when absent, or words out of string, integer, number, boolean and date, joined by |
//	enum      the values that are allowed, comma separated
//	min, max  bounds of a number
//	required  "true" when an entry is not complete without it; [File.Decode] does not ask for it
//	example   a value as TOML writes it, for the reference
//
// The Go type of the field says the rest: catalog.Text keeps the place; string, bool, int and its like, floats, and what
// implements encoding.TextUnmarshaler; slices of these, for which a single value counts as a list of one; structs;
// slices of structs; maps from strings or integers to any of these. A field `At catalog.Place` without a tag is set to
// the place of the table.
type Key struct {
	Name     string
	Types    []string // "string", "integer", "number", "boolean", "date", "table": what a value, or an item of a list, may be
	List     bool     // a list of such values
	Enum     []string
	Min, Max string
	Doc      string
	Required bool
	Example  string
	Keys     []Key // of a table
	Values   *Key  // of a table whose keys are free: what its values are
}

// Keys gives the keys of a struct, or of a pointer to one, in the order of its fields.
func Keys(v any) []Key {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return structKeys(t)
}

func structKeys(t reflect.Type) []Key {
	var keys []Key
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("toml") != "" {
			keys = append(keys, fieldKey(f))
		}
	}
	return keys
}

func fieldKey(f reflect.StructField) Key {
	k := typeKey(f.Type)
	k.Name, k.Doc, k.Example = f.Tag.Get("toml"), f.Tag.Get("doc"), f.Tag.Get("example")
	k.Min, k.Max = f.Tag.Get("min"), f.Tag.Get("max")
	k.Required = f.Tag.Get("required") == "true"
	if types := f.Tag.Get("type"); types != "" {
		k.Types = strings.Split(types, "|")
	}
	if enum := f.Tag.Get("enum"); enum != "" {
		k.Enum = strings.Split(enum, ",")
	}
	return k
}

var (
	textType        = reflect.TypeFor[catalog.Text]()
	placeType       = reflect.TypeFor[catalog.Place]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func typeKey(t reflect.Type) Key {
	switch {
	case t == textType || reflect.PointerTo(t).Implements(unmarshalerType):
		return Key{Types: []string{"string"}}
	case t.Kind() == reflect.Pointer:
		return typeKey(t.Elem())
	case t.Kind() == reflect.Slice:
		k := typeKey(t.Elem())
		k.List = true
		return k
	case t.Kind() == reflect.Struct:
		return Key{Types: []string{"table"}, Keys: structKeys(t)}
	case t.Kind() == reflect.Map:
		values := typeKey(t.Elem())
		return Key{Types: []string{"table"}, Values: &values}
	case t.Kind() == reflect.Bool:
		return Key{Types: []string{"boolean"}}
	case t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32:
		return Key{Types: []string{"number"}}
	case t.Kind() == reflect.String:
		return Key{Types: []string{"string"}}
	}
	return Key{Types: []string{"integer"}}
}

// takes reports whether a value of the given type is allowed.
func (k Key) takes(valueType string) bool {
	for _, t := range k.Types {
		if t == valueType || t == "number" && valueType == "integer" {
			return true
		}
	}
	return false
}

// inBounds reports whether a number is between Min and Max.
func (k Key) inBounds(x float64) bool {
	low, err := strconv.ParseFloat(k.Min, 64)
	if err == nil && x < low {
		return false
	}
	high, err := strconv.ParseFloat(k.Max, 64)
	return err != nil || x <= high
}

// Expected says what the key takes, as in "a string", "an integer from 1 to 9" or "a list of strings".
func (k Key) Expected() string { return k.expected(false) }

// expected is Expected in the words of TOML, or in those of JSON.
func (k Key) expected(objects bool) string {
	words := make([]string, len(k.Types))
	for i, t := range k.Types {
		words[i] = map[bool]string{true: "an ", false: "a "}[t == "integer"] + t
		if t == "table" && objects {
			words[i], t = "an object", "object"
		}
		if k.List {
			words[i] = t + "s"
		}
	}
	text := strings.Join(words, " or ")
	if k.List {
		text = map[bool]string{true: "an array of ", false: "a list of "}[objects] + text
	}
	switch {
	case k.List && k.takes("table") && objects:
	case k.List && k.takes("table"):
		text += ", each with the header [[" + k.Name + "]]"
	case len(k.Enum) > 0 && k.List:
		text += " out of " + strings.Join(k.Enum, ", ")
	case len(k.Enum) > 0:
		text = "one of " + strings.Join(k.Enum, ", ")
	case k.Min != "" && k.Max != "":
		text += " from " + k.Min + " to " + k.Max
	case k.Min != "":
		text += " of at least " + k.Min
	}
	return text
}
