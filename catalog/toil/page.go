package toil

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// ReadPage gives the log that a page's tables hold, or false when none of them has the columns of one: a task, and how
// often or how long it is done. The page's fields say whose log it is and the share of time: "Team: payments",
// "Share: 35%".
func ReadPage(o *pages.Outline) (*catalog.ToilLog, bool) {
	log := &catalog.ToilLog{Team: o.Field("team", "owner"), Service: o.Field("service"), Percent: -1, At: o.Page.At}
	found := false
	for _, s := range o.Sections {
		for _, t := range s.Tables {
			titles := make([]string, len(t.Header))
			for i, h := range t.Header {
				titles[i] = h.Value
			}
			l := layoutOf(titles)
			if !l.isLog() {
				continue
			}
			found = true
			for _, row := range t.Rows {
				if e, ok := l.entry(row); ok && len(log.Entries) < maxRows {
					e.Team, e.Service = orElse(e.Team, log.Team), orElse(e.Service, log.Service)
					linkTicket(&e, row, o.Page.Links)
					log.Entries = append(log.Entries, e)
				}
			}
		}
	}
	for _, name := range []string{"toil share", "share", "share of time", "toil", "share of toil", "time spent on toil", "toil percentage"} {
		if share := o.Field(name); share.Value != "" && log.Percent < 0 {
			log.Share, log.Percent = share, percentOf(share)
		}
	}
	if log.Percent < 0 {
		log.Share = catalog.Text{}
	}
	return log, found
}

// linkTicket gives an entry the target of the link that its ticket is written as.
func linkTicket(e *catalog.ToilEntry, row []catalog.Text, links []catalog.PageLink) {
	for _, l := range links {
		if e.Ticket.Value != "" && l.At.Line == row[0].At.Line && strings.TrimSpace(l.Text) == e.Ticket.Value {
			e.Ticket.Value = l.Target
			return
		}
	}
}
