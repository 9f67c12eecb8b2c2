package jsonnet

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	engine "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"obsready/catalog"
)

// fault is what went wrong with a program.
type fault struct {
	Cause   catalog.Cause // "" for an error of the program
	Message string
	At      catalog.Place
	Needs   string // see Output
}

// readFault gives the engine's error as a message of one line with the innermost place that is in a file of the tree.
func readFault(err error, inTree func(file string) bool) *fault {
	var static interface{ Loc() ast.LocationRange }
	if errors.As(err, &static) {
		loc := static.Loc()
		_, message, _ := parsePlace(err.Error())
		return &fault{Cause: catalog.Syntax, Message: lowerFirst(oneLine(message)), At: placeOf(&loc)}
	}
	var failed engine.RuntimeError
	if !errors.As(err, &failed) {
		return &fault{Message: oneLine(strings.TrimPrefix(err.Error(), "(CRASH) "))}
	}
	f := &fault{Message: cmp.Or(oneLine(failed.Msg), "the program ends with an error that has no text"), Needs: needs(failed)}
	if at, message, ok := parsePlace(failed.Msg); ok && inTree(at.File) { // a file that was imported does not parse
		f.Cause, f.At, f.Message = catalog.Syntax, at, lowerFirst(oneLine(message))
		return f
	}
	f.At = innermost(failed.StackTrace, inTree)
	if caller := innermost(failed.StackTrace, func(file string) bool { return inTree(file) && !vendored(file) }); vendored(f.At.File) && caller.File != "" {
		f.Message += fmt.Sprintf(" (called from %s)", caller)
	}
	if strings.HasPrefix(failed.Msg, "max stack frames") || strings.HasPrefix(failed.Msg, "max manifest depth") {
		f.Cause, f.Message = catalog.TooDeep, "the program recurses without end, or deeper than jsonnet allows. "+wayOut
	}
	return f
}

// needs tells what a program asks of whoever calls it.
func needs(failed engine.RuntimeError) string {
	if name, ok := strings.CutPrefix(failed.Msg, "Undefined external variable: "); ok {
		return "the external variable " + strconv.Quote(name)
	}
	if name, ok := strings.CutPrefix(failed.Msg, "Missing argument: "); ok && len(failed.StackTrace) > 0 && !failed.StackTrace[len(failed.StackTrace)-1].Loc.IsSet() {
		return "the argument " + strconv.Quote(name)
	}
	return ""
}

// innermost gives the place of the innermost frame in a file that is wanted. The engine lists the innermost last.
func innermost(frames []engine.TraceFrame, wanted func(file string) bool) catalog.Place {
	for i := len(frames) - 1; i >= 0; i-- {
		if loc := &frames[i].Loc; loc.IsSet() && loc.File != nil && wanted(loc.FileName) {
			return placeOf(loc)
		}
	}
	return catalog.Place{}
}

// placeOf gives where a range of the engine begins, with the column in characters.
func placeOf(loc *ast.LocationRange) catalog.Place {
	p := catalog.Place{File: loc.FileName, Line: max(loc.Begin.Line, 0), Col: max(loc.Begin.Column, 0)}
	if loc.File != nil && p.Line >= 1 && p.Line <= len(loc.File.Lines) && p.Col >= 1 {
		line := loc.File.Lines[p.Line-1]
		p.Col = utf8.RuneCountInString(line[:min(p.Col-1, len(line))]) + 1
	}
	return p
}

// enginePlace is how the engine writes a range before a message: file:1:2-3, file:1:2, file:(1:2)-(3:4).
var enginePlace = regexp.MustCompile(`^([^\n]+?):(?:(\d+):(\d+)(?:-\d+)?|\((\d+):(\d+)\)-\(\d+:\d+\)) `)

// parsePlace takes the place off the beginning of an engine's message. Without one the message is as it was.
func parsePlace(s string) (at catalog.Place, message string, ok bool) {
	m := enginePlace.FindStringSubmatch(s)
	if m == nil {
		return catalog.Place{}, s, false
	}
	line, err := strconv.Atoi(m[2] + m[4])
	col, errCol := strconv.Atoi(m[3] + m[5])
	if err != nil || errCol != nil || line < 1 {
		return catalog.Place{}, s, false
	}
	return catalog.Place{File: m[1], Line: line, Col: max(col, 0)}, s[len(m[0]):], true
}

// longestMessage bounds a message, in bytes: the text of a jsonnet error is the program's own.
const longestMessage = 500

// oneLine gives the first line of a message that says something, of bounded length.
func oneLine(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	first = strings.ToValidUTF8(strings.ReplaceAll(first, "*jsonnet.value", ""), "\uFFFD") // the engine's name of a kind of value
	if len(first) <= longestMessage {
		return first
	}
	cut := longestMessage
	for !utf8.RuneStart(first[cut]) {
		cut--
	}
	return first[:cut] + "…"
}

// lowerFirst writes an engine's message as the other messages are written.
func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// vendored reports whether a file was brought by jsonnet-bundler.
func vendored(file string) bool {
	return strings.HasPrefix(file, "vendor/") || strings.Contains(file, "/vendor/")
}
