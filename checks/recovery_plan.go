package checks

import (
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
)

var recoveryPlan = &Check{
	ID:    "recovery-plan",
	Title: "A recovery plan with steps and contacts was reviewed lately",
	Why:   "When a database or a region is gone, nobody can work out in which order things come back and who may decide it. A plan that describes last year's system makes it worse.",
	Fix: "Write `recovery.md` or `recovery.toml` into the service's folder with the steps in order and whom to call, or name the plan in the entry: `[recovery] plan = \"…\"`. " +
		"Read it against the system twice a year and write the day into its front matter: `last_reviewed: 2026-06-30`. Without one, the day of the file's last change in git counts.",
	Source:   "NIST SP 800-34 \"Contingency Planning Guide\"; earthly/lunar-lib, policy on disaster recovery documents (180 days).",
	Pillar:   Recovery,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.RecoveryPlans},
	All:      true,
	Run: func(in *Inspection) {
		plans := in.Service.RecoveryPlans
		switch {
		case len(plans) == 0 && !recoveryWanted(in, "recovery plan"), notOperated(in, "recovery plan"):
			return
		case len(plans) == 0:
			stateNoPlan(in)
			return
		}
		requirePlanPart(in, "steps", "what is done, in order", func(p *catalog.RecoveryPlan) []catalog.Text { return p.Steps })
		requirePlanPart(in, "contacts", "whom to call", func(p *catalog.RecoveryPlan) []catalog.Text { return p.Contacts })
		for _, p := range plans {
			if n := len(p.Item.Placeholders); n > 0 {
				first := p.Item.Placeholders[0]
				in.Unmetf(first.At, "recovery plan %q still waits to be written in %s, first %q. write it", planTitle(p.Item), count(n, "place", "places"), beginning(first.Value)).LinkedBy(p.By)
			}
			requirePlanReviewed(in, p)
		}
	},
}

// stateNoPlan says that no recovery plan was found, or where it is.
func stateNoPlan(in *Inspection) {
	ref := in.Service.Recovery.Plan
	switch {
	case planElsewhere(in.Service):
		statePlanElsewhere(in, "whether the plan has steps and contacts")
	case ref.Value != "":
		in.Missingf(ref.At, "recovery plan %q was not found, or is no page or recovery.toml. correct the path or write it", ref.Value)
	default:
		in.Missingf(in.Service.Name.At, "service %q has no recovery plan. write recovery.md into its folder, or name the plan under [recovery]: plan = \"…\"", in.Service.Name.Value)
	}
}

// requirePlanPart states whether one of the service's plans says a thing: one may hold the steps and another one the contacts.
func requirePlanPart(in *Inspection, name, says string, of func(*catalog.RecoveryPlan) []catalog.Text) {
	plans := in.Service.RecoveryPlans
	for _, p := range plans {
		if texts := of(p.Item); len(texts) > 0 {
			in.Metf(texts[0].At, "%s of %q, first %q", name, planTitle(p.Item), beginning(texts[0].Value)).LinkedBy(p.By)
			return
		}
	}
	first := plans[0]
	in.Missingf(first.Item.At, "recovery plan %q does not say %s. add a section %q", planTitle(first.Item), says, strings.ToUpper(name[:1])+name[1:]).LinkedBy(first.By)
}

// requirePlanReviewed states whether a plan was reviewed lately: as it states, or else by its last change in git.
func requirePlanReviewed(in *Inspection, p catalog.Linked[catalog.RecoveryPlan]) {
	plan, name, allowed := p.Item, planTitle(p.Item), dayCount(in.Settings.RecoveryPlanMaxAge)
	if plan.Reviewed.Value == "" {
		requirePlanChanged(in, p)
		return
	}
	day, ok := dates.Deadline(plan.Reviewed.Value)
	if first, isDay := dates.Parse(plan.Reviewed.Value); isDay && day.After(dates.Begun(in.Now)) {
		day = first // of a month that is not over yet
	}
	age := day.Until(in.Today())
	switch {
	case !ok:
		in.Unmetf(plan.Reviewed.At, "the last review %q of recovery plan %q is no day. write it as 2006-01-02", plan.Reviewed.Value, name).LinkedBy(p.By)
	case day.After(dates.Begun(in.Now)):
		in.Unmetf(plan.Reviewed.At, "the last review %q of recovery plan %q lies in the future. correct it", plan.Reviewed.Value, name).LinkedBy(p.By)
	case age > allowed:
		in.Unmetf(plan.Reviewed.At, "recovery plan %q was last reviewed on %s, %d days ago. %d days are allowed: read it again and set the day", name, day, age, allowed).LinkedBy(p.By)
	default:
		in.Metf(plan.Reviewed.At, "recovery plan %q was last reviewed on %s", name, day).LinkedBy(p.By)
	}
}

// requirePlanChanged judges a plan that states no review by the last change of its page in git.
func requirePlanChanged(in *Inspection, p catalog.Linked[catalog.RecoveryPlan]) {
	page, name, allowed := p.Item.Page, planTitle(p.Item), in.Settings.RecoveryPlanMaxAge
	if page == nil {
		in.Unmetf(p.Item.At, "recovery plan %q does not say when it was last reviewed. add reviewed = \"2006-01-02\"", name).LinkedBy(p.By)
		return
	}
	changed := dates.On(page.Changed.UTC())
	age := changed.Until(in.Today())
	switch {
	case page.Changed.IsZero():
		in.Undecidedf(p.Item.At, "when recovery plan %q was last changed is not in the history that this run has. fetch the full history, or add last_reviewed to the front matter", name).
			Because("history of recovery plans", "the history does not tell when recovery plans were last changed").LinkedBy(p.By)
	case age > dayCount(allowed) && page.AtLeastAsOld:
		in.Unmetf(p.Item.At, "recovery plan %q was last changed more than %s ago. %s are allowed: read it again and add last_reviewed to the front matter", name, wholeDays(time.Duration(age)*24*time.Hour), wholeDays(allowed)).LinkedBy(p.By)
	case age > dayCount(allowed):
		in.Unmetf(p.Item.At, "recovery plan %q was last changed on %s, %d days ago. %s are allowed: read it again and add last_reviewed to the front matter", name, changed, age, wholeDays(allowed)).LinkedBy(p.By)
	case page.AtLeastAsOld:
		in.Undecidedf(p.Item.At, "recovery plan %q was last changed before %s, and the history was not followed further. add last_reviewed to the front matter", name, changed).LinkedBy(p.By)
	default:
		in.Metf(p.Item.At, "recovery plan %q was last changed on %s", name, changed).LinkedBy(p.By)
	}
}
