package entries

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

// show writes facts in a form that is easy to compare: one line for each entry and gap.
func show(f catalog.Facts) string {
	var b strings.Builder
	for _, s := range f.Services {
		fmt.Fprintf(&b, "service %s at %s folder %q\n", s.ID, s.At, s.Folder)
	}
	for _, t := range f.Teams {
		fmt.Fprintf(&b, "team %s at %s\n", t.ID, t.At)
	}
	for _, j := range f.Journeys {
		fmt.Fprintf(&b, "journey %s at %s of %q in %v\n", j.ID, j.At, j.Owner.Ref.Value, values(j.ServiceRefs))
	}
	for _, o := range f.SLOs {
		fmt.Fprintf(&b, "SLO %s at %s of %q: %s\n", o.Name.Value, o.At, o.Service.Value, o.Indicator.Kind)
	}
	for _, e := range f.Entities {
		fmt.Fprintf(&b, "%s %s/%s at %s\n", e.Kind, e.Namespace, e.Name, e.At)
	}
	for _, l := range f.Locations {
		fmt.Fprintf(&b, "location %s at %s\n", l.Value, l.At)
	}
	for _, g := range f.Gaps {
		names := []string{}
		for n := range g.Names {
			names = append(names, n)
		}
		slices.Sort(names)
		fmt.Fprintf(&b, "gap %v %v about %v\n", g, g.Kinds, names)
	}
	return b.String()
}

func values(texts []catalog.Text) []string {
	var v []string
	for _, t := range texts {
		v = append(v, t.Value)
	}
	return v
}

