package delivery

import (
	"testing"

	"obsready/catalog"
)

func named(text string) catalog.Text { return catalog.Text{Value: text} }

// using gives a step that uses a tool for a purpose.
func using(purpose catalog.Purpose, tool string) []catalog.Step {
	return []catalog.Step{{Tools: []catalog.Tool{{Purpose: purpose, Name: tool}}}}
}

// TestDeploying checks which jobs deploy: by what they use, and by the name of the environment that they state.
func TestDeploying(t *testing.T) {
	for name, test := range map[string]struct {
		workflow string
		job      catalog.Job
		want     bool
	}{
		"a tool":                       {"CI", catalog.Job{Steps: using(catalog.Deploys, "kubectl")}, true},
		"no tool, no environment":      {"Deploy", catalog.Job{ID: named("deploy")}, false},
		"production":                   {"CI", catalog.Job{ID: named("release"), Environment: named("production")}, true},
		"a cluster in production":      {"CI", catalog.Job{ID: named("release"), Environment: named("eu-prod-1")}, true},
		"a registry":                   {"Release", catalog.Job{ID: named("publish"), Environment: named("pypi")}, false},
		"a product's name":             {"Release", catalog.Job{ID: named("publish"), Environment: named("productivity")}, false},
		"a job for development":        {"CI", catalog.Job{ID: named("integration"), Environment: named("dev")}, false},
		"a deployment to development":  {"CI", catalog.Job{ID: named("deploy"), Environment: named("dev")}, true},
		"a workflow that deploys":      {"Deploy apps", catalog.Job{ID: named("apps"), Environment: named("${{ inputs.environment }}")}, true},
		"a helper of it":               {"Deploy apps", catalog.Job{ID: named("get-version"), Environment: named("test")}, false},
		"an expression":                {"CI", catalog.Job{ID: named("build"), Environment: named("${{ inputs.cluster }}")}, false},
		"a plan for production":        {"CI", catalog.Job{ID: named("terraform-plan"), Environment: named("production")}, false},
		"pages":                        {"Docs", catalog.Job{ID: named("deploy"), Environment: named("github-pages"), Steps: using(catalog.Deploys, "github pages")}, false},
		"pages as production":          {"Docs", catalog.Job{ID: named("deploy"), Environment: named("production"), Steps: using(catalog.Deploys, "github pages")}, false},
		"pages and a service":          {"CI", catalog.Job{Steps: append(using(catalog.Deploys, "github pages"), using(catalog.Deploys, "helm")...)}, true},
		"only printing":                {"CI", catalog.Job{ID: named("deploy"), Environment: named("production"), Steps: runs("echo deploys one day")}, false},
		"building for production":      {"Deploy", catalog.Job{ID: named("build-image"), Environment: named("production")}, false},
		"taking down":                  {"CI", catalog.Job{ID: named("teardown_deployment"), Environment: named("${{ inputs.environment }}")}, false},
		"a workflow of all deliveries": {"CI/CD", catalog.Job{ID: named("unit"), Environment: named("ci")}, false},
	} {
		w := &catalog.Workflow{Name: named(test.workflow), Jobs: []catalog.Job{test.job}}
		if got := len(Deploying(w)) > 0; got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestToProduction checks which deployments go to production: by the environment, else by the job's own name.
func TestToProduction(t *testing.T) {
	for name, test := range map[string]struct {
		job  catalog.Job
		want bool
	}{
		"by the environment":  {catalog.Job{ID: named("deploy"), Environment: named("Production")}, true},
		"a region of it":      {catalog.Job{ID: named("deploy"), Environment: named("prod-eu")}, true},
		"another environment": {catalog.Job{ID: named("deploy-production"), Environment: named("staging")}, false},
		"by the job":          {catalog.Job{ID: named("deploy-prod")}, true},
		"by the job's title":  {catalog.Job{ID: named("deploy"), Name: named("Deploy to live")}, true},
		"a word like it":      {catalog.Job{ID: named("deliver-product")}, false},
		"before production":   {catalog.Job{ID: named("deploy"), Environment: named("pre-production")}, false},
		"not production":      {catalog.Job{ID: named("deploy-non-prod")}, false},
		"both":                {catalog.Job{ID: named("deploy-preprod-and-prod")}, true},
		"nothing says so":     {catalog.Job{ID: named("deploy")}, false},
	} {
		if got := ToProduction(&test.job); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestEnvironmentName checks which environment the words of a job, else those of its workflow, name.
func TestEnvironmentName(t *testing.T) {
	for name, test := range map[string]struct {
		workflow, file string
		job            catalog.Job
		want           string
	}{
		"the job's ID":                {"Deploy", "deploy.yml", catalog.Job{ID: named("deploy-stg")}, "staging"},
		"its title":                   {"Deploy to production", "deploy.yml", catalog.Job{ID: named("deploy"), Name: named("Deploy to Staging")}, "staging"},
		"its stage":                   {"CI", ".gitlab-ci.yml", catalog.Job{ID: named("deploy"), Stage: named("prod")}, "production"},
		"the workflow":                {"Deploy (UAT)", "deploy.yml", catalog.Job{ID: named("deploy")}, "uat"},
		"the workflow's file":         {"Deploy", "app/.github/workflows/deploy-cloudflare-staging.yml", catalog.Job{ID: named("deploy")}, "staging"},
		"a folder is none":            {"Deploy", "production/.github/workflows/deploy.yml", catalog.Job{ID: named("deploy")}, ""},
		"one that is not production":  {"Deploy", "deploy.yml", catalog.Job{ID: named("deploy-nonprod")}, ""},
		"one before production":       {"Deploy", "deploy.yml", catalog.Job{ID: named("deploy-pre-prod")}, "preprod"},
		"two":                         {"Deploy production", "deploy.yml", catalog.Job{ID: named("deploy"), Name: named("Staging and production")}, ""},
		"the same twice":              {"Deploy", "deploy.yml", catalog.Job{ID: named("prod"), Name: named("Deploy to production")}, "production"},
		"a word that only looks like": {"Delivery", "product.yml", catalog.Job{ID: named("deliver")}, ""},
	} {
		w := &catalog.Workflow{Name: named(test.workflow), At: catalog.Place{File: test.file}}
		if got := EnvironmentName(w, &test.job); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestApprovals checks that a job waits for a person when it, or one that must have run before, does.
func TestApprovals(t *testing.T) {
	w := &catalog.Workflow{Jobs: []catalog.Job{
		{ID: named("hold"), Approval: named("approval")},
		{ID: named("build"), Needs: []catalog.Text{named("hold"), named("test")}},
		{ID: named("test"), Needs: []catalog.Text{named("build")}},
		{ID: named("deploy"), Needs: []catalog.Text{named("build"), named("nowhere")}},
		{ID: named("ask"), Steps: []catalog.Step{{Uses: named("trstringer/manual-approval@v1")}}},
		{ID: named("alone")},
	}}
	want := map[string]string{"hold": "approval", "build": "approval", "deploy": "approval", "ask": "trstringer/manual-approval@v1", "alone": ""}
	for j, approval := range Approvals(w) {
		if expected, ok := want[j.ID.Value]; ok && approval.Value != expected {
			t.Errorf("%s: got %q", j.ID.Value, approval.Value)
		}
	}
}
