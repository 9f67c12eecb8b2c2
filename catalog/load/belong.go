package load

import (
	"path"
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
	team     catalog.Text       // whose it says it is
	problem  string             // see catalog.Orphan

	settings func(s *catalog.Service) bool // of the settings of a repository: whether they hold for a service of it
	estate   bool                          // one that belongs to nobody holds for all services
}

// belonging is a service that a document belongs to, with the reason.
type belonging struct {
	service *catalog.Service
	by      catalog.Link
}

// holders gives the services that a document belongs to, by the first of these that there are:
//
//   - those that name it in their entry, those whose folder it stands in, and those that it says it is about;
//   - the only service, when its entry stands at the root;
//   - those of the team that it names, or in whose folder it stands;
//   - for settings of a repository those whose code is in that repository;
//   - all services, for a document that holds for the whole estate.
func (l *loader) holders(d owned) []belonging {
	var found []belonging
	add := func(s *catalog.Service, rung catalog.Rung, detail string) {
		if !slices.ContainsFunc(found, func(b belonging) bool { return b.service == s }) {
			found = append(found, belonging{s, catalog.Link{Rung: rung, Detail: detail}})
		}
	}
	for _, g := range l.linkByGlob(d.kind)[d.at.File] {
		add(g.service, catalog.ByName, "glob "+quote(g.glob))
	}
	for _, s := range d.named {
		add(s, catalog.ByName, "")
	}
	if services, dir := l.index.folder(d.at.File); services != nil {
		for _, s := range services {
			add(s, catalog.ByFolder, dir)
		}
	}
	for _, t := range d.services {
		for _, s := range l.index.byName[strings.ToLower(strings.TrimSpace(t.Value))] {
			add(s, catalog.ByMention, quote(t.Value))
		}
	}
	if len(found) == 0 && l.index.whole != nil {
		add(l.index.whole, catalog.ByFolder, "")
	}
	if len(found) > 0 {
		return found
	}
	if team, why := l.teamOf(d); team != nil {
		for _, s := range l.estate.Services {
			if s.Owner.Team == team {
				add(s, catalog.ByTeam, why)
			}
		}
		return found
	}
	if d.settings != nil {
		root := repositoryFolder(d.at.File)
		for _, s := range l.estate.Services {
			if s.Source.State == catalog.SourceHere && within(s.Source.Folder, root) && d.settings(s) {
				add(s, catalog.ByRepository, root)
			}
		}
		return found
	}
	if d.estate {
		for _, s := range l.estate.Services {
			add(s, catalog.ByEstate, "")
		}
	}
	return found
}

// teamOf gives the team that a document belongs to.
func (l *loader) teamOf(d owned) (*catalog.Team, string) {
	if d.team.Value != "" {
		for _, t := range l.estate.Teams {
			if strings.EqualFold(t.ID, d.team.Value) || strings.EqualFold(t.Name.Value, d.team.Value) {
				return t, "team " + quote(d.team.Value)
			}
		}
	}
	if t := l.index.teamFolder(d.at.File); t != nil {
		return t, "below " + t.Folder
	}
	return nil, ""
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
		if len(found) == 0 {
			l.estate.Orphans = append(l.estate.Orphans, catalog.Orphan{Kind: d.kind, Name: d.name, At: d.at, Problem: d.problem})
		}
	}
}

// always holds for every service of the repository.
func always(*catalog.Service) bool { return true }

// linkPractices links what shows the practices beside telemetry. It needs to know where the code of services is.
func (l *loader) linkPractices() {
	e := &l.estate
	belong(l, e.ThreatModels, func(m *catalog.ThreatModel) owned {
		return owned{kind: catalog.ThreatModels, name: m.Title.Value, at: m.At, services: m.Services}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.ThreatModel] { return &s.ThreatModels })
	belong(l, e.Workflows, func(w *catalog.Workflow) owned {
		root := repositoryFolder(w.At.File)
		return owned{kind: catalog.Workflows, name: w.Name.Value, at: w.At,
			settings: func(s *catalog.Service) bool { return l.startsFor(w, root, s.Source.Folder) }}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Workflow] { return &s.Workflows })
	belong(l, e.UpdateConfigs, func(c *catalog.UpdateConfig) owned {
		return owned{kind: catalog.UpdateConfigs, name: c.Tool, at: c.At, settings: always}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.UpdateConfig] { return &s.UpdateConfigs })
	belong(l, e.SecurityPolicies, func(p *catalog.SecurityPolicy) owned {
		return owned{kind: catalog.SecurityPolicies, name: path.Base(p.At.File), at: p.At, settings: always}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.SecurityPolicy] { return &s.SecurityPolicies })
	belong(l, e.BranchProtections, func(b *catalog.BranchProtection) owned {
		return owned{kind: catalog.BranchProtections, name: b.Branch.Value, at: b.At, settings: always}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.BranchProtection] { return &s.BranchProtections })
	l.linkSupply()
	belong(l, e.RecoveryPlans, func(p *catalog.RecoveryPlan) owned {
		return owned{kind: catalog.RecoveryPlans, name: p.Title.Value, at: p.At, services: p.Services, named: l.linked.plans[p.At.File]}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.RecoveryPlan] { return &s.RecoveryPlans })
	belong(l, e.Exercises, func(x *catalog.Exercise) owned {
		return owned{kind: catalog.Exercises, name: x.Name.Value, at: x.At, services: x.Services}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Exercise] { return &s.Exercises })
	belong(l, e.IncidentProcesses, func(p *catalog.IncidentProcess) owned {
		return owned{kind: catalog.IncidentProcesses, name: p.Title.Value, at: p.At, named: l.ownedBy(l.linked.processes[p.At.File]), estate: true}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.IncidentProcess] { return &s.IncidentProcesses })
	belong(l, e.Postmortems, func(p *catalog.Postmortem) owned {
		return owned{kind: catalog.Postmortems, name: p.Title.Value, at: p.At, services: p.Services}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Postmortem] { return &s.Postmortems })
	belong(l, e.ToilLogs, func(t *catalog.ToilLog) owned {
		return owned{kind: catalog.ToilLogs, name: path.Base(t.At.File), at: t.At, services: textsOf(t.Service), team: t.Team}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.ToilLog] { return &s.ToilLogs })
	l.linkSecrets()
	l.linkAttestations()
}

