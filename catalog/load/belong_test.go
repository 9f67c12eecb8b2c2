package load

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
)

// linkedTo gives "service: reason" for each piece of evidence of a kind that a service has.
func linkedTo(e *catalog.Estate, kind catalog.Kind) string {
	var all []string
	for _, s := range e.Services {
		for _, by := range reasons(s, kind) {
			all = append(all, s.ID+": "+by.String())
		}
	}
	return strings.Join(all, "; ")
}

func reasons(s *catalog.Service, kind catalog.Kind) []catalog.Link {
	switch kind {
	case catalog.ThreatModels:
		return links(s.ThreatModels)
	case catalog.Workflows:
		return links(s.Workflows)
	case catalog.Manifests:
		return links(s.Manifests)
	case catalog.UpdateConfigs:
		return links(s.UpdateConfigs)
	case catalog.SBOMs:
		return links(s.SBOMs)
	case catalog.ImageBuilds:
		return links(s.ImageBuilds)
	case catalog.SecurityPolicies:
		return links(s.SecurityPolicies)
	case catalog.RecoveryPlans:
		return links(s.RecoveryPlans)
	case catalog.Exercises:
		return links(s.Exercises)
	case catalog.IncidentProcesses:
		return links(s.IncidentProcesses)
	case catalog.Postmortems:
		return links(s.Postmortems)
	case catalog.ToilLogs:
		return links(s.ToilLogs)
	case catalog.BranchProtections:
		return links(s.BranchProtections)
	case catalog.Secrets:
		return links(s.Secrets)
	}
	return nil
}

func links[T any](items []catalog.Linked[T]) []catalog.Link {
	var all []catalog.Link
	for _, i := range items {
		all = append(all, i.By)
	}
	return all
}

// orphans gives the evidence of a kind that belongs to nobody.
func orphans(e *catalog.Estate, kind catalog.Kind) []catalog.Orphan {
	return slices.DeleteFunc(slices.Clone(e.Orphans), func(o catalog.Orphan) bool { return o.Kind != kind })
}

// The bodies of documents, short ones that their readers take.
const (
	threatModel = "# Threat model\n## Assets\n- cards\n## Threats\n- theft\n"
	plan        = "# Recovery plan\n## Steps\n1. Restore the database\n2. Start the service\n## Contacts\n- ada\n"
	process     = "# Incident process\n## Severity levels\n- SEV1: all is down\n- SEV2: some is down\n## Roles\n### Incident commander\nThe incident commander coordinates the response.\n"
	postmortem  = "# Outage\n## Impact\nAll was down.\n## Timeline\n- 10:00 down\n## Action items\n- fix it (ada, 2026-06-01)\n"
	toilLog     = "[toil]\nshare = \"20%\"\n[[task]]\ntask = \"restart\"\noften = \"weekly\"\nlasts = \"1h\"\n"
	exercise    = "[[exercise]]\nname = \"restore\"\ndate = 2026-05-01\n"
	policy      = "# Security\nReport vulnerabilities to security@acme.example. We answer within 2 days.\n"
	workflow    = "on: push\njobs: {a: {runs-on: x, steps: [{run: make test}]}}\n"
	bill        = `{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"name":"SUBJECT"}},"components":[{"name":"a","version":"1"}]}` + "\n"
	protection  = "branches: [{name: main, protection: {required_pull_request_reviews: {required_approving_review_count: 1}}}]\n"
)

// about puts a front matter before a page that says which service it is about.
func about(service, page string) string { return "---\nservice: " + service + "\n---\n" + page }

