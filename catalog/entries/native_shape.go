package entries

import (
	"obsready/catalog"
	"obsready/catalog/slos"
)

// The shapes of the native files. Their tags are the format: decoding, reference and JSON Schema follow from them.

type nativeService struct {
	At          catalog.Place
	Name        catalog.Text        `toml:"name" required:"true" doc:"Unique in the catalog; dependencies, journeys and SLOs refer to it" example:"\"checkout\""`
	Title       catalog.Text        `toml:"title" doc:"Name for people, when it differs"`
	Description catalog.Text        `toml:"description" doc:"What it does for whom, in a sentence"`
	Kind        catalog.Text        `toml:"kind" enum:"request,pipeline,batch,frontend,platform,library" doc:"What it is, which decides the checks that apply; request when it is not stated"`
	Tier        catalog.Text        `toml:"tier" type:"integer" min:"1" max:"9" doc:"How critical it is: 1 is the most critical, 3 when it is not stated"`
	Lifecycle   catalog.Text        `toml:"lifecycle" doc:"production, experimental, deprecated or retired"`
	Owner       catalog.Text        `toml:"owner" doc:"Name of the team that answers for it" example:"\"payments\""`
	Repository  catalog.Text        `toml:"repository" doc:"Web address of its source"`
	DependsOn   []catalog.Text      `toml:"depends_on" doc:"Names of the services that it needs" example:"[\"ledger\", \"cart\"]"`
	Exposure    catalog.Text        `toml:"exposure" enum:"internet,partner,internal" doc:"Who can reach it"`
	Data        []catalog.Text      `toml:"data" doc:"Classes of data that it handles" example:"[\"payment\", \"pii\"]"`
	Handles     []catalog.Text      `toml:"handles" enum:"authentication,ai" doc:"What else makes it a target: it decides who somebody is or may do, or lets a model or an agent act" example:"[\"authentication\"]"`
	Parties     []catalog.Text      `toml:"third_parties" doc:"Companies outside that it exchanges data with" example:"[\"acquirer bank\"]"`
	Aliases     []catalog.Text      `toml:"aliases" doc:"Other names under which telemetry knows it"`
	Folder      catalog.Text        `toml:"folder" doc:"Folder whose files belong to it, as a path from the root; that of service.toml when it is not stated" example:"\"services/checkout\""`
	Oncall      catalog.Text        `toml:"oncall" doc:"Paging integration or schedule; the team's rota when it is not stated"`
	Policy      catalog.Text        `toml:"budget_policy" doc:"Error budget policy of its SLOs: path or address; the team's when it is not stated" example:"\"/docs/error-budget-policy.md\""`
	Signals     nativeSignals       `toml:"signals" doc:"How its telemetry is found"`
	Logging     nativeLogging       `toml:"logging" doc:"What its logs are like"`
	Tracing     nativeTracing       `toml:"tracing" doc:"What its traces are like"`
	Recovery    nativeRecovery      `toml:"recovery" doc:"How it comes back"`
	Evidence    nativeEvidence      `toml:"evidence" doc:"Files outside its own folder, as globs: relative to the folder, or to the root with a leading slash"`
	Links       nativeLinks         `toml:"links" doc:"Addresses or paths"`
	SLOs        []slos.Native       `toml:"slo" doc:"What it promises: a service level objective with its measurement"`
	Journeys    []nativeJourney     `toml:"journey" doc:"What a user does end to end with it"`
	Attested    []nativeAttestation `toml:"attestation" doc:"What no file can show, with who vouches for it"`
}

type nativeRecovery struct {
	RTO      catalog.Text `toml:"rto" doc:"How long it may be away" example:"\"1h\""`
	RPO      catalog.Text `toml:"rpo" doc:"How much data may be lost, as time" example:"\"5m\""`
	Plan     catalog.Text `toml:"plan" doc:"Recovery plan: path or address" example:"\"/docs/recovery/checkout.md\""`
	Rollback catalog.Text `toml:"rollback" doc:"How a release is taken back: a command, a path or an address" example:"\"kubectl rollout undo deploy/checkout\""`
	Durable  catalog.Text `toml:"durable" type:"boolean" doc:"Whether it keeps data that cannot be made again"`
}

// nativeAttestation is somebody's word for what no file can show.
type nativeAttestation struct {
	At        catalog.Place
	Check     catalog.Text `toml:"check" required:"true" doc:"ID of the check that it answers" example:"\"ci-protected-branches\""`
	Statement catalog.Text `toml:"statement" required:"true" doc:"What is so, in a sentence" example:"\"main takes reviewed pull requests only\""`
	Link      catalog.Text `toml:"link" required:"true" doc:"Where somebody with access can see it"`
	Owner     catalog.Text `toml:"owner" required:"true" doc:"Who vouches for it" example:"\"payments\""`
	Until     catalog.Text `toml:"until" type:"string|date" required:"true" doc:"Last day on which it counts" example:"\"2027-03-31\""`
	Service   catalog.Text `toml:"service" doc:"Only about this service; inside a service's entry that service"`
	Team      catalog.Text `toml:"team" doc:"Only about the services of this team; inside a team's entry that team"`
}

