package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Place is where something stands: file, line and column in the catalog repository.
type Place struct {
	File string // path from the repository's root, with slashes
	Line int    // counts from 1; 0 means the whole file
	Col  int    // counts characters from 1; 0 means the whole line
}

// String gives "file:line:col", as editors read it, without the parts that are not known.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		b.WriteString(":" + strconv.Itoa(p.Line))
		if p.Col > 0 {
			b.WriteString(":" + strconv.Itoa(p.Col))
		}
	}
	return b.String()
}

// IsZero reports whether the place is not known at all.
func (p Place) IsZero() bool { return p == Place{} }

// Or gives p, or q when p is not known.
func (p Place) Or(q Place) Place {
	if p.IsZero() {
		return q
	}
	return p
}

// Compare orders places by file, line and column.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Text is a string that remembers where it was written. The zero Text says that nothing was written.
type Text struct {
	Value string
	At    Place
}

// IsZero reports whether nothing was written: no value and no place.
func (t Text) IsZero() bool { return t == Text{} }

// Kind is a kind of evidence.
type Kind string

// The kinds of evidence. Their values are the words that reports print.
const (
	Services   Kind = "service entry"
	Teams      Kind = "team entry"
	Journeys   Kind = "journey entry"
	Alerts     Kind = "alert rule"
	Recordings Kind = "recording rule"
	RuleTests  Kind = "rule test"
	Dashboards Kind = "dashboard"
	Runbooks   Kind = "runbook"
	SLOs       Kind = "SLO"
	Collectors Kind = "collector configuration"
	Targets    Kind = "scrape target"
	Workloads  Kind = "workload"
	Owners     Kind = "CODEOWNERS"
	Routes     Kind = "notification route"
	Policies   Kind = "error budget policy"

	ThreatModels      Kind = "threat model"
	Workflows         Kind = "workflow"
	Manifests         Kind = "dependency manifest"
	UpdateConfigs     Kind = "update configuration"
	SBOMs             Kind = "SBOM"
	ImageBuilds       Kind = "image build"
	SecurityPolicies  Kind = "security policy"
	RecoveryPlans     Kind = "recovery plan"
	Exercises         Kind = "exercise record"
	IncidentProcesses Kind = "incident process"
	Postmortems       Kind = "postmortem"
	ToilLogs          Kind = "toil log"
	BranchProtections Kind = "branch protection"
	Attestations      Kind = "attestation"
	Secrets           Kind = "secret"
)

// Kinds lists every kind in report order.
var Kinds = []Kind{Services, Teams, Journeys, Alerts, Recordings, RuleTests, Dashboards, Runbooks, SLOs, Collectors, Targets, Workloads, Owners, Routes, Policies,
	ThreatModels, Workflows, Manifests, UpdateConfigs, SBOMs, ImageBuilds, SecurityPolicies, RecoveryPlans, Exercises, IncidentProcesses, Postmortems, ToilLogs,
	BranchProtections, Attestations, Secrets}

// Cause is why evidence could not be read.
type Cause string

// The causes of gaps. Their values are the words that reports print.
const (
	Syntax        Cause = "syntax"         // the file does not parse
	Template      Cause = "template"       // a template (Helm, ERB, Jinja) that only its engine can fill in
	TooLarge      Cause = "too large"      // over the size limit
	TooDeep       Cause = "too deep"       // nesting or alias expansion over the limit
	MissingObject Cause = "missing object" // a partial clone lacks the file's content
	Encoding      Cause = "encoding"       // not UTF-8 text
	HostileName   Cause = "hostile name"   // a path that must not be followed
	UnknownKey    Cause = "unknown key"    // a key that the format does not have
	BadValue      Cause = "bad value"      // a value that the format does not allow
	Duplicate     Cause = "duplicate"      // a name that is already taken
	Unsupported   Cause = "unsupported"    // a version or a part that this reader does not know
	Unreachable   Cause = "unreachable"    // a target outside what this run reads
	Failed        Cause = "failed"         // a program (jsonnet) that ended with an error
	TooCostly     Cause = "too costly"     // a program that needs more time or memory than it may use
)

