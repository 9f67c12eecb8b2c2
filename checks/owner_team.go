package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var ownerTeam = &Check{
	ID:       "owner-team",
	Title:    "The service has an owner that is a team of the catalog",
	Why:      "An incident without an owner is passed around until somebody gives in. An owner that the catalog does not know, or a placeholder, is nobody.",
	Fix:      "Set `owner` to the name of a team that the catalog lists, or add the team. For a Backstage entity write the namespace too when the group lives in another one: `group:acme/payments`.",
	Source:   "Production readiness checklists (ownership); Backstage entity references for the defaulting rules.",
	Pillar:   Ownership,
	Question: Recover,
	Severity: Critical,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Services, catalog.Teams},
	Run: func(in *Inspection) {
		owner := in.Service.Owner
		ref := owner.Ref.Value
		switch {
		case ref == "":
			in.Missingf(owner.Ref.At, "service %q has no owner. set owner to a team of the catalog", in.Service.Name.Value)
		case placeholder(teamName(ref)):
			q := in.Unmetf(owner.Ref.At, "owner %q is a placeholder, not a team. name the team that answers for the service", ref)
			if !blameNamespace(in, ref, q) {
				q.Because("owner "+ref, "owner %q is a placeholder", ref)
			}
		case owner.Team != nil:
			in.Metf(owner.Ref.At, "owner %q is the team listed at %s", ref, owner.Team.At)
		case owner.Elsewhere != nil:
			ownerElsewhere(in, ref, owner)
		case strings.HasPrefix(strings.ToLower(ref), "user:"):
			in.Unmetf(owner.Ref.At, "owner %q is a person, not a team. name the team that answers for the service", ref)
		default:
			unknownOwner(in, ref, owner)
		}
	},
}

// ownerElsewhere states that the owner's name is that of a group in another namespace than the reference means. All
// services that refer from the one namespace to the other share that cause.
func ownerElsewhere(in *Inspection, ref string, owner catalog.Owner) {
	namespace := namespaceOf(ref, in.Service.Namespace)
	other := orDefault(owner.Elsewhere.Namespace)
	q := in.Missingf(owner.Ref.At, "owner %q is no group of namespace %q. the group %q lives in namespace %q: write group:%s/%s",
		ref, namespace, owner.Elsewhere.Name.Value, other, other, owner.Elsewhere.Name.Value)
	if !blameNamespace(in, ref, q) {
		q.Because("owner namespace "+namespace+" "+other, "owners are looked for in namespace %q, but the groups live in namespace %q", namespace, other)
	}
}

// blameNamespace names the common cause of every owner that is looked for in a namespace without any group, whatever
// else is wrong with the single reference. It reports whether that is so.
func blameNamespace(in *Inspection, ref string, q *Requirement) bool {
	if in.Service.Format != "backstage" {
		return false
	}
	namespace := namespaceOf(ref, in.Service.Namespace)
	var homes []string
	for _, t := range in.Estate.Teams {
		home := orDefault(t.Namespace)
		if home == namespace {
			return false
		}
		if !slices.Contains(homes, home) {
			homes = append(homes, home)
		}
	}
	if len(homes) == 0 {
		return false
	}
	q.Because("owner namespace "+namespace, "owners are looked for in namespace %q, which has no group: the groups live in %s", namespace, strings.Join(homes, ", "))
	return true
}

func unknownOwner(in *Inspection, ref string, owner catalog.Owner) {
	if gap := hiddenEntry(in.Estate, catalog.Teams, teamName(ref)); gap != nil {
		in.Undecidedf(owner.Ref.At, "owner %q is no team of the catalog, but %s could not be read and may list it (%s: %s)", ref, gap.At, gap.Cause, gap.Detail)
		return
	}
	known := make([]string, len(in.Estate.Teams))
	for i, t := range in.Estate.Teams {
		known[i] = t.Name.Value
	}
	hint := suggest(teamName(ref), known)
	if hint == "" {
		hint = ". correct it or add the team"
	}
	q := in.Missingf(owner.Ref.At, "owner %q is no team of the catalog%s", ref, hint)
	if !blameNamespace(in, ref, q) {
		q.Because("owner "+ref, "owner %q is no team of the catalog", ref)
	}
}

// teamName gives the name in a reference, without its kind and namespace.
func teamName(ref string) string { return ref[strings.LastIndexAny(ref, ":/")+1:] }

// namespaceOf gives the namespace that a reference means: its own, else that of the entity that refers.
func namespaceOf(ref, entity string) string {
	_, name, found := strings.Cut(ref, ":")
	if !found {
		name = ref
	}
	if namespace, _, ok := strings.Cut(name, "/"); ok {
		return namespace
	}
	return orDefault(entity)
}

func orDefault(namespace string) string {
	if namespace == "" {
		return "default"
	}
	return namespace
}
