package grafana

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

func TestProbes(t *testing.T) {
	all := map[catalog.Signal][]string(nil)
	good := map[catalog.Signal][]string{catalog.MetricSignal: {"prom"}}
	for name, c := range map[string]struct {
		probe   Probe
		sources map[catalog.Signal][]string
		answer  catalog.Answer
		cause   catalog.Cause
		count   int
		newest  time.Time
	}{
		"series now":            {Probe{"a", catalog.MetricSignal, `{job="shop"}`}, good, catalog.Yes, "", 42, noon},
		"series in the night":   {Probe{"a", catalog.MetricSignal, `{job="nightly"}`}, good, catalog.Yes, "", 2, noon.Add(-11*time.Hour - 55*time.Minute)},
		"no series":             {Probe{"a", catalog.MetricSignal, `{job="nobody"}`}, good, catalog.No, "", 0, time.Time{}},
		"found before trouble":  {Probe{"a", catalog.MetricSignal, `{job="shop"}`}, all, catalog.Yes, "", 42, noon},
		"trouble in one source": {Probe{"a", catalog.MetricSignal, `{job="nobody"}`}, all, catalog.NotKnown, catalog.ServerError, 0, time.Time{}},
		"refused":               {Probe{"a", catalog.MetricSignal, `{job="bad"}`}, good, catalog.NotKnown, catalog.Refused, 0, time.Time{}},
		"incomplete":            {Probe{"a", catalog.MetricSignal, `{job="partial"}`}, good, catalog.NotKnown, catalog.PartialAnswer, 0, time.Time{}},
		"lines":                 {Probe{"a", catalog.LogSignal, `{app="pay"}`}, all, catalog.Yes, "", 1, noon.Add(-time.Second)},
		"no lines":              {Probe{"a", catalog.LogSignal, `{app="nobody"}`}, all, catalog.No, "", 0, time.Time{}},
		"traces":                {Probe{"a", catalog.TraceSignal, `pay`}, all, catalog.Yes, "", 1, noon.Add(-10 * time.Minute)},
		"no traces":             {Probe{"a", catalog.TraceSignal, `nobody`}, all, catalog.No, "", 0, time.Time{}},
		"a variable":            {Probe{"a", catalog.MetricSignal, `{job="$job"}`}, good, catalog.NotKnown, catalog.Template, 0, time.Time{}},
		"a variable in braces":  {Probe{"a", catalog.LogSignal, `{job="${job:regex}"}`}, all, catalog.NotKnown, catalog.Template, 0, time.Time{}},
		"no variable":           {Probe{"a", catalog.MetricSignal, `{job=~"^shop$"}`}, good, catalog.Yes, "", 42, noon},
		"a selector that ends":  {Probe{"a", catalog.MetricSignal, `{job="x"}) or vector(1`}, good, catalog.NotKnown, catalog.Syntax, 0, time.Time{}},
		"everything":            {Probe{"a", catalog.MetricSignal, `{}`}, good, catalog.NotKnown, catalog.Syntax, 0, time.Time{}},
		"nothing":               {Probe{"a", catalog.TraceSignal, ` `}, all, catalog.NotKnown, catalog.Syntax, 0, time.Time{}},
		"another signal":        {Probe{"a", "profiles", `{}`}, all, catalog.NotKnown, catalog.Unsupported, 0, time.Time{}},
		"no such source":        {Probe{"a", catalog.LogSignal, `{app="pay"}`}, map[catalog.Signal][]string{catalog.LogSignal: {"nope"}}, catalog.NotKnown, catalog.NotFound, 0, time.Time{}},
		"another source":        {Probe{"a", catalog.LogSignal, `{app="pay"}`}, map[catalog.Signal][]string{catalog.LogSignal: {"prom"}}, catalog.NotKnown, catalog.Unsupported, 0, time.Time{}},
	} {
		s := newServer(t, "payments.txtar")
		live, _ := fetch(t, s.options(), Want{Probes: []Probe{c.probe}, Sources: c.sources})
		p := live.Probes[0]
		var cause catalog.Cause
		if p.Trouble != nil {
			cause = p.Trouble.Cause
		}
		if p.Answer != c.answer || cause != c.cause || p.Count != c.count || !p.Newest.Equal(c.newest) {
			t.Errorf("%s: got %+v, %v", name, p, p.Trouble)
		}
		if sent := s.count("POST /api/ds/query"); cause == catalog.Template && sent != 0 {
			t.Errorf("%s: it was sent", name)
		}
	}
}

