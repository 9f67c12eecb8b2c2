package load

import (
	"path"
	"slices"

	"obsready/catalog"
)

// linkPractices links what shows the practices beside telemetry. It needs to know where the code of services is.
func (l *loader) linkPractices() {
	e := &l.estate
	belong(l, e.ThreatModels, func(m *catalog.ThreatModel) owned {
		return owned{kind: catalog.ThreatModels, name: m.Title.Value, at: m.At, services: m.Services}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.ThreatModel] { return &s.ThreatModels })
	belong(l, e.Workflows, func(w *catalog.Workflow) owned {
		root := l.repositoryFolder(w.At.File)
		return owned{kind: catalog.Workflows, name: w.Name.Value, at: w.At,
			settings: func(s *catalog.Service) bool { return l.startsFor(w, root, s.Source.Folder) }}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Workflow] { return &s.Workflows })
	belong(l, e.UpdateConfigs, func(c *catalog.UpdateConfig) owned {
		return owned{kind: catalog.UpdateConfigs, name: c.Tool, at: c.At, settings: l.settings(catalog.UpdateConfigs, c.At.File)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.UpdateConfig] { return &s.UpdateConfigs })
	belong(l, e.SecurityPolicies, func(p *catalog.SecurityPolicy) owned {
		return owned{kind: catalog.SecurityPolicies, name: path.Base(p.At.File), at: p.At, settings: l.settings(catalog.SecurityPolicies, p.At.File)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.SecurityPolicy] { return &s.SecurityPolicies })
	belong(l, e.BranchProtections, func(b *catalog.BranchProtection) owned {
		return owned{kind: catalog.BranchProtections, name: b.Branch.Value, at: b.At, settings: l.settings(catalog.BranchProtections, b.At.File)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.BranchProtection] { return &s.BranchProtections })
	l.linkSupply()
	belong(l, e.RecoveryPlans, func(p *catalog.RecoveryPlan) owned {
		return owned{kind: catalog.RecoveryPlans, name: p.Title.Value, at: p.At, services: p.Services, named: l.linked.plans[p.At.File]}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.RecoveryPlan] { return &s.RecoveryPlans })
	belong(l, e.Exercises, func(x *catalog.Exercise) owned {
		return owned{kind: catalog.Exercises, name: x.Name.Value, at: x.At, services: x.Services}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Exercise] { return &s.Exercises })
	belong(l, e.IncidentProcesses, func(p *catalog.IncidentProcess) owned {
		return owned{kind: catalog.IncidentProcesses, name: p.Title.Value, at: p.At, named: l.ownedBy(l.linked.processes[p.At.File]...), estate: true}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.IncidentProcess] { return &s.IncidentProcesses })
	belong(l, e.Postmortems, func(p *catalog.Postmortem) owned {
		return owned{kind: catalog.Postmortems, name: p.Title.Value, at: p.At, services: p.Services}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Postmortem] { return &s.Postmortems })
	belong(l, e.ToilLogs, func(t *catalog.ToilLog) owned {
		return owned{kind: catalog.ToilLogs, name: path.Base(t.At.File), at: t.At, services: textsOf(t.Service), teams: l.toilTeams(t)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.ToilLog] { return &s.ToilLogs })
	l.linkSecrets()
	l.linkAttestations()
}

// toilTeams gives the teams that a toil log names: once for all of it, else task by task or as those who own the service
// of a task.
func (l *loader) toilTeams(t *catalog.ToilLog) []catalog.Text {
	if t.Team.Value != "" {
		return []catalog.Text{t.Team}
	}
	var teams []catalog.Text
	for _, e := range t.Entries {
		named := textsOf(e.Team)
		if named == nil && e.Service.Value != "" {
			for _, s := range l.index.called(e.Service.Value) {
				named = append(named, s.Owner.Ref)
			}
		}
		for _, n := range named {
			if !slices.ContainsFunc(teams, func(t catalog.Text) bool { return t.Value == n.Value }) {
				teams = append(teams, n)
			}
		}
	}
	return teams
}

func textsOf(t catalog.Text) []catalog.Text {
	if t.Value == "" {
		return nil
	}
	return []catalog.Text{t}
}

// linkSupply links what the code of services is made of: what stands below their folder, else what stands in the nearest
// folder above it. A Dockerfile builds the services whose code's folder it stands in.
func (l *loader) linkSupply() {
	e := &l.estate
	for _, m := range e.Manifests {
		l.linked.manifests = append(l.linked.manifests, folderOf(m.At.File))
	}
	slices.Sort(l.linked.manifests)
	belong(l, e.Manifests, func(m *catalog.Manifest) owned {
		return owned{kind: catalog.Manifests, name: path.Base(m.At.File), at: m.At, settings: l.settings(catalog.Manifests, m.At.File)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Manifest] { return &s.Manifests })
	belong(l, e.ImageBuilds, func(i *catalog.ImageBuild) owned {
		return owned{kind: catalog.ImageBuilds, name: path.Base(i.At.File), at: i.At, settings: l.settings(catalog.ImageBuilds, i.At.File)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.ImageBuild] { return &s.ImageBuilds })
	belong(l, e.SBOMs, func(b *catalog.SBOM) owned {
		return owned{kind: catalog.SBOMs, name: path.Base(b.At.File), at: b.At, services: textsOf(b.Subject)}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.SBOM] { return &s.SBOMs })
}

// settings gives for which services of its repository a file holds, as far as its path tells; nil for kinds of evidence
// that are no settings of a repository.
func (l *loader) settings(kind catalog.Kind, file string) func(*catalog.Service) bool {
	switch kind {
	case catalog.Workflows, catalog.UpdateConfigs, catalog.SecurityPolicies, catalog.BranchProtections, catalog.Secrets:
		return func(*catalog.Service) bool { return true }
	case catalog.Manifests:
		return func(s *catalog.Service) bool { return l.nearestManifest(s.Source.Folder, folderOf(file)) }
	case catalog.ImageBuilds:
		return func(s *catalog.Service) bool { return s.Source.Folder == folderOf(file) }
	}
	return nil
}

// nearestManifest reports whether a folder is the nearest one with a manifest, from the folder of some code upwards. Code
// with a manifest in or below its folder needs none from above.
func (l *loader) nearestManifest(code, folder string) bool {
	if code == folder {
		return true
	}
	if i, found := slices.BinarySearch(l.linked.manifests, code+"/"); found || i < len(l.linked.manifests) && within(l.linked.manifests[i], code) {
		return false
	}
	for dir := code; dir != folder; dir = folderOf(dir) {
		if _, has := slices.BinarySearch(l.linked.manifests, dir); has || dir == "" {
			return false
		}
	}
	return true
}
