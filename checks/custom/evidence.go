package custom

import "obsready/catalog"

// evidenceFacts is the evidence that was linked to a service.
type evidenceFacts struct {
	Journeys          []journey         `json:"journeys" doc:"Journeys that cross it"`
	Alerts            []alert           `json:"alerts" doc:"Alert rules"`
	Recordings        []recording       `json:"recordings" doc:"Recording rules"`
	Dashboards        []dashboard       `json:"dashboards" doc:"Grafana dashboards"`
	Runbooks          []runbook         `json:"runbooks" doc:"Runbook pages"`
	SLOs              []slo             `json:"slos" doc:"Service level objectives"`
	Collectors        []collector       `json:"collectors" doc:"OpenTelemetry Collector configurations that carry its signals"`
	Targets           []target          `json:"targets" doc:"Scrape configurations and monitors"`
	Workloads         []workload        `json:"workloads" doc:"Kubernetes workloads and Compose services"`
	ThreatModels      []threatModel     `json:"threatModels" doc:"Threat models"`
	Workflows         []workflow        `json:"workflows" doc:"Pipelines. What their steps run is left out: it may hold credentials"`
	Manifests         []manifest        `json:"manifests" doc:"Dependency manifests and lockfiles"`
	SBOMs             []sbom            `json:"sboms" doc:"Software bills of materials"`
	Images            []image           `json:"images" doc:"Dockerfiles"`
	SecurityPolicies  []securityPolicy  `json:"securityPolicies" doc:"SECURITY files"`
	RecoveryPlans     []recoveryPlan    `json:"recoveryPlans" doc:"Recovery plans"`
	Exercises         []exercise        `json:"exercises" doc:"Records of recovery exercises"`
	IncidentProcesses []incidentProcess `json:"incidentProcesses" doc:"Pages that say how incidents are handled"`
	Postmortems       []postmortem      `json:"postmortems" doc:"Reports of incidents"`
	ToilLogs          []toilLog         `json:"toilLogs" doc:"Lists of manual operational work"`
	BranchProtections []protection      `json:"branchProtections" doc:"Settings of branches that stand in files"`
	Attestations      []attestation     `json:"attestations" doc:"What somebody vouches for"`
}

// linked says where a piece of evidence stands, and why it is the service's.
type linked struct {
	At  string `json:"at" doc:"Where it begins"`
	Why string `json:"why" doc:"Why it is believed to be the service's"`
}

type query struct {
	Text     string   `json:"text" doc:"As written"`
	Language string   `json:"language" doc:"PromQL, LogQL, TraceQL or other"`
	Metrics  []string `json:"metrics" doc:"Names of the metrics that it selects"`
	Error    string   `json:"error" doc:"Why it does not parse; empty when it does"`
	At       string   `json:"at" doc:"Where it begins"`
}

func queryOf(q catalog.Query) query {
	made := query{Text: q.Text, Language: string(q.Lang), Metrics: []string{}, Error: q.Error, At: q.At.String()}
	for _, s := range q.Selectors {
		if s.Metric != "" {
			made.Metrics = append(made.Metrics, s.Metric)
		}
	}
	return made
}

type followed struct {
	Key     string `json:"key" doc:"Annotation or label that holds it; empty when there is none"`
	Link    text   `json:"link" doc:"As written"`
	Address string `json:"address" doc:"After templates were filled in"`
	State   string `json:"state" doc:"resolved, no such page, no such part, elsewhere, template, malformed or unreadable; empty when there is none"`
}

type alert struct {
	linked

	Name        text     `json:"name" doc:"Name"`
	Format      string   `json:"format" doc:"prometheus or grafana"`
	Expr        query    `json:"expr" doc:"What it evaluates"`
	For         text     `json:"for" doc:"How long it has to hold, as written"`
	Labels      labels   `json:"labels" doc:"By name, with those of its group"`
	Annotations labels   `json:"annotations" doc:"By name"`
	Group       text     `json:"group" doc:"Name of its group"`
	Severity    text     `json:"severity" doc:"Value of its severity label"`
	Team        string   `json:"team" doc:"ID of the team that its team label names; empty for none"`
	Runbook     followed `json:"runbook" doc:"Its runbook link"`
	Dashboard   followed `json:"dashboard" doc:"Its dashboard link"`
	Receivers   []string `json:"receivers" doc:"Names of the receivers that the notification routes send it to"`
	Tests       int      `json:"tests" doc:"How many rule test files test it"`
	Paused      bool     `json:"paused" doc:"Whether it is not evaluated"`
}

type recording struct {
	linked

	Name   text   `json:"name" doc:"What it records"`
	Expr   query  `json:"expr" doc:"What it evaluates"`
	Labels labels `json:"labels" doc:"By name"`
	Group  text   `json:"group" doc:"Name of its group"`
}

type dashboard struct {
	linked

	UID    text    `json:"uid" doc:"Unique name"`
	Title  text    `json:"title" doc:"Title"`
	Tags   []text  `json:"tags" doc:"Tags"`
	Folder text    `json:"folder" doc:"Folder in Grafana"`
	Panels []panel `json:"panels" doc:"Panels, those of rows among them"`
}

