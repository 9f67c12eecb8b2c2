package jsonnet

import (
	"strings"
	"testing"
)

var estate = folder{
	"org/services.yaml":     "services:\n- name: cart\n  owner: shop\n- {name: pay, tier: 1, ratio: 0.5, on: true, none: ~}\n",
	"org/team.toml":         "name = \"shop\"\n[[member]]\nid = 7\nborn = 1999-05-01\n[[member]]\nid = 8\n",
	"org/d.json":            "{\n \"a\": [1, {\"b\": \"\\ud83d\\ude00\"}]\n}",
	"org/many.yaml":         "kind: A\n---\nkind: B\nmetadata: {name: x}\n",
	"org/half.yaml":         "kind: A\n---\nkind: [\n---\nkind: C\n",
	"org/empty.yaml":        "# nothing\n",
	"org/a/x.txt":           "one\r\ntwo\n",
	"other/secret.yaml":     "a: 1",
	"org/latin":             "\xe9",
	"org/deep/er/main.yaml": "x: 1",
}

func native(t *testing.T, code string) (string, string) {
	t.Helper()
	f := folder{"org/main.jsonnet": "local n = std.native;\n" + code}
	for p, text := range estate {
		f[p] = text
	}
	out, gap := evaluate(t, f, Program{File: "org/main.jsonnet", Root: "org", Natives: true})
	if gap != nil {
		return "", gap.String()
	}
	result := compact(t, out.JSON)
	for _, g := range out.Gaps {
		result += " " + g.At.String() + " " + string(g.Cause)
	}
	return result, ""
}

func TestNatives(t *testing.T) {
	tests := []struct{ code, want string }{
		{`n("glob")("*.yaml")`, `["empty.yaml","half.yaml","many.yaml","services.yaml"]`},
		{`n("glob")("**/*.{yaml,txt}")[0:2]`, `["a/x.txt","deep/er/main.yaml"]`},
		{`n("glob")("nothing/*")`, `[]`},
		{`n("readText")("a/x.txt")`, `"one\r\ntwo\n"`},
		{`n("readText")("a/../a/x.txt")`, `"one\r\ntwo\n"`},
		{`n("lines")("a/x.txt")`, `["one","two"]`},
		{`n("parse")("services.yaml")`, `{"services":[{"name":"cart","owner":"shop"},{"name":"pay","none":null,"on":true,"ratio":0.5,"tier":1}]}`},
		{`n("parse")("team.toml")`, `{"member":[{"born":"1999-05-01","id":7},{"id":8}],"name":"shop"}`},
		{`n("parse")("d.json")`, `{"a":[1,{"b":"😀"}]}`},
		{`n("parse")("empty.yaml")`, `null`},
		{`n("parseAll")("many.yaml")`, `[{"kind":"A"},{"kind":"B","metadata":{"name":"x"}}]`},
		{`n("parseAll")("half.yaml")`, `[{"kind":"A"},{"kind":"C"}] org/half.yaml:4:1 syntax`},
		{`n("parsePlaced")("team.toml").member[1]`, `{"@place":"org/team.toml:5:3","id":8}`},
		{`n("parseAllPlaced")("many.yaml")[1].metadata`, `{"@place":"org/many.yaml:4:11","name":"x"}`},
		{`n("place")("services.yaml", ["services", 1, "tier"])`, `"org/services.yaml:4:21"`},
		{`n("place")("services.yaml", [])`, `"org/services.yaml:1:1"`},
		{`n("place")("many.yaml", [1, "metadata", "name"])`, `"org/many.yaml:4:18"`},
		{`n("place")("team.toml", ["member", 0, "id"])`, `"org/team.toml:3:6"`},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			t.Parallel()
			if got, gap := native(t, tt.code); got != tt.want {
				t.Errorf("got  %s %s\nwant %s", got, gap, tt.want)
			}
		})
	}
}

func TestNativeFaults(t *testing.T) {
	tests := []struct{ code, want string }{
		{`n("parse")("many.yaml")`, `failed: "many.yaml" holds 2 documents. take them with std.native("parseAll")("many.yaml")`},
		{`n("parse")("half.yaml")`, `org/half.yaml:4:1: `},
		{`n("parse")("none.yaml")`, `unreachable: there is no file "org/none.yaml" in the catalog`},
		{`n("parse")("../../etc/passwd")`, `hostile name: the path "../../etc/passwd" leads out of the catalog`},
		{`n("readText")("/etc/passwd")`, `hostile name: the path "/etc/passwd" leads out of the catalog`},
		{`n("readText")("latin")`, `"latin" is not UTF-8 text. save it as UTF-8`},
		{`n("glob")("../**")`, `hostile name: the pattern "../**" leads out of the catalog`},
		{`n("glob")("[")`, `bad value: the pattern "[" cannot be read`},
		{`n("glob")("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}")`, `bad value`},
		{`n("parse")(7)`, `parse wants a path and got a number`},
		{`n("place")("services.yaml", ["services", 9])`, `"services.yaml" has no value at ["services", 9]`},
		{`n("place")("many.yaml", ["kind"])`, `does not begin with the number of one`},
		{`n("place")("empty.yaml", ["kind"])`, `"empty.yaml" has no value at ["kind"]: it is empty or does not parse`},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			t.Parallel()
			got, gap := native(t, tt.code)
			if !strings.HasPrefix(gap, "org/main.jsonnet:2:1: ") || !strings.Contains(gap, tt.want) {
				t.Errorf("got %q %s, want %s", got, gap, tt.want)
			}
		})
	}
}

// The documentation of natives names every one of them.
func TestNativesDocumented(t *testing.T) {
	for _, f := range (&evaluation{}).natives() {
		if !strings.Contains("\n"+Natives, "\n"+f.Name+"(") {
			t.Errorf("%s is not documented", f.Name)
		}
	}
}
