package checks

import (
	"fmt"

	"obsready/catalog"
	"obsready/checks/measure"
)

// lead is one way in which a broken promise may be told: an alert rule, alerts that the SLO's tool generates, or none.
type lead struct {
	link      ThreadLink
	alert     alert            // of a generated one as far as the specification tells; its Item is nil when there is none
	service   *catalog.Service // that the alert belongs to
	generated bool
}

// none reports whether there is no alert to follow.
func (l lead) none() bool { return l.alert.Item == nil }

// leads gives the ways in which the broken promise may be told, at least one: rules that wake somebody first, then
// other rules, then what the SLO's tool generates, unless the catalog has the rules that it made. When there is no alert
// it is the one that says so.
func (t strand) leads() []lead {
	if t.slo == nil {
		return []lead{t.untold()}
	}
	var paging, others []lead
	made := false
	for _, w := range t.watchersAmong(t.services, t.slo) {
		made = made || toolMade(w.Item)
		l := t.rule(w.alert, t.judge(w))
		if state, _ := t.Paged(w.Item); state == Met {
			paging = append(paging, l)
		} else {
			others = append(others, l)
		}
	}
	all := append(paging, others...)
	if generates(t.slo) && !made {
		all = append(all, t.generation())
	}
	if len(all) == 0 {
		all = t.doubtful()
	}
	if len(all) == 0 {
		all = []lead{t.untold()}
	}
	return all
}

// rule gives the lead of an alert rule, with the service that it belongs to.
func (t strand) rule(a alert, link ThreadLink) lead {
	link.Part, link.Name, link.At = ThreadAlert, a.Item.Name.Value, nameAt(a)
	for _, svc := range t.services {
		for _, own := range svc.Alerts {
			if own.Item == a.Item {
				return lead{link: link, alert: own, service: svc}
			}
		}
	}
	return lead{link: link, alert: a, service: t.home()}
}

// judge says whether an alert that watches the SLO measures a symptom. One that names the SLO is believed, unless its
// expression surely tells something else. One that measures what is promised to users is a symptom although its
// expression alone does not tell for sure who is harmed.
func (t strand) judge(w watcher) ThreadLink {
	name, slo, j := w.Item.Name.Value, t.slo.Name.Value, t.Measure(w.Item)
	promised := j.Dimension != measure.Other && t.Dimension(t.slo).Dimension != measure.Other // and of the same side
	switch {
	case j.Class == measure.Symptom && (j.Sure() || w.sure):
		return ThreadLink{State: Met, Text: fmt.Sprintf("alert %q watches SLO %q: it %s. %s", name, slo, w.why, j.Because())}
	case w.sure && !j.Sure(), j.Class == measure.Symptom && promised:
		return ThreadLink{State: Met, Text: fmt.Sprintf("alert %q watches SLO %q: it %s", name, slo, w.why)}
	case w.sure && j.Confidence == measure.High:
		return ThreadLink{State: Unmet, Text: fmt.Sprintf("alert %q %s, but it tells a %s and no symptom: %s. alert on what SLO %q is measured by", name, w.why, j.Class, j.Because(), slo)}
	case w.sure:
		return ThreadLink{State: Undecided, Text: fmt.Sprintf("alert %q %s, but it seems to tell a %s: %s. declare it with the label alert_type: symptom, or alert on what SLO %q is measured by", name, w.why, j.Class, j.Because(), slo)}
	}
	return undecidedSymptom(name, j)
}

func undecidedSymptom(name string, j measure.Judgement) ThreadLink {
	return ThreadLink{State: Undecided, Text: fmt.Sprintf("whether alert %q tells a symptom is not decided: %s. declare it with the label alert_type: symptom, cause or meta", name, j.Because())}
}

// generation gives the lead of the alerts that the SLO's tool makes.
func (t strand) generation() lead {
	o := t.slo
	name := o.Alerting.Name.Value
	if name == "" {
		name = o.Name.Value
	}
	return lead{alert: t.generatedRule(name), service: t.home(), generated: true, link: ThreadLink{
		Part: ThreadAlert, State: Met, Name: name, At: o.At,
		Text: fmt.Sprintf("SLO %q has %s on its error budget (%s alerting)", o.Name.Value, generatedKinds(o), sloFormat(o)),
	}}
}

// doubtful gives the leads of alerts of which it is not known whether they watch the SLO.
func (t strand) doubtful() []lead {
	var all []lead
	for _, d := range t.doubtsAmong(t.services, t.slo) {
		all = append(all, t.rule(d.alert, ThreadLink{State: Undecided, Text: d.why}))
	}
	return all
}

// untold is the lead of a promise that no alert watches, or of which that is not known.
func (t strand) untold() lead {
	if t.slo != nil {
		return lead{link: t.unwatched()}
	}
	j := t.journey
	name, at := j.Name.Value, j.Name.At.Or(j.At)
	if len(j.SLORefs) > 0 {
		ref := j.SLORefs[0]
		return lead{link: t.missing(ThreadAlert, catalog.SLOs, ref.At.Or(at), "SLO %q of journey %q is not found, so no alert can be tied to it. add its specification", ref.Value, name)}
	}
	return lead{link: ThreadLink{Part: ThreadAlert, State: Unmet, At: at, Text: fmt.Sprintf("journey %q has no SLO, so no alert can be tied to it. name one: slo = [\"…\"]", name)}}
}

func (t strand) unwatched() ThreadLink {
	o, name, journey := t.slo, t.slo.Name.Value, t.journey.Name.Value
	policies, named := o.Alerting.Policies, o.Alerting.Alerts
	switch {
	case len(policies) > 0:
		return ThreadLink{Part: ThreadAlert, State: Undecided, At: policies[0].At, Name: policies[0].Value,
			Text: fmt.Sprintf("SLO %q of journey %q names the alert policy %q, which is not in the catalog. add it, or the rules that are generated from it", name, journey, policies[0].Value)}
	case len(named) > 0:
		return t.missing(ThreadAlert, catalog.Alerts, named[0].At, "alert %q, which SLO %q of journey %q names, is not found. add its rule, or correct the name", named[0].Value, name, journey)
	case turnedOff(o) != "":
		return t.missing(ThreadAlert, catalog.Alerts, o.At, "the alerts of SLO %q of journey %q are turned off, and no other alert watches it. %s", name, journey, switchOn(o))
	}
	return t.missing(ThreadAlert, catalog.Alerts, o.At, "no alert watches SLO %q of journey %q. %s", name, journey, switchOn(o))
}
