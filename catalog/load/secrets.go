package load

import (
	"slices"

	"obsready/catalog"
)

// linkSecrets links credentials to the services whose evidence they stand in.
func (l *loader) linkSecrets() {
	if len(l.estate.Secrets) == 0 {
		return
	}
	evidence := l.markEvidence()
	belong(l, l.estate.Secrets, func(x *catalog.Secret) owned {
		return owned{kind: catalog.Secrets, name: x.Rule, at: x.At, around: evidence.around(x.At), settings: l.settings(catalog.Secrets, x.At.File),
			problem: "a credential stands here: revoke it, and take it out of the history"}
	}, func(s *catalog.Service) *[]catalog.Linked[catalog.Secret] { return &s.Secrets })
}

// marks are the lines at which pieces of evidence begin, with their services, by file.
type marks map[string][]mark

type mark struct {
	line    int
	service *catalog.Service
}

// around gives the services of the piece of evidence that a place is in: of the last one that begins at or before it,
// else of all that the file holds, each once.
func (m marks) around(at catalog.Place) []*catalog.Service {
	nearest, found := -1, []*catalog.Service(nil)
	for _, k := range m[at.File] {
		if k.line <= at.Line && k.line > nearest {
			nearest = k.line
		}
	}
	for _, k := range m[at.File] {
		if (nearest < 0 || k.line == nearest) && !slices.Contains(found, k.service) {
			found = append(found, k.service)
		}
	}
	return found
}

// markEvidence notes where the entries and the evidence of services begin.
func (l *loader) markEvidence() marks {
	m := marks{}
	for _, s := range l.estate.Services {
		m[s.At.File] = append(m[s.At.File], mark{s.At.Line, s})
		put(m, s, s.Alerts, func(a *catalog.AlertRule) catalog.Place { return a.At })
		put(m, s, s.Recordings, func(r *catalog.RecordingRule) catalog.Place { return r.At })
		put(m, s, s.Dashboards, func(d *catalog.Dashboard) catalog.Place { return d.At })
		put(m, s, s.Runbooks, func(p *catalog.Page) catalog.Place { return p.At })
		put(m, s, s.SLOs, func(o *catalog.SLO) catalog.Place { return o.At })
		put(m, s, s.Collectors, func(c *catalog.Collector) catalog.Place { return c.At })
		put(m, s, s.Targets, func(t *catalog.ScrapeTarget) catalog.Place { return t.At })
		put(m, s, s.Workloads, func(w *catalog.Workload) catalog.Place { return w.At })
		put(m, s, s.ThreatModels, func(t *catalog.ThreatModel) catalog.Place { return t.At })
		put(m, s, s.Workflows, func(w *catalog.Workflow) catalog.Place { return w.At })
		put(m, s, s.Manifests, func(x *catalog.Manifest) catalog.Place { return x.At })
		put(m, s, s.UpdateConfigs, func(c *catalog.UpdateConfig) catalog.Place { return c.At })
		put(m, s, s.SBOMs, func(b *catalog.SBOM) catalog.Place { return b.At })
		put(m, s, s.ImageBuilds, func(i *catalog.ImageBuild) catalog.Place { return i.At })
		put(m, s, s.RecoveryPlans, func(p *catalog.RecoveryPlan) catalog.Place { return p.At })
		put(m, s, s.Exercises, func(x *catalog.Exercise) catalog.Place { return x.At })
		put(m, s, s.Postmortems, func(p *catalog.Postmortem) catalog.Place { return p.At })
	}
	return m
}

func put[T any](m marks, s *catalog.Service, items []catalog.Linked[T], at func(*T) catalog.Place) {
	for _, i := range items {
		p := at(i.Item)
		m[p.File] = append(m[p.File], mark{p.Line, s})
	}
}

// linkAttestations gives each service the attestations about it, its team, or all services. One that names both holds for
// a service of that name when the team owns it. One about nobody is an orphan.
func (l *loader) linkAttestations() {
	for _, a := range l.estate.Attestations {
		services := l.estate.Services
		if a.Service.Value != "" {
			services = l.index.called(a.Service.Value)
		}
		team, held := l.index.team(a.Team.Value), false
		for _, s := range services {
			if a.Team.Value == "" || team != nil && s.Owner.Team == team {
				s.Attestations = append(s.Attestations, a)
				held = true
			}
		}
		if !held && (a.Service.Value != "" || a.Team.Value != "") {
			l.estate.Orphans = append(l.estate.Orphans, catalog.Orphan{Kind: catalog.Attestations, Name: a.Check.Value, At: a.At,
				Problem: "it is about no service of the catalog: " + nobody(a)})
		}
	}
}

// nobody says whom an attestation names that the catalog does not have.
func nobody(a *catalog.Attestation) string {
	switch {
	case a.Service.Value != "" && a.Team.Value != "":
		return "team " + quote(a.Team.Value) + " owns no service " + quote(a.Service.Value)
	case a.Service.Value != "":
		return "there is no service " + quote(a.Service.Value)
	}
	return "team " + quote(a.Team.Value) + " owns none"
}
