package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// dataClass is a class of data that is known by name.
type dataClass struct {
	name      string
	sensitive bool // it calls for a threat model
	words     []string
}

// dataClasses are the classes of data that law and standards name, and the levels that organisations use, each with the
// words that mean it.
// Sources: GDPR articles 4 and 9 (personal data and its special categories); PCI DSS (cardholder and authentication
// data); HIPAA (protected health information); ISO/IEC 27001 Annex A 5.12 (levels of classification).
var dataClasses = []dataClass{
	{"payment", true, []string{"payment", "payments", "card", "cards", "cardholder", "pci", "pci-dss", "chd", "pan", "bank", "banking", "iban", "account-number"}},
	{"personal", true, []string{"personal", "pii", "pi", "spi", "gdpr", "personal-data", "customer-data", "user-data", "personally-identifiable", "ccpa", "location", "geolocation", "contact", "email", "employee", "hr"}},
	{"health", true, []string{"health", "phi", "ephi", "hipaa", "medical", "patient", "clinical"}},
	{"regulated", true, []string{"regulated", "financial", "sox", "glba", "ferpa", "itar", "cui", "biometric", "genetic", "special-category", "children", "coppa", "criminal"}},
	{"credentials", true, []string{"credentials", "credential", "secrets", "secret", "password", "passwords", "token", "tokens", "key", "keys", "auth", "authentication"}},
	{"restricted", true, []string{"restricted", "highly-confidential", "strictly-confidential", "sensitive"}},
	{"confidential", false, []string{"confidential", "business", "proprietary", "commercial"}},
	{"internal", false, []string{"internal", "private", "operational", "telemetry", "logs", "metrics", "technical", "configuration"}},
	{"public", false, []string{"public", "open", "anonymous", "anonymised", "anonymized", "non-personal", "non-pii", "unclassified"}},
	{"none", false, []string{"none", "no-data", "nothing"}},
}

// classOf gives the class that a word means, a class without a name for one that is the organisation's own. Of a word of
// several parts, "customer-pii", one part that means something sensitive is enough.
func classOf(word string) dataClass {
	parts := strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == '/' || r == ':' || r == '.' })
	whole := strings.Join(parts, "-")
	var found dataClass
	for _, c := range dataClasses {
		if slices.Contains(c.words, whole) {
			return c
		}
	}
	if slices.Contains(parts, "non") || slices.Contains(parts, "no") || slices.Contains(parts, "not") {
		return found
	}
	for _, c := range dataClasses[:4] {
		if slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(c.words, part) }) {
			return c
		}
	}
	return found
}

// vagueClass reports whether a class of data only keeps a place. "none" is one in a name, and a statement here.
func vagueClass(word string) bool { return blank(word) && classOf(word).name != "none" }

// exposures are what an entry can state, with other words for the same that catalogs use.
var exposures = map[string]string{
	"internet": "internet", "partner": "partner", "internal": "internal",
	"public": "internet", "external": "internet", "internet-facing": "internet", "public-facing": "internet", "world": "internet", "customer-facing": "internet",
	"partners": "partner", "b2b": "partner", "extranet": "partner",
	"private": "internal", "intranet": "internal", "cluster": "internal", "vpc": "internal", "none": "internal", "cluster-internal": "internal", "internal-only": "internal",
}

// exposureOf gives who can reach a service, "" when the entry does not say so in a word that is known.
func exposureOf(svc *catalog.Service) string {
	return exposures[strings.ToLower(strings.NewReplacer(" ", "-", "_", "-").Replace(strings.TrimSpace(svc.Exposure.Value)))]
}
