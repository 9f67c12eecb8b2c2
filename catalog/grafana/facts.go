package grafana

import (
	"cmp"
	"encoding/json"
	"net/url"

	"obsready/catalog"
	"obsready/catalog/dashboards"
	"obsready/catalog/document"
)

// Facts gives what the reader of dashboard files makes of a live dashboard, with the library panels that it shows filled in. A
// dashboard whose JSON was not had gives none.
//
// Every place is the dashboard's address, without line and column: nobody can open the line of a live dashboard.
func Facts(live *catalog.Live, d *catalog.LiveDashboard) catalog.Facts {
	if d.JSON == nil {
		return catalog.Facts{}
	}
	facts := readDashboard(Address(live, d), d.JSON)
	for _, own := range facts.Dashboards {
		if own.Folder.Value == "" && d.Folder != "" {
			own.Folder = catalog.Text{Value: d.Folder, At: own.At}
		}
	}
	if shown := unresolved(facts.Dashboards); len(shown) > 0 {
		dashboards.ResolveLibraries(facts.Dashboards, libraryFacts(live, shown))
	}
	return facts
}

// Address gives where a dashboard is shown.
func Address(live *catalog.Live, d *catalog.LiveDashboard) string {
	return live.URL + cmp.Or(d.Path, "/d/"+url.PathEscape(d.UID))
}

// readDashboard reads the JSON of a dashboard; every place in it is the file.
func readDashboard(file string, text []byte) catalog.Facts {
	docs, gaps := document.ParseJSON(file, text)
	facts := catalog.Facts{Gaps: gaps}
	for _, doc := range docs {
		flatten(doc.Root, file)
		if read, ok := dashboards.Read(doc); ok {
			facts.Add(read)
		}
	}
	for i := range facts.Gaps {
		facts.Gaps[i].At = catalog.Place{File: file}
	}
	return facts
}

// flatten takes lines and columns out of the places of a document.
func flatten(n *document.Node, file string) {
	if n == nil {
		return
	}
	n.At, n.Indent, n.Exact = catalog.Place{File: file}, 0, false
	for i := range n.Pairs {
		n.Pairs[i].Key.At = n.At
		flatten(n.Pairs[i].Value, file)
	}
	for _, item := range n.Items {
		flatten(item, file)
	}
}

// unresolved gives the UIDs of the library panels that are still to be filled in.
func unresolved(all []*catalog.Dashboard) map[string]bool {
	shown := map[string]bool{}
	for _, d := range all {
		for _, p := range d.Panels {
			if p.Unresolved {
				shown[p.Library.Value] = true
			}
		}
	}
	return shown
}

// libraryFacts gives those of the shown library panels that were fetched.
func libraryFacts(live *catalog.Live, shown map[string]bool) []*catalog.Dashboard {
	var all []*catalog.Dashboard
	for _, l := range live.Libraries.Items {
		if l.JSON == nil || !shown[l.UID] {
			continue
		}
		element, err := json.Marshal(map[string]any{"uid": l.UID, "name": l.Name, "kind": libraryPanel, "type": l.Type, "model": l.JSON})
		if err == nil {
			all = append(all, readDashboard(live.URL+"/library-panels#"+l.UID, element).Libraries...)
		}
	}
	return all
}
