package checks

import (
	"fmt"
	"maps"
	"slices"

	"obsready/catalog"
)

var sloAlerted = &Check{
	ID:    "slo-alerted",
	Title: "Each SLO has an alert",
	Why:   "An SLO that nothing watches is broken in silence: it is found in a report at the end of the month, when users have known for weeks.",
	Fix: "Let the SLO's tool generate its alerts (Sloth: remove `disable: true` of `page_alert` and `ticket_alert`; Pyrra: `alerting.disabled: false`; OpenSLO: `alertPolicies`; Grafana: `alerting`), " +
		"or write a burn-rate alert with the label `slo: <name of the SLO>` and name it in a native entry: `alerts = [\"…\"]`.",
	Source:   "SRE workbook, chapter 5 \"Alerting on SLOs\"; documentation of Sloth (page_alert, ticket_alert) and Pyrra (alerting).",
	Pillar:   SLOs,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.SLOs, catalog.Alerts},
	Run: func(in *Inspection) {
		if noSLOs(in) {
			return
		}
		for _, o := range in.Service.SLOs {
			requireSLOAlert(in, o)
			requireAbsenceAlert(in, o)
			for _, name := range o.Item.Alerting.Alerts {
				requireNamedAlert(in, o, name)
			}
		}
	},
}

// requireSLOAlert states whether something watches an SLO: its tool generates alerts, or an alert rule of the catalog does.
func requireSLOAlert(in *Inspection, o promised) {
	slo := o.Item
	name := slo.Name.Value
	if generates(slo) {
		in.Metf(slo.At, "SLO %q has %s on its error budget (%s alerting)", name, generatedKinds(slo), sloFormat(slo)).LinkedBy(o.By)
		return
	}
	if watchers := watchersOf(in, slo); len(watchers) > 0 {
		w := watchers[0]
		in.Metf(nameAt(w.alert), "alert %q watches SLO %q: it %s", w.Item.Name.Value, name, w.why).LinkedBy(w.By)
		return
	}
	if doubts := in.doubtsAmong(watchingServices(in.Service), slo); len(doubts) > 0 {
		d := doubts[0]
		in.Undecidedf(nameAt(d.alert), "%s", d.why).LinkedBy(d.By)
		return
	}
	if policies := slo.Alerting.Policies; len(policies) > 0 {
		in.Undecidedf(policies[0].At, "SLO %q names the alert policy %q, which is not in the catalog. add it, or the rules that are generated from it", name, policies[0].Value).LinkedBy(o.By)
		return
	}
	if off := turnedOff(slo); off != "" {
		missingOf(in, catalog.Alerts, slo.At, fmt.Sprintf("the alerts of SLO %q are turned off, and no other alert watches it. %s", name, switchOn(slo))).LinkedBy(o.By)
		return
	}
	if len(slo.Alerting.Alerts) == 0 {
		missingOf(in, catalog.Alerts, slo.At, fmt.Sprintf("no alert watches SLO %q. %s", name, switchOn(slo))).LinkedBy(o.By)
	}
}

// generatedKinds names the alerts that are generated from an SLO.
func generatedKinds(o *catalog.SLO) string {
	switch {
	case !o.Alerting.Ticket:
		return "alerts that page"
	case !o.Alerting.Page:
		return "alerts that open tickets"
	}
	return "alerts that page and alerts that open tickets"
}

// requireAbsenceAlert states whether Pyrra's alert on the absence of an SLO's metric was turned off without another one
// in its place. It is part of the alerting, so nothing is stated when all of that is off.
func requireAbsenceAlert(in *Inspection, o promised) {
	slo := o.Item
	if slo.Format != "pyrra" || slo.Alerting.Absent || !generates(slo) {
		return
	}
	for _, a := range in.Service.Alerts {
		if why := in.noticesAbsence(a.Item); why != "" {
			in.Metf(nameAt(a), "alert %q notices when the metric of SLO %q vanishes: %s", a.Item.Name.Value, slo.Name.Value, why).LinkedBy(a.By)
			return
		}
	}
	in.Missingf(slo.At, "the alert on the absence of the metric of SLO %q is turned off (alerting.absent: false), and no other one notices it. remove that key", slo.Name.Value).LinkedBy(o.By)
}

// requireNamedAlert states whether an alert that a native SLO names exists.
func requireNamedAlert(in *Inspection, o promised, name catalog.Text) {
	slo := o.Item
	byName := in.alertsByName()
	if len(byName[name.Value]) > 0 {
		return // requireSLOAlert states it
	}
	hint := suggest(name.Value, slices.Sorted(maps.Keys(byName)))
	if hint == "" {
		hint = ". add its rule, or correct the name"
	}
	missingOf(in, catalog.Alerts, name.At, fmt.Sprintf("alert %q, which SLO %q names, is not found%s", name.Value, slo.Name.Value, hint)).LinkedBy(o.By)
}
