package checks

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

var alertOwned = &Check{
	ID:       "alert-owned",
	Title:    "Every alert goes to a team of the catalog",
	Why:      "An alert that is routed to nobody, or to a team that was renamed or dissolved, fires unread.",
	Fix:      "Give the rule or its group a label `team` with the name of a team that the catalog lists, or give the team that name as one of its `aliases`. Where the catalog holds the routes of an Alertmanager or of Grafana, lead them to a receiver of that team, as in `payments-pager`.",
	Source:   "Production readiness checklists (ownership of alerts); Prometheus Alertmanager documentation, \"Route\": labels decide who is told.",
	Pillar:   Alerts,
	Question: Know,
	Severity: High,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.Teams},
	All:      true,
	Run: func(in *Inspection) {
		if noAlerts(in) {
			return
		}
		for _, a := range in.Service.Alerts {
			requireTeam(in, a)
		}
	},
}

func requireTeam(in *Inspection, a alert) {
	name, ref := a.Item.Name.Value, a.Item.Team.Ref
	team := a.Item.Team.Team
	switch {
	case team != nil && placeholder(team.Name.Value):
		in.Unmetf(ref.At, "team %q of alert %q is a placeholder, not a team. name the team that answers for it", ref.Value, name).
			LinkedBy(a.By).Because("team label "+ref.Value, "alerts go to %q, which is a placeholder", ref.Value)
	case team != nil:
		requireReceiverOf(in, a, team)
	case ref.Value == "" && metByService(in, a):
	case (ref.Value == "" || strings.Contains(ref.Value, "{{")) && metByReceiver(in, a):
	case strings.Contains(ref.Value, "{{"):
		in.Undecidedf(ref.At, "the team of alert %q is a template: %q. write the team's name, or keep a rendered copy in the catalog", name, ref.Value).LinkedBy(a.By)
	case ref.Value != "":
		refuseTeam(in, a)
	default:
		requireServiceOwner(in, a)
	}
}

// refuseTeam states that an alert names no team of the catalog. Entries that could not be read may hold it.
func refuseTeam(in *Inspection, a alert) {
	name, ref := a.Item.Name.Value, a.Item.Team.Ref
	if g := hiddenEntry(in.Estate, catalog.Teams, ref.Value); g != nil {
		in.Undecidedf(ref.At, "team %q of alert %q is no team of the catalog, but %s could not be read (%s: %s)", ref.Value, name, g.At, g.Cause, g.Detail).LinkedBy(a.By)
		return
	}
	in.Unmetf(ref.At, "team %q of alert %q is no team of the catalog%s", ref.Value, name, correction(in.Estate, ref.Value)).
		LinkedBy(a.By).Because("team label "+ref.Value, "alerts go to team %q, which is no team of the catalog", ref.Value)
}

// correction gives the way out for a team that is not known.
func correction(estate *catalog.Estate, ref string) string {
	var known []string
	for _, t := range estate.Teams {
		known = append(known, t.Name.Value)
	}
	if hint := suggest(ref, known); hint != "" {
		return hint
	}
	return ". correct it, add the team, or give a team this name as one of its aliases"
}

// requireReceiverOf judges an alert of a team of the catalog: where there are routes they must not all lead to other
// teams.
func requireReceiverOf(in *Inspection, a alert, team *catalog.Team) {
	name, ref := a.Item.Name.Value, a.Item.Team.Ref
	if d := in.misdelivered(a.Item, team); d != nil {
		in.Unmetf(ref.At, "alert %q is labelled with team %q, but %s, a receiver of team %q. correct the route or the label", name, ref.Value, sentTo(d), in.receiverTeams()[d.Receiver].Name.Value).
			LinkedBy(a.By).Because("route "+d.Route.At.String(), "the route at %s sends alerts of other teams to receiver %q", d.Route.At, d.Name.Value)
		return
	}
	if d := in.deliveredTo(a.Item, team); d != nil {
		in.Metf(ref.At, "alert %q goes to team %q, listed at %s: %s", name, ref.Value, team.At, sentTo(d)).LinkedBy(a.By)
		return
	}
	in.Metf(ref.At, "alert %q goes to team %q, listed at %s", name, ref.Value, team.At).LinkedBy(a.By)
}

// metByService states that an alert without a team label goes to the service's owner, when the link to the service is
// sure: a matcher in the expression alone may be that of a team that only uses the service.
func metByService(in *Inspection, a alert) bool {
	owner := in.Service.Owner.Team
	if owner == nil || placeholder(owner.Name.Value) || a.By.Rung > catalog.ByLabel {
		return false
	}
	in.Metf(nameAt(a), "alert %q goes to team %q, the owner of service %q", a.Item.Name.Value, owner.Name.Value, in.Service.Name.Value).LinkedBy(a.By)
	return true
}

// metByReceiver states that an alert is surely sent to a receiver of a team.
func metByReceiver(in *Inspection, a alert) bool {
	d := in.deliveredTo(a.Item, nil)
	if d == nil {
		return false
	}
	in.Metf(nameAt(a), "alert %q has a team by its route: %s, a receiver of team %q", a.Item.Name.Value, sentTo(d), in.receiverTeams()[d.Receiver].Name.Value).LinkedBy(a.By)
	return true
}

// requireServiceOwner judges an alert of which neither a label nor a route says whose it is.
func requireServiceOwner(in *Inspection, a alert) {
	name, owner := a.Item.Name.Value, in.Service.Owner
	switch {
	case teamFromSeries(a.Item):
		in.Undecidedf(nameAt(a), "the team of alert %q comes from its series, which this run does not read. write a team label on the rule", name).LinkedBy(a.By)
	case owner.Team == nil || placeholder(owner.Team.Name.Value):
		in.Unmetf(nameAt(a), "alert %q has no team label, and service %q has no owner that is a team. add team: with a team of the catalog", name, in.Service.Name.Value).
			LinkedBy(a.By).Because("no team "+a.Item.At.File, "alerts of %s have no team label", a.Item.At.File)
	default:
		in.Unmetf(nameAt(a), "alert %q has no team label, and its link to service %q (a matcher in its expression) is too weak to take the service's owner. add team: with a team of the catalog", name, in.Service.Name.Value).
			LinkedBy(a.By).Because("no team "+a.Item.At.File, "alerts of %s have no team label", a.Item.At.File)
	}
}

// teamFromSeries reports whether the expression asks for a team label of its series: group_left(team) or by (team).
func teamFromSeries(a *catalog.AlertRule) bool {
	expr, _, err := promql.Expr(a.Expr)
	return err == nil && someNode(expr, func(n parser.Node) bool {
		switch n := n.(type) {
		case *parser.BinaryExpr:
			return n.VectorMatching != nil && slices.Contains(n.VectorMatching.Include, "team")
		case *parser.AggregateExpr:
			return !n.Without && slices.Contains(n.Grouping, "team")
		}
		return false
	})
}
