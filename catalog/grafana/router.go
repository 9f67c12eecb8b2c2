package grafana

import (
	"obsready/catalog"
)

// Router gives Grafana's notification policies and contact points in the form that catalog/routes delivers alerts with; nil when
// they could not be had. Places are the address of Grafana.
//
// It is partial when the contact points could not all be had.
func Router(live *catalog.Live) *catalog.Router {
	if len(live.Policies.Items) == 0 {
		return nil
	}
	at := catalog.Place{File: live.URL + "/alerting/routes"}
	r := &catalog.Router{Format: "grafana", Root: asRoute(live.Policies.Items[0], at), Partial: !live.ContactPoints.Complete() || !live.Policies.Complete(), At: at}
	for _, p := range live.ContactPoints.Items {
		receiver := catalog.Receiver{Name: catalog.Text{Value: p.Name, At: at}, At: at}
		for _, kind := range p.Types {
			receiver.Integrations = append(receiver.Integrations, catalog.Integration{Kind: kind, At: at})
		}
		r.Receivers = append(r.Receivers, receiver)
	}
	return r
}

func asRoute(l catalog.LiveRoute, at catalog.Place) *catalog.Route {
	texts := func(values []string) []catalog.Text {
		var all []catalog.Text
		for _, v := range values {
			all = append(all, catalog.Text{Value: v, At: at})
		}
		return all
	}
	r := &catalog.Route{
		Continue: l.Continue, MutedDuring: texts(l.MuteTimings), ActiveDuring: texts(l.ActiveTimes), GroupBy: texts(l.GroupBy), At: at,
	}
	if l.Receiver != "" {
		r.Receiver = catalog.Text{Value: l.Receiver, At: at}
	}
	if l.Repeat != "" {
		r.RepeatInterval = catalog.Text{Value: l.Repeat, At: at}
	}
	for _, m := range l.Matchers {
		r.Matchers = append(r.Matchers, catalog.RouteMatcher{Matcher: catalog.Matcher(m), At: at})
	}
	for _, below := range l.Routes {
		r.Routes = append(r.Routes, asRoute(below, at))
	}
	return r
}
