package mapping

import (
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
)

// sources finds, in the organisation's own files, the values that an entry was made of. A program states one place for
// an entry, and its owner or tier then stands a few lines below it.
type sources struct {
	files jsonnet.Files
	maps  map[string]map[catalog.Place]*source // by file; nil for a file without maps to look into
}

// source is one map of a YAML or JSON file, with the scalars in it. Of two that are equal neither is known again.
type source struct {
	key     catalog.Text             // under which the map stands: of services listed by their names, the name
	byKey   map[string]catalog.Place // by the name of the key and value: see keyed
	byValue map[string]catalog.Place
}

// at gives the map that begins at a place; nil when there is none.
func (s *sources) at(p catalog.Place) *source {
	if p.Line == 0 {
		return nil
	}
	maps, known := s.maps[p.File]
	if !known {
		maps = s.read(p.File)
		s.maps[p.File] = maps
	}
	return maps[p]
}

func (s *sources) read(file string) map[catalog.Place]*source {
	data, ok, err := s.files.Read(file)
	if !ok || err != nil {
		return nil // the program did not get it from here; the stated place stands
	}
	var docs []document.Document
	switch path.Ext(file) {
	case ".yaml", ".yml":
		docs, _ = document.ParseYAML(file, data)
	case ".json":
		docs, _ = document.ParseJSON(file, data)
	}
	maps := map[catalog.Place]*source{}
	for _, d := range docs {
		index(catalog.Text{}, d.Root, maps)
	}
	return maps
}

// index enters each map below a node by its place. Of maps at one place, the outermost counts. key is that of the node.
func index(key catalog.Text, n *document.Node, maps map[catalog.Place]*source) {
	for _, p := range n.Pairs {
		index(p.Key, p.Value, maps)
	}
	for _, item := range n.Items {
		index(catalog.Text{}, item, maps)
	}
	if n.Kind == document.Map {
		s := &source{key: key, byKey: map[string]catalog.Place{}, byValue: map[string]catalog.Place{}}
		s.add("", n, 0)
		maps[n.At] = s
	}
}

// sourceDepth is how many levels of a map are looked into.
const sourceDepth = 6

func (s *source) add(key string, n *document.Node, depth int) {
	if depth > sourceDepth {
		return
	}
	for _, p := range n.Pairs {
		s.add(p.Key.Value, p.Value, depth+1)
	}
	for _, item := range n.Items {
		s.add(key, item, depth+1)
	}
	if n.Kind == document.Scalar && n.Tag != "null" {
		enter(s.byKey, keyed(key, n.Value), n.At)
		enter(s.byValue, n.Value, n.At)
	}
}

// keyed tells a key with its value from others. Of an annotation, "acme.example/owner", the name behind the slash counts.
func keyed(key, value string) string {
	return strings.ToLower(key[strings.LastIndexByte(key, '/')+1:]) + "\x00" + value
}

// enter notes where something stands; what stands in two places stands in none.
func enter(places map[string]catalog.Place, key string, at catalog.Place) {
	if _, twice := places[key]; twice {
		at = catalog.Place{}
	}
	places[key] = at
}

// find gives where a value of an entry stands: the scalar of the same key, the key of the map itself for a name, or a
// string that is the only one of its kind. Numbers and short words are too often equal by chance.
func (s *source) find(key string, n *document.Node) (catalog.Place, bool) {
	if s == nil || n.Value == "" {
		return catalog.Place{}, false
	}
	if at := s.byKey[keyed(key, n.Value)]; at.Line > 0 {
		return at, true
	}
	if key == nameKey && n.Value == s.key.Value {
		return s.key.At, true
	}
	const telling = 3
	at := s.byValue[n.Value]
	return at, n.Tag == "str" && len(n.Value) >= telling && at.Line > 0
}
