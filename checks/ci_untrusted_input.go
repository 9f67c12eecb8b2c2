package checks

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var ciUntrustedInput = &Check{
	ID:       "ci-untrusted-input",
	Title:    "Nobody from outside can have a pipeline run their commands with its secrets",
	Why:      "A workflow that `pull_request_target`, a comment or an issue starts has the repository's secrets and a token that may write. When it checks out the stranger's code and runs it, or puts a title or a branch's name into a script, the stranger has them too.",
	Fix:      "Build what comes from outside on `pull_request`, which has no secrets. Hand texts of issues, comments and pull requests to a script as a variable: `env: {TITLE: ${{ github.event.issue.title }}}` and `\"$TITLE\"`.",
	Source:   "OpenSSF Scorecard, Dangerous-Workflow; GitHub, \"Script injections\" and \"Keeping your GitHub Actions and workflows secure: preventing pwn requests\"; zizmor, dangerous-triggers and template-injection.",
	Pillar:   Delivery,
	Question: Protect,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows},
	Run: func(in *Inspection) {
		if !codeRead(in) {
			return
		}
		for _, w := range workflowsOf(in) {
			if event := privilegedEvent(w.Item); event.Value != "" {
				requireDistrust(in, w, event)
			}
		}
		unreadWorkflows(in)
		if len(in.requirements) == 0 && in.skipped == "" {
			in.NotApplicablef("people from outside start no pipeline of the service that has its secrets")
		}
	},
}

// privilegedEvents are the events of GitHub that anybody can cause and whose runs have the secrets of the repository. Runs
// for pull requests of forks have none.
var privilegedEvents = []string{"pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment"}

// privilegedEvent gives the first event of those that starts a workflow, zero for none.
func privilegedEvent(w *catalog.Workflow) catalog.Text {
	for _, t := range w.Triggers {
		if w.Format == "github" && slices.Contains(privilegedEvents, t.Event.Value) {
			return t.Event
		}
	}
	return catalog.Text{}
}

var (
	// strangersCode matches references to the state of a pull request that a stranger wrote.
	strangersCode = regexp.MustCompile(`github\.event\.pull_request\.(?:head|merge_commit_sha)|github\.head_ref|github\.event\.workflow_run\.head_|refs/pull/`)
	// strangersText matches expressions whose text a stranger chooses.
	// Source: GitHub Security Lab, "Keeping your GitHub Actions and workflows secure: untrusted input".
	strangersText = regexp.MustCompile(`\$\{\{[^}]*\bgithub\.(?:head_ref|event\.(?:(?:issue|pull_request|discussion)\.(?:title|body)|(?:comment|review|review_comment)\.body|` +
		`pull_request\.head\.(?:ref|label|repo\.default_branch)|workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|author\.(?:name|email)))))\b[^}]*\}\}`)
	// ofTheTree matches commands that run what stands in the work tree: builds, tests, scripts.
	ofTheTree = regexp.MustCompile(`(?m)(?:^|[;&|(]|\b(?:sudo|time|exec|then|do))\s*(?:[A-Z_]+=\S*\s+)*(?:\./|(?:make|just|task|npm|npx|yarn|pnpm|bun|node|deno|tox|nox|pytest|poetry|uv|pip3?|cargo|mvn|mvnw|gradle|bundle|rake|composer|dotnet|mix|sbt|bazel|terraform|tofu|helm|ansible-playbook|pre-commit)\b` +
		`|go (?:run|test|generate|build|vet)\b|(?:python3?|ruby|perl|php|bash|sh|source|\.) [^-\s]|docker (?:build|buildx|compose)\b|docker-compose\b)`)
	// trusts matches conditions that let only people through who may write anyway, or what somebody looked at.
	trusts = regexp.MustCompile(`(?i)head\.repo\.|head_repository|author_association|\.labels?\b|\.merged\b|permission|github\.actor|\.user\.login|collaborator|member`)
)

// requireDistrust states what a workflow does with what comes from outside.
func requireDistrust(in *Inspection, w catalog.Linked[catalog.Workflow], event catalog.Text) {
	for i := range w.Item.Jobs {
		j := &w.Item.Jobs[i]
		if trusts.MatchString(j.Condition.Value) || j.Environment.Value != "" {
			continue // its people are chosen, or somebody may have to approve it
		}
		if state, at, what := strangersWill(j); what != "" {
			in.state(state, at, "job %q of workflow %q, which %q starts, %s", jobName(j), workflowName(w.Item), event.Value, what).LinkedBy(w.By)
			return
		}
	}
	in.Metf(event.At.Or(w.Item.At), "workflow %q, which %q starts, is not seen to run what comes from outside", workflowName(w.Item), event.Value).LinkedBy(w.By)
}

// strangersWill says how a job runs what a stranger wrote, or may run it, and where; "" when it is not seen to.
func strangersWill(j *catalog.Job) (state State, at catalog.Place, what string) {
	var fetched catalog.Text
	for i := range j.Steps {
		s := &j.Steps[i]
		if trusts.MatchString(s.Condition.Value) {
			continue
		}
		scripts := []catalog.Text{s.Run}
		for _, l := range s.With {
			switch {
			case l.Key == "ref" && strings.HasPrefix(s.Uses.Value, "actions/checkout@") && strangersCode.MatchString(l.Value):
				fetched = catalog.Text{Value: l.Value, At: l.At}
			case l.Key == "script":
				scripts = append(scripts, catalog.Text{Value: l.Value, At: l.At})
			}
		}
		for _, script := range scripts {
			if m := strangersText.FindString(script.Value); m != "" {
				return Unmet, script.At, "puts " + m + " into a script: whoever writes that text runs commands. hand it over as a variable of env"
			}
		}
		switch {
		case fetched.Value == "":
		case strings.HasPrefix(s.Uses.Value, "./") || ofTheTree.MatchString(s.Run.Value):
			return Unmet, fetched.At, "checks out " + fetched.Value + " and runs it: whoever opens the pull request runs commands. build it on pull_request"
		case s.Run.Value != "" && what == "":
			state, at, what = Undecided, fetched.At, "checks out "+fetched.Value+", and whether the commands that follow run what stands in it is not known. work on it on pull_request, or hand over its files as data"
		}
	}
	return state, at, what
}
