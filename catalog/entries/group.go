package entries

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/slos"
)

func (e entity) team() *catalog.Team {
	profile := e.spec.Get("profile")
	t := &catalog.Team{
		ID: entityID(e.namespace, e.name.Value), Namespace: e.namespace, Name: e.name,
		Title: first(profile.Get("displayName").Text(), e.metadata.Get("title").Text()), Description: trimmed(e.metadata.Get("description").Text()),
		Contact: first(e.chat(), profile.Get("email").Text()), Oncall: e.oncall(), Members: refTexts(e.spec.Get("members")),
		Parent: refText(e.spec.Get("parent")), PolicyRef: slos.PolicyRef(e.annotations),
		Security: e.claim("security", "security-contact", "security-champion"), IncidentRef: e.claim("incident-process"), Toil: e.claim("toil"), At: e.doc.Root.At,
	}
	if slug := e.annotation("github.com/team-slug"); slug.Value != "" {
		t.Aliases = append(t.Aliases, withValue(slug, "@"+slug.Value))
	}
	return t
}

var chats = []string{"slack", "teams.microsoft", "microsoft-teams", "mattermost", "discord", "chat"}

// chat gives the chat channel of a group: an annotation or a link that speaks of one.
func (e entity) chat() catalog.Text {
	mentions := func(texts ...string) bool {
		text := strings.ToLower(strings.Join(texts, " "))
		return slices.ContainsFunc(chats, func(c string) bool { return strings.Contains(text, c) })
	}
	for _, l := range e.annotations {
		if l.Value != "" && mentions(l.Key) && !strings.Contains(l.Key, "token") && !strings.Contains(l.Key, "webhook") {
			return l.Text()
		}
	}
	for _, l := range e.metadata.Get("links").List() {
		if mentions(l.Get("title").Str(), l.Get("type").Str(), l.Get("icon").Str(), l.Get("url").Str()) {
			return l.Get("url").Text()
		}
	}
	return catalog.Text{}
}
