package checks

import "obsready/catalog"

var ownerContact = &Check{
	ID:       "owner-contact",
	Title:    "The owning team can be reached: its entry names a channel or an address",
	Why:      "Whoever sees the service fail first is often not in the team that owns it. Without a channel the report waits until somebody knows somebody.",
	Fix:      "Set `contact = \"#payments\"` in the team's `team.toml`: a chat channel that people read, or an address. For a Backstage group set `spec.profile.email`, or add an annotation or link that names the chat channel.",
	Source:   "Production readiness checklists (team contact, communication channel); Datadog service scorecards (contacts).",
	Pillar:   Ownership,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Teams},
	Run: func(in *Inspection) {
		team := answeringTeam(in)
		switch {
		case team == nil:
		case team.Contact.Value == "":
			missingOfTeam(in, team, "team %q has no contact. name a chat channel or an address in its entry", team.ID).
				Because("contact of team "+team.ID, "team %q has no contact", team.ID)
		case blank(team.Contact.Value):
			in.Unmetf(team.Contact.At, "contact %q of team %q is a placeholder. name a chat channel or an address", team.Contact.Value, team.ID).
				Because("contact of team "+team.ID, "the contact of team %q is a placeholder", team.ID)
		default:
			in.Metf(team.Contact.At, "team %q is reached at %q", team.ID, team.Contact.Value)
		}
	},
}
