package mapping

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
)

// The keys by which a program says where a value stands.
const (
	nameKey  = "name"
	atKey    = "at"     // of an object, or beside valueKey
	valueKey = "value"  // with atKey alone: a value of any kind with its place
	foundKey = "@place" // that parsePlaced adds to maps
)

// placer gives every value that a program returned its place, and takes the keys out that say so.
type placer struct {
	program  Program
	paths    []string
	sources  *sources
	literals map[string]*jsonnet.Site // by name: the one object of the program that has the name written in it
	gaps     []catalog.Gap
}

func newPlacer(out jsonnet.Output, files jsonnet.Files, p Program) *placer {
	r := &placer{program: p, paths: files.Paths(), sources: &sources{files: files, maps: map[string]map[catalog.Place]*source{}}, literals: map[string]*jsonnet.Site{}}
	for _, l := range out.Literals {
		if l.Field != nameKey || l.Composed || l.Site == nil {
			continue
		}
		if _, twice := r.literals[l.Value]; twice {
			r.literals[l.Value] = nil
			continue
		}
		r.literals[l.Value] = l.Site
	}
	return r
}

// around is what a value stands in.
type around struct {
	at     catalog.Place
	key    string  // of the value
	source *source // the map of the organisation's own that the object around it was made of; nil when that is not known
}

// value gives a value with its places.
func (r *placer) value(n *document.Node, in around) *document.Node {
	switch n.Kind {
	case document.Map:
		return r.object(n, in)
	case document.List:
		list := &document.Node{Kind: document.List, At: in.at}
		for _, item := range n.Items {
			list.Items = append(list.Items, r.value(item, in))
		}
		return list
	}
	if at, found := in.source.find(in.key, n); found {
		in.at = at
	}
	return &document.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, At: in.at}
}

// object gives an object with its places, or the value that it wraps.
func (r *placer) object(n *document.Node, in around) *document.Node {
	at, stated := r.own(n, in.at)
	if stated {
		in.at, in.source = at, r.sources.at(at)
	}
	if wrapped := n.Get(valueKey); wrapped != nil && n.Get(atKey) != nil && len(n.Pairs) == 2 {
		return r.value(wrapped, in)
	}
	object := &document.Node{Kind: document.Map, At: in.at}
	for _, p := range n.Pairs {
		if p.Key.Value == atKey || p.Key.Value == foundKey {
			continue
		}
		in.key = p.Key.Value
		v := r.value(p.Value, in)
		object.Pairs = append(object.Pairs, document.Pair{Key: catalog.Text{Value: p.Key.Value, At: v.At}, Value: v})
	}
	if site := r.literals[n.Get(nameKey).Str()]; site != nil && !stated && in.at == (catalog.Place{File: r.program.File}) {
		r.written(object, site)
	}
	return object
}

// own gives the place that an object states.
func (r *placer) own(n *document.Node, around catalog.Place) (catalog.Place, bool) {
	for _, key := range []string{atKey, foundKey} {
		text := n.Get(key)
		if text == nil || text.Tag == "null" && text.Kind == document.Scalar {
			continue
		}
		at, fault := r.parse(text)
		if fault == "" {
			return at, true
		}
		if name := n.Get(nameKey).Str(); name != "" {
			fault = fmt.Sprintf("of %q, %s", shortened(name), fault)
		}
		r.report(around, fault)
	}
	return catalog.Place{}, false
}

// report notes something that is wrong and hides nothing: what it was said of is there.
func (r *placer) report(at catalog.Place, fault string) {
	r.gaps = append(r.gaps, catalog.Gap{At: at, Cause: catalog.BadValue, Detail: fault, Names: map[string]bool{}})
}

// parse gives the place that a text names, or what is wrong with it.
func (r *placer) parse(n *document.Node) (at catalog.Place, fault string) {
	const way = "write it as place() gives it, as in at: \"services.yaml:3:5\""
	if n.Kind != document.Scalar || n.Tag != "str" {
		return at, "a value of \"at\" is no place. " + way
	}
	at, ok := ParsePlace(n.Value)
	if !ok {
		return at, fmt.Sprintf("at %q is no place. %s", shortened(n.Value), way)
	}
	for _, file := range []string{at.File, path.Join(r.program.Root, at.File)} {
		if _, found := slices.BinarySearch(r.paths, file); found {
			at.File = file
			return at, ""
		}
	}
	return at, fmt.Sprintf("at %q names no file of the catalog. %s", shortened(n.Value), way)
}

// ParsePlace reads a place as [catalog.Place.String] writes it: file, file:line or file:line:col.
func ParsePlace(text string) (at catalog.Place, ok bool) {
	at.File = text
	var numbers []int
	for range 2 {
		i := strings.LastIndexByte(at.File, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(at.File[i+1:])
		if err != nil || n < 1 || n > 1<<30 {
			break
		}
		at.File, numbers = at.File[:i], append(numbers, n)
	}
	switch len(numbers) {
	case 1:
		at.Line = numbers[0]
	case 2:
		at.Line, at.Col = numbers[1], numbers[0]
	}
	return at, at.File != "" && !strings.ContainsAny(at.File, "\x00\n")
}

// written gives the values of an entry the places at which they are written in the program, where these are known.
func (r *placer) written(n *document.Node, site *jsonnet.Site) {
	if site == nil || n.At.Line > 0 {
		return
	}
	if site.At.Line > 0 {
		n.At = site.At
	}
	for i := range n.Pairs {
		p := &n.Pairs[i]
		r.written(p.Value, site.Fields[p.Key.Value])
		p.Key.At = p.Value.At
	}
	if len(n.Items) == len(site.Items) {
		for i, item := range n.Items {
			r.written(item, site.Items[i])
		}
	}
}

// hasFolder reports whether some file stands below a folder.
func (r *placer) hasFolder(folder string) bool {
	i, _ := slices.BinarySearch(r.paths, folder+"/")
	return i < len(r.paths) && strings.HasPrefix(r.paths[i], folder+"/")
}
