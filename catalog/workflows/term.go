package workflows

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// Marks stand in words for what only a run of the script knows.
const (
	unknownMark = "\x1a" // a value
	hiddenMark  = "\x19" // a value that may be several words, flags among them
)

// unknown reports whether part of a value is not known.
func unknown(value string) bool { return strings.ContainsAny(value, unknownMark+hiddenMark) }

// settings are what a use of a tool was given: the flags of a command, or the inputs of an action.
type settings interface {
	// setting gives the value of a flag or input, whether it was given, and whether it may stand in a part that is not
	// known.
	setting(name string) (value string, given, hidden bool)
	// operand reports whether a word that is no flag matches one of the patterns.
	operand(patterns []string) Truth
}

// term is a condition on settings: `name`, `name = a,b` or `name != a,b`. A name that begins with "$" is that of an
// environment variable, the name "@" stands for the words that are no flags.
type term struct {
	names    []string
	operator string
	values   []string
	negated  bool
	perhaps  bool // what only a run knows counts as holding
}

func parseTerm(text string, negated bool) term {
	t := term{negated: negated}
	name, value, _ := strings.Cut(text, "=")
	if t.operator = ""; name != text {
		t.operator = "="
		if strings.HasSuffix(name, "!") {
			name, t.operator = strings.TrimSuffix(name, "!"), "!="
		}
	}
	t.names = alternatives(strings.TrimSpace(name))
	for v := range strings.SplitSeq(value, ",") {
		t.values = append(t.values, strings.Trim(strings.TrimSpace(v), `"`))
	}
	if t.names[0] != "@" { // the case of settings does not matter
		for i := range t.values {
			t.values[i] = strings.ToLower(t.values[i])
		}
	}
	return t
}

// holds says whether the term holds for what a tool was given.
func (t term) holds(s settings, env []catalog.Label) Truth {
	result := t.plain(s, env)
	if t.negated {
		result = result.Not()
		if _, given, _ := t.find(s, env); result == Maybe && !given && t.names[0] != "@" {
			return Yes // what is nowhere to be seen is taken as absent
		}
	}
	if t.perhaps && result == Maybe {
		return Yes
	}
	return result
}

func (t term) plain(s settings, env []catalog.Label) Truth {
	if t.names[0] == "@" {
		return s.operand(t.values)
	}
	value, given, hidden := t.find(s, env)
	among := amongPatterns(t.values, strings.ToLower(value))
	if hidden || unknown(value) && !(among && t.operator != "") { // a "*" that takes in what is unknown holds for whatever it is
		return Maybe
	}
	switch t.operator {
	case "=":
		return TruthOf(among)
	case "!=":
		return TruthOf(given && !among)
	default:
		return TruthOf(given && value != "false" && (value != "" || strings.HasPrefix(t.names[0], "-")))
	}
}

// amongPatterns reports whether a value, or a part of it when it is a list with commas, fits one of the patterns.
func amongPatterns(patterns []string, value string) bool {
	fits := func(v string) bool { return slices.ContainsFunc(patterns, func(p string) bool { return Glob(p, v) }) }
	return fits(value) || slices.ContainsFunc(list(value), fits)
}

// find gives the value of the first of the term's names that was given.
func (t term) find(s settings, env []catalog.Label) (value string, given, hidden bool) {
	for _, name := range t.names {
		var perhaps bool
		if variable, ok := strings.CutPrefix(name, "$"); ok {
			var label catalog.Label
			label, given = catalog.FindLabel(env, variable)
			value = masked(label.Value)
		} else {
			value, given, perhaps = s.setting(name)
		}
		if given {
			return value, true, false
		}
		hidden = hidden || perhaps
	}
	return "", false, hidden
}

// longestShown is how long a setting's value may be that is worth repeating.
const longestShown = 24

// found says in words how the setting stands: `exit-code is 0`, `--exit-code is not set`.
func (t term) found(s settings, env []catalog.Label) string {
	value, given, hidden := t.find(s, env)
	name := t.names[0]
	for _, n := range t.names {
		if v, g, _ := (term{names: []string{n}}).find(s, env); g && v == value {
			name = n
			break
		}
	}
	switch {
	case given && unknown(value), !given && hidden:
		return name + " is not known before the run"
	case !given:
		return name + " is not set"
	case t.operator == "" && strings.HasPrefix(name, "-"), value == "", len(value) > longestShown:
		return name + " is set"
	default:
		return name + " is " + value
	}
}

// inputs are the inputs of an action or a task. Their names do not know case.
type inputs []catalog.Label

func (in inputs) value(name string) string {
	value, _, _ := in.setting(name)
	return value
}

func (in inputs) setting(name string) (value string, given, hidden bool) {
	for _, l := range in {
		if strings.EqualFold(l.Key, name) {
			return masked(strings.TrimSpace(l.Value)), true, false
		}
	}
	return "", false, false
}

func (in inputs) operand([]string) Truth { return No }

// arguments are the words of a command after its program and sub-commands.
type arguments []string

// setting gives the last value of a flag: what follows its "=", or the next word. Dashes do not count: Go's flags may
// have one or two.
func (a arguments) setting(name string) (value string, given, hidden bool) {
	name = strings.TrimLeft(name, "-")
	for i, word := range a {
		hidden = hidden || strings.Contains(word, hiddenMark)
		if !strings.HasPrefix(word, "-") {
			continue
		}
		flag, v, assigned := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if flag != name {
			continue
		}
		value, given = v, true
		if !assigned && i+1 < len(a) && !strings.HasPrefix(a[i+1], "-") {
			value = a[i+1]
		}
	}
	return value, given, hidden
}

func (a arguments) operand(patterns []string) Truth {
	answer := No
	for _, word := range a {
		if strings.HasPrefix(word, "-") {
			continue
		}
		if amongPatterns(patterns, word) {
			return Yes
		}
		if strings.HasPrefix(word, unknownMark) || strings.Contains(word, hiddenMark) {
			answer = Maybe
		}
	}
	return answer
}
