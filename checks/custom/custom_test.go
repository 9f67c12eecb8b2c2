package custom

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

func TestMain(m *testing.M) {
	jsonnet.BecomeChild()
	os.Exit(m.Run())
}

// folder is a tree in memory.
type folder map[string]string

func (f folder) Read(p string) ([]byte, bool, error) {
	text, ok := f[p]
	return []byte(text), ok, nil
}
func (f folder) Paths() []string    { return slices.Sorted(maps.Keys(f)) }
func (f folder) Hash(string) string { return "" }

var judged = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// estate is a small catalog with something of everything that the tests below look at.
var estate = folder{
	"teams/a/team.toml": "name = 'a'\ncontact = '#a'\n",
	"services/checkout/service.toml": `name = "checkout"
tier = 1
owner = "a"
depends_on = ["ledger", "elsewhere"]
[[journey]]
name = "Pay"
slo = ["checkout-availability"]
[[slo]]
name = "checkout-availability"
objective = 99.9
window = "30d"
good = 'sum(rate(http_requests_total{job="checkout",code!~"5.."}[5m]))'
total = 'sum(rate(http_requests_total{job="checkout"}[5m]))'
`,
	"services/checkout/alerts.yaml": `groups:
  - name: checkout
    rules:
      - alert: CheckoutErrors
        expr: rate(http_requests_total{job="checkout",code=~"5.."}[5m]) > 1
        for: 5m
        labels: {severity: page, team: a}
        annotations: {runbook_url: runbooks/errors.md}
`,
	"services/checkout/runbooks/errors.md": "# Errors\n\nSee [the board](https://grafana.example/d/x).\n\n## Mitigation\n\n1. Roll back.\n",
	"services/checkout/dashboard.json":     `{"uid": "checkout", "title": "Checkout", "schemaVersion": 39, "tags": ["checkout"], "panels": [{"type": "timeseries", "title": "Rate", "targets": [{"expr": "rate(http_requests_total[5m])"}]}]}`,
	"services/checkout/deploy.yaml":        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: checkout\n  labels: {cost-centre: shop}\nspec: {template: {spec: {containers: [{name: c, image: 'r/c:1', env: [{name: MODE, value: live}]}]}}}\n",
	"services/ledger/service.toml":         "name = \"ledger\"\nkind = \"batch\"\n",
	"services/old/service.toml":            "name = \"old\"\nlifecycle = \"retired\"\n",
}

