package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
)

var securityReview = &Check{
	ID:    "security-review",
	Title: "Every change of the service's code has code owners who are asked to review it",
	Why:   "What no tool finds, such as a missing check of who may do this, is found by people who know the code. Files that nobody owns are changed without them.",
	Fix: "Give the service's folder to its team in `CODEOWNERS`, and demand review by code owners. Whether the code host demands it is a setting that ci-protected-branches asks for; kept as a file " +
		"(`.github/settings.yml`, an exported ruleset, `.asf.yaml`) it is judged here: set `require_code_owner_reviews: true`.",
	Source:   "NIST SSDF 1.1, PW.7 \"Review and/or Analyze Human-Readable Code\"; OpenSSF Scorecard, Code-Review; GitHub documentation, \"About code owners\".",
	Pillar:   Secure,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Owners, catalog.BranchProtections},
	Attest:   "every change of the code is reviewed by somebody who knows it",
	Run: func(in *Inspection) {
		if vouched(in) || !codeRead(in) {
			return
		}
		repository := in.Estate.Revision.Folder(in.Service.Source.Folder)
		codeOwners := effectiveCodeOwners(in.Estate, repository)
		switch {
		case codeOwners != nil:
			requireCodeOwners(in, codeOwners, repository)
			requireOwnersReview(in)
		case repository == "" && in.Service.Owner.Team != nil && !placeholder(in.Service.Owner.Team.Name.Value) && differentOwner(in.Estate, in.Service) == nil:
			in.NotApplicablef("the repository has no CODEOWNERS file, which owner-codeowners reports")
		default:
			noCodeOwners(in, repository)
		}
	},
}

// maxOwnedFiles is how many files of a service are held against CODEOWNERS. They are taken evenly from all.
const maxOwnedFiles = 24

// requireCodeOwners asks that the files of the service's folder have code owners. The rules are about paths in the
// repository, whose folder in the estate is given.
func requireCodeOwners(in *Inspection, codeOwners *catalog.CodeOwners, repository string) {
	files := sampleFiles(in.Estate.Files, in.Service.Source.Folder)
	var owned catalog.OwnerRule
	var without []string
	var form catalog.Text // an owner that keeps a place
	for _, file := range files {
		rule, ok := decidingRule(codeOwners, strings.TrimPrefix(strings.TrimPrefix(file, repository), "/"))
		if !ok || !slices.ContainsFunc(rule.Owners, isSomebody) {
			without = append(without, file)
			if ok && len(rule.Owners) > 0 {
				form = rule.Owners[0]
			}
			continue
		}
		owned = rule
	}
	folder := "the repository"
	if in.Service.Source.Folder != "" {
		folder = fmt.Sprintf("%q", in.Service.Source.Folder)
	}
	switch {
	case len(files) == 0:
	case len(without) == 0:
		in.Metf(owned.Pattern.At, "the files of %s have code owners, by rule %q and its like", folder, owned.Pattern.Value)
	case form.Value != "":
		in.Unmetf(form.At, "code owner %q of files in %s, such as %q, only keeps a place. name a team or a person", form.Value, folder, without[0])
	default:
		in.Missingf(catalog.Place{File: codeOwners.At.File}, "%d of %d files looked at in %s have no code owner, such as %q. add a rule for the folder", len(without), len(files), folder, without[0])
	}
}

// formOwners are the owners that the forms and the documentation of CODEOWNERS come with.
var formOwners = []string{"owner", "owners", "username", "user", "your-username", "your-team", "your-org/your-team", "org/team", "org/team-name", "global-owner1", "global-owner2", "octocat"}

// isSomebody reports whether an owner of a rule is somebody, and no placeholder such as "@OWNER".
func isSomebody(owner catalog.Text) bool {
	name := strings.ToLower(strings.TrimPrefix(owner.Value, "@"))
	return !placeholder(name) && !slices.Contains(formOwners, name)
}

// sampleFiles gives some of the files below a folder, evenly from all of them.
func sampleFiles(all []string, folder string) []string {
	from, to := 0, len(all)
	if folder != "" {
		from, _ = slices.BinarySearch(all, folder+"/")
		to = from
		for to < len(all) && strings.HasPrefix(all[to], folder+"/") {
			to++
		}
	}
	files := all[from:to]
	if len(files) <= maxOwnedFiles {
		return files
	}
	sample := make([]string, maxOwnedFiles)
	for i := range sample {
		sample[i] = files[i*len(files)/maxOwnedFiles]
	}
	return sample
}

// defaultBranches are the names that default branches have.
var defaultBranches = []string{"main", "master", "trunk", "develop"}

// requireOwnersReview judges what a file of settings demands of changes to the default branch. Without such a file it
// says nothing: the setting is asked for by ci-protected-branches.
func requireOwnersReview(in *Inspection) {
	protections := protectionsOf(in.Service)
	for _, p := range protections {
		if p.Item.CodeOwners {
			in.Metf(p.Item.At, "%s demands review by a code owner for changes of %q", p.Item.At.File, p.Item.Branch.Value).LinkedBy(p.By)
			return
		}
	}
	if len(protections) > 0 {
		p := protections[0]
		in.Unmetf(p.Item.At, "%s protects %q and does not demand review by a code owner. set require_code_owner_reviews to true", p.Item.At.File, p.Item.Branch.Value).
			LinkedBy(p.By).Because("branch protection "+p.Item.At.File, "%s does not demand review by code owners", p.Item.At.File)
	}
}
