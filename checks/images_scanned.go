package checks

import "obsready/catalog"

var imagesScanned = &Check{
	ID:       "images-scanned",
	Title:    "Container images are scanned for known vulnerabilities",
	Why:      "An image brings an operating system along, whose packages age even when the service does not change.",
	Fix:      "Scan the image where it is built, before it is pushed (trivy, grype, docker scout), and fail the run on what is critical. A registry that scans is vouched for with an `[[attestation]]`.",
	Source:   "NIST SP 800-190, 4.1.1; OWASP Docker Security Cheat Sheet, rule 9.",
	Pillar:   Supply,
	Question: Protect,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows, catalog.ImageBuilds},
	Attest:   "the registry scans the images, and somebody acts on what it finds",
	Run: func(in *Inspection) {
		requireScan(in, catalog.ScansImages, catalog.ImageBuilds, "the service builds no image that was found",
			"scan the image where it is built, or vouch for the registry that scans it with an [[attestation]]")
	},
}
