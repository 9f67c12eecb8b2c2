package site

import (
	"fmt"

	"obsready/catalog"
)

// evidence is a table of the service's evidence of one kind.
type evidence struct {
	Heading string
	Columns []string
	Rows    capped[evidenceRow]
}

type evidenceRow struct {
	Name  string
	Cells []cell
	Place link
	By    string // how it was linked to the service
}

// cell is a text with a verdict's sign where it has one.
type cell struct {
	link
	Class  string
	Detail string
}

// maxEvidence is how many pieces of evidence of a kind a page holds.
const maxEvidence = 12

// evidence gives the tables in report order; a kind without evidence has none. Alerts are told
// with what they measure, SLOs among the promises, and recording rules help others to be evidence.
func (p page) evidence(svc *catalog.Service) []evidence {
	tables := []evidence{
		table(p, catalog.Dashboards, svc.Dashboards, []string{"UID", "Panels"}, p.dashboardRow),
		table(p, catalog.Runbooks, svc.Runbooks, []string{"Words", "Last changed"}, p.pageRow),
		table(p, catalog.Targets, svc.Targets, []string{"Kind"}, func(t *catalog.ScrapeTarget) evidenceRow {
			return evidenceRow{Name: t.Name.Value, Cells: []cell{plain(t.Kind)}, Place: p.place(t.At)}
		}),
		table(p, catalog.Collectors, svc.Collectors, []string{"Pipelines"}, func(c *catalog.Collector) evidenceRow {
			return evidenceRow{Name: c.Name.Value, Cells: []cell{plain(number(len(c.Pipelines)))}, Place: p.place(c.At)}
		}),
		table(p, catalog.Workloads, svc.Workloads, []string{"Kind"}, func(w *catalog.Workload) evidenceRow {
			return evidenceRow{Name: w.Name.Value, Cells: []cell{plain(w.Kind)}, Place: p.place(w.At)}
		}),
	}
	var found []evidence
	for _, t := range tables {
		if t.Rows.Len() > 0 {
			found = append(found, t)
		}
	}
	return found
}

func table[T any](p page, kind catalog.Kind, items []catalog.Linked[T], columns []string, view func(*T) evidenceRow) evidence {
	return evidence{
		Heading: count(len(items), string(kind), plural(kind)),
		Columns: columns,
		Rows: capList(items, 10, maxEvidence, func(l catalog.Linked[T]) evidenceRow {
			r := view(l.Item)
			if l.By.Rung > catalog.ByFolder || l.By.Rung == 0 { // the folder can be seen from the place
				r.By = l.By.String()
			}
			return r
		}),
	}
}

func plain(text string) cell { return cell{link: link{Text: text}} }

// linkState says what became of following a link, and leads to where it ends.
func (p page) linkState(l catalog.ResolvedLink) cell {
	c := plain(string(l.State))
	c.Detail = l.Detail
	c.Href = outward(l.Address)
	switch l.State {
	case catalog.NoLink:
		c.Text, c.Class = "none", "n"
	case catalog.LinkOK:
		c.Class = "p"
		if c.Href == "" && l.Page != nil {
			c.Href = p.place(l.Page.At).Href
		}
		if c.Href == "" && l.Dashboard != nil {
			c.Href = p.place(l.Dashboard.At).Href
		}
	case catalog.NoSuchFile, catalog.NoSuchAnchor, catalog.Malformed:
		c.Class = "f"
	default:
		c.Class = "u"
	}
	return c
}

func (p page) dashboardRow(d *catalog.Dashboard) evidenceRow {
	return evidenceRow{
		Name:  d.Title.Value,
		Cells: []cell{plain(d.UID.Value), plain(number(len(d.Panels)))},
		Place: p.place(d.At),
	}
}

func (p page) pageRow(g *catalog.Page) evidenceRow {
	name := g.Title.Value
	if name == "" {
		name = g.Path
	}
	return evidenceRow{
		Name:  name,
		Cells: []cell{plain(fmt.Sprint(g.Words)), plain(date(g.Changed))},
		Place: p.place(g.At),
	}
}
