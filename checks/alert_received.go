package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"obsready/catalog"
	routing "obsready/catalog/routes"
)

var alertReceived = &Check{
	ID:       "alert-received",
	Title:    "Grafana sends the service's paging alerts to a contact point that wakes somebody",
	Why:      "A new Grafana sends everything to a default e-mail address that nobody reads. An alert that pages has to end at somebody's pager.",
	Fix:      "Give the alert a notification policy, or a contact point of its own, that leads to your paging tool. A contact point that does wake somebody through a webhook is named in `page_receivers` of the policy.",
	Source:   "Grafana documentation, \"Notification policies\"; Datadog, \"Monitor quality\" (monitors without a recipient).",
	Pillar:   Alerts,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Live:     true,
	Run: func(in *Inspection) {
		for _, w := range watchedAlerts(in) {
			for _, r := range w.rules {
				if r.isGrafanas() && w.pages(in, r) {
					requireReceiver(in, w, r)
				}
			}
		}
		if len(in.requirements) == 0 {
			noneWatched(in, in.live().ownRulesTrouble(), "no alert of the service that pages is seen to be evaluated by Grafana itself")
		}
	},
}

// pages reports whether the severity of an alert is one that wakes somebody.
func (w watched) pages(in *Inspection, r liveRule) bool {
	if w.alert != nil {
		return isPage(in, w.alert)
	}
	return hasFold(in.Settings.PageSeverities, r.Labels["severity"])
}

func requireReceiver(in *Inspection, w watched, r liveRule) {
	if r.Receiver == "" && !r.Configured {
		trouble := r.source.Unconfigured
		if trouble == nil {
			trouble = &catalog.Trouble{Cause: catalog.NotFound, Detail: "the list of configured rules does not name it"}
		}
		link(in.Undecidedf(w.at, "where Grafana sends alert %q is not known: %s", w.name, because(trouble)), w.link)
		return
	}
	router, trouble := in.live().router()
	if trouble != nil {
		link(in.Undecidedf(w.at, "where Grafana sends alert %q is not known: %s", w.name, because(trouble)), w.link)
		return
	}
	deliveries := deliveriesOf(router, r)
	for _, d := range deliveries {
		if fault := deadEnd(d); fault != "" {
			link(in.Unmetf(w.at, "Grafana sends alert %q to %s. name a contact point that leads to your paging tool", w.name, fault), w.link).
				Because("contact point "+d.Name.Value, "alerts that page go to contact point %q, which tells nobody", d.Name.Value)
			return
		}
	}
	if len(deliveries) == 0 {
		link(in.Unmetf(w.at, "no notification policy of Grafana takes alert %q. name a contact point in the root policy", w.name), w.link)
		return
	}
	stateReceiver(in, w, in.combine(deliveries, true))
}

func stateReceiver(in *Inspection, w watched, to routed) {
	switch to.state {
	case Met:
		link(in.Metf(w.at, "alert %q reaches somebody: in Grafana %s", w.name, to.why), w.link)
	case Undecided:
		link(in.Undecidedf(w.at, "whether Grafana wakes somebody for alert %q is not known: %s", w.name, to.why), w.link)
	default:
		link(in.Unmetf(w.at, "alert %q pages, but in Grafana %s, which wakes nobody. send it to your paging tool, or lower its severity", w.name, to.why), w.link).
			Because("contact point "+to.by.Name.Value, "alerts that page go to contact point %q, which wakes nobody", to.by.Name.Value)
	}
}

// deadEnd says of a delivery that is certain why it reaches nobody, "" when it may reach somebody.
func deadEnd(d catalog.Delivery) string {
	switch {
	case d.Unsure != "":
		return ""
	case d.Receiver == nil:
		return fmt.Sprintf("contact point %q, which is not there or has no integration", d.Name.Value) // Grafana lists neither
	case len(d.Receiver.Integrations) == 0:
		return fmt.Sprintf("contact point %q, which has no integration", d.Name.Value)
	}
	return ""
}

// deliveriesOf gives where Grafana sends a rule: to the contact point that it names itself, else by the policies.
func deliveriesOf(router *catalog.Router, r liveRule) []catalog.Delivery {
	if r.Receiver != "" {
		own := &catalog.Route{Receiver: catalog.Text{Value: r.Receiver, At: router.At}, At: router.At}
		return []catalog.Delivery{{Router: router, Route: own, Name: own.Receiver, Receiver: router.Receiver(r.Receiver)}}
	}
	a := &catalog.AlertRule{Format: "grafana", Name: catalog.Text{Value: r.Name}}
	if !strings.Contains(r.Folder, "/") {
		a.Namespace = r.Folder
	}
	for _, key := range slices.Sorted(maps.Keys(r.Labels)) {
		a.Labels = append(a.Labels, catalog.Label{Key: key, Value: r.Labels[key]})
	}
	return routing.Deliver(router, routing.Of(a))
}
