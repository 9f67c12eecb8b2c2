package checks

import (
	"obsready/catalog"
	"obsready/checks/delivery"
)

var securityTesting = &Check{
	ID:       "security-testing",
	Title:    "The service's code is analysed for weaknesses in its pipeline",
	Why:      "Injection, unsafe deserialisation and forgotten checks are patterns that tools find in minutes, and that attackers find with the same tools.",
	Fix:      "Run static analysis on pull requests: CodeQL, Semgrep, SonarQube, gosec, bandit, brakeman. When it is switched on in the settings of the code host, vouch for it with an `[[attestation]]`.",
	Source:   "NIST SSDF 1.1, PW.7.2 and PW.8; OpenSSF Scorecard, SAST; OpenSSF Security Baseline, OSPS-VM-06.",
	Pillar:   Secure,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Attest:   "the code is analysed by a service outside of the pipelines, such as the default setup of code scanning",
	Run: func(in *Inspection) {
		if vouched(in) || !codeRead(in) {
			return
		}
		for _, c := range in.SecurityChecks(in.Service) {
			if c.Purpose == catalog.AnalysesCode {
				requireAnalysis(in, c)
			}
		}
	},
}

// requireAnalysis asks that static analysis runs by itself. How early it runs and whether it can stop a change is for
// security-check-early; here it is only told.
func requireAnalysis(in *Inspection, c delivery.SecurityCheck) {
	switch {
	case c.Stage != catalog.NoStage && c.Gates:
		in.Metf(c.At, "%s runs at the stage %q and can fail the run", c.Tool, string(c.Stage))
	case c.Stage != catalog.NoStage && c.Unsure:
		in.Metf(c.At, "%s runs at the stage %q. whether it can fail the run is not known", c.Tool, string(c.Stage))
	case c.Stage != catalog.NoStage:
		in.Metf(c.At, "%s runs at the stage %q. it cannot fail the run by itself", c.Tool, string(c.Stage))
	case len(in.Service.Workflows) == 0:
		in.Missingf(in.Service.Source.At, "the service has no pipeline. add one that builds and tests it, and let static analysis run in it")
	default:
		notSeen(in, in.Service.Workflows[0].Item.At, catalog.AnalysesCode, "no static analysis of the service was found that runs by itself", "run one on pull requests, such as CodeQL or Semgrep, or vouch for one elsewhere with an [[attestation]]")
	}
}
