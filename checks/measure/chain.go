package measure

import (
	"regexp"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// comparators are the comparisons of Grafana's thresholds that PromQL has too.
var comparators = map[string]parser.ItemType{"gt": parser.GTR, "gte": parser.GTE, "lt": parser.LSS, "lte": parser.LTE, "eq": parser.EQLC, "ne": parser.NEQ}

// chained gives the expression of a Grafana rule as PromQL would write it: its queries with what is computed of them and
// what the result is compared to. Reducing and resampling change no meaning here. Where PromQL has no counterpart the
// query alone is the expression.
func (r *reader) chained(a *catalog.AlertRule, query parser.Expr) parser.Expr {
	c := chain{reader: r, steps: map[string]catalog.ChainStep{}, left: maxSteps}
	for _, s := range a.Chain {
		c.steps[s.Ref.Value] = s
	}
	if built := c.step(a.Condition.Value); built != nil {
		return built
	}
	return query
}

// chain puts the steps of a rule together.
type chain struct {
	*reader
	steps map[string]catalog.ChainStep
	left  int // how many more steps are read, so that steps that read each other end
}

const maxSteps = 64

// step gives the expression of a step, or nil when PromQL has no form for it.
func (c *chain) step(ref string) parser.Expr {
	s, ok := c.steps[ref]
	if c.left--; !ok || c.left < 0 {
		return nil
	}
	switch s.Kind {
	case "query":
		return c.query(s.Query)
	case "reduce", "resample":
		return c.input(s)
	case "threshold", "classic_conditions":
		return c.threshold(s)
	case "math":
		return c.math(s)
	}
	return nil
}

func (c *chain) query(q catalog.Query) parser.Expr {
	expr, from := parseQuery(q)
	if expr == nil {
		return nil
	}
	if c.inner == nil {
		c.inner = map[parser.Node]source{}
	}
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if n != nil {
			c.inner[n] = from
		}
		return nil
	})
	return expr
}

// parseQuery gives the tree of a query in PromQL, or of one in LogQL as PromQL; nil when it has none.
func parseQuery(q catalog.Query) (parser.Expr, source) {
	if q.Error != "" {
		return nil, source{}
	}
	if q.Lang == catalog.LogQL {
		return parseLogs(q)
	}
	expr, offsets, err := promql.Expr(q)
	if err != nil {
		return nil, source{}
	}
	return expr, source{query: q, offsets: offsets}
}

func (c *chain) input(s catalog.ChainStep) parser.Expr {
	if len(s.Inputs) == 0 {
		return nil
	}
	return c.step(s.Inputs[0])
}

// threshold compares its input. The conditions of a classic one are joined as they say.
func (c *chain) threshold(s catalog.ChainStep) parser.Expr {
	var whole parser.Expr
	for _, t := range s.Conditions {
		part := c.compared(s, t)
		if part == nil {
			return nil
		}
		switch {
		case whole == nil:
			whole = part
		case t.Join == "or":
			whole = &parser.BinaryExpr{Op: parser.LOR, LHS: whole, RHS: part}
		default:
			whole = &parser.BinaryExpr{Op: parser.LAND, LHS: whole, RHS: part}
		}
	}
	return whole
}

func (c *chain) compared(s catalog.ChainStep, t catalog.Threshold) parser.Expr {
	ref := t.Ref
	if ref == "" && len(s.Inputs) > 0 {
		ref = s.Inputs[0]
	}
	part := c.step(ref)
	op, ok := comparators[t.Type]
	switch {
	case part == nil:
		return nil
	case t.Type == "no_value":
		return part // that there is no value is no statement about what is measured
	case t.Type == "within_range" && len(t.Params) > 1:
		op, ok = parser.GTR, true
	case t.Type == "outside_range" && len(t.Params) > 1:
		op, ok = parser.LSS, true
	}
	if !ok || len(t.Params) == 0 {
		return part
	}
	comparison := &parser.BinaryExpr{Op: op, LHS: part, RHS: &parser.NumberLiteral{Val: t.Params[0]}}
	c.placed(comparison, t.At)
	return comparison
}

// placed notes where an expression stands that is not PromQL's.
func (c *chain) placed(e parser.Expr, at catalog.Place) {
	if c.places == nil {
		c.places = map[parser.Node]catalog.Place{}
	}
	c.places[e] = at
}

// math reads the expression as PromQL with a metric in place of each input, and puts the inputs there. Only what the two
// languages share is read.
func (c *chain) math(s catalog.ChainStep) parser.Expr {
	text := andOr.Replace(refs.ReplaceAllString(s.Expression.Value, standIn+"$1$2"))
	q := promql.ParseRule(catalog.Query{Text: text, Lang: catalog.PromQL, At: s.At})
	expr, _, err := promql.Expr(q)
	if err != nil || q.Error != "" {
		return c.input(s)
	}
	return c.filled(expr, s.At)
}

// filled replaces the metrics that stand for inputs; nil when one of those has no form in PromQL.
func (c *chain) filled(e parser.Expr, at catalog.Place) parser.Expr {
	c.placed(e, at)
	switch e := e.(type) {
	case *parser.VectorSelector:
		if ref, ok := strings.CutPrefix(e.Name, standIn); ok {
			return c.step(ref)
		}
	case *parser.ParenExpr:
		if e.Expr = c.filled(e.Expr, at); e.Expr == nil {
			return nil
		}
	case *parser.UnaryExpr:
		if e.Expr = c.filled(e.Expr, at); e.Expr == nil {
			return nil
		}
	case *parser.BinaryExpr:
		e.LHS, e.RHS = c.filled(e.LHS, at), c.filled(e.RHS, at)
		if e.LHS == nil || e.RHS == nil {
			return nil
		}
	case *parser.Call:
		for i := range e.Args {
			if e.Args[i] = c.filled(e.Args[i], at); e.Args[i] == nil {
				return nil
			}
		}
	}
	return e
}

// standIn begins the names of the metrics that stand for inputs.
const standIn = "__step__"

var (
	refs  = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+))`)
	andOr = strings.NewReplacer("&&", " and ", "||", " or ")
)
