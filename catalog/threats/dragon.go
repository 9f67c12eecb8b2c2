package threats

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isDragon recognises a model of OWASP Threat Dragon, of version 1 or 2.
func isDragon(root *document.Node) bool {
	summary, detail := root.Get("summary"), root.Get("detail")
	return summary != nil && summary.Kind == document.Map && summary.Get("title") != nil && detail != nil && detail.Kind == document.Map &&
		detail.First("diagrams", "contributors", "reviewer") != nil
}

// readDragon reads a Threat Dragon model: its elements are what is protected and who acts, and each has its threats. The
// format has no place for detection, recovery, owners and days.
func readDragon(root *document.Node) *catalog.ThreatModel {
	m := &catalog.ThreatModel{Format: "threat dragon", Title: named(root.Get("summary", "title"))}
	for _, diagram := range root.Get("detail", "diagrams").List() {
		cells := diagram.First("cells")
		if cells == nil {
			cells = diagram.Get("diagramJson", "cells")
		}
		for _, cell := range cells.List() {
			readCell(m, cell)
		}
	}
	if about := named(root.Get("summary", "description")); about.Value != "" {
		sift(m, about)
	}
	return m
}

// readCell reads one element of a diagram. Version 2 keeps what it means in data, version 1 in the cell itself.
func readCell(m *catalog.ThreatModel, cell *document.Node) {
	data := cell.Get("data")
	if data == nil {
		data = cell
	}
	name := named(data.Get("name"))
	if name.Value == "" {
		name = named(cell.Get("attrs", "text", "text"))
	}
	inScope := !data.Get("outOfScope").Bool()
	switch data.Get("type").Str() {
	case "tm.Actor":
		m.Attackers = appendText(m.Attackers, name)
	case "tm.Process", "tm.Store":
		if inScope {
			m.Assets = appendText(m.Assets, name)
		}
	}
	for _, n := range data.Get("threats").List() {
		t := dragonThreat(m, n)
		if !inScope && t.State != catalog.ThreatMitigated {
			t.State, t.Mitigation = catalog.ThreatDismissed, named(data.Get("reasonOutOfScope"))
		}
		m.Threats = append(m.Threats, t)
	}
}

func dragonThreat(m *catalog.ThreatModel, n *document.Node) catalog.Threat {
	t := catalog.Threat{
		ID: n.First("number", "id").Text(), Title: named(n.Get("title")), Severity: n.Get("severity").Text(), Status: n.Get("status").Text(),
		Mitigation: named(n.Get("mitigation")), At: n.At,
	}
	if t.Title.Value == "" {
		t.Title = named(n.Get("description"))
	}
	if t.Title.Value == "" {
		t.Title = n.Get("title").Text() // as the tool fills it in
	}
	for _, key := range []string{"title", "description", "mitigation"} {
		if text := n.Get(key).Text(); strings.TrimSpace(text.Value) != "" && unwritten(oneLine(text.Value)) {
			m.Placeholders = append(m.Placeholders, catalog.Text{Value: oneLine(text.Value), At: text.At})
		}
	}
	switch strings.ToLower(strings.ReplaceAll(t.Status.Value, " ", "")) {
	case "mitigated":
		t.State = catalog.ThreatMitigated
	case "notapplicable", "n/a":
		t.State = catalog.ThreatDismissed
	case "open":
		t.State = catalog.ThreatOpen
	}
	settle(&t)
	sift(m, t.Mitigation)
	return t
}
