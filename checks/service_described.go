package checks

import (
	"fmt"
	"strings"

	"obsready/catalog"
)

var serviceDescribed = &Check{
	ID:       "service-described",
	Title:    "The service's entry says what it is: tier, kind, lifecycle, description and repository",
	Why:      "The tier decides how ready a service has to be and the kind decides what is asked of it, so a service without them is judged by guesses. Description and repository are what somebody new to an incident looks for first.",
	Fix:      "Set `tier`, `kind`, `lifecycle`, `description` and `repository` in `service.toml`. In a Backstage entity these are a label `tier`, `spec.type`, `spec.lifecycle`, `metadata.description` and the annotation `backstage.io/source-location`.",
	Source:   "Production readiness checklists and service catalog scorecards (tier, lifecycle, description, repository).",
	Pillar:   Ownership,
	Question: Recover,
	Severity: Medium,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Services},
	Run: func(in *Inspection) {
		svc := in.Service
		if svc.Operated() {
			requireTier(in)
		}
		requireKind(in)
		requireStated(in, "lifecycle", svc.Lifecycle, "production, experimental, deprecated or retired")
		if svc.Description.Value != "" && strings.EqualFold(svc.Description.Value, svc.Name.Value) {
			in.Unmetf(svc.Description.At, "description %q repeats the name. say what the service does for whom", svc.Description.Value)
		} else {
			requireStated(in, "description", svc.Description, "what the service does for whom, in a sentence")
		}
		requireStated(in, "repository", svc.Repository, "the web address of its source")
	},
}

func requireTier(in *Inspection) {
	tier := in.Service.Tier
	switch {
	case tier.Value == "":
		in.Missingf(tier.At, "service %q states no tier and is judged as tier %d. set tier, 1 for the most critical", in.Service.Name.Value, catalog.DefaultTier)
	case fmt.Sprint(in.Service.TierNumber()) != tier.Value:
		in.Unmetf(tier.At, "tier %q is no number from 1 to 9. write 1 for the most critical", tier.Value)
	default:
		in.Metf(tier.At, "tier %s", tier.Value)
	}
}

// requireKind asks for one of the kinds. Other formats than the native one have types, and one of those may say
// something that does not map to a kind; the reader keeps only that there is no kind.
func requireKind(in *Inspection) {
	kind := in.Service.Kind
	kinds := strings.Join(catalog.ServiceKinds, ", ")
	switch {
	case kind.Value == "" && !in.Service.NativeKeys():
		in.Undecidedf(kind.At, "service %q has no type that maps to a kind and is judged as %q. set the type to service, website, library, batch, pipeline or platform",
			in.Service.Name.Value, in.Service.KindName())
	case kind.Value == "":
		in.Missingf(kind.At, "service %q states no kind and is judged as %q. set kind to one of %s", in.Service.Name.Value, in.Service.KindName(), kinds)
	case kind.Value != in.Service.KindName():
		in.Unmetf(kind.At, "kind %q is not known. set it to one of %s", kind.Value, kinds)
	default:
		in.Metf(kind.At, "kind %q", kind.Value)
	}
}

// requireStated asks that the entry states something under a key, and not just a placeholder.
func requireStated(in *Inspection, key string, value catalog.Text, what string) {
	switch {
	case value.Value == "":
		in.Missingf(value.At, "service %q states no %s. set it: %s", in.Service.Name.Value, key, what)
	case blank(value.Value):
		in.Unmetf(value.At, "%s %q is a placeholder. set it: %s", key, value.Value, what)
	default:
		in.Metf(value.At, "%s %q", key, shortened(value.Value))
	}
}

// shortened gives the beginning of a text, for quoting it.
func shortened(text string) string {
	const limit = 80
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit]) + "…"
}
