package scorecard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/checks"
)

// know states how many alerts surely page, and whose they are: by their own label, else by the owner of the service.
func (a *Answer) know(g group, survey *checks.Survey) {
	teams := map[*catalog.Team][]*catalog.AlertRule{}
	seen := map[*catalog.AlertRule]bool{}
	for _, c := range g.cards {
		for _, l := range c.Service.Alerts {
			alert := l.Item
			if seen[alert] {
				continue
			}
			seen[alert] = true
			if state, _ := survey.Paged(alert); state == checks.Met {
				team := pagedTeam(alert, c.Service)
				teams[team] = append(teams[team], alert)
			}
		}
	}
	for _, team := range slices.SortedFunc(maps.Keys(teams), byTeamID) {
		n := len(teams[team])
		belong := fmt.Sprintf("%s that %s %s to", count(n, "alert"), verb(n, "pages", "page"), verb(n, "belongs", "belong"))
		places := alertPlaces(teams[team])
		switch {
		case team == nil:
			a.missf("%s no team of the catalog", belong)
		case team.Oncall.Value == "":
			a.clausef(places, "%s %s, for which no rota is stated.", belong, team.ID)
		default:
			a.clausef(append([]catalog.Place{team.Oncall.At}, places...), "%s %s, whose rota is %s.", belong, team.ID, spokenAddress(team.Oncall.Value))
		}
	}
}

// pagedTeam gives the team that an alert belongs to; nil when its label names no team, or when neither label nor owner
// name one.
func pagedTeam(alert *catalog.AlertRule, svc *catalog.Service) *catalog.Team {
	if alert.Team.Team == nil && alert.Team.Ref.Value == "" {
		return svc.Owner.Team
	}
	return alert.Team.Team
}

func alertPlaces(alerts []*catalog.AlertRule) []catalog.Place {
	places := make([]catalog.Place, len(alerts))
	for i, alert := range alerts {
		places[i] = alert.At
	}
	return places
}

// recover states who answers for the services and which runbooks they have.
func (a *Answer) recover(g group) {
	owners := map[*catalog.Team][]*Card{}
	for _, c := range g.cards {
		if team := c.Service.Owner.Team; team != nil {
			owners[team] = append(owners[team], c)
		}
	}
	for _, team := range slices.SortedFunc(maps.Keys(owners), byTeamID) {
		a.clausef([]catalog.Place{team.At}, "%s answers for %s%s.", team.ID, listedCards(owners[team]), reach(team))
	}
	var titles []string
	var places []catalog.Place
	seen := map[*catalog.Page]bool{}
	for _, c := range g.cards {
		for _, l := range c.Service.Runbooks {
			if page := l.Item; !seen[page] {
				seen[page] = true
				titles = append(titles, strconv.Quote(orElse(page.Title.Value, page.Path)))
				places = append(places, page.At)
			}
		}
	}
	if n := len(titles); n > 0 {
		a.coref(places, "%s %s found: %s.", count(n, "runbook"), verb(n, "was", "were"), listed(titles))
	}
}

// reach says how a team is reached, as far as its entry states it.
func reach(t *catalog.Team) string {
	var ways []string
	if t.Contact.Value != "" {
		ways = append(ways, "contact "+spokenAddress(t.Contact.Value))
	}
	if t.Oncall.Value != "" {
		ways = append(ways, "rota "+spokenAddress(t.Oncall.Value))
	}
	if len(t.Escalation) > 0 {
		ways = append(ways, "escalation to "+quotedTexts(t.Escalation))
	}
	if len(ways) == 0 {
		return ""
	}
	return ", with " + strings.Join(ways, ", ")
}

// byTeamID orders teams by ID, no team last.
func byTeamID(a, b *catalog.Team) int {
	if a == nil || b == nil {
		return compareBool(a == nil, b == nil)
	}
	return cmp.Compare(a.ID, b.ID)
}
