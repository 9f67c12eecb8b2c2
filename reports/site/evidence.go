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

// evidence gives the tables in report order; a kind without evidence has none.
func (p page) evidence(svc *catalog.Service) []evidence {
	tables := []evidence{
		table(p, catalog.Alerts, svc.Alerts, []string{"Severity", "Team", "Runbook", "Dashboard"}, p.alertRow),
		table(p, catalog.SLOs, svc.SLOs, []string{"Objective", "Window", "Alerts"}, p.sloRow),
		table(p, catalog.Dashboards, svc.Dashboards, []string{"UID", "Panels"}, p.dashboardRow),
		table(p, catalog.Runbooks, svc.Runbooks, []string{"Words", "Last changed"}, p.pageRow),
		table(p, catalog.Recordings, svc.Recordings, nil, func(r *catalog.RecordingRule) evidenceRow {
			return evidenceRow{Name: r.Name.Value, Place: p.place(r.At)}
		}),
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
		Rows: capList(items, 10, 100, func(l catalog.Linked[T]) evidenceRow {
			r := view(l.Item)
			r.By = l.By.String()
			return r
		}),
	}
}

func plain(text string) cell { return cell{link: link{Text: text}} }

func (p page) alertRow(a *catalog.AlertRule) evidenceRow {
	team := plain(a.Team.Ref.Value)
	if a.Team.Team != nil {
		team.link = p.teamLink(a.Team.Team)
	}
	return evidenceRow{
		Name:  a.Name.Value,
		Cells: []cell{plain(a.Severity.Value), team, p.linkState(a.Runbook), p.linkState(a.Dashboard)},
		Place: p.place(a.At),
	}
}

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

func (p page) sloRow(s *catalog.SLO) evidenceRow {
	alerts := cell{link: link{Text: "none generated"}}
	switch {
	case s.Alerting.Page && s.Alerting.Ticket:
		alerts.Text = "page and ticket"
	case s.Alerting.Page:
		alerts.Text = "page"
	case s.Alerting.Ticket:
		alerts.Text = "ticket"
	case len(s.Alerting.Policies) > 0:
		alerts.Text = count(len(s.Alerting.Policies), "alert policy", "alert policies")
	}
	return evidenceRow{
		Name:  s.Name.Value,
		Cells: []cell{plain(s.Objective.Value), plain(s.Window.Value), alerts},
		Place: p.place(s.At),
	}
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
