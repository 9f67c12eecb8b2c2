package workflows

import (
	"fmt"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"obsready/catalog"
)

// outcome is what becomes of a script when a command of it fails.
type outcome struct {
	gates bool   // the script fails
	why   string // why it does not
}

func goesOn(why string) outcome { return outcome{why: why} }

// context is where a command stands.
type context struct {
	exits  bool    // `set -e` counts here: it does not in conditions and before && and ||
	status outcome // what becomes of the script when the command fails and does not end it at once
}

// failure gives what becomes of the script when a command fails that stands in a context.
func (c context) failure(o *options) outcome {
	if c.exits && o.errExit {
		return outcome{gates: true}
	}
	return c.status
}

// unchecked is the context of a command whose exit code nobody asks for.
func unchecked(why string) context { return context{status: goesOn(why)} }

// options are the options of the shell at some point of the script.
type options struct{ errExit, pipeFail bool }

// walker goes through the commands of a script in their order and follows what becomes of their exit codes.
// Source of the rules: POSIX.1-2024, "set", option -e; Bash reference manual, "The Set Builtin".
type walker struct {
	env       []catalog.Label
	place     func(syntax.Pos) catalog.Place
	functions map[string]*syntax.Stmt // those not called so far; each is followed once
	exits     bool                    // the script ends itself with a code of its own somewhere
	depth     int                     // of scripts inside scripts
	tools     []catalog.Tool
}

// statements follows a list. Its exit code is that of its last statement.
func (w *walker) statements(list []*syntax.Stmt, o *options, c context) {
	for i, s := range list {
		at := c
		if i < len(list)-1 {
			at.status = goesOn("the script goes on after it fails, as `set -e` is not in force")
			if c.exits && o.errExit {
				at.status = goesOn(`a failure before "&&" does not stop the script`)
			}
			if w.exits && asksForStatus(list[i+1]) {
				at.status = outcome{gates: true}
			}
		}
		w.statement(s, o, at)
	}
}

func (w *walker) statement(s *syntax.Stmt, o *options, c context) {
	switch {
	case s.Background || s.Coprocess || s.Disown:
		own := *o
		o, c = &own, unchecked("it runs in the background")
	case s.Negated:
		c = unchecked(`its result is turned round by "!"`)
	}
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		w.call(cmd, o, c)
	case *syntax.BinaryCmd:
		w.binary(cmd, o, c)
	case *syntax.Block:
		w.statements(cmd.Stmts, o, c)
	case *syntax.Subshell:
		own := *o
		w.statements(cmd.Stmts, &own, c)
	case *syntax.IfClause:
		w.branch(cmd, o, c)
	case *syntax.WhileClause:
		w.statements(cmd.Cond, o, unchecked("it is the condition of a loop"))
		w.statements(cmd.Do, o, c)
	case *syntax.ForClause:
		w.statements(cmd.Do, o, c)
	case *syntax.CaseClause:
		for _, item := range cmd.Items {
			w.statements(item.Stmts, o, c)
		}
	case *syntax.TimeClause:
		if cmd.Stmt != nil {
			w.statement(cmd.Stmt, o, c)
		}
	case *syntax.FuncDecl:
		if cmd.Name != nil && cmd.Body != nil {
			w.functions[cmd.Name.Value] = cmd.Body
		}
	case *syntax.DeclClause:
		for _, a := range cmd.Args {
			w.substitutions(a.Value, o, unchecked(fmt.Sprintf("its exit code is lost in %q", cmd.Variant.Value)))
		}
	}
}

// binary follows two commands that `&&`, `||` or a pipe joins.
func (w *walker) binary(b *syntax.BinaryCmd, o *options, c context) {
	left := context{status: c.status}
	switch b.Op {
	case syntax.AndStmt: // the exit code is that of the whole list, but `set -e` does not count
	case syntax.OrStmt:
		switch {
		case w.fails(b.Y):
			left.status = outcome{gates: true}
		default:
			left.status = goesOn(fmt.Sprintf("the command ends in %q", "|| "+gist(b.Y)))
		}
	default: // a pipe
		left = c
		if !o.pipeFail {
			left = unchecked("its exit code is lost in a pipe, as `pipefail` is not set")
		}
	}
	w.statement(b.X, o, left)
	w.statement(b.Y, o, c)
}

