package grafana

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

// parts gives the trouble of every part of a Live by its name, "" for a part that was had.
func parts(live *catalog.Live) map[string]catalog.Cause {
	cause := func(t *catalog.Trouble) catalog.Cause {
		if t == nil {
			return ""
		}
		return t.Cause
	}
	return map[string]catalog.Cause{
		"permissions": cause(live.Permissions.Missing()), "folders": cause(live.Folders.Missing()), "dashboards": cause(live.Dashboards.Missing()),
		"data sources": cause(live.DataSources.Missing()), "contact points": cause(live.ContactPoints.Missing()), "policies": cause(live.Policies.Missing()),
		"mute timings": cause(live.MuteTimings.Missing()), "silences": cause(live.Silences.Missing()), "rules": cause(live.Rules[0].Rules.Missing()),
		"logs": cause(live.Probe("pay", catalog.LogSignal).Trouble), "traces": cause(live.Probe("pay", catalog.TraceSignal).Trouble),
	}
}

// TestNothingToBeHad tells what becomes of a Grafana that answers nothing: every part has the cause, no part says "none", and no
// more than the first question is asked.
func TestNothingToBeHad(t *testing.T) {
	const page = "<!DOCTYPE html><html><body>Sign in</body></html>"
	reply := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { write(w, status, body) }
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		cause   catalog.Cause
		detail  string
	}{
		"401":          {reply(401, `{"message":"Invalid API key","messageId":"api-key.invalid","statusCode":401}`), catalog.Unauthorized, "Invalid API key"},
		"401 without":  {reply(401, ``), catalog.Unauthorized, "the token is not taken"},
		"404 page":     {reply(404, page), catalog.NotJSON, "see whether the address of Grafana is right"},
		"page":         {reply(200, page), catalog.NotJSON, "see whether the address of Grafana is right"},
		"empty":        {reply(200, ""), catalog.NotJSON, "an empty reply"},
		"truncated":    {reply(200, `{"dashboards:read":["folders:`), catalog.NotJSON, "stops being JSON"},
		"another kind": {reply(200, `["a"]`), catalog.NotJSON, "another kind of value"},
		"to the login": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login?token=Zx8qLw3RtY6uVb1n", http.StatusFound)
		}, catalog.Redirected, "/login"},
		"to another host": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/api", http.StatusTemporaryRedirect)
		}, catalog.Redirected, "127.0.0.1:1"},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"a":`)) // the server's own check of the length is what breaks it off
		}, catalog.NoConnection, "the connection ended"},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = conn.Write([]byte("220 mail\r\n"))
			_ = conn.Close()
		}, catalog.NoConnection, "no HTTP"},
	} {
		s := newServer(t, "payments.txtar")
		s.handlers["/api/access-control/user/permissions"] = c.handler
		live, _ := fetch(t, s.options(), everything())
		for part, cause := range parts(live) {
			if cause != c.cause {
				t.Errorf("%s: %s is %q, want %q", name, part, cause, c.cause)
			}
		}
		if detail := live.Permissions.Trouble.Detail; !strings.Contains(detail, c.detail) || strings.Contains(detail, "Zx8q") {
			t.Errorf("%s: got detail %q, want %q", name, detail, c.detail)
		}
		if s.count("") != s.count("GET /api/access-control") {
			t.Errorf("%s: got %d requests after the first", name, s.count(""))
		}
		if _, trouble := live.Dashboard("pay-db"); trouble == nil || trouble.Cause != c.cause {
			t.Errorf("%s: a dashboard is %v", name, trouble)
		}
		checkSnapshot(t, live)
	}
}

func TestNoConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	o := DefaultOptions()
	o.URL, o.Token, o.Now, o.Rate = "http://"+address, testToken, noon, 1e6
	live, pauses := fetch(t, o, everything())
	if trouble := live.DataSources.Trouble; trouble.Cause != catalog.NoConnection || !strings.Contains(trouble.Detail, "connection refused") {
		t.Errorf("got %v", trouble)
	}
	if diff := cmp.Diff([]time.Duration{firstGap, 2 * firstGap, 4 * firstGap}, pauses); diff != "" {
		t.Errorf("pauses: -want +got:\n%s", diff)
	}
}

func TestTimeout(t *testing.T) {
	s := newServer(t, "payments.txtar")
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	s.handlers["/api/datasources"] = func(http.ResponseWriter, *http.Request) { <-release }
	o := s.options()
	o.Timeout, o.Retries = 500*time.Millisecond, 1
	live, pauses := fetch(t, o, everything())
	if got := parts(live); got["data sources"] != catalog.TimedOut || got["logs"] != catalog.TimedOut || got["dashboards"] != "" || got["rules"] != "" {
		t.Errorf("got %v", got)
	}
	if len(pauses) != 1 {
		t.Errorf("got pauses %v", pauses)
	}
}

// TestTLS trusts the authority of a file, and nothing else unless it is told to.
func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w, 200, `{}`) }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		tls TLS
		ok  bool
	}{
		"unknown authority": {TLS{}, false},
		"its authority":     {TLS{CAFile: ca}, true},
		"another name":      {TLS{CAFile: ca, ServerName: "example.com"}, true},
		"a wrong name":      {TLS{CAFile: ca, ServerName: "grafana.example.test"}, false},
		"any":               {TLS{Insecure: true}, true},
	} {
		o := DefaultOptions()
		o.URL, o.Token, o.Now, o.TLS, o.Rate = s.URL, testToken, noon, c.tls, 1e6
		live, pauses := fetch(t, o, Want{})
		trouble := live.Permissions.Trouble
		if (trouble == nil) != c.ok || !c.ok && (trouble.Cause != catalog.NoConnection || !strings.Contains(trouble.Detail, "not trusted")) || len(pauses) > 0 {
			t.Errorf("%s: got %v after pauses %v", name, trouble, pauses)
		}
	}
}

// TestTokenWithoutRights has the role None: lists are empty with status 200, and none of them means "none".
func TestTokenWithoutRights(t *testing.T) {
	const denied = `{"accessErrorId":"ACE1","message":"You'll need additional permissions to perform this action. Permissions needed: x","title":"Access denied"}`
	s := newServer(t, "payments.txtar")
	for name := range s.replies {
		s.reply(name, 403, denied)
	}
	delete(s.handlers, "/api/ds/query")
	s.reply("GET /api/access-control/user/permissions", 200, `{"folders:read":["folders:uid:sharedwithme"]}`)
	s.reply("GET /api/search?limit=5000&page=1&type=dash-folder", 200, `[]`)
	s.reply("GET /api/search?limit=5000&page=1&type=dash-db", 200, `[]`)
	live, _ := fetch(t, s.options(), everything())
	for part, cause := range parts(live) {
		want := catalog.NoPermission
		if part == "permissions" || part == "folders" {
			want = ""
		}
		if cause != want {
			t.Errorf("%s is %q, want %q", part, cause, want)
		}
	}
	if d := live.Dashboards.Trouble.Detail; !strings.Contains(d, "dashboards:read") {
		t.Errorf("got %q", d)
	}
	if _, trouble := live.Dashboard("pay-db"); trouble.Cause != catalog.NoPermission {
		t.Errorf("got %v", trouble)
	}
	checkSnapshot(t, live)
}

// TestEmptyGrafana has nothing, and a token that would see it.
func TestEmptyGrafana(t *testing.T) {
	for permissions, complete := range map[string]bool{`{"dashboards:read":["dashboards:*"]}`: true, `{}`: false} {
		s := newServer(t, "payments.txtar")
		s.reply("GET /api/access-control/user/permissions", 200, permissions)
		s.reply("GET /api/search?limit=5000&page=1&type=dash-db", 200, `[]`)
		live, _ := fetch(t, s.options(), Want{})
		if live.Dashboards.Complete() != complete {
			t.Errorf("%s: got %v", permissions, live.Dashboards.Trouble)
		}
	}
	s := newServer(t, "payments.txtar") // a Grafana of before access control
	s.reply("GET /api/access-control/user/permissions", 404, `{"message":"Not found"}`)
	s.reply("GET /api/search?limit=5000&page=1&type=dash-db", 200, `[]`)
	live, _ := fetch(t, s.options(), Want{})
	if live.Dashboards.Complete() || live.DataSources.Missing() != nil {
		t.Errorf("got %v and %v", live.Dashboards.Trouble, live.DataSources.Trouble)
	}
}

// TestPartsFail lets one request fail in each way, and all others go well.
func TestPartsFail(t *testing.T) {
	for _, c := range []struct {
		path, part string
	}{
		{"/api/search", "dashboards"}, {"/api/datasources", "data sources"}, {"/api/v1/provisioning/contact-points", "contact points"},
		{"/api/v1/provisioning/policies", "policies"}, {"/api/v1/provisioning/mute-timings", "mute timings"},
		{"/api/alertmanager/grafana/api/v2/silences", "silences"}, {"/api/prometheus/grafana/api/v1/rules", "rules"},
	} {
		for status, want := range map[int]catalog.Cause{
			401: catalog.Unauthorized, 403: catalog.NoPermission, 404: catalog.Unsupported, 406: catalog.Refused, 422: catalog.Refused, 429: catalog.RateLimited,
			500: catalog.ServerError, 503: catalog.ServerError,
		} {
			s := newServer(t, "payments.txtar")
			s.handlers[c.path] = func(w http.ResponseWriter, _ *http.Request) {
				write(w, status, `{"message":"something with token `+string(testToken)+`"}`)
			}
			o := s.options()
			o.Retries = 0
			live, _ := fetch(t, o, everything())
			for part, cause := range parts(live) {
				alike := part == c.part || c.path == "/api/search" && part == "folders" || c.path == "/api/datasources" && (part == "logs" || part == "traces")
				switch {
				case alike && cause != want:
					t.Errorf("%s with %d: %s is %q, want %q", c.path, status, part, cause, want)
				case !alike && cause != "":
					t.Errorf("%s with %d: %s is %q", c.path, status, part, cause)
				}
			}
			text, err := json.Marshal(live)
			if err != nil || strings.Contains(string(text), "Tq7mZ2xW9cKp") {
				t.Errorf("%s with %d: the token is kept, or %v", c.path, status, err)
			}
		}
	}
}

// TestRetries tells which requests are sent again, and after what pause.
func TestRetries(t *testing.T) {
	const path = "/api/datasources"
	header := func(pairs ...string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			for i := 0; i < len(pairs); i += 2 {
				w.Header().Set(pairs[i], pairs[i+1])
			}
		}
	}
	for name, c := range map[string]struct {
		statuses []int // of the replies before the good one
		header   func(w http.ResponseWriter)
		pauses   []time.Duration
		cause    catalog.Cause
	}{
		"5xx then good":      {[]int{500, 502}, header(), []time.Duration{firstGap, 2 * firstGap}, ""},
		"429 with seconds":   {[]int{429, 429}, header("Retry-After", "7"), []time.Duration{7 * time.Second, 7 * time.Second}, ""},
		"429 with a time":    {[]int{429}, header("Date", "Tue, 24 Nov 2026 12:00:00 GMT", "Retry-After", "Tue, 24 Nov 2026 12:00:09 GMT"), []time.Duration{9 * time.Second}, ""},
		"429 in an hour":     {[]int{429}, header("Retry-After", "3600"), nil, catalog.RateLimited},
		"429 with nonsense":  {[]int{429}, header("Retry-After", "-5, soon"), []time.Duration{firstGap}, ""},
		"503 that stays":     {[]int{503, 503, 503, 503, 503}, header(), []time.Duration{firstGap, 2 * firstGap, 4 * firstGap}, catalog.ServerError},
		"403 is final":       {[]int{403}, header(), nil, catalog.NoPermission},
		"501 is final":       {[]int{501}, header(), nil, catalog.ServerError},
		"a redirect is, too": {[]int{302}, header("Location", "/login"), nil, catalog.Redirected},
	} {
		s := newServer(t, "payments.txtar")
		left := slices.Clone(c.statuses)
		s.handlers[path] = func(w http.ResponseWriter, _ *http.Request) {
			if len(left) == 0 {
				write(w, 200, s.replies["GET "+path])
				return
			}
			c.header(w)
			write(w, left[0], `{"message":"later"}`)
			left = left[1:]
		}
		live, pauses := fetch(t, s.options(), Want{})
		if diff := cmp.Diff(c.pauses, pauses); diff != "" {
			t.Errorf("%s: pauses: -want +got:\n%s", name, diff)
		}
		var got catalog.Cause
		if trouble := live.DataSources.Trouble; trouble != nil {
			got = trouble.Cause
		}
		if got != c.cause {
			t.Errorf("%s: got %q, want %q", name, got, c.cause)
		}
	}
}

// TestRetriesOfTheRun ends when the whole run has used up its retries.
func TestRetriesOfTheRun(t *testing.T) {
	s := newServer(t, "payments.txtar")
	for _, path := range []string{"/api/datasources", "/api/search", "/api/v1/provisioning/policies"} {
		s.handlers[path] = func(w http.ResponseWriter, _ *http.Request) { write(w, 503, `{}`) }
	}
	o := s.options()
	o.AllRetries = 4
	_, pauses := fetch(t, o, everything())
	if len(pauses) != 4 {
		t.Errorf("got %d retries", len(pauses))
	}
}

// TestGrafanaGoesAway makes no more tries once several in a row found nobody.
func TestGrafanaGoesAway(t *testing.T) {
	s := newServer(t, "payments.txtar")
	w := everything()
	for i := range 200 {
		w.UIDs = append(w.UIDs, fmt.Sprint("d", i))
	}
	tries, gone := 0, false
	o := s.options()
	o.InFlight = 1
	live, _ := fetchOver(t, t.Context(), o, w, func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			gone = gone || req.URL.Path == "/api/search"
			if !gone {
				return next.RoundTrip(req)
			}
			tries++
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		})
	})
	if tries != maxLost {
		t.Errorf("got %d tries", tries)
	}
	if got := parts(live); got["permissions"] != "" || got["dashboards"] != catalog.NoConnection || got["policies"] != catalog.NoConnection {
		t.Errorf("got %v", got)
	}
}

func TestQueriesAreNotRepeated(t *testing.T) {
	s := newServer(t, "payments.txtar")
	calls := 0
	s.handlers["/api/ds/query"] = func(w http.ResponseWriter, r *http.Request) {
		calls++
		write(w, 503, `{"message":"busy"}`)
	}
	live, pauses := fetch(t, s.options(), Want{Probes: []Probe{{"pay", catalog.LogSignal, `{app="pay"}`}}})
	if p := live.Probes[0]; calls != 1 || len(pauses) != 0 || p.Answer != catalog.NotKnown || p.Trouble.Cause != catalog.ServerError {
		t.Errorf("got %d calls and %+v", calls, p)
	}
}

func TestTooLarge(t *testing.T) {
	s := newServer(t, "payments.txtar")
	s.handlers["/api/datasources"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		block := []byte(strings.Repeat(" ", 1<<20))
		for range maxBody>>20 + 2 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	live, _ := fetch(t, s.options(), Want{})
	if trouble := live.DataSources.Trouble; trouble == nil || trouble.Cause != catalog.TooLarge {
		t.Errorf("got %v", trouble)
	}
}

// TestTokenComesBack holds that the token is kept in no part, however a reply brings it back: in keys, names, scopes and messages.
func TestTokenComesBack(t *testing.T) {
	s := newServer(t, "payments.txtar")
	for name, body := range s.replies {
		s.replies[name] = strings.NewReplacer(`Payments`, string(testToken), `folders:*`, string(testToken), `"labels":{`, `"labels":{"`+string(testToken)+`":"x",`).Replace(body)
	}
	live, _ := fetch(t, s.options(), everything())
	var b bytes.Buffer
	if err := WriteSnapshot(&b, live); err != nil || strings.Contains(b.String(), string(testToken)) || !strings.Contains(b.String(), hidden) {
		t.Errorf("the token is kept, or %v", err)
	}
}

// TestNoListIsNoNone holds that who answers 404 to everything is not believed that there are no dashboards, and that a list of rules
// is one only when it says so.
func TestNoListIsNoNone(t *testing.T) {
	s := newServer(t, "")
	s.handlers["/api/search"] = func(w http.ResponseWriter, _ *http.Request) { write(w, 404, `{"message":"Not found"}`) }
	s.reply("GET /api/dashboards/uid/pay", 404, `{"message":"Not found"}`)
	s.reply("GET /api/prometheus/grafana/api/v1/rules", 200, `null`)
	s.reply("GET /api/access-control/user/permissions", 200, `{"alert.rules:read":["folders:*"]}`)
	live, _ := fetch(t, s.options(), Want{UIDs: []string{"pay"}, Alerts: true})
	if d, trouble := live.Dashboard("pay"); d != nil || trouble.Cause != catalog.Unsupported {
		t.Errorf("got %v and %v", d, trouble)
	}
	if r, trouble := live.Rule("pay"); r != nil || trouble.Cause != catalog.NotJSON {
		t.Errorf("got %v and %v", r, trouble)
	}
}
