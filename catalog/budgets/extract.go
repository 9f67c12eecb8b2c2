package budgets

import (
	"cmp"
	"slices"
	"strings"

	"obsready/catalog"
)

// maxTexts is how many lines of one sort are kept.
const maxTexts = 12

// extract fills in what the units of a policy say.
func extract(p *catalog.BudgetPolicy, units []*unit) {
	var triggers, consequences, deciders []scored
	for i, u := range units {
		if u.level > 0 || u.text == "" || isMetadata(u.text) || len(u.cells) == 2 && isMetadata(u.cells[0]) {
			continue
		}
		if score := triggerScore(u); score > 0 {
			triggers = append(triggers, scored{triggerText(u), score, i})
		}
		for _, t := range consequenceTexts(u) {
			consequences = append(consequences, scored{t.text, t.score, i})
		}
		if text, score := decider(u); score > 0 {
			deciders = append(deciders, scored{catalog.Text{Value: text, At: u.at}, score, i})
		}
	}
	for i, h := range units { // a heading is a trigger when something is to be done below it
		if h.level > 0 && structuralTrigger(h.text) && !healthy(h.text) && !explains(h) && anyBelow(h, units[i+1:]) {
			score := 1
			if share.MatchString(h.text) {
				score = 3
			}
			triggers = append(triggers, scored{catalog.Text{Value: h.text, At: h.at}, score, i})
		}
	}
	p.Triggers, p.Consequences, p.Deciders = surest(triggers), surest(consequences), surest(deciders)
	fields := fieldsOf(p.Page, units)
	p.Approved = approved(fields)
	p.Review = review(fields, units)
	if len(p.Deciders) < maxTexts {
		p.Deciders = append(p.Deciders, approvers(fields)...)
	}
}

// scored is a text with how sure it is.
type scored struct {
	text  catalog.Text
	score int
	order int
}

// surest gives the texts, the surest first and those alike in the order of the page, each once.
func surest(all []scored) []catalog.Text {
	slices.SortStableFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.order, b.order))
	})
	var texts []catalog.Text
	seen := map[string]bool{}
	for _, s := range all {
		if key := strings.ToLower(s.text.Value); !seen[key] && len(texts) < maxTexts {
			seen[key] = true
			texts = append(texts, s.text)
		}
	}
	return texts
}

// anyBelow reports whether something changes below a heading. units are those after it.
func anyBelow(h *unit, units []*unit) bool {
	for _, u := range units {
		if u.level > 0 && u.level <= h.level {
			return false
		}
		if u.level == 0 && consequence(u.text) > 0 {
			return true
		}
	}
	return false
}

// triggerScore tells how surely a unit says when the policy applies; 0 when it does not.
func triggerScore(u *unit) int {
	changes := consequence(u.text)
	switch {
	case explains(u), healthy(u.text), recovers.MatchString(u.text) && changes < strong:
		return 0
	case u.cells != nil:
		if column := budgetColumn(u); column >= 0 && rowConsequence(u, column) {
			return 3
		}
		return 0
	case conditional(u.text) && changes == strong:
		return 4
	case conditional(u.text) && (changes > 0 || u.leads):
		return 3
	case conditional(u.text):
		return 1
	case u.level == 0 && budgetSpent.MatchString(u.text) && !asks(u.text) && inSection(u, triggerSections):
		return 2
	case structuralTrigger(u.text) && (changes > 0 || u.leads || stated.MatchString(u.text)):
		return 2
	}
	return 0
}

// triggerText gives a row's condition with the name of its column, any other unit as it stands.
func triggerText(u *unit) catalog.Text {
	text := u.text
	if u.cells != nil {
		column := budgetColumn(u)
		text = u.cells[column]
		if header := u.headerOf(column); header != "" {
			text = header + ": " + text
		}
	}
	return catalog.Text{Value: text, At: u.at}
}

type scoredText struct {
	text  catalog.Text
	score int
}

// consequenceTexts gives what a unit says that changes when the policy applies: the cells of a row, or the unit itself.
func consequenceTexts(u *unit) []scoredText {
	if explains(u) {
		return nil
	}
	if u.cells != nil {
		column := budgetColumn(u)
		if column < 0 || calmRow(u.headerOf(column), u.cells[column]) {
			return nil
		}
		var texts []scoredText
		for i, cell := range u.cells {
			if sure := consequence(cell); i != column && sure > 0 {
				texts = append(texts, scoredText{catalog.Text{Value: cell, At: u.at}, sure + 1})
			}
		}
		return texts
	}
	sure := consequence(u.text)
	switch applies, calm := context(u); {
	case sure == 0 || calm || asks(u.text) || healthy(u.text) || strings.HasSuffix(u.text, ":"):
		return nil
	case conditional(u.text) || structuralTrigger(u.text) || applies:
		return []scoredText{{catalog.Text{Value: u.text, At: u.at}, sure + 1}}
	case sure == strong && inSection(u, consequenceSections):
		return []scoredText{{catalog.Text{Value: u.text, At: u.at}, 1}}
	}
	return nil
}

// context tells whether a unit stands below something that says when the policy applies, and whether that is a state in
// which nothing changes.
func context(u *unit) (applies, calm bool) {
	chain := []*unit{}
	for l, n := u.lead, 0; l != nil && n < 10; l, n = l.lead, n+1 {
		chain = append(chain, l)
	}
	for _, c := range append(chain, u.section()...) {
		switch {
		case healthy(c.text):
			return false, true
		case c.level == 0 && conditional(c.text) || structuralTrigger(c.text):
			return true, false
		}
	}
	return false, false
}

// rowConsequence reports whether another cell of a row than the one with the condition says what changes.
func rowConsequence(u *unit, column int) bool {
	return !calmRow(u.headerOf(column), u.cells[column]) && slices.ContainsFunc(u.cells, func(c string) bool {
		return c != u.cells[column] && consequence(c) > 0
	})
}

// budgetColumn gives the column of a row that says how much budget is spent or left, -1 when there is none.
func budgetColumn(u *unit) int {
	about := slices.ContainsFunc(u.header, func(h string) bool { return budgetHeader.MatchString(h) }) ||
		slices.ContainsFunc(u.section(), func(h *unit) bool { return h.matches(budgetHeader) })
	if !about || explains(u) {
		return -1
	}
	for i, cell := range u.cells {
		if i < len(u.header) && budgetHeader.MatchString(u.header[i]) && (percentage.MatchString(cell) || spent.MatchString(cell)) {
			return i
		}
	}
	for i, cell := range u.cells {
		if (structuralTrigger(cell) || percentOnly.MatchString(cell)) && (i == 0 || consequence(cell) == 0) {
			return i
		}
	}
	return -1
}

// decider gives what of a unit says who decides, with how sure that is; 0 when nothing does. Of a row it is one cell, or
// all of them.
func decider(u *unit) (text string, score int) {
	if len(u.text) < 3 || explains(u) || asks(u.text) || records.MatchString(u.text) {
		return "", 0
	}
	for _, cell := range u.cells {
		if role.MatchString(cell) && (settles.MatchString(cell) || decides.MatchString(cell)) {
			return cell, 2
		}
	}
	switch {
	case !role.MatchString(u.text):
		return "", 0
	case settles.MatchString(u.text):
		return u.text, 3
	case decides.MatchString(u.text):
		return u.text, 2
	case person.MatchString(u.text) && (inSection(u, deciderSections) && !inSection(u, reviewSection) || leads(u, decides)):
		return u.text, 1
	}
	return "", 0
}
