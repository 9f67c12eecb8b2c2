package load

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

// TestDocumentsByPath are read as what their path says, and as nothing else.
func TestDocumentsByPath(t *testing.T) {
	for file, c := range map[string]struct {
		text string
		want catalog.Kind // "" when it is not read as a document
	}{
		"docs/threat-model.md":           {threatModel, catalog.ThreatModels},
		"docs/disaster-recovery.md":      {plan, catalog.RecoveryPlans},
		"docs/recovery.toml":             {"[[recovery]]\nservices = [\"a\"]\nrto = \"1h\"\n", catalog.RecoveryPlans},
		"drills/exercises.toml":          {exercise, catalog.Exercises},
		"docs/incident-response.md":      {process, catalog.IncidentProcesses},
		"docs/postmortems/2026-01-02.md": {postmortem, catalog.Postmortems},
		"docs/toil.md":                   {"# Toil\n| Task | Often | Lasts |\n|-|-|-|\n| restart | weekly | 1h |\n", catalog.ToilLogs},
		"docs/toil.toml":                 {toilLog, catalog.ToilLogs},
		"docs/toil.csv":                  {"task,often,lasts\nrestart,weekly,1h\n", catalog.ToilLogs},
		"docs/toil.tsv":                  {"task\toften\tlasts\nrestart\tweekly\t1h\n", catalog.ToilLogs},
		"SECURITY.md":                    {policy, catalog.SecurityPolicies},
		".well-known/security.txt":       {"Contact: mailto:security@acme.example\nExpires: 2027-01-01T00:00:00Z\n", catalog.SecurityPolicies},
		"testdata/SECURITY.md":           {policy, ""},
		"docs/notes.md":                  {threatModel + plan + postmortem, ""},
		"toil.toml.tmpl":                 {toilLog, ""},
		"docs/cart.md":                   {process, ""},
	} {
		e := estate(t, "-- "+file+" --\n"+c.text, nil)
		for _, d := range documentKinds {
			n := e.Counts.Kinds[d.kind]
			if want := d.kind == c.want; want != (n == 1) || n > 1 {
				t.Errorf("%s: read as %d of %s, want %t; gaps %v", file, n, d.kind, want, e.Gaps)
			}
		}
	}
}

// TestNamedDocuments are read whatever their path is.
func TestNamedDocuments(t *testing.T) {
	e := estate(t, `
-- a/service.toml --
name = "a"
owner = "t"
[recovery]
plan = "/docs/p.md#steps"
[evidence]
threat_models = ["/docs/m.md", "/docs/n.md"]
postmortems = ["/docs/q.md", "/docs/r.md"]
recovery_plans = ["/docs/s.md"]
exercises = ["/docs/x.md"]
-- team.toml --
name = "t"
incident_process = "https://github.com/acme/shop/blob/main/docs/i.md"
-- docs/p.md --
`+plan+"-- docs/m.md --\n"+threatModel+"-- docs/n.md --\n# Nothing\nof the kind.\n-- docs/q.md --\n"+postmortem+"-- docs/r.md --\n# Nothing\nof the kind.\n-- docs/s.md --\n"+plan+
		"-- docs/x.md --\n# Restore exercise\n| Date | Exercise | Outcome |\n|-|-|-|\n| 2026-05-01 | restore of the database | passed |\n-- docs/i.md --\n"+process+"-- docs/z.md --\n"+postmortem,
		func(o *Options) { o.Web = "https://github.com/acme/shop" })
	a := service(t, e, "a")
	if len(a.ThreatModels) != 2 || len(a.Postmortems) != 2 || len(a.RecoveryPlans) != 2 || len(a.Exercises) != 1 || len(a.IncidentProcesses) != 1 || len(e.Orphans) != 0 || len(e.Gaps) != 0 {
		t.Errorf("got %d threat models, %d postmortems, %d plans, %d exercises, %d processes, orphans %v, gaps %v",
			len(a.ThreatModels), len(a.Postmortems), len(a.RecoveryPlans), len(a.Exercises), len(a.IncidentProcesses), e.Orphans, e.Gaps)
	}
	if len(e.Pages) != 0 {
		t.Errorf("documents are no runbooks: got %v", e.Pages)
	}
}

