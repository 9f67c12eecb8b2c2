package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"obsready/scorecard/intake"
)

const liveToken = "glsa_Tq7mZ2xW9cKp4RvN8sLd1YbG6hJf3uAe_0badc0de"

// liveGrafana is a Grafana on loopback with the replies of catalog/grafana/testdata, in which one handler may stand before them.
func liveGrafana(t *testing.T, before http.HandlerFunc) string {
	t.Helper()
	archive, err := txtar.ParseFile("catalog/grafana/testdata/payments.txtar")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	replies := map[string]txtar.File{}
	for _, f := range archive.Files {
		words := strings.Fields(f.Name)
		replies[words[0]+" "+words[1]] = f
	}
	mux.HandleFunc("/api/ds/query", liveQueries)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		f, has := replies[r.Method+" "+r.URL.Path+"?"+r.URL.RawQuery]
		if !has {
			f, has = replies[r.Method+" "+r.URL.Path]
		}
		status := http.StatusOK
		if words := strings.Fields(f.Name); len(words) == 3 {
			status, _ = strconv.Atoi(words[2])
		}
		if !has {
			f.Data, status = []byte(`{"message":"Dashboard not found"}`), http.StatusNotFound
		}
		liveReply(w, status, string(f.Data))
	})
	if before == nil {
		before = mux.ServeHTTP
	}
	s := httptest.NewServer(before)
	t.Cleanup(s.Close)
	return s.URL
}

// liveQueries has series in one data source, no logs, and no answer of another data source.
func liveQueries(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Queries []struct {
			RefID      string
			Datasource struct{ UID string }
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&request) // what is no request has no queries
	results, status := map[string]any{}, http.StatusOK
	for _, q := range request.Queries {
		var reply string
		switch q.Datasource.UID {
		case "prom":
			reply = `{"status":200,"frames":[{"schema":{"fields":[{"type":"time"},{"type":"number"}]},"data":{"values":[[1795521600000],[3]]}}]}`
		case "loki":
			reply = `{"status":200,"frames":[{"schema":{"fields":[]},"data":{"values":[]}}]}`
		default:
			reply, status = `{"status":502,"error":"connection refused, said `+r.Header.Get("Authorization")+`"}`, http.StatusBadRequest
		}
		results[q.RefID] = json.RawMessage(reply)
	}
	text, _ := json.Marshal(map[string]any{"results": results}) // it was JSON
	liveReply(w, status, string(text))
}

func liveReply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // who does not listen any more does not matter
}

const liveCatalog = `
-- obsready.toml --
[grafana]
url = "GRAFANA"
rate = 1000
timeout = "TIMEOUT"
budget = "TIMEOUT"
-- pay/service.toml --
name = "pay"
[signals]
metrics = '{job="pay"}'
logs = '{app="pay"}'
traces = "pay"
-- pay/journey.json --
{"uid": "pay-journey", "title": "Journey: pay", "schemaVersion": 41, "panels": [
 {"id": 1, "type": "stat", "title": "Success", "datasource": {"type": "prometheus", "uid": "prom"}, "targets": [{"refId": "A", "expr": "sum(rate(pay_requests_total[5m]))"}]}]}
-- pay/alerts.yaml --
groups:
  - name: symptoms
    rules:
      - alert: PayBudgetBurn
        expr: pay_success < 0.99
        labels: {severity: page, service: pay}
-- ledger/service.toml --
name = "ledger"
[links]
dashboard = "no-such"
-- vault/service.toml --
name = "vault"
[links]
dashboard = "hidden"
`

// liveRun is the catalog in a repository, and room for reports.
type liveRun struct {
	dir, catalog string
}