// Gap is evidence that could not be read, where, and why. It is data to be reported, not an error.
type Gap struct {
	Kinds  []Kind // the evidence that may be hidden in it
	At     Place
	Cause  Cause
	Detail string // the fact, the user's value quoted, the way out
	// Names are the words of the unreadable text, if there is any, by which a service can be found that it may be about.
	// nil means that nothing is known about what is inside.
	Names map[string]bool `json:"-"`
}

func (g Gap) String() string { return fmt.Sprintf("%s: %s: %s", g.At, g.Cause, g.Detail) }

// Concerns reports whether the gap may hide evidence of kind k.
func (g Gap) Concerns(k Kind) bool { return slices.Contains(g.Kinds, k) }

// Facts are what one file says: what a reader makes of its bytes. They depend on nothing else, so they can be
// kept by the hash of the bytes.
type Facts struct {
	Services          []*Service
	Teams             []*Team
	Journeys          []*Journey
	Locations         []Text   // other catalog files that a Backstage Location names
	Entities          []Entity // catalog entities that are no services: resources, APIs, systems
	Alerts            []*AlertRule
	Recordings        []*RecordingRule
	RuleTests         []*RuleTest
	Dashboards        []*Dashboard
	Libraries         []*Dashboard // library panels, each as a dashboard of one panel whose UID is the library panel's
	Pages             []*Page
	SLOs              []*SLO
	Indicators        []*SLO         // OpenSLO SLIs that stand on their own: SLOs without an objective, for slos.Resolve
	AlertPolicies     []*AlertPolicy // OpenSLO alert policies and conditions that stand on their own, for slos.Resolve
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
	Gaps              []Gap
}

// Entity is something a catalog lists that is neither a service nor a team, so that references to it resolve.
type Entity struct {
	Kind, Namespace, Name string // lower case kind, as in "resource"
	MemberOf              []Text // references to the groups of a user, as written
	At                    Place
}

// Add appends what g says to f.
func (f *Facts) Add(g Facts) {
	f.Services = append(f.Services, g.Services...)
	f.Teams = append(f.Teams, g.Teams...)
	f.Journeys = append(f.Journeys, g.Journeys...)
	f.Locations = append(f.Locations, g.Locations...)
	f.Entities = append(f.Entities, g.Entities...)
	f.Alerts = append(f.Alerts, g.Alerts...)
	f.Recordings = append(f.Recordings, g.Recordings...)
	f.RuleTests = append(f.RuleTests, g.RuleTests...)
	f.Dashboards = append(f.Dashboards, g.Dashboards...)
	f.Libraries = append(f.Libraries, g.Libraries...)
	f.Pages = append(f.Pages, g.Pages...)
	f.SLOs = append(f.SLOs, g.SLOs...)
	f.Indicators = append(f.Indicators, g.Indicators...)
	f.AlertPolicies = append(f.AlertPolicies, g.AlertPolicies...)
	f.Collectors = append(f.Collectors, g.Collectors...)
	f.Targets = append(f.Targets, g.Targets...)
	f.Workloads = append(f.Workloads, g.Workloads...)
	f.CodeOwners = append(f.CodeOwners, g.CodeOwners...)
	f.Routers = append(f.Routers, g.Routers...)
	f.Policies = append(f.Policies, g.Policies...)
	f.ThreatModels = append(f.ThreatModels, g.ThreatModels...)
	f.Workflows = append(f.Workflows, g.Workflows...)
	f.Manifests = append(f.Manifests, g.Manifests...)
	f.UpdateConfigs = append(f.UpdateConfigs, g.UpdateConfigs...)
	f.SBOMs = append(f.SBOMs, g.SBOMs...)
	f.ImageBuilds = append(f.ImageBuilds, g.ImageBuilds...)
	f.SecurityPolicies = append(f.SecurityPolicies, g.SecurityPolicies...)
	f.RecoveryPlans = append(f.RecoveryPlans, g.RecoveryPlans...)
	f.Exercises = append(f.Exercises, g.Exercises...)
	f.IncidentProcesses = append(f.IncidentProcesses, g.IncidentProcesses...)
	f.Postmortems = append(f.Postmortems, g.Postmortems...)
	f.ToilLogs = append(f.ToilLogs, g.ToilLogs...)
	f.BranchProtections = append(f.BranchProtections, g.BranchProtections...)
	f.Attestations = append(f.Attestations, g.Attestations...)
	f.Secrets = append(f.Secrets, g.Secrets...)
	f.Gaps = append(f.Gaps, g.Gaps...)
}
