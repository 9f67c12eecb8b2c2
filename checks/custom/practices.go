package custom

import (
	"math"
	"slices"

	"obsready/catalog"
)

type threatModel struct {
	linked

	Format    string   `json:"format" doc:"markdown, threat dragon, threagile or pytm"`
	Title     text     `json:"title" doc:"Title"`
	Assets    []text   `json:"assets" doc:"What is protected"`
	Attackers []text   `json:"attackers" doc:"Who attacks"`
	Detection []text   `json:"detection" doc:"How an attack would be seen"`
	Recovery  []text   `json:"recovery" doc:"How one would recover"`
	Threats   []threat `json:"threats" doc:"What can go wrong"`
	Reviewed  text     `json:"reviewed" doc:"Day of the last review, as written"`
	Changed   string   `json:"changed" doc:"Day of the last change, as 2006-01-02; empty when it is not known"`
}

type threat struct {
	ID         text   `json:"id" doc:"Its number or name"`
	Title      text   `json:"title" doc:"What it is"`
	Severity   text   `json:"severity" doc:"As written"`
	State      string `json:"state" doc:"open, mitigated, accepted, in progress or not applicable; empty when it is not stated"`
	Mitigation text   `json:"mitigation" doc:"What is done about it"`
	Owner      text   `json:"owner" doc:"Who does it"`
	Due        text   `json:"due" doc:"Until when, as written"`
	Ticket     text   `json:"ticket" doc:"Its issue"`
	At         string `json:"at" doc:"Where it stands"`
}

type workflow struct {
	linked

	Format string   `json:"format" doc:"github, gitlab, azure, circleci, jenkins, tekton, pre-commit, lefthook or husky"`
	Name   text     `json:"name" doc:"Name"`
	Events []string `json:"events" doc:"What starts it, as the format names it"`
	Jobs   []job    `json:"jobs" doc:"In the order of the file"`
}

type job struct {
	ID          text   `json:"id" doc:"Unique name in the workflow"`
	Environment text   `json:"environment" doc:"That it deploys to"`
	Approval    text   `json:"approval" doc:"What makes it wait for a person"`
	Image       text   `json:"image" doc:"Image that it runs in"`
	Calls       text   `json:"calls" doc:"Workflow or template that it runs"`
	Uses        []text `json:"uses" doc:"Actions, tasks, orbs and hooks of its steps, with their versions"`
	Tools       []tool `json:"tools" doc:"Known tools of its steps"`
	At          string `json:"at" doc:"Where it begins"`
}

type tool struct {
	Name    string `json:"name" doc:"As in trivy"`
	Purpose string `json:"purpose" doc:"As in dependency scan, secret scan, image scan, signing, SBOM, deployment"`
	Gates   bool   `json:"gates" doc:"Whether what it finds can fail the job"`
	At      string `json:"at" doc:"Where it stands"`
}

type manifest struct {
	linked

	Ecosystem string `json:"ecosystem" doc:"npm, go, pypi, maven, …"`
	Tool      string `json:"tool" doc:"Whose format it is"`
	Lock      bool   `json:"lock" doc:"Whether it locks versions"`
	Packages  int    `json:"packages" doc:"How many dependencies it lists"`
	Pinned    int    `json:"pinned" doc:"How many of them with one exact version"`
	LockedBy  string `json:"lockedBy" doc:"File that locks it; empty when none does"`
}

type sbom struct {
	linked

	Format     string `json:"format" doc:"CycloneDX or SPDX"`
	Subject    text   `json:"subject" doc:"What it describes"`
	Release    text   `json:"release" doc:"Version of what it describes"`
	Created    text   `json:"created" doc:"As written"`
	Components int    `json:"components" doc:"How many components it lists"`
}

type image struct {
	linked

	Bases []text `json:"bases" doc:"Images that it builds on"`
	User  text   `json:"user" doc:"User of the last stage; empty for that of the base image"`
}

type securityPolicy struct {
	linked

	Contacts []text `json:"contacts" doc:"Where to report"`
	Times    []text `json:"times" doc:"Times that it promises"`
	Expires  text   `json:"expires" doc:"Day after which it does not hold, as written"`
}

type recoveryPlan struct {
	linked

	Title    text   `json:"title" doc:"Title"`
	RTO      text   `json:"rto" doc:"As written"`
	RPO      text   `json:"rpo" doc:"As written"`
	Steps    []text `json:"steps" doc:"What is done, in order"`
	Contacts []text `json:"contacts" doc:"Who is called"`
	Rollback []text `json:"rollback" doc:"How a release is taken back"`
	Restore  []text `json:"restore" doc:"How data comes back"`
	Reviewed text   `json:"reviewed" doc:"Day of the last review, as written"`
}

