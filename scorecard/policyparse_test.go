package scorecard

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog/tomldoc"
	"obsready/checks"
)

// known are the checks that the policies of these tests may name.
var known = []*checks.Check{{ID: "alert-tested"}, {ID: "logs-retention"}, {ID: "owner-team"}}

func TestParsePolicy(t *testing.T) {
	p, err := ParsePolicy("obsready.toml", []byte(policyExample), known)
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultPolicy()
	want.File = "obsready.toml"
	want.Load.Web = "https://github.com/acme/catalog"
	want.Load.Ignore = []string{"**/node_modules/**", "**/vendor/**", ".git/**", "archive/**"}
	want.Load.Sites = append(want.Load.Sites, p.Load.Sites...)
	want.Load.Labels.Service = []string{"service", "app", "job"}
	want.Load.Labels.Team = []string{"team"}
	want.Settings.PageSeverities = []string{"page"}
	want.Settings.Severities = []string{"page", "ticket", "info"}
	want.Settings.RunbookMaxAge = 365 * 24 * time.Hour
	want.Checks = map[string]CheckPolicy{"alert-tested": {Announced: true}, "logs-retention": {Severity: checks.Low, Level: checks.Gold}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got\n%+v\nwant\n%+v", p, want)
	}
	if len(p.Load.Sites) != 1 || p.Load.Sites[0].Folder != "source/manual" || len(p.Load.Sites[0].Suffix) != 2 {
		t.Errorf("got sites %+v", p.Load.Sites)
	}
}

