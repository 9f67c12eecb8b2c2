package grafana

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/routes"
)

// everything is what the tests want of the recorded Grafana.
func everything() Want {
	return Want{
		UIDs: []string{"no-such", "hidden"}, Folders: []string{"Payments"}, Alerts: true, Rules: []string{"nope"}, DashboardMetrics: true, Metrics: []string{"up", "nowhere"},
		Probes: []Probe{
			{"shop", catalog.MetricSignal, `{job="shop"}`},
			{"pay", catalog.LogSignal, `{app="pay"}`},
			{"pay", catalog.TraceSignal, "pay"},
		},
		Sources: map[catalog.Signal][]string{catalog.MetricSignal: {"Prometheus"}},
	}
}

// TestFetch fetches all parts of a recorded Grafana and compares the snapshot with the golden one, also when many requests are on
// their way at once. UPDATE_GOLDEN=1 writes it.
func TestFetch(t *testing.T) {
	const golden = "testdata/payments.live.json"
	for _, inFlight := range []int{1, 8} {
		s := newServer(t, "payments.txtar")
		o := s.options()
		o.InFlight = inFlight
		answered := 0
		o.Progress = func(requests int) { answered = requests }
		live, err := Fetch(t.Context(), o, everything())
		if err != nil {
			t.Fatal(err)
		}
		if answered != s.count("") {
			t.Errorf("%d in flight: progress told of %d requests, and there were %d", inFlight, answered, s.count(""))
		}
		live.URL = "http://grafana.example.test"
		var got bytes.Buffer
		if err := WriteSnapshot(&got, live); err != nil {
			t.Fatal(err)
		}
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%d in flight: -want +got:\n%s", inFlight, diff)
		}
		if len(s.bad) > 0 || s.busiest > inFlight {
			t.Errorf("%d in flight: requests %q without token or name, %d at once", inFlight, s.bad, s.busiest)
		}
		for _, secret := range []string{string(testToken), "hunter2", "Tr0ub4dor", "Zx8qLw3RtY6uVb1n", "4111111111111111", "8c1f0a5d7b3e4c2f9a6d", "pay@example.test", "somebody", "prometheus:9090"} {
			if strings.Contains(got.String(), secret) {
				t.Errorf("the snapshot holds %q", secret)
			}
		}
	}
}

