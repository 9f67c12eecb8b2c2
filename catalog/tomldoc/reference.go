package tomldoc

import (
	"strings"
	"text/tabwriter"
)

// Reference gives the written reference of a format: every key with what it takes and what it means, table by table.
// In: a struct with the tags of [Key].
func Reference(v any) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	writeKeys(w, Keys(v), "")
	w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimLeft(strings.Join(lines, "\n"), "\n")
}

// writeKeys writes the plain keys of a table, then its tables, as the text of a file has them.
func writeKeys(w *tabwriter.Writer, keys []Key, path string) {
	for _, k := range keys {
		if k.takes("table") {
			continue
		}
		doc := k.Doc
		if k.Required {
			doc = "required. " + doc
		}
		plain := k
		plain.Enum = nil
		row(w, "  "+k.Name, plain.Expected(), doc)
		if len(k.Enum) > 0 {
			row(w, "", "", "one of "+strings.Join(k.Enum, ", "))
		}
		if k.Example != "" {
			row(w, "", "", "as in "+k.Name+" = "+k.Example)
		}
	}
	for _, k := range keys {
		if k.takes("table") {
			writeTable(w, k, path)
		}
	}
}

func writeTable(w *tabwriter.Writer, k Key, path string) {
	name, inner := path+k.Name, k
	if k.Values != nil && k.Values.takes("table") {
		name, inner = name+".NAME", *k.Values
	}
	header := "[" + name + "]"
	if inner.List {
		header = "[[" + name + "]]"
	}
	row(w)
	row(w, header, "", k.Doc)
	if inner.Values != nil {
		row(w, "  NAME", inner.Values.Expected(), "")
	}
	writeKeys(w, inner.Keys, name+".")
}

func row(w *tabwriter.Writer, cells ...string) {
	w.Write([]byte(strings.Join(cells, "\t") + "\n"))
}
