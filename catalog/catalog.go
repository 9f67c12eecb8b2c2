// Package catalog is the vocabulary of the product: services, teams and journeys, the evidence found about
// them, the places where it stands, and the gaps where it could not be read. It answers "what is there, and
// where?" and never "is it good enough?".
//
// It holds types and their small accessors only. Bytes become facts in the reader packages below it
// (catalog/rules, catalog/dashboards, …), git trees are read by catalog/tree, and catalog/load puts an
// [Estate] together. Then only what a live Grafana shows and the gaps of
// the catalog's own checks are added; nobody changes it while it is judged.
package catalog

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Estate is all that one run looked at: services, teams and journeys with the evidence linked to them.
type Estate struct {
	Revision Revision

	Services []*Service // in ID order
	Teams    []*Team    // in ID order
	Journeys []*Journey // in ID order

	// The evidence of the whole estate, whoever it belongs to, in the order of its places.
	Alerts            []*AlertRule
	Recordings        []*RecordingRule
	RuleTests         []*RuleTest
	Dashboards        []*Dashboard
	Pages             []*Page
	SLOs              []*SLO
	Collectors        []*Collector
	Targets           []*ScrapeTarget
	Workloads         []*Workload
	CodeOwners        []*CodeOwners
	Routers           []*Router
	Policies          []*BudgetPolicy
	ThreatModels      []*ThreatModel
	Workflows         []*Workflow
	Manifests         []*Manifest
	UpdateConfigs     []*UpdateConfig
	SBOMs             []*SBOM
	ImageBuilds       []*ImageBuild
	SecurityPolicies  []*SecurityPolicy
	RecoveryPlans     []*RecoveryPlan
	Exercises         []*Exercise
	IncidentProcesses []*IncidentProcess
	Postmortems       []*Postmortem
	ToilLogs          []*ToilLog
	BranchProtections []*BranchProtection
	Attestations      []*Attestation
	Secrets           []*Secret

	Live *Live // what a live Grafana showed; nil when this run asks none

	Orphans []Orphan // evidence that belongs to no service, never dropped
	Gaps    []Gap    // evidence that could not be read, in the order of its places
	Counts  Counts
	Files   []string // the paths of all files, in order
}

// HasFile reports whether the catalog has a file or a folder of the path.
func (e *Estate) HasFile(path string) bool {
	_, found := slices.BinarySearch(e.Files, path)
	if found {
		return true
	}
	i, _ := slices.BinarySearch(e.Files, path+"/")
	return i < len(e.Files) && strings.HasPrefix(e.Files[i], path+"/")
}

// Revision says which state of the catalog was read.
type Revision struct {
	Commit    string    // full hash; "" when the catalog is not at a commit (uncommitted changes, a test's files)
	Ref       string    // what the user asked for, as in "HEAD" or "main"
	Time      time.Time // committer time of Commit
	WorkTree  bool      // uncommitted changes were read too
	Web       string    // web address of the repository, as in "https://github.com/acme/catalog"; "" when unknown
	Permalink Permalink
	Shallow   bool // history ends before its beginning: ages are at least as old as the boundary

	Mounts []Mount // the other repositories that were read, in the order of their folders
}

// Mount is another repository, whose files stand below a folder of the estate that is named after its address.
type Mount struct {
	Folder   string
	Revision Revision
}

// Folder gives the folder of the repository that a file or folder of the estate is in: that of a mount, "" for the
// catalog's own repository.
func (r Revision) Folder(file string) string {
	folder := ""
	for _, m := range r.Mounts {
		if (file == m.Folder || strings.HasPrefix(file, m.Folder+"/")) && len(m.Folder) > len(folder) {
			folder = m.Folder
		}
	}
	return folder
}

// Of gives the revision of the repository that a file of the estate is in, and the file's path in that repository.
func (r Revision) Of(file string) (Revision, string) {
	folder := r.Folder(file)
	for _, m := range r.Mounts {
		if m.Folder == folder {
			return m.Revision, strings.TrimPrefix(strings.TrimPrefix(file, folder), "/")
		}
	}
	return r, file
}

