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
		for _, w := range in.Service.Workflows {
			if jobs := delivery.Deploying(w.Item); len(jobs) > 0 {
				in.Unmetf(jobs[0].At, "hook %q deploys from somebody's own machine, where no history is kept. deploy from a pipeline", jobName(jobs[0])).LinkedBy(w.By)
				return
			}
		}
		in.Unseenf(in.Service.Source.At, "nothing is seen to deploy the service. deploy it from a job with an environment, or vouch for the system that does with an [[attestation]]")
	},
}