// TestHolders places one document by each rung; the first that holds decides.
func TestHolders(t *testing.T) {
	const services = `
-- services/checkout/service.toml --
name = "checkout"
aliases = ["checkout-api"]
owner = "payments"
[recovery]
plan = "/docs/named.md"
[evidence]
threat_models = ["/docs/named-*.md"]
-- services/cart/service.toml --
name = "cart"
owner = "@acme/pay"
-- catalog/search.toml --
-- bulk/services.toml --
[[service]]
name = "search"
owner = "group:default/find"
repository = "https://github.com/acme/shop/tree/main/code/search"
[[service]]
name = "ledger"
-- teams/payments/team.toml --
name = "payments"
aliases = ["@acme/pay"]
incident_process = "/docs/incidents.md"
-- teams/find/team.toml --
name = "find"
-- code/search/README.md --
`
	for name, c := range map[string]struct {
		kind       catalog.Kind
		file, text string
		want       string // "" when it is nobody's
	}{
		"glob":                            {catalog.ThreatModels, "docs/named-x.md", threatModel, `checkout: named by the service: glob "/docs/named-*.md"`},
		"glob of a file that speaks not":  {catalog.ThreatModels, "docs/named-y.md", "# Notes\nNothing.\n", `checkout: named by the service: glob "/docs/named-*.md"`},
		"glob and folder":                 {catalog.ThreatModels, "docs/named-z.md", about("cart", threatModel), `cart: by mention: "cart"; checkout: named by the service: glob "/docs/named-*.md"`},
		"plan":                            {catalog.RecoveryPlans, "docs/named.md", plan, `checkout: named by the service`},
		"incident process of a team":      {catalog.IncidentProcesses, "docs/incidents.md", process, `cart: named by the service; checkout: named by the service`},
		"folder":                          {catalog.Postmortems, "services/cart/postmortems/2026-01-02.md", postmortem, `cart: below the service's folder: services/cart`},
		"folder of the code":              {catalog.Postmortems, "code/search/docs/postmortems/2026-01-02.md", postmortem, `search: below the service's folder: code/search`},
		"folder and mention":              {catalog.Postmortems, "services/cart/postmortems/2026-01-02.md", about("checkout", postmortem), `cart: below the service's folder: services/cart; checkout: by mention: "checkout"`},
		"mention":                         {catalog.Postmortems, "postmortems/2026-01-02.md", about("ledger", postmortem), `ledger: by mention: "ledger"`},
		"mention by another name":         {catalog.Postmortems, "postmortems/2026-01-02.md", about("Checkout-API", postmortem), `checkout: by mention: "Checkout-API"`},
		"mention below a team":            {catalog.Postmortems, "teams/payments/postmortems/2026-01-02.md", about("search", postmortem), `search: by mention: "search"`},
		"mention of nobody below a team":  {catalog.Postmortems, "teams/payments/postmortems/2026-01-02.md", about("other", postmortem), `cart: of the team: below teams/payments; checkout: of the team: below teams/payments`},
		"team's folder":                   {catalog.RecoveryPlans, "teams/find/recovery-plan.md", plan, `search: of the team: below teams/find`},
		"nobody's":                        {catalog.RecoveryPlans, "docs/recovery-plan.md", plan, ``},
		"exercise":                        {catalog.Exercises, "drills/exercises.toml", exercise + "services = [\"ledger\"]\n", `ledger: by mention: "ledger"`},
		"bill below a folder":             {catalog.SBOMs, "services/cart/sbom.json", bill, `cart: below the service's folder: services/cart`},
		"bill by subject":                 {catalog.SBOMs, "sboms/all.json", strings.Replace(bill, "SUBJECT", "search", 1), `search: by mention: "search"`},
		"bill of nobody":                  {catalog.SBOMs, "sboms/all.json", bill, ``},
		"incident process of the estate":  {catalog.IncidentProcesses, "docs/incident-response.md", process, `cart: of the whole estate; checkout: of the whole estate; ledger: of the whole estate; search: of the whole estate`},
		"incident process below a team":   {catalog.IncidentProcesses, "teams/find/incident-response.md", process, `search: of the team: below teams/find`},
		"toil of a team by name":          {catalog.ToilLogs, "toil/a.toml", strings.Replace(toilLog, "[toil]\n", "[toil]\nteam = \"Payments\"\n", 1), `cart: of the team: team "Payments"; checkout: of the team: team "Payments"`},
		"toil of a team by alias":         {catalog.ToilLogs, "toil/a.toml", strings.Replace(toilLog, "[toil]\n", "[toil]\nteam = \"@acme/pay\"\n", 1), `cart: of the team: team "@acme/pay"; checkout: of the team: team "@acme/pay"`},
		"toil of a team by folder":        {catalog.ToilLogs, "teams/find/toil.toml", toilLog, `search: of the team: below teams/find`},
		"the name of a team decides":      {catalog.ToilLogs, "teams/payments/toil.toml", strings.Replace(toilLog, "[toil]\n", "[toil]\nteam = \"find\"\n", 1), `search: of the team: team "find"`},
		"toil as CSV, by team":            {catalog.ToilLogs, "toil/a.csv", "team,task,often,lasts\nfind,restart,weekly,1h\nnobody,reboot,weekly,1h\n", `search: of the team: team "find"`},
		"toil as CSV, by service":         {catalog.ToilLogs, "toil/a.csv", "service,task,often,lasts\ncart,restart,weekly,1h\n", `cart: of the team: team "@acme/pay"; checkout: of the team: team "@acme/pay"`},
		"toil as CSV, by folder":          {catalog.ToilLogs, "teams/find/toil.csv", "task,often,lasts\nrestart,weekly,1h\n", `search: of the team: below teams/find`},
		"toil as a table":                 {catalog.ToilLogs, "teams/find/toil.md", "# Toil\n| Task | Often | Lasts |\n|-|-|-|\n| restart | weekly | 1h |\n", `search: of the team: below teams/find`},
		"toil of nobody":                  {catalog.ToilLogs, "toil/a.csv", "task,often,lasts\nrestart,weekly,1h\n", ``},
		"settings of code elsewhere":      {catalog.SecurityPolicies, "SECURITY.md", policy, `search: of the repository`},
		"settings of another folder":      {catalog.Workflows, "other/.github/workflows/ci.yaml", workflow, ``},
		"settings of the folder of code":  {catalog.Workflows, "code/search/.github/workflows/ci.yaml", workflow, `search: below the service's folder: code/search`},
		"settings of a folder above code": {catalog.BranchProtections, "code/.github/settings.yml", protection, `search: of the repository: code`},
		"dependabot":                      {catalog.UpdateConfigs, ".github/dependabot.yml", "version: 2\nupdates: [{package-ecosystem: npm, directory: /, schedule: {interval: weekly}}]\n", `search: of the repository`},
	} {
		e := estate(t, services+"-- "+c.file+" --\n"+c.text, func(o *Options) { o.Web = "https://github.com/acme/shop" })
		if got := linkedTo(e, c.kind); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		lost := orphans(e, c.kind)
		if (len(lost) == 1) != (c.want == "") || len(lost) == 1 && (lost[0].At.File != c.file || lost[0].Name == "" && c.kind != catalog.Workflows) {
			t.Errorf("%s: got orphans %v", name, lost)
		}
	}
}

