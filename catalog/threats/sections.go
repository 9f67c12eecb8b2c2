package threats

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// readThreats reads what can go wrong: tables of threats wherever they stand, headings that are threats, list items and
// prose below headings about threats.
func (p *page) readThreats() {
	for i := p.first; i < p.last; i++ {
		if p.parts[i] != otherPart && !p.taken[i] && p.isThreat(i) {
			p.readHeading(i)
		}
	}
	for i := p.first; i < p.last; i++ {
		if p.parts[i] == otherPart || p.taken[i] {
			continue
		}
		s := p.o.Sections[i]
		tables := 0
		for _, t := range s.Tables {
			if p.readTable(t, p.parts[i]) {
				tables++
			}
		}
		if tables == 0 && (p.parts[i] == threatsPart || p.parts[i] == acceptedPart) {
			p.readItems(i)
		}
	}
}

// isThreat reports whether the heading of section i is a threat: it bears the ID of one, or stands below a heading about
// threats and what is below it tells what is done.
func (p *page) isThreat(i int) bool {
	h := p.o.Sections[i].Heading
	if p.isTitle(i) || h.Text == "" || isCategory(h.Text) {
		return false
	}
	end := min(sectionEnd(p.o, i), p.last)
	id, _ := cutID(h.Text)
	marked := isThreatID(id)
	for j := i + 1; j < end; j++ {
		if inside, _ := cutID(p.o.Sections[j].Heading.Text); isThreatID(inside) {
			return false // a group of threats
		}
	}
	if p.hasThreatTable(i, end) {
		return false
	}
	if marked {
		return p.parts[i] == threatsPart || p.parts[i] == noPart || p.parts[i] == mitigationsPart
	}
	return p.parts[i] == threatsPart && partOf(h.Text) == noPart && p.tells(i, end)
}

// isThreatID reports whether an ID is one that threats bear; those of trust boundaries and assets are others.
func isThreatID(id string) bool {
	letters := strings.ToLower(strings.TrimRight(strings.TrimRight(id, "0123456789.-#"), " "))
	switch letters {
	case "t", "th", "thr", "threat", "tm", "r", "risk", "a", "at", "atk", "attack", "ac", "abuse", "abuse case", "scenario", "s", "d", "e", "i", "v", "vuln":
		return id != ""
	}
	return false
}

// tells reports whether sections tell what is done about a threat, or how it stands.
func (p *page) tells(first, end int) bool {
	told := func(text catalog.Text) bool {
		name, _, ok := cutKey(text)
		return ok && fieldOf(name) != noField
	}
	for i := first; i < end; i++ {
		s := p.o.Sections[i]
		if i > first && pages.Means(s.Heading.Text, mitigationNames...) != pages.NotAtAll {
			return true
		}
		for _, para := range s.Paragraphs {
			for _, line := range para.Lines {
				if told(line) {
					return true
				}
			}
		}
		for _, item := range s.Items {
			if told(item.Text) {
				return true
			}
		}
		for _, t := range s.Tables {
			if isKeyTable(t) {
				return true
			}
		}
	}
	return false
}

func (p *page) hasThreatTable(first, end int) bool {
	for i := first; i < end; i++ {
		for _, t := range p.o.Sections[i].Tables {
			if _, ok := threatColumns(t, p.parts[i]); ok {
				return true
			}
		}
	}
	return false
}

// readItems reads the list items of a section as threats, each with the fields of the items below it; else its prose as
// one threat.
func (p *page) readItems(i int) {
	s := p.o.Sections[i]
	var t catalog.Threat
	flush := func() {
		if t.Title.Value != "" {
			p.add(t)
		}
		t = catalog.Threat{}
	}
	name := ""
	found := 0
	for _, item := range s.Items {
		key, value, ok := cutKey(item.Text)
		switch {
		case ok && t.Title.Value != "" && set(&t, key, value):
			name = key
		case item.Depth > 1 && t.Title.Value != "":
			if name != "" {
				put(&t, name, item.Text)
			}
		case item.Depth == 1:
			flush()
			name = ""
			found++
			t = catalog.Threat{Title: item.Text, Case: isCases(s.Heading.Text), At: item.At}
			if _, rest, ok := strings.Cut(item.Value, ". "); ok {
				t.Mitigation = catalog.Text{Value: whatIsDone(rest), At: item.At}
			}
			if p.parts[i] == acceptedPart {
				t.State = catalog.ThreatAccepted
			}
			if unwritten(item.Value) || asksOnly(item.Value) && partOf(item.Value) != noPart {
				p.m.Placeholders = append(p.m.Placeholders, item.Text)
				t = catalog.Threat{}
			}
		}
	}
	flush()
	for _, para := range s.Paragraphs { // about all of the items
		if measure := whatIsDone(para.Value); found > 0 && measure != "" {
			p.m.Mitigations = append(p.m.Mitigations, catalog.Text{Value: measure, At: para.At})
		}
	}
	if found == 0 && len(s.Tables) == 0 && (i+1 >= p.last || p.o.Sections[i+1].Heading.Level <= s.Heading.Level) {
		p.readProse(i)
	}
}

// readProse reads the prose of a section without lists, tables and sections of its own as one threat.
func (p *page) readProse(i int) {
	s := p.o.Sections[i]
	for _, para := range s.Paragraphs {
		if unwritten(para.Value) || p.waits(para.Text) {
			p.m.Placeholders = append(p.m.Placeholders, para.Text)
			continue
		}
		t := catalog.Threat{Title: catalog.Text{Value: firstSentence(para.Value), At: para.At}, At: para.At}
		if partOf(s.Heading.Text) == noPart && !isCategory(s.Heading.Text) {
			t.Title = catalog.Text{Value: s.Heading.Text, At: s.Heading.At}
			t.At = s.Heading.At
		}
		for _, line := range para.Lines {
			if key, value, ok := cutKey(line); ok {
				set(&t, key, value)
			}
		}
		for _, other := range s.Paragraphs {
			if measure := whatIsDone(other.Value); measure != "" && t.Mitigation.Value == "" {
				t.Mitigation = catalog.Text{Value: measure, At: other.At}
			}
		}
		p.add(t)
		return
	}
}

// measures match prose that tells what is done about a threat.
var measures = regexp.MustCompile(`(?i)\b(?:mitigat(?:es?|ed|ing)|prevent(?:s|ed)|protect(?:s|ed) (?:by|against|from)|limited (?:to|by)|validat(?:es|ed)|encrypted|enforce[sd]?|reject(?:s|ed)|block(?:s|ed)|restrict(?:s|ed)|saniti[sz](?:es|ed)|rate[- ]limit(?:s|ed|ing)?|signed|verif(?:ies|ied)|(?:we|is|are|must be) (?:limit|ensure|require|only allow)\w*|ensures? that|requir(?:es|ing))\b`)

// whatIsDone gives the first sentence of prose that tells what is done about a threat.
func whatIsDone(text string) string {
	for sentence := range strings.SplitSeq(text, ". ") {
		if measures.MatchString(sentence) {
			return strings.TrimSpace(sentence)
		}
	}
	return ""
}

func firstSentence(text string) string {
	if i := strings.Index(text, ". "); i > 0 {
		return text[:i]
	}
	return strings.TrimSuffix(text, ".")
}
