package tomldoc

import (
	"cmp"
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"obsready/catalog"
)

// Decode sets the fields of v, a pointer to a struct with the tags of [Key], and gives a problem for each unknown key,
// each value of another type and each value outside its set, in the order of the text. A value with a problem is left
// out; everything else is set.
func (f *File) Decode(v any) []Problem {
	d := &decoder{root: Keys(v), objects: f.objects}
	d.table(f.values, f.root, reflect.ValueOf(v).Elem(), d.root, nil)
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return a.At.Compare(b.At) })
	for i := range d.problems {
		d.problems[i].At = d.problems[i].At.Or(f.root.at)
	}
	return d.problems
}

type decoder struct {
	root     []Key
	objects  bool // see File
	problems []Problem
}

func (d *decoder) problem(at catalog.Place, cause catalog.Cause, path []any, format string, args ...any) *Problem {
	d.problems = append(d.problems, Problem{Gap: catalog.Gap{At: at, Cause: cause, Detail: fmt.Sprintf(format, args...)}, Path: pathString(path)})
	return &d.problems[len(d.problems)-1]
}

// table sets a struct from a table.
func (d *decoder) table(values map[string]any, n *node, into reflect.Value, keys []Key, path []any) {
	if at := into.FieldByName("At"); at.IsValid() && at.Type() == placeType {
		at.Set(reflect.ValueOf(valuePlace(n)))
	}
	for _, name := range sortedKeys(values, n) {
		child := n.step(name)
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name })
		if i < 0 {
			d.unknown(name, keys, child, path)
			continue
		}
		d.value(values[name], child, fieldOf(into, name), keys[i], append(slices.Clone(path), name))
	}
}

// sortedKeys gives the keys of a table in the order of the text.
func sortedKeys(values map[string]any, n *node) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(keyPlace(n.step(a)).Compare(keyPlace(n.step(b))), cmp.Compare(a, b))
	})
}

func keyPlace(n *node) catalog.Place {
	if n == nil {
		return catalog.Place{}
	}
	return n.key
}

func valuePlace(n *node) catalog.Place {
	if n == nil {
		return catalog.Place{}
	}
	return n.at
}

func fieldOf(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("toml") == name {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// unknown states an unknown key with the way out: the table that it belongs to, the key that was meant, or all of them.
func (d *decoder) unknown(name string, keys []Key, n *node, path []any) {
	where := ""
	if len(path) > 0 {
		where = " in " + d.header(path)
	}
	known := make([]string, len(keys))
	for i, k := range keys {
		known[i] = k.Name
	}
	p := d.problem(keyPlace(n), catalog.UnknownKey, append(slices.Clone(path), name), "unknown key %q%s", name, where)
	switch home, elsewhere := d.homeOf(name, keys); {
	case elsewhere && home == "" && len(path) > 0:
		p.Detail += ". move it above the first [table]"
	case elsewhere && home != "":
		p.Detail += ". move it into " + home
	default:
		p.Nearest = Nearest(name, known)
		p.Detail += suggestion(p.Nearest, known)
	}
}

func suggestion(nearest string, known []string) string {
	switch {
	case nearest != "":
		return fmt.Sprintf(". did you mean %q?", nearest)
	case len(known) == 0:
		return ""
	}
	return ". expected one of " + strings.Join(known, ", ")
}

// header writes the name of the table at a path.
func (d *decoder) header(path []any) string {
	if d.objects {
		return pathString(path)
	}
	return header(path)
}

// homeOf looks for the table of which name is a key: one of the file, or one inside the object around it when the file is
// no TOML. There a key that is written almost like one of the object is meant to be that one.
func (d *decoder) homeOf(name string, around []Key) (home string, ok bool) {
	if !d.objects {
		return homeOf(name, d.root)
	}
	if slices.ContainsFunc(around, func(k Key) bool { return Nearest(name, []string{k.Name}) != "" }) {
		return "", false
	}
	home, ok = homeOf(name, around)
	return strings.Trim(home, "[]"), ok
}

// homeOf looks for the table of which name is a key: "" for the top, else its header.
func homeOf(name string, keys []Key) (header string, ok bool) {
	if slices.ContainsFunc(keys, func(k Key) bool { return k.Name == name }) {
		return "", true
	}
	for _, k := range keys {
		if slices.ContainsFunc(k.Keys, func(inner Key) bool { return inner.Name == name }) {
			if k.List {
				return "[[" + k.Name + "]]", true
			}
			return "[" + k.Name + "]", true
		}
	}
	return "", false
}

// value sets one field from one value.
func (d *decoder) value(v any, n *node, into reflect.Value, k Key, path []any) {
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	items, isList := listOf(v)
	switch {
	case k.List && isList:
		d.list(items, n, into, k, path)
	case k.List && !isTable(v) && !k.takes("table"):
		d.list([]any{v}, &node{items: []*node{n}}, into, k, path)
	case isList || k.List || !k.takes(typeOf(v)):
		d.problem(valuePlace(n), catalog.BadValue, path, "%s is %s. expected %s", pathString(path), d.describe(v), k.expected(d.objects))
	case isTable(v):
		d.anyTable(v.(map[string]any), n, into, k, path)
	default:
		d.scalar(v, n, into, k, path)
	}
}

func listOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []map[string]any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = v[i]
		}
		return items, true
	}
	return nil, false
}

