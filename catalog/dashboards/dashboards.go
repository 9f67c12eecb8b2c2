// Package dashboards reads Grafana dashboards and library panels. It answers "what does this dashboard show, and with
// which queries?" and never "does it show enough?".
//
// Grafana writes dashboards in two schemas, classic (panels, rows) and v2 (elements, layout), and both stand in many
// wrappings: API replies, exports, Kubernetes resources, custom resources of operators. [Read] takes off the wrapping
// and reads either schema to the same [catalog.Dashboard]. It asks no Grafana and follows no link: a dashboard that is
// downloaded or computed when it is deployed is a gap.
package dashboards

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Read gives the dashboards and library panels a document holds; ok is false when it is none.
//
// Panels are in the order of the document, those of v2 in the order of the layout. Hidden queries are left out, but
// for those that a shown expression computes with. A query in a language without text of its own, such as a CloudWatch
// metric picked from lists, is there with an empty text, so that its panel does not look empty.
//
// What cannot be read of a dashboard is a gap, and the rest is read.
func Read(d document.Document) (facts catalog.Facts, ok bool) {
	if facts, ok := readResource(d); ok {
		return facts, true
	}
	if d.APIVersion() != "" && d.Kind() != "" {
		return catalog.Facts{}, false // another Kubernetes resource, or Perses' dashboards
	}
	folder := configMapFolder(d.Outer)
	if isDashboard(d.Root) {
		return readDashboard(d.Root, wrapping{folder: folder}), true
	}
	// The API's replies and requests: {"dashboard": {…}, "meta": {…}}.
	if inner := d.Root.Get("dashboard"); isDashboard(inner) {
		title := d.Root.Get("meta", "folderTitle")
		if title.Str() == "" {
			title = written(d.Root, "folderUid", "folderTitle", "folderName")
		}
		return readDashboard(inner, wrapping{folder: title.Text()}), true
	}
	if libraries := libraryElements(d.Root); libraries != nil {
		return readLibraries(libraries), true
	}
	return catalog.Facts{}, false
}

// wrapping is what the text around a dashboard's own JSON says about it.
type wrapping struct {
	uid, folder catalog.Text
	name        string // the resource's name, where it may tell which service a gap is about
}

// readDashboard reads a dashboard of either schema, with the library panels that an export carries along.
func readDashboard(n *document.Node, w wrapping) catalog.Facts {
	r := newReader(n, w)
	if isV2(n) {
		r.v2(n)
	} else {
		r.classic(n)
	}
	r.lend()
	facts := readLibraries(exportedLibraries(n))
	ResolveLibraries([]*catalog.Dashboard{r.dash}, facts.Libraries)
	facts.Dashboards = append(facts.Dashboards, r.dash)
	facts.Gaps = append(facts.Gaps, r.gaps()...)
	return facts
}

func isDashboard(n *document.Node) bool { return isV2(n) || isClassic(n) }

// isV2 reports whether the map is the spec of a schema v2 dashboard.
func isV2(n *document.Node) bool {
	elements, layout := n.Get("elements"), n.Get("layout")
	return isMap(elements) && layout != nil && (isMap(layout) || layout.Tag == "null")
}

// isClassic reports whether the map is a classic dashboard. Grafana marks none, and "panels" and "title" are common
// words, so it takes keys that only Grafana writes, or panels that look like Grafana's.
func isClassic(n *document.Node) bool {
	if !isMap(n) {
		return false
	}
	named := written(n, "title", "uid") != nil
	if named && isNumber(n.Get("schemaVersion")) && n.First("panels", "rows", "templating", "annotations", "timepicker") != nil {
		return true
	}
	panels, rows := n.Get("panels"), n.Get("rows")
	switch {
	case !isList(panels) && !isList(rows):
		return false
	case n.First("schemaVersion", "templating", "timepicker", "graphTooltip", "hideControls", "__inputs", "gnetId") != nil:
		return true
	case slices.ContainsFunc(panels.List(), looksLikePanel) || slices.ContainsFunc(rows.List(), looksLikeRow):
		return true
	}
	return named && len(panels.List()) == 0 && (n.Get("time", "from") != nil || n.Get("timezone") != nil)
}

func looksLikeRow(n *document.Node) bool {
	return slices.ContainsFunc(n.Get("panels").List(), looksLikePanel)
}

func looksLikePanel(n *document.Node) bool {
	if n.Get("type").Str() == "" {
		return n.Get("libraryPanel", "uid") != nil
	}
	return n.First("gridPos", "targets", "fieldConfig", "libraryPanel") != nil
}

// configMapFolder gives the folder that a ConfigMap asks for: the annotation's name is the sidecar's configuration,
// these are its chart's documented examples.
func configMapFolder(outer *document.Node) catalog.Text {
	for _, where := range []string{"annotations", "labels"} {
		if f := written(outer.Get("metadata", where), "grafana_folder", "k8s-sidecar-target-directory"); f != nil {
			return f.Text()
		}
	}
	return catalog.Text{}
}

func isMap(n *document.Node) bool  { return n != nil && n.Kind == document.Map }
func isList(n *document.Node) bool { return n != nil && n.Kind == document.List }
func isNull(n *document.Node) bool { return n == nil || n.Kind == document.Scalar && n.Tag == "null" }

func isNumber(n *document.Node) bool {
	return n != nil && n.Kind == document.Scalar && (n.Tag == "int" || n.Tag == "float")
}

// written gives the value of the first of the keys that holds a scalar that is not empty; nil when there is none.
func written(n *document.Node, keys ...string) *document.Node {
	for _, key := range keys {
		if v := n.Get(key); v.Str() != "" {
			return v
		}
	}
	return nil
}

// textOf gives all scalars inside the node, a line each: what a reader who cannot make sense of it can still look for.
func textOf(n *document.Node) string {
	var b strings.Builder
	var walk func(n *document.Node)
	walk = func(n *document.Node) {
		if s := n.Str(); s != "" {
			b.WriteString(s)
			b.WriteByte('\n')
		}
		if n == nil {
			return
		}
		for _, p := range n.Pairs {
			walk(p.Value)
		}
		for _, item := range n.Items {
			walk(item)
		}
	}
	walk(n)
	return b.String()
}
