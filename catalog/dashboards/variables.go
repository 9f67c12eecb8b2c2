package dashboards

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// variable reads one template variable, of either schema: both use the same keys inside.
func (r *reader) variable(n *document.Node, kind string) {
	v := catalog.Variable{Name: n.Get("name").Text(), Type: kind, Query: variableQuery(n), Current: current(n.Get("current"))}
	switch kind {
	case "datasource":
		if plugin := n.Get("pluginId"); plugin.Str() != "" {
			v.Query = plugin.Text()
		}
		if v.Name.Value != "" {
			r.plugins[v.Name.Value] = v.Query.Value
		}
	case "constant":
		v.Current = v.Query.Value // whatever was saved beside it
	}
	r.dash.Variables = append(r.dash.Variables, v)
}

// variableQuery gives a variable's query: a text, or the text inside a query object of the data source.
func variableQuery(n *document.Node) catalog.Text {
	query := n.Get("query")
	if !isNull(query) && query.Kind == document.Scalar {
		return query.Text()
	}
	if spec := query.Get("spec"); isMap(spec) { // v2
		query = spec
	}
	if text := written(query, "query", "expr", "rawSql", "__legacyStringValue"); text != nil {
		return text.Text()
	}
	if definition := n.Get("definition"); definition.Str() != "" {
		return definition.Text()
	}
	return catalog.Text{}
}

// current gives the value a variable is saved with: several are joined as in a regular expression, and All is none,
// because it stands for whatever the query gives.
func current(n *document.Node) string {
	value := n
	if isMap(n) {
		if value = n.Get("value"); isNull(value) {
			value = n.Get("text")
		}
	}
	var values []string
	for _, v := range value.Texts() {
		values = append(values, v.Value)
	}
	if slices.Contains(values, "$__all") || slices.Equal(values, []string{"All"}) {
		return ""
	}
	return strings.Join(values, "|")
}

// variableType gives the classic name of a v2 variable kind, as in "query" for QueryVariable.
func variableType(kind string) string {
	name := strings.ToLower(strings.TrimSuffix(kind, "Variable"))
	if name == "text" {
		return "textbox"
	}
	return name
}

var variableReference = regexp.MustCompile(`^(?:\$(\w+)|\$\{(\w+)(?::[^}]*)?\}|\[\[(\w+)(?::[^\]]*)?\]\])$`)

// variableName gives the name in a text that is nothing but a reference to a variable: $x, ${x}, ${x:format}, [[x]].
func variableName(text string) string {
	m := variableReference.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1] + m[2] + m[3]
}
