package checks

import (
	"strconv"
	"testing"

	"obsready/catalog"
)

func queryStep(ref, expr string, instant bool) catalog.ChainStep {
	return catalog.ChainStep{Ref: catalog.Text{Value: ref}, Kind: "query", Query: promQL(expr).Expr, Instant: instant}
}

func otherStep(ref string) catalog.ChainStep {
	return catalog.ChainStep{Ref: catalog.Text{Value: ref}, Kind: "query", Query: catalog.Query{Text: "SELECT 1", Lang: catalog.OtherLang}}
}

func expressionStep(ref, kind, expression string, inputs ...string) catalog.ChainStep {
	return catalog.ChainStep{Ref: catalog.Text{Value: ref}, Kind: kind, Expression: catalog.Text{Value: expression}, Inputs: inputs, Reducer: catalog.Text{Value: "last"}}
}

func thresholdStep(ref, input, op string, params ...float64) catalog.ChainStep {
	s := expressionStep(ref, "threshold", input, input)
	s.Conditions = []catalog.Threshold{{Ref: input, Type: op, Params: params}}
	return s
}

// TestChainFaults checks, for each fault of a rule of Grafana, a chain that has it and one beside it that has not.
func TestChainFaults(t *testing.T) {
	classic := expressionStep("C", "classic_conditions", "", "A")
	classic.Conditions = []catalog.Threshold{{Ref: "A", Type: "gt", Params: []float64{1}}}
	classicOfReduced := classic
	classicOfReduced.Inputs = []string{"B"}
	reduce := expressionStep("B", "reduce", "A", "A")
	for name, c := range map[string]struct {
		steps     []catalog.ChainStep
		condition string
		want      string
	}{
		"reduced":               {[]catalog.ChainStep{queryStep("A", "up", false), reduce, thresholdStep("C", "B", "lt", 1)}, "C", ""},
		"instant":               {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "lt", 1)}, "C", ""},
		"not reduced":           {[]catalog.ChainStep{queryStep("A", "up", false), thresholdStep("C", "A", "lt", 1)}, "C", "single values only"},
		"a language not judged": {[]catalog.ChainStep{otherStep("A"), thresholdStep("C", "A", "lt", 1)}, "C", ""},
		"math of a range":       {[]catalog.ChainStep{queryStep("A", "up", false), expressionStep("C", "math", "$A > 1", "A")}, "C", "single values only"},
		"math":                  {[]catalog.ChainStep{queryStep("A", "up", true), expressionStep("C", "math", "$A > 1", "A")}, "C", ""},
		"math that compares nothing": {[]catalog.ChainStep{queryStep("A", "a", true), queryStep("B", "b", true), expressionStep("C", "math", "$A / $B", "A", "B")}, "C",
			"compares nothing"},
		"a query that compares nothing": {[]catalog.ChainStep{queryStep("A", "a", true)}, "A", "compares nothing"},
		"a query that compares":         {[]catalog.ChainStep{queryStep("A", "a > 1", true)}, "A", ""},
		"reduced and compares nothing":  {[]catalog.ChainStep{queryStep("A", "a", false), reduce}, "B", "compares nothing"},
		"classic":                       {[]catalog.ChainStep{queryStep("A", "up", false), classic}, "C", ""},
		"classic of an expression":      {[]catalog.ChainStep{queryStep("A", "up", false), reduce, classicOfReduced}, "C", "read queries only"},
		"threshold of classic":          {[]catalog.ChainStep{queryStep("A", "up", false), classic, thresholdStep("D", "C", "gt", 0)}, "D", "make it the condition"},
		"no such condition":             {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "lt", 1)}, "D", `its condition is "D"`},
		"no condition":                  {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "lt", 1)}, "", "names no condition"},
		"no such step":                  {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "B", "lt", 1)}, "C", `reads "B", and no step has that refId. its steps are A, C`},
		"itself":                        {[]catalog.ChainStep{queryStep("A", "up", true), expressionStep("C", "math", "$C > 1", "C")}, "C", "cannot be worked out"},
		"two steps of one ref":          {[]catalog.ChainStep{queryStep("A", "up", true), queryStep("A", "up", true), thresholdStep("C", "A", "lt", 1)}, "C", "two of its steps"},
		"no ref":                        {[]catalog.ChainStep{queryStep("", "up", true), queryStep("A", "up", true), thresholdStep("C", "A", "lt", 1)}, "C", "has no refId"},
		"no params":                     {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "lt")}, "C", "takes a number"},
		"one of two params":             {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "within_range", 1)}, "C", "takes two numbers"},
		"no input":                      {[]catalog.ChainStep{queryStep("A", "up", true), expressionStep("B", "reduce", ""), thresholdStep("C", "A", "lt", 1)}, "C", "reads no other step"},
		"never":                         {[]catalog.ChainStep{queryStep("A", "count(up)", true), thresholdStep("C", "A", "lt", 1)}, "C", "never below 1"},
		"never, reduced":                {[]catalog.ChainStep{queryStep("A", "up", false), reduce, thresholdStep("C", "B", "gt", 1)}, "C", "0 to 1"},
		"never in a range":              {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "within_range", 1, 5)}, "C", "0 to 1"},
		"within a range":                {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "A", "within_range", 0, 5)}, "C", ""},
		"filled in":                     {[]catalog.ChainStep{queryStep("A", "up", true), thresholdStep("C", "{{ .Values.ref }}", "lt", 1)}, "C", ""},
	} {
		rule := &catalog.AlertRule{Format: "grafana", Chain: c.steps, Condition: catalog.Text{Value: c.condition}}
		checkTextFaults(t, name, newRuleChain(rule).faults(), c.want)
	}
}

// TestChainWithoutData checks that a threshold which nothing meets is no fault where the alert fires without data.
func TestChainWithoutData(t *testing.T) {
	rule := &catalog.AlertRule{Format: "grafana", Condition: catalog.Text{Value: "C"}, NoData: catalog.Text{Value: "Alerting"},
		Chain: []catalog.ChainStep{queryStep("A", "count(up)", true), thresholdStep("C", "A", "lt", 1)}}
	checkTextFaults(t, "without data", newRuleChain(rule).faults(), "")
}

// TestChainOfManySteps checks that steps which read each other in all ways are followed to an end.
func TestChainOfManySteps(t *testing.T) {
	rule := &catalog.AlertRule{Format: "grafana", Condition: catalog.Text{Value: "1"}}
	var refs []string
	for i := range 500 {
		refs = append(refs, strconv.Itoa(i+1))
	}
	for _, ref := range refs {
		rule.Chain = append(rule.Chain, expressionStep(ref, "math", "", refs...))
	}
	if faults := newRuleChain(rule).faults(); len(faults) == 0 {
		t.Error("no fault of steps that read each other")
	}
	for i := range rule.Chain {
		rule.Chain[i].Inputs = refs[i+1:]
	}
	rule.Chain[0].Expression.Value = "$2 > 1"
	if faults := newRuleChain(rule).faults(); len(faults) > 0 {
		t.Errorf("got %v of steps that read later ones", faults)
	}
}
