package grafana

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"obsready/catalog"
)

// TestRecordings fetches from the recorded replies of a real Grafana to a token with the role Viewer, where they are at hand.
func TestRecordings(t *testing.T) {
	const shared = "../../../shared/grafana-recordings"
	index, err := os.ReadFile(filepath.Join(shared, "index.tsv"))
	if err != nil {
		t.Skip("no recordings here")
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(shared, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	s := newServer(t, "")
	for line := range strings.Lines(string(index)) {
		columns := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(columns) < 6 || columns[0] != "GET" || columns[3] != "viewer" || columns[5] == "" {
			continue
		}
		status, err := strconv.Atoi(columns[2])
		if err != nil {
			t.Fatal(err)
		}
		path, _, _ := strings.Cut(columns[1], "?")
		if _, has := s.replies["GET "+path]; !has {
			s.reply("GET "+path, status, read(columns[5]))
		}
	}
	s.reply("GET /api/library-elements", 200, `{"result":{"totalCount":1,"page":1,"perPage":100,"elements":[`+strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(read("extra/12-get-library-elements-lib-sli.json")), `{"result":`), "}")+`]}}`)
	s.handlers["/api/search"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("type") == "dash-folder" {
			write(w, 200, read("viewer/60-get-search-type-dash-folder.json"))
			return
		}
		var all []json.RawMessage
		for _, page := range []string{"viewer/07-get-search-limit-2-page-1-type-dash-db.json", "viewer/08-get-search-limit-2-page-2-type-dash-db.json"} {
			var hits []json.RawMessage
			if err := json.Unmarshal([]byte(read(page)), &hits); err != nil {
				t.Error(err)
			}
			all = append(all, hits...)
		}
		text, err := json.Marshal(all)
		if err != nil {
			t.Error(err)
		}
		write(w, 200, string(text))
	}
	s.handlers["/api/ds/query"] = func(w http.ResponseWriter, r *http.Request) {
		text := strings.ReplaceAll(read("viewer/25-post-ds-query.json"), `{"results":{"A"`, `{"results":{"Q0"`)
		write(w, 200, text)
	}
	live, pauses := fetch(t, s.options(), Want{
		All: true, Alerts: true, DashboardMetrics: true, UIDs: []string{"no-such-uid", "with-library-panel", "restricted-dash", "journey-v2"},
		Probes: []Probe{{"up", catalog.MetricSignal, `{job="grafana"}`}}, Sources: map[catalog.Signal][]string{catalog.MetricSignal: {"prom"}},
	})
	checkSnapshot(t, live)
	if len(pauses) != 0 {
		t.Errorf("got %d retries", len(pauses))
	}
	for uid, want := range map[string]catalog.Cause{"no-such-uid": catalog.NotFound, "restricted-dash": catalog.NoPermission} {
		if _, trouble := live.Dashboard(uid); trouble == nil || trouble.Cause != want {
			t.Errorf("dashboard %q: got %v", uid, trouble)
		}
	}
	panels := 0
	for i := range live.Dashboards.Items {
		facts := Facts(live, &live.Dashboards.Items[i])
		for _, g := range facts.Gaps {
			t.Errorf("gap %v", g)
		}
		for _, d := range facts.Dashboards {
			panels += len(d.Panels)
			if slices.ContainsFunc(d.Panels, func(p catalog.Panel) bool { return p.Unresolved }) {
				t.Errorf("dashboard %q has a library panel that is not filled in", d.UID.Value)
			}
		}
	}
	for uid, want := range map[string]string{"checkout-burn": "ok", "checkout-nodata": "nodata", "checkout-err": "error", "checkout-paused": "ok"} {
		if r, trouble := live.Rule(uid); trouble != nil || r.Health != want || !r.Configured || r.Since.IsZero() {
			t.Errorf("rule %q: got %+v and %v", uid, r, trouble)
		}
	}
	if p := live.Probes[0]; p.Answer != catalog.Yes || p.Count != 2 || p.Newest.IsZero() {
		t.Errorf("got probe %+v, %v", p, p.Trouble)
	}
	if d := live.DataSource("prom-down"); d.Health.Answer != catalog.No {
		t.Errorf("got %+v", d)
	}
	t.Logf("%d dashboards, %d with JSON, %d panels, %d metrics present, %d absent", len(live.Dashboards.Items), len(dashboardUIDs(live, true)), panels, len(live.Metrics[0].Present), len(live.Metrics[0].Absent))
}
