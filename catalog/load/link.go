package load

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
)

// linkSets is what was linked before the whole evidence is at hand.
type linkSets struct {
	pages    map[string]bool                          // Markdown files that something names or links to
	policies map[string]bool                          // Markdown files that something names as its error budget policy
	globs    map[catalog.Kind]map[string][]linkedGlob // files that a service's entry names, by kind and path

	dashboards map[*catalog.Dashboard][]match // that services and journeys name

	documents map[string]bool               // pages that entries name as documents that show a practice, …
	plans     map[string][]*catalog.Service // … those of them that are recovery plans, with whose they are, …
	processes map[string][]*catalog.Team    // … and those that are incident processes

	manifests []string // folders with a dependency manifest, in order
}

type linkedGlob struct {
	service *catalog.Service
	glob    string
}

// linkByGlob finds the files that services name as their evidence of one kind.
func (l *loader) linkByGlob(kind catalog.Kind) map[string][]linkedGlob {
	if found, ok := l.linked.globs[kind]; ok {
		return found
	}
	found := map[string][]linkedGlob{}
	for _, s := range l.estate.Services {
		for _, g := range s.Wanted.Globs[kind] {
			for _, p := range l.match(rooted(s, g.Value)) {
				found[p] = append(found[p], linkedGlob{s, g.Value})
				if kind == catalog.Runbooks {
					l.wantPage(p)
				}
			}
		}
	}
	if l.linked.globs == nil {
		l.linked.globs = map[catalog.Kind]map[string][]linkedGlob{}
	}
	l.linked.globs[kind] = found
	return found
}

func (l *loader) wantPage(p string) {
	if l.linked.pages == nil {
		l.linked.pages = map[string]bool{}
	}
	l.linked.pages[p] = true
}

// rooted gives a service's glob as a path from the root: relative to its entry, or from the root with a leading slash.
func rooted(s *catalog.Service, glob string) string {
	if strings.HasPrefix(glob, "/") {
		return strings.TrimPrefix(path.Clean(glob), "/")
	}
	return path.Join(path.Dir(s.At.File), glob)
}

// match gives the paths that a glob from the root matches. Only those that share its literal beginning are looked at, and
// another repository only when the glob names its folder.
func (l *loader) match(glob string) []string {
	prefix := glob[:len(glob)-len(strings.TrimLeftFunc(glob, func(r rune) bool { return !strings.ContainsRune("*?[{\\", r) }))]
	var found []string
	for i := sort.SearchStrings(l.sorted, prefix); i < len(l.sorted) && strings.HasPrefix(l.sorted[i], prefix); i++ {
		root := l.rootOf(l.sorted[i])
		if (root == "" || strings.HasPrefix(glob, root+"/")) && doublestar.MatchUnvalidated(glob, l.sorted[i]) {
			found = append(found, l.sorted[i])
		}
	}
	return found
}

// clue is what a piece of evidence says about the service it belongs to.
type clue struct {
	kind    catalog.Kind
	name    string
	at      catalog.Place
	program string // that gives it: it stands there as well
	labels  []catalog.Label
	own     string // a name of its own that may be the service's
	queries []catalog.Query
	service catalog.Text // an SLO's service field
	by      []match      // found otherwise, with its rung
	byRung  catalog.Rung
	sure    bool   // by holds whatever else the evidence says
	problem string // see catalog.Orphan
}

// find climbs the ladder and gives the services of the first rung that holds, each once, in ID order. What stands in
// another repository is about the services that name it, or that name or link to the evidence itself.
func (l *loader) find(c clue) (found []match, rung catalog.Rung) {
	found, rung = l.climb(c)
	if rung == catalog.ByName || rung == catalog.ByRunbook {
		return found, rung
	}
	return slices.DeleteFunc(found, func(m match) bool { return !l.mayBeAbout(c.at.File, m.service) }), rung
}

