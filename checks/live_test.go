package checks_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/grafana"
	"obsready/checks"
)

// watchedService is a service about which every live check has something to ask.
const watchedService = `
-- shop/service.toml --
name = "shop"
[signals]
metrics = '{job="shop"}'
logs = '{app="shop"}'
traces = "shop"
[links]
dashboard = "shop-overview"
-- shop/dashboard.json --
{"title": "Shop", "uid": "shop", "schemaVersion": 39, "panels": [
  {"id": 1, "type": "timeseries", "title": "Requests", "datasource": {"type": "prometheus", "uid": "prom"}, "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total{job=\"shop\"}[5m]))"}]}
]}
-- shop/alerts.yaml --
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up{job="shop"} == 0
        for: 5m
        labels: {severity: page}
`

func liveChecks(t *testing.T) []*checks.Check {
	t.Helper()
	all := slices.DeleteFunc(checks.All(), func(c *checks.Check) bool { return !c.Live })
	if len(all) != 9 {
		t.Fatalf("there are %d live checks", len(all))
	}
	return all
}

// about gives an archive's only service under inspection.
func about(t *testing.T, archive string, live *catalog.Live) *checks.Subject {
	t.Helper()
	estate, policy := loadArchive(t, txtar.Parse([]byte(archive)))
	if live != nil {
		grafana.Attach(estate, live)
	}
	return checks.NewSurvey(estate, &policy.Settings, now).About(estate.Services[0])
}

func TestLiveChecksAreNotAskedWithoutGrafana(t *testing.T) {
	subject := about(t, watchedService, nil)
	for _, c := range liveChecks(t) {
		if r := c.Inspect(subject); r.Verdict != checks.NotAsked || len(r.Requirements) > 0 || r.Verdict.Judged() {
			t.Errorf("%s: got %q and %d requirements", c.ID, r.Verdict, len(r.Requirements))
		}
	}
}

// troubled is a Grafana of which nothing was had.
func troubled(trouble *catalog.Trouble) *catalog.Live {
	l := &catalog.Live{URL: "https://grafana.example", FetchedAt: now}
	l.Folders = catalog.LivePart[catalog.LiveFolder]{Asked: true, Trouble: trouble}
	l.Dashboards = catalog.LivePart[catalog.LiveDashboard]{Asked: true, Trouble: trouble}
	l.DataSources = catalog.LivePart[catalog.LiveDataSource]{Asked: true, Trouble: trouble}
	l.ContactPoints = catalog.LivePart[catalog.LiveContactPoint]{Asked: true, Trouble: trouble}
	l.Policies = catalog.LivePart[catalog.LiveRoute]{Asked: true, Trouble: trouble}
	l.Silences = catalog.LivePart[catalog.LiveSilence]{Asked: true, Trouble: trouble}
	l.Rules = []catalog.LiveRules{{Source: catalog.GrafanaRules, Name: "Grafana", Rules: catalog.LivePart[catalog.LiveRule]{Asked: true, Trouble: trouble}}}
	for signal, selector := range map[catalog.Signal]string{catalog.MetricSignal: `{job="shop"}`, catalog.LogSignal: `{app="shop"}`, catalog.TraceSignal: "shop"} {
		l.Probes = append(l.Probes, catalog.LiveProbe{Service: "shop", Signal: signal, Select: selector, Answer: catalog.NotKnown, Trouble: trouble})
	}
	return l
}

// TestTroubleIsUnknown holds that what Grafana does not tell is never passed, failed or left out, and that the cause is told.
func TestTroubleIsUnknown(t *testing.T) {
	for _, trouble := range []catalog.Trouble{
		{Cause: catalog.Unauthorized, Status: 401, Detail: "Invalid API key."},
		{Cause: catalog.NoPermission, Status: 403, Detail: "Permissions needed: dashboards:read"},
		{Cause: catalog.NoPermission, Status: 200, Detail: "the list is empty, and the token has no permission"},
		{Cause: catalog.RateLimited, Status: 429, Detail: "too many requests"},
		{Cause: catalog.ServerError, Status: 503, Detail: "Service Unavailable"},
		{Cause: catalog.NotJSON, Status: 200, Detail: "a page came instead of JSON"},
		{Cause: catalog.Redirected, Status: 302, Detail: "sent to \"/login\""},
		{Cause: catalog.TimedOut, Detail: "no reply within the time of a request"},
		{Cause: catalog.NoConnection, Detail: "no connection (connection refused)"},
	} {
		subject := about(t, watchedService, troubled(&trouble))
		for _, c := range liveChecks(t) {
			r := c.Inspect(subject)
			if r.Verdict != checks.Unknown || !strings.Contains(r.Reason, string(trouble.Cause)) || strings.HasSuffix(r.Reason, ".") {
				t.Errorf("%s at %v: got %q (%s)", c.ID, trouble, r.Verdict, r.Reason)
			}
		}
	}
}

