package entries

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/document"
)

var options = Options{TierKeys: []string{"tier", "criticality"}, NameAnnotations: []string{"acme.io/deployment-names"}}

// read parses a file as the loader does.
func read(t *testing.T, file, text string) (catalog.Facts, bool) {
	t.Helper()
	docs, gaps := document.ParseYAML(file, []byte(text))
	if gaps != nil {
		t.Fatal(gaps)
	}
	return ReadYAML(docs, options)
}

const component = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  namespace: shop
  title: Checkout
  description: |
    Takes orders
  labels:
    acme.io/tier: tier-1
    acme.io/exposure: Internet
    acme.io/data: payment.pii
  annotations:
    backstage.io/source-location: url:https://github.com/acme/checkout
    github.com/project-slug: acme/other
    backstage.io/kubernetes-id: checkout-app
    backstage.io/kubernetes-label-selector: "app=checkout-web,track in (a),env=prod"
    acme.io/deployment-names: checkout,checkout-app, checkout-worker
    acme.io/rto: 1h
    acme.io/third-parties: acquirer bank, mail house
    acme.io/runbook-url: https://docs.example/checkout
    backstage.io/techdocs-ref: dir:./docs
    grafana/dashboard-selector: "(tags @> 'checkout') || uid == \"abc\""
    grafana/alert-label-selector: service=checkout
    grafana/overview-dashboard: https://grafana.example/d/x
    prometheus.io/alert: HighErrors, SlowCheckout
    pagerduty.com/integration-key: s3cr3t
  links:
    - url: https://wiki.example/checkout
      title: Wiki
    - url: https://ops.example/checkout
      title: Incident playbook
    - url: https://grafana.example/d/y
      title: Latency dashboard
    - title: nothing
spec:
  type: website
  lifecycle: production
  owner: {kind: Group, name: payments}
  dependsOn: ["component:ledger", "resource:default/db", {kind: Component, namespace: x, name: cart}]
  consumesApis: [orders, "api:x/bank"]
`

func TestComponent(t *testing.T) {
	f, ok := read(t, "apps/checkout/catalog-info.yaml", component)
	if !ok || len(f.Services) != 1 || f.Gaps != nil {
		t.Fatalf("got %s", show(f))
	}
	s := f.Services[0]
	var deps, links []string
	for _, d := range s.DependsOn {
		deps = append(deps, d.Ref.Value)
	}
	for _, l := range s.Links {
		links = append(links, l.Kind+" "+l.URL.Value)
	}
	got := map[string]any{
		"id": s.ID, "namespace": s.Namespace, "title": s.Title.Value, "description": s.Description.Value, "kind": s.Kind.Value, "tier": s.Tier.Value,
		"lifecycle": s.Lifecycle.Value, "owner": s.Owner.Ref.Value, "repository": s.Repository.Value, "deps": deps, "links": links,
		"aliases": values(s.Aliases), "tags": values(s.Wanted.DashboardTags), "dashboards": values(s.Wanted.Dashboards),
		"alerts": values(s.Wanted.AlertLabelSelector), "oncall": s.Oncall.Value, "folder": s.Folder,
		"exposure": s.Exposure.Value, "data": values(s.Data), "parties": values(s.Parties), "rto": s.Recovery.RTO.Value,
	}
	want := map[string]any{
		"id": "shop/checkout", "namespace": "shop", "title": "Checkout", "description": "Takes orders", "kind": "frontend", "tier": "1",
		"lifecycle": "production", "owner": "group:payments", "repository": "https://github.com/acme/checkout",
		"deps": []string{"component:ledger", "resource:default/db", "component:x/cart", "api:orders", "api:x/bank"},
		"links": []string{"docs https://wiki.example/checkout", "runbook https://ops.example/checkout", "dashboard https://grafana.example/d/y",
			"runbook https://docs.example/checkout", "docs apps/checkout/docs"},
		"aliases": []string{"checkout-app", "checkout-web", "checkout-worker"}, "tags": []string{"checkout"}, "dashboards": []string{"https://grafana.example/d/x", "abc"},
		"alerts": []string{"service=checkout", "alertname=HighErrors", "alertname=SlowCheckout"}, "oncall": "PagerDuty (integration key)", "folder": "apps/checkout",
		"exposure": "internet", "data": []string{"payment", "pii"}, "parties": []string{"acquirer bank", "mail house"}, "rto": "1h",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := s.Tier.At.String(); got != "apps/checkout/catalog-info.yaml:10:19" {
		t.Errorf("the tier is at %s", got)
	}
	if got := s.At.String(); got != "apps/checkout/catalog-info.yaml:1:1" {
		t.Errorf("the service is at %s", got)
	}
}

// entityText gives a small entity with what a test varies.
func entityText(kind, metadata, spec string) string {
	return "apiVersion: backstage.io/v1alpha1\nkind: " + kind + "\nmetadata: " + metadata + "\nspec: " + spec + "\n"
}

func TestBackstage(t *testing.T) {
	component := func(metadata, spec string) string { return entityText("Component", metadata, spec) }
	for _, c := range []struct{ name, file, text, want string }{
		{"at the root", "catalog-info.yaml", component("{name: a}", "{}"), `service a at catalog-info.yaml:1:1 folder ""
