package delivery

import (
	"strings"
	"testing"

	"obsready/catalog"
)

// runs gives a step with a script.
func runs(script string) []catalog.Step { return []catalog.Step{{Run: named(script)}} }

// TestCandidates checks which jobs may deploy in a way that is not known, by what, and whether both names say so.
func TestCandidates(t *testing.T) {
	const script = "a script of its own"
	uses := func(action string) []catalog.Step { return []catalog.Step{{Uses: named(action)}} }
	for name, test := range map[string]struct {
		job  catalog.Job
		want string // "" for none, "?" for one that is not sure
	}{
		"a script":                  {catalog.Job{ID: named("deploy_production"), Steps: runs("./bin/deploy production")}, script},
		"a program":                 {catalog.Job{ID: named("prod-deploy"), Steps: runs(". env\npython ./deploy.py prod")}, script},
		"a target":                  {catalog.Job{ID: named("deploy"), Steps: runs("ENV=prod make -s k8s-deploy")}, script},
		"an action":                 {catalog.Job{Name: named("Deploy"), Steps: uses("acme/fasit-deploy@v4")}, `"acme/fasit-deploy@v4"`},
		"a called workflow":         {catalog.Job{ID: named("deploy"), Calls: named("acme/ci/.github/workflows/deploy_app.yaml@main")}, `"acme/ci/.github/workflows/deploy_app.yaml@main"`},
		"only the job says so":      {catalog.Job{ID: named("deploy"), Steps: runs("ssh web restart")}, "?"},
		"only the workflow says so": {catalog.Job{ID: named("ship"), Calls: named("acme/ci/.github/workflows/deploy.yaml@main")}, "?"},
		"only the script says so":   {catalog.Job{ID: named("upgrade"), Steps: runs("deployer deploy-support eu")}, "?"},
		"it is only spoken of":      {catalog.Job{ID: named("upgrade"), Steps: runs("echo deploy\ncat docs/deploy.md\n# deploy")}, ""},
		"a local workflow":          {catalog.Job{ID: named("deploy"), Calls: named("./.github/workflows/deploy.yaml")}, ""},
		"pages":                     {catalog.Job{ID: named("deploy-docs"), Steps: runs("./deploy docs")}, ""},
		"pages by a tool":           {catalog.Job{ID: named("deploy"), Steps: using(catalog.Deploys, "github pages")}, ""},
		"a package":                 {catalog.Job{ID: named("deploy"), Steps: using(catalog.Publishes, "maven")}, ""},
		"an image is pushed before": {catalog.Job{ID: named("deploy"), Steps: append(using(catalog.Publishes, "docker"), runs("./restart")...)}, "?"},
		"a build of what deploys":   {catalog.Job{ID: named("build"), Steps: runs("make deploy-linux")}, ""},
		"a test of it":              {catalog.Job{ID: named("test-deploy"), Steps: runs("./deploy")}, ""},
		"a rehearsal":               {catalog.Job{ID: named("mock-deploy"), Steps: runs("./deploy")}, ""},
		"what takes it down":        {catalog.Job{ID: named("delete_deployment"), Steps: runs("./delete_deployment")}, ""},
		"what only prints":          {catalog.Job{ID: named("deploy"), Steps: runs("echo deploys one day")}, ""},
		"a tool that is known":      {catalog.Job{ID: named("deploy"), Steps: using(catalog.Deploys, "helm")}, ""},
		"an expression in its name": {catalog.Job{ID: named("a"), Name: named("${{ inputs.deploy }}"), Steps: runs("make")}, ""},
		"another word":              {catalog.Job{ID: named("unit"), Steps: runs("go test ./...")}, ""},
	} {
		w := &catalog.Workflow{Format: "github", Jobs: []catalog.Job{test.job}}
		svc := &catalog.Service{Workflows: []catalog.Linked[catalog.Workflow]{{Item: w}}}
		got := ""
		for _, c := range New("").Candidates(svc, w) {
			if got = c.How; !c.Sure {
				got = "?"
			}
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestHiddenDeployment checks which parts that are not read may deploy.
func TestHiddenDeployment(t *testing.T) {
	for name, test := range map[string]struct {
		workflow catalog.Workflow
		want     string
	}{
		"a library":               {catalog.Workflow{Format: "jenkins", Elsewhere: []catalog.Text{named("pipelines@main")}}, "pipelines@main"},
		"an orb that tells":       {catalog.Workflow{Format: "circleci", Elsewhere: []catalog.Text{named("circleci/slack@4.1"), named("circleci/aws-cli@5")}}, ""},
		"an orb of one's own":     {catalog.Workflow{Format: "circleci", Elsewhere: []catalog.Text{named("acme/ship@1")}}, "acme/ship@1"},
		"a pipeline":              {catalog.Workflow{Format: "github", Jobs: []catalog.Job{{Calls: named("acme/ci/.github/workflows/pipeline.yml@v1")}}}, "acme/ci/.github/workflows/pipeline.yml@v1"},
		"a check":                 {catalog.Workflow{Format: "github", Jobs: []catalog.Job{{Calls: named("acme/ci/.github/workflows/lint_php.yml@v1")}}}, ""},
		"a check and a delivery":  {catalog.Workflow{Format: "github", Jobs: []catalog.Job{{Calls: named("acme/ci/.github/workflows/test-and-deploy.yml@v1")}}}, "acme/ci/.github/workflows/test-and-deploy.yml@v1"},
		"a job that only checks":  {catalog.Workflow{Format: "github", Jobs: []catalog.Job{{ID: named("lint"), Calls: named("acme/ci/.github/workflows/all.yml@v1")}}}, ""},
		"a workflow of one's own": {catalog.Workflow{Format: "github", Jobs: []catalog.Job{{Calls: named("./.github/workflows/all.yml")}}}, ""},
	} {
		svc := &catalog.Service{Workflows: []catalog.Linked[catalog.Workflow]{{Item: &test.workflow}}}
		if got := New("").HiddenDeployment(svc); got.Value != test.want {
			t.Errorf("%s: got %q", name, got.Value)
		}
	}
}

// TestUnseenPart checks that the part is named which speaks of the purpose, and no orb that only tells people.
func TestUnseenPart(t *testing.T) {
	w := &catalog.Workflow{Format: "circleci", Elsewhere: []catalog.Text{named("circleci/slack@4.1"), named("acme/build@1"), named("acme/codeql@1")}}
	svc := &catalog.Service{Workflows: []catalog.Linked[catalog.Workflow]{{Item: w}}}
	for purpose, want := range map[catalog.Purpose]string{catalog.AnalysesCode: "acme/codeql@1", catalog.WritesSBOM: "acme/build@1", catalog.ReviewsChanges: "acme/build@1"} {
		if got := New("").UnseenPart(svc, purpose); got.Value != want {
			t.Errorf("%s: got %q, want %q", purpose, got.Value, want)
		}
	}
}

// TestPrintsOnly checks which scripts do nothing but print.
func TestPrintsOnly(t *testing.T) {
	for script, want := range map[string]bool{
		"echo deploys one day":                             true,
		"# not yet\necho \"to ${{ inputs.environment }}\"": true,
		"if [ \"$A\" = b ]; then echo b; fi\nexit 0":       true,
		"cat <<E\nkubectl apply\nE":                        true,
		"A=b":                                              true,
		"echo $(kubectl apply -f k8s)":                     false,
		"echo a && ./deploy":                               false,
		"$DEPLOY":                                          false,
		"echo (":                                           false, // no script
		strings.Repeat("(", 3000) + "echo a":               false,
		"echo" + strings.Repeat(" a", 1<<16):               false,
	} {
		if got := printsOnly(script); got != want {
			t.Errorf("%.60q: got %v", script, got)
		}
	}
}

// TestBest checks which of several uses of a tool is told: the earliest, then one that gates, then one whose results are judged by
// code scanning, then one that may gate.
func TestBest(t *testing.T) {
	codeql := &catalog.Job{Steps: []catalog.Step{{Uses: named("github/codeql-action/analyze@v3")}}}
	run := func(name string, stage catalog.Stage, gates, unsure bool, job *catalog.Job) Run {
		return Run{Tool: catalog.Tool{Name: name, Gates: gates, Unsure: unsure}, Stage: stage, Job: job}
	}
	soft, unsure := run("soft", catalog.OnPullRequest, false, false, nil), run("unsure", catalog.OnPullRequest, false, true, nil)
	uploads, gates := run("codeql", catalog.OnPullRequest, false, false, codeql), run("gates", catalog.OnPullRequest, true, false, nil)
	late, never := run("late", catalog.OnMerge, true, false, nil), run("never", catalog.NoStage, true, false, nil)
	for want, all := range map[string][]Run{
		"gates": {soft, unsure, uploads, gates, late}, "codeql": {soft, unsure, uploads, late}, "unsure": {soft, unsure, late}, "soft": {late, soft, never}, "late": {never, late}, "": {never},
	} {
		for range all {
			if got := Best(all, func(Run) bool { return true }); got.Tool.Name != want {
				t.Errorf("got %q, want %q", got.Tool.Name, want)
			}
			all = append(all[1:], all[0])
		}
	}
}
