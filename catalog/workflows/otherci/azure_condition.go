package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// azureCondition says whether a condition of Azure Pipelines holds on an occasion: functions of functions, variables and
// literals. What it does not know may hold or not.
// Source: Azure Pipelines documentation, "Expressions", and "Predefined variables".
func azureCondition(text string, o occasion, set []catalog.Label) workflows.Truth {
	c := &condition{rest: text, occasion: o, set: set}
	t := c.truth(0)
	if c.space(); c.broken || c.rest != "" {
		return workflows.Maybe
	}
	return t
}

// condition is a condition that is being read.
type condition struct {
	rest     string
	occasion occasion
	set      []catalog.Label // variables of the file
	broken   bool
}

func (c *condition) space() { c.rest = strings.TrimLeft(c.rest, " \t\r\n") }

func (c *condition) take(symbol string) bool {
	c.space()
	rest, found := strings.CutPrefix(c.rest, symbol)
	if found {
		c.rest = rest
	}
	return found
}

// word reads a name, with the parts after its dots.
func (c *condition) word() string {
	c.space()
	end := strings.IndexFunc(c.rest, func(r rune) bool {
		return !(r == '.' || r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
	if end < 0 {
		end = len(c.rest)
	}
	word := c.rest[:end]
	c.rest = c.rest[end:]
	return word
}

// argument is an argument of a function: a truth, and a value when it is no function.
type argument struct {
	truth workflows.Truth
	value value
}

// truth reads a function, a literal or a variable as a condition.
func (c *condition) truth(depth int) workflows.Truth { return c.argument(depth).truth }

func (c *condition) argument(depth int) argument {
	open := argument{workflows.Maybe, value{unknown: true}}
	if depth > maxParentheses || c.broken {
		c.broken = true
		return open
	}
	if c.take("'") {
		end := strings.IndexByte(c.rest, '\'')
		if end < 0 {
			c.broken = true
			return open
		}
		text := c.rest[:end]
		c.rest = c.rest[end+1:]
		if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
			text = strings.ToLower(text)
		}
		return argument{workflows.TruthOf(text != ""), literal(text)}
	}
	name := strings.ToLower(c.word())
	switch {
	case name == "":
		c.broken = true
		return open
	case name == "true", name == "false":
		return argument{workflows.TruthOf(name == "true"), literal(name)}
	case c.take("["):
		key := c.argument(depth + 1)
		c.broken = c.broken || !c.take("]")
		for strings.HasPrefix(c.rest, ".") || strings.HasPrefix(c.rest, "[") { // outputs of other jobs
			c.rest = strings.TrimLeft(c.rest, ".[")
			if c.take("'") {
				_, c.rest, _ = strings.Cut(c.rest, "']")
			}
			c.word()
		}
		if name == "variables" && len(key.value.typical) == 1 {
			return c.variable(key.value.typical[0])
		}
		return open
	case c.take("("):
		return argument{c.function(name, depth), value{unknown: true}}
	case strings.HasPrefix(name, "variables."):
		return c.variable(strings.TrimPrefix(name, "variables."))
	}
	return open
}

// function reads the arguments of a function and says whether it holds.
func (c *condition) function(name string, depth int) workflows.Truth {
	var arguments []argument
	for !c.take(")") {
		if len(arguments) > 0 && !c.take(",") {
			c.broken = true
			return workflows.Maybe
		}
		arguments = append(arguments, c.argument(depth+1))
		if c.broken {
			return workflows.Maybe
		}
	}
	return apply(name, arguments)
}

// apply says whether a function holds for its arguments.
func apply(name string, arguments []argument) workflows.Truth {
	all, any := workflows.Yes, workflows.No
	for _, a := range arguments {
		all, any = min(all, a.truth), max(any, a.truth)
	}
	switch name {
	case "and":
		return all
	case "or":
		return any
	case "succeeded", "always", "succeededorfailed":
		return workflows.Yes
	}
	if len(arguments) == 0 {
		return workflows.Maybe
	}
	first := arguments[0]
	if name == "not" {
		return first.truth.Not()
	}
	equal := workflows.No
	for _, a := range arguments[1:] {
		equal = max(equal, first.value.equals(a.value))
	}
	switch name {
	case "eq", "in":
		return equal
	case "ne", "notin":
		return equal.Not()
	}
	if len(arguments) != 2 || len(arguments[1].value.typical) != 1 {
		return workflows.Maybe
	}
	part := strings.ToLower(arguments[1].value.typical[0])
	switch name {
	case "startswith":
		return first.value.satisfies(func(s string) bool { return strings.HasPrefix(strings.ToLower(s), part) })
	case "endswith":
		return first.value.satisfies(func(s string) bool { return strings.HasSuffix(strings.ToLower(s), part) })
	case "contains":
		return first.value.satisfies(func(s string) bool { return strings.Contains(strings.ToLower(s), part) })
	}
	return workflows.Maybe
}

// variable gives what a variable holds: one that Azure sets, or one of the file, which may be a condition of its own
// (`$[eq(…)]`).
func (c *condition) variable(name string) argument {
	if i := slices.IndexFunc(c.set, func(l catalog.Label) bool { return strings.EqualFold(l.Key, name) }); i >= 0 { // case does not matter
		l := c.set[i]
		inner, isExpression := strings.CutPrefix(l.Value, "$[")
		switch {
		case isExpression:
			t := azureCondition(strings.TrimSuffix(inner, "]"), c.occasion, nil)
			if t == workflows.Maybe {
				return argument{workflows.Maybe, value{unknown: true}}
			}
			return argument{t, literal(map[workflows.Truth]string{workflows.Yes: "true", workflows.No: "false"}[t])}
		case !strings.ContainsAny(l.Value, "$"):
			return argument{workflows.TruthOf(l.Value != ""), literal(l.Value)}
		}
	}
	v := azureVariable(name, c.occasion)
	return argument{v.set(), v}
}

// azureVariable gives what a variable that Azure sets holds on an occasion.
func azureVariable(name string, o occasion) value {
	v := value{unknown: true}
	switch strings.ToLower(name) {
	case "build.reason":
		v = o.azureReason()
	case "build.sourcebranch":
		switch o {
		case mergeRequest:
			v = literal("refs/pull/1/merge")
		case tagPush:
			v = tagRefs.with("refs/tags/")
		default:
			v = o.branch().with("refs/heads/")
		}
	case "build.sourcebranchname":
		switch o {
		case mergeRequest:
			v = literal("merge")
		case tagPush:
			v = tagRefs
		default:
			v = o.branch()
		}
	case "system.pullrequest.targetbranch", "system.pullrequest.targetbranchname":
		v = value{}
		if o == mergeRequest {
			v = mainBranches
			v.other = append(mainBranches.with("refs/heads/").typical, v.other...)
		}
	case "system.pullrequest.pullrequestid", "system.pullrequest.pullrequestnumber":
		v = value{}
		if o == mergeRequest {
			v = literal("1")
		}
	}
	return v
}

// azureReason gives Build.Reason.
func (o occasion) azureReason() value {
	switch o {
	case mergeRequest:
		return literal("PullRequest")
	case branchPush, mainPush, tagPush:
		return value{typical: []string{"IndividualCI", "BatchedCI"}, same: true}
	case clock:
		return literal("Schedule")
	case call:
		return literal("ResourceTrigger")
	}
	return literal("Manual")
}