type panel struct {
	Title   text    `json:"title" doc:"Title"`
	Type    string  `json:"type" doc:"As in timeseries"`
	Unit    text    `json:"unit" doc:"Unit of its values"`
	Row     string  `json:"row" doc:"Title of the row around it"`
	Queries []query `json:"queries" doc:"What it shows"`
	At      string  `json:"at" doc:"Where it begins"`
}

type heading struct {
	Level int    `json:"level" doc:"1 for a title"`
	Text  string `json:"text" doc:"As written"`
	Words int    `json:"words" doc:"Words of prose below it"`
	Steps int    `json:"steps" doc:"List items below it"`
	At    string `json:"at" doc:"Where it stands"`
}

type runbook struct {
	linked

	Path        string    `json:"path" doc:"File"`
	Title       text      `json:"title" doc:"Title"`
	FrontMatter labels    `json:"frontMatter" doc:"Scalars of the front matter by name"`
	Headings    []heading `json:"headings" doc:"In the order of the page"`
	Links       []text    `json:"links" doc:"Where links lead"`
	Words       int       `json:"words" doc:"Words of prose"`
	Changed     string    `json:"changed" doc:"Day of the last change, as 2006-01-02; empty when it is not known"`
}

type slo struct {
	linked

	Name      text    `json:"name" doc:"Name"`
	Format    string  `json:"format" doc:"Whose format it has"`
	Objective text    `json:"objective" doc:"As written"`
	Percent   float64 `json:"percent" doc:"The objective in percent; 0 when it is none"`
	Window    text    `json:"window" doc:"As written"`
	Indicator string  `json:"indicator" doc:"ratio, bad ratio, raw, threshold, latency, bool gauge; empty when it was not found"`
	Queries   []query `json:"queries" doc:"What its indicator measures"`
	Labels    labels  `json:"labels" doc:"By name"`
	Policy    string  `json:"budgetPolicy" doc:"File of its error budget policy; empty when none was found"`
}

type collector struct {
	linked

	Name       text       `json:"name" doc:"Name"`
	Components []string   `json:"components" doc:"As in receiver otlp"`
	Pipelines  []pipeline `json:"pipelines" doc:"Pipelines"`
}

type pipeline struct {
	Name       text   `json:"name" doc:"Name"`
	Signal     string `json:"signal" doc:"traces, metrics, logs or profiles"`
	Receivers  []text `json:"receivers" doc:"Names"`
	Processors []text `json:"processors" doc:"Names"`
	Exporters  []text `json:"exporters" doc:"Names"`
}

type target struct {
	linked

	Kind      string `json:"kind" doc:"ServiceMonitor, PodMonitor, Probe, scrape_config or annotation"`
	Name      text   `json:"name" doc:"Name"`
	Namespace string `json:"namespace" doc:"Namespace"`
	Job       text   `json:"job" doc:"Its job label"`
	Labels    labels `json:"labels" doc:"By name"`
	Interval  text   `json:"interval" doc:"As written"`
}

type workload struct {
	linked

	Kind        string `json:"kind" doc:"As in Deployment"`
	Name        text   `json:"name" doc:"Name"`
	Namespace   string `json:"namespace" doc:"Namespace"`
	Labels      labels `json:"labels" doc:"Of the resource and its pods, by name"`
	Annotations labels `json:"annotations" doc:"Of the resource and its pods, by name"`
	Env         labels `json:"env" doc:"Environment variables with literal values, by name, without credentials"`
	Images      []text `json:"images" doc:"Images"`
	Templated   bool   `json:"templated" doc:"Whether Helm fills parts of it in"`
}

// evidenceOf gives the evidence of a service.
func evidenceOf(s *catalog.Service) evidenceFacts {
	return evidenceFacts{
		Journeys:   each(s.Journeys, journeyOf),
		Alerts:     each(s.Alerts, alertOf),
		Recordings: each(s.Recordings, recordingOf),
		Dashboards: each(s.Dashboards, dashboardOf),
		Runbooks:   each(s.Runbooks, runbookOf),
		SLOs:       each(s.SLOs, sloOf),
		Collectors: each(s.Collectors, collectorOf),
		Targets:    each(s.Targets, targetOf),
		Workloads:  each(s.Workloads, workloadOf),

		ThreatModels:      each(s.ThreatModels, threatModelOf),
		Workflows:         each(s.Workflows, workflowOf),
		Manifests:         each(s.Manifests, manifestOf),
		SBOMs:             each(s.SBOMs, sbomOf),
		Images:            each(s.ImageBuilds, imageOf),
		SecurityPolicies:  each(s.SecurityPolicies, securityPolicyOf),
		RecoveryPlans:     each(s.RecoveryPlans, recoveryPlanOf),
		Exercises:         each(s.Exercises, exerciseOf),
		IncidentProcesses: each(s.IncidentProcesses, incidentProcessOf),
		Postmortems:       each(s.Postmortems, postmortemOf),
		ToilLogs:          each(s.ToilLogs, toilLogOf),
		BranchProtections: each(s.BranchProtections, protectionOf),
		Attestations:      each(s.Attestations, attestationOf),
	}
}

