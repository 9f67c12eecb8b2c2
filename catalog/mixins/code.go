package mixins

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// code gives jsonnet that evaluates to the given fields of the program, or to all that are read. Of a program that is no
// mixin it is the program's own value; a function gives null, as nobody is here to call it.
func (p program) code(fields []string) string {
	if fields == nil {
		fields = fieldNames()
	}
	other := "m"
	if p.mixin {
		other = "{}"
	}
	return fmt.Sprintf(`%s
local found = %s;
if std.isFunction(m) then null else if found != [] then { [k]: m[k] for k in found } else %s`, p.local(), thoseThere(append(slices.Clip(fields), folderField)), other)
}

// names gives jsonnet that evaluates to the names of the program's fields that are read.
func (p program) names() string {
	return p.local() + "\n" + thoseThere(fieldNames())
}

func fieldNames() (names []string) {
	for _, p := range parts {
		names = append(names, p.field)
	}
	return names
}

// local gives jsonnet that calls the program m.
func (p program) local() string {
	sum := make([]string, len(p.parts))
	for i, file := range p.parts {
		sum[i] = "(import " + quote("./"+path.Base(file)) + ")"
	}
	return "local m = " + strings.Join(sum, " + ") + ";"
}

// thoseThere gives jsonnet for those of the fields that m has.
func thoseThere(fields []string) string {
	return fmt.Sprintf("if std.isObject(m) then [k for k in %s if std.objectHasAll(m, k)] else []", quote(fields))
}

// quote gives text as jsonnet, which takes JSON as it is.
func quote(text any) string {
	b, _ := json.Marshal(text) // strings and lists of them always have JSON
	return string(b)
}
