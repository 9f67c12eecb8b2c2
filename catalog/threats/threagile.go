package threats

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readThreagile reads a Threagile model. The tool works most threats out when it is run; in the file stand those that
// somebody added, those of an analysis that was kept, and the decisions about both (risk_tracking).
func readThreagile(root *document.Node) (*catalog.ThreatModel, []catalog.Gap) {
	m := &catalog.ThreatModel{Format: "threagile", Title: named(root.Get("title")), Generated: true}
	if day := root.Get("date").Text(); day.Value != "" {
		m.Reviewed = day
	}
	readThreagileAssets(m, root)
	for _, p := range pairs(root.Get("abuse_cases")) {
		m.Attackers = appendText(m.Attackers, named(p.Value))
	}
	for _, p := range pairs(root.Get("questions")) {
		readThreagileAnswer(m, p)
	}
	for _, p := range pairs(root.Get("security_requirements")) {
		if t := named(p.Value); t.Value != "" {
			t.Value = oneLine(p.Key.Value) + ": " + t.Value
			sift(m, t)
		}
	}
	tracked := readTracking(root)
	for _, t := range threagileRisks(root) {
		if by := tracking(tracked, t.ID.Value); by != nil {
			by.used = true
			decide(&t, by.threat)
		}
		m.Threats = append(m.Threats, t)
	}
	for _, t := range tracked {
		if !t.used {
			m.Threats = append(m.Threats, t.threat)
		}
	}
	for _, t := range m.Threats {
		sift(m, t.Mitigation)
	}
	return m, threagileGaps(root)
}

// threagileGaps tells that parts of the model stand in other files.
func threagileGaps(root *document.Node) []catalog.Gap {
	files := root.Get("includes").Texts()
	if len(files) == 0 {
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Value
	}
	return []catalog.Gap{gap(root.Get("includes").At, "the model includes %q, which are not followed. keep the merged model in the catalog", names)}
}

func pairs(n *document.Node) []document.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

func readThreagileAssets(m *catalog.ThreatModel, root *document.Node) {
	add := func(list *[]catalog.Text, p document.Pair) {
		name := p.Key
		if title := named(p.Value.Get("title")); title.Value != "" {
			name = title
		}
		if unwritten(name.Value) {
			m.Placeholders = append(m.Placeholders, name)
			return
		}
		*list = append(*list, name)
	}
	for _, p := range pairs(root.Get("data_assets")) {
		add(&m.Assets, p)
	}
	for _, p := range pairs(root.Get("technical_assets")) {
		switch {
		case p.Value.Get("type").Str() == "external-entity":
			add(&m.Attackers, p)
		case !p.Value.Get("out_of_scope").Bool():
			add(&m.Assets, p)
		}
	}
	for _, p := range pairs(root.Get("trust_boundaries")) {
		add(&m.Assets, p)
	}
}

// readThreagileAnswer reads one of the open questions of a model with its answer, "" when nobody knows yet.
func readThreagileAnswer(m *catalog.ThreatModel, p document.Pair) {
	if answer := named(p.Value); answer.Value != "" {
		answer.Value = oneLine(p.Key.Value) + " " + answer.Value
		sift(m, answer)
		return
	}
	m.Placeholders = append(m.Placeholders, p.Key)
}

// threagileRisks gives the risks that somebody identified, and those of an analysis that was kept in the file.
func threagileRisks(root *document.Node) []catalog.Threat {
	var all []catalog.Threat
	add := func(category string, key catalog.Text, n *document.Node) {
		t := catalog.Threat{ID: catalog.Text{Value: riskID(category, n), At: key.At}, Title: catalog.Text{Value: plain(key.Value), At: key.At},
			Severity: n.Get("severity").Text(), State: catalog.ThreatOpen, At: key.At}
		known := func(other catalog.Threat) bool { return other.ID.Value == t.ID.Value }
		if unwritten(t.Title.Value) || slices.ContainsFunc(all, known) {
			return
		}
		all = append(all, t)
	}
	for _, key := range []string{"individual_risk_categories", "custom_risk_categories"} {
		categories := root.Get(key)
		if categories == nil {
			continue
		}
		values := categories.Items
		for _, p := range categories.Pairs {
			values = append(values, p.Value)
		}
		for _, category := range values {
			for _, p := range pairs(category.Get("risks_identified")) {
				add(category.Get("id").Str(), p.Key, p.Value)
			}
		}
	}
	for _, p := range pairs(root.Get("generated_risks_by_category")) {
		for _, n := range p.Value.List() {
			if title := n.Get("title").Text(); title.Value != "" {
				add(p.Key.Value, title, n)
			}
		}
	}
	return all
}

// riskID gives the ID under which Threagile tracks a risk: the category with the elements that it is about.
func riskID(category string, n *document.Node) string {
	if id := n.Get("synthetic_id").Str(); id != "" {
		return id
	}
	id := category
	for _, key := range []string{"technical_asset", "communication_link", "trust_boundary", "shared_runtime", "data_asset"} {
		if element := n.Get("most_relevant_" + key).Str(); element != "" {
			id += "@" + element
		}
	}
	return id
}

// tracked is one decision, by the ID of the risk or a pattern of IDs.
type tracked struct {
	threat catalog.Threat
	used   bool
}

func readTracking(root *document.Node) []*tracked {
	var all []*tracked
	for _, p := range pairs(root.Get("risk_tracking")) {
		n := p.Value
		t := catalog.Threat{ID: p.Key, Title: p.Key, Status: n.Get("status").Text(), Mitigation: named(n.Get("justification")), Owner: named(n.Get("checked_by")),
			Ticket: named(n.Get("ticket")), At: p.Key.At}
		switch strings.ToLower(t.Status.Value) {
		case "mitigated":
			t.State = catalog.ThreatMitigated
		case "accepted":
			t.State = catalog.ThreatAccepted
		case "in-progress":
			t.State = catalog.ThreatPlanned
		case "false-positive":
			t.State = catalog.ThreatDismissed
		case "unchecked", "in-discussion", "":
			t.State = catalog.ThreatOpen
		}
		settle(&t)
		all = append(all, &tracked{threat: t})
	}
	return all
}

// tracking gives the decision about the risk of an ID: one for just that ID before a pattern.
func tracking(all []*tracked, id string) *tracked {
	if i := slices.IndexFunc(all, func(t *tracked) bool { return t.threat.ID.Value == id }); i >= 0 {
		return all[i]
	}
	if i := slices.IndexFunc(all, func(t *tracked) bool { return matchID(t.threat.ID.Value, id) }); i >= 0 {
		return all[i]
	}
	return nil
}

// matchID reports whether an ID fits a pattern in which "*" stands for one of the parts between "@".
func matchID(pattern, id string) bool {
	return slices.EqualFunc(strings.Split(pattern, "@"), strings.Split(id, "@"), func(p, part string) bool { return p == "*" || p == part })
}

// decide takes over what was decided about a threat.
func decide(t *catalog.Threat, by catalog.Threat) {
	t.Status, t.State, t.Mitigation, t.Owner, t.Ticket = by.Status, by.State, by.Mitigation, by.Owner, by.Ticket
}

// plain takes the marks of emphasis off a title: "<b>SQL injection</b> at <b>ERP</b>".
func plain(title string) string {
	return oneLine(strings.NewReplacer("<b>", "", "</b>", "", "<i>", "", "</i>", "", "<u>", "", "</u>", "").Replace(title))
}
