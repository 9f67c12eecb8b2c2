package entries

import (
	"fmt"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readOpsLevel reads an opslevel.yml of version 1. Many such files describe a repository and no service.
// Source: docs.opslevel.com/docs/opslevel-yml.
func readOpsLevel(d document.Document, _ Options) catalog.Facts {
	n, version := d.Root.Get("service"), d.Root.Get("version")
	name := n.Get("name").Text()
	switch {
	case version.Str() != "1":
		return gapOnly(version.Place(), catalog.Unsupported, name.Value, fmt.Sprintf("version %q is not read. expected 1", version.Str()))
	case n == nil:
		return gapOnly(d.Root.At, catalog.Unsupported, "", "the file describes a repository and no service. add a service with its name and owner to list it")
	case name.Value == "":
		return gapOnly(name.At.Or(n.At), catalog.BadValue, "", "the service has no name. set service.name")
	}
	svc := descriptor("opslevel", name, d.Root)
	svc.Description, svc.Lifecycle, svc.Owner.Ref = trimmed(n.Get("description").Text()), n.Get("lifecycle").Text(), n.Get("owner").Text()
	svc.Repository = opsLevelRepository(firstOf(n.Get("repositories")))
	for _, alias := range n.Get("aliases").Texts() {
		addAlias(svc, alias)
	}
	for _, dep := range n.Get("dependencies").List() {
		if ref := first(dep.Text(), dep.First("service", "alias", "name").Text()); ref.Value != "" {
			svc.DependsOn = append(svc.DependsOn, catalog.Dependency{Ref: ref})
		}
	}
	for _, tool := range n.Get("tools").List() {
		addLink(svc, linkKind(tool.Get("category").Str(), tool.Get("name").Str()), tool.First("url").Text())
	}
	svc.Oncall = opsLevelPaging(n)
	return withTier(svc, n.Get("tier").Text())
}

var codeHosts = map[string]string{"github": "https://github.com/", "gitlab": "https://gitlab.com/", "bitbucket": "https://bitbucket.org/"}

func opsLevelRepository(n *document.Node) catalog.Text {
	name := n.Get("name").Text()
	if host := codeHosts[strings.ToLower(n.Get("provider").Str())]; host != "" && name.Value != "" {
		return withValue(name, host+name.Value)
	}
	return name
}

// opsLevelPaging gives the first alert source, or the tool for incidents.
func opsLevelPaging(n *document.Node) catalog.Text {
	for _, source := range n.Get("alert_sources").List() {
		if id := source.First("external_id", "name").Text(); id.Value != "" {
			return withValue(id, source.Get("type").Str()+" "+id.Value)
		}
	}
	for _, tool := range n.Get("tools").List() {
		if tool.Get("category").Str() == "incidents" {
			return tool.Get("url").Text()
		}
	}
	return catalog.Text{}
}