// newLiveRun makes the repository. timeout is that of a request, and of all together.
func newLiveRun(t *testing.T, grafana, timeout string) liveRun {
	t.Helper()
	r := liveRun{dir: t.TempDir()}
	r.catalog = filepath.Join(r.dir, "catalog")
	for _, f := range txtar.Parse([]byte(strings.NewReplacer("GRAFANA", grafana, "TIMEOUT", timeout).Replace(liveCatalog))).Files {
		file := filepath.Join(r.catalog, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "--all"}, {"commit", "--quiet", "--message", "change"}} {
		git := exec.Command("git", append([]string{"-C", r.catalog}, args...)...)
		git.Env = append(append(os.Environ(), gitEnv...), "GIT_AUTHOR_DATE=2026-11-01T00:00:00Z", "GIT_COMMITTER_DATE=2026-11-01T00:00:00Z")
		if text, err := git.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	t.Setenv(intake.TokenVariable, liveToken)
	return r
}

// scorecard runs the program and gives its exit code and all that it said.
func (r liveRun) scorecard(ctx context.Context, out string, args ...string) (code int, said string) {
	var b bytes.Buffer
	args = append([]string{"scorecard", "--verbose", "--now", "2026-11-24T12:00:00Z", "--fail-on", "never", "--cache", filepath.Join(r.dir, "cache"), "--out", filepath.Join(r.dir, out)}, args...)
	code = run(ctx, append(args, r.catalog), &b, &b)
	return code, b.String()
}

// files gives the content of a report directory, and fails when one of them holds the token.
func (r liveRun) files(t *testing.T, out string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(filepath.Join(r.dir, out))
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if strings.Contains(text, liveToken) {
			t.Errorf("%s holds the token", name)
		}
	}
	return files
}

// liveVerdicts gives the verdicts of the checks of a live Grafana by service and check, with what was found.
func liveVerdicts(t *testing.T, report string) map[string]string {
	t.Helper()
	var r struct {
		Services []struct {
			ID      string
			Results []struct {
				Check, Verdict string
				Requirements   []struct{ Message string }
			}
		}
	}
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	for _, s := range r.Services {
		for _, x := range s.Results {
			if slices.Contains(strings.Split(liveChecks, ","), x.Check) {
				verdicts[s.ID+" "+x.Check] = fmt.Sprint(x.Verdict, x.Requirements)
			}
		}
	}
	return verdicts
}

const liveChecks = "metrics-live,logs-live,traces-live,dashboard-live,dashboard-drift,sources-live,alert-live,alert-awake,alert-received"

// TestLive holds the whole way from a Grafana to the report: each verdict, the same report with another number of workers, and
// byte for byte the same one from the live.json alone.
func TestLive(t *testing.T) {
	r := newLiveRun(t, liveGrafana(t, nil), "1m")
	code, said := r.scorecard(t.Context(), "one", "--workers", "1")
	if code != exitReady || strings.Contains(said, liveToken) {
		t.Fatalf("got %d: %s", code, said)
	}
	one := r.files(t, "one")
	verdicts := liveVerdicts(t, one["report.json"])
	for which, want := range map[string]string{
		"pay metrics-live":       `pass[{data source "Prometheus" has 3 series`,
		"pay logs-live":          `fail[{no logs of service "pay" have arrived`,
		"pay traces-live":        `unknown[{whether traces of service "pay" arrive is not known: server error (HTTP 502): connection refused, said Bearer [redacted]`,
		"pay dashboard-drift":    `query of "Success" was changed in Grafana`,
		"pay alert-live":         `pass[{alert "PayBudgetBurn" in Grafana is evaluated without error`,
		"pay alert-awake":        `pass[`,
		"pay alert-received":     `pass[`,
		"ledger dashboard-live":  `fail[{the entry names dashboard "no-such"`,
		"ledger alert-live":      `data source "Prometheus (old)" does not tell its rules`,
		"ledger alert-received":  `not applicable`,
		"vault dashboard-live":   `unknown[{whether dashboard "hidden" is in Grafana is not known: no permission (HTTP 403)`,
		"vault sources-live":     `unknown[`,
		"vault dashboard-drift":  `not applicable`,
		"ledger dashboard-drift": `not applicable`,
	} {
		if got := verdicts[which]; !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", which, got, want)
		}
	}
	r.scorecard(t.Context(), "eight", "--workers", "8")
	t.Setenv(intake.TokenVariable, "")
	if code, said := r.scorecard(t.Context(), "again", "--live", filepath.Join(r.dir, "one", "live.json")); code != exitReady {
		t.Fatalf("got %d: %s", code, said)
	}
	for _, out := range []string{"eight", "again"} {
		if !maps.Equal(one, r.files(t, out)) {
			t.Errorf("directory %q is another than that of one worker", out)
		}
	}
}