`},
		{"two components share a folder", "x/catalog-info.yaml", component("{name: a}", "{}") + "---\n" + component("{name: b}", "{}"), `service a at x/catalog-info.yaml:1:1 folder ""
service b at x/catalog-info.yaml:6:1 folder ""
`},
		{"a component beside an API", "x/catalog-info.yaml", component("{name: a}", "{}") + "---\n" + entityText("API", "{name: b, namespace: n}", "{}"), `service a at x/catalog-info.yaml:1:1 folder "x"
api n/b at x/catalog-info.yaml:8:18
`},
		{"a file of another name", "catalogs/a.yaml", component("{name: a}", "{}"), `service a at catalogs/a.yaml:1:1 folder ""
`},
		{"no name", "x.yaml", component("{title: a}", "{}"), `gap x.yaml:3:11: bad value: the Component has no name. set metadata.name [service entry] about []
`},
		{"no metadata", "x.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Group\n", `gap x.yaml:1:1: bad value: the Group has no name. set metadata.name [team entry] about []
`},
		{"skeleton", "x.yaml", component("{name: '${{ values.name }}'}", "{}"), `gap x.yaml:3:19: template: the Component is named "${{ values.name }}", which only a template engine can fill in. keep a rendered copy in the catalog [service entry] about []
`},
		{"template", "template.yaml", "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: x}\n", ""},
		{"locations", "all/catalog-info.yaml", entityText("Location", "{name: l}", "{target: ../apps/a.yaml, targets: [./b/*.yaml, 'https://github.com/acme/x/blob/main/c.yaml', ../../d.yaml]}"), `location apps/a.yaml at all/catalog-info.yaml:4:16
