package checks

import (
	"slices"

	"obsready/catalog"
	"obsready/catalog/dates"
)

var secretsAbsent = &Check{
	ID:    "secrets-absent",
	Title: "No credentials stand in the service's evidence",
	Why:   "Whoever can read the catalog, or a copy of it, can use what stands in it. A secret that was committed stays in the history for as long as the repository does.",
	Fix: "Revoke the credential first, since taking it out of the file does not take it out of the history. Then read it from a secret store or the environment. " +
		"When it is none, say so on its line with the comment `gitleaks:allow`.",
	Source:   "OWASP Secrets Management Cheat Sheet; the providers' documentation of their tokens' forms; NIST SSDF 1.1, PS.1.",
	Pillar:   Secure,
	Question: Protect,
	Severity: Critical,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Secrets},
	All:      true,
	Run: func(in *Inspection) {
		for _, s := range in.Service.Secrets {
			requireAbsent(in, s)
		}
		requireScanned(in)
		if len(in.requirements) == 0 {
			in.Metf(in.Service.At, "no credential was seen in the evidence of the service. this run looked through %d files", in.Estate.Counts.Read)
		}
	},
}

// requireAbsent states one credential. Its value is never shown, nor known here. One that has ended by itself does no
// harm any more.
func requireAbsent(in *Inspection, s catalog.Linked[catalog.Secret]) {
	if end, ok := dates.Parse(s.Item.Until); ok && end.Before(in.Today()) {
		in.Metf(s.Item.At, "what looks like a credential (%s) ended on %s", s.Item.Rule, end).LinkedBy(s.By)
		return
	}
	in.Unmetf(s.Item.At, "a credential stands here (%s): %s. revoke it, and read it from a secret store", s.Item.Rule, s.Item.Why).
		LinkedBy(s.By).Because("secrets in "+s.Item.At.File, "credentials stand in %s", s.Item.At.File)
}

// unscanned are the causes of gaps that hide the bytes of a file. What does not parse was looked through all the same.
var unscanned = []catalog.Cause{catalog.TooLarge, catalog.MissingObject, catalog.Encoding}

// requireScanned states the files of the service that could not be looked through.
func requireScanned(in *Inspection) {
	var seen []string
	for _, g := range in.Service.Gaps {
		if slices.Contains(unscanned, g.Cause) && !slices.Contains(seen, g.At.File) {
			seen = append(seen, g.At.File)
			in.Undecidedf(g.At, "%s could not be looked through (%s: %s)", g.At.File, g.Cause, g.Detail)
		}
	}
}
