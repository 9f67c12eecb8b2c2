package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// invocation is a call in a statement, with its arguments.
type invocation struct {
	name string
	at   catalog.Place
	args []argumentToken
}

// argumentToken is one argument: its name, if it has one, and the first token of its value.
type argumentToken struct {
	name string
	token
}

// positional gives the first argument without a name, when it is a string.
func (c invocation) positional() token {
	for _, a := range c.args {
		if a.name == "" && a.kind == quote {
			return a.token
		}
	}
	return token{}
}

func (c invocation) named(name string) token {
	for _, a := range c.args {
		if a.name == name {
			return a.token
		}
	}
	return token{}
}

// invocations gives the calls of a statement: names before a bracket or, without one, before an argument.
func invocations(statement []token) []invocation {
	var calls []invocation
	for i, t := range statement {
		if t.kind != word || i+1 == len(statement) {
			continue
		}
		next := statement[i+1]
		bare := next.kind == quote || next.kind == word && i+2 < len(statement) && statement[i+2].is(":")
		if i > 0 && statement[i-1].kind == word && !beforeCall[statement[i-1].text] {
			bare = false
		}
		if next.is("(") || bare {
			calls = append(calls, invocation{name: t.text, at: t.at, args: arguments(statement[i+1:])})
		}
		if len(calls) > maxCalls {
			break
		}
	}
	return calls
}

// Limits of what one statement comes to, since calls can be nested.
const (
	maxCalls     = 100
	maxArguments = 100
)

// beforeCall are words after which a call without brackets can stand.
var beforeCall = map[string]bool{"return": true, "else": true}

// arguments gives the arguments that a statement goes on with, in brackets or without.
func arguments(rest []token) []argumentToken {
	var args []argumentToken
	depth, first := 0, true
	if rest[0].is("(") {
		rest = rest[1:]
	}
	var name string
	for i, t := range rest {
		switch {
		case t.is(")", "]", "}") && depth == 0, len(args) > maxArguments:
			return args
		case t.is(")", "]"):
			depth--
		case t.is("(", "["):
			depth++
			first = false
		case depth > 0:
		case t.is(","):
			first, name = true, ""
		case first && i+1 < len(rest) && rest[i+1].is(":") && (t.kind == word || t.kind == quote):
			name = t.text
		case t.is(":"):
		case first && (t.kind == word || t.kind == quote):
			args = append(args, argumentToken{name, t})
			first = false
		}
	}
	return args
}

// headOf gives the name by which a block is known, and the call that leads to it.
func headOf(statement []token) (string, invocation) {
	for len(statement) > 0 && (statement[0].is("}", ")") || statement[0].text == "else") {
		statement = statement[1:]
	}
	if len(statement) == 0 {
		return "", invocation{}
	}
	first := statement[0]
	if first.kind != word {
		return "", invocation{at: first.at}
	}
	head := invocation{name: first.text, at: first.at}
	if len(statement) > 1 {
		head.args = arguments(statement[1:])
	}
	return first.text, head
}

// statement reads the calls of a statement.
func (j *jenkins) statement(statement []token) {
	if len(statement) == 0 {
		return
	}
	if b := j.top(); b.kind == "environment" {
		j.variable(statement)
		return
	} else if b.kind == "expression" {
		b.holds = b.holds.and(conditionOfTokens(statement))
		return
	}
	if statement[0].is("@") && len(statement) > 1 && statement[1].text == "Library" {
		for _, t := range statement[2:] {
			if t.kind == quote && t.text != "" {
				j.workflow.Elsewhere = append(j.workflow.Elsewhere, shownText(catalog.Text{Value: t.text, At: t.at}))
			}
		}
		return
	}
	for _, c := range invocations(statement) {
		j.call(c, statement)
	}
}

// variable reads a line of `environment`: a literal value; a credential is left out.
func (j *jenkins) variable(statement []token) {
	if len(statement) != 3 || statement[0].kind != word || !statement[1].is("=") || statement[2].kind != quote {
		return
	}
	l := catalog.Label{Key: statement[0].text, Value: shown(statement[0].text, statement[2].text), At: statement[2].at}
	if i := j.top().job; i >= 0 {
		j.workflow.Jobs[i].Env = append(j.workflow.Jobs[i].Env, l)
	} else {
		j.workflow.Env = append(j.workflow.Env, l)
	}
}