func (n nativeAttestation) attestation() *catalog.Attestation {
	return &catalog.Attestation{Check: n.Check, Statement: n.Statement, Link: n.Link, Owner: n.Owner, Until: n.Until, Service: n.Service, Team: n.Team, At: n.At}
}

// nativeAttestations is a file of attestations about several services.
type nativeAttestations struct {
	Attested []nativeAttestation `toml:"attestation" doc:"What no file can show, with who vouches for it"`
}

type nativeSignals struct {
	Metrics catalog.Text `toml:"metrics" doc:"PromQL selector" example:"'{job=\"checkout\"}'"`
	Logs    catalog.Text `toml:"logs" doc:"LogQL selector" example:"'{app=\"checkout\"}'"`
	Traces  catalog.Text `toml:"traces" doc:"OpenTelemetry service.name" example:"\"checkout\""`
}

type nativeLogging struct {
	Format      catalog.Text   `toml:"format" doc:"json, logfmt, text, …"`
	Correlation catalog.Text   `toml:"correlation" doc:"Field that joins a line to its trace or request" example:"\"trace_id\""`
	Retention   catalog.Text   `toml:"retention" doc:"How long lines are kept" example:"\"90d\""`
	Redacted    []catalog.Text `toml:"redacted" doc:"Fields or classes of data that are removed before lines leave the service"`
}

type nativeTracing struct {
	Sampling    catalog.Text `toml:"sampling" type:"number|string" doc:"Share of traces that is kept, above 0 and up to 1, or a sampler's name" example:"0.1"`
	Propagation catalog.Text `toml:"propagation" doc:"tracecontext, b3, …"`
	Environment catalog.Text `toml:"environment" doc:"Value of deployment.environment.name" example:"\"production\""`
	Version     catalog.Text `toml:"version" doc:"Value of service.version, or where it comes from" example:"\"git describe\""`
}

type nativeEvidence struct {
	Alerts     []catalog.Text `toml:"alerts" doc:"Alert rule files" example:"[\"alerts/*.yaml\"]"`
	Recordings []catalog.Text `toml:"recordings" doc:"Recording rule files"`
	Tests      []catalog.Text `toml:"tests" doc:"Unit tests of rules"`
	Dashboards []catalog.Text `toml:"dashboards" doc:"Grafana dashboards"`
	Runbooks   []catalog.Text `toml:"runbooks" doc:"Markdown pages" example:"[\"docs/runbooks/*.md\"]"`
	SLOs       []catalog.Text `toml:"slos" doc:"SLO specifications"`
	Collectors []catalog.Text `toml:"collectors" doc:"OpenTelemetry Collector configurations"`
	Targets    []catalog.Text `toml:"targets" doc:"Scrape configurations and monitors"`
	Workloads  []catalog.Text `toml:"workloads" doc:"Kubernetes workloads and Compose files"`

	ThreatModels  []catalog.Text `toml:"threat_models" doc:"Threat models"`
	Workflows     []catalog.Text `toml:"workflows" doc:"Pipelines that build and deploy it" example:"[\"/.github/workflows/checkout.yaml\"]"`
	Manifests     []catalog.Text `toml:"manifests" doc:"Dependency manifests and lockfiles"`
	SBOMs         []catalog.Text `toml:"sboms" doc:"Software bills of materials"`
	Images        []catalog.Text `toml:"images" doc:"Dockerfiles"`
	RecoveryPlans []catalog.Text `toml:"recovery_plans" doc:"Recovery plans"`
	Exercises     []catalog.Text `toml:"exercises" doc:"Records of recovery exercises"`
	Postmortems   []catalog.Text `toml:"postmortems" doc:"Postmortems of its incidents"`

	AlertLabels   []catalog.Text `toml:"alert_labels" doc:"Instead of files, labels that its alerts bear" example:"[\"service=checkout\", \"app=shop,component=checkout\"]"`
	DashboardTags []catalog.Text `toml:"dashboard_tags" doc:"Instead of files, tags that its dashboards bear" example:"[\"checkout\"]"`
}

// evidenceKinds are the kinds of evidence that the keys of [evidence] lead to.
var evidenceKinds = map[string]catalog.Kind{
	"alerts": catalog.Alerts, "recordings": catalog.Recordings, "tests": catalog.RuleTests, "dashboards": catalog.Dashboards, "runbooks": catalog.Runbooks,
	"slos": catalog.SLOs, "collectors": catalog.Collectors, "targets": catalog.Targets, "workloads": catalog.Workloads,
	"threat_models": catalog.ThreatModels, "workflows": catalog.Workflows, "manifests": catalog.Manifests, "sboms": catalog.SBOMs, "images": catalog.ImageBuilds,
	"recovery_plans": catalog.RecoveryPlans, "exercises": catalog.Exercises, "postmortems": catalog.Postmortems,
	"alert_labels": catalog.Alerts, "dashboard_tags": catalog.Dashboards,
}

