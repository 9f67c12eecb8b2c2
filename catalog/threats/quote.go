package threats

import (
	"obsready/catalog"
	"obsready/catalog/pages"
)

// quoted gives a model whose texts are as [pages.Quote] gives them.
func quoted(m *catalog.ThreatModel) *catalog.ThreatModel {
	m.Title, m.Reviewed = pages.Quote(m.Title), pages.Quote(m.Reviewed)
	for _, list := range [][]catalog.Text{m.Services, m.Assets, m.Attackers, m.Detection, m.Recovery, m.Mitigations, m.Placeholders} {
		pages.Quotes(list)
	}
	for i := range m.Threats {
		t := &m.Threats[i]
		for _, text := range []*catalog.Text{&t.ID, &t.Title, &t.Severity, &t.Status, &t.Mitigation, &t.Owner, &t.Due, &t.Ticket} {
			*text = pages.Quote(*text)
		}
	}
	return m
}
