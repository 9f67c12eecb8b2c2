package workflows

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"obsready/catalog"
)

// toolsText is what is known of tools; its head describes the form.
//
//go:embed tools.txt
var toolsText string

// knowledge gives the table of tools.txt. Its lines are proved right by a test, so errors need no handling here.
var knowledge = sync.OnceValue(func() *table {
	t, _ := parseTable(toolsText)
	return t
})

// command is the kind of the recognitions by the words of a command.
const command = "command"

// table is what tools.txt says.
type table struct {
	rules      map[string][]rule          // by kind, commands apart
	commands   map[string][]rule          // by program
	wrappers   map[string][]wrapper       // by program
	containers map[string][]wrapper       // by program: what starts a container; their flags are those without a value
	valued     map[string]map[string]bool // by program: flags that take the next word as their value
}

// rule is one recognition.
type rule struct {
	words    []string // of a command: its program and sub-commands; of other kinds one name. Each may be a pattern
	tool     string
	purposes []catalog.Purpose

	when        []term // all must hold
	gatesWhen   []term // it gates when one of them holds
	gatesUnless []term // it gates unless one of them holds
	never       string // why it never gates; "" when it can
	runs        []string
	script      string // the input that holds a script
}

// wrapper is a command that runs another one.
type wrapper struct {
	words []string
	flags map[string]bool
}

// parseTable reads the form that the head of tools.txt describes, and says what is wrong with which line.
func parseTable(text string) (*table, []error) {
	t := &table{rules: map[string][]rule{}, commands: map[string][]rule{}, wrappers: map[string][]wrapper{},
		containers: map[string][]wrapper{}, valued: map[string]map[string]bool{}}
	var errs []error
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		if err := t.add(columns); err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", number+1, err))
		}
	}
	return t, errs
}

// add takes in the columns of one line.
func (t *table) add(columns []string) error {
	column := func(i int) string {
		if i < len(columns) {
			return columns[i]
		}
		return ""
	}
	words := strings.Fields(column(1))
	if len(words) == 0 {
		return fmt.Errorf("a %s without a name", column(0))
	}
	switch kind := column(0); kind {
	case "wrapper", "container":
		w := wrapper{words, set(list(column(2)))}
		into := t.wrappers
		if kind == "container" {
			into = t.containers
		}
		for _, program := range alternatives(words[0]) {
			into[program] = append(into[program], w)
		}
	case "flags":
		for _, program := range alternatives(words[0]) {
			t.valued[program] = set(list(column(2)))
		}
	case command, Action, Image, Template, Hook, Task, Orb:
		return t.addRule(kind, words, column(2), column(3), column(4))
	default:
		return fmt.Errorf("kind %q is not known", kind)
	}
	return nil
}

func (t *table) addRule(kind string, words []string, tool, purposes, clauses string) error {
	r := rule{words: words, tool: tool}
	for _, p := range list(purposes) {
		if !slices.Contains(purposesOfTable, catalog.Purpose(p)) {
			return fmt.Errorf("purpose %q is not known", p)
		}
		r.purposes = append(r.purposes, catalog.Purpose(p))
	}
	for clause := range strings.SplitSeq(clauses, ";") {
		if clause = strings.TrimSpace(clause); clause == "" {
			continue
		}
		if !r.addClause(clause) {
			return fmt.Errorf("clause %q is not known", clause)
		}
	}
	if len(r.purposes) == 0 && r.runs == nil && r.script == "" {
		return fmt.Errorf("%s has no purpose", tool)
	}
	if kind != command {
		t.rules[kind] = append(t.rules[kind], r)
		return nil
	}
	for _, program := range alternatives(words[0]) {
		t.commands[program] = append(t.commands[program], r)
	}
	return nil
}

// addClause takes in one clause of a rule and reports whether it knows its form.
func (r *rule) addClause(clause string) bool {
	word, rest, _ := strings.Cut(clause, " ")
	second, condition, _ := strings.Cut(rest, " ")
	switch {
	case word == "when":
		certain, perhaps := strings.CutPrefix(rest, "perhaps ")
		plain, negated := strings.CutPrefix(certain, "not ")
		t := parseTerm(plain, negated)
		t.perhaps = perhaps
		r.when = append(r.when, t)
	case word == "runs":
		r.runs = strings.Fields(rest)
	case word == "script":
		r.script = rest
	case word == "gates" && second == "when":
		r.gatesWhen = append(r.gatesWhen, parseTerm(condition, false))
	case word == "gates" && second == "unless":
		r.gatesUnless = append(r.gatesUnless, parseTerm(condition, false))
	case word == "never" && strings.HasPrefix(rest, "gates: "):
		r.never = strings.TrimPrefix(rest, "gates: ")
	default:
		return false
	}
	return true
}

// purposesOfTable are the purposes that a line may name.
var purposesOfTable = []catalog.Purpose{
	catalog.ScansDependencies, catalog.ScansSecrets, catalog.ScansImages, catalog.ScansConfiguration, catalog.AnalysesCode, catalog.ChecksLicences,
	catalog.Signs, catalog.Attests, catalog.WritesSBOM, catalog.ReviewsChanges, catalog.LintsPipelines, catalog.Tests, catalog.BuildsImage,
	catalog.Publishes, catalog.Deploys, catalog.RollsBack, testCluster,
}

// list gives the parts of a text that commas separate.
func list(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func set(parts []string) map[string]bool {
	in := map[string]bool{}
	for _, part := range parts {
		in[part] = true
	}
	return in
}

// alternatives gives what a pattern such as "{gradle,gradlew}" stands for: the words between its braces, or the
// pattern itself.
func alternatives(pattern string) []string {
	if inner, ok := strings.CutPrefix(pattern, "{"); ok && strings.HasSuffix(inner, "}") {
		return strings.Split(strings.TrimSuffix(inner, "}"), ",")
	}
	return []string{pattern}
}

// matches reports whether a word is one of a pattern's alternatives, in which "*" stands for any text, and none of those
// that begin with "!".
func matches(pattern, word string) bool {
	fits := false
	for _, p := range alternatives(pattern) {
		if not, negated := strings.CutPrefix(p, "!"); negated && Glob(not, word) {
			return false
		}
		fits = fits || Glob(p, word)
	}
	return fits
}

// Glob reports whether a word is what a pattern stands for, in which "*" stands for any text.
func Glob(pattern, word string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == word
	}
	if !strings.HasPrefix(word, first) {
		return false
	}
	word = word[len(first):]
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(word, part)
		}
		at := strings.Index(word, part)
		if at < 0 {
			return false
		}
		word, rest = word[at+len(part):], more
	}
}
