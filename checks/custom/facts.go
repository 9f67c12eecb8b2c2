package custom

import (
	"encoding/json"
	"slices"
	"time"

	"obsready/catalog"
)

// The facts that a check gets, as JSON. Their tags are the contract: encoding and JSON Schema follow from them. Names may
// be added; none is ever taken away or given another meaning. Everything is always there: what is not stated has an
// empty value and the place of what is around it, so that `at: service.owner.at` can be written without asking.

// text is a value with its place.
type text struct {
	Value string `json:"value" doc:"As it is written; empty when it is not stated"`
	At    string `json:"at" doc:"Where it stands, as file:line:column; where the thing around it does, when it is not stated"`
}

// labels are labels or annotations by their names.
type labels map[string]text

// estateFacts is what a check with a second parameter gets to know of everything else.
type estateFacts struct {
	Today    string       `json:"today" doc:"The day of judgement, as 2006-01-02"`
	Commit   string       `json:"commit" doc:"The commit that was read; empty for files that are at none"`
	Services []listed     `json:"services" doc:"All services, in the order of their IDs"`
	Teams    []teamFacts  `json:"teams" doc:"All teams, in the order of their IDs"`
	Journeys []journey    `json:"journeys" doc:"All journeys, in the order of their IDs"`
	Gaps     []unreadable `json:"gaps" doc:"What could not be read in the whole catalog"`
}

type listed struct {
	ID        string `json:"id" doc:"Unique name"`
	Tier      int    `json:"tier" doc:"As in service"`
	Kind      string `json:"kind" doc:"As in service"`
	Lifecycle string `json:"lifecycle" doc:"As in service"`
	Team      string `json:"team" doc:"ID of the team that owns it; empty when that is no team of the catalog"`
	At        string `json:"at" doc:"Where its entry stands"`
}

// serviceFacts is a service with its evidence.
type serviceFacts struct {
	ID          string     `json:"id" doc:"Unique name"`
	Name        text       `json:"name" doc:"Name"`
	Title       text       `json:"title" doc:"Name for people"`
	Description text       `json:"description" doc:"What it does"`
	Kind        text       `json:"kind" doc:"request, pipeline, batch, frontend, platform or library; request when the entry states none of these"`
	Tier        number     `json:"tier" doc:"How critical it is; 3 when the entry states no tier"`
	Lifecycle   text       `json:"lifecycle" doc:"production, experimental, deprecated, …. Retired services are not asked about"`
	Owner       text       `json:"owner" doc:"Reference to its team, as written"`
	Team        *teamFacts `json:"team" doc:"The team of the catalog that owner names; null when it names none"`
	Repository  text       `json:"repository" doc:"Web address of its source"`
	DependsOn   []need     `json:"dependsOn" doc:"What it needs"`
	Exposure    text       `json:"exposure" doc:"internet, partner or internal"`
	Data        []text     `json:"data" doc:"Classes of data that it handles"`
	Handles     []text     `json:"handles" doc:"authentication, ai"`
	Parties     []text     `json:"thirdParties" doc:"Companies outside that it exchanges data with"`
	Aliases     []text     `json:"aliases" doc:"Other names under which telemetry knows it"`
	Oncall      text       `json:"oncall" doc:"Paging integration or schedule of its own"`
	Policy      text       `json:"budgetPolicy" doc:"Error budget policy that its entry names"`
	Signals     struct {
		Metrics text `json:"metrics" doc:"PromQL selector"`
		Logs    text `json:"logs" doc:"LogQL selector"`
		Traces  text `json:"traces" doc:"OpenTelemetry service.name"`
	} `json:"signals" doc:"How its telemetry is found"`
	Logging struct {
		Format      text   `json:"format" doc:"json, logfmt, text, …"`
		Correlation text   `json:"correlation" doc:"Field that joins a line to its trace or request"`
		Retention   text   `json:"retention" doc:"How long lines are kept"`
		Redacted    []text `json:"redacted" doc:"What is removed from lines"`
	} `json:"logging" doc:"What its entry states about its logs"`
	Tracing struct {
		Sampling    text `json:"sampling" doc:"Share of traces that is kept, or a sampler's name"`
		Propagation text `json:"propagation" doc:"tracecontext, b3, …"`
		Environment text `json:"environment" doc:"Value of deployment.environment.name"`
		Version     text `json:"version" doc:"Value of service.version, or where it comes from"`
	} `json:"tracing" doc:"What its entry states about its traces"`
	Recovery struct {
		RTO      text `json:"rto" doc:"How long it may be away"`
		RPO      text `json:"rpo" doc:"How much data may be lost, as time"`
		Plan     text `json:"plan" doc:"Recovery plan"`
		Rollback text `json:"rollback" doc:"How a release is taken back"`
		Durable  text `json:"durable" doc:"true when it keeps data that cannot be made again"`
	} `json:"recovery" doc:"What its entry states about its recovery"`
	Links  []link `json:"links" doc:"Links of its entry"`
	Folder string `json:"folder" doc:"Folder whose files are its own; empty when it has none"`
	Format string `json:"format" doc:"Whose format its entry has: native, mapped (of catalog.jsonnet), backstage, datadog, opslevel, cortex, compass"`
	At     string `json:"at" doc:"Where its entry begins"`

	evidenceFacts

	Gaps []unreadable `json:"gaps" doc:"Evidence that may be the service's and could not be read. What is not found may stand there: say missing, not unmet"`
}