type action struct {
	Text   text   `json:"text" doc:"What is to be done"`
	Owner  text   `json:"owner" doc:"Who does it"`
	Due    text   `json:"due" doc:"Until when, as written"`
	Done   bool   `json:"done" doc:"Whether it is done"`
	Ticket text   `json:"ticket" doc:"Its issue"`
	At     string `json:"at" doc:"Where it stands"`
}

type exercise struct {
	linked

	Name     text     `json:"name" doc:"Name"`
	Date     text     `json:"date" doc:"As written"`
	Kind     text     `json:"kind" doc:"restore, failover, rollback, game day, tabletop, as written"`
	Scenario text     `json:"scenario" doc:"What was assumed"`
	Outcome  text     `json:"outcome" doc:"What came of it"`
	Lasted   text     `json:"lasted" doc:"How long recovery took, as written"`
	Next     text     `json:"next" doc:"Day of the next one, as written"`
	Actions  []action `json:"actions" doc:"What is to be done after it"`
}

type incidentProcess struct {
	linked

	Title      text   `json:"title" doc:"Title"`
	Severities []text `json:"severities" doc:"Levels that it declares"`
	Reviewed   text   `json:"reviewed" doc:"Day of the last review, as written"`
}

type postmortem struct {
	linked

	Title    text     `json:"title" doc:"Title"`
	Date     text     `json:"date" doc:"Of the incident, as written"`
	Severity text     `json:"severity" doc:"As written"`
	Status   text     `json:"status" doc:"As written"`
	Sections []string `json:"sections" doc:"Its parts by what they mean, as in impact, timeline, contributing factors"`
	Actions  []action `json:"actions" doc:"What is to be done after it"`
	Changed  string   `json:"changed" doc:"Day of the last change, as 2006-01-02; empty when it is not known"`
}

type toilLog struct {
	linked

	Team    text   `json:"team" doc:"Whose work it is"`
	Percent number `json:"percent" doc:"Share of the team's time that is toil, rounded; -1 when it is not stated"`
	Entries []task `json:"entries" doc:"The tasks"`
}

type task struct {
	Task  text    `json:"task" doc:"What is done by hand"`
	Often text    `json:"often" doc:"As written"`
	Lasts text    `json:"lasts" doc:"As written"`
	Hours float64 `json:"hours" doc:"Hours a year; 0 when that is not known"`
	Done  bool    `json:"done" doc:"Whether it is automated"`
	At    string  `json:"at" doc:"Where it stands"`
}

type protection struct {
	linked

	Branch         text   `json:"branch" doc:"Name or pattern"`
	Reviews        int    `json:"reviews" doc:"Approvals that a change needs"`
	CodeOwners     bool   `json:"codeOwners" doc:"Whether one of them is by a code owner"`
	RequiredChecks []text `json:"requiredChecks" doc:"Status checks that must have passed"`
}

type attestation struct {
	Check     text   `json:"check" doc:"ID of the check that it answers"`
	Statement text   `json:"statement" doc:"What is so"`
	Owner     text   `json:"owner" doc:"Who vouches for it"`
	Until     text   `json:"until" doc:"Last day on which it counts"`
	At        string `json:"at" doc:"Where it begins"`
}

func threatModelOf(l catalog.Linked[catalog.ThreatModel]) threatModel {
	m, at := l.Item, in(l.Item.At)
	return threatModel{
		linked: linkedAt(m.At, l.By), Format: m.Format, Title: at.text(m.Title), Assets: at.texts(m.Assets), Attackers: at.texts(m.Attackers),
		Detection: at.texts(m.Detection), Recovery: at.texts(m.Recovery), Reviewed: at.text(m.Reviewed), Changed: day(m.Changed),
		Threats: each(m.Threats, func(t catalog.Threat) threat {
			at := in(t.At)
			return threat{at.text(t.ID), at.text(t.Title), at.text(t.Severity), string(t.State), at.text(t.Mitigation), at.text(t.Owner), at.text(t.Due), at.text(t.Ticket), t.At.String()}
		}),
	}
}

func workflowOf(l catalog.Linked[catalog.Workflow]) workflow {
	w, at := l.Item, in(l.Item.At)
	return workflow{
		linked: linkedAt(w.At, l.By), Format: w.Format, Name: at.text(w.Name),
		Events: each(w.Triggers, func(t catalog.Trigger) string { return t.Event.Value }), Jobs: each(w.Jobs, jobOf),
	}
}

func jobOf(j catalog.Job) job {
	at := in(j.At)
	made := job{
		ID: at.text(j.ID), Environment: at.text(j.Environment), Approval: at.text(j.Approval), Image: at.text(j.Image), Calls: at.text(j.Calls),
		Uses: []text{}, Tools: []tool{}, At: j.At.String(),
	}
	for _, s := range j.Steps {
		if s.Uses.Value != "" {
			made.Uses = append(made.Uses, at.text(s.Uses))
		}
		for _, t := range s.Tools {
			made.Tools = append(made.Tools, tool{t.Name, string(t.Purpose), t.Gates, t.At.String()})
		}
	}
	return made
}

