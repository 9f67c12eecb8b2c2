package threats

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isPytm recognises what `tm.py --json` writes, and the input of TM.load, by keys that only they have together.
func isPytm(root *document.Node) bool {
	lists := 0
	for _, key := range []string{"findings", "excluded_findings", "elements", "flows", "boundaries", "assets", "actors"} {
		if n := root.Get(key); n != nil && n.Kind == document.List {
			lists++
		}
	}
	known := root.First("onDuplicates", "threatsFile", "isOrdered", "mergeResponses", "threatsExcluded") != nil
	return known && lists >= 2 || root.Get("findings") != nil && lists >= 4
}

// readPytm reads a model that pytm has written. Its findings come from a library of threats, so that their mitigations
// are advice; what was decided stands in their response.
func readPytm(root *document.Node) *catalog.ThreatModel {
	m := &catalog.ThreatModel{Format: "pytm", Title: named(root.Get("name")), Generated: true}
	for _, n := range root.First("assets", "elements").List() {
		switch class := n.Get("__class__").Str(); {
		case class == "Actor" || class == "ExternalEntity":
			if root.Get("actors") == nil {
				m.Attackers = appendText(m.Attackers, named(n.Get("name")))
			}
		case n.Get("inScope") == nil || n.Get("inScope").Bool():
			m.Assets = appendText(m.Assets, named(n.Get("name")))
		}
	}
	for _, n := range root.Get("data").List() {
		m.Assets = appendText(m.Assets, named(n.Get("name")))
	}
	for _, n := range root.Get("actors").List() {
		m.Attackers = appendText(m.Attackers, named(n.Get("name")))
	}
	for _, n := range root.Get("findings").List() {
		m.Threats = append(m.Threats, finding(m, n))
	}
	for _, n := range root.Get("excluded_findings").List() {
		t := finding(m, n)
		t.State = catalog.ThreatDismissed
		if why := named(n.Get("assumption", "name")); why.Value != "" {
			t.Mitigation = why
		}
		m.Threats = append(m.Threats, t)
	}
	return m
}

// finding reads one finding. Its response begins with the decision: "mitigated: sessions expire".
func finding(m *catalog.ThreatModel, n *document.Node) catalog.Threat {
	t := catalog.Threat{ID: n.First("threat_id", "id").Text(), Title: named(n.Get("description")), Severity: n.Get("severity").Text(), At: n.At}
	if target := n.Get("target").Str(); target != "" {
		t.Title.Value = oneLine(t.Title.Value + " at " + target)
	}
	t.Status = named(n.Get("response"))
	decision, why := cutDecision(t.Status.Value)
	switch strings.ToLower(decision) {
	case "mitigated":
		t.State = catalog.ThreatMitigated
	case "accepted", "transferred":
		t.State = catalog.ThreatAccepted
	case "avoided":
		t.State = catalog.ThreatDismissed
	}
	if !unwritten(why) {
		t.Mitigation = catalog.Text{Value: why, At: t.Status.At}
	}
	settle(&t)
	sift(m, t.Mitigation)
	return t
}

func cutDecision(response string) (decision, why string) {
	i := strings.IndexFunc(response, func(r rune) bool { return r < 'A' || r > 'Z' && r < 'a' || r > 'z' })
	if i < 0 {
		return response, ""
	}
	return response[:i], strings.TrimLeft(response[i:], " :;,.-–—")
}
