package entries

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/slos"
	"obsready/catalog/tomldoc"
)

// Mapped is the format of an entry that a program returned.
const Mapped = "mapped"

// mapped is what a program returns that maps another layout to ours.
type mapped struct {
	Services []nativeService     `toml:"services" doc:"The services, with the keys of service.toml"`
	Teams    []nativeTeam        `toml:"teams" doc:"The teams, with the keys of team.toml"`
	Journeys []nativeJourney     `toml:"journeys" doc:"The journeys, with the keys of journey.toml"`
	SLOs     []slos.Native       `toml:"slos" doc:"Service level objectives, with the keys of slo.toml"`
	Attested []nativeAttestation `toml:"attestations" doc:"What no file can show, with the keys of attestations.toml"`
}

// ReadMapped gives the entries of what a program returned, as [ReadNative] gives those of a file: the keys are the same,
// and so are their meaning and validation. Paths that the program gives are relative to root, a folder of the tree, "" for
// the tree itself; globs are relative to the service's folder when it states one.
func ReadMapped(f *tomldoc.File, root string) catalog.Facts {
	var m mapped
	r := &nativeReader{objects: true, problems: f.Decode(&m)}
	for i := range m.Services {
		m.Services[i].Folder = below(root, m.Services[i].Folder)
	}
	for i := range m.Teams {
		m.Teams[i].Folder = below(root, m.Teams[i].Folder)
	}
	r.attestations(m.Attested, catalog.Text{}, catalog.Text{})
	r.gaps("attestations", catalog.Attestations, "")
	r.list(nativeList{Services: m.Services, Teams: m.Teams, Journeys: m.Journeys, SLOs: m.SLOs}, "s")
	for _, svc := range r.facts.Services {
		svc.Format = Mapped
		rootGlobs(svc.Wanted.Globs, root)
	}
	slices.SortStableFunc(r.facts.Gaps, func(a, b catalog.Gap) int { return a.At.Compare(b.At) })
	return r.facts
}

// below gives a folder that is stated relative to root. One that leads out of the root is left for folder to refuse.
func below(root string, folder catalog.Text) catalog.Text {
	if inside, ok := insideRoot(folder.Value); ok && folder.Value != "" && root != "" {
		folder.Value = strings.TrimSuffix(root+"/"+inside, "/")
	}
	return folder
}

// Unmapped gives what is left of a program that returned no entries: a gap that may hide every one of them.
func Unmapped(g catalog.Gap) catalog.Facts {
	g.Kinds = append(slices.Clone(hiddenByService), catalog.Teams)
	return catalog.Facts{Gaps: []catalog.Gap{g}}
}

// MappedKeys names the keys of what a program returns, in order.
func MappedKeys() []string {
	var keys []string
	for _, k := range tomldoc.Keys(mapped{}) {
		keys = append(keys, k.Name)
	}
	return keys
}

// MappedReference gives the written reference of what a program returns: every key with what it takes and means.
func MappedReference() string {
	sections := map[string]string{"slo": "slos", "journey": "journeys", "attestation": "attestations"}
	shapes := []any{nativeService{}, nativeTeam{}, nativeJourney{}, slos.Native{}, nativeAttestation{}}
	var b strings.Builder
	for i, k := range tomldoc.Keys(mapped{}) {
		fmt.Fprintf(&b, "%s: an array of objects. %s\n%s\n", k.Name, k.Doc, tomldoc.ObjectReference(shapes[i], sections))
	}
	return b.String()
}
