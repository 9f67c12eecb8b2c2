package scorecard_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

// judged gives the report on an archive of files that last changed a month before.
func judged(t *testing.T, archive string, now time.Time) *scorecard.Report {
	t.Helper()
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files[f.Name] = string(f.Data)
	}
	policy := scorecard.DefaultPolicy()
	policy.Load.HistorySince = now.AddDate(-2, 0, 0)
	estate, err := load.Load(context.Background(), tree.FromFiles(files, now.AddDate(0, -1, 0)), policy.Load)
	if err != nil {
		t.Fatal(err)
	}
	if len(estate.Gaps) > 0 {
		t.Fatal(estate.Gaps)
	}
	return scorecard.Evaluate(estate, checks.All(), policy, now, 2)
}

const practised = `
-- teams/payments/team.toml --
name = "payments"
-- teams/search/team.toml --
name = "search"
-- checkout/service.toml --
name = "checkout"
tier = 1
owner = "payments"
exposure = "internet"
data = ["payment"]
[recovery]
rto = "1h"
rpo = "5m"
rollback = "helm rollback checkout"
-- checkout/go.mod --
module checkout

go 1.26

require example.org/x v1.0.0
-- checkout/.github/workflows/nightly.yaml --
name: nightly
on:
  schedule: [{cron: "0 3 * * *"}]
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: google/osv-scanner-action/osv-scanner-action@v2
      - run: gosec ./...
-- checkout/threat-model.md --
---
last_reviewed: 2025-05-01
---
# Threats to checkout

## What are we protecting?

Card numbers and orders.

## Who can attack it?

Card thieves.

## What can go wrong?

| Threat | Status | Mitigation | Owner | Due |
|---|---|---|---|---|
| Card testing | Mitigated | Rate limits | ada | |
| Replay of a callback | Open | | | |
-- checkout/postmortems/2026-05-02-cards-refused.md --
# Cards were refused

**Date:** 2026-05-02

## Impact

Nobody could pay for 40 minutes.

## Action items

| Action | Owner | Due |
|---|---|---|
| Alert on refused cards | ada | 2026-06-29 |
| Retry once | grace | 2026-06-30 |
| Test the retry | grace | 2026-07-01 |
-- checkout/exercises/2025-06-30-restore.md --
# Restore of checkout

- Date: 2025-06-30
- Kind: restore
- Scenario: The database is lost
- Participants: ada, grace
- Outcome: Restored
- Duration: 40 minutes
-- query/service.toml --
name = "query"
tier = 2
owner = "search"
-- query/toil.toml --
[toil]
team = "search"
[[task]]
task = "Rebuild the index"
category = "data fixes"
often = "weekly"
lasts = "2h"
-- checkout/toil.csv --
task,category,often,lasts,team
rebuild  the index,data fixes,weekly,1h,payments
Renew the certificate,other,quarterly,30m,payments
-- attestations.toml --
[[attestation]]
check = "ci-protected-branches"
statement = "main is protected"
link = "https://git.example/checkout/settings"
owner = "ada"
until = "2026-06-30"
service = "checkout"

[[attestation]]
check = "owner-team"
statement = "we own it"
link = "https://git.example"
owner = "ada"
until = "2026-12-31"

[[attestation]]
check = "ci-protected-branches"
statement = "main is protected"
link = "https://git.example"
owner = "ada"
until = "2026-12-31"
service = "chekout"
-- docs/runbooks/query-a.md --
# Query A
## Steps
1. Log in to the jump host and open the console
2. Stop the indexer and wait until it is drained
3. Start the indexer again and watch the queue
-- docs/runbooks/query-b.md --
# Query B
## Steps
1. Log in to the jump host and open the console
2. Stop the indexer and wait until it is drained
3. Start the indexer again and watch the queue
`

// The day of judgement ends on Baker Island: June 30 is today until noon of July 1 in UTC.
var lastMoment = time.Date(2026, 7, 1, 11, 59, 59, 0, time.UTC)

