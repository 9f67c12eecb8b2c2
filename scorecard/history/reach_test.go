package history

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// nothing is an importer of packages without anything in them: what a check does within its own package is all that counts.
type nothing map[string]*types.Package

func (n nothing) Import(path string) (*types.Package, error) {
	if n[path] == nil {
		n[path] = types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:])
		n[path].MarkComplete()
	}
	return n[path], nil
}

// sights gives for each built-in check what its code may read of a Survey, by name: fields, and what is read of the estate.
// It follows every function of the package that is named on the way, called or not.
func sights(t *testing.T) map[string][]string {
	t.Helper()
	fset := token.NewFileSet()
	names, err := filepath.Glob("../../checks/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	conf := types.Config{Importer: nothing{}, Error: func(error) {}}
	pkg, _ := conf.Check("checks", fset, files, info)
	survey := pkg.Scope().Lookup("Survey").Type().Underlying().(*types.Struct)
	fields := map[types.Object]string{}
	for f := range survey.Fields() {
		fields[f] = f.Name()
	}
	bodies := map[types.Object]ast.Node{}
	ids := map[types.Object]string{}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				bodies[info.Defs[d.Name]] = d
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.ValueSpec); ok {
						for _, n := range s.Names {
							bodies[info.Defs[n]] = s
							if id := checkID(s); id != "" {
								ids[info.Defs[n]] = id
							}
						}
					}
				}
			}
		}
	}
	sinks := slices.Collect(maps.Keys(unseen))
	sinks = append(sinks, "Services", "Now", "Today")
	all := map[string][]string{}
	for object, id := range ids {
		seen, found := map[types.Object]bool{}, map[string]bool{}
		var follow func(o types.Object)
		follow = func(o types.Object) {
			if o == nil || seen[o] {
				return
			}
			seen[o] = true
			if name, ok := fields[o]; ok && name != "Estate" && name != "Settings" {
				found[name] = true
			}
			if bodies[o] == nil || o.Name() == "NewSurvey" {
				return
			}
			ast.Inspect(bodies[o], func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if slices.Contains(sinks, n.Sel.Name) {
						found[n.Sel.Name] = true
					}
					if x, ok := n.X.(*ast.SelectorExpr); ok && fields[info.Uses[x.Sel]] == "Estate" {
						found["Estate."+n.Sel.Name] = true
						ast.Inspect(x.X, func(ast.Node) bool { return true })
						follow(info.Uses[n.Sel])
						if id, ok := x.X.(*ast.Ident); ok {
							follow(info.Uses[id])
						}
						return false
					}
				case *ast.Ident:
					if fields[info.Uses[n]] == "Estate" {
						found["Estate"] = true
					}
					follow(info.Uses[n])
				}
				return true
			})
		}
		follow(object)
		all[id] = slices.Sorted(maps.Keys(found))
	}
	return all
}

func checkID(s *ast.ValueSpec) string {
	for _, v := range s.Values {
		u, ok := v.(*ast.UnaryExpr)
		if !ok {
			continue
		}
		lit, ok := u.X.(*ast.CompositeLit)
		if !ok {
			continue
		}
		if name, ok := lit.Type.(*ast.Ident); !ok || name.Name != "Check" {
			continue
		}
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "ID" {
				id, _ := strconv.Unquote(kv.Value.(*ast.BasicLit).Value)
				return id
			}
		}
	}
	return ""
}

// TestCarried holds the list of checks that are carried over to what their code reads.
func TestCarried(t *testing.T) {
	all := sights(t)
	for id, r := range carried {
		reads, ok := all[id]
		if !ok {
			t.Errorf("there is no check %q", id)
		}
		if !slices.Equal(reads, r.reads) {
			t.Errorf("the code of %s reads %q, and %q is said. see whether its verdict still follows from a digest", id, reads, r.reads)
		}
		for _, what := range r.reads {
			if covered[what] == "" {
				t.Errorf("%s reads %s, which no digest covers", id, what)
			}
		}
	}
	for what := range covered {
		if !slices.ContainsFunc(slices.Collect(maps.Values(carried)), func(r reach) bool { return slices.Contains(r.reads, what) }) {
			t.Errorf("no carried check reads %s", what)
		}
	}
}
