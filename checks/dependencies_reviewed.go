package checks

import (
	"fmt"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var dependenciesReviewed = &Check{
	ID:       "dependencies-reviewed",
	Title:    "Dependencies that a change brings in are reviewed",
	Why:      "A new dependency brings a tree of others that nobody chose. One maintainer's stolen account in it is enough.",
	Fix:      "Let the pull request show what it adds (`actions/dependency-review-action`, `cargo vet`), or keep a record of reviews as VEX. A review elsewhere is vouched for with an `[[attestation]]`.",
	Source:   "NIST SSDF 1.1, PW.4.1 and PW.4.4; SLSA, \"Dependency track\"; OpenSSF S2C2F, AUD.",
	Pillar:   Supply,
	Question: Protect,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Workflows, catalog.SBOMs},
	Attest:   "dependencies with high risk, those of dependencies among them, were reviewed",
	Run: func(in *Inspection) {
		if vouched(in) || !codeRead(in) {
			return
		}
		runs := in.pipelines.Runs(in.Service)
		if !delivery.Applies(catalog.ScansDependencies, in.Service, runs) {
			notApplicableUnlessHidden(in, catalog.Manifests, "no dependency manifest of a programming language was found")
			return
		}
		if run := delivery.Best(runs, func(r delivery.Run) bool { return r.Tool.Purpose == catalog.ReviewsChanges }); run.Stage != catalog.NoStage {
			requireReview(in, run)
			return
		}
		for _, b := range in.Service.SBOMs {
			if day, ok := writtenOn(b.Item); b.Item.VEX && ok && day.Until(in.Today()) <= dayCount(in.Settings.SBOMMaxAge) {
				in.Metf(b.Item.At, "the %s document %s records what was found about vulnerabilities, as of %s", b.Item.Format, b.Item.At.File, day).LinkedBy(b.By)
				return
			}
		}
		in.Unseenf(in.Service.Source.At, "no record of reviewed dependencies was found. show them in pull requests with actions/dependency-review-action, or vouch for the review with an [[attestation]]")
	},
}

// requireReview asks that what a change adds is shown while it can still be stopped.
func requireReview(in *Inspection, run delivery.Run) {
	if delivery.After(run.Stage, catalog.OnPullRequest) {
		onlyLate(in, run.Tool.At, catalog.ReviewsChanges, fmt.Sprintf("%s runs first at the stage %q, when what it shows is in already", run.Tool.Name, string(run.Stage)), "run it on pull requests")
		return
	}
	in.Metf(run.Tool.At, "%s shows what a change adds, at the stage %q", run.Tool.Name, string(run.Stage))
}
