package checks

import (
	"obsready/catalog"
	"obsready/checks/delivery"
)

var ciDeployHistory = &Check{
	ID:       "ci-deploy-history",
	Title:    "Deployments go through a pipeline that records them",
	Why:      "\"What changed?\" is the first question of an incident. What is deployed by hand is answered by memory.",
	Fix:      "Deploy from a job with an `environment`, which keeps the history of deployments, or through GitOps. Where another system deploys and records, vouch for it with an attestation.",
	Source:   "Google SRE book, ch. 8 \"Release Engineering\"; AWS Well-Architected, OPS05.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Workflows},
	Attest:   "deployments go through a system that records who deployed what and when",
	Run: func(in *Inspection) {
		if !in.Service.Operated() {
			in.NotApplicablef("a service of kind %q is not deployed by itself", in.Service.KindName())
			return
		}
		if vouched(in) || !codeRead(in) {
			return
		}
		for _, w := range withoutHooks(in.Service) {
			jobs := delivery.Deploying(w.Item)
			if len(jobs) == 0 {
				continue
			}
			if j := jobs[0]; j.Environment.Value != "" {
				in.Metf(j.Environment.At, "job %q of workflow %q deploys to environment %q, which keeps a history", jobName(j), workflowName(w.Item), j.Environment.Value).LinkedBy(w.By)
			} else {
				in.Metf(j.At, "job %q of workflow %q deploys, and the record of its runs is kept", jobName(j), workflowName(w.Item)).LinkedBy(w.By)
			}
			return
		}
		if !requireCandidate(in) && !refuseHooks(in) {
			deploymentUnseen(in)
		}
	},
}

// requireCandidate states that a job of a pipeline deploys whose way to do so is not known, when its names leave no doubt about it.
func requireCandidate(in *Inspection) bool {
	for _, w := range withoutHooks(in.Service) {
		for _, c := range in.pipelines.Candidates(in.Service, w.Item) {
			if c.Sure {
				in.Metf(c.Job.At, "job %q of workflow %q deploys by %s, and the record of its runs is kept", jobName(c.Job), workflowName(w.Item), c.How).LinkedBy(w.By)
				return true
			}
		}
	}
	return false
}

// refuseHooks states that a commit hook deploys, when one does.
func refuseHooks(in *Inspection) bool {
	for _, w := range in.Service.Workflows {
		if jobs := delivery.Deploying(w.Item); len(jobs) > 0 {
			in.Unmetf(jobs[0].At, "hook %q deploys from somebody's own machine, where no history is kept. deploy from a pipeline", jobName(jobs[0])).LinkedBy(w.By)
			return true
		}
	}
	return false
}

// deploymentUnseen states that nothing is seen to deploy the service, with what may do it in a way that is not known.
func deploymentUnseen(in *Inspection) {
	const wayOut = "deploy it from a job with an environment, or vouch for the system that does with an [[attestation]]"
	for _, w := range withoutHooks(in.Service) {
		for _, c := range in.pipelines.Candidates(in.Service, w.Item) {
			in.Unseenf(c.Job.At, "job %q of workflow %q may deploy the service, in a way that is not known. %s", jobName(c.Job), workflowName(w.Item), wayOut).LinkedBy(w.By)
			return
		}
	}
	if part := in.pipelines.HiddenDeployment(in.Service); part.Value != "" {
		in.Unseenf(part.At, "nothing is seen to deploy the service, but %q, which the pipelines use, is outside of what this run reads. %s", part.Value, wayOut)
		return
	}
	in.Unseenf(in.Service.Source.At, "nothing is seen to deploy the service. %s", wayOut)
}
