package load

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/entries"
)

// triggers gives what an entry says that the same service's older entry did not, as far as it calls for another look at
// the threats: a dependency, an exposure to more people, a class of data, authentication or AI, a third party. What was
// taken away, or is only written in another way, is not among it.
// Source: PRACTICES, threat modelling: model what is new, exposed, sensitive, AI-enabled or architecturally significant.
func triggers(old, young *catalog.Service) []string {
	var all []string
	for _, ref := range newIn(newDependencies(old), newDependencies(young)) {
		all = append(all, fmt.Sprintf("dependency %q was added", ref))
	}
	if what := widened(old.Exposure.Value, young.Exposure.Value); what != "" {
		all = append(all, what)
	}
	for _, class := range newIn(folded(old.Data), folded(young.Data)) {
		all = append(all, fmt.Sprintf("data class %q was added", class))
	}
	for _, what := range newIn(folded(old.Handles), folded(young.Handles)) {
		all = append(all, "it began to handle "+handled(what))
	}
	for _, party := range newIn(folded(old.Parties), folded(young.Parties)) {
		all = append(all, fmt.Sprintf("third party %q was added", party))
	}
	return all
}

// mention is a value as it was written, with the form in which two ways of writing it are the same.
type mention struct{ key, text string }

// newIn gives the texts of young whose keys are not in old, each once, in their order.
func newIn(old, young []mention) []string {
	var added []string
	known := map[string]bool{"": true}
	for _, m := range old {
		known[m.key] = true
	}
	for _, m := range young {
		if !known[m.key] {
			known[m.key] = true
			added = append(added, strings.Clone(m.text))
		}
	}
	return added
}

// newDependencies gives the references of a service by the entities that they refer to.
func newDependencies(s *catalog.Service) []mention {
	var all []mention
	for _, d := range s.DependsOn {
		r := entries.ParseRef(d.Ref.Value, "component", s.Namespace)
		if r.Name != "" {
			all = append(all, mention{r.Kind + ":" + r.ID(), d.Ref.Value})
		}
	}
	return all
}

func folded(texts []catalog.Text) []mention {
	var all []mention
	for _, t := range texts {
		text := strings.TrimSpace(t.Value)
		all = append(all, mention{strings.ToLower(text), text})
	}
	return all
}

// reach orders exposures by how many people can reach the service.
var reach = []string{"internal", "partner", "internet"}

// widened says that an exposure is wider than the older one. An exposure that is stated for the first time counts when
// it is wider than the narrowest.
func widened(old, young string) string {
	old, young = strings.ToLower(old), strings.ToLower(young)
	switch {
	case slices.Index(reach, young) <= max(0, slices.Index(reach, old)):
		return ""
	case old == "":
		return fmt.Sprintf("exposure was stated: %q", young)
	}
	return fmt.Sprintf("exposure became %q (was %q)", young, old)
}

func handled(what string) string {
	switch strings.ToLower(what) {
	case "authentication":
		return "authentication"
	case "ai":
		return "AI"
	}
	return fmt.Sprintf("%q", what)
}
