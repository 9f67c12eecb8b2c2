package dashboards

import (
	"strings"
	"testing"

	"obsready/catalog"
)

// checkPlaces fails unless every query and title stands in the file's text where it is said to stand. Text beyond the
// first character that JSON or YAML escapes is not compared.
func checkPlaces(t *testing.T, facts catalog.Facts, file func(name string) string) {
	t.Helper()
	lines := map[string][]string{}
	check := func(what, text string, at catalog.Place) {
		if text == "" {
			return
		}
		if lines[at.File] == nil {
			lines[at.File] = strings.Split(file(at.File), "\n")
		}
		if at.Line < 1 || at.Line > len(lines[at.File]) || at.Col < 1 {
			t.Errorf("%s %q is outside its file: %v", what, text, at)
			return
		}
		line := []rune(lines[at.File][at.Line-1])
		if i := strings.IndexAny(text, "\"\\'\n\t\r<>&{"); i >= 0 {
			text = text[:i]
		}
		if at.Col-1 > len(line) || !strings.HasPrefix(string(line[at.Col-1:]), text) {
			t.Errorf("%s %q is not at %v", what, text, at)
		}
	}
	for _, d := range append(facts.Dashboards, facts.Libraries...) {
		check("title", d.Title.Value, d.Title.At)
		for _, v := range d.Variables {
			check("variable", v.Name.Value, v.Name.At)
		}
		for _, p := range d.Panels {
			check("title", p.Title.Value, p.Title.At)
			for _, q := range p.Queries {
				check("query", q.Text, q.At)
			}
		}
	}
}
