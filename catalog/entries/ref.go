package entries

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// DefaultNamespace is the namespace of Backstage entities that state none.
const DefaultNamespace = "default"

// Ref is a reference to a Backstage entity. Backstage compares references without regard to case, so all parts are in
// lower case.
type Ref struct {
	Kind, Namespace, Name string
}

// ParseRef reads a reference as Backstage does: [kind:][namespace/]name, with defaults for what is left out. For a
// spec.owner these are "group" and the namespace of the entity that refers; an empty namespace is the default one.
// Source: backstage.io/docs/features/software-catalog/references.
func ParseRef(ref, kind, namespace string) Ref {
	name := strings.TrimSpace(ref)
	if k, rest, ok := strings.Cut(name, ":"); ok {
		kind, name = k, rest
	}
	if ns, rest, ok := strings.Cut(name, "/"); ok {
		namespace, name = ns, rest
	}
	if namespace == "" {
		namespace = DefaultNamespace
	}
	return Ref{strings.ToLower(kind), strings.ToLower(namespace), strings.ToLower(name)}
}

// ID gives the ID that the entity has in an estate, in lower case.
func (r Ref) ID() string { return entityID(r.Namespace, r.Name) }

// entityID gives the ID of a service or team: its name, with the namespace before it outside the default one.
func entityID(namespace, name string) string {
	if namespace == "" || strings.EqualFold(namespace, DefaultNamespace) {
		return name
	}
	return namespace + "/" + name
}

// refText gives a reference as text; the compound form, a map of kind, namespace and name, is written as a string.
func refText(n *document.Node) catalog.Text {
	if n == nil || n.Kind != document.Map {
		return n.Text()
	}
	t := n.Get("name").Text()
	if ns := n.Get("namespace").Str(); ns != "" {
		t.Value = ns + "/" + t.Value
	}
	if kind := n.Get("kind").Str(); kind != "" {
		t.Value = strings.ToLower(kind) + ":" + t.Value
	}
	return t
}

// refTexts gives the references of a list that say something.
func refTexts(n *document.Node) []catalog.Text {
	var refs []catalog.Text
	for _, item := range n.List() {
		if t := refText(item); t.Value != "" {
			refs = append(refs, t)
		}
	}
	return refs
}
