package load

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
)

// practices are the kinds of evidence whose services [loader.holders] finds, with whether one may be a team's that its
// text or path names.
var practices = map[catalog.Kind]bool{
	catalog.Policies: true, catalog.ThreatModels: true, catalog.RecoveryPlans: true, catalog.Exercises: true, catalog.IncidentProcesses: true,
	catalog.Postmortems: true, catalog.ToilLogs: true, catalog.SBOMs: false, catalog.Workflows: false, catalog.Manifests: false,
	catalog.UpdateConfigs: false, catalog.ImageBuilds: false, catalog.SecurityPolicies: false, catalog.BranchProtections: false,
}

// assignGaps tells services which gaps may hide evidence of theirs, so that their checks become unknown rather than
// failed:
//
//   - a gap in a service's entry, or below the folder of it or its code, is that service's;
//   - any other gap in another repository is that of all services which name the repository or a folder of it;
//   - a gap whose text names a service is that service's (an unreadable rule file that mentions "checkout");
//   - a gap of what shows a practice is also that of the services which it would belong to if it could be read, see
//     [loader.holders]; and of those of a team that its text or path names. Of the settings of a repository one gap for
//     each kind of evidence is given to all services that they hold for;
//   - a gap of which nothing is known but its path is that of the services which the path names; when it names none, it
//     may be about any service, and one such gap for each kind of evidence is given to all.
func (l *loader) assignGaps() {
	catalog.SortGaps(l.estate.Gaps)
	byEntry := map[string][]*catalog.Service{}
	for _, s := range l.estate.Services {
		byEntry[s.At.File] = append(byEntry[s.At.File], s)
	}
	a := gapAssigner{loader: l, anyone: map[catalog.Kind]bool{}, settled: map[string]bool{}}
	for _, g := range l.estate.Gaps {
		services := nearestEntry(byEntry[g.At.File], g.At.Line)
		if services == nil {
			services, _ = l.index.home(g.At.File)
		}
		if m := l.mountOf(g.At.File); m != nil {
			if services == nil {
				services = m.services
			}
			g.Kinds = slices.DeleteFunc(slices.Clone(g.Kinds), func(k catalog.Kind) bool { return k == catalog.Owners }) // of the entry
		}
		switch {
		case g.Cause == catalog.Duplicate: // the entry that holds was read
		case services != nil:
			for _, s := range services {
				s.Gaps = append(s.Gaps, g)
			}
		default:
			a.assign(g)
		}
	}
}

// gapAssigner gives gaps to services that it does not stand with.
type gapAssigner struct {
	*loader
	anyone  map[catalog.Kind]bool // kinds of which all services were given one
	settled map[string]bool       // kinds and repositories of which all their services were given one
}

// assign gives a gap to services, to each with the kinds of evidence of its own that the gap may hide.
func (a *gapAssigner) assign(g catalog.Gap) {
	words := g.Names
	if words == nil {
		words = pathWords(g.At.File)
	}
	named := a.namedBy(words)
	kinds := map[*catalog.Service][]catalog.Kind{}
	for _, k := range g.Kinds {
		hidden, known := a.hidden(g, k, words)
		services := slices.Concat(named, hidden)
		if len(services) == 0 && !known && a.mayBeAnyones(g, k) {
			services = a.estate.Services
		}
		for _, s := range services {
			if !slices.Contains(kinds[s], k) {
				kinds[s] = append(kinds[s], k)
			}
		}
	}
	for s := range kinds { // each has a list of its own, so that the order does not show
		part := g
		part.Kinds = kinds[s]
		s.Gaps = append(s.Gaps, part)
	}
}

// namedBy gives the services of which one name is among the words.
func (l *loader) namedBy(words map[string]bool) []*catalog.Service {
	var found []*catalog.Service
	for _, s := range l.estate.Services {
		if slices.ContainsFunc(names(s), func(name string) bool { return len(name) > 2 && words[name] }) {
			found = append(found, s)
		}
	}
	return found
}

// hidden gives the services that evidence of a kind would belong to, if the gap hid it; known is false when nothing tells
// whose it would be, and true for none when it would be nobody's.
func (a *gapAssigner) hidden(g catalog.Gap, k catalog.Kind, words map[string]bool) (services []*catalog.Service, known bool) {
	byTeam, practice := practices[k]
	if !practice {
		return nil, false
	}
	d := owned{kind: k, at: g.At, settings: a.settings(k, g.At.File)}
	switch k {
	case catalog.RecoveryPlans:
		d.named = a.linked.plans[g.At.File]
	case catalog.IncidentProcesses:
		d.named = a.ownedBy(a.linked.processes[g.At.File]...)
	}
	found := a.holders(d)
	if len(found) == 0 && a.passedOver(d) {
		return nil, true
	}
	if len(found) > 0 && found[0].by.Rung == catalog.ByRepository {
		key := string(k) + " " + found[0].by.Detail
		if a.settled[key] {
			return nil, true
		}
		a.settled[key] = true
	}
	for _, b := range found {
		services = append(services, b.service)
	}
	for _, t := range a.estate.Teams {
		if byTeam && len(t.Name.Value) > 2 && words[t.Name.Value] {
			services = append(services, a.ownedBy(t)...)
		}
	}
	return services, len(services) > 0
}

// mayBeAnyones reports whether the gap is the first that may hide evidence of the kind about any service.
func (a *gapAssigner) mayBeAnyones(g catalog.Gap, k catalog.Kind) bool {
	switch k {
	case catalog.Services, catalog.Teams, catalog.Journeys, catalog.Owners:
		return false // an entry that is not there is no service's evidence
	}
	if g.Names != nil || g.Cause == catalog.HostileName || a.anyone[k] {
		return false
	}
	a.anyone[k] = true
	return true
}

// nearestEntry gives the last service whose entry begins at or before the line: the one that the gap is in.
func nearestEntry(entry []*catalog.Service, line int) []*catalog.Service {
	if line == 0 {
		return entry
	}
	var found *catalog.Service
	for _, s := range entry {
		if s.At.Line <= line && (found == nil || s.At.Line >= found.At.Line) {
			found = s
		}
	}
	if found == nil {
		return nil
	}
	return []*catalog.Service{found}
}

// pathWords gives the words by which a path can name a service: its folders, and its base name with and without ending.
func pathWords(file string) map[string]bool {
	words := map[string]bool{}
	for _, part := range strings.Split(file, "/") {
		words[part] = true
	}
	stem, _, _ := strings.Cut(path.Base(file), ".")
	words[stem] = true
	for _, end := range []string{"-alerts", "-rules", "-dashboard", "_alerts", "_rules", "_dashboard"} {
		words[strings.TrimSuffix(stem, end)] = true
	}
	return words
}
