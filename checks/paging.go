package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks/measure"
)

// alert is an alert rule of a service with the reason why it is the service's.
type alert = catalog.Linked[catalog.AlertRule]

// isPage reports whether an alert wakes somebody: its severity is one of those that the policy names.
func isPage(in *Inspection, a *catalog.AlertRule) bool {
	return hasFold(in.Settings.PageSeverities, a.Severity.Value)
}

func hasFold(words []string, word string) bool {
	return word != "" && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}

// mayPage reports whether a template decides how severe the alert is.
func mayPage(a *catalog.AlertRule) bool { return strings.Contains(a.Severity.Value, "{{") }

// pagesOf gives the alerts of the service that wake somebody.
func pagesOf(in *Inspection) []alert {
	var paging []alert
	for _, a := range in.Service.Alerts {
		if isPage(in, a.Item) {
			paging = append(paging, a)
		}
	}
	return paging
}

// withSeverity reports whether any alert of the service says how severe it is.
func withSeverity(svc *catalog.Service) bool {
	return slices.ContainsFunc(svc.Alerts, func(a alert) bool { return a.Item.Severity.Value != "" })
}

// answerableAlerts gives the alerts whose link is judged: those that page (all, when no alert of the service says how
// severe it is), because they have to help somebody who was woken, and the others that have a link, because a dead one
// misleads at any severity. When there are none it says what follows from that.
func answerableAlerts(in *Inspection, link func(*catalog.AlertRule) catalog.ResolvedLink) []alert {
	if noAlerts(in) {
		return nil
	}
	severe := withSeverity(in.Service)
	var all []alert
	for _, a := range in.Service.Alerts {
		if !severe || isPage(in, a.Item) || link(a.Item).State != catalog.NoLink {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		nothingToJudge(in, "no alert of the service pages, and none has such a link")
	}
	return all
}

// noAlerts reports whether the service has no alert, and says what follows from that.
func noAlerts(in *Inspection) bool {
	if len(in.Service.Alerts) > 0 {
		return false
	}
	nothingToJudge(in, "no alert belongs to the service")
	return true
}

// nothingToJudge says that the check has no alert to judge. That alerts exist is what alert-symptom asks, so the others
// do not apply, unless an alert may stand in what could not be read.
func nothingToJudge(in *Inspection, why string) {
	if in.Service.Gap(catalog.Alerts) != nil {
		in.Missingf(in.Service.At, "%s", why)
		return
	}
	in.NotApplicablef("%s: see alert-symptom", why)
}

// missingOf states that evidence of one kind was not found. When a gap may hide it, that is undecided.
func missingOf(in *Inspection, kind catalog.Kind, at catalog.Place, message string) *Requirement {
	if g := in.Service.Gap(kind); g != nil {
		return in.Undecidedf(g.At, "%s, but %s could not be read (%s: %s)", message, g.At, g.Cause, g.Detail)
	}
	return in.Unmetf(at, "%s", message)
}

// generatedPages gives the SLOs whose specification makes its tool generate alerts that page.
func generatedPages(svc *catalog.Service) []catalog.Linked[catalog.SLO] {
	var generating []catalog.Linked[catalog.SLO]
	for _, o := range svc.SLOs {
		if o.Item.Alerting.Page {
			generating = append(generating, o)
		}
	}
	return generating
}

// sloFormat gives the name of a specification's format for messages, as in "Sloth".
func sloFormat(o *catalog.SLO) string {
	switch {
	case strings.HasPrefix(o.Format, "sloth"):
		return "Sloth"
	case strings.HasPrefix(o.Format, "pyrra"):
		return "Pyrra"
	case o.Format == "grafana":
		return "Grafana"
	case o.Format == "native":
		return "native"
	}
	return "OpenSLO"
}

// metByGeneration states that alerts generated from an SLO meet the requirement.
func metByGeneration(in *Inspection, o catalog.Linked[catalog.SLO]) {
	in.Metf(o.Item.At, "SLO %q pages on the burn of its error budget (%s alerting)", o.Item.Name.Value, sloFormat(o.Item)).LinkedBy(o.By)
}

// nameAt gives where an alert's name stands.
func nameAt(a alert) catalog.Place { return a.Item.Name.At.Or(a.Item.At) }

// undecidedMeasure states that it is not known what an alert measures.
func undecidedMeasure(in *Inspection, a alert, j measure.Judgement) {
	in.Undecidedf(j.At().Or(nameAt(a)), "what alert %q measures is not certain: %s. declare it with the label alert_type: symptom, cause or meta",
		a.Item.Name.Value, j.Because()).LinkedBy(a.By)
}

// isClock reports whether an alert selects no series: it is a heartbeat or goes by the time of the day, so there is
// nothing to look at and nothing that flaps.
func isClock(a *catalog.AlertRule) bool {
	return a.Expr.Lang == catalog.PromQL && a.Expr.Error == "" && len(a.Expr.Selectors) == 0
}
