package checks

import (
	"regexp"

	"obsready/catalog"
	"obsready/catalog/recovery"
)

var rollbackReady = &Check{
	ID:       "rollback-ready",
	Title:    "A release can be taken back in a way that is documented or automated",
	Why:      "Most incidents begin with a change, and taking it back is the fastest mitigation there is, if whoever is paged knows how.",
	Fix:      "Write how into the entry: `[recovery] rollback = \"kubectl rollout undo deploy/checkout\"`, give a runbook or the recovery plan a section \"Rollback\" with the commands, or let a workflow do it.",
	Source:   "Google SRE book, chapter 8 \"Release Engineering\", and appendix E \"Launch Coordination Checklist\"; Mercari production readiness checklist (automated rollback).",
	Pillar:   Recovery,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.RecoveryPlans, catalog.Runbooks, catalog.Workflows},
	Run: func(in *Inspection) {
		if notOperated(in, "way back") || rollbackStated(in) || rollbackPlanned(in) || rollbackInRunbook(in) || rollbackAutomated(in) {
			return
		}
		stateNoRollback(in)
	},
}

// rollbackStated states the way back that the entry gives, when there is one.
func rollbackStated(in *Inspection) bool {
	way := in.Service.Recovery.Rollback
	if way.Value == "" || blank(way.Value) {
		return false
	}
	in.Metf(way.At, "the entry says how a release is taken back: %q", beginning(way.Value))
	return true
}

func rollbackPlanned(in *Inspection) bool {
	for _, p := range in.Service.RecoveryPlans {
		if len(p.Item.Rollback) > 0 {
			first := p.Item.Rollback[0]
			in.Metf(first.At, "recovery plan %q says how a release is taken back: %q", planTitle(p.Item), beginning(first.Value)).LinkedBy(p.By)
			return true
		}
	}
	return false
}

// rollbackInRunbook states the steps or commands of a runbook, when there are any.
func rollbackInRunbook(in *Inspection) bool {
	for _, p := range in.Service.Runbooks {
		if len(p.Item.Rollback) > 0 {
			first := p.Item.Rollback[0]
			in.Metf(first.At, "runbook %q says how a release is taken back: %q", pageName(p.Item), beginning(first.Value)).LinkedBy(p.By)
			return true
		}
	}
	for _, p := range in.Service.Runbooks {
		if h := rollbackSection(p.Item); h.Code > 0 {
			in.Metf(h.At, "section %q of runbook %q says how a release is taken back", h.Text, pageName(p.Item)).LinkedBy(p.By)
			return true
		}
	}
	return false
}

// rollbackHeadings mean that a section is about taking a release back.
var rollbackHeadings = []string{"rollback", "roll back", "rolling back", "revert", "reverting", "back out", "backout", "undo", "automated rollback"}

// recoveryTitle matches what the titles of recovery plans have, which are about releases too.
var recoveryTitle = regexp.MustCompile(`(?i)\b(?:disaster[- ])?recovery\b`)

// rollbackSection gives the section of a page about taking a release back in which something stands; the zero Heading when
// there is none.
func rollbackSection(page *catalog.Page) catalog.Heading {
	h, _ := findSection(page, rollbackHeadings)
	title := recoveryTitle.ReplaceAllString(page.Title.Value, "")
	if recovery.OtherRollback(h.Text) || recovery.OtherRollback(title) {
		return catalog.Heading{}
	}
	return h
}

// mentionsRollback states that a section about rolling back names no command and no step, when there is such a section. Its
// prose may tell the way all the same.
func mentionsRollback(in *Inspection) bool {
	state := func(page *catalog.Page, by catalog.Link) bool {
		if page == nil {
			return false
		}
		h := rollbackSection(page)
		if h.Text == "" {
			return false
		}
		in.Undecidedf(h.At, "section %q of %q speaks of rolling back, and no command and no step was recognised in it. write the commands or the steps that take a release back", h.Text, pageName(page)).LinkedBy(by)
		return true
	}
	for _, p := range in.Service.RecoveryPlans {
		if state(p.Item.Page, p.By) {
			return true
		}
	}
	for _, p := range in.Service.Runbooks {
		if state(p.Item, p.By) {
			return true
		}
	}
	return false
}

// rollbackAutomated states the step of a workflow that takes releases back, when there is one.
func rollbackAutomated(in *Inspection) bool {
	for _, w := range in.Service.Workflows {
		for _, job := range w.Item.Jobs {
			for _, step := range job.Steps {
				for _, tool := range step.Tools {
					if tool.Purpose == catalog.RollsBack {
						in.Metf(tool.At.Or(step.At), "workflow %q takes releases back, with %s", workflowName(w.Item), tool.Name).LinkedBy(w.By)
						return true
					}
				}
			}
		}
	}
	return false
}

// stateNoRollback says that no way back was found, or that it may be where this run does not look.
func stateNoRollback(in *Inspection) {
	svc := in.Service
	const wayOut = `write [recovery] rollback = "…" into the entry, or add a section "Rollback" to a runbook`
	if way := svc.Recovery.Rollback; way.Value != "" {
		in.Unmetf(way.At, "rollback %q says nothing yet. write the command or the page that takes a release back", way.Value)
		return
	}
	if mentionsRollback(in) {
		return
	}
	if others := runbooksElsewhere(svc); len(others) > 0 {
		host := hostOf(others[0].text.Value)
		in.Undecidedf(others[0].text.At, "no way back is documented here, but the runbooks are at %s, which this run does not read. %s", host, wayOut).
			Because("runbooks at "+host, "the runbooks are at %s, which this run does not read", host).LinkedBy(others[0].link)
		return
	}
	if planElsewhere(svc) {
		statePlanElsewhere(in, "how a release is taken back")
		return
	}
	if svc.Source.State == catalog.SourceElsewhere {
		in.Undecidedf(svc.Source.At.Or(svc.Repository.At), "no way back is documented here, and whether a workflow takes releases back is not known: its repository %q is not part of this run. %s", svc.Repository.Value, wayOut)
		return
	}
	in.Missingf(svc.Name.At, "nothing says how a release of service %q is taken back. %s", svc.Name.Value, wayOut)
}