// TestNothingFetchedIsUnknown holds that a snapshot without a part does not pass for one in which there is nothing.
func TestNothingFetchedIsUnknown(t *testing.T) {
	subject := about(t, watchedService, &catalog.Live{URL: "https://grafana.example", FetchedAt: now})
	for _, c := range liveChecks(t) {
		if r := c.Inspect(subject); r.Verdict != checks.Unknown {
			t.Errorf("%s: got %q (%s)", c.ID, r.Verdict, r.Reason)
		}
	}
}

const onlyInGrafana = `
-- shop/service.toml --
name = "shop"
[links]
dashboard = "shop-overview"
-- live.json --
{"dashboards": {"asked": true, "items": [ITEM]}}
`

// TestDashboardOfGrafanaIsEvidence holds that a dashboard that only Grafana has serves the checks that otherwise read files.
func TestDashboardOfGrafanaIsEvidence(t *testing.T) {
	exists, err := checks.ByID("dashboard-exists")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		item string
		want checks.Verdict
		at   string
	}{
		"shown": {`{"uid": "shop-overview", "title": "Shop", "listed": true, "json": {"title": "Shop", "uid": "shop-overview", "schemaVersion": 39, "panels": [
			{"id": 1, "type": "stat", "title": "Requests", "targets": [{"refId": "A", "expr": "rate(http_requests_total{job=\"shop\"}[5m])"}]}]}}`, checks.Pass, "https://grafana.example/d/shop-overview"},
		"of something else": {`{"uid": "shop-overview", "title": "Shop", "listed": true, "json": {"title": "Shop", "uid": "shop-overview", "schemaVersion": 39, "panels": [
			{"id": 1, "type": "text", "title": "About"}]}}`, checks.Fail, "https://grafana.example/d/shop-overview"},
		"gone":   {`{"uid": "shop-overview", "listed": false, "trouble": {"cause": "not found", "status": 404, "detail": "Dashboard not found"}}`, checks.Fail, "shop/service.toml"},
		"hidden": {`{"uid": "shop-overview", "listed": false, "trouble": {"cause": "no permission", "status": 403, "detail": "Access denied"}}`, checks.Unknown, "shop/service.toml"},
	} {
		r := exists[0].Inspect(about(t, strings.Replace(onlyInGrafana, "ITEM", c.item, 1), nil))
		if r.Verdict != c.want || len(r.Requirements) != 1 || r.Requirements[0].At.File != c.at {
			t.Errorf("%s: got %q and %+v", name, r.Verdict, r.Requirements)
		}
		revision := catalog.Revision{Commit: "c0ffee", Permalink: "https://git.example/{commit}/{path}"}
		if at := r.Requirements[0].At; strings.HasPrefix(c.at, "https:") && revision.Link(at) != c.at {
			t.Errorf("%s: the link of %v is %q", name, at, revision.Link(at))
		}
	}
}

// TestOldSnapshotIsUnknown holds that what Grafana showed weeks ago passes and fails nothing.
func TestOldSnapshotIsUnknown(t *testing.T) {
	live := troubled(nil)
	for i := range live.Probes {
		live.Probes[i].Answer, live.Probes[i].Trouble = []catalog.Answer{catalog.Yes, catalog.No}[i%2], nil
	}
	for days, want := range map[int][]checks.Verdict{7: {checks.Pass, checks.Fail}, 8: {checks.Unknown}, -7: {checks.Pass, checks.Fail}, -8: {checks.Unknown}} {
		live.FetchedAt = now.AddDate(0, 0, -days)
		subject := about(t, watchedService, live)
		for _, c := range liveChecks(t) {
			if strings.HasPrefix(c.ID, "metrics") || strings.HasPrefix(c.ID, "logs") || strings.HasPrefix(c.ID, "traces") {
				if r := c.Inspect(subject); !slices.Contains(want, r.Verdict) || len(r.Requirements) != 1 {
					t.Errorf("%s after %d days: got %q (%s)", c.ID, days, r.Verdict, r.Reason)
				}
			}
		}
	}
}

