package workflows

import (
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"obsready/catalog"
)

// literals gives the text of words, with marks where only a run knows what stands there.
func literals(words []*syntax.Word) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = literal(w)
	}
	return texts
}

func literal(w *syntax.Word) string {
	var b strings.Builder
	for _, part := range w.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescaped(p.Value))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			for _, inner := range p.Parts {
				if lit, ok := inner.(*syntax.Lit); ok {
					b.WriteString(unescaped(lit.Value))
				} else {
					b.WriteString(mark(inner))
				}
			}
		default:
			b.WriteString(mark(part))
		}
	}
	return b.String()
}

// mark gives the mark of a part that only a run knows: by its name, a variable may hold flags.
func mark(part syntax.WordPart) string {
	if p, ok := part.(*syntax.ParamExp); ok && p.Param != nil && (p.Param.Value == "@" || p.Param.Value == "*" || manyWords.MatchString(p.Param.Value)) {
		return hiddenMark
	}
	return unknownMark
}

// unescaped takes the backslashes out of a literal, and the ends of lines that they escape.
func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\\\n", ""), `\`, "")
}

// flat gives the parts of a word with those inside double quotes.
func flat(parts []syntax.WordPart) []syntax.WordPart {
	var all []syntax.WordPart
	for _, part := range parts {
		if quoted, ok := part.(*syntax.DblQuoted); ok {
			all = append(all, quoted.Parts...)
		} else {
			all = append(all, part)
		}
	}
	return all
}

// assigned gives the variables that stand before a command.
func assigned(assigns []*syntax.Assign) []catalog.Label {
	var labels []catalog.Label
	for _, a := range assigns {
		if a.Name != nil && a.Value != nil {
			labels = append(labels, catalog.Label{Key: a.Name.Value, Value: literal(a.Value)})
		}
	}
	return labels
}

// exitCode gives the word after `exit` or `return` when the statement is that, and whether it is.
func exitCode(s *syntax.Stmt) (code string, ok bool) {
	cmd, isCall := s.Cmd.(*syntax.CallExpr)
	if !isCall || s.Negated || s.Background || len(cmd.Args) == 0 {
		return "", false
	}
	words := literals(cmd.Args)
	switch words[0] {
	case "false":
		return "1", true
	case "exit", "return":
		if len(words) > 1 {
			return words[1], true
		}
		return unknownMark, true
	}
	return "", false
}

// fails reports whether a statement makes the script fail: it ends it with a code that is not 0, or keeps the code of a
// command for a later exit.
func (w *walker) fails(s *syntax.Stmt) bool {
	if code, ok := exitCode(s); ok {
		return code != "0"
	}
	switch cmd := s.Cmd.(type) {
	case *syntax.Block:
		return slices.ContainsFunc(cmd.Stmts, w.fails)
	case *syntax.Subshell:
		return len(cmd.Stmts) > 0 && w.fails(cmd.Stmts[len(cmd.Stmts)-1])
	case *syntax.CallExpr:
		return w.exits && len(cmd.Args) == 0 && keepsFailure(cmd.Assigns)
	}
	return false
}

// failureName finds the variables that scripts keep a failure in.
var failureName = regexp.MustCompile(`(?i)fail|err|status|exit|code|result|^rc$|^ret|^ok$|success`)

// keepsFailure reports whether assignments keep the exit code of the command before, or the fact that it failed:
// `rc=$?`, `failed=1`, `errors=$((errors + 1))`.
func keepsFailure(assigns []*syntax.Assign) bool {
	return slices.ContainsFunc(assigns, func(a *syntax.Assign) bool {
		if a.Value == nil || a.Name == nil {
			return false
		}
		value := literal(a.Value)
		return statusIn(a.Value) || failureName.MatchString(a.Name.Value) && value != "" && value != "0"
	})
}

// endsWell reports whether a statement ends the script with success, as a loop of attempts does.
func endsWell(s *syntax.Stmt) bool {
	code, ok := exitCode(s)
	return ok && code == "0"
}

// asksForStatus reports whether the first thing that a statement does is to look at the exit code of the one before.
func asksForStatus(s *syntax.Stmt) bool {
	switch cmd := s.Cmd.(type) {
	case *syntax.IfClause:
		return len(cmd.Cond) > 0 && asksForStatus(cmd.Cond[0])
	case *syntax.Block:
		return len(cmd.Stmts) > 0 && asksForStatus(cmd.Stmts[0])
	case *syntax.BinaryCmd:
		return asksForStatus(cmd.X)
	case *syntax.CaseClause:
		return statusIn(cmd.Word)
	case *syntax.CallExpr, *syntax.DeclClause, *syntax.TestClause, *syntax.ArithmCmd:
		return statusIn(cmd)
	}
	return false
}

// statusIn reports whether a part of a script looks at an exit code.
func statusIn(n syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.ParamExp); ok && p.Param != nil && (p.Param.Value == "?" || p.Param.Value == "PIPESTATUS") {
			found = true
		}
		return !found
	})
	return found
}

// exitsByItself reports whether a script ends itself anywhere with a code that is not simply 0.
func exitsByItself(file *syntax.File) bool {
	found := false
	syntax.Walk(file, func(n syntax.Node) bool {
		if s, ok := n.(*syntax.Stmt); ok {
			if code, ok := exitCode(s); ok && code != "0" {
				found = true
			}
		}
		return !found
	})
	return found
}

// gist names a command by its first word, or by its first two when the first says nothing. Never more: the rest of a
// script may hold a credential.
func gist(s *syntax.Stmt) string {
	cmd, ok := s.Cmd.(*syntax.CallExpr)
	if !ok || len(cmd.Args) == 0 {
		return "…"
	}
	words := literals(cmd.Args[:1])
	name := words[0]
	if name == "exit" && len(cmd.Args) > 1 && literal(cmd.Args[1]) == "0" {
		return "exit 0"
	}
	const longest = 24
	if unknown(name) || len(name) > longest {
		return "…"
	}
	if len(cmd.Args) > 1 {
		name += " …"
	}
	return name
}
