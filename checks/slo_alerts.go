package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks/measure"
)

// watcher is an alert that watches an SLO, with how that is known, in words that can stand after the alert's name.
type watcher struct {
	alert
	why  string
	sure bool // it names the SLO, or the SLO it
}

// watchersOf gives the alerts that watch an SLO: those that it names and, among those of the service and of the services
// that its journeys cross, those whose label names the SLO and those that measure a symptom with what it is measured by.
func watchersOf(in *Inspection, o *catalog.SLO) []watcher {
	return in.watchersAmong(watchingServices(in.Service), o)
}

// watchersAmong gives the alerts that watch an SLO: those that it names and those of the given services.
func (s *Survey) watchersAmong(services []*catalog.Service, o *catalog.SLO) []watcher {
	found := s.namedWatchers(o)
	seen := map[*catalog.AlertRule]bool{}
	for _, w := range found {
		seen[w.Item] = true
	}
	m := newMeasured(services, o)
	for _, svc := range services {
		for _, a := range svc.Alerts {
			if seen[a.Item] {
				continue
			}
			seen[a.Item] = true
			if why, sure := s.watches(a.Item, o, m); why != "" {
				found = append(found, watcher{a, why, sure})
			}
		}
	}
	return found
}

// namedWatchers gives the alerts of the estate that an SLO names, whoever they belong to.
func (s *Survey) namedWatchers(o *catalog.SLO) []watcher {
	if len(o.Alerting.Alerts) == 0 {
		return nil
	}
	var found []watcher
	link := catalog.Link{Rung: catalog.BySLO, Detail: fmt.Sprintf("SLO %q names it", o.Name.Value)}
	for _, name := range o.Alerting.Alerts {
		for _, a := range s.alertsByName()[name.Value] {
			found = append(found, watcher{alert{Item: a, By: link}, "is named by the SLO", true})
		}
	}
	return found
}

// watchingServices gives the service and those that its journeys cross, each once.
func watchingServices(svc *catalog.Service) []*catalog.Service {
	all := []*catalog.Service{svc}
	for _, j := range svc.Journeys {
		for _, s := range j.Services {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// watches says how an alert is known to watch an SLO, "" when it does not; sure when it says so itself.
func (s *Survey) watches(a *catalog.AlertRule, o *catalog.SLO, m measured) (why string, sure bool) {
	switch {
	case ofOtherService(a, o):
		return "", false
	case labelledSLO(a, o):
		return "names the SLO in a label", true
	case !slices.ContainsFunc(a.Expr.Selectors, m.shows) || namesOther(a, o):
		return "", false
	}
	if j := s.Measure(a); j.Class == measure.Symptom && sameSide(j, s.Dimension(o)) {
		return "measures a symptom with the SLO's metrics", false
	}
	return "", false
}

// doubt is an alert of which it is not known whether it watches an SLO, with why, as a message.
type doubt struct {
	alert
	why string
}

// doubtsAmong gives the alerts of services that select what an SLO is measured by, but of which it is not known what they
// measure, or that seem to tell a cause although what they measure is promised to users.
func (s *Survey) doubtsAmong(services []*catalog.Service, o *catalog.SLO) []doubt {
	var all []doubt
	m, promises := newMeasured(services, o), s.Dimension(o)
	for _, svc := range services {
		for _, a := range svc.Alerts {
			if ofOtherService(a.Item, o) || namesOther(a.Item, o) || !slices.ContainsFunc(a.Item.Expr.Selectors, m.shows) {
				continue
			}
			name := a.Item.Name.Value
			switch j := s.Measure(a.Item); {
			case !sameSide(j, promises):
			case j.Class == measure.Unknown:
				all = append(all, doubt{a, undecidedSymptom(name, j).Text})
			case j.Class == measure.Cause && j.Declared == "" && promises.Dimension != measure.Other:
				all = append(all, doubt{a, fmt.Sprintf("alert %q measures what SLO %q is measured by, but seems to tell a cause: %s. declare it with the label alert_type: symptom if users feel it",
					name, o.Name.Value, j.Because())})
			}
		}
	}
	return all
}

// sameSide reports whether an alert and an SLO may be about the same side of a service: one histogram tells both how many
// requests fail and how long they take. What is not known may be the same.
func sameSide(alert, slo measure.Judgement) bool {
	of := func(j measure.Judgement) measure.Dimension {
		switch j.Dimension {
		case measure.Availability, measure.Correctness:
			return measure.Errors
		case measure.Budget:
			return measure.Other
		}
		return j.Dimension
	}
	a, b := of(alert), of(slo)
	return a == measure.Other || b == measure.Other || a == b
}

// ofOtherService reports whether the labels that Sloth writes, on the alert or on what it selects, say that it is on an
// SLO of another service: names of SLOs such as "requests-availability" are used many times.
func ofOtherService(a *catalog.AlertRule, o *catalog.SLO) bool {
	const key = "sloth_service"
	other := func(value string) bool { return o.Service.Value != "" && value != o.Service.Value && !variable(value) }
	if service, ok := a.Label(key); ok && other(service.Value) {
		return true
	}
	return slices.ContainsFunc(a.Expr.Selectors, func(s catalog.Selector) bool {
		return slices.ContainsFunc(s.Matchers, func(m catalog.Matcher) bool { return m.Name == key && m.Op == "=" && other(m.Value) })
	})
}

// namesOther reports whether the labels of an alert name another SLO than this one.
func namesOther(a *catalog.AlertRule, o *catalog.SLO) bool {
	return slices.ContainsFunc(sloLabels, func(key string) bool {
		label, ok := a.Label(key)
		return ok && label.Value != "" && !variable(label.Value) && label.Value != o.Name.Value
	})
}

// sloLabels name the SLO that an alert is on.
var sloLabels = []string{"slo", "sloth_slo", "slo_name"}

// generates reports whether the tool of an SLO's format makes alerts from it, or its specification states them.
func generates(o *catalog.SLO) bool { return o.Alerting.Page || o.Alerting.Ticket }

// turnedOff names what turns the alerting of an SLO off, "" when it is not turned off: its format generates alerts unless
// told otherwise.
func turnedOff(o *catalog.SLO) string {
	switch {
	case generates(o):
		return ""
	case o.Format == "sloth CRD":
		return "pageAlert.disable and ticketAlert.disable"
	case strings.HasPrefix(o.Format, "sloth"):
		return "page_alert.disable and ticket_alert.disable"
	case o.Format == "pyrra" && !o.Alerting.Absent:
		return "alerting.disabled"
	case o.Format == "pyrra":
		return "alerting.burnrates: false"
	}
	return ""
}

// switchOn says how the format of an SLO gets alerts on its budget, as the way out of a finding.
func switchOn(o *catalog.SLO) string {
	label := fmt.Sprintf("give the alert on it the label slo: %s", o.Name.Value)
	switch {
	case turnedOff(o) != "":
		return "remove " + turnedOff(o) + ", or " + label
	case o.Format == "native":
		return "name its alerts: alerts = [\"…\"], or " + label
	case o.Format == "grafana":
		return "add fastBurn and slowBurn below alerting, or " + label
	}
	return "add alertPolicies with a condition of kind burnrate, or " + label
}
