package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/checks"
)

// Deadline is a day by which something is to be done: an action of a postmortem, the next exercise or review, an
// attestation to be renewed.
type Deadline struct {
	Kind     DeadlineKind
	What     string // as in `Add an alert on refused cards`
	Owner    string // who promised it, as written; "" when nobody is named
	Due      dates.Day
	At       catalog.Place // where the day, or what it follows from, is written
	Services []*catalog.Service
	Teams    []*catalog.Team // whose it is, in ID order; empty when it is no team's
}

// DeadlineKind is what is due.
type DeadlineKind string

// The kinds of deadlines. Their values are the words that reports print.
const (
	ActionDue      DeadlineKind = "postmortem action"
	ExerciseDue    DeadlineKind = "recovery exercise"
	ReviewDue      DeadlineKind = "review"
	AttestationDue DeadlineKind = "attestation"
)

// Late gives the number of days since a deadline passed; 0 or less while there is time.
func (d Deadline) Late(today dates.Day) int { return d.Due.Until(today) }

// Today is the day by which things are late.
func (r *Report) Today() dates.Day { return r.survey.Today() }

// Overdue gives the deadlines that have passed, the latest ones first.
func (r *Report) Overdue(all []Deadline) []Deadline {
	today := r.Today()
	n, _ := slices.BinarySearchFunc(all, today, func(d Deadline, day dates.Day) int {
		if d.Due.Before(day) {
			return -1
		}
		return 1
	})
	return all[:n]
}

// deadlines gives every deadline of the estate in the order of its day, so that what is latest stands first.
func (r *Report) deadlines() []Deadline {
	c := deadlineCollector{Report: r, seen: map[string]int{}}
	for _, svc := range r.Estate.Services {
		if svc.Retired() {
			continue
		}
		c.service(svc)
	}
	for _, a := range r.Estate.Attestations {
		if day, ok := dates.Parse(a.Until.Value); ok {
			c.add(nil, Deadline{Kind: AttestationDue, What: "Renew the attestation: " + a.Statement.Value, Owner: a.Owner.Value, Due: day, At: a.Until.At})
		}
	}
	slices.SortStableFunc(c.all, func(a, b Deadline) int {
		return cmp.Or(a.Due.Until(b.Due)*-1, a.At.Compare(b.At), cmp.Compare(a.What, b.What))
	})
	return c.all
}

// deadlineCollector gathers deadlines, each once with all the services that it is about.
type deadlineCollector struct {
	*Report
	all  []Deadline
	seen map[string]int
}

func (c *deadlineCollector) service(svc *catalog.Service) {
	for _, l := range svc.Postmortems {
		c.actions(svc, l.Item)
	}
	for _, l := range svc.Runbooks {
		if due, ok := c.survey.RunbookDue(l.Item); ok {
			c.review(svc, "runbook", orElse(l.Item.Title.Value, l.Item.Path), due)
		}
	}
	for _, l := range svc.RecoveryPlans {
		if due, ok := c.survey.PlanDue(l.Item); ok {
			c.review(svc, "recovery plan", orElse(l.Item.Title.Value, l.Item.At.File), due)
		}
	}
	for _, l := range svc.ThreatModels {
		if due, ok := c.survey.ThreatModelDue(l.Item); ok {
			c.review(svc, "threat model", orElse(l.Item.Title.Value, l.Item.At.File), due)
		}
	}
	for _, l := range svc.SLOs {
		if p := l.Item.Policy; p != nil {
			if due, ok := c.survey.PolicyDue(p); ok {
				c.review(svc, "error budget policy", orElse(p.Page.Title.Value, p.At.File), due)
			}
		}
	}
	if day, last, ok := c.survey.ExerciseDue(svc); ok {
		c.add(svc, Deadline{Kind: ExerciseDue, What: fmt.Sprintf("Exercise the recovery of %s again", svc.ID), Due: day, At: last.Date.At.Or(last.At)})
	}
	for _, a := range svc.Attestations {
		if day, ok := dates.Parse(a.Until.Value); ok && (a.Service.Value != "" || a.Team.Value != "") {
			c.add(svc, Deadline{Kind: AttestationDue, What: "Renew the attestation: " + a.Statement.Value, Owner: a.Owner.Value, Due: day, At: a.Until.At})
		}
	}
}

func (c *deadlineCollector) actions(svc *catalog.Service, p *catalog.Postmortem) {
	if p.Template {
		return
	}
	for _, a := range p.Actions {
		if day, ok := checks.ActionDue(a); ok && !a.Done {
			c.add(svc, Deadline{Kind: ActionDue, What: strings.TrimSuffix(a.Text.Value, "."), Owner: a.Owner.Value, Due: day, At: a.At})
		}
	}
}

func (c *deadlineCollector) review(svc *catalog.Service, what, name string, due checks.Due) {
	c.add(svc, Deadline{Kind: ReviewDue, What: fmt.Sprintf("Read the %s %q again", what, name), Due: due.Day, At: due.At})
}

// add takes a deadline in. One that is known already gets the service, and its team, beside the others.
func (c *deadlineCollector) add(svc *catalog.Service, d Deadline) {
	key := d.At.String() + "\x00" + d.Due.String() + "\x00" + d.What
	i, known := c.seen[key]
	if !known {
		i = len(c.all)
		c.seen[key] = i
		c.all = append(c.all, d)
	}
	if svc == nil {
		return
	}
	into := &c.all[i]
	if !slices.Contains(into.Services, svc) {
		into.Services = append(into.Services, svc)
	}
	if team := svc.Owner.Team; team != nil && !slices.Contains(into.Teams, team) {
		into.Teams = append(into.Teams, team)
		slices.SortFunc(into.Teams, byTeamID)
	}
}

// ofTeam gives the deadlines of a team; those of no team when t is nil.
func ofTeam(all []Deadline, t *catalog.Team) []Deadline {
	var found []Deadline
	for _, d := range all {
		if t == nil && len(d.Teams) == 0 && len(d.Services) > 0 || t != nil && slices.Contains(d.Teams, t) {
			found = append(found, d)
		}
	}
	return found
}
