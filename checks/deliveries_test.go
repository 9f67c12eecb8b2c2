package checks

import (
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/document"
	routing "obsready/catalog/routes"
)

// routedEstate is an estate with the routers of some files.
func routedEstate(t *testing.T, files ...string) *catalog.Estate {
	t.Helper()
	estate := &catalog.Estate{}
	for _, text := range files {
		docs, gaps := document.ParseYAML("am.yml", []byte(text))
		for _, d := range docs {
			facts, _ := routing.Read(d)
			estate.Routers = append(estate.Routers, facts.Routers...)
			gaps = append(gaps, facts.Gaps...)
		}
		if len(gaps) > 0 {
			t.Log(gaps)
		}
	}
	estate.Routers = routing.JoinContactPoints(estate.Routers)
	return estate
}

// routedAlert is an alert with its deliveries. A label without a value is a template.
func routedAlert(estate *catalog.Estate, format string, labels ...string) *catalog.AlertRule {
	a := &catalog.AlertRule{Format: format, Name: catalog.Text{Value: "Fails"}, Expr: catalog.Query{Lang: catalog.LogQL}}
	for _, l := range labels {
		key, value, ok := strings.Cut(l, "=")
		if !ok {
			value = "{{ $labels.x }}"
		}
		a.Labels = append(a.Labels, catalog.Label{Key: key, Value: value})
		if key == "severity" {
			a.Severity.Value = value
		}
	}
	a.Deliveries = routing.NewTable(estate.Routers).Deliver(a)
	return a
}

const (
	pagerForPages = `
route: {receiver: chat, routes: [{receiver: pager, matchers: [severity="page"]}]}
receivers: [{name: chat, slack_configs: [{channel: "#x"}]}, {name: pager, pagerduty_configs: [{}]}]
`
	chatForAll = `
route: {receiver: chat}
receivers: [{name: chat, slack_configs: [{}]}, {name: unused, webhook_configs: [{}]}]
`
	pagerForAll = `
route: {receiver: pager}
receivers: [{name: pager, opsgenie_configs: [{}]}]
`
	hookForAll = `
route: {receiver: hook}
receivers: [{name: hook, webhook_configs: [{url: 'http://x.example'}]}]
`
	defaults = `
route: {receiver: "null"}
receivers: [{name: "null"}]
`
	byCluster = `
route: {receiver: chat, routes: [{receiver: pager, matchers: [cluster="prod"]}]}
receivers: [{name: chat, slack_configs: [{}]}, {name: pager, pagerduty_configs: [{}]}]
`
	dynamicUrgency = `
route: {receiver: pager, routes: [{receiver: low, matchers: [severity="low"]}]}
receivers: [{name: pager, pagerduty_configs: [{severity: '{{ .CommonLabels.severity }}'}]}, {name: low, opsgenie_configs: [{priority: P5}]}]
`
	added = `
kind: AlertmanagerConfig
metadata: {namespace: shop}
spec: {route: {receiver: pager}, receivers: [{name: pager, pagerdutyConfigs: [{}]}]}
`
	addedChat = `
kind: AlertmanagerConfig
metadata: {namespace: shop}
spec: {route: {receiver: chat}, receivers: [{name: chat, slackConfigs: [{}]}]}
`
	mutedPager = `
route: {receiver: chat, routes: [{receiver: pager, mute_time_intervals: [night], matchers: [severity=~"page|ticket"]}]}
receivers: [{name: chat, slack_configs: [{}]}, {name: pager, pagerduty_configs: [{}]}]
time_intervals: [{name: night}]
`
	inhibitedInfo = `
route: {receiver: pager}
receivers: [{name: pager, pagerduty_configs: [{}]}]
inhibit_rules: [{source_matchers: [alertname="InfoInhibitor"], target_matchers: [severity="info"]}]
`
	filledIn = `
route: {receiver: chat, routes: [{receiver: chat, matchers: ["team={{ x }}"]}]}
receivers: [{name: chat, slack_configs: [{}]}]
`
	policies = `
policies: [{orgId: 1, receiver: grafana-pager}]
contactPoints: [{name: grafana-pager, receivers: [{type: pagerduty, settings: {}}]}]
`
	policiesAlone = `
policies: [{orgId: 1, receiver: elsewhere}]
`
)

