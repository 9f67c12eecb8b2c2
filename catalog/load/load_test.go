package load

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/tree"
)

var changed = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// filesOf gives the files of a txtar text.
func filesOf(text string) *tree.Tree {
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		files[f.Name] = string(f.Data)
	}
	return tree.FromFiles(files, changed)
}

// loads is how often estate loads a short text with repositories.
const loads = 4

// estate loads the files of a txtar text. Whatever the test is about, a cache must not change it.
func estate(t *testing.T, text string, change func(*Options)) *catalog.Estate {
	t.Helper()
	o := DefaultOptions()
	o.HistorySince = changed.AddDate(0, -6, 0)
	if change != nil {
		change(&o)
	}
	tr := filesOf(text)
	switch {
	case len(text) > 20_000:
	case o.Repositories != nil:
		checkCached(t, o, tr, tr)
	default: // what other files have finished must not show in a part of the tree
		checkCached(t, o, tr, halfOf(text, 0), halfOf(text, 1), tr)
	}
	return mustLoad(t, tr, o)
}

// halfOf gives every second file of a txtar text, as of a week before.
func halfOf(text string, odd int) *tree.Tree {
	files := map[string]string{}
	for i, f := range txtar.Parse([]byte(text)).Files {
		if i%2 == odd {
			files[f.Name] = string(f.Data)
		}
	}
	return tree.FromFiles(files, changed.AddDate(0, 0, -7))
}

