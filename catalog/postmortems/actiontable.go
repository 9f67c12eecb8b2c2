package postmortems

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// textColumns are the titles of the column that says what is to be done.
var textColumns = []string{"action item", "action", "task", "description", "item", "what", "todo", "follow up", "improvement", "recommendation", "remediation", "title", "measure", "summary"}

// columns says what the columns of a table of actions hold.
type columns struct {
	text  int
	kinds []string // of each column: "owner", "due", "status", "ticket" or ""
}

// columnsOf reads a table's header. Exact titles win over those that merely hold a name ("Action owner" is an owner).
func columnsOf(t pages.Table) columns {
	c := columns{text: -1, kinds: make([]string, len(t.Header))}
	taken := map[string]bool{}
	for i, h := range t.Header {
		if kind := columnKind(h.Value); kind != "" && !taken[kind] {
			c.kinds[i], taken[kind] = kind, true
		}
	}
	for i, h := range t.Header {
		for _, d := range details {
			if c.kinds[i] == "" && !taken[d.kind] && pages.Means(h.Value, d.names...) == pages.Within {
				c.kinds[i], taken[d.kind] = d.kind, true
			}
		}
	}
	for _, meaning := range []pages.Meaning{pages.Exactly, pages.Within} {
		for _, name := range textColumns {
			for i, h := range t.Header {
				if c.text < 0 && c.kinds[i] == "" && pages.Means(h.Value, name) == meaning {
					c.text = i
				}
			}
		}
	}
	if c.text < 0 {
		c.text = widest(t, c.kinds)
	}
	return c
}

// widest gives the column without a known meaning that holds the most text, -1 for none.
func widest(t pages.Table, kinds []string) int {
	best, most := -1, 0
	for i := range t.Header {
		sum := 0
		for _, row := range t.Rows {
			sum += len(row[i].Value)
		}
		if kinds[i] == "" && sum > most {
			best, most = i, sum
		}
	}
	return best
}

func (c *collector) table(t pages.Table) {
	cols := columnsOf(t)
	if cols.text < 0 {
		return
	}
	for _, row := range t.Rows {
		text := row[cols.text]
		if blank(text.Value) || none.MatchString(text.Value) || numberOnly.MatchString(text.Value) {
			continue
		}
		a := c.parse(text, text.At.Line)
		for i, cell := range row {
			switch {
			case cols.kinds[i] != "":
				c.set(&a, cols.kinds[i], cell)
			case i != cols.text && len(cell.Value) < 20 && IsDone(cell.Value):
				a.Done = true
			}
		}
		if a.Ticket.Value == "" { // it may stand in any column: of the number, of a pull request
			a.Ticket = c.rowTicket(row, cols)
		}
		c.all = append(c.all, a)
	}
}

var numberOnly = regexp.MustCompile(`^[\W\d]*$`)

func (c *collector) rowTicket(row []catalog.Text, cols columns) catalog.Text {
	for i, cell := range row {
		if i == cols.text || slices.Contains([]string{"owner", "due"}, cols.kinds[i]) {
			continue
		}
		if key := ticketKey.FindString(cell.Value); key != "" && !vagueKey.MatchString(key) && strings.TrimSpace(cell.Value) == key {
			return catalog.Text{Value: strings.Clone(key), At: cell.At}
		}
	}
	return c.linked(row[0].At.Line, row[0].At.Line)
}
