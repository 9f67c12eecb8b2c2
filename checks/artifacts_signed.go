package checks

import (
	"fmt"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var artifactsSigned = &Check{
	ID:       "artifacts-signed",
	Title:    "Released artifacts are signed, or carry a provenance",
	Why:      "Whoever can write to the registry can otherwise swap the image, and nothing that deploys it would notice.",
	Fix:      "Sign in the release (`cosign sign`), or let a trusted builder attest it (`actions/attest-build-provenance`, the SLSA generators).",
	Source:   "OpenSSF Scorecard, Signed-Releases; SLSA 1.0, Build L2; OpenSSF Security Baseline, OSPS-BR-06.01.",
	Pillar:   Supply,
	Question: Protect,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Workflows},
	Attest:   "released artifacts are signed outside of the pipelines that are read",
	Run: func(in *Inspection) {
		if vouched(in) || !codeRead(in) {
			return
		}
		runs := in.pipelines.Runs(in.Service)
		if !delivery.Applies(catalog.Signs, in.Service, runs) {
			notApplicableUnlessHidden(in, catalog.Workflows, "nothing is seen to build an image of the service or to publish it")
			return
		}
		signs := func(r delivery.Run) bool { return r.Tool.Purpose == catalog.Signs || r.Tool.Purpose == catalog.Attests }
		run := delivery.Best(runs, signs)
		if run.Stage == catalog.NoStage {
			run = delivery.ByHand(runs, signs)
		}
		switch {
		case run.Workflow == nil:
			notSeen(in, in.Service.Source.At, catalog.Signs, "nothing is seen to sign what the service releases", "sign it with cosign, or attest its provenance")
		case !run.Tool.Gates && run.Tool.Why != "" && !run.Tool.Unsure:
			in.Unmetf(run.Tool.At, "%s (%s) may fail without notice: %s. let the release end when it fails", run.Tool.Name, run.Tool.Purpose, run.Tool.Why)
		default:
			in.Metf(run.Tool.At, "%s (%s) runs %s", run.Tool.Name, run.Tool.Purpose, whenRun(run))
		}
	},
}

// whenRun says when a tool runs.
func whenRun(r delivery.Run) string {
	if r.Stage == catalog.NoStage {
		return "when somebody starts the release"
	}
	return fmt.Sprintf("at the stage %q", string(r.Stage))
}
