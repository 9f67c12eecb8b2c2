package tomldoc

import (
	"strings"
	"text/tabwriter"
)

// ObjectReference gives the written reference of the keys of an object that has the keys of a format, for values that
// are not written as TOML: see [FromTree]. Keys of objects inside are written with dots. Arrays of objects are named by
// what sections says of their key, and not opened.
func ObjectReference(v any, sections map[string]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	writeObject(w, Keys(v), "", sections)
	w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func writeObject(w *tabwriter.Writer, keys []Key, path string, sections map[string]string) {
	for _, k := range keys {
		if k.takes("table") && !k.List && k.Values == nil {
			writeObject(w, k.Keys, path+k.Name+".", sections)
			continue
		}
		doc := k.Doc
		if k.Required {
			doc = "required. " + doc
		}
		plain := k
		plain.Enum = nil
		expected := plain.expected(true)
		if section := sections[k.Name]; section != "" {
			expected += " as in " + section
		}
		row(w, "  "+path+k.Name, expected, doc)
		if len(k.Enum) > 0 {
			row(w, "", "", "one of "+strings.Join(k.Enum, ", "))
		}
		if k.Example != "" {
			row(w, "", "", "as in "+k.Name+": "+k.Example)
		}
	}
}
