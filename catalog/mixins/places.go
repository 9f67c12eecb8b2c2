package mixins

import (
	"cmp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
)

// places tells where in the jsonnet the values of an output stand. jsonnet keeps no such map, so a rule or a dashboard is
// found by its name, and what is inside it by the object literal around that name.
type places struct {
	entry string
	known map[string][]jsonnet.Literal // by value, the likeliest first
	used  map[string]int               // how many values of a name were given a place
}

func newPlaces(entry string, literals []jsonnet.Literal) *places {
	p := &places{entry: entry, known: map[string][]jsonnet.Literal{}, used: map[string]int{}}
	for _, l := range literals {
		p.known[l.Value] = append(p.known[l.Value], l)
	}
	return p
}

// file is the place of what is found nowhere.
func (p *places) file() catalog.Place { return catalog.Place{File: p.entry, Line: 1} }

// put gives every value of a document its place. key is the name that the document stands under, as that of a dashboard's
// file.
func (p *places) put(root *document.Node, key string) {
	fallback := p.file()
	if l := p.find(key, "", ""); l != nil && strings.Contains(key, ".") {
		fallback = l.At
	}
	if inner := root.First("dashboard", "spec", "json"); root.Get("title") == nil && inner.Get("title") != nil {
		p.place(root, nil, fallback)
		root = inner
	}
	if title := root.Get("title"); title.Str() != "" {
		p.dashboard(root, title, fallback)
		return
	}
	p.place(root, nil, fallback)
	p.rules(root)
}

// dashboard places a dashboard at its title, and its panels at theirs.
func (p *places) dashboard(n, title *document.Node, fallback catalog.Place) {
	l := p.find(title.Str(), "title", "")
	if l == nil {
		p.place(n, nil, fallback)
		p.titled(n, fallback.File)
		return
	}
	p.place(n, l.Site, l.At)
	title.At = l.At
	p.titled(n, l.At.File)
}

// titled places the panels and rows below a node that have a title which stands in the jsonnet.
func (p *places) titled(n *document.Node, file string) {
	for _, item := range n.Items {
		if title := item.Get("title"); title.Str() != "" {
			if l := p.find(title.Str(), "title", file); l != nil {
				p.place(item, l.Site, l.At)
				title.At = l.At
			}
		}
		p.titled(item, file)
	}
	for _, pair := range n.Pairs {
		p.titled(pair.Value, file)
	}
}

// rules places the rules below a node at their names, and their groups at the first of them.
func (p *places) rules(n *document.Node) {
	for _, field := range []string{"alert", "record"} {
		if name := n.Get(field); name.Str() != "" {
			if l := p.next(name.Str(), field); l != nil {
				p.place(n, l.Site, l.At)
				name.At = l.At
			}
			return
		}
	}
	for _, item := range n.Items {
		p.rules(item)
	}
	for _, pair := range n.Pairs {
		p.rules(pair.Value)
	}
	if rules := n.Get("rules").List(); len(rules) > 0 {
		n.At = rules[0].At
		if name := n.Get("name"); name != nil {
			name.At = n.At
		}
	}
}

// place gives a value and those inside it the places of an object literal, where it knows them, and the fallback else.
func (p *places) place(n *document.Node, s *jsonnet.Site, fallback catalog.Place) {
	if n == nil {
		return
	}
	n.At, n.Indent, n.Exact = fallback, 0, false
	if s != nil && !s.At.IsZero() {
		n.At, n.Exact = s.At, true
		if n.Kind == document.Scalar {
			n.Indent = s.Indent
		}
	}
	for i := range n.Pairs {
		var inner *jsonnet.Site
		if s != nil {
			inner = s.Fields[n.Pairs[i].Key.Value]
		}
		n.Pairs[i].Key.At = n.At
		if inner != nil {
			n.Pairs[i].Key.At = inner.At.Or(n.At)
		}
		p.place(n.Pairs[i].Value, inner, fallback)
	}
	for i, item := range n.Items {
		var inner *jsonnet.Site
		if s != nil && len(s.Items) == len(n.Items) { // else the program added some or left some out
			inner = s.Items[i]
		}
		p.place(item, inner, fallback)
	}
}

// next gives the literals of a rule's name one after the other: rules of the same name stand in the same order in the
// jsonnet and in its output. Rules of one name that a function makes have one literal.
func (p *places) next(name, field string) *jsonnet.Literal {
	likely := p.likely(name, field, "")
	if len(likely) == 0 {
		return nil
	}
	i := p.used[field+" "+name]
	p.used[field+" "+name]++
	return &likely[min(i, len(likely)-1)]
}

// find gives the likeliest literal of a value; nil when there is none. file is where it is likeliest, "" for no file.
func (p *places) find(value, field, file string) *jsonnet.Literal {
	likely := p.likely(value, field, file)
	if len(likely) == 0 {
		return nil
	}
	return &likely[0]
}

// likely gives the literals of a value that are equally likely to be meant, in their order: those in the given file before
// others, those of the field before arguments and keys, keys of a mixin's dashboards before other keys, written out before
// put together, and the estate's own before those of libraries. What is the value of another field is not meant.
func (p *places) likely(value, field, file string) []jsonnet.Literal {
	rank := func(l jsonnet.Literal) int {
		r := 0
		for _, unlike := range []bool{file != "" && l.At.File != file, l.Field != field, field == "" && !holdsDashboards(l.Of), l.Composed, apart(l.At.File)} {
			r *= 2
			if unlike {
				r++
			}
		}
		return r
	}
	found := slices.Clone(p.known[value])
	found = slices.DeleteFunc(found, func(l jsonnet.Literal) bool { return l.Field != field && l.Field != "" })
	slices.SortStableFunc(found, func(a, b jsonnet.Literal) int { return cmp.Compare(rank(a), rank(b)) })
	for i := range found {
		if rank(found[i]) != rank(found[0]) {
			return found[:i]
		}
	}
	return found
}

// holdsDashboards reports whether a field is that of a mixin's dashboards, by the names of their files.
func holdsDashboards(field string) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.field == field && p.kinds[0] == catalog.Dashboards })
}
