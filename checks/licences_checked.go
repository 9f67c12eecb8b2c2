package checks

import "obsready/catalog"

var licencesChecked = &Check{
	ID:       "licences-checked",
	Title:    "The licences of dependencies are checked",
	Why:      "A licence that forbids what the company does with the code is found by lawyers when nobody looked before.",
	Fix:      "Check them on pull requests: `actions/dependency-review-action` with `allow-licenses`, go-licenses, license_finder, cargo deny, FOSSA, or trivy with `--scanners license`.",
	Source:   "OpenChain ISO/IEC 5230; OpenSSF Security Baseline, OSPS-LE-02.",
	Pillar:   Supply,
	Question: Protect,
	Severity: Low,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows, catalog.Manifests},
	Attest:   "the licences of dependencies are checked outside of the pipelines that are read",
	Run: func(in *Inspection) {
		requireScan(in, catalog.ChecksLicences, catalog.Manifests, "no dependency manifest of a programming language was found",
			"check licences on pull requests, or vouch for the service that does with an [[attestation]]")
	},
}
