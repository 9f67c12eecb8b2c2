package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// condition reads a condition of `when`.
func (j *jenkins) condition(c invocation) {
	pattern := c.positional().text
	if named := c.named("pattern"); named.text != "" {
		pattern = named.text
	}
	on := func(built func(o occasion) workflows.Truth) {
		var holds chances
		for _, o := range occasions {
			holds[o] = built(o)
		}
		j.state(holds)
	}
	if i := j.top().job; i >= 0 && j.workflow.Jobs[i].Condition.Value == "" {
		text := strings.TrimSpace(c.name + " " + pattern)
		j.workflow.Jobs[i].Condition = catalog.Text{Value: text, At: c.at}
	}
	switch c.name {
	case "branch":
		on(func(o occasion) workflows.Truth {
			if o == mergeRequest || o == tagPush {
				return workflows.No
			}
			if regular := c.named("comparator").text == "REGEXP"; regular {
				return o.branch().matches("^(?:" + pattern + ")$")
			}
			if strings.Contains(pattern, "*") {
				return o.branch().satisfies(func(name string) bool { return workflows.Glob(strings.ReplaceAll(pattern, "**", "*"), name) })
			}
			return o.branch().equals(literal(pattern))
		})
	case "changeRequest":
		on(func(o occasion) workflows.Truth { return workflows.TruthOf(o == mergeRequest) })
	case "tag", "buildingTag":
		on(func(o occasion) workflows.Truth { return workflows.TruthOf(o == tagPush) })
	case "triggeredBy":
		if strings.Contains(pattern, "Timer") {
			on(func(o occasion) workflows.Truth { return workflows.TruthOf(o == clock) })
		} else if strings.Contains(pattern, "User") {
			on(func(o occasion) workflows.Truth { return workflows.TruthOf(o == person) })
		} else {
			on(func(occasion) workflows.Truth { return workflows.Maybe })
		}
	default:
		on(func(occasion) workflows.Truth { return workflows.Maybe })
	}
}

// conditionOfTokens says what a condition of Groovy may come to: comparisons of the branch, the change and the tag, with
// all others open.
func conditionOfTokens(statement []token) chances {
	result, some := always, false
	either := slices.ContainsFunc(statement, func(t token) bool { return t.is("||") })
	for atom := range splitTokens(statement) {
		c := comparison(atom)
		switch {
		case !some:
			result, some = c, true
		case either:
			result = result.or(c)
		default:
			result = result.and(c)
		}
	}
	return result
}

// splitTokens gives the parts of a condition between `&&` and `||`.
func splitTokens(statement []token) func(func([]token) bool) {
	return func(yield func([]token) bool) {
		start := 0
		for i, t := range statement {
			if t.is("&&", "||") {
				if !yield(statement[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(statement[start:])
	}
}

// comparison says whether one comparison may hold on each occasion.
func comparison(atom []token) chances {
	var open chances
	for i := range open {
		open[i] = workflows.Maybe
	}
	at := slices.IndexFunc(atom, func(t token) bool { return t.kind == word && jenkinsVariable(t.text) != "" })
	if at < 0 {
		return open
	}
	name := jenkinsVariable(atom[at].text)
	var operator string
	operand, given := value{}, false
	negated := at > 0 && atom[at-1].is("!") || at > 1 && atom[at-2].is("!")
	for i, t := range atom {
		switch {
		case t.is("==", "!=", "=~", "==~"):
			operator = t.text
		case i != at && (t.kind == quote || t.text == "null" || t.text == "true" || t.text == "false"):
			operand, given = literal(t.text), true
			if t.kind != quote && t.text == "null" {
				operand = value{}
			}
		}
	}
	method := atom[at].text[strings.LastIndexByte(atom[at].text, '.')+1:]
	var holds chances
	for _, o := range occasions {
		v := jenkinsValue(o, name)
		switch {
		case method == "startsWith" && given:
			holds[o] = v.satisfies(func(s string) bool { return strings.HasPrefix(s, operand.first()) })
		case method == "contains" && given:
			holds[o] = v.satisfies(func(s string) bool { return strings.Contains(s, operand.first()) })
		case method == "matches" && given, operator == "=~" && given, operator == "==~" && given:
			holds[o] = v.matches(operand.first())
		case operator == "==" && given:
			holds[o] = v.equals(operand)
		case operator == "!=" && given:
			holds[o] = v.equals(operand).Not()
		case operator == "" && !given && method == name:
			holds[o] = v.set()
		default:
			holds[o] = workflows.Maybe
		}
		if negated {
			holds[o] = holds[o].Not()
		}
	}
	return holds
}

func (v value) first() string {
	if len(v.typical) == 0 {
		return ""
	}
	return v.typical[0]
}

// jenkinsVariable gives the variable that an expression such as "env.BRANCH_NAME.startsWith" begins with.
func jenkinsVariable(expression string) string {
	for part := range strings.SplitSeq(expression, ".") {
		if slices.Contains([]string{"BRANCH_NAME", "CHANGE_ID", "CHANGE_TARGET", "CHANGE_BRANCH", "TAG_NAME", "BRANCH_IS_PRIMARY"}, part) {
			return part
		}
	}
	return ""
}

// jenkinsValue gives what a variable of a multibranch project holds on an occasion.
// Source: Jenkins, plugin branch-api, "Environment variables".
func jenkinsValue(o occasion, name string) value {
	isRequest := o == mergeRequest
	switch name {
	case "BRANCH_NAME":
		switch o {
		case mergeRequest:
			return literal("PR-1")
		case tagPush:
			return tagRefs
		}
		return o.branch()
	case "TAG_NAME":
		if o == tagPush {
			return tagNames
		}
		return value{}
	case "CHANGE_TARGET":
		if isRequest {
			return mainBranches
		}
		return value{}
	case "BRANCH_IS_PRIMARY":
		if o == mainPush || o == clock || o == person {
			return literal("true")
		}
		return value{}
	}
	if isRequest {
		return literal("1")
	}
	return value{}
}
