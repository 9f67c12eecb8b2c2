package checks

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/owners"
)

var ownerCodeowners = &Check{
	ID:       "owner-codeowners",
	Title:    "CODEOWNERS gives the service's entry to the team that owns the service",
	Why:      "The catalog says who answers for the service, CODEOWNERS says who has to agree to a change. When they differ, one of them is out of date, and changes to alerts and runbooks are reviewed by somebody else.",
	Fix:      "Add a rule for the service's folder to `CODEOWNERS`, as in `/services/checkout/ @acme/payments`. When the code host knows the team by another name, list that name under `aliases` in the team's entry.",
	Source:   "GitHub and GitLab documentation, \"Code owners\": the last rule that matches decides. Production readiness checklists (ownership).",
	Pillar:   Ownership,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Owners},
	Run: func(in *Inspection) {
		team := answeringTeam(in)
		if team == nil {
			return
		}
		file := in.Service.At.File
		if other := differentOwner(in.Estate, in.Service); other != nil {
			in.NotApplicablef("%s lists services of several owners, such as %q, and a code host knows one owner of a file", file, other.ID)
			return
		}
		codeOwners := effectiveCodeOwners(in.Estate, "")
		if codeOwners == nil {
			noCodeOwners(in, "")
			return
		}
		if rule, ok := decidingRule(codeOwners, file); ok {
			requireOwner(in, team, file, rule)
		} else {
			in.Missingf(catalog.Place{File: codeOwners.At.File}, "no rule of %s is about %q. add %s", codeOwners.At.File, file, exampleRule(in.Service, team))
		}
	},
}

// differentOwner gives another service that the same file lists for another owner, nil when there is none.
func differentOwner(estate *catalog.Estate, svc *catalog.Service) *catalog.Service {
	if svc.Folder != "" {
		return nil
	}
	for _, s := range estate.Services {
		if s.At.File == svc.At.File && s.Owner.Ref.Value != svc.Owner.Ref.Value {
			return s
		}
	}
	return nil
}

// effectiveCodeOwners gives the one CODEOWNERS file of a repository that the code host uses: GitHub takes the first of
// .github, the root and docs; GitLab the first of the root, docs and .gitlab. The repository is given by its folder in the
// estate, "" for the catalog's own.
func effectiveCodeOwners(estate *catalog.Estate, repository string) *catalog.CodeOwners {
	for _, folder := range []string{".github", ".", "docs", ".gitlab"} {
		for _, c := range estate.CodeOwners {
			if path.Dir(c.At.File) == path.Join(repository, folder) {
				return c
			}
		}
	}
	return nil
}

// noCodeOwners states that a repository, given by its folder, has no CODEOWNERS file that was read.
func noCodeOwners(in *Inspection, repository string) {
	for _, g := range in.Estate.Gaps {
		if g.Concerns(catalog.Owners) && in.Estate.Revision.Folder(g.At.File) == repository {
			in.Undecidedf(g.At, "%s could not be read (%s: %s)", g.At, g.Cause, g.Detail).
				Because("no CODEOWNERS", "%s could not be read", g.At.File)
			return
		}
	}
	if repository != "" {
		in.Missingf(in.Service.Source.At, "the repository %q has no CODEOWNERS file. add one that gives its files to their owners", repository)
		return
	}
	in.Missingf(in.Service.At, "the catalog has no CODEOWNERS file. add one that gives each service's folder to its team").
		Because("no CODEOWNERS", "the catalog has no CODEOWNERS file")
}

// decidingRule gives the rule that decides about a file. Matching compiles the rules it is given, so those that cannot
// match are left out first; with GitLab's sections all rules have a say.
func decidingRule(c *catalog.CodeOwners, file string) (catalog.OwnerRule, bool) {
	if slices.ContainsFunc(c.Rules, func(r catalog.OwnerRule) bool { return r.Section != "" }) {
		return owners.Match(c, file)
	}
	likely := &catalog.CodeOwners{At: c.At}
	for _, r := range c.Rules {
		if mayMatch(r.Pattern.Value, file) {
			likely.Rules = append(likely.Rules, r)
		}
	}
	return owners.Match(likely, file)
}

// mayMatch reports whether the literal parts of a pattern all stand in the path.
func mayMatch(pattern, file string) bool {
	for part := range strings.FieldsFuncSeq(pattern, func(r rune) bool { return strings.ContainsRune(`*?\/`, r) }) {
		if !strings.Contains(file, part) {
			return false
		}
	}
	return true
}

// requireOwner asks that the rule which decides about the file names the team. Services for which one rule decides
// wrongly share that rule as the cause.
func requireOwner(in *Inspection, team *catalog.Team, file string, rule catalog.OwnerRule) {
	pattern := rule.Pattern.Value
	for _, o := range rule.Owners {
		if ownsAs(team, o.Value) {
			in.Metf(o.At, "rule %q gives %q to %q, which is team %q", pattern, file, o.Value, team.ID)
			return
		}
	}
	gives := "gives it to " + quoted(rule.Owners)
	if len(rule.Owners) == 0 {
		gives = "gives it to nobody"
	}
	in.Missingf(rule.Pattern.At, "service %q is owned by team %q, but the rule that decides about %q, %q, %s. add %s after it",
		in.Service.Name.Value, team.ID, file, pattern, gives, exampleRule(in.Service, team)).
		Because("CODEOWNERS rule "+rule.Pattern.At.String(), "the CODEOWNERS rule %q decides about entries of teams that it does not name", pattern)
}

// exampleRule gives the rule that would be right.
func exampleRule(svc *catalog.Service, team *catalog.Team) string {
	owner := "@<organisation>/" + team.Name.Value
	for _, a := range team.Aliases {
		if strings.HasPrefix(a.Value, "@") {
			owner = a.Value
			break
		}
	}
	if svc.Folder != "" {
		return fmt.Sprintf("%q", "/"+svc.Folder+"/ "+owner)
	}
	return fmt.Sprintf("%q", "/"+svc.At.File+" "+owner)
}

// ownsAs reports whether an owner that a CODEOWNERS file names is the team: "@acme/payments" by an alias or by its last
// part, which may be the team's name with or without "team-" before it; a mail address by the team's contact.
func ownsAs(team *catalog.Team, owner string) bool {
	if !strings.HasPrefix(owner, "@") {
		return strings.EqualFold(team.Contact.Value, owner)
	}
	names := append([]catalog.Text{team.Name, {Value: team.ID}}, team.Aliases...)
	last := owner[strings.LastIndexAny(owner, "@/")+1:]
	return slices.ContainsFunc(names, func(t catalog.Text) bool {
		return strings.EqualFold(t.Value, owner) || strings.EqualFold(withoutTeam(t.Value), withoutTeam(last))
	})
}

func withoutTeam(name string) string {
	name = strings.ToLower(name)
	return strings.TrimPrefix(strings.TrimSuffix(name, "-team"), "team-")
}