// TestProbesTogether sends the queries of many services in few requests, and one that is refused spoils no other.
func TestProbesTogether(t *testing.T) {
	s := newServer(t, "payments.txtar")
	w := Want{Sources: map[catalog.Signal][]string{catalog.MetricSignal: {"prom"}}}
	for i := range 95 {
		job := "shop"
		if i%10 == 3 {
			job = "bad"
		}
		w.Probes = append(w.Probes, Probe{fmt.Sprint("s", i), catalog.MetricSignal, fmt.Sprintf(`{job="%s-%d"}`, job, i)})
	}
	live, _ := fetch(t, s.options(), w)
	for i, p := range live.Probes {
		want := catalog.Yes
		if i%10 == 3 {
			want = catalog.NotKnown
		}
		if p.Answer != want || p.Service != fmt.Sprint("s", i) {
			t.Errorf("%d: got %+v", i, p)
		}
	}
	if n := s.count("POST /api/ds/query"); n != 10 {
		t.Errorf("got %d requests", n)
	}
}

func TestMetricsWarning(t *testing.T) {
	s := newServer(t, "payments.txtar")
	s.handlers["/api/datasources/uid/prom/resources/api/v1/label/__name__/values"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("start") != "1795435200" || r.URL.Query().Get("end") != "1795521600" {
			t.Errorf("got query %q", r.URL.RawQuery)
		}
		write(w, 200, `{"status":"success","data":["up"],"warnings":["a store is away"]}`)
	}
	live, _ := fetch(t, s.options(), Want{Metrics: []string{"up", "down"}, Sources: map[catalog.Signal][]string{catalog.MetricSignal: {"prom"}}})
	if answer, _ := live.Metric("", "up"); answer != catalog.Yes {
		t.Errorf("got %v", answer)
	}
	if answer, trouble := live.Metric("", "down"); answer != catalog.NotKnown || trouble.Cause != catalog.PartialAnswer {
		t.Errorf("got %v, %v", answer, trouble)
	}
}

func FuzzResults(f *testing.F) {
	f.Add([]byte(`{"results":{"A":{"status":200,"frames":[{"schema":{"fields":[{"name":"Time","type":"time"},{"name":"v","type":"number"}]},"data":{"values":[[1795521600000,null],[1,2.5e3]]}}]}}}`))
	f.Add([]byte(`{"results":{"A":{"error":"x","status":502,"frames":[]},"B":{"status":200,"frames":[{"schema":{"fields":[]},"data":{"values":[]}}]}}}`))
	f.Add([]byte(`{"results":{"A":{"frames":[{"schema":{"meta":{"notices":[{"severity":"warning"}]}},"data":{"values":[1,{}]}}]}}}`))
	f.Add([]byte(`{"message":"Data source not found"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		replies, err := readResults(body)
		if err != nil && replies != nil {
			t.Error("both replies and an error")
		}
		for ref, r := range replies {
			if r.trouble != nil && (r.rows > 0 || r.trouble.Detail == "" || r.trouble.Cause == "") {
				t.Errorf("%s: got %+v, %+v", ref, r, r.trouble)
			}
			if r.rows < 0 || !r.newest.IsZero() && (r.rows == 0 || r.newest.Year() > 9999) {
				t.Errorf("%s: got %+v", ref, r)
			}
		}
		if strings.Contains(string(body), `"results"`) && err == nil && replies == nil {
			t.Error("neither replies nor an error")
		}
	})
}