func (l *loader) climb(c clue) (found []match, rung catalog.Rung) {
	files := []string{c.at.File, c.program}
	for _, file := range files {
		for _, g := range l.linkByGlob(c.kind)[file] {
			found = append(found, match{g.service, "glob " + quote(g.glob)})
		}
	}
	if len(found) > 0 {
		return unique(found), catalog.ByName
	}
	if (c.sure || c.byRung == catalog.ByName) && len(c.by) > 0 {
		return unique(c.by), c.byRung
	}
	for _, file := range files {
		if services, dir := l.index.folder(file); services != nil {
			return all(services, dir), catalog.ByFolder
		}
	}
	if services, why := l.index.label(c.labels); services != nil {
		return all(services, why), catalog.ByLabel
	}
	if services := l.index.byName[strings.ToLower(c.own)]; c.own != "" && services != nil {
		return all(services, "name "+quote(c.own)), catalog.ByLabel
	}
	if found := l.index.matchers(c.queries...); len(found) > 0 {
		rung = catalog.ByMatcher
		if c.kind == catalog.Dashboards {
			rung = catalog.ByTag
		}
		return unique(found), rung
	}
	if services := l.index.byName[strings.ToLower(c.service.Value)]; services != nil {
		return all(services, "service "+quote(c.service.Value)), catalog.BySLO
	}
	return unique(c.by), c.byRung
}

func all(services []*catalog.Service, why string) []match {
	var found []match
	for _, s := range services {
		found = append(found, match{s, why})
	}
	return unique(found)
}

// unique gives the first match of each service, in ID order.
func unique(found []match) []match {
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b match) int { return strings.Compare(a.service.ID, b.service.ID) })
	return slices.CompactFunc(found, func(a, b match) bool { return a.service == b.service })
}

// link adds a piece of evidence to the services that the clue leads to, or to the orphans.
func link[T any](l *loader, item *T, c clue, list func(*catalog.Service) *[]catalog.Linked[T]) {
	found, rung := l.find(c)
	for _, m := range found {
		into := list(m.service)
		*into = append(*into, catalog.Linked[T]{Item: item, By: catalog.Link{Rung: rung, Detail: m.why}})
	}
	if len(found) == 0 && l.mountOf(c.at.File) == nil {
		l.estate.Orphans = append(l.estate.Orphans, catalog.Orphan{Kind: c.kind, Name: c.name, At: c.at, Problem: c.problem})
	}
}

// linkEvidence finds the services of every piece of evidence.
func (l *loader) linkEvidence() {
	e := &l.estate
	for _, o := range e.SLOs {
		link(l, o, l.sloClue(o), func(s *catalog.Service) *[]catalog.Linked[catalog.SLO] { return &s.SLOs })
	}
	bySLO := l.servicesBySLO()
	for _, a := range e.Alerts {
		c := clue{kind: catalog.Alerts, name: a.Name.Value, at: a.At, program: a.Program, labels: slices.Concat(a.Labels, a.Resource), queries: []catalog.Query{a.Expr}}
		if c.by, c.byRung = l.selectedAlert(a), catalog.ByName; len(c.by) == 0 {
			c.by, c.byRung = sloOf(a, bySLO), catalog.BySLO
		}
		if leadsNowhere(a.Runbook.State) {
			c.problem = "its runbook link leads nowhere: " + a.Runbook.Detail
		}
		link(l, a, c, func(s *catalog.Service) *[]catalog.Linked[catalog.AlertRule] { return &s.Alerts })
	}
	for _, r := range e.Recordings {
		c := clue{kind: catalog.Recordings, name: r.Name.Value, at: r.At, program: r.Program, labels: r.Labels, queries: []catalog.Query{r.Expr}}
		link(l, r, c, func(s *catalog.Service) *[]catalog.Linked[catalog.RecordingRule] { return &s.Recordings })
	}
	for _, d := range e.Dashboards {
		link(l, d, l.dashboardClue(d), func(s *catalog.Service) *[]catalog.Linked[catalog.Dashboard] { return &s.Dashboards })
	}
	for _, t := range e.Targets {
		c := clue{kind: catalog.Targets, name: t.Name.Value, at: t.At, labels: slices.Concat(t.Selector, t.Labels), own: cmp.Or(t.Job.Value, t.Name.Value)}
		link(l, t, c, func(s *catalog.Service) *[]catalog.Linked[catalog.ScrapeTarget] { return &s.Targets })
	}
	for _, w := range e.Workloads {
		c := clue{kind: catalog.Workloads, name: w.Name.Value, at: w.At, labels: slices.Concat(otelName(w), w.Labels), own: w.Name.Value}
		link(l, w, c, func(s *catalog.Service) *[]catalog.Linked[catalog.Workload] { return &s.Workloads })
	}
	l.linkPages()
	l.linkCollectors()
}

