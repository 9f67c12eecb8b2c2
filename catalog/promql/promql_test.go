package promql

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/document"
)

var at = catalog.Place{File: "f.yaml", Line: 10, Col: 5}

// show writes selectors as {name op value, …}@offset, so that a table can be read.
func show(selectors []catalog.Selector) string {
	var b strings.Builder
	for i, s := range selectors {
		if i > 0 {
			b.WriteString(" ")
		}
		var matchers []string
		for _, m := range s.Matchers {
			matchers = append(matchers, m.Name+m.Op+m.Value)
		}
		fmt.Fprintf(&b, "%s{%s}@%d", s.Metric, strings.Join(matchers, ","), s.Offset)
	}
	return b.String()
}

func TestParseSelectors(t *testing.T) {
	for _, c := range []struct {
		lang       catalog.Lang
		text, want string
	}{
		{catalog.PromQL, `sum(rate(a_total{job="x",code!~"2.."}[5m])) / b`, `a_total{job=x,code!~2..}@9 b{}@46`},
		{catalog.PromQL, `topk(3, up) > on(job) group_left() x{a="1"} offset 5m`, `up{}@8 x{a=1}@35`},
		{catalog.PromQL, `{__name__=~"a|b"} or {__name__="c"}`, `{__name__=~a|b}@0 c{}@21`},
		{catalog.PromQL, "a # b{c=\"d\"}\n+ e", `a{}@0 e{}@15`},
		{catalog.PromQL, `{"http.requests", "service.name"="x"}`, `http.requests{service.name=x}@0`},
		{catalog.PromQL, `absent(up{job='it\'s'})`, `up{job=it's}@7`},
		{catalog.PromQL, `max_over_time(a[1h:5m]) - mad_over_time(b[5m])`, `a{}@14 b{}@40`},
		{catalog.LogQL, `sum(rate({app="x", ns=~"a|b"} |= "{not=\"one\"}" | json | line_format "{{.msg}}" [5m])) / rate({app="y"}[5m])`,
			`{app=x,ns=~a|b}@9 {app=y}@95`},
		{catalog.LogQL, "{app=`x`} != `}` # {b=\"c\"}", `{app=x}@0`},
		{catalog.TraceQL, `{ resource.service.name = "x" && span.http-status >= 500 && status = error } | count() > 1`,
			`{resource.service.name=x,status=error}@0`},
		{catalog.TraceQL, `{ .a = "x" || .b =~ "y" } && { name != "z" }`, `{}@0 {name!=z}@29`},
		{catalog.OtherLang, `SELECT {x="y"}`, ``},
		{"", `up`, ``},
	} {
		q := Parse(catalog.Query{Text: c.text, Lang: c.lang, At: at})
		if q.Error != "" || show(q.Selectors) != c.want {
			t.Errorf("%s: got %s and error %q, want %s", c.text, show(q.Selectors), q.Error, c.want)
		}
	}
}

