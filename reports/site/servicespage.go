package site

import (
	"math"
	"strconv"
	"strings"

	"obsready/scorecard"
)

// servicesView is what services.html shows: those in most need as a table that is read without a script, and all of
// them as data for the script that searches.
type servicesView struct {
	frame
	Table serviceTable
	Teams []link // that have a page with all their services; when the table leaves some out
	Data  found
}

func (p page) servicesPage() servicesView {
	cards := p.site.report.Cards
	view := servicesView{frame: p.frame("Services", p.estateLink()), Table: p.serviceTable(cards, ""), Data: p.found(byNeed(cards))}
	view.Section, view.Pictures, view.Find = "services", true, len(cards) > 0
	if view.Table.Rest > 0 {
		for i := range p.site.report.Teams {
			view.Teams = append(view.Teams, p.teamAt(i))
		}
	}
	return view
}

// found is what the script knows of all services. It is written as lists without names, for there may be ten thousand.
type found struct {
	Pillars []string   `json:"pillars"`
	Weeks   int        `json:"weeks"` // 0 without a history
	Teams   [][]string `json:"teams"` // name and path
	Rows    [][]any    `json:"rows"`  // in the order of need
}

func (p page) found(cards []*scorecard.Card) found {
	data := found{Pillars: p.pillarNames()}
	if data.Pillars == nil {
		data.Pillars = []string{}
	}
	if h := p.site.report.History; h != nil {
		data.Weeks = len(h.Weeks)
	}
	teams := map[link]int{}
	for _, c := range cards {
		owner := p.ownerLink(c.Service)
		at, known := teams[owner]
		if !known {
			at = len(data.Teams)
			teams[owner] = at
			data.Teams = append(data.Teams, []string{tidy(owner.Text), owner.Href})
		}
		data.Rows = append(data.Rows, p.foundRow(c, at))
	}
	return data
}

func (p page) foundRow(c *scorecard.Card, team int) []any {
	path, level := p.site.services.byID[c.Service.ID], -1
	if path == serviceFolder+"/"+c.Service.ID+".html" {
		path = ""
	}
	if c.Rated {
		level = int(c.Level)
	}
	var verdicts strings.Builder
	for _, s := range c.Pillars {
		verdicts.WriteString(verdictClass(s.Verdict))
	}
	unknown, _ := strconv.Atoi(unknownPercent(c.Score))
	return []any{tidy(p.serviceLink(c.Service).Text), tidy(p.ownTitle(c)), path, team, c.Service.TierNumber(), level, int(c.Required), verdicts.String(), whole(c.Score), unknown, p.trendText(c)}
}

// ownTitle gives a title that says more than the service's ID.
func (p page) ownTitle(c *scorecard.Card) string {
	if title := c.Service.Title.Value; !strings.EqualFold(title, c.Service.ID) {
		return title
	}
	return ""
}

// tidy does for data what clean does for pages: its escapes are no bytes that clean would see.
func tidy(text string) string { return string(clean([]byte(text))) }

// whole gives a score in whole percent, nil when there is nothing to score.
func whole(s scorecard.Score) any {
	percent, ok := s.Percent()
	if !ok {
		return nil
	}
	return int(percent + 1e-9)
}

// trendText gives the score of each week, from the first that is known. One that is as the week before is empty, and one
// of which nothing is known is "?".
func (p page) trendText(c *scorecard.Card) string {
	h := p.site.report.History
	if h == nil {
		return ""
	}
	var weeks []string
	last := "?"
	for _, percent := range scores(h, h.Services[c.Service.ID]) {
		week := "?"
		if !math.IsNaN(percent) {
			week = strconv.Itoa(int(percent + 1e-9))
		}
		switch {
		case week == "?" && len(weeks) == 0:
		case week == last:
			weeks = append(weeks, "")
		default:
			weeks = append(weeks, week)
		}
		last = week
	}
	return strings.Join(weeks, ",")
}