func TestPaged(t *testing.T) {
	for name, c := range map[string]struct {
		routers string // files, by "+"
		labels  string
		want    State
		why     string
	}{
		"no routes":               {"", "severity=page", Met, `has the paging severity "page"`},
		"no severity":             {"", "team=a", Unmet, "has no severity label"},
		"another severity":        {pagerForPages, "severity=ticket", Unmet, `has severity "ticket", which does not page`},
		"routed to a pager":       {pagerForPages, "severity=page", Met, `has the paging severity "page", and the route at am.yml:2:34 sends it to receiver "pager" (pagerduty)`},
		"routed to a chat":        {chatForAll, "severity=page", Unmet, `has the paging severity "page", but the route at am.yml:2:8 sends it to receiver "chat" (slack), which wakes nobody`},
		"routed to a program":     {hookForAll, "severity=page", Undecided, `has the paging severity "page", but whether it wakes somebody is not known: the route at am.yml:2:8 sends it to receiver "hook" (webhook "x.example"), which may wake somebody or not. name the receivers that do in page_receivers of the policy`},
		"by a series' label":      {byCluster, "severity=page", Undecided, "which the alert's series or its Prometheus decide"},
		"by a label of its own":   {byCluster, "severity=page cluster=prod", Met, ""},
		"a template as severity":  {pagerForPages, "severity", Undecided, "has a template as severity"},
		"that pages all":          {pagerForAll, "severity", Met, "wakes somebody whatever its severity is: the route"},
		"a low severity paged":    {pagerForAll, "severity=ticket", Met, "wakes somebody whatever its severity is: the route"},
		"low in the tool":         {dynamicUrgency, "severity=ticket", Unmet, "does not page"},
		"high in the tool":        {dynamicUrgency, "severity=page", Met, ""},
		"muted at night":          {mutedPager, "severity=ticket", Unmet, "does not page"},
		"a page muted at night":   {mutedPager, "severity=page", Met, ""},
		"inhibited":               {inhibitedInfo, "severity=info", Unmet, "does not page"},
		"two that agree":          {pagerForAll + "+" + pagerForPages, "severity=page", Met, ""},
		"two that do not":         {pagerForAll + "+" + chatForAll, "severity=page", Undecided, "which of the two it reaches is not known"},
		"a default beside":        {defaults + "+" + pagerForAll, "severity=page", Met, ""},
		"a default beside a chat": {defaults + "+" + chatForAll, "severity=page", Undecided, "looks like a default"},
		"a template":              {filledIn, "severity=page", Undecided, "but that is not certain: parts of the routes at am.yml:2:1 are filled in by a template"},
		"a default alone":         {defaults, "severity=page", Undecided, "keep the configuration that is in use in the catalog"},
		"an added pager":          {chatForAll + "+" + added, "severity=page namespace=shop", Met, ""},
		"an added chat":           {pagerForPages + "+" + addedChat, "severity=page namespace=shop", Met, ""},
		"an added chat alone":     {addedChat, "severity=page namespace=shop", Undecided, "the Alertmanager that this adds to is not in the catalog"},
		"of another namespace":    {chatForAll + "+" + added, "severity=page namespace=other", Unmet, ""},
	} {
		estate := routedEstate(t, slices.DeleteFunc(strings.Split(c.routers, "+"), func(s string) bool { return s == "" })...)
		settings := DefaultSettings()
		got, why := NewSurvey(estate, &settings, time.Time{}).Paged(routedAlert(estate, "prometheus", strings.Fields(c.labels)...))
		if got != c.want || !strings.Contains(why, c.why) {
			t.Errorf("%s: got %s: %s", name, got, why)
		}
	}
}

// TestHiddenRoutes: routes that could not be read may wake somebody.
func TestHiddenRoutes(t *testing.T) {
	settings := DefaultSettings()
	for names, want := range map[string]State{"receivers": Undecided, "groups": Unmet} {
		estate := routedEstate(t, chatForAll)
		estate.Gaps = []catalog.Gap{{Kinds: []catalog.Kind{catalog.Routes}, Cause: catalog.Syntax, Names: map[string]bool{names: true}}}
		if got, why := NewSurvey(estate, &settings, time.Time{}).Paged(routedAlert(estate, "prometheus", "severity=page")); got != want {
			t.Errorf("%s: got %s: %s", names, got, why)
		}
	}
}

func TestPagedByGrafana(t *testing.T) {
	settings := DefaultSettings()
	for text, want := range map[string]State{policies: Met, policiesAlone: Undecided, chatForAll: Met} {
		estate := routedEstate(t, text)
		if got, why := NewSurvey(estate, &settings, time.Time{}).Paged(routedAlert(estate, "grafana", "severity=page")); got != want {
			t.Errorf("%s: got %s: %s", text, got, why)
		}
	}
}

