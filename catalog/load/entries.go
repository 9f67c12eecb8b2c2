package load

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/entries"
	"obsready/catalog/remote"
)

// gatherEntries takes in what the catalog lists: services, teams, journeys and other entities. A name that is listed
// twice is a gap at its second place; the first one holds.
func (l *loader) gatherEntries(f catalog.Facts) {
	l.entities = map[string]bool{}
	e := &l.estate

	services := map[string]catalog.Place{}
	for _, s := range f.Services {
		if l.taken(services, catalog.Services, "service", s.ID, s.Name.At.Or(s.At)) {
			continue
		}
		s.Repository.Value = remote.WithoutCredentials(s.Repository.Value) // it is shown
		e.Services = append(e.Services, s)
		l.entities["component:"+s.ID] = true
	}
	teams := map[string]catalog.Place{}
	for _, t := range f.Teams {
		if l.taken(teams, catalog.Teams, "team", t.ID, t.Name.At.Or(t.At)) {
			continue
		}
		e.Teams = append(e.Teams, t)
		l.entities["group:"+t.ID] = true
	}
	journeys := map[string]catalog.Place{}
	for _, j := range f.Journeys {
		if l.taken(journeys, catalog.Journeys, "journey", j.ID, j.Name.At.Or(j.At)) {
			continue
		}
		e.Journeys = append(e.Journeys, j)
	}
	for _, x := range f.Entities {
		l.entities[x.Kind+":"+qualified(x.Namespace, x.Name)] = true
		l.joinTeams(x)
	}
	slices.SortFunc(e.Services, func(a, b *catalog.Service) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(e.Teams, func(a, b *catalog.Team) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(e.Journeys, func(a, b *catalog.Journey) int { return cmp.Compare(a.ID, b.ID) })
	l.checkLocations(f.Locations)
}

// joinTeams adds a user to the teams that it says it is a member of; a team's own list is the other half.
func (l *loader) joinTeams(user catalog.Entity) {
	for _, text := range user.MemberOf {
		id := parseRef(text.Value, "group", user.Namespace).id()
		for _, t := range l.estate.Teams {
			if t.ID == id {
				entries.AddMember(t, user)
			}
		}
	}
}

func (l *loader) taken(seen map[string]catalog.Place, kind catalog.Kind, word, id string, at catalog.Place) bool {
	first, ok := seen[id]
	if ok {
		l.estate.Gaps = append(l.estate.Gaps, catalog.Gap{Kinds: []catalog.Kind{kind}, At: at, Cause: catalog.Duplicate,
			Detail: fmt.Sprintf("%s %q is already listed at %s. only the first entry counts: remove or rename one", word, id, first)})
		return true
	}
	seen[id] = at
	return false
}

// checkLocations reports targets of Backstage Locations that the tree does not have. Those it has are read anyway:
// entries are recognised by what is in them.
func (l *loader) checkLocations(locations []catalog.Text) {
	for _, t := range locations {
		if _, ok := l.paths[t.Value]; !ok && len(l.match(t.Value)) == 0 {
			l.estate.Gaps = append(l.estate.Gaps, catalog.Gap{Kinds: []catalog.Kind{catalog.Services}, At: t.At, Cause: catalog.BadValue,
				Detail: fmt.Sprintf("the Location's target %q is not in the repository. correct or remove it", t.Value), Names: map[string]bool{}})
		}
	}
}

// qualified gives an ID: the name, with its namespace unless that is the default one.
func qualified(namespace, name string) string {
	if namespace == "" || namespace == "default" {
		return name
	}
	return namespace + "/" + name
}

// ref is an entity reference as Backstage writes it: [kind:][namespace/]name.
// Source: backstage.io/docs/features/software-catalog/references.
type ref struct{ kind, namespace, name string }

// parseRef applies the defaulting rules: the kind is the caller's, the namespace that of the entity which refers.
func parseRef(text, kind, namespace string) ref {
	r := ref{kind: kind, namespace: namespace, name: text}
	if k, rest, ok := strings.Cut(text, ":"); ok {
		r.kind, r.name = strings.ToLower(k), rest
	}
	if n, rest, ok := strings.Cut(r.name, "/"); ok {
		r.namespace, r.name = n, rest
	}
	return r
}

func (r ref) id() string { return qualified(r.namespace, r.name) }

// resolveOwners finds the teams and services that entries refer to.
func (l *loader) resolveOwners() {
	teams := map[string]*catalog.Team{}
	byName := map[string][]*catalog.Team{}
	for _, t := range l.estate.Teams {
		teams[t.ID] = t
		byName[t.Name.Value] = append(byName[t.Name.Value], t)
		for _, a := range t.Aliases {
			if _, ok := teams[a.Value]; !ok {
				teams[a.Value] = t
			}
		}
	}
	resolve := func(o *catalog.Owner, namespace string) {
		if o.Ref.Value == "" {
			return
		}
		r := parseRef(o.Ref.Value, "group", namespace)
		if r.kind != "group" {
			return // a user is nobody's team
		}
		o.Team = teams[r.id()]
		if o.Team == nil {
			o.Team = teams[o.Ref.Value] // an alias: "@acme/payments"
		}
		if others := byName[r.name]; o.Team == nil && len(others) > 0 {
			o.Elsewhere = others[0]
		}
	}
	services := map[string]*catalog.Service{}
	for _, s := range l.estate.Services {
		services[s.ID] = s
		resolve(&s.Owner, s.Namespace)
	}
	for _, j := range l.estate.Journeys {
		resolve(&j.Owner, "")
		for _, text := range j.ServiceRefs {
			if s := services[parseRef(text.Value, "component", "").id()]; s != nil && !slices.Contains(j.Services, s) {
				j.Services = append(j.Services, s)
				s.Journeys = append(s.Journeys, j)
			}
		}
	}
	for _, s := range l.estate.Services {
		for i := range s.DependsOn {
			d := &s.DependsOn[i]
			r := parseRef(d.Ref.Value, "component", s.Namespace)
			d.Service = services[r.id()]
			if r.kind != "component" {
				d.Service = nil
			}
			d.Known = d.Service != nil || l.entities[r.kind+":"+r.id()]
		}
	}
	for _, a := range l.estate.Alerts {
		l.resolveAlert(a, teams)
	}
}

// resolveAlert finds the severity and the team that an alert's labels name. A team's label is often shorter than its
// name: "atlas" for "team-atlas".
func (l *loader) resolveAlert(a *catalog.AlertRule, teams map[string]*catalog.Team) {
	for _, key := range l.options.Labels.Severity {
		if label, ok := a.Label(key); ok {
			a.Severity = label.Text()
			break
		}
	}
	// Sloth tells its own alerts apart by a label that says what they are for, even where no severity is configured.
	if label, ok := a.Label("sloth_severity"); ok && a.Severity.IsZero() {
		a.Severity = label.Text()
	}
	for _, key := range l.options.Labels.Team {
		label, ok := a.Label(key)
		if !ok {
			continue
		}
		a.Team.Ref = label.Text()
		for _, name := range []string{label.Value, "team-" + label.Value} {
			if t := teams[name]; t != nil && a.Team.Team == nil {
				a.Team.Team = t
			}
		}
		if a.Team.Team == nil {
			a.Team.Team = l.teamNamed(label.Value)
		}
		return
	}
}

// teamNamed finds a team by its name in any namespace, or by its title, when just one answers to it.
func (l *loader) teamNamed(name string) *catalog.Team {
	var found *catalog.Team
	for _, t := range l.estate.Teams {
		if n := t.Name.Value; n != name && n != "team-"+name && !strings.EqualFold(t.Title.Value, name) {
			continue
		}
		if found != nil {
			return nil
		}
		found = t
	}
	return found
}