func TestDeadlines(t *testing.T) {
	overdue := func(now time.Time) string {
		r := judged(t, practised, now)
		var b strings.Builder
		for _, d := range r.Overdue(r.Deadlines) {
			var teams []string
			for _, team := range d.Teams {
				teams = append(teams, team.ID)
			}
			fmt.Fprintf(&b, "%s %d %s: %s %q %v at %s\n", d.Due, d.Late(r.Today()), d.Kind, d.What, d.Owner, teams, d.At)
		}
		return b.String()
	}
	want := `2025-12-31 181 recovery exercise: Exercise the recovery of checkout again "" [payments] at checkout/exercises/2025-06-30-restore.md:3:3
2026-05-02 59 review: Read the threat model "Threats to checkout" again "" [payments] at checkout/threat-model.md:2:16
2026-06-29 1 postmortem action: Alert on refused cards "ada" [payments] at checkout/postmortems/2026-05-02-cards-refused.md:13:3
`
	if diff := cmp.Diff(want, overdue(lastMoment)); diff != "" {
		t.Error(diff)
	}
	after := overdue(lastMoment.Add(time.Second))
	for _, due := range []string{"2026-06-30 1 postmortem action: Retry once", "2026-06-30 1 attestation: "} {
		if !strings.Contains(after, due) {
			t.Errorf("%q is not overdue after the day:\n%s", due, after)
		}
	}
	if strings.Contains(after, "Test the retry") {
		t.Error("what is due today is overdue")
	}
}

func TestDeadlinesOfTeams(t *testing.T) {
	r := judged(t, practised, lastMoment)
	for _, team := range r.Teams {
		for _, d := range team.Deadlines {
			if !slices.Contains(d.Teams, team.Team) {
				t.Errorf("%s has the deadline %q of %v", team.Name(), d.What, d.Teams)
			}
		}
	}
	if n := len(r.Teams[0].Deadlines); n < 6 {
		t.Errorf("payments has %d deadlines", n)
	}
}