// TestLiveTrouble holds that a Grafana that answers nothing of use passes and fails nothing, whatever it answers.
func TestLiveTrouble(t *testing.T) {
	reply := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			liveReply(w, status, strings.ReplaceAll(body, "TOKEN", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
		within string
	}{
		"not known":     {reply(401, `{"message":"Invalid API key TOKEN"}`), "unauthorized (HTTP 401): Invalid API key [redacted]", ""},
		"not allowed":   {reply(403, `{"message":"Permissions needed"}`), "no permission (HTTP 403)", ""},
		"nothing there": {reply(404, `{"message":"Not found"}`), "unsupported (HTTP 404)", ""},
		"a page":        {reply(200, `<!DOCTYPE html>`), "not JSON (HTTP 200)", ""},
		"cut off":       {reply(200, `{"dashboards:read":["`), "not JSON", ""},
		"nothing":       {reply(200, `null`), "no permission (HTTP 200): the list is empty", ""},
		"too often": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "3600")
			liveReply(w, 429, `{}`)
		}, "rate limited (HTTP 429)", ""},
		"to the login": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login?token="+liveToken, http.StatusFound)
		}, "redirected (HTTP 302)", ""},
		"no reply": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "time-out", "200ms"},
		"rules of nobody": {func(w http.ResponseWriter, r *http.Request) {
			liveReply(w, 200, `{"dashboards:read":[""],"alert.rules:read":[""],"TOKEN":["`+liveToken+`"]}`)
		}, "not JSON (HTTP 200): the reply holds no list of rules", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newLiveRun(t, liveGrafana(t, c.answer), cmp.Or(c.within, "1m"))
			code, said := r.scorecard(t.Context(), "report", "--checks", liveChecks)
			report := r.files(t, "report")["report.json"]
			if code != exitReady || strings.Contains(said, liveToken) || !strings.Contains(report, c.says) {
				t.Errorf("got %d and %s, want %q", code, said, c.says)
			}
			for which, verdict := range liveVerdicts(t, report) {
				if strings.HasPrefix(verdict, "pass") || strings.HasPrefix(verdict, "fail") {
					t.Errorf("%s: got %s", which, verdict)
				}
			}
		})
	}
}

// TestLiveInterrupted holds that a run that is stopped while Grafana is asked leaves the report of before.
func TestLiveInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	r := newLiveRun(t, liveGrafana(t, func(_ http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done()
	}), "1h")
	if code, said := r.scorecard(t.Context(), "report", "--offline"); code != exitReady {
		t.Fatalf("got %d: %s", code, said)
	}
	before := r.files(t, "report")
	code, said := r.scorecard(ctx, "report")
	if code != exitFailed || !strings.Contains(said, "was stopped") {
		t.Errorf("got %d: %s", code, said)
	}
	if !maps.Equal(before, r.files(t, "report")) {
		t.Error("the report of before was not kept")
	}
}

// TestLiveFileDamaged holds that a live.json that cannot be right ends the run before anything is written.
func TestLiveFileDamaged(t *testing.T) {
	r := newLiveRun(t, liveGrafana(t, nil), "1m")
	r.scorecard(t.Context(), "one")
	good := r.files(t, "one")["live.json"]
	for name, text := range map[string]string{
		"half":          good[:len(good)/2],
		"deep":          strings.Repeat("[", 1<<20),
		"other version": strings.Replace(good, `"version": 1`, `"version": 2`, 1),
		"changed":       strings.Replace(good, "pay_queue_depth", "pay_queue_width", 1),
		"no address":    strings.Replace(good, `"url": "http`, `"url": "javascript:alert(1)//http`, 1),
	} {
		file := filepath.Join(r.dir, "damaged.json")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if code, said := r.scorecard(t.Context(), "damaged", "--live", file); code != exitUsage || !strings.Contains(said, "damaged.json: the ") {
			t.Errorf("%s: got %d: %s", name, code, said)
		}
		if _, err := os.Stat(filepath.Join(r.dir, "damaged")); err == nil {
			t.Errorf("%s: a report was written", name)
		}
	}
}
