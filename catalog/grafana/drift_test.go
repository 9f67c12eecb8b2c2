package grafana

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

const inGit = `{
  "__inputs": [{"name": "DS_PROM", "type": "datasource"}, {"name": "VAR_ENV", "type": "constant"}],
  "__requires": [{"type": "grafana", "id": "grafana", "version": "9.0.0"}],
  "title": "Pay", "uid": "pay", "schemaVersion": 36, "editable": true, "tags": ["b", "a"],
  "time": {"from": "now-1h", "to": "now"},
  "templating": {"list": [{"name": "env", "type": "custom", "query": "prod,test", "current": {"value": "prod"}}]},
  "panels": [
    {"id": 1, "type": "graph", "title": "Rate", "datasource": "${DS_PROM}", "targets": [{"expr": "sum(rate(x[5m]))\r\n", "refId": "A"}]},
    {"id": 2, "type": "stat", "title": "Errors", "datasource": "Prometheus", "targets": [{"expr": "sum(errors{env=\"${VAR_ENV}\"})", "refId": "A"}]},
    {"id": 3, "type": "row", "collapsed": true, "title": "More", "panels": [{"id": 4, "type": "stat", "title": "Queue", "targets": [{"expr": "queue", "refId": "A"}]}]}
  ]}`

const inGrafana = `{"annotations":{"list":[{"builtIn":1,"type":"dashboard"}]},"id":9007199254740993,"version":12,"iteration":1700000000,"gnetId":null,"uid":"pay","title":"Pay",
  "schemaVersion":41,"editable":false,"tags":["a","b"],"time":{"from":"now-6h","to":"now"},"refresh":"",
  "templating":{"list":[{"name":"env","type":"custom","query":"prod,test","current":{"value":"test","text":"test"},"options":[{"value":"prod"}],"hide":0}]},
  "panels":[
   {"id":1,"type":"timeseries","title":"Rate","pluginVersion":"12.4.0","datasource":{"type":"prometheus","uid":"prom"},"fieldConfig":{"defaults":{},"overrides":[]},"targets":[{"datasource":{"uid":"prom"},"expr":"sum(rate(x[5m]))","refId":"A"}]},
   {"id":12,"repeatPanelId":1,"type":"timeseries","title":"Rate","targets":[{"expr":"sum(rate(x[5m]))"}]},
   {"id":2,"type":"stat","title":"Errors","datasource":{"type":"prometheus","uid":"prom"},"targets":[{"expr":"sum(errors{env=\"prod\"})","refId":"A"}]},
   {"id":3,"type":"row","collapsed":false,"title":"More","panels":[]},
   {"id":4,"type":"stat","title":"Queue","targets":[{"expr":"queue","refId":"A"}]}]}`

func TestDrift(t *testing.T) {
	sources := []catalog.LiveDataSource{{UID: "prom", Name: "Prometheus"}, {UID: "old", Name: "Old"}}
	wrapped := `{"meta":{"version":3},"dashboard":` + inGrafana + `}`
	resource := `{"apiVersion":"dashboard.grafana.app/v1beta1","kind":"Dashboard","metadata":{"name":"pay"},"spec":` + inGit + `}`
	for name, c := range map[string]struct {
		live, git string
		want      []string
	}{
		"imported":        {inGrafana, inGit, nil},
		"itself":          {inGit, inGit, nil},
		"in wrappings":    {wrapped, resource, nil},
		"a query":         {strings.Replace(inGrafana, `"expr":"queue"`, `"expr":"queue > 0"`, 1), inGit, []string{`query of "Queue" was changed in Grafana: "queue > 0", in git "queue"`}},
		"a new panel":     {strings.Replace(inGrafana, `{"id":4,`, `{"id":9,"type":"stat","title":"By hand","targets":[]},{"id":4,`, 1), inGit, []string{`"By hand" was added in Grafana`}},
		"a panel less":    {inGrafana, strings.Replace(inGit, `{"id": 2,`, `{"id": 8, "type": "text", "title": "Read me"},{"id": 2,`, 1), []string{`"Read me" was removed in Grafana`}},
		"a renamed panel": {strings.Replace(inGrafana, `"title":"Queue"`, `"title":"Backlog"`, 1), inGit, []string{`title of "Backlog" was changed in Grafana: "Backlog", in git "Queue"`}},
		"another type":    {strings.Replace(inGrafana, `"type":"stat","title":"Queue"`, `"type":"gauge","title":"Queue"`, 1), inGit, []string{`type of "Queue" was changed in Grafana: "gauge", in git "stat"`}},
		"a data source":   {strings.Replace(inGrafana, `"title":"Errors","datasource":{"type":"prometheus","uid":"prom"}`, `"title":"Errors","datasource":{"type":"prometheus","uid":"old"}`, 1), inGit, []string{`data source of "Errors" was changed in Grafana: "old", in git "Prometheus"`}},
		"a variable":      {strings.Replace(inGrafana, `"query":"prod,test"`, `"query":"prod"`, 1), inGit, []string{`query of "$env" was changed in Grafana: "prod", in git "prod,test"`}},
		"title and tags":  {strings.Replace(strings.Replace(inGrafana, `"title":"Pay"`, `"title":"Pay (copy)"`, 1), `["a","b"]`, `["a"]`, 1), inGit, []string{`title was changed in Grafana: "Pay (copy)", in git "Pay"`, `tags was changed in Grafana: "a", in git "a, b"`}},
		"no dashboard":    {`{"a":1}`, inGit, []string{"the live JSON is no dashboard"}},
		"no JSON in git":  {inGrafana, `title: x`, []string{"the JSON in git is no dashboard"}},
	} {
		var got []string
		for _, d := range Drift([]byte(c.live), []byte(c.git), sources) {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// TestDriftOfMany pairs many panels of one title in time, and in their order.
func TestDriftOfMany(t *testing.T) {
	board := func(n int, query string) []byte {
		var b strings.Builder
		b.WriteString(`{"title":"x","schemaVersion":30,"panels":[`)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"type":"stat","title":"same","gridPos":{},"targets":[{"expr":"%s_%d"}]}`, query, i)
		}
		b.WriteString("]}")
		return []byte(b.String())
	}
	if got := Drift(board(2000, "a"), board(2000, "a"), nil); len(got) != 0 {
		t.Errorf("got %v", got[0])
	}
	if got := Drift(board(2000, "a"), board(2000, "b"), nil); len(got) != 2000 || got[7].Live != "a_7" || got[7].InGit != "b_7" {
		t.Errorf("got %d differences", len(got))
	}
}

func FuzzDrift(f *testing.F) {
	f.Add([]byte(inGrafana), []byte(inGit))
	f.Add([]byte(`{"elements":{},"layout":null,"title":"x"}`), []byte(`{"panels":[{"repeatPanelId":1}],"schemaVersion":1,"title":"x"}`))
	f.Fuzz(func(t *testing.T, live, git []byte) {
		for _, d := range Drift(live, git, nil) {
			if d.Kind == "" || d.String() == "" {
				t.Errorf("got %+v", d)
			}
		}
		for _, d := range Drift(live, live, nil) {
			if d.Kind != Unreadable {
				t.Errorf("a dashboard differs from itself: %v", d)
			}
		}
	})
}