// TestOnlyServiceAtTheRoot has all documents of a tree, unless there is another service.
func TestOnlyServiceAtTheRoot(t *testing.T) {
	const text = "-- service.toml --\nname = \"shop\"\n-- docs/postmortems/2026-01-02.md --\n" + postmortem + "-- .github/workflows/ci.yaml --\n" + workflow +
		"-- sub/go.mod --\nmodule x\n-- examples/go.mod --\nmodule x\n-- teams/find/team.toml --\nname = \"find\"\n-- teams/find/toil.toml --\n" + toilLog
	e := estate(t, text, nil)
	for kind, want := range map[catalog.Kind]int{catalog.Postmortems: 1, catalog.Workflows: 1, catalog.Manifests: 1, catalog.ToilLogs: 1} {
		if got := len(reasons(e.Services[0], kind)); got != want || len(e.Orphans) != 0 {
			t.Errorf("%s: got %d, want %d; orphans %v", kind, got, want, e.Orphans)
		}
	}
	e = estate(t, text+"-- other/service.toml --\nname = \"other\"\n", nil)
	if len(reasons(service(t, e, "shop"), catalog.Postmortems)) != 0 || len(orphans(e, catalog.Postmortems)) != 1 {
		t.Errorf("the tree of two services is nobody's: got orphans %v", e.Orphans)
	}
}