func TestWhatALiveKnows(t *testing.T) {
	s := newServer(t, "payments.txtar")
	live, _ := fetch(t, s.options(), everything())
	for uid, want := range map[string]catalog.Cause{"no-such": catalog.NotFound, "hidden": catalog.NoPermission, "never-asked": catalog.NotFetched} {
		if d, trouble := live.Dashboard(uid); d != nil || trouble.Cause != want {
			t.Errorf("dashboard %q: got %v and %v", uid, d, trouble)
		}
	}
	if d, trouble := live.Dashboard("other"); trouble != nil || d.JSON != nil || !d.Listed {
		t.Errorf("a dashboard that is only listed: got %+v and %v", d, trouble)
	}
	if r, _ := live.Rule("pay-paused"); r == nil || !r.Paused || r.Since != time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("a paused rule: got %+v", r)
	}
	if r, _ := live.Rule("pay-error"); r == nil || r.State != "inactive" || r.Health != "error" || r.Since.Day() != 12 {
		t.Errorf("a rule in error: got %+v", r)
	}
	if r, _ := live.Rule("pay-burn"); r == nil || r.Receiver != "pay-oncall" || r.Instances != 1 || r.Since.Hour() != 9 {
		t.Errorf("a firing rule: got %+v", r)
	}
	if _, trouble := live.Rule("nope"); trouble == nil || trouble.Cause != catalog.NotFound {
		t.Errorf("a rule that is not there: got %v", trouble)
	}
	for _, c := range []struct {
		source, name string
		answer       catalog.Answer
	}{{"prom", "pay_requests_total", catalog.Yes}, {"", "pay_queue_depth", catalog.No}, {"prom", "nowhere", catalog.No}, {"prom", "not_asked", catalog.NotKnown}, {"loki", "up", catalog.NotKnown}} {
		if got, trouble := live.Metric(c.source, c.name); got != c.answer || (got == catalog.NotKnown) != (trouble != nil) {
			t.Errorf("metric %s in %q: got %v, %v", c.name, c.source, got, trouble)
		}
	}
	router := Router(live)
	if router == nil || router.Partial || len(router.Root.Routes) != 1 || router.Receiver("pay-oncall") == nil || len(router.Receiver("pay-oncall").Integrations) != 2 {
		t.Errorf("got router %+v", router)
	}
	deliveries := routes.Deliver(router, routes.Fixed(map[string]string{"severity": "page", "team": "payments"}))
	if len(deliveries) != 1 || deliveries[0].Name.Value != "pay-oncall" || deliveries[0].Receiver == nil || len(deliveries[0].Muted) != 1 || deliveries[0].Unsure != "" {
		t.Errorf("got deliveries %+v", deliveries)
	}
	d, _ := live.Dashboard("pay-journey")
	facts := Facts(live, d)
	if len(facts.Dashboards) != 1 || len(facts.Gaps) != 0 {
		t.Fatalf("got facts %+v", facts)
	}
	board := facts.Dashboards[0]
	if len(board.Panels) != 3 || board.Panels[1].Unresolved || board.Panels[1].Queries[0].Text != "pay_latency_seconds" {
		t.Errorf("the library panel is not filled in: %+v", board.Panels)
	}
	if want := (catalog.Place{File: s.URL + "/d/pay-journey/journey3a-pay"}); board.Panels[0].Queries[0].At != want || board.At != want {
		t.Errorf("got places %v and %v, want %v", board.Panels[0].Queries[0].At, board.At, want)
	}
}

// TestWantedDashboards tells how dashboards are chosen: by UID, tag, folder with those below it, or all.
func TestWantedDashboards(t *testing.T) {
	for name, c := range map[string]struct {
		want    Want
		fetched []string
	}{
		"nothing":          {Want{}, nil},
		"all":              {Want{All: true}, []string{"pay-db", "pay-journey"}}, // "other" has a reply with 404
		"uid":              {Want{UIDs: []string{"pay-db", " pay-db ", ""}}, []string{"pay-db"}},
		"tag":              {Want{Tags: []string{"journey:pay"}}, []string{"pay-journey"}},
		"folder and below": {Want{Folders: []string{"pay"}}, []string{"pay-db", "pay-journey"}},
		"folder by path":   {Want{Folders: []string{"Payments/Causes"}}, []string{"pay-db"}},
		"no such folder":   {Want{Folders: []string{"nope"}}, nil},
	} {
		s := newServer(t, "payments.txtar")
		live, _ := fetch(t, s.options(), c.want)
		if diff := cmp.Diff(c.fetched, dashboardUIDs(live, true)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if got := dashboardUIDs(live, false); len(got) != 3 {
			t.Errorf("%s: got list %q", name, got)
		}
	}
}

func TestBelowAPath(t *testing.T) {
	s := newServer(t, "payments.txtar")
	s.base = "/grafana"
	s.replies["GET /api/search?limit=5000&page=1&type=dash-db"] = `[{"uid":"pay-journey","title":"Journey: pay","url":"/grafana/d/pay-journey/journey3a-pay","type":"dash-db"}]`
	live, _ := fetch(t, s.options(), Want{All: true, Alerts: true})
	d, trouble := live.Dashboard("pay-journey")
	if trouble != nil || d.JSON == nil || Address(live, d) != s.URL+"/grafana/d/pay-journey/journey3a-pay" {
		t.Errorf("got %+v and %v", d, trouble)
	}
}

// TestPages reads lists that take more than one page, with ids that no int32 holds.
func TestPages(t *testing.T) {
	s := newServer(t, "payments.txtar")
	s.handlers["/api/search"] = func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		n := map[string]int{"1": searchPage, "2": searchPage, "3": 7}[r.URL.Query().Get("page")]
		if r.URL.Query().Get("type") == "dash-folder" {
			n = 0
		}
		for i := range n {
			fmt.Fprintf(&b, `,{"id":%d,"uid":"p%s-%d","title":"t","type":"dash-db"}`, 3_800_000_000_000_000+i, r.URL.Query().Get("page"), i)
		}
		write(w, http.StatusOK, "["+strings.TrimPrefix(b.String(), ",")+"]")
	}
	live, _ := fetch(t, s.options(), Want{})
	if n := len(live.Dashboards.Items); n != 2*searchPage+7 || !live.Dashboards.Complete() {
		t.Errorf("got %d dashboards, %v", n, live.Dashboards.Missing())
	}
	if s.count("GET /api/search") != 4 {
		t.Errorf("got %d searches", s.count("GET /api/search"))
	}
}

