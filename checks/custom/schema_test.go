package custom

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write service.schema.json")

func TestSchemaFile(t *testing.T) {
	if *update {
		if err := os.WriteFile("service.schema.json", Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile("service.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, Schema()) {
		t.Error("service.schema.json is not what Schema gives. run go test ./checks/custom -update")
	}
}

// Every document that a check gets follows the schema, and holds nothing that the schema does not describe.
func TestFactsFollowTheSchema(t *testing.T) {
	e, _, _ := loaded(t, nil)
	for pointer, documents := range map[string][][]byte{"": batchesOf(e, "2026-06-30")[0].facts, "#/$defs/estate": {batchesOf(e, "2026-06-30")[0].estate}} {
		schema := compiled(t, pointer)
		for _, d := range documents {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(d))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%v\n%s", err, d)
			}
		}
	}
}

// compiled gives the schema, or a part of it, that allows no other properties.
func compiled(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	strict := strings.ReplaceAll(string(Schema()), `"properties": {`, `"additionalProperties": false, "properties": {`)
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(strict))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("service.schema.json", v); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("service.schema.json" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// Every property says what it means.
func TestSchemaIsDocumented(t *testing.T) {
	var walk func(path string, v any)
	walk = func(path string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		for key, inner := range m {
			if properties, ok := inner.(map[string]any); ok && key == "properties" {
				for name, p := range properties {
					if text, _ := p.(map[string]any)["description"].(string); text == "" || strings.HasSuffix(text, ".") {
						t.Errorf("%s.%s is described as %q", path, name, text)
					}
				}
			}
			walk(path+"/"+key, inner)
		}
	}
	var schema any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	walk("", schema)
}

// The example of the reference is a check that works.
func TestReference(t *testing.T) {
	e, set, gaps := loaded(t, folder{"checks/acme-cost-centre.jsonnet": strings.ReplaceAll(example, "acme.example/cost-centre", "cost-centre")})
	gaps = append(gaps, set.Ask(context.Background(), e, "2026-06-30", 1)...)
	if len(gaps) > 0 {
		t.Fatal(gaps)
	}
	if got := show(e, set); !strings.Contains(got, "acme-cost-centre checkout: pass\n  met services/checkout/deploy.yaml:5:25: cost centre shop") {
		t.Errorf("got\n%s", got)
	}
	for _, part := range append(definitionKeys(), "notApplicable", "service.schema.json", "state", "message", "cause") {
		if !strings.Contains(Reference(), part) {
			t.Errorf("the reference lacks %q", part)
		}
	}
}

// Services beyond the size of a batch are asked in several, with the same result.
func TestBatches(t *testing.T) {
	e, _, _ := loaded(t, nil)
	whole := batchesOf(e, "2026-06-30")
	if len(whole) != 1 || len(whole[0].ids) != 2 {
		t.Fatalf("got %d batches", len(whole))
	}
	first, second := whole[0].halves()
	if len(first.ids)+len(second.ids) != 2 || !json.Valid(first.document()) || !json.Valid(second.document()) {
		t.Errorf("got %v and %v", first.ids, second.ids)
	}
}
