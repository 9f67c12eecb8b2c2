package load

import (
	"path"
	"strings"

	"obsready/catalog"
)

// assignGaps tells services which gaps may hide evidence of theirs, so that their checks become unknown rather than
// failed:
//
//   - a gap below a service's folder, or in its entry, is that service's;
//   - a gap whose text names a service is that service's (an unreadable rule file that mentions "checkout");
//   - a gap of which nothing is known but its path is that of the services which the path names; when it names none, it
//     may be about any service, and one such gap for each kind of evidence is given to all.
func (l *loader) assignGaps() {
	sortGaps(l.estate.Gaps)
	byEntry := map[string][]*catalog.Service{}
	for _, s := range l.estate.Services {
		byEntry[s.At.File] = append(byEntry[s.At.File], s)
	}
	anyone := map[catalog.Kind]bool{}
	for _, g := range l.estate.Gaps {
		if g.Cause == catalog.Duplicate {
			continue // the entry that holds was read
		}
		services := l.touched(g, byEntry)
		if services == nil && g.Names == nil && forAll(g, anyone) {
			services = l.estate.Services
		}
		for _, s := range services {
			s.Gaps = append(s.Gaps, g)
		}
	}
}

// forAll reports whether the gap is the first of one of its kinds that may be about any service.
func forAll(g catalog.Gap, seen map[catalog.Kind]bool) bool {
	if g.Cause == catalog.HostileName {
		return false
	}
	first := false
	for _, k := range g.Kinds {
		switch k {
		case catalog.Services, catalog.Teams, catalog.Journeys, catalog.Owners:
			continue // an entry that is not there is no service's evidence
		}
		if !seen[k] {
			seen[k], first = true, true
		}
	}
	return first
}

func (l *loader) touched(g catalog.Gap, byEntry map[string][]*catalog.Service) []*catalog.Service {
	if entry := byEntry[g.At.File]; len(entry) > 0 {
		return nearestEntry(entry, g.At.Line)
	}
	if services, _ := l.index.folder(g.At.File); services != nil {
		return services
	}
	words := g.Names
	if words == nil {
		words = pathWords(g.At.File)
	}
	var found []*catalog.Service
	for _, s := range l.estate.Services {
		for _, name := range names(s) {
			if len(name) > 2 && words[name] {
				found = append(found, s)
				break
			}
		}
	}
	return found
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