func TestPageReceivers(t *testing.T) {
	for glob, want := range map[string]State{"": Undecided, "ho*": Met, "other": Unmet} {
		settings := DefaultSettings()
		if glob != "" {
			settings.PageReceivers = []string{glob}
		}
		estate := routedEstate(t, hookForAll)
		if got, why := NewSurvey(estate, &settings, time.Time{}).Paged(routedAlert(estate, "prometheus", "severity=page")); got != want {
			t.Errorf("%q: got %s: %s", glob, got, why)
		}
	}
}

func TestReceiverTeams(t *testing.T) {
	estate := &catalog.Estate{Teams: []*catalog.Team{
		{ID: "payments", Name: catalog.Text{Value: "payments"}, Aliases: []catalog.Text{{Value: "@acme/billing"}}},
		{ID: "search", Name: catalog.Text{Value: "team-search"}, Title: catalog.Text{Value: "Search & Discovery"}},
		{ID: "a/core", Name: catalog.Text{Value: "core"}}, {ID: "b/core", Name: catalog.Text{Value: "core"}},
		{ID: "unowned", Name: catalog.Text{Value: "unowned"}},
	}}
	slack := func(channel string) catalog.Integration {
		return catalog.Integration{Kind: "slack", Target: catalog.Text{Value: channel}}
	}
	for name, want := range map[string]string{
		"payments": "payments", "payments-pager": "payments", "team-payments-pagerduty-critical": "payments", "Payments Slack": "payments", "billing_oncall": "payments",
		"search-p1": "search", "team_search": "search", "search-and-discovery": "", "search-&-discovery-mail": "search",
		"core-pager": "", "unowned": "", "pager": "", "default": "", "payments-search": "", "xpayments": "",
	} {
		estate.Routers = []*catalog.Router{{Receivers: []catalog.Receiver{{Name: catalog.Text{Value: name}}}}}
		got := receiverTeams(estate)[&estate.Routers[0].Receivers[0]]
		if (got == nil) != (want == "") || got != nil && got.ID != want {
			t.Errorf("%s: got %v, want %q", name, got, want)
		}
	}
	for channels, want := range map[string]string{"#payments-alerts": "payments", "#team-search": "search", "#alerts": "", "#payments #search": ""} {
		r := catalog.Receiver{Name: catalog.Text{Value: "x"}}
		for _, c := range strings.Fields(channels) {
			r.Integrations = append(r.Integrations, slack(c))
		}
		estate.Routers = []*catalog.Router{{Receivers: []catalog.Receiver{r}}}
		got := receiverTeams(estate)[&estate.Routers[0].Receivers[0]]
		if (got == nil) != (want == "") || got != nil && got.ID != want {
			t.Errorf("%s: got %v, want %q", channels, got, want)
		}
	}
}

func TestMisdelivered(t *testing.T) {
	const text = `
route:
  receiver: platform-pager
  routes:
    - {receiver: platform-pager, matchers: [severity="page", cluster="prod"]}
    - {receiver: platform-pager, matchers: [service="ledger"]}
    - {receiver: shared, matchers: [service="mail"]}
    - {receiver: platform-pager, matchers: [service="cart"], continue: true}
    - {receiver: payments-pager, matchers: [service="cart"]}
receivers: [{name: platform-pager}, {name: payments-pager}, {name: shared}]
`
	payments := &catalog.Team{ID: "payments", Name: catalog.Text{Value: "payments"}}
	platform := &catalog.Team{ID: "platform", Name: catalog.Text{Value: "platform"}}
	part := &catalog.Team{ID: "storage", Name: catalog.Text{Value: "storage"}, Parent: catalog.Text{Value: "group:default/platform"}}
	estate := routedEstate(t, text)
	estate.Teams = []*catalog.Team{payments, platform, part}
	settings := DefaultSettings()
	s := NewSurvey(estate, &settings, time.Time{})
	for labels, want := range map[string]bool{
		"service=other severity=x cluster=y":        false, // the root route is everybody's
		"service=other severity=page cluster=prod":  false, // and so is one by severity and cluster
		"service=ledger severity=x cluster=y":       true,
		"service=ledger severity=page cluster=prod": false,
		"service=mail severity=x cluster=y":         false, // whose receiver this is nobody knows
		"service=cart severity=x cluster=y":         false, // it reaches the team as well
		"severity=x cluster=y":                      false, // it may reach the team
	} {
		if got := s.misdelivered(routedAlert(estate, "prometheus", strings.Fields(labels)...), payments); (got != nil) != want {
			t.Errorf("%s: got %+v", labels, got)
		}
	}
	if got := s.misdelivered(routedAlert(estate, "prometheus", "service=ledger", "severity=x", "cluster=y"), part); got != nil {
		t.Errorf("a part of the team: got %+v", got)
	}
}
