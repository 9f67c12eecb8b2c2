package threats

import (
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// columns are the columns of a table of threats by what they tell; -1 for none.
type columns struct {
	title, detail, id, severity, status, owner, due, ticket int
	mitigations                                             []int
}

// notThreat matches column titles that hold the word "threat" or "risk" and do not state one.
var notThreat = regexp.MustCompile(`(?i)\b(?:actors?|agents?|id|level|rating|score|category|categories|type|source|model|owner|reduction|likelihood|appetite|acceptance|residual|vector id|treatment|ref)\b`)

// threatColumns finds the columns of a table that states threats; ok is false for any other table. Such a table has a
// column of threats, or one of kinds of threats (STRIDE), beside one that tells what is done or how bad it is.
func threatColumns(t pages.Table, within part) (c columns, ok bool) {
	if isKeyTable(t) || len(t.Header) < 2 {
		return c, false
	}
	c = columns{title: -1, detail: t.Column("description", "details", "threat description"), id: exactColumn(t, idNames), severity: t.Column(severityNames...), status: t.Column(statusNames...),
		owner: exactColumn(t, ownerNames), due: exactColumn(t, dueNames), ticket: exactColumn(t, ticketNames)}
	for i, h := range t.Header {
		if pages.Means(h.Value, mitigationNames...) != pages.NotAtAll && i != c.status && pages.Means(h.Value, "control type", "control id", "action owner") == pages.NotAtAll {
			c.mitigations = append(c.mitigations, i)
		}
	}
	c.title = titleColumn(t, c)
	kind := t.Column("stride", "category", "stride category", "threat type", "threat category", "linddun")
	decided := len(c.mitigations) > 0 || c.status >= 0
	switch {
	case c.title >= 0 && (decided || c.severity >= 0 || kind >= 0 || t.Column("likelihood", "probability") >= 0):
	case c.title >= 0 && (within == threatsPart || within == acceptedPart):
	case kind >= 0 && len(c.mitigations) > 0 && (within == threatsPart || pages.Means(t.Header[kind].Value, "stride", "linddun", "threat category", "threat type") != pages.NotAtAll):
		if c.title = c.detail; c.title < 0 {
			c.title = slices.IndexFunc(t.Header, func(h catalog.Text) bool { return pages.Means(h.Value, idNames...) != pages.Exactly })
		}
		if c.title == kind && len(t.Header) > 2 {
			c.title = kind + 1
		}
	default:
		return c, false
	}
	return c, c.title >= 0 && !slices.Contains(c.mitigations, c.title)
}

// titleColumn gives the column whose title means a threat, the surest first.
func titleColumn(t pages.Table, c columns) int {
	best := -1
	for i, h := range t.Header {
		if i == c.id || i == c.status || i == c.severity && pages.Means(h.Value, "risk") != pages.Exactly || slices.Contains(c.mitigations, i) {
			continue
		}
		switch pages.Means(h.Value, titleNames...) {
		case pages.Exactly:
			if pages.Means(h.Value, "name", "title") == pages.Exactly && c.id < 0 {
				continue
			}
			return i
		case pages.Within:
			if best < 0 && pages.Means(h.Value, "threat", "attack", "risk") != pages.NotAtAll && !notThreat.MatchString(h.Value) {
				best = i
			}
		}
	}
	return best
}

// exactColumn gives the column with just one of the names, -1 for none.
func exactColumn(t pages.Table, names []string) int {
	return slices.IndexFunc(t.Header, func(h catalog.Text) bool {
		return pages.Means(h.Value, names...) == pages.Exactly || h.Value == "#" && names[0] == "id"
	})
}

// readTable reads the threats of a table. It reports whether the table is one of threats.
func (p *page) readTable(t pages.Table, within part) bool {
	c, ok := threatColumns(t, within)
	if !ok {
		return false
	}
	cell := func(row []catalog.Text, i int) catalog.Text {
		if i < 0 || unwritten(row[i].Value) {
			return catalog.Text{}
		}
		return row[i]
	}
	for _, row := range t.Rows {
		threat := catalog.Threat{ID: cell(row, c.id), Title: cell(row, c.title), Severity: cell(row, c.severity), Status: cell(row, c.status), Owner: cell(row, c.owner),
			Due: cell(row, c.due), Ticket: cell(row, c.ticket), At: row[c.title].At}
		if c.detail >= 0 && c.detail != c.title && (isCategory(threat.Title.Value) || threat.Title.Value == "") {
			if detail := cell(row, c.detail); detail.Value != "" {
				threat.Title = catalog.Text{Value: oneLine(threat.Title.Value + ": " + detail.Value), At: detail.At}
			}
		}
		p.mitigate(&threat, t, c, row)
		if within == acceptedPart && threat.Status.Value == "" {
			threat.State = catalog.ThreatAccepted
		}
		if threat.Title.Value == "" && !unwritten(row[c.title].Value) {
			threat.Title = row[c.title]
		}
		if threat.Title.Value == "" {
			if !notApplicable.MatchString(row[c.title].Value) {
				p.m.Placeholders = appendText(p.m.Placeholders, row[c.title])
			}
			continue
		}
		p.add(threat)
	}
	return true
}

// notApplicable matches what is decided and not left open.
var notApplicable = regexp.MustCompile(`(?i)^(?:n/?a|none)\b`)

// planned matches the title of a column of mitigations that are not there yet.
var planned = regexp.MustCompile(`(?i)\b(?:planned|proposed|future|recommended|todo|next)\b`)

// mitigate takes the first mitigation of a row: one that is there before one that is planned. A cell of nothing but a
// status ("accepted") is one.
func (p *page) mitigate(threat *catalog.Threat, t pages.Table, c columns, row []catalog.Text) {
	later := func(i int) int {
		if planned.MatchString(t.Header[i].Value) {
			return 1
		}
		return 0
	}
	order := slices.Clone(c.mitigations)
	slices.SortStableFunc(order, func(a, b int) int { return later(a) - later(b) })
	for _, i := range order {
		if unwritten(row[i].Value) {
			p.m.Placeholders = appendText(p.m.Placeholders, row[i])
			continue
		}
		if later(i) == 1 && threat.Status.Value == "" {
			threat.State = catalog.ThreatPlanned
		}
		threat.Mitigation = row[i]
		return
	}
}
