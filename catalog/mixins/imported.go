package mixins

import (
	"path"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
)

// imported gives the places of rules in the YAML files that a program reads as text, as in
// std.parseYaml(importstr "alerts.yaml").
func (r *reading) imported(reads []string) []jsonnet.Literal {
	var found []jsonnet.Literal
	for _, p := range reads {
		if ext := path.Ext(p); ext != ".yaml" && ext != ".yml" {
			continue
		}
		data, ok, err := r.files.Read(p)
		if err != nil || !ok {
			continue
		}
		docs, _ := document.ParseYAML(p, data)
		for _, d := range docs {
			found = appendRules(found, d.Root)
		}
	}
	return found
}

// appendRules adds the names of the rules below a node.
func appendRules(found []jsonnet.Literal, n *document.Node) []jsonnet.Literal {
	for _, field := range []string{"alert", "record"} {
		if name := n.Get(field); name.Str() != "" {
			return append(found, jsonnet.Literal{Value: name.Str(), Field: field, At: name.At, Site: siteOf(n)})
		}
	}
	for _, item := range n.Items {
		found = appendRules(found, item)
	}
	for _, pair := range n.Pairs {
		found = appendRules(found, pair.Value)
	}
	return found
}

// siteOf gives the places of a value and of those inside it.
func siteOf(n *document.Node) *jsonnet.Site {
	s := &jsonnet.Site{At: n.At, Indent: n.Indent}
	if !n.Exact {
		s.At = catalog.Place{}
	}
	for _, item := range n.Items {
		s.Items = append(s.Items, siteOf(item))
	}
	for _, pair := range n.Pairs {
		if s.Fields == nil {
			s.Fields = map[string]*jsonnet.Site{}
		}
		s.Fields[pair.Key.Value] = siteOf(pair.Value)
	}
	return s
}
