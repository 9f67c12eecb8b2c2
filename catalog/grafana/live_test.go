//go:build live

package grafana

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

// These tests tell the stories of the recorded ones to a real Grafana. They need
//
//	GRAFANA_URL    its address, with the path it is served below
//	GRAFANA_TOKEN  a token with the role Admin, which makes what is needed and removes it
//
// and, for more: GRAFANA_PROMETHEUS, the UID of a data source that scrapes something, and GRAFANA_CA_FILE, the authority to trust.
// Everything is made in one folder of its own. They take up to three minutes, as Grafana evaluates a rule once in one and remembers for
// one what a role may read.

// estate is what a test makes in Grafana.
type estate struct {
	t      *testing.T
	url    string
	token  string
	folder string
}

func newEstate(t *testing.T) *estate {
	t.Helper()
	e := &estate{t: t, url: strings.TrimRight(os.Getenv("GRAFANA_URL"), "/"), token: os.Getenv("GRAFANA_TOKEN")}
	if e.url == "" || e.token == "" {
		t.Fatal("set GRAFANA_URL and GRAFANA_TOKEN to those of a Grafana that may be changed")
	}
	e.folder = fmt.Sprintf("obsready-test-%d", time.Now().UnixNano())
	e.call(http.MethodPost, "/api/folders", map[string]any{"uid": e.folder, "title": e.folder})
	t.Cleanup(func() { e.call(http.MethodDelete, "/api/folders/"+e.folder+"?forceDeleteRules=true", nil) })
	return e
}

// call sends a request that has to go well, and gives the reply.
func (e *estate) call(method, path string, content any) []byte {
	e.t.Helper()
	body, err := json.Marshal(content)
	if err != nil {
		e.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, e.url+path, bytes.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+e.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Disable-Provenance", "true")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		e.t.Fatalf("%s %s: got %d %s, %v", method, path, resp.StatusCode, reply, err)
	}
	return reply
}

func (e *estate) board(uid, query string) {
	e.t.Helper()
	e.call(http.MethodPost, "/api/dashboards/db", map[string]any{"folderUid": e.folder, "overwrite": true, "dashboard": map[string]any{
		"uid": uid, "title": uid, "tags": []string{e.folder}, "schemaVersion": 39,
		"panels": []any{map[string]any{"id": 1, "type": "stat", "title": "One", "gridPos": map[string]int{"h": 4, "w": 4, "x": 0, "y": 0}, "targets": []any{map[string]any{"refId": "A", "expr": query}}}},
	}})
}

// account makes a service account of a role and gives options with its token, and what takes the token back.
func (e *estate) account(role string) (o Options, revoke func()) {
	e.t.Helper()
	var account struct{ ID int64 }
	if err := json.Unmarshal(e.call(http.MethodPost, "/api/serviceaccounts", map[string]any{"name": e.folder + "-" + role, "role": role}), &account); err != nil {
		e.t.Fatal(err)
	}
	at := fmt.Sprintf("/api/serviceaccounts/%d", account.ID)
	e.t.Cleanup(func() { e.call(http.MethodDelete, at, nil) })
	var token struct {
		ID  int64
		Key string
	}
	if err := json.Unmarshal(e.call(http.MethodPost, at+"/tokens", map[string]any{"name": e.folder + "-" + role}), &token); err != nil {
		e.t.Fatal(err)
	}
	o = DefaultOptions()
	o.URL, o.Token, o.Now, o.TLS.CAFile = e.url, Token(token.Key), time.Now(), os.Getenv("GRAFANA_CA_FILE")
	return o, func() { e.call(http.MethodDelete, fmt.Sprintf("%s/tokens/%d", at, token.ID), nil) }
}

// viewer gives options of a Viewer that sees the folder of the test: what a role may read is remembered for a while.
func (e *estate) viewer() Options {
	e.t.Helper()
	o, _ := e.account("Viewer")
	e.until("a Viewer sees the folder", func() bool {
		live := liveFetch(e.t, o, Want{})
		return slices.ContainsFunc(live.Folders.Items, func(f catalog.LiveFolder) bool { return f.UID == e.folder })
	})
	return o
}

