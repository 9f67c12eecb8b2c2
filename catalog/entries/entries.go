// Package entries reads the files by which a catalog lists its services, teams and journeys: the native service.toml,
// team.toml and journey.toml, Backstage entities, and the descriptors of Datadog, OpsLevel, Cortex and Compass. It
// answers "which services, teams and journeys does the catalog list, and what do they declare?" and never looks for the
// evidence that they name: finding that, and whom an owner or a dependency refers to, is the work of catalog/load.
//
// # How kinds are mapped
//
// The kind of a service is one of catalog.ServiceKinds. The types of the other formats map to them as the table
// kindsByType says; a type that is not in it leaves the kind empty, and catalog.Service.KindName then says "request".
package entries

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Options are the names that an organisation gives to labels and annotations of Backstage entities.
type Options struct {
	TierKeys        []string // keys, or what stands after the slash in a key, that hold the tier
	NameAnnotations []string // annotations that hold other names of the service, comma separated
}

// descriptorFiles are the files that stand in the folder of the one service that they describe.
var descriptorFiles = []string{
	"catalog-info.yaml", "catalog-info.yml", "service.datadog.yaml", "service.datadog.yml", "entity.datadog.yaml", "entity.datadog.yml",
	"opslevel.yml", "opslevel.yaml", "cortex.yaml", "cortex.yml", "compass.yml", "compass.yaml",
}

// IsDescriptor reports whether a file's name says that it lists entries in YAML, so that one that does not parse hides
// them. Backstage entities may stand in any other YAML file too; see [ReadYAML].
func IsDescriptor(file string) bool { return slices.Contains(descriptorFiles, path.Base(file)) }

// ReadYAML gives the entries of a YAML file, which are its documents of a format that is known here; recognised is
// false when there is none of them. The documents are those of one whole file.
//
// The fields of a service, team or journey hold what the file states. A reference to an owner or a dependency is as
// written, except that an API that a component consumes is written with its kind, "api:orders".
func ReadYAML(docs []document.Document, o Options) (facts catalog.Facts, recognised bool) {
	for _, d := range docs {
		read := readerOf(d)
		if read == nil {
			continue
		}
		recognised = true
		facts.Add(read(d, o))
	}
	setFolder(facts.Services)
	joinGroups(docs, &facts)
	return facts, recognised
}

// readerOf gives the reader for a document, nil when its format is none of those that list entries.
func readerOf(d document.Document) func(document.Document, Options) catalog.Facts {
	version, base := d.APIVersion(), path.Base(d.File)
	switch {
	case strings.HasPrefix(version, "backstage.io/"), strings.HasPrefix(version, "scaffolder.backstage.io/"):
		return readBackstage
	case d.Root.Get("dd-service") != nil || d.Root.Get("schema-version") != nil && strings.Contains(base, "datadog"):
		return readDatadogV2
	case version == "v3" && d.Kind() != "" && d.Root.Get("metadata", "name") != nil:
		return readDatadogV3
	case strings.HasPrefix(base, "opslevel.") && d.Root.Get("version") != nil:
		return readOpsLevel
	case d.Root.Get("info", "x-cortex-tag") != nil:
		return readCortex
	case strings.HasPrefix(base, "compass.") && d.Root.First("name", "id") != nil:
		return readCompass
	}
	return nil
}

// setFolder gives a service the folder of its descriptor when that describes no other service. At the root it has none:
// everything would be below it.
func setFolder(services []*catalog.Service) {
	if len(services) != 1 {
		return
	}
	file := services[0].At.File
	if folder := path.Dir(file); folder != "." && IsDescriptor(file) {
		services[0].Folder = folder
	}
}

// gap gives a gap about the entry of the given name. A name that is not known leaves Names empty and not nil: the entry
// is none of the services that were read.
func gap(kind catalog.Kind, at catalog.Place, cause catalog.Cause, name, detail string) catalog.Gap {
	names := map[string]bool{}
	if name != "" {
		names[name] = true
	}
	return catalog.Gap{Kinds: []catalog.Kind{kind}, At: at, Cause: cause, Detail: detail, Names: names}
}

// trimmed gives a text without blanks around it, as block scalars have them.
func trimmed(t catalog.Text) catalog.Text {
	t.Value = strings.TrimSpace(t.Value)
	return t
}

