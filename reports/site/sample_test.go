package site

import (
	"fmt"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

var runAt = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// toyChecks are a check set of its own, so that no change of the product's checks changes what is tested here.
func toyChecks() []*checks.Check {
	text := func(id, title string, pillar checks.Pillar, q checks.Question, s checks.Severity, l checks.Level, kind catalog.Kind, run func(*checks.Inspection)) *checks.Check {
		return &checks.Check{
			ID: id, Title: title, Pillar: pillar, Question: q, Severity: s, Level: l, Needs: []catalog.Kind{kind}, Run: run,
			Why:    "Whoever is paged at three in the morning needs the next step, not a search box.",
			Fix:    "Add what is missing to the service's `service.toml`, next to `owner`.\n\nSee [the guide](https://docs.example/guide).",
			Source: "An invented source",
		}
	}
	return []*checks.Check{
		text("owner-team", "The service has an owner that is a team of the catalog", checks.Ownership, checks.Recover, checks.Critical, checks.Bronze, catalog.Services, ownerTeam),
		text("service-described", "The entry states exposure and `data`", checks.Ownership, checks.Protect, checks.Medium, checks.Bronze, catalog.Services, described),
		text("metrics-collected", "Metrics of the service are collected", checks.Metrics, checks.Know, checks.High, checks.Bronze, catalog.Targets, func(in *checks.Inspection) {
			for _, t := range in.Service.Targets {
				in.Metf(t.Item.At, "%s %q collects them", t.Item.Kind, t.Item.Name.Value).LinkedBy(t.By)
				return
			}
			in.Missingf(in.Service.At, "nothing collects metrics of %q. add a ServiceMonitor", in.Service.Name.Value)
		}),
		text("logs-structured", "Logs are structured", checks.Logs, checks.Know, checks.Low, checks.Silver, catalog.Services, func(in *checks.Inspection) {
			if in.Service.Logging.Format.Value == "json" {
				in.Metf(in.Service.At, "logs are json")
				return
			}
			in.Unmetf(in.Service.At, "the entry states no log format. set [logging] format")
		}),
		text("traces-collected", "Traces of the service are collected", checks.Traces, checks.Know, checks.Medium, checks.Gold, catalog.Collectors, func(in *checks.Inspection) {
			if in.Service.KindName() == "batch" {
				in.NotApplicablef("a batch has no requests to trace")
				return
			}
			if in.Service.TierNumber() == 1 && in.Service.Logging.Format.Value != "" {
				in.Metf(in.Service.At, "a pipeline carries them")
				return
			}
			in.Missingf(in.Service.At, "no pipeline carries traces of %q", in.Service.Name.Value)
		}),
		text("dashboard-exists", "The service has a dashboard", checks.Dashboards, checks.Know, checks.High, checks.Bronze, catalog.Dashboards, func(in *checks.Inspection) {
			for _, d := range in.Service.Dashboards {
				in.Metf(d.Item.At, "dashboard %q queries the service", d.Item.Title.Value).LinkedBy(d.By)
			}
			if len(in.Service.Dashboards) == 0 {
				in.Missingf(in.Service.At, "no dashboard was found for %q", in.Service.Name.Value)
			}
		}),
		text("alert-runbook", "Every alert links to a runbook", checks.Alerts, checks.Recover, checks.High, checks.Bronze, catalog.Alerts, alertRunbook),
		text("slo-defined", "The service has an SLO", checks.Alerts, checks.Promise, checks.High, checks.Silver, catalog.SLOs, func(in *checks.Inspection) {
			for _, s := range in.Service.SLOs {
				in.Metf(s.Item.At, "SLO %q promises %s", s.Item.Name.Value, s.Item.Objective.Value).LinkedBy(s.By)
			}
			if len(in.Service.SLOs) == 0 {
				in.Missingf(in.Service.At, "service %q promises nothing. write an SLO for what its users care about", in.Service.Name.Value)
			}
		}),
		text("runbook-substantive", "Runbooks say what to do", checks.Runbooks, checks.Recover, checks.Medium, checks.Silver, catalog.Runbooks, func(in *checks.Inspection) {
			for _, p := range in.Service.Runbooks {
				if p.Item.Words < 40 {
					in.Unmetf(p.Item.At, "runbook %q has %d words. write the steps down", p.Item.Title.Value, p.Item.Words)
				} else {
					in.Metf(p.Item.At, "runbook %q has %d words", p.Item.Title.Value, p.Item.Words).LinkedBy(p.By)
				}
			}
			if len(in.Service.Runbooks) == 0 {
				in.Missingf(in.Service.At, "no runbook was found")
			}
		}),
	}
}

func ownerTeam(in *checks.Inspection) {
	owner := in.Service.Owner
	if owner.Team != nil {
		in.Metf(owner.Ref.At, "owner %q is a team of the catalog", owner.Ref.Value)
		return
	}
	in.Unmetf(owner.Ref.At, "owner %q is no team of the catalog. did you mean %q?", owner.Ref.Value, "payments").
		Because("owner "+owner.Ref.Value, "owner %q is no team of the catalog", owner.Ref.Value)
}

func described(in *checks.Inspection) {
	if in.Service.Exposure.Value == "" {
		in.Unmetf(in.Service.At, "the entry states no exposure. set exposure to internet, partner or internal")
	} else {
		in.Metf(in.Service.Exposure.At, "exposure is %q", in.Service.Exposure.Value)
	}
	if len(in.Service.Data) == 0 {
		in.Unmetf(in.Service.At, "the entry states no data class. set data")
	} else {
		in.Metf(in.Service.Data[0].At, "data is classified")
	}
}

func alertRunbook(in *checks.Inspection) {
	for _, a := range in.Service.Alerts {
		switch a.Item.Runbook.State {
		case catalog.LinkOK:
			in.Metf(a.Item.At, "runbook of alert %q is %s", a.Item.Name.Value, a.Item.Runbook.Page.At).LinkedBy(a.By)
		case catalog.NoLink:
			in.Unmetf(a.Item.At, "alert %q has no runbook link. add a runbook_url annotation", a.Item.Name.Value).LinkedBy(a.By)
		case catalog.NoSuchFile:
			in.Unmetf(a.Item.Runbook.Link.At, "runbook_url %q leads to no page. %s", a.Item.Runbook.Link.Value, a.Item.Runbook.Detail).
				Because("moved docs", "runbook links point into docs/, which was moved to runbooks/")
		default:
			in.Undecidedf(a.Item.At, "runbook_url %q lies outside what this run reads", a.Item.Runbook.Link.Value)
		}
	}
	if len(in.Service.Alerts) == 0 {
		in.Missingf(in.Service.At, "no alert was found for %q", in.Service.Name.Value)
	}
}

func at(file string, line int) catalog.Place { return catalog.Place{File: file, Line: line, Col: 1} }

func said(value, file string, line int) catalog.Text {
	return catalog.Text{Value: value, At: at(file, line)}
}

// sampleEstate makes an estate that looks like a real one: teams with services of every standing, evidence with links
// in every state, journeys, orphans and gaps.
func sampleEstate(services int) *catalog.Estate {
	e := &catalog.Estate{Revision: catalog.Revision{
		Commit: "4f2a9c1d0b7e8f6a5c3d2e1f0a9b8c7d6e5f4a3b", Ref: "main", Time: runAt.Add(-9 * time.Hour),
		Web:       "https://github.com/acme/catalog",
		Permalink: "https://github.com/acme/catalog/blob/{commit}/{path}#L{line}",
	}}
	for _, name := range []string{"discovery", "identity", "payments", "platform"} {
		file := "teams/" + name + "/team.toml"
		e.Teams = append(e.Teams, &catalog.Team{ID: name, Name: said(name, file, 1), At: at(file, 1),
			Description: said("Everything that has to do with "+name+", from the first request to the last report", file, 2),
			Contact:     said("#team-"+name, file, 3), Oncall: said("https://oncall.example/"+name, file, 4), Members: []catalog.Text{said("ada", file, 5), said("lin", file, 5)}})
	}
	names := []string{"account", "basket", "catalogue", "checkout", "fraud-score", "invoices", "ledger", "login", "notifications", "payouts", "recommendations", "search"}
	for i := range services {
		name := names[i%len(names)]
		if i >= len(names) {
			name = fmt.Sprintf("%s-%04d", name, i/len(names))
		}
		e.Services = append(e.Services, sampleService(e, i, name))
	}
	e.Journeys = sampleJourneys(e)
	for i := range 31 {
		e.Orphans = append(e.Orphans, catalog.Orphan{Kind: catalog.Alerts, Name: fmt.Sprintf("KubeNodeAlert%02d", i), At: at("shared/kubernetes.rules.yaml", 10+7*i)})
	}
	e.Orphans = append(e.Orphans, catalog.Orphan{Kind: catalog.Dashboards, Name: "Nodes", At: catalog.Place{File: "shared/nodes.json"}})
	e.Counts = catalog.Counts{Listed: 1230, Read: 214, Bytes: 2 << 20, Kinds: map[catalog.Kind]int{catalog.Services: services, catalog.Teams: 4, catalog.Alerts: 96, catalog.Dashboards: 17, catalog.Runbooks: 22, catalog.SLOs: 8}}
	return e
}

func sampleService(e *catalog.Estate, i int, name string) *catalog.Service {
	file := "services/" + name + "/service.toml"
	svc := &catalog.Service{ID: name, Name: said(name, file, 1), At: at(file, 1), Format: "native", Folder: "services/" + name,
		Description: said("Takes a basket to a paid order, and tells the ledger about it", file, 2),
		Kind:        said([]string{"request", "request", "batch", "pipeline"}[i%4], file, 3), Tier: said(fmt.Sprint(1+i%3), file, 4),
		Lifecycle: said("production", file, 5), Repository: said("https://git.example/acme/"+name, file, 6),
		Owner:   catalog.Owner{Ref: said("paymnts", file, 7)},
		Signals: catalog.Signals{Metrics: said(`{job="`+name+`"}`, file, 12)},
	}
	if i%6 != 5 {
		team := e.Teams[i%len(e.Teams)]
		svc.Owner = catalog.Owner{Ref: said(team.ID, file, 7), Team: team}
	}
	if i%3 != 1 {
		svc.Exposure, svc.Data = said("internet", file, 8), []catalog.Text{said("payment", file, 9), said("pii", file, 9)}
	}
	if i%2 == 0 {
		svc.Logging.Format = said("json", file, 20)
		svc.SLOs = []catalog.Linked[catalog.SLO]{{Item: sampleSLO(name), By: catalog.Link{Rung: catalog.BySLO, Detail: "service: " + name}}}
	}
	if i%5 != 4 {
		svc.Targets = []catalog.Linked[catalog.ScrapeTarget]{{Item: &catalog.ScrapeTarget{Kind: "ServiceMonitor", Name: said(name, file, 1), At: at("services/"+name+"/monitor.yaml", 4)}, By: catalog.Link{Rung: catalog.ByFolder, Detail: svc.Folder}}}
		svc.Dashboards = []catalog.Linked[catalog.Dashboard]{{Item: &catalog.Dashboard{UID: said("u-"+name, file, 1), Title: said(strings.ToUpper(name[:1])+name[1:]+" overview", file, 1), At: catalog.Place{File: "services/" + name + "/dashboard.json"}, Panels: make([]catalog.Panel, 9)}, By: catalog.Link{Rung: catalog.ByTag, Detail: "tag " + name}}}
	}
	runbook := &catalog.Page{Path: "runbooks/" + name + ".md", Title: said(name+" runbook", file, 1), Words: 20 + 30*(i%3), Changed: runAt.AddDate(0, -i, 0), At: catalog.Place{File: "runbooks/" + name + ".md"}}
	svc.Runbooks = []catalog.Linked[catalog.Page]{{Item: runbook, By: catalog.Link{Rung: catalog.ByRunbook}}}
	svc.Alerts = sampleAlerts(e, i, svc, runbook)
	if i%4 == 3 {
		g := catalog.Gap{Kinds: []catalog.Kind{catalog.Collectors, catalog.Dashboards}, At: at("charts/"+name+"/templates/otel.yaml", 12), Cause: catalog.Template, Detail: "part of the file is a Helm template. render the chart into the catalog to have it read"}
		svc.Gaps, e.Gaps = append(svc.Gaps, g), append(e.Gaps, g)
	}
	return svc
}

func sampleAlerts(e *catalog.Estate, i int, svc *catalog.Service, runbook *catalog.Page) []catalog.Linked[catalog.AlertRule] {
	var alerts []catalog.Linked[catalog.AlertRule]
	for j := range 3 + i%4 {
		file := svc.Folder + "/alerts.yaml"
		a := &catalog.AlertRule{Name: said(fmt.Sprintf("%sErrorBudgetBurn%d", strings.ToUpper(svc.ID[:1])+svc.ID[1:], j), file, 6+9*j), At: at(file, 6+9*j), Severity: said("page", file, 9+9*j), Team: svc.Owner}
		link := said("https://github.com/acme/catalog/blob/main/docs/"+svc.ID+".md", file, 11+9*j)
		states := []catalog.LinkState{catalog.LinkOK, catalog.LinkOK, catalog.NoSuchFile, catalog.NoLink, catalog.LinkOK, catalog.Elsewhere}
		a.Runbook = catalog.ResolvedLink{Key: "runbook_url", Link: link, Address: link.Value, State: catalog.LinkOK}
		if i%3 == 1 {
			a.Runbook.State = states[(i*j)%len(states)]
		}
		switch a.Runbook.State {
		case catalog.LinkOK:
			a.Runbook.Page = runbook
		case catalog.NoSuchFile:
			a.Runbook.Detail = "there is runbooks/" + svc.ID + ".md"
		case catalog.NoLink:
			a.Runbook = catalog.ResolvedLink{}
		}
		alerts = append(alerts, catalog.Linked[catalog.AlertRule]{Item: a, By: catalog.Link{Rung: catalog.ByLabel, Detail: `label service="` + svc.ID + `"`}})
		e.Alerts = append(e.Alerts, a)
	}
	return alerts
}

func sampleSLO(name string) *catalog.SLO {
	file := "services/" + name + "/slo.yaml"
	return &catalog.SLO{Name: said(name+"-availability", file, 3), Objective: said("99.9", file, 8), Percent: 99.9, Window: said("30d", file, 9),
		Indicator: catalog.Indicator{Kind: "ratio"}, Alerting: catalog.SLOAlerting{Page: true, Ticket: true}, At: at(file, 1)}
}

func sampleJourneys(e *catalog.Estate) []*catalog.Journey {
	var journeys []*catalog.Journey
	for i, name := range []string{"Find a product", "Log in", "Pay for a basket"} {
		if i >= len(e.Services) {
			break
		}
		svc := e.Services[i*3%len(e.Services)]
		j := &catalog.Journey{ID: strings.ReplaceAll(strings.ToLower(name), " ", "-"), Name: said(name, "journeys.toml", 1+8*i), At: at("journeys.toml", 1+8*i), Owner: svc.Owner,
			SLI: said("good answers within 300 ms / all answers", "journeys.toml", 3+8*i), Services: []*catalog.Service{svc}}
		for _, s := range svc.SLOs {
			j.SLOs = append(j.SLOs, s.Item)
		}
		svc.Journeys = append(svc.Journeys, j)
		journeys = append(journeys, j)
	}
	return journeys
}

// evaluate concludes a report about an estate with the toy checks.
func evaluate(e *catalog.Estate) *scorecard.Report {
	return scorecard.Evaluate(e, toyChecks(), scorecard.DefaultPolicy(), runAt, 2)
}

// uglyPractices gives a service documents with the text of somebody hostile: overdue actions, toil, a threat model, an
// attestation.
func uglyPractices(e *catalog.Estate, svc *catalog.Service, text string) {
	evil := func(value string) catalog.Text { return said(value+text, "<u>/pm.md", 7) }
	svc.Source = catalog.Source{State: catalog.SourceHere, At: at("<i>go.mod", 1)}
	svc.Recovery = catalog.Recovery{RTO: evil("<b>1h"), Rollback: evil("javascript:alert(3)")}
	pm := &catalog.Postmortem{Title: evil("<script>"), At: at("<u>/pm.md", 1), Actions: []catalog.ActionItem{
		{Text: evil("<img src=x onerror=alert(4)>"), Owner: evil("<owner>"), Due: said("2020-02-29", "<u>/pm.md", 7), At: at("<u>/pm.md", 7)}}}
	svc.Postmortems = append(svc.Postmortems, catalog.Linked[catalog.Postmortem]{Item: pm})
	model := &catalog.ThreatModel{Title: evil("<h1>"), At: at("tm.md", 1), Threats: []catalog.Threat{{Title: evil("<t>")}}}
	svc.ThreatModels = append(svc.ThreatModels, catalog.Linked[catalog.ThreatModel]{Item: model})
	log := &catalog.ToilLog{Team: evil("<team>"), At: at("toil.csv", 1), Entries: []catalog.ToilEntry{
		{Task: evil("=cmd|' /C calc'!A0"), Hours: 30, Ticket: said("javascript:alert(5)", "toil.csv", 2), At: at("toil.csv", 2)}}}
	svc.ToilLogs, e.ToilLogs = append(svc.ToilLogs, catalog.Linked[catalog.ToilLog]{Item: log}), append(e.ToilLogs, log)
	vouched := &catalog.Attestation{Check: evil("<check>"), Statement: evil("<script>alert(6)</script>"), Link: said("javascript:alert(7)", "a.toml", 1), Owner: evil("<o>"), Until: said("2020-01-01", "a.toml", 1), At: at("a.toml", 1)}
	svc.Attestations, e.Attestations = append(svc.Attestations, vouched), append(e.Attestations, vouched)
}

// uglyEstate makes an estate of everything that a page must survive.
func uglyEstate() *catalog.Estate {
	e := sampleEstate(12)
	names := []string{
		`<script>alert("x")</script>`, `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "../../etc/passwd", "CON", "Checkout", "CHECKOUT", "",
		"a\x00b\x1b[31mred\x1b[0m\u202egnp.exe", "خدمة الدفع", "決済サービス", "🧾 invoices 🧾", strings.Repeat("very-long-name-", 30), strings.Repeat("x", 300), "bad\xffutf8", "two\nlines", "{{.Title}}", "`tick", "no-team",
	}
	for i, name := range names {
		svc := sampleService(e, i+1, "checkout")
		svc.ID, svc.Name = name, said(name, "<b>/service.toml", 1)
		svc.Description = said("<script>document.title='owned'</script> "+name, "x", 1)
		svc.Repository = said("javascript:alert(document.domain)", "x", 1)
		svc.Links = []catalog.NamedLink{{Kind: "docs", URL: said("data:text/html,<script>alert(1)</script>", "x", 1)}, {Kind: "docs", URL: said("https://ok.example/?a=\"><script>", "x", 1)}}
		svc.At = catalog.Place{File: "a b/<i>" + name + "?#%.toml", Line: 3}
		for _, a := range svc.Alerts {
			a.Item.Name.Value = name
			a.Item.Runbook.Address = "javascript:alert(2)"
		}
		uglyPractices(e, svc, name)
		e.Services = append(e.Services, svc)
	}
	e.Teams = append(e.Teams, &catalog.Team{ID: "no-team", Name: said("no-team", "t", 1), At: at("t", 1)},
		&catalog.Team{ID: `<svg onload=alert(1)>`, Name: said("x", "t", 1), Contact: said("javascript:1", "t", 1), At: at("t", 1)})
	e.Services[13].Owner.Team, e.Services[14].Owner.Team = e.Teams[4], e.Teams[5]
	e.Gaps = append(e.Gaps, catalog.Gap{Kinds: []catalog.Kind{catalog.Alerts}, At: at("<u>", 1), Cause: catalog.Syntax, Detail: "<script>alert(3)</script>\x07"})
	return e
}
