package entries

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readDatadogV2 reads a service definition of schema v2, v2.1 or v2.2.
// Source: github.com/DataDog/schema, service-catalog.
func readDatadogV2(d document.Document, _ Options) catalog.Facts {
	root := d.Root
	name, version := root.Get("dd-service").Text(), root.Get("schema-version")
	if !slices.Contains([]string{"v2", "v2.1", "v2.2"}, version.Str()) {
		return gapOnly(version.Place().Or(root.At), catalog.Unsupported, name.Value, fmt.Sprintf("schema-version %q is not read. expected one of v2, v2.1, v2.2", version.Str()))
	}
	if name.Value == "" {
		return gapOnly(name.At.Or(root.At), catalog.BadValue, "", "the service has no name. set dd-service")
	}
	svc := descriptor("datadog", name, root)
	svc.Description, svc.Lifecycle, svc.Owner.Ref = trimmed(root.Get("description").Text()), root.Get("lifecycle").Text(), root.Get("team").Text()
	svc.Kind = datadogKind(root.Get("type").Text())
	svc.Repository = first(linkOfType(root.Get("links"), "repo"), firstOf(root.Get("repos")).Get("url").Text())
	addDatadogLinks(svc, root.Get("links"), root.Get("contacts"))
	for _, doc := range root.Get("docs").List() {
		addLink(svc, "docs", doc.Get("url").Text())
	}
	svc.Oncall = datadogPaging(root.Get("integrations"))
	return withTier(svc, root.Get("tier").Text())
}

// readDatadogV3 reads an entity of schema v3. Entities other than services are kept so that references resolve.
func readDatadogV3(d document.Document, _ Options) catalog.Facts {
	metadata, spec := d.Root.Get("metadata"), d.Root.Get("spec")
	name, kind := metadata.Get("name").Text(), strings.ToLower(d.Kind())
	switch {
	case name.Value == "":
		return gapOnly(metadata.Place(), catalog.BadValue, "", fmt.Sprintf("the %s has no name. set metadata.name", kind))
	case kind != "service":
		return catalog.Facts{Entities: []catalog.Entity{{Kind: kind, Name: name.Value, At: name.At}}}
	}
	svc := descriptor("datadog", name, d.Root)
	svc.Title, svc.Description = metadata.Get("displayName").Text(), trimmed(metadata.Get("description").Text())
	svc.Lifecycle, svc.Owner.Ref = spec.Get("lifecycle").Text(), metadata.Get("owner").Text()
	svc.Kind = datadogKind(spec.Get("type").Text())
	svc.DependsOn = dependencies(spec.Get("dependsOn").Texts())
	svc.Repository = first(linkOfType(metadata.Get("links"), "repo"), firstOf(d.Root.Get("datadog", "codeLocations")).Get("repositoryURL").Text())
	addDatadogLinks(svc, metadata.Get("links"), metadata.Get("contacts"))
	svc.Oncall = datadogPaging(d.Root.Get("integrations"))
	return withTier(svc, spec.Get("tier").Text())
}

// datadogKind maps a type; there "web" is a service that answers requests, as opposed to "browser".
func datadogKind(t catalog.Text) catalog.Text {
	if t.Value == "web" || t.Value == "rest" {
		return withValue(t, "request")
	}
	return kindOf(t)
}

// addDatadogLinks takes the links and, as links of another kind, the contacts: they are the team's, and a definition
// lists no teams.
func addDatadogLinks(svc *catalog.Service, links, contacts *document.Node) {
	for _, l := range links.List() {
		if kind := l.Get("type").Str(); kind != "repo" {
			addLink(svc, linkKind(kind, l.Get("name").Str(), l.Get("provider").Str()), l.Get("url").Text())
		}
	}
	for _, c := range contacts.List() {
		addLink(svc, "other", c.Get("contact").Text())
	}
}

// datadogPaging gives the paging integration. What is no address may be a key, of which only is kept that it is set.
func datadogPaging(integrations *document.Node) catalog.Text {
	for _, p := range []struct{ key, name string }{{"pagerduty", "PagerDuty"}, {"opsgenie", "Opsgenie"}} {
		n := integrations.Get(p.key)
		t := first(n.First("service-url", "serviceURL").Text(), n.Text())
		switch {
		case strings.HasPrefix(t.Value, "https://"):
			return t
		case t.Value != "":
			return withValue(t, p.name+" (integration key)")
		}
	}
	return catalog.Text{}
}

// linkOfType gives the address of the first link of the given type.
func linkOfType(links *document.Node, kind string) catalog.Text {
	for _, l := range links.List() {
		if strings.EqualFold(l.Get("type").Str(), kind) {
			return l.Get("url").Text()
		}
	}
	return catalog.Text{}
}

// descriptor gives a service that has its name and place only.
func descriptor(format string, name catalog.Text, entry *document.Node) *catalog.Service {
	return &catalog.Service{ID: name.Value, Name: name, Format: format, At: entry.At}
}

// withTier gives the facts of one service with the tier that its descriptor states.
func withTier(svc *catalog.Service, tier catalog.Text) catalog.Facts {
	facts := catalog.Facts{Services: []*catalog.Service{svc}}
	svc.Tier, facts.Gaps = tierOf(tier, svc.ID)
	return facts
}

func gapOnly(at catalog.Place, cause catalog.Cause, name, detail string) catalog.Facts {
	return catalog.Facts{Gaps: []catalog.Gap{gap(catalog.Services, at, cause, name, detail)}}
}

// firstOf gives the first item of a list, nil when there is none.
func firstOf(n *document.Node) *document.Node {
	if items := n.List(); len(items) > 0 {
		return items[0]
	}
	return nil
}
