package grafana

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

// listed is a Grafana that lists some dashboards.
func listed() *catalog.Live {
	live := &catalog.Live{URL: "https://grafana.example", FetchedAt: noon}
	live.Dashboards.Asked = true
	for _, d := range [][2]string{{"shop", "Shop now"}, {"bbb", "Buying"}, {"twin-1", "Twin"}, {"twin-2", "Twin"}} {
		live.Dashboards.Items = append(live.Dashboards.Items, catalog.LiveDashboard{UID: d[0], Title: d[1], Listed: true})
	}
	missing := &catalog.Trouble{Cause: catalog.NotFound, Status: 404, Detail: "Dashboard not found"}
	live.Dashboards.Items = append(live.Dashboards.Items, catalog.LiveDashboard{UID: "no-such", Trouble: missing})
	return live
}

func TestFind(t *testing.T) {
	live := listed()
	for ref, want := range map[string]string{
		"shop": "shop", " Buying ": "bbb", "Shop now": "shop", "https://grafana.example/d/shop/any-slug?orgId=1": "shop", "http://GRAFANA.example:80/d-solo/shop": "shop",
		"no-such": string(catalog.NotFound), "never-asked": string(catalog.NotFetched), "Never listed": string(catalog.NotFetched), "Twin": string(catalog.Duplicate),
		"https://other.example/d/shop": string(catalog.Unreachable), "https://grafana.example:3000/d/shop": string(catalog.Unreachable), "https://grafana.example/explore": string(catalog.Unreachable),
		"https://%zz": string(catalog.Unreachable), "": string(catalog.NotFetched),
	} {
		d, trouble := Find(live, ref)
		got := ""
		if d != nil {
			got = d.UID
		} else if trouble != nil {
			got = string(trouble.Cause)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", ref, got, want)
		}
	}
	if uid, ok := UIDIn("https://example.org/grafana/", "https://example.org/grafana/d/abc/x"); uid != "abc" || !ok {
		t.Errorf("below a path: got %q", uid)
	}
	if _, ok := UIDIn("https://example.org/grafana", "https://example.org/d/abc/x"); ok {
		t.Error("an address beside the path is one of the Grafana")
	}
}

// TestDifferences holds that the facts of two dashboards differ as their texts do.
func TestDifferences(t *testing.T) {
	sources := []catalog.LiveDataSource{{UID: "prom", Name: "Prometheus"}}
	read := func(text string) *catalog.Dashboard {
		return readDashboard("x.json", []byte(text)).Dashboards[0]
	}
	secret := strings.Replace(inGit, `"expr": "queue"`, `"expr": "queue{token=\"Zx8qLw3RtY6uVb1nKq\"}"`, 1)
	masked := strings.Replace(inGit, `"expr": "queue"`, `"expr": "queue{token=\"xxxxxxxxxxxxxxxxxx\"}"`, 1)
	for name, c := range map[string]struct {
		live, git string
		want      []string
	}{
		"imported": {inGrafana, inGit, nil},
		"itself":   {inGit, inGit, nil},
		"masked":   {masked, secret, nil},
		"a query":  {strings.Replace(inGrafana, `"expr":"queue"`, `"expr":"queue > 0"`, 1), inGit, []string{`query of "Queue" was changed in Grafana: "queue > 0", in git "queue"`}},
		"an x":     {strings.Replace(inGrafana, `"expr":"queue"`, `"expr":"xueue"`, 1), inGit, []string{`query of "Queue" was changed in Grafana: "xueue", in git "queue"`}},
	} {
		l, g := read(c.live), read(c.git)
		panels := len(g.Panels)
		var got []string
		for _, d := range Differences(l, g, sources) {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(g.Panels) != panels {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// TestAlikeProbes holds that what two services ask alike is asked once, and answered to both.
func TestAlikeProbes(t *testing.T) {
	s := newServer(t, "payments.txtar")
	one := everything()
	two := everything()
	for _, p := range one.Probes {
		two.Probes = append(two.Probes, Probe{"other", p.Signal, p.Select})
	}
	fetch(t, s.options(), one)
	first := s.count("")
	live, _ := fetch(t, s.options(), two)
	if again := s.count("") - first; again != first {
		t.Errorf("%d requests for one service and %d for two", first, again)
	}
	for i := range one.Probes {
		a, b := live.Probes[i], live.Probes[i+len(one.Probes)]
		a.Service = "other"
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("-first +second:\n%s", diff)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, ref := range []string{"shop", "https://grafana.example/d/shop/x", "http://[::1", "Twin", "a\x00b"} {
		f.Add(ref)
	}
	live := listed()
	f.Fuzz(func(t *testing.T, ref string) {
		if d, trouble := Find(live, ref); (d == nil) == (trouble == nil) {
			t.Errorf("%q: got %v and %v", ref, d, trouble)
		}
	})
}

func FuzzDifferences(f *testing.F) {
	f.Add([]byte(inGrafana), []byte(inGit))
	f.Add([]byte(`{"panels":[{"libraryPanel":{"uid":"a"}},{"title":"${DS_X}"}],"schemaVersion":1,"title":"x"}`), []byte(inGit))
	f.Fuzz(func(t *testing.T, live, git []byte) {
		l, g := readDashboard("live.json", live).Dashboards, readDashboard("git.json", git).Dashboards
		if len(l) == 0 || len(g) == 0 {
			return
		}
		for _, d := range Differences(l[0], g[0], nil) {
			if d.Kind == "" || d.String() == "" {
				t.Errorf("got %+v", d)
			}
		}
		if found := Differences(l[0], l[0], nil); len(found) > 0 {
			t.Errorf("a dashboard differs from itself: %v", found)
		}
	})
}
