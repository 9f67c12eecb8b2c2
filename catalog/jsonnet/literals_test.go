package jsonnet

import (
	"fmt"
	"strings"
	"testing"
)

func TestLiterals(t *testing.T) {
	f := folder{
		"main.jsonnet": `local name = 'Down';
{
  groups: [{ alert: 'Üb', expr: |||
      up == 0
    |||, labels: { severity: "page" } }],
  'a.json': import 'lib.libsonnet',
} + { more: [
  { alert: 'Cart%s' % name },
  { alert: 'Pay' + 'ment' + name },
  { alert: if true then 'Yes' else 'No' },
  { alert: name },
] }`,
		"lib.libsonnet": `local new(title) = { title: title, panels: [{ title: 'Other' }] }; new('Cart')`,
		"unused":        `{ alert: 'Yes' }`,
	}
	out, gap := evaluate(t, f, Program{Locate: []string{"alert", "title"}})
	if gap != nil {
		t.Fatal(gap)
	}
	var got strings.Builder
	for _, l := range out.Literals {
		fmt.Fprintf(&got, "%s %s %s", l.At, l.Value, l.Field)
		if l.Site != nil {
			for _, name := range []string{"expr", "labels"} {
				if s := l.Site.Fields[name]; s != nil {
					fmt.Fprintf(&got, " %s=%s/%d", name, s.At, s.Indent)
				}
			}
		}
		got.WriteString("\n")
	}
	want := `main.jsonnet:1:15 Down 
main.jsonnet:3:3 groups 
main.jsonnet:3:22 Üb alert expr=main.jsonnet:4:7/7 labels=main.jsonnet:5:18/0
main.jsonnet:6:4 a.json 
main.jsonnet:7:7 more 
main.jsonnet:8:13 CartDown alert
main.jsonnet:9:13 PaymentDown alert
main.jsonnet:10:26 Yes alert
lib.libsonnet:1:22 title 
lib.libsonnet:1:36 panels 
lib.libsonnet:1:47 title 
lib.libsonnet:1:55 Other title
lib.libsonnet:1:73 Cart 
`
	// Only keys of the first two levels are looked for, wherever they stand.
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		shape string // parts, separated by |
		text  string
		want  bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a|", "ab", true}, {"|b", "ab", true}, {"a|b", "ab", true}, {"ab|ba", "aba", false},
		{"a|x|b", "axb", true}, {"a|x|b", "ab", false}, {"a|x|b", "a1x2b", true}, {"|", "", true},
	}
	for _, tt := range tests {
		if got := matches(strings.Split(tt.shape, "|"), tt.text); got != tt.want {
			t.Errorf("%s, %s: got %v", tt.shape, tt.text, got)
		}
	}
}
