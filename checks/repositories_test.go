package checks_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/remote"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

// catalogOfThree lists a service of a repository that can be read, one of a repository that cannot, and one without.
const catalogOfThree = `
-- CODEOWNERS --
* @acme/payments
-- teams.toml --
[[team]]
name = "payments"
oncall = "https://oncall.example/payments"
escalation = ["a", "b"]
contact = "#payments"
security = "ada"
-- services/read/service.toml --
name = "read"
owner = "payments"
repository = "https://git.example/acme/read"
-- services/unread/service.toml --
name = "unread"
owner = "payments"
repository = "https://git.example/acme/unread"
-- services/none/service.toml --
name = "none"
owner = "payments"
`

const repositoryRead = `
-- .github/CODEOWNERS --
* @acme/payments
-- .github/workflows/ci.yaml --
on: pull_request
permissions: {contents: read}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: go test ./...
      - run: gitleaks detect
-- go.mod --
module example.com/read
-- SECURITY.md --
# Security policy
Write to security@acme.example.
-- docs/runbooks/down.md --
# Down
Look at [what to do](/docs/runbooks/more.md) and at [nothing](/docs/none.md).
-- docs/runbooks/more.md --
# More
-- alerts.yaml --
groups: [{name: g, rules: [{alert: Down, expr: 'up{job="read"} == 0', for: 5m, labels: {severity: page, team: payments}, annotations: {runbook_url: /docs/runbooks/down.md}}]}]
`

func files(text string) map[string]string {
	all := map[string]string{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		all[f.Name] = string(f.Data)
	}
	return all
}

// loadThree loads catalogOfThree, with repositories unless it is alone.
func loadThree(t *testing.T, alone bool) (*catalog.Estate, *scorecard.Policy) {
	t.Helper()
	policy := scorecard.DefaultPolicy()
	policy.Load.HistorySince = now.AddDate(-1, 0, 0)
	if !alone {
		policy.Load.Repositories = func(_ context.Context, all []remote.Repository) []remote.Result {
			results := make([]remote.Result, len(all))
			for i, r := range all {
				results[i] = remote.Result{Repository: r, Err: &remote.Failure{Reason: remote.TimedOut, Detail: "the repository was not fetched within 2m0s. try again"}}
				if r.Name == "git.example/acme/read" {
					results[i] = remote.Result{Repository: r, Tree: tree.FromFiles(files(repositoryRead), now.AddDate(0, -1, 0))}
				}
			}
			return results
		}
	}
	estate, err := load.Load(context.Background(), tree.FromFiles(files(catalogOfThree), now.AddDate(0, -1, 0)), policy.Load)
	if err != nil {
		t.Fatal(err)
	}
	return estate, policy
}

// verdicts gives what every check says about a service.
func verdicts(t *testing.T, alone bool, service string) map[string]checks.Result {
	t.Helper()
	estate, policy := loadThree(t, alone)
	i := slices.IndexFunc(estate.Services, func(s *catalog.Service) bool { return s.ID == service })
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	all := map[string]checks.Result{}
	for _, c := range checks.All() {
		all[c.ID] = c.Inspect(survey.About(estate.Services[i]))
	}
	return all
}

// TestUnreadRepository has no check fail for what the repository may hold, and no check pass that would fail without it.
func TestUnreadRepository(t *testing.T) {
	unread, alone := verdicts(t, false, "unread"), verdicts(t, true, "unread")
	for _, c := range checks.All() {
		hidden := slices.ContainsFunc(c.Needs, func(k catalog.Kind) bool {
			return !slices.Contains([]catalog.Kind{catalog.Services, catalog.Teams, catalog.Journeys, catalog.Owners, catalog.Routes, catalog.Attestations}, k)
		})
		u, a := unread[c.ID], alone[c.ID]
		switch {
		case !hidden && u.Verdict != a.Verdict:
			t.Errorf("%s: got %q (%s), want %q as without the repository", c.ID, u.Verdict, u.Reason, a.Verdict)
		case hidden && u.Verdict == checks.Fail:
			t.Errorf("%s fails: %s", c.ID, u.Requirements[0].Message)
		case u.Verdict == checks.Pass && a.Verdict != checks.Pass, strings.Contains(u.Reason, "not part of this run"):
			t.Errorf("%s: got %q (%s), without the repository %q", c.ID, u.Verdict, u.Reason, a.Verdict)
		}
	}
	if a := alone["ci-required-checks"]; a.Verdict != checks.NotAsked {
		t.Errorf("a repository that is not looked at: got %q", a.Verdict)
	}
}

// TestReadRepository counts what the service's own repository holds.
func TestReadRepository(t *testing.T) {
	read := verdicts(t, false, "read")
	for id, want := range map[string]checks.Verdict{
		"alert-runbook": checks.Pass, "ci-least-privilege": checks.Pass, "ci-required-checks": checks.Unknown, "security-review": checks.Pass, "runbook-links": checks.Pass,
	} {
		r, ok := read[id]
		if !ok || r.Verdict != want {
			t.Errorf("%s: got %q (%s), want %q", id, r.Verdict, r.Reason, want)
			for _, q := range r.Requirements {
				t.Logf("\t%v %s: %s", q.State, q.At, q.Message)
			}
		}
	}
}
