package catalog

// Workflow is one pipeline definition: of GitHub Actions, GitLab CI, Azure Pipelines, CircleCI, Jenkins or Tekton, or the
// commit hooks that a repository sets up.
type Workflow struct {
	Format      string // "github", "gitlab", "azure", "circleci", "jenkins", "tekton", "pre-commit", "lefthook", "husky"
	Name        Text   // as it states; else the file's name without ending
	Triggers    []Trigger
	Permissions Permissions // of all its jobs that state none
	Env         []Label     // literal values; credentials are never kept
	Jobs        []Job       // in the order of the file
	// Elsewhere are the parts that it takes from where this run may not look: included files, templates, shared
	// libraries and orbs, as written.
	Elsewhere []Text
	At        Place
}

// Trigger is one event that starts a workflow or a job.
type Trigger struct {
	Event           Text  // as the format names it: "pull_request", "merge_request_event", "schedule"
	Stage           Stage // where in the life of a change that is
	Branches        []Text
	IgnoredBranches []Text
	Tags            []Text
	Paths           []Text // it starts for changes of these only
	IgnoredPaths    []Text
	Types           []Text // activity types of a GitHub event
}

// Stage is a point in the life of a change, from the commit to what runs long after it.
type Stage string

// The stages, the earliest first.
const (
	OnCommit      Stage = "commit"       // a hook on the author's machine
	OnPullRequest Stage = "pull request" // before the change is merged, pushes to any branch among them
	OnMerge       Stage = "merge"        // on the default branch
	OnBuild       Stage = "build"        // after the artifact was built: a tag, a release, a job after the build
	OnDeploy      Stage = "deploy"       // with or after a deployment
	OnSchedule    Stage = "schedule"     // by the clock
	OnCall        Stage = "call"         // when another workflow calls it
	Manual        Stage = "manual"       // only when somebody starts it
	NoStage       Stage = "never"
)

// Stages lists the stages at which something runs by itself, the earliest first.
var Stages = []Stage{OnCommit, OnPullRequest, OnMerge, OnBuild, OnDeploy, OnSchedule}

// Permissions are what the token of a workflow or job may do.
type Permissions struct {
	All    Text    // "read-all", "write-all", or "none" for an empty map
	Scopes []Label // by scope: "contents" to "read"
	At     Place   // zero when nothing is stated, so that the host's default holds
}

// Job is one job of a workflow, or one hook.
type Job struct {
	ID              Text
	Name            Text
	Needs           []Text // IDs of the jobs that must have run before
	Stage           Text   // of GitLab and Azure: the stage it stands in
	Condition       Text   // `if`, `rules`, `when`
	Triggers        []Trigger
	Environment     Text // that it deploys to, as the format names it
	Approval        Text // what makes it wait for a person: `when: manual`, `type: approval`, `input`
	AllowFailure    bool // its failure does not fail the run
	Calls           Text // the workflow or template that it runs in place of steps
	InheritsSecrets bool // it hands all secrets to what it calls
	Permissions     Permissions
	Image           Text
	Env             []Label
	Steps           []Step
	At              Place
}

// Step is one step of a job.
type Step struct {
	Name         Text
	Uses         Text     // action, orb command, task or hook that it runs, with its version: "actions/checkout@v4"
	Run          Text     // script as written; never print it: it may hold a credential
	Filled       []string // Run with the values of the matrix in it, where it uses no known tool as it is written; never print it
	With         []Label
	Env          []Label
	Condition    Text
	AllowFailure bool // its failure does not fail the job
	Tools        []Tool
	At           Place
}

// Tool is the use of a known tool in a step.
type Tool struct {
	Purpose Purpose
	Name    string // "trivy", "gitleaks"
	Gates   bool   // what it finds can fail the job
	Why     string // why it does not gate: `continue-on-error is true`, `the command ends in "|| true"`, `exit-code is 0`
	Unsure  bool   // only a run knows whether it gates: it is not said to, and Why tells what decides
	At      Place
}

// Purpose is what a tool of a pipeline is for. A tool may have several.
type Purpose string

// The purposes. Their values are the words that reports print.
const (
	ScansDependencies Purpose = "dependency scan"
	ScansSecrets      Purpose = "secret scan"
	ScansImages       Purpose = "image scan"
	AnalysesCode      Purpose = "static analysis"
	// ScansConfiguration is the search for weaknesses in Dockerfiles, manifests and infrastructure code.
	ScansConfiguration Purpose = "configuration scan"
	ChecksLicences     Purpose = "licence check"
	Signs              Purpose = "signing"
	Attests            Purpose = "build provenance"
	WritesSBOM         Purpose = "SBOM"
	ReviewsChanges     Purpose = "dependency review" // of the dependencies that a change adds
	LintsPipelines     Purpose = "pipeline check"
	Tests              Purpose = "test"
	BuildsImage        Purpose = "image build"
	Publishes          Purpose = "publish"
	Deploys            Purpose = "deployment"
	RollsBack          Purpose = "rollback"
)

// BranchProtection is what a file of settings demands of changes to a branch. Whether the code host follows the file is
// not known.
type BranchProtection struct {
	Format         string // "settings.yml", "ruleset", ".asf.yaml"
	Repository     Text   // that it is about, as stated; zero for the one that it stands in
	Branch         Text   // name or pattern; "~DEFAULT_BRANCH" in rulesets
	Except         []Text // names or patterns of branches that it is not for
	Reviews        int    // approvals that a change needs
	CodeOwners     bool   // one of them by a code owner
	RequiredChecks []Text // status checks that must have passed
	At             Place
}