// call reads one call.
func (j *jenkins) call(c invocation, statement []token) {
	b := j.top()
	switch {
	case b.kind == "when" || b.kind == "allOf" || b.kind == "anyOf" || b.kind == "not":
		j.condition(c)
		return
	case b.kind == "triggers" || b.kind == "options" || b.kind == "parameters":
		return
	case b.kind == "agent" || b.kind == "docker":
		j.agent(c)
		return
	}
	switch c.name {
	case "sh", "bat", "powershell", "pwsh":
		j.script(c)
	case "input":
		j.approve(statement)
	case "stage": // scripted pipelines of old name a stage without a block
		j.isPipeline = true
	case "library":
		if name := c.positional(); name.text != "" {
			j.workflow.Elsewhere = append(j.workflow.Elsewhere, shownText(catalog.Text{Value: name.text, At: name.at}))
		}
	case "build":
		if name := c.named("job"); name.kind == quote && name.text != "" {
			j.job().Calls = catalog.Text{Value: name.text, At: name.at}
		}
	case "docker.image", "container":
		if name := c.positional(); name.text != "" && c.name == "docker.image" && b.job >= 0 && j.job().Image.Value == "" {
			j.job().Image = shownText(catalog.Text{Value: name.text, At: name.at})
		}
	default:
		j.known(c)
	}
}

// agent reads the image of `agent { docker … }`.
func (j *jenkins) agent(c invocation) {
	if c.name != "image" && c.name != "docker" {
		return
	}
	image := shownText(catalog.Text{Value: c.positional().text, At: c.positional().at})
	if i := j.top().job; i >= 0 {
		j.workflow.Jobs[i].Image = image
	} else {
		j.image = image
	}
}

// script adds a step that runs a script.
func (j *jenkins) script(c invocation) {
	t := c.named("script")
	if t.kind != quote || t.text == "" {
		t = c.positional()
	}
	b := j.top()
	label := c.named("label")
	step := catalog.Step{Name: catalog.Text{Value: label.text, At: label.at}, Run: catalog.Text{Value: t.text, At: t.at}, At: c.at}
	if label.kind != quote {
		step.Name = catalog.Text{Value: c.name, At: c.at}
	}
	if b.post != "" {
		step.Condition = catalog.Text{Value: "post " + b.post, At: c.at}
	}
	if t.text != "" {
		step.Tools = j.stepTools(c.name, t)
	}
	j.add(step, c)
}

// add adds a step to the job at hand.
func (j *jenkins) add(step catalog.Step, c invocation) {
	soft := j.top().soft
	if c.named("returnStatus").text == "true" {
		soft = "returnStatus is true"
	}
	if soft != "" {
		step.AllowFailure = true
		step.Tools = softened(step.Tools, soft)
	}
	job := j.job()
	job.Steps = append(job.Steps, step)
}

// known adds a step of a plug-in that stands for a known tool. Other calls are kept for a file that holds nothing else.
func (j *jenkins) known(c invocation) {
	var with []catalog.Label
	for _, a := range c.args {
		if a.name != "" {
			with = append(with, catalog.Label{Key: a.name, Value: a.text, At: a.at})
		}
	}
	if tools := placed(workflows.UsedTools(workflows.Task, c.name, with), c.at); len(tools) > 0 {
		for i := range with {
			with[i].Value = shown(with[i].Key, with[i].Value)
		}
		name := catalog.Text{Value: c.name, At: c.at}
		j.add(catalog.Step{Name: name, Uses: name, With: with, Tools: tools, At: c.at}, c)
		return
	}
	outside := len(j.blocks) == 1 && !strings.Contains(c.name, ".") && !slices.Contains([]string{"properties", "println", "echo", "import", "cron", "if", "for", "while", "switch"}, c.name)
	if outside && len(j.calls) < maxCalls {
		j.calls = append(j.calls, catalog.Text{Value: c.name, At: c.at})
	}
}
