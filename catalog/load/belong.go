package load

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// owned is what a threat model, a postmortem, a workflow and their like say about whom they belong to.
type owned struct {
	kind     catalog.Kind
	name     string
	at       catalog.Place
	named    []*catalog.Service // that name it, beside globs
	services []catalog.Text     // that it says it is about
	around   []*catalog.Service // whose evidence it stands in
	teams    []catalog.Text     // whose it says it is
	problem  string             // see catalog.Orphan

	settings func(s *catalog.Service) bool // of the settings of a repository: whether they hold for a service of it
	estate   bool                          // one that belongs to nobody holds for all services
}

// belonging is a service that a document belongs to, with the reason.
type belonging struct {
	service *catalog.Service
	by      catalog.Link
}

// belongings are the services that a document belongs to, each once, by the first reason.
type belongings struct {
	all  []belonging
	seen map[*catalog.Service]bool
}

func (b *belongings) add(s *catalog.Service, rung catalog.Rung, detail string) {
	if b.seen[s] {
		return
	}
	if b.seen == nil {
		b.seen = map[*catalog.Service]bool{}
	}
	b.seen[s] = true
	b.all = append(b.all, belonging{s, catalog.Link{Rung: rung, Detail: detail}})
}

// holders gives the services that a document belongs to, by the first of these that there are:
//
//   - those that name it in their entry, those in whose folder or among whose code it stands, and those that it says it
//     is about;
//   - the only service, when its entry stands at the root;
//   - those of the teams that it names, else of the one in whose folder it stands;
//   - for settings of a repository those whose code is in that repository;
//   - all services, for a document that holds for the whole estate.
//
// What stands in another repository belongs to those that name it, and to services whose repository that is only.
func (l *loader) holders(d owned) []belonging {
	return slices.DeleteFunc(l.candidates(d), func(b belonging) bool {
		return b.by.Rung != catalog.ByName && !l.mayBeAbout(d.at.File, b.service)
	})
}

func (l *loader) candidates(d owned) []belonging {
	var found belongings
	for _, g := range l.linkByGlob(d.kind)[d.at.File] {
		found.add(g.service, catalog.ByName, "glob "+quote(g.glob))
	}
	for _, s := range d.named {
		found.add(s, catalog.ByName, "")
	}
	services, dir := l.index.home(d.at.File)
	for _, s := range services {
		if !l.isDead(d.kind, d.at.File, s) {
			found.add(s, catalog.ByFolder, dir)
		}
	}
	for _, t := range d.services {
		for _, s := range l.index.byName[strings.ToLower(strings.TrimSpace(t.Value))] {
			found.add(s, catalog.ByMention, quote(t.Value))
		}
	}
	for _, s := range d.around {
		found.add(s, catalog.ByMention, "it stands in evidence of the service")
	}
	if s := l.index.whole; len(found.all) == 0 && s != nil && !l.isDead(d.kind, d.at.File, s) {
		found.add(s, catalog.ByFolder, "")
	}
	if len(found.all) > 0 {
		return found.all
	}
	switch teams := l.teamsOf(d); {
	case len(teams) > 0:
		for _, t := range teams {
			for _, s := range l.ownedBy(t.team) {
				found.add(s, catalog.ByTeam, t.why)
			}
		}
	case d.settings != nil:
		root := l.repositoryFolder(d.at.File)
		for _, s := range l.estate.Services {
			same := l.rootOf(s.Source.Folder) == l.rootOf(d.at.File)
			if s.Source.State == catalog.SourceHere && same && within(s.Source.Folder, root) && d.settings(s) && !l.isDead(d.kind, d.at.File, s) {
				found.add(s, catalog.ByRepository, root)
			}
		}
	case d.estate:
		for _, s := range l.estate.Services {
			found.add(s, catalog.ByEstate, "")
		}
	}
	return found.all
}

// isDead reports whether a file of settings below a service's folder does nothing for it: GitHub, Dependabot and Renovate
// read only those at the root of a repository. A folder of the catalog may be the copy of another repository: when its
// service states one, or when the catalog has no settings of its own.
// Source: GitHub docs, "Workflow syntax": workflow files are stored in .github/workflows at the root.
func (l *loader) isDead(kind catalog.Kind, file string, s *catalog.Service) bool {
	root := l.rootOf(file)
	if l.repositoryFolder(file) == root {
		return false
	}
	switch kind {
	case catalog.Workflows, catalog.BranchProtections:
		if !strings.Contains(file, "/.github/") {
			return false // others are started from wherever they stand
		}
	case catalog.SecurityPolicies:
		return s == l.index.whole
	case catalog.UpdateConfigs:
	default:
		return false
	}
	if s == l.index.whole || root != "" {
		return true
	}
	_, same := l.inRepository(s.Repository.Value)
	return l.estate.HasFile(".github") && (same || s.Repository.Value == "")
}

// passedOver reports whether a document would be some service's if it were not dead.
func (l *loader) passedOver(d owned) bool {
	services, _ := l.index.home(d.at.File)
	if l.index.whole != nil {
		services = append(slices.Clip(services), l.index.whole)
	}
	return slices.ContainsFunc(services, func(s *catalog.Service) bool { return l.isDead(d.kind, d.at.File, s) })
}

// teamReason is a team that a document belongs to, with the reason.
type teamReason struct {
	team *catalog.Team
	why  string
}

func (l *loader) teamsOf(d owned) []teamReason {
	var found []teamReason
	for _, ref := range d.teams {
		if t := l.index.team(ref.Value); t != nil {
			found = append(found, teamReason{t, "team " + quote(ref.Value)})
		}
	}
	if t := l.index.teamFolder(d.at.File); t != nil && len(found) == 0 {
		found = append(found, teamReason{t, "below " + t.Folder})
	}
	return found
}

// ownedBy gives the services of some teams.
func (l *loader) ownedBy(teams ...*catalog.Team) []*catalog.Service {
	if len(teams) == 0 {
		return nil
	}
	var all []*catalog.Service
	for _, s := range l.estate.Services {
		if s.Owner.Team != nil && slices.Contains(teams, s.Owner.Team) {
			all = append(all, s)
		}
	}
	return all
}

// belong links documents to the services that they belong to, and lists those of nobody.
func belong[T any](l *loader, items []*T, about func(*T) owned, list func(*catalog.Service) *[]catalog.Linked[T]) {
	for _, item := range items {
		d := about(item)
		found := l.holders(d)
		for _, b := range found {
			into := list(b.service)
			*into = append(*into, catalog.Linked[T]{Item: item, By: b.by})
		}
		if len(found) == 0 && l.mountOf(d.at.File) == nil {
			if l.passedOver(d) {
				d.problem = "the code host reads this only at the root of the repository, and never here"
			}
			l.estate.Orphans = append(l.estate.Orphans, catalog.Orphan{Kind: d.kind, Name: d.name, At: d.at, Problem: d.problem})
		}
	}
}