// TestWhoDoesNotTellItsRules holds that a rule may be where nobody tells, and is in no data source that cannot have it.
func TestWhoDoesNotTellItsRules(t *testing.T) {
	alertLive, err := checks.ByID("alert-live")
	if err != nil {
		t.Fatal(err)
	}
	const withoutAlerts = "-- shop/service.toml --\nname = \"shop\"\n"
	const library = "-- shop/service.toml --\nname = \"shop\"\nkind = \"library\"\n"
	failed := &catalog.Trouble{Cause: catalog.ServerError, Status: 502, Detail: "Bad Gateway"}
	noRuler := &catalog.Trouble{Cause: catalog.NotFound, Status: 404, Detail: "not found"}
	for name, c := range map[string]struct {
		archive string
		kind    string // of the data source that does not tell
		trouble *catalog.Trouble
		want    checks.Verdict
		says    string
	}{
		"not loaded, Prometheus in trouble":    {watchedService, "prometheus", failed, checks.Unknown, `data source "other" does not tell its rules: Bad Gateway`},
		"not loaded, no rules interface":       {watchedService, "prometheus", noRuler, checks.Unknown, `data source "other" does not tell its rules`},
		"not loaded, Loki in trouble":          {watchedService, "loki", failed, checks.Fail, "ShopDown"},
		"without alerts, Prometheus trouble":   {withoutAlerts, "prometheus", failed, checks.Unknown, `data source "other" does not tell its rules`},
		"without alerts, no rules interface":   {withoutAlerts, "loki", noRuler, checks.NotApplicable, "alert-symptom"},
		"a library, which has none in any way": {library, "prometheus", failed, checks.NotApplicable, "library"},
	} {
		live := troubled(nil)
		live.DataSources.Items = []catalog.LiveDataSource{{UID: "other", Name: "other", Type: c.kind}}
		loaded := catalog.LiveRule{Name: "Loaded", Evaluated: true, Health: "ok"}
		live.Rules = append(live.Rules, catalog.LiveRules{Source: "prom", Name: "prom", Rules: catalog.LivePart[catalog.LiveRule]{Asked: true, Items: []catalog.LiveRule{loaded}}},
			catalog.LiveRules{Source: "other", Name: "other", Rules: catalog.LivePart[catalog.LiveRule]{Asked: true, Trouble: c.trouble}})
		archive := strings.Replace(c.archive, "    rules:\n", "    rules:\n      - alert: Loaded\n        expr: up{job=\"shop\"} < 1\n", 1)
		r := alertLive[0].Inspect(about(t, archive, live))
		told := strings.Contains(r.Reason, c.says) || slices.ContainsFunc(r.Requirements, func(q checks.Requirement) bool { return strings.Contains(q.Message, c.says) })
		if r.Verdict != c.want || !told {
			t.Errorf("%s: got %q (%s) %+v", name, r.Verdict, r.Reason, r.Requirements)
		}
	}
}

// TestHiddenRulesAreUnknown holds that a rule in a folder that the token may not read is not taken for one that nobody loaded.
func TestHiddenRulesAreUnknown(t *testing.T) {
	alertLive, err := checks.ByID("alert-live")
	if err != nil {
		t.Fatal(err)
	}
	const inGrafana = `
-- shop/service.toml --
name = "shop"
-- shop/alerts.yaml --
apiVersion: 1
groups:
  - name: shop
    folder: Shop
    rules:
      - uid: shop-down
        title: ShopDown
        condition: A
        data: [{refId: A, datasourceUid: prom, model: {refId: A, expr: up == 0}}]
`
	hidden := &catalog.Trouble{Cause: catalog.NoPermission, Detail: "the token may read some folders only"}
	loaded := catalog.LiveRule{Name: "Loaded", Evaluated: true, Health: "ok"}
	inFile := strings.Replace(watchedService, "    rules:\n", "    rules:\n      - alert: Loaded\n        expr: up{job=\"shop\"} < 1\n", 1)
	for name, c := range map[string]struct {
		archive string
		source  string // that has the rule Loaded
		hidden  *catalog.Trouble
		absent  []string
		want    checks.Verdict
	}{
		"all folders are read":                {inGrafana, "prom", nil, nil, checks.Fail},
		"some folders are not":                {inGrafana, "prom", hidden, nil, checks.Unknown},
		"asked for by its UID":                {inGrafana, "prom", hidden, []string{"shop-down"}, checks.Fail},
		"another one was asked for":           {inGrafana, "prom", hidden, []string{"shop"}, checks.Unknown},
		"a rule file that a Prometheus loads": {inFile, "prom", hidden, nil, checks.Fail},
		"a rule file that Grafana loads":      {inFile, catalog.GrafanaRules, hidden, nil, checks.Unknown},
	} {
		live := troubled(nil)
		live.Rules[0].Hidden, live.Rules[0].Absent = c.hidden, c.absent
		live.Rules = append(live.Rules, catalog.LiveRules{Source: "prom", Name: "prom", Rules: catalog.LivePart[catalog.LiveRule]{Asked: true}})
		for i := range live.Rules {
			if live.Rules[i].Source == c.source {
				live.Rules[i].Rules.Items = []catalog.LiveRule{loaded}
			}
		}
		if r := alertLive[0].Inspect(about(t, c.archive, live)); r.Verdict != c.want {
			t.Errorf("%s: got %q (%s) %+v", name, r.Verdict, r.Reason, r.Requirements)
		}
	}
}
