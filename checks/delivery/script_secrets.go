package delivery

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// How a script shows a secret. What the script says is never quoted: a credential may stand in it.
const (
	printsSecret = "prints a secret. hand it to the command that needs it instead"
	printsAll    = "prints all environment variables, secrets among them. print those that are wanted by name"
	tracesSecret = "traces a command that has a secret. take out set -x"
	curlsLoudly  = "calls curl with a secret and lets it print the request. take out -v"
)

// scriptSecrets follows a shell script for secrets that come into the log. It prefers to miss one over claiming one
// wrongly: what functions and other programs print is not known to it.
type scriptSecrets struct {
	names  map[string]bool        // variables that hold a secret
	named  func(name string) bool // whether a variable that no file sets is taken for a secret by its name; nil for none
	inEnv  bool                   // the environment holds a secret
	traces bool                   // `set -x` is in force
	fault  string                 // the first way in which it shows one
}

// secretMark and otherMark stand for expressions that the pipeline fills in before the shell runs.
const (
	secretMark = "__secret_expression__"
	otherMark  = "__expression__"
)

// ShowsSecret takes the format of a pipeline, the script of one of its steps, and the variables of that step, its job and
// its workflow, and says how the script shows a secret, in words that can stand after "a step that". They never quote the
// script. It is "" when the script is not seen to show one, or cannot be read. In formats whose secrets come from settings,
// variables are known by their names.
func ShowsSecret(format, script string, env []catalog.Label) string {
	const maxBrackets = 2000
	if len(script) > workflows.MaxScript || strings.Count(script, "(")+strings.Count(script, "{") > maxBrackets {
		return ""
	}
	s := scriptSecrets{names: map[string]bool{}}
	written := map[string]bool{} // what the file itself sets is no secret
	for _, l := range env {
		if !publicName.MatchString(l.Key) && slices.ContainsFunc(expressionOf.FindAllString(l.Value, -1), isSecret) {
			s.names[l.Key] = true
		}
		written[l.Key] = true
	}
	s.inEnv = len(s.names) > 0 || format == "gitlab"
	switch format {
	case "github":
		if !s.inEnv && !secretOf.MatchString(script) {
			return ""
		}
	case "tekton": // its secrets are files and references, and its variables name them
	case "azure":
		script = azureMacro.ReplaceAllStringFunc(script, func(m string) string { return "${" + strings.ReplaceAll(m[2:len(m)-1], ".", "_") + "}" })
		s.named = func(name string) bool { return secretName.MatchString(name) }
	default:
		s.named = func(name string) bool { return secretName.MatchString(name) && !written[name] }
	}
	script = expressionOf.ReplaceAllStringFunc(script, func(expression string) string {
		if isSecret(expression) {
			return secretMark
		}
		return otherMark
	})
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		return ""
	}
	s.statements(file.Stmts, true)
	return s.fault
}

// statements follows a list. shown tells that what it prints comes into the log.
func (s *scriptSecrets) statements(list []*syntax.Stmt, shown bool) {
	for _, stmt := range list {
		s.statement(stmt, shown)
	}
}

func (s *scriptSecrets) statement(stmt *syntax.Stmt, shown bool) {
	if stmt == nil || s.fault != "" {
		return
	}
	shown = shown && !slices.ContainsFunc(stmt.Redirs, toFile)
	switch cmd := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		s.call(cmd, stmt.Redirs, shown)
	case *syntax.BinaryCmd:
		left := shown
		if cmd.Op == syntax.Pipe || cmd.Op == syntax.PipeAll {
			left = shown && passesOn(cmd.Y)
		}
		s.statement(cmd.X, left)
		s.statement(cmd.Y, shown)
	case *syntax.Block:
		s.statements(cmd.Stmts, shown)
	case *syntax.Subshell:
		s.statements(cmd.Stmts, shown)
	case *syntax.IfClause:
		for c := cmd; c != nil; c = c.Else {
			s.statements(c.Cond, shown)
			s.statements(c.Then, shown)
		}
	case *syntax.WhileClause:
		s.statements(cmd.Cond, shown)
		s.statements(cmd.Do, shown)
	case *syntax.ForClause:
		s.statements(cmd.Do, shown)
	case *syntax.CaseClause:
		for _, item := range cmd.Items {
			s.statements(item.Stmts, shown)
		}
	case *syntax.DeclClause:
		s.assigned(cmd.Args)
		if shown && s.inEnv && (len(cmd.Args) == 0 || len(cmd.Args) == 1 && cmd.Args[0].Naked && literal(cmd.Args[0].Value) == "-p") {
			s.fault = printsAll
		}
	}
}

// toFile reports whether a redirection takes the output out of the log.
func toFile(r *syntax.Redirect) bool {
	switch r.Op {
	case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
		target := literal(r.Word)
		return (r.N == nil || r.N.Value == "1") && target != "/dev/stderr" && target != "/dev/stdout" && target != "/dev/tty"
	}
	return false
}

