package dashboards

import (
	"fmt"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readResource reads the Kubernetes-style resources that hold dashboards or library panels; ok is false for others.
//
//	dashboard.grafana.app   Dashboard, DashboardWithAccessInfo, LibraryPanel: Grafana's own API and Git Sync
//	grafana.integreatly.org GrafanaDashboard, GrafanaLibraryPanel, GrafanaManifest: the Grafana operator (until v4
//	                        integreatly.org)
//	grizzly.grafana.com     Dashboard, LibraryElement: Grizzly's files
func readResource(d document.Document) (facts catalog.Facts, ok bool) {
	apiVersion, kind := d.APIVersion(), d.Kind()
	if outer := d.Outer.Get("kind").Str(); outer == "DashboardList" && kind == "" { // an API may leave them out of items
		apiVersion, kind = d.Outer.Get("apiVersion").Str(), "Dashboard"
	}
	group, version, _ := strings.Cut(apiVersion, "/")
	switch group + " " + kind {
	case "dashboard.grafana.app Dashboard", "dashboard.grafana.app DashboardWithAccessInfo", "grizzly.grafana.com Dashboard":
		return readAppDashboard(d, group, version), true
	case "dashboard.grafana.app LibraryPanel":
		return readAppLibrary(d.Root), true
	case "grizzly.grafana.com LibraryElement":
		return readLibraries(libraryElements(d.Root.Get("spec"))), true
	case "grafana.integreatly.org GrafanaDashboard", "integreatly.org GrafanaDashboard":
		return readOperatorDashboard(d), true
	case "grafana.integreatly.org GrafanaLibraryPanel":
		return readOperatorLibrary(d), true
	case "grafana.integreatly.org GrafanaManifest":
		template := d.Root.Get("spec", "template")
		return readResource(document.Document{Root: template, File: d.File, Templated: d.Templated})
	}
	return catalog.Facts{}, false
}

// readAppDashboard reads a resource of Grafana's API: the spec is a dashboard of the schema that the version says. The
// resource's name is the dashboard's uid.
func readAppDashboard(d document.Document, group, version string) (facts catalog.Facts) {
	spec, meta := d.Root.Get("spec"), d.Root.Get("metadata")
	w := wrapping{uid: meta.Get("name").Text(), folder: meta.Get("annotations", "grafana.app/folder").Text(), name: meta.Get("name").Str()}
	if folder := meta.Get("folder"); w.folder.IsZero() {
		w.folder = folder.Text() // Grizzly's
	}
	classic := group == "grizzly.grafana.com" || strings.HasPrefix(version, "v0") || strings.HasPrefix(version, "v1")
	if isMap(spec) && (classic || isDashboard(spec)) {
		return readDashboard(spec, w)
	}
	cause, detail := catalog.Unsupported, fmt.Sprintf("a dashboard of API version %q in a form that is not known. keep it as v1 or v2", version)
	if !isMap(spec) {
		cause, detail = catalog.BadValue, "the dashboard resource has no spec. export it from Grafana again"
	}
	facts.Gaps = append(facts.Gaps, resourceGap(d, spec, cause, detail))
	return facts
}

// readAppLibrary reads a library panel of Grafana's API, which is a panel but for its two titles.
func readAppLibrary(root *document.Node) catalog.Facts {
	spec := root.Get("spec")
	if !isMap(spec) {
		return catalog.Facts{}
	}
	facts := readLibrary(spec, root.Get("metadata", "name").Text(), spec.Get("title").Text())
	if title := spec.Get("panelTitle"); title != nil {
		facts.Libraries[0].Panels[0].Title = title.Text()
	}
	return facts
}

// readOperatorDashboard reads a GrafanaDashboard: a dashboard as JSON text, or a pointer to one.
func readOperatorDashboard(d document.Document) (facts catalog.Facts) {
	spec := d.Root.Get("spec")
	w := wrapping{uid: spec.Get("uid").Text(), name: d.Root.Get("metadata", "name").Str()}
	w.folder = written(spec, "folder", "customFolderName", "folderUID", "folderRef").Text()
	if text := spec.Get("json"); text.Str() != "" {
		inner, gaps := embedded(d, text)
		for _, i := range inner {
			if !isDashboard(i.Root) {
				gaps = append(gaps, resourceGap(d, text, catalog.BadValue, "spec.json holds no dashboard. put the dashboard's exported JSON there"))
				continue
			}
			facts.Add(readDashboard(i.Root, w))
		}
		facts.Gaps = append(facts.Gaps, gaps...)
		return facts
	}
	if isMap(spec.Get("configMapRef")) {
		return facts // the ConfigMap is read on its own
	}
	facts.Gaps = append(facts.Gaps, pointerGap(d, spec))
	return facts
}

// pointerGap says why a GrafanaDashboard without JSON text was not read.
func pointerGap(d document.Document, spec *document.Node) catalog.Gap {
	for _, key := range []string{"url", "grafanaCom", "jsonnet", "jsonnetLib", "gzipJson"} {
		n := spec.Get(key)
		switch {
		case isNull(n):
		case key == "url":
			return resourceGap(d, n, catalog.Unreachable, fmt.Sprintf("the dashboard is downloaded from %q when it is deployed. keep a copy in the catalog, in spec.json", n.Str()))
		case key == "grafanaCom":
			return resourceGap(d, n, catalog.Unreachable, fmt.Sprintf("the dashboard is downloaded from grafana.com (id %q) when it is deployed. keep a copy in the catalog, in spec.json", n.Get("id").Str()))
		case key == "gzipJson":
			return resourceGap(d, n, catalog.Unsupported, "the dashboard is compressed. keep it as text, in spec.json")
		default:
			return resourceGap(d, n, catalog.Template, "the dashboard is a jsonnet program. keep the rendered copy in the catalog, in spec.json")
		}
	}
	return resourceGap(d, spec, catalog.BadValue, "the GrafanaDashboard names no dashboard. put the dashboard's exported JSON into spec.json")
}

// readOperatorLibrary reads a GrafanaLibraryPanel, whose JSON text is the panel's model with the library panel's name
// and uid beside the model's own keys, or a whole exported library element.
func readOperatorLibrary(d document.Document) (facts catalog.Facts) {
	spec := d.Root.Get("spec")
	inner, gaps := embedded(d, spec.Get("json"))
	facts.Gaps = gaps
	for _, i := range inner {
		if elements := libraryElements(i.Root); elements != nil {
			facts.Add(readLibraries(elements))
			continue
		}
		if !isMap(i.Root) {
			continue
		}
		uid := written(spec, "uid").Text()
		if uid.IsZero() {
			uid = i.Root.Get("uid").Text()
		}
		facts.Add(readLibrary(i.Root, uid, written(i.Root, "name", "title").Text()))
	}
	return facts
}

// embedded gives the JSON documents that stand as text in a scalar of the resource. A ConfigMap is what document reads
// such text from, with the places in the resource's file, so the scalar is put in one.
func embedded(d document.Document, text *document.Node) ([]document.Document, []catalog.Gap) {
	if text.Str() == "" {
		return nil, nil
	}
	kind := &document.Node{Tag: "str", Value: "ConfigMap"}
	data := &document.Node{Kind: document.Map, Pairs: []document.Pair{{Key: catalog.Text{Value: "dashboard.json"}, Value: text}}}
	root := &document.Node{Kind: document.Map, Pairs: []document.Pair{
		{Key: catalog.Text{Value: "kind"}, Value: kind}, {Key: catalog.Text{Value: "data"}, Value: data},
	}}
	inner, gaps := document.Embedded(document.Document{Root: root, File: d.File, Templated: d.Templated})
	for i := range gaps {
		gaps[i].Kinds = []catalog.Kind{catalog.Dashboards}
	}
	return inner, gaps
}

func resourceGap(d document.Document, n *document.Node, cause catalog.Cause, detail string) catalog.Gap {
	return catalog.Gap{
		Kinds: []catalog.Kind{catalog.Dashboards}, At: n.Place().Or(d.Root.Place()), Cause: cause, Detail: detail,
		Names: document.Words(textOf(d.Root)),
	}
}