func (d *decoder) list(items []any, n *node, into reflect.Value, k Key, path []any) {
	k.List = false
	single := len(items) == 1 && n != nil && n.key.IsZero() // a value that stands for a list of one
	for i, v := range items {
		if v == nil { // of no TOML: an item that is left out
			continue
		}
		item := reflect.New(into.Type().Elem()).Elem()
		at := append(slices.Clone(path), i)
		if single {
			at = path
		}
		before := len(d.problems)
		d.value(v, n.step(i), item, k, at)
		if isTable(v) || len(d.problems) == before {
			into.Set(reflect.Append(into, item))
		}
	}
}

func (d *decoder) anyTable(values map[string]any, n *node, into reflect.Value, k Key, path []any) {
	if k.Values == nil {
		d.table(values, n, into, k.Keys, path)
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, name := range sortedKeys(values, n) {
		child, childPath := n.step(name), append(slices.Clone(path), name)
		key := reflect.New(into.Type().Key()).Elem()
		if !setKey(key, name) {
			d.problem(keyPlace(child), catalog.UnknownKey, childPath, "unknown key %q in %s. expected an integer", name, d.header(path))
			continue
		}
		value := reflect.New(into.Type().Elem()).Elem()
		before := len(d.problems)
		d.value(values[name], child, value, *k.Values, childPath)
		if isTable(values[name]) || len(d.problems) == before {
			into.SetMapIndex(key, value)
		}
	}
}

func setKey(key reflect.Value, name string) bool {
	if key.Kind() == reflect.String {
		key.SetString(name)
		return true
	}
	x, err := strconv.ParseInt(name, 10, 32)
	if err == nil {
		key.SetInt(x)
	}
	return err == nil
}

func (d *decoder) scalar(v any, n *node, into reflect.Value, k Key, path []any) {
	at := valuePlace(n)
	text := plain(v)
	if len(k.Enum) > 0 && !slices.Contains(k.Enum, text) {
		p := d.problem(at, catalog.BadValue, path, "%s is %q. expected %s", pathString(path), text, k.expected(d.objects))
		if p.Nearest = Nearest(text, k.Enum); p.Nearest != "" {
			p.Detail += suggestion(p.Nearest, nil)
		}
		return
	}
	if x, ok := number(v); ok && !k.inBounds(x) {
		d.problem(at, catalog.BadValue, path, "%s is %s. expected %s", pathString(path), text, k.expected(d.objects))
		return
	}
	if err := set(into, v, text, at); err != nil {
		d.problem(at, catalog.BadValue, path, "%s is %s: %v", pathString(path), d.describe(v), err)
	}
}

// set stores a scalar whose type is known to fit.
func set(into reflect.Value, v any, text string, at catalog.Place) error {
	if u, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	if into.Type() == textType {
		into.Set(reflect.ValueOf(catalog.Text{Value: text, At: at}))
		return nil
	}
	switch into.Kind() {
	case reflect.String:
		into.SetString(text)
	case reflect.Bool:
		into.SetBool(v.(bool))
	case reflect.Float32, reflect.Float64:
		x, _ := number(v)
		into.SetFloat(x)
	default:
		x, _ := v.(int64)
		if into.OverflowInt(x) {
			return fmt.Errorf("the number is too large")
		}
		into.SetInt(x)
	}
	return nil
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// plain writes a scalar without quotes.
func plain(v any) string {
	switch x := v.(type) {
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case time.Time:
		return plainTime(x)
	}
	return fmt.Sprint(v)
}

// plainTime writes a date or time as TOML does. The decoder tells what it was by the name of its time zone.
func plainTime(t time.Time) string {
	switch t.Location().String() {
	case "date-local":
		return t.Format(time.DateOnly)
	case "time-local":
		return t.Format(time.TimeOnly)
	case "datetime-local":
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format(time.RFC3339)
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case int64:
		return "integer"
	case float64:
		return "number"
	case bool:
		return "boolean"
	case map[string]any:
		return "table"
	case time.Time:
		return "date"
	}
	return "list"
}

// describe names a value in a message, as in `the string "one"`.
func (d *decoder) describe(v any) string {
	switch t := typeOf(v); t {
	case "string":
		text := v.(string)
		if runes := []rune(text); len(runes) > 60 {
			text = string(runes[:60]) + "…"
		}
		return fmt.Sprintf("the string %q", text)
	case "table", "list", "date":
		if d.objects {
			return map[string]string{"table": "an object", "list": "an array"}[t]
		}
		return "a " + t
	default:
		return "the " + t + " " + plain(v)
	}
}
