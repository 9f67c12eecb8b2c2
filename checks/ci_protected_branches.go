package checks

import (
	"obsready/catalog"
	"obsready/catalog/branches"
)

var ciProtectedBranches = &Check{
	ID:       "ci-protected-branches",
	Title:    "The branches that are released from take reviewed changes only",
	Why:      "Whoever can push to the default branch ships to production. Review by somebody else is what stands between a stolen account and the users.",
	Fix:      "Protect the branch: no direct pushes, at least one review, review by code owners. Vouch for the setting with an `[[attestation]]`, with a link to the rule, or keep the rule as a file (`.github/settings.yml`, an exported ruleset, `.asf.yaml`).",
	Source:   "OpenSSF Scorecard, Branch-Protection (settings that no file shows are not judged); OpenSSF Security Baseline, OSPS-AC-03.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: High,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.BranchProtections, catalog.Attestations},
	Attest:   "the default branch takes pull requests only that a code owner has reviewed",
	Run: func(in *Inspection) {
		if vouched(in) || !codeRead(in) {
			return
		}
		protections := protectionsOf(in.Service)
		for _, p := range protections {
			if p.Item.Reviews > 0 {
				in.Metf(p.Item.At, "%s demands %s for changes of %q", p.Item.At.File, count(p.Item.Reviews, "approval", "approvals"), p.Item.Branch.Value).LinkedBy(p.By)
				return
			}
		}
		if len(protections) > 0 {
			p := protections[0]
			in.Unmetf(p.Item.At, "%s protects %q and demands no approval of its changes. demand at least one", p.Item.At.File, p.Item.Branch.Value).LinkedBy(p.By)
			return
		}
		in.Unseenf(in.Service.Source.At, "whether the default branch is protected is a setting of the code host. vouch for it with an [[attestation]], or keep the rule as a file")
	},
}

// protectionsOf gives the files' rules for the default branch of a service's repository: of the names that such branches
// have, the first for which there is a rule.
func protectionsOf(svc *catalog.Service) []catalog.Linked[catalog.BranchProtection] {
	for _, name := range defaultBranches {
		var all []catalog.Linked[catalog.BranchProtection]
		for _, p := range svc.BranchProtections {
			if branches.Protects(p.Item, name) {
				all = append(all, p)
			}
		}
		if len(all) > 0 {
			return all
		}
	}
	return nil
}
