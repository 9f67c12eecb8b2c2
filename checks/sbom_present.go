package checks

import (
	"slices"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/checks/delivery"
)

var sbomPresent = &Check{
	ID:       "sbom-present",
	Title:    "Critical services have a current software bill of materials",
	Why:      "When the next Log4Shell is published, \"are we affected, and where?\" has to be answered in minutes and for everything.",
	Fix:      "Let the release write an SBOM (`anchore/sbom-action`, `syft`, `cyclonedx-*`, `trivy --format cyclonedx`), or keep one in the repository as CycloneDX or SPDX.",
	Source:   "OpenSSF Scorecard, SBOM; NTIA, \"The Minimum Elements For a Software Bill of Materials\"; OpenSSF Security Baseline, OSPS-QA-02.02.",
	Pillar:   Supply,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.SBOMs, catalog.Workflows},
	Attest:   "an SBOM of each release is kept where this run does not look",
	Run: func(in *Inspection) {
		why, needed := critical(in.Service)
		if !needed {
			in.NotApplicablef("the service is neither of tier 1 nor handles regulated data")
			return
		}
		if vouched(in) || requireSBOMs(in) || !codeRead(in) {
			return
		}
		runs := in.pipelines.Runs(in.Service)
		writes := func(r delivery.Run) bool { return r.Tool.Purpose == catalog.WritesSBOM }
		run := delivery.Best(runs, writes)
		if run.Stage == catalog.NoStage {
			run = delivery.ByHand(runs, writes)
		}
		switch {
		case run.Workflow != nil:
			in.requirements = nil // what the release writes counts, whatever lies in the repository
			in.Metf(run.Tool.At, "%s writes an SBOM %s", run.Tool.Name, whenRun(run))
		case len(in.requirements) == 0:
			notSeen(in, in.Service.Source.At, catalog.WritesSBOM, "no SBOM of the service was found, and nothing is seen to write one ("+why+")", "add one to the release")
		}
	},
}

// requireSBOMs judges the SBOMs that lie in the repository, and reports whether one of them is good. Then nothing is said
// about the others, which are those of older releases.
func requireSBOMs(in *Inspection) bool {
	for _, b := range in.Service.SBOMs {
		if !b.Item.VEX {
			requireSBOM(in, b)
		}
	}
	isMet := func(q Requirement) bool { return q.State == Met }
	if !slices.ContainsFunc(in.requirements, isMet) {
		return false
	}
	in.requirements = slices.DeleteFunc(in.requirements, func(q Requirement) bool { return !isMet(q) })
	return true
}

// writtenOn gives the day that an SBOM states, else that of its last change; false when neither is known.
func writtenOn(b *catalog.SBOM) (dates.Day, bool) {
	day, ok := dates.Parse(b.Created.Value)
	if !ok && !b.Changed.IsZero() {
		return dates.On(b.Changed.UTC()), true
	}
	return day, ok
}

// requireSBOM states whether an SBOM lists components and is current, by the day that it states, else that of its last
// change.
func requireSBOM(in *Inspection, b catalog.Linked[catalog.SBOM]) {
	day, ok := writtenOn(b.Item)
	at := b.Item.Created.At.Or(b.Item.At)
	file, allowed := b.Item.At.File, dayCount(in.Settings.SBOMMaxAge)
	switch age := day.Until(in.Today()); {
	case b.Item.Components == 0:
		in.Unmetf(b.Item.At, "the %s document %s lists no components. let a tool write it from the build", b.Item.Format, file).LinkedBy(b.By)
	case !ok:
		in.Undecidedf(at, "when the SBOM %s was written is not stated. let the tool write its timestamp", file).LinkedBy(b.By)
	case day.After(dates.Begun(in.Now)):
		in.Unmetf(at, "the SBOM %s is from %s, which lies in the future. correct it", file, day).LinkedBy(b.By)
	case age > allowed:
		in.Unmetf(at, "the SBOM %s is from %s, %d days ago. %d days are allowed: write it with each release", file, day, age, allowed).LinkedBy(b.By)
	default:
		in.Metf(at, "the %s document %s lists %s, as of %s", b.Item.Format, file, count(b.Item.Components, "component", "components"), day).LinkedBy(b.By)
	}
}