type number struct {
	Value int    `json:"value" doc:"The number"`
	At    string `json:"at" doc:"Where it stands"`
}

type need struct {
	text

	Service string `json:"service" doc:"ID of the service that it is; empty when it is none of the catalog"`
	Known   bool   `json:"known" doc:"Whether the catalog lists it, as a service or as another thing"`
}

type link struct {
	Kind string `json:"kind" doc:"runbook, dashboard, docs or other"`
	URL  text   `json:"url" doc:"Where it leads"`
}

type teamFacts struct {
	ID         string `json:"id" doc:"Unique name"`
	Name       text   `json:"name" doc:"Name"`
	Title      text   `json:"title" doc:"Name for people"`
	Contact    text   `json:"contact" doc:"Chat channel or address"`
	Oncall     text   `json:"oncall" doc:"Rota"`
	Escalation []text `json:"escalation" doc:"Who is called next, in order"`
	Members    []text `json:"members" doc:"Who is in it"`
	Aliases    []text `json:"aliases" doc:"Other names"`
	Parent     text   `json:"parent" doc:"Team that it is part of"`
	Security   text   `json:"security" doc:"Security contact or champion"`
	At         string `json:"at" doc:"Where its entry begins"`
}

type journey struct {
	ID        string   `json:"id" doc:"Unique name, made of the name in words"`
	Name      text     `json:"name" doc:"What the user does"`
	Owner     text     `json:"owner" doc:"Reference to its team, as written"`
	SLI       text     `json:"sli" doc:"What is measured, in words"`
	SLOs      []text   `json:"slos" doc:"Names of the SLOs that it refers to"`
	Dashboard text     `json:"dashboard" doc:"Dashboard that it refers to"`
	Services  []string `json:"services" doc:"IDs of the services that it crosses"`
	At        string   `json:"at" doc:"Where its entry begins"`
}

type unreadable struct {
	Kinds  []string `json:"kinds" doc:"Kinds of evidence that it may hide"`
	Cause  string   `json:"cause" doc:"Why it could not be read, in a word or two"`
	Detail string   `json:"detail" doc:"The same as a sentence, with the way out"`
	At     string   `json:"at" doc:"Where it stands"`
}

// batchBytes bounds the facts of one evaluation.
const batchBytes = 8 << 20

// batchesOf gives the facts of all services that are in use, in the order of their IDs.
func batchesOf(e *catalog.Estate, today string) []batch {
	all := encoded(estateOf(e, today))
	var batches []batch
	var size int
	for _, s := range e.Services {
		if s.Retired() {
			continue
		}
		f := encoded(factsOf(s))
		if len(batches) == 0 || size+len(f) > batchBytes {
			batches, size = append(batches, batch{estate: all}), 0
		}
		b := &batches[len(batches)-1]
		b.ids, b.facts, size = append(b.ids, s.ID), append(b.facts, f), size+len(f)
	}
	return batches
}

// encoded gives facts as JSON.
func encoded(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // they hold strings, numbers and booleans only
	}
	return data
}

func estateOf(e *catalog.Estate, today string) estateFacts {
	return estateFacts{
		Today: today, Commit: e.Revision.Commit,
		Services: each(e.Services, func(s *catalog.Service) listed {
			l := listed{ID: s.ID, Tier: s.TierNumber(), Kind: s.KindName(), Lifecycle: s.Lifecycle.Value, At: s.At.String()}
			if s.Owner.Team != nil {
				l.Team = s.Owner.Team.ID
			}
			return l
		}),
		Teams:    each(e.Teams, func(t *catalog.Team) teamFacts { return *teamOf(t) }),
		Journeys: each(e.Journeys, journeyOf),
		Gaps:     each(e.Gaps, gapOf),
	}
}

