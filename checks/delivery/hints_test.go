package delivery

import (
	"testing"

	"obsready/catalog"
)

// TestHinted checks which steps may do what a tool is for although nothing known runs in them.
func TestHinted(t *testing.T) {
	pullRequest := []catalog.Trigger{{Event: named("pull_request"), Stage: catalog.OnPullRequest}}
	for name, test := range map[string]struct {
		purpose  catalog.Purpose
		latest   catalog.Stage
		triggers []catalog.Trigger
		step     catalog.Step
		want     bool
	}{
		"a target of make":        {catalog.Signs, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("make sign-images")}, true},
		"an action of one's own":  {catalog.ScansSecrets, catalog.OnSchedule, pullRequest, catalog.Step{Uses: named("acme/secret-scan@v1")}, true},
		"an input":                {catalog.ScansImages, catalog.OnSchedule, pullRequest, catalog.Step{With: []catalog.Label{{Key: "snyk-token"}}}, true},
		"the step's name":         {catalog.WritesSBOM, catalog.OnSchedule, pullRequest, catalog.Step{Name: named("Generate SBOM"), Run: named("./release.sh")}, true},
		"a known tool":            {catalog.ScansImages, catalog.OnSchedule, pullRequest, catalog.Step{Name: named("trivy"), Tools: []catalog.Tool{{Purpose: catalog.ScansDependencies}}}, false},
		"another word":            {catalog.Signs, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("make design assign")}, false},
		"only by hand":            {catalog.Signs, catalog.OnSchedule, []catalog.Trigger{{Stage: catalog.Manual}}, catalog.Step{Run: named("make sign")}, false},
		"too late":                {catalog.ScansImages, catalog.OnPullRequest, []catalog.Trigger{{Stage: catalog.OnMerge}}, catalog.Step{Run: named("make scan-image")}, false},
		"a script of one's own":   {catalog.ScansSecrets, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("./scripts/no-secrets.sh")}, true},
		"settings of a linter":    {catalog.ScansSecrets, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("yamllint --config-data=scripts/yamllint-no-secrets.yaml .")}, false},
		"an analysis by make":     {catalog.AnalysesCode, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("make semgrep")}, true},
		"what only a run knows":   {catalog.WritesSBOM, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("${{ matrix.command }}")}, true},
		"what the file shows":     {catalog.WritesSBOM, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("${{ matrix.command }}"), Filled: []string{"make lint", "make docs"}}, false},
		"what the file shows too": {catalog.WritesSBOM, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("${{ matrix.command }}"), Filled: []string{"make lint", "make sbom"}}, true},
		"an SBOM that is signed":  {catalog.Signs, catalog.OnSchedule, pullRequest, catalog.Step{Name: named("Sign SBOM"), Run: named("cosign sign-blob --yes \\\n  sbom.json")}, false},
		"one and the image":       {catalog.Signs, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("cosign sign-blob sbom.json\n./sign-image.sh")}, true},
		"a tool that is set up":   {catalog.Signs, catalog.OnSchedule, pullRequest, catalog.Step{Name: named("Install Cosign"), Uses: named("sigstore/cosign-installer@v3")}, false},
		"a signature looked at":   {catalog.Signs, catalog.OnSchedule, pullRequest, catalog.Step{Name: named("Verify signature"), Run: named("cosign verify app")}, false},
		"tests of one's own":      {catalog.Tests, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("./scripts/run-tests.sh")}, true},
		"without words":           {catalog.Tests, catalog.OnSchedule, pullRequest, catalog.Step{Run: named("make test-it")}, false},
	} {
		w := &catalog.Workflow{Format: "github", Triggers: test.triggers, Jobs: []catalog.Job{{ID: named("build"), Steps: []catalog.Step{test.step}}}}
		svc := &catalog.Service{Workflows: []catalog.Linked[catalog.Workflow]{{Item: w}}}
		if job, _ := New("").Hinted(svc, test.purpose, test.latest); (job != nil) != test.want {
			t.Errorf("%s: got %v", name, job != nil)
		}
	}
}