// TestDeadSettings gives no service what the code host reads only at the root of its repository.
func TestDeadSettings(t *testing.T) {
	const dependabot = "version: 2\nupdates: [{package-ecosystem: npm, directory: /, schedule: {interval: weekly}}]\n"
	const whole, folder = "-- service.toml --\nname = \"shop\"\n", "-- sub/service.toml --\nname = \"shop\"\n"
	const own = "-- .github/CODEOWNERS --\n* @acme/shop\n"
	const copied = "-- sub/service.toml --\nname = \"shop\"\nrepository = \"https://github.com/acme/copied\"\n"
	for name, c := range map[string]struct {
		tree string
		kind catalog.Kind
		file string
		text string
		want int // services that have it
	}{
		"workflow":                    {whole, catalog.Workflows, ".github/workflows/ci.yaml", workflow, 1},
		"workflow below":              {whole, catalog.Workflows, "sub/.github/workflows/ci.yaml", workflow, 0},
		"workflow below a service":    {folder + own, catalog.Workflows, "sub/.github/workflows/ci.yaml", workflow, 0},
		"in a copied repository":      {copied + own, catalog.Workflows, "sub/.github/workflows/ci.yaml", workflow, 1},
		"in a tree without settings":  {folder, catalog.Workflows, "sub/.github/workflows/ci.yaml", workflow, 1},
		"pipeline of another system":  {whole, catalog.Workflows, "sub/azure-pipelines.yml", "trigger: [main]\nsteps:\n- script: make test\n", 1},
		"update config below":         {whole, catalog.UpdateConfigs, "sub/.github/dependabot.yml", dependabot, 0},
		"branch protection":           {whole, catalog.BranchProtections, ".github/settings.yml", protection, 1},
		"branch protection below":     {whole, catalog.BranchProtections, "sub/.github/settings.yml", protection, 0},
		"security policy of a part":   {whole, catalog.SecurityPolicies, "sub/SECURITY.md", policy, 0},
		"security policy in docs":     {whole, catalog.SecurityPolicies, "docs/SECURITY.md", policy, 1},
		"security policy of a folder": {folder + own, catalog.SecurityPolicies, "sub/SECURITY.md", policy, 1},
	} {
		e := estate(t, c.tree+"-- "+c.file+" --\n"+c.text, nil)
		if got := len(reasons(e.Services[0], c.kind)); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
		if lost := orphans(e, c.kind); c.want == 0 && (len(lost) != 1 || lost[0].Problem == "") {
			t.Errorf("%s: got orphans %v, want one with what is wrong", name, lost)
		}
	}
	e := estate(t, whole+"-- sub/.github/workflows/ci.yaml --\non: [\n", nil)
	if len(e.Gaps) != 1 || len(e.Services[0].Gaps) != 0 {
		t.Errorf("a workflow that would not run hides nothing: got gaps %v", e.Services[0].Gaps)
	}
}

