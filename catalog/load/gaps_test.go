package load

import (
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
)

// withGap gives the services that a gap of a kind is known to.
func withGap(e *catalog.Estate, kind catalog.Kind) string {
	var all []string
	for _, s := range e.Services {
		if s.Gap(kind) != nil {
			all = append(all, s.ID)
		}
	}
	return strings.Join(all, " ")
}

const binary = "\xff\xfe\n"

// TestGapsOfPractices go to the services whose evidence may be hidden, and to no other ones.
func TestGapsOfPractices(t *testing.T) {
	const services = `
-- services/checkout/service.toml --
name = "checkout"
owner = "payments"
[recovery]
plan = "/docs/named.md"
[evidence]
threat_models = ["/docs/model.md"]
-- services/checkout/go.mod --
module checkout
-- services/cart/service.toml --
name = "cart"
owner = "payments"
-- services/search/service.toml --
name = "search"
owner = "find"
repository = "https://github.com/acme/shop/tree/main/code/search"
-- services/ledger/service.toml --
name = "ledger"
repository = "https://github.com/acme/other"
-- code/search/main.go --
-- teams/payments/team.toml --
name = "payments"
incident_process = "/docs/how.md"
-- teams/find/team.toml --
name = "find"
`
	const everybody = "cart checkout ledger search"
	for name, c := range map[string]struct {
		kind       catalog.Kind
		file, text string
		want       string
	}{
		"postmortem below a service":       {catalog.Postmortems, "services/cart/postmortems/2026-01-02.md", binary, "cart"},
		"postmortem in another markup":     {catalog.Postmortems, "services/cart/postmortems/2026-01-02.rst", "Outage\n======\n", "cart"},
		"postmortem below the code":        {catalog.Postmortems, "code/search/postmortems/2026-01-02.md", binary, "search"},
		"threat model below a service":     {catalog.ThreatModels, "services/cart/threat-model.md", binary, "cart"},
		"threat model of a foreign format": {catalog.ThreatModels, "services/cart/model.tm7", "<x/>", "cart"},
		"threat model as YAML":             {catalog.ThreatModels, "services/cart/threat-model.yaml", "a: [\n", "cart"},
		"workflow below a service":         {catalog.Workflows, "services/cart/.github/workflows/ci.yaml", "on: [\n", "cart"},
		"Jenkinsfile below a service":      {catalog.Workflows, "services/cart/Jenkinsfile", binary, "cart"},
		"lockfile below a service":         {catalog.Manifests, "services/cart/package-lock.json", "{", "cart"},
		"bill below a service":             {catalog.SBOMs, "services/cart/sbom.json", "{", "cart"},
		"Dockerfile below a service":       {catalog.ImageBuilds, "services/cart/Dockerfile", binary, "cart"},
		"security.txt below a service":     {catalog.SecurityPolicies, "services/cart/.well-known/security.txt", binary, "cart"},
		"SECURITY.md below a service":      {catalog.SecurityPolicies, "services/cart/SECURITY.md", binary, "cart"},
		"rulesets below a service":         {catalog.BranchProtections, "services/cart/.github/rulesets/main.json", "{", "cart"},
		"dependabot below a service":       {catalog.UpdateConfigs, "services/cart/.github/dependabot.yml", "a: [\n", "cart"},
		"exercises below a service":        {catalog.Exercises, "services/cart/exercises.toml", "[[", "cart"},
		"plan that an entry names":         {catalog.RecoveryPlans, "docs/named.md", binary, "checkout"},
		"model that an entry names":        {catalog.ThreatModels, "docs/model.md", binary, "checkout"},
		"process that a team names":        {catalog.IncidentProcesses, "docs/how.md", binary, "cart checkout"},
		"process of the estate":            {catalog.IncidentProcesses, "docs/incident-response.md", binary, everybody},
		"toil below a team":                {catalog.ToilLogs, "teams/payments/toil.toml", "[[", "cart checkout"},
		"toil as CSV below a team":         {catalog.ToilLogs, "teams/payments/toil.csv", binary, "cart checkout"},
		"postmortem below a team":          {catalog.Postmortems, "teams/find/postmortems/2026-01-02.md", binary, "search"},
		"plan below a team":                {catalog.RecoveryPlans, "teams/find/recovery-plan.md", binary, "search"},
		"process below a team":             {catalog.IncidentProcesses, "teams/find/incident-response.md", binary, "search"},
		"model below a team":               {catalog.ThreatModels, "teams/find/threat-model.md", binary, "search"},
		"policy below a team":              {catalog.Policies, "teams/find/error-budget-policy.md", binary, "search"},
		"toil whose path names a team":     {catalog.ToilLogs, "toil/find.csv", binary, "search"},
		"toil whose path names nobody":     {catalog.ToilLogs, "toil/x.csv", binary, everybody},
		"postmortem by the path":           {catalog.Postmortems, "postmortems/ledger/2026-01-02.md", binary, "ledger"},
		"workflow of the repository":       {catalog.Workflows, ".github/workflows/ci.yaml", "on: [\n", "checkout search"},
		"workflow that calls another one":  {catalog.Workflows, ".github/workflows/ci.yaml", "jobs: {a: {uses: ./x.yaml}\n", "checkout search"},
		"GitLab's of the repository":       {catalog.Workflows, ".gitlab-ci.yml", "image: [\n", "checkout search"},
		"policy of the repository":         {catalog.SecurityPolicies, "SECURITY.md", binary, "checkout search"},
		"settings of the repository":       {catalog.BranchProtections, ".github/settings.yml", "branches: [\n", "checkout search"},
		"manifest above":                   {catalog.Manifests, "package.json", "{", "search"}, // checkout has one of its own
		"Dockerfile above":                 {catalog.ImageBuilds, "Dockerfile", binary, everybody},
		"workflow aside":                   {catalog.Workflows, "testdata/.github/workflows/ci.yaml", "on: [\n", ""},
	} {
		e := estate(t, services+"-- "+c.file+" --\n"+c.text, func(o *Options) { o.Web = "https://github.com/acme/shop" })
		if got := withGap(e, c.kind); got != c.want {
			t.Errorf("%s: got %q, want %q of the gaps %v", name, got, c.want, e.Gaps)
		}
		for _, s := range e.Services {
			for _, g := range s.Gaps {
				if g.Detail == "" || g.Cause == "" || !slices.ContainsFunc(e.Gaps, func(o catalog.Gap) bool { return o.At == g.At && o.Cause == g.Cause }) {
					t.Errorf("%s: got gap %v", name, g)
				}
			}
		}
	}
}

