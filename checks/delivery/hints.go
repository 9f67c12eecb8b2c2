package delivery

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

// hints are words by which a step that runs nothing known may still do what a tool is for: a script of the repository, a
// target of make, an action of one's own.
var hints = map[catalog.Purpose]*regexp.Regexp{
	catalog.ScansDependencies: regexp.MustCompile(`(?i)\bosv\b|snyk|\baudit|vuln|trivy|grype|dependency[-_ ]?(?:check|scan)|\bcve\b`),
	catalog.ScansSecrets:      regexp.MustCompile(`(?i)(?:no|check|check[-_]for)[-_]secrets(?:\.(?:sh|py|rb|js|ts))?(?:\s|$)|(?:scan|refuse|detect|look|grep|search)\w*[-_ ](?:for[-_ ])?(?:hard-?coded[-_ ]|committed[-_ ]|leaked[-_ ])?(?:secrets|credentials)|secrets?[-_ ](?:check|audit)|gitleaks|trufflehog|ggshield|detect[-_]secrets|git[-_]secrets|secret[-_ ]?(?:scan|detect|leak)|leak[-_ ]?(?:scan|detect)`),
	catalog.AnalysesCode:      regexp.MustCompile(`(?i)codeql|semgrep|sonar|\bsast\b|bandit|brakeman|gosec|checkmarx|veracode|fortify|coverity|static[-_ ]analysis|security[-_ ](?:lint|analysis|scan)`),
	catalog.ScansImages:       regexp.MustCompile(`(?i)trivy|grype|snyk|docker[-_ ]scout|anchore/scan|(?:image|container)[-_ ]?(?:vuln\w*[-_ ]?)?scan|scan[-_ ]?(?:image|container)`),
	catalog.ChecksLicences:    regexp.MustCompile(`(?i)fossa|(?:bin|scripts?|make|run)[/ ](?:[\w-]+[-_])?licen[cs]es?\b|licen[cs]e[-_ ]?(?:check|scan|finder|report|audit|compliance)|(?:check|scan)[-_ ]?(?:third[-_ ]party[-_ ])?licen[cs]es`),
	catalog.Signs:             regexp.MustCompile(`(?i)cosign|notation|\bsign(?:s|ing|ed)?\b|\bgpg\b|attest|provenance|slsa`),
	catalog.Tests:             regexp.MustCompile(`(?i)(?:bin|scripts?|ci|hack|tools)/(?:[\w-]+[-_])?tests?\b|\brun[-_]tests?\b|\brun (?:\w+ )?tests?\b`),
	catalog.WritesSBOM:        regexp.MustCompile(`(?i)\bs?bom\b|cyclonedx|syft|spdx`),
}

// known are the parts of scripts and actions which have a word of the hints, and of which it is known that they do not do it: what
// only installs or verifies, and what attests something else than how an artifact was built.
var known = map[catalog.Purpose]*regexp.Regexp{
	catalog.Signs: regexp.MustCompile(`(?i)sigstore/cosign-installer|actions/attest[\w-]*|gh\s+attestation\s+verify|cosign\s+(?:verify|attest|sign|download|tree|version|env|initialize|login)[\w-]*(?:\\\n|[^\n;&|])*`),
}

// Hinted takes a service, a purpose and a stage, and gives the first step, with its job, that may do what a tool of the
// purpose does, in a way that is not known, and runs by itself no later than the stage. Both are nil when there is none. A
// step with a known tool is none: what that does is known.
func (f *Follower) Hinted(svc *catalog.Service, purpose catalog.Purpose, latest catalog.Stage) (*catalog.Job, *catalog.Step) {
	if hints[purpose] == nil {
		return nil, nil
	}
	k := f.walk(svc)
	for _, w := range svc.Workflows {
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			for n := range job.Steps {
				step := &job.Steps[n]
				if len(step.Tools) == 0 && hasWord(purpose, step) && !After(k.stageOf(w.Item, job, step), latest) {
					return job, step
				}
			}
		}
	}
	return nil, nil
}

// hasWord reports whether a step has one of the words: in its name, the action that it runs, that action's inputs, or its
// script.
func hasWord(purpose catalog.Purpose, step *catalog.Step) bool {
	words := hints[purpose]
	runs := step.Uses.Value + "\n" + step.Run.Value + "\n" + strings.Join(step.Filled, "\n")
	if words.MatchString(runs) {
		without := known[purpose]
		return without == nil || words.MatchString(without.ReplaceAllString(runs, " "))
	}
	for _, l := range step.With {
		if words.MatchString(l.Key) {
			return true
		}
	}
	return words.MatchString(step.Name.Value) && !onlyLooks.MatchString(step.Name.Value) || isOpen(step.Run.Value) && len(step.Filled) == 0
}

// onlyLooks finds the names of steps that install a tool, or verify what one has done.
var onlyLooks = regexp.MustCompile(`(?i)^(?:install|set ?up|verify|download)\b`)

// isOpen reports whether a script is nothing but an expression: only a run knows what it does.
func isOpen(script string) bool {
	return script != "" && strings.TrimSpace(expressionOf.ReplaceAllString(script, "")) == ""
}

// stageOf gives the stage at which a step runs by itself, whatever was built before it.
func (k *walk) stageOf(w *catalog.Workflow, job *catalog.Job, step *catalog.Step) catalog.Stage {
	return earliest(narrow(w, k.startsOf(w, job), step.Condition.Value), progress{})
}

// JobStage takes a job of one of a service's workflows and gives the earliest stage at which it runs by itself, whatever
// was built before it; catalog.NoStage when it does not.
func (f *Follower) JobStage(svc *catalog.Service, w *catalog.Workflow, job *catalog.Job) catalog.Stage {
	return earliest(f.walk(svc).startsOf(w, job), progress{})
}
