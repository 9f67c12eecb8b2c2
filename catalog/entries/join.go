package entries

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// joinGroups adds to the teams of one file what other entities in it say about them: users that are members of a group,
// groups that name a child.
func joinGroups(docs []document.Document, facts *catalog.Facts) {
	teams := map[string]*catalog.Team{}
	for _, t := range facts.Teams {
		teams[strings.ToLower(t.ID)] = t
	}
	for _, u := range facts.Entities {
		for _, ref := range u.MemberOf {
			if t := teams[ParseRef(ref.Value, "group", u.Namespace).ID()]; t != nil {
				AddMember(t, u)
			}
		}
	}
	for _, d := range docs {
		namespace, name := d.Root.Get("metadata", "namespace").Str(), d.Root.Get("metadata", "name").Text()
		parent := teams[strings.ToLower(entityID(namespace, name.Value))]
		if !strings.EqualFold(d.Kind(), "group") || parent == nil {
			continue
		}
		for _, ref := range refTexts(d.Root.Get("spec", "children")) {
			if t := teams[ParseRef(ref.Value, "group", namespace).ID()]; t != nil && t != parent && t.Parent.Value == "" {
				t.Parent = withValue(ref, parent.ID)
			}
		}
	}
}

// AddMember adds a user to a team's members unless the team lists the user itself.
func AddMember(t *catalog.Team, user catalog.Entity) {
	self := ParseRef(user.Name, "user", user.Namespace)
	listed := func(m catalog.Text) bool { return ParseRef(m.Value, "user", t.Namespace) == self }
	if !slices.ContainsFunc(t.Members, listed) {
		t.Members = append(t.Members, catalog.Text{Value: user.Name, At: user.At})
	}
}
