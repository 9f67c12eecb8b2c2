package dashboards

import (
	"obsready/catalog"
	"obsready/catalog/document"
)

// ResolveLibraries fills in panels that show a library panel from the library panels of the estate (by uid, then by
// name). It changes the dashboards in place. A library panel decides what its panels query; what else a panel's own
// copy states, such as its title, stays.
//
// Of several library panels with one uid the first is taken. A name is unique only inside a folder, so one that several
// bear resolves nothing.
func ResolveLibraries(dashboards, libraries []*catalog.Dashboard) {
	byUID, byName := map[string]*catalog.Panel{}, map[string]*catalog.Panel{}
	for _, l := range libraries {
		if len(l.Panels) == 0 {
			continue
		}
		panel := &l.Panels[0]
		if uid := l.UID.Value; uid != "" && byUID[uid] == nil {
			byUID[uid] = panel
		}
		if _, taken := byName[l.Title.Value]; taken {
			panel = nil
		}
		byName[l.Title.Value] = panel
	}
	for _, d := range dashboards {
		for i := range d.Panels {
			p := &d.Panels[i]
			if !p.Unresolved {
				continue
			}
			from := byUID[p.Library.Value]
			if from == nil && p.LibraryName != "" {
				from = byName[p.LibraryName]
			}
			if from != nil {
				fill(p, from)
			}
		}
	}
}

func fill(p, from *catalog.Panel) {
	p.Unresolved = false
	p.Queries = from.Queries[:len(from.Queries):len(from.Queries)]
	p.Datasource = from.Datasource
	for _, text := range []struct{ to, from *catalog.Text }{
		{&p.Title, &from.Title}, {&p.Description, &from.Description}, {&p.Unit, &from.Unit},
	} {
		if text.to.Value == "" {
			*text.to = *text.from
		}
	}
	if p.Type == "" {
		p.Type = from.Type
	}
	if p.Content == "" {
		p.Content = from.Content
	}
}

// library notes which library panel a panel shows. What its own copy queries is kept until the library panel is found.
func library(p *catalog.Panel, ref *document.Node) {
	if !isMap(ref) {
		return
	}
	p.Library, p.LibraryName = ref.Get("uid").Text(), ref.Get("name").Str()
	p.Unresolved = p.Library.Value != "" || p.LibraryName != ""
	if p.Type == "library-panel-ref" {
		p.Type = ""
	}
}

// libraryElements gives the library elements that a document holds: one, or the API's replies with one or many.
func libraryElements(n *document.Node) []*document.Node {
	if inner := n.Get("result"); isMap(inner) {
		n = inner
	}
	elements := []*document.Node{n}
	if list := n.Get("elements"); isList(list) {
		elements = list.Items
	}
	var libraries []*document.Node
	for _, e := range elements {
		if isLibraryElement(e) {
			libraries = append(libraries, e)
		}
	}
	return libraries
}

// isLibraryElement tells library panels from the many things that have a model: a kind of 1, or a model that looks like
// a panel under a uid or name. Kind 2 are the library variables that Grafana gave up.
func isLibraryElement(n *document.Node) bool {
	model := n.Get("model")
	if !isMap(model) || written(n, "uid", "name") == nil {
		return false
	}
	switch n.Get("kind").Str() {
	case "1", "library panel", "library-panel":
		return true
	case "":
		return looksLikePanel(model)
	}
	return false
}

// exportedLibraries gives the library panels that an export carries along for its own panels.
func exportedLibraries(n *document.Node) []*document.Node {
	elements := n.Get("__elements")
	if elements == nil {
		return nil
	}
	all := elements.Items
	for _, p := range elements.Pairs {
		all = append(all, p.Value)
	}
	var libraries []*document.Node
	for _, e := range all {
		if isLibraryElement(e) {
			libraries = append(libraries, e)
		}
	}
	return libraries
}

// readLibraries reads library elements.
func readLibraries(elements []*document.Node) (facts catalog.Facts) {
	for _, e := range elements {
		uid, name := e.Get("uid"), e.Get("name")
		facts.Add(readLibrary(e.Get("model"), uid.Text(), name.Text()))
	}
	return facts
}

// readLibrary reads one library panel from its model, which is a classic panel.
func readLibrary(model *document.Node, uid, name catalog.Text) (facts catalog.Facts) {
	r := newReader(model, wrapping{uid: uid})
	r.dash.Title, r.dash.Schema = name, "classic"
	r.dash.Links = nil // the panel's own, added again below
	r.panel(model, "")
	p := &r.dash.Panels[0]
	p.Library, p.LibraryName, p.Unresolved = catalog.Text{}, "", false // a model names itself
	facts.Libraries = append(facts.Libraries, r.dash)
	facts.Gaps = r.gaps()
	return facts
}