// Counts says how much was looked at, so that a reader knows what "nothing found" is worth.
type Counts struct {
	Listed int          // files in the tree
	Read   int          // files whose bytes were read
	Bytes  int64        // bytes read
	Kinds  map[Kind]int // pieces of evidence of each kind
}

// Orphan is a piece of evidence that no service could be found for.
type Orphan struct {
	Kind    Kind
	Name    string
	At      Place
	Problem string // what is wrong with it although no check of a service sees it: a runbook link that leads nowhere
}

// AddGaps adds gaps, in the order of their places.
func (e *Estate) AddGaps(gaps []Gap) {
	e.Gaps = append(e.Gaps, gaps...)
	SortGaps(e.Gaps)
}

// SortGaps puts gaps in the order of their places; those of one place stay in theirs.
func SortGaps(gaps []Gap) {
	slices.SortStableFunc(gaps, func(a, b Gap) int { return a.At.Compare(b.At) })
}

// Service is one operated thing, as its entry declares it, with the evidence that was linked to it.
// A Text that the entry does not state is the zero Text.
type Service struct {
	ID          string // unique in the estate: the name, or "namespace/name" outside the default namespace
	Namespace   string // Backstage namespace; "" for native entries
	Name        Text
	Title       Text
	Description Text
	Kind        Text // one of ServiceKinds; how a Backstage type maps to it is said in catalog/entries
	Tier        Text // a decimal number, 1 is the most critical
	Lifecycle   Text // "production", "experimental", "deprecated", …
	Owner       Owner
	Repository  Text // URL
	DependsOn   []Dependency
	Exposure    Text // "internet", "partner" or "internal"
	Data        []Text
	Signals     Signals
	Logging     Logging
	Tracing     Tracing
	Oncall      Text            // a paging integration that the service's entry names
	Links       []NamedLink     // links that the entry states: runbooks, documentation, dashboards
	Wanted      EvidenceMatches // evidence that the entry names or selects
	Aliases     []Text          // other names under which telemetry knows the service
	PolicyRef   Text            // path or address of the error budget policy of its SLOs
	Handles     []Text          // what makes it a target beside its data: "authentication", "ai"; see ServiceHandles
	Parties     []Text          // third parties that it exchanges data with
	Recovery    Recovery
	Format      string // "native", "mapped" (of catalog.jsonnet), "backstage", "datadog", "opslevel", "cortex", "compass"
	Folder      string // files below it belong to the service; "" when the entry has no folder of its own
	At          Place  // where the entry begins

	Journeys []*Journey

	Alerts     []Linked[AlertRule]
	Recordings []Linked[RecordingRule]
	Dashboards []Linked[Dashboard]
	Runbooks   []Linked[Page]
	SLOs       []Linked[SLO]
	Collectors []Linked[Collector] // collectors whose pipelines carry this service's signals
	Targets    []Linked[ScrapeTarget]
	Workloads  []Linked[Workload]

	ThreatModels      []Linked[ThreatModel]
	Workflows         []Linked[Workflow]
	Manifests         []Linked[Manifest]
	UpdateConfigs     []Linked[UpdateConfig]
	SBOMs             []Linked[SBOM]
	ImageBuilds       []Linked[ImageBuild]
	SecurityPolicies  []Linked[SecurityPolicy]
	RecoveryPlans     []Linked[RecoveryPlan]
	Exercises         []Linked[Exercise]
	IncidentProcesses []Linked[IncidentProcess]
	Postmortems       []Linked[Postmortem]
	ToilLogs          []Linked[ToilLog]
	BranchProtections []Linked[BranchProtection]
	Secrets           []Linked[Secret]
	Attestations      []*Attestation // about the service, its team, or all services

	Source  Source   // where its code is
	Changes []Change // changes of its entry that call for another look at its threats, the latest first

	Gaps []Gap // gaps that may hide evidence of this service
}

// ServiceKinds are the kinds that decide which checks apply.
//
//	request   answers requests (HTTP, gRPC, queries)
//	pipeline  moves items from in to out, continuously
//	batch     runs to an end, on a schedule
//	frontend  runs in the user's browser or device
//	platform  runs other services
//	library   is built into other services and is not operated
var ServiceKinds = []string{"request", "pipeline", "batch", "frontend", "platform", "library"}