// each gives what f makes of every item; never nil, so that it is an array in JSON.
func each[T, U any](items []T, f func(T) U) []U {
	made := make([]U, len(items))
	for i, item := range items {
		made[i] = f(item)
	}
	return made
}

// in gives texts their places, of which those that are not stated have that of the thing around them.
type in catalog.Place

func (at in) text(t catalog.Text) text {
	return text{t.Value, t.At.Or(catalog.Place(at)).String()}
}

func (at in) texts(all []catalog.Text) []text { return each(all, at.text) }

func (at in) labels(all []catalog.Label) labels {
	made := labels{}
	for _, l := range slices.Backward(all) { // the first of a name counts
		made[l.Key] = at.text(l.Text())
	}
	return made
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func factsOf(s *catalog.Service) serviceFacts {
	at := in(s.At)
	f := serviceFacts{
		ID: s.ID, Name: at.text(s.Name), Title: at.text(s.Title), Description: at.text(s.Description),
		Kind: at.text(catalog.Text{Value: s.KindName(), At: s.Kind.At}), Tier: number{s.TierNumber(), at.text(s.Tier).At},
		Lifecycle: at.text(s.Lifecycle), Owner: at.text(s.Owner.Ref), Team: teamOf(s.Owner.Team), Repository: at.text(s.Repository),
		DependsOn: each(s.DependsOn, func(d catalog.Dependency) need {
			n := need{text: at.text(d.Ref), Known: d.Known}
			if d.Service != nil {
				n.Service = d.Service.ID
			}
			return n
		}),
		Exposure: at.text(s.Exposure), Data: at.texts(s.Data), Handles: at.texts(s.Handles), Parties: at.texts(s.Parties), Aliases: at.texts(s.Aliases),
		Oncall: at.text(s.Oncall), Policy: at.text(s.PolicyRef),
		Links:  each(s.Links, func(l catalog.NamedLink) link { return link{l.Kind, at.text(l.URL)} }),
		Folder: s.Folder, Format: s.Format, At: s.At.String(),
		evidenceFacts: evidenceOf(s), Gaps: each(s.Gaps, gapOf),
	}
	f.Signals.Metrics, f.Signals.Logs, f.Signals.Traces = at.text(s.Signals.Metrics), at.text(s.Signals.Logs), at.text(s.Signals.Traces)
	f.Logging.Format, f.Logging.Correlation = at.text(s.Logging.Format), at.text(s.Logging.Correlation)
	f.Logging.Retention, f.Logging.Redacted = at.text(s.Logging.Retention), at.texts(s.Logging.Redacted)
	f.Tracing.Sampling, f.Tracing.Propagation = at.text(s.Tracing.Sampling), at.text(s.Tracing.Propagation)
	f.Tracing.Environment, f.Tracing.Version = at.text(s.Tracing.Environment), at.text(s.Tracing.Version)
	f.Recovery.RTO, f.Recovery.RPO, f.Recovery.Plan = at.text(s.Recovery.RTO), at.text(s.Recovery.RPO), at.text(s.Recovery.Plan)
	f.Recovery.Rollback, f.Recovery.Durable = at.text(s.Recovery.Rollback), at.text(s.Recovery.Durable)
	return f
}

func teamOf(t *catalog.Team) *teamFacts {
	if t == nil {
		return nil
	}
	at := in(t.At)
	return &teamFacts{
		ID: t.ID, Name: at.text(t.Name), Title: at.text(t.Title), Contact: at.text(t.Contact), Oncall: at.text(t.Oncall), Escalation: at.texts(t.Escalation),
		Members: at.texts(t.Members), Aliases: at.texts(t.Aliases), Parent: at.text(t.Parent), Security: at.text(t.Security), At: t.At.String(),
	}
}

func journeyOf(j *catalog.Journey) journey {
	at := in(j.At)
	return journey{
		ID: j.ID, Name: at.text(j.Name), Owner: at.text(j.Owner.Ref), SLI: at.text(j.SLI), SLOs: at.texts(j.SLORefs), Dashboard: at.text(j.DashRef),
		Services: each(j.Services, func(s *catalog.Service) string { return s.ID }), At: j.At.String(),
	}
}

func gapOf(g catalog.Gap) unreadable {
	return unreadable{Kinds: each(g.Kinds, func(k catalog.Kind) string { return string(k) }), Cause: string(g.Cause), Detail: g.Detail, At: g.At.String()}
}
