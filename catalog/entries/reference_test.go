package entries

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"obsready/catalog"
	"obsready/catalog/recovery"
	"obsready/catalog/slos"
	"obsready/catalog/toil"
	"obsready/catalog/tomldoc"
)

func TestExamplesHaveNoGaps(t *testing.T) {
	for _, f := range formats {
		text, err := examples.ReadFile("examples/" + f.name)
		if err != nil {
			t.Fatal(err)
		}
		facts := readExample(f.name, text)
		if len(facts.Gaps) > 0 || len(facts.Services)+len(facts.Teams)+len(facts.Journeys)+len(facts.SLOs)+len(facts.Attestations)+len(facts.RecoveryPlans)+len(facts.Exercises)+len(facts.ToilLogs) == 0 {
			t.Errorf("%s: %s", f.name, show(facts))
		}
		reference, err := Reference(f.name)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range tomldoc.Keys(f.shape) {
			if !strings.Contains(reference, k.Name) || !strings.Contains(reference, k.Doc) {
				t.Errorf("%s: the reference lacks %q", f.name, k.Name)
			}
		}
	}
}

// readExample reads an example with the reader that has its format.
func readExample(name string, text []byte) catalog.Facts {
	switch name {
	case "recovery.toml", "exercise.toml":
		return recovery.ReadTOML("x/"+name, text)
	case "toil.toml":
		facts, _ := toil.ReadTOML("x/"+name, text)
		return facts
	}
	return ReadNative("x/"+name, text)
}

func TestExamplesFollowTheSchema(t *testing.T) {
	for _, f := range formats {
		schema := compile(t, f.name)
		text, err := examples.ReadFile("examples/" + f.name)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, string(text))); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
	}
	service := compile(t, "service.toml")
	for _, wrong := range []string{"owner = 'x'", "name = 'x'\nonwer = 'x'", "name = 'x'\ntier = 'one'", "name = 'x'\nkind = 'api'"} {
		if service.Validate(asJSON(t, wrong)) == nil {
			t.Errorf("the schema allows %q", wrong)
		}
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asJSON gives TOML as a JSON decoder would give the same values.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var v map[string]any
	if _, err := toml.Decode(text, &v); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestUnknownFile(t *testing.T) {
	_, err := Reference("x.toml")
	if err == nil || err.Error() != `unknown file "x.toml". expected one of service.toml, team.toml, journey.toml, slo.toml, attestations.toml, recovery.toml, exercise.toml, toil.toml, services.toml` {
		t.Errorf("got %v", err)
	}
	if _, err := Schema("x.toml"); err == nil {
		t.Error("a schema for an unknown file")
	}
}

// TestKindsAreThoseOfTheCatalog keeps the tags, which cannot refer to variables, in step with the vocabulary.
func TestKindsAreThoseOfTheCatalog(t *testing.T) {
	field, _ := reflect.TypeFor[nativeService]().FieldByName("Kind")
	if got, want := field.Tag.Get("enum"), strings.Join(catalog.ServiceKinds, ","); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	dimension, _ := reflect.TypeFor[slos.Native]().FieldByName("Dimension")
	if got, want := dimension.Tag.Get("enum"), strings.Join(slos.Dimensions, ","); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	evidence := tomldoc.Keys(nativeEvidence{})
	if len(evidence) != len(evidenceKinds) {
		t.Errorf("%d keys of evidence and %d kinds", len(evidence), len(evidenceKinds))
	}
	for _, k := range evidence {
		if _, ok := evidenceKinds[k.Name]; !ok {
			t.Errorf("no kind for %q", k.Name)
		}
	}
}