// ServiceHandles are the things beside data that make a service worth attacking.
//
//	authentication  it decides who somebody is, or what they may do
//	ai              it lets a model or an agent act
var ServiceHandles = []string{"authentication", "ai"}

// Source is where the code of a service is, as far as its workflows, manifests and images can be looked at.
type Source struct {
	State  SourceState
	Folder string // of the code in the estate, "" for the whole of the catalog's repository; only when State is SourceHere
	At     Place  // where that is stated or seen
}

// SourceState says whether this run looks at the code of a service.
type SourceState string

// Where the code of a service can be.
const (
	SourceUnstated  SourceState = ""          // no repository is stated, and no code was found
	SourceHere      SourceState = "here"      // in a repository that this run reads
	SourceElsewhere SourceState = "elsewhere" // in another one
	SourceUnread    SourceState = "unread"    // in another one that this run was to read and could not: a gap of the service says why
)

// Owner is a service's reference to the team that answers for it.
type Owner struct {
	Ref Text // as written: "payments", "group:default/payments"
	// Team is nil when the reference is missing or names no team of the catalog.
	Team *Team
	// Elsewhere is the team with the referenced name in another namespace, when Team is nil for just that reason.
	Elsewhere *Team
}

// Dependency is a service's reference to something it needs.
type Dependency struct {
	Ref     Text     // as written
	Service *Service // nil when it is not a service of the catalog
	Known   bool     // it is a service, or a resource or API, that the catalog lists
}

// Signals are the selectors under which telemetry of the service is found.
type Signals struct {
	Metrics Text // a PromQL selector, as in {job="checkout"}
	Logs    Text // a LogQL selector, as in {app="checkout"}
	Traces  Text // the OpenTelemetry service.name
}

// Logging is what the entry declares about the service's logs.
type Logging struct {
	Format      Text   // "json", "logfmt", "text", …
	Correlation Text   // the field that joins logs to traces or requests, as in "trace_id"
	Retention   Text   // how long logs are kept, as in "90d"
	Redacted    []Text // fields or classes that are removed before logs leave the service
}

// Tracing is what the entry declares about the service's traces.
type Tracing struct {
	Sampling    Text // a share of traces in (0,1], as in "0.1", or a sampler's name
	Propagation Text // "tracecontext", "b3", …
	Environment Text // deployment.environment.name
	Version     Text // service.version, or where it comes from
}

// NamedLink is a link that a service's entry states, with what it is said to be.
type NamedLink struct {
	Kind string // "runbook", "dashboard", "docs", "other"
	URL  Text
}

// EvidenceMatches is what a service's entry says about where its evidence is, beside its own folder.
type EvidenceMatches struct {
	Globs              map[Kind][]Text // paths relative to the entry's folder, or to the root with a leading slash
	DashboardTags      []Text          // tags that a dashboard of the service bears
	Dashboards         []Text          // uids, titles or URLs
	AlertLabelSelector []Text          // Backstage grafana/alert-label-selector, as in "service=checkout"
}

// Team answers for services.
type Team struct {
	ID          string // unique in the estate, like a service's
	Namespace   string
	Name        Text
	Title       Text
	Description Text
	Contact     Text   // a chat channel or an address
	Oncall      Text   // rota: a schedule's name or URL
	Escalation  []Text // who is called next, in order
	Members     []Text
	Aliases     []Text // other names: code host teams ("@acme/payments"), label values
	Parent      Text
	PolicyRef   Text   // path or address of the error budget policy of its services
	Security    Text   // security contact or champion
	IncidentRef Text   // path or address of its incident process
	Toil        Text   // the share of its time that is toil, as stated: "30%"
	Folder      string // files below it belong to the team; "" when the entry has no folder of its own
	At          Place
}

// Journey is what a user does end to end, crossing services.
type Journey struct {
	ID          string // slug of the name, unique in the estate
	Name        Text
	Description Text
	Owner       Owner
	SLI         Text   // the measurement in words, as in "successful logins / login attempts"
	SLORefs     []Text // names of SLO specifications
	DashRef     Text   // dashboard uid, title or file
	PolicyRef   Text   // path or address of its error budget policy
	ServiceRefs []Text // as written
	At          Place

	Services  []*Service
	SLOs      []*SLO     // the resolved SLORefs
	Dashboard *Dashboard // the resolved DashRef; nil when there is none
}