func TestVariables(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`rate(a{job=~"$job"}[$__rate_interval])`, `a{job=~$job}@5`},
		{`rate(a{job=~"${job:regex}|x$",i="[[i]]"}[[[range]]]) + b`, `a{job=~${job:regex}|x$,i=[[i]]}@5 b{}@55`},
		{`a{x=~"(${n}${2000}|$y)"}`, `a{x=~(${n}${2000}|$y)}@0`}, // hostile to a regexp parser
		{`increase(a[${n}m] offset $__interval)`, `a{}@9`},
		{`max_over_time(a[$__range:$__interval] offset -$o)`, `a{}@14`},
		{`sum by ($by, ${more:csv}) (a) / on($on) group_left($left) b`, `a{}@27 b{}@58`},
		{`a{$label=~"$value",pre_$x="1",$filters}`, `a{$label=~$value,pre_$x=1,$filters=~$filters}@0`},
		{`a{job=${job:doublequote}}`, `a{job=${job:doublequote}}@0`},
		{`topk($k, a)`, `a{}@9`},
		{`a > $threshold and b * ${scale} < $__range_s`, `a{}@0 b{}@19`},
		{`rate($metric[5m]) / node_${x}_total{a="b"}`, `$metric{}@5 node_${x}_total{a=b}@20`},
		{`$metric`, `$metric{}@0`},
		{`$agg by (x) ($fn(a[5m]))`, `a{}@17`},
		{`${agg}_over_time(a[5m])`, `a{}@17`},
		{`a $op on(x) b`, `a{}@0 b{}@12`},
		{`a{x="1"} $op 5`, `a{x=1}@0`},
		{`clamp_max(a, $max) + $m + clamp_min(b, [[min]])`, `a{}@10 b{}@36`},
		{`label_replace(a, "x", "$1-$y", "z", "(.*)$")`, `a{}@14`},
		{`up{cluster="{{ .Values.c | default "none" }}"} > {{ .Values.limit }}`, `up{cluster={{ .Values.c | default "none" }}}@0`},
		{`up{a="b"{{ if .Values.x }},c="d"{{ end }}} > <%= limit %>`, `up{a=b,c=d}@0`},
		{"up # $x {{ y }} \"\n> 1", `up{}@0`},
	} {
		q := Parse(catalog.Query{Text: c.text, Lang: catalog.PromQL, At: at})
		if q.Error != "" || show(q.Selectors) != c.want {
			t.Errorf("%s: got %s and error %q, want %s", c.text, show(q.Selectors), q.Error, c.want)
		}
	}
	q := Parse(catalog.Query{Text: `{app="$app", $filters} |~ "$search" | json [$__auto]`, Lang: catalog.LogQL})
	if want := `{app=$app,$filters=~$filters}@0`; q.Error != "" || show(q.Selectors) != want {
		t.Errorf("got %s and error %q, want %s", show(q.Selectors), q.Error, want)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		query catalog.Query
		parse func(catalog.Query) catalog.Query
		error string
		at    string // the text that ErrorAt points to; "" for the end
	}{
		{"position", catalog.Query{Text: "up >\n  )"}, Parse, "unexpected right parenthesis", ")"},
		{"position behind a variable", catalog.Query{Text: `rate(a{b="$c"}[$__rate_interval]) }x`}, Parse, "unexpected character: '}'", "}x"},
		{"end", catalog.Query{Text: "sum(up"}, Parse, "unclosed left parenthesis", ""},
		{"types", catalog.Query{Text: "rate(up)"}, Parse, "expected type range vector", "up)"},
		{"a matcher's regular expression", catalog.Query{Text: `up{a=~"("}`}, Parse, "missing closing )", ""},
		{"a variable's place is known", catalog.Query{Text: "rate(a[$__interval)"}, Parse, "unexpected", ""},
		{"a variable is guessed", catalog.Query{Text: "$a $b $c"}, Parse, "template: unexpected", "$b $c"},
		{"variables are errors in rules", catalog.Query{Text: "rate(a[$__rate_interval])"}, ParseRule, "unexpected character", "$__rate_interval])"},
		{"templates are not", catalog.Query{Text: "a > ${limit} )"}, ParseRule, "template: ", ")"},
		{"templated", catalog.Query{Text: "a >", Templated: true}, ParseRule, "template: unexpected end of input", ""},
		{"nothing", catalog.Query{Text: ""}, Parse, "no expression found in input", ""},
		{"LogQL", catalog.Query{Text: `{a="b"} | json {c=d}`, Lang: catalog.LogQL}, Parse, "unexpected", "d}"},
	} {
		q := c.query
		q.At, q.Indent = at, at.Col
		if q.Lang == "" {
			q.Lang = catalog.PromQL
		}
		q = c.parse(q)
		if !strings.Contains(q.Error, c.error) {
			t.Errorf("%s: got error %q, want %q", c.name, q.Error, c.error)
		}
		if ByTemplate(q) != strings.HasPrefix(c.error, "template: ") {
			t.Errorf("%s: ByTemplate is %t for %q", c.name, ByTemplate(q), q.Error)
		}
		if c.at != "" {
			if want := q.Place(strings.LastIndex(q.Text, c.at)); q.ErrorAt != want {
				t.Errorf("%s: error %q is at %v, want %v", c.name, q.Error, q.ErrorAt, want)
			}
		} else if q.ErrorAt.File == "" {
			t.Errorf("%s: error %q has no place", c.name, q.Error)
		}
	}
}