// sloClue gathers what an SLO says. One that nothing else places belongs to the services of the journeys that name it. A
// native one says whose it is, or stands in the entry of its service.
func (l *loader) sloClue(o *catalog.SLO) clue {
	c := clue{kind: catalog.SLOs, name: o.Name.Value, at: o.At, labels: o.Labels, queries: o.Indicator.Queries(), service: o.Service, byRung: catalog.BySLO}
	if o.Format == "native" && o.Service.Value != "" {
		c.by = all(l.index.byName[strings.ToLower(o.Service.Value)], "service "+quote(o.Service.Value))
		if c.sure = len(c.by) > 0; c.sure {
			return c
		}
	}
	for _, j := range l.estate.Journeys {
		if slices.Contains(j.SLOs, o) {
			for _, s := range j.Services {
				c.by = append(c.by, match{s, "journey " + quote(j.Name.Value)})
			}
		}
	}
	return c
}

// servicesBySLO gives the services of each SLO's name.
func (l *loader) servicesBySLO() map[string][]match {
	found := map[string][]match{}
	for _, s := range l.estate.Services {
		for _, o := range s.SLOs {
			found[o.Item.Name.Value] = append(found[o.Item.Name.Value], match{s, "SLO " + quote(o.Item.Name.Value)})
		}
	}
	return found
}

// sloOf gives the services of the SLO that an alert's labels name, as the rules do that Sloth and Pyrra generate.
func sloOf(a *catalog.AlertRule, bySLO map[string][]match) []match {
	for _, key := range []string{"slo", "sloth_slo", "slo_name"} {
		if label, ok := a.Label(key); ok {
			return bySLO[label.Value]
		}
	}
	return nil
}

// leadsNowhere reports whether a link is known to be broken.
func leadsNowhere(s catalog.LinkState) bool {
	return s == catalog.NoSuchFile || s == catalog.NoSuchAnchor || s == catalog.Malformed
}

// otelName gives the service.name that a workload's environment sets, as a label that names the service.
func otelName(w *catalog.Workload) []catalog.Label {
	if l, ok := catalog.FindLabel(w.Env, "OTEL_SERVICE_NAME"); ok && l.Value != "" {
		return []catalog.Label{{Key: "service", Value: l.Value, At: l.At}}
	}
	return nil
}

// selectedAlert gives the services whose alert label selector (Backstage: grafana/alert-label-selector) holds for the
// alert.
func (l *loader) selectedAlert(a *catalog.AlertRule) []match {
	var found []match
	for _, label := range append(slices.Clone(a.Labels), catalog.Label{Key: "alertname", Value: a.Name.Value}) {
		for _, s := range l.index.bySelect[label.Key+"="+label.Value] {
			for _, t := range s.Wanted.AlertLabelSelector {
				if selects(t.Value, a) {
					found = append(found, match{s, "alert label selector " + quote(t.Value)})
				}
			}
		}
	}
	return found
}

func selects(selector string, a *catalog.AlertRule) bool {
	for term := range strings.SplitSeq(selector, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(term), "=")
		label, has := a.Label(key)
		if key == "alertname" {
			label, has = catalog.Label{Value: a.Name.Value}, true
		}
		if !ok || !has || label.Value != strings.Trim(value, `"`) {
			return false
		}
	}
	return true
}

// dashboardClue gathers what a dashboard says: named by a service or journey, tags, queries.
func (l *loader) dashboardClue(d *catalog.Dashboard) clue {
	c := clue{kind: catalog.Dashboards, name: d.Title.Value, at: d.At, program: d.Program, byRung: catalog.ByTag}
	if named := l.namedDashboards()[d]; named != nil {
		c.by, c.byRung = named, catalog.ByName
	} else {
		for _, t := range d.Tags {
			tag := strings.ToLower(t.Value)
			for _, key := range []string{tag, strings.TrimPrefix(tag, "service:")} {
				for _, s := range slices.Concat(l.index.byTag[key], l.index.byName[key]) {
					c.by = append(c.by, match{s, "tag " + quote(t.Value)})
				}
			}
		}
	}
	if c.byRung == catalog.ByTag && len(c.by) > 0 {
		return c // a tag says it; what else is in the queries does not matter
	}
	for _, p := range d.Panels {
		c.queries = append(c.queries, p.Queries...)
	}
	return c
}