func service(t *testing.T, e *catalog.Estate, id string) *catalog.Service {
	t.Helper()
	for _, s := range e.Services {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no service %q", id)
	return nil
}

const rule = `groups:
- name: g
  rules:
  - alert: A
    expr: %s
    labels: {%s}
`

func alertFile(expr, labels string) string { return fmt.Sprintf(rule, expr, labels) }

// TestLadder places one alert by each rung; the first rung that holds decides.
func TestLadder(t *testing.T) {
	const services = `
-- services/checkout/service.toml --
name = "checkout"
aliases = ["checkout-api"]
[signals]
metrics = '{job="shop/checkout", env="prod"}'
[evidence]
alerts = ["/rules/named-*.yaml"]
-- services/cart/service.toml --
name = "cart"
-- bulk/services.toml --
[[service]]
name = "search"
[[service]]
name = "ledger"
-- slo.yaml --
version: prometheus/v1
service: ledger
slos:
- name: ledger-writes
  objective: 99.9
  sli: {events: {error_query: 'sum(rate(w_total{code="5xx"}[5m]))', total_query: 'sum(rate(w_total[5m]))'}}
  alerting: {name: LedgerWrites, page_alert: {disable: true}, ticket_alert: {disable: true}}
`
	for name, c := range map[string]struct {
		file, expr, labels string
		want               string // "service: reason"
	}{
		"named":              {"rules/named-x.yaml", `up{job="cart"} == 0`, `service: search`, `checkout: named by the service: glob "/rules/named-*.yaml"`},
		"folder":             {"services/cart/alerts.yaml", `up{job="search"} == 0`, `service: search`, `cart: below the service's folder: services/cart`},
		"label":              {"rules/x.yaml", `up{job="cart"} == 0`, `service: search`, `search: by label: label service="search"`},
		"alias in a label":   {"rules/x.yaml", `up == 0`, `app: checkout-api`, `checkout: by label: label app="checkout-api"`},
		"declared selector":  {"rules/x.yaml", `rate(x_total{env="prod", job="shop/checkout", code="500"}[5m]) > 1`, ``, `checkout: by matcher: selector {job="shop/checkout", env="prod"}`},
		"matcher":            {"rules/x.yaml", `up{job="cart"} == 0`, ``, `cart: by matcher: matcher job="cart"`},
		"pattern of names":   {"rules/x.yaml", `up{app=~"cart|nothing"} == 0`, ``, `cart: by matcher: matcher app=~"cart|nothing"`},
		"namespaced job":     {"rules/x.yaml", `up{job="shop/search"} == 0`, ``, `search: by matcher: matcher job="shop/search"`},
		"slo label":          {"rules/x.yaml", `something > 1`, `slo: ledger-writes`, `ledger: by SLO: SLO "ledger-writes"`},
		"nobody":             {"rules/x.yaml", `up{job="other"} == 0`, `service: other`, ``},
		"negative matcher":   {"rules/x.yaml", `up{job!="cart"} == 0`, ``, ``},
		"open pattern":       {"rules/x.yaml", `up{job=~"cart.*"} == 0`, ``, ``},
		"weak label yields":  {"rules/x.yaml", `x{namespace="search"} > 1 and y{job="cart"} > 1`, ``, `cart: by matcher: matcher job="cart"`},
		"namespace if alone": {"rules/x.yaml", `x{namespace="search"} > 1`, ``, `search: by matcher: matcher namespace="search"`},
	} {
		e := estate(t, services+"-- "+c.file+" --\n"+alertFile(c.expr, c.labels), nil)
		var got []string
		for _, s := range e.Services {
			for _, a := range s.Alerts {
				got = append(got, s.ID+": "+a.By.String())
			}
		}
		if g := strings.Join(got, "; "); g != c.want {
			t.Errorf("%s: got %q, want %q", name, g, c.want)
		}
		if orphans := len(e.Orphans) == 1; orphans != (c.want == "") {
			t.Errorf("%s: got orphans %v", name, e.Orphans)
		}
	}
}

func TestOwners(t *testing.T) {
	e := estate(t, `
-- team.toml --
name = "payments"
aliases = ["@acme/pay"]
-- a/service.toml --
name = "a"
owner = "payments"
-- b/service.toml --
name = "b"
owner = "@acme/pay"
-- c/service.toml --
name = "c"
owner = "nobody"
-- groups.yaml --
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: search, namespace: acme}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ada, namespace: acme}
spec: {memberOf: [search]}
-- d/catalog-info.yaml --
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: d}
spec: {type: service, lifecycle: production, owner: group:search, dependsOn: [component:a, resource:db, component:x]}
-- db.yaml --
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: db}
spec: {type: database, owner: search}
`, nil)
	for id, want := range map[string]string{"a": "payments", "b": "payments", "c": "", "d": ""} {
		got := ""
		if team := service(t, e, id).Owner.Team; team != nil {
			got = team.ID
		}
		if got != want {
			t.Errorf("owner of %s: got %q, want %q", id, got, want)
		}
	}
	d := service(t, e, "d")
	if d.Owner.Elsewhere == nil || d.Owner.Elsewhere.ID != "acme/search" {
		t.Errorf("the owner of d lives in another namespace: got %+v", d.Owner)
	}
	if m := d.Owner.Elsewhere.Members; len(m) != 1 || m[0].Value != "acme/ada" && m[0].Value != "ada" {
		t.Errorf("members of search: got %v", m)
	}
	var known []bool
	for _, x := range d.DependsOn {
		known = append(known, x.Known)
	}
	if !reflect.DeepEqual(known, []bool{true, true, false}) {
		t.Errorf("dependencies of d: got %v", known)
	}
}

func TestDuplicates(t *testing.T) {
	e := estate(t, "-- a/service.toml --\nname = \"x\"\n-- b/service.toml --\nname = \"x\"\n", nil)
	if len(e.Services) != 1 || len(e.Gaps) != 1 || e.Gaps[0].Cause != catalog.Duplicate || e.Gaps[0].At.File != "b/service.toml" {
		t.Errorf("got %d services and gaps %v", len(e.Services), e.Gaps)
	}
}

// TestRunbookLinks follows a link in every form.
func TestRunbookLinks(t *testing.T) {
	const pages = `
-- docs/runbooks/a.md --
# A
## Meaning
-- manual/b.html.md --
# B
-- manual/c.html.md.erb --
# C
-- rules/d.md --
# D
`
	sites := func(o *Options) {
		o.Sites = []Site{{URL: "https://docs.example.org/manual/", Folder: "manual", Suffix: []string{".html.md", ".html.md.erb"}}}
		o.Web = "https://github.com/acme/catalog"
	}
	for link, want := range map[string]catalog.LinkState{
		"https://docs.example.org/manual/b.html":                                 catalog.LinkOK,
		"https://docs.example.org/manual/b":                                      catalog.LinkOK,
		"https://docs.example.org/manual/c.html?x=1":                             catalog.LinkOK,
		"https://docs.example.org/manual/b.md":                                   catalog.NoSuchFile,
		"https://docs.example.org/manual/b.html#nothing":                         catalog.NoSuchAnchor,
		"https://docs.example.org/manuals/b.html":                                catalog.Elsewhere,
		"https://github.com/acme/catalog/blob/main/docs/runbooks/a.md#meaning":   catalog.LinkOK,
		"https://github.com/acme/other/blob/main/docs/runbooks/a.md":             catalog.Elsewhere,
		"https://raw.githubusercontent.com/acme/catalog/main/docs/runbooks/a.md": catalog.LinkOK,
		"/docs/runbooks/a.md":                                                    catalog.LinkOK,
		"docs/runbooks/a.md":                                                     catalog.LinkOK,
		"../docs/runbooks/a.md":                                                  catalog.LinkOK,
		"d.md":                                                                   catalog.LinkOK,
		"../../etc/passwd":                                                       catalog.NoSuchFile,
		"docs/runbooks/none.md":                                                  catalog.NoSuchFile,
		"docs/runbooks/{{ $labels.page }}.md":                                    catalog.LinkOK,
		"docs/runbooks/{{ $labels.other }}.md":                                   catalog.Unfilled,
		"docs/runbooks/a.md?x={{ $labels.other }}":                               catalog.LinkOK,
		"ask the team":                                                           catalog.Malformed,
		"javascript:alert(1)":                                                    catalog.Malformed,
		"https://wiki.example.org/{{ $labels.other }}/x":                         catalog.Unfilled,
	} {
		text := pages + "-- rules/r.yaml --\n" + alertFile(`up{page="a"} == 0`, "") + "    annotations:\n      runbook_url: '" + link + "'\n"
		e := estate(t, text, sites)
		if got := e.Alerts[0].Runbook; got.State != want {
			t.Errorf("%s: got %q (%s), want %q", link, got.State, got.Detail, want)
		}
		if broken := e.Orphans[0].Problem != ""; broken != leadsNowhere(want) {
			t.Errorf("%s: the alert belongs to nobody, and its problem is %q", link, e.Orphans[0].Problem)
		}
	}
}

func TestGapsFindTheirServices(t *testing.T) {
	e := estate(t, `
-- a/service.toml --
name = "alpha"
-- a/alerts.yaml --
groups: [{alert:
-- b/service.toml --
name = "beta"
-- c/service.toml --
name = "gamma"
-- rules/broken.yaml --
- alert: "x
  expr: up{job="beta"}
`, nil)
	for id, want := range map[string]bool{"alpha": true, "beta": true, "gamma": false} {
		if got := service(t, e, id).Gap(catalog.Alerts) != nil; got != want {
			t.Errorf("%s: has a gap: %t, want %t", id, got, want)
		}
	}
}

func TestOversizedFileIsAboutAnyone(t *testing.T) {
	e := estate(t, "-- a/service.toml --\nname = \"alpha\"\n-- rules/big.yaml --\n"+strings.Repeat("# x\n", 100), func(o *Options) { o.MaxFileBytes = 100 })
	if g := service(t, e, "alpha").Gap(catalog.Alerts); g == nil || g.Cause != catalog.TooLarge {
		t.Errorf("got gap %v, want one of an oversized file", g)
	}
}

func TestJourneys(t *testing.T) {
	e := estate(t, `
-- a/service.toml --
name = "a"
[[journey]]
name = "Pay"
slo = "payments"
dashboard = "pay"
-- pay.json --
{"uid": "pay", "title": "Pay", "schemaVersion": 39, "panels": []}
-- slo.yaml --
apiVersion: openslo/v1
kind: SLO
metadata: {name: payments}
spec:
  service: unheard-of
  indicator: {metadata: {name: x}, spec: {ratioMetric: {good: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(p_total{ok="1"}[5m]))'}}}, total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(p_total[5m]))'}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
`, nil)
	a := service(t, e, "a")
	if len(a.Journeys) != 1 || len(a.Journeys[0].SLOs) != 1 || a.Journeys[0].Dashboard == nil {
		t.Fatalf("got journeys %+v", a.Journeys)
	}
	if len(a.SLOs) != 1 || a.SLOs[0].By.Rung != catalog.BySLO {
		t.Errorf("the journey's SLO belongs to the journey's service: got %v", a.SLOs)
	}
	if len(a.Dashboards) != 1 || a.Dashboards[0].By.Rung != catalog.ByName {
		t.Errorf("the journey names the dashboard: got %v", a.Dashboards)
	}
}

// TestWorkers checks that the estate does not depend on how many workers read it.
func TestWorkers(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "-- s%03d/service.toml --\nname = \"s%03d\"\n-- s%03d/alerts.yaml --\n%s-- s%03d/runbooks/a.md --\n# A\n", i, i, i, alertFile("up == 0", ""), i)
	}
	one := estate(t, b.String(), nil)
	many := estate(t, b.String(), func(o *Options) { o.Workers = 8 })
	if !reflect.DeepEqual(one, many) {
		t.Error("one worker and eight read different estates")
	}
	if len(one.Alerts) != 300 || len(one.Orphans) != 0 || !one.Pages[0].Changed.Equal(changed) {
		t.Errorf("got %d alerts, %d orphans, first page changed %v", len(one.Alerts), len(one.Orphans), one.Pages[0].Changed)
	}
}
