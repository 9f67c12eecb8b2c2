package checks

import (
	"fmt"
	"slices"
	"strings"
)

// Practice is one practice of DevSecOps and SRE work, with the checks that judge whether it is lived.
type Practice struct {
	Area   string
	Name   string
	Checks []string // IDs
}

// Practices lists every practice that the checks judge, by area.
// Sources: Google SRE book and workbook; NIST SSDF (SP 800-218); SLSA; OpenSSF Security Baseline; Threat Modeling
// Manifesto.
func Practices() []Practice {
	return []Practice{
		{"Observability", "Ownership metadata", []string{"owner-team", "owner-contact", "owner-oncall", "owner-codeowners", "service-described", "service-dependencies"}},
		{"Observability", "Metrics", []string{"metrics-collected", "metrics-golden-signals", "metrics-latency-histogram", "metrics-names", "metrics-live"}},
		{"Observability", "Logs", []string{"logs-collected", "logs-structured", "logs-correlated", "logs-retention", "logs-redacted", "logs-live"}},
		{"Observability", "Traces", []string{"traces-collected", "traces-identity", "traces-sampling", "traces-propagation", "collector-pipeline-sound", "traces-live"}},
		{"Observability", "Dashboards tied to user journeys", []string{"dashboard-exists", "dashboard-journey", "dashboard-golden-signals", "dashboard-quality", "dashboard-slo"}},
		{"Observability", "What is live is what is in git", []string{"dashboard-live", "dashboard-drift", "sources-live"}},
		{"Observability", "Alerting on symptoms, not only causes", []string{"alert-symptom", "alert-journey", "alert-page-symptom", "alert-absent"}},
		{"Observability", "Actionable, urgent and owned alerts", []string{"alert-actionable", "alert-urgent", "alert-owned"}},
		{"Observability", "Alerts linked to diagnosis", []string{"alert-runbook", "alert-dashboard"}},
		{"Observability", "Sound and tested alert expressions", []string{"alert-expression", "alert-tested"}},
		{"Observability", "Alerts that are loaded, awake and received", []string{"alert-live", "alert-awake", "alert-received"}},
		{"Observability", "Runbooks", []string{"runbook-exists", "runbook-sections", "runbook-substantive", "runbook-fresh", "runbook-links", "runbook-coverage"}},

		{"Service level objectives", "Start with what users care about", []string{"slo-dimensions"}},
		{"Service level objectives", "SLI: the measurement", []string{"slo-indicator"}},
		{"Service level objectives", "SLO: the target", []string{"slo-defined", "slo-valid"}},
		{"Service level objectives", "Error budget and its policy", []string{"slo-budget-policy"}},
		{"Service level objectives", "Alerting on the budget", []string{"slo-alerted", "slo-burn-rate"}},

		{"Threat modelling", "A model where a trigger applies", []string{"threat-model-exists"}},
		{"Threat modelling", "It answers what is protected, who attacks, what goes wrong, how it shows and how to recover", []string{"threat-model-questions"}},
		{"Threat modelling", "Kept current", []string{"threat-model-fresh"}},
		{"Threat modelling", "Mitigations owned", []string{"threat-mitigations"}},
		{"Threat modelling", "Data and exposure known", []string{"data-classified", "exposure-stated"}},

		{"Secure development", "Prepare the organisation: roles and training", []string{"security-roles", "security-training"}},
		{"Secure development", "Protect code and artifacts", []string{"ci-protected-branches", "artifacts-signed", "secrets-scanned"}},
		{"Secure development", "Produce well-secured software: review and testing", []string{"security-review", "security-testing"}},
		{"Secure development", "Respond to vulnerabilities", []string{"vulnerability-response"}},

		{"Supply chain", "Dependencies scanned, locked and reviewed", []string{"dependencies-scanned", "dependencies-locked", "dependencies-reviewed"}},
		{"Supply chain", "SBOM for critical products", []string{"sbom-present"}},
		{"Supply chain", "Artifacts signed", []string{"artifacts-signed"}},
		{"Supply chain", "Secrets and images scanned, licences checked", []string{"secrets-scanned", "images-scanned", "licences-checked"}},

		{"Delivery", "Least privilege", []string{"ci-least-privilege", "ci-untrusted-input"}},
		{"Delivery", "Protected branches and required checks", []string{"ci-protected-branches", "ci-required-checks"}},
		{"Delivery", "Logs without secrets", []string{"ci-secret-free-logs"}},
		{"Delivery", "Separated environments and approval for production", []string{"ci-environments-separated", "ci-production-approval"}},
		{"Delivery", "Auditable deployment history", []string{"ci-deploy-history"}},
		{"Delivery", "Pinned actions", []string{"ci-actions-pinned"}},
		{"Delivery", "Security checks early enough", []string{"security-check-early"}},

		{"Incident response", "A process with roles, timeline and follow-up", []string{"incident-process"}},
		{"Incident response", "Recovery objectives as numbers", []string{"recovery-objectives"}},
		{"Incident response", "A recovery plan", []string{"recovery-plan"}},
		{"Incident response", "Recovery exercised and restores tested", []string{"recovery-exercised", "restore-tested"}},
		{"Incident response", "Rollback ready", []string{"rollback-ready"}},

		{"Postmortems", "Complete", []string{"postmortem-complete"}},
		{"Postmortems", "Action items owned and dated", []string{"postmortem-actions"}},
		{"Postmortems", "Detection gaps followed through", []string{"postmortem-followed-through"}},
		{"Postmortems", "Blameless", []string{"postmortem-blameless"}},

		{"Toil", "Tracked", []string{"toil-tracked"}},
		{"Toil", "Bounded", []string{"toil-budget"}},
		{"Toil", "Automated where it is largest", []string{"toil-automation"}},
	}
}

