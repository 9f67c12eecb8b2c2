package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/grafana"
	"obsready/catalog/load"
	"obsready/checks"
	"obsready/scorecard"
)

const demoLive = "testdata/demo/live.json"

// TestDemoLiveFile holds that the snapshot is what writeDemoLive makes of the demo estate: when dashboards or alerts of the estate
// change, so does what its Grafana shows. UPDATE_GOLDEN=1 writes it.
func TestDemoLiveFile(t *testing.T) {
	want := writeDemoLive(t, openDemo(t))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(demoLive, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := fs.ReadFile(demoEstate, demoLive)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale. run make golden", demoLive)
	}
}

// judgeLive evaluates the last commit together with what the demo's Grafana showed.
func (d demoHistory) judgeLive(t *testing.T) *scorecard.Report {
	t.Helper()
	data, err := fs.ReadFile(demoEstate, demoLive)
	if err != nil {
		t.Fatal(err)
	}
	live, err := grafana.ReadSnapshot(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	estate, now := d.estate(t)
	grafana.Attach(estate, live)
	return scorecard.Evaluate(estate, d.policy.CheckSet(checks.All()), d.policy, now, 1)
}

func (d demoHistory) estate(t *testing.T) (*catalog.Estate, time.Time) {
	t.Helper()
	tr := d.tree(t, d.head)
	now := tr.Revision().Time.Add(12 * time.Hour)
	options := d.policy.Load
	options.HistorySince = now.AddDate(-1, 0, 0)
	estate, err := load.Load(t.Context(), tr, options)
	if err != nil {
		t.Fatal(err)
	}
	return estate, now
}

// TestDemoLive holds that the snapshot tells its stories, and that a team that does everything right is seen to.
func TestDemoLive(t *testing.T) {
	d := openDemo(t)
	r := d.judgeLive(t)
	for _, story := range []struct {
		service, check string
		verdict        checks.Verdict
		says           string
	}{
		{"checkout", "dashboard-drift", checks.Fail, `query of "Time to pay" was changed in Grafana`},
		{"checkout", "dashboard-drift", checks.Fail, `"Cardwell only (temporary)" was added in Grafana`},
		{"search-indexer", "dashboard-live", checks.Fail, `dashboard "search-indexer" is dead`},
		{"search-indexer", "alert-live", checks.Fail, `"SearchIndexStale" in data source "mimir" cannot fire`},
		{"ledger", "alert-live", checks.Fail, `"LedgerEntriesStuck" in data source "mimir" has been in error`},
		{"ledger", "sources-live", checks.Fail, `uses data source "Prometheus prod"`},
		{"fraud-check", "traces-live", checks.Fail, `no traces of service "fraud-check" have arrived`},
		{"storefront", "alert-live", checks.Fail, `"StorefrontBrowserErrors" is in git`},
		{"storefront", "dashboard-live", checks.Unknown, "no permission (HTTP 403)"},
		{"checkout", "alert-awake", checks.Fail, `"Declined cards" in Grafana is paused`},
		{"checkout", "alert-received", checks.Fail, `"grafana-default-email"`},
		{"catalogue", "dashboard-live", checks.Fail, "provision it"},
	} {
		result := resultOf(t, cardOf(t, r, story.service), story.check)
		told := slices.ContainsFunc(result.Requirements, func(q checks.Requirement) bool { return strings.Contains(q.Message, story.says) })
		if result.Verdict != story.verdict || !told {
			t.Errorf("%s of %s: got %q and %+v, want %q", story.check, story.service, result.Verdict, result.Requirements, story.says)
		}
	}
	for _, id := range []string{"login", "accounts"} {
		for _, result := range cardOf(t, r, id).Results {
			if result.Check.Live && result.Verdict != checks.Pass && result.Verdict != checks.NotApplicable {
				t.Errorf("%s of %s: got %q (%s) %+v", result.Check.ID, id, result.Verdict, result.Reason, result.Requirements)
			}
		}
		if got, want := cardOf(t, r, id).Level, cardOf(t, d.judge(t, d.head), id).Level; got != want {
			t.Errorf("%s is %s with Grafana and %s without", id, got, want)
		}
	}
}

// TestDemoWithoutLive holds that what no Grafana is asked for changes no score.
func TestDemoWithoutLive(t *testing.T) {
	d := openDemo(t)
	estate, now := d.estate(t)
	git := slices.DeleteFunc(checks.All(), func(c *checks.Check) bool { return c.Live })
	all := scorecard.Evaluate(estate, d.policy.CheckSet(checks.All()), d.policy, now, 1)
	for i, c := range scorecard.Evaluate(estate, d.policy.CheckSet(git), d.policy, now, 1).Cards {
		if got := all.Cards[i]; got.Score != c.Score || got.Level != c.Level {
			t.Errorf("%s has score %v and level %s, and without live checks %v and %s", c.Service.ID, got.Score, got.Level, c.Score, c.Level)
		}
	}
}

func resultOf(t *testing.T, c *scorecard.Card, check string) scorecard.Result {
	t.Helper()
	i := slices.IndexFunc(c.Results, func(r scorecard.Result) bool { return r.Check.ID == check })
	if i < 0 {
		t.Fatalf("%s was not judged by %q", c.Service.ID, check)
	}
	return c.Results[i]
}

// writeDemoLive makes what the Grafana of Larkspur shows: what git says, but for what went wrong in it.
func writeDemoLive(t *testing.T, d demoHistory) []byte {
	t.Helper()
	estate, now := d.estate(t)
	l := &catalog.Live{URL: "https://grafana.larkspur.example", OrgID: 1, Org: "Larkspur", Version: "12.4.0", FetchedAt: now.Add(-35 * time.Minute)}
	l.Permissions = had(catalog.LivePermission{Action: "alert.rules:read", Scopes: []string{"folders:*"}}, catalog.LivePermission{Action: "dashboards:read", Scopes: []string{"folders:uid:shop"}},
		catalog.LivePermission{Action: "datasources:query", Scopes: []string{"datasources:*"}}, catalog.LivePermission{Action: "datasources:read", Scopes: []string{"datasources:*"}},
		catalog.LivePermission{Action: "folders:read", Scopes: []string{"folders:uid:shop"}})
	l.Folders = had(catalog.LiveFolder{UID: "shop", Title: "Shop", Path: "Shop"})
	l.Libraries.Asked = true
	well := catalog.LiveHealth{Answer: catalog.Yes}
	l.DataSources = had(catalog.LiveDataSource{UID: "loki", Name: "loki", Type: "loki", Health: well},
		catalog.LiveDataSource{UID: "mimir", Name: "mimir", Type: "prometheus", Default: true, Health: well}, catalog.LiveDataSource{UID: "tempo", Name: "tempo", Type: "tempo", Health: well})
	l.ContactPoints = had(catalog.LiveContactPoint{Name: "grafana-default-email", Types: []string{"email"}})
	l.Policies = had(catalog.LiveRoute{Receiver: "grafana-default-email", GroupBy: []string{"grafana_folder", "alertname"}})
	l.MuteTimings.Asked, l.Silences.Asked = true, true
	files := d.files(t, d.head)
	for _, b := range estate.Dashboards {
		l.Dashboards.Items = append(l.Dashboards.Items, liveBoard(t, b, files[b.At.File]))
	}
	l.Dashboards.Asked = true
	slices.SortFunc(l.Dashboards.Items, func(a, b catalog.LiveDashboard) int { return strings.Compare(a.UID, b.UID) })
	l.Rules = liveRules(estate, l.FetchedAt)
	l.Metrics = []catalog.LiveMetrics{liveMetrics(l, grafana.Wants(estate, l.URL, grafana.Want{}).Metrics)}
	for _, p := range grafana.Wants(estate, l.URL, grafana.Want{}).Probes {
		l.Probes = append(l.Probes, liveProbe(p, l.FetchedAt))
	}
	var b bytes.Buffer
	if err := grafana.WriteSnapshot(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func had[T any](items ...T) catalog.LivePart[T] {
	return catalog.LivePart[T]{Asked: true, Items: items}
}

// liveBoard gives what Grafana has of a dashboard of git. One was changed by hand, one was never deployed, and one is in a folder
// that the token may not read.
func liveBoard(t *testing.T, b *catalog.Dashboard, text string) catalog.LiveDashboard {
	t.Helper()
	uid := b.UID.Value
	switch uid {
	case "catalogue":
		return catalog.LiveDashboard{UID: uid, Trouble: &catalog.Trouble{Cause: catalog.NotFound, Status: 404, Detail: "Dashboard not found"}}
	case "storefront":
		return catalog.LiveDashboard{UID: uid, Trouble: &catalog.Trouble{Cause: catalog.NoPermission, Status: 403, Detail: "You'll need additional permissions to perform this action. Permissions needed: dashboards:read"}}
	case "journey-payment":
		const last = `"type": "stat",`
		text = strings.Replace(text, `http_request_duration_seconds_bucket{job=\"checkout\", route=\"/v1/pay\"}[$__rate_interval]`, `http_request_duration_seconds_bucket{job=\"checkout\", route=\"/v1/pay\"}[30m]`, 1)
		at := strings.Index(text, last)
		open := strings.LastIndex(text[:at], "{")
		text = text[:open] + `{"id": 42, "type": "timeseries", "title": "Cardwell only (temporary)", "datasource": {"type": "prometheus", "uid": "${datasource}"},
			"targets": [{"refId": "A", "expr": "sum(rate(payments_total{job=\"checkout\", provider=\"cardwell\"}[5m]))"}]}, ` + text[open:]
	}
	canonical, err := grafana.Canonical(seen(t, text))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(canonical)
	d := catalog.LiveDashboard{UID: uid, Title: b.Title.Value, Path: "/d/" + uid + "/" + uid, FolderUID: "shop", Folder: "Shop", Version: 3, JSON: canonical, Hash: hex.EncodeToString(sum[:]), Listed: true}
	for _, tag := range b.Tags {
		d.Tags = append(d.Tags, tag.Value)
	}
	slices.Sort(d.Tags)
	return d
}

// seen gives a dashboard without how it looks, which the program does not ask about: the file is in every binary.
func seen(t *testing.T, text string) []byte {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	strip(value)
	stripped, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return stripped
}

func strip(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			strip(item)
		}
	case map[string]any:
		for _, key := range []string{"gridPos", "thresholds", "overrides", "legendFormat", "time", "timezone", "refresh", "graphTooltip", "annotations", "links", "instant", "collapsed", "hide", "label"} {
			delete(v, key)
		}
		for _, item := range v {
			strip(item)
		}
	}
}

// liveRules gives the rules that mimir evaluates, which are those of git but for one that was never loaded, and one that somebody
// made in Grafana by hand.
func liveRules(estate *catalog.Estate, at time.Time) []catalog.LiveRules {
	var rules []catalog.LiveRule
	for _, a := range estate.Alerts {
		if a.Name.Value == "StorefrontBrowserErrors" || a.Templated {
			continue
		}
		r := catalog.LiveRule{Name: a.Name.Value, Group: a.Group.Value, Folder: a.At.File, State: "inactive", Health: "ok", LastEvaluated: at, Labels: map[string]string{}, Evaluated: true}
		for _, l := range a.Labels {
			r.Labels[l.Key] = l.Value
		}
		switch r.Name {
		case "Watchdog":
			r.State, r.Since, r.Instances = "firing", at.AddDate(0, -4, 0), 1
		case "LedgerEntriesStuck":
			r.Health, r.LastError, r.Since = "err", "vector cannot contain metrics with the same labelset", at.AddDate(0, 0, -12)
		}
		rules = append(rules, r)
	}
	byHand := catalog.LiveRule{
		UID: "declined-cards", Name: "Declined cards", Group: "by hand", Folder: "Shop", FolderUID: "shop", State: "inactive", Health: "ok", Paused: true,
		Since: at.AddDate(0, 0, -98), Updated: at.AddDate(0, 0, -98), Labels: map[string]string{"service": "checkout", "severity": "page"}, DataSources: []string{"mimir"},
		NoData: "NoData", QueryError: "Error", Configured: true, Evaluated: true,
	}
	return []catalog.LiveRules{{Source: catalog.GrafanaRules, Name: "Grafana", Rules: had(byHand)}, {Source: "mimir", Name: "mimir", Rules: had(rules...)}}
}

// liveMetrics gives the metrics that mimir has: all that is queried, but for those of the indexer, which its last release renamed.
func liveMetrics(l *catalog.Live, names []string) catalog.LiveMetrics {
	for i := range l.Dashboards.Items {
		for _, b := range grafana.Facts(l, &l.Dashboards.Items[i]).Dashboards {
			for _, p := range b.Panels {
				for _, q := range p.Queries {
					for _, s := range q.Selectors {
						names = append(names, s.Metric)
					}
				}
			}
		}
	}
	slices.Sort(names)
	m := catalog.LiveMetrics{DataSource: "mimir"}
	for _, name := range slices.Compact(names) {
		switch {
		case name == "":
		case strings.HasPrefix(name, "indexer_"):
			m.Absent = append(m.Absent, name)
		default:
			m.Present = append(m.Present, name)
		}
	}
	return m
}

// liveProbe gives telemetry for every service but the traces of fraud-check.
func liveProbe(p grafana.Probe, at time.Time) catalog.LiveProbe {
	source := map[catalog.Signal]string{catalog.MetricSignal: "mimir", catalog.LogSignal: "loki", catalog.TraceSignal: "tempo"}[p.Signal]
	answer := catalog.LiveProbe{Service: p.Service, Signal: p.Signal, Select: p.Select, Sources: []string{source}, Answer: catalog.Yes, Found: source, Count: 1, Newest: at.Add(-20 * time.Second)}
	switch {
	case p.Service == "fraud-check" && p.Signal == catalog.TraceSignal:
		answer.Answer, answer.Found, answer.Count, answer.Newest = catalog.No, "", 0, time.Time{}
	case p.Signal == catalog.MetricSignal:
		answer.Count = 40 * (1 + len(p.Service))
	}
	return answer
}
