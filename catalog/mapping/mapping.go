// Package mapping reads a catalog of any layout through catalog.jsonnet, a program that turns an organisation's own YAML,
// JSON and TOML into services, teams and journeys. It answers "which entries does the program return, and where do they
// stand?" and never says what an entry may hold: the keys are those of the native files, and catalog/entries takes them.
package mapping

import (
	"context"
	"fmt"
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/entries"
	"obsready/catalog/jsonnet"
	"obsready/catalog/tomldoc"
)

// FileName is the program's name at the root of a catalog.
const FileName = "catalog.jsonnet"

// Program is the program that maps a layout.
type Program struct {
	File string // its path in the tree; of one that is not in the tree the name that it is told with
	Code string // of a program that is not in the tree
	Root string // the folder of the catalog, which paths are relative to; "" for the tree's root
}

// Read evaluates the program and gives the entries that it returns, with the files that they depend on, in order.
//
// A value without a place of its own stands in the map of YAML or JSON at the place of the entry, when it is found there
// again, else where the entry does. An entry without a place stands where its name is written in the program, when that
// can be found, else at the program. A program that does not come to an end, or
// returns something else, gives no entries and one gap that may hide any entry.
func Read(ctx context.Context, runner *jsonnet.Runner, files jsonnet.Files, p Program) (facts catalog.Facts, reads []string) {
	out, gap := runner.Run(ctx, files, jsonnet.Program{
		File: p.File, Code: p.Code, Root: p.Root, Natives: true, Vendor: vendorOf(p.Root), Locate: []string{nameKey},
	})
	if gap != nil {
		return entries.Unmapped(*gap), out.Reads
	}
	facts = convert(out, files, p)
	for _, g := range out.Gaps { // documents that parseAll left out may list anything
		left := entries.Unmapped(g)
		facts.Add(left)
	}
	return facts, out.Reads
}

// vendorOf gives the folders in which jsonnet-bundler keeps libraries.
func vendorOf(root string) []string {
	if root == "" {
		return []string{"vendor"}
	}
	return []string{path.Join(root, "vendor"), "vendor"}
}

// convert gives the entries of what the program returned.
func convert(out jsonnet.Output, files jsonnet.Files, p Program) catalog.Facts {
	top := catalog.Place{File: p.File}
	docs, gaps := document.ParseJSON(p.File, out.JSON)
	if len(gaps) > 0 {
		g := gaps[0]
		g.At, g.Names, g.Detail = top, nil, "what the program returns cannot be read: "+g.Detail
		return entries.Unmapped(g)
	}
	if len(docs) == 0 || docs[0].Root.Kind != document.Map {
		return entries.Unmapped(catalog.Gap{At: top, Cause: catalog.BadValue,
			Detail: fmt.Sprintf("the program returns %s. expected an object with %s", kindOf(docs), strings.Join(entries.MappedKeys(), ", "))})
	}
	r := newPlacer(out, files, p)
	root := r.object(docs[0].Root, around{at: top})
	if root.Kind != document.Map {
		root = &document.Node{Kind: document.Map, At: top}
	}
	facts := entries.ReadMapped(tomldoc.FromTree(p.File, root), p.Root)
	for _, s := range facts.Services {
		if s.Folder != "" && !r.hasFolder(s.Folder) {
			r.report(s.At, fmt.Sprintf("the folder %q of service %q is not in the catalog, so nothing stands in it. correct it, or leave it out", s.Folder, s.ID))
		}
	}
	facts.Gaps = append(facts.Gaps, r.gaps...)
	return facts
}

// kindOf names the kind of a value as jsonnet does.
func kindOf(docs []document.Document) string {
	if len(docs) == 0 {
		return "nothing"
	}
	root := docs[0].Root
	switch {
	case root.Kind == document.List:
		return "an array"
	case root.Tag == "str":
		return fmt.Sprintf("the string %q", shortened(root.Value))
	case root.Tag == "null":
		return "null"
	case root.Tag == "bool":
		return "the boolean " + root.Value
	}
	return "the number " + root.Value
}

// shortened gives the beginning of a text, for quoting it.
func shortened(text string) string {
	const enough = 60
	if runes := []rune(text); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return text
}
