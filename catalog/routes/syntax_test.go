package routes

import (
	"reflect"
	"testing"

	"obsready/catalog"
)

func TestParseMatchers(t *testing.T) {
	one := func(name, op, value string) []catalog.Matcher {
		return []catalog.Matcher{{Name: name, Op: op, Value: value}}
	}
	for text, want := range map[string][]catalog.Matcher{
		``:                           nil,
		`{}`:                         nil,
		`severity=critical`:          one("severity", "=", "critical"),
		` severity = "critical" `:    one("severity", "=", "critical"),
		`severity!="critical"`:       one("severity", "!=", "critical"),
		`team=~"a|b"`:                one("team", "=~", "a|b"),
		`team!~a.*`:                  one("team", "!~", "a.*"),
		`team=`:                      one("team", "=", ""),
		`{team="a",job=b}`:           {{Name: "team", Op: "=", Value: "a"}, {Name: "job", Op: "=", Value: "b"}},
		`team="a,b"`:                 one("team", "=", "a,b"),
		`team="a\"b\\c\nd\w"`:        one("team", "=", "a\"b\\c\nd\\w"), // classic: a backslash that escapes nothing stays
		`job=~"kube-.*\.svc"`:        one("job", "=~", `kube-.*\.svc`),
		`team='a'`:                   one("team", "=", "'a'"), // classic: single quotes are no quotes
		`team=a b`:                   one("team", "=", "a b"),
		`"my label"="a"`:             one("my label", "=", "a"),
		`service.name="checkout"`:    one("service.name", "=", "checkout"),
		`{"service.name"=~"a|b", }`:  one("service.name", "=~", "a|b"),
		`"\u00e9"="x"`:               one("é", "=", "x"),
		`größe="groß",service.a!=b`:  {{Name: "größe", Op: "=", Value: "groß"}, {Name: "service.a", Op: "!=", Value: "b"}},
		`alertname=~"Kube(Pod|Job)"`: one("alertname", "=~", "Kube(Pod|Job)"),
	} {
		got, err := parseMatchers(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q and error %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`severity`, `severity critical`, `=critical`, `team="a`, `team=a"b`, `team==a"`, `,`, `a=b,,c=d`, `my label=a"`, `"a"~b`, `{"a b"=c`, `"a b"=c}`, `"a b"="\xff"`} {
		if got, err := parseMatchers(text); err == nil {
			t.Errorf("%s: got %q, want an error", text, got)
		}
	}
}

func FuzzParseMatchers(f *testing.F) {
	f.Add(`{a="b",c=~"x|y"}`)
	f.Add(`"a b"!="\u00e9"`)
	f.Add(`a="x\"`)
	f.Fuzz(func(t *testing.T, text string) {
		matchers, err := parseMatchers(text)
		for _, m := range matchers {
			if err != nil || m.Op == "" {
				t.Fatalf("got %q with error %v", matchers, err)
			}
		}
	})
}
