// Package toil reads logs of manual operational work: TOML files, CSV files and Markdown tables. It answers "which task is
// done by hand, how often, how long?" and never "is that too much?".
//
// Toil is manual, repetitive, automatable work that grows with the service.
// Source: Google SRE book, ch. 5 "Eliminating Toil".
package toil

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// IsPath says whether a path looks like that of a toil log: a TOML, CSV or Markdown file whose name, or the name of a folder
// above it, has the word toil ("toil.toml", "payments/toil-log.csv", "toil/2026.md").
func IsPath(file string) bool {
	file = strings.ToLower(path.Clean(file))
	ext := path.Ext(file)
	if ext != ".toml" && ext != ".csv" && ext != ".tsv" && !pages.IsPath(file) {
		return false
	}
	folders, name := path.Split(file)
	return speaks(strings.TrimSuffix(name, ext)) || slices.ContainsFunc(strings.Split(folders, "/"), isCollection)
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func speaks(name string) bool {
	all := words(name)
	return slices.Contains(all, "toil") || slices.Contains(all, "toillog")
}

func isCollection(folder string) bool {
	return slices.Contains([]string{"toil", "toillog", "toillogs", "toilreports"}, strings.Join(words(folder), ""))
}

// synonyms are the words under which logs write the categories, by category.
var synonyms = map[string][]string{
	"deployments":        {"deployment", "deploy", "deploys", "release", "releases", "rollout", "rollouts", "rollback", "rollbacks", "deploying", "upgrade", "upgrades", "patching", "migration", "migrations"},
	"data fixes":         {"data fix", "data correction", "data corrections", "data repair", "data cleanup", "data patch", "manual data fix", "database fix", "database fixes", "data"},
	"access requests":    {"access request", "access", "permissions", "permission", "access provisioning", "account requests", "user management", "onboarding", "offboarding", "access management", "iam"},
	"support triage":     {"support", "triage", "ticket triage", "support tickets", "tickets", "customer support", "alert triage", "interrupts"},
	"environment setup":  {"environment", "environments", "environment provisioning", "provisioning", "setup", "configuration", "config", "configuration changes", "infrastructure"},
	"release notes":      {"release note", "changelog", "changelogs", "release documentation"},
	"incident reporting": {"incident report", "incident reports", "incidents", "incident", "reporting", "status reports", "incident response"},
	"other":              {"misc", "miscellaneous", "others"},
}

// Category gives the category that a word of a log means, one of [catalog.ToilCategories].
func Category(word string) (string, bool) {
	word = strings.Join(words(strings.ToLower(word)), " ")
	for _, c := range catalog.ToilCategories {
		if word == c || slices.Contains(synonyms[c], word) {
			return c, true
		}
	}
	return "", false
}
