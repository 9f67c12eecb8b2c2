package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Threads gives a thread for each SLO of a journey, in the journey's order; of a journey without any the one that is
// broken at its first link. They are worked out once, whoever asks: the slice is shared and not to be changed.
//
// Each link is judged as the checks judge the same thing, so that a thread never contradicts a verdict. Where a link
// is broken the later ones are judged as far as they do not depend on it.
func (s *Survey) Threads(j *catalog.Journey) []Thread {
	if known, ok := s.threads.Load(j); ok {
		return known.([]Thread)
	}
	var all []Thread
	for _, o := range j.SLOs {
		all = append(all, s.strand(j, o).thread())
	}
	if len(all) == 0 {
		all = []Thread{s.strand(j, nil).thread()}
	}
	known, _ := s.threads.LoadOrStore(j, all)
	return known.([]Thread)
}

// strand is one promise of a journey, with what its thread is looked for in.
type strand struct {
	*Survey
	journey  *catalog.Journey
	slo      *catalog.SLO       // nil for a journey without one
	services []*catalog.Service // that the journey crosses, then those whose promise it is and those of their journeys
}

func (s *Survey) strand(j *catalog.Journey, o *catalog.SLO) strand {
	t := strand{Survey: s, journey: j, slo: o, services: slices.Clone(j.Services)}
	for _, owner := range s.promisedBy()[o] {
		for _, svc := range watchingServices(owner) {
			if !slices.Contains(t.services, svc) {
				t.services = append(t.services, svc)
			}
		}
	}
	return t
}

// servicesBySLO gives the services that each SLO is a promise of.
func servicesBySLO(estate *catalog.Estate) map[*catalog.SLO][]*catalog.Service {
	by := map[*catalog.SLO][]*catalog.Service{}
	for _, svc := range estate.Services {
		for _, o := range svc.SLOs {
			by[o.Item] = append(by[o.Item], svc)
		}
	}
	return by
}

// thread follows the promise along the alert that leads furthest.
func (t strand) thread() Thread {
	promise := t.promise()
	leads := t.leads()
	best := t.follow(promise, leads[0])
	for _, next := range leads[1:] {
		if other := t.follow(promise, next); furtherThan(other, best) {
			best = other
		}
	}
	return Thread{Journey: t.journey, SLO: t.slo, Links: best}
}

// follow gives the links of a thread along one lead.
func (t strand) follow(promise ThreadLink, l lead) []ThreadLink {
	return []ThreadLink{promise, l.link, t.owner(l), t.runbook(l), t.dashboard(l), t.recovery(l)}
}

// furtherThan reports whether the links of a hold further than those of b: up to a later link, or else in more places.
func furtherThan(a, b []ThreadLink) bool {
	length := func(links []ThreadLink) int {
		return slices.IndexFunc(append(slices.Clone(links), ThreadLink{}), func(l ThreadLink) bool { return l.State != Met })
	}
	count := func(links []ThreadLink, state State) (n int) {
		for _, l := range links {
			if l.State == state {
				n++
			}
		}
		return n
	}
	if m, n := length(a), length(b); m != n {
		return m > n
	}
	if m, n := count(a, Met), count(b, Met); m != n {
		return m > n
	}
	return count(a, Unmet) < count(b, Unmet)
}

// promise is the first link: the SLO is there and its objective can be kept and missed.
func (t strand) promise() ThreadLink {
	j := t.journey
	name, at := j.Name.Value, j.Name.At.Or(j.At)
	switch {
	case t.slo != nil:
		in := t.asking(t.home(), catalog.SLOs)
		requireObjective(in, promised{Item: t.slo})
		return linkOf(ThreadSLO, t.slo.Name.Value, in)
	case len(j.SLORefs) == 0:
		in := t.asking(t.home())
		in.Unmetf(at, "journey %q has no SLO. name one: slo = [\"…\"]", name)
		return linkOf(ThreadSLO, "", in)
	}
	return t.missing(ThreadSLO, catalog.SLOs, j.SLORefs[0].At.Or(at), "SLO %q of journey %q is not found. add its specification, or correct the name", j.SLORefs[0].Value, name)
}

// home gives the service that the promise is about: that of the SLO, else the first of the journey. A journey that
// crosses no service of the catalog has one of its own name.
func (t strand) home() *catalog.Service {
	if owners := t.promisedBy()[t.slo]; len(owners) > 0 {
		return owners[0]
	}
	if len(t.services) > 0 {
		return t.services[0]
	}
	return &catalog.Service{Name: t.journey.Name, At: t.journey.At, Owner: t.journey.Owner, Gaps: t.Estate.Gaps}
}

// homes gives the services whose runbooks are about the promise: those that make it, or all of the journey when none
// is known to.
func (t strand) homes() []*catalog.Service {
	if owners := t.promisedBy()[t.slo]; len(owners) > 0 {
		return owners
	}
	return t.services
}

// missing gives a link for something that was not found among the services: broken, or not known where it may stand in
// what could not be read.
func (t strand) missing(part ThreadPart, kind catalog.Kind, at catalog.Place, format string, args ...any) ThreadLink {
	link := ThreadLink{Part: part, State: Unmet, Text: fmt.Sprintf(format, args...), At: at}
	services := t.services
	if len(services) == 0 {
		services = []*catalog.Service{t.home()}
	}
	for _, svc := range services {
		for i := range svc.Gaps {
			if g := &svc.Gaps[i]; g.Concerns(kind) && (kind != catalog.Alerts || t.mayWatch(g)) {
				link.State, link.At = Undecided, g.At
				link.Text = fmt.Sprintf("%s, but %s could not be read (%s: %s)", link.Text, g.At, g.Cause, g.Detail)
				return link
			}
		}
	}
	return link
}

// mayWatch reports whether an alert on the SLO may be hidden in a gap: its text names the SLO, or a metric that it is
// measured by. Of a template nothing is known, because its values may stand elsewhere.
func (t strand) mayWatch(g *catalog.Gap) bool {
	if t.slo == nil || g.Names == nil || g.Cause == catalog.Template {
		return true
	}
	if speaks(g, t.slo.Name.Value) || slices.ContainsFunc(t.slo.Alerting.Alerts, func(a catalog.Text) bool { return speaks(g, a.Value) }) {
		return true
	}
	for name, selectors := range newMeasured(t.services, t.slo).metrics {
		for _, part := range []string{"", "_bucket", "_count", "_sum", "_total"} {
			if speaks(g, name+part) {
				return true
			}
		}
		if slices.ContainsFunc(selectors, func(s catalog.Selector) bool { return speaks(g, s.Metric) }) {
			return true
		}
	}
	return false
}

// speaks reports whether all words of a name stand in the text of a gap.
func speaks(g *catalog.Gap, name string) bool {
	for w := range document.Words(name) {
		if !g.Names[w] {
			return false
		}
	}
	return name != ""
}

// asking begins to ask one thing about a service in the way that a check does.
func (s *Survey) asking(svc *catalog.Service, needs ...catalog.Kind) *Inspection {
	return &Inspection{Subject: s.About(svc), check: &Check{Needs: needs}}
}

// linkOf makes a link of the first thing that was asked: broken or not known when that is what it is.
func linkOf(part ThreadPart, name string, in *Inspection) ThreadLink {
	q := in.requirements[0]
	return ThreadLink{Part: part, State: q.State, Name: name, Text: q.Message, At: q.At}
}
