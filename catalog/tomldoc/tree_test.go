package tomldoc

import (
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Values that were not written as TOML are decoded by the same shape, and told in the words of JSON.
func TestFromTree(t *testing.T) {
	type inner struct {
		Format catalog.Text `toml:"format"`
	}
	type shape struct {
		Name    catalog.Text   `toml:"name"`
		Tier    catalog.Text   `toml:"tier" type:"integer" min:"1" max:"9"`
		Aliases []catalog.Text `toml:"aliases"`
		Logging inner          `toml:"logging"`
		All     bool           `toml:"all"`
	}
	tests := []struct{ name, text, want string }{
		{"all is well", `{"name": "x", "tier": 2, "aliases": ["a", null], "logging": {"format": "json"}, "all": true}`, ""},
		{"null is not stated", `{"name": null, "logging": null}`, ""},
		{"single value", `{"aliases": "a"}`, ""},
		{"whole number with a point", `{"tier": 2.0}`, ""},
		{"object for text", `{"name": {"a": 1}}`, "x.json:1:10: bad value: name is an object. expected a string"},
		{"fraction", `{"tier": 2.5}`, "x.json:1:10: bad value: tier is the number 2.5. expected an integer from 1 to 9"},
		{"text for an object", `{"logging": "json"}`, `x.json:1:14: bad value: logging is the string "json". expected an object`},
		{"unknown key inside", `{"logging": {"fromat": "json"}}`, `x.json:1:15: unknown key: unknown key "fromat" in logging. did you mean "format"?`},
		{"key of what is inside", `{"format": "json"}`, `x.json:1:3: unknown key: unknown key "format". move it into logging`},
		{"nested array", `{"aliases": [["a"]]}`, "x.json:1:14: bad value: aliases[0] is an array. expected a string"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, gaps := document.ParseJSON("x.json", []byte(tt.text))
			if len(gaps) > 0 {
				t.Fatal(gaps)
			}
			var v shape
			var problems []string
			for _, p := range FromTree("x.json", docs[0].Root).Decode(&v) {
				problems = append(problems, p.Gap.String())
			}
			if got := strings.Join(problems, "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestObjectReference(t *testing.T) {
	type shape struct {
		Name  catalog.Text `toml:"name" required:"true" doc:"What it is called"`
		Inner struct {
			Kind catalog.Text `toml:"kind" enum:"a,b" doc:"What it is"`
		} `toml:"inner"`
		More []struct {
			At catalog.Place
		} `toml:"more" doc:"Others"`
	}
	got := ObjectReference(shape{}, map[string]string{"more": "others"})
	for _, want := range []string{"name", "required. What it is called", "inner.kind", "one of a, b", "an array of objects as in others"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}
