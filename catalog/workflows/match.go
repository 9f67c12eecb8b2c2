package workflows

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// match gives the tools of the rules of a kind whose name matches and whose conditions hold.
func (t *table) match(kind, name string, in inputs, env []catalog.Label) []catalog.Tool {
	var tools []catalog.Tool
	for _, r := range t.rules[kind] {
		if matches(r.words[0], name) {
			tools = append(tools, r.tools(in, env)...)
		}
	}
	return tools
}

// matchImage is match for an image with the words it is started with, and reports whether a rule knows the image. The
// name of a registry before an image's name does not matter.
func (t *table) matchImage(name string, in inputs, args []string, env []catalog.Label) (tools []catalog.Tool, known bool) {
	for _, r := range t.rules[Image] {
		if !matches(r.words[0], name) && !slices.ContainsFunc(alternatives(r.words[0]), func(p string) bool { return Glob("*/"+p, name) }) {
			continue
		}
		known = true
		if r.runs == nil {
			tools = append(tools, r.tools(in, env)...)
			continue
		}
		program := r.runs[0]
		if len(args) > 0 && (programOf(args[0]) == program || shells[programOf(args[0])]) {
			tools = append(tools, commandTools(args, env)...) // with another entry point than the image's own
			continue
		}
		words := slices.DeleteFunc(slices.Clone(r.runs), func(w string) bool { return w == "{args}" })
		tools = append(tools, commandTools(append(words, args...), env)...)
	}
	return tools, known
}

// tools gives what a rule makes of a use of its thing, nil when its conditions do not hold.
func (r rule) tools(s settings, env []catalog.Label) []catalog.Tool {
	for _, t := range r.when {
		if t.holds(s, env) != Yes {
			return nil
		}
	}
	if in, ok := s.(inputs); ok && r.runs != nil {
		return commandTools(in.fill(r.runs), env)
	}
	if in, ok := s.(inputs); ok && r.script != "" {
		tools, _ := Shell{ErrExit: true, Env: env}.Read(in.raw(r.script), nil)
		return tools
	}
	gates, why := r.gates(s, env)
	var tools []catalog.Tool
	for _, p := range r.purposes {
		tools = append(tools, catalog.Tool{Purpose: p, Name: r.tool, Gates: gates == Yes, Why: why, Unsure: gates == Maybe})
	}
	return tools
}

// gates says whether what the tool finds fails it, and if that is not sure, why.
func (r rule) gates(s settings, env []catalog.Label) (answer Truth, why string) {
	if r.never != "" {
		return No, r.never
	}
	answer = Yes
	for _, t := range r.gatesUnless {
		if held := t.holds(s, env).Not(); held < answer {
			answer, why = held, t.found(s, env)
		}
	}
	if len(r.gatesWhen) == 0 || answer == No {
		return answer, why
	}
	when, unmet := No, ""
	for _, t := range r.gatesWhen {
		when = max(when, t.holds(s, env))
		if _, given, hidden := t.find(s, env); given || hidden || unmet == "" {
			unmet = t.found(s, env)
		}
	}
	if when < answer {
		answer, why = when, unmet
	}
	return answer, why
}

// raw gives an input as it was written.
func (in inputs) raw(name string) string {
	for _, l := range in {
		if strings.EqualFold(l.Key, name) {
			return l.Value
		}
	}
	return ""
}

// fill gives the words of a command for which a rule gives a pattern: "{args}" stands for the words of that input,
// "{command=test}" has a default.
func (in inputs) fill(pattern []string) []string {
	var words []string
	for _, word := range pattern {
		inner, ok := strings.CutPrefix(word, "{")
		if !ok {
			words = append(words, word)
			continue
		}
		name, fallback, _ := strings.Cut(strings.TrimSuffix(inner, "}"), "=")
		words = append(words, fields(cmp.Or(in.raw(name), fallback))...)
	}
	return words
}

// commandTools gives the tools that a command uses: that of its program, or that of the command or container which it
// starts in turn.
func commandTools(words []string, env []catalog.Label) []catalog.Tool {
	const wrappings = 8
	return wrappedTools(words, env, wrappings)
}

// wrappedTools is commandTools for a command inside which at most so many others are looked for. A word that is no known
// command may be a script or task of the program before it: "test" in `mise run test`.
func wrappedTools(words []string, env []catalog.Label, wrappings int) []catalog.Tool {
	if len(words) == 0 || wrappings == 0 || asksForHelp(words) {
		return nil
	}
	program := programOf(words[0])
	if shells[program] {
		return inlineScript(words[1:], env)
	}
	if image, args, ok := knowledge().container(program, words); ok {
		return imageTools(image, args, env)
	}
	if inner, ok := knowledge().unwrap(program, words); ok {
		if tools := wrappedTools(inner, env, wrappings-1); len(tools) > 0 {
			return tools
		}
	}
	return knowledge().matchCommand(program, words, env)
}

// matchCommand gives the tools of the rules for a program whose sub-commands and conditions match.
func (t *table) matchCommand(program string, words []string, env []catalog.Label) []catalog.Tool {
	var tools []catalog.Tool
	for _, r := range t.commands[program] {
		rest, ok := t.subcommands(program, r.words[1:], words[1:])
		if !ok {
			continue
		}
		given := arguments(words[1:])
		operands := t.operands(program, rest)
		tools = append(tools, r.tools(call{given, operands}, env)...)
	}
	return slices.DeleteFunc(tools, func(tool catalog.Tool) bool {
		return changesTheWorld[tool.Purpose] && forReal.holds(arguments(words[1:]), nil) != Yes || leavesTheMachine[tool.Purpose] && staysHere(arguments(words[1:]), env)
	})
}

