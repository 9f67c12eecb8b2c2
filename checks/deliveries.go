package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
	routing "obsready/catalog/routes"
)

// routed is what the notification routes make of an alert.
type routed struct {
	state State             // whether it wakes somebody
	by    *catalog.Delivery // the delivery that decides; of an undecided one the first that may
	why   string            // as a sentence in which "it" is the alert
	// hopeful says of an undecided one that a receiver which surely wakes somebody may get it.
	hopeful bool
}

// routed follows the routes of an alert. ok is false when the catalog has none for it.
//
// Which of several Alertmanagers an alert reaches is not known, so all have to agree. Routes that an operator adds to an
// Alertmanager count with those of each. That nobody is woken is only said when no other routes may be hidden somewhere.
func (s *Survey) routed(a *catalog.AlertRule) (r routed, ok bool) {
	groups, added, unfilled := deliveryGroups(a)
	severe := hasFold(s.Settings.PageSeverities, a.Severity.Value)
	switch {
	case len(groups) == 0 && len(added) == 0:
		return routed{}, false
	case len(groups) == 0:
		r = s.combine(added, severe)
		return r.unless("the Alertmanager that this adds to is not in the catalog: keep its configuration there"), true
	}
	for i, group := range groups {
		next := s.combine(slices.Concat(group, added), severe)
		if i > 0 && next.state != r.state {
			return differing(r, next), true
		}
		if i == 0 {
			r = next
		}
	}
	if unfilled != nil {
		r = r.unless("no receiver at %s has an integration, so it looks like a default that is filled in elsewhere: keep the configuration that is in use in the catalog", unfilled.At)
	}
	if g := s.hiddenRoutes(); g != nil {
		r = r.unless("%s may hold other routes and could not be read (%s: %s)", g.At, g.Cause, g.Detail)
	}
	return r, true
}

// unless gives an undecided result, with the reason, in place of one that wakes nobody.
func (r routed) unless(format string, args ...any) routed {
	if r.state == Unmet {
		r.state, r.why = Undecided, r.why+". "+fmt.Sprintf(format, args...)
	}
	return r
}

// findHiddenRoutes gives the first gap that may hide routes: text that could not be read and speaks of receivers, or of
// which nothing is known. nil when there is none.
func findHiddenRoutes(estate *catalog.Estate) *catalog.Gap {
	for i := range estate.Gaps {
		g := &estate.Gaps[i]
		speaks := g.Names == nil || g.Names["receivers"] || g.Names["contactPoints"] || g.Names["policies"]
		if g.Concerns(catalog.Routes) && slices.Contains(unreadCauses, g.Cause) && speaks {
			return g
		}
	}
	return nil
}

// differing tells that two Alertmanagers do not agree about an alert.
func differing(a, b routed) routed {
	return routed{state: Undecided, by: a.by, hopeful: a.state == Met || b.state == Met || a.hopeful || b.hopeful,
		why: fmt.Sprintf("%s; %s; which of the two it reaches is not known", a.why, b.why)}
}

// deliveryGroups gives the deliveries of an alert by the Alertmanager, and those that operators' resources add. One
// whose receivers all tell nobody looks like a default that is filled in elsewhere: beside others it is left out, and
// given as unfilled in any case.
func deliveryGroups(a *catalog.AlertRule) (groups [][]catalog.Delivery, added []catalog.Delivery, unfilled *catalog.Router) {
	var defaults [][]catalog.Delivery
	for start := 0; start < len(a.Deliveries); {
		router, end := a.Deliveries[start].Router, start+1
		for end < len(a.Deliveries) && a.Deliveries[end].Router == router {
			end++
		}
		group := a.Deliveries[start:end:end]
		switch {
		case router.Format == "alertmanager resource":
			added = append(added, group...)
		case tellsNobody(router):
			defaults = append(defaults, group)
		default:
			groups = append(groups, group)
		}
		start = end
	}
	if len(defaults) > 0 {
		unfilled = defaults[0][0].Router
	}
	if len(groups) == 0 {
		groups = defaults
	}
	return groups, added, unfilled
}