// linkPages links runbooks: named, below the service's folder, or linked from an alert of the service.
func (l *loader) linkPages() {
	byAlert := map[*catalog.Page][]match{}
	for _, s := range l.estate.Services {
		for _, a := range s.Alerts {
			if p := a.Item.Runbook.Page; p != nil {
				byAlert[p] = append(byAlert[p], match{s, "alert " + quote(a.Item.Name.Value)})
			}
		}
	}
	named := l.namedPages()
	for _, p := range l.estate.Pages {
		c := clue{kind: catalog.Runbooks, name: p.Title.Value, at: p.At, by: byAlert[p], byRung: catalog.ByRunbook}
		if named[p] != nil {
			c.by, c.byRung = named[p], catalog.ByName
		}
		link(l, p, c, func(s *catalog.Service) *[]catalog.Linked[catalog.Page] { return &s.Runbooks })
		if _, rung := l.find(c); rung != catalog.ByRunbook { // an alert's page counts for the alert's service too
			l.alsoByAlert(p, byAlert[p])
		}
	}
}

func (l *loader) alsoByAlert(p *catalog.Page, by []match) {
	for _, m := range unique(by) {
		if !slices.ContainsFunc(m.service.Runbooks, func(r catalog.Linked[catalog.Page]) bool { return r.Item == p }) {
			m.service.Runbooks = append(m.service.Runbooks, catalog.Linked[catalog.Page]{Item: p, By: catalog.Link{Rung: catalog.ByRunbook, Detail: m.why}})
		}
	}
}

// linkCollectors links each collector to the services whose signals its pipelines carry: those in whose folder it
// stands, else all that send OpenTelemetry data: they declare a service.name or a workload of theirs sets OTEL_
// variables.
func (l *loader) linkCollectors() {
	var senders []match
	for _, s := range l.estate.Services {
		if s.Signals.Traces.Value != "" {
			senders = append(senders, match{s, "service.name " + quote(s.Signals.Traces.Value)})
		} else if w := sender(s); w != nil {
			senders = append(senders, match{s, "OTEL_ variables of " + quote(w.Name.Value)})
		}
	}
	for _, k := range l.estate.Collectors {
		c := clue{kind: catalog.Collectors, name: k.Name.Value, at: k.At}
		if receivesOTLP(k) {
			c.by, c.byRung = senders, catalog.ByPipeline
		}
		link(l, k, c, func(s *catalog.Service) *[]catalog.Linked[catalog.Collector] { return &s.Collectors })
		if _, rung := l.find(c); rung == catalog.ByFolder && receivesOTLP(k) {
			l.alsoBySenders(k, senders)
		}
	}
}

// alsoBySenders links a collector that is a service of its own to all that send to it.
func (l *loader) alsoBySenders(k *catalog.Collector, senders []match) {
	for _, m := range senders {
		if l.mayBeAbout(k.At.File, m.service) && !slices.ContainsFunc(m.service.Collectors, func(c catalog.Linked[catalog.Collector]) bool { return c.Item == k }) {
			m.service.Collectors = append(m.service.Collectors, catalog.Linked[catalog.Collector]{Item: k, By: catalog.Link{Rung: catalog.ByPipeline, Detail: m.why}})
		}
	}
}

// sdkVariables begin the names of the variables that configure an OpenTelemetry SDK. Others, such as the address of a
// collector that a proxy forwards to, do not say that the workload itself sends.
// Source: OpenTelemetry specification, "Environment Variable Specification".
var sdkVariables = []string{"OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_", "OTEL_TRACES_", "OTEL_METRICS_", "OTEL_LOGS_", "OTEL_PROPAGATORS", "OTEL_BSP_"}

func sender(s *catalog.Service) *catalog.Workload {
	for _, w := range s.Workloads {
		for _, env := range w.Item.Env {
			if slices.ContainsFunc(sdkVariables, func(name string) bool { return strings.HasPrefix(env.Key, name) }) {
				return w.Item
			}
		}
	}
	return nil
}

func receivesOTLP(k *catalog.Collector) bool {
	for _, p := range k.Pipelines {
		for _, r := range p.Receivers {
			if r.Value == "otlp" || strings.HasPrefix(r.Value, "otlp/") {
				return true
			}
		}
	}
	return false
}
