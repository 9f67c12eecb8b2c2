package checks

import (
	"path"
	"strings"

	"obsready/catalog"
)

// toolMade reports whether a rule on an SLO was made from its specification: it bears a label that Sloth or Pyrra writes
// on alerts.
func toolMade(a *catalog.AlertRule) bool {
	for _, key := range []string{"sloth_severity", "exhaustion"} {
		if _, ok := a.Label(key); ok {
			return true
		}
	}
	return false
}

// generatedRule gives the rule that an SLO's tool makes, as far as the specification tells: its name, its team and its
// runbook.
func (t strand) generatedRule(name string) alert {
	o := t.slo
	a := &catalog.AlertRule{Name: catalog.Text{Value: name, At: o.Alerting.Name.At.Or(o.At)}, Labels: o.Labels, Annotations: o.Annotations, At: o.At}
	for _, key := range ownerLabels {
		if l, ok := a.Label(key); ok && l.Value != "" {
			a.Team = catalog.Owner{Ref: l.Text(), Team: t.teamNamed(l.Value)}
			break
		}
	}
	for _, key := range []string{"runbook_url", "runbook", "runbookUrl"} {
		if l, ok := a.Annotation(key); ok && l.Value != "" {
			a.Runbook = t.annotatedRunbook(l)
			break
		}
	}
	return alert{Item: a, By: catalog.Link{Rung: catalog.ByName, Detail: "generated from its SLO"}}
}

// annotatedRunbook follows the runbook link of a specification: as an alert of the services with the same link was
// followed, or to a page of the catalog by its path. Another address is not followed.
func (t strand) annotatedRunbook(l catalog.Label) catalog.ResolvedLink {
	for _, svc := range t.services {
		for _, a := range svc.Alerts {
			if r := a.Item.Runbook; sameAddress(r.Address, l.Value) {
				r.Key, r.Link = l.Key, l.Text()
				return r
			}
		}
	}
	r := catalog.ResolvedLink{Key: l.Key, Link: l.Text(), Address: l.Value}
	file, anchor, _ := strings.Cut(l.Value, "#")
	target, found := findTarget(t.Estate, &catalog.Page{Path: l.At.File}, path.Clean("/" + file)[1:])
	if !found && !isWebAddress(l.Value) {
		target, found = findTarget(t.Estate, &catalog.Page{Path: l.At.File}, path.Clean("/"+file))
	}
	page := pageAt(t.Estate, target)
	switch {
	case strings.Contains(l.Value, "{{"):
		r.State, r.Detail = catalog.Unfilled, "a template stands in it"
	case isWebAddress(l.Value):
		r.State, r.Detail = catalog.Elsewhere, "links of SLOs are followed to pages of the catalog only"
	case !found:
		r.State, r.Detail = catalog.NoSuchFile, "there is no "+target
	case page == nil:
		r.State, r.Detail = catalog.Unreadable, target+" was not read as a runbook"
	default:
		r.State, r.Page = anchored(page, anchor), page
	}
	return r
}
