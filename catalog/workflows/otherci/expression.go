package otherci

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// expression works out GitLab's `rules:if` and `only:variables` conditions.
// Source: GitLab documentation, "CI/CD YAML syntax reference: rules:if", and "Variable expressions".
type expression struct {
	rest   string
	lookup func(variable string) value
	depth  int
	broken bool
}

// maxParentheses bounds the nesting of a condition. A deeper one may hold or not.
const maxParentheses = 50

// evaluate says whether a condition holds; maybe when it is not of the grammar.
func evaluate(condition string, lookup func(string) value) workflows.Truth {
	e := expression{rest: condition, lookup: lookup}
	t := e.or()
	if e.space(); e.broken || e.rest != "" {
		return workflows.Maybe
	}
	return t
}

func (e *expression) space() { e.rest = strings.TrimLeft(e.rest, " \t\r\n") }

// take consumes a symbol if it comes next.
func (e *expression) take(symbol string) bool {
	e.space()
	rest, found := strings.CutPrefix(e.rest, symbol)
	if found {
		e.rest = rest
	}
	return found
}

func (e *expression) or() workflows.Truth {
	t := e.and()
	for !e.broken && e.take("||") {
		t = max(t, e.and())
	}
	return t
}

func (e *expression) and() workflows.Truth {
	t := e.comparison()
	for !e.broken && e.take("&&") {
		t = min(t, e.comparison())
	}
	return t
}

func (e *expression) comparison() workflows.Truth {
	if e.take("(") {
		if e.depth++; e.depth > maxParentheses {
			e.broken = true
			return workflows.Maybe
		}
		t := e.or()
		e.broken = e.broken || !e.take(")")
		e.depth--
		return t
	}
	left, _ := e.operand()
	switch {
	case e.take("=="):
		right, _ := e.operand()
		return left.equals(right)
	case e.take("!="):
		right, _ := e.operand()
		return left.equals(right).Not()
	case e.take("=~"):
		return e.match(left)
	case e.take("!~"):
		return e.match(left).Not()
	}
	return left.set()
}

// match reads a pattern; one that a variable holds is not known.
func (e *expression) match(left value) workflows.Truth {
	if _, pattern := e.operand(); pattern != "" {
		return left.matches(pattern)
	}
	if left.unknown || len(left.typical) > 0 {
		return workflows.Maybe
	}
	return workflows.No
}

// operand reads a variable, a string, a pattern or null. Of a pattern, it gives the regular expression too.
func (e *expression) operand() (v value, pattern string) {
	e.space()
	if e.rest == "" {
		e.broken = true
		return value{unknown: true}, ""
	}
	switch c := e.rest[0]; c {
	case '"', '\'':
		if end := strings.IndexByte(e.rest[1:], c); end >= 0 {
			text := e.rest[1 : 1+end]
			e.rest = e.rest[end+2:]
			if strings.HasPrefix(text, "/") && strings.LastIndexByte(text, '/') > 0 { // a quoted pattern
				pattern = text[1:strings.LastIndexByte(text, '/')]
			}
			return literal(text), pattern
		}
	case '/':
		if end := patternEnd(e.rest); end > 0 {
			pattern = e.rest[1:end]
			e.rest = strings.TrimLeft(e.rest[end+1:], "imsxU")
			return value{unknown: true}, strings.ReplaceAll(pattern, `\/`, "/")
		}
	case '$':
		name := e.rest[1:]
		end := len(name) - len(strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"))
		if strings.HasPrefix(name, "{") {
			name = name[1:]
			end = strings.IndexByte(name, '}')
		}
		if end > 0 {
			e.rest = strings.TrimPrefix(name[end:], "}")
			return e.lookup(name[:end]), ""
		}
	default:
		if e.take("null") {
			return value{}, ""
		}
	}
	e.broken = true
	return value{unknown: true}, ""
}

// patternEnd gives the index of the slash that ends a pattern, or 0.
func patternEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '/':
			return i
		}
	}
	return 0
}

// gitlabVariable gives what a variable that GitLab itself sets holds on an occasion. ok is false for all others.
// Source: GitLab documentation, "Predefined CI/CD variables reference".
func gitlabVariable(o occasion, name string) (v value, ok bool) {
	isRequest := o == mergeRequest
	if strings.HasPrefix(name, "CI_MERGE_REQUEST_") {
		switch {
		case !isRequest:
			return value{}, true
		case name == "CI_MERGE_REQUEST_TARGET_BRANCH_NAME":
			return mainBranches, true
		case name == "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME":
			return changeBranches, true
		case name == "CI_MERGE_REQUEST_IID", name == "CI_MERGE_REQUEST_ID", name == "CI_MERGE_REQUEST_PROJECT_ID":
			return literal("1"), true
		}
		return value{unknown: true}, true
	}
	switch name {
	case "CI_PIPELINE_SOURCE":
		return o.gitlabSource(), true
	case "CI_COMMIT_BRANCH":
		if isRequest {
			return value{}, true
		}
		return o.branch(), true
	case "CI_COMMIT_TAG":
		if o != tagPush {
			return value{}, true
		}
		return tagNames, true
	case "CI_COMMIT_REF_NAME", "CI_COMMIT_REF_SLUG":
		if o == tagPush {
			return tagRefs, true
		}
		return o.branch(), true
	case "CI_DEFAULT_BRANCH":
		return defaultBranch, true
	case "CI_COMMIT_REF_PROTECTED":
		if o == mergeRequest || o == branchPush {
			return literal("false"), true
		}
		return literal("true"), true
	case "CI", "GITLAB_CI":
		return literal("true"), true
	case "CI_OPEN_MERGE_REQUESTS":
		if o == branchPush {
			return value{unknown: true}, true
		}
		return value{}, true
	}
	if strings.HasPrefix(name, "CI_") || strings.HasPrefix(name, "GITLAB_") {
		return value{unknown: true}, true
	}
	return value{}, false
}

// gitlabSource gives CI_PIPELINE_SOURCE.
func (o occasion) gitlabSource() value {
	switch o {
	case mergeRequest:
		return literal("merge_request_event")
	case branchPush, mainPush, tagPush:
		return literal("push")
	case clock:
		return literal("schedule")
	case call:
		return value{typical: []string{"parent_pipeline", "pipeline"}, same: true}
	}
	return value{typical: []string{"web", "api", "trigger"}, same: true, other: []string{"chat", "webide"}}
}

// gitlabEvent names an occasion as GitLab does.
func (o occasion) gitlabEvent() string {
	switch o {
	case tagPush:
		return "tag"
	default:
		return o.gitlabSource().typical[0]
	}
}

// variablesOf gives the look-up of the variables of a condition on an occasion: those that GitLab sets, then those that
// the file sets.
//
// A variable that neither sets may be one of the project's settings, or be set by whoever starts the pipeline. Beside a
// variable of GitLab's (`$CI_COMMIT_BRANCH == "main" && $TOKEN`) it is taken for the first, which may hold or not. A
// condition of such variables alone (`$NIGHTLY`) is taken for a switch that is off when somebody pushes.
func variablesOf(o occasion, condition string, set []catalog.Label) func(string) value {
	open := !o.implied() || strings.Contains(condition, "$CI_") || strings.Contains(condition, "${CI_")
	return func(name string) value {
		if v, ok := gitlabVariable(o, name); ok {
			return v
		}
		if l, ok := catalog.FindLabel(set, name); ok {
			if strings.Contains(l.Value, "$") {
				return value{unknown: true}
			}
			return literal(l.Value)
		}
		return value{unknown: open}
	}
}
