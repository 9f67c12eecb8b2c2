package checks

import "obsready/catalog"

var secretsScanned = &Check{
	ID:       "secrets-scanned",
	Title:    "Changes are scanned for secrets",
	Why:      "A key that was pushed once is in every clone, and is found by others within minutes.",
	Fix:      "Run gitleaks, trufflehog or ggshield as a commit hook and on pull requests. Where the code host refuses pushes with secrets, vouch for that setting with an `[[attestation]]`.",
	Source:   "OpenSSF Security Baseline, OSPS-BR-07; OWASP Secrets Management Cheat Sheet; NIST SSDF 1.1, PS.1.",
	Pillar:   Supply,
	Question: Protect,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Attest:   "the code host refuses pushes with secrets",
	Run: func(in *Inspection) {
		requireScan(in, catalog.ScansSecrets, catalog.Workflows, "there is nothing to scan",
			"run gitleaks or its like as a commit hook and on pull requests, or vouch for the code host's push protection with an [[attestation]]")
	},
}