// call are the settings of a command: its flags may stand before its sub-commands, its operands stand after them.
type call struct {
	arguments
	rest arguments
}

func (c call) operand(patterns []string) Truth { return c.rest.operand(patterns) }

// operands gives the words after a program's sub-commands without the values of its flags, and without what stands after
// "--" for a program that it starts in turn. Other flags are left in.
func (t *table) operands(program string, words []string) arguments {
	var left arguments
	for i := 0; i < len(words) && words[i] != "--"; i++ {
		left = append(left, words[i])
		if t.valued[program][words[i]] {
			i++
		}
	}
	return left
}

var (
	changesTheWorld = map[catalog.Purpose]bool{catalog.Deploys: true, catalog.RollsBack: true, catalog.Publishes: true, catalog.Attests: true}
	forReal         = parseTerm("{--dry-run,--check-only,--dryrun}", true)

	leavesTheMachine = map[catalog.Purpose]bool{catalog.Deploys: true, catalog.RollsBack: true}
	// here are the settings by which a command that deploys is pointed at something on the machine that runs the job.
	here = []term{
		parseTerm("{--context,--kube-context} = kind*,k3d-*,minikube*,docker-desktop,rancher-desktop,colima*,orbstack,microk8s*", false),
		parseTerm("{--endpoint-url,--server,-s} = *localhost*,*127.0.0.1*,*localstack*", false),
		parseTerm("$AWS_ENDPOINT_URL = *localhost*,*127.0.0.1*,*localstack*", false),
	}
)

// staysHere reports whether a command is pointed at the machine that it runs on.
func staysHere(given arguments, env []catalog.Label) bool {
	return slices.ContainsFunc(here, func(t term) bool { return t.holds(given, env) == Yes })
}

// subcommands matches the first words of a command that are no flags with patterns and gives the words after them. The
// first word that does not match ends it: what is not known is no use of the tool.
func (t *table) subcommands(program string, patterns, words []string) (rest []string, ok bool) {
	for _, pattern := range patterns {
		if !strings.HasPrefix(pattern, "-") {
			words = t.afterFlags(program, words, t.valued[program])
		}
		if len(words) == 0 || unknown(words[0]) && pattern != "*" || !matches(pattern, words[0]) {
			return nil, false
		}
		words = words[1:]
	}
	return words, true
}

// afterFlags gives the words after the flags at the beginning; flags that take a value are given.
func (t *table) afterFlags(program string, words []string, valued map[string]bool) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		flag := words[0]
		words = words[1:]
		if flag == "--" {
			return words
		}
		if valued[flag] && len(words) > 0 {
			words = words[1:]
		}
	}
	return words
}

// unwrap gives the command that another one runs, as `npx`, `sudo` and `go run` do.
func (t *table) unwrap(program string, words []string) ([]string, bool) {
	for _, w := range t.wrappers[program] {
		rest, ok := t.subcommands(program, w.words[1:], words[1:])
		if !ok {
			continue
		}
		if program == "command" && len(rest) > 0 && (rest[0] == "-v" || rest[0] == "-V") {
			return nil, true // asks where a command is
		}
		rest = t.afterFlags(program, rest, w.flags)
		for len(rest) > 0 && assignment.MatchString(rest[0]) {
			rest = rest[1:]
		}
		return rest, true
	}
	return nil, false
}

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// container gives the image and the words that a command such as `docker run` starts it with.
func (t *table) container(program string, words []string) (image string, args []string, ok bool) {
	for _, c := range t.containers[program] {
		rest, found := t.subcommands(program, c.words[1:], words[1:])
		if !found {
			continue
		}
		entry := ""
		for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
			flag, value, assigned := strings.Cut(rest[0], "=")
			rest = rest[1:]
			if flag == "--" {
				break
			}
			if !assigned && !c.flags[flag] && len(rest) > 0 {
				value, rest = rest[0], rest[1:]
			}
			if flag == "--entrypoint" {
				entry = value
			}
		}
		if len(rest) == 0 {
			return "", nil, false
		}
		args = rest[1:]
		if entry != "" {
			args = append([]string{entry}, args...)
		}
		return rest[0], args, true
	}
	return "", nil, false
}

var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

// programOf gives the name of a program by its first word: without its folder, a version after "@" and the ending of
// Windows. "" when it is not known.
func programOf(word string) string {
	if at := strings.LastIndexByte(word, '@'); at > 0 {
		word = word[:at]
	}
	word = majorVersion.ReplaceAllString(word, "")
	word = strings.TrimSuffix(word[strings.LastIndexByte(word, '/')+1:], ".exe")
	if unknown(word) {
		return ""
	}
	return word
}

// verbose are programs that say more with -v and -V, where others name their version.
var verbose = map[string]bool{"pytest": true, "unittest": true, "tox": true, "nox": true, "behave": true, "ctest": true, "mage": true, "rake": true}

// asksForHelp reports whether a command only asks a program what it is.
func asksForHelp(words []string) bool {
	for i, w := range words[1:] {
		switch w {
		case "--version", "--help":
			return true
		case "version", "help", "-h", "-version", "-help":
			if i == 0 && len(words) <= 3 {
				return true
			}
		case "-v", "-V":
			if len(words) == 2 && !verbose[programOf(words[0])] {
				return true
			}
		}
	}
	return false
}
