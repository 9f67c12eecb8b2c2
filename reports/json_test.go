package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"obsready/catalog"
	"obsready/scorecard"
)

func TestJSONMatchesItsSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("report.schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	full := sample()
	journey := &catalog.Journey{ID: "pay"}
	full.Promises = []scorecard.Promise{{Journey: journey, SLI: "good / all", Target: "99.9 %", Policy: "freeze"}, {SLO: &catalog.SLO{Name: text("slo", "f", 1)}, Service: full.Estate.Services[0]}}
	for name, r := range map[string]*scorecard.Report{"sample": full, "past": withPast(t), "crowd": crowd(20), "empty": crowd(0)} {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(render(t, "json", r, Options{})))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var failed *jsonschema.ValidationError
		if errors.As(compiled.Validate(instance), &failed) {
			for _, leaf := range leaves(failed) {
				t.Errorf("%s: at /%s: %v", name, strings.Join(leaf.InstanceLocation, "/"), leaf.ErrorKind)
			}
		}
	}
}

// leaves gives the failures themselves: what stands above them says only where in the schema they were found.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// TestSchemaDescribesTheTypes keeps the schema and the types that are written in step, whether or not a test's report
// happens to use every field.
func TestSchemaDescribesTheTypes(t *testing.T) {
	var described struct {
		Defs map[string]struct {
			Description string
			Required    []string
			Properties  map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &described); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{
		"revision": jsonRevision{}, "counts": jsonCounts{}, "policy": jsonPolicy{}, "check": jsonCheck{}, "summary": jsonSummary{}, "score": jsonScore{},
		"pillar": jsonPillar{}, "answer": jsonAnswer{}, "clause": jsonClause{}, "promise": jsonPromise{}, "action": jsonAction{}, "cause": jsonCause{},
		"team": jsonTeam{}, "orphan": jsonOrphan{}, "gap": jsonGap{}, "service": jsonService{}, "result": jsonResult{}, "requirement": jsonRequirement{}, "place": jsonPlace{},
		"thread": jsonThread{}, "threadLink": jsonThreadLink{}, "alert": jsonAlert{}, "reason": jsonReason{},
		"week": jsonWeek{}, "commit": jsonCommit{}, "groupPast": jsonGroupPast{}, "servicePast": jsonServicePast{}, "move": jsonMove{}, "shift": jsonShift{}, "standing": jsonStanding{},
	} {
		def := described.Defs[name]
		kind := reflect.TypeOf(value)
		var required []string
		for i := range kind.NumField() {
			field, option, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if def.Properties[field].Description == "" {
				t.Errorf("the schema does not describe %s.%s", name, field)
			}
			if option == "" {
				required = append(required, field)
			}
		}
		if len(def.Properties) != kind.NumField() {
			t.Errorf("the schema has %d fields of %s, which has %d", len(def.Properties), name, kind.NumField())
		}
		if !slices.Equal(def.Required, required) {
			t.Errorf("%s: the schema requires %q, the type %q", name, def.Required, required)
		}
		if def.Description == "" {
			t.Errorf("the schema does not describe %s", name)
		}
	}
}

// TestHistoryIsCompact holds what half a year of a service takes in report.json to what ten thousand services can afford.
func TestHistoryIsCompact(t *testing.T) {
	const weeks = 27
	h := &scorecard.History{Weeks: make([]scorecard.Week, weeks), Services: map[string][]scorecard.Standing{"payments/checkout": make([]scorecard.Standing, weeks)}}
	for i := range weeks {
		h.Services["payments/checkout"][i] = scorecard.Standing{Services: 1, Levels: [4]int{0, 0, 1, 0}, Score: scorecard.Score{Earned: 1000.0 / 3, Possible: 410, Unknown: 50.0 / 3}}
	}
	data, err := json.Marshal(pastView{weeks: h.Weeks}.service("payments/checkout", h.Services["payments/checkout"]))
	if err != nil || len(data) > 1000 {
		t.Errorf("%d bytes (error %v): %s", len(data), err, data)
	}
}

// TestHistoryReadsBack takes the lists of a history as a reader of the file would.
func TestHistoryReadsBack(t *testing.T) {
	var read struct {
		History struct {
			Weeks    []jsonWeek
			Estate   jsonGroupPast
			Teams    []jsonGroupPast
			Services []jsonServicePast
			Moves    []jsonMove
			Shifts   []jsonShift
		}
		Comparison struct {
			Ruled  bool
			Moves  []jsonMove
			Shifts []jsonShift
		}
	}
	if err := json.Unmarshal([]byte(render(t, "json", withPast(t), Options{})), &read); err != nil {
		t.Fatal(err)
	}
	h := read.History
	if len(h.Weeks) != 4 || h.Weeks[0].Gap == "" || len(h.Teams) != 4 || len(h.Services) != 7 || len(h.Moves) != 4 || len(h.Shifts) != 3 || len(read.Comparison.Moves) != 3 {
		t.Fatalf("got %+v", h)
	}
	if h.Estate.Services[0] != nil || *h.Estate.Services[3] != 6 || *h.Estate.Silver[3] != 1 || *h.Estate.Earned[3] != 37.67 {
		t.Errorf("got %+v", h.Estate)
	}
	for _, s := range h.Services {
		if len(s.Level) != 4 || len(s.Ready) != 4 || len(s.Earned) != 4 || s.Ready[0] != nil {
			t.Errorf("%s has lists of other lengths, or stood somewhere in a week that is not known", s.ID)
		}
		if s.ID == "gone" && (*s.Level[1] != 1 || s.Level[2] != nil || s.Ready[3] != nil) {
			t.Errorf("got %+v", s)
		}
	}
}

func TestJSONKeepsTextAsItIs(t *testing.T) {
	out := render(t, "json", sample(), Options{})
	if i := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && steers(r) }); i >= 0 {
		t.Errorf("%q would steer a terminal", out[i:i+5])
	}
	var read struct {
		Services []jsonService
		Teams    []jsonTeam
	}
	if err := json.Unmarshal([]byte(out), &read); err != nil {
		t.Fatal(err)
	}
	if got := read.Services[0].ID; got != hostileService {
		t.Errorf("got service %q", got)
	}
	if got := read.Teams[0].ID; got != hostileTeam {
		t.Errorf("got team %q", got)
	}
	if got := escapeSteering("\"\U000e0041\u202e\""); got != `"\udb40\udc41\u202e"` {
		t.Errorf("got %s", got)
	}
}

func TestJSONRefersToItsCauses(t *testing.T) {
	var read struct {
		Causes   []jsonCause
		Services []jsonService
	}
	if err := json.Unmarshal([]byte(render(t, "json", sample(), Options{})), &read); err != nil {
		t.Fatal(err)
	}
	findings := map[string]int{}
	for _, svc := range read.Services {
		for _, result := range svc.Results {
			for _, q := range result.Requirements {
				findings[q.Cause]++
			}
		}
	}
	if len(read.Causes) == 0 {
		t.Fatal("there are no causes")
	}
	for _, c := range read.Causes {
		if findings[c.Key] != c.Findings {
			t.Errorf("%d findings refer to %q, which has %d", findings[c.Key], c.Key, c.Findings)
		}
	}
}

func TestSchemaIsTheCallers(t *testing.T) {
	Schema()[0] = 'x'
	if Schema()[0] != '{' {
		t.Error("a caller changed the schema")
	}
}
