package scorecard

import (
	"strings"

	"obsready/catalog/tomldoc"
)

// policyExample is a policy as organisations write it.
const policyExample = `[catalog]
web    = "https://github.com/acme/catalog"
ignore = ["**/node_modules/**", "**/vendor/**", ".git/**", "archive/**"]

[[site]]                          # runbook links to this site lead to files of the catalog
url    = "https://docs.acme.example/manual"
folder = "source/manual"
suffix = [".html.md", ".md"]

[labels]
service = ["service", "app", "job"]
team    = ["team"]

[levels]                          # what each tier requires
1 = "gold"
2 = "silver"
3 = "bronze"

[points]
critical = 10
low      = 1

[thresholds]
page_severities = ["page"]
severities      = ["page", "ticket", "info"]
runbook_max_age = "365d"

[checks.alert-tested]             # shown for now, counted later
state = "announced"

[checks.logs-retention]
severity = "low"
level    = "gold"
`

// PolicyReference gives the written reference of obsready.toml, as "obsready explain obsready.toml" prints it.
func PolicyReference() string {
	return `obsready.toml is the policy of an organisation. It stands at the root of the catalog, and every key may be left out.
An example:

` + indent(policyExample) + `
Every key. Where there is a default, the example is the default. Durations are written as in Prometheus: "2m", "12h",
"90d". A key that does not exist, or a value that cannot be, ends the run.
` + tomldoc.Reference(policyFile{})
}

// indent sets a text apart from the one around it.
func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
}
