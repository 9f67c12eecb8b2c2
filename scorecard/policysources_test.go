package scorecard

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/grafana"
	"obsready/catalog/remote"
)

func TestPolicyOfSources(t *testing.T) {
	p, err := ParsePolicy("p.toml", []byte(`
[repositories]
read = true
hosts = ["git.example.org", "*.example.com"]
in_flight = 2
timeout = "1m"
budget = "10m"
max_bytes = 1048576
[grafana]
url = "https://grafana.example.org/monitoring"
org = 3
ca_file = "ca.pem"
rate = 2.5
in_flight = 1
timeout = "5s"
budget = "1m"
tags = ["journey"]
folders = ["Payments"]
metrics_from = ["mimir"]
`), known)
	if err != nil {
		t.Fatal(err)
	}
	if want := (&remote.Options{Rules: remote.Rules{Hosts: []string{"git.example.org", "*.example.com"}}, Workers: 2, Timeout: time.Minute, Budget: 10 * time.Minute, MaxBytes: 1 << 20}); !reflect.DeepEqual(p.Repositories, want) {
		t.Errorf("got %+v, want %+v", p.Repositories, want)
	}
	o := grafana.DefaultOptions()
	o.URL, o.OrgID, o.TLS.CAFile, o.Rate, o.InFlight, o.Timeout, o.Budget = "https://grafana.example.org/monitoring", 3, "ca.pem", 2.5, 1, 5*time.Second, time.Minute
	want := &Grafana{Options: o, Want: grafana.Want{Alerts: true, DashboardMetrics: true, Tags: []string{"journey"}, Folders: []string{"Payments"},
		Sources: map[catalog.Signal][]string{catalog.MetricSignal: {"mimir"}}}}
	if !reflect.DeepEqual(p.Grafana, want) {
		t.Errorf("got %+v, want %+v", p.Grafana, want)
	}
}

func TestPolicyOfSourcesProblems(t *testing.T) {
	for text, want := range map[string]string{
		"[repositories]\nhosts = [\"a b\"]":                               `p.toml:2:11: repositories.hosts: "a b"`,
		"[repositories]\ntimeout = \"0s\"":                                "p.toml:2:12: repositories.timeout is 0",
		"[repositories]\nroots = [\"/\"]":                                 `unknown key "roots"`,
		"[grafana]\nurl = \"grafana.example.org\"":                        "p.toml:2:8: grafana.url is no address",
		"[grafana]\nurl = \"https://me:secret@grafana.example.org\"":      "p.toml:2:8: grafana.url is no address",
		"[grafana]\nbudget = \"0s\"":                                      "p.toml:2:11: grafana.budget is 0",
		"[grafana]\nurl = \"https://g.example\"\ncert_file = \"me.pem\"":  "needs both cert_file and key_file",
		"[grafana]\nurl = \"https://g.example\"\ntoken = \"glsa_abcdef\"": `unknown key "token"`,
	} {
		p, err := ParsePolicy("p.toml", []byte(text), known)
		if p != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "glsa_")) {
			t.Errorf("%q: the message %q shows a credential", text, err)
		}
	}
}
