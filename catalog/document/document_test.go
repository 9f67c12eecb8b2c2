package document

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
)

func TestPlaces(t *testing.T) {
	const text = `# comment
a: plain
b: "quoted"
c: |
  first
   second
d: >-
  folded
  on
list:
  - x: 1
---
second: {flow: [1, "two"]}
`
	docs, gaps := ParseYAML("f.yaml", []byte(text))
	if len(docs) != 2 || gaps != nil {
		t.Fatalf("got %d documents and gaps %v", len(docs), gaps)
	}
	lines := strings.Split(text, "\n")
	for _, c := range []struct {
		node  *Node
		value string
		at    string // what stands at the place
	}{
		{docs[0].Root.Get("a"), "plain", "plain"},
		{docs[0].Root.Get("b"), "quoted", `quoted"`},
		{docs[0].Root.Get("c"), "first\n second\n", "first"},
		{docs[0].Root.Get("d"), "folded on", "folded"},
		{docs[0].Root.Get("list").List()[0].Get("x"), "1", "1"},
		{docs[1].Root.Get("second", "flow").List()[1], "two", `two"]}`},
	} {
		if c.node.Str() != c.value {
			t.Errorf("got value %q, want %q", c.node.Str(), c.value)
		}
		p := c.node.At
		if p.Line < 1 || p.Line > len(lines) || p.Col > len(lines[p.Line-1]) || lines[p.Line-1][p.Col-1:] != c.at {
			t.Errorf("%q: place %v does not point to %q", c.value, p, c.at)
		}
	}
	q := docs[0].Root.Get("c").Query(catalog.PromQL)
	if got := q.Place(strings.Index(q.Text, "second")); got.Line != 6 || got.Col != 4 {
		t.Errorf("second line of a block: got %v, want 6:4", got)
	}
}

func TestBrokenDocumentDoesNotHideOthers(t *testing.T) {
	docs, gaps := ParseYAML("f.yaml", []byte("a: 1\n---\nb: [\n---\nc: 3\n"))
	if len(docs) != 2 || len(gaps) != 1 || gaps[0].Cause != catalog.Syntax || gaps[0].At.Line < 3 {
		t.Errorf("got %d documents and gaps %v", len(docs), gaps)
	}
}

