package grafana

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// panels pairs the panels of both sides, surest pairs first, and compares them.
func (c *comparison) panels(live, git []catalog.Panel) {
	pair := pairs(live, git)
	for i := range live {
		if pair[i] < 0 {
			c.add(Difference{Kind: Added, Name: title(&live[i])})
			continue
		}
		c.panel(&live[i], &git[pair[i]])
	}
	for j := range git {
		if !slices.Contains(pair, j) {
			c.add(Difference{Kind: Removed, Name: title(&git[j])})
		}
	}
}

// pairs gives for each live panel the index of the panel in git that it is, -1 for none: first those alike in title, type and
// queries, then in title and queries, then in title, then those with the same id.
func pairs(live, git []catalog.Panel) []int {
	pair := make([]int, len(live))
	taken := make([]bool, len(git))
	for i := range pair {
		pair[i] = -1
	}
	for _, key := range []func(p *catalog.Panel) string{
		func(p *catalog.Panel) string { return p.Title.Value + "\x00" + p.Type + "\x00" + queries(p) },
		func(p *catalog.Panel) string { return p.Title.Value + "\x00" + queries(p) },
		func(p *catalog.Panel) string { return p.Title.Value },
		idKey,
	} {
		byKey := map[string][]int{}
		for j := range git {
			if k := key(&git[j]); k != "" && !taken[j] {
				byKey[k] = append(byKey[k], j)
			}
		}
		for i := range live {
			k := key(&live[i])
			if pair[i] >= 0 || len(byKey[k]) == 0 {
				continue
			}
			pair[i], byKey[k] = byKey[k][0], byKey[k][1:]
			taken[pair[i]] = true
		}
	}
	return pair
}

// idKey gives the id of a panel as a key, "" when it has none.
func idKey(p *catalog.Panel) string {
	if p.ID == 0 {
		return ""
	}
	return strconv.Itoa(p.ID)
}

// panel compares the parts of two panels that are one.
func (c *comparison) panel(live, git *catalog.Panel) {
	name := title(live)
	c.text(name, "title", live.Title.Value, git.Title.Value)
	if !successor(git.Type, live.Type) {
		c.text(name, "type", live.Type, git.Type)
	}
	c.text(name, "description", live.Description.Value, git.Description.Value)
	c.text(name, "unit", live.Unit.Value, git.Unit.Value)
	c.text(name, "text", live.Content, git.Content)
	c.text(name, "library panel", live.Library.Value, git.Library.Value)
	c.dataSource(name, live.Datasource.Value, git.Datasource.Value)
	if l, g := queries(live), queries(git); l != g && !c.holdsInput(g) && !c.hidden(l, g) {
		c.add(Difference{Kind: Changed, Name: name, What: "query", Live: l, InGit: g})
	}
}

// successor reports whether Grafana replaces panels of one type by those of another when it brings a dashboard up to date.
func successor(old, now string) bool {
	switch old {
	case "graph":
		return now == "timeseries" || now == "barchart" || now == "bargauge" || now == "histogram"
	case "singlestat", "grafana-singlestat-panel":
		return now == "stat" || now == "gauge"
	case "table-old", "angular-table":
		return now == "table"
	case "grafana-piechart-panel":
		return now == "piechart"
	case "grafana-worldmap-panel":
		return now == "geomap"
	case "", "library-panel-ref":
		return true
	}
	return false
}

// dataSource compares references that name a data source for certain: no variable, no default, nothing that an import fills in.
func (c *comparison) dataSource(name, live, git string) {
	l, okLive := c.uid(live)
	g, okGit := c.uid(git)
	if okLive && okGit && l != g {
		c.add(Difference{Kind: Changed, Name: name, What: "data source", Live: live, InGit: git})
	}
}

// uid gives the UID that a reference stands for in the live Grafana.
func (c *comparison) uid(ref string) (string, bool) {
	if ref == "" || ref == "default" || strings.ContainsAny(ref, "$[") {
		return "", false
	}
	for _, d := range c.sources {
		if d.UID == ref || d.Name == ref {
			return d.UID, true
		}
	}
	return "", false
}

// queries gives the queries of a panel as one text.
func queries(p *catalog.Panel) string {
	var all []string
	for _, q := range p.Queries {
		all = append(all, plain(q.Text))
	}
	return strings.Join(all, "\n")
}

// title gives the name that somebody finds a panel by.
func title(p *catalog.Panel) string {
	return cmp.Or(p.Title.Value, p.LibraryName, fmt.Sprintf("panel %d", p.ID))
}
