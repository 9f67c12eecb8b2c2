// Package document turns YAML and JSON text into trees whose every value knows its place, so that all readers
// of such files say "file:line:column" without any work of their own. It knows nothing of what the trees mean.
//
// What real files need is done here once: several documents in one file of which one is broken, Helm actions,
// `kind: List`, files inside ConfigMaps, limits on depth and alias expansion.
package document

import (
	"strings"

	"obsready/catalog"
)

// NodeKind says what a node is.
type NodeKind int

// The kinds of nodes.
const (
	Scalar NodeKind = iota
	Map
	List
)

// Node is one value of a document. Readers use it through its methods, all of which accept a nil receiver (an
// absent value) and answer with zero values, so that a chain of look-ups needs no checks in between.
type Node struct {
	Kind  NodeKind
	Value string // of a scalar, unquoted
	Tag   string // of a scalar: "str", "int", "float", "bool" or "null"
	Pairs []Pair // of a map, in the order of the text
	Items []*Node

	At     catalog.Place // of the first character of the value
	Indent int           // as in catalog.Query: of a literal block scalar; else 0
	// Exact is false when At is the place of an enclosing text, as inside a one-line JSON string.
	Exact bool
	// Templated says that Helm or ERB actions stand in the scalar's value, left as they were written.
	Templated bool
}

// Pair is one key with its value.
type Pair struct {
	Key   catalog.Text
	Value *Node
}

// Document is one document of a file.
type Document struct {
	Root      *Node
	File      string
	Templated bool   // Helm actions were taken out of it, so something may be missing
	Outer     *Node  // the resource it was embedded in (a ConfigMap) or listed by; nil for a document of its own
	Name      string // the key in a ConfigMap's data: the embedded file's name
}

// Kind gives the document's "kind", as Kubernetes and Backstage use it.
func (d Document) Kind() string { return d.Root.Get("kind").Str() }

// APIVersion gives the document's "apiVersion".
func (d Document) APIVersion() string { return d.Root.Get("apiVersion").Str() }

// Get follows keys through nested maps.
func (n *Node) Get(keys ...string) *Node {
	for _, key := range keys {
		if n == nil || n.Kind != Map {
			return nil
		}
		var next *Node
		for _, p := range n.Pairs {
			if p.Key.Value == key {
				next = p.Value
				break
			}
		}
		n = next
	}
	return n
}

// First gives the value of the first of the keys that the map has.
func (n *Node) First(keys ...string) *Node {
	for _, key := range keys {
		if v := n.Get(key); v != nil {
			return v
		}
	}
	return nil
}

// Str gives a scalar's value, "" for everything else and for null.
func (n *Node) Str() string {
	if n == nil || n.Kind != Scalar || n.Tag == "null" {
		return ""
	}
	return n.Value
}

// Text gives a scalar's value with its place; the zero Text when there is none. An empty scalar that was written
// (`owner:`) has an empty value and a place.
func (n *Node) Text() catalog.Text {
	if n == nil || n.Kind != Scalar {
		return catalog.Text{}
	}
	return catalog.Text{Value: n.Str(), At: n.At}
}

// Bool reports whether the scalar is the boolean true.
func (n *Node) Bool() bool { return n != nil && n.Kind == Scalar && strings.EqualFold(n.Value, "true") }

// List gives the items of a list, nil for everything else.
func (n *Node) List() []*Node {
	if n == nil || n.Kind != List {
		return nil
	}
	return n.Items
}

// Texts gives the scalars of a list, or the scalar itself as the only one: many formats allow both.
func (n *Node) Texts() []catalog.Text {
	if n == nil {
		return nil
	}
	if n.Kind == Scalar {
		if n.Str() == "" {
			return nil
		}
		return []catalog.Text{n.Text()}
	}
	var texts []catalog.Text
	for _, item := range n.List() {
		if item.Kind == Scalar && item.Str() != "" {
			texts = append(texts, item.Text())
		}
	}
	return texts
}

// Labels gives the scalar entries of a map in the order of the text.
func (n *Node) Labels() []catalog.Label {
	if n == nil {
		return nil
	}
	var labels []catalog.Label
	for _, p := range n.Pairs {
		if p.Value.Kind == Scalar {
			labels = append(labels, catalog.Label{Key: p.Key.Value, Value: p.Value.Str(), At: p.Value.At.Or(p.Key.At)})
		}
	}
	return labels
}

// Place gives the node's place; the zero Place for an absent value.
func (n *Node) Place() catalog.Place {
	if n == nil {
		return catalog.Place{}
	}
	return n.At
}

// Query gives the scalar as a query that has not been parsed yet.
func (n *Node) Query(lang catalog.Lang) catalog.Query {
	if n == nil || n.Kind != Scalar {
		return catalog.Query{Lang: lang}
	}
	q := catalog.Query{Text: n.Value, At: n.At, Indent: n.Indent, Lang: lang, Templated: n.Templated}
	return q
}

// Flatten gives the resources that documents hold: the items of every `kind: List` (and of the typed lists such as
// ConfigMapList) in place of the list itself. Other documents stay as they are.
func Flatten(docs []Document) []Document {
	var flat []Document
	for _, d := range docs {
		items := d.Root.Get("items")
		if !strings.HasSuffix(d.Kind(), "List") || items == nil || items.Kind != List {
			flat = append(flat, d)
			continue
		}
		for _, item := range items.Items {
			flat = append(flat, Flatten([]Document{{Root: item, File: d.File, Templated: d.Templated, Outer: d.Root}})...)
		}
	}
	return flat
}

// Embedded gives the documents that stand as text inside a ConfigMap's data, with the gaps of those that look like
// YAML or JSON by their key's ending and do not parse. Entries of other kinds are passed over.
func Embedded(d Document) ([]Document, []catalog.Gap) {
	if d.Kind() != "ConfigMap" {
		return nil, nil
	}
	var docs []Document
	var gaps []catalog.Gap
	data := d.Root.Get("data")
	if data == nil {
		return nil, nil
	}
	for _, p := range data.Pairs {
		if p.Value.Kind != Scalar || p.Value.Tag != "str" {
			continue
		}
		name := p.Key.Value
		inner, innerGaps := parse(source{
			file: d.File, text: p.Value.Value, at: p.Value.At, indent: p.Value.Indent, json: strings.HasSuffix(name, ".json"),
			templated: d.Templated,
		})
		for i := range inner {
			inner[i].Outer, inner[i].Name = d.Root, name
		}
		docs = append(docs, inner...)
		if hasDataEnding(name) {
			gaps = append(gaps, innerGaps...)
		}
	}
	return docs, gaps
}

func hasDataEnding(name string) bool {
	for _, end := range []string{".yaml", ".yml", ".json", ".rules"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
