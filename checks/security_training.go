package checks

import "obsready/catalog"

var securityTraining = &Check{
	ID:       "security-training",
	Title:    "The people of the owning team are trained in secure development",
	Why:      "Tools find the mistakes they know. The others are found, or not made, by people who have seen such mistakes before.",
	Fix:      "Train the team at least once a year and vouch for it: an `[[attestation]]` with `check = \"security-training\"`, the team, a link to the record, and the day until which it holds.",
	Source:   "NIST SSDF 1.1, PO.2.2 \"Provide role-based training\"; PCI DSS 4.0, 6.2.2 (at least once every 12 months).",
	Pillar:   Secure,
	Question: Protect,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Attestations},
	Attest:   "the team's engineers had training in secure development within the last year",
	Run: func(in *Inspection) {
		team := answeringTeam(in)
		switch a := in.lapsed(); {
		case team == nil:
		case a != nil:
			in.Unmetf(a.Until.At.Or(a.At), "the training of team %q was vouched for until %s. train again and write the new day", team.ID, a.Until.Value).
				Because("security training of team "+team.ID+" lapsed", "the security training of team %q has lapsed", team.ID)
		default:
			in.Unseenf(team.At, "whether the people of team %q are trained in secure development stands in no file. vouch for it with an [[attestation]]", team.ID).
				Because("security training of team "+team.ID, "nobody vouches for the security training of team %q", team.ID)
		}
	},
}
