// Package branches reads the files in which repositories keep the protection of their branches. It answers "what does a
// change to this branch need?" and never whether that is enough, nor whether the code host follows the file.
package branches

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Formats of catalog.BranchProtection.
const (
	settings = "settings.yml"
	ruleset  = "ruleset"
	asf      = ".asf.yaml"
)

// IsPath reports whether a file would hold branch protection by its path: `settings.yml` of the Settings app below
// .github, an exported ruleset in a folder "rulesets", and `.asf.yaml` of the Apache Software Foundation.
func IsPath(file string) bool { return formatOf(file) != "" }

func formatOf(file string) string {
	base, dir := path.Base(file), path.Dir(file)
	yaml := path.Ext(base) == ".yml" || path.Ext(base) == ".yaml"
	switch {
	case base == ".asf.yaml" && dir == ".":
		return asf
	case yaml && path.Base(dir) == ".github" && strings.TrimSuffix(base, path.Ext(base)) == "settings":
		return settings
	case path.Ext(base) == ".json" && slices.Contains(strings.Split(dir, "/"), "rulesets"):
		return ruleset
	}
	return ""
}

// Read gives the branch protection that a document of such a file holds; ok is false when it holds none. A rule that is
// switched off, or only tried out, protects nothing and is left out.
//
// Sources: the Settings app, README "Usage"; GitHub REST API, "Rules"; Apache Infrastructure, ".asf.yaml features".
func Read(d document.Document) (facts catalog.Facts, ok bool) {
	if d.Root == nil || d.Root.Kind != document.Map {
		return catalog.Facts{}, false
	}
	switch formatOf(d.File) {
	case settings:
		facts.BranchProtections = readSettings(d.Root)
	case ruleset:
		facts.BranchProtections = readRuleset(d.Root)
	case asf:
		facts.BranchProtections = readASF(d.Root)
	}
	return facts, len(facts.BranchProtections) > 0
}

// readSettings reads a file of the Settings app: branches by name with the body of GitHub's request to protect one.
func readSettings(root *document.Node) []*catalog.BranchProtection {
	var all []*catalog.BranchProtection
	for _, b := range root.Get("branches").List() {
		protection := b.Get("protection")
		if protection == nil || protection.Kind != document.Map {
			continue
		}
		p := &catalog.BranchProtection{Format: settings, Branch: b.Get("name").Text(), At: b.Place()}
		reviews(p, protection.Get("required_pull_request_reviews"))
		checks(p, protection.Get("required_status_checks"))
		all = append(all, p)
	}
	return append(all, nestedRulesets(root)...)
}

// nestedRulesets reads the rulesets that later versions of such apps take.
func nestedRulesets(root *document.Node) []*catalog.BranchProtection {
	var all []*catalog.BranchProtection
	for _, r := range root.Get("rulesets").List() {
		all = append(all, readRuleset(r)...)
	}
	return all
}

func readASF(root *document.Node) []*catalog.BranchProtection {
	protected := root.Get("github", "protected_branches")
	if protected == nil || protected.Kind != document.Map {
		return nil
	}
	var all []*catalog.BranchProtection
	for _, pair := range protected.Pairs {
		p := &catalog.BranchProtection{Format: asf, Branch: pair.Key, At: pair.Key.At}
		reviews(p, pair.Value.Get("required_pull_request_reviews"))
		checks(p, pair.Value.Get("required_status_checks"))
		all = append(all, p)
	}
	return all
}

// readRuleset reads one ruleset: its rules hold for every branch that its condition includes.
func readRuleset(root *document.Node) []*catalog.BranchProtection {
	target := root.Get("target").Str()
	if root.Get("enforcement").Str() != "active" || target != "" && target != "branch" {
		return nil
	}
	var all []*catalog.BranchProtection
	names := func(key string) []catalog.Text {
		texts := root.Get("conditions", "ref_name", key).Texts()
		for i := range texts {
			texts[i].Value = strings.TrimPrefix(texts[i].Value, "refs/heads/")
		}
		return texts
	}
	for _, branch := range names("include") {
		p := &catalog.BranchProtection{Format: ruleset, Branch: branch, Except: names("exclude"), At: root.Place()}
		for _, rule := range root.Get("rules").List() {
			switch rule.Get("type").Str() {
			case "pull_request":
				reviews(p, rule.Get("parameters"))
			case "required_status_checks":
				checks(p, rule.Get("parameters"))
			}
		}
		all = append(all, p)
	}
	return all
}

// reviews reads what a change's review needs.
func reviews(p *catalog.BranchProtection, n *document.Node) {
	if n == nil || n.Kind != document.Map {
		return
	}
	count := n.Get("required_approving_review_count").Str()
	if number, err := strconv.Atoi(count); err == nil && number >= 0 {
		p.Reviews = number
	}
	p.CodeOwners = n.First("require_code_owner_reviews", "require_code_owner_review").Bool()
}

// checks reads the status checks that must have passed, in the three ways of naming them.
func checks(p *catalog.BranchProtection, n *document.Node) {
	p.RequiredChecks = append(p.RequiredChecks, n.Get("contexts").Texts()...)
	for _, key := range []string{"checks", "required_status_checks"} {
		for _, check := range n.Get(key).List() {
			if context := check.Get("context").Text(); context.Value != "" {
				p.RequiredChecks = append(p.RequiredChecks, context)
			}
		}
	}
}

// Protects reports whether the protection is for a branch of the given name, and does not leave it out; "~DEFAULT_BRANCH" and
// "~ALL" are for the default branch, whatever its name.
func Protects(p *catalog.BranchProtection, branch string) bool {
	return fits(p.Branch.Value, branch) && !slices.ContainsFunc(p.Except, func(t catalog.Text) bool { return fits(t.Value, branch) })
}

func fits(pattern, branch string) bool {
	switch pattern {
	case branch, "~ALL", "~DEFAULT_BRANCH", "default", "*", "**":
		return true
	}
	matched, err := doublestar.Match(pattern, branch)
	return err == nil && matched
}