func TestHelm(t *testing.T) {
	const text = `metadata:
  labels:
    {{- include "labels.common" . | nindent 4 }}
  namespace: {{ .Values.namespace }}
{{- if eq .Values.x "y" }}
a: '{{` + "`rate {{ printf \"%.2f\" $value }} it's`" + `}}'
b: "{{ .Values.name | default "none" }}-x"
{{- end }}
expr: |-
  up{cluster="{{ .Values.cluster }}"} > {{ .Values.limit }}
  {{- /* a comment
  over lines */}}
`
	docs, gaps := ParseYAML("f.yaml", []byte(text))
	if gaps != nil || len(docs) != 1 || !docs[0].Templated {
		t.Fatalf("got %v and gaps %v", docs, gaps)
	}
	root := docs[0].Root
	for key, want := range map[string]string{
		"a":    `rate {{ printf "%.2f" $value }} it's`,
		"b":    `{{ .Values.name | default "none" }}-x`,
		"expr": `up{cluster="{{ .Values.cluster }}"} > {{ .Values.limit }}`,
	} {
		if got := strings.TrimSpace(root.Get(key).Str()); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if at := root.Get("expr").At; at.Line != 10 || at.Col != 3 {
		t.Errorf("expr is at %v, want 10:3", at)
	}
	if !root.Get("b").Templated || root.Get("metadata", "namespace").Str() != "{{ .Values.namespace }}" {
		t.Errorf("templated values are not marked: %+v", root.Get("b"))
	}
}

func TestPrometheusTemplatesAreNotHelm(t *testing.T) {
	docs, gaps := ParseYAML("f.yaml", []byte("a: '{{ if $value }}{{ $labels.x }}{{ end }}'\n"))
	if gaps != nil || docs[0].Templated || docs[0].Root.Get("a").Str() != "{{ if $value }}{{ $labels.x }}{{ end }}" {
		t.Errorf("got %+v and gaps %v", docs, gaps)
	}
}

// TestNotificationTemplateIsNotHelm reads a configuration whose message texts hold lines as Helm has them.
func TestNotificationTemplateIsNotHelm(t *testing.T) {
	const text = `receivers:
  - text: |-
      {{ range .Alerts -}}
      *Alert:* {{ .Annotations.title }}
      {{ range .Labels.SortedPairs }} • *{{ .Name }}:* {{ .Value }}
      {{ end }}
      {{ end }}
  - title: '{{ template "x" . }}'
    text: >-
      {{ if gt (len .Alerts.Firing) 0 }}
      {{ end }}
`
	docs, gaps := ParseYAML("f.yaml", []byte(text))
	if gaps != nil || len(docs) != 1 || docs[0].Templated {
		t.Fatalf("got %v and gaps %v", docs, gaps)
	}
	if got := docs[0].Root.Get("receivers").List()[1].Get("title").Str(); got != `{{ template "x" . }}` {
		t.Errorf("got %q", got)
	}
}

func TestEmbedded(t *testing.T) {
	docs, _ := ParseYAML("f.yaml", []byte("kind: ConfigMapList\nitems:\n- kind: ConfigMap\n  data:\n    a.json: |-\n      {\n        \"title\": \"x\\/y\"\n      }\n    bad.yaml: \"[\"\n    note: '[['\n"))
	flat := Flatten(docs)
	if len(flat) != 1 {
		t.Fatalf("got %d resources", len(flat))
	}
	inner, gaps := Embedded(flat[0])
	if len(inner) != 1 || inner[0].Name != "a.json" || inner[0].Root.Get("title").Str() != "x/y" {
		t.Fatalf("got %+v", inner)
	}
	if at := inner[0].Root.Get("title").At; at.Line != 7 || at.Col != 19 {
		t.Errorf("title is at %v, want 7:19", at)
	}
	if len(gaps) != 1 {
		t.Errorf("got gaps %v, want the one of bad.yaml", gaps)
	}
}

func TestHostile(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	for name, c := range map[string]struct {
		text  string
		cause catalog.Cause
	}{
		"aliases":       {bomb.String(), catalog.TooDeep},
		"nesting":       {strings.Repeat("[", 100_000), catalog.TooDeep},
		"json nesting":  {"{\"a\":" + strings.Repeat("[", 100_000), catalog.TooDeep},
		"self alias":    {"a: &a\n  b: *a\n", catalog.TooDeep},
		"not text":      {"\xff\xfe\x00", catalog.Encoding},
		"template":      {"a: {{ .Values.b\n", catalog.Template},
		"rule file":     {"a: '{{ $value }}'\nb: [\n", catalog.Syntax},
		"half a string": {`a: "x`, catalog.Syntax},
	} {
		parse := ParseYAML
		if strings.HasPrefix(name, "json") {
			parse = ParseJSON
		}
		docs, gaps := parse("f", []byte(c.text))
		if len(docs) != 0 || len(gaps) != 1 || gaps[0].Cause != c.cause || gaps[0].Detail == "" {
			t.Errorf("%s: got %d documents and gaps %v, want one of cause %q", name, len(docs), gaps, c.cause)
		}
	}
}

// TestCorpora reads every YAML and JSON file of the public corpora, where they are at hand.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	causes := map[catalog.Cause]int{}
	files := 0
	start := time.Now()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parse := ParseYAML
		if ext == ".json" {
			parse = ParseJSON
		}
		docs, gaps := parse(strings.TrimPrefix(path, root+"/"), data)
		for _, d := range Flatten(docs) {
			_, more := Embedded(d)
			gaps = append(gaps, more...)
		}
		files++
		for _, g := range gaps {
			causes[g.Cause]++
			t.Logf("%v", g)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files in %v, gaps %v", files, time.Since(start), causes)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a: 1\n---\nb: |\n  x\n"))
	f.Add([]byte("{{- if .Values.x }}\na: '{{`x`}}'\n{{ end }}"))
	f.Add([]byte(`{"a": [1, "\ud83d\ude00"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, parse := range []func(string, []byte) ([]Document, []catalog.Gap){ParseYAML, ParseJSON} {
			docs, gaps := parse("f", data)
			for _, d := range Flatten(docs) {
				if d.Root == nil {
					t.Fatal("a document without a root")
				}
				Embedded(d)
			}
			for _, g := range gaps {
				if g.Detail == "" || g.Cause == "" || g.At.File == "" {
					t.Fatalf("an empty gap: %+v", g)
				}
			}
		}
	})
}