// TestHostile checks that what would overflow the stack or take minutes is turned away, and that each of these is fast
// enough to be no test of patience.
func TestHostile(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, MaxLength/len(s)-1) }
	for name, c := range map[string]struct{ text, error string }{
		"length":     {strings.Repeat("a", MaxLength+1), "longer than"},
		"brackets":   {strings.Repeat("(", 10_000), "nested deeper"},
		"calls":      {strings.Repeat("abs(", 10_000), "nested deeper"},
		"signs":      {fill("-") + "1", "more than 2000 operators"},
		"operators":  {fill("1 == ") + "1", "more than 2000 operators"},
		"unless":     {fill("x unless ") + "x", "more than 2000 operators"},
		"subqueries": {"x" + fill("[5m:]"), "more than 2000 operators"},
		"braces":     {"}" + fill("-"), "more than 2000 operators"},
		"variables":  {fill("$a "), "template: "},
		"actions":    {fill("{{"), "nested deeper"},
		"guesses":    {fill("$a,$b,$c,$d,"), "template: "},
		"quotes":     {fill(`"`), ""},
	} {
		for _, lang := range []catalog.Lang{catalog.PromQL, catalog.LogQL, catalog.TraceQL} {
			q := Parse(catalog.Query{Text: c.text, Lang: lang, At: at})
			if lang == catalog.PromQL && (q.Error == "" || !strings.Contains(q.Error, c.error)) {
				t.Errorf("%s: got error %.100q, want %q", name, q.Error, c.error)
			}
		}
		Detect(c.text)
	}
}

func TestExpr(t *testing.T) {
	q := catalog.Query{Text: `sum by ($by) (rate(a_$m{job="$job"}[$__rate_interval])) > b{c="d"}`, Lang: catalog.PromQL}
	expr, offsets, err := Expr(q)
	if err != nil {
		t.Fatal(err)
	}
	binary, ok := expr.(*parser.BinaryExpr)
	if !ok {
		t.Fatalf("got a %T", expr)
	}
	if got := q.Text[offsets.Original(binary.RHS.PositionRange().Start):]; got != `b{c="d"}` {
		t.Errorf("the right hand side begins at %q", got)
	}
	if got := q.Text[:offsets.Original(binary.LHS.PositionRange().End)]; !strings.HasSuffix(got, "])) ") && !strings.HasSuffix(got, "]))") {
		t.Errorf("the left hand side ends after %q", got)
	}
	sum := binary.LHS.(*parser.AggregateExpr)
	if diff := cmp.Diff([]string{"$by"}, sum.Grouping); diff != "" {
		t.Error(diff)
	}
	if v := sum.Expr.(*parser.Call).Args[0].(*parser.MatrixSelector).VectorSelector.(*parser.VectorSelector); v.Name != "a_$m" || v.LabelMatchers[0].Value != "$job" {
		t.Errorf("got %s with %v", v.Name, v.LabelMatchers)
	}
	for _, bad := range []catalog.Query{{Text: "up >", Lang: catalog.PromQL}, {Text: `{a="b"}`, Lang: catalog.LogQL}} {
		if expr, _, err := Expr(bad); err == nil || expr != nil {
			t.Errorf("%s %s: got %v and error %v", bad.Lang, bad.Text, expr, err)
		}
	}
}

