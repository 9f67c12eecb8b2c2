package entries

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readCompass reads a compass.yml, which describes one component of Atlassian Compass.
// Source: developer.atlassian.com/cloud/compass/config-as-code.
func readCompass(d document.Document, _ Options) catalog.Facts {
	root := d.Root
	name := root.Get("name").Text()
	if name.Value == "" {
		return gapOnly(name.At.Or(root.At), catalog.BadValue, "", "the component has no name. set name")
	}
	svc := descriptor("compass", name, root)
	svc.Description, svc.Owner.Ref = trimmed(root.Get("description").Text()), root.Get("ownerId").Text()
	svc.Kind, svc.Lifecycle = kindOf(root.Get("typeId").Text()), root.Get("fields", "lifecycle").Text()
	svc.DependsOn = dependencies(root.Get("relationships", "DEPENDS_ON").Texts())
	svc.Repository = linkOfType(root.Get("links"), "repository")
	svc.Oncall = linkOfType(root.Get("links"), "on_call")
	for _, l := range root.Get("links").List() {
		if kind := l.Get("type").Str(); !strings.EqualFold(kind, "repository") && !strings.EqualFold(kind, "on_call") {
			addLink(svc, linkKind(kind, l.Get("name").Str()), l.Get("url").Text())
		}
	}
	return withTier(svc, root.Get("fields", "tier").Text())
}