func linkedAt(at catalog.Place, by catalog.Link) linked { return linked{at.String(), by.String()} }

func followedOf(at in, l catalog.ResolvedLink) followed {
	return followed{Key: l.Key, Link: at.text(l.Link), Address: l.Address, State: string(l.State)}
}

func alertOf(l catalog.Linked[catalog.AlertRule]) alert {
	a, at := l.Item, in(l.Item.At)
	made := alert{
		linked: linkedAt(a.At, l.By), Name: at.text(a.Name), Format: a.Format, Expr: queryOf(a.Expr), For: at.text(a.For),
		Labels: at.labels(a.Labels), Annotations: at.labels(a.Annotations), Group: at.text(a.Group), Severity: at.text(a.Severity),
		Runbook: followedOf(at, a.Runbook), Dashboard: followedOf(at, a.Dashboard),
		Receivers: each(a.Deliveries, func(d catalog.Delivery) string { return d.Name.Value }), Tests: len(a.TestedBy), Paused: a.Paused,
	}
	if a.Team.Team != nil {
		made.Team = a.Team.Team.ID
	}
	return made
}

func recordingOf(l catalog.Linked[catalog.RecordingRule]) recording {
	r, at := l.Item, in(l.Item.At)
	return recording{linked: linkedAt(r.At, l.By), Name: at.text(r.Name), Expr: queryOf(r.Expr), Labels: at.labels(r.Labels), Group: at.text(r.Group)}
}

func dashboardOf(l catalog.Linked[catalog.Dashboard]) dashboard {
	d, at := l.Item, in(l.Item.At)
	return dashboard{
		linked: linkedAt(d.At, l.By), UID: at.text(d.UID), Title: at.text(d.Title), Tags: at.texts(d.Tags), Folder: at.text(d.Folder),
		Panels: each(d.Panels, func(p catalog.Panel) panel {
			at := in(p.At)
			return panel{Title: at.text(p.Title), Type: p.Type, Unit: at.text(p.Unit), Row: p.Row, Queries: each(p.Queries, queryOf), At: p.At.String()}
		}),
	}
}

func runbookOf(l catalog.Linked[catalog.Page]) runbook {
	p, at := l.Item, in(l.Item.At)
	return runbook{
		linked: linkedAt(p.At, l.By), Path: p.Path, Title: at.text(p.Title), FrontMatter: at.labels(p.FrontMatter),
		Headings: each(p.Headings, func(h catalog.Heading) heading { return heading{h.Level, h.Text, h.Words, h.Steps, h.At.String()} }),
		Links:    each(p.Links, func(l catalog.PageLink) text { return text{l.Target, l.At.String()} }),
		Words:    p.Words, Changed: day(p.Changed),
	}
}

func sloOf(l catalog.Linked[catalog.SLO]) slo {
	o, at := l.Item, in(l.Item.At)
	made := slo{
		linked: linkedAt(o.At, l.By), Name: at.text(o.Name), Format: o.Format, Objective: at.text(o.Objective), Percent: o.Percent, Window: at.text(o.Window),
		Indicator: o.Indicator.Kind, Queries: each(o.Indicator.Queries(), queryOf), Labels: at.labels(o.Labels),
	}
	if o.Policy != nil {
		made.Policy = o.Policy.At.File
	}
	return made
}

func collectorOf(l catalog.Linked[catalog.Collector]) collector {
	c, at := l.Item, in(l.Item.At)
	return collector{
		linked: linkedAt(c.At, l.By), Name: at.text(c.Name),
		Components: each(c.Components, func(k catalog.Component) string { return k.Role + " " + k.Name.Value }),
		Pipelines: each(c.Pipelines, func(p catalog.Pipeline) pipeline {
			return pipeline{at.text(p.Name), p.Signal, at.texts(p.Receivers), at.texts(p.Processors), at.texts(p.Exporters)}
		}),
	}
}

func targetOf(l catalog.Linked[catalog.ScrapeTarget]) target {
	t, at := l.Item, in(l.Item.At)
	return target{
		linked: linkedAt(t.At, l.By), Kind: t.Kind, Name: at.text(t.Name), Namespace: t.Namespace, Job: at.text(t.Job),
		Labels: at.labels(t.Labels), Interval: at.text(t.Interval),
	}
}

func workloadOf(l catalog.Linked[catalog.Workload]) workload {
	w, at := l.Item, in(l.Item.At)
	return workload{
		linked: linkedAt(w.At, l.By), Kind: w.Kind, Name: at.text(w.Name), Namespace: w.Namespace, Labels: at.labels(w.Labels),
		Annotations: at.labels(w.Annotations), Env: at.labels(w.Env), Images: at.texts(w.Images), Templated: w.Templated,
	}
}