// withValue gives t with another value, the zero Text when t was not written.
func withValue(t catalog.Text, value string) catalog.Text {
	if t.IsZero() {
		return t
	}
	return catalog.Text{Value: value, At: t.At}
}

// first gives the first text that says something, else the first that was written.
func first(texts ...catalog.Text) catalog.Text {
	for _, t := range texts {
		if t.Value != "" {
			return t
		}
	}
	for _, t := range texts {
		if !t.IsZero() {
			return t
		}
	}
	return catalog.Text{}
}

var kindsByType = map[string]string{
	"service": "request", "api": "request", "backend": "request", "microservice": "request", "grpc": "request", "graphql": "request",
	"website": "frontend", "frontend": "frontend", "webapp": "frontend", "web-app": "frontend", "spa": "frontend", "ui": "frontend",
	"browser": "frontend", "mobile": "frontend", "mobile-app": "frontend", "mobile-application": "frontend",
	"library": "library", "sdk": "library", "package": "library",
	"batch": "batch", "batch-job": "batch", "job": "batch", "cron": "batch", "cronjob": "batch", "cron-job": "batch", "scheduled-job": "batch",
	"pipeline": "pipeline", "data-pipeline": "pipeline",
	"infrastructure": "platform", "platform": "platform",
}

// kindOf maps another format's type to a kind of service: the zero Text when it maps to none.
func kindOf(t catalog.Text) catalog.Text {
	kind := kindsByType[strings.ReplaceAll(strings.ToLower(t.Value), "_", "-")]
	if kind == "" {
		return catalog.Text{}
	}
	return withValue(t, kind)
}

var tierNumber = regexp.MustCompile(`(?i)^(?:tier|t|p)?[ _-]?([1-9])$`)

// rankWords speak of how critical a service is without being a number.
var rankWords = []string{"critical", "highest", "high", "medium", "moderate", "low", "lowest"}

// tierOf gives the number in a tier as other formats write it ("tier_1", "Tier 2", "3"). A rank in words is a gap,
// since its place among the numbers is the organisation's to say; anything else is no tier, as the usual Kubernetes
// label `tier: backend`.
func tierOf(t catalog.Text, service string) (catalog.Text, []catalog.Gap) {
	if m := tierNumber.FindStringSubmatch(strings.TrimSpace(t.Value)); m != nil {
		return withValue(t, m[1]), nil
	}
	if slices.Contains(rankWords, strings.ToLower(t.Value)) {
		return catalog.Text{}, []catalog.Gap{gap(catalog.Services, t.At, catalog.BadValue, service,
			"tier \""+t.Value+"\" is no number. write a number from 1 to 9, of which 1 is the most critical")}
	}
	return catalog.Text{}, nil
}

// linkKind says what a link is by the words that describe it.
func linkKind(words ...string) string {
	text := strings.ToLower(strings.Join(words, " "))
	for _, k := range []struct {
		kind  string
		marks []string
	}{
		{"runbook", []string{"runbook", "playbook", "run book"}},
		{"dashboard", []string{"dashboard", "grafana"}},
		{"docs", []string{"doc", "wiki", "handbook"}},
	} {
		if slices.ContainsFunc(k.marks, func(mark string) bool { return strings.Contains(text, mark) }) {
			return k.kind
		}
	}
	return "other"
}

// addLink adds a link that says where it leads.
func addLink(svc *catalog.Service, kind string, address catalog.Text) {
	if address.Value != "" {
		svc.Links = append(svc.Links, catalog.NamedLink{Kind: kind, URL: address})
	}
}

// addAlias adds another name of a service that it does not bear yet.
func addAlias(svc *catalog.Service, alias catalog.Text) {
	alias = trimmed(alias)
	known := func(t catalog.Text) bool { return t.Value == alias.Value }
	if alias.Value != "" && alias.Value != svc.Name.Value && !slices.ContainsFunc(svc.Aliases, known) {
		svc.Aliases = append(svc.Aliases, alias)
	}
}

// dependencies gives references as they stand in a list.
func dependencies(refs []catalog.Text) []catalog.Dependency {
	var deps []catalog.Dependency
	for _, ref := range refs {
		deps = append(deps, catalog.Dependency{Ref: ref})
	}
	return deps
}
