package checks

import (
	"fmt"
	"slices"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var securityCheckEarly = &Check{
	ID:       "security-check-early",
	Title:    "Security checks run before a change is merged, and can stop it",
	Why:      "A finding in the pull request is mended by its author in minutes. The same finding in a nightly scan is a ticket, and after the release an incident.",
	Fix:      "Let the dependency, secret, static and image checks run on pull requests, and let a finding fail the run: no `continue-on-error`, no `|| true`, an exit code other than 0.",
	Source:   "NIST SP 800-204D; NIST SSDF 1.1, PW.7 and PW.8; OpenSSF Security Baseline, OSPS-VM-05 and VM-06.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Run: func(in *Inspection) {
		if !codeRead(in) {
			return
		}
		for _, c := range in.SecurityChecks(in.Service) {
			if slices.Contains(earlyChecks, c.Purpose) && c.Applies && c.Stage != catalog.NoStage {
				requireEarly(in, c)
			}
		}
		if len(in.requirements) == 0 {
			notApplicableUnlessHidden(in, catalog.Workflows, "no security check of the service is seen to run by itself. the checks of each kind ask for them")
		}
	},
}

// earlyChecks are the checks that a change has to pass.
var earlyChecks = []catalog.Purpose{catalog.ScansDependencies, catalog.ScansSecrets, catalog.ScansImages, catalog.AnalysesCode}

func requireEarly(in *Inspection, c delivery.SecurityCheck) {
	switch {
	case c.Late():
		onlyLate(in, c.At, c.Purpose, fmt.Sprintf("the %s by %s runs first at the stage %q", c.Purpose, c.Tool, string(c.Stage)), fmt.Sprintf("let it run at the stage %q", string(c.Latest)))
	case c.Gates:
		in.Metf(c.At, "the %s by %s runs at the stage %q and can fail the run", c.Purpose, c.Tool, string(c.Stage))
	case c.Uploaded():
		in.Metf(c.At, "the %s by %s runs at the stage %q, and its results are uploaded to code scanning, whose check fails for what is grave unless it is set up otherwise", c.Purpose, c.Tool, string(c.Stage))
	case c.Unsure:
		in.Undecidedf(c.At, "the %s by %s runs at the stage %q, and whether it can fail the run is not known: %s. let a finding fail it in any case", c.Purpose, c.Tool, string(c.Stage), c.Why)
	default:
		in.Unmetf(c.At, "the %s by %s runs at the stage %q and cannot fail the run: %s. let a finding fail it", c.Purpose, c.Tool, string(c.Stage), orElse(c.Why, "nothing makes a finding fail"))
	}
}

// CanStop takes a security check that runs, and reports whether what it finds can stop the change: it fails the run, or it is
// judged by the code host's code scanning.
func CanStop(c delivery.SecurityCheck) bool { return c.Gates || c.Uploaded() }
