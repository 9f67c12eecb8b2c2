package delivery

import (
	"regexp"

	"obsready/catalog"
)

// hints are words by which a step that runs nothing known may still do what a tool is for: a script of the repository, a
// target of make, an action of one's own.
var hints = map[catalog.Purpose]*regexp.Regexp{
	catalog.ScansDependencies: regexp.MustCompile(`(?i)\bosv\b|snyk|\baudit|vuln|trivy|grype|dependency[-_ ]?(?:check|scan)|\bcve\b`),
	catalog.ScansSecrets:      regexp.MustCompile(`(?i)gitleaks|trufflehog|ggshield|detect[-_]secrets|git[-_]secrets|secret[-_ ]?(?:scan|detect|leak)|leak[-_ ]?(?:scan|detect)`),
	catalog.ScansImages:       regexp.MustCompile(`(?i)trivy|grype|snyk|docker[-_ ]scout|anchore/scan|(?:image|container)[-_ ]?(?:vuln\w*[-_ ]?)?scan|scan[-_ ]?(?:image|container)`),
	catalog.ChecksLicences:    regexp.MustCompile(`(?i)fossa|licen[cs]e[-_ ]?(?:check|scan|finder|report|audit|compliance)|(?:check|scan)[-_ ]?(?:third[-_ ]party[-_ ])?licen[cs]es`),
	catalog.Signs:             regexp.MustCompile(`(?i)cosign|notation|\bsign(?:s|ing|ed)?\b|\bgpg\b|attest|provenance|slsa`),
	catalog.WritesSBOM:        regexp.MustCompile(`(?i)\bs?bom\b|cyclonedx|syft|spdx`),
}

// Hinted takes a service, a purpose and a stage, and gives the first step, with its job, that may do what a tool of the
// purpose does, in a way that is not known, and runs by itself no later than the stage. Both are nil when there is none. A
// step with a known tool is none: what that does is known.
func (f *Follower) Hinted(svc *catalog.Service, purpose catalog.Purpose, latest catalog.Stage) (*catalog.Job, *catalog.Step) {
	words := hints[purpose]
	if words == nil {
		return nil, nil
	}
	k := f.walk(svc)
	for _, w := range svc.Workflows {
		for i := range w.Item.Jobs {
			job := &w.Item.Jobs[i]
			for n := range job.Steps {
				step := &job.Steps[n]
				if len(step.Tools) == 0 && hasWord(words, step) && !After(k.stageOf(w.Item, job, step), latest) {
					return job, step
				}
			}
		}
	}
	return nil, nil
}

// hasWord reports whether a step has one of the words: in its name, the action that it runs, that action's inputs, or its
// script.
func hasWord(words *regexp.Regexp, step *catalog.Step) bool {
	for _, l := range step.With {
		if words.MatchString(l.Key) {
			return true
		}
	}
	return words.MatchString(step.Name.Value) || words.MatchString(step.Uses.Value) || words.MatchString(step.Run.Value)
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
