package load

import (
	"slices"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/incidents"
	"obsready/catalog/pages"
	"obsready/catalog/postmortems"
	"obsready/catalog/recovery"
	"obsready/catalog/securitypolicy"
	"obsready/catalog/threats"
	"obsready/catalog/toil"
)

// documentKind is a kind of document that a Markdown file can be, with how it is told by its path.
type documentKind struct {
	kind   catalog.Kind
	isPath func(file string) bool
}

var documentKinds = []documentKind{
	{catalog.ThreatModels, threats.IsPath},
	{catalog.RecoveryPlans, recovery.IsPath},
	{catalog.Exercises, recovery.IsExercisePath},
	{catalog.IncidentProcesses, incidents.IsPath},
	{catalog.Postmortems, postmortems.IsPath},
	{catalog.ToilLogs, toil.IsPath},
	{catalog.SecurityPolicies, func(file string) bool { return securitypolicy.IsPath(file) && !aside(file) }},
}

// isDocument reports whether a page shows a practice by its path. Of one in a markup that is not read the reader of pages
// makes a gap.
func isDocument(p string) bool {
	return slices.ContainsFunc(documentKinds, func(d documentKind) bool { return d.isPath(p) })
}

// isKind reports whether a page is a document of a kind, by its path or because an entry says so.
func (l *loader) isKind(p string, kind catalog.Kind) bool {
	for _, d := range documentKinds {
		if d.kind == kind && d.isPath(l.inner(p)) {
			return true
		}
	}
	return l.named(p, kind)
}

// named reports whether an entry names a page as a document of a kind.
func (l *loader) named(p string, kind catalog.Kind) bool {
	return len(l.linkByGlob(kind)[p]) > 0 || kind == catalog.RecoveryPlans && len(l.linked.plans[p]) > 0 || kind == catalog.IncidentProcesses && len(l.linked.processes[p]) > 0
}

// wantDocuments asks for the pages that entries name as recovery plans, incident processes and other documents.
func (l *loader) wantDocuments() {
	l.linked.documents = map[string]bool{}
	l.linked.plans, l.linked.processes = map[string][]*catalog.Service{}, map[string][]*catalog.Team{}
	for _, s := range l.estate.Services {
		if t, _ := l.target(strings.TrimSpace(s.Recovery.Plan.Value), s.At.File); t.file != "" {
			l.linked.documents[t.file] = true
			l.linked.plans[t.file] = append(l.linked.plans[t.file], s)
		}
	}
	for _, team := range l.estate.Teams {
		if t, _ := l.target(strings.TrimSpace(team.IncidentRef.Value), team.At.File); t.file != "" {
			l.linked.documents[t.file] = true
			l.linked.processes[t.file] = append(l.linked.processes[t.file], team)
		}
	}
	for _, d := range documentKinds {
		for p := range l.linkByGlob(d.kind) {
			l.linked.documents[p] = true
		}
	}
}

// readDocument adds what a page says as one of the documents that show a practice.
func (l *loader) readDocument(o *pages.Outline, facts *catalog.Facts) {
	p := o.Page.Path
	if l.isKind(p, catalog.ThreatModels) {
		if model, ok := threats.ReadPage(o); ok {
			facts.ThreatModels = append(facts.ThreatModels, model)
		} else if l.named(p, catalog.ThreatModels) {
			facts.ThreatModels = append(facts.ThreatModels, threats.ReadNamed(o))
		}
	}
	if l.isKind(p, catalog.RecoveryPlans) || l.isKind(p, catalog.Exercises) {
		plan, exercises := recovery.ReadPage(o)
		if plan != nil {
			facts.RecoveryPlans = append(facts.RecoveryPlans, plan)
		}
		facts.Exercises = append(facts.Exercises, exercises...)
	}
	if l.isKind(p, catalog.Postmortems) {
		if report, ok := postmortems.ReadPage(o, p); ok {
			facts.Postmortems = append(facts.Postmortems, report)
		} else if l.named(p, catalog.Postmortems) {
			facts.Postmortems = append(facts.Postmortems, postmortems.ReadNamed(o, p))
		}
	}
	l.readProcess(o, facts)
	if l.isKind(p, catalog.ToilLogs) {
		if log, ok := toil.ReadPage(o); ok {
			facts.ToilLogs = append(facts.ToilLogs, log)
		}
	}
	if l.isKind(p, catalog.SecurityPolicies) {
		if policy, ok := securitypolicy.ReadPage(o); ok {
			facts.SecurityPolicies = append(facts.SecurityPolicies, policy)
		}
	}
}