// until waits for what Grafana does in its own time.
func (e *estate) until(what string, done func() bool) {
	e.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); !done(); time.Sleep(3 * time.Second) {
		if time.Now().After(deadline) {
			e.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// source makes a data source of the type Prometheus that nobody answers at, and gives its UID.
func (e *estate) source() string {
	e.t.Helper()
	uid := e.folder[len("obsready-"):]
	e.call(http.MethodPost, "/api/datasources", map[string]any{
		"uid": uid, "name": uid, "type": "prometheus", "access": "proxy", "url": "http://reader:" + secret + "@127.0.0.1:1", "jsonData": map[string]any{"customQueryParameters": "key=" + secret},
	})
	e.t.Cleanup(func() { e.call(http.MethodDelete, "/api/datasources/uid/"+uid, nil) })
	return uid
}

// secret is in the settings of a data source, and must be in nothing that is kept.
const secret = "Zx8qLw3RtY6uVb1n"

// rule makes an alert rule and gives its UID.
func (e *estate) rule(name, folder, source, query string, paused bool) string {
	e.t.Helper()
	uid := strings.ToLower(e.folder[len(e.folder)-12:] + name)
	e.call(http.MethodPost, "/api/v1/provisioning/alert-rules", map[string]any{
		"uid": uid, "title": name, "ruleGroup": "g", "folderUID": folder, "orgID": 1, "for": "0s", "condition": "C",
		"noDataState": "NoData", "execErrState": "Error", "isPaused": paused,
		"data": []any{
			map[string]any{"refId": "A", "datasourceUid": source, "relativeTimeRange": map[string]int{"from": 600, "to": 0}, "model": map[string]any{"refId": "A", "expr": query, "instant": true}},
			map[string]any{"refId": "C", "datasourceUid": "__expr__", "relativeTimeRange": map[string]int{"from": 0, "to": 0}, "model": map[string]any{"refId": "C", "type": "threshold", "expression": "A", "conditions": []any{map[string]any{"evaluator": map[string]any{"type": "gt", "params": []int{0}}}}}},
		},
	})
	return uid
}

func liveFetch(t *testing.T, o Options, w Want) *catalog.Live {
	t.Helper()
	live, err := Fetch(t.Context(), o, w)
	if err != nil {
		t.Fatal(err)
	}
	checkSnapshot(t, live)
	var b bytes.Buffer
	if err := WriteSnapshot(&b, live); err != nil || strings.Contains(b.String(), secret) || strings.Contains(b.String(), string(o.Token)) {
		t.Errorf("a secret is kept, or %v", err)
	}
	return live
}

func TestLiveDashboards(t *testing.T) {
	e := newEstate(t)
	e.board(e.folder+"-a", "up")
	e.board(e.folder+"-b", "no_such_metric_of_obsready")
	o := e.viewer()
	w := Want{Tags: []string{e.folder}, UIDs: []string{e.folder + "-none"}}
	var live *catalog.Live
	e.until("a Viewer may read the dashboards", func() bool {
		live = liveFetch(t, o, w)
		d, _ := live.Dashboard(e.folder + "-a")
		return d != nil && d.JSON != nil
	})
	d, trouble := live.Dashboard(e.folder + "-a")
	if trouble != nil || d.FolderUID != e.folder {
		t.Fatalf("got %+v and %v", d, trouble)
	}
	if _, trouble := live.Dashboard(e.folder + "-none"); trouble == nil || trouble.Cause != catalog.NotFound {
		t.Errorf("a dashboard that is not there: got %v", trouble)
	}
	if drift := Drift(d.JSON, d.JSON, nil); len(drift) != 0 {
		t.Errorf("it differs from itself: %v", drift)
	}
	e.board(e.folder+"-a", "up == 0")
	o.Previous = live
	again := liveFetch(t, o, w)
	changed, _ := again.Dashboard(e.folder + "-a")
	if drift := Drift(changed.JSON, d.JSON, nil); len(drift) != 1 || drift[0].What != "query" {
		t.Errorf("got drift %v", drift)
	}
	t.Logf("Grafana %s lists revisions: %v", live.Version, d.Revision != "")
}

func TestLiveNoRights(t *testing.T) {
	e := newEstate(t)
	e.board(e.folder+"-a", "up")
	o, _ := e.account("None")
	live := liveFetch(t, o, Want{All: true, UIDs: []string{e.folder + "-a"}, Alerts: true})
	if live.Dashboards.Complete() || live.DataSources.Complete() || live.Policies.Complete() || live.Rules[0].Rules.Complete() {
		t.Errorf("parts are complete for a token without rights: %v, %v, %v, %v", live.Dashboards.Trouble, live.DataSources.Trouble, live.Policies.Trouble, live.Rules[0].Rules.Trouble)
	}
	if _, trouble := live.Dashboard(e.folder + "-a"); trouble == nil || trouble.Cause != catalog.NoPermission {
		t.Errorf("got %v", trouble)
	}
}

func TestLiveNotTaken(t *testing.T) {
	e := newEstate(t)
	good, _ := e.account("Viewer")
	wrong, revoked, org, path := good, good, good, good
	wrong.Token = "glsa_0000000000000000000000000000000_00000000"
	revoked, revoke := e.account("Editor")
	revoke()
	org.OrgID = 424242
	path.URL += "/no-such-path"
	for name, c := range map[string]struct {
		options Options
		cause   catalog.Cause
	}{
		"a wrong token": {wrong, catalog.Unauthorized}, "a token that was taken back": {revoked, catalog.Unauthorized},
		"another organisation": {org, catalog.Unauthorized}, "another path": {path, catalog.NotJSON},
	} {
		if live := liveFetch(t, c.options, Want{All: true}); live.Dashboards.Trouble == nil || live.Dashboards.Trouble.Cause != c.cause {
			t.Errorf("%s: got %v", name, live.Dashboards.Trouble)
		}
	}
}

// TestLiveRules tells of rules that are paused, in error, not there, and in a folder that a Viewer may not read, and of a data source
// that does not answer.
func TestLiveRules(t *testing.T) {
	e := newEstate(t)
	source, closed := e.source(), e.folder+"-closed"
	e.call(http.MethodPost, "/api/folders", map[string]any{"uid": closed, "title": closed})
	t.Cleanup(func() { e.call(http.MethodDelete, "/api/folders/"+closed+"?forceDeleteRules=true", nil) })
	e.call(http.MethodPost, "/api/folders/"+closed+"/permissions", map[string]any{"items": []any{}})
	paused, failing, hidden := e.rule("Paused", e.folder, source, "up", true), e.rule("Failing", e.folder, source, "up", false), e.rule("Hidden", closed, source, "up", true)
	w := Want{
		Alerts: true, Rules: []string{hidden, "no-such-rule"}, Probes: []Probe{{"none", catalog.MetricSignal, "up"}}, Metrics: []string{"up"},
		Sources: map[catalog.Signal][]string{catalog.MetricSignal: {source}},
	}
	o := e.viewer()
	var live *catalog.Live
	e.until("a rule is in error", func() bool {
		live = liveFetch(t, o, w)
		r, _ := live.Rule(failing)
		return r != nil && r.Health == "error"
	})
	if r, _ := live.Rule(failing); r.LastError == "" || r.Since.IsZero() || r.NoData != "NoData" {
		t.Errorf("in error: got %+v", r)
	}
	if r, trouble := live.Rule(paused); trouble != nil || !r.Paused || r.Since.IsZero() {
		t.Errorf("paused: got %+v and %v", r, trouble)
	}
	for uid, cause := range map[string]catalog.Cause{hidden: catalog.NoPermission, "no-such-rule": catalog.NotFound} {
		if _, trouble := live.Rule(uid); trouble == nil || trouble.Cause != cause {
			t.Errorf("rule %q: got %v", uid, trouble)
		}
	}
	admin := o
	admin.Token = Token(e.token)
	if r, trouble := liveFetch(t, admin, w).Rule(hidden); trouble != nil || !r.Paused {
		t.Errorf("for an Admin: got %v and %v", r, trouble)
	}
	if d := live.DataSource(source); d == nil || d.Health.Answer != catalog.No {
		t.Errorf("got data source %+v", d)
	}
	if p := live.Probe("none", catalog.MetricSignal); p.Answer != catalog.NotKnown || p.Trouble.Cause != catalog.ServerError {
		t.Errorf("got %+v, %v", p, p.Trouble)
	}
	if answer, _ := live.Metric(source, "up"); answer != catalog.NotKnown {
		t.Errorf("got %v", answer)
	}
	if !live.Policies.Complete() || !live.ContactPoints.Complete() || !live.Silences.Complete() || Router(live) == nil {
		t.Errorf("a Viewer may read these: %v, %v, %v", live.Policies.Trouble, live.ContactPoints.Trouble, live.Silences.Trouble)
	}
}

func TestLiveTelemetry(t *testing.T) {
	e := newEstate(t)
	source := os.Getenv("GRAFANA_PROMETHEUS")
	if source == "" {
		t.Skip("GRAFANA_PROMETHEUS names no data source")
	}
	uid := e.rule("NoData", e.folder, source, "no_such_metric_of_obsready", false)
	o := e.viewer()
	w := Want{Alerts: true, Metrics: []string{"up", "no_such_metric_of_obsready"}, Probes: []Probe{
		{"some", catalog.MetricSignal, `up{job=~".+"}`}, {"none", catalog.MetricSignal, `{job="no-such-job-of-obsready"}`},
	}, Sources: map[catalog.Signal][]string{catalog.MetricSignal: {source}}}
	var live *catalog.Live
	e.until("a rule is without data", func() bool {
		o.Now = time.Now()
		live = liveFetch(t, o, w)
		r, _ := live.Rule(uid)
		return r != nil && r.Health == "nodata"
	})
	if p := live.Probe("some", catalog.MetricSignal); p.Answer != catalog.Yes || p.Newest.IsZero() || p.Count < 1 {
		t.Errorf("got %+v, %v", p, p.Trouble)
	}
	if p := live.Probe("none", catalog.MetricSignal); p.Answer != catalog.No {
		t.Errorf("got %+v, %v", p, p.Trouble)
	}
	for name, want := range map[string]catalog.Answer{"up": catalog.Yes, "no_such_metric_of_obsready": catalog.No} {
		if answer, trouble := live.Metric(source, name); answer != want {
			t.Errorf("metric %q: got %v, %v", name, answer, trouble)
		}
	}
}
