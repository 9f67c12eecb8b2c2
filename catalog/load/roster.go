package load

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/entries"
)

// roster is the services that one version of a file lists.
type roster struct {
	services   map[string]*catalog.Service // by ID in lower case
	recognised bool                        // the file is of a format that lists services
	gaps       []catalog.Gap
	faults     map[string][]string // what is wrong with entries, by the service's name
}

// rosterReader reads versions of files. Neighbouring versions of a file that lists hundreds of services differ in one
// or two of its documents, so it keeps what the documents of the last version said.
type rosterReader struct {
	load *loader
	last map[string]*reading
}

// reading is what one document says.
type reading struct {
	facts      catalog.Facts
	recognised bool
}

// read reads which services a file lists. It is not ok when the file does not parse at all.
func (rr *rosterReader) read(p string, data []byte) (*roster, bool) {
	r := &roster{services: map[string]*catalog.Service{}, faults: map[string][]string{}}
	now := map[string]*reading{}
	for _, text := range parts(p, string(data)) {
		found := rr.last[text]
		if found == nil {
			found = rr.load.readEntries(p, text)
		}
		now[text] = found
		r.add(found)
	}
	rr.last = now
	return r, r.recognised || len(r.gaps) == 0
}

// parts cuts a file into what can be read on its own: the documents of a YAML file, which a marker at the beginning of
// a line ends whatever stands before it.
func parts(p, text string) []string {
	if formOf(p) != yamlForm {
		return []string{text}
	}
	var all []string
	for at := 0; ; {
		next := strings.Index(text[at:], "\n---")
		if next < 0 {
			return append(all, text)
		}
		at += next + 1
		if rest := text[at+len("---"):]; rest == "" || strings.ContainsRune(" \t\r\n", rune(rest[0])) {
			all, text, at = append(all, text[:at]), text[at:], 0
		}
	}
}

// readEntries reads the entries of a part of a file, and nothing else that may be in it.
func (l *loader) readEntries(p, text string) *reading {
	r := &reading{}
	r.facts = l.survive(p, func() catalog.Facts {
		if formOf(p) == tomlForm {
			facts := entries.ReadNative(p, []byte(text))
			r.recognised = !unparsed(facts.Gaps)
			return facts
		}
		parse := document.ParseYAML
		if formOf(p) == jsonForm {
			parse = document.ParseJSON
		}
		docs, gaps := parse(p, []byte(text))
		facts, recognised := entries.ReadYAML(docs, entries.Options{TierKeys: l.options.Labels.Tier, NameAnnotations: l.options.NameAnnotations})
		r.recognised = recognised
		facts.Gaps = append(facts.Gaps, gaps...)
		return facts
	})
	return r
}

// unparsed tells the gap of a TOML file that does not parse, which is one document, from those of its keys.
func unparsed(gaps []catalog.Gap) bool {
	for _, g := range gaps {
		switch g.Cause {
		case catalog.Encoding, catalog.Syntax, catalog.TooDeep, catalog.TooLarge:
			return true
		}
	}
	return false
}

// add takes in what a part of the file says.
func (r *roster) add(part *reading) {
	r.recognised = r.recognised || part.recognised
	r.gaps = append(r.gaps, part.facts.Gaps...)
	for _, g := range part.facts.Gaps {
		if g.Cause == catalog.BadValue || g.Cause == catalog.UnknownKey {
			for name := range g.Names {
				r.faults[name] = append(r.faults[name], g.Detail)
			}
		}
	}
	for _, s := range part.facts.Services {
		if id := strings.ToLower(s.ID); r.services[id] == nil {
			r.services[id] = s
		}
	}
}

// mayHide reports whether a service that the version does not list may be in a part of it that cannot be read.
func (r *roster) mayHide(s *catalog.Service) bool {
	for _, g := range r.gaps {
		if g.Cause != catalog.UnknownKey && (len(g.Names) == 0 || g.Names[s.Name.Value]) {
			return true
		}
	}
	return false
}

// mentions gives the names, in lower case, of services that a file lists or that what cannot be read in it may be about,
// as far as they are among the given ones: a part of a YAML file that does not hold a name cannot list the service.
func (l *loader) mentions(p string, data []byte, names []string) map[string]bool {
	if formOf(p) != tomlForm && !entries.IsDescriptor(p) && !mayHoldEvidence(data) {
		return nil
	}
	found := map[string]bool{}
	for _, text := range parts(p, string(data)) {
		lower := strings.ToLower(text)
		holds := func(name string) bool { return formOf(p) == tomlForm || strings.Contains(lower, name) }
		if !slices.ContainsFunc(names, holds) {
			continue
		}
		r := l.readEntries(p, text)
		for _, s := range r.facts.Services {
			found[lowerName(s)] = true
		}
		for _, g := range r.facts.Gaps {
			for name := range g.Names {
				found[strings.ToLower(name)] = true
			}
		}
	}
	return found
}

// lowerName gives the name by which a service is found again in another file: Backstage compares names without regard
// to case, and catalogs that are put in order change it.
func lowerName(s *catalog.Service) string { return strings.ToLower(s.Name.Value) }
