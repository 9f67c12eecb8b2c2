package delivery

import (
	"fmt"
	"testing"

	"obsready/catalog"
)

// TestManyNeeds follows workflows in which every job needs all before it, and every workflow calls the next by every job:
// each job and workflow is looked at once, or this would not end.
func TestManyNeeds(t *testing.T) {
	const workflows, jobs = 40, 40
	svc := &catalog.Service{}
	for n := range workflows {
		w := &catalog.Workflow{Format: "github", At: catalog.Place{File: fmt.Sprintf(".github/workflows/w%d.yaml", n)},
			Triggers: []catalog.Trigger{{Event: named("workflow_call"), Stage: catalog.OnCall}}}
		if n == 0 {
			w.Triggers = []catalog.Trigger{{Event: named("push"), Stage: catalog.OnMerge}}
		}
		var before []catalog.Text
		for j := range jobs {
			job := catalog.Job{ID: named(fmt.Sprintf("j%d", j)), Needs: before, Calls: named(fmt.Sprintf("./.github/workflows/w%d.yaml", n+1))}
			if n == workflows-1 {
				job.Calls, job.Steps = catalog.Text{}, using(catalog.ScansSecrets, "gitleaks")
				if j == jobs/2 {
					job.Steps = using(catalog.BuildsImage, "docker")
				}
			}
			w.Jobs = append(w.Jobs, job)
			before = append(before[:j:j], job.ID)
		}
		svc.Workflows = append(svc.Workflows, catalog.Linked[catalog.Workflow]{Item: w})
	}
	runs := New("").Runs(svc)
	if len(runs) != jobs {
		t.Fatalf("got %d uses of tools, want %d", len(runs), jobs)
	}
	// The first caller of the last workflow has built nothing yet, so its call decides.
	for i, run := range runs {
		want := catalog.OnMerge
		if i > jobs/2 {
			want = catalog.OnBuild
		}
		if run.Stage != want {
			t.Errorf("job %d: got %s, want %s", i, run.Stage, want)
		}
	}
}

// TestNeedsInACircle takes jobs that need each other for ones that have done what all of them do.
func TestNeedsInACircle(t *testing.T) {
	w := &catalog.Workflow{Format: "github", Triggers: []catalog.Trigger{{Stage: catalog.OnMerge}}, Jobs: []catalog.Job{
		{ID: named("a"), Needs: []catalog.Text{named("b")}, Steps: using(catalog.ScansSecrets, "gitleaks")},
		{ID: named("b"), Needs: []catalog.Text{named("a")}, Steps: using(catalog.Deploys, "kubectl")},
	}}
	svc := &catalog.Service{Workflows: []catalog.Linked[catalog.Workflow]{{Item: w}}}
	if runs := New("").Runs(svc); len(runs) != 2 || runs[0].Stage != catalog.OnDeploy {
		t.Errorf("got %+v", runs)
	}
}