// Linked is a piece of evidence of a service, with the reason why it is believed to be the service's.
type Linked[T any] struct {
	Item *T
	By   Link
}

// Link is the reason why evidence belongs to a service.
type Link struct {
	Rung   Rung
	Detail string // "label service=\"checkout\"", "below services/checkout"
}

// Rung is a step of the ladder by which evidence finds its service; lower rungs are surer.
type Rung int

// The ladder of DESIGN's "How evidence finds its service", surest first.
const (
	ByName       Rung = iota + 1 // the service's entry names the evidence
	ByFolder                     // it stands below the service's folder
	ByLabel                      // a label of the rule, its group or the resource says so
	ByMatcher                    // a matcher in the expression is implied by the service's selectors
	ByTag                        // a dashboard tag, or the service's selector in a dashboard's queries
	BySLO                        // the SLO's service field
	ByRunbook                    // the page is linked from an alert of the service
	ByPipeline                   // the collector's pipelines carry the service's signals
	ByMention                    // the document says that it is about the service
	ByRepository                 // it holds for the whole repository that the service's code is in
	ByTeam                       // it is of the team that owns the service
	ByEstate                     // it is of the whole estate
)

var rungWords = [...]string{"", "named by the service", "below the service's folder", "by label", "by matcher", "by dashboard", "by SLO", "by runbook link", "by pipeline",
	"by mention", "of the repository", "of the team", "of the whole estate"}

func (r Rung) String() string { return rungWords[r] }

func (l Link) String() string {
	if l.Detail == "" {
		return l.Rung.String()
	}
	return l.Rung.String() + ": " + l.Detail
}

// Gap gives the first gap that may hide evidence of kind k about the service, or nil.
func (s *Service) Gap(k Kind) *Gap {
	for i := range s.Gaps {
		if s.Gaps[i].Concerns(k) {
			return &s.Gaps[i]
		}
	}
	return nil
}

// DefaultTier is the tier of a service that states none: the least critical of those with a required level.
const DefaultTier = 3

// TierNumber gives the tier as a number, DefaultTier when the entry does not state a valid one.
func (s *Service) TierNumber() int {
	if n, err := strconv.Atoi(s.Tier.Value); err == nil && n >= 1 && n <= 9 {
		return n
	}
	return DefaultTier
}

// KindName gives the service's kind, "request" when the entry does not state a known one.
func (s *Service) KindName() string {
	if slices.Contains(ServiceKinds, s.Kind.Value) {
		return s.Kind.Value
	}
	return "request"
}

// NativeKeys reports whether the entry has the keys of a native one, so that what it does not state it could have.
func (s *Service) NativeKeys() bool { return s.Format == "native" || s.Format == "mapped" }

// Retired reports whether the service is no longer in use, so that nothing is required of it.
func (s *Service) Retired() bool {
	return s.Lifecycle.Value == "retired" || s.Lifecycle.Value == "end-of-life" || s.Lifecycle.Value == "decommissioned"
}

// Operated reports whether somebody operates the service: it is neither a library nor retired.
func (s *Service) Operated() bool { return s.KindName() != "library" && !s.Retired() }

// Permalink is how a place becomes a web address: a template with {commit}, {path} and {line}, "" for none.
type Permalink string

// Link gives the web address of a place at the revision that was read, "" when there is none (no web address is known,
// or the text is not at a commit). A place that is a web address itself, as that of a live dashboard, is its own link.
func (r Revision) Link(p Place) string {
	if strings.HasPrefix(p.File, "https://") || strings.HasPrefix(p.File, "http://") {
		return p.File
	}
	r, p.File = r.Of(p.File)
	if r.Permalink == "" || r.Commit == "" || p.File == "" {
		return ""
	}
	line := ""
	if p.Line > 0 {
		line = strconv.Itoa(p.Line)
	}
	path := (&url.URL{Path: p.File}).EscapedPath()
	link := strings.NewReplacer("{commit}", url.PathEscape(r.Commit), "{path}", path, "{line}", line).Replace(string(r.Permalink))
	if line == "" {
		link, _, _ = strings.Cut(link, "#")
	}
	return link
}