func manifestOf(l catalog.Linked[catalog.Manifest]) manifest {
	m := l.Item
	made := manifest{linked: linkedAt(m.At, l.By), Ecosystem: m.Ecosystem, Tool: m.Tool, Lock: m.Lock, Packages: m.Packages, Pinned: m.Pinned}
	if m.LockedBy != nil {
		made.LockedBy = m.LockedBy.At.File
	}
	return made
}

func sbomOf(l catalog.Linked[catalog.SBOM]) sbom {
	b, at := l.Item, in(l.Item.At)
	return sbom{linked: linkedAt(b.At, l.By), Format: b.Format, Subject: at.text(b.Subject), Release: at.text(b.Release), Created: at.text(b.Created), Components: b.Components}
}

func imageOf(l catalog.Linked[catalog.ImageBuild]) image {
	i, at := l.Item, in(l.Item.At)
	return image{linked: linkedAt(i.At, l.By), Bases: each(i.Bases, func(b catalog.BaseImage) text { return at.text(b.Image) }), User: at.text(i.User)}
}

func securityPolicyOf(l catalog.Linked[catalog.SecurityPolicy]) securityPolicy {
	p, at := l.Item, in(l.Item.At)
	return securityPolicy{linked: linkedAt(p.At, l.By), Contacts: at.texts(p.Contacts), Times: at.texts(p.Times), Expires: at.text(p.Expires)}
}

func recoveryPlanOf(l catalog.Linked[catalog.RecoveryPlan]) recoveryPlan {
	p, at := l.Item, in(l.Item.At)
	return recoveryPlan{
		linked: linkedAt(p.At, l.By), Title: at.text(p.Title), RTO: at.text(p.RTO), RPO: at.text(p.RPO), Steps: at.texts(p.Steps), Contacts: at.texts(p.Contacts),
		Rollback: at.texts(p.Rollback), Restore: at.texts(p.Restore), Reviewed: at.text(p.Reviewed),
	}
}

func actionOf(a catalog.ActionItem) action {
	at := in(a.At)
	return action{at.text(a.Text), at.text(a.Owner), at.text(a.Due), a.Done, at.text(a.Ticket), a.At.String()}
}

func exerciseOf(l catalog.Linked[catalog.Exercise]) exercise {
	e, at := l.Item, in(l.Item.At)
	return exercise{
		linked: linkedAt(e.At, l.By), Name: at.text(e.Name), Date: at.text(e.Date), Kind: at.text(e.Kind), Scenario: at.text(e.Scenario),
		Outcome: at.text(e.Outcome), Lasted: at.text(e.Lasted), Next: at.text(e.Next), Actions: each(e.Actions, actionOf),
	}
}

func incidentProcessOf(l catalog.Linked[catalog.IncidentProcess]) incidentProcess {
	p, at := l.Item, in(l.Item.At)
	return incidentProcess{linked: linkedAt(p.At, l.By), Title: at.text(p.Title), Severities: at.texts(p.Severities), Reviewed: at.text(p.Reviewed)}
}

func postmortemOf(l catalog.Linked[catalog.Postmortem]) postmortem {
	p, at := l.Item, in(l.Item.At)
	made := postmortem{
		linked: linkedAt(p.At, l.By), Title: at.text(p.Title), Date: at.text(p.Date), Severity: at.text(p.Severity), Status: at.text(p.Status),
		Sections: []string{}, Actions: each(p.Actions, actionOf), Changed: day(p.Changed),
	}
	for _, s := range p.Sections {
		if part := string(s.Part); part != "" && !slices.Contains(made.Sections, part) {
			made.Sections = append(made.Sections, part)
		}
	}
	return made
}

func toilLogOf(l catalog.Linked[catalog.ToilLog]) toilLog {
	t, at := l.Item, in(l.Item.At)
	return toilLog{
		linked: linkedAt(t.At, l.By), Team: at.text(t.Team), Percent: number{int(math.Round(t.Percent)), at.text(t.Share).At},
		Entries: each(t.Entries, func(e catalog.ToilEntry) task {
			at := in(e.At)
			return task{at.text(e.Task), at.text(e.Often), at.text(e.Lasts), e.Hours, e.Done, e.At.String()}
		}),
	}
}

func protectionOf(l catalog.Linked[catalog.BranchProtection]) protection {
	p, at := l.Item, in(l.Item.At)
	return protection{linked: linkedAt(p.At, l.By), Branch: at.text(p.Branch), Reviews: p.Reviews, CodeOwners: p.CodeOwners, RequiredChecks: at.texts(p.RequiredChecks)}
}

func attestationOf(a *catalog.Attestation) attestation {
	at := in(a.At)
	return attestation{at.text(a.Check), at.text(a.Statement), at.text(a.Owner), at.text(a.Until), a.At.String()}
}