// byKind gives the globs by the kind of evidence that they lead to.
func (e nativeEvidence) byKind() map[catalog.Kind][]catalog.Text {
	globs := map[catalog.Kind][]catalog.Text{}
	for key, texts := range map[string][]catalog.Text{
		"alerts": e.Alerts, "recordings": e.Recordings, "tests": e.Tests, "dashboards": e.Dashboards, "runbooks": e.Runbooks,
		"slos": e.SLOs, "collectors": e.Collectors, "targets": e.Targets, "workloads": e.Workloads,
		"threat_models": e.ThreatModels, "workflows": e.Workflows, "manifests": e.Manifests, "sboms": e.SBOMs, "images": e.Images,
		"recovery_plans": e.RecoveryPlans, "exercises": e.Exercises, "postmortems": e.Postmortems,
	} {
		if len(texts) > 0 {
			globs[evidenceKinds[key]] = texts
		}
	}
	return globs
}

type nativeLinks struct {
	Runbook   []catalog.Text `toml:"runbook" doc:"Where to look when it is broken"`
	Dashboard []catalog.Text `toml:"dashboard" doc:"Where its state is seen"`
	Docs      []catalog.Text `toml:"docs" doc:"Where it is explained"`
}

type nativeTeam struct {
	At          catalog.Place
	Name        catalog.Text        `toml:"name" required:"true" doc:"Unique in the catalog; owners refer to it" example:"\"payments\""`
	Title       catalog.Text        `toml:"title" doc:"Name for people, when it differs"`
	Description catalog.Text        `toml:"description" doc:"What it answers for"`
	Contact     catalog.Text        `toml:"contact" doc:"Chat channel or address" example:"\"#payments\""`
	Oncall      catalog.Text        `toml:"oncall" doc:"Rota: a schedule's name or address"`
	Escalation  []catalog.Text      `toml:"escalation" doc:"Who is called next, in order" example:"[\"payments secondary\", \"head of payments\"]"`
	Members     []catalog.Text      `toml:"members" doc:"Who is in it"`
	Aliases     []catalog.Text      `toml:"aliases" doc:"Other names: teams of the code host, label values" example:"[\"@acme/payments\"]"`
	Parent      catalog.Text        `toml:"parent" doc:"Name of the team that it is part of"`
	Folder      catalog.Text        `toml:"folder" doc:"Folder whose files belong to it, as a path from the root; that of team.toml when it is not stated"`
	Policy      catalog.Text        `toml:"budget_policy" doc:"Error budget policy of its services' SLOs: path or address" example:"\"/docs/error-budget-policy.md\""`
	Security    catalog.Text        `toml:"security" doc:"Security contact or champion" example:"\"grace\""`
	Incidents   catalog.Text        `toml:"incident_process" doc:"Page that says how incidents are handled: path or address" example:"\"/docs/incidents.md\""`
	Toil        catalog.Text        `toml:"toil" doc:"Share of its time that manual operational work takes" example:"\"30%\""`
	Attested    []nativeAttestation `toml:"attestation" doc:"What no file can show about its services, with who vouches for it"`
}

type nativeJourney struct {
	At          catalog.Place
	Name        catalog.Text   `toml:"name" required:"true" doc:"What the user does, in words" example:"\"Pay for a basket\""`
	Description catalog.Text   `toml:"description" doc:"Where it begins and ends"`
	Owner       catalog.Text   `toml:"owner" doc:"Team that answers for it; the service's owner inside a service"`
	SLI         catalog.Text   `toml:"sli" doc:"What is measured, in words" example:"\"orders placed / attempts to pay\""`
	SLO         []catalog.Text `toml:"slo" doc:"Names of SLO specifications" example:"[\"checkout-availability\"]"`
	Dashboard   catalog.Text   `toml:"dashboard" doc:"Dashboard that shows it: uid, title or file"`
	Services    []catalog.Text `toml:"services" doc:"Names of the services that it crosses; the service itself counts when it stands inside one"`
	Policy      catalog.Text   `toml:"budget_policy" doc:"Error budget policy of its SLOs: path or address" example:"\"/docs/error-budget-policy.md\""`
}

// nativeList is a file that lists several entries as arrays of tables.
type nativeList struct {
	Services []nativeService `toml:"service" doc:"A service, with the keys of service.toml"`
	Teams    []nativeTeam    `toml:"team" doc:"A team, with the keys of team.toml"`
	Journeys []nativeJourney `toml:"journey" doc:"A journey, with the keys of journey.toml"`
	SLOs     []slos.Native   `toml:"slo" doc:"A service level objective, with the keys of slo.toml"`
}

// nativeSLOs is a file of service level objectives.
type nativeSLOs struct {
	SLOs []slos.Native `toml:"slo" doc:"A service level objective: what is promised, with its measurement"`
}
