package grafana

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
)

const testToken = Token("glsa_Tq7mZ2xW9cKp4RvN8sLd1YbG6hJf3uAe_0badc0de")

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// server is a Grafana on loopback that replays replies.
type server struct {
	*httptest.Server
	base string // path that it is served below

	mu       sync.Mutex
	replies  map[string]string // body by "METHOD path" or "METHOD path?query"
	status   map[string]int
	handlers map[string]http.HandlerFunc // before the replies, by path
	requests []string
	bad      []string // requests without what each has to bear
	active   int
	busiest  int
}

func newServer(t *testing.T, archive string) *server {
	t.Helper()
	s := &server{replies: map[string]string{}, status: map[string]int{}, handlers: map[string]http.HandlerFunc{}}
	if archive != "" {
		parsed, err := txtar.ParseFile(filepath.Join("testdata", archive))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range parsed.Files {
			words := strings.Fields(f.Name)
			status := http.StatusOK
			if len(words) == 3 {
				status, _ = strconv.Atoi(words[2])
			}
			s.reply(words[0]+" "+words[1], status, string(f.Data))
		}
		s.handlers["/api/ds/query"] = answerQueries
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) reply(name string, status int, body string) {
	s.replies[name], s.status[name] = body, status
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.URL.Path = strings.TrimPrefix(r.URL.Path, s.base)
	name := r.Method + " " + r.URL.Path
	s.mu.Lock()
	s.requests = append(s.requests, name+"?"+r.URL.RawQuery)
	if r.Header.Get("Authorization") != "Bearer "+string(testToken) || r.UserAgent() != "obsready" {
		s.bad = append(s.bad, name)
	}
	s.active++
	s.busiest = max(s.busiest, s.active)
	handler := s.handlers[r.URL.Path]
	body, has := s.replies[name+"?"+r.URL.RawQuery]
	status := s.status[name+"?"+r.URL.RawQuery]
	if !has {
		body, has = s.replies[name]
		status = s.status[name]
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.active--
		s.mu.Unlock()
	}()
	switch {
	case handler != nil:
		handler(w, r)
	case has:
		write(w, status, body)
	default:
		write(w, http.StatusNotFound, "<!DOCTYPE html><html><title>Grafana</title></html>")
	}
}

func write(w http.ResponseWriter, status int, body string) {
	kind := "application/json"
	if strings.HasPrefix(body, "<") {
		kind = "text/html; charset=UTF-8"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the client may be gone
}

// count gives how many requests there were whose name begins with a prefix.
func (s *server) count(prefix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.requests {
		if strings.HasPrefix(r, prefix) {
			n++
		}
	}
	return n
}

// options give a client of the server that does not wait.
func (s *server) options() Options {
	o := DefaultOptions()
	o.URL, o.Token, o.Now, o.Rate = s.URL+s.base, testToken, noon, 1e6
	return o
}

// fetch fetches without waiting between tries, and gives the pauses that there would have been.
func fetch(t *testing.T, o Options, w Want) (*catalog.Live, []time.Duration) {
	t.Helper()
	return fetchOver(t, t.Context(), o, w, func(next http.RoundTripper) http.RoundTripper { return next })
}

// fetchOver does so within a context, over a transport between the client's and the network.
func fetchOver(t *testing.T, ctx context.Context, o Options, w Want, over func(next http.RoundTripper) http.RoundTripper) (*catalog.Live, []time.Duration) {
	t.Helper()
	c, err := newClient(o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	var mu sync.Mutex
	var pauses []time.Duration
	c.polite.next = over(c.polite.next)
	c.polite.wait = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		pauses = append(pauses, d)
		return ctx.Err()
	}
	live := &catalog.Live{URL: c.url(), OrgID: o.OrgID, FetchedAt: o.Now.UTC()}
	c.fetch(ctx, live, w)
	return live, pauses
}

// roundTripper is a function as a transport.
type roundTripper func(req *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// answerQueries answers /api/ds/query as Grafana does: 400 as a whole when one query fails.
func answerQueries(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		From, To string
		Queries  []struct {
			RefID, Expr, Query, QueryType string
			Range                         bool
			Datasource                    struct{ UID, Type string }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.From != "1795435200000" || asked.To != "1795521600000" || len(asked.Queries) > perRequest {
		write(w, http.StatusBadRequest, `{"message":"bad request data"}`)
		return
	}
	status := http.StatusOK
	results := map[string]json.RawMessage{}
	for _, q := range asked.Queries {
		result := `{"status":200,"frames":[{"schema":{"refId":"A","meta":{"typeVersion":[0,0]},"fields":[]},"data":{"values":[]}}]}`
		text := q.Expr + q.Query
		switch {
		case q.Datasource.UID == "prom-down":
			result = `{"error":"Post \"http://127.0.0.1:9/api/v1/query\": dial tcp 127.0.0.1:9: connect: connection refused","errorSource":"downstream","status":502,"frames":[]}`
		case strings.Contains(text, "bad"):
			result = `{"error":"bad_data: parse error","errorSource":"downstream","status":400,"frames":[]}`
		case strings.Contains(text, "partial"):
			result = `{"status":200,"frames":[{"schema":{"meta":{"notices":[{"severity":"warning","text":"a store is away"}]},"fields":[]},"data":{"values":[]}}]}`
		case strings.Contains(text, "shop"):
			result = `{"status":200,"frames":[{"schema":{"fields":[{"name":"Time","type":"time"},{"name":"Value","type":"number"}]},"data":{"values":[[1795521600000],[42]]}}]}`
		case strings.Contains(text, "nightly") && q.Range:
			result = `{"status":200,"frames":[{"schema":{"fields":[{"name":"Time","type":"time"},{"name":"Value","type":"number"}]},"data":{"values":[[1795478400000,1795478700000],[3,2]]}}]}`
		case q.QueryType == "range" && strings.Contains(text, "pay"):
			result = `{"status":200,"frames":[{"schema":{"fields":[{"name":"labels","type":"other"},{"name":"Time","type":"time"},{"name":"Line","type":"string"}]},"data":{"values":[[{"app":"pay"}],[1795521599000],["card 4111111111111111 accepted"]]}}]}`
		case q.QueryType == "traceql" && text == `{ resource.service.name = "pay" }`:
			result = `{"status":200,"frames":[{"schema":{"fields":[{"name":"traceID","type":"string"},{"name":"startTime","type":"time"}]},"data":{"values":[["abc"],[1795521000000]]}}]}`
		}
		if strings.Contains(result, `"error"`) {
			status = http.StatusBadRequest
		}
		results[q.RefID] = json.RawMessage(result)
	}
	body, err := json.Marshal(map[string]any{"results": results})
	if err != nil {
		panic(err)
	}
	write(w, status, string(body))
}

func dashboardUIDs(live *catalog.Live, fetched bool) []string {
	var uids []string
	for _, d := range live.Dashboards.Items {
		if !fetched || d.JSON != nil {
			uids = append(uids, d.UID)
		}
	}
	slices.Sort(uids)
	return uids
}