func TestReflection(t *testing.T) {
	r := judged(t, practised, lastMoment)
	var unpromised, late, automate []string
	for _, u := range r.Reflection.Unpromised {
		unpromised = append(unpromised, u.Service.ID+": "+u.Why)
	}
	for _, l := range r.Reflection.Late {
		late = append(late, fmt.Sprintf("%s at %q, could at %q, of %d", l.Purpose, l.Stage, l.Could, len(l.Services)))
	}
	for _, c := range r.Reflection.Automate {
		automate = append(automate, fmt.Sprintf("%s %.0f %v of %d", c.Task, c.Hours, c.Teams, len(c.Evidence)))
	}
	for _, c := range []struct{ got, want []string }{
		{unpromised, []string{"checkout: it has no SLO", "query: it has no SLO"}},
		{late, []string{`dependency scan at "schedule", could at "pull request", of 1`, `licence check at "never", could at "pull request", of 1`,
			`secret scan at "never", could at "commit", of 1`, `static analysis at "schedule", could at "pull request", of 1`}},
		{automate, []string{"rebuild the index 156 [payments search] of 2", "Renew the certificate 2 [payments] of 1"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Error(diff)
		}
	}
	if q := r.Reflection.Repeated; len(q) != 1 || q[0].Steps != 3 || len(q[0].Evidence) != 2 {
		t.Errorf("the repeated steps are %+v", q)
	}
	if r.Reflection.Unseen != 1 {
		t.Errorf("the code of %d services is not seen", r.Reflection.Unseen)
	}
}

func TestAttestationsThatCountForNothing(t *testing.T) {
	r := judged(t, practised, lastMoment)
	var got []string
	for _, v := range r.Attestations {
		got = append(got, fmt.Sprintf("%s %d %s", v.Attestation.Check.Value, v.Services, v.Fault))
	}
	want := []string{
		"ci-protected-branches 1 ",
		`owner-team 2 the check "owner-team" is decided by files, and nobody can vouch for it`,
		`ci-protected-branches 0 service = "chekout" is no service of the catalog`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnswersTellPractices(t *testing.T) {
	r := judged(t, practised, lastMoment)
	answers := r.Cards[0].Answers()
	told := map[checks.Question]string{}
	for _, a := range answers {
		var texts []string
		for _, c := range a.Clauses {
			texts = append(texts, c.Text)
			if len(c.Evidence) == 0 {
				t.Errorf("no evidence for %q", c.Text)
			}
		}
		told[a.Question] = strings.Join(texts, " ")
	}
	for question, wants := range map[checks.Question][]string{
		checks.Protect: {
			"checkout is of tier 1 and reachable from the internet, and handles payment data.",
			`The threat model "Threats to checkout" covers checkout with 2 threats, 1 mitigated and 1 open, last reviewed on 2025-05-01.`,
		},
		checks.Recover: {
			"checkout is to be back within 1 hour, with the data of at most 5 minutes lost.", `A release of checkout is taken back with "helm rollback checkout".`,
			"Recovery was last exercised on 2025-06-30, in 40 minutes.",
			`1 postmortem tells of an incident: "Cards were refused". 0 of 3 actions are done.`,
		},
	} {
		for _, want := range wants {
			if !strings.Contains(told[question], want) {
				t.Errorf("%s: %q is not in %q", question, want, told[question])
			}
		}
	}
	if query := r.Cards[1].Answers(); query[0].Status != scorecard.NotAnswered || len(query[0].Clauses) == 0 {
		t.Errorf("a tier alone answers what is protected: %+v", query[0])
	}
}

func TestGuidelines(t *testing.T) {
	r := judged(t, practised, lastMoment)
	for _, g := range r.Teams[0].Guidelines {
		if len(g.Checks) == 0 || g.Kept+g.Broken+g.Unknown > 1 {
			t.Errorf("%+v", g)
		}
	}
	if g := r.Teams[0].Guidelines[3]; g.Broken != 1 {
		t.Errorf("payments has no SLO and keeps %q", g.Text)
	}
}

// What many services state is told by what they have in common, and not one by one.
func TestAnswersAboutManyServices(t *testing.T) {
	var archive strings.Builder
	archive.WriteString("-- teams/payments/team.toml --\nname = \"payments\"\n")
	for i := range 8 {
		name := fmt.Sprintf("s%d", i)
		fmt.Fprintf(&archive, "-- %s/service.toml --\nname = %q\ntier = 2\nowner = \"payments\"\nexposure = \"internet\"\ndata = [\"pii\"]\n[recovery]\nrto = \"1h\"\nrpo = \"5m\"\nrollback = \"undo %s\"\n", name, name, name)
		fmt.Fprintf(&archive, "-- %s/threat-model.md --\n# Threats to %s\n\n## What can go wrong?\n\n| Threat | Status | Mitigation |\n|---|---|---|\n| Spoofing | Mitigated | MFA |\n", name, name)
		fmt.Fprintf(&archive, "-- %s/recovery.toml --\n[recovery]\ntitle = \"Plan of %s\"\nsteps = [\"Promote the replica\"]\ncontacts = [\"on call\"]\n", name, name)
	}
	r := judged(t, archive.String(), lastMoment)
	var protect, recover []string
	for _, c := range r.Answers[0].Clauses {
		protect = append(protect, c.Text)
	}
	for _, c := range r.Answers[3].Clauses {
		recover = append(recover, c.Text)
	}
	who := "s0, s1, s2, s3, s4 and 3 more"
	for _, c := range []struct {
		told []string
		want string
	}{
		{protect, who + " are reachable from the internet."},
		{protect, who + " handle pii data."},
		{protect, "8 threat models cover " + who + " with 8 threats, all mitigated."},
		{recover, "How fast they are to be back is stated for " + who + "."},
		{recover, "How a release is taken back is stated for " + who + "."},
		{recover, `8 recovery plans say what is done: "Plan of s0" with 1 step, "Plan of s1" with 1 step, "Plan of s2" with 1 step, "Plan of s3" with 1 step, "Plan of s4" with 1 step and 3 more.`},
	} {
		if !slices.Contains(c.told, c.want) {
			t.Errorf("%q is not in %q", c.want, c.told)
		}
	}
	for _, text := range slices.Concat(protect, recover) {
		if strings.Count(text, "s0") > 1 {
			t.Errorf("%q tells of a service twice", text)
		}
	}
}

// TestOfTeam holds what a report about one team says to what the team's card in the whole report says.
func TestOfTeam(t *testing.T) {
	all := judged(t, practised, lastMoment)
	r := all.OfTeam("search")
	if r == nil || len(r.Cards) != 1 || r.Cards[0].Service.ID != "query" || len(r.Teams) != 1 || len(r.Estate.Services) != 1 {
		t.Fatalf("got %+v", r)
	}
	if len(r.Overdue(r.Deadlines)) != 0 || len(r.Reflection.Automate) != 1 || len(r.Answers) != 4 {
		t.Errorf("got deadlines %v, candidates %v, %d answers", r.Deadlines, r.Reflection.Automate, len(r.Answers))
	}
	for _, v := range r.Attestations {
		if v.Attestation.Service.Value != "" {
			t.Errorf("an attestation about %q is none of the team's", v.Attestation.Service.Value)
		}
	}
	if len(all.Cards) != 2 || len(all.Estate.Services) != 2 || len(all.Attestations) != 3 {
		t.Error("the whole report was changed")
	}
	if all.OfTeam("nobody") != nil {
		t.Error("a team that is not there has a report")
	}
}

// TestAnswersAreNoSurerThanTheirEvidence has places that are only kept, exercises that did not take place and checks that
// stop nothing: they are no facts.
func TestAnswersAreNoSurerThanTheirEvidence(t *testing.T) {
	const kept = `
-- shop/service.toml --
name = "shop"
tier = 1
owner = "payments"
exposure = "internet"
data = ["TBD"]
[recovery]
rto = "soon"
rpo = "tbd"
rollback = "TBD"
-- shop/go.mod --
module shop

go 1.26

require example.org/x v1.0.0
-- shop/.github/workflows/ci.yaml --
on: pull_request
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - run: semgrep ci || true
      - run: govulncheck ./... || true
-- shop/.pre-commit-config.yaml --
repos:
  - repo: https://github.com/gitleaks/gitleaks
    rev: v8.0.0
    hooks: [{id: gitleaks}]
-- shop/threat-model.md --
# Threat model of shop
TBD
-- shop/exercise.toml --
[[exercise]]
name = "Region"
date = "2027-01-15"
scenario = "The region is lost"
participants = ["ada"]
outcome = "planned"
[[exercise]]
name = "Restore"
date = "2026-06-01"
kind = "restore"
scenario = "The database is lost"
participants = ["ada"]
outcome = "cancelled, nobody had time"
-- teams/payments/team.toml --
name = "payments"
`
	r := judged(t, kept, lastMoment)
	for _, a := range r.Cards[0].Answers() {
		for _, c := range a.Clauses {
			for _, word := range []string{"TBD", "tbd", "soon", "exercised", "restored", "Threat model", "has to pass"} {
				if strings.Contains(c.Text, word) {
					t.Errorf("%s: %q", a.Question, c.Text)
				}
			}
		}
		if a.Question == checks.Recover && a.Status != scorecard.NotAnswered {
			t.Errorf("%s is %s", a.Question, a.Status)
		}
	}
}

// TestReflectionListsWhatIsSeen lists no security check as one that never runs when it may run where nobody looks, or when
// its check passes.
func TestReflectionListsWhatIsSeen(t *testing.T) {
	never := func(files string) string {
		var all []string
		for _, l := range judged(t, "-- shop/service.toml --\nname = \"shop\"\n-- shop/go.mod --\nmodule shop\n\ngo 1.26\n\nrequire example.org/x v1.0.0\n"+files, lastMoment).Reflection.Late {
			if l.Stage == catalog.NoStage {
				all = append(all, string(l.Purpose))
			}
		}
		slices.Sort(all)
		return strings.Join(all, ", ")
	}
	for name, c := range map[string]struct{ files, want string }{
		"nothing":  {"-- shop/.github/workflows/ci.yaml --\non: pull_request\njobs: {a: {runs-on: x, steps: [{run: go test ./...}]}}\n", "dependency scan, licence check, secret scan, static analysis"},
		"vouched":  {"-- shop/.github/workflows/ci.yaml --\non: pull_request\njobs: {a: {runs-on: x, steps: [{run: go test ./...}]}}\n-- attestations.toml --\n[[attestation]]\ncheck = \"secrets-scanned\"\nstatement = \"push protection is on\"\nlink = \"https://git.example/settings\"\nowner = \"ada\"\nuntil = \"2026-12-31\"\n", "dependency scan, licence check, static analysis"},
		"proposed": {"-- shop/.github/dependabot.yml --\nversion: 2\nupdates: [{package-ecosystem: gomod, directory: /, schedule: {interval: weekly}}]\n", "licence check, secret scan, static analysis"},
		"included": {"-- shop/.gitlab-ci.yml --\ninclude: [{project: acme/ci, file: all.yml}]\n", ""},
	} {
		if got := never(c.files); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