// Guidelines lists what every team is asked to keep to, in words for everybody, with the checks that show it.
func Guidelines() []Practice {
	return []Practice{
		{"Guidelines", "Threat model what is new, exposed, sensitive, AI-enabled or architecturally significant", []string{"threat-model-exists", "threat-model-questions"}},
		{"Guidelines", "No secrets in code, logs or screenshots", []string{"secrets-absent", "secrets-scanned", "ci-secret-free-logs", "logs-redacted"}},
		{"Guidelines", "Scan dependencies and containers where they matter", []string{"dependencies-scanned", "images-scanned"}},
		{"Guidelines", "SLOs for critical journeys", []string{"slo-defined"}},
		{"Guidelines", "Alert on what users feel, not on technical noise", []string{"alert-symptom", "alert-page-symptom"}},
		{"Guidelines", "Incidents with clear roles: commander, communicator, investigator, mitigator", []string{"incident-process"}},
		{"Guidelines", "Postmortems without blame and with actions", []string{"postmortem-blameless", "postmortem-actions"}},
		{"Guidelines", "Track toil and automate repeated manual work", []string{"toil-tracked", "toil-automation"}},
	}
}

// PracticeTable gives the practices as a Markdown table: which checks judge each, and which question they answer.
func PracticeTable() string {
	var b strings.Builder
	b.WriteString("| area | practice | checks | answers |\n|---|---|---|---|\n")
	for _, p := range slices.Concat(Practices(), Guidelines()) {
		var links, questions []string
		found, err := ByID(p.Checks...)
		if err != nil {
			links = []string{err.Error()}
		}
		for _, c := range found {
			links = append(links, fmt.Sprintf("[%s](#%s)", c.ID, c.ID))
			if !slices.Contains(questions, string(c.Question)) {
				questions = append(questions, string(c.Question))
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", p.Area, p.Name, strings.Join(links, ", "), strings.Join(questions, " "))
	}
	return b.String()
}