// folderOf gives the folder of a file, "" at the root.
func folderOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// ownedBy gives the services of some teams.
func (l *loader) ownedBy(teams []*catalog.Team) []*catalog.Service {
	var all []*catalog.Service
	for _, s := range l.estate.Services {
		if s.Owner.Team != nil && slices.Contains(teams, s.Owner.Team) {
			all = append(all, s)
		}
	}
	return all
}

func textsOf(t catalog.Text) []catalog.Text {
	if t.Value == "" {
		return nil
	}
	return []catalog.Text{t}
}

// linkSupply links what the code of services is made of: what stands below their folder, else what stands in the nearest
// folder above it.
func (l *loader) linkSupply() {
	e := &l.estate
	has := map[string]bool{} // folders with a manifest of their own
	for _, m := range e.Manifests {
		has[folderOf(m.At.File)] = true
	}
	nearest := func(s *catalog.Service, root string) bool {
		for dir := s.Source.Folder; dir != root; dir = folderOf(dir) {
			if has[dir] || dir == "" {
				return false
			}
		}
		return true
	}
	belong(l, e.Manifests, func(m *catalog.Manifest) owned {
		root := folderOf(m.At.File)
		return owned{kind: catalog.Manifests, name: path.Base(m.At.File), at: m.At, settings: func(s *catalog.Service) bool { return nearest(s, root) }}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Manifest] { return &s.Manifests })
	belong(l, e.ImageBuilds, func(i *catalog.ImageBuild) owned {
		return owned{kind: catalog.ImageBuilds, name: path.Base(i.At.File), at: i.At, settings: func(s *catalog.Service) bool { return s.Source.Folder == folderOf(i.At.File) }}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.ImageBuild] { return &s.ImageBuilds })
	belong(l, e.SBOMs, func(b *catalog.SBOM) owned {
		return owned{kind: catalog.SBOMs, name: path.Base(b.At.File), at: b.At, services: textsOf(b.Subject)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.SBOM] { return &s.SBOMs })
}

// linkSecrets links credentials to the services whose evidence they stand in.
func (l *loader) linkSecrets() {
	if len(l.estate.Secrets) == 0 {
		return
	}
	evidence := l.servicesByFile()
	belong(l, l.estate.Secrets, func(x *catalog.Secret) owned {
		d := owned{kind: catalog.Secrets, name: x.Rule, at: x.At, settings: always, problem: "a credential stands here: revoke it, and take it out of the history"}
		for _, s := range evidence[x.At.File] {
			d.services = append(d.services, s.Name)
		}
		return d
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Secret] { return &s.Secrets })
}

// servicesByFile gives the services that each file holds evidence or the entry of.
func (l *loader) servicesByFile() map[string][]*catalog.Service {
	found := map[string][]*catalog.Service{}
	for _, s := range l.estate.Services {
		mark := func(file string) { add(found, file, s) }
		mark(s.At.File)
		markAll(s.Alerts, mark, func(a *catalog.AlertRule) catalog.Place { return a.At })
		markAll(s.Dashboards, mark, func(d *catalog.Dashboard) catalog.Place { return d.At })
		markAll(s.Runbooks, mark, func(p *catalog.Page) catalog.Place { return p.At })
		markAll(s.SLOs, mark, func(o *catalog.SLO) catalog.Place { return o.At })
		markAll(s.Collectors, mark, func(c *catalog.Collector) catalog.Place { return c.At })
		markAll(s.Targets, mark, func(t *catalog.ScrapeTarget) catalog.Place { return t.At })
		markAll(s.Workloads, mark, func(w *catalog.Workload) catalog.Place { return w.At })
		markAll(s.Workflows, mark, func(w *catalog.Workflow) catalog.Place { return w.At })
		markAll(s.ThreatModels, mark, func(m *catalog.ThreatModel) catalog.Place { return m.At })
		markAll(s.Postmortems, mark, func(p *catalog.Postmortem) catalog.Place { return p.At })
		markAll(s.RecoveryPlans, mark, func(p *catalog.RecoveryPlan) catalog.Place { return p.At })
	}
	return found
}

func markAll[T any](items []catalog.Linked[T], mark func(string), at func(*T) catalog.Place) {
	for _, i := range items {
		mark(at(i.Item).File)
	}
}

// linkAttestations gives each service the attestations about it, its team, or all services.
func (l *loader) linkAttestations() {
	for _, a := range l.estate.Attestations {
		team, _ := l.teamOf(owned{team: a.Team})
		for _, s := range l.estate.Services {
			switch {
			case a.Service.Value != "" && a.Service.Value != s.ID && a.Service.Value != s.Name.Value:
			case a.Team.Value != "" && (team == nil || s.Owner.Team != team):
			default:
				s.Attestations = append(s.Attestations, a)
			}
		}
	}
}
