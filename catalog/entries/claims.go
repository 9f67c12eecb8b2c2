package entries

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// claim gives the first label or annotation whose name, after its prefix, is one of the given ones: "acme.io/exposure".
// Backstage has no keys of its own for what a service protects and how it recovers.
func (e entity) claim(names ...string) catalog.Text {
	for _, l := range append(e.metadata.Get("labels").Labels(), e.annotations...) {
		if name := strings.ToLower(l.Key[strings.LastIndexByte(l.Key, '/')+1:]); slices.Contains(names, name) && strings.TrimSpace(l.Value) != "" {
			return trimmed(l.Text())
		}
	}
	return catalog.Text{}
}

// claims gives the values that a label or annotation lists. A label cannot hold commas, so dots part its values too.
func (e entity) claims(names ...string) []catalog.Text {
	list := e.claim(names...)
	var all []catalog.Text
	for _, value := range strings.FieldsFunc(list.Value, func(r rune) bool { return strings.ContainsRune(",;. \t\n", r) }) {
		all = append(all, withValue(list, value))
	}
	return all
}

// addProtection takes what labels and annotations say about exposure, data and recovery.
func (e entity) addProtection(svc *catalog.Service) {
	svc.Exposure = e.claim("exposure")
	svc.Exposure.Value = strings.ToLower(svc.Exposure.Value)
	svc.Data = e.claims("data", "data-class", "data-classes", "data-classification")
	svc.Handles = e.claims("handles")
	if parties := e.claim("third-parties"); parties.Value != "" {
		for party := range strings.SplitSeq(parties.Value, ",") {
			svc.Parties = append(svc.Parties, withValue(parties, strings.TrimSpace(party)))
		}
	}
	svc.Recovery = catalog.Recovery{RTO: e.claim("rto"), RPO: e.claim("rpo"), Plan: e.claim("recovery-plan"), Rollback: e.claim("rollback"), Durable: e.claim("durable")}
}
