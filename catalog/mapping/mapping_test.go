package mapping

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

func read(t *testing.T, files folder, p Program) (catalog.Facts, []string) {
	t.Helper()
	if p.File == "" {
		p.File = FileName
	}
	return Read(context.Background(), jsonnet.New(jsonnet.Options{Timeout: time.Minute}), files, p)
}

const servicesYAML = `services:
  - name: checkout
    squad: payments
    criticality: 1
    calls: [ledger]
  - name: ledger
    squad: payments
    criticality: 2
`

func TestPlaces(t *testing.T) {
	const fromList = `local native(name) = std.native(name);
{
  services: [
    {name: s.name, owner: s.squad, tier: s.criticality, depends_on: std.get(s, 'calls', []), description: 'of the list', at: s['@place']}
    for s in native('parsePlaced')('services.yaml').services
  ],
}`
	tests := []struct {
		name  string
		files folder
		root  string
		want  string
	}{
		{"of the organisation's file", folder{"services.yaml": servicesYAML, FileName: fromList}, "",
			`checkout services.yaml:2:5, name services.yaml:2:11, owner services.yaml:3:12, tier services.yaml:2:5, needs services.yaml:5:13, says services.yaml:2:5
ledger services.yaml:6:5, name services.yaml:6:11, owner services.yaml:7:12, tier services.yaml:6:5, says services.yaml:6:5`},
		{"of a folder's file", folder{"a/services.yaml": servicesYAML, "a/" + FileName: fromList}, "a",
			`checkout a/services.yaml:2:5, name a/services.yaml:2:11, owner a/services.yaml:3:12, tier a/services.yaml:2:5, needs a/services.yaml:5:13, says a/services.yaml:2:5
ledger a/services.yaml:6:5, name a/services.yaml:6:11, owner a/services.yaml:7:12, tier a/services.yaml:6:5, says a/services.yaml:6:5`},
		{"of one value", folder{"services.yaml": servicesYAML, FileName: `{services: [{name: 'checkout', owner: {value: 'x', at: std.native('place')('services.yaml', ['services', 0, 'squad'])}}]}`}, "",
			`checkout catalog.jsonnet:1:13, name catalog.jsonnet:1:21, owner services.yaml:3:12`},
		{"of a map by names", folder{"services.yaml": "services:\n  checkout:\n    also: {is: checkout}\n    squad: shop\n", FileName: `local all = std.native('parsePlaced')('services.yaml').services;
{services: [{name: n, owner: all[n].squad, at: all[n]['@place']} for n in std.objectFields(all) if n != '@place']}`}, "",
			`checkout services.yaml:3:5, name services.yaml:2:3, owner services.yaml:4:12`},
		{"of TOML", folder{"s.toml": "[x]\nteam = 'a'\n", FileName: `local s = std.native('parsePlaced')('s.toml'); {services: [{name: 'x', owner: s.x.team, at: s.x['@place']}]}`}, "",
			`x s.toml:1:2, name s.toml:1:2, owner s.toml:1:2`},
		{"written in the program", folder{FileName: "{\n  services: [\n    {\n      name: 'x',\n      owner: 'a',\n    },\n  ],\n}"}, "",
			`x catalog.jsonnet:3:5, name catalog.jsonnet:4:14, owner catalog.jsonnet:5:15`},
		{"made by the program", folder{FileName: "{services: [{name: 'x' + i, owner: 'a'} for i in [1]]}"}, "",
			`x1 catalog.jsonnet, name catalog.jsonnet, owner catalog.jsonnet`},
		{"a value that stands twice", folder{"s.json": `{"a": "same", "b": "same"}`, FileName: `local s = std.native('parsePlaced')('s.json'); {services: [{name: 'x', owner: s.a, at: s['@place']}]}`}, "",
			`x s.json:1:1, name s.json:1:1, owner s.json:1:1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			facts, _ := read(t, tt.files, Program{File: strings.TrimPrefix(tt.root+"/"+FileName, "/"), Root: tt.root})
			if len(facts.Gaps) > 0 {
				t.Fatal(facts.Gaps)
			}
			var lines []string
			for _, s := range facts.Services {
				line := fmt.Sprintf("%s %s, name %s, owner %s", s.ID, s.At, s.Name.At, s.Owner.Ref.At)
				for _, part := range []struct {
					name string
					at   catalog.Place
				}{{"tier", s.Tier.At}, {"needs", firstNeed(s)}, {"says", s.Description.At}} {
					if !part.at.IsZero() {
						line += fmt.Sprintf(", %s %s", part.name, part.at)
					}
				}
				lines = append(lines, line)
			}
			if got := strings.Join(lines, "\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func firstNeed(s *catalog.Service) catalog.Place {
	if len(s.DependsOn) == 0 {
		return catalog.Place{}
	}
	return s.DependsOn[0].Ref.At
}

func TestEntries(t *testing.T) {
	facts, reads := read(t, folder{"services/checkout/a.yaml": "", "services.yaml": servicesYAML, "vendor/lib.libsonnet": "{owner: 'a'}", FileName: `
local lib = import 'lib.libsonnet';
{
  services: [{
    name: 'checkout', owner: lib.owner, tier: 1, folder: 'services/checkout', title: null, aliases: 'shop', durable:: false,
    evidence: {alerts: ['alerts/*.yaml', '/common/*.yaml'], alert_labels: ['service=checkout'], dashboard_tags: ['shop']},
    signals: {metrics: '{job="checkout"}'}, recovery: {durable: true, rto: '1h'},
    journey: [{name: 'Pay', slo: 'checkout-availability'}],
  }],
  teams: [{name: 'a', folder: 'teams/a', escalation: ['b', null]}],
  journeys: [{name: 'Log in', services: ['checkout']}],
  slos: [{name: 'checkout-availability', service: 'checkout', objective: 99.9, window: '30d', good: 'a', total: 'b'}],
  attestations: [{check: 'x', statement: 's', link: 'l', owner: 'a', until: '2026-01-01'}],
}`}, Program{})
	if len(facts.Gaps) > 0 {
		t.Fatal(facts.Gaps)
	}
	s := facts.Services[0]
	got := fmt.Sprint(s.Format, " ", s.Folder, " ", s.Tier.Value, " ", s.Aliases[0].Value, " ", s.Recovery.Durable.Value, " ", s.Wanted.Globs[catalog.Alerts][0].Value, " ", s.Wanted.Globs[catalog.Alerts][1].Value,
		" ", s.Wanted.AlertLabelSelector[0].Value, " ", s.Wanted.DashboardTags[0].Value, " ", facts.Teams[0].Folder, " ", len(facts.Teams[0].Escalation), " ",
		facts.Journeys[0].ID, " ", facts.Journeys[1].ID, " ", facts.SLOs[0].Objective.Value, " ", facts.Attestations[0].Until.Value, " ", reads)
	want := "mapped services/checkout 1 shop true /services/checkout/alerts/*.yaml /common/*.yaml service=checkout shop teams/a 1 pay log-in 99.9 2026-01-01 [catalog.jsonnet vendor/lib.libsonnet]"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name, program string
		services      int // that stand nevertheless
		want          string
	}{
		{"syntax", "{\n  services: [,]\n}", 0, `catalog.jsonnet:2:14: syntax: unexpected: "," while parsing terminal`},
		{"error of the program", "{services: [\n  {name: std.native('parse')('services.yaml').serices[0].name}]}", 0,
			"catalog.jsonnet:2:10: failed: Field does not exist: serices"},
		{"no such file", "{services: std.native('parse')('service.yaml')}", 0,
			`catalog.jsonnet:1:12: unreachable: there is no file "service.yaml" in the catalog`},
		{"an array", "[1]", 0, "catalog.jsonnet: bad value: the program returns an array. expected an object with services, teams, journeys, slos, attestations"},
		{"a string", "'services.yaml'", 0, `catalog.jsonnet: bad value: the program returns the string "services.yaml". expected an object with services, teams, journeys, slos, attestations`},
		{"null", "null", 0, "catalog.jsonnet: bad value: the program returns null. expected an object with services, teams, journeys, slos, attestations"},
		{"a function of arguments", "function(cluster) {}", 0, "catalog.jsonnet: failed: Missing argument: cluster"},
		{"unknown part", "{service: [{name: 'x'}]}", 0, `catalog.jsonnet: unknown key: unknown key "service". did you mean "services"?`},
		{"wrong type of a part", "{services: 'x'}", 0, `catalog.jsonnet: bad value: services is the string "x". expected an array of objects`},
		{"unknown key", "{services: [{\n  name: 'x',\n  onwer: 'a',\n}]}", 1, `catalog.jsonnet:3:11: unknown key: unknown key "onwer" in services[0]. did you mean "owner"?`},
		{"wrong type", "{services: [{\n  name: 'x',\n  tier: 'gold',\n}]}", 1, `catalog.jsonnet:3:10: bad value: services[0].tier is the string "gold". expected an integer from 1 to 9`},
		{"no such word", "{services: [{name: 'x', kind: 'api'}]}", 1,
			`catalog.jsonnet:1:32: bad value: services[0].kind is "api". expected one of request, pipeline, batch, frontend, platform, library`},
		{"missing name", "{services: [{owner: 'a', at: 'services.yaml:2:5'}]}", 0, `services.yaml:2:5: bad value: the service has no name. add name: "…"`},
		{"no place", "{services: [{name: 'x', at: 3}]}", 1, `catalog.jsonnet: bad value: of "x", a value of "at" is no place. write it as place() gives it, as in at: "services.yaml:3:5"`},
		{"place of no file", "{services: [{name: 'x', at: 'service.yaml:1'}]}", 1,
			`catalog.jsonnet: bad value: of "x", at "service.yaml:1" names no file of the catalog. write it as place() gives it, as in at: "services.yaml:3:5"`},
		{"folder outside", "{services: [{\n  name: 'x', folder: '../x'}]}", 1,
			`catalog.jsonnet:2:23: bad value: the folder "../x" is outside the repository. write its path from the root, as in "services/checkout"`},
		{"no such folder", "{services: [{\n  name: 'x', folder: 'y'}]}", 1,
			`catalog.jsonnet:1:13: bad value: the folder "y" of service "x" is not in the catalog, so nothing stands in it. correct it, or leave it out`},
		{"no such native function", "{services: std.native('parsed')('services.yaml')}", 0,
			`catalog.jsonnet:1:12: failed: there is no native function "parsed". expected one of glob, readText, lines, parse, parsePlaced, parseAll, parseAllPlaced, place`},
		{"place of a value", "{services: [{name: 'x', tier: {value: 'high', at: 'services.yaml:4:18'}}]}", 1,
			`services.yaml:4:18: bad value: services[0].tier is the string "high". expected an integer from 1 to 9`},
		{"a document that does not parse", "{services: [{name: d.name} for d in std.native('parseAll')('broken.yaml')]}", 2,
			`broken.yaml:4:1: syntax: did not find expected node content`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			facts, _ := read(t, folder{"services.yaml": servicesYAML, "broken.yaml": "name: x\n---\na: [\n---\nname: y", FileName: tt.program}, Program{})
			if len(facts.Gaps) != 1 {
				t.Fatalf("got gaps %v", facts.Gaps)
			}
			if got := facts.Gaps[0].String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(facts.Services) != tt.services {
				t.Errorf("got %d services, want %d", len(facts.Services), tt.services)
			}
			harmless := slices.Contains([]string{"no place", "place of no file", "no such folder"}, tt.name)
			if hides := len(facts.Gaps[0].Kinds) > 0; hides == harmless {
				t.Errorf("it may hide %v", facts.Gaps[0].Kinds)
			}
		})
	}
}

func TestTimeOut(t *testing.T) {
	runner := jsonnet.New(jsonnet.Options{Timeout: 300 * time.Millisecond})
	facts, _ := Read(context.Background(), runner, folder{FileName: `std.length([a * b for a in std.range(1, 100000) for b in std.range(1, 100000) if a == -1])`}, Program{File: FileName})
	if len(facts.Gaps) != 1 || facts.Gaps[0].Cause != catalog.TooCostly || !facts.Gaps[0].Concerns(catalog.Services) || !facts.Gaps[0].Concerns(catalog.Teams) {
		t.Errorf("got %v", facts.Gaps)
	}
}

// A program beside the catalog, as --catalog-map gives it, reads the catalog's files and is told with its own name.
func TestProgramBeside(t *testing.T) {
	p := Program{File: "map.jsonnet", Code: `{services: [{name: s.name, owner: s.squad, at: s['@place']} for s in std.native('parsePlaced')('services.yaml').services]}`}
	facts, reads := read(t, folder{"services.yaml": servicesYAML}, p)
	if len(facts.Services) != 2 || len(facts.Gaps) > 0 || len(reads) != 1 || reads[0] != "services.yaml" {
		t.Errorf("got %d services, gaps %v, reads %v", len(facts.Services), facts.Gaps, reads)
	}
	p.Code = "{\n  services: error 'no'}"
	facts, _ = read(t, folder{}, p)
	if len(facts.Gaps) != 1 || facts.Gaps[0].String() != "map.jsonnet:2:13: failed: no" {
		t.Errorf("got %v", facts.Gaps)
	}
}

func FuzzConvert(f *testing.F) {
	for _, seed := range []string{`{}`, `[]`, `{"services": [{"name": "x", "at": "services.yaml:2:5", "owner": {"value": 1, "at": "services.yaml"}}]}`,
		`{"services": {"name": {"@place": ":1:1"}}}`, `{"teams": [null, [], {"name": "x", "escalation": [[], {"at": "", "value": ""}]}]}`} {
		f.Add(seed)
	}
	files := folder{"services.yaml": servicesYAML}
	f.Fuzz(func(t *testing.T, output string) {
		facts := convert(jsonnet.Output{JSON: []byte(output)}, files, Program{File: FileName})
		for _, s := range facts.Services {
			if s.ID == "" || s.At.File != FileName && s.At.File != "services.yaml" {
				t.Errorf("service %q at %s", s.ID, s.At)
			}
		}
		for _, g := range facts.Gaps {
			if g.Detail == "" || g.At.File != FileName && g.At.File != "services.yaml" {
				t.Errorf("gap %v", g)
			}
		}
	})
}