// TestEndlessPages reads a list from something that gives the same full page for ever.
func TestEndlessPages(t *testing.T) {
	s := newServer(t, "payments.txtar")
	page := "[" + strings.TrimSuffix(strings.Repeat(`{"uid":"a","type":"dash-db"},`, searchPage), ",") + "]"
	s.handlers["/api/search"] = func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, page) }
	live, _ := fetch(t, s.options(), Want{})
	if len(live.Dashboards.Items) != 1 || s.count("GET /api/search") > 4 {
		t.Errorf("got %d dashboards after %d searches", len(live.Dashboards.Items), s.count("GET /api/search"))
	}
}

// TestUnchanged fetches again with a previous Live: dashboards whose revision is the same are not asked for.
func TestUnchanged(t *testing.T) {
	const list = "/apis/dashboard.grafana.app/v1beta1/namespaces/default/dashboards"
	s := newServer(t, "payments.txtar")
	revision := "100"
	s.handlers[list] = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") != metadataOnly {
			t.Errorf("got Accept %q", r.Header.Get("Accept"))
		}
		if r.URL.Query().Get("continue") == "" {
			write(w, http.StatusOK, `{"kind":"PartialObjectMetadataList","metadata":{"continue":"x"},"items":[{"metadata":{"name":"pay-db","resourceVersion":"`+revision+`"}}]}`)
			return
		}
		write(w, http.StatusOK, `{"kind":"PartialObjectMetadataList","metadata":{},"items":[{"metadata":{"name":"pay-journey","resourceVersion":"200"}}]}`)
	}
	o := s.options()
	first, _ := fetch(t, o, Want{Folders: []string{"pay"}})
	if n := s.count("GET /api/dashboards/uid/"); n != 2 {
		t.Fatalf("got %d dashboards asked for", n)
	}
	o.Previous = first
	again, _ := fetch(t, o, Want{Folders: []string{"pay"}})
	if n := s.count("GET /api/dashboards/uid/"); n != 2 {
		t.Errorf("unchanged dashboards were asked for %d times more", n-2)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the second Live differs:\n%s", diff)
	}
	revision = "101"
	fetch(t, o, Want{Folders: []string{"pay"}})
	if n := s.count("GET /api/dashboards/uid/pay-db"); n != 2 {
		t.Errorf("the changed dashboard was asked for %d times", n)
	}
	// A Grafana that sends whole dashboards is asked for no second one of them.
	s.handlers[list] = func(w http.ResponseWriter, r *http.Request) {
		write(w, http.StatusOK, `{"kind":"DashboardList","metadata":{"continue":"x"},"items":[{"metadata":{"name":"pay-db","resourceVersion":"101"},"spec":{}}]}`)
	}
	before := s.count("GET " + list)
	fetch(t, o, Want{Folders: []string{"pay"}})
	if n := s.count("GET /api/dashboards/uid/"); n != 5 || s.count("GET "+list) != before+1 {
		t.Errorf("got %d dashboards and %d lists asked for", n, s.count("GET "+list)-before)
	}
}