func TestNative(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"service", "apps/checkout/service.toml", "name = 'checkout'\n", `service checkout at apps/checkout/service.toml:1:1 folder "apps/checkout"
`},
		{"at the root", "service.toml", "name = 'checkout'\n", `service checkout at service.toml:1:1 folder ""
`},
		{"unknown key", "a/service.toml", "name = 'a'\nonwer = 'b'\n", `service a at a/service.toml:1:1 folder "a"
gap a/service.toml:2:1: unknown key: unknown key "onwer". did you mean "owner"? [service entry] about [a]
`},
		{"several problems", "a/service.toml", "name = 'a'\ntier = 'one'\nowner = 3\nkind = 'api'\nexposure = 'public'\n", `service a at a/service.toml:1:1 folder "a"
gap a/service.toml:2:9: bad value: tier is the string "one". expected an integer from 1 to 9 [service entry] about [a]
gap a/service.toml:3:9: bad value: owner is the integer 3. expected a string [service entry] about [a]
gap a/service.toml:4:9: bad value: kind is "api". expected one of request, pipeline, batch, frontend, platform, library [service entry] about [a]
gap a/service.toml:5:13: bad value: exposure is "public". expected one of internet, partner, internal [service entry] about [a]
`},
		{"evidence that a typo hides", "a/service.toml", "name = 'a'\n[evidence]\nalets = 'x'\nslos = 1\nzzzzzzz = 1\n", `service a at a/service.toml:1:1 folder "a"
gap a/service.toml:3:1: unknown key: unknown key "alets" in [evidence]. did you mean "alerts"? [service entry alert rule] about [a]
gap a/service.toml:4:8: bad value: evidence.slos is the integer 1. expected a string [service entry SLO] about [a]
gap a/service.toml:5:1: unknown key: unknown key "zzzzzzz" in [evidence]. expected one of alerts, recordings, tests, dashboards, runbooks, slos, collectors, targets, workloads, threat_models, workflows, manifests, sboms, images, recovery_plans, exercises, postmortems, alert_labels, dashboard_tags [service entry journey entry alert rule recording rule rule test dashboard runbook SLO collector configuration scrape target workload error budget policy threat model workflow dependency manifest SBOM image build recovery plan exercise record postmortem attestation] about [a]
`},
		{"syntax", "apps/a/service.toml", "name = 'x'\nowner = \n", `service a at apps/a/service.toml folder "apps/a"
gap apps/a/service.toml:2:9: syntax: expected value but found '\n' instead [service entry journey entry alert rule recording rule rule test dashboard runbook SLO collector configuration scrape target workload error budget policy threat model workflow dependency manifest SBOM image build recovery plan exercise record postmortem attestation] about [a]
`},
		{"no name", "apps/a/service.toml", "owner = 'x'\n", `service a at apps/a/service.toml:1:1 folder "apps/a"
gap apps/a/service.toml:1:1: bad value: the service has no name and is called "a" after its folder. write name = "a" [service entry] about [a]
`},
		{"name of another type", "apps/a/service.toml", "name = 1\n", `service a at apps/a/service.toml:1:1 folder "apps/a"
gap apps/a/service.toml:1:8: bad value: name is the integer 1. expected a string [service entry] about [a]
`},
		{"journeys of a service", "a/service.toml", "name = 'a'\nowner = 'o'\n[[journey]]\nname = 'Pay, now'\nservices = ['b', 'a']\n[[journey]]\nsl = 'x'\n", `service a at a/service.toml:1:1 folder "a"
journey pay-now at a/service.toml:3:3 of "o" in [a b]
gap a/service.toml:6:3: bad value: the journey has no name. write name = "…" [service entry journey entry] about [a]
gap a/service.toml:7:1: unknown key: unknown key "sl" in [[journey]]. did you mean "sli"? [service entry journey entry] about [a]
`},
		{"several in one file", "services.toml", "[[service]]\nname = 'a'\n[[service]]\nname = 'b'\nteir = 1\n[[service.journey]]\nname = 'J'\n[[service]]\n[[team]]\nname = 't'\n[[journey]]\nname = 'K'\nservices = 'a'\n[x]\n", `service a at services.toml:1:3 folder ""
service b at services.toml:3:3 folder ""
team t at services.toml:9:3
journey j at services.toml:6:11 of "" in [b]
journey k at services.toml:11:3 of "" in [a]
gap services.toml:5:1: unknown key: unknown key "teir" in [[service]]. did you mean "tier"? [service entry] about [b]
gap services.toml:8:3: bad value: the service has no name. write name = "…" [service entry] about []
gap services.toml:14:2: unknown key: unknown key "x". expected one of service, team, journey, slo [service entry team entry journey entry] about []
`},
		{"a list in the file of one", "x/team.toml", "[[team]]\nname = 't'\n[[team]]\nname = 'u'\n", `team t at x/team.toml:1:3
team u at x/team.toml:3:3
`},
		{"team", "teams/t/team.toml", "contact = '#t'\n", `team t at teams/t/team.toml:1:1
gap teams/t/team.toml:1:1: bad value: the team has no name and is called "t" after its folder. write name = "t" [team entry] about [t]
`},
		{"journey", "j/journey.toml", "name = 'Log in'\nowner = 'o'\nservices = ['a', 'b']\nslo = 'x'\n", `journey log-in at j/journey.toml:1:1 of "o" in [a b]
`},
		{"values in place of tables", "services.toml", "service = [1, {name = 'a'}]\nteam = 'x'\n", `service a at services.toml:1:15 folder ""
gap services.toml:1:12: bad value: service[0] is the integer 1. expected a table [service entry team entry journey entry] about []
gap services.toml:2:9: bad value: team is the string "x". expected a list of tables, each with the header [[team]] [service entry team entry journey entry] about []
`},
		{"SLOs in entries", "a/service.toml", "name = 'a'\nslos = 1\n[[slo]]\nname = 'a-latency'\nobjective = 99\nratio = 'up'\n[[slo]]\nname = 'b'\nservice = 'other'\nobjectiv = 9\n[[slo]]\nobjective = 1\n", `service a at a/service.toml:1:1 folder "a"
SLO a-latency at a/service.toml:3:3 of "a": raw
SLO b at a/service.toml:7:3 of "other": 
gap a/service.toml:2:1: unknown key: unknown key "slos". move it into [evidence] [service entry] about [a]
gap a/service.toml:7:3: bad value: SLO "b" has no objective. write objective = 99.9 [SLO] about [b other]
gap a/service.toml:7:3: bad value: SLO "b" measures nothing. write good and total, bad and total, or ratio [SLO] about [b other]
gap a/service.toml:10:1: unknown key: unknown key "objectiv" in [[slo]]. did you mean "objective"? [SLO] about [b other]
gap a/service.toml:11:3: bad value: the SLO has no name. write name = "…" [SLO] about [a]
`},
		{"a file of SLOs", "a/slos.toml", "[[slo]]\nname = 'x'\nobjective = '99'\ngood = 3\ndimension = 'availabilty'\n[[slo]]\nname = 'y'\nobjective = 99.5\ngood = 'a'\nbad = 'b'\ntotal = 'c'\n[[service]]\n", `SLO x at a/slos.toml:1:3 of "": 
SLO y at a/slos.toml:6:3 of "": ratio
gap a/slos.toml:3:14: bad value: slo[0].objective is the string "99". expected a number [SLO] about [x]
gap a/slos.toml:4:8: bad value: slo[0].good is the integer 3. expected a string [SLO] about [x]
gap a/slos.toml:5:14: bad value: slo[0].dimension is "availabilty". expected one of availability, errors, latency, correctness, freshness, durability, throughput, recovery time. did you mean "availability"? [SLO] about [x]
gap a/slos.toml:10:8: bad value: SLO "y" has good and bad events. keep one of them [SLO] about [y]
gap a/slos.toml:12:3: unknown key: unknown key "service". move it into [[slo]] [SLO] about []
`},
		{"an SLO of a listed service", "services.toml", "[[service]]\nname = 'a'\nbudget_policy = 1\n[[service.slo]]\nname = 'x'\nobjective = 99.9\nratio = 'up'\n[[slo]]\nname = 'y'\nobjective = 99\nbad = 'x'\n", `service a at services.toml:1:3 folder ""
SLO x at services.toml:4:11 of "a": raw
SLO y at services.toml:8:3 of "": bad ratio
gap services.toml:3:17: bad value: service[0].budget_policy is the integer 1. expected a string [service entry error budget policy] about [a]
gap services.toml:11:8: bad value: SLO "y" has only one half of its ratio. write total too [SLO] about [y]
`},
		{"broken SLOs", "a/slo.toml", "[[slo]]\nname = \n", `gap a/slo.toml:2:8: syntax: expected value but found '\n' instead [SLO] about [name slo]
`},
		{"broken list", "services.toml", "[[", `gap services.toml:1:3: syntax: unexpected end of table name (table names cannot be empty) [service entry journey entry alert rule recording rule rule test dashboard runbook SLO collector configuration scrape target workload error budget policy threat model workflow dependency manifest SBOM image build recovery plan exercise record postmortem attestation team entry] about []
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, show(ReadNative(c.file, []byte(c.text)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNativeFields(t *testing.T) {
	text, err := examples.ReadFile("examples/service.toml")
	if err != nil {
		t.Fatal(err)
	}
	f := ReadNative("apps/checkout/service.toml", text)
	if len(f.Services) != 1 || f.Gaps != nil {
		t.Fatalf("got %s", show(f))
	}
	s := f.Services[0]
	for _, c := range []struct {
		text        catalog.Text
		value, spot string
	}{
		{s.Name, "checkout", `checkout"`},
		{s.Tier, "1", "1"},
		{s.Owner.Ref, "payments", `payments"`},
		{s.DependsOn[1].Ref, "cart", `cart"]`},
		{s.Data[1], "pii", `pii"]`},
		{s.Signals.Metrics, `{job="checkout"}`, `{job="checkout"}'`},
		{s.Logging.Retention, "90d", `90d"`},
		{s.Tracing.Sampling, "0.1", "0.1"},
		{s.Wanted.Globs[catalog.Alerts][0], "alerts/*.yaml", `alerts/*.yaml"]`},
		{s.Links[0].URL, "https://docs.example/checkout/runbook", `https://docs.example/checkout/runbook"`},
		{f.Journeys[0].SLORefs[1], "checkout-latency", `checkout-latency"]`},
		{s.PolicyRef, "/docs/error-budget-policy.md", `/docs/error-budget-policy.md"`},
		{f.Journeys[0].DashRef, "checkout-journey", `checkout-journey"`},
	} {
		line := strings.Split(string(text), "\n")[c.text.At.Line-1]
		if c.text.Value != c.value || line[c.text.At.Col-1:] != c.spot {
			t.Errorf("got %q before %q, want %q before %q", c.text.Value, line[c.text.At.Col-1:], c.value, c.spot)
		}
	}
	if s.Links[0].Kind != "runbook" || s.Format != "native" || s.Folder != "apps/checkout" {
		t.Errorf("got %+v", s)
	}
}