func TestEmptyPolicyIsTheDefault(t *testing.T) {
	p, err := ParsePolicy("", nil, known)
	if err != nil || !reflect.DeepEqual(p, DefaultPolicy()) {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestPolicyOverrides states values that differ from every default, lists that are empty among them.
func TestPolicyOverrides(t *testing.T) {
	p, err := ParsePolicy("p.toml", []byte(`
catalog = { ignore = [], max_file_bytes = 2048 }
levels = { 1 = "silver", 4 = "bronze" }
[points]
high = 7.5
[thresholds]
log_retention = "1h30m"
sampling_maximum = 0.5
oncall_tiers = 0
slo_tiers = 3
slo_window_minimum = "1d"
slo_window_maximum = "1y"
[checks]
owner-team.state = "off"
alert-tested = { state = "on" }
`), known)
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultPolicy()
	want.File = "p.toml"
	want.Load.Ignore, want.Load.MaxFileBytes = nil, 2048
	want.Required[1], want.Required[4] = checks.Silver, checks.Bronze
	want.Points[checks.High] = 7.5
	want.Settings.LogRetention, want.Settings.SamplingMaximum, want.Settings.OncallTiers = 90*time.Minute, 0.5, 0
	want.Settings.SLOTiers, want.Settings.SLOWindowMinimum, want.Settings.SLOWindowMaximum = 3, 24*time.Hour, 365*24*time.Hour
	want.Checks = map[string]CheckPolicy{"owner-team": {Off: true}, "alert-tested": {}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got\n%+v\nwant\n%+v", p, want)
	}
}

func TestPolicyProblems(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"syntax", "[levels\n", []string{"p.toml:1:8: "}},
		{"unknown table", "[threshold]\n", []string{`p.toml:1:2: unknown key "threshold". did you mean "thresholds"?`}},
		{"unknown key", "[thresholds]\nrunbook_maxage = \"1d\"\n", []string{`p.toml:2:1: unknown key "runbook_maxage" in [thresholds]. did you mean "runbook_max_age"?`}},
		{"duration", "[thresholds]\nfor_minimum = \"2 minutes\"\n",
			[]string{`p.toml:2:16: thresholds.for_minimum is the string "2 minutes": expected a duration, as in "90d", "12h" or "1h30m"`}},
		{"type", "[points]\nlow = \"1\"\n", []string{`p.toml:2:8: points.low is the string "1". expected a number from 0 to 1000`}},
		{"not a number", "[points]\nlow = nan\n", []string{`p.toml:2:7: points.low is NaN. expected a number from 0 to 1000`}},
		{"bounds", "[thresholds]\nsampling_minimum = 1.5\n", []string{`p.toml:2:20: thresholds.sampling_minimum is 1.5. expected a number from 0 to 1`}},
		{"crossed bounds", "[thresholds]\nsampling_maximum = 0.001\n", []string{`p.toml:2:20: thresholds.sampling_minimum 0.01 is more than sampling_maximum 0.001`}},
		{"crossed windows", "[thresholds]\nslo_window_maximum = \"3d\"\n", []string{`p.toml:2:23: thresholds.slo_window_minimum 1w is longer than slo_window_maximum 3d`}},
		{"level", "[levels]\n1 = \"golden\"\n",
			[]string{`p.toml:2:6: levels.1 is the string "golden": unknown level "golden". expected one of none, bronze, silver, gold`}},
		{"tier", "[levels]\n0 = \"gold\"\n", []string{"p.toml:2:1: there is no tier 0. tiers go from 1, the most critical, to 9"}},
		{"tier word", "[levels]\nfirst = \"gold\"\n", []string{`p.toml:2:1: unknown key "first" in [levels]. expected an integer`}},
		{"unknown check", "[checks.alert-test]\nstate = \"off\"\n", []string{`p.toml:1:9: unknown check "alert-test" in [checks]. did you mean "alert-tested"?`}},
		{"no check at all like it", "[checks.zzzzzzzz]\n", []string{`p.toml:1:9: unknown check "zzzzzzzz" in [checks]. "obsready checks" lists them all`}},
		{"state", "[checks.owner-team]\nstate = \"offf\"\n",
			[]string{`p.toml:2:10: checks.owner-team.state is "offf". expected one of on, announced, off. did you mean "off"?`}},
		{"site", "[[site]]\nurl = \"docs.example\"\nfolder = \"../other\"\n", []string{
			`p.toml:2:8: site.url "docs.example" is no web address. it starts with https://`,
			`p.toml:3:11: site.folder "../other" is not inside the catalog. it is relative to the catalog's root`}},
		{"half a site", "[[site]]\nurl = \"https://docs.example\"\n",
			[]string{`p.toml:1:3: site has no folder. state the folder of the catalog that it is built from, "." for all of it`}},
		{"a site of the wrong type is told once", "[[site]]\nurl = 1\nfolder = \"a\"\n", []string{`p.toml:2:7: site[0].url is the integer 1. expected a string`}},
		{"script as link", "[catalog]\npermalink = \"javascript:{path}\"\n", []string{`p.toml:2:14: catalog.permalink "javascript:{path}" is no web address. it starts with https://`}},
		{"link without path", "[catalog]\npermalink = \"https://git.example/{commit}\"\n",
			[]string{`p.toml:2:14: catalog.permalink "https://git.example/{commit}" has no {path}. it may hold {commit}, {path} and {line}`}},
		{"glob", "[catalog]\nignore = [\"ok/**\", \"[\"]\n", []string{`p.toml:2:21: catalog.ignore "[" is no glob. it looks like "vendor/**"`}},
		{"nothing pages", "[thresholds]\npage_severities = []\n",
			[]string{`p.toml:2:19: thresholds.page_severities is empty, so that nothing would ever page. name the severities that wake somebody`}},
		{"receivers that are no glob", "[thresholds]\npage_receivers = [\"*-pager\", \"[\"]\n",
			[]string{`p.toml:2:31: page receiver "[" is no glob. it looks like "*-pager"`}},
		{"page severity outside the set", "[thresholds]\nseverities = [\"p1\"]\npage_severities = [\"p1\", \"sev\"]\n",
			[]string{`p.toml:3:27: page severity "sev" is not among thresholds.severities. add it there`}},
		{"a set without a paging severity", "[thresholds]\nseverities = [\"high\", \"low\"]\n",
			[]string{`p.toml:2:14: none of the severities pages. name those that do in thresholds.page_severities`}},
		{"all problems, in the order of the text", "[points]\nlow = -1\n[checks.alert-test]\n[level]\n", []string{
			"p.toml:2:7: points.low is -1. expected a number from 0 to 1000",
			`p.toml:3:9: unknown check "alert-test" in [checks]. did you mean "alert-tested"?`,
			`p.toml:4:2: unknown key "level". did you mean "levels"?`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := ParsePolicy("p.toml", []byte(test.text), known)
			if err == nil {
				t.Fatalf("got %+v and no error", p)
			}
			got := strings.Split(err.Error(), "\n")
			if len(got) != len(test.want) || !slices.EqualFunc(got, test.want, strings.HasPrefix) {
				t.Errorf("got\n%s\nwant\n%s", err, strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestThresholdsAreComplete: a setting without a key could be changed by nobody.
func TestThresholdsAreComplete(t *testing.T) {
	keys := tomldoc.Keys(thresholdsSection{})
	settings := reflect.TypeFor[checks.Settings]()
	for i := range settings.NumField() {
		name := settings.Field(i).Name
		if !slices.ContainsFunc(keys, func(k tomldoc.Key) bool { return strings.ReplaceAll(k.Name, "_", "") == strings.ToLower(name) }) {
			t.Errorf("setting %s has no key in [thresholds]", name)
		}
	}
	if len(keys) != settings.NumField() {
		t.Errorf("%d keys for %d settings", len(keys), settings.NumField())
	}
}

// TestReferenceShowsDefaults: the examples of keys that have a default are those defaults.
func TestReferenceShowsDefaults(t *testing.T) {
	var text strings.Builder
	for _, table := range tomldoc.Keys(policyFile{}) {
		if table.List || table.Values != nil {
			continue
		}
		text.WriteString("[" + table.Name + "]\n")
		for _, k := range table.Keys {
			if k.Example == "" || k.Doc == "" {
				t.Errorf("%s.%s lacks an example or a meaning", table.Name, k.Name)
			}
			if !slices.Contains([]string{"web", "permalink", "name_annotations", "url"}, k.Name) {
				text.WriteString(k.Name + " = " + k.Example + "\n")
			}
		}
	}
	p, err := ParsePolicy("", []byte(text.String()), known)
	if err != nil {
		t.Fatal(err)
	}
	if want := DefaultPolicy(); !reflect.DeepEqual(p, want) {
		t.Errorf("got\n%+v\nwant\n%+v", p, want)
	}
}

func TestPolicyReference(t *testing.T) {
	text := PolicyReference()
	for _, want := range []string{"[catalog]", "[[site]]", "[labels]", "[levels]", "[points]", "[thresholds]", "[checks.NAME]", "runbook_max_age", "for_minimum = \"1m\""} {
		if !strings.Contains(text, want) {
			t.Errorf("the reference does not mention %s", want)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(policyExample))
	f.Add([]byte("[levels]\n1 = \"gold\"\n-1 = \"x\"\n"))
	f.Add([]byte("[checks.x]\nstate = 1\n[points]\nlow = inf\n"))
	f.Add([]byte("site = [1, {}]\ncatalog = []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePolicy("p.toml", data, known)
		if (p == nil) == (err == nil) {
			t.Fatalf("got %+v and %v", p, err)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "p.toml") {
				t.Errorf("an error without its place: %v", err)
			}
			return
		}
		for severity, points := range p.Points {
			if !(points >= 0 && points <= 1000) {
				t.Errorf("%v points for %v", points, severity)
			}
		}
		if p.Settings.SamplingMinimum > p.Settings.SamplingMaximum || len(p.Settings.PageSeverities) == 0 {
			t.Errorf("settings that cannot be: %+v", p.Settings)
		}
		Evaluate(estateOf("a"), known[:0], p, now, 1)
	})
}