func TestSelector(t *testing.T) {
	for text, want := range map[string]string{
		`{job="checkout"}`:          `{job=checkout}@0`,
		` up{job="x", env=~"a|b"} `: `up{job=x,env=~a|b}@1`,
		`up`:                        `up{}@0`,
		`{service_name="$x"}`:       `{service_name=$x}@0`,
	} {
		s, err := Selector(text)
		if err != nil || show([]catalog.Selector{s}) != want {
			t.Errorf("%s: got %s and error %v, want %s", text, show([]catalog.Selector{s}), err, want)
		}
	}
	for _, text := range []string{``, `{}`, `{a=~".*"}`, `{job=checkout}`, `up == 1`, `sum(up)`, `{job="x"} |= "y"`, strings.Repeat("(", 1000)} {
		if s, err := Selector(text); err == nil {
			t.Errorf("%q: got %v and no error", text, s)
		}
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]catalog.Lang{
		`rate(a{job="x"}[5m]) > 1`:                               catalog.PromQL,
		`rate({__name__=~"x"}[5m])`:                              catalog.PromQL,
		`rate({"http.requests", job="x"}[5m])`:                   catalog.PromQL,
		`absent({job="x"}) or {job="x"} != 5`:                    catalog.PromQL,
		`up {job="x"} != 1`:                                      catalog.PromQL,
		`a == "{job=\"x\"} |= 1"`:                                catalog.PromQL,
		`up | json`:                                              catalog.PromQL,
		`sum(`:                                                   catalog.PromQL,
		"up # {app=\"x\"} |= \"y\"\n":                            catalog.PromQL,
		`sum(rate({app="x"} |= "error" [5m])) > 1`:               catalog.LogQL,
		`count_over_time({app="x"}[5m]) > 0`:                     catalog.LogQL,
		`sum by (a) (count_over_time({app="x"} | json [15m]))`:   catalog.LogQL,
		"absent_over_time({a=\"b\"}\n  != `debug` [5m])":         catalog.LogQL,
		`quantile_over_time(0.9, {a="b"} | unwrap x [5m]) by ()`: catalog.LogQL,
		`absent_over_time({a="b"} !~ ip("10.0.0.0/8") [5m])`:     catalog.LogQL,
	} {
		if got := Detect(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestCorpora parses the queries of every rendered dashboard of the public corpora, where they are at hand. The
// queries were saved by a running Grafana, so what does not parse is nearly always an error here.
func TestCorpora(t *testing.T) {
	root := "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	queries, errors := map[string]int{}, map[string]int{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		docs, _ := document.ParseJSON(strings.TrimPrefix(path, root+"/"), data)
		for _, d := range docs {
			corpus, _, _ := strings.Cut(d.File, string(filepath.Separator))
			eachExpr(d.Root, "", func(text string, loki bool) {
				q := catalog.Query{Text: text, Lang: Detect(text)}
				if loki {
					q.Lang = catalog.LogQL
				}
				queries[corpus]++
				if q = Parse(q); q.Error != "" {
					errors[corpus]++
					t.Logf("%s: %s: %.200s", d.File, q.Error, text)
				}
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("queries %v, errors %v", queries, errors)
	for corpus, n := range errors {
		if n*1000 > queries[corpus] && n > 1 {
			t.Errorf("%s: %d of %d queries do not parse", corpus, n, queries[corpus])
		}
	}
}

// eachExpr calls f for every "expr" below n, saying whether its data source is Loki.
func eachExpr(n *document.Node, source string, f func(text string, loki bool)) {
	if n == nil {
		return
	}
	if s := n.First("datasource"); s != nil {
		source = strings.ToLower(s.Str() + s.Get("uid").Str() + s.Get("type").Str())
	}
	if text := n.Get("expr").Str(); text != "" {
		f(text, strings.Contains(source, "loki"))
	}
	for _, p := range n.Pairs {
		eachExpr(p.Value, source, f)
	}
	for _, item := range n.Items {
		eachExpr(item, source, f)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`sum by ($by) (rate(a{job=~"$job", x="${y:regex}"}[$__rate_interval])) > [[n]]`,
		`up{a="{{ .Values.x | default "y" }}"} > {{ if .z }}1{{ end }} # {`,
		"sum(rate({app=\"x\"} |= `y` | json [5m]))", `{ .a = "b" && c =~ "d" || e }`, "v0_ + $a + \"\U000F0000\"", `${a}_over_time(x[1h:$b]) offset $c @ end()`,
		"{'\xf3", "[[a:b]]", "<%= x %>{%", "-x[5m:]", `{"a.b","c"="d"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(catalog.Query) catalog.Query{Parse, ParseRule} {
			for _, lang := range []catalog.Lang{catalog.PromQL, catalog.LogQL, catalog.TraceQL} {
				q := parse(catalog.Query{Text: text, Lang: lang, At: at, Indent: at.Col})
				if (q.Error == "") != q.ErrorAt.IsZero() || q.ErrorAt.Line < 0 || q.Text != text {
					t.Fatalf("error %q at %v", q.Error, q.ErrorAt)
				}
				last := 0
				for _, s := range q.Selectors {
					if s.Offset < last || s.Offset > len(text) {
						t.Fatalf("offset %d of %q after %d", s.Offset, text, last)
					}
					last = s.Offset
				}
			}
		}
		q := catalog.Query{Text: text, Lang: catalog.PromQL, At: at}
		expr, offsets, err := Expr(q)
		if (err == nil) != (Parse(q).Error == "") {
			t.Fatalf("Expr says %v and Parse %q", err, Parse(q).Error)
		}
		if err == nil {
			parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
				if n != nil {
					r := n.PositionRange()
					if start, end := offsets.Original(r.Start), offsets.Original(r.End); start < 0 || end > len(text) {
						t.Fatalf("a node from %d to %d in a text of %d bytes", start, end, len(text))
					}
				}
				return nil
			})
		}
		Detect(text)
		Selector(text)
	})
}
