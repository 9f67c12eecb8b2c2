package tomldoc

import (
	"bytes"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestSchema(t *testing.T) {
	text, err := Schema("https://example.org/sample.json", "sample", sample{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sample.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sample.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		valid bool
	}{
		{good, true},
		{"tier = 1", false}, // no name
		{"name = 'a'\ntier = 10", false},
		{"name = 'a'\nkind = 'x'", false},
		{"name = 'a'\nneeds = 'a'", true},
		{"name = 'a'\nsite = [{url = 1}]", false},
		{"name = 'a'\ncheck.x.severity = 'none'", false},
	} {
		var v map[string]any
		if _, err := toml.Decode(c.text, &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(plainLists(v)); (err == nil) != c.valid {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

// plainLists gives arrays of tables the type that a JSON decoder would.
func plainLists(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = plainLists(v[k])
		}
	case []map[string]any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = plainLists(v[i])
		}
		return items
	}
	return v
}

func TestReference(t *testing.T) {
	got := Reference(sample{})
	for _, want := range []string{
		"  name      a string                       required. What it is called\n",
		"  kind      a string\none of request, batch\n",
		"[[site]]                                   Published pages\n",
		"[check.NAME]                               One check\n",
		"  NAME",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}
