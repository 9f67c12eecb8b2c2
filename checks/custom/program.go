package custom

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strconv"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
)

// Names of what is beside a check while it is evaluated. No file of a tree is called so.
const (
	wrapperName = ".obsready-ask.jsonnet"
	factsName   = ".obsready-facts.json"
)

// describing gives what a program says of itself. It must not fail where the program does not.
const describing = `local c = import %s;
if !std.isObject(c) then {is: std.type(c)} else {
  is: 'object',
  keys: {[k]: true for k in std.objectFields(c)},
  check: if !std.objectHasAll(c, 'check') then 'none' else if std.isFunction(c.check) then 'function of ' + std.length(c.check) else std.type(c.check),
  given: {[k]: c[k] for k in %s if std.objectHasAll(c, k)},
}`

// asking gives what a program says of each service.
const asking = `local c = import %s;
local facts = std.parseJson(importstr %s);
[if std.length(c.check) == 1 then c.check(s) else c.check(s, facts.estate) for s in facts.services]`

// evaluate runs a wrapper around a check.
func (s *Set) evaluate(ctx context.Context, file, code string, facts []byte, locate []string) (jsonnet.Output, *catalog.Gap) {
	dir := path.Dir(file)
	var files jsonnet.Files = s.files
	if facts != nil {
		files = withFacts{Files: s.files, path: path.Join(dir, factsName), facts: facts}
	}
	wrapper := path.Join(dir, wrapperName)
	out, gap := s.runner.Run(ctx, files, jsonnet.Program{
		File: wrapper, Code: code, Root: s.root, Natives: true, Vendor: []string{path.Join(s.root, "vendor"), "vendor"}, Locate: locate,
	})
	if gap == nil {
		return out, nil
	}
	g := *gap
	if g.At.File == wrapper || g.At.File == path.Join(dir, factsName) {
		g.At = catalog.Place{File: file}
	}
	return out, &g
}

// withFacts is a tree with one more file.
type withFacts struct {
	jsonnet.Files
	path  string
	facts []byte
}

func (f withFacts) Read(p string) ([]byte, bool, error) {
	if p == f.path {
		return f.facts, true, nil
	}
	return f.Files.Read(p)
}

func (f withFacts) Hash(p string) string {
	if p == f.path {
		return "" // by its bytes
	}
	return f.Files.Hash(p)
}

func describingCode(file string) string {
	keys, err := json.Marshal(definitionKeys())
	if err != nil {
		panic(err) // strings always encode
	}
	return fmt.Sprintf(describing, quoted(path.Base(file)), keys)
}

func askingCode(file string) string {
	return fmt.Sprintf(asking, quoted(path.Base(file)), quoted(factsName))
}

// quoted writes a string as jsonnet does.
func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(text)
}
