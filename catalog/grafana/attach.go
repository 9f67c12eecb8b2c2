package grafana

import (
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// Attach puts what a live Grafana showed beside what the files of an estate say. It is the last step of building an estate: nobody
// else has it yet.
//
// A dashboard that a service or a journey names, or an alert links to, and that no file holds, becomes evidence of theirs when it
// was fetched; all its places are its address. An alert's link to a dashboard of this Grafana that is not there leads nowhere from
// then on. Everything that files say stays.
func Attach(e *catalog.Estate, live *catalog.Live) {
	e.Live = live
	a := attachment{estate: e, live: live, read: map[string]*catalog.Dashboard{}, held: map[string]*catalog.Dashboard{}}
	for _, d := range e.Dashboards {
		if a.held[d.UID.Value] == nil && d.UID.Value != "" {
			a.held[d.UID.Value] = d
		}
	}
	for _, svc := range e.Services {
		for _, ref := range References(svc) {
			a.service(svc, ref.Value, "named "+strconv.Quote(ref.Value))
		}
	}
	for _, j := range e.Journeys {
		a.journey(j)
	}
	for _, rule := range e.Alerts {
		a.alert(rule)
	}
	slices.SortStableFunc(e.Dashboards, func(x, y *catalog.Dashboard) int { return x.At.Compare(y.At) })
	if e.Counts.Kinds != nil {
		e.Counts.Kinds[catalog.Dashboards] = len(e.Dashboards)
	}
}

// attachment is the state of one Attach.
type attachment struct {
	estate *catalog.Estate
	live   *catalog.Live
	held   map[string]*catalog.Dashboard // by UID, those of files
	read   map[string]*catalog.Dashboard // by UID, those of Grafana that became evidence; nil for one that cannot
}

// board gives the dashboard that a reference names: the one of a file that has its UID, else what Grafana shows; nil when
// that is not known.
func (a *attachment) board(ref string) (*catalog.Dashboard, *catalog.Trouble) {
	found, trouble := Find(a.live, ref)
	if found == nil {
		return nil, trouble
	}
	if d := a.held[found.UID]; d != nil {
		return d, nil
	}
	d, known := a.read[found.UID]
	if !known {
		if facts := Facts(a.live, found); len(facts.Dashboards) > 0 {
			d = facts.Dashboards[0]
			a.estate.Dashboards = append(a.estate.Dashboards, d)
		}
		a.read[found.UID] = d
	}
	if d == nil && found.Trouble != nil {
		return nil, found.Trouble
	}
	return d, nil
}

// service links a dashboard that a reference names to a service, unless a dashboard of the service answers to it.
func (a *attachment) service(svc *catalog.Service, ref, why string) {
	if answered(svc, ref) {
		return
	}
	d, _ := a.board(ref)
	if d == nil || slices.ContainsFunc(svc.Dashboards, func(l catalog.Linked[catalog.Dashboard]) bool { return l.Item == d }) {
		return
	}
	svc.Dashboards = append(svc.Dashboards, catalog.Linked[catalog.Dashboard]{Item: d, By: catalog.Link{Rung: catalog.ByName, Detail: why}})
}

// answered reports whether a dashboard of the service has the reference as its UID, title, file or address.
func answered(svc *catalog.Service, ref string) bool {
	return slices.ContainsFunc(svc.Dashboards, func(l catalog.Linked[catalog.Dashboard]) bool {
		uid := l.Item.UID.Value
		return ref == uid || ref == l.Item.Title.Value || strings.HasSuffix(l.Item.At.File, strings.TrimPrefix(ref, "./")) ||
			uid != "" && strings.Contains(ref+"/", "/"+uid+"/")
	})
}

// journey finds the dashboard that a journey names, for it and its services.
func (a *attachment) journey(j *catalog.Journey) {
	if j.DashRef.Value == "" || j.Dashboard != nil {
		return
	}
	if j.Dashboard, _ = a.board(j.DashRef.Value); j.Dashboard == nil {
		return
	}
	for _, svc := range j.Services {
		a.service(svc, j.DashRef.Value, "journey "+strconv.Quote(j.Name.Value))
	}
}

// alert follows an alert's link to a dashboard that no file holds.
func (a *attachment) alert(rule *catalog.AlertRule) {
	r := &rule.Dashboard
	if r.State != catalog.Elsewhere || r.Dashboard != nil {
		return
	}
	d, trouble := a.board(r.Address)
	switch {
	case d != nil:
		r.State, r.Dashboard, r.Detail = catalog.LinkOK, d, ""
	case trouble == nil:
		r.Detail = "Grafana lists it, and what it shows was not fetched"
	case trouble.Cause == catalog.NotFound:
		r.State, r.Detail = catalog.NoSuchFile, "neither a file of this catalog nor Grafana at "+a.live.URL+" has a dashboard of that uid"
	case trouble.Cause != catalog.Unreachable:
		r.Detail = "no dashboard file of this catalog has that uid, and Grafana does not tell: " + strings.TrimRight(trouble.String(), ". ")
	}
}
