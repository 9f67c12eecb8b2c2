package recovery

import (
	"obsready/catalog"
	"obsready/catalog/pages"
)

// quotePlan quotes the texts of a plan, see [pages.Quote], and gives the plan: restoring a database often needs a password,
// and some are typed right there.
func quotePlan(p *catalog.RecoveryPlan) *catalog.RecoveryPlan {
	for _, t := range []*catalog.Text{&p.Title, &p.RTO, &p.RPO, &p.Reviewed} {
		*t = pages.Quote(*t)
	}
	for _, list := range [][]catalog.Text{p.Services, p.Steps, p.Contacts, p.Rollback, p.Restore} {
		pages.Quotes(list)
	}
	return p
}

// quoteExercise does the same for an exercise.
func quoteExercise(x *catalog.Exercise) *catalog.Exercise {
	for _, t := range []*catalog.Text{&x.Name, &x.Date, &x.Kind, &x.Scenario, &x.Outcome, &x.Lasted, &x.Next} {
		*t = pages.Quote(*t)
	}
	for _, list := range [][]catalog.Text{x.Services, x.Participants, x.Steps} {
		pages.Quotes(list)
	}
	for i := range x.Actions {
		a := &x.Actions[i]
		for _, t := range []*catalog.Text{&a.Text, &a.Owner, &a.Due, &a.Status, &a.Ticket} {
			*t = pages.Quote(*t)
		}
	}
	return x
}
