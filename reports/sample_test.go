package reports

import (
	"fmt"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// The names that a hostile catalog may hold.
const (
	hostileService = "<script>alert(1)</script>|=cmd"
	hostileTeam    = "\x1b[31mred\x1b[0m\nteam\u202egnp @octocat #12"
)

// toyChecks are a check set of its own, so that no change of the product's checks changes a golden file.
func toyChecks() []*checks.Check {
	return []*checks.Check{
		toy("owner-team", "The owner is a team of the catalog", checks.Ownership, checks.Protect, checks.Critical, checks.Bronze, catalog.Teams,
			func(in *checks.Inspection) {
				ref := in.Service.Owner.Ref
				if in.Service.Owner.Team == nil {
					in.Unmetf(ref.At, "owner %q of %s is no team of the catalog. name one", ref.Value, in.Service.ID).
						Because("owner "+ref.Value, "owner %q is no team of the catalog", ref.Value)
					return
				}
				in.Metf(ref.At, "owner %q is a team of the catalog", ref.Value)
			}),
		toy("logs-structured", "Logs are structured", checks.Logs, checks.Know, checks.Medium, checks.Silver, catalog.Collectors,
			func(in *checks.Inspection) {
				if in.Service.Logging.Format.IsZero() {
					in.Missingf(in.Service.At, "no log format is stated")
					return
				}
				in.Metf(in.Service.Logging.Format.At, "logs are %s", in.Service.Logging.Format.Value)
			}),
		toy("alert-runbook", "Every alert links to a runbook", checks.Alerts, checks.Recover, checks.High, checks.Bronze, catalog.Alerts,
			func(in *checks.Inspection) {
				if len(in.Service.Alerts) == 0 {
					in.NotApplicablef("it has no alerts")
				}
				for _, a := range in.Service.Alerts {
					switch link, found := a.Item.Annotation("runbook_url"); {
					case !found:
						in.Unmetf(a.Item.At, "alert %q links to no runbook. add a runbook_url", a.Item.Name.Value).LinkedBy(a.By)
					case strings.Contains(link.Value, "{{"):
						in.Undecidedf(link.At, "runbook_url %q is a template", link.Value)
					default:
						in.Metf(link.At, "alert %q links to %s", a.Item.Name.Value, link.Value).LinkedBy(a.By)
					}
				}
			}),
		toy("slo-defined", "The service has an SLO", checks.Alerts, checks.Promise, checks.High, checks.Gold, catalog.SLOs,
			func(in *checks.Inspection) {
				in.Unmetf(in.Service.At, "%s promises nothing. write an SLO", in.Service.ID)
			}),
	}
}

func toy(id, title string, p checks.Pillar, q checks.Question, s checks.Severity, l checks.Level, kind catalog.Kind, run func(*checks.Inspection)) *checks.Check {
	return &checks.Check{
		ID: id, Title: title, Pillar: p, Question: q, Severity: s, Level: l, Needs: []catalog.Kind{kind}, Run: run,
		Why: "Somebody is paged at three in the morning.", Fix: "Add what is missing to `service.toml`. It is easy.", Source: "an invented one",
	}
}

// sample is a small report with every verdict, an announced check, common causes, unknown shares and hostile names.
func sample() *scorecard.Report {
	policy := scorecard.DefaultPolicy()
	policy.Checks = map[string]scorecard.CheckPolicy{"slo-defined": {Announced: true}}
	return scorecard.Evaluate(sampleEstate(), toyChecks(), policy, time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), 1)
}

