// Package load puts an [catalog.Estate] together: it selects the files that can hold evidence, has the readers read
// them, resolves what they refer to, and finds the services that each piece of evidence belongs to.
//
// It answers "whose is it?" and never "is it good enough?". It is the only package that reads the tree; after Load
// nothing of the estate changes.
package load

import (
	"context"
	"errors"
	"slices"
	"time"

	"obsready/catalog"
	"obsready/catalog/dashboards"
	"obsready/catalog/dependencies"
	"obsready/catalog/routes"
	"obsready/catalog/slos"
	"obsready/catalog/tree"
	"obsready/catalog/workflows/otherci"
)

// Load reads the catalog that t holds, and the repositories of its services when the options open them. What cannot be
// read is a gap of the estate; only the tree itself failing, or ctx being cancelled, is an error. The result does not depend on the number of workers.
func Load(ctx context.Context, t *tree.Tree, o Options) (*catalog.Estate, error) {
	l := &loader{tree: t, options: o, paths: map[string]tree.File{}, says: map[string]pathSays{}}
	defer l.closeOpened()
	l.saidBefore = o.Cache.begin(o)
	defer func() { o.Cache.keepPaths(l.says) }()
	l.selectFiles()
	facts, err := l.readAll(ctx, l.structured)
	if err != nil {
		return nil, err
	}
	if facts, err = l.readMapping(ctx, facts); err != nil {
		return nil, err
	}
	l.estate.Revision = l.revision()
	if o.Repositories != nil {
		if facts, err = l.readElsewhere(ctx, facts); err != nil {
			return nil, err
		}
	}
	if facts, err = l.readMixins(ctx, facts); err != nil {
		return nil, err
	}
	l.gather(facts)
	if err := l.joinIncludes(); err != nil {
		return nil, err
	}

	l.index = newIndex(l.estate.Services, l.estate.Teams, o)
	l.index.addSources(l.sources)
	l.resolveOwners()
	l.resolveDeliveries()
	l.resolveLinks()
	l.linkByGlob(catalog.Runbooks)
	pages, err := l.readAll(ctx, l.wantedPages())
	if err != nil {
		return nil, err
	}
	l.gatherPages(pages)
	l.count()
	if err := l.datePages(); err != nil {
		return nil, err
	}
	l.finishLinks()
	l.resolveJourneys()
	l.resolveTests()
	l.linkEvidence()
	l.resolveSources()
	l.linkPractices()
	l.resolvePolicies()
	if err := l.resolveChanges(); err != nil {
		return nil, err
	}
	l.assignGaps()
	l.assignUnread()
	return &l.estate, nil
}

// loader is the state of one Load, from the selected files to the finished estate.
type loader struct {
	tree    *tree.Tree
	options Options
	estate  catalog.Estate

	paths      map[string]tree.File // every file of the tree that is not ignored
	sorted     []string             // their paths, in order
	structured []tree.File          // files that can hold structured evidence
	markdown   []tree.File          // files that can be pages

	mounts             map[string]*mount           // other repositories, by their folder in the tree
	sources            map[*catalog.Service]string // folders of mounts that services name
	opened             []*tree.Tree                // the repositories that were opened
	unreadRepositories []unreadRepository

	says       map[string]pathSays // of every file of the tree
	saidBefore map[string]pathSays // likewise of an earlier load

	byLowerCase map[string]string   // see lowerCase
	byStem      map[stemIn][]string // see sameName

	entities   map[string]bool // "kind:namespace/name" of everything the catalog lists
	pageByPath map[string]*catalog.Page
	gapByPath  map[string]*catalog.Gap // pages that could not be read
	dashByUID  map[string]*catalog.Dashboard
	dashByName map[nameIn]*catalog.Dashboard // by uid, title and path in its repository

	index  *index
	linked linkSets
}

// gather collects the facts of all files in the order of their paths.
func (l *loader) gather(all []catalog.Facts) {
	var f catalog.Facts
	for i := range all {
		f.Add(all[i])
	}
	e := &l.estate
	e.Revision = l.revision()
	e.Files = l.sorted
	e.Alerts, e.Recordings, e.RuleTests = f.Alerts, f.Recordings, f.RuleTests
	e.Dashboards, e.Collectors = f.Dashboards, f.Collectors
	e.Targets, e.Workloads, e.CodeOwners = f.Targets, f.Workloads, f.CodeOwners
	e.Workflows, e.Manifests, e.UpdateConfigs = f.Workflows, f.Manifests, f.UpdateConfigs
	e.SBOMs, e.ImageBuilds, e.ThreatModels, e.ToilLogs = f.SBOMs, f.ImageBuilds, f.ThreatModels, f.ToilLogs
	e.SecurityPolicies, e.RecoveryPlans, e.Exercises = f.SecurityPolicies, f.RecoveryPlans, f.Exercises
	e.BranchProtections, e.Attestations, e.Secrets = f.BranchProtections, f.Attestations, f.Secrets
	e.Routers = routes.JoinContactPoints(f.Routers)
	e.Gaps = slices.Concat(e.Gaps, l.treeGaps(), f.Gaps)
	for _, part := range l.byRepository(all) {
		resolved, gaps := slos.Resolve(part.SLOs, part.Indicators, part.AlertPolicies)
		e.SLOs = append(e.SLOs, resolved...)
		e.Gaps = append(e.Gaps, gaps...)
		dependencies.Resolve(part.Manifests)
		otherci.Resolve(part.Workflows)
		dashboards.ResolveLibraries(part.Dashboards, part.Libraries)
	}
	if len(l.mounts) > 0 {
		sortByPlace(e.SLOs, func(o *catalog.SLO) catalog.Place { return o.At })
	}
	l.indexDashboards()
	l.gatherEntries(f)
}

