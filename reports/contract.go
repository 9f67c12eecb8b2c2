package reports

import "time"

// The types of report.json, version 2: the contract for other tools, described by report.schema.json. They are written
// down here once more, and not taken from the packages that conclude things, so that a change there changes no file that
// somebody reads. Within a version fields are only added. An optional field is left out when there is nothing to say.

// reportFormat and reportVersion begin every report.json.
const (
	reportFormat  = "obsready report"
	reportVersion = 2
)

type jsonRevision struct {
	Commit   string    `json:"commit,omitempty"`
	Ref      string    `json:"ref,omitempty"`
	Time     time.Time `json:"time,omitzero"`
	WorkTree bool      `json:"workTree"`
	Shallow  bool      `json:"shallow"`
	Web      string    `json:"web,omitempty"`
	// Repositories are the other repositories that were read.
	Repositories []jsonRepository `json:"repositories,omitempty"`
}

type jsonRepository struct {
	Folder string    `json:"folder"`
	Commit string    `json:"commit,omitempty"`
	Time   time.Time `json:"time,omitzero"`
	Web    string    `json:"web,omitempty"`
}

type jsonGrafana struct {
	URL       string    `json:"url"`
	Org       string    `json:"org,omitempty"`
	Version   string    `json:"version,omitempty"`
	FetchedAt time.Time `json:"fetchedAt"`
}

type jsonCounts struct {
	Listed int            `json:"listed"`
	Read   int            `json:"read"`
	Bytes  int64          `json:"bytes"`
	Kinds  map[string]int `json:"kinds"`
}

type jsonPolicy struct {
	File string `json:"file,omitempty"`
	// Digest is equal for policies that judge alike.
	Digest string             `json:"digest,omitempty"`
	Points map[string]float64 `json:"points"`
	Levels map[string]string  `json:"levels"`
}

type jsonCheck struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Pillar   string `json:"pillar"`
	Question string `json:"question"`
	Level    string `json:"level"`
	// TierLevels are the levels for services of some tiers, where they differ.
	TierLevels map[string]string `json:"tierLevels,omitempty"`
	// Exposed narrows TierLevels to services that the internet reaches.
	Exposed   bool     `json:"tierLevelsExposed,omitempty"`
	Severity  string   `json:"severity"`
	Announced bool     `json:"announced"`
	Why       string   `json:"why"`
	Fix       string   `json:"fix"`
	Source    string   `json:"source,omitempty"`
	Needs     []string `json:"needs"`
}

type jsonSummary struct {
	Services int            `json:"services"`
	Ready    int            `json:"ready"`
	NotRated int            `json:"notRated"`
	Levels   map[string]int `json:"levels"`
	Verdicts map[string]int `json:"verdicts"`
	Score    jsonScore      `json:"score"`
}

type jsonScore struct {
	Earned         float64 `json:"earned"`
	Possible       float64 `json:"possible"`
	Unknown        float64 `json:"unknown"`
	Percent        *int    `json:"percent,omitempty"`
	UnknownPercent int     `json:"unknownPercent"`
}

type jsonPillar struct {
	Pillar  string    `json:"pillar"`
	Verdict string    `json:"verdict"`
	Score   jsonScore `json:"score"`
}

type jsonAnswer struct {
	Question string       `json:"question"`
	Status   string       `json:"status"`
	Clauses  []jsonClause `json:"clauses"`
	Proof    []jsonClause `json:"proof"`
	Missing  []string     `json:"missing"`
}

type jsonClause struct {
	Text     string      `json:"text"`
	Evidence []jsonPlace `json:"evidence"`
}

// jsonReflection answers the three reflection questions.
type jsonReflection struct {
	Unpromised []jsonUnpromised `json:"unpromised"`
	Late       []jsonLate       `json:"late"`
	Unseen     int              `json:"unseen"` // operated services whose code is not part of the run
	Automate   []jsonCandidate  `json:"automate"`
	Repeated   []jsonRepeated   `json:"repeated"`
}

type jsonUnpromised struct {
	Service string    `json:"service"`
	Why     string    `json:"why"`
	Open    bool      `json:"open"`
	At      jsonPlace `json:"at"`
}

type jsonLate struct {
	Purpose  string      `json:"purpose"`
	Stage    string      `json:"stage"`
	Could    string      `json:"could"`
	Services []string    `json:"services"`
	Evidence []jsonPlace `json:"evidence"`
}

type jsonCandidate struct {
	Task     string      `json:"task"`
	Category string      `json:"category,omitempty"`
	Hours    float64     `json:"hoursAYear"`
	Teams    []string    `json:"teams"`
	Ticket   string      `json:"ticket,omitempty"`
	Owner    string      `json:"owner,omitempty"`
	Evidence []jsonPlace `json:"evidence"`
}

type jsonRepeated struct {
	Steps    int         `json:"steps"`
	First    string      `json:"first"`
	Evidence []jsonPlace `json:"evidence"`
}

// jsonAttestation is somebody's word for what no file shows.
type jsonAttestation struct {
	Check     string    `json:"check"`
	Statement string    `json:"statement"`
	Owner     string    `json:"owner"`
	Until     string    `json:"until"`
	Link      string    `json:"link"`
	Services  int       `json:"services"`
	Fault     string    `json:"fault,omitempty"` // why it counts for nothing
	At        jsonPlace `json:"at"`
}

