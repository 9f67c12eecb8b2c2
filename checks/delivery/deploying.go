package delivery

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// Deploying takes a workflow and gives its jobs that deploy, in their order, nil for none: by a tool that does, or to an
// environment that is a place where services run. Environments also keep the credentials of jobs that build, or publish
// packages or pages, and ask for the approval of jobs that only print; those deploy nothing.
func Deploying(w *catalog.Workflow) []*catalog.Job {
	var jobs []*catalog.Job
	for i := range w.Jobs {
		j := &w.Jobs[i]
		switch service, pages := deploysByTool(j); {
		case service, j.Environment.Value != "" && !pages && !onlyPrints(j) && !takesAway(j) && (saysDeploy(w, j) || isPlace(j.Environment.Value) && !saysOther(j)):
			jobs = append(jobs, j)
		}
	}
	return jobs
}

var (
	placeName      = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:staging|stage|stg|preprod|pre-prod|uat|acceptance|canary|demo|eks|gke|aks|k8s|kubernetes|cluster)(?:[^a-z]|$)`)
	deployWord     = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:deploy(?:s|ment|ments|ing)?|roll-?out|promote)(?:[^a-z]|$)`)
	otherWord      = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:plan|build|validate|verify|check|tests?|e2e|smoke|lint|clean-?up|tear-?down|destroy|delete|diff|drift|audit|scan|report|backup|notify|monitor|get|list|renew|roll-?back|mock|dummy|simulated?|local|localstack|kind|minikube|k3d)(?:[^a-z]|$)`)
	undoWord       = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:tear-?down|destroy|delete|undeploy|decommission|clean-?up)(?:[^a-z]|$)`)
	productionName = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:prod|production|live|prd)(?:[^a-z]|$)`)
	notProduction  = regexp.MustCompile(`(?i)(?:pre|non|not)[-_ ]?(?:prod|production)(?:[^a-z]|$)`)
)

// isProduction reports whether a name is one of production, and not only of what comes before it.
func isProduction(name string) bool {
	return productionName.MatchString(notProduction.ReplaceAllString(name, " "))
}

// isPlace reports whether an environment's name is that of a place where services run. "dev", "test" and their like are
// none: they hold the credentials of tests as often.
func isPlace(environment string) bool {
	name := expressionOf.ReplaceAllString(environment, "")
	return placeName.MatchString(name) || isProduction(name)
}

// saysDeploy reports whether a job, or else its workflow, is one that deploys by its name.
func saysDeploy(w *catalog.Workflow, j *catalog.Job) bool {
	return slices.ContainsFunc([]string{j.ID.Value, j.Name.Value}, deployWord.MatchString) || deployWord.MatchString(w.Name.Value) && !saysOther(j)
}

// saysOther reports whether a job only looks at an environment, or takes it away, by its name.
func saysOther(j *catalog.Job) bool {
	return slices.ContainsFunc([]string{j.ID.Value, j.Name.Value}, otherWord.MatchString)
}

// takesAway reports whether a job undoes a deployment by its name.
func takesAway(j *catalog.Job) bool {
	return slices.ContainsFunc([]string{j.ID.Value, j.Name.Value}, undoWord.MatchString)
}

// deploysByTool reports whether a job uses a tool that deploys a service, and one that publishes pages.
func deploysByTool(j *catalog.Job) (service, pages bool) {
	pages = j.Environment.Value == "github-pages"
	for _, s := range j.Steps {
		for _, t := range s.Tools {
			if t.Purpose == catalog.Deploys {
				service, pages = service || t.Name != "github pages", pages || t.Name == "github pages"
			}
		}
	}
	return service, pages
}

// ToProduction takes a job that deploys and reports whether it does so to production: by the name of the environment that
// it states, and only when it states none by its own ID and name.
func ToProduction(j *catalog.Job) bool {
	if j.Environment.Value != "" {
		return isProduction(j.Environment.Value)
	}
	return isProduction(j.ID.Value) || isProduction(j.Name.Value)
}

// MayBeProduction takes a job that deploys, of a workflow, and is not seen to do so to production, and reports whether it may: what
// it states as its environment is filled in by a run, or is the name of no environment that is known to be another one. When it
// states none, the words of the job and the workflow decide.
func MayBeProduction(w *catalog.Workflow, j *catalog.Job) bool {
	if j.Environment.Value == "" {
		return EnvironmentName(w, j) == ""
	}
	return len(environmentsIn(expressionOf.ReplaceAllString(j.Environment.Value, ""))) == 0 && !trialName.MatchString(j.Environment.Value)
}

// trialName finds the environments in which something is tried out.
var trialName = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:tests?|testing|review|preview|integration|e2e|ci|prs?|feature|branch|local|trial|stage)(?:[^a-z]|$)`)