func TestCancelled(t *testing.T) {
	s := newServer(t, "payments.txtar")
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	s.handlers["/api/datasources"] = func(http.ResponseWriter, *http.Request) {
		cancel()
		<-release
	}
	live, err := Fetch(ctx, s.options(), everything())
	if live != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v and %v", live, err)
	}
	if s.count("POST /api/ds/query") != 0 {
		t.Error("requests were sent after the end")
	}
}

// TestBudget ends the time for the whole while data sources are asked for: what was had is kept.
func TestBudget(t *testing.T) {
	s := newServer(t, "payments.txtar")
	ctx, cancel := context.WithCancelCause(t.Context())
	release := make(chan struct{})
	defer close(release)
	s.handlers["/api/datasources"] = func(http.ResponseWriter, *http.Request) {
		cancel(errBudget)
		<-release
	}
	live, _ := fetchOver(t, ctx, s.options(), everything(), func(next http.RoundTripper) http.RoundTripper { return next })
	if trouble := live.DataSources.Trouble; trouble == nil || trouble.Cause != catalog.TimedOut || !strings.Contains(trouble.Detail, "time for all of Grafana") {
		t.Errorf("data sources: got %v", trouble)
	}
	if live.Policies.Complete() || live.Probe("pay", catalog.LogSignal).Answer != catalog.NotKnown {
		t.Errorf("what was not had is %+v and %+v", live.Policies, live.Probes)
	}
	if !live.Dashboards.Complete() {
		t.Errorf("what was had is lost: %v", live.Dashboards.Trouble)
	}
	o := s.options()
	o.Budget = 1
	live, err := Fetch(t.Context(), o, everything())
	if err != nil || live.Permissions.Trouble == nil || live.Permissions.Trouble.Cause != catalog.TimedOut {
		t.Errorf("no time at all: got %+v and %v", live, err)
	}
}

func TestOptions(t *testing.T) {
	good := DefaultOptions()
	good.URL, good.Token, good.Now = "https://grafana.example.test/sub/", testToken, noon
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(o *Options){
		"no token":            func(o *Options) { o.Token = "" },
		"line breaks":         func(o *Options) { o.Token += "\n" },
		"is none":             func(o *Options) { o.URL = "ftp://x" },
		"holds a user":        func(o *Options) { o.URL = "https://admin:hunter2hunter2@x" },
		"does not parse":      func(o *Options) { o.URL = "https://x:hunter2hunter2@:y/%zz" },
		"more than a path":    func(o *Options) { o.URL = "https://x/?auth_token=hunter2hunter2" },
		"not above 0":         func(o *Options) { o.Rate = 0 },
		"at once are none":    func(o *Options) { o.InFlight = 0 },
		"above 0":             func(o *Options) { o.Timeout = 0 },
		"time of fetching":    func(o *Options) { o.Now = time.Time{} },
		"could not read":      func(o *Options) { o.TLS.CAFile = "testdata/no-such" },
		"no certificate":      func(o *Options) { o.TLS.CAFile = "testdata/payments.txtar" },
		"both its file":       func(o *Options) { o.TLS.CertFile = "x" },
		"client certificate ": func(o *Options) { o.TLS.CertFile, o.TLS.KeyFile = "x", "y" },
	} {
		o := good
		change(&o)
		_, err := Fetch(t.Context(), o, Want{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "glsa_") {
			t.Errorf("%s: got %v", want, err)
		}
	}
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if text := fmt.Sprintf(form, good); strings.Contains(text, "Tq7mZ2xW9cKp") || strings.Contains(text, fmt.Sprintf("%x", "Tq7mZ2xW")) {
			t.Errorf("%s shows the token: %s", form, text)
		}
	}
}
