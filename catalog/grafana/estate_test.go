package grafana_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/grafana"
	"obsready/catalog/load"
	"obsready/catalog/tree"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const shop = `
-- shop/service.toml --
name = "shop"
journeys = []
[signals]
metrics = '{job="shop"}'
traces = "shop"
[evidence]
dashboards = ["shop.json"]
[links]
dashboard = "https://grafana.example/d/only-live/x"
[[journey]]
name = "Buy"
dashboard = "Buying"
-- shop/shop.json --
{"title": "Shop", "uid": "shop", "schemaVersion": 39, "panels": [{"id": 1, "type": "stat", "title": "Rate", "targets": [{"expr": "rate(a_total[5m])"}]}]}
-- shop/untitled.json --
{"title": "By title", "schemaVersion": 39, "panels": []}
-- shop/alerts.yaml --
groups:
  - name: g
    rules:
      - alert: Linked
        expr: rate(orders_total{job="shop"}[5m]) == 0
        annotations: {dashboard_url: "https://grafana.example/d/alerting/y?viewPanel=2"}
      - alert: Astray
        expr: up{job="shop"} == 0
        annotations: {__dashboardUid__: no-such}
      - alert: Elsewhere
        expr: up{job="shop"} == 0
        annotations: {dashboard_url: "https://other.example/d/z/z"}
-- lib/service.toml --
name = "lib"
kind = "library"
[signals]
metrics = '{job="lib"}'
-- old/service.toml --
name = "old"
lifecycle = "retired"
[signals]
logs = '{app="old"}'
`

func loadShop(t *testing.T) *catalog.Estate {
	t.Helper()
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(strings.Replace(shop, "journeys = []\n", "", 1))).Files {
		files[f.Name] = string(f.Data)
	}
	estate, err := load.Load(context.Background(), tree.FromFiles(files, noon), load.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if len(estate.Gaps) > 0 {
		t.Fatal(estate.Gaps)
	}
	return estate
}

func TestWants(t *testing.T) {
	estate := loadShop(t)
	base := grafana.Want{UIDs: []string{"z-last"}, Tags: []string{"slo"}, Alerts: true}
	got := grafana.Wants(estate, "https://grafana.example", base)
	want := grafana.Want{
		UIDs: []string{"Buying", "alerting", "no-such", "only-live", "shop", "z-last"}, Titles: []string{"Buying", "By title", "no-such"}, Tags: []string{"slo"}, Alerts: true,
		Probes:  []grafana.Probe{{"shop", catalog.MetricSignal, `{job="shop"}`}, {"shop", catalog.TraceSignal, "shop"}},
		Metrics: []string{"orders_total", "up"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(got, grafana.Wants(estate, "https://grafana.example", got)); diff == "" || len(base.UIDs) != 1 {
		t.Error("probes are added to those of the policy, whose wants stay as they are")
	}
}

// liveShop is a Grafana with some dashboards, and without others.
func liveShop() *catalog.Live {
	live := &catalog.Live{URL: "https://grafana.example", FetchedAt: noon}
	live.Dashboards.Asked = true
	for _, uid := range []string{"alerting", "bbb", "only-live", "shop"} {
		title := map[string]string{"alerting": "Alerting", "bbb": "Buying", "only-live": "Only live", "shop": "Shop now"}[uid]
		text := json.RawMessage(`{"panels":[{"id":2,"targets":[{"expr":"rate(a_total[5m])"}],"title":"Rate","type":"stat"}],"schemaVersion":39,"title":"` + title + `","uid":"` + uid + `"}`)
		live.Dashboards.Items = append(live.Dashboards.Items, catalog.LiveDashboard{UID: uid, Title: title, Listed: true, JSON: text})
	}
	live.Dashboards.Items = append(live.Dashboards.Items, catalog.LiveDashboard{UID: "no-such", Trouble: &catalog.Trouble{Cause: catalog.NotFound, Status: 404, Detail: "Dashboard not found"}})
	return live
}

func TestAttach(t *testing.T) {
	estate := loadShop(t)
	grafana.Attach(estate, liveShop())
	svc := estate.Services[2]
	var got []string
	for _, d := range svc.Dashboards {
		got = append(got, d.Item.UID.Value+" "+d.Item.At.File+" "+d.By.String())
	}
	want := []string{
		"shop shop/shop.json named by the service: glob \"shop.json\"", " shop/untitled.json below the service's folder: shop",
		`only-live https://grafana.example/d/only-live named by the service: named "https://grafana.example/d/only-live/x"`,
		`bbb https://grafana.example/d/bbb named by the service: journey "Buy"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if j := estate.Journeys[0]; j.Dashboard == nil || j.Dashboard.UID.Value != "bbb" {
		t.Errorf("the journey has dashboard %v", j.Dashboard)
	}
	states := map[string]catalog.LinkState{}
	for _, a := range estate.Alerts {
		states[a.Name.Value] = a.Dashboard.State
	}
	if diff := cmp.Diff(map[string]catalog.LinkState{"Linked": catalog.LinkOK, "Astray": catalog.NoSuchFile, "Elsewhere": catalog.Elsewhere}, states); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if estate.Live == nil || len(estate.Dashboards) != 5 || estate.Counts.Kinds[catalog.Dashboards] != 5 {
		t.Errorf("the estate has %d dashboards and counts %d", len(estate.Dashboards), estate.Counts.Kinds[catalog.Dashboards])
	}
}

// TestAttachOfNothing holds that a Grafana that tells nothing changes nothing that files say.
func TestAttachOfNothing(t *testing.T) {
	estate, before := loadShop(t), loadShop(t)
	live := &catalog.Live{URL: "https://grafana.example", FetchedAt: noon}
	live.Dashboards = catalog.LivePart[catalog.LiveDashboard]{Asked: true, Trouble: &catalog.Trouble{Cause: catalog.Unauthorized, Status: 401, Detail: "Invalid API key"}}
	grafana.Attach(estate, live)
	for i, svc := range estate.Services {
		if len(svc.Dashboards) != len(before.Services[i].Dashboards) {
			t.Errorf("service %q has %d dashboards", svc.ID, len(svc.Dashboards))
		}
	}
	for i, a := range estate.Alerts {
		if a.Dashboard.State != before.Alerts[i].Dashboard.State {
			t.Errorf("the dashboard of alert %q is %q", a.Name.Value, a.Dashboard.State)
		}
	}
}