// readProcess adds what a page says about how incidents are handled: any page may have a section on it. The reports of
// incidents and exercises say what was done, and not what is to be done.
func (l *loader) readProcess(o *pages.Outline, facts *catalog.Facts) {
	switch {
	case l.named(o.Page.Path, catalog.IncidentProcesses):
		facts.IncidentProcesses = append(facts.IncidentProcesses, incidents.ReadNamed(o))
	case len(facts.Postmortems) == 0 && !recovery.IsExercisePath(o.Page.Path):
		if process, ok := incidents.ReadPage(o); ok {
			facts.IncidentProcesses = append(facts.IncidentProcesses, process)
		}
	}
}

// readNative gives the facts of a TOML file of this product that is no entry.
func readNative(p string, data []byte) catalog.Facts {
	if toil.IsPath(p) {
		facts, _ := toil.ReadTOML(p, data)
		return facts
	}
	return recovery.ReadTOML(p, data)
}

// gatherDocuments takes in what pages said as documents.
func (l *loader) gatherDocuments(f *catalog.Facts) {
	e := &l.estate
	e.ThreatModels = append(e.ThreatModels, f.ThreatModels...)
	e.RecoveryPlans = append(e.RecoveryPlans, f.RecoveryPlans...)
	e.Exercises = append(e.Exercises, f.Exercises...)
	e.IncidentProcesses = append(e.IncidentProcesses, f.IncidentProcesses...)
	e.Postmortems = append(e.Postmortems, f.Postmortems...)
	e.ToilLogs = append(e.ToilLogs, f.ToilLogs...)
	e.SecurityPolicies = append(e.SecurityPolicies, f.SecurityPolicies...)
	e.Secrets = append(e.Secrets, f.Secrets...)
}

// sortDocuments puts evidence that pages and other files hold in the order of its places.
func (l *loader) sortDocuments() {
	e := &l.estate
	sortByPlace(e.ThreatModels, func(m *catalog.ThreatModel) catalog.Place { return m.At })
	sortByPlace(e.RecoveryPlans, func(p *catalog.RecoveryPlan) catalog.Place { return p.At })
	sortByPlace(e.Exercises, func(x *catalog.Exercise) catalog.Place { return x.At })
	sortByPlace(e.ToilLogs, func(t *catalog.ToilLog) catalog.Place { return t.At })
	sortByPlace(e.SecurityPolicies, func(p *catalog.SecurityPolicy) catalog.Place { return p.At })
	sortByPlace(e.Secrets, func(x *catalog.Secret) catalog.Place { return x.At })
}

func sortByPlace[T any](items []T, at func(T) catalog.Place) {
	slices.SortStableFunc(items, func(a, b T) int { return at(a).Compare(at(b)) })
}

// dated is a piece of evidence whose last change in git matters.
type dated struct {
	file string
	set  func(changed time.Time, atLeastAsOld bool)
}

// datedDocuments gives the documents that are judged by their age, beside runbooks and error budget policies.
func (l *loader) datedDocuments() []dated {
	var all []dated
	page := func(p *catalog.Page) {
		if p != nil {
			all = append(all, dated{p.Path, func(changed time.Time, old bool) { p.Changed, p.AtLeastAsOld = changed, old }})
		}
	}
	for _, m := range l.estate.ThreatModels {
		page(m.Page)
		all = append(all, dated{m.At.File, func(changed time.Time, old bool) { m.Changed, m.AtLeastAsOld = changed, old }})
	}
	for _, p := range l.estate.RecoveryPlans {
		page(p.Page)
	}
	for _, p := range l.estate.IncidentProcesses {
		page(p.Page)
	}
	for _, p := range l.estate.Postmortems {
		page(p.Page)
		all = append(all, dated{p.At.File, func(changed time.Time, _ bool) { p.Changed = changed }})
	}
	for _, b := range l.estate.SBOMs {
		all = append(all, dated{b.At.File, func(changed time.Time, old bool) {
			if !old {
				b.Changed = changed
			}
		}})
	}
	return all
}
