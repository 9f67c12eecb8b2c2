package routes

import (
	"obsready/catalog"
	"obsready/catalog/document"
)

// policy reads a tree of Grafana's notification policies. One that selects more policies by their labels is partial.
func (r *reader) policy(n *document.Node) {
	root := r.route(n)
	if root == nil {
		return
	}
	router := &catalog.Router{Format: grafana, Name: r.name, Root: root, At: n.At}
	router.Partial = holdsTemplate(n, "labels") || r.templated && isTemplateFile(r.file) || selectsRoutes(n)
	r.facts.Routers = append(r.facts.Routers, router)
}

// selectsRoutes reports whether policies of other resources are added to a tree.
func selectsRoutes(n *document.Node) bool {
	if n.Get("routeSelector") != nil {
		return true
	}
	for _, item := range n.Get("routes").List() {
		if selectsRoutes(item) {
			return true
		}
	}
	return false
}

// contactPoint reads one of Grafana's contact points: a file's, which lists its integrations, or a resource's, which
// may be a single one.
func (r *reader) contactPoint(n *document.Node, name catalog.Text) {
	if name.Value == "" {
		r.gap(catalog.BadValue, n.Place(), "a contact point has no name. name it, so that policies can lead to it")
		return
	}
	receiver := catalog.Receiver{Name: name, At: n.At}
	for _, item := range n.Get("receivers").List() {
		receiver.Integrations = append(receiver.Integrations, integration(item.Get("type").Str(), item.Get("settings"), item.At))
	}
	if kind := n.Get("type").Str(); kind != "" {
		receiver.Integrations = append(receiver.Integrations, integration(kind, n.Get("settings"), n.At))
	}
	r.facts.Routers = append(r.facts.Routers, &catalog.Router{Format: grafana, Name: r.name, Receivers: []catalog.Receiver{receiver}, At: n.At})
}