func sampleEstate() *catalog.Estate {
	payments := &catalog.Team{ID: "payments", Name: text("payments", "teams/payments.toml", 1), At: place("teams/payments.toml", 1)}
	hostile := &catalog.Team{ID: hostileTeam, Name: text(hostileTeam, "teams/x.toml", 1), At: place("teams/x.toml", 1)}
	idle := &catalog.Team{ID: "research", Name: text("research", "teams/research.toml", 1), At: place("teams/research.toml", 1)}

	cart := service(hostileService, "3", hostile)
	cart.Alerts = []catalog.Linked[catalog.AlertRule]{alert("=HYPERLINK(\"x\")|`rm`", "services/cart/alerts.yaml", 4, "")}
	checkout := service("checkout", "1", payments)
	checkout.Alerts = []catalog.Linked[catalog.AlertRule]{
		alert("CheckoutDown", "services/checkout/alerts.yaml", 5, "https://runbooks.example/checkout"),
		alert("CheckoutSlow", "services/checkout/alerts.yaml", 12, ""),
		alert("CheckoutBusy", "services/checkout/alerts.yaml", 19, "https://runbooks.example/{{ $labels.x }}"),
	}
	checkout.Logging.Format = text("json", "services/checkout/service.toml", 9)
	ledger := service("ledger", "2", payments)
	ledger.Logging.Format = text("json", "services/ledger/service.toml", 9)
	mail, search := service("mail", "3", nil), service("search", "2", nil)
	gap := catalog.Gap{
		Kinds: []catalog.Kind{catalog.Collectors}, At: place("charts/collector/values.yaml", 3), Cause: catalog.Template,
		Detail: "a Helm template. render it and commit the result",
	}
	mail.Gaps, search.Gaps = []catalog.Gap{gap}, []catalog.Gap{gap}
	library := service("zlib", "3", payments)
	library.Lifecycle = text("retired", "services/zlib/service.toml", 5)

	return &catalog.Estate{
		Revision: catalog.Revision{
			Commit: "3f2a9c1d0e8b7a6f5e4d3c2b1a0f9e8d7c6b5a49", Ref: "HEAD", Time: time.Date(2026, 3, 1, 18, 30, 0, 0, time.UTC),
			Web: "https://git.example/acme/catalog", Permalink: "https://git.example/acme/catalog/blob/{commit}/{path}#L{line}",
		},
		Services: []*catalog.Service{cart, checkout, ledger, mail, search, library},
		Teams:    []*catalog.Team{hostile, payments, idle},
		Orphans: []catalog.Orphan{
			{Kind: catalog.Alerts, Name: "Lonely", At: place("old/alerts.yaml", 2)},
			{Kind: catalog.Alerts, Name: "<b>", At: place("old/alerts.yaml", 9)},
			{Kind: catalog.Dashboards, Name: "Unused", At: place("old/board.json", 1)},
		},
		Gaps:   []catalog.Gap{gap, {Kinds: []catalog.Kind{catalog.Alerts}, At: place("old/<b>:100:.yaml", 7), Cause: catalog.Syntax, Detail: "found a tab.\nuse spaces"}},
		Counts: catalog.Counts{Listed: 1204, Read: 42, Bytes: 65536, Kinds: map[catalog.Kind]int{catalog.Services: 6, catalog.Alerts: 6}},
	}
}

func service(id, tier string, owner *catalog.Team) *catalog.Service {
	file := "services/" + id + "/service.toml"
	svc := &catalog.Service{ID: id, Name: text(id, file, 1), Tier: text(tier, file, 3), At: place(file, 1), Owner: catalog.Owner{Ref: text("nobody", file, 4)}}
	if owner != nil {
		svc.Owner = catalog.Owner{Ref: text(owner.ID, file, 4), Team: owner}
	}
	return svc
}

func alert(name, file string, line int, runbook string) catalog.Linked[catalog.AlertRule] {
	rule := &catalog.AlertRule{Name: text(name, file, line), At: place(file, line)}
	if runbook != "" {
		rule.Annotations = []catalog.Label{{Key: "runbook_url", Value: runbook, At: place(file, line+4)}}
	}
	return catalog.Linked[catalog.AlertRule]{Item: rule, By: catalog.Link{Rung: catalog.ByFolder, Detail: "services"}}
}

func text(value, file string, line int) catalog.Text {
	return catalog.Text{Value: value, At: place(file, line)}
}

func place(file string, line int) catalog.Place { return catalog.Place{File: file, Line: line, Col: 3} }

// crowd is a report of many services with long names, each of a team of its own.
func crowd(n int) *scorecard.Report {
	estate := &catalog.Estate{}
	for i := range n {
		name := fmt.Sprintf("%04d-%s", i, strings.Repeat("long-Größe-漢字 ", 6))
		team := &catalog.Team{ID: "team-" + name, Name: text("team-"+name, "t.toml", i+1), At: place("t.toml", i+1)}
		svc := service(name, fmt.Sprint(i%3+1), team)
		if i%4 == 0 {
			svc.Owner = catalog.Owner{Ref: text("a team that is not there "+name, "s.toml", 4)}
		}
		svc.Alerts = []catalog.Linked[catalog.AlertRule]{alert(strings.Repeat("Alert", 40), name+".yaml", 1, "")}
		estate.Services, estate.Teams = append(estate.Services, svc), append(estate.Teams, team)
		estate.Gaps = append(estate.Gaps, catalog.Gap{At: place(name, 1), Cause: []catalog.Cause{catalog.Syntax, catalog.Template, catalog.BadValue}[i%3], Detail: strings.Repeat("word ", 400)})
	}
	return scorecard.Evaluate(estate, toyChecks(), scorecard.DefaultPolicy(), time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), 2)
}
