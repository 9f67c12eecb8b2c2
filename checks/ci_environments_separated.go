package checks

import (
	"slices"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var ciEnvironmentsSeparated = &Check{
	ID:       "ci-environments-separated",
	Title:    "Jobs that deploy name the environment that they deploy to",
	Why:      "Without environments every job sees the credentials of production, and a test pipeline can deploy to it by mistake.",
	Fix:      "Give each job that deploys its `environment: staging` or `environment: production`, and keep that environment's secrets with it.",
	Source:   "GitHub Actions, \"Managing environments for deployment\"; OWASP Top 10 CI/CD Security Risks, CICD-SEC-5.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Run: func(in *Inspection) {
		if !codeRead(in) {
			return
		}
		for _, w := range workflowsOf(in) {
			for _, j := range delivery.Deploying(w.Item) {
				requireEnvironment(in, w, j)
			}
		}
		if len(in.requirements) == 0 {
			candidateEnvironments(in)
		}
		unreadWorkflows(in)
		if len(in.requirements) == 0 && in.skipped == "" {
			in.NotApplicablef("no job of the service's pipelines is seen to deploy where its environment could be named")
		}
	},
}

// candidateEnvironments leaves undecided what the jobs name that may deploy, in the formats that have a word for it.
func candidateEnvironments(in *Inspection) {
	for _, w := range withoutHooks(in.Service) {
		for _, c := range in.pipelines.Candidates(in.Service, w.Item) {
			switch {
			case !slices.Contains([]string{"github", "gitlab", "azure"}, w.Item.Format):
			case c.Job.Calls.Value != "":
				in.Undecidedf(c.Job.Calls.At, "job %q of workflow %q may deploy by %q, which is outside of what this run reads and may name an environment", jobName(c.Job), workflowName(w.Item), c.Job.Calls.Value).LinkedBy(w.By)
			default:
				in.Undecidedf(c.Job.At, "job %q of workflow %q may deploy, in a way that is not known, and names no environment. name it where it does: environment: %s", jobName(c.Job), workflowName(w.Item), orElse(delivery.EnvironmentName(w.Item, c.Job), "…")).LinkedBy(w.By)
			}
		}
	}
}

// requireEnvironment states whether a job that deploys says where to, in the formats that have a word for it.
func requireEnvironment(in *Inspection, w catalog.Linked[catalog.Workflow], j *catalog.Job) {
	name, environment := workflowName(w.Item), orElse(delivery.EnvironmentName(w.Item, j), "…")
	switch {
	case delivery.OtherEnvironment(j) != "":
		in.Unmetf(j.Environment.At, "job %q of workflow %q deploys to %s by its name and uses environment %q, with its secrets. give it an environment of its own", jobName(j), name, delivery.OtherEnvironment(j), j.Environment.Value).LinkedBy(w.By)
	case j.Environment.Value != "":
		in.Metf(j.Environment.At, "job %q of workflow %q deploys to environment %q", jobName(j), name, j.Environment.Value).LinkedBy(w.By)
	case w.Item.Format == "github" || w.Item.Format == "gitlab":
		in.Unmetf(j.At, "job %q of workflow %q deploys and names no environment. name it: environment: %s", jobName(j), name, environment).LinkedBy(w.By)
	case w.Item.Format == "azure":
		in.Unmetf(j.At, "job %q of pipeline %q deploys and names no environment. make it a deployment job with environment: %s", jobName(j), name, environment).LinkedBy(w.By)
	}
}
