package checks

import (
	"strings"

	"obsready/catalog"
)

var securityRoles = &Check{
	ID:       "security-roles",
	Title:    "The owning team has somebody who answers for security",
	Why:      "A vulnerability report, a leaked key or a threat model needs a name. When security is everybody's task, each waits for the others.",
	Fix:      "Set `security = \"grace\"` in the team's `team.toml`: a security champion, or the address of those who help the team. For a Backstage group add the annotation `obsready.dev/security`.",
	Source:   "NIST SSDF 1.1, PO.2 \"Implement Roles and Responsibilities\"; OWASP Security Champions Guide.",
	Pillar:   Secure,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Teams},
	Run: func(in *Inspection) {
		team := answeringTeam(in)
		if team == nil {
			return
		}
		member, named := securityMember(team)
		switch {
		case team.Security.Value != "" && blank(team.Security.Value):
			in.Unmetf(team.Security.At, "security contact %q of team %q is a placeholder. name a person or an address", team.Security.Value, team.ID).
				Because("security of team "+team.ID, "the security contact of team %q is a placeholder", team.ID)
		case team.Security.Value != "":
			in.Metf(team.Security.At, "%q answers for security in team %q", team.Security.Value, team.ID)
		case named:
			in.Metf(member.At, "member %q of team %q answers for security", member.Value, team.ID)
		default:
			missingOfTeam(in, team, "team %q names nobody who answers for security. set security to a security champion or contact", team.ID).
				Because("security of team "+team.ID, "team %q names nobody who answers for security", team.ID)
		}
	},
}

// securityMember gives the member of a team whose entry states a role in security: "Grace (security champion)".
func securityMember(team *catalog.Team) (member catalog.Text, found bool) {
	for _, m := range team.Members {
		if strings.Contains(strings.ToLower(m.Value), "security") {
			return m, true
		}
	}
	return catalog.Text{}, false
}
