package dashboards

import (
	"strconv"

	"obsready/catalog"
	"obsready/catalog/document"
)

// classic reads the schema with panels, of all its versions: until 14 panels stood in rows, from 16 on rows are panels,
// and a collapsed row holds the panels below it. Grafana reads both lists when both are there.
func (r *reader) classic(n *document.Node) {
	r.dash.Schema = "classic"
	if r.dash.UID.Value == "" {
		r.dash.UID = n.Get("uid").Text()
	}
	for _, v := range r.maps("variables", n.Get("templating", "list")) {
		r.variable(v, v.Get("type").Str())
	}
	r.panels(n.Get("panels"), "")
	for _, row := range r.maps("rows", n.Get("rows")) {
		r.panels(row.Get("panels"), row.Get("title").Str())
	}
}

// panels reads a list of panels. The panels after an open row belong to it, up to the next row.
func (r *reader) panels(list *document.Node, row string) {
	for _, n := range r.maps("panels", list) {
		if n.Get("type").Str() != "row" {
			r.panel(n, row)
			continue
		}
		row = n.Get("title").Str()
		r.panels(n.Get("panels"), row)
		if n.Get("collapsed").Bool() {
			row = "" // its panels are all inside
		}
	}
}

// panel reads one classic panel.
func (r *reader) panel(n *document.Node, row string) {
	p := describe(n, n)
	p.Row, p.Type = row, n.Get("type").Str()
	if p.Type == "text" {
		p.Content = content(n)
	}
	library(&p, n.Get("libraryPanel"))
	r.links(n.Get("links"))
	own := r.datasource(n.Get("datasource"))
	var targets []target
	for _, t := range r.maps("queries", n.Get("targets")) {
		from := r.datasource(t.Get("datasource"))
		targets = append(targets, target{node: t, ref: t.Get("refId").Str(), hidden: t.Get("hide").Bool(), from: from.or(own)})
	}
	r.show(p, own, targets)
}

// describe reads what is alike in both schemas: the panel's own map, and the one that holds its options and field
// configuration.
func describe(n, look *document.Node) catalog.Panel {
	id, _ := strconv.Atoi(n.Get("id").Str())
	return catalog.Panel{
		ID:          id,
		Title:       n.Get("title").Text(),
		Description: n.Get("description").Text(),
		Unit:        unit(look),
		At:          n.Place(),
	}
}

// unit gives the unit that a panel's values are shown in: of the field configuration, of the axes of panels from before
// it, or of the first override that names one (a table has a unit for each column).
func unit(look *document.Node) catalog.Text {
	if u := look.Get("fieldConfig", "defaults", "unit"); u.Str() != "" {
		return u.Text()
	}
	if axes := look.Get("yaxes").List(); len(axes) > 0 && axes[0].Get("format").Str() != "" {
		return axes[0].Get("format").Text()
	}
	if f := look.Get("yAxis", "format"); f.Str() != "" { // heatmap
		return f.Text()
	}
	if formats := look.Get("y_formats").Texts(); len(formats) > 0 { // until version 6
		return formats[0]
	}
	if f := look.Get("format"); f.Str() != "" && look.Get("type").Str() == "singlestat" {
		return f.Text()
	}
	for _, override := range look.Get("fieldConfig", "overrides").List() {
		for _, property := range override.Get("properties").List() {
			if u := property.Get("value"); property.Get("id").Str() == "unit" && u.Str() != "" {
				return u.Text()
			}
		}
	}
	return catalog.Text{}
}

// content gives the text of a text panel.
func content(look *document.Node) string {
	if c := look.Get("options", "content"); c.Str() != "" {
		return c.Str()
	}
	return look.Get("content").Str()
}
