package workflows

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"

	"obsready/catalog"
)

// Limits of what is read of a script.
const (
	MaxScript  = 64 << 10 // bytes; a longer script is not read
	maxNesting = 200      // of brackets; a script that goes deeper is not read
	maxInline  = 3        // scripts inside scripts: bash -c '…'
)

// readInline is Read for a script that stands inside of so many others.
func (s Shell) readInline(script string, at func(line, col int) catalog.Place, depth int) ([]catalog.Tool, *catalog.Gap) {
	if at == nil {
		at = func(int, int) catalog.Place { return catalog.Place{} }
	}
	if len(script) > MaxScript || nesting(script) > maxNesting {
		return nil, scriptGap(script, at, catalog.TooLarge, fmt.Sprintf("the script is longer than %d bytes or nested too deep", MaxScript))
	}
	if !isShell(script) {
		return nil, scriptGap(script, at, catalog.Unsupported, "the script is not one of a POSIX shell")
	}
	text := masked(script)
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil, scriptGap(script, at, catalog.Syntax, "the script does not parse as one of Bash")
	}
	lines := strings.Split(text, "\n")
	w := walker{env: s.Env, depth: depth, functions: map[string]*syntax.Stmt{}, exits: s.judged || exitsByItself(file), place: func(p syntax.Pos) catalog.Place {
		return at(int(p.Line()), column(lines, p))
	}}
	w.statements(file.Stmts, &options{s.ErrExit, s.PipeFail}, context{exits: true, status: outcome{gates: true}})
	return w.tools, nil
}

// column gives a position's column in characters; the parser counts bytes.
func column(lines []string, p syntax.Pos) int {
	line, col := int(p.Line()), int(p.Col())
	if line < 1 || line > len(lines) || col < 1 || col-1 > len(lines[line-1]) {
		return 1
	}
	return utf8.RuneCountInString(lines[line-1][:col-1]) + 1
}

// scriptGap gives the gap of a script that is not read, nil when no tool that checks something is named in it.
func scriptGap(script string, at func(line, col int) catalog.Place, cause catalog.Cause, fact string) *catalog.Gap {
	name := knowledge().namedChecker(script)
	if name == "" {
		return nil
	}
	return &catalog.Gap{Kinds: []catalog.Kind{catalog.Workflows}, At: at(1, 1), Cause: cause,
		Detail: fmt.Sprintf("%s, so what it does with %q is not known. run the tool in a short shell script of its own", fact, name)}
}

var wordInScript = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_-]+`)

// namedChecker gives the first word of a script that is the name of a program which does nothing but check.
func (t *table) namedChecker(script string) string {
	if len(script) > 16*MaxScript {
		script = script[:16*MaxScript]
	}
	for _, m := range wordInScript.FindAllStringIndex(script, -1) {
		word := script[m[0]:m[1]]
		if rules := t.commands[word]; len(rules) > 0 && !generalPurpose(rules) {
			return strings.Clone(word)
		}
	}
	return ""
}

// generalPurpose reports whether a program also does other things than checking, so that its name says little.
func generalPurpose(rules []rule) bool {
	for _, r := range rules {
		if len(r.words) > 1 && r.words[0] != r.tool && !strings.HasPrefix(r.words[0], "{") {
			return true // a checker that is called through another program: git secrets
		}
		for _, p := range r.purposes {
			switch p {
			case catalog.Tests, catalog.BuildsImage, catalog.Publishes, catalog.Deploys, catalog.RollsBack, testCluster:
				return true
			}
		}
	}
	return false
}

var (
	shebang     = regexp.MustCompile(`^\s*#!\s*(\S+)(?:[ \t]+(\S+))?`)
	shells      = map[string]bool{"bash": true, "sh": true, "dash": true, "ash": true, "zsh": true, "ksh": true}
	expressions = regexp.MustCompile(`(?s)\$\{\{.*?\}\}|\$\[\[.*?\]\]|<<\s*(?:parameters|pipeline|matrix)\.[\w.]+\s*>>`)
	manyWords   = regexp.MustCompile(`(?i)arg|opt|flag|param|extra|cmd|command`)
)

// isShell reports whether a script's first line leaves it to a shell.
func isShell(script string) bool {
	m := shebang.FindStringSubmatch(script)
	if m == nil {
		return true
	}
	program := programOf(m[1])
	if program == "env" {
		program = programOf(m[2])
	}
	return shells[program]
}

// masked replaces the template expressions of pipeline formats, which are filled in before the shell runs, by marks of
// the same number of characters. A line's end inside of one is escaped, so that it separates no commands.
func masked(script string) string {
	if !strings.ContainsAny(script, unknownMark+hiddenMark+"$<") {
		return script
	}
	script = strings.NewReplacer(unknownMark, " ", hiddenMark, " ").Replace(script)
	return expressions.ReplaceAllStringFunc(script, func(expression string) string {
		mark := unknownMark
		if manyWords.MatchString(expression) {
			mark = hiddenMark
		}
		var b strings.Builder
		for _, r := range expression {
			if r == '\n' {
				b.WriteString("\\\n")
			} else {
				b.WriteString(mark)
			}
		}
		return b.String()
	})
}

// nesting gives how deep brackets stand in brackets, quotes not regarded.
func nesting(script string) int {
	depth, deepest := 0, 0
	for i := range len(script) {
		switch script[i] {
		case '(', '{', '[':
			depth++
			deepest = max(deepest, depth)
		case ')', '}', ']':
			depth = max(depth-1, 0)
		}
	}
	return deepest
}

// fields gives the words of a command line as a shell would, nil when it is none.
func fields(line string) []string {
	line = strings.NewReplacer("\n", " ", "\r", " ").Replace(masked(line))
	if len(line) > MaxScript || nesting(line) > maxNesting {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader("x "+line), "")
	if err != nil || len(file.Stmts) != 1 {
		return nil
	}
	call, ok := file.Stmts[0].Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	return literals(call.Args[1:])
}

// inlineScript gives the tools of the script that stands in the words after a shell's name: -c 'script'.
func inlineScript(words []string, env []catalog.Label) []catalog.Tool {
	script, shell, ok := inline(words)
	if !ok {
		return nil
	}
	shell.Env = env
	tools, _ := shell.readInline(script, nil, maxInline)
	return tools
}

// inline gives the script of `bash -c 'script'` and how it runs.
func inline(words []string) (script string, shell Shell, ok bool) {
	for i, w := range words {
		if !strings.HasPrefix(w, "-") && !(i > 0 && strings.HasSuffix(words[i-1], "o")) {
			return "", shell, false
		}
		if w == "pipefail" {
			shell.PipeFail = true
		}
		if strings.HasPrefix(w, "--") || !strings.HasPrefix(w, "-") {
			continue
		}
		shell.ErrExit = shell.ErrExit || strings.Contains(w, "e")
		if strings.Contains(w, "c") && i+1 < len(words) {
			return words[i+1], shell, true
		}
	}
	return "", shell, false
}