// branch follows an if. A failing condition gates when the branch taken then ends the script.
func (w *walker) branch(clause *syntax.IfClause, o *options, c context) {
	if n := len(clause.Cond); n > 0 {
		w.statements(clause.Cond[:n-1], o, unchecked("it is part of the condition of an if"))
		last, taken := *clause.Cond[n-1], []*syntax.Stmt(nil)
		if clause.Else != nil {
			taken = clause.Else.Then
		}
		if last.Negated {
			last.Negated, taken = false, clause.Then
		}
		at := unchecked("it is the condition of an if that goes on")
		if slices.ContainsFunc(taken, w.fails) || w.exits && !clause.Cond[n-1].Negated && slices.ContainsFunc(clause.Then, endsWell) {
			at.status = outcome{gates: true}
		}
		w.statement(&last, o, at)
	}
	w.statements(clause.Then, o, c)
	if clause.Else != nil {
		w.branch(clause.Else, o, c)
	}
}

// call follows a simple command: shell built-ins that matter here, functions of the script, and programs.
func (w *walker) call(cmd *syntax.CallExpr, o *options, c context) {
	for i, a := range cmd.Assigns {
		at := unchecked("its exit code is lost in an assignment")
		if len(cmd.Args) == 0 && i == len(cmd.Assigns)-1 {
			at.status = c.failure(o) // the exit code of an assignment is that of its last substitution
		}
		w.substitutions(a.Value, o, at)
	}
	for _, arg := range cmd.Args {
		w.substitutions(arg, o, unchecked("its exit code is lost inside another command"))
	}
	words := literals(cmd.Args)
	if len(words) == 0 {
		return
	}
	if words[0] == "set" {
		o.set(words[1:])
		return
	}
	if body, ok := w.functions[words[0]]; ok {
		delete(w.functions, words[0])
		w.statement(body, o, c)
		return
	}
	env := slices.Concat(assigned(cmd.Assigns), w.env)
	if tools, ok := w.scriptInside(words, env, o); ok {
		w.found(tools, c.failure(o), cmd.Args[0].Pos())
		return
	}
	w.found(commandTools(words, env), c.failure(o), cmd.Args[0].Pos())
}

// scriptInside follows `bash -c 'script'` and `eval 'script'`.
func (w *walker) scriptInside(words []string, env []catalog.Label, o *options) ([]catalog.Tool, bool) {
	if w.depth >= maxInline {
		return nil, false
	}
	if words[0] == "eval" && len(words) == 2 {
		tools, _ := Shell{ErrExit: o.errExit, PipeFail: o.pipeFail, Env: env}.readInline(words[1], nil, w.depth+1)
		return tools, true
	}
	if !shells[programOf(words[0])] {
		return nil, false
	}
	script, shell, ok := inline(words[1:])
	if !ok {
		return nil, false
	}
	shell.Env = env
	tools, _ := shell.readInline(script, nil, w.depth+1)
	return tools, true
}

// found keeps the tools of a command; what becomes of its failure may keep them from gating.
func (w *walker) found(tools []catalog.Tool, failure outcome, at syntax.Pos) {
	for _, t := range tools {
		switch {
		case (t.Gates || t.Unsure) && !failure.gates:
			t.Gates, t.Why, t.Unsure = false, failure.why, false
		case !t.Gates && w.exits:
			t.Why, t.Unsure = t.Why+", unless the script itself judges what it writes", true
		}
		t.At = w.place(at)
		w.tools = append(w.tools, t)
	}
}

// substitutions follows the commands inside a word: $(…), `…` and <(…). `set -e` does not count in them.
func (w *walker) substitutions(word *syntax.Word, o *options, c context) {
	if word == nil {
		return
	}
	own := options{pipeFail: o.pipeFail}
	for _, part := range flat(word.Parts) {
		switch p := part.(type) {
		case *syntax.CmdSubst:
			w.statements(p.Stmts, &own, context{status: c.status})
		case *syntax.ProcSubst:
			w.statements(p.Stmts, &own, unchecked("its exit code is lost in a process substitution"))
		}
	}
}

// set takes in the arguments of the built-in `set`.
func (o *options) set(words []string) {
	for i, w := range words {
		if len(w) < 2 || w[0] != '-' && w[0] != '+' {
			continue
		}
		on := w[0] == '-'
		for _, letter := range w[1:] {
			switch {
			case letter == 'e':
				o.errExit = on
			case letter == 'o' && i+1 < len(words) && words[i+1] == "pipefail":
				o.pipeFail = on
			case letter == 'o' && i+1 < len(words) && words[i+1] == "errexit":
				o.errExit = on
			}
		}
	}
}