location all/b/*.yaml at all/catalog-info.yaml:4:42
gap all/catalog-info.yaml:4:55: unreachable: the location "https://github.com/acme/x/blob/main/c.yaml" is outside the catalog, so what it lists is not part of this run. keep a copy in the catalog to include it [service entry] about []
gap all/catalog-info.yaml:4:100: unreachable: the location "../../d.yaml" is outside the repository. write a path relative to this file, inside the repository [service entry] about []
`},
		{"rank in words", "x.yaml", component("{name: a, labels: {criticality: high}}", "{}"), `service a at x.yaml:1:1 folder ""
gap x.yaml:3:43: bad value: tier "high" is no number. write a number from 1 to 9, of which 1 is the most critical [service entry] about [a]
`},
		{"layer is no tier", "x.yaml", component("{name: a, labels: {tier: backend}}", "{}"), `service a at x.yaml:1:1 folder ""
`},
		{"selector of two tags", "x.yaml", component(`{name: a, annotations: {grafana/dashboard-selector: "tags @> 'a' && tags @> 'b'"}}`, "{}"), `service a at x.yaml:1:1 folder ""
gap x.yaml:3:64: unsupported: the dashboard selector "tags @> 'a' && tags @> 'b'" is more than tags, titles and uids joined by ||. name the dashboard in grafana/overview-dashboard [dashboard] about [a]
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ok := read(t, c.file, c.text)
			if !ok {
				t.Fatal("not recognised")
			}
			if diff := cmp.Diff(c.want, show(f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGroups(t *testing.T) {
	f, _ := read(t, "org.yaml", entityText("Group", `{name: payments, namespace: shop, annotations: {github.com/team-slug: acme/payments, slack.com/channel: "#payments", opsgenie.com/team: Payments}}`,
		"{profile: {displayName: Payments Team, email: p@example.org}, children: [cards], members: [ada]}")+
		"---\n"+entityText("Group", "{name: cards, namespace: Shop, links: [{url: 'https://acme.slack.com/archives/C1'}]}", "{children: []}")+
		"---\n"+entityText("Group", "{name: mail}", "{profile: {email: m@example.org}}")+
		"---\n"+entityText("User", "{name: grace, namespace: shop}", "{memberOf: [payments, 'group:Shop/Cards']}")+
		"---\n"+entityText("User", "{name: Ada, namespace: shop}", "{memberOf: [payments]}"))
	if len(f.Teams) != 3 || len(f.Entities) != 2 || f.Gaps != nil {
		t.Fatalf("got %s", show(f))
	}
	var got []string
	for _, team := range f.Teams {
		got = append(got, strings.Join([]string{team.ID, team.Title.Value, team.Contact.Value, team.Oncall.Value, team.Parent.Value,
			strings.Join(values(team.Members), ","), strings.Join(values(team.Aliases), ",")}, "|"))
	}
	want := []string{
		"shop/payments|Payments Team|#payments|Opsgenie team Payments||ada,grace|@acme/payments",
		"Shop/cards||https://acme.slack.com/archives/C1||shop/payments|grace|",
		"mail||m@example.org||||",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoSecretIsKept(t *testing.T) {
	f, _ := read(t, "x.yaml", entityText("Component", "{name: a, annotations: {pagerduty.com/integration-key: TOPSECRET, ilert.com/integration-key: TOPSECRET}}", "{}"))
	d, _ := read(t, "service.datadog.yaml", "schema-version: v2\ndd-service: a\nintegrations: {pagerduty: TOPSECRET}\n")
	f.Add(d)
	for _, s := range f.Services {
		if !strings.HasSuffix(s.Oncall.Value, "(integration key)") {
			t.Errorf("got %q", s.Oncall.Value)
		}
	}
}

func TestParseRef(t *testing.T) {
	for ref, want := range map[string]Ref{
		"payments":               {"group", "shop", "payments"},
		"Payments":               {"group", "shop", "payments"},
		"group:payments":         {"group", "shop", "payments"},
		"default/payments":       {"group", "default", "payments"},
		"User:Default/ada":       {"user", "default", "ada"},
		" group:shop/payments  ": {"group", "shop", "payments"},
		"":                       {"group", "shop", ""},
	} {
		if got := ParseRef(ref, "group", "Shop"); got != want {
			t.Errorf("%q: got %v, want %v", ref, got, want)
		}
	}
	if got := ParseRef("a", "component", "").ID(); got != "a" {
		t.Errorf("got %q", got)
	}
	if got := ParseRef("B/c", "component", "").ID(); got != "b/c" {
		t.Errorf("got %q", got)
	}
}

func TestParseSelector(t *testing.T) {
	for selector, want := range map[string]struct {
		tags, names []string
		ok          bool
	}{
		"checkout":                             {tags: []string{"checkout"}, ok: true},
		"tags @> 'a'":                          {tags: []string{"a"}, ok: true},
		`tags @> "a" || tags @> 'b'`:           {tags: []string{"a", "b"}, ok: true},
		"title == 'My board' || uid == 'x'":    {names: []string{"My board", "x"}, ok: true},
		"!(tags @> 'a')":                       {},
		"title =~ 'a.*'":                       {},
		"(tags @> 'a' || tags @> 'b') && true": {},
	} {
		tags, names, ok := parseSelector(selector)
		if ok != want.ok || !cmp.Equal(tags, want.tags) && ok || !cmp.Equal(names, want.names) && ok {
			t.Errorf("%s: got %v %v %v", selector, tags, names, ok)
		}
	}
}

func FuzzReadYAML(f *testing.F) {
	f.Add("a/catalog-info.yaml", component)
	f.Add("a/catalog-info.yaml", entityText("Location", "{}", "{targets: ['../x']}"))
	f.Add("a/org.yaml", entityText("Group", "{name: g}", "{members: [1, {name: x}], children: [g]}")+"---\n"+entityText("User", "{name: u}", "{memberOf: g}"))
	f.Add("service.datadog.yaml", "schema-version: v2\ndd-service: a\ntier: high\n")
	f.Add("opslevel.yml", "version: 1\nservice: {name: a, tools: [{url: x}]}\n")
	f.Add("cortex.yaml", "info: {x-cortex-tag: a, x-cortex-owners: [{type: group, name: x}]}\n")
	f.Add("compass.yml", "name: a\nlinks: [{type: ON_CALL, url: x}]\n")
	f.Fuzz(func(t *testing.T, file, text string) {
		if strings.TrimSpace(file) == "" {
			return
		}
		docs, _ := document.ParseYAML(file, []byte(text))
		facts, ok := ReadYAML(docs, options)
		if !ok && show(facts) != "" {
			t.Fatal("facts of a file that is not recognised")
		}
		checkFacts(t, facts, file, text)
	})
}