// jsonGuideline is a guideline with the standing of a team's services.
type jsonGuideline struct {
	Text    string   `json:"text"`
	Checks  []string `json:"checks"`
	Kept    int      `json:"kept"`
	Broken  int      `json:"broken"`
	Unknown int      `json:"unknown"`
}

type jsonPromise struct {
	Journey string `json:"journey,omitempty"`
	Service string `json:"service,omitempty"`
	SLO     string `json:"slo,omitempty"`
	SLI     string `json:"sli,omitempty"`
	Target  string `json:"target,omitempty"`
	Policy  string `json:"policy,omitempty"`
	// BudgetMinutes is left out without a valid objective.
	BudgetMinutes float64    `json:"budgetMinutes,omitempty"`
	PolicyAt      *jsonPlace `json:"policyAt,omitempty"`
}

// jsonThread is the chain from one promise of a journey to its recovery.
type jsonThread struct {
	Journey string           `json:"journey"`
	SLO     string           `json:"slo,omitempty"`
	State   string           `json:"state"`
	Breaks  string           `json:"breaks,omitempty"`
	Links   []jsonThreadLink `json:"links"`
}

type jsonThreadLink struct {
	Part  string    `json:"part"`
	State string    `json:"state"`
	Name  string    `json:"name,omitempty"`
	Text  string    `json:"text"`
	At    jsonPlace `json:"at"`
}

// jsonAlert is an alert of a service with what it measures.
type jsonAlert struct {
	Name       string       `json:"name"`
	At         jsonPlace    `json:"at"`
	Link       string       `json:"link"`
	Class      string       `json:"class"`
	Dimension  string       `json:"dimension,omitempty"`
	Confidence string       `json:"confidence"`
	Declared   string       `json:"declared,omitempty"`
	Severity   string       `json:"severity,omitempty"`
	Pages      bool         `json:"pages"`
	Reasons    []jsonReason `json:"reasons"`
}

type jsonReason struct {
	Text string    `json:"text"`
	At   jsonPlace `json:"at"`
}

type jsonAction struct {
	Check    string   `json:"check"`
	Text     string   `json:"text"`
	Gain     float64  `json:"gain"`
	Levels   int      `json:"levels"`
	Findings int      `json:"findings"`
	Unknown  bool     `json:"unknown"`
	Services []string `json:"services"`
}

type jsonCause struct {
	Key      string   `json:"key"`
	Summary  string   `json:"summary"`
	Check    string   `json:"check"`
	Findings int      `json:"findings"`
	Services []string `json:"services"`
}

type jsonTeam struct {
	ID       string        `json:"id,omitempty"`
	Title    string        `json:"title,omitempty"`
	At       *jsonPlace    `json:"at,omitempty"`
	Services []string      `json:"services"`
	Summary  jsonSummary   `json:"summary"`
	Pillars  []jsonPillar  `json:"pillars"`
	Actions  []jsonAction  `json:"actions"`
	Answers  []jsonAnswer  `json:"answers"`
	Promises []jsonPromise `json:"promises"`

	Reflection jsonReflection  `json:"reflection"`
	Guidelines []jsonGuideline `json:"guidelines"`
}

type jsonOrphan struct {
	Kind    string    `json:"kind"`
	Name    string    `json:"name,omitempty"`
	At      jsonPlace `json:"at"`
	Problem string    `json:"problem,omitempty"`
}

type jsonGap struct {
	Kinds  []string  `json:"kinds"`
	Cause  string    `json:"cause"`
	Detail string    `json:"detail"`
	At     jsonPlace `json:"at"`
}

type jsonService struct {
	ID          string        `json:"id"`
	Title       string        `json:"title,omitempty"`
	Description string        `json:"description,omitempty"`
	Kind        string        `json:"kind"`
	Tier        int           `json:"tier"`
	Lifecycle   string        `json:"lifecycle,omitempty"`
	Owner       string        `json:"owner,omitempty"`
	Team        string        `json:"team,omitempty"`
	Repository  string        `json:"repository,omitempty"`
	At          jsonPlace     `json:"at"`
	Ready       bool          `json:"ready"`
	Level       string        `json:"level,omitempty"`
	Required    string        `json:"required,omitempty"`
	Next        string        `json:"next,omitempty"`
	Score       jsonScore     `json:"score"`
	Pillars     []jsonPillar  `json:"pillars"`
	Blockers    []string      `json:"blockers"`
	Actions     []jsonAction  `json:"actions"`
	Answers     []jsonAnswer  `json:"answers"`
	Promises    []jsonPromise `json:"promises"`
	Alerts      []jsonAlert   `json:"alerts"`
	Results     []jsonResult  `json:"results"`
}

type jsonResult struct {
	Check        string            `json:"check"`
	Verdict      string            `json:"verdict"`
	Reason       string            `json:"reason,omitempty"`
	Announced    bool              `json:"announced,omitempty"`
	Points       float64           `json:"points"`
	Earned       float64           `json:"earned"`
	Requirements []jsonRequirement `json:"requirements"`
}

type jsonRequirement struct {
	State   string    `json:"state"`
	Message string    `json:"message"`
	At      jsonPlace `json:"at"`
	Link    string    `json:"link,omitempty"`
	Cause   string    `json:"cause,omitempty"`
}

type jsonPlace struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	URL  string `json:"url,omitempty"`
}
