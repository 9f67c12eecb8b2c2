package checks

import (
	"obsready/catalog"
	"obsready/checks/delivery"
)

var ciProductionApproval = &Check{
	ID:       "ci-production-approval",
	Title:    "Somebody approves what is deployed to production, where the risk calls for it",
	Why:      "On services of tier 1 and on regulated data a single person, or a stolen account, must not be able to ship alone.",
	Fix:      "Let the job wait for a reviewer: protection rules of the environment on GitHub, `when: manual` with a protected environment on GitLab, an approval check on Azure, `type: approval` on CircleCI, `input` on Jenkins. Rules that are settings of the host are vouched for with an attestation.",
	Source:   "OWASP Top 10 CI/CD Security Risks, CICD-SEC-1 \"Insufficient Flow Control Mechanisms\"; PCI DSS 4.0, 6.5.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: High,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Workflows},
	Attest:   "deployments to production wait for the approval of a second person",
	Run: func(in *Inspection) {
		why, needed := critical(in.Service)
		if !needed {
			in.NotApplicablef("the service is neither of tier 1 nor handles regulated data")
			return
		}
		if vouched(in) || !codeRead(in) {
			return
		}
		for _, w := range workflowsOf(in) {
			approvals := delivery.Approvals(w.Item)
			for _, j := range delivery.Deploying(w.Item) {
				switch {
				case delivery.ToProduction(j):
					requireApproval(in, w, j, approvals[j], why)
				case delivery.MayBeProduction(w.Item, j):
					in.Unseenf(j.Environment.At.Or(j.At), "whether job %q of workflow %q deploys to production is not seen (%s). name its environment, or vouch for the approval with an [[attestation]]", jobName(j), workflowName(w.Item), why).LinkedBy(w.By)
				}
			}
		}
		candidateApprovals(in, why)
		unreadWorkflows(in)
		if len(in.requirements) > 0 || in.skipped != "" {
			return
		}
		if part := in.pipelines.HiddenDeployment(in.Service); part.Value != "" {
			in.Unseenf(part.At, "no job of the service's pipelines is seen to deploy to production (%s), but %q, which they use, is outside of what this run reads. vouch for the approval with an [[attestation]]", why, part.Value)
			return
		}
		in.NotApplicablef("no job of the service's pipelines is seen to deploy to production")
	},
}

// candidateApprovals states of the jobs that may deploy to production whether something makes them wait for a person. Those of
// which only one name speaks of a deployment count where no other job does.
func candidateApprovals(in *Inspection, why string) {
	none := len(in.requirements) == 0
	for _, w := range withoutHooks(in.Service) {
		approvals := delivery.Approvals(w.Item)
		for _, c := range in.pipelines.Candidates(in.Service, w.Item) {
			environment, approval := delivery.EnvironmentName(w.Item, c.Job), approvals[c.Job]
			switch {
			case !c.Sure && !none, !delivery.ToProduction(c.Job) && environment != "" && environment != "production":
			case c.Sure && approval.Value != "":
				in.Metf(approval.At, "job %q of workflow %q deploys by %s and waits for a person: %s", jobName(c.Job), workflowName(w.Item), c.How, approval.Value).LinkedBy(w.By)
			default:
				in.Unseenf(c.Job.At, "job %q of workflow %q may deploy to production, in a way that is not known, and whether somebody approves it is not seen (%s). vouch for the approval with an [[attestation]], or write it into the pipeline", jobName(c.Job), workflowName(w.Item), why).LinkedBy(w.By)
			}
		}
	}
}

func requireApproval(in *Inspection, w catalog.Linked[catalog.Workflow], j *catalog.Job, approval catalog.Text, why string) {
	if approval.Value != "" {
		in.Metf(approval.At, "job %q of workflow %q deploys to production and waits for a person: %s", jobName(j), workflowName(w.Item), approval.Value).LinkedBy(w.By)
		return
	}
	if w.Item.Format == "circleci" && in.attestation() == nil { // it has no settings for that
		in.Unmetf(j.At, "job %q of workflow %q deploys to production and waits for nobody (%s). put a job of type: approval before it", jobName(j), workflowName(w.Item), why).LinkedBy(w.By)
		return
	}
	in.Unseenf(j.Environment.At.Or(j.At), "whether somebody approves what job %q of workflow %q deploys to production is not seen (%s). vouch for it with an [[attestation]], or write the approval into the pipeline", jobName(j), workflowName(w.Item), why).LinkedBy(w.By)
}