// TestGapsOfKinds hide what a service may lose, and nothing else: a page of a team's folder that may be a runbook too.
func TestGapsOfKinds(t *testing.T) {
	e := estate(t, "-- a/service.toml --\nname = \"alpha\"\nowner = \"t\"\n-- b/service.toml --\nname = \"beta\"\n-- docs/beta.yaml --\nimage: [\n-- t/team.toml --\nname = \"t\"\n"+
		"-- t/postmortems/runbooks/beta.md --\n"+binary, nil)
	if a, b := withGap(e, catalog.Postmortems), withGap(e, catalog.Runbooks); a != "alpha beta" || b != "beta" {
		t.Errorf("got postmortems of %q and runbooks of %q", a, b)
	}
}

// TestGapsOfTheRepository are given to its services once for each kind.
func TestGapsOfTheRepository(t *testing.T) {
	var b strings.Builder
	b.WriteString("-- a/service.toml --\nname = \"a\"\n-- a/go.mod --\nmodule a\n-- b/service.toml --\nname = \"b\"\n-- b/go.mod --\nmodule b\n")
	for _, name := range []string{"x", "y", "z"} {
		b.WriteString("-- .github/workflows/" + name + ".yaml --\non: [\n")
	}
	e := estate(t, b.String(), nil)
	if a := service(t, e, "a"); len(a.Gaps) != 1 || a.Gaps[0].At.File != ".github/workflows/x.yaml" || len(e.Gaps) != 3 {
		t.Errorf("got %v of %v", a.Gaps, e.Gaps)
	}
}

// TestGapsOfTheOnlyService are its own, whatever their text says.
func TestGapsOfTheOnlyService(t *testing.T) {
	e := estate(t, "-- service.toml --\nname = \"shop\"\n-- .gitlab-ci.yml --\nimage: [\n-- docs/postmortems/2026-01-02.md --\n"+binary, nil)
	if a, b := withGap(e, catalog.Workflows), withGap(e, catalog.Postmortems); a != "shop" || b != "shop" {
		t.Errorf("got workflows of %q and postmortems of %q", a, b)
	}
}

// TestGapsOfLargeFiles name what may be in them.
func TestGapsOfLargeFiles(t *testing.T) {
	for file, c := range map[string]struct {
		size int
		kind catalog.Kind
	}{
		"Jenkinsfile": {maxScriptBytes, catalog.Workflows}, ".husky/pre-commit": {maxScriptBytes, catalog.Workflows},
		"toil.csv": {8 << 20, catalog.ToilLogs}, "recovery.toml": {8 << 20, catalog.RecoveryPlans}, "Dockerfile": {8 << 20, catalog.ImageBuilds}, "SECURITY.txt": {8 << 20, catalog.SecurityPolicies},
		"threat-model.md": {256 << 10, catalog.ThreatModels}, "threat-model.json": {8 << 20, catalog.ThreatModels}, ".github/settings.yml": {8 << 20, catalog.BranchProtections},
	} {
		e := estate(t, "-- service.toml --\nname = \"shop\"\n-- "+file+" --\n"+strings.Repeat("#\n", c.size/2+1), nil)
		if g := e.Services[0].Gap(c.kind); g == nil || g.Cause != catalog.TooLarge || g.At.File != file {
			t.Errorf("%s: got gaps %v", file, e.Gaps)
		}
	}
}
