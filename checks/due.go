package checks

import (
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// Due is a day by which something is to be looked at again, with where the day that it follows from is written.
type Due struct {
	Day dates.Day
	At  catalog.Place
}

// RunbookDue says when a runbook is to be read again; false when nothing tells when it last was.
func (s *Survey) RunbookDue(p *catalog.Page) (Due, bool) {
	label, _ := reviewLabel(p)
	return dueAfter(label.Text(), p, s.Settings.RunbookMaxAge)
}

// PlanDue says when a recovery plan is to be read again.
func (s *Survey) PlanDue(p *catalog.RecoveryPlan) (Due, bool) {
	return dueAfter(p.Reviewed, p.Page, s.Settings.RecoveryPlanMaxAge)
}

// ThreatModelDue says when a threat model is to be looked at again.
func (s *Survey) ThreatModelDue(m *catalog.ThreatModel) (Due, bool) {
	return dueAfter(m.Reviewed, &catalog.Page{Changed: m.Changed, AtLeastAsOld: m.AtLeastAsOld, At: m.At}, s.Settings.ThreatModelMaxAge)
}

// PolicyDue says when an error budget policy is to be looked at again, by the day that it names.
func (s *Survey) PolicyDue(p *catalog.BudgetPolicy) (Due, bool) {
	day, ok := dates.Deadline(p.Review.Value)
	return Due{day, p.Review.At}, ok
}

// dueAfter gives the day that follows from the stated last review, else from the last change of the page in git. A page
// that changed some day before the history that was followed has no such day.
func dueAfter(reviewed catalog.Text, page *catalog.Page, allowed time.Duration) (Due, bool) {
	if day, ok := dates.Parse(reviewed.Value); ok {
		return Due{day.AddDays(dayCount(allowed)), reviewed.At}, true
	}
	if page == nil || reviewed.Value != "" || page.Changed.IsZero() || page.AtLeastAsOld {
		return Due{}, false
	}
	return Due{dates.On(page.Changed.UTC()).AddDays(dayCount(allowed)), page.At}, true
}