// TestNearestManifest gives code the manifests below its folder, else those of the nearest folder above.
func TestNearestManifest(t *testing.T) {
	const entries = `
-- services/api/service.toml --
name = "api"
repository = "https://github.com/acme/shop"
[evidence]
images = ["/services/api/Dockerfile"]
-- services/api/Dockerfile --
FROM alpine:3
`
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"at the root":               {[]string{"go.mod"}, "go.mod"},
		"nearer":                    {[]string{"go.mod", "services/go.mod"}, "services/go.mod"},
		"in the folder":             {[]string{"go.mod", "services/api/go.mod"}, "services/api/go.mod"},
		"below the folder":          {[]string{"go.mod", "services/api/cmd/go.mod"}, "services/api/cmd/go.mod"},
		"beside":                    {[]string{"go.mod", "services/other/go.mod"}, "go.mod"},
		"a name that begins alike":  {[]string{"go.mod", "services/api-old/go.mod"}, "go.mod"},
		"lockfile and manifest":     {[]string{"go.mod", "package.json"}, "go.mod package.json"},
		"examples do not count":     {[]string{"go.mod", "services/api/testdata/go.mod"}, "go.mod"},
		"none":                      {[]string{"services/other/go.mod"}, ""},
		"a folder of documentation": {[]string{"docs/package.json"}, ""},
	} {
		text := entries
		for _, f := range c.files {
			body := "module x\n"
			if strings.HasSuffix(f, ".json") {
				body = `{"name": "x", "dependencies": {"a": "1"}}` + "\n"
			}
			text += "-- " + f + " --\n" + body
		}
		var got []string
		for _, m := range service(t, estate(t, text, nil), "api").Manifests {
			got = append(got, m.Item.At.File)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestImages builds the service in whose code's folder a Dockerfile stands.
func TestImages(t *testing.T) {
	e := estate(t, "-- catalog/services.toml --\n[[service]]\nname = \"a\"\nrepository = \"https://github.com/acme/shop\"\n[[service]]\nname = \"b\"\n"+
		"repository = \"https://github.com/acme/shop/tree/main/b\"\n-- Dockerfile --\nFROM alpine:3\n-- b/Dockerfile --\nFROM alpine:3\n-- c/Dockerfile --\nFROM alpine:3\n",
		func(o *Options) { o.Web = "https://github.com/acme/shop" })
	if got := linkedTo(e, catalog.ImageBuilds); got != "a: of the repository; b: below the service's folder: b" || len(e.Orphans) != 1 {
		t.Errorf("got %q and orphans %v", got, e.Orphans)
	}
}

// A token whose checksum fits, in parts so that no scanner of this repository takes it for one.
var token = "ghp_" + "kR7vQ2mZx9TpL4sWb8NcYd3FhJ6gUe" + "2miB1b"

func TestSecrets(t *testing.T) {
	const services = `
-- a/service.toml --
name = "a"
-- b/service.toml --
name = "b"
repository = "https://github.com/acme/shop"
-- bulk/services.toml --
[[service]]
name = "c"
[[service]]
name = "d"
`
	alert := alertFile("up == 0", "service: a") + "  - alert: B\n    expr: up{job='d'} == 0\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"below a folder":        {"a/deploy.yaml", "image: x\ntoken: " + token + "\n", "a: below the service's folder: a"},
		"in an entry of a list": {"bulk/services.toml", "[[service]]\nname = \"c\"\n[[service]]\nname = \"d\"\ndescription = \"" + token + "\"\n", "d: by mention: it stands in evidence of the service"},
		"in a rule of its own":  {"rules.yaml", alert + "    annotations: {runbook_url: 'https://x/" + token + "'}\n", "d: by mention: it stands in evidence of the service"},
		"above all rules":       {"rules.yaml", "# " + token + "\n" + alert, "a: by mention: it stands in evidence of the service; d: by mention: it stands in evidence of the service"},
		"in settings":           {".github/workflows/ci.yaml", "# " + token + "\n" + workflow, "b: by mention: it stands in evidence of the service"},
		"in the repository":     {"config.yaml", "image: x\ntoken: " + token + "\n", "b: of the repository"},
		"in nobody's file":      {"other/config.yaml", "image: x\ntoken: " + token + "\n", ""},
	} {
		e := estate(t, services+"-- "+c.file+" --\n"+c.text, func(o *Options) { o.Web = "https://github.com/acme/shop" })
		if len(e.Secrets) != 1 {
			t.Fatalf("%s: got %d credentials", name, len(e.Secrets))
		}
		if got := linkedTo(e, catalog.Secrets); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if lost := orphans(e, catalog.Secrets); (c.want == "") != (len(lost) == 1 && strings.Contains(lost[0].Problem, "revoke")) {
			t.Errorf("%s: got orphans %v", name, lost)
		}
		for _, o := range e.Orphans {
			if strings.Contains(o.Name+o.Problem, token[8:20]) {
				t.Errorf("%s: the credential is shown: %v", name, o)
			}
		}
	}
}

func TestAttestations(t *testing.T) {
	attest := func(lines ...string) string {
		return "[[attestation]]\ncheck = \"x\"\nstatement = \"it is so\"\nowner = \"ada\"\nuntil = 2027-01-01\n" + strings.Join(lines, "\n") + "\n"
	}
	for name, c := range map[string]struct{ text, want, problem string }{
		"about all":              {attest(), "cart checkout search", ""},
		"about a service":        {attest(`service = "checkout"`), "checkout", ""},
		"by an alias":            {attest(`service = "Checkout-API"`), "checkout", ""},
		"about a team":           {attest(`team = "payments"`), "cart checkout", ""},
		"by an alias of a team":  {attest(`team = "@acme/pay"`), "cart checkout", ""},
		"about both":             {attest(`service = "cart"`, `team = "payments"`), "cart", ""},
		"of another team":        {attest(`service = "search"`, `team = "payments"`), "", `team "payments" owns no service "search"`},
		"about an unknown one":   {attest(`service = "basket"`), "", `there is no service "basket"`},
		"about an unknown team":  {attest(`team = "basket"`), "", `team "basket" owns none`},
		"beside an entry's name": {attest(`service = " cart "`), "cart", ""},
	} {
		e := estate(t, "-- checkout/service.toml --\nname = \"checkout\"\nowner = \"payments\"\naliases = [\"checkout-api\"]\n-- cart/service.toml --\nname = \"cart\"\nowner = \"payments\"\n"+
			"-- search/service.toml --\nname = \"search\"\n-- team.toml --\nname = \"payments\"\naliases = [\"@acme/pay\"]\n-- attestations.toml --\n"+c.text, nil)
		var got []string
		for _, s := range e.Services {
			for range s.Attestations {
				got = append(got, s.ID)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		problem := ""
		if len(e.Orphans) > 0 {
			problem = e.Orphans[0].Problem
		}
		if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) {
			t.Errorf("%s: got problem %q, want %q", name, problem, c.problem)
		}
	}
}

// TestAttestationsOfEntries are about the service or the team in whose entry they stand.
func TestAttestationsOfEntries(t *testing.T) {
	const attestation = "[[attestation]]\ncheck = \"x\"\nstatement = \"it is so\"\nowner = \"ada\"\nuntil = 2027-01-01\n"
	e := estate(t, "-- a/service.toml --\nname = \"a\"\n"+attestation+"-- b/service.toml --\nname = \"b\"\nowner = \"t\"\n-- t/team.toml --\nname = \"t\"\n"+attestation, nil)
	for id, file := range map[string]string{"a": "a/service.toml", "b": "t/team.toml"} {
		if all := service(t, e, id).Attestations; len(all) != 1 || all[0].At.File != file {
			t.Errorf("%s: got %v", id, all)
		}
	}
}

// TestTeamReferences do not guess between teams of one name.
func TestTeamReferences(t *testing.T) {
	team := func(namespace, name string, aliases ...string) *catalog.Team {
		all := []catalog.Text{}
		for _, a := range aliases {
			all = append(all, catalog.Text{Value: a})
		}
		return &catalog.Team{ID: qualified(namespace, name), Namespace: namespace, Name: catalog.Text{Value: name}, Aliases: all}
	}
	x := newIndex(nil, []*catalog.Team{team("", "pay", "@acme/pay", "money"), team("eu", "search"), team("us", "search"), team("eu", "pay", "money")}, DefaultOptions())
	for ref, want := range map[string]string{
		"pay": "pay", "PAY": "pay", " pay ": "pay", "@acme/pay": "pay", "acme/pay": "pay", "group:default/pay": "pay", "group:eu/pay": "eu/pay", "eu/search": "eu/search",
		"search": "", "money": "", "": "", "other": "",
	} {
		got := ""
		if found := x.team(ref); found != nil {
			got = found.ID
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", ref, got, want)
		}
	}
}

// TestPracticesInOrder lists evidence in the order of its places, whatever it was read from.
func TestPracticesInOrder(t *testing.T) {
	e := estate(t, "-- a/toil.md --\n# Toil\n| Task | Often | Lasts |\n|-|-|-|\n| restart | weekly | 1h |\n-- b/toil.toml --\n"+toilLog+"-- c/toil.md --\n# Toil\n| Task | Often | Lasts |\n|-|-|-|\n| restart | weekly | 1h |\n", nil)
	if len(e.ToilLogs) != 3 || !slices.IsSortedFunc(e.ToilLogs, func(a, b *catalog.ToilLog) int { return cmp.Compare(a.At.File, b.At.File) }) {
		t.Errorf("got %v", e.ToilLogs)
	}
}
