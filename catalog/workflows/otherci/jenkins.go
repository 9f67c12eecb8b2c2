package otherci

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// ReadJenkins gives the pipeline of a Jenkinsfile, declarative or scripted, as one workflow with a job for each stage;
// false when no pipeline, node, stage or library stands in it.
//
// It reads calls and blocks by their names and does not run the code: loops, methods and variables are not followed, and
// a shared library is named in Elsewhere. What starts a job is set up in Jenkins: the file is taken to run after a merge,
// and for pull requests as well when it asks for a branch or a change, as only the files of multibranch projects do.
// Stages after an `input` wait for a person as it does.
// Source: Jenkins documentation, "Pipeline Syntax" and "Pipeline: Basic Steps".
func ReadJenkins(file string, data []byte) (catalog.Facts, bool) {
	text, gap := decode(file, data)
	if gap != nil {
		return catalog.Facts{Gaps: []catalog.Gap{*gap}}, true
	}
	base := path.Base(file)
	name := catalog.Text{Value: base, At: catalog.Place{File: file, Line: 1, Col: 1}}
	if ending := path.Ext(base); strings.EqualFold(ending, ".jenkinsfile") {
		name.Value = strings.TrimSuffix(base, ending)
	}
	j := &jenkins{ids: identifiers{}, workflow: &catalog.Workflow{Format: "jenkins", Name: name, At: name.At}, tokens: tokenize(file, text)}
	j.lookAround()
	j.read()
	if !j.isPipeline && len(j.workflow.Elsewhere)+len(j.calls) == 0 {
		return catalog.Facts{}, false
	}
	j.finish()
	return catalog.Facts{Workflows: []*catalog.Workflow{j.workflow}, Gaps: j.gaps}, true
}

// jenkins reads one Jenkinsfile.
type jenkins struct {
	findings
	workflow   *catalog.Workflow
	tokens     []token
	starts     []catalog.Trigger // by what the file shows
	blocks     []block           // those around the current token, the outermost first
	ids        identifiers
	isPipeline bool
	container  map[int]bool // jobs of stages that hold nothing but stages
	rest       int          // index of the job for steps outside of all stages, -1 for none
	approval   catalog.Text // of an `input` that every later stage waits for
	image      catalog.Text // of the whole pipeline
	calls      []catalog.Text
}

// multibranch are the names that only mean something in a project that builds branches and pull requests.
var multibranch = []string{"BRANCH_NAME", "CHANGE_ID", "CHANGE_TARGET", "CHANGE_BRANCH", "CHANGE_URL", "BRANCH_IS_PRIMARY", "changeRequest", "ghprbPullId", "ghprbTargetBranch",
	"gitlabMergeRequestIid", "gitlabSourceBranch", "gitlabTargetBranch", "isPullRequest"}

// lookAround finds what starts the pipeline, as far as the file shows it.
func (j *jenkins) lookAround() {
	var request, tag, clock catalog.Text
	for i, t := range j.tokens {
		last := t.text[strings.LastIndexByte(t.text, '.')+1:]
		called := i+1 < len(j.tokens) && (j.tokens[i+1].kind == quote || j.tokens[i+1].is("("))
		switch {
		case t.kind != word && t.kind != quote:
		case t.kind == quote:
			for _, name := range multibranch {
				if request.Value == "" && len(name) > 8 && strings.Contains(t.text, name) {
					request = catalog.Text{Value: name, At: t.at}
				}
			}
		case request.Value == "" && (slices.Contains(multibranch, last) || last == "branch" && called && j.tokens[i+1].kind == quote):
			request = catalog.Text{Value: last, At: t.at}
		case tag.Value == "" && (last == "buildingTag" || last == "TAG_NAME"):
			tag = catalog.Text{Value: last, At: t.at}
		case clock.Value == "" && (last == "cron" || last == "parameterizedCron") && called:
			clock = catalog.Text{Value: last, At: t.at}
		}
	}
	if request.Value != "" {
		j.starts = append(j.starts, catalog.Trigger{Event: catalog.Text{Value: "pull request", At: request.At}, Stage: catalog.OnPullRequest})
	}
	j.starts = append(j.starts, catalog.Trigger{Event: catalog.Text{Value: "branch", At: j.workflow.At}, Stage: catalog.OnMerge})
	if tag.Value != "" {
		j.starts = append(j.starts, catalog.Trigger{Event: catalog.Text{Value: "tag", At: tag.At}, Stage: catalog.OnBuild})
	}
	if clock.Value != "" {
		j.starts = append(j.starts, catalog.Trigger{Event: clock, Stage: catalog.OnSchedule})
	}
	j.workflow.Triggers = j.starts
}

// read goes over the tokens: statements, and the blocks that they open and close. It needs no recursion, however deep
// blocks are nested.
func (j *jenkins) read() {
	j.rest, j.container = -1, map[int]bool{}
	j.blocks = []block{{job: -1, holds: always}}
	var statement []token
	brackets := 0
	for _, t := range j.tokens {
		switch {
		case t.is("{"):
			j.open(statement, brackets)
			statement, brackets = nil, 0
		case t.is("}"):
			j.statement(statement)
			statement, brackets = nil, j.close()
		case t.is("\n", ";") && brackets <= 0:
			j.statement(statement)
			statement = nil
		case t.kind == newline:
		default:
			if t.is("(", "[") {
				brackets++
			} else if t.is(")", "]") {
				brackets--
			}
			statement = append(statement, t)
		}
	}
	j.statement(statement)
	for len(j.blocks) > 1 {
		j.close()
	}
}

// finish drops the jobs of stages that only hold stages, and names what a file without stages of its own calls.
func (j *jenkins) finish() {
	w := j.workflow
	var jobs []catalog.Job
	for i, job := range w.Jobs {
		if j.container[i] && len(job.Steps) == 0 {
			continue
		}
		if job.Image.Value == "" {
			job.Image = j.image
		}
		if job.Approval.Value != "" {
			if job.Triggers == nil {
				job.Triggers = j.starts
			}
			job.Triggers = waiting(job.Triggers)
		}
		jobs = append(jobs, job)
	}
	w.Jobs = jobs
	if len(jobs) == 0 {
		w.Elsewhere = append(w.Elsewhere, j.calls...)
	}
}

// job gives the job that a step at the current token belongs to; one for the whole pipeline outside of all stages.
func (j *jenkins) job() *catalog.Job {
	if i := j.top().job; i >= 0 {
		return &j.workflow.Jobs[i]
	}
	if j.rest < 0 {
		j.rest = len(j.workflow.Jobs)
		name := catalog.Text{Value: "pipeline", At: j.workflow.At}
		j.workflow.Jobs = append(j.workflow.Jobs, catalog.Job{ID: name, Name: name, At: name.At})
	}
	return &j.workflow.Jobs[j.rest]
}

func (j *jenkins) top() *block { return &j.blocks[len(j.blocks)-1] }

// stepTools gives the tools of a script. Jenkins runs `sh -xe`, and a script with a line that names its interpreter by
// that alone. Source: Jenkins, plugin durable-task.
func (j *jenkins) stepTools(step string, t token) []catalog.Tool {
	sh := workflows.Shell{ErrExit: step == "sh" && !strings.HasPrefix(strings.TrimSpace(t.text), "#!")}
	return j.tools(sh, script{text: strings.TrimRight(t.text, "\n"), lines: t.lines})
}