// passing are programs that print what they are given, whole, cut or in other letters.
var passing = []string{"cat", "tee", "base64", "rev", "sed", "tr", "cut", "fold", "head", "tail", "xxd", "od", "hexdump", "sort"}

// passesOn reports whether the command at the end of a pipe prints what comes out of the pipe.
func passesOn(stmt *syntax.Stmt) bool {
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	return ok && len(call.Args) > 0 && slices.Contains(passing, literal(call.Args[0])) && (literal(call.Args[0]) == "tee" || !slices.ContainsFunc(stmt.Redirs, toFile))
}

// call judges a simple command.
func (s *scriptSecrets) call(cmd *syntax.CallExpr, redirs []*syntax.Redirect, shown bool) {
	s.assigned(cmd.Assigns)
	if len(cmd.Args) == 0 || s.fault != "" {
		return
	}
	name, args := literal(cmd.Args[0]), cmd.Args[1:]
	secret := slices.ContainsFunc(args, s.holdsSecret)
	switch {
	case name == "set":
		s.set(args)
		if len(args) == 0 && shown && s.inEnv {
			s.fault = printsAll
		}
	case s.traces && secret:
		s.fault = tracesSecret
	case shown && secret && slices.Contains([]string{"echo", "printf", "Write-Host", "Write-Output"}, name) && !slices.ContainsFunc(args, forHost):
		s.fault = printsSecret
	case shown && name == "cat" && len(args) == 0 && slices.ContainsFunc(redirs, func(r *syntax.Redirect) bool { return r.Hdoc != nil && s.holdsSecret(r.Hdoc) }):
		s.fault = printsSecret
	case shown && name == "printenv" && slices.ContainsFunc(args, func(w *syntax.Word) bool { return s.isSecretName(literal(w)) }):
		s.fault = printsSecret
	case shown && s.inEnv && (name == "env" || name == "printenv") && len(args) == 0:
		s.fault = printsAll
	case secret && name == "curl" && slices.ContainsFunc(args, loud):
		s.fault = curlsLoudly
	}
}

// assigned takes in assignments: a variable that is given a secret holds one.
func (s *scriptSecrets) assigned(all []*syntax.Assign) {
	for _, a := range all {
		if a.Name == nil || a.Value == nil || !s.holdsSecret(a.Value) {
			continue
		}
		s.names[a.Name.Value] = true
		if s.traces {
			s.fault = tracesSecret
		}
	}
}

// set takes in the options of the built-in `set`.
func (s *scriptSecrets) set(args []*syntax.Word) {
	for i, arg := range args {
		word := literal(arg)
		if len(word) < 2 || word[0] != '-' && word[0] != '+' {
			continue
		}
		if strings.Contains(word[1:], "x") || strings.HasSuffix(word, "o") && i+1 < len(args) && literal(args[i+1]) == "xtrace" {
			s.traces = word[0] == '-'
		}
	}
}

// forHost reports whether a word is a command to the host, which it does not print: to mask a value, or to set a variable.
func forHost(w *syntax.Word) bool {
	text := ""
	syntax.Walk(w, func(n syntax.Node) bool {
		switch p := n.(type) {
		case *syntax.Lit:
			text += p.Value
		case *syntax.SglQuoted:
			text += p.Value
		}
		return true
	})
	return strings.HasPrefix(text, "::add-mask::") || strings.HasPrefix(text, "##vso[") || strings.HasPrefix(text, "##[")
}

func loud(w *syntax.Word) bool {
	return slices.Contains([]string{"-v", "-sv", "-vs", "--verbose", "--trace", "--trace-ascii"}, literal(w))
}

// holdsSecret reports whether a word is filled in with a secret. Its length, and whether it is set, are none.
func (s *scriptSecrets) holdsSecret(w *syntax.Word) bool {
	return w != nil && slices.ContainsFunc(w.Parts, s.partHolds)
}

func (s *scriptSecrets) partHolds(part syntax.WordPart) bool {
	switch p := part.(type) {
	case *syntax.Lit:
		return strings.Contains(p.Value, secretMark)
	case *syntax.SglQuoted:
		return strings.Contains(p.Value, secretMark)
	case *syntax.DblQuoted:
		return slices.ContainsFunc(p.Parts, s.partHolds)
	case *syntax.ParamExp:
		asks := p.Length || p.Excl || p.Exp != nil && (p.Exp.Op == syntax.AlternateUnset || p.Exp.Op == syntax.AlternateUnsetOrNull)
		return p.Param != nil && !asks && s.isSecretName(p.Param.Value)
	}
	return false
}

func (s *scriptSecrets) isSecretName(name string) bool {
	return !publicName.MatchString(name) && (s.names[name] || s.named != nil && s.named(name))
}

// literal gives the text of a word without expansions, "" for another one.
func literal(w *syntax.Word) string {
	if w == nil {
		return ""
	}
	return w.Lit()
}
