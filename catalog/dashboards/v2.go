package dashboards

import (
	"obsready/catalog"
	"obsready/catalog/document"
)

// v2 reads the schema with elements and a layout, in the spelling of v2alpha1 (a query's kind is the data source's type)
// and of v2beta1 and later (its group is).
func (r *reader) v2(n *document.Node) {
	r.dash.Schema = "v2"
	for _, v := range r.maps("variables", n.Get("variables")) {
		r.variable(v.Get("spec"), variableType(v.Get("kind").Str()))
	}
	elements := map[string]*document.Node{}
	for _, p := range n.Get("elements").Pairs {
		elements[p.Key.Value] = p.Value
	}
	var l layout
	l.walk(n.Get("layout"), "")
	for _, place := range l.places {
		if e := elements[place.element]; e != nil {
			r.element(place.element, e, place.row)
			delete(elements, place.element)
		}
	}
	if l.complete {
		return // Grafana shows no element that the layout does not place
	}
	for _, p := range n.Get("elements").Pairs {
		if e := elements[p.Key.Value]; e != nil {
			r.element(p.Key.Value, e, "")
			delete(elements, p.Key.Value)
		}
	}
}

// element reads one element of a v2 dashboard.
func (r *reader) element(name string, e *document.Node, row string) {
	spec := e.Get("spec")
	kind := e.Get("kind").Str()
	switch {
	case !isMap(spec):
		r.fault(e, misfit("an element has no spec", name))
	case kind == "Panel":
		r.panelV2(spec, row)
	case kind == "LibraryPanel":
		p := describe(spec, nil)
		p.Row = row
		library(&p, spec.Get("libraryPanel"))
		r.dash.Panels = append(r.dash.Panels, p)
	default:
		r.fault(e, fault{cause: catalog.Unsupported, what: "an element is of a kind that is not known", value: kind,
			wayOut: "export the dashboard from Grafana in the classic form"})
	}
}

func (r *reader) panelV2(spec *document.Node, row string) {
	viz := spec.Get("vizConfig")
	p := describe(spec, viz.Get("spec"))
	p.Row, p.Type = row, pluginOf(viz, "VizConfig")
	if p.Type == "text" {
		p.Content = content(viz.Get("spec"))
	}
	r.links(spec.Get("links"))
	var targets []target
	for _, q := range r.maps("queries", spec.Get("data", "spec", "queries")) {
		targets = append(targets, r.targetV2(q.Get("spec")))
	}
	r.show(p, datasource{}, targets)
}

func (r *reader) targetV2(spec *document.Node) target {
	query := spec.Get("query")
	from := r.datasource(query.Get("datasource")).or(r.datasource(spec.Get("datasource")))
	if plugin := pluginOf(query, "DataQuery"); plugin != "" {
		from.plugin = plugin
	}
	return target{node: query.Get("spec"), ref: spec.Get("refId").Str(), hidden: spec.Get("hidden").Bool(), from: from}
}

// pluginOf gives the plugin that a v2 object is for: its group, or in v2alpha1 its kind. Generic is the kind that stands
// for no plugin.
func pluginOf(n *document.Node, generic string) string {
	if kind := n.Get("kind").Str(); kind != generic {
		return kind
	}
	return n.Get("group").Str()
}

// layout is what is to be shown, in order.
type layout struct {
	places   []placement
	complete bool // every part of it was understood
	unknown  bool
}

// placement is one element of a layout with the title of the innermost row or tab that has one.
type placement struct{ element, row string }

// walk collects the placements of a layout of any kind. It goes by what a layout holds (items, rows, tabs) and not by
// the name of its kind, so that a kind made of these is read too.
func (l *layout) walk(n *document.Node, row string) {
	spec := n.Get("spec")
	if !isMap(spec) || spec.First("items", "rows", "tabs") == nil {
		l.unknown = true
	}
	l.items(spec.Get("items"), row)
	for _, key := range []string{"rows", "tabs"} {
		for _, part := range spec.Get(key).List() {
			title := row
			if t := part.Get("spec", "title").Str(); t != "" {
				title = t
			}
			l.walk(part.Get("spec", "layout"), title)
		}
	}
	l.complete = !l.unknown
}

// items collects the placements of a grid. An item of the first v2alpha1 may be a row with elements of its own.
func (l *layout) items(list *document.Node, row string) {
	for _, item := range list.List() {
		spec := item.Get("spec")
		if inner := spec.Get("elements"); isList(inner) {
			title := row
			if t := spec.Get("title").Str(); t != "" {
				title = t
			}
			l.items(inner, title)
			continue
		}
		name := spec.Get("element", "name").Str()
		if name == "" {
			l.unknown = true
			continue
		}
		l.places = append(l.places, placement{name, row})
	}
}
