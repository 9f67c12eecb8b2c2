package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// defined gives a job as the file or an orb defines it.
func (c *circle) defined(name string, with *document.Node, at catalog.Text) catalog.Job {
	j := catalog.Job{ID: at, Name: at, At: at.At}
	definition := c.jobs[name]
	if definition == nil {
		if step, ok := c.orbStep(at, with); ok {
			j.Calls = step.Uses
			j.Steps = []catalog.Step{step}
		}
	} else {
		j.Image = c.image(definition)
		j.Env = kept(definition.Get("environment"))
		j.Steps = c.stepsOf("job "+name, definition, circleShell(definition))
	}
	if before := c.expand(with.Get("pre-steps"), circleShell(definition), 0); len(before) > 0 {
		c.count += len(j.Steps)
		j.Steps = slices.Concat(before, j.Steps)
	}
	if after := c.expand(with.Get("post-steps"), circleShell(definition), 0); len(after) > 0 {
		c.count += len(j.Steps)
		j.Steps = slices.Concat(j.Steps, after)
	}
	return j
}

// image gives the first image of a job or of its executor.
func (c *circle) image(definition *document.Node) catalog.Text {
	executor := definition.Get("executor")
	if executor != nil && executor.Kind == document.Map {
		executor = executor.Get("name")
	}
	for _, n := range []*document.Node{definition, c.root.Get("executors", executor.Str())} {
		if images := n.Get("docker").List(); len(images) > 0 {
			return shownText(images[0].Get("image").Text())
		}
		if machine := n.Get("machine", "image").Text(); machine.Value != "" {
			return machine
		}
	}
	return catalog.Text{}
}

// circleShell is how a job's scripts are run.
// Source: CircleCI documentation, "Configuration reference: default shell options".
func circleShell(definition *document.Node) workflows.Shell {
	return shellNamed(definition.Get("shell").Str(), workflows.Shell{ErrExit: true, PipeFail: true, Env: kept(definition.Get("environment"))})
}

// shellNamed gives a shell that is written out as a command, as in "/bin/bash -eo pipefail"; "" stands for the given one.
func shellNamed(command string, sh workflows.Shell) workflows.Shell {
	if command == "" {
		return sh
	}
	sh.ErrExit, sh.PipeFail = false, strings.Contains(command, "pipefail")
	for _, word := range strings.Fields(command) {
		if strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && strings.Contains(word, "e") || word == "errexit" {
			sh.ErrExit = true
		}
	}
	return sh
}

// Limits of commands that use commands: how deep, and how many steps a configuration comes to.
const (
	maxCommands = 10
	maxSteps    = 50_000
)

// stepsOf gives the steps of a job or command; they are read once and shared by all its uses.
func (c *circle) stepsOf(key string, definition *document.Node, sh workflows.Shell) []catalog.Step {
	if steps, done := c.steps[key]; done {
		return steps
	}
	c.steps[key] = nil // a command that uses itself
	c.steps[key] = c.expand(definition.Get("steps"), sh, 0)
	return c.steps[key]
}

// expand gives the steps of a list, with those of commands and conditions in their place.
func (c *circle) expand(list *document.Node, sh workflows.Shell, depth int) []catalog.Step {
	var steps []catalog.Step
	if depth > maxCommands {
		return nil
	}
	for _, item := range list.List() {
		if c.count++; len(steps) > maxItems || c.count > maxSteps {
			break
		}
		name, with := item.Text(), (*document.Node)(nil)
		if item.Kind == document.Map && len(item.Pairs) > 0 {
			name, with = item.Pairs[0].Key, item.Pairs[0].Value
		}
		switch command := c.commands[name.Value]; {
		case name.Value == "":
		case name.Value == "run":
			steps = append(steps, c.run(name, with, sh))
		case name.Value == "when" || name.Value == "unless":
			steps = append(steps, c.expand(with.Get("steps"), sh, depth+1)...)
		case command != nil:
			inner := c.stepsOf("command "+name.Value, command, sh)
			c.count += len(inner)
			steps = append(steps, inner...)
		default:
			if step, ok := c.orbStep(name, with); ok {
				steps = append(steps, step)
			} else {
				steps = append(steps, catalog.Step{Uses: name, With: kept(with), At: name.At})
			}
		}
	}
	return steps
}

// run gives a step that runs a script.
func (c *circle) run(name catalog.Text, n *document.Node, sh workflows.Shell) catalog.Step {
	text := n
	step := catalog.Step{At: n.Place().Or(name.At)}
	if n != nil && n.Kind == document.Map {
		text = n.Get("command")
		step.Name, step.Condition, step.Env = n.Get("name").Text(), n.Get("when").Text(), kept(n.Get("environment"))
		sh = shellNamed(n.Get("shell").Str(), sh)
	}
	step.Run = text.Text()
	sh.Env = slices.Concat(step.Env, sh.Env)
	if text != nil {
		step.Tools = c.tools(sh, scriptOf(text))
	}
	return step
}

// orbStep gives a step that runs a command or job of an orb, as in "node/install".
func (c *circle) orbStep(name catalog.Text, with *document.Node) (catalog.Step, bool) {
	alias, command, found := strings.Cut(name.Value, "/")
	orb := c.orbs[alias]
	if !found || orb.Value == "" {
		return catalog.Step{}, false
	}
	full, version, _ := strings.Cut(orb.Value, "@")
	uses := catalog.Text{Value: full + "/" + command + "@" + version, At: name.At}
	tools := placed(workflows.UsedTools(workflows.Orb, full+"/"+command, with.Labels()), name.At)
	if len(tools) == 0 && !slices.ContainsFunc(c.elsewhere, func(t catalog.Text) bool { return t.Value == orb.Value }) {
		c.elsewhere = append(c.elsewhere, orb)
	}
	return catalog.Step{Uses: uses, With: kept(with), Tools: tools, At: name.At}, true
}