// tellsNobody reports whether no receiver of a configuration has an integration.
func tellsNobody(r *catalog.Router) bool {
	return len(r.Receivers) > 0 && !slices.ContainsFunc(r.Receivers, func(r catalog.Receiver) bool { return len(r.Integrations) > 0 })
}

// combine says what the deliveries of one Alertmanager come to.
func (s *Survey) combine(deliveries []catalog.Delivery, severe bool) routed {
	states := map[State]*catalog.Delivery{} // the first of each
	for i := range deliveries {
		d := &deliveries[i]
		state := s.wakes(*d, severe)
		if state == Met && d.Unsure == "" {
			return routed{state: Met, by: d, why: sentTo(d)}
		}
		if states[state] == nil {
			states[state] = d
		}
	}
	wakes, open, silent := states[Met], states[Undecided], states[Unmet]
	switch {
	case wakes != nil && (open != nil || silent != nil || wakes.Router.Partial):
		return routed{state: Undecided, by: wakes, hopeful: true, why: fmt.Sprintf("%s, but that is not certain: %s", sentTo(wakes), wakes.Unsure)}
	case wakes != nil:
		return routed{state: Met, by: wakes, why: sentTo(wakes)}
	case open != nil:
		return routed{state: Undecided, by: open, why: fmt.Sprintf("%s, which may wake somebody or not. name the receivers that do in page_receivers of the policy", sentTo(open))}
	case silent.Router.Partial:
		return routed{state: Undecided, by: silent, why: fmt.Sprintf("%s, but that is not certain: %s", sentTo(silent), silent.Unsure)}
	}
	return routed{state: Unmet, by: silent, why: sentTo(silent)}
}

func sentTo(d *catalog.Delivery) string {
	return fmt.Sprintf("the route at %s sends it to %s", d.Route.At, recipient(*d))
}

// eased reports whether an alert is kept from waking people at times: its route has time intervals, or an inhibition by
// another alert may mute it.
func eased(a *catalog.AlertRule, d *catalog.Delivery) bool {
	if len(d.Route.MutedDuring)+len(d.Route.ActiveDuring) > 0 {
		return true
	}
	labels := routing.Of(a)
	return slices.ContainsFunc(d.Router.Inhibitions, func(i catalog.Inhibition) bool {
		byName := slices.ContainsFunc(i.Source, func(m catalog.RouteMatcher) bool { return m.Name == "alertname" })
		return byName && routing.MayMatch(i.Target, labels)
	})
}

// Paged says whether an alert surely wakes somebody (Met), surely wakes nobody (Unmet) or may do either (Undecided), and
// why, in words that can stand after the alert's name. It goes by the alert's severity and, where the catalog has
// notification routes for it, by where they send it.
func (s *Survey) Paged(a *catalog.AlertRule) (State, string) {
	severity := a.Severity.Value
	r, ok := s.routed(a)
	pages := hasFold(s.Settings.PageSeverities, severity)
	switch {
	case !pages && ok && r.state == Met && !eased(a, r.by):
		return Met, "wakes somebody whatever its severity is: " + r.why
	case mayPage(a):
		return Undecided, fmt.Sprintf("has a template as severity: %q. write a fixed severity", severity)
	case pages && !ok:
		return Met, fmt.Sprintf("has the paging severity %q", severity)
	case pages && r.state == Met:
		return Met, fmt.Sprintf("has the paging severity %q, and %s", severity, r.why)
	case pages && r.state == Unmet:
		return Unmet, fmt.Sprintf("has the paging severity %q, but %s, which wakes nobody", severity, r.why)
	case pages:
		return Undecided, fmt.Sprintf("has the paging severity %q, but whether it wakes somebody is not known: %s", severity, r.why)
	case severity == "":
		return Unmet, "has no severity label"
	}
	return Unmet, fmt.Sprintf("has severity %q, which does not page", severity)
}
