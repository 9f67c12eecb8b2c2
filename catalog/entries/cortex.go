package entries

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readCortex reads a Cortex entity descriptor: an OpenAPI document whose info bears x-cortex keys.
// Source: docs.cortex.io/ingesting-data-into-cortex/entities-overview/entities/yaml.
func readCortex(d document.Document, _ Options) catalog.Facts {
	info := d.Root.Get("info")
	tag, kind := info.Get("x-cortex-tag").Text(), info.Get("x-cortex-type").Str()
	switch {
	case tag.Value == "":
		return gapOnly(tag.At.Or(info.At), catalog.BadValue, "", "the entity has no name. set x-cortex-tag")
	case kind == "team":
		return catalog.Facts{Teams: []*catalog.Team{cortexTeam(d, tag)}}
	case kind != "" && kind != "service":
		return catalog.Facts{Entities: []catalog.Entity{{Kind: kind, Name: tag.Value, At: tag.At}}}
	}
	svc := descriptor("cortex", tag, d.Root)
	svc.Title, svc.Description = info.Get("title").Text(), trimmed(info.Get("description").Text())
	svc.Owner.Ref, svc.Repository, svc.Oncall = cortexOwner(info), cortexRepository(info), cortexPaging(info)
	for _, dep := range info.Get("x-cortex-dependency").List() {
		if ref := dep.Get("tag").Text(); ref.Value != "" {
			svc.DependsOn = append(svc.DependsOn, catalog.Dependency{Ref: ref})
		}
	}
	for _, l := range append(info.Get("x-cortex-link").List(), info.Get("x-cortex-links").List()...) {
		addLink(svc, linkKind(l.Get("type").Str(), l.Get("name").Str()), l.Get("url").Text())
	}
	for _, l := range info.Get("x-cortex-dashboards", "embeds").List() {
		addLink(svc, "dashboard", l.Get("url").Text())
	}
	return withTier(svc, cortexTier(info))
}

func cortexTeam(d document.Document, tag catalog.Text) *catalog.Team {
	info := d.Root.Get("info")
	t := &catalog.Team{ID: tag.Value, Name: tag, Title: info.Get("title").Text(), Description: trimmed(info.Get("description").Text()), Oncall: cortexPaging(info), At: d.Root.At}
	t.Contact = firstOf(info.Get("x-cortex-slack", "channels")).Get("name").Text()
	for _, m := range info.Get("x-cortex-team", "members").List() {
		if name := first(m.Get("name").Text(), m.Get("email").Text()); name.Value != "" {
			t.Members = append(t.Members, name)
		}
	}
	return t
}

// cortexOwner gives the first group that owns the entity, else the first owner's address.
func cortexOwner(info *document.Node) catalog.Text {
	var owner catalog.Text
	for _, o := range info.Get("x-cortex-owners").List() {
		if strings.EqualFold(o.Get("type").Str(), "group") {
			return o.Get("name").Text()
		}
		owner = first(owner, o.Get("email").Text())
	}
	return owner
}

func cortexRepository(info *document.Node) catalog.Text {
	for _, host := range []string{"github", "gitlab", "bitbucket"} {
		if t := info.Get("x-cortex-git", host, "repository").Text(); t.Value != "" {
			return withValue(t, codeHosts[host]+t.Value)
		}
	}
	return catalog.Text{}
}

func cortexPaging(info *document.Node) catalog.Text {
	for _, p := range []struct{ key, name string }{{"pagerduty", "PagerDuty"}, {"opsgenie", "Opsgenie"}, {"victorops", "Splunk On-Call"}, {"xmatters", "xMatters"}} {
		n := info.Get("x-cortex-oncall", p.key)
		if id := n.Get("id").Text(); id.Value != "" {
			return withValue(id, strings.TrimSpace(p.name+" "+strings.ToLower(n.Get("type").Str()))+" "+id.Value)
		}
	}
	return catalog.Text{}
}

// cortexTier gives the group that names a tier: "tier-4".
func cortexTier(info *document.Node) catalog.Text {
	for _, group := range append(info.Get("x-cortex-groups").Texts(), info.Get("x-cortex-service-groups").Texts()...) {
		if m := tierNumber.FindString(group.Value); strings.HasPrefix(strings.ToLower(m), "tier") {
			return group
		}
	}
	return catalog.Text{}
}
