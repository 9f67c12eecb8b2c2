package threats

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// maxAnswers bounds how many texts of one answer are kept.
const maxAnswers = 200

// readAnswers reads what is protected, who attacks, how that would be noticed and repaired: below the headings that ask
// so, in columns and in fields. Without any answer about noticing and repairing, what is done about the threats counts
// where it is just that.
func (p *page) readAnswers() {
	for i := p.first; i < p.last; i++ {
		s := p.o.Sections[i]
		if p.parts[i] == otherPart {
			continue
		}
		switch p.parts[i] {
		case assetsPart:
			p.answer(&p.m.Assets, s, false)
		case attackersPart:
			p.answer(&p.m.Attackers, s, false)
		case detectionPart:
			p.answer(&p.m.Detection, s, true)
		case recoveryPart:
			p.answer(&p.m.Recovery, s, true)
		case mitigationsPart:
			if !p.taken[i] {
				p.answer(&p.m.Mitigations, s, true)
			}
		}
		if p.parts[i] == detectionPart && pages.Means(s.Heading.Text, "recovery", "recover", "response", "containment") != pages.NotAtAll {
			p.answer(&p.m.Recovery, s, true)
		}
		p.readFields(s)
		for _, t := range s.Tables {
			p.readColumns(t)
		}
	}
	p.siftWhatIsDone()
}

func (p *page) siftWhatIsDone() {
	var said catalog.ThreatModel
	for _, t := range p.m.Threats {
		sift(&said, t.Mitigation)
	}
	sift(&said, p.m.Mitigations...)
	if len(p.m.Detection) == 0 {
		p.m.Detection = said.Detection
	}
	if len(p.m.Recovery) == 0 {
		p.m.Recovery = said.Recovery
	}
}

// answer adds what a section says to an answer, and what waits to be written to the placeholders. Of a table's row the
// first cell decides whether it says something, or for what is done about things the others do.
func (p *page) answer(into *[]catalog.Text, s pages.Part, done bool) {
	for _, para := range s.Paragraphs {
		p.put(into, para.Text)
	}
	for _, item := range s.Items {
		p.put(into, item.Text)
	}
	for _, t := range s.Tables {
		if _, threats := threatColumns(t, noPart); threats {
			continue
		}
		for _, row := range t.Rows {
			if text, ok := rowAnswer(t, row, done); ok {
				p.put(into, text)
			} else {
				p.m.Placeholders = appendText(p.m.Placeholders, text)
			}
		}
	}
}

// put adds one text to an answer unless it says nothing.
func (p *page) put(into *[]catalog.Text, t catalog.Text) {
	switch {
	case t.Value == "":
	case unwritten(t.Value) || asksOnly(t.Value) || p.waits(t) || emptyField(t.Value):
		p.m.Placeholders = append(p.m.Placeholders, t)
	case slices.ContainsFunc(*into, func(known catalog.Text) bool { return known.At == t.At }):
	case len(*into) < maxAnswers && !strings.HasSuffix(t.Value, ":"): // what ends so introduces a list
		*into = append(*into, t)
	}
}

// emptyField reports whether a text is a name with nothing, or a placeholder, after it: "Detection: TBD".
func emptyField(text string) bool {
	_, value, ok := cutKey(catalog.Text{Value: text})
	return ok && value.Value != "" && unwritten(value.Value)
}

// waits reports whether a text is, for the most part, a placeholder of the page.
func (p *page) waits(t catalog.Text) bool {
	for _, ph := range p.placeholders[t.At.Line] {
		if strings.Contains(t.Value, ph.Value) && len(wordsOf(t.Value)) <= len(wordsOf(ph.Value))+6 {
			return true
		}
	}
	return false
}

// rowAnswer gives a row of a table as one text, its written cells joined; ok is false when it says nothing, and the text
// is then its first cell.
func rowAnswer(t pages.Table, row []catalog.Text, done bool) (text catalog.Text, ok bool) {
	var cells []string
	first := true
	for i, c := range row {
		if pages.Means(t.Header[i].Value, idNames...) == pages.Exactly || t.Header[i].Value == "#" {
			continue
		}
		written := !unwritten(c.Value)
		if written {
			cells = append(cells, c.Value)
		}
		if first {
			text, ok, first = c, written && (!done || len(row) == 1), false
		} else if done && written {
			ok = true
		}
	}
	if ok {
		text.Value = strings.Join(cells, " | ")
	}
	return text, ok
}

// questions are the questions that columns and fields answer, by the key of their name.
var questions = func() map[string]part {
	asked := map[string]part{}
	for part, names := range map[part][]string{assetsPart: assetNames, attackersPart: attackerNames, detectionPart: detectionNames, recoveryPart: recoveryNames} {
		for _, name := range names {
			asked[nameKey(name)] = part
		}
	}
	return asked
}()

// asked gives the answer that a name of a column or field asks for, nil for none.
func (p *page) asked(name string) *[]catalog.Text {
	switch questions[nameKey(name)] {
	case assetsPart:
		return &p.m.Assets
	case attackersPart:
		return &p.m.Attackers
	case detectionPart:
		return &p.m.Detection
	case recoveryPart:
		return &p.m.Recovery
	}
	return nil
}

// readFields reads the answers that stand on lines, items and rows "Name: value".
func (p *page) readFields(s pages.Part) {
	state := func(name string, value catalog.Text) {
		if into := p.asked(name); into != nil {
			p.put(into, value)
		}
	}
	line := func(t catalog.Text) {
		if name, value, ok := cutKey(t); ok {
			state(name, value)
		}
	}
	for _, para := range s.Paragraphs {
		for _, l := range para.Lines {
			line(l)
		}
	}
	for _, item := range s.Items {
		line(item.Text)
	}
	for _, t := range s.Tables {
		if isKeyTable(t) {
			for _, row := range t.Rows {
				state(row[0].Value, row[1])
			}
		}
	}
}

// readColumns reads the answers that stand in the columns of a table, and the controls that a table sorts by what they
// are for: "Detective", "Corrective".
func (p *page) readColumns(t pages.Table) {
	if isKeyTable(t) || len(t.Header) < 2 {
		return
	}
	for i, h := range t.Header {
		if into := p.asked(h.Value); into != nil {
			for _, row := range t.Rows {
				p.put(into, row[i])
			}
		}
	}
	for _, row := range t.Rows {
		for _, c := range row[1:] {
			switch strings.ToLower(c.Value) {
			case "detective", "detection", "detect":
				p.put(&p.m.Detection, row[0])
			case "corrective", "recovery", "recover", "responsive":
				p.put(&p.m.Recovery, row[0])
			}
		}
	}
}