func TestIsNative(t *testing.T) {
	for file, want := range map[string]bool{"a/service.toml": true, "journeys.toml": true, "Cargo.toml": false, "my-service.toml": false} {
		if IsNative(file) != want {
			t.Errorf("%s: got %v", file, !want)
		}
	}
}

func FuzzReadNative(f *testing.F) {
	f.Add("a/service.toml", "name = 'a'\n[[journey]]\nname = 'x'\n[evidence]\nalerts = ['x']\n")
	f.Add("services.toml", "[[service]]\nname = 'a'\nservice.journey = [{name = 1}]\n[[team]]\n")
	f.Add("a/slo.toml", "[[slo]]\nname = 'a'\nobjective = 99\ngood = 'up'\ntotal = 'up['\n[[slo]]\nratio = 1\n")
	f.Add("team.toml", "name = ''\nmembers = 1\n")
	f.Fuzz(func(t *testing.T, file, text string) {
		facts := ReadNative(file, []byte(text))
		checkFacts(t, facts, file, text)
		if singular(file) == "service" && !strings.Contains(text, "service") && !strings.Contains(text, "team") && len(facts.Services) != 1 {
			t.Fatalf("a service file gives %d services", len(facts.Services))
		}
	})
}

// checkFacts asserts what holds of the facts of any file.
func checkFacts(t *testing.T, f catalog.Facts, file, text string) {
	t.Helper()
	lines := strings.Count(text, "\n") + 1
	place := func(p catalog.Place) {
		t.Helper()
		if p.File != file || p.Line > lines || p.Line < 0 || p.Col < 0 {
			t.Fatalf("place %+v is not in the file", p)
		}
	}
	for _, s := range f.Services {
		place(s.At)
		place(s.Name.At)
		if s.ID == "" || s.Format == "" {
			t.Fatalf("a service without ID or format: %+v", s)
		}
		if s.Kind.Value != "" && !slices.Contains(catalog.ServiceKinds, s.Kind.Value) {
			t.Fatalf("kind %q", s.Kind.Value)
		}
	}
	for _, team := range f.Teams {
		place(team.At)
	}
	for _, o := range f.SLOs {
		place(o.At)
		if o.Name.Value == "" || o.Format != "native" {
			t.Fatalf("an SLO without a name: %+v", o)
		}
		for _, q := range o.Indicator.Queries() {
			place(q.At)
		}
	}
	for _, g := range f.Gaps {
		place(g.At)
		if g.Detail == "" || g.Cause == "" || len(g.Kinds) == 0 {
			t.Fatalf("an empty gap: %+v", g)
		}
	}
}

// A day may be written as TOML's own date.
func TestAttestationUntilADate(t *testing.T) {
	for _, until := range []string{`"2027-03-31"`, "2027-03-31"} {
		f := ReadNative("attestations.toml", []byte("[[attestation]]\ncheck = \"c\"\nstatement = \"s\"\nlink = \"l\"\nowner = \"o\"\nuntil = "+until+"\n"))
		if len(f.Gaps) > 0 || len(f.Attestations) != 1 || f.Attestations[0].Until.Value != "2027-03-31" || f.Attestations[0].Until.At.Line != 6 {
			t.Errorf("%s: %v, %+v", until, f.Gaps, f.Attestations)
		}
	}
}
