package jsonnet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	engine "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"obsready/catalog"
)

// evaluation is one program in the hands of the engine.
type evaluation struct {
	task *task
	*conversation
	files map[string]*parsedFile // by the paths that natives were given
	gaps  []catalog.Gap          // documents that parseAll left out
}

// run gives what the program gives, or what went wrong.
func (e *evaluation) run() (*Output, *fault) {
	p := &e.task.Program
	root, err := engine.SnippetToAST(p.File, e.task.Code)
	if err != nil {
		return nil, e.fault(err)
	}
	vm := engine.MakeVM()
	vm.Importer(e.conversation)
	vm.SetTraceOut(io.Discard)
	vm.OutputNewline = false
	for name, value := range p.Inputs {
		vm.ExtCode(name, value)
	}
	if p.Natives {
		for _, f := range e.natives() {
			vm.NativeFunction(f)
		}
	}
	text, err := vm.Evaluate(root)
	if err != nil {
		return nil, e.wantsNative(vm, root, e.fault(err))
	}
	if int64(len(text)) > e.task.Output {
		return nil, &fault{Cause: catalog.TooLarge, Message: fmt.Sprintf("the program gives more than %d MiB. keep the rendered files in the catalog", e.task.Output>>20)}
	}
	result := &Output{JSON: []byte(text), Gaps: e.gaps}
	if len(p.Locate) > 0 {
		result.Literals = locate(e.parsed(vm, root), result.JSON, p)
	}
	return result, nil
}

// parsed gives the trees of the program and of what it imported as code, in the order of the imports. Files that were
// never asked for stay unread.
func (e *evaluation) parsed(vm *engine.VM, root ast.Node) []ast.Node {
	trees := []ast.Node{root}
	seen := map[string]bool{e.task.Program.File: e.task.Program.Code == ""}
	for i := 0; i < len(trees); i++ {
		for _, q := range importsIn(trees[i]) {
			f, asked := e.found[q]
			if !asked || f.err != nil || seen[f.path] {
				continue
			}
			seen[f.path] = true
			if tree, _, err := vm.ImportAST(q.From, q.Path); err == nil {
				trees = append(trees, tree)
			}
		}
	}
	return trees
}

// importsIn lists the imports of code in a tree.
func importsIn(n ast.Node) (found []importQuestion) {
	walk(n, func(n ast.Node) {
		if i, ok := n.(*ast.Import); ok {
			found = append(found, importQuestion{From: i.Loc().FileName, Path: i.File.Value})
		}
	})
	return found
}

// wantsNative completes the fault of a program that calls a native function of another tool: std.native gives null for
// it, so the engine's message does not name it.
func (e *evaluation) wantsNative(vm *engine.VM, root ast.Node, f *fault) *fault {
	if !strings.HasPrefix(f.Message, "Unexpected type null, expected function") {
		return f
	}
	var known []string
	if e.task.Program.Natives {
		for _, native := range e.natives() {
			known = append(known, native.Name)
		}
	}
	for _, tree := range e.parsed(vm, root) {
		walk(tree, func(n ast.Node) {
			if name := nativeName(n); name != "" && !slices.Contains(known, name) && f.Needs == "" {
				f.Needs = fmt.Sprintf("the native function %q", name)
				if f.Message = fmt.Sprintf("the program calls the native function %q of another tool. keep the rendered files in the catalog", name); known != nil {
					f.Message = fmt.Sprintf("there is no native function %q. expected one of %s", name, strings.Join(known, ", "))
				}
			}
		})
	}
	return f
}

// nativeName gives the name in std.native("name"), "" for any other node.
func nativeName(n ast.Node) string {
	call, ok := n.(*ast.Apply)
	if !ok || len(call.Arguments.Positional) != 1 {
		return ""
	}
	target, isIndex := call.Target.(*ast.Index)
	name, isName := call.Arguments.Positional[0].Expr.(*ast.LiteralString)
	if !isIndex || !isName {
		return ""
	}
	if field, ok := target.Index.(*ast.LiteralString); !ok || field.Value != "native" {
		return ""
	}
	return name.Value
}

// fault tells what the engine's error says.
func (e *evaluation) fault(err error) *fault {
	f := readFault(err, func(file string) bool {
		_, imported := e.contents[file]
		return imported || file == e.task.Program.File
	})
	var static interface{ Loc() ast.LocationRange }
	if errors.As(err, &static) {
		f.Cause = catalog.Syntax
	}
	return f
}
