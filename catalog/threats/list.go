package threats

import (
	"strings"
	"unicode"

	"obsready/catalog"
)

// maxThreats bounds how many threats of one page are kept: more are no list that people work with.
const maxThreats = 2000

// add adds a threat to the model, or completes the one that it already has of the same ID or title: pages repeat their
// threats in summaries and risk matrices. What is unwritten is no threat.
func (p *page) add(t catalog.Threat) {
	if onlyIDs.MatchString(t.Title.Value) {
		p.refer(t)
		return
	}
	if id, rest := cutID(t.Title.Value); id != "" {
		if t.ID.Value == "" {
			t.ID = catalog.Text{Value: id, At: t.Title.At}
		}
		if rest != "" {
			t.Title.Value = rest
		}
	}
	if inner.MatchString(t.Title.Value) {
		t.Mitigation = catalog.Text{} // said by name, so that it need not be found in the prose
		t.Title = cutInner(&t, t.Title)
	}
	if bare := p.withoutCategory(t.Title.Value); unwritten(bare) && t.Mitigation.Value == "" && t.Status.Value == "" || t.Title.Value == "" {
		if t.Title.Value != "" {
			p.m.Placeholders = append(p.m.Placeholders, t.Title)
		}
		return
	}
	if known := p.known(t); known != nil {
		merge(known, t)
		complete(known)
		return
	}
	complete(&t)
	p.keep(t)
}

// refer completes the threats whose IDs stand in place of a title, as in a table of measures. What it tells counts for
// those of which nothing is known yet: a further measure that is only planned does not undo the first.
func (p *page) refer(t catalog.Threat) {
	for id := range strings.FieldsFuncSeq(t.Title.Value, func(r rune) bool { return strings.ContainsRune(",;/&+ ", r) }) {
		if i, ok := p.byID[id]; ok && p.m.Threats[i].Mitigation.Value == "" {
			merge(&p.m.Threats[i], t)
			complete(&p.m.Threats[i])
		}
	}
}

// withoutCategory takes the name of a kind of threats off the beginning of a title: "Spoofing: TBD".
func (p *page) withoutCategory(title string) string {
	if kind, rest, ok := strings.Cut(title, ":"); ok && isCategory(kind) {
		return rest
	}
	if isCategory(title) {
		return ""
	}
	return title
}

// known gives the threat of the model that t is another mention of: one with the same ID, else one with the same title
// that has no other ID.
func (p *page) known(t catalog.Threat) *catalog.Threat {
	if i, ok := p.byID[t.ID.Value]; ok && namesThreat(t.ID.Value) {
		return &p.m.Threats[i]
	}
	i, ok := p.byTitle[titleKey(t)]
	if !ok || t.ID.Value != "" && p.m.Threats[i].ID.Value != "" && p.m.Threats[i].ID.Value != t.ID.Value {
		return nil
	}
	return &p.m.Threats[i]
}

// namesThreat reports whether an ID is more than the number of a row, which another table can have too.
func namesThreat(id string) bool { return strings.IndexFunc(id, unicode.IsLetter) >= 0 }

func titleKey(t catalog.Threat) string { return strings.Join(wordsOf(t.Title.Value), " ") }

// keep appends a threat that the model does not have yet.
func (p *page) keep(t catalog.Threat) {
	if len(p.m.Threats) >= maxThreats {
		return
	}
	i := len(p.m.Threats)
	p.m.Threats = append(p.m.Threats, t)
	if _, taken := p.byID[t.ID.Value]; !taken {
		p.byID[t.ID.Value] = i
	}
	if key := titleKey(t); key != "" {
		if _, taken := p.byTitle[key]; !taken {
			p.byTitle[key] = i
		}
	}
}

// merge fills in what a further mention of a threat tells.
func merge(k *catalog.Threat, t catalog.Threat) {
	for _, f := range []struct{ into, from *catalog.Text }{
		{&k.ID, &t.ID}, {&k.Severity, &t.Severity}, {&k.Status, &t.Status}, {&k.Mitigation, &t.Mitigation}, {&k.Owner, &t.Owner}, {&k.Due, &t.Due}, {&k.Ticket, &t.Ticket},
	} {
		if f.into.Value == "" {
			*f.into = *f.from
		}
	}
	if k.State == catalog.ThreatUnstated {
		k.State = t.State
	}
}