// environmentWord finds the words by which people say where they deploy to. What is not production is found first, so that
// it is not taken for production.
var environmentWord = regexp.MustCompile(`(?i)(?:^|[^a-z])((?:pre|non|not)[-_ ]?prod(?:uction)?|staging|stg|uat|acceptance|canary|sandbox|qa|demo|dev|development|prod|production|prd|live)(?:[^a-z]|$)`)

// EnvironmentName takes a job that deploys, of a workflow, and gives the name of the environment that its words speak of:
// those of its ID, name and stage, else those of the workflow's name, else those of the workflow's file. It is "" when they
// speak of none or of several.
func EnvironmentName(w *catalog.Workflow, j *catalog.Job) string {
	for _, words := range []string{j.ID.Value + " | " + j.Name.Value + " | " + j.Stage.Value, w.Name.Value, path.Base(w.At.File)} {
		if names := environmentsIn(words); len(names) == 1 {
			return names[0]
		} else if len(names) > 1 {
			return ""
		}
	}
	return ""
}

// OtherEnvironment takes a job that deploys and gives the environment that its ID and name speak of when it states another one;
// "" when they agree or when either is not known.
func OtherEnvironment(j *catalog.Job) string {
	own, stated := environmentsIn(j.ID.Value+" | "+j.Name.Value), environmentsIn(expressionOf.ReplaceAllString(j.Environment.Value, ""))
	if len(own) == 1 && len(stated) == 1 && own[0] != stated[0] {
		return own[0]
	}
	return ""
}

// environmentsIn gives the environments that a text names, each once. Short forms are written out.
func environmentsIn(text string) []string {
	var names []string
	for m := environmentWord.FindStringSubmatchIndex(text); m != nil; m = environmentWord.FindStringSubmatchIndex(text) {
		name := strings.ToLower(text[m[2]:m[3]])
		text = text[m[3]:] // the character after the word may be the one before the next
		switch name[:3] {
		case "stg":
			name = "staging"
		case "pro", "prd", "liv":
			name = "production"
		case "pre":
			name = "preprod"
		case "non", "not":
			continue // it only says what it is not
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// approvalActions wait for a person before the job goes on.
var approvalActions = []string{"trstringer/manual-approval@"}

// Approvals takes a workflow and gives for each of its jobs what makes it, or one of those that must have run before it, wait
// for a person, as written and where. It is zero when the file shows nothing that does: settings of the code host may.
func Approvals(w *catalog.Workflow) map[*catalog.Job]catalog.Text {
	first := func(a, b catalog.Text) catalog.Text {
		if a.Value != "" {
			return a
		}
		return b
	}
	own := make([]catalog.Text, len(w.Jobs))
	for i := range w.Jobs {
		own[i] = ownApproval(&w.Jobs[i])
	}
	all := map[*catalog.Job]catalog.Text{}
	for i, before := range fromNeeds(w, own, first) {
		all[&w.Jobs[i]] = first(own[i], before)
	}
	return all
}

func ownApproval(j *catalog.Job) catalog.Text {
	if j.Approval.Value != "" {
		return j.Approval
	}
	for _, s := range j.Steps {
		if slices.ContainsFunc(approvalActions, func(action string) bool { return strings.HasPrefix(strings.ToLower(s.Uses.Value), action) }) {
			return s.Uses
		}
	}
	return catalog.Text{}
}
