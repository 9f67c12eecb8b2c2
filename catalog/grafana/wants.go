package grafana

import (
	"cmp"
	"slices"
	"strings"

	"obsready/catalog"
)

// The most that is asked for on behalf of an estate. What is beyond them is not asked, which the checks tell.
const (
	maxBoards  = 5000
	maxProbes  = 15000
	maxMetrics = 50000
	maxRules   = 1000
)

// Wants adds to what a policy wants of the Grafana at the base address what the checks ask of it for an estate: the dashboards that
// services have or name and those that journeys and alerts name, whether the telemetry arrives that services declare selectors of,
// whether the metrics exist that alerts query, and whether Grafana has the rules that are its own. It does not change w.
//
// Equal estates give equal wants, in order and each one once, so that they can be told apart by their content.
func Wants(e *catalog.Estate, base string, w Want) Want {
	o := wanted{base: base, uids: slices.Clone(w.UIDs), titles: slices.Clone(w.Titles), metrics: slices.Clone(w.Metrics), rules: slices.Clone(w.Rules)}
	w.Probes = slices.Clone(w.Probes)
	for _, svc := range e.Services {
		if svc.Retired() {
			continue
		}
		o.boards(svc)
		w.Probes = append(w.Probes, probesOf(svc)...)
	}
	for _, j := range e.Journeys {
		o.ref(j.DashRef.Value)
	}
	for _, a := range e.Alerts {
		o.alert(a)
	}
	w.UIDs, w.Titles, w.Metrics = bounded(o.uids, maxBoards), bounded(o.titles, maxBoards), bounded(o.metrics, maxMetrics)
	w.Rules = bounded(o.rules, maxRules)
	w.Probes = w.Probes[:min(len(w.Probes), maxProbes)]
	return w
}

// wanted collects names.
type wanted struct {
	base                         string
	uids, titles, metrics, rules []string
}

// boards notes the dashboards that a service has in git and those that its entry names.
func (o *wanted) boards(svc *catalog.Service) {
	for _, d := range svc.Dashboards {
		if d.Item.UID.Value != "" {
			o.uid(d.Item.UID.Value)
		} else {
			o.title(d.Item.Title.Value)
		}
	}
	for _, ref := range References(svc) {
		o.ref(ref.Value)
	}
}

// References gives the dashboards that a service's entry names: UIDs, titles, files and addresses.
func References(svc *catalog.Service) []catalog.Text {
	refs := slices.Clone(svc.Wanted.Dashboards)
	for _, l := range svc.Links {
		if l.Kind == "dashboard" {
			refs = append(refs, l.URL)
		}
	}
	return refs
}

func (o *wanted) alert(a *catalog.AlertRule) {
	if uidShape.MatchString(a.UID) {
		o.rules = append(o.rules, a.UID)
	}
	if a.Dashboard.State == catalog.Elsewhere {
		o.ref(a.Dashboard.Address)
	}
	if a.Expr.Lang != catalog.PromQL {
		return
	}
	for _, s := range a.Expr.Selectors {
		o.metrics = append(o.metrics, s.Metric)
	}
}

// ref notes a reference, which may be a UID or a title where its shape does not tell.
func (o *wanted) ref(ref string) {
	ref = strings.TrimSpace(ref)
	if strings.Contains(ref, "://") {
		if uid, ok := UIDIn(o.base, ref); ok {
			o.uid(uid)
		}
		return
	}
	o.uid(ref)
	o.title(ref)
}

func (o *wanted) uid(uid string) {
	if uidShape.MatchString(uid) {
		o.uids = append(o.uids, uid)
	}
}

func (o *wanted) title(title string) {
	if title != "" && !variable.MatchString(title) {
		o.titles = append(o.titles, title)
	}
}

// probesOf gives the questions about the telemetry of a service. A library sends none of its own.
func probesOf(svc *catalog.Service) []Probe {
	if !svc.Operated() {
		return nil
	}
	var all []Probe
	for _, p := range []Probe{
		{svc.ID, catalog.MetricSignal, svc.Signals.Metrics.Value},
		{svc.ID, catalog.LogSignal, svc.Signals.Logs.Value},
		{svc.ID, catalog.TraceSignal, svc.Signals.Traces.Value},
	} {
		if p.Select != "" {
			all = append(all, p)
		}
	}
	return all
}

// bounded gives names in order, each once and no more than most.
func bounded(names []string, most int) []string {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	slices.SortFunc(names, cmp.Compare[string])
	names = slices.Compact(names)
	return names[:min(len(names), most)]
}