// TestProcesses: any page that is read may have a section on incidents, but not the report of one; a page that a team names
// is its process whatever stands in it.
func TestProcesses(t *testing.T) {
	const section = "\n## Incident response\nThe incident commander coordinates the response.\n"
	for file, want := range map[string]int{
		"runbooks/operations.md": 1, "docs/threat-model.md": 1, "docs/postmortems/2026-01-02.md": 0, "docs/cart.md": 0, "drills/2026-05-01-restore.md": 0,
	} {
		text := map[string]string{"docs/postmortems/2026-01-02.md": postmortem, "docs/threat-model.md": threatModel}[file]
		if text == "" {
			text = "# Shop\nIt runs.\n"
		}
		e := estate(t, "-- "+file+" --\n"+text+section, nil)
		if len(e.IncidentProcesses) != want {
			t.Errorf("%s: %d processes, want %d", file, len(e.IncidentProcesses), want)
		}
	}
	e := estate(t, "-- team.toml --\nname = \"t\"\nincident_process = \"docs/fire.md\"\n-- a/service.toml --\nname = \"a\"\nowner = \"t\"\n-- docs/fire.md --\n# When it burns\nAsk ada.\n", nil)
	if a := service(t, e, "a"); len(a.IncidentProcesses) != 1 || a.IncidentProcesses[0].Item.Title.Value != "When it burns" {
		t.Errorf("got %+v", a.IncidentProcesses)
	}
}

// TestDocumentsKeepNoPassword: what looks like a credential is taken out of the sentences, items, rows and commands of
// documents, although the rules that find secrets take it for an example.
func TestDocumentsKeepNoPassword(t *testing.T) {
	const word = "correct-horse"
	const said = "psql --user admin --password=" + word
	item := "- Log in with " + said + "\n"
	row := "| Log in with " + said + " |"
	files := map[string]string{
		"docs/threat-model.md": "# Threat model\n## Assets\n" + item + "## Actors\n" + item + "## Threats\n" + item + "## Mitigations\n" + item + "## Detection\n" + item + "## Recovery\n" + item +
			"## More\n| Threat | Mitigation | Owner |\n|-|-|-|\n| Theft " + said + row + " Ada |\n",
		"docs/tm.json":                   `{"summary": {"title": "Shop"}, "detail": {"diagrams": [{"cells": [{"data": {"type": "tm.Store", "name": "Orders", "threats": [{"number": 1, "title": "Theft", "status": "Mitigated", "mitigation": "` + said + `"}]}}]}]}}`,
		"docs/disaster-recovery.md":      "# Recovery plan\n## Steps\n1. " + said + "\n## Rollback of a release\n" + item + "\n```sh\n" + said + "\n```\n## Restore\n" + item + "## Contacts\n" + item + "## Procedure\n| Step |\n|-|\n" + row + "\n",
		"docs/recovery.toml":             "[recovery]\nsteps = [\"" + said + "\"]\nrollback = [\"" + said + "\"]\nrto = \"1h " + said + "\"\n",
		"drills/2026-05-01-restore.md":   "# Restore drill 2026-05-01\nKind: restore " + said + "\n\n## Scenario\nThe database is lost, " + said + "\n## Participants\n" + item + "## Steps\n" + item + "## Outcome\n" + item + "## Follow-up\n" + item,
		"drills/exercises.toml":          "[[exercise]]\nservices = [\"a\"]\ndate = \"2026-05-01\"\nscenario = \"" + said + "\"\nparticipants = [\"ada\"]\noutcome = \"" + said + "\"\n[[exercise.actions]]\ntext = \"" + said + "\"\n",
		"docs/incident-response.md":      process + "\n## Roles\n- **Incident commander**: decides, with " + said + "\n- **Operations lead**: repairs, with " + said + "\n",
		"docs/postmortems/2026-01-02.md": "# Outage\n## Impact\n" + item + "## Timeline\n" + item + "## Root cause\n" + item + "\nNo alert fired for " + said + ".\n## Detection\nNo alert fired for " + said + ".\n## Action items\n" + item + "\n| Action | Owner |\n|-|-|\n" + row + " ada " + said + " |\n",
		"docs/toil.md":                   "# Toil\n| Task | Often | Lasts |\n|-|-|-|\n" + row + " weekly | 1h |\n",
		"docs/toil.toml":                 "[[task]]\ntask = \"" + said + "\"\noften = \"weekly\"\nlasts = \"1h\"\n",
		"SECURITY.md":                    "# Security\n\nReport a vulnerability privately through the security tab, " + said + ".\n\n- We answer within 2 days, " + said + "\n",
		"runbooks/login.md":              "# Login\n## Steps\n1. " + said + "\n2. Look around\n3. Log out\n\nTODO: " + said + "\n",
	}
	archive := ""
	for file, text := range files {
		archive += "-- " + file + " --\n" + text + "\n"
	}
	e := estate(t, archive, nil)
	for _, d := range documentKinds {
		if e.Counts.Kinds[d.kind] == 0 {
			t.Errorf("no %s was read", d.kind)
		}
	}
	for name, facts := range map[string]any{"threat models": e.ThreatModels, "recovery plans": e.RecoveryPlans, "exercises": e.Exercises, "incident processes": e.IncidentProcesses, "postmortems": e.Postmortems,
		"toil logs": e.ToilLogs, "security policies": e.SecurityPolicies, "pages": e.Pages} {
		text, err := json.MarshalIndent(facts, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "[redacted]") {
			t.Errorf("%s: nothing was taken out", name)
		}
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, word) {
				t.Errorf("%s keep a password: %s", name, strings.TrimSpace(line))
			}
		}
	}
}

