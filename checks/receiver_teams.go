package checks

import (
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

// receiverTeams finds the teams whose name a receiver bears, or the channel or schedule that it tells. Receivers of which
// that is not plain are left out.
func receiverTeams(estate *catalog.Estate) map[*catalog.Receiver]*catalog.Team {
	byName := map[string]*catalog.Team{}
	for _, t := range estate.Teams {
		for _, name := range teamNames(t) {
			if other, taken := byName[name]; taken && other != t {
				byName[name] = nil
			} else {
				byName[name] = t
			}
		}
	}
	teams := map[*catalog.Receiver]*catalog.Team{}
	for _, router := range estate.Routers {
		for i := range router.Receivers {
			if t := teamOfReceiver(&router.Receivers[i], byName); t != nil {
				teams[&router.Receivers[i]] = t
			}
		}
	}
	return teams
}

// teamNames gives the names of a team in the form in which receivers are compared with them.
func teamNames(t *catalog.Team) []string {
	if placeholder(t.Name.Value) {
		return nil
	}
	names := []string{wordsWithout(t.Name.Value, []string{"team"}), wordsWithout(t.Title.Value, []string{"team"})}
	for _, a := range t.Aliases {
		names = append(names, wordsWithout(a.Value[strings.LastIndexByte(a.Value, '/')+1:], []string{"team"}))
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

// howWords are words of a receiver's name that tell how somebody is told, and not who.
var howWords = []string{
	"team", "pager", "pagers", "page", "pages", "paging", "pagerduty", "pd", "opsgenie", "victorops", "pushover", "oncall", "on", "call",
	"slack", "mail", "mails", "email", "emails", "msteams", "teams", "discord", "telegram", "webhook", "chat", "channel", "ticket", "tickets", "jira",
	"alert", "alerts", "alerting", "alertmanager", "notification", "notifications", "notify", "receiver", "monitoring",
	"critical", "crit", "high", "urgent", "warning", "warnings", "warn", "low", "info", "prod", "production", "p1", "p2", "p3", "sev1", "sev2",
}

// wordsWithout gives the words of a name in lower case, joined by dashes, without those that are left out.
func wordsWithout(name string, leftOut []string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return slices.Contains(leftOut, w) }), "-")
}

// teamOfReceiver gives the team that a receiver's name names, else the one that its targets name, when it is one.
func teamOfReceiver(r *catalog.Receiver, byName map[string]*catalog.Team) *catalog.Team {
	if t := teamNamedBy(r.Name.Value, byName); t != nil {
		return t
	}
	var found *catalog.Team
	for _, i := range r.Integrations {
		t := teamNamedBy(i.Target.Value, byName)
		if i.Kind == "email" || i.Kind == "webhook" || t == nil {
			continue
		}
		if found != nil && found != t {
			return nil
		}
		found = t
	}
	return found
}

func teamNamedBy(name string, byName map[string]*catalog.Team) *catalog.Team {
	if t := byName[wordsWithout(name, []string{"team"})]; t != nil {
		return t
	}
	return byName[wordsWithout(name, howWords)]
}

// deliveredTo gives a delivery that surely leads to a receiver of the team, or of any team when it is nil; nil when there
// is none.
func (s *Survey) deliveredTo(a *catalog.AlertRule, team *catalog.Team) *catalog.Delivery {
	teams := s.receiverTeams()
	groups, added, unfilled := deliveryGroups(a)
	if len(groups) > 1 || unfilled != nil {
		return nil // of several Alertmanagers it is not known which one the alert reaches
	}
	for _, group := range append(groups, added) {
		for i := range group {
			if t := teams[group[i].Receiver]; group[i].Unsure == "" && t != nil && (team == nil || t == team) {
				return &group[i]
			}
		}
	}
	return nil
}

// misdelivered gives a delivery that is meant for alerts of this kind and leads to another team, when all deliveries do;
// nil otherwise. Routes that take alerts of all teams, as the root route does, contradict nobody.
func (s *Survey) misdelivered(a *catalog.AlertRule, team *catalog.Team) *catalog.Delivery {
	teams := s.receiverTeams()
	for i := range a.Deliveries {
		other := teams[a.Deliveries[i].Receiver]
		if other == nil || other == team || related(other, team) || a.Deliveries[i].Router.Partial || !picks(&a.Deliveries[i]) {
			return nil
		}
	}
	if len(a.Deliveries) == 0 || s.hiddenRoutes() != nil {
		return nil
	}
	return &a.Deliveries[0]
}

// related reports whether one team is a part of the other.
func related(a, b *catalog.Team) bool {
	within := func(a, b *catalog.Team) bool {
		return a.Parent.Value != "" && wordsWithout(a.Parent.Value, []string{"group", "default", "team"}) == wordsWithout(b.Name.Value, []string{"team"})
	}
	return within(a, b) || within(b, a)
}

// sharedLabels say how important an alert is or where it fires, and not whose it is.
var sharedLabels = []string{"alertname", "alertgroup", "severity", "priority", "urgency", "level", "page", "criticality"}

// picks reports whether a route takes alerts by whose they are: it or one above it asks for the value of a label that is
// not one of those which all alerts have.
func picks(d *catalog.Delivery) bool {
	for _, route := range routeTo(d.Router.Root, d.Route) {
		for _, m := range route.Matchers {
			positive := (m.Op == "=" || m.Op == "=~") && m.Value != "" && m.Value != ".*" && m.Value != ".+"
			if positive && !slices.Contains(sharedLabels, m.Name) && !slices.Contains(outsideLabels, m.Name) {
				return true
			}
		}
	}
	return false
}

// routeTo gives the routes from one down to another, both among them; nil when the other is not below the first.
func routeTo(from, to *catalog.Route) []*catalog.Route {
	if from == to {
		return []*catalog.Route{from}
	}
	for _, child := range from.Routes {
		if rest := routeTo(child, to); rest != nil {
			return append([]*catalog.Route{from}, rest...)
		}
	}
	return nil
}
