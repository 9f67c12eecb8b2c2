package dashboards

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// reader reads one dashboard.
type reader struct {
	dash    *catalog.Dashboard
	root    *document.Node
	name    string            // of the resource around the dashboard
	plugins map[string]string // the data source's type, by the name of the variable or the export's input that stands for it
	borrows []borrow
	faults  []*fault
}

func newReader(root *document.Node, w wrapping) *reader {
	r := &reader{root: root, name: w.name, plugins: map[string]string{}}
	r.dash = &catalog.Dashboard{
		UID:         w.uid,
		Title:       root.Get("title").Text(),
		Description: root.Get("description").Text(),
		Tags:        root.Get("tags").Texts(),
		Folder:      w.folder,
		Editable:    !strings.EqualFold(root.Get("editable").Str(), "false"), // Grafana's default is true
		At:          root.Place(),
	}
	r.links(root.Get("links"))
	for _, input := range root.Get("__inputs").List() {
		if name := input.Get("name").Str(); name != "" {
			r.plugins[name] = input.Get("pluginId").Str()
		}
	}
	return r
}

// links adds the addresses of a list of dashboard or panel links. Links to dashboards by tag have none.
func (r *reader) links(list *document.Node) {
	for _, link := range list.List() {
		if u := link.Get("url"); u.Str() != "" {
			r.dash.Links = append(r.dash.Links, u.Text())
		}
	}
}

// maps gives the maps of a list. Whatever else stands there, but null, is a fault: something of the dashboard that is
// not read. The plural says what the list's items are, as in "panels".
func (r *reader) maps(plural string, list *document.Node) []*document.Node {
	if isNull(list) {
		return nil
	}
	if !isList(list) {
		r.fault(list, misfit("what should be a list of "+plural+" is none", list.Str()))
		return nil
	}
	found := make([]*document.Node, 0, len(list.Items))
	for _, item := range list.Items {
		switch {
		case isMap(item):
			found = append(found, item)
		case !isNull(item):
			r.fault(item, misfit("one of the "+plural+" is no map", item.Str()))
		}
	}
	return found
}

// fault is something of the dashboard that could not be read, with how often that happened.
type fault struct {
	cause  catalog.Cause
	what   string
	value  string // the user's, of the first node
	wayOut string

	at    catalog.Place
	count int
	names map[string]bool
}

// misfit is a value of another form than Grafana writes.
func misfit(what, value string) fault {
	return fault{cause: catalog.BadValue, what: what, value: value, wayOut: "export the dashboard from Grafana again"}
}

// fault notes that a node could not be read. Faults of equal what become one gap at the first of them, so that a broken
// file does not drown the report.
func (r *reader) fault(n *document.Node, f fault) {
	i := slices.IndexFunc(r.faults, func(known *fault) bool { return known.what == f.what })
	if i < 0 {
		i = len(r.faults)
		f.at, f.names = n.Place().Or(r.dash.At), map[string]bool{}
		r.faults = append(r.faults, &f)
	}
	r.faults[i].count++
	maps.Copy(r.faults[i].names, document.Words(textOf(n)))
}

// gaps gives the faults as gaps that may hide what a service's dashboard shows.
func (r *reader) gaps() []catalog.Gap {
	var gaps []catalog.Gap
	for _, f := range r.faults {
		maps.Copy(f.names, document.Words(strings.Join(r.about(), "\n")))
		gaps = append(gaps, catalog.Gap{
			Kinds: []catalog.Kind{catalog.Dashboards}, At: f.at, Cause: f.cause, Detail: f.detail(r.dash.Title.Value), Names: f.names,
		})
	}
	slices.SortStableFunc(gaps, func(a, b catalog.Gap) int { return a.At.Compare(b.At) })
	return gaps
}

// longestQuote bounds how much of a user's value a message quotes, in bytes.
const longestQuote = 60

func (f *fault) detail(title string) string {
	detail := f.what
	if f.value != "" && len(f.value) <= longestQuote {
		detail += fmt.Sprintf(": %q", f.value)
	}
	if f.count > 1 {
		detail += fmt.Sprintf(" (and %d more like it)", f.count-1)
	}
	return fmt.Sprintf("%s in dashboard %q. %s", detail, title, f.wayOut)
}

// about gives the texts that tell what the whole dashboard is about, and so what an unreadable part of it may be about.
func (r *reader) about() []string {
	texts := []string{r.name, r.dash.UID.Value, r.dash.Title.Value, r.dash.Description.Value, r.dash.Folder.Value}
	for _, tag := range r.dash.Tags {
		texts = append(texts, tag.Value)
	}
	return texts
}