// TestDatedDocuments have the time of their last change in git.
func TestDatedDocuments(t *testing.T) {
	e := estate(t, "-- threat-model.md --\n"+threatModel+"-- threats.yaml --\nthreagile_version: 1.0.0\ntitle: x\ntechnical_assets: {}\n-- recovery-plan.md --\n"+plan+"-- incident-response.md --\n"+process+
		"-- postmortems/2026-01-02.md --\n"+postmortem+"-- sbom.json --\n"+bill, nil)
	for name, got := range map[string]time.Time{
		"threat model":       e.ThreatModels[0].Changed,
		"threat model, page": e.ThreatModels[0].Page.Changed,
		"Threagile":          e.ThreatModels[1].Changed,
		"plan":               e.RecoveryPlans[0].Page.Changed,
		"incident process":   e.IncidentProcesses[0].Page.Changed,
		"postmortem":         e.Postmortems[0].Changed,
		"bill":               e.SBOMs[0].Changed,
	} {
		if !got.Equal(changed) {
			t.Errorf("%s: got %v, want %v", name, got, changed)
		}
	}
}

// TestDocumentsOlderThanTheHistory are dated "at least that old", and bills of materials not at all.
func TestDocumentsOlderThanTheHistory(t *testing.T) {
	o := DefaultOptions()
	o.HistorySince = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	commits := []string{"-- threat-model.md --\n" + threatModel + "-- sbom.json --\n" + bill}
	for i := range 40 { // a walk looks a few commits further back, whose times may be wrong
		commits = append(commits, fmt.Sprintf("-- x --\n%d\n", i))
	}
	e, err := Load(context.Background(), past(t, commits...), o)
	if err != nil {
		t.Fatal(err)
	}
	if m := e.ThreatModels[0]; !m.AtLeastAsOld || !m.Changed.Equal(o.HistorySince) {
		t.Errorf("got %v, at least as old: %t", m.Changed, m.AtLeastAsOld)
	}
	if b := e.SBOMs[0]; !b.Changed.IsZero() {
		t.Errorf("got %v", b.Changed)
	}
}

// TestCredentialsAreMasked before anything is read, so that nothing that quotes a file shows them.
func TestCredentialsAreMasked(t *testing.T) {
	e := estate(t, "-- .github/workflows/ci.yaml --\non: push\njobs: {a: {runs-on: x, steps: [{run: 'curl -H "+token+"'}]}}\n"+
		"-- .gitlab-ci.yml --\ninclude: [ci/x.yml]\n-- ci/x.yml --\njob: {script: ['curl -H "+token+"']}\n-- docs/postmortems/2026-01-02.md --\n"+postmortem+"The token "+token+" was used.\n", nil)
	if len(e.Secrets) == 0 || len(e.Workflows) != 2 || len(e.Postmortems) != 1 {
		t.Fatalf("got %d credentials, %d workflows, %d postmortems", len(e.Secrets), len(e.Workflows), len(e.Postmortems))
	}
	for _, w := range e.Workflows {
		if run := w.Jobs[0].Steps[0].Run.Value; strings.Contains(run, token) || !strings.HasPrefix(run, "curl -H ") {
			t.Errorf("%s: got %q", w.At.File, run)
		}
	}
}
