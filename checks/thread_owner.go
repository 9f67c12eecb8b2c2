package checks

import (
	"fmt"
	"strings"

	"obsready/catalog"
)

// owner is the link of who is paged: the alert wakes somebody, it is a team of the catalog, and the team can be reached.
func (t strand) owner(l lead) ThreadLink {
	if l.none() {
		return t.ownerOfNothing()
	}
	link, pages := t.paged(l)
	if !pages {
		return link
	}
	in := t.asking(l.service, catalog.Alerts, catalog.Teams)
	requireTeam(in, l.alert)
	team := t.teamOf(l)
	if state := in.requirements[0].State; state == Unmet && l.alert.Item.Team.Ref.Value == "" {
		team = t.answering() // it watches their promise, whatever its link to the service is worth
	} else if state != Met {
		team = nil
	}
	if team == nil {
		return linkOf(ThreadOwner, "", in)
	}
	return t.reached(l, team, link.Text)
}

// ownerOfNothing says who might be paged if there were an alert.
func (t strand) ownerOfNothing() ThreadLink {
	link := ThreadLink{Part: ThreadOwner, State: Undecided, Text: "there is no alert to follow, so nobody is known to be paged", At: t.journey.Name.At.Or(t.journey.At)}
	if team := t.answering(); team != nil {
		link.Name, link.At = team.ID, team.At
		link.Text = fmt.Sprintf("there is no alert to follow, so nobody is known to be paged. team %q would answer", team.ID)
	}
	return link
}

// paged says whether a lead wakes somebody, and why. When it is not sure the link is broken or not known there.
func (t strand) paged(l lead) (link ThreadLink, pages bool) {
	link = ThreadLink{Part: ThreadOwner, At: l.link.At}
	if l.generated {
		return t.generatedPage(link)
	}
	name := l.alert.Item.Name.Value
	state, why := t.Paged(l.alert.Item)
	link.State, link.At = state, l.alert.Item.Severity.At.Or(link.At)
	switch state {
	case Unmet:
		link.Text = fmt.Sprintf("alert %q wakes nobody: it %s. give it a severity that pages (%s), and a route to somebody who is on call", name, why, quoteAll(t.Settings.PageSeverities))
	case Undecided:
		link.Text = fmt.Sprintf("whether alert %q wakes somebody is not known: it %s", name, why)
	default:
		link.Text = fmt.Sprintf("alert %q %s", name, why)
	}
	return link, state == Met
}

func (t strand) generatedPage(link ThreadLink) (ThreadLink, bool) {
	o := t.slo
	if o.Alerting.Page {
		link.Text = fmt.Sprintf("SLO %q pages on the burn of its error budget (%s alerting)", o.Name.Value, sloFormat(o))
		return link, true
	}
	link.State = Unmet
	link.Text = fmt.Sprintf("the alerts of SLO %q only open tickets (%s alerting), so they wake nobody. turn the one that pages on", o.Name.Value, sloFormat(o))
	return link, false
}

// teamOf gives the team that an alert belongs to: by its label, its route, or the service that it surely belongs to;
// nil when none of them tells.
func (t strand) teamOf(l lead) *catalog.Team {
	a := l.alert.Item
	switch {
	case a.Team.Team != nil:
		return a.Team.Team
	case a.Team.Ref.Value == "" && l.alert.By.Rung <= catalog.ByLabel && l.service.Owner.Team != nil:
		return l.service.Owner.Team
	}
	if d := t.deliveredTo(a, nil); d != nil && (a.Team.Ref.Value == "" || strings.Contains(a.Team.Ref.Value, "{{")) {
		return t.receiverTeams()[d.Receiver]
	}
	return nil
}

// answering gives the team that answers for the journey, else for the service of the promise; nil when there is none.
func (t strand) answering() *catalog.Team {
	for _, owner := range []catalog.Owner{t.journey.Owner, t.home().Owner} {
		if owner.Team != nil && !placeholder(owner.Team.Name.Value) {
			return owner.Team
		}
	}
	return nil
}

// reached says how a page reaches its team: by a rota, those who are called next, or a contact.
func (t strand) reached(l lead, team *catalog.Team, why string) ThreadLink {
	link := ThreadLink{Part: ThreadOwner, State: Met, Name: team.ID}
	held := func(at catalog.Place, format string, args ...any) ThreadLink {
		link.At, link.Text = at, fmt.Sprintf("%s. it goes to team %q, %s", why, team.ID, fmt.Sprintf(format, args...))
		return link
	}
	for _, rota := range []catalog.Text{l.service.Oncall, team.Oncall} {
		if rota.Value != "" && !blank(rota.Value) {
			return held(rota.At, "whose rota is %q", rota.Value)
		}
	}
	switch {
	case len(team.Escalation) > 0:
		return held(team.Escalation[0].At, "whose escalation is %s", quoted(team.Escalation))
	case team.Contact.Value != "" && !blank(team.Contact.Value):
		return held(team.Contact.At, "which is reached at %q", team.Contact.Value)
	case t.deliveredTo(l.alert.Item, team) != nil:
		return held(team.At, "by a receiver of its own")
	}
	in := t.asking(l.service, catalog.Teams)
	missingOfTeam(in, team, "alerts go to team %q, which has neither a rota nor a contact. set oncall and contact in its entry", team.ID)
	return linkOf(ThreadOwner, team.ID, in)
}

// teamNamed gives the team of the catalog that a label means: by its name, its ID or an alias; nil when there is none.
func (s *Survey) teamNamed(label string) *catalog.Team {
	for _, team := range s.Estate.Teams {
		if strings.EqualFold(team.ID, label) || strings.EqualFold(team.Name.Value, label) {
			return team
		}
		for _, alias := range team.Aliases {
			if strings.EqualFold(alias.Value, label) {
				return team
			}
		}
	}
	return nil
}