// loaded gives the catalog as the program reads it, and a set of own checks.
func loaded(t *testing.T, own folder) (*catalog.Estate, *Set, []catalog.Gap) {
	t.Helper()
	files := maps.Clone(estate)
	maps.Copy(files, own)
	read, err := load.Load(context.Background(), tree.FromFiles(files, judged), load.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	set, gaps := Load(context.Background(), jsonnet.New(jsonnet.Options{Timeout: time.Minute}), files, "")
	return read, set, gaps
}

// own gives an own check with the given function; lines may replace or add keys.
func own(function string, lines ...string) string {
	keys := []string{"id: 'acme-x'", "title: 'It is so'", "why: 'Because.'", "fix: 'Do it.'", "severity: 'high'", "level: 'silver'", "pillar: 'alerts'"}
	for _, l := range lines {
		key, _, _ := strings.Cut(l, ":")
		keys = slices.DeleteFunc(keys, func(k string) bool { return strings.HasPrefix(k, key+":") })
		keys = append(keys, l)
	}
	return "{\n  " + strings.Join(keys, ",\n  ") + ",\n  " + function + ",\n}\n"
}

// show writes what the own checks say of every service.
func show(e *catalog.Estate, set *Set) string {
	var b strings.Builder
	settings := checks.DefaultSettings()
	survey := checks.NewSurvey(e, &settings, judged)
	for _, c := range set.Checks() {
		for _, s := range e.Services {
			r := c.Inspect(survey.About(s))
			fmt.Fprintf(&b, "%s %s: %s", c.ID, s.ID, r.Verdict)
			if r.Verdict == checks.NotApplicable || len(r.Requirements) == 0 {
				fmt.Fprintf(&b, " (%s)", r.Reason)
			}
			b.WriteString("\n")
			for _, q := range r.Requirements {
				fmt.Fprintf(&b, "  %s %s: %s\n", q.State, q.At, q.Message)
			}
		}
	}
	return b.String()
}

func TestAsk(t *testing.T) {
	tests := []struct {
		name, program, want string
	}{
		{"facts with places", own(`check(service)::
    if service.tier.value > 2 then {notApplicable: 'tier %d' % service.tier.value}
    else [{state: if std.startsWith(a.labels.severity.value, 'p') then 'met' else 'unmet', at: a.labels.severity.at, message: a.name.value + ' is ' + a.labels.severity.value} for a in service.alerts]`),
			`acme-x checkout: pass
  met services/checkout/alerts.yaml:7:28: CheckoutErrors is page
acme-x ledger: not applicable (tier 3)
acme-x old: not applicable (the service's lifecycle is "retired")
`},
		{"what is not stated stands at the entry", own(`check(service):: [{state: 'unmet', at: service.owner.at, message: 'the owner is "%s". name a team' % service.owner.value}]`),
			`acme-x checkout: fail
  unmet services/checkout/service.toml:3:10: the owner is "a". name a team
acme-x ledger: fail
  unmet services/ledger/service.toml:1:1: the owner is "". name a team
acme-x old: not applicable (the service's lifecycle is "retired")
`},
		{"one requirement, and null", own(`check(service):: if service.id == 'ledger' then null else {state: 'unknown', message: 'nobody knows'}`),
			`acme-x checkout: unknown
  undecided services/checkout/service.toml:1:1: nobody knows
acme-x ledger: not applicable (there is nothing to judge)
acme-x old: not applicable (the service's lifecycle is "retired")
`},
		{"the estate and the catalog's own files", own(`check(service, estate)::
    local known = [s.id for s in estate.services], lines = std.native('lines')('teams/a/team.toml');
    [{state: 'met', message: '%s %s %s %s' % [estate.today, std.join(',', known), estate.teams[0].contact.value, lines[0]]}]`),
			`acme-x checkout: pass
  met services/checkout/service.toml:1:1: 2026-06-30 checkout,ledger,old #a name = 'a'
acme-x ledger: pass
  met services/ledger/service.toml:1:1: 2026-06-30 checkout,ledger,old #a name = 'a'
acme-x old: not applicable (the service's lifecycle is "retired")
`},
		{"says too much of one service", own(`check(service):: [{state: 'met', message: if service.id == 'ledger' then std.foldl(function(x, i) [x], std.range(1, 400), 1) else 'x'}]`),
			`acme-x checkout: pass
  met services/checkout/service.toml:1:1: x
acme-x ledger: unknown
  undecided checks/x.jsonnet: the check cannot be asked about the service (too large: what the check returns is too much to be read. return fewer requirements)
acme-x old: not applicable (the service's lifecycle is "retired")
`},
		{"fails for one service", own(`check(service):: [{state: 'met', message: service.team.id}]`),
			`acme-x checkout: pass
  met services/checkout/service.toml:1:1: a
acme-x ledger: unknown
  undecided checks/x.jsonnet:9:45: the check cannot be asked about the service (failed: Value non indexable: Null)
acme-x old: not applicable (the service's lifecycle is "retired")
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, set, gaps := loaded(t, folder{"checks/x.jsonnet": tt.program})
			if len(gaps) > 0 {
				t.Fatal(gaps)
			}
			set.Ask(context.Background(), e, "2026-06-30", 2)
			if got := show(e, set); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// What is not found may stand in a file that could not be read.
func TestMissing(t *testing.T) {
	program := own(`check(service):: if service.id == 'ledger' then {state: 'missing', message: 'no alert'} else []`, "needs: ['alerts']")
	e, set, _ := loaded(t, folder{"checks/x.jsonnet": program})
	set.Ask(context.Background(), e, "2026-06-30", 1)
	if got := show(e, set); !strings.Contains(got, "ledger: fail\n  unmet services/ledger/service.toml:1:1: no alert") {
		t.Errorf("got\n%s", got)
	}
	e, set, _ = loaded(t, folder{"checks/x.jsonnet": program, "services/ledger/alerts.yaml": "groups:\n  - name: [\n"})
	set.Ask(context.Background(), e, "2026-06-30", 1)
	if got := show(e, set); !strings.Contains(got, "ledger: unknown\n  undecided services/ledger/alerts.yaml:") {
		t.Errorf("got\n%s", got)
	}
}

func TestBadAnswers(t *testing.T) {
	tests := []struct{ name, function, want string }{
		{"text", `check(service):: 'fine'`, `check returns "fine". expected an array of requirements, each with state, message and at, or an object with notApplicable`},
		{"text in an array", `check(service):: ['fine']`, `requirement 0: it is "fine". expected an array of requirements, each with state, message and at, or an object with notApplicable`},
		{"no state", `check(service):: [{message: 'x'}]`, `requirement 0: it has no state. add state: one of met, unmet, missing, unknown`},
		{"no message", `check(service):: [{state: 'met'}]`, `requirement 0: it has no message. add message: the fact, the value, and the way out`},
		{"no such state", `check(service):: [{state: 'meet', message: 'x'}]`, `requirement 0: state is "meet". expected one of met, unmet, missing, unknown. did you mean "met"?`},
		{"unknown key", `check(service):: [{state: 'met', mesage: 'x'}]`, `requirement 0: unknown key "mesage". did you mean "message"?`},
		{"wrong type", `check(service):: [{state: 'met', message: 1}]`, `requirement 0: message is the integer 1. expected a string`},
		{"no such file", `check(service):: [{state: 'met', message: 'x', at: 'a.yaml:1'}]`, `requirement 0: at "a.yaml:1" names no file of the catalog. take a place of the facts, as in at: service.owner.at`},
		{"too many", `check(service):: [{state: 'met', message: 'x'} for i in std.range(1, 1001)]`, `check returns 1001 requirements. return at most 1000`},
		{"a function in it", `check(service):: [{state: 'met', message: function(x) x}]`, `couldn't manifest function as JSON`},
		{"no reason", `check(service):: {notApplicable: true}`, `check returns an object of which notApplicable is the boolean true. expected a string`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, set, gaps := loaded(t, folder{"checks/x.jsonnet": own(tt.function)})
			if len(gaps) > 0 {
				t.Fatal(gaps)
			}
			gaps = set.Ask(context.Background(), e, "2026-06-30", 1)
			if len(gaps) != 1 || !strings.HasPrefix(gaps[0].Detail, tt.want+" (about service ") {
				t.Errorf("got  %v\nwant %s", gaps, tt.want)
			}
			got := show(e, set)
			if strings.Count(got, ": unknown\n") != 2 || !strings.Contains(got, tt.want) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func TestBrokenChecks(t *testing.T) {
	const f = "check(service):: []"
	tests := []struct {
		name, program string
		id            string
		asked         bool // it works nevertheless
		want          []string
	}{
		{"syntax", "{ severity: [, }", "x", false, []string{`checks/x.jsonnet:1:14: syntax: unexpected: "," while parsing terminal`}},
		{"error", own(f, "title: error 'no'"), "acme-x", false, []string{`checks/x.jsonnet:8:10: failed: no`}},
		{"no object", "local severity = 1; [severity]", "x", false,
			[]string{`checks/x.jsonnet: bad value: the program returns an array. expected an object with id, title, why, fix, severity, level, pillar, question, source, needs, all and check`}},
		{"no function", own("cehck(service):: []"), "acme-x", false, []string{"checks/x.jsonnet: bad value: the program has no check. add check(service):: […], a function that gives requirements"}},
		{"check is a list", own("check: []"), "acme-x", false,
			[]string{"checks/x.jsonnet: bad value: check is an array. expected a function of the service, as in check(service):: […], or of the service and the estate"}},
		{"three parameters", own("check(a, b, c):: []"), "acme-x", false,
			[]string{"checks/x.jsonnet: bad value: check is a function of 3. expected a function of the service, as in check(service):: […], or of the service and the estate"}},
		{"unknown key", own(f, "sevrity: 'low'"), "acme-x", true, []string{`checks/x.jsonnet:9:3: unknown key: unknown key "sevrity". did you mean "severity"?`}},
		{"no such severity", own(f, "severity: 'hihg'"), "acme-x", true, []string{`checks/x.jsonnet:8:14: bad value: severity is "hihg". expected one of low, medium, high, critical. did you mean "high"?`}},
		{"no title", own(f, "title: ''"), "acme-x", true, []string{`checks/x.jsonnet: bad value: the check has no title. add title: "…"`}},
		{"no such need", own(f, "needs: ['alert']"), "acme-x", true, []string{`checks/x.jsonnet: bad value: needs[0] is "alert". expected one of entry, teams, journeys,`}},
		{"bad ID", own(f, "id: 'Acme X'"), "own-x", false, []string{`checks/x.jsonnet:8:8: bad value: the ID "Acme X" is none. write lower case letters, digits and single dashes, as in id: "acme-cost-centre"`}},
		{"built-in ID", own(f, "id: 'owner-team'"), "own-x", false,
			[]string{`checks/x.jsonnet:8:8: duplicate: the ID "owner-team" is taken: a check of that name is built into the program. choose another, as in id: "acme-owner-team"`}},
		{"values of other types", "{severity: 3, check: 'x'}", "x", false, []string{
			`checks/x.jsonnet:1:2: bad value: severity is the integer 3. expected one of low, medium, high, critical`, `checks/x.jsonnet: bad value: the check has no title. add title: "…"`,
			`checks/x.jsonnet: bad value: the check has no why. add why: "…"`, `checks/x.jsonnet: bad value: the check has no fix. add fix: "…"`, `checks/x.jsonnet: bad value: the check has no level.`,
			`checks/x.jsonnet: bad value: the check has no pillar.`, `checks/x.jsonnet: bad value: check is a string.`}},
		{"two IDs", "{ id: 'a', severity: [, id: 'b' }", "x", false, []string{`checks/x.jsonnet:1:23: syntax: unexpected: "," while parsing terminal`}},
		{"missing library", "(import 'l.libsonnet') + " + own(f), "acme-x", false, []string{`checks/x.jsonnet:1:2: unreachable: the import "l.libsonnet" of "checks/x.jsonnet" is not in the catalog.`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, set, gaps := loaded(t, folder{"checks/x.jsonnet": tt.program})
			for i, want := range tt.want {
				if len(gaps) != len(tt.want) || !strings.HasPrefix(gaps[i].String(), want) {
					t.Fatalf("got  %v\nwant %v", gaps, tt.want)
				}
			}
			c := set.Checks()[0]
			if c.ID != tt.id {
				t.Errorf("got ID %q, want %q", c.ID, tt.id)
			}
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
			set.Ask(context.Background(), e, "2026-06-30", 1)
			got := show(e, set)
			if tt.asked != !strings.Contains(got, "unknown") {
				t.Errorf("got\n%s", got)
			}
			if at := "undecided " + gaps[len(gaps)-1].At.String() + ": "; !tt.asked && strings.Count(got, at) != 2 {
				t.Errorf("want every finding at the gap's place, got\n%s", got)
			}
		})
	}
}

func TestSameID(t *testing.T) {
	_, set, gaps := loaded(t, folder{"checks/a.jsonnet": own("check(service):: []"), "checks/b.jsonnet": own("check(service):: []")})
	if len(gaps) != 1 || !strings.Contains(gaps[0].String(), `checks/b.jsonnet:2:8: duplicate: the ID "acme-x" is taken: a check of that name is that of checks/a.jsonnet. choose another, as in id: "acme-x-2"`) {
		t.Errorf("got %v", gaps)
	}
	if c := set.Checks(); len(c) != 2 || c[0].ID != "acme-x" || c[1].ID != "own-b" {
		t.Errorf("got %v", c)
	}
}

// A check may be written in a library that several share.
func TestImportedCheck(t *testing.T) {
	library := folder{"checks/lib.libsonnet": "function(name) " + own("check(service):: [{state: 'met', message: name}]", "id: 'acme-' + name")}
	maps.Copy(library, folder{"checks/a.jsonnet": "(import 'lib.libsonnet')('budget')", "checks/b.jsonnet": "{panels: import 'none.libsonnet'}", "checks/c.jsonnet": "{panels: [importstr 'lib.libsonnet']}"})
	_, set, gaps := loaded(t, library)
	if c := set.Checks(); len(c) != 1 || c[0].ID != "acme-budget" {
		t.Errorf("got %v", c)
	}
	if len(gaps) > 0 { // b has no function: what it imports is not looked at
		t.Errorf("got gaps %v", gaps)
	}
	_, set, gaps = loaded(t, folder{"checks/a.jsonnet": "(import 'lib.libsonnet')('budget')"})
	if len(set.Checks()) > 0 || len(gaps) != 1 || !strings.HasPrefix(gaps[0].String(), `checks/a.jsonnet:1:2: unreachable: the import "lib.libsonnet"`) {
		t.Errorf("got %d checks, gaps %v", len(set.Checks()), gaps)
	}
}

// Texts of a check are printed as they are: none of them may steer the terminal.
func TestPrintable(t *testing.T) {
	_, set, _ := loaded(t, folder{"checks/x.jsonnet": own("check(service):: []", `title: '\u001b[2Jx\ny'`, `why: 'a\n\nb\u202e\u0007'`, `fix: '\r\u009b1m'`, `source: '\u001b]0;x'`)})
	c := set.Checks()[0]
	if got, want := fmt.Sprintf("%s|%s|%s|%s", c.Title, c.Why, c.Fix, c.Source), "\uFFFD[2Jx y|a\n\nb\uFFFD\uFFFD.|\uFFFD\uFFFD1m.|\uFFFD]0;x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The paths of a catalog in a folder may be written from that folder.
func TestPlaceInFolder(t *testing.T) {
	q := &questioning{set: &Set{root: "catalog"}, check: &check{file: "catalog/checks/x.jsonnet"}, estate: &catalog.Estate{Files: []string{"a.yaml", "catalog/a.yaml", "catalog/b.yaml"}}, answers: map[string]answer{}}
	q.read([]byte(`[[{"state": "met", "message": "x", "at": "b.yaml:2"}, {"state": "met", "message": "x", "at": "a.yaml:3"}]]`), batch{ids: []string{"x"}})
	if got := fmt.Sprint(q.answers["x"].fault, q.answers["x"].requirements[0].At, " ", q.answers["x"].requirements[1].At); got != "catalog/b.yaml:2 a.yaml:3" {
		t.Errorf("got %s", got)
	}
}

// A check that fails for many services is not asked about each of them, and says so.
func TestFailsForMany(t *testing.T) {
	many := folder{"checks/x.jsonnet": own("check(service):: if std.length(service.id) == 3 then error 'no' else [{state: 'met', message: 'fine'}]")}
	for i := range 200 {
		many[fmt.Sprintf("services/n%d/service.toml", i)] = fmt.Sprintf("name = \"n%d\"\n", i)
	}
	e, set, _ := loaded(t, many)
	set.Ask(context.Background(), e, "2026-06-30", 1)
	got := show(e, set)
	if strings.Contains(got, "n10: fail") || !strings.Contains(got, "checkout: pass") && !strings.Contains(got, "n150: pass") {
		t.Errorf("got\n%s", got)
	}
	if !strings.Contains(got, "(failed: no, for one of ") {
		t.Errorf("got\n%s", got)
	}
}

// Programs that are none of ours may stand in a folder called checks.
func TestForeignPrograms(t *testing.T) {
	_, set, gaps := loaded(t, folder{"checks/dashboard.jsonnet": "{panels: [}", "checks/lib.libsonnet": "severity", "checks/deep/x.jsonnet": "severity"})
	if len(set.Checks()) > 0 || len(gaps) > 0 {
		t.Errorf("got %d checks, gaps %v", len(set.Checks()), gaps)
	}
}

func TestHostileCheckLeavesTheOthers(t *testing.T) {
	files := folder{
		"checks/bad.jsonnet":  own("check(service):: [{state: 'met', message: std.toString(std.length([a * b for a in std.range(1, 100000) for b in std.range(1, 100000) if a == -1]))}]", "id: 'acme-bad'"),
		"checks/good.jsonnet": own("check(service):: [{state: 'met', message: 'fine'}]", "id: 'acme-good'"),
	}
	e, _, _ := loaded(t, nil)
	maps.Copy(files, estate)
	set, _ := Load(context.Background(), jsonnet.New(jsonnet.Options{Timeout: 500 * time.Millisecond}), files, "")
	gaps := set.Ask(context.Background(), e, "2026-06-30", 2)
	if len(gaps) != 1 || gaps[0].Cause != catalog.TooCostly || gaps[0].At.File != "checks/bad.jsonnet" {
		t.Errorf("got %v", gaps)
	}
	got := show(e, set)
	if strings.Count(got, "acme-bad checkout: unknown") != 1 || strings.Count(got, "acme-good checkout: pass") != 1 {
		t.Errorf("got\n%s", got)
	}
}

func TestCancelledAsk(t *testing.T) {
	e, set, _ := loaded(t, folder{"checks/x.jsonnet": own("check(service):: [{state: 'met', message: 'fine'}]")})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	set.Ask(ctx, e, "2026-06-30", 1)
	if got := show(e, set); strings.Count(got, ": unknown\n") != 2 {
		t.Errorf("got\n%s", got)
	}
}

// An own check is judged, priced and told as a built-in one: nothing in between knows the difference.
func TestScorecard(t *testing.T) {
	program := own(`check(service):: [{state: 'unmet', message: '%s has no budget' % service.id, cause: 'nobody has a budget'}]`, "severity: 'critical'", "level: 'bronze'")
	e, set, _ := loaded(t, folder{"checks/x.jsonnet": program})
	all := set.With(checks.All())
	set.Ask(context.Background(), e, "2026-06-30", 1)
	policy, err := scorecard.ParsePolicy("obsready.toml", []byte("[checks.acme-x]\nseverity = \"low\"\n"), all)
	if err != nil {
		t.Fatal(err)
	}
	report := scorecard.Evaluate(e, policy.CheckSet(all), policy, judged, 1)
	card := report.Cards[0]
	i := slices.IndexFunc(card.Results, func(r scorecard.Result) bool { return r.Check.ID == "acme-x" })
	if i < 0 || card.Results[i].Verdict != checks.Fail || card.Results[i].Points != policy.Points[checks.Low] || card.Level != checks.None {
		t.Fatalf("got %d %v", i, card.Level)
	}
	if card.Results[i-1].Check.Pillar != checks.Alerts || card.Results[i+1].Check.Pillar != checks.Runbooks {
		t.Errorf("it stands between %s and %s", card.Results[i-1].Check.ID, card.Results[i+1].Check.ID)
	}
	told := slices.ContainsFunc(report.Causes, func(g scorecard.CauseGroup) bool { return g.Key == "acme-x nobody has a budget" && g.Services == 2 })
	if !told {
		t.Error("the common cause is not told")
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`[null]`, `[[{"state": "met", "message": "x", "at": "a:1:1"}]]`, `[{"notApplicable": "x"}]`, `[[[]]]`, `{}`, `[[{"state": {"a": 1}}]]`} {
		f.Add(seed)
	}
	e := &catalog.Estate{Files: []string{"a"}}
	f.Fuzz(func(t *testing.T, output string) {
		q := &questioning{set: &Set{}, check: &check{file: "checks/x.jsonnet"}, estate: e, answers: map[string]answer{}}
		if gap := q.read([]byte(output), batch{ids: []string{"x"}}); gap != nil {
			q.fault("x", *gap)
		}
		a, ok := q.answers["x"]
		if !ok || (a.fault != "") != (len(q.gaps) == 1) {
			t.Fatalf("got %+v and gaps %v", a, q.gaps)
		}
		for _, r := range a.requirements {
			if r.Message.Value == "" || r.State.Value == "" || !r.At.IsZero() && r.At.File != "a" {
				t.Errorf("got %+v", r)
			}
		}
	})
}