// byRepository gives the facts of each repository: what refers to something else by name means the same repository's.
func (l *loader) byRepository(all []catalog.Facts) []*catalog.Facts {
	own := &catalog.Facts{}
	parts := []*catalog.Facts{own}
	byRoot := map[string]*catalog.Facts{"": own}
	for i := range all {
		root := l.rootOf(l.structured[i].Path)
		if byRoot[root] == nil {
			byRoot[root] = &catalog.Facts{}
			parts = append(parts, byRoot[root])
		}
		byRoot[root].Add(all[i])
	}
	return parts
}

func (l *loader) revision() catalog.Revision {
	r := l.tree.Revision()
	if l.options.Web != "" {
		r.Web, r.Permalink = l.options.Web, tree.PermalinkFor(l.options.Web)
	}
	if l.options.Permalink != "" {
		r.Permalink = catalog.Permalink(l.options.Permalink)
	}
	return r
}

// gatherPages collects the pages that were read in the second pass.
func (l *loader) gatherPages(all []catalog.Facts) {
	l.pageByPath = map[string]*catalog.Page{}
	l.gapByPath = map[string]*catalog.Gap{}
	for i := range all {
		l.estate.Policies = append(l.estate.Policies, all[i].Policies...)
		l.gatherDocuments(&all[i])
		for _, p := range all[i].Pages {
			if l.isRunbook(p.Path) { // else it was read for its policy
				l.estate.Pages = append(l.estate.Pages, p)
				l.pageByPath[p.Path] = p
			}
		}
		for j := range all[i].Gaps {
			g := &all[i].Gaps[j]
			l.estate.Gaps = append(l.estate.Gaps, *g)
			if len(all[i].Pages) == 0 {
				l.gapByPath[g.At.File] = g
			}
		}
	}
	l.sortDocuments()
}

// datePages gives every page and document the time of its last change, from one walk over the history.
func (l *loader) datePages() error {
	all := l.datedDocuments()
	page := func(p *catalog.Page) {
		all = append(all, dated{p.Path, func(changed time.Time, old bool) { p.Changed, p.AtLeastAsOld = changed, old }})
	}
	for _, p := range l.estate.Pages {
		page(p)
	}
	for _, p := range l.estate.Policies {
		page(p.Page)
	}
	if len(all) == 0 {
		return nil
	}
	paths := make([]string, len(all))
	for i, d := range all {
		paths[i] = d.file
	}
	changed, err := l.tree.LastChanged(paths, l.options.HistorySince)
	if err = l.damagedHistory(err); err != nil {
		return err
	}
	begun := l.beginnings()
	for _, d := range all {
		if when, ok := changed[d.file]; ok {
			d.set(when, false)
		} else if since := begun(d.file); !since.IsZero() {
			d.set(since, true)
		}
	}
	return nil
}

// damagedHistory takes the error of a walk over all histories. That of another repository may be damaged, and then
// nothing is known of the age of its files.
func (l *loader) damagedHistory(err error) error {
	var damaged *tree.HistoryError
	if !errors.As(err, &damaged) {
		return err
	}
	for _, folder := range damaged.Folders {
		l.mounts[folder].damaged = true
	}
	return nil
}

// beginnings gives a function that tells since when a file is unchanged at least, when the walk over the history did not
// find its last change. The time is zero when nothing is known.
func (l *loader) beginnings() func(file string) time.Time {
	known := map[*mount]time.Time{nil: l.options.HistorySince}
	if l.estate.Revision.Shallow {
		known[nil] = time.Time{}
	}
	return func(file string) time.Time {
		m := l.mountOf(file)
		since, ok := known[m]
		if !ok {
			since = m.begun(l.options.HistorySince)
			known[m] = since
		}
		return since
	}
}

// count fills in how much was looked at.
func (l *loader) count() {
	e := &l.estate
	e.Counts.Kinds = map[catalog.Kind]int{
		catalog.Services: len(e.Services), catalog.Teams: len(e.Teams), catalog.Journeys: len(e.Journeys),
		catalog.Alerts: len(e.Alerts), catalog.Recordings: len(e.Recordings), catalog.RuleTests: len(e.RuleTests),
		catalog.Dashboards: len(e.Dashboards), catalog.Runbooks: len(e.Pages), catalog.SLOs: len(e.SLOs),
		catalog.Collectors: len(e.Collectors), catalog.Targets: len(e.Targets), catalog.Workloads: len(e.Workloads),
		catalog.Owners: len(e.CodeOwners), catalog.Routes: len(e.Routers), catalog.Policies: len(e.Policies),
		catalog.ThreatModels: len(e.ThreatModels), catalog.Workflows: len(e.Workflows), catalog.Manifests: len(e.Manifests),
		catalog.UpdateConfigs: len(e.UpdateConfigs), catalog.SBOMs: len(e.SBOMs), catalog.ImageBuilds: len(e.ImageBuilds),
		catalog.SecurityPolicies: len(e.SecurityPolicies), catalog.RecoveryPlans: len(e.RecoveryPlans), catalog.Exercises: len(e.Exercises),
		catalog.IncidentProcesses: len(e.IncidentProcesses), catalog.Postmortems: len(e.Postmortems), catalog.ToilLogs: len(e.ToilLogs),
		catalog.BranchProtections: len(e.BranchProtections), catalog.Attestations: len(e.Attestations), catalog.Secrets: len(e.Secrets),
	}
}
